//! The arguments of `payd user`.

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, Subcommand};

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
}

/// How a password is given: asked for on a terminal, read, or made and printed once.
#[derive(Debug, Clone, Args)]
pub struct PasswordOptions {
    /// Read the password from the first line of standard input [default: asks on a terminal, else makes one and prints it]
    #[arg(long)]
    pub password_stdin: bool,
}
