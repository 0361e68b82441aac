//! What holds for all APIs alike.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt;

use super::{crypto_pay, cryptopayment, payhook, signing, soko};
use crate::domain::network::Mode;
use crate::domain::shop::Dialect;
use crate::engine::stage::{Key, START, Stage};
use crate::web::limits::Limits;

const BODY_BYTES_MAX: usize = 64 * 1024;

/// Serves as the body of every create call.
const ORDER: &str =
    r#"{"amount_usd_cents":5000,"network":"bsc","currency":"usdt","order_id":"1","amount":"50.00"}"#;

/// Calls of every API.
const CALLS: [(&str, &str, &str); 11] = [
    ("POST", "/api/v1/payments/", ORDER),
    ("GET", "/api/v1/payments/PAY-2027-000001/", ""),
    ("POST", "/api/v1/payments/PAY-2027-000001/cancel/", ""),
    ("POST", "/api/create-payment.php", ORDER),
    ("GET", "/api/payment-status.php?payment_id=1", ""),
    ("POST", "/api/v1/payment/create", ORDER),
    ("GET", "/api/v1/payments", ""),
    ("GET", "/api/v1/merchant/balance", ""),
    ("POST", "/api/v1/invoices", ORDER),
    ("GET", "/api/v1/invoices", ""),
    ("GET", "/api/v1/balances", ""),
];

fn routes(stage: &Stage) -> Router {
    let (gateway, url) = (|| stage.gateway.clone(), "https://pay.example.com");
    let limits = || Arc::new(Limits::none());
    let clock = stage.clock.clone();
    payhook::router(Arc::new(gateway()), limits(), url, BODY_BYTES_MAX)
        .merge(crypto_pay::router(gateway(), limits(), url, BODY_BYTES_MAX))
        .merge(cryptopayment::router(gateway(), limits(), url, BODY_BYTES_MAX))
        .merge(soko::router(gateway(), clock, limits(), url, BODY_BYTES_MAX))
}

/// Calls with everything that any API asks of a caller.
async fn call(routes: &Router, key: &Key, (method, path, body): (&str, &str, &str)) -> (StatusCode, Value) {
    let timestamp = START.seconds().to_string();
    let of_soko = [
        timestamp.as_bytes(),
        method.as_bytes(),
        path.as_bytes(),
        body.as_bytes(),
    ];
    let of_crypto_pay = [body.as_bytes()];
    let parts = if path.contains(".php") {
        &of_crypto_pay[..]
    } else {
        &of_soko[..]
    };
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("x-api-key", &key.key)
        .header("x-timestamp", &timestamp)
        .header(
            "x-signature",
            hex::encode(signing::mac(key.secret.as_bytes(), parts).unwrap()),
        )
        .header("authorization", format!("Bearer {}:{}", key.key, key.secret));
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let response = routes.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), BODY_BYTES_MAX)
        .await
        .unwrap();
    (status, serde_json::from_slice(&body).unwrap())
}

#[tokio::test]
async fn a_disabled_store_is_refused_by_every_api() {
    let stage = Stage::new();
    let shop = stage.shop(Dialect::Payhook).await;
    let routes = routes(&stage);
    for is_disabled in [false, true] {
        stage
            .change(&shop, move |shop| {
                shop.disabled_at = is_disabled.then_some(shop.created_at)
            })
            .await;
        for of in CALLS {
            let (status, body) = call(&routes, &shop.live, of).await;
            assert_eq!(status == StatusCode::FORBIDDEN, is_disabled, "{of:?}: {status}");
            if is_disabled && of.1.starts_with("/api/v1/payments/") {
                assert_eq!(body["code"], "store_disabled");
            }
        }
    }
}

#[tokio::test]
async fn a_project_in_test_mode_takes_its_live_key_in_no_api() {
    let stage = Stage::new();
    let shop = stage.shop(Dialect::CryptoPay).await;
    let routes = routes(&stage);
    for mode in [Mode::Live, Mode::Test] {
        stage.change(&shop, move |shop| shop.mode = mode).await;
        for of in CALLS {
            let (status, body) = call(&routes, &shop.live, of).await;
            assert_eq!(
                status == StatusCode::FORBIDDEN,
                mode == Mode::Test,
                "{of:?}: {body}"
            );
            let (status, body) = call(&routes, &shop.test, of).await;
            assert_ne!(status, StatusCode::FORBIDDEN, "{of:?}: {body}");
        }
    }
}
