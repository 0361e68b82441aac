//! Each source's replies, and the requests that they answer.

use super::fixtures::*;
use super::{START, price, settings};
use crate::domain::pricing::{MARKET_SYMBOLS, RateSource};
use crate::rates::Quote;
use crate::rates::sources::{self, Ask, BadReply, Wanted};

fn wanted() -> Wanted {
    Wanted {
        symbols: settings(&[]).symbols,
    }
}

fn ask(source: RateSource) -> Ask {
    sources::built_in(source, &wanted()).unwrap()
}

fn read(source: RateSource, body: &str) -> Result<Vec<Quote>, BadReply> {
    ask(source).read(body.as_bytes(), &wanted(), START)
}

/// The price of a pair to eight digits after the point, and how many seconds old it is.
fn said(quotes: &[Quote], pair: &str) -> Option<(String, u64)> {
    let (base, of) = pair.split_once('/').unwrap();
    let quote = quotes
        .iter()
        .find(|quote| quote.base == base && quote.quote == of)?;
    let price = quote.price.round_dp(8).normalize().to_string();
    Some((price, START.since(quote.at).as_secs()))
}

#[test]
fn every_source_is_read_as_it_is_documented() {
    let day_s = 8 * 3600;
    for (source, body, expected) in [
        (
            RateSource::Coingecko,
            COINGECKO_SAYS,
            &[
                ("BTC/USD", "60012.5", 10),
                ("BTC/EUR", "55211.5", 10),
                ("TRX/USD", "0.12", 10),
                ("USDT/USD", "0.99985", 10),
                ("USD/RUB", "90", 10),
                ("USD/KWD", "0.3", 10),
                ("USD/JPY", "150", 10),
            ][..],
        ),
        (
            RateSource::Kraken,
            KRAKEN_SAYS,
            &[
                ("BTC/USD", "60000.1", 0),
                ("BTC/EUR", "55200", 0),
                ("LTC/USD", "80.02", 0),
                ("TRX/USD", "0.12005", 0),
                ("USDT/USD", "0.9999", 0),
                ("USD/EUR", "0.91996320", 0),
                ("USD/JPY", "150", 0),
            ],
        ),
        (
            RateSource::Binance,
            BINANCE_SAYS,
            &[
                ("BTC/USDT", "60020", 0),
                ("USDC/USDT", "1.0001", 0),
                ("BTC/EUR", "55210", 0),
                ("USDT/EUR", "0.91996320", 0),
                ("BTC/BRL", "300100", 0),
            ],
        ),
        (
            RateSource::Coinbase,
            COINBASE_SAYS,
            &[
                ("BTC/USD", "60009.99946621", 0),
                ("USDC/USD", "1", 0),
                ("USD/EUR", "0.9199", 0),
                ("USD/JPY", "150.02", 0),
                ("USD/KWD", "0.30005", 0),
            ],
        ),
        (
            RateSource::Bitfinex,
            BITFINEX_SAYS,
            &[
                ("BTC/USD", "60006", 0),
                ("USDT/USD", "0.9999", 0),
                ("LTC/USD", "80.02", 0),
            ],
        ),
        (
            RateSource::Ecb,
            ECB_SAYS,
            &[
                ("USD/EUR", "0.91996320", day_s),
                ("USD/JPY", "150", day_s),
                ("USD/GBP", "0.8", day_s),
                ("USD/ISK", "138.08647654", day_s),
            ],
        ),
    ] {
        let quotes = read(source, body).unwrap();
        for (pair, price, age_s) in expected {
            let found = said(&quotes, pair);
            // The last digits of what was turned around do not matter here.
            let close = |found: &str, price: &str| {
                (super::price(found) - super::price(price)).abs() <= super::price("0.00000001")
            };
            let (found, age) = found.unwrap_or_else(|| panic!("{source} says nothing of {pair}"));
            assert!(close(&found, price), "{source}: {pair} is {found}, not {price}");
            assert_eq!(age, *age_s, "{source}: {pair}");
        }
        let known = |code: &str| code.len() <= 4 && code != "00" && code != "XXX";
        assert!(
            quotes
                .iter()
                .all(|quote| known(&quote.base) && known(&quote.quote)),
            "{source}"
        );
        assert!(quotes.iter().all(|quote| quote.base != quote.quote), "{source}");
    }
}

