//! The arguments of `payd widget`.

use clap::{ArgGroup, Args, Subcommand, ValueEnum};

use super::fiat;
use crate::domain::money::Fiat;

/// `payd widget ...`
#[derive(Debug, Clone, Subcommand)]
pub enum WidgetCommand {
    /// Set what a store's own web pages may do
    Set(WidgetOptions),
    /// Show what they may do, and the lines to paste into them
    Show {
        /// The store's name
        store: String,
    },
    /// What they may sell, by name: a visitor cannot change these prices
    #[command(subcommand)]
    Price(PriceCommand),
}

/// Options of `payd widget set`.
#[derive(Debug, Clone, Args)]
#[command(group = ArgGroup::new("what").required(true).multiple(true)
    .args(["on", "off", "origins", "no_origins", "amounts"]))]
pub struct WidgetOptions {
    /// The store's name
    pub store: String,
    /// Let its pages start payments
    #[arg(long, conflicts_with = "off")]
    pub on: bool,
    /// Let them start none
    #[arg(long)]
    pub off: bool,
    /// A site whose pages may, such as https://shop.example; several by giving it several times. Added to those there are
    #[arg(long = "origin", value_name = "ORIGIN")]
    pub origins: Vec<String>,
    /// Forget the sites there were
    #[arg(long)]
    pub no_origins: bool,
    /// Whether a page may name any amount. A visitor can change it: your backend has to check what was paid
    #[arg(long, value_name = "on|off")]
    pub amounts: Option<Switch>,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// It is.
    On,
    /// It is not.
    Off,
}

/// `payd widget price ...`
#[derive(Debug, Clone, Subcommand)]
pub enum PriceCommand {
    /// Set a price, in place of the one that had its name
    Add {
        /// The store's name
        store: String,
        /// What pages call it: letters, digits, and the signs . - _
        name: String,
        /// What it costs, such as 19.90
        amount: String,
        /// In which currency
        #[arg(long, value_parser = fiat(), ignore_case = true, default_value = Fiat::Usd.word())]
        fiat: Fiat,
        /// What it is, for the customer
        #[arg(long, default_value = "", hide_default_value = true)]
        label: String,
    },
    /// Take a price off the list
    Remove {
        /// The store's name
        store: String,
        /// What pages call it
        name: String,
    },
    /// List the prices
    List {
        /// The store's name
        store: String,
    },
}
