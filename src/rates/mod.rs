//! Exchange rates from the market: several keyless sources, their median, and a refusal where they do not agree.
//!
//! Kept in memory only, and fetched only while somebody asks: a rate is no truth that has to survive. Knows no payments
//! and no shops. Numbers are read from the sources' texts as decimals; nothing passes through a float.

mod agreement;
mod book;
#[cfg(test)]
pub mod fakes;
mod market;
mod number;
mod source;
mod sources;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use rust_decimal::Decimal;

use crate::domain::pricing::RateSource;
use crate::domain::time::UnixMillis;

pub use agreement::{NoRate, Opinion, Poll, Verdict};
pub use market::{Market, Report};

/// What the market's rates are made of.
#[derive(Debug, Clone)]
pub struct MarketSettings {
    /// The built-in sources to ask.
    pub sources: Vec<RateSource>,
    /// Sources of the merchant's own.
    pub own: Vec<OwnSource>,
    /// What rates are wanted of, such as `BTC`.
    pub symbols: Vec<Arc<str>>,
    /// How old a rate of a crypto currency may be.
    pub crypto_age_max: Duration,
    /// How old a rate between fiat currencies may be.
    pub fiat_age_max: Duration,
    /// How far from the median a source may be, in basis points, before it is left out.
    pub outlier_bps: u32,
    /// How often a source is asked while rates are needed.
    pub refresh: Duration,
    /// How long after the last question rates are kept fresh.
    pub idle_after: Duration,
}

/// An HTTP address of the merchant's own that answers with JSON.
///
/// In its URL and its pointer, `{symbol}` and `{fiat}` stand for the codes (`BTC`, `EUR`), `{symbol_lower}` and
/// `{fiat_lower}` for the same in small letters.
#[derive(Clone)]
pub struct OwnSource {
    /// What it is called where the rates that were used are listed.
    pub name: String,
    /// Where to ask. May hold keys.
    pub url: String,
    /// Headers to send along. May hold keys.
    pub headers: Vec<(String, String)>,
    /// Where in the answer the price stands (RFC 6901): `/data/price`.
    pub pointer: String,
    /// What it has prices of.
    pub symbols: Vec<String>,
    /// The currencies it has them in.
    pub fiats: Vec<String>,
}

impl std::fmt::Debug for OwnSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OwnSource")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// A price that was agreed upon, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarketRate {
    /// The price of one whole unit.
    pub price: Decimal,
    /// The sources that were used and what each said, for people; of bounded length.
    pub source: String,
}

/// What one source said of one pair.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Quote {
    /// What is priced: `BTC`.
    base: String,
    /// In what: `USD`.
    quote: String,
    /// The price of one whole unit.
    price: Decimal,
    /// When it was so: the source's own time where it gives one, else when it was asked.
    at: UnixMillis,
}
