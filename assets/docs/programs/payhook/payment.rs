//! Makes a payment, prints where to send the customer, and reads where the payment stands.
//! Run it on your server only: whoever has the key can make payments in your name.
//!
//!     cargo add reqwest serde_json tokio --features tokio/full

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::{Client, Method};
use serde_json::{Value, json};

const URL: &str = "https://pay.example.com";
const API_KEY: &str = "pk_your_key";

type Failure = Box<dyn std::error::Error>;

/// Sends a call and gives its answer.
async fn call(method: Method, path: &str, body: String, order: &str) -> Result<Value, Failure> {
    let request = Client::builder()
        .timeout(Duration::from_secs(30))
        .build()?
        .request(method, format!("{URL}{path}"))
        .header("Content-Type", "application/json")
        .header("X-API-Key", API_KEY)
        // Makes a retry safe: the same key gives the same payment, never a second one.
        .header("Idempotency-Key", order)
        .body(body);
    let response = request.send().await?;
    let (status, text) = (response.status(), response.text().await?);
    if !status.is_success() {
        return Err(format!("{status}: {text}").into());
    }
    Ok(serde_json::from_str(&text)?)
}

/// A text of an answer; empty when there is none.
fn text<'a>(answer: &'a Value, pointer: &str) -> &'a str {
    answer
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let order = format!(
        "order-{}",
        SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos()
    );
    let sent = json!({
        "amount_usd_cents": 5000,
        "network": "tron",
        "currency": "usdt",
        "external_order_id": order,
    });
    let made = call(Method::POST, "/api/v1/payments/", sent.to_string(), &order).await?;
    println!("{}", text(&made, "/checkout_url"));

    let path = format!("/api/v1/payments/{}/", text(&made, "/payment_number"));
    let found = call(Method::GET, &path, String::new(), &order).await?;
    println!("{}", text(&found, "/status"));
    Ok(())
}
