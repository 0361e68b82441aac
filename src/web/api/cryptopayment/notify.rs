//! CryptoPayment's webhooks (the page's "Webhook Events" and "Verify Webhook Signature"): the body with its signature
//! inside, acknowledgement, retries.
//!
//! The signature covers the invoice and the event, not the rest of the body: the page has it so. A shop that wants to be
//! sure of an amount asks for the invoice.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use zeroize::Zeroizing;

use super::wire::{amount, coin, given, network_word, nothing, status_word, usd};
use crate::domain::event::EventKind;
use crate::domain::network::Mode;
use crate::domain::shop::Format;
use crate::outbox::format::{Notice, Post, PostError, Sending, TEST_EVENT, Verdict, WebhookFormat};
use crate::web::api::number::Number;
use crate::web::api::signing::{TIME_OFFSET, json, mac, write_time};

/// A key shorter than this can be guessed.
const KEY_BYTES_MIN: usize = 16;

/// CryptoPayment's webhook format.
#[derive(Debug, Clone, Copy, Default)]
pub struct CryptopaymentNotify;

/// The body, in the order of its fields. Numbers are decimals.
#[derive(Serialize)]
struct Body<'a> {
    event: &'static str,
    invoice_id: &'a str,
    order_id: Option<&'a str>,
    status: &'static str,
    network: Option<String>,
    coin: Option<String>,
    amount_usd: Option<Number>,
    amount_crypto: Option<Number>,
    paid_amount: Number,
    txid: Option<&'a str>,
    confirmations: u32,
    address: Option<&'a str>,
    timestamp: String,
    signature: String,
}

/// The body of a test post: no invoice, and an event that no invoice has.
#[derive(Serialize)]
struct TestBody {
    event: &'static str,
    /// Empty: what is signed is read from here.
    invoice_id: &'static str,
    test: bool,
    message: &'static str,
    timestamp: String,
    signature: String,
}

/// The event's name on the wire. The page has two; an endpoint that asked for others gets them in payd's words.
const fn event_name(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Confirming => "payment.detected",
        EventKind::Created
        | EventKind::Pending
        | EventKind::Confirmed
        | EventKind::Underpaid
        | EventKind::Expired
        | EventKind::Cancelled
        | EventKind::Reverted
        | EventKind::Late
        | EventKind::Attached
        | EventKind::Reorged => kind.word(),
    }
}

/// Of what changes, the body tells the event's moment: a retry has the same bytes as the first attempt.
fn body(notice: &Notice, secret: &str) -> Result<Vec<u8>, PostError> {
    let Notice { event, payment, .. } = notice;
    let (asked, means) = (notice.asked(), notice.means.as_ref());
    let (name, id) = (event_name(event.kind), payment.uuid.as_str());
    json(&Body {
        event: name,
        invoice_id: id,
        order_id: given(&payment.order.external_id),
        status: status_word(event.status),
        network: means.map(network_word),
        coin: means.map(coin),
        amount_usd: payment.usd_cents.map(usd),
        amount_crypto: asked.map(|(ask, means)| amount(ask.due, &means.asset)),
        paid_amount: means.map_or_else(nothing, |means| amount(event.received, &means.asset)),
        txid: given(&event.txid),
        confirmations: event.confirmations,
        address: asked.map(|(ask, _)| &*ask.address),
        timestamp: write_time(event.at, TIME_OFFSET)?,
        signature: signature(secret, id, name)?,
    })
}

/// Hex HMAC-SHA256 of `{invoice_id}.{event}` under the decoded APP_KEY.
fn signature(secret: &str, invoice_id: &str, event: &str) -> Result<String, PostError> {
    let key = STANDARD.decode(secret).map(Zeroizing::new);
    let key = key.map_err(|_| PostError::Secret("the APP_KEY is not base64"))?;
    if key.len() < KEY_BYTES_MIN {
        return Err(PostError::Secret("the APP_KEY is too short"));
    }
    let parts = [invoice_id.as_bytes(), b".", event.as_bytes()];
    Ok(hex::encode(mac(&key, &parts)?))
}

/// The page shows no headers. Whether real money moved is told in one: the page's body knows no test mode.
fn post(body: Vec<u8>, mode: Mode) -> Post {
    Post {
        headers: vec![
            ("Content-Type", "application/json".to_owned()),
            ("X-Payd-Mode", mode.word().to_owned()),
        ],
        body,
    }
}

impl WebhookFormat for CryptopaymentNotify {
    fn format(&self) -> Format {
        Format::Cryptopayment
    }

    fn default_events(&self) -> &'static [EventKind] {
        &[EventKind::Confirming, EventKind::Confirmed]
    }

    fn post(&self, notice: &Notice, sending: &Sending<'_>) -> Result<Post, PostError> {
        Ok(post(body(notice, sending.secret)?, notice.payment.mode))
    }

    fn test_post(&self, sending: &Sending<'_>) -> Result<Post, PostError> {
        let body = json(&TestBody {
            event: TEST_EVENT,
            invoice_id: "",
            test: true,
            message: "a test sent by the operator; no invoice has changed",
            timestamp: write_time(sending.now, TIME_OFFSET)?,
            signature: signature(sending.secret, "", TEST_EVENT)?,
        })?;
        Ok(post(body, Mode::Test))
    }

    /// The page acknowledges with 200; any 2xx is taken for it. It names nothing that is not retried.
    fn verdict(&self, status: u16) -> Verdict {
        match status {
            200..=299 => Verdict::Received,
            _ => Verdict::Retry,
        }
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(10)
    }

    fn waits(&self) -> &'static [Duration] {
        WAITS
    }
}

/// "1min, 5min, 15min, 1h, 6h": five retries after the first attempt.
const WAITS: &[Duration] = &[
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(15 * 60),
    Duration::from_secs(60 * 60),
    Duration::from_secs(6 * 60 * 60),
];
