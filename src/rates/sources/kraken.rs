//! Kraken, `/0/public/Ticker`: the last trade of each pair. Replies name some pairs otherwise than requests do.
//!
//! <https://docs.kraken.com/api/docs/rest-api/get-ticker-information>

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{BadReply, Object, Pair, Wanted, pair, parse, quote};
use crate::domain::time::UnixMillis;
use crate::rates::Quote;
use crate::rates::number::{inverse, price_in};

pub(super) const BASE: &str = "https://api.kraken.com";
pub(super) const PATH_OF_ALL: &str = "0/public/Ticker";

/// Pairs that are traded enough for the last trade to be a recent one.
const PAIRS: &[Pair] = &[
    pair("AUDUSD", "AUD", "USD"),
    pair("AVAXUSD", "AVAX", "USD"),
    pair("BNBUSD", "BNB", "USD"),
    pair("ETHEUR", "ETH", "EUR"),
    pair("ETHGBP", "ETH", "GBP"),
    pair("ETHUSD", "ETH", "USD"),
    pair("EURUSD", "EUR", "USD"),
    pair("GBPUSD", "GBP", "USD"),
    pair("LTCEUR", "LTC", "EUR"),
    pair("LTCUSD", "LTC", "USD"),
    pair("POLUSD", "POL", "USD"),
    pair("TRXEUR", "TRX", "EUR"),
    pair("TRXUSD", "TRX", "USD"),
    pair("USDCAD", "USD", "CAD"),
    pair("USDCEUR", "USDC", "EUR"),
    pair("USDCHF", "USD", "CHF"),
    pair("USDCUSD", "USDC", "USD"),
    pair("USDJPY", "USD", "JPY"),
    pair("USDTEUR", "USDT", "EUR"),
    pair("USDTUSD", "USDT", "USD"),
    pair("XBTEUR", "BTC", "EUR"),
    pair("XBTGBP", "BTC", "GBP"),
    pair("XBTUSD", "BTC", "USD"),
];

/// The currencies that replies write with a letter before them, in some pairs.
const RENAMED: &[(&str, &str)] = &[
    ("XXBT", "XBT"),
    ("XETH", "ETH"),
    ("XLTC", "LTC"),
    ("ZUSD", "USD"),
    ("ZEUR", "EUR"),
    ("ZGBP", "GBP"),
    ("ZJPY", "JPY"),
    ("ZCAD", "CAD"),
    ("ZAUD", "AUD"),
];

#[derive(Deserialize)]
struct Reply<'a> {
    error: Vec<String>,
    #[serde(borrow)]
    result: Option<Object<'a>>,
}

#[derive(Deserialize)]
struct Ticker<'a> {
    /// Price and volume of the last trade.
    #[serde(borrow)]
    c: Vec<&'a RawValue>,
}

pub(super) fn path(wanted: &Wanted) -> String {
    let pairs = PAIRS.iter().filter(|pair| is_wanted(pair, wanted));
    let asked: Vec<&str> = pairs.map(|pair| pair.asked).collect();
    format!("{PATH_OF_ALL}?pair={}", asked.join(","))
}

pub(super) fn read(body: &[u8], wanted: &Wanted, now: UnixMillis) -> Result<Vec<Quote>, BadReply> {
    let reply: Reply<'_> = parse(body, "not a result or an error")?;
    if let Some(error) = reply.error.first() {
        return Err(if error.starts_with("EQuery:Unknown asset pair") {
            BadReply::UnknownPair
        } else {
            BadReply::Refused(error.clone())
        });
    }
    let result = reply.result.ok_or(BadReply::Malformed("no result"))?;
    let mut quotes = Vec::new();
    for (key, ticker) in &result {
        let name = plain(key);
        let Some(pair) = PAIRS
            .iter()
            .find(|pair| pair.asked == name && is_wanted(pair, wanted))
        else {
            continue;
        };
        let ticker: Ticker<'_> =
            serde_json::from_str(ticker.get()).map_err(|_| BadReply::Malformed("not a ticker"))?;
        let Some(price) = ticker.c.first().and_then(|last| price_in(last)) else {
            continue;
        };
        // Rates between currencies are kept as what a dollar costs.
        if matches!(pair.base, "EUR" | "GBP" | "AUD") {
            quotes.extend(inverse(price).map(|price| quote("USD", pair.base, price, now)));
        } else {
            quotes.push(quote(pair.base, pair.quote, price, now));
        }
    }
    Ok(quotes)
}

fn is_wanted(pair: &Pair, wanted: &Wanted) -> bool {
    matches!(pair.base, "USD" | "EUR" | "GBP" | "AUD") || wanted.has(pair.base)
}

/// The name of a pair as it is asked for: `XBTUSD` for `XXBTZUSD`.
fn plain(key: &str) -> String {
    let mut name = String::new();
    let mut rest = key;
    while let Some(first) = rest.chars().next() {
        let renamed = RENAMED.iter().find(|(long, _)| rest.starts_with(long));
        // A letter before a currency counts as such at the ends of the name only: `USDTZUSD`, never within one.
        match renamed.filter(|(long, _)| name.is_empty() || rest.len() == long.len()) {
            Some((long, short)) => {
                name.push_str(short);
                rest = rest.strip_prefix(long).unwrap_or_default();
            }
            None => {
                name.push(first);
                rest = rest.strip_prefix(first).unwrap_or_default();
            }
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renamed_pairs_are_known_again() {
        for (key, asked) in [
            ("XXBTZUSD", "XBTUSD"),
            ("XETHZEUR", "ETHEUR"),
            ("XLTCZUSD", "LTCUSD"),
            ("USDTZUSD", "USDTUSD"),
            ("ZEURZUSD", "EURUSD"),
            ("ZUSDZJPY", "USDJPY"),
            ("TRXUSD", "TRXUSD"),
            ("USDCHF", "USDCHF"),
            ("XBTUSD", "XBTUSD"),
        ] {
            assert_eq!(plain(key), asked);
            assert!(PAIRS.iter().any(|pair| pair.asked == asked), "{asked}");
        }
    }
}
