//! Every error text of the pages, and what is said where they have none; and which of two errors comes first.

use super::*;
use crate::domain::money::{Fiat, FiatAmount};
use crate::domain::network::Mode;
use crate::domain::status::Status;
use crate::domain::wallet::Slots;
use crate::engine::gateway::{CreateRequest, GatewayError, ListRequest, PayWith};
use crate::web::api::crypto_pay::error::Refusal;

#[tokio::test]
async fn each_of_the_pages_errors_has_its_text_and_its_status() {
    let (stage, shop, routes) = project().await;
    let no_site = "Project website is not configured.";
    let test_mode =
        "Project is currently in Test mode. Use test API credentials or switch project to Live mode.";

    let wrong_key = Key {
        key: "pk_nobody".to_owned(),
        ..shop.live.clone()
    };
    let wrong_secret = Key {
        secret: "sk_nobody".to_owned(),
        ..shop.live.clone()
    };
    let elsewhere = |field: &str| example_with(&json!({ field: "https://elsewhere.example/" }));
    let zero = example_with(&json!({ "amount": "0.00" }));
    for (key, body, status, error) in [
        (&wrong_key, EXAMPLE, 401, "Invalid API key"),
        (&wrong_secret, EXAMPLE, 401, "Invalid signature"),
        (
            &shop.live,
            &*elsewhere("success_url"),
            422,
            "Success URL domain does not match project website.",
        ),
        (
            &shop.live,
            &elsewhere("fail_url"),
            422,
            "Fail URL domain does not match project website.",
        ),
        (&shop.live, &zero, 422, "Amount must be greater than zero"),
    ] {
        let refused = create(&routes, key, body).await.refused();
        assert_eq!(refused, (status, error.to_owned()), "{body}");
    }

    stage.change(&shop, |shop| shop.mode = Mode::Test).await;
    assert_eq!(
        create(&routes, &shop.live, EXAMPLE).await.refused(),
        (403, test_mode.to_owned())
    );
    assert_eq!(
        ask(&routes, &shop.live, "?payment_id=1").await.refused(),
        (403, test_mode.to_owned())
    );
    assert_eq!(create(&routes, &shop.test, EXAMPLE).await.status, StatusCode::OK);

    stage.change(&shop, |shop| shop.website = None).await;
    assert_eq!(
        create(&routes, &shop.test, EXAMPLE).await.refused(),
        (422, no_site.to_owned())
    );

    let disabled = (403, "Project is disabled.".to_owned());
    stage
        .change(&shop, |shop| shop.disabled_at = Some(shop.created_at))
        .await;
    assert_eq!(create(&routes, &shop.test, EXAMPLE).await.refused(), disabled);
    assert_eq!(
        ask(&routes, &shop.test, "?payment_id=1").await.refused(),
        disabled
    );
}

#[tokio::test]
async fn of_two_errors_the_one_that_tells_less_to_strangers_comes_first() {
    let (stage, shop, routes) = project().await;
    stage
        .change(&shop, |shop| {
            shop.mode = Mode::Test;
            shop.disabled_at = Some(shop.created_at);
            shop.website = None;
        })
        .await;
    let body = r#"{"amount":"0","success_url":"https://elsewhere.example/"}"#;
    let signed = signature(&shop.live.secret, body.as_bytes());
    let error =
        async |key: &str, signature: &str, body: &str| post(&routes, key, signature, body).await.refused().1;
    assert_eq!(error("pk_nobody", "00", body).await, "Invalid API key");
    assert_eq!(error(&shop.live.key, "00", body).await, "Invalid signature");
    assert_eq!(error(&shop.live.key, &signed, body).await, "Project is disabled.");
    stage.change(&shop, |shop| shop.disabled_at = None).await;
    assert!(
        error(&shop.live.key, &signed, body)
            .await
            .starts_with("Project is currently in Test mode.")
    );
    stage.change(&shop, |shop| shop.mode = Mode::Live).await;
    assert_eq!(error(&shop.live.key, &signed, body).await, "order_id is required");
    let body = r#"{"order_id":"1","amount":"0","success_url":"https://elsewhere.example/"}"#;
    let signed = signature(&shop.live.secret, body.as_bytes());
    assert_eq!(
        error(&shop.live.key, &signed, body).await,
        "Project website is not configured."
    );
    let site = Some("https://merchant-site.com".to_owned());
    stage.change(&shop, |shop| shop.website = site).await;
    assert_eq!(
        error(&shop.live.key, &signed, body).await,
        "Success URL domain does not match project website."
    );
}

