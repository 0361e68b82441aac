//! Binance, `/api/v3/ticker/price`: the latest price of each pair. There are no dollars there: most prices are in USDT,
//! whose own price in dollars others have to say.
//!
//! <https://developers.binance.com/docs/binance-spot-api-docs/rest-api/market-data-endpoints>

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{BadReply, Pair, Wanted, pair, parse, quote};
use crate::domain::time::UnixMillis;
use crate::rates::Quote;
use crate::rates::number::{inverse, price_in};

/// The address for market data alone.
pub(super) const BASE: &str = "https://data-api.binance.vision";
pub(super) const PATH_OF_ALL: &str = "api/v3/ticker/price";

const PAIRS: &[Pair] = &[
    pair("AVAXUSDT", "AVAX", "USDT"),
    pair("BNBEUR", "BNB", "EUR"),
    pair("BNBUSDT", "BNB", "USDT"),
    pair("BTCBRL", "BTC", "BRL"),
    pair("BTCEUR", "BTC", "EUR"),
    pair("BTCTRY", "BTC", "TRY"),
    pair("BTCUSDT", "BTC", "USDT"),
    pair("ETHBRL", "ETH", "BRL"),
    pair("ETHEUR", "ETH", "EUR"),
    pair("ETHTRY", "ETH", "TRY"),
    pair("ETHUSDT", "ETH", "USDT"),
    pair("EURUSDT", "EUR", "USDT"),
    pair("FDUSDUSDT", "FDUSD", "USDT"),
    pair("LTCUSDT", "LTC", "USDT"),
    pair("POLUSDT", "POL", "USDT"),
    pair("TRXUSDT", "TRX", "USDT"),
    pair("USDCUSDT", "USDC", "USDT"),
    pair("USDTBRL", "USDT", "BRL"),
    pair("USDTTRY", "USDT", "TRY"),
];

#[derive(Deserialize)]
struct Ticker<'a> {
    symbol: String,
    #[serde(borrow)]
    price: &'a RawValue,
}

#[derive(Deserialize)]
struct Refusal {
    code: i64,
    msg: String,
}

/// The code for a symbol that is not traded.
const INVALID_SYMBOL: i64 = -1121;

pub(super) fn path(wanted: &Wanted) -> String {
    let pairs = PAIRS.iter().filter(|pair| is_wanted(pair, wanted));
    let asked: Vec<String> = pairs.map(|pair| format!("%22{}%22", pair.asked)).collect();
    format!("{PATH_OF_ALL}?symbols=%5B{}%5D", asked.join(","))
}

pub(super) fn read(body: &[u8], wanted: &Wanted, now: UnixMillis) -> Result<Vec<Quote>, BadReply> {
    if let Ok(refusal) = serde_json::from_slice::<Refusal>(body) {
        return Err(match refusal.code {
            INVALID_SYMBOL => BadReply::UnknownPair,
            _ => BadReply::Refused(refusal.msg),
        });
    }
    let tickers: Vec<Ticker<'_>> = parse(body, "not a list of prices")?;
    let mut quotes = Vec::new();
    for ticker in &tickers {
        let pair = PAIRS
            .iter()
            .find(|pair| pair.asked == ticker.symbol && is_wanted(pair, wanted));
        let (Some(pair), Some(price)) = (pair, price_in(ticker.price)) else {
            continue;
        };
        if pair.base == "EUR" {
            quotes.extend(inverse(price).map(|price| quote(pair.quote, pair.base, price, now)));
        } else {
            quotes.push(quote(pair.base, pair.quote, price, now));
        }
    }
    Ok(quotes)
}

fn is_wanted(pair: &Pair, wanted: &Wanted) -> bool {
    pair.base == "EUR" || wanted.has(pair.base)
}
