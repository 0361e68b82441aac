//! The arguments of `payd donation`.

use clap::{ArgGroup, Args, Subcommand, ValueEnum};

use super::fiat;
use crate::domain::money::Fiat;

/// `payd donation ...`
#[derive(Debug, Subcommand)]
pub enum DonationCommand {
    /// Open, close or change the page on which people give to a store
    Set {
        /// The store
        store: String,
        /// What to change.
        #[command(flatten)]
        options: PageOptions,
    },
    /// Show how a store's donation page is set up, where it is, and what was given
    Show {
        /// The store
        store: String,
    },
    /// List donations with what the donors say, newest first
    List {
        /// Only this store's
        #[arg(long)]
        store: Option<String>,
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
        /// Go on below this payment
        #[arg(long, value_name = "PAY-...")]
        before: Option<String>,
    },
}

/// What of a donation page can be set.
#[derive(Debug, Clone, Default, Args)]
#[command(group = ArgGroup::new("open").args(["on", "off"]))]
pub struct PageOptions {
    /// Open it to everybody
    #[arg(long)]
    pub on: bool,
    /// Close it
    #[arg(long)]
    pub off: bool,
    /// Its heading; an empty text for the store's name
    #[arg(long)]
    pub title: Option<String>,
    /// What it says below the heading; an empty text for nothing
    #[arg(long)]
    pub text: Option<String>,
    /// The currency of its amounts
    #[arg(long, value_parser = fiat(), ignore_case = true)]
    pub fiat: Option<Fiat>,
    /// Amounts to choose from, such as 5,10,25; an empty text for none
    #[arg(long, value_name = "AMOUNT,...")]
    pub amounts: Option<String>,
    /// Its accent colour, such as '#e11d48', or none
    #[arg(long, value_name = "COLOUR")]
    pub color: Option<String>,
    /// What is to be reached, such as 1000, or none
    #[arg(long, value_name = "AMOUNT")]
    pub goal: Option<String>,
    /// Whether donations send webhooks, as orders do
    #[arg(long, value_name = "ON|OFF")]
    pub webhooks: Option<Switch>,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}
