//! Damaged replies of each source: no panic, bounded memory, and only prices that can be.

use rust_decimal::Decimal;

use super::fixtures::*;
use super::{START, settings};
use crate::domain::pricing::RateSource;
use crate::mutation::{bounded, run};
use crate::rates::OwnSource;
use crate::rates::sources::{self, Ask, Wanted};

#[test]
fn a_damaged_reply_of_a_source_has_no_price_that_cannot_be_one() {
    let wanted = Wanted {
        symbols: settings(&[]).symbols,
    };
    let own = OwnSource {
        name: "own".to_owned(),
        url: "https://own.example/{symbol}".to_owned(),
        headers: Vec::new(),
        pointer: "/data/0/price".to_owned(),
        symbols: vec!["BTC".to_owned()],
        fiats: vec!["USD".to_owned()],
    };
    let own = sources::own(&own).unwrap().remove(0);
    let built_in = |source| sources::built_in(source, &wanted).unwrap();
    let said: Vec<(Ask, &str)> = vec![
        (built_in(RateSource::Coingecko), COINGECKO_SAYS),
        (built_in(RateSource::Kraken), KRAKEN_SAYS),
        (built_in(RateSource::Binance), BINANCE_SAYS),
        (built_in(RateSource::Coinbase), COINBASE_SAYS),
        (built_in(RateSource::Bitfinex), BITFINEX_SAYS),
        (built_in(RateSource::Ecb), ECB_SAYS),
        (
            own,
            r#"{"data":[{"price":"60000.10"},{"price":6e4}],"x":{"y":[1,2]}}"#,
        ),
    ];
    run("rates::sources", 4000, |from| {
        let (ask, says) = &said[from.below(said.len())];
        let body = from.foul(&[*says]);
        let Ok(quotes) = bounded(body.len(), 96, || ask.read(&body, &wanted, START)) else {
            return;
        };
        assert!(!quotes.is_empty());
        for quote in quotes {
            assert!(
                quote.price > Decimal::ZERO && quote.price <= Decimal::from(1_000_000_000_000_000_i64),
                "{quote:?}"
            );
            assert!(quote.at <= START.plus(sources::AHEAD_MAX), "{quote:?}");
        }
    });
}