#[tokio::test]
async fn a_body_that_is_wrong_is_refused_with_what_is_wrong() {
    let (stage, shop, routes) = project().await;
    let long = "a".repeat(1001);
    let with = |name: &str, value: Value| example_with(&json!({ name: value }));
    let raw_amount = |amount: &str| format!(r#"{{"order_id":"1","amount":{amount}}}"#);
    let not_positive = "Amount must be greater than zero";
    let (decimal, decimals) = ("decimal number of USDT", "at most 6 decimals");
    for (body, reason) in [
        (String::new(), "JSON object"),
        ("[\"1\",\"50.00\"]".to_owned(), "JSON object"),
        ("\"{}\"".to_owned(), "JSON object"),
        ("null".to_owned(), "JSON object"),
        ("order_id=1&amount=50".to_owned(), "JSON object"),
        ("{".to_owned(), "not valid JSON"),
        (format!("{EXAMPLE}x"), "not valid JSON"),
        (
            EXAMPLE.replace("\"amount\":", "\"amount\":\"1\",\"amount\":"),
            "duplicate field",
        ),
        (
            EXAMPLE.replace("\"amount\":", "\"\\u0061mount\":\"1\",\"amount\":"),
            "duplicate field",
        ),
        ("{}".to_owned(), "order_id is required"),
        (with("order_id", Value::Null), "order_id is required"),
        (with("order_id", json!("")), "order_id is required"),
        (with("order_id", json!("  ")), "order_id is required"),
        (with("order_id", json!(1.5)), "order_id must be a text"),
        (with("order_id", json!(true)), "order_id must be a text"),
        (with("order_id", json!(["1"])), "order_id must be a text"),
        (with("order_id", json!("a\nb")), "at most 255 characters"),
        (with("order_id", json!("a".repeat(256))), "at most 255 characters"),
        (with("description", json!(7)), "description must be a text"),
        (with("description", json!(long)), "at most 1000 characters"),
        (with("description", json!("a\u{0}")), "no control characters"),
        (with("success_url", json!(7)), "success_url must be a text"),
        (
            with("success_url", json!("/thanks")),
            "Success URL domain does not match",
        ),
        (
            with("fail_url", json!("javascript:alert(1)")),
            "Fail URL domain does not match",
        ),
        (with("amount", Value::Null), not_positive),
        (with("amount", json!("")), not_positive),
        (raw_amount("0"), not_positive),
        (raw_amount("-0"), not_positive),
        (raw_amount("-5"), not_positive),
        (raw_amount(r#""-0.01""#), not_positive),
        (raw_amount(r#""0.000000""#), not_positive),
        (raw_amount("0.0000001"), decimals),
        (raw_amount(r#""50.0000001""#), decimals),
        (raw_amount(r#""50,00""#), decimal),
        (raw_amount(r#""abc""#), decimal),
        (raw_amount(r#""-""#), decimal),
        (raw_amount(r#""+5""#), decimal),
        (raw_amount(r#""5.""#), decimal),
        (raw_amount(r#"".5""#), decimal),
        (raw_amount(r#""0x10""#), decimal),
        (raw_amount(r#""5 0""#), decimal),
        (raw_amount("5e1"), decimal),
        (raw_amount("1e400"), decimal),
        (raw_amount(r#""NaN""#), decimal),
        (raw_amount("true"), "amount must be a text"),
        (raw_amount("[50]"), "amount must be a text"),
        (raw_amount("100000000.000001"), "Amount is too large"),
        (raw_amount(&"9".repeat(39)), "Amount is too large"),
    ] {
        let (status, error) = create(&routes, &shop.test, &body).await.refused();
        assert!(
            status == 422 && error.contains(reason),
            "{body}: {status} {error}"
        );
    }
    let bytes = b"{\"order_id\":\"\xff\",\"amount\":1}";
    let answer = post(
        &routes,
        &shop.test.key,
        &signature(&shop.test.secret, bytes),
        &bytes[..],
    )
    .await;
    assert_eq!(answer.refused().0, 422);
    assert_eq!(
        made(&stage, &shop.test).await,
        0,
        "something was made of one of them"
    );
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_unread() {
    let (_stage, shop, routes) = project().await;
    let answer = create(&routes, &shop.test, &" ".repeat(BODY_BYTES_MAX + 1)).await;
    assert_eq!(answer.refused().0, 413);
}

#[tokio::test]
async fn what_is_not_this_shops_payment_in_this_mode_is_not_found() {
    let (stage, shop, routes) = project().await;
    let other = stage.shop(Dialect::UsdtPayments).await;
    let id = create(&routes, &shop.test, EXAMPLE).await.payment_id();
    assert_eq!(status_of(&routes, &shop.test, &id).await.status, StatusCode::OK);
    let not_found = (404, "Payment not found".to_owned());
    for (key, id) in [
        (&other.test, &*id),
        (&shop.live, &id),
        (&shop.test, "1"),
        (&shop.test, "0"),
        (&shop.test, "-1"),
        (&shop.test, "abc"),
        (&shop.test, "9007199254740993"),
        (&shop.test, "PAY-2027-000001"),
    ] {
        assert_eq!(status_of(&routes, key, id).await.refused(), not_found, "{id}");
    }
    for query in [
        "",
        "?",
        "?payment_id=",
        "?id=1",
        &format!("?payment_id={id}&payment_id=1"),
    ] {
        let (status, error) = ask(&routes, &shop.test, query).await.refused();
        assert_eq!(
            (status, error.contains("payment_id is required")),
            (422, true),
            "{query}"
        );
    }
}

#[tokio::test]
async fn other_methods_are_told_which_there_is() {
    let (_stage, _, routes) = project().await;
    for (method, path, allowed) in [
        ("GET", CREATE, "POST"),
        ("PUT", CREATE, "POST"),
        ("POST", STATUS, "GET, HEAD"),
    ] {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .body(Body::empty())
            .unwrap();
        let answer = send(&routes, request).await;
        assert_eq!(answer.refused().0, 405, "{method} {path}");
        assert_eq!(answer.headers[header::ALLOW], allowed);
    }
}

/// A wallet with a single amount: the next payment would have to wait, which the page does not know.
#[tokio::test]
async fn where_every_amount_is_taken_nothing_is_made() {
    let (stage, shop, routes) = project().await;
    share(&stage, &shop, Some(Slots { count: 1, digits: 4 })).await;
    assert_eq!(create(&routes, &shop.live, EXAMPLE).await.status, StatusCode::OK);
    let answer = create(&routes, &shop.live, EXAMPLE).await;
    assert_eq!(answer.refused().0, 503);
    assert_eq!(answer.headers[header::RETRY_AFTER], "30");
    assert_eq!(made(&stage, &shop.live).await, 1);

    // The other APIs know it.
    let caller = stage.gateway.authenticate(&shop.live.key, None).await.unwrap();
    let price = FiatAmount {
        currency: Fiat::Usd,
        minor: 5000,
    };
    let pay_with = PayWith::Asset {
        network: "tron".to_owned(),
        currency: "usdt".to_owned(),
    };
    let waiting = stage
        .gateway
        .create(&caller, CreateRequest::new(price, pay_with))
        .await
        .unwrap();
    assert_eq!(waiting.view.payment.status, Status::Queued);
    let body = status_of(&routes, &shop.live, &waiting.view.payment.code.to_string())
        .await
        .json();
    let payment = &body["payment"];
    assert_eq!(
        [
            &payment["status"],
            &payment["address"],
            &payment["pay_amount"],
            &payment["amount"]
        ],
        ["pending", "", "", "50.00"]
    );
}

/// How many payments a shop has in the mode of a key.
async fn made(stage: &Stage, key: &Key) -> u64 {
    let caller = stage.gateway.authenticate(&key.key, None).await.unwrap();
    let request = ListRequest {
        page: 1,
        per_page: 1,
        ..ListRequest::default()
    };
    stage.gateway.list(&caller, request).await.unwrap().total
}

#[tokio::test]
async fn a_shop_without_an_address_is_told_what_to_do() {
    let (stage, shop, routes) = project().await;
    stage
        .write(|txn| txn.run_sql("UPDATE addresses SET retired_ms = 1 WHERE network = 'tron'"))
        .await;
    let (status, error) = create(&routes, &shop.live, EXAMPLE).await.refused();
    assert_eq!(
        (status, error.contains("`payd address add`")),
        (400, true),
        "{error}"
    );
}

#[tokio::test]
async fn a_shop_whose_addresses_are_all_held_is_told_to_wait() {
    let (_stage, shop, routes) = project().await;
    for _ in 0..3 {
        assert_eq!(create(&routes, &shop.live, EXAMPLE).await.status, StatusCode::OK);
    }
    assert_eq!(create(&routes, &shop.live, EXAMPLE).await.refused().0, 503);
}

#[test]
fn every_refusal_of_the_engine_has_a_status() {
    let text = || "tron".to_owned();
    for (error, status) in [
        (GatewayError::Unauthorized, 401),
        (GatewayError::NotFound, 404),
        (GatewayError::AmountTooLarge, 422),
        (
            GatewayError::NoAddress {
                network: text(),
                currency: text(),
            },
            400,
        ),
        (
            GatewayError::NotWatched {
                network: text(),
                currency: text(),
            },
            400,
        ),
        (GatewayError::AllAddressesHeld, 503),
        (GatewayError::NotReadYet { network: text() }, 503),
        (GatewayError::Busy, 503),
        (GatewayError::Internal("what is inside".into()), 500),
    ] {
        let shown = format!("{:?}", Refusal::from(error));
        assert!(shown.contains(&format!("status: {status}")), "{shown}");
        assert!(!shown.contains("what is inside"), "{shown}");
    }
}
