//! PayHook's API through the real router, before an engine that does what it is told.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use futures_util::stream;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::ambient::SystemClock;
use crate::engine::gateway::{GatewayError, PayWith};
use crate::web::api::fake::{Does, FakeEngine, KEY, NUMBER};
use crate::web::limits::Limits;

mod limits;

const PUBLIC_URL: &str = "https://app.payhook.app";
const BODY_BYTES_MAX: usize = 64 * 1024;

/// The page's example request, with an e-mail address that is one.
const EXAMPLE_REQUEST: &str = r#"{
  "amount_usd_cents": 5000,
  "network": "bsc",
  "currency": "usdt",
  "external_order_id": "order-9837",
  "customer_email": "jo@example.com",
  "redirect_url": "https://merchant.com/orders/9837/thanks",
  "metadata": { "sku": "GOLD-PLAN" }
}"#;

/// The page's example response; its token is cut short there.
const EXAMPLE_RESPONSE: &str = r#"{
  "payment_number": "PAY-2026-000123",
  "status": "pending",
  "network": "bsc",
  "currency": "usdt",
  "amount_usd_cents": 5000,
  "expected_crypto_amount": "50.000000",
  "actual_crypto_amount": null,
  "assigned_address": "0x742d35Cc6634C0532925a3b844Bc9e7595f7E5a3",
  "tx_hash": "",
  "confirmations": 0,
  "external_order_id": "order-9837",
  "customer_email": "jo@example.com",
  "redirect_url": "https://merchant.com/orders/9837/thanks",
  "metadata": { "sku": "GOLD-PLAN" },
  "payment_token": "TOKEN",
  "checkout_url": "https://app.payhook.app/pay/TOKEN",
  "expires_at": "2026-05-24T12:05:00Z",
  "confirmed_at": null,
  "created_at": "2026-05-24T11:35:00Z"
}"#;

const PATH: &str = "/api/v1/payments/";

fn answering() -> Arc<FakeEngine> {
    FakeEngine::new(Does::Answers { replayed: false })
}

fn routes(engine: &Arc<FakeEngine>) -> Router {
    routes_with(engine, Arc::new(Limits::new(Arc::new(SystemClock))))
}

fn routes_with(engine: &Arc<FakeEngine>, limits: Arc<Limits>) -> Router {
    super::router(engine.clone(), limits, &format!("{PUBLIC_URL}/"), BODY_BYTES_MAX)
}

fn post(path: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post(path)
        .header("x-api-key", KEY)
        .body(body.into())
        .unwrap()
}

fn get(path: &str) -> Request<Body> {
    Request::get(path)
        .header("X-API-Key", KEY)
        .body(Body::empty())
        .unwrap()
}

async fn call(engine: &Arc<FakeEngine>, request: Request<Body>) -> Response<Body> {
    routes(engine).oneshot(request).await.unwrap()
}

async fn text(response: Response<Body>) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX)
        .await
        .unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

async fn status_and_json(engine: &Arc<FakeEngine>, request: Request<Body>) -> (StatusCode, Value) {
    let response = call(engine, request).await;
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
    let status = response.status();
    (status, serde_json::from_str(&text(response).await).unwrap())
}

/// The page prints with indentation; payd sends without. What the merchant sent stays as it was.
fn compact(printed: &str) -> String {
    let printed = printed.replace("TOKEN", &"a8".repeat(32));
    let lines = printed
        .lines()
        .map(str::trim)
        .map(|line| line.replacen("\": ", "\":", 1));
    lines.collect()
}

#[tokio::test]
async fn the_pages_example_request_gives_the_pages_example_response_to_the_byte() {
    let engine = answering();
    let response = call(&engine, post(PATH, EXAMPLE_REQUEST)).await;
    assert_eq!(response.status(), StatusCode::CREATED);
    assert_eq!(text(response).await, compact(EXAMPLE_RESPONSE));

    let created = engine.created.lock().unwrap();
    assert_eq!(created[0].price.fiat().map(|price| price.minor), Some(5000));
    assert_eq!(created[0].pay_with, PayWith::asset("bsc", "usdt"));
    assert_eq!(created[0].idempotency, None);
}

#[tokio::test]
async fn every_path_works_with_and_without_the_closing_slash() {
    let engine = answering();
    for slash in ["", "/"] {
        let made = call(
            &engine,
            post(&format!("/api/v1/payments{slash}"), EXAMPLE_REQUEST),
        )
        .await;
        assert_eq!(made.status(), StatusCode::CREATED);
        let (status, body) = status_and_json(&engine, get(&format!("{PATH}{NUMBER}{slash}"))).await;
        assert_eq!((status, &body["status"]), (StatusCode::OK, &json!("pending")));
        let cancel = post(&format!("{PATH}{NUMBER}/cancel{slash}"), Body::empty());
        let (status, body) = status_and_json(&engine, cancel).await;
        assert_eq!((status, &body["status"]), (StatusCode::OK, &json!("cancelled")));
        let schema = Request::get(format!("/api/v1/schema{slash}")).body(Body::empty());
        let (status, body) = status_and_json(&engine, schema.unwrap()).await;
        assert_eq!((status, &body["openapi"]), (StatusCode::OK, &json!("3.0.3")));
    }
}

