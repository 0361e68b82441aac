//! The public rates: no key, one table in five minutes, and what a price comes to.

use std::cell::Cell;

use axum::http::header;
use serde_json::json;

use super::super::rates::Board;
use super::super::wire::{RatesBody, Success};
use super::*;
use crate::ambient::{Clock as _, SimulatedClock};
use crate::domain::money::Fiat;
use crate::engine::gateway::RateRow;
use crate::web::api::number::Number;

impl Rig {
    async fn asked(&self, query: &str) -> Reply {
        let request = Request::get(format!("{RATES}{query}")).body(Body::empty());
        self.send(request.unwrap()).await
    }
}

fn row(symbol: &str, prices: &[(Fiat, &str)]) -> RateRow {
    RateRow {
        symbol: symbol.into(),
        prices: prices
            .iter()
            .map(|(fiat, price)| (*fiat, price.parse().unwrap()))
            .collect(),
    }
}

#[test]
fn the_table_is_written_as_the_page_prints_it_and_what_has_no_rate_is_left_out() {
    let board = Board::new(Arc::new(SimulatedClock::starting_at(seconds(1))));
    let shown = board.table(|fiats| {
        assert_eq!(fiats, [Fiat::Usd, Fiat::Eur, Fiat::Rub, Fiat::Cny, Fiat::Gbp]);
        vec![
            row("TRX", &[]),
            row(
                "USDT",
                &[(Fiat::Usd, "1.0001"), (Fiat::Eur, "0.9350"), (Fiat::Rub, "90.5")],
            ),
            row(
                "BTC",
                &[
                    (Fiat::Usd, "97500.00"),
                    (Fiat::Eur, "91200"),
                    (Fiat::Rub, "8775000"),
                ],
            ),
            row("ETH", &[(Fiat::Usd, "3200"), (Fiat::Rub, "288000")]),
        ]
    });
    let body = Success::new(RatesBody {
        rates: &shown.table,
        converted: Some(Number::of_digits("55.24")),
    });
    assert_eq!(
        serde_json::to_string(&body).unwrap(),
        concat!(
            r#"{"success":true,"data":{"rates":{"btc":{"usd":97500,"eur":91200,"rub":8775000},"#,
            r#""eth":{"usd":3200,"rub":288000},"usdt":{"usd":1.0001,"eur":0.935,"rub":90.5}},"converted":55.24}}"#
        )
    );
}

#[test]
fn a_table_is_made_once_in_five_minutes_and_an_empty_one_soon_again() {
    let clock = Arc::new(SimulatedClock::starting_at(seconds(1000)));
    let board = Board::new(clock.clone());
    let made = Cell::new(0);
    let ask = |rows: Vec<RateRow>| {
        let shown = board.table(|_| {
            made.set(made.get() + 1);
            rows
        });
        (made.get(), shown.kept_seconds(clock.now()))
    };
    let known = || vec![row("BTC", &[(Fiat::Usd, "1")])];
    assert_eq!(ask(vec![row("BTC", &[])]), (1, 5));
    assert_eq!(ask(known()), (1, 5), "also nothing is kept for some seconds");
    clock.advance(Duration::from_secs(5));
    assert_eq!(ask(known()), (2, 300));
    // For others it is as old as it is here.
    clock.advance(Duration::from_millis(200_500));
    assert_eq!(ask(known()), (2, 99));
    clock.advance(Duration::from_millis(99_499));
    assert_eq!(ask(known()), (2, 0));
    clock.advance(Duration::from_millis(1));
    assert_eq!(ask(known()), (3, 300));
    // A clock that is set back does not keep it for longer.
    clock.set(seconds(10));
    assert_eq!(ask(known()), (4, 300));
}

#[tokio::test]
async fn the_rates_are_public_and_may_be_kept_for_five_minutes() {
    let rig = Rig::new().await;
    let reply = rig.asked("").await;
    assert_eq!(
        reply.text,
        concat!(
            r#"{"success":true,"data":{"rates":{"bnb":{"usd":600},"btc":{"usd":97500},"eth":{"usd":3200},"#,
            r#""ltc":{"usd":100},"usdc":{"usd":1},"usdt":{"usd":1}}}}"#
        )
    );
    assert_eq!(reply.headers[header::CACHE_CONTROL], "public, max-age=300");
    // Also to the pages of every site.
    assert_eq!(reply.headers["access-control-allow-origin"], "*");
    let keyed = rig.get(BALANCE).await;
    assert!(!keyed.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn a_price_is_converted_to_what_a_payment_would_ask_for() {
    let rig = Rig::new().await;
    for (query, converted) in [
        ("?amount=5000&fiat=USD&crypto=USDT_TRC20", "5000.00"),
        ("?amount=55.24&fiat=usd&crypto=usdt_trc20", "55.24"),
        ("?amount=1&fiat=USD&crypto=BTC", "0.00001026"),
        ("?crypto=ETH&amount=3200.00&fiat=USD", "1.00000000"),
    ] {
        let reply = rig.asked(query).await;
        assert!(
            reply.text.ends_with(&format!(r#","converted":{converted}}}}}"#)),
            "{query}: {reply:?}"
        );
        assert_eq!(reply.data()["rates"]["btc"], json!({"usd": 97500}));
    }
    assert_eq!(
        rig.asked("?amount=&fiat=&crypto=").await.data().get("converted"),
        None
    );
}

#[tokio::test]
async fn a_conversion_that_cannot_be_made_is_a_clear_error() {
    let rig = Rig::new().await;
    for (query, status, message) in [
        ("?amount=5000", 400, "a conversion needs amount, fiat and crypto"),
        ("?fiat=USD&crypto=BTC", 400, "a conversion needs"),
        (
            "?amount=1&fiat=XXX&crypto=BTC",
            400,
            "fiat is unknown; use one of: USD, EUR, RUB, CNY, GBP, ",
        ),
        ("?amount=1&fiat=USD&crypto=DOGE", 400, "crypto is unknown"),
        ("?amount=1&fiat=USD&crypto=USDT", 400, "crypto is unknown"),
        (
            "?amount=0&fiat=USD&crypto=BTC",
            400,
            "amount must be greater than zero",
        ),
        (
            "?amount=-1&fiat=USD&crypto=BTC",
            400,
            "amount must be a decimal amount",
        ),
        (
            "?amount=1e3&fiat=USD&crypto=BTC",
            400,
            "amount must be a decimal amount",
        ),
        (
            "?amount=1,5&fiat=USD&crypto=BTC",
            400,
            "amount must be a decimal amount",
        ),
        (
            "?amount=1.005&fiat=USD&crypto=BTC",
            400,
            "amount has more than the 2 digits after the point that USD has",
        ),
        (
            "?amount=1&amount=2&fiat=USD&crypto=BTC",
            400,
            "amount is given more than once",
        ),
        (
            "?amount=1000000000000000&fiat=USD&crypto=BTC",
            400,
            "amount is too large",
        ),
        (
            "?amount=5000&fiat=RUB&crypto=USDT_TRC20",
            503,
            "no exchange rate for USDT in RUB is known now",
        ),
        (
            "?amount=5000&fiat=USD&crypto=TRX",
            503,
            "no exchange rate for TRX in USD",
        ),
    ] {
        let reply = rig.asked(query).await;
        let (got, error) = reply.error();
        assert_eq!(got, status, "{query}: {error}");
        assert!(error.contains(message), "{query}: {error}");
        assert!(!reply.headers.contains_key(header::CACHE_CONTROL), "{query}");
        assert_eq!(reply.headers.contains_key(header::RETRY_AFTER), status == 503);
    }
}
