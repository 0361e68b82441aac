//! The arguments of `payd inbox` and `payd audit-log`.

use clap::{Args, Subcommand};

/// `payd inbox ...`
#[derive(Debug, Subcommand)]
pub enum InboxCommand {
    /// List money that counted for nothing, newest first, each with the reason
    List {
        /// Only what came to this store's addresses
        #[arg(long)]
        store: Option<String>,
        /// Also what was attached or dismissed
        #[arg(long)]
        all: bool,
        /// Money of simulated chains instead of real money
        #[arg(long)]
        test: bool,
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
        /// Go on below this one
        #[arg(long, value_name = "ID")]
        before: Option<i64>,
    },
    /// Show one transfer
    Show {
        /// Its number, from `payd inbox list`
        id: i64,
    },
    /// Have a transfer count for a payment of the same store, network and currency
    Attach {
        /// Its number, from `payd inbox list`
        id: i64,
        /// The payment's number (PAY-...) or token
        #[arg(value_name = "PAYMENT")]
        payment: String,
        /// Why; kept in the audit log
        #[arg(long)]
        reason: String,
    },
    /// Take a transfer out of the inbox: nothing is to be done about it
    Dismiss {
        /// Its number, from `payd inbox list`
        id: i64,
        /// Why; kept in the audit log
        #[arg(long)]
        reason: String,
    },
}

/// Options of `payd audit-log`.
#[derive(Debug, Clone, Args)]
pub struct AuditLogOptions {
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub limit: u32,
    /// Go on below this entry
    #[arg(long, value_name = "ID")]
    pub before: Option<i64>,
    /// Only what this one did, such as user:ann
    #[arg(long, value_name = "WHO")]
    pub actor: Option<String>,
    /// Only this, such as user.add
    #[arg(long, value_name = "WHAT")]
    pub action: Option<String>,
}
