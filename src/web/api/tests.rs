//! What holds for all APIs alike.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt;

use super::{crypto_pay, cryptopayment, payhook, signing, soko};
use crate::domain::network::Mode;
use crate::domain::shop::Dialect;
use crate::engine::gateway::GatewayError;
use crate::engine::office::Office;
use crate::engine::office::keys::KeyChange;
use crate::engine::stage::{Key, START, Stage};
use crate::web::limits::{ClientAddress, Limits};

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
async fn call(routes: &Router, key: &Key, call: (&str, &str, &str)) -> (StatusCode, Value) {
    call_from(routes, key, call, None).await
}

/// As [`call`], from this address.
async fn call_from(
    routes: &Router,
    key: &Key,
    (method, path, body): (&str, &str, &str),
    from: Option<&str>,
) -> (StatusCode, Value) {
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
    let mut request = request.body(Body::from(body.to_owned())).unwrap();
    if let Some(from) = from {
        let from: IpAddr = from.parse().unwrap();
        request.extensions_mut().insert(ClientAddress::from(from));
    }
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

#[tokio::test]
async fn a_key_that_is_kept_to_some_addresses_is_from_elsewhere_as_good_as_a_wrong_one_in_every_api() {
    for dialect in Dialect::ALL.iter().copied() {
        let stage = Stage::new();
        let shop = stage.shop(dialect).await;
        // In live mode, live keys are taken.
        stage.change(&shop, |shop| shop.mode = Mode::Live).await;
        let routes = routes(&stage);
        let office = Office::new(Arc::clone(&stage.engine));
        for key in office.keys(shop.id).await.unwrap() {
            let what = KeyChange {
                label: None,
                allowed: Some("203.0.113.7 10.0.0.0/8 2001:db8::1".parse().unwrap()),
            };
            office
                .change_key(office.by("test"), shop.id, key.id, what)
                .await
                .unwrap();
        }
        let wrong = Key {
            key: "pk_none".to_owned(),
            secret: "sk_none".to_owned(),
            ..shop.test.clone()
        };
        for key in [&shop.test, &shop.live] {
            for of in CALLS {
                let refused = call_from(&routes, &wrong, of, Some("203.0.113.7")).await;
                assert!(matches!(refused.0.as_u16(), 401 | 403), "{of:?}: {refused:?}");
                for from in ["203.0.113.7", "10.255.0.1", "::ffff:10.0.0.1", "2001:db8::1"] {
                    let answer = call_from(&routes, key, of, Some(from)).await;
                    assert_ne!(answer, refused, "{dialect} {of:?} from {from}");
                }
                for from in ["203.0.113.8", "198.51.100.1", "2001:db8::2", "127.0.0.1"] {
                    let answer = call_from(&routes, key, of, Some(from)).await;
                    assert_eq!(answer, refused, "{dialect} {of:?} from {from}");
                }
                assert_eq!(
                    call(&routes, key, of).await,
                    refused,
                    "{of:?} from who knows where"
                );
            }
            let from = |ip: &str| Some(ip.parse().unwrap());
            for ip in ["198.51.100.1", "2001:db8::2"] {
                let page = stage.gateway.donation_page(&key.key, from(ip)).await;
                assert!(matches!(page, Err(GatewayError::Unauthorized)), "{dialect}");
                let widget = stage.gateway.widget(&key.key, from(ip)).await;
                assert!(matches!(widget, Err(GatewayError::Unauthorized)), "{dialect}");
            }
            let page = stage.gateway.donation_page(&key.key, from("203.0.113.7")).await;
            assert!(matches!(page, Err(GatewayError::NotOpen(_))), "{dialect}");
        }
    }
}
