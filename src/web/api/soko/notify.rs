//! soko's webhooks (the page's "Webhooks"): body, headers, acknowledgement, retries.
//!
//! What the page leaves open: what is not known is `null`; of a payment whose customer was never told what to send, the
//! amount is the price as it was stated and there is no currency; a payment that the merchant cancels has expired, as it
//! has in the answers; every 2xx acknowledges.

use std::time::Duration;

use serde::Serialize;
use serde_json::value::RawValue;

use super::wire;
use crate::domain::event::EventKind;
use crate::domain::shop::Format;
use crate::domain::status::Status;
use crate::outbox::format::{Notice, Post, PostError, Sending, TEST_EVENT, Verdict, WebhookFormat};
use crate::web::api::number::Number;
use crate::web::api::signing::{TIME_Z, json, mac, metadata, write_time};

/// soko's webhook format.
#[derive(Debug, Clone, Copy, Default)]
pub struct SokoNotify;

/// The body, in the order of its fields.
#[derive(Serialize)]
struct Body<'a> {
    event: &'static str,
    payment_id: &'a str,
    order_id: Option<&'a str>,
    amount: Number,
    amount_received: Number,
    currency: Option<&'a str>,
    tx_hash: Option<&'a str>,
    confirmed_at: Option<String>,
    status: &'static str,
    metadata: &'a RawValue,
}

/// The body of a test post: nothing in it can be taken for a payment.
#[derive(Serialize)]
struct TestBody {
    event: &'static str,
    test: bool,
    message: &'static str,
    sent_at: String,
}

/// Of what changes, the body tells the event's moment: a retry has the same bytes as the first attempt.
fn body(notice: &Notice) -> Result<Vec<u8>, PostError> {
    let Notice { event, payment, .. } = notice;
    let asked = notice.asked();
    let is_overpaid = asked.is_some_and(|(ask, _)| event.received > ask.due);
    let confirmed_at = payment.confirmed_at.filter(|_| event.status == Status::Paid);
    json(&Body {
        event: event_name(event.kind),
        payment_id: payment.uuid.as_str(),
        order_id: wire::given(&payment.order.external_id),
        amount: asked.map_or_else(
            || wire::price_number(&payment.price, notice.price_asset.as_deref()),
            |(ask, means)| Number::of_asset(ask.due, &means.asset),
        ),
        amount_received: asked.map_or_else(wire::nothing, |(_, means)| Number::of_asset(event.received, &means.asset)),
        currency: asked.map(|(_, means)| &*means.code),
        tx_hash: wire::given(&event.txid),
        confirmed_at: confirmed_at.map(|at| write_time(at, TIME_Z)).transpose()?,
        status: wire::status_word(event.status, is_overpaid),
        metadata: metadata(&payment.order.metadata)?,
    })
}

/// The event's name on the wire. Those that the page does not have keep payd's: only who asked for them gets them.
const fn event_name(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Confirmed => "payment.completed",
        EventKind::Cancelled => EventKind::Expired.word(),
        kind => kind.word(),
    }
}

impl WebhookFormat for SokoNotify {
    fn format(&self) -> Format {
        Format::Soko
    }

    fn default_events(&self) -> &'static [EventKind] {
        &[
            EventKind::Confirming,
            EventKind::Confirmed,
            EventKind::Underpaid,
            EventKind::Expired,
            EventKind::Cancelled,
        ]
    }

    fn post(&self, notice: &Notice, sending: &Sending<'_>) -> Result<Post, PostError> {
        signed(body(notice)?, sending)
    }

    fn test_post(&self, sending: &Sending<'_>) -> Result<Post, PostError> {
        let body = json(&TestBody {
            event: TEST_EVENT,
            test: true,
            message: "a test sent by the operator; no payment has changed",
            sent_at: write_time(sending.now, TIME_Z)?,
        })?;
        signed(body, sending)
    }

    /// 2xx is received; the page knows no answer that ends the retries.
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

/// "up to 5 times with exponential backoff (1m, 5m, 30m, 2h, 12h)"
const WAITS: &[Duration] = &[
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 60 * 60),
    Duration::from_secs(12 * 60 * 60),
];

/// Signs `{timestamp}{body}` with the secret's text as the key.
fn signed(body: Vec<u8>, sending: &Sending<'_>) -> Result<Post, PostError> {
    if sending.secret.is_empty() {
        return Err(PostError::Secret("it is empty"));
    }
    let timestamp = sending.now.seconds().to_string();
    let mac = mac(sending.secret.as_bytes(), &[timestamp.as_bytes(), &body])?;
    Ok(Post {
        headers: vec![
            ("Content-Type", "application/json".to_owned()),
            ("X-Signature", hex::encode(mac)),
            ("X-Timestamp", timestamp),
        ],
        body,
    })
}
