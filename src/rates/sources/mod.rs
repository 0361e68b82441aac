//! One module per source: what to ask, and how to read the answer. Each reads a whole reply at once and knows no time,
//! no network and no other source.

mod binance;
mod bitfinex;
mod coinbase;
mod coingecko;
mod ecb;
mod kraken;
mod own;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{OwnSource, Quote};
use crate::domain::pricing::RateSource;
use crate::domain::time::UnixMillis;
use crate::net::{BadEndpoint, Endpoint};

/// How far ahead of our clock a source's time may be.
pub(super) const AHEAD_MAX: Duration = Duration::from_secs(60);

/// Why a reply is of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadReply {
    /// It is not what the source's documentation says.
    #[error("the reply is not what it should be: {0}")]
    Malformed(&'static str),
    /// The source knows one of the pairs no more, and so answers with none.
    #[error("a pair is unknown to it")]
    UnknownPair,
    /// The source says what it does not like.
    #[error("it answers: {0}")]
    Refused(String),
}

/// What is wanted of all sources.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    /// The symbols that rates are wanted of.
    pub symbols: Vec<Arc<str>>,
}

impl Wanted {
    /// Whether a rate of `symbol` is of use. Bitcoin and USDT always are: other rates are derived by them.
    pub fn has(&self, symbol: &str) -> bool {
        matches!(symbol, "BTC" | "USDT") || self.symbols.iter().any(|known| &**known == symbol)
    }
}

/// How a reply is read.
#[derive(Debug, Clone)]
pub(super) enum Reader {
    /// As that source's.
    BuiltIn(RateSource),
    /// By pointers into it.
    Own(Vec<own::Spot>),
}

/// One request of a source.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    /// Where to.
    pub endpoint: Endpoint,
    /// What to add to it.
    pub path: String,
    /// What to add instead once the source has refused a pair: it asks for all pairs there are.
    pub path_of_all: Option<&'static str>,
    /// How the reply is read.
    pub reader: Reader,
}

impl Ask {
    /// What a reply says, as far as it is wanted and can be a price. `now` is the time before it was asked for.
    ///
    /// # Errors
    /// [`BadReply`] when the reply is not of the documented form, or holds nothing of use.
    pub fn read(&self, body: &[u8], wanted: &Wanted, now: UnixMillis) -> Result<Vec<Quote>, BadReply> {
        let quotes = match &self.reader {
            Reader::BuiltIn(RateSource::Coingecko) => coingecko::read(body, wanted, now),
            Reader::BuiltIn(RateSource::Kraken) => kraken::read(body, wanted, now),
            Reader::BuiltIn(RateSource::Binance) => binance::read(body, wanted, now),
            Reader::BuiltIn(RateSource::Coinbase) => coinbase::read(body, wanted, now),
            Reader::BuiltIn(RateSource::Bitfinex) => bitfinex::read(body, wanted, now),
            Reader::BuiltIn(RateSource::Ecb) => ecb::read(body, now),
            Reader::Own(spots) => own::read(body, spots, now),
        }?;
        if quotes.is_empty() {
            return Err(BadReply::Malformed("no price in it"));
        }
        Ok(quotes)
    }
}

/// The one request of a built-in source.
///
/// # Errors
/// Never, as long as the addresses here are URLs.
pub(super) fn built_in(source: RateSource, wanted: &Wanted) -> Result<Ask, BadEndpoint> {
    let (base, path, path_of_all) = match source {
        RateSource::Coingecko => (coingecko::BASE, coingecko::path(wanted), None),
        RateSource::Kraken => (kraken::BASE, kraken::path(wanted), Some(kraken::PATH_OF_ALL)),
        RateSource::Binance => (binance::BASE, binance::path(wanted), Some(binance::PATH_OF_ALL)),
        RateSource::Coinbase => (coinbase::BASE, coinbase::PATH.to_owned(), None),
        RateSource::Bitfinex => (bitfinex::BASE, bitfinex::path(wanted), None),
        RateSource::Ecb => (ecb::BASE, ecb::PATH.to_owned(), None),
    };
    Ok(Ask {
        endpoint: Endpoint::parse(base, Vec::new())?,
        path,
        path_of_all,
        reader: Reader::BuiltIn(source),
    })
}

/// The requests of a source of the merchant's own: one per address that its placeholders lead to.
///
/// # Errors
/// [`BadEndpoint`] when it leads to no address.
pub(super) fn own(source: &OwnSource) -> Result<Vec<Ask>, BadEndpoint> {
    own::asks(source)
}

/// Reads a JSON text of the form that is `expected`.
fn parse<'a, T: Deserialize<'a>>(body: &'a [u8], expected: &'static str) -> Result<T, BadReply> {
    serde_json::from_slice(body).map_err(|_| BadReply::Malformed(expected))
}

/// A JSON object whose values are not looked into yet.
type Object<'a> = BTreeMap<String, &'a RawValue>;

/// A row of a table of pairs.
struct Pair {
    /// What to ask for.
    asked: &'static str,
    /// What is priced.
    base: &'static str,
    /// In what.
    quote: &'static str,
}

const fn pair(asked: &'static str, base: &'static str, quote: &'static str) -> Pair {
    Pair { asked, base, quote }
}

fn quote(base: &str, quote: &str, price: Decimal, at: UnixMillis) -> Quote {
    Quote {
        base: base.to_owned(),
        quote: quote.to_owned(),
        price,
        at,
    }
}
