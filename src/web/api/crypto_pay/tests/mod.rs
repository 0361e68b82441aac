//! The two calls against a real engine, through the router.

mod attacks;
mod refusals;
mod replies;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::domain::address::Address;
use crate::domain::network::Mode;
use crate::domain::shop::Dialect;
use crate::domain::wallet::Slots;
use crate::engine::stage::{Key, Stage, StagedShop};
use crate::engine::wallets::{self, Choice};
use crate::web::api::signing;
use crate::web::limits::{ClientAddress, Limits};

const CREATE: &str = "/api/create-payment.php";
const STATUS: &str = "/api/payment-status.php";
const PUBLIC_URL: &str = "https://crypto-pay.one";
const BODY_BYTES_MAX: usize = 64 * 1024;

/// The body of the pages' example.
const EXAMPLE: &str = r#"{"order_id":"ORDER_12345","amount":"50.00","description":"Service payment","success_url":"https://merchant-site.com/success","fail_url":"https://merchant-site.com/fail"}"#;

/// An answer.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    fn payment_id(&self) -> String {
        self.json()["payment"]["payment_id"].to_string()
    }

    /// Its status and its error, which has the pages' shape.
    fn refused(&self) -> (u16, String) {
        let body = self.json();
        let error = body["error"].as_str().unwrap().to_owned();
        assert_eq!(self.text, format!(r#"{{"ok":false,"error":{}}}"#, json!(error)));
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/json");
        (self.status.as_u16(), error)
    }
}

/// A crypto-pay project on the page's web site, in live mode, and the routes to it.
async fn project() -> (Stage, StagedShop, Router) {
    let stage = Stage::new();
    let shop = stage.shop(Dialect::CryptoPay).await;
    let site = Some("https://merchant-site.com".to_owned());
    stage
        .change(&shop, |shop| {
            shop.website = site;
            shop.mode = Mode::Live;
        })
        .await;
    let routes = routes(&stage);
    (stage, shop, routes)
}

/// Has a shop receive on live TRON at one address, which is given back.
async fn share(stage: &Stage, shop: &StagedShop, slots: Option<Slots>) -> String {
    let caller = stage.gateway.authenticate(&shop.live.key, None).await.unwrap();
    let network = stage
        .engine
        .registry
        .network_by_slug("tron", Mode::Live)
        .unwrap()
        .clone();
    let address = Address::from_tron_account([0x51; 20]);
    let text = address.text().to_string();
    stage
        .write(move |txn| {
            let choice = Choice::Shared { address, slots };
            let now = caller.shop.created_at;
            wallets::set(txn, &caller.shop, &network, std::iter::empty(), &choice, now).unwrap();
            Ok(())
        })
        .await;
    text
}

fn routes(stage: &Stage) -> Router {
    let limits = Arc::new(Limits::new(stage.clock.clone()));
    super::router(
        stage.gateway.clone(),
        limits,
        &format!("{PUBLIC_URL}/"),
        BODY_BYTES_MAX,
    )
}

fn signature(secret: &str, body: &[u8]) -> String {
    hex::encode(signing::mac(secret.as_bytes(), &[body]).unwrap())
}

/// A call of a client that has not called before.
async fn send(routes: &Router, request: Request<Body>) -> Answer {
    static CLIENTS: AtomicU32 = AtomicU32::new(0x0a00_0000);
    let client = Ipv4Addr::from(CLIENTS.fetch_add(1, Ordering::Relaxed));
    send_from(routes, client, request).await
}

async fn send_from(routes: &Router, client: Ipv4Addr, mut request: Request<Body>) -> Answer {
    request
        .extensions_mut()
        .insert(ClientAddress::from(IpAddr::from(client)));
    let response = routes.clone().oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    Answer {
        status: head.status,
        headers: head.headers,
        text: String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

/// A create call with any key and signature.
async fn post(routes: &Router, key: &str, signature: &str, body: impl Into<Vec<u8>>) -> Answer {
    let request = Request::post(CREATE)
        .header("Content-Type", "application/json")
        .header("X-API-Key", key)
        .header("X-Signature", signature);
    send(routes, request.body(Body::from(body.into())).unwrap()).await
}

/// A create call as the pages sign it.
async fn create(routes: &Router, key: &Key, body: &str) -> Answer {
    post(routes, &key.key, &signature(&key.secret, body.as_bytes()), body).await
}

/// A status call with this query, signed as there is no body.
async fn ask(routes: &Router, key: &Key, query: &str) -> Answer {
    let request = Request::get(format!("{STATUS}{query}"))
        .header("X-API-Key", &key.key)
        .header("X-Signature", signature(&key.secret, b""));
    send(routes, request.body(Body::empty()).unwrap()).await
}

async fn status_of(routes: &Router, key: &Key, payment_id: &str) -> Answer {
    ask(routes, key, &format!("?payment_id={payment_id}")).await
}

/// The example with other values, or without a field where there is `null` for it.
fn example_with(changes: &Value) -> String {
    let mut body: Value = serde_json::from_str(EXAMPLE).unwrap();
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body.to_string()
}
