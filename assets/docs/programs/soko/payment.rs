//! Makes a payment, prints where to send the customer, and reads where the payment stands.
//! Run it on your server only: whoever has the key can make payments in your name.
//!
//!     cargo add hex hmac reqwest serde_json sha2 tokio --features tokio/full

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use sha2::Sha256;

const URL: &str = "https://pay.example.com";
const API_KEY: &str = "pk_your_key";
const API_SECRET: &str = "sk_your_secret";

type Failure = Box<dyn std::error::Error>;

/// Sends a call and gives its answer.
async fn call(method: Method, path: &str, body: String) -> Result<Value, Failure> {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)?
        .as_secs()
        .to_string();
    // The signature covers time, method, path and body.
    let signature = sign(&format!("{now}{method}{path}{body}"))?;
    let request = Client::builder()
        .timeout(Duration::from_secs(30))
        .build()?
        .request(method, format!("{URL}{path}"))
        .header("Content-Type", "application/json")
        .header("X-Api-Key", API_KEY)
        .header("X-Timestamp", &now)
        .header("X-Signature", signature)
        .body(body);
    let response = request.send().await?;
    let (status, text) = (response.status(), response.text().await?);
    if !status.is_success() {
        return Err(format!("{status}: {text}").into());
    }
    Ok(serde_json::from_str(&text)?)
}

/// The hex HMAC-SHA256 of a text.
fn sign(text: &str) -> Result<String, Failure> {
    let mut mac = Hmac::<Sha256>::new_from_slice(API_SECRET.as_bytes())?;
    mac.update(text.as_bytes());
    Ok(hex::encode(mac.finalize().into_bytes()))
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
        "amount": "100.00",
        "currency": "USDT_TRC20",
        "order_id": order,
        "metadata": { "customer": 42 },
    });
    let created = call(Method::POST, "/api/v1/payment/create", sent.to_string()).await?;
    println!("{}", text(&created, "/data/payment_url"));

    let path = format!("/api/v1/payment/{}", text(&created, "/data/payment_id"));
    let found = call(Method::GET, &path, String::new()).await?;
    println!("{}", text(&found, "/data/status"));
    Ok(())
}
