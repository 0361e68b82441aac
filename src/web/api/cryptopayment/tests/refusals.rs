//! Who is refused, and with what.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::Body;
use axum::http::{HeaderValue, Request};
use futures_util::stream;
use serde_json::json;

use super::{EXAMPLE_REQUEST, INVOICES, bearer, create, get, post, send, send_under, stage};
use crate::web::limits::Limits;

/// A body that notes when somebody looks at it.
fn watched(touched: &Arc<AtomicBool>) -> Body {
    let flag = Arc::clone(touched);
    Body::from_stream(stream::once(async move {
        flag.store(true, Ordering::Relaxed);
        Ok::<_, std::io::Error>(EXAMPLE_REQUEST)
    }))
}

#[tokio::test]
async fn who_does_not_know_a_keys_secret_is_refused_before_the_body_is_looked_at() {
    let (stage, shop) = stage().await;
    let (test, live) = (&shop.test, &shop.live);
    let good = bearer(test);
    let touched = Arc::new(AtomicBool::new(false));
    let pair = |key: &str, secret: &str| format!("Bearer {key}:{secret}");
    let half = &test.secret[..test.secret.len() - 1];
    let wrong: Vec<Vec<String>> = vec![
        vec![],
        vec![String::new()],
        vec!["Bearer".into()],
        vec!["Bearer ".into()],
        vec![format!("Bearer {}", test.key)],
        vec![pair(&test.key, "")],
        vec![pair("", &test.secret)],
        vec![pair("", "")],
        vec![pair(&test.key, "sk_wrong")],
        vec![pair(&test.key, &live.secret)],
        vec![pair(&live.key, &test.secret)],
        vec![pair(&test.key, half)],
        vec![pair(&test.key, &format!("{}0", test.secret))],
        vec![pair(&test.key, &test.secret.to_uppercase())],
        vec![pair(&test.key.to_uppercase(), &test.secret)],
        vec![pair(&test.secret, &test.key)],
        vec![pair(&test.key, &format!("{}:", test.secret))],
        vec![pair(&test.key, &format!("{0}:{0}", test.secret))],
        vec![pair(&test.key, &format!("{}é", test.secret))],
        vec![pair(&"k".repeat(10_000), &test.secret)],
        vec![pair(&test.key, &"s".repeat(10_000))],
        vec![pair("pk_' OR 1=1 --", &test.secret)],
        vec![format!("Basic {}:{}", test.key, test.secret)],
        vec![format!("{}:{}", test.key, test.secret)],
        vec![good.clone(), good.clone()],
        vec![good.clone(), pair("pk_1", "sk_1")],
    ];
    for headers in &wrong {
        for (method, path) in [
            ("POST", INVOICES),
            ("GET", INVOICES),
            ("GET", "/api/v1/invoices/550e8400-e29b-41d4-a716-446655440000"),
            ("GET", "/api/v1/balances"),
            ("POST", "/api/v1/withdrawals"),
            ("GET", "/api/v1/withdrawals"),
            ("GET", "/api/v1/withdrawals/1"),
        ] {
            let request = Request::builder().method(method).uri(path);
            let mut request = request.body(watched(&touched)).unwrap();
            for value in headers {
                let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
                request.headers_mut().append("authorization", value);
            }
            let answer = send(&stage, request).await;
            assert_eq!(answer.status, 401, "{method} {path} {headers:?}");
            assert_eq!(answer.headers["www-authenticate"], "Bearer realm=\"payd\"");
            assert_eq!(
                answer.text,
                r#"{"success":false,"error":"Invalid API credentials: send Authorization: Bearer {api_key}:{api_secret}"}"#
            );
        }
    }
    assert!(!touched.load(Ordering::Relaxed));
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let authorization = format!("{scheme} {}:{}", test.key, test.secret);
        let request = Request::get(INVOICES).header("authorization", authorization);
        assert_eq!(
            send(&stage, request.body(Body::empty()).unwrap()).await.status,
            200
        );
    }
}

