//! Coinbase, `/v2/exchange-rates`: what one dollar is in everything else, coins and currencies alike.
//!
//! <https://docs.cdp.coinbase.com/coinbase-app/track-apis/exchange-rates>

use serde::Deserialize;

use super::{BadReply, Object, Wanted, parse, quote};
use crate::domain::money::Fiat;
use crate::domain::time::UnixMillis;
use crate::rates::Quote;
use crate::rates::number::{inverse, price_in};

pub(super) const BASE: &str = "https://api.coinbase.com";
pub(super) const PATH: &str = "v2/exchange-rates?currency=USD";

#[derive(Deserialize)]
struct Reply<'a> {
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Deserialize)]
struct Data<'a> {
    currency: String,
    #[serde(borrow)]
    rates: Object<'a>,
}

pub(super) fn read(body: &[u8], wanted: &Wanted, now: UnixMillis) -> Result<Vec<Quote>, BadReply> {
    let Reply { data } = parse(body, "not exchange rates")?;
    if data.currency != "USD" {
        return Err(BadReply::Malformed("not the rates of a dollar"));
    }
    let mut quotes = Vec::new();
    for (code, rate) in &data.rates {
        let Some(rate) = price_in(rate) else { continue };
        if code == "USD" {
            continue;
        }
        if code.parse::<Fiat>().is_ok() {
            quotes.push(quote("USD", code, rate, now));
        } else if wanted.has(code) {
            quotes.extend(inverse(rate).map(|price| quote(code, "USD", price, now)));
        }
    }
    Ok(quotes)
}