#[tokio::test]
async fn a_key_that_is_not_right_is_refused_before_the_body_is_looked_at() {
    let engine = answering();
    let touched = Arc::new(AtomicBool::new(false));
    let (long, bearer) = (format!("pk_{}", "a".repeat(300)), format!("Bearer {KEY}"));
    for keys in [
        vec![],
        vec![""],
        vec!["pk_wrong"],
        vec![KEY, KEY],
        vec!["\u{e9}"],
        vec![&long],
        vec![&bearer],
    ] {
        let flag = Arc::clone(&touched);
        let body = stream::once(async move {
            flag.store(true, Ordering::Relaxed);
            Ok::<_, std::io::Error>("{not json")
        });
        let mut request = Request::post(PATH).body(Body::from_stream(body)).unwrap();
        for key in &keys {
            request.headers_mut().append("x-api-key", key.parse().unwrap());
        }
        let (status, body) = status_and_json(&engine, request).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{keys:?}");
        assert_eq!(body, json!({"detail": "Missing or invalid X-API-Key."}));
    }
    assert!(!touched.load(Ordering::Relaxed));
    assert!(engine.created.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_is_no_payment_number_is_no_payment() {
    for path in [
        "PAY-2026-000124",
        "x",
        "%ff",
        "%00",
        "..%2f..%2fetc",
        "pay-2026-000123",
    ] {
        for request in [
            get(&format!("{PATH}{path}/")),
            post(&format!("{PATH}{path}/cancel/"), Body::empty()),
        ] {
            let (status, body) = status_and_json(&answering(), request).await;
            assert_eq!(
                (status, body),
                (StatusCode::NOT_FOUND, json!({"detail": "Not found."})),
                "{path}"
            );
        }
        let unknown = Request::get(format!("{PATH}{path}/"))
            .body(Body::empty())
            .unwrap();
        let (status, _) = status_and_json(&answering(), unknown).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test]
async fn every_refusal_of_the_engine_has_its_row_on_the_page() {
    type Row = (fn() -> GatewayError, u16, Value, Option<&'static str>);
    let service = |error: &str, code: &str| json!({"error": error, "code": code});
    let rows: [Row; 12] = [
        (
            || GatewayError::NoAddress {
                network: "bsc".into(),
                currency: "usdt".into(),
            },
            400,
            service(
                "no receive address for bsc/usdt: add one under Addresses or with `payd address add`",
                "NoAddressConfiguredError",
            ),
            None,
        ),
        (
            || GatewayError::AllAddressesHeld,
            503,
            service(
                "every receive address is held by another payment; retry shortly or add more addresses",
                "all_addresses_held",
            ),
            Some("30"),
        ),
        (
            || GatewayError::UnknownNetwork {
                known: "bsc, tron".into(),
            },
            400,
            json!({"errors": {"network": ["unknown network; use one of: bsc, tron"]}}),
            None,
        ),
        (
            || GatewayError::UnknownCurrency {
                network: "bsc".into(),
                known: "usdt".into(),
            },
            400,
            json!({"errors": {"currency": ["unknown currency on bsc; use one of: usdt"]}}),
            None,
        ),
        (
            || GatewayError::AmountTooLarge,
            400,
            json!({"errors": {"amount_usd_cents": ["the amount is too large"]}}),
            None,
        ),
        (
            || GatewayError::NoRate {
                symbol: "BNB".into(),
                fiat: "USD".into(),
                reason: "the sources disagree".into(),
            },
            503,
            service(
                "no exchange rate for BNB in USD: the sources disagree",
                "rate_unavailable",
            ),
            None,
        ),
        (
            || GatewayError::Busy,
            503,
            service("payd is busy; retry shortly", "busy"),
            Some("1"),
        ),
        (
            || GatewayError::NotRecorded,
            503,
            service(
                "payd cannot record anything right now, and nothing was done; its operator has to see to it; retry later",
                "storage_unavailable",
            ),
            Some("30"),
        ),
        (
            || GatewayError::IdempotencyConflict,
            409,
            service(
                "this Idempotency-Key was already used with a different request body",
                "idempotency_conflict",
            ),
            None,
        ),
        (
            || GatewayError::NotCancellable {
                status: "paid".into(),
            },
            409,
            service(
                "a payment that is paid can no longer be cancelled",
                "not_cancellable",
            ),
            None,
        ),
        (
            || GatewayError::NotFound,
            404,
            json!({"detail": "Not found."}),
            None,
        ),
        (
            || GatewayError::Internal("disk image is malformed at /secret".into()),
            500,
            service(
                "payd could not do this because of an internal error; its log has the cause under this x-request-id",
                "internal_error",
            ),
            None,
        ),
    ];
    for (refuse, status, body, retry_after) in rows {
        let engine = FakeEngine::new(Does::Refuses(refuse));
        for request in [
            post(PATH, EXAMPLE_REQUEST),
            get(&format!("{PATH}{NUMBER}/")),
            post(&format!("{PATH}{NUMBER}/cancel/"), Body::empty()),
        ] {
            let response = call(&engine, request).await;
            assert_eq!(response.status(), status, "{body}");
            let wait = response.headers().get(header::RETRY_AFTER).cloned();
            assert_eq!(
                wait.as_ref().map(|wait| wait.to_str().unwrap()),
                retry_after,
                "{body}"
            );
            assert_eq!(
                serde_json::from_str::<Value>(&text(response).await).unwrap(),
                body
            );
        }
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_unread() {
    let engine = answering();
    for length in [BODY_BYTES_MAX + 1, 10 * 1024 * 1024] {
        let (status, body) = status_and_json(&engine, post(PATH, vec![b' '; length])).await;
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(body["code"], "body_too_large");
    }
    let padded = format!(
        "{EXAMPLE_REQUEST}{}",
        " ".repeat(BODY_BYTES_MAX - EXAMPLE_REQUEST.len())
    );
    assert_eq!(
        call(&engine, post(PATH, padded)).await.status(),
        StatusCode::CREATED
    );
}

#[tokio::test]
async fn an_idempotency_key_is_passed_on_with_what_the_request_means() {
    let engine = answering();
    let rewritten = r#"{"currency":"usdt","metadata":{"sku":"GOLD\u002dPLAN"},"network":"bsc","extra":1,
        "redirect_url":"https:\/\/merchant.com/orders/9837/thanks","customer_email":"jo@example.com",
        "external_order_id":"order-9837","amount_usd_cents":5000}"#;
    let others = [
        ("5000", "5001"),
        ("order-9837", "order-9838"),
        ("jo@", "jo.@x."),
        ("thanks", "thanks/"),
        ("GOLD", "gold"),
    ];
    let others = others.map(|(from, to)| EXAMPLE_REQUEST.replacen(from, to, 1).replace(".@x.", "e@"));
    for body in [EXAMPLE_REQUEST, rewritten]
        .into_iter()
        .chain(others.iter().map(String::as_str))
    {
        let mut request = post(PATH, body.to_owned());
        request
            .headers_mut()
            .insert("Idempotency-Key", "order-9837".parse().unwrap());
        assert_eq!(
            call(&engine, request).await.status(),
            StatusCode::CREATED,
            "{body}"
        );
    }
    let created = engine.created.lock().unwrap();
    let keys: Vec<_> = created
        .iter()
        .map(|request| request.idempotency.clone().unwrap())
        .collect();
    assert!(keys.iter().all(|idempotency| idempotency.key == "order-9837"));
    assert_eq!(keys[0], keys[1]);
    let distinct: BTreeSet<_> = keys[1..]
        .iter()
        .map(|idempotency| idempotency.body_hash)
        .collect();
    assert_eq!(distinct.len(), 6);
}

#[tokio::test]
async fn a_replay_is_answered_with_200_and_says_so() {
    let engine = FakeEngine::new(Does::Answers { replayed: true });
    let response = call(&engine, post(PATH, EXAMPLE_REQUEST)).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["idempotent-replayed"], "true");
    assert_eq!(text(response).await, compact(EXAMPLE_RESPONSE));
}

#[tokio::test]
async fn an_idempotency_key_is_one_visible_word() {
    let (longest, too_long) = ("k".repeat(255), "k".repeat(256));
    for (keys, status) in [
        (vec!["7f9c-~!"], StatusCode::CREATED),
        (vec![&longest], StatusCode::CREATED),
        (vec![""], StatusCode::BAD_REQUEST),
        (vec!["a b"], StatusCode::BAD_REQUEST),
        (vec!["a\tb"], StatusCode::BAD_REQUEST),
        (vec!["\u{e9}"], StatusCode::BAD_REQUEST),
        (vec![&too_long], StatusCode::BAD_REQUEST),
        (vec!["a", "a"], StatusCode::BAD_REQUEST),
    ] {
        let mut request = post(PATH, EXAMPLE_REQUEST);
        for key in &keys {
            request
                .headers_mut()
                .append("idempotency-key", key.parse().unwrap());
        }
        let (answered, body) = status_and_json(&answering(), request).await;
        assert_eq!(answered, status, "{keys:?}");
        if status == StatusCode::BAD_REQUEST {
            assert_eq!(body["code"], "invalid_idempotency_key");
        }
    }
}

#[tokio::test]
async fn metadata_comes_back_byte_for_byte() {
    for metadata in [
        r#"{}"#,
        r#"{ "b" : 1.10, "a":1e400,"a":[ ] }"#,
        r#"{"n":123456789012345678901234567890.000,"é":"\u00e9\/"}"#,
    ] {
        let body = EXAMPLE_REQUEST.replace(r#"{ "sku": "GOLD-PLAN" }"#, metadata);
        let response = call(&answering(), post(PATH, body)).await;
        assert_eq!(response.status(), StatusCode::CREATED);
        assert!(
            text(response)
                .await
                .contains(&format!(",\"metadata\":{metadata},")),
            "{metadata}"
        );
    }
}
