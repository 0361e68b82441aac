//! What holds for all APIs alike.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt;

use super::{crypto_pay, payhook, signing};
use crate::domain::shop::Dialect;
use crate::engine::stage::Stage;
use crate::web::limits::Limits;

const BODY_BYTES_MAX: usize = 64 * 1024;

#[tokio::test]
async fn a_disabled_store_is_refused_by_every_api() {
    let stage = Stage::new();
    let shop = stage.shop(Dialect::Payhook).await;
    let (gateway, url) = (stage.gateway.clone(), "https://pay.example.com");
    let limits = Arc::new(Limits::none());
    let routes = payhook::router(
        Arc::new(gateway.clone()),
        Arc::clone(&limits),
        url,
        BODY_BYTES_MAX,
    )
    .merge(crypto_pay::router(gateway, limits, url, BODY_BYTES_MAX));
    let order =
        r#"{"amount_usd_cents":5000,"network":"bsc","currency":"usdt","order_id":"1","amount":"50.00"}"#;
    let signed =
        |body: &str| hex::encode(signing::mac(shop.live.secret.as_bytes(), &[body.as_bytes()]).unwrap());
    let calls = [
        ("POST", "/api/v1/payments/".to_owned(), order),
        ("GET", "/api/v1/payments/PAY-2027-000001/".to_owned(), ""),
        ("POST", "/api/v1/payments/PAY-2027-000001/cancel/".to_owned(), ""),
        ("POST", "/api/create-payment.php".to_owned(), order),
        ("GET", "/api/payment-status.php?payment_id=1".to_owned(), ""),
    ];
    for is_disabled in [false, true] {
        stage
            .change(&shop, move |shop| {
                shop.disabled_at = is_disabled.then_some(shop.created_at)
            })
            .await;
        for (method, path, body) in &calls {
            let request = Request::builder()
                .method(*method)
                .uri(path)
                .header("x-api-key", &shop.live.key)
                .header("x-signature", signed(body));
            let response = routes
                .clone()
                .oneshot(request.body(Body::from(*body)).unwrap())
                .await
                .unwrap();
            let status = response.status();
            assert_eq!(
                status == StatusCode::FORBIDDEN,
                is_disabled,
                "{method} {path}: {status}"
            );
            let body = axum::body::to_bytes(response.into_body(), BODY_BYTES_MAX)
                .await
                .unwrap();
            let body: Value = serde_json::from_slice(&body).unwrap();
            if is_disabled && path.contains("/v1/") {
                assert_eq!(body["code"], "store_disabled");
            }
        }
    }
}