#[test]
fn dollars_are_never_read_where_an_exchange_has_none() {
    let quotes = read(RateSource::Binance, BINANCE_SAYS).unwrap();
    assert!(quotes.iter().all(|quote| quote.quote != "USD"));
}

#[test]
fn one_request_asks_for_everything() {
    for (source, parts) in [
        (
            RateSource::Coingecko,
            &[
                "https://api.coingecko.com/api/v3/simple/price?ids=",
                "bitcoin",
                "tether",
                "=usd,eur,rub",
                "last_updated_at=true",
            ][..],
        ),
        (
            RateSource::Kraken,
            &[
                "https://api.kraken.com/0/public/Ticker?pair=",
                "XBTUSD",
                "USDTUSD",
                "EURUSD",
            ],
        ),
        (
            RateSource::Binance,
            &[
                "https://data-api.binance.vision/api/v3/ticker/price?symbols=%5B%22",
                "%22BTCUSDT%22,",
            ],
        ),
        (
            RateSource::Coinbase,
            &["https://api.coinbase.com/v2/exchange-rates?currency=USD"],
        ),
        (
            RateSource::Bitfinex,
            &[
                "https://api-pub.bitfinex.com/v2/tickers?symbols=",
                "tBTCUSD",
                "tUSTUSD",
            ],
        ),
        (
            RateSource::Ecb,
            &["https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml"],
        ),
    ] {
        let ask = ask(source);
        let url = ask.endpoint.url_at(&ask.path).to_string();
        for part in parts {
            assert!(url.contains(part), "{url}");
        }
        assert!(
            !url.contains("AVAX") && !url.contains("BNB") && !url.contains("binancecoin"),
            "{url}"
        );
        assert!(url.len() < 2000);
    }
}

#[test]
fn what_is_no_answer_of_a_source_is_refused_by_each() {
    let deep = "[".repeat(100_000);
    for source in RateSource::ALL {
        for body in [
            "",
            HTML,
            "null",
            "{}",
            "[]",
            "1",
            "[[]]",
            "[1]",
            "\u{0}",
            &deep,
            "{\"error\":\"x\"}",
        ] {
            assert!(
                read(*source, body).is_err(),
                "{source}: {}",
                body.chars().take(60).collect::<String>()
            );
        }
        for cut in [20, 100] {
            let body = match source {
                RateSource::Coingecko => COINGECKO_SAYS,
                RateSource::Kraken => KRAKEN_SAYS,
                RateSource::Binance => BINANCE_SAYS,
                RateSource::Coinbase => COINBASE_SAYS,
                RateSource::Bitfinex => BITFINEX_SAYS,
                RateSource::Ecb => ECB_SAYS,
            };
            assert!(
                read(*source, &body[..body.len() - cut]).is_err(),
                "{source}: cut by {cut}"
            );
        }
    }
}

