//! Takes webhooks on port 8000: refuses what is not signed, and says which order is paid.
//!
//!     cargo add axum base64 hmac serde_json sha2 tokio --features tokio/full

use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

const WEBHOOK_SECRET: &str = "whsec_your_secret";

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// Whether a time is within five minutes of now.
fn is_of_now(text: &str) -> Option<()> {
    let (sent, now) = (
        text.parse::<u64>().ok()?,
        SystemTime::now().duration_since(UNIX_EPOCH).ok()?,
    );
    (now.as_secs().abs_diff(sent) <= 300).then_some(())
}

fn genuine(headers: &HeaderMap, body: &[u8]) -> Option<()> {
    let (id, time) = (
        header(headers, "webhook-id"),
        header(headers, "webhook-timestamp"),
    );
    is_of_now(time)?;
    // What follows whsec_ is the key, in base64.
    let key = STANDARD
        .decode(WEBHOOK_SECRET.trim_start_matches("whsec_"))
        .ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{id}.{time}.").as_bytes());
    mac.update(body);
    let signature = header(headers, "webhook-signature").strip_prefix("v1,")?;
    mac.verify_slice(&STANDARD.decode(signature).ok()?).ok()
}

async fn take(headers: HeaderMap, body: Bytes) -> StatusCode {
    if genuine(&headers, &body).is_none() {
        return StatusCode::UNAUTHORIZED;
    }
    let Ok(event) = serde_json::from_slice::<Value>(&body) else {
        return StatusCode::BAD_REQUEST;
    };
    // Store it here. The same webhook can come twice: act on each payment once.
    if event["type"] == "payment.confirmed" {
        let is_test = event["data"]["mode"] == "test";
        let note = if is_test { " (a test: do not deliver)" } else { "" };
        println!(
            "{} is paid{note}",
            event["data"]["external_order_id"].as_str().unwrap_or_default()
        );
    }
    StatusCode::OK
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port = std::env::var("PORT").unwrap_or_else(|_| "8000".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("0.0.0.0:{port}")).await?;
    axum::serve(listener, Router::new().fallback(post(take))).await?;
    Ok(())
}
