//! What protects a quote: agreement, freshness, and sources that cannot harm each other.

use std::time::Duration;

use super::fixtures::*;
use super::{Answer, Rig, START, host, price, settings};
use crate::ambient::Clock as _;
use crate::domain::money::Fiat;
use crate::domain::pricing::RateSource;
use crate::rates::MarketSettings;

/// All built-in sources, each with its fixture.
fn everybody() -> Rig {
    let rig = Rig::new(settings(RateSource::ALL));
    for (host, body) in [
        (COINGECKO, COINGECKO_SAYS),
        (KRAKEN, KRAKEN_SAYS),
        (BINANCE, BINANCE_SAYS),
        (COINBASE, COINBASE_SAYS),
        (BITFINEX, BITFINEX_SAYS),
        (ECB, ECB_SAYS),
    ] {
        rig.world.says(host, body);
    }
    rig
}

#[tokio::test]
async fn the_median_of_all_sources_is_quoted_and_its_sources_are_named() {
    let rig = everybody();
    assert_eq!(rig.rate().await, Ok(price("60009.999466211054")));
    let rate = rig.market.known("BTC", Fiat::Usd).unwrap();
    assert_eq!(
        rate.source,
        "median of coingecko 60012.5, kraken 60000.1, binance 60013.998, coinbase 60009.9995, bitfinex 60006"
    );
}

#[tokio::test]
async fn a_dollar_of_usdt_is_what_the_sources_say_and_never_assumed() {
    let rig = everybody();
    assert_eq!(rig.rate_of("USDT", Fiat::Usd).await, Ok(price("0.9999")));
    // Without a price of USDT, what is priced in USDT has no price in dollars.
    let only = |rig: &Rig| rig.market.report("BTC", Fiat::Usd).polls[0].opinions.len();
    assert_eq!(only(&rig), 5);
    let rig = Rig::new(settings(&[RateSource::Binance, RateSource::Bitfinex]));
    rig.world.says(BINANCE, BINANCE_SAYS);
    rig.world.says(BITFINEX, BITFINEX_SAYS);
    let refused = rig.rate().await.unwrap_err();
    assert_eq!(
        refused,
        "only bitfinex has a fresh rate of BTC in USD, and two have to agree"
    );
}

#[tokio::test]
async fn other_currencies_are_quoted_directly_or_by_way_of_the_dollar() {
    let rig = everybody();
    assert_eq!(rig.rate_of("BTC", Fiat::Eur).await, Ok(price("55210")));
    assert_eq!(
        rig.market.known("BTC", Fiat::Eur).unwrap().source,
        "median of coingecko 55211.5, kraken 55200, binance 55210"
    );
    // Of roubles, only one source has a direct price of bitcoin; two say what a dollar costs.
    let roubles = rig.market.known("BTC", Fiat::Rub).unwrap();
    assert_eq!(roubles.price.round_dp(2), price("5401200.00"));
    assert!(
        roubles
            .source
            .ends_with("USD; USD by median of coingecko 90, coinbase 90.01"),
        "{}",
        roubles.source
    );
    assert_eq!(
        rig.market.known("LTC", Fiat::Jpy).unwrap().price.round_dp(0),
        price("12005")
    );
    for fiat in [Fiat::Usd, Fiat::Eur, Fiat::Rub, Fiat::Jpy, Fiat::Kwd, Fiat::Brl] {
        for symbol in ["BTC", "ETH", "LTC", "USDT"] {
            let rate = rig.market.known(symbol, fiat);
            assert!(rate.is_ok(), "{symbol} in {fiat}: {rate:?}");
        }
    }
    let refused = rig.market.known("BTC", Fiat::Zar).unwrap_err().to_string();
    assert_eq!(refused, "no source has a fresh rate of USD in ZAR");
}

#[tokio::test]
async fn a_text_of_all_sources_and_a_cross_stays_short() {
    let rig = everybody();
    rig.rate().await.unwrap();
    for fiat in [Fiat::Jpy, Fiat::Brl] {
        let text = rig.market.known("ETH", fiat).unwrap().source;
        assert!(text.chars().count() <= 363, "{text}");
    }
}

#[tokio::test]
async fn an_outlier_is_dropped() {
    let rig = Rig::with_own(3);
    rig.say(&["60000", "60010", "90000"]);
    assert_eq!(rig.rate().await, Ok(price("60005")));
    let source = rig.market.known("BTC", Fiat::Usd).unwrap().source;
    assert_eq!(source, "median of a 60000, b 60010 (without c 90000)");
}

#[tokio::test]
async fn one_source_alone_is_refused() {
    let rig = Rig::with_own(2);
    rig.say(&["60000"]);
    let refused = rig.rate().await.unwrap_err();
    assert_eq!(
        refused,
        "only a has a fresh rate of BTC in USD, and two have to agree"
    );
}

#[tokio::test]
async fn two_that_differ_by_a_tenth_are_refused() {
    let rig = Rig::with_own(2);
    rig.say(&["60000", "66000"]);
    let refused = rig.rate().await.unwrap_err();
    assert_eq!(refused, "the sources disagree on BTC in USD: a 60000, b 66000");
}

