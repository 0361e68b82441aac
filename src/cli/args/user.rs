//! The arguments of `payd user`.

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{ArgGroup, Args, Subcommand};

use crate::domain::user::Role;

/// `payd user ...`
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add somebody who may sign in to the dashboard
    Add {
        /// What they sign in with
        name: String,
        /// What they may do: owner everything, staff the day's work, read-only look
        #[arg(long, value_parser = word_of!(Role))]
        role: Role,
        /// Only this store; give it once for each [default: all stores]
        #[arg(long, value_name = "STORE")]
        store: Vec<String>,
        /// How the password is given
        #[command(flatten)]
        password: PasswordOptions,
    },
    /// List who may sign in
    List,
    /// Change what somebody may do
    Set(UserSetOptions),
    /// Give somebody a new password, and sign them out everywhere
    Password {
        /// Their name
        name: String,
        /// How the password is given
        #[command(flatten)]
        password: PasswordOptions,
    },
    /// Switch off the second step at sign-in of somebody who has lost it
    SecondFactor {
        /// Their name
        name: String,
        /// Switch it off; it is switched on in the dashboard
        #[arg(long, required = true)]
        off: bool,
    },
    /// Sign somebody out everywhere
    SignOut {
        /// Their name
        name: String,
    },
}

/// Options of `payd user set`.
#[derive(Debug, Clone, Args)]
#[command(group = ArgGroup::new("change").required(true).multiple(true).args(["role", "store", "all_stores", "enable", "disable"]))]
pub struct UserSetOptions {
    /// Their name
    pub name: String,
    /// What they may do
    #[arg(long, value_parser = word_of!(Role))]
    pub role: Option<Role>,
    /// Only this store; give it once for each
    #[arg(long, value_name = "STORE", conflicts_with = "all_stores")]
    pub store: Vec<String>,
    /// All stores
    #[arg(long)]
    pub all_stores: bool,
    /// Let them sign in again
    #[arg(long, conflicts_with = "disable")]
    pub enable: bool,
    /// Sign them out and let them in no more
    #[arg(long)]
    pub disable: bool,
}

/// How a password is given: asked for on a terminal, read, or made and printed once.
#[derive(Debug, Clone, Args)]
pub struct PasswordOptions {
    /// Read the password from the first line of standard input [default: asks on a terminal, else makes one and prints it]
    #[arg(long)]
    pub password_stdin: bool,
}
