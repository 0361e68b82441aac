//! Every refusal: the page's shape, the page's statuses, and what to do about it.

use std::net::IpAddr;

use axum::http::header;
use axum::response::IntoResponse;

use super::super::error::ApiError;
use super::*;
use crate::domain::ids::{PaymentNumber, ShopId};
use crate::engine::gateway::GatewayError;
use crate::web::limits::ClientAddress;

#[tokio::test]
async fn every_wrong_create_call_is_a_400_that_says_what_is_wrong() {
    let rig = Rig::new().await;
    let order = "a".repeat(256);
    let deep = format!("{}1{}", "[".repeat(40), "]".repeat(40));
    let large = "x".repeat(17_000);
    for (body, message) in [
        (String::new(), "not valid JSON"),
        ("null".into(), "must be a JSON object"),
        ("[]".into(), "must be a JSON object"),
        ("amount=100".into(), "not valid JSON"),
        (r#"{"amount":"1""#.into(), "not valid JSON"),
        (r#"{"amount":"1"}x"#.into(), "not valid JSON"),
        (
            "{}".into(),
            "amount is required: send amount, or fiat_amount with fiat_currency",
        ),
        (r#"{"amount":null}"#.into(), "amount is required"),
        (r#"{"amount":""}"#.into(), "amount is required"),
        (r#"{"fiat_currency":"USD"}"#.into(), "amount is required"),
        (r#"{"amount":"0"}"#.into(), "amount must be greater than zero"),
        (r#"{"amount":0.00}"#.into(), "amount must be greater than zero"),
        (r#"{"amount":-1}"#.into(), "amount must be a decimal amount"),
        (r#"{"amount":"-1"}"#.into(), "amount must be a decimal amount"),
        (r#"{"amount":1e2}"#.into(), "amount must be a decimal amount"),
        (r#"{"amount":"1,5"}"#.into(), "amount must be a decimal amount"),
        (r#"{"amount":"1.2.3"}"#.into(), "amount must be a decimal amount"),
        (r#"{"amount":"."}"#.into(), "amount must be a decimal amount"),
        (r#"{"amount":"NaN"}"#.into(), "amount must be a decimal amount"),
        (r#"{"amount":true}"#.into(), "amount must be a decimal amount"),
        (r#"{"amount":["1"]}"#.into(), "amount must be a decimal amount"),
        (
            r#"{"amount":"1.0000001"}"#.into(),
            "amount has more than the 6 digits after the point that USDT has",
        ),
        (r#"{"amount":"1000000000000000"}"#.into(), "amount is too large"),
        (
            r#"{"amount":"1","amount":"2"}"#.into(),
            "amount is given more than once",
        ),
        (
            r#"{"amount":"1","\u0061mount":"1"}"#.into(),
            "amount is given more than once",
        ),
        (
            r#"{"amount":"1","fiat_currency":"USD"}"#.into(),
            "fiat_currency goes with fiat_amount",
        ),
        (
            r#"{"fiat_amount":"5"}"#.into(),
            "fiat_currency is required with fiat_amount; use one of: USD, EUR, RUB, CNY, GBP",
        ),
        (
            r#"{"fiat_amount":"5","fiat_currency":"XXX"}"#.into(),
            "fiat_currency is unknown; use one of: USD, EUR",
        ),
        (
            r#"{"fiat_amount":"5","fiat_currency":1}"#.into(),
            "fiat_currency must be a string",
        ),
        (
            r#"{"fiat_amount":"0","fiat_currency":"USD"}"#.into(),
            "fiat_amount must be greater than zero",
        ),
        (
            r#"{"amount":"5","fiat_amount":0,"fiat_currency":"USD"}"#.into(),
            "fiat_amount must be greater than zero",
        ),
        (
            r#"{"fiat_amount":"5.001","fiat_currency":"USD"}"#.into(),
            "fiat_amount has more than the 2 digits",
        ),
        (
            r#"{"fiat_amount":"5.5","fiat_currency":"JPY"}"#.into(),
            "fiat_amount has more than the 0 digits",
        ),
        (
            r#"{"fiat_amount":"9999999999999999","fiat_currency":"USD"}"#.into(),
            "fiat_amount is too large",
        ),
        (
            r#"{"amount":"1","currency":"DOGE"}"#.into(),
            "does not accept this currency; use one of: USDT_TRC20",
        ),
        (
            r#"{"amount":"1","currency":"BTC"}"#.into(),
            "does not accept this currency",
        ),
        (
            r#"{"amount":"1","currency":5}"#.into(),
            "currency must be a string",
        ),
        (
            r#"{"amount":"1","order_id":true}"#.into(),
            "order_id must be a string",
        ),
        (
            r#"{"amount":"1","order_id":{}}"#.into(),
            "order_id must be a string",
        ),
        (
            format!(r#"{{"amount":"1","order_id":"{order}"}}"#),
            "order_id must have at most 255 characters",
        ),
        (r#"{"amount":"1","order_id":"a\nb"}"#.into(), "order_id must have"),
        (
            r#"{"amount":"1","metadata":"x"}"#.into(),
            "metadata must be a JSON object",
        ),
        (
            r#"{"amount":"1","metadata":[1]}"#.into(),
            "metadata must be a JSON object",
        ),
        (
            r#"{"amount":"1","metadata":[[]]}"#.into(),
            "metadata must be a JSON object",
        ),
        (
            format!(r#"{{"amount":"1","metadata":{{"a":"{large}"}}}}"#),
            "metadata must have at most 16384 bytes",
        ),
        (
            format!(r#"{{"amount":"1","metadata":{{"a":{deep}}}}}"#),
            "more than 32 levels deep",
        ),
        (r#"{"amount":"1","metadata":{"a":"\u0000"}}"#.into(), "NUL"),
        (r#"{"amount":"1","metadata":{"a":"\ud800"}}"#.into(), "surrogate"),
    ] {
        let (status, error) = rig.create(&body).await.error();
        assert_eq!(status, 400, "{body}: {error}");
        assert!(error.contains(message), "{body}: {error}");
    }
    let total = rig.get(LIST).await.data()["pagination"]["total"].clone();
    assert_eq!(total, 0, "nothing of it became a payment");
}

#[tokio::test]
async fn what_the_shop_has_not_set_up_or_the_market_does_not_know_is_told() {
    let rig = Rig::new().await;
    let body = r#"{"fiat_amount":"5","fiat_currency":"RUB"}"#;
    let reply = rig.create(body).await;
    assert_eq!(reply.headers[header::RETRY_AFTER], "30");
    let (status, error) = reply.error();
    assert_eq!(status, 503, "{error}");
    assert!(error.contains("no exchange rate for USDT in RUB"), "{error}");

    // Its live key moves to a store without addresses.
    let bare = StagedShop {
        id: ShopId::new(99),
        ..rig.shop.clone()
    };
    let key = bare.live.id;
    rig.stage
        .write(move |txn| {
            txn.run_sql(&format!(
                "INSERT INTO stores (id, name, dialect, window_ms, cool_down_ms, tolerance_bps, late_policy, created_ms)
                 VALUES (99, 'bare', 'soko', 1800000, 0, 0, 'flag', 1);
                 UPDATE api_keys SET store_id = 99 WHERE id = {key}"
            ))
        })
        .await;
    let live = async |body: &str| rig.create_with(&rig.shop.live, body).await.error();
    let (status, error) = live(r#"{"amount":"5"}"#).await;
    assert_eq!(status, 400);
    assert!(error.contains("accepts no currency yet"), "{error}");
    rig.stage.accept(&bare, &["USDT_TRC20"]).await;
    let (status, error) = live(r#"{"amount":"5"}"#).await;
    assert_eq!(status, 400);
    assert!(error.contains("no receive address for tron/usdt"), "{error}");
}

#[tokio::test]
async fn when_all_addresses_are_held_the_client_is_told_to_come_again() {
    let rig = Rig::new().await;
    rig.stage.accept(&rig.shop, &["USDT_TRC20"]).await;
    let live = async || rig.create_with(&rig.shop.live, r#"{"amount":"5"}"#).await;
    for _ in 0..3 {
        assert_eq!(live().await.data()["status"], "pending");
    }
    let reply = live().await;
    assert_eq!(reply.headers[header::RETRY_AFTER], "30");
    let (status, error) = reply.error();
    assert_eq!(status, 503);
    assert!(error.contains("every receive address is held"), "{error}");
}

#[tokio::test]
async fn another_method_is_refused_in_the_pages_shape() {
    let rig = Rig::new().await;
    for (method, path, allow) in [
        ("GET", CREATE, "POST"),
        (
            "POST",
            "/api/v1/payment/ffffffff-ffff-4fff-bfff-ffffffffffff",
            "GET,HEAD",
        ),
        ("DELETE", BALANCE, "GET,HEAD"),
    ] {
        let reply = rig.call(method, path, "").await;
        assert_eq!(reply.headers[header::ALLOW], allow);
        assert_eq!(
            reply.error(),
            (405, format!("this address does not take {method}"))
        );
    }
}

#[tokio::test]
async fn an_address_that_tries_keys_or_signatures_is_told_to_wait_and_a_merchant_beside_it_is_not() {
    let rig = Rig::limited().await;
    let ask = async |key: &Key, last: u8| {
        let client: ClientAddress = IpAddr::from([203, 0, 113, last]).into();
        let mut request = rig.signed(key, "GET", LIST, "");
        request.extensions_mut().insert(client);
        rig.send(request).await
    };
    let unknown = Key {
        key: "pk_wrong".to_owned(),
        ..rig.shop.test.clone()
    };
    let wrong = Key {
        secret: "sk_wrong".to_owned(),
        ..rig.shop.test.clone()
    };
    assert_eq!(ask(&rig.shop.live, 1).await.status, StatusCode::OK);
    for _ in 0..10 {
        assert_eq!(ask(&unknown, 1).await.error().0, 401);
        assert_eq!(ask(&wrong, 1).await.error().0, 403);
    }
    for key in [&unknown, &wrong, &rig.shop.test] {
        let reply = ask(key, 1).await;
        assert_eq!(reply.headers[header::RETRY_AFTER], "3");
        let (status, error) = reply.error();
        assert_eq!(status, 429);
        assert!(
            error.ends_with("came from this address; retry in 3 seconds"),
            "{error}"
        );
    }
    // One that worked from there before, and all from elsewhere, may call.
    assert_eq!(ask(&rig.shop.live, 1).await.status, StatusCode::OK);
    assert_eq!(ask(&rig.shop.test, 2).await.status, StatusCode::OK);
    clock_of(&rig).advance(Duration::from_secs(3));
    assert_eq!(ask(&rig.shop.test, 1).await.status, StatusCode::OK);
}

#[tokio::test]
async fn who_asks_for_rates_all_the_time_is_told_to_wait() {
    let rig = Rig::limited().await;
    let ask = async || rig.send(Request::get(RATES).body(Body::empty()).unwrap()).await;
    for _ in 0..60 {
        assert_eq!(ask().await.status, StatusCode::OK);
    }
    let reply = ask().await;
    assert_eq!(reply.headers[header::RETRY_AFTER], "1");
    assert_eq!(reply.error().0, 429);
    clock_of(&rig).advance(Duration::from_secs(1));
    assert_eq!(ask().await.status, StatusCode::OK);
}

/// What the engine can refuse, each once.
fn all_refusals() -> Vec<(GatewayError, u16, Option<&'static str>)> {
    let text = String::from;
    let (network, currency, known) = (text("tron"), text("usdt"), text("tron"));
    vec![
        (GatewayError::Unauthorized, 401, None),
        (GatewayError::NotFound, 404, None),
        (GatewayError::UnknownNetwork { known: known.clone() }, 400, None),
        (
            GatewayError::NotWatched {
                network: network.clone(),
                currency: currency.clone(),
            },
            400,
            None,
        ),
        (
            GatewayError::NotReadYet {
                network: network.clone(),
            },
            503,
            Some("30"),
        ),
        (
            GatewayError::UnknownCurrency {
                network: network.clone(),
                known: known.clone(),
            },
            400,
            None,
        ),
        (GatewayError::NoAddress { network, currency }, 400, None),
        (GatewayError::AllAddressesHeld, 503, Some("30")),
        (GatewayError::NothingAccepted, 400, None),
        (GatewayError::NotAccepted { known }, 400, None),
        (GatewayError::SignatureUsed, 403, None),
        (GatewayError::NotOpen(text("not open")), 403, None),
        (GatewayError::IdempotencyConflict, 400, None),
        (
            GatewayError::NoRate {
                symbol: text("BTC"),
                fiat: text("USD"),
                reason: text("nobody knows"),
            },
            503,
            Some("30"),
        ),
        (GatewayError::AmountTooLarge, 400, None),
        (GatewayError::NotCancellable { status: text("paid") }, 400, None),
        (GatewayError::NotATestPayment, 400, None),
        (GatewayError::NotNow(text("not now")), 400, None),
        (GatewayError::Busy, 503, Some("1")),
        (
            GatewayError::Internal(format!("secret {}", PaymentNumber::new(2027, 1)).into()),
            500,
            None,
        ),
    ]
}

#[tokio::test]
async fn each_refusal_of_the_engine_has_a_status_and_the_pages_shape() {
    for (refusal, status, retry_after) in all_refusals() {
        let told = refusal.to_string();
        let is_internal = matches!(refusal, GatewayError::Internal(_));
        let response = ApiError::from(refusal).into_response();
        let (head, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let reply = Reply {
            status: head.status,
            headers: head.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        };
        let (got, error) = reply.error();
        assert_eq!(got, status, "{told}");
        let wait = reply
            .headers
            .get(header::RETRY_AFTER)
            .map(|value| value.to_str().unwrap());
        assert_eq!(wait, retry_after, "{told}");
        assert_eq!(reply.headers[header::CONTENT_TYPE], "application/json");
        if is_internal {
            assert!(!error.contains("secret"), "{error}");
        } else {
            assert_eq!(error, told);
        }
    }
}
