//! The arguments of `payd store confirmations`.

use clap::Subcommand;

use crate::domain::confirmations::Tiers;

/// `payd store confirmations ...`
#[derive(Debug, Clone, Subcommand)]
pub enum ConfirmationsCommand {
    /// Set how many confirmations the store's payments need on a network, by what they are worth
    Set {
        /// The store's name
        store: String,
        /// The network, such as bitcoin
        network: String,
        /// Dollars from which on so many blocks are needed: 0=1,100=2,1000=3,10000=6
        #[arg(value_name = "STEPS")]
        steps: Tiers,
    },
    /// Show what is in force on every network
    Show {
        /// The store's name
        store: String,
    },
    /// Go by the configuration again on a network
    Clear {
        /// The store's name
        store: String,
        /// The network
        network: String,
    },
}
