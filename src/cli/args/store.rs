//! `payd store`: stores, their rules and the rates they fix.

use std::ops::RangeInclusive;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, Subcommand};

use super::fiat;
use crate::cli::span;
use crate::domain::money::Fiat;
use crate::domain::network::Mode;
use crate::domain::shop::{Dialect, LatePolicy, Rules};
use crate::engine::office::shops::LANGUAGES;

/// `payd store ...`
#[derive(Debug, Subcommand)]
pub enum StoreCommand {
    /// Make a store
    Add {
        /// Its name; customers see it on the checkout page
        name: String,
        /// The API it is made for
        #[arg(long, value_parser = word_of!(Dialect), default_value = Dialect::Payhook.word())]
        dialect: Dialect,
        /// Its web site
        #[arg(long, value_name = "URL")]
        website: Option<String>,
        /// The currency that you reckon in: the dashboard shows values in it [default: USD]
        #[arg(long, value_parser = fiat(), ignore_case = true)]
        currency: Option<Fiat>,
        /// Its rules.
        #[command(flatten)]
        rules: RuleOptions,
    },
    /// Say what a store accepts, in the order in which customers are offered it; without codes, show it
    Accept {
        /// The store's name
        name: String,
        /// Currencies by their codes, such as USDT_TRC20 BTC
        #[arg(value_name = "CODE")]
        codes: Vec<String>,
        /// Accept all again that the store has somewhere to receive
        #[arg(long, conflicts_with = "codes")]
        reset: bool,
    },
    /// List the stores
    List,
    /// Exchange rates that a store fixes for itself
    #[command(subcommand)]
    Rate(StoreRateCommand),
    /// Change a store's rules; payments that are there keep theirs
    Set {
        /// The store's name
        name: String,
        /// Its web site; an empty text takes it away
        #[arg(long, value_name = "URL")]
        website: Option<String>,
        /// Its switches.
        #[command(flatten)]
        switches: SwitchOptions,
        /// Its rules.
        #[command(flatten)]
        rules: RuleOptions,
    },
    /// How many confirmations its payments need, by what they are worth
    #[command(subcommand)]
    Confirmations(super::confirmations::ConfirmationsCommand),
}

/// `payd store rate ...`
#[derive(Debug, Subcommand)]
pub enum StoreRateCommand {
    /// Fix a rate for a store's new payments; it goes before all others and no longer follows the market
    Set {
        /// The store
        #[arg(long)]
        store: String,
        /// What is priced, such as USDT
        symbol: String,
        /// In what
        #[arg(value_parser = fiat(), ignore_case = true)]
        fiat: Fiat,
        /// The price of one whole unit, such as 1.02
        rate: String,
    },
    /// Let a rate follow the market again
    Remove {
        /// The store
        #[arg(long)]
        store: String,
        /// What is priced, such as USDT
        symbol: String,
        /// In what
        #[arg(value_parser = fiat(), ignore_case = true)]
        fiat: Fiat,
    },
    /// List the rates that a store fixed
    List {
        /// The store
        #[arg(long)]
        store: String,
    },
}

/// The word that takes a store's language away.
pub const NO_LANGUAGE: &str = "none";

/// The switches of a store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct SwitchOptions {
    /// Which keys the crypto-pay API takes: in test mode, test keys only; in live mode, both
    #[arg(long, value_name = "MODE", value_parser = word_of!(Mode))]
    pub mode: Option<Mode>,
    /// Refuse every call of its keys; its payments are watched all the same
    #[arg(long, conflicts_with = "enable")]
    pub disable: bool,
    /// Take calls of its keys again
    #[arg(long)]
    pub enable: bool,
    /// The language of its pages for customers whose own is not spoken; `none` takes it away
    #[arg(long, value_name = "CODE", value_parser = languages())]
    pub language: Option<String>,
    /// The currency that you reckon in: the dashboard shows values in it
    #[arg(long, value_parser = fiat(), ignore_case = true)]
    pub currency: Option<Fiat>,
}

fn languages() -> PossibleValuesParser {
    PossibleValuesParser::new(LANGUAGES.into_iter().chain([NO_LANGUAGE]))
}

/// The rules of a store that can be set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct RuleOptions {
    /// How long a customer has to pay, such as 30m
    #[arg(long, value_name = "SPAN", value_parser = span::parse)]
    pub window: Option<Duration>,
    /// How long an address rests between two payments, such as 24h
    #[arg(long, value_name = "SPAN", value_parser = span::parse)]
    pub cool_down: Option<Duration>,
    /// How much less than due still counts as paid, in 1/100 of a percent (50 = 0.5 %)
    #[arg(long, value_name = "BPS", value_parser = clap::value_parser!(u16).range(0..=10_000))]
    pub tolerance_bps: Option<u16>,
    /// What to do with money that comes after the window: tell you, or count it
    #[arg(long, value_name = "POLICY", value_parser = word_of!(LatePolicy))]
    pub late_policy: Option<LatePolicy>,
    /// How much more than the price to ask for, in 1/100 of a percent (50 = 0.5 %); negative for a discount
    #[arg(long, value_name = "BPS", allow_negative_numbers = true,
        value_parser = clap::value_parser!(i32).range(markups()))]
    pub markup_bps: Option<i32>,
}

/// The markups there can be.
fn markups() -> RangeInclusive<i64> {
    i64::from(*Rules::MARKUP_BPS.start())..=i64::from(*Rules::MARKUP_BPS.end())
}
