//! CoinGecko, `/simple/price`: every coin in every currency, with the time of the price.
//!
//! <https://docs.coingecko.com/reference/simple-price>

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::value::RawValue;

use super::{AHEAD_MAX, BadReply, Object, Wanted, parse, quote};
use crate::domain::money::Fiat;
use crate::domain::time::UnixMillis;
use crate::rates::Quote;
use crate::rates::number::{price_in, sane};

pub(super) const BASE: &str = "https://api.coingecko.com/api/v3";

/// Symbols and the ids they have there.
const COINS: &[(&str, &str)] = &[
    ("AVAX", "avalanche-2"),
    ("BNB", "binancecoin"),
    ("BTC", "bitcoin"),
    ("BUSD", "binance-usd"),
    ("DAI", "dai"),
    ("ETH", "ethereum"),
    ("FDUSD", "first-digital-usd"),
    ("HYPE", "hyperliquid"),
    ("LTC", "litecoin"),
    ("POL", "polygon-ecosystem-token"),
    ("TRX", "tron"),
    ("USDC", "usd-coin"),
    ("USDT", "tether"),
];

pub(super) fn path(wanted: &Wanted) -> String {
    let coins = COINS.iter().filter(|(symbol, _)| wanted.has(symbol));
    let ids: Vec<&str> = coins.map(|(_, id)| *id).collect();
    let fiats = Fiat::ALL
        .iter()
        .filter(|fiat| !matches!(fiat, Fiat::Isk | Fiat::Ron));
    let fiats: Vec<String> = fiats.map(|fiat| fiat.word().to_ascii_lowercase()).collect();
    format!(
        "simple/price?ids={}&vs_currencies={}&include_last_updated_at=true&precision=full",
        ids.join(","),
        fiats.join(",")
    )
}

pub(super) fn read(body: &[u8], wanted: &Wanted, now: UnixMillis) -> Result<Vec<Quote>, BadReply> {
    let coins: BTreeMap<String, Object<'_>> = parse(body, "not coins with their prices")?;
    let mut quotes = Vec::new();
    for (symbol, id) in COINS.iter().filter(|(symbol, _)| wanted.has(symbol)) {
        let Some(coin) = coins.get(*id) else { continue };
        let at = updated_at(coin).ok_or(BadReply::Malformed("no time of a price"))?;
        if at > now.plus(AHEAD_MAX) {
            return Err(BadReply::Malformed("a price of the future"));
        }
        let prices = in_fiats(coin);
        if *symbol == "BTC" {
            quotes.extend(between_fiats(&prices, at));
        }
        quotes.extend(
            prices
                .into_iter()
                .map(|(fiat, price)| quote(symbol, fiat.word(), price, at)),
        );
    }
    Ok(quotes)
}

fn updated_at(coin: &Object<'_>) -> Option<UnixMillis> {
    let seconds = coin.get("last_updated_at").map(|json: &&RawValue| json.get())?;
    seconds.parse().ok().map(UnixMillis::from_seconds)
}

fn in_fiats(coin: &Object<'_>) -> Vec<(Fiat, Decimal)> {
    let price_of = |fiat: &Fiat| price_in(coin.get(&fiat.word().to_ascii_lowercase())?);
    Fiat::ALL
        .iter()
        .filter_map(|fiat| Some((*fiat, price_of(fiat)?)))
        .collect()
}

/// What a dollar costs in other currencies, by what one coin costs in each of them.
fn between_fiats(prices: &[(Fiat, Decimal)], at: UnixMillis) -> Vec<Quote> {
    let dollars = prices
        .iter()
        .find(|(fiat, _)| *fiat == Fiat::Usd)
        .map(|(_, price)| *price);
    let Some(dollars) = dollars else { return Vec::new() };
    prices
        .iter()
        .filter(|(fiat, _)| *fiat != Fiat::Usd)
        .filter_map(|(fiat, price)| {
            let rate = price.checked_div(dollars).and_then(sane)?;
            Some(quote("USD", fiat.word(), rate, at))
        })
        .collect()
}