#[tokio::test]
async fn who_tries_secrets_is_told_to_wait_also_where_the_shop_itself_calls_from() {
    let (stage, shop) = stage().await;
    let limits = Arc::new(Limits::new(stage.clock.clone()));
    let ask = async |secret: &str| {
        let authorization = format!("Bearer {}:{secret}", shop.test.key);
        let request = Request::get(INVOICES).header("authorization", authorization);
        let request = request.body(Body::empty()).unwrap();
        send_under(&stage, Arc::clone(&limits), request).await
    };
    assert_eq!(ask(&shop.test.secret).await.status, 200);
    for attempt in 0..20 {
        assert_eq!(ask(&format!("sk_{attempt}")).await.status, 401);
    }
    let refused = ask("sk_20").await;
    assert_eq!(
        (refused.status, &refused.headers["retry-after"]),
        (429, &HeaderValue::from_static("3"))
    );
    assert_eq!(
        refused.text,
        r#"{"success":false,"error":"Too many calls with wrong credentials came from this address; check them and retry in 3 seconds"}"#
    );
    assert_eq!(ask(&shop.test.secret).await.status, 200);
}

#[tokio::test]
async fn a_key_that_was_revoked_is_nobodys_at_once() {
    let (stage, shop) = stage().await;
    let (id, now) = (shop.test.id, stage.now());
    let revoke = format!("UPDATE api_keys SET revoked_ms = {} WHERE id = {id}", now.get());
    stage.write(move |txn| txn.run_sql(&revoke)).await;
    assert_eq!(post(&stage, &shop.test, EXAMPLE_REQUEST).await.status, 401);
    assert_eq!(post(&stage, &shop.live, EXAMPLE_REQUEST).await.status, 201);
}

#[tokio::test]
async fn a_disabled_store_is_told_so_but_only_to_who_knows_its_secret() {
    let (stage, shop) = stage().await;
    let now = stage.now();
    stage
        .change(&shop, move |shop| shop.disabled_at = Some(now))
        .await;
    let answer = post(&stage, &shop.test, EXAMPLE_REQUEST).await;
    assert_eq!(answer.status, 403);
    assert_eq!(
        answer.text,
        r#"{"success":false,"error":"The store is disabled"}"#
    );
    let request = Request::get(INVOICES).header("authorization", format!("Bearer {}:sk_1", shop.test.key));
    assert_eq!(
        send(&stage, request.body(Body::empty()).unwrap()).await.status,
        401
    );
}

