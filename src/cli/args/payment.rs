//! The grammar of `payd payment`.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};

use super::fiat;
use crate::domain::money::Fiat;
use crate::domain::network::Mode;
use crate::domain::payment::{Mark, Origin};
use crate::domain::status::Status;
use crate::engine::gateway::Scenario;
use crate::engine::office::payments::export::Form;

/// `payd payment ...`
#[derive(Debug, Subcommand)]
pub enum PaymentCommand {
    /// Make a payment
    Create {
        /// The store
        #[arg(long)]
        store: String,
        /// The price, such as 50.00
        #[arg(long)]
        amount: String,
        /// The currency of the price
        #[arg(long, value_parser = fiat(), ignore_case = true, default_value = Fiat::Usd.word())]
        fiat: Fiat,
        /// The network to pay on, such as bsc
        #[arg(long)]
        network: String,
        /// What to pay with, such as usdt or native
        #[arg(long)]
        currency: String,
        /// Your own order number
        #[arg(long, default_value = "", hide_default_value = true)]
        order_id: String,
        /// Simulated chain or real money
        #[arg(long, value_parser = word_of!(Mode), default_value = Mode::Test.word())]
        mode: Mode,
    },
    /// Show a payment: amounts, transfers, events, deliveries
    Show {
        /// Its number (PAY-...) or the token in its checkout URL
        id: String,
    },
    /// List payments, newest first
    List {
        /// Only this store's
        #[arg(long)]
        store: Option<String>,
        /// Only those in this status
        #[arg(long, value_parser = word_of!(Status))]
        status: Option<Status>,
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
        /// Go on below this payment
        #[arg(long, value_name = "PAY-...")]
        before: Option<String>,
    },
    /// Cancel a payment that has received nothing
    Cancel {
        /// Its number (PAY-...) or token
        id: String,
        /// Why; kept in the audit log
        #[arg(long)]
        reason: Option<String>,
    },
    /// Write a note at a payment; its status stays as it is
    Note {
        /// Its number (PAY-...) or token
        id: String,
        /// What the note says of it
        #[arg(long, value_parser = word_of!(Mark), default_value = Mark::Note.word())]
        mark: Mark,
        /// In your words; kept in the audit log
        #[arg(long)]
        reason: String,
    },
    /// Write a store's payments as CSV or JSON
    Export(ExportOptions),
    /// Have the simulated chain act on a test payment
    Simulate {
        /// Its number (PAY-...) or token
        id: String,
        /// What happens
        #[arg(value_parser = word_of!(Scenario))]
        scenario: Scenario,
    },
}

/// What `payd payment export` writes, and where to.
#[derive(Debug, Clone, Args)]
pub struct ExportOptions {
    /// The store
    #[arg(long)]
    pub store: String,
    /// How it is written
    #[arg(long, value_parser = word_of!(Form), default_value = Form::Csv.word())]
    pub format: Form,
    /// Only those in this status; may be given several times
    #[arg(long, value_parser = word_of!(Status))]
    pub status: Vec<Status>,
    /// Only test or only live payments
    #[arg(long, value_parser = word_of!(Mode))]
    pub mode: Option<Mode>,
    /// Only those that were asked for so
    #[arg(long, value_parser = word_of!(Origin))]
    pub origin: Option<Origin>,
    /// Only those with this number, order number, e-mail address, transaction or address
    #[arg(long)]
    pub search: Option<String>,
    /// A new file to write to; standard output without it
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}
