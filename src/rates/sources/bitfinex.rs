//! Bitfinex, `/v2/tickers`: a list per pair, the last price in the place with index 7. USDT is `UST` there, USDC `UDC`.
//!
//! <https://docs.bitfinex.com/reference/rest-public-tickers>

use serde_json::value::RawValue;

use super::{BadReply, Pair, Wanted, pair, parse, quote};
use crate::domain::time::UnixMillis;
use crate::rates::Quote;
use crate::rates::number::price_in;

pub(super) const BASE: &str = "https://api-pub.bitfinex.com";

const PAIRS: &[Pair] = &[
    pair("tAVAX:USD", "AVAX", "USD"),
    pair("tBTCEUR", "BTC", "EUR"),
    pair("tBTCGBP", "BTC", "GBP"),
    pair("tBTCJPY", "BTC", "JPY"),
    pair("tBTCUSD", "BTC", "USD"),
    pair("tETHEUR", "ETH", "EUR"),
    pair("tETHUSD", "ETH", "USD"),
    pair("tLTCUSD", "LTC", "USD"),
    pair("tTRXUSD", "TRX", "USD"),
    pair("tUDCUSD", "USDC", "USD"),
    pair("tUSTUSD", "USDT", "USD"),
];

/// Where the last price stands in a ticker.
const LAST_PRICE: usize = 7;

pub(super) fn path(wanted: &Wanted) -> String {
    let pairs = PAIRS.iter().filter(|pair| wanted.has(pair.base));
    let asked: Vec<&str> = pairs.map(|pair| pair.asked).collect();
    format!("v2/tickers?symbols={}", asked.join(","))
}

pub(super) fn read(body: &[u8], wanted: &Wanted, now: UnixMillis) -> Result<Vec<Quote>, BadReply> {
    let tickers: Vec<Vec<&RawValue>> = parse(body, "not a list of tickers")?;
    if tickers
        .first()
        .is_some_and(|first| first.first().is_none_or(|name| !name.get().starts_with('"')))
    {
        return Err(BadReply::Malformed("not a list of tickers"));
    }
    let mut quotes = Vec::new();
    for ticker in &tickers {
        let name = ticker
            .first()
            .and_then(|name| serde_json::from_str::<String>(name.get()).ok());
        let pair = PAIRS
            .iter()
            .find(|pair| Some(pair.asked) == name.as_deref() && wanted.has(pair.base));
        let price = ticker.get(LAST_PRICE).and_then(|last| price_in(last));
        if let (Some(pair), Some(price)) = (pair, price) {
            quotes.push(quote(pair.base, pair.quote, price, now));
        }
    }
    Ok(quotes)
}
