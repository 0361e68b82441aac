//! An HTTP server that checks a signature, reads JSON and answers JSON of the same shape as payd's.

use std::path::Path;
use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::routing::post;
use axum::serve::ListenerExt as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::Sha256;
use tokio::net::TcpListener;

use super::rows::{GROUP_MAX, NewRow, Rows};

#[derive(Clone)]
struct Site {
    secret: Arc<str>,
    rows: Option<Rows>,
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    fiat_amount: &'a RawValue,
    order_id: String,
    #[serde(borrow)]
    metadata: &'a RawValue,
}

#[derive(Serialize)]
struct Answer {
    success: bool,
    data: Data,
}

#[derive(Serialize)]
struct Data {
    payment_id: String,
    amount: String,
    currency: &'static str,
    pay_address: &'static str,
    status: &'static str,
    expires_at: &'static str,
    payment_url: String,
}

pub(super) async fn run(port: u16, secret: &str, database: Option<&Path>) {
    let site = Site {
        secret: secret.into(),
        rows: database.map(|database| Rows::open(database, GROUP_MAX)),
    };
    let routes = Router::new()
        .route("/api/v1/payment/create", post(create))
        .with_state(site);
    let listener = TcpListener::bind(("127.0.0.1", port)).await.expect("a free port");
    let listener = listener.tap_io(|stream| stream.set_nodelay(true).unwrap());
    axum::serve(listener, routes).await.expect("a server");
}

async fn create(
    State(site): State<Site>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Answer>, StatusCode> {
    if !is_signed(&site, &method, &uri, &headers, &body) {
        return Err(StatusCode::FORBIDDEN);
    }
    let read: Body<'_> = serde_json::from_slice(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
    let amount = read.fiat_amount.get().to_owned();
    let number = match &site.rows {
        Some(rows) => {
            let row = NewRow {
                order_id: read.order_id,
                amount: amount.clone(),
                metadata: read.metadata.get().to_owned(),
            };
            rows.insert(row).await
        }
        None => 1,
    };
    Ok(Json(Answer {
        success: true,
        data: Data {
            payment_id: format!("6f1c9a34-5b7e-4d21-9c0f-{number:012}"),
            amount,
            currency: "USDT_BEP20",
            pay_address: "0x742d35Cc6634C0532925a3b844Bc9e7595f7E5a3",
            status: "pending",
            expires_at: "2026-05-24T12:05:00Z",
            payment_url: format!("http://127.0.0.1/pay/{number:064}"),
        },
    }))
}

fn is_signed(site: &Site, method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let (Some(_), Some(timestamp), Some(signature)) =
        (text("x-api-key"), text("x-timestamp"), text("x-signature"))
    else {
        return false;
    };
    let mut sent = [0; 32];
    if hex::decode_to_slice(signature, &mut sent).is_err() {
        return false;
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(site.secret.as_bytes()).unwrap();
    for part in [timestamp, method.as_str(), uri.path()] {
        mac.update(part.as_bytes());
    }
    mac.update(body);
    mac.verify_slice(&sent).is_ok()
}