#[test]
fn a_price_that_cannot_be_one_is_left_out_and_the_others_count() {
    for bad in ["0", "-1", "\"NaN\"", "null", "1e99", "\"\"", "[1]"] {
        let body = format!(r#"[["tBTCUSD",1,1,1,1,1,1,{bad},1,1,1],["tETHUSD",1,1,1,1,1,1,3000.2,1,1,1]]"#);
        let quotes = read(RateSource::Bitfinex, &body).unwrap();
        assert_eq!(said(&quotes, "BTC/USD"), None, "{bad}");
        assert_eq!(said(&quotes, "ETH/USD"), Some(("3000.2".to_owned(), 0)));
    }
}

#[test]
fn a_number_keeps_every_digit() {
    let body = r#"[["tBTCUSD",1,1,1,1,1,1,60000.123456789012345678,1,1,1]]"#;
    let quotes = read(RateSource::Bitfinex, body).unwrap();
    assert_eq!(quotes[0].price, price("60000.123456789012345678"));
}

#[test]
fn prices_of_the_future_and_without_a_time_are_refused() {
    let later = COINGECKO_SAYS.replace("1799999990", "1800000061");
    assert!(read(RateSource::Coingecko, &later).is_err());
    let timeless = COINGECKO_SAYS.replace("last_updated_at", "last_seen_at");
    assert!(read(RateSource::Coingecko, &timeless).is_err());
    let tomorrow = ECB_SAYS.replace("2027-01-14", "2027-01-16");
    assert!(read(RateSource::Ecb, &tomorrow).is_err());
    let today = ECB_SAYS.replace("2027-01-14", "2027-01-15");
    let quotes = read(RateSource::Ecb, &today).unwrap();
    assert!(
        quotes.iter().all(|quote| quote.at == START),
        "today's sheet has not begun to age"
    );
}

#[test]
fn a_refusal_of_a_pair_is_told_from_other_refusals() {
    for (source, body, is_pair) in [
        (
            RateSource::Kraken,
            r#"{"error":["EQuery:Unknown asset pair"]}"#,
            true,
        ),
        (
            RateSource::Kraken,
            r#"{"error":["EGeneral:Too many requests"]}"#,
            false,
        ),
        (
            RateSource::Binance,
            r#"{"code":-1121,"msg":"Invalid symbol."}"#,
            true,
        ),
        (
            RateSource::Binance,
            r#"{"code":0,"msg":"Service unavailable from a restricted location"}"#,
            false,
        ),
    ] {
        let refused = read(source, body).unwrap_err();
        assert_eq!(refused == BadReply::UnknownPair, is_pair, "{refused}");
    }
}

#[test]
fn the_sheet_of_another_bank_or_with_two_days_is_refused() {
    let two = ECB_SAYS.replace(
        "<Cube currency='JPY'",
        "<Cube time='2027-01-13'/><Cube currency='JPY'",
    );
    assert!(read(RateSource::Ecb, &two).is_err());
    let no_dollar = ECB_SAYS.replace("'USD'", "'AUD'");
    assert!(read(RateSource::Ecb, &no_dollar).is_err());
    let endless = format!("<a>{}", "<Cube/>".repeat(5000));
    assert!(read(RateSource::Ecb, &endless).is_err());
    let many: String = (0..20).map(|number| format!("a{number}='1' ")).collect();
    let wide = ECB_SAYS.replace("currency='JPY'", &format!("currency='JPY' {many}"));
    assert_ne!(wide, ECB_SAYS);
    assert!(read(RateSource::Ecb, &wide).is_err());
}

#[test]
fn every_symbol_that_counts_as_priced_is_asked_of_two_sources() {
    for symbol in MARKET_SYMBOLS {
        let only = Wanted {
            symbols: vec![(*symbol).into()],
        };
        let none = Wanted { symbols: Vec::new() };
        // Bitcoin and USDT are always asked for.
        let asked = RateSource::ALL.iter().filter(|source| {
            let path = |wanted| sources::built_in(**source, wanted).unwrap().path;
            path(&only) != path(&none) || matches!(*symbol, "BTC" | "USDT")
        });
        assert!(asked.count() >= 2, "{symbol}");
    }
}

#[test]
fn every_built_in_source_is_asked_at_a_host_of_its_own() {
    for source in RateSource::ALL {
        let ask = sources::built_in(*source, &wanted()).unwrap();
        let host = ask.endpoint.host();
        let owners: Vec<_> = RateSource::ALL
            .iter()
            .filter(|known| known.has_host(host))
            .collect();
        assert_eq!(owners, [source], "{host}");
        assert!(!source.has_host(&format!("not{}", source.domain())));
        assert!(source.has_host(&format!("pro.{}.", source.domain().to_uppercase())));
    }
}
