//! When sources are asked: on demand, while needed, never twice at once, and not while they rest.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::fixtures::*;
use super::{Answer, Rig, START, host, price, settings, while_time_passes};
use crate::ambient::Clock as _;
use crate::domain::money::Fiat;
use crate::domain::pricing::RateSource;

#[tokio::test]
async fn nobody_is_asked_until_somebody_asks() {
    let rig = Rig::with_own(2);
    rig.say(&["60000", "60010"]);
    let stop = CancellationToken::new();
    let idle = async {
        for _ in 0..100 {
            rig.clock.advance(Duration::from_secs(60));
            tokio::task::yield_now().await;
        }
        stop.cancel();
    };
    tokio::join!(rig.market.run(stop.clone()), idle);
    assert_eq!(rig.world.take_asked(), Vec::<String>::new());
    assert!(rig.market.known("BTC", Fiat::Usd).is_err());
}

#[tokio::test]
async fn the_first_question_asks_every_source_once_and_the_next_ones_ask_none() {
    let rig = Rig::with_own(2);
    rig.say(&["60000", "60010"]);
    for _ in 0..50 {
        rig.rate().await.unwrap();
    }
    assert_eq!(
        rig.world.take_asked(),
        ["http://a.example/BTC/usd", "http://b.example/BTC/usd"]
    );
}

#[tokio::test]
async fn many_who_wait_share_one_question() {
    let rig = Rig::with_own(2);
    rig.say(&["60000"]);
    rig.world.set(&host(1), Answer::Hangs);
    let all = futures_util::future::join_all((0..100).map(|_| rig.market.rate("BTC", Fiat::Usd)));
    let refused = while_time_passes(&rig.clock, all).await;
    assert!(refused.iter().all(Result::is_err));
    let asked = rig.world.take_asked();
    assert_eq!(
        asked.iter().filter(|url| url.contains("a.example")).count(),
        1,
        "{asked:?}"
    );
}

#[tokio::test]
async fn rates_are_kept_fresh_while_they_are_needed_and_not_after() {
    let rig = Rig::with_own(2);
    rig.say(&["60000", "60010"]);
    let stop = CancellationToken::new();
    let market = rig.market.clone();
    let running = tokio::spawn({
        let stop = stop.clone();
        async move { market.run(stop).await }
    });
    rig.rate().await.unwrap();
    let pass = async |seconds: u64| {
        for _ in 0..seconds {
            rig.clock.advance(Duration::from_secs(1));
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
        }
    };
    rig.world.take_asked();
    pass(450).await;
    let asked = rig.world.take_asked().len();
    assert!((18..=20).contains(&asked), "every 45 s each: {asked}");
    rig.say(&["61000", "61010"]);
    pass(50).await;
    assert_eq!(rig.market.known("BTC", Fiat::Usd).unwrap().price, price("61005"));
    pass(450).await;
    rig.world.take_asked();
    pass(3600).await;
    assert_eq!(
        rig.world.take_asked().len(),
        0,
        "nobody asked for a quarter of an hour"
    );
    assert_eq!(rig.rate().await, Ok(price("61005")));
    assert!(!rig.world.take_asked().is_empty());
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test]
async fn a_source_that_throttles_is_left_alone_for_as_long_as_it_says() {
    let rig = Rig::with_own(2);
    rig.say(&["60000"]);
    rig.world.set(&host(1), Answer::Throttles(300));
    rig.rate().await.unwrap_err();
    rig.say(&["60000", "60010"]);
    rig.world.take_asked();
    let asked_b = |rig: &Rig| rig.world.take_asked().iter().any(|url| url.contains("b.example"));
    for _ in 0..29 {
        rig.clock.advance(Duration::from_secs(10));
        rig.rate().await.unwrap_err();
        assert!(!asked_b(&rig));
    }
    rig.clock.advance(Duration::from_secs(11));
    assert_eq!(rig.rate().await, Ok(price("60005")));
    assert!(asked_b(&rig));
}

#[tokio::test]
async fn sources_that_are_gone_are_not_asked_by_every_payment() {
    let rig = Rig::with_own(2);
    for _ in 0..1000 {
        rig.rate().await.unwrap_err();
    }
    assert_eq!(rig.world.take_asked().len(), 2);
    assert!(rig.clock.now().since(START) < Duration::from_secs(5));
}

#[tokio::test]
async fn a_pair_that_is_no_longer_there_does_not_cost_the_source() {
    let rig = Rig::new(settings(&[RateSource::Kraken, RateSource::Bitfinex]));
    rig.world.says(BITFINEX, BITFINEX_SAYS);
    rig.world
        .says(KRAKEN, r#"{"error":["EQuery:Unknown asset pair"]}"#);
    rig.rate().await.unwrap_err();
    rig.world.says(KRAKEN, KRAKEN_SAYS);
    rig.world.take_asked();
    rig.clock.advance(Duration::from_secs(10));
    rig.rate().await.unwrap();
    assert!(
        rig.world
            .take_asked()
            .contains(&"https://api.kraken.com/0/public/Ticker".to_owned())
    );
}

#[tokio::test]
async fn an_own_source_with_one_address_for_all_is_asked_once_for_all() {
    let mut settings = settings(&[]);
    for (index, url) in [
        (0, "http://a.example/all"),
        (1, "http://b.example/{symbol_lower}-{fiat}"),
    ] {
        settings.own.push(super::OwnSource {
            name: host(index)[..1].to_owned(),
            url: url.to_owned(),
            headers: Vec::new(),
            pointer: if index == 0 { "/{symbol}/{fiat}" } else { "" }.to_owned(),
            symbols: vec!["BTC".to_owned(), "ETH".to_owned()],
            fiats: vec!["EUR".to_owned()],
        });
    }
    let rig = Rig::new(settings);
    rig.world.says(
        "a.example",
        r#"{"BTC": {"EUR": "55000.5"}, "ETH": {"EUR": 2700}}"#,
    );
    rig.world.says("b.example", "55000.5");
    assert_eq!(rig.rate_of("BTC", Fiat::Eur).await, Ok(price("55000.5")));
    let mut asked = rig.world.take_asked();
    asked.sort();
    assert_eq!(
        asked,
        [
            "http://a.example/all",
            "http://b.example/btc-EUR",
            "http://b.example/eth-EUR"
        ]
    );
    assert!(
        rig.rate_of("ETH", Fiat::Eur)
            .await
            .unwrap_err()
            .contains("disagree")
    );
}
