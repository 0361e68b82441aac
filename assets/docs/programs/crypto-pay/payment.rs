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
    let request = Client::builder()
        .timeout(Duration::from_secs(30))
        .build()?
        .request(method, format!("{URL}{path}"))
        .header("Content-Type", "application/json")
        .header("X-API-Key", API_KEY)
        // Over the bytes that are sent; of a call without a body, over nothing.
        .header("X-Signature", sign(&body)?)
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
        "order_id": order,
        "amount": "50.00",
        "description": "Two bags of coffee",
    });
    let created = call(Method::POST, "/api/create-payment.php", sent.to_string()).await?;
    println!("{}", text(&created, "/payment/payment_url"));

    let id = created.pointer("/payment/payment_id").and_then(Value::as_u64);
    let path = format!("/api/payment-status.php?payment_id={}", id.unwrap_or_default());
    let found = call(Method::GET, &path, String::new()).await?;
    println!("{}", text(&found, "/payment/status"));
    Ok(())
}