#[tokio::test]
async fn a_stale_rate_is_refused_and_never_a_default() {
    let rig = Rig::with_own(2);
    rig.say(&["60000", "60010"]);
    rig.rate().await.unwrap();
    for index in 0..2 {
        rig.world.set(&host(index), Answer::IsGone);
    }
    rig.clock.set(START.plus(Duration::from_secs(119)));
    assert_eq!(rig.rate().await, Ok(price("60005")));
    rig.clock.set(START.plus(Duration::from_secs(122)));
    assert_eq!(
        rig.rate().await.unwrap_err(),
        "no source has a fresh rate of BTC in USD"
    );
}

#[tokio::test]
async fn the_sources_own_time_counts_and_not_that_of_the_reply() {
    let rig = Rig::new(settings(&[RateSource::Coingecko, RateSource::Kraken]));
    rig.world
        .says(COINGECKO, COINGECKO_SAYS.replace("1799999990", "1799999879"));
    rig.world.says(KRAKEN, KRAKEN_SAYS);
    let refused = rig.rate().await.unwrap_err();
    assert!(refused.starts_with("only kraken"), "{refused}");
    rig.world
        .says(COINGECKO, COINGECKO_SAYS.replace("1799999990", "1799999985"));
    rig.clock.advance(Duration::from_secs(6));
    rig.rate().await.unwrap();
}

#[tokio::test]
async fn rates_between_currencies_may_be_four_days_old_and_no_older() {
    let rig = Rig::new(settings(&[RateSource::Ecb, RateSource::Coinbase]));
    rig.world.says(COINBASE, COINBASE_SAYS);
    // A day's sheet begins to age at the day's end: this one four days ago to the second.
    rig.world.says(ECB, ECB_SAYS.replace("2027-01-14", "2027-01-10"));
    rig.clock
        .set(crate::domain::time::UnixMillis::from_seconds(1_799_971_200));
    assert!(rig.market.dollar_in(Fiat::Eur).await.is_ok());
    rig.clock.advance(Duration::from_secs(1));
    assert!(rig.market.dollar_in(Fiat::Eur).await.is_err());
}

#[tokio::test]
async fn a_source_that_answers_rubbish_or_not_at_all_does_not_hurt_the_others() {
    for harm in [
        Answer::Says(200, HTML.to_owned()),
        Answer::Says(200, String::new()),
        Answer::Says(200, r#"{"price": "0"}"#.to_owned()),
        Answer::Says(302, String::new()),
        Answer::Says(500, r#"{"price": 1}"#.to_owned()),
        Answer::Says(403, HTML.to_owned()),
        Answer::Throttles(30),
        Answer::Hangs,
        Answer::IsGone,
    ] {
        let rig = Rig::with_own(3);
        rig.say(&["60000", "60010"]);
        rig.world.set(&host(2), harm.clone());
        assert_eq!(rig.rate().await, Ok(price("60005")), "{harm:?}");
        assert!(rig.clock.now().since(START) <= Duration::from_secs(2), "{harm:?}");
    }
}

#[tokio::test]
async fn all_that_hang_are_waited_for_five_seconds_and_no_longer() {
    let rig = Rig::with_own(2);
    rig.world.set(&host(0), Answer::Hangs);
    rig.world.set(&host(1), Answer::Hangs);
    rig.rate().await.unwrap_err();
    let waited = rig.clock.now().since(START);
    assert!((4900..=5200).contains(&waited.as_millis()), "{waited:?}");
}

#[tokio::test]
async fn a_clock_that_jumps_makes_no_old_rate_fresh() {
    let rig = Rig::with_own(2);
    rig.say(&["60000", "60010"]);
    rig.rate().await.unwrap();
    rig.say(&["50000", "50010"]);
    // An hour back: what was said lies in the future now, and is asked for again.
    rig.clock.set(START.minus(Duration::from_secs(3600)));
    assert_eq!(rig.rate().await, Ok(price("50005")));
    rig.say(&["40000", "40010"]);
    rig.clock.set(START.plus(Duration::from_secs(86_400)));
    assert_eq!(rig.rate().await, Ok(price("40005")));
}

#[tokio::test]
async fn keys_of_own_sources_are_in_no_text() {
    const KEY: &str = "0123456789abcdef";
    let mut with_key = settings(&[]);
    let own = super::OwnSource {
        name: "mine".to_owned(),
        url: format!("https://a.example/{KEY}/{{symbol}}?key={KEY}"),
        headers: vec![("x-key".to_owned(), KEY.to_owned())],
        pointer: "/price".to_owned(),
        symbols: vec!["BTC".to_owned()],
        fiats: vec!["USD".to_owned()],
    };
    with_key.own = vec![own];
    let rig = Rig::new(MarketSettings { ..with_key.clone() });
    rig.world.set("a.example", Answer::IsGone);
    let refused = rig.rate().await.unwrap_err();
    let told = format!("{refused} {:?} {with_key:?}", rig.market.troubles());
    assert!(told.contains("refused") && !told.contains(KEY), "{told}");
}