#[tokio::test]
async fn a_request_that_is_wrong_is_refused_with_what_is_wrong() {
    let (stage, shop) = stage().await;
    let large = format!(
        r#"{{"network":"trc20","amount_usd":5,"x":"{}"}}"#,
        "x".repeat(64 * 1024)
    );
    for (body, status, field) in [
        ("", 422, None),
        ("{", 422, None),
        ("[]", 422, None),
        ("network=trc20&amount_usd=50", 422, None),
        ("{}", 422, Some("amount_usd")),
        (r#"{"network":"trc20"}"#, 422, Some("amount_usd")),
        (r#"{"amount_usd":50}"#, 422, Some("network")),
        (r#"{"network":"doge","amount_usd":50}"#, 422, Some("network")),
        (r#"{"network":"tron","amount_usd":50}"#, 422, Some("network")),
        (r#"{"network":7,"amount_usd":50}"#, 422, Some("network")),
        (
            r#"{"network":"trc20","amount_usd":0.99}"#,
            422,
            Some("amount_usd"),
        ),
        (
            r#"{"network":"trc20","amount_usd":1.001}"#,
            422,
            Some("amount_usd"),
        ),
        (r#"{"network":"trc20","amount_usd":-5}"#, 422, Some("amount_usd")),
        (r#"{"network":"trc20","amount_usd":"x"}"#, 422, Some("amount_usd")),
        (r#"{"network":"trc20","amount_usd":1e9}"#, 422, Some("amount_usd")),
        (
            r#"{"network":"trc20","amount_usd":5,"order_id":{}}"#,
            422,
            Some("order_id"),
        ),
        (
            r#"{"network":"trc20","amount_usd":5,"metadata":"x"}"#,
            422,
            Some("metadata"),
        ),
        (&large, 413, None),
    ] {
        let answer = post(&stage, &shop.test, body.to_owned()).await;
        assert_eq!(answer.status, status, "{body:.80}: {}", answer.text);
        let told = answer.json();
        assert_eq!(told["success"], json!(false));
        assert!(told["error"].as_str().is_some_and(|error| !error.is_empty()));
        let fields: Option<Vec<&String>> = told["errors"].as_object().map(|errors| errors.keys().collect());
        assert_eq!(
            fields.and_then(|fields| fields.first().map(|field| field.as_str())),
            field,
            "{body:.80}"
        );
    }
    let unknown = post(&stage, &shop.test, r#"{"network":"doge","amount_usd":50}"#).await;
    assert_eq!(
        unknown.json()["error"],
        "network: unknown network; use one of: btc, ltc, eth, trc20, bep20, erc20, or a code such as USDC_TRC20"
    );
}

#[tokio::test]
async fn what_is_not_the_callers_is_not_there() {
    let (stage, shop) = stage().await;
    let other = stage.shop(crate::domain::shop::Dialect::Payhook).await;
    let invoice = create(&stage, &shop.test, "trc20", "50").await;
    let path = format!("{INVOICES}/{}", invoice["id"].as_str().unwrap());
    assert_eq!(get(&stage, &shop.test, &path).await.status, 200);
    for key in [&shop.live, &other.test, &other.live] {
        let answer = get(&stage, key, &path).await;
        assert_eq!(answer.status, 404);
        assert_eq!(answer.text, r#"{"success":false,"error":"Invoice not found"}"#);
    }
    for id in [
        "550e8400-e29b-41d4-a716-446655440000",
        "x",
        "1",
        "%ff",
        "%00",
        "..%2f..",
        "PAY-2026-000001",
    ] {
        assert_eq!(
            get(&stage, &shop.test, &format!("{INVOICES}/{id}")).await.status,
            404,
            "{id}"
        );
    }
    for query in ["page=0", "page=x", "page=-1"] {
        let answer = get(&stage, &shop.test, &format!("{INVOICES}?{query}")).await;
        assert_eq!(
            (answer.status, answer.json()["success"].clone()),
            (422, json!(false)),
            "{query}"
        );
    }
}

#[tokio::test]
async fn when_every_address_is_held_the_caller_is_told_when_to_come_back() {
    let (stage, shop) = stage().await;
    for _ in 0..3 {
        create(&stage, &shop.live, "bep20", "50").await;
    }
    let answer = post(&stage, &shop.live, r#"{"network":"bep20","amount_usd":50}"#).await;
    assert_eq!(
        (answer.status, &answer.headers["retry-after"]),
        (503, &HeaderValue::from_static("30"))
    );
    assert_eq!(
        answer.json()["error"],
        "every receive address is held by another payment; retry shortly or add more addresses"
    );
    assert_eq!(
        post(&stage, &shop.live, r#"{"network":"trc20","amount_usd":50}"#)
            .await
            .status,
        201
    );
}

#[tokio::test]
async fn a_coin_without_a_rate_and_a_store_without_an_address_are_told_apart() {
    let (stage, shop) = stage().await;
    let no_rate = post(&stage, &shop.test, r#"{"network":"trx","amount_usd":50}"#).await;
    assert_eq!(
        (no_rate.status, no_rate.headers.contains_key("retry-after")),
        (503, true)
    );
    stage
        .write(|txn| txn.run_sql("UPDATE addresses SET retired_ms = 1 WHERE network = 'tron'"))
        .await;
    let no_address = post(&stage, &shop.live, r#"{"network":"trc20","amount_usd":50}"#).await;
    assert_eq!(no_address.status, 400, "{}", no_address.text);
    assert!(
        no_address.text.contains("payd address add"),
        "{}",
        no_address.text
    );
}

#[tokio::test]
async fn withdrawals_are_refused_in_words_that_say_why() {
    let (stage, shop) = stage().await;
    for (method, path) in [
        ("POST", "/api/v1/withdrawals"),
        ("GET", "/api/v1/withdrawals"),
        ("GET", "/api/v1/withdrawals/7"),
        ("POST", "/api/v1/withdrawals/"),
        ("GET", "/api/v1/withdrawals/7/"),
    ] {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", bearer(&shop.live));
        let answer = send(&stage, request.body(Body::from(r#"{"coin":"BTC"}"#)).unwrap()).await;
        assert_eq!(
            (answer.status, &answer.json()["success"]),
            (501, &json!(false)),
            "{method} {path}"
        );
        assert!(answer.text.contains("holds no keys"), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_method_that_a_path_does_not_take_is_refused_in_the_pages_shape() {
    let (stage, shop) = stage().await;
    for (method, path) in [
        ("PUT", INVOICES),
        ("DELETE", "/api/v1/invoices/x"),
        ("POST", "/api/v1/balances"),
    ] {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", bearer(&shop.test));
        let answer = send(&stage, request.body(Body::empty()).unwrap()).await;
        assert_eq!(
            (answer.status, &answer.json()["success"]),
            (405, &json!(false)),
            "{method} {path}"
        );
        assert!(answer.headers.contains_key("allow"));
    }
}
