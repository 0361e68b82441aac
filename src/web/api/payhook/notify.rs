//! PayHook's webhooks (the page's "Webhooks" and "Verify a signature"): body, headers, acknowledgement, retries.
//!
//! The page shows two bodies, a short one in the example and the one of Retrieve in the text. Both are sent as one:
//! the short one in its order, then what Retrieve has besides. Where both have a name (`currency`,
//! `confirmed_at`), the example wins.

use std::time::Duration;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::domain::event::EventKind;
use crate::domain::money::Fiat;
use crate::domain::shop::Format;
use crate::domain::status::Status;
use crate::outbox::{Notice, Post, PostError, Sending, TEST_EVENT, Verdict, WebhookFormat};
use crate::web::api::signing::{TIME_OFFSET, TIME_Z, json, mac, metadata, write_time};

/// PayHook's webhook format.
#[derive(Debug, Clone)]
pub struct PayhookNotify {
    checkout_base: String,
}

impl PayhookNotify {
    /// `public_url` is where customers reach this payd; the checkout page is at `/pay/<token>` below it.
    #[must_use]
    pub fn new(public_url: &str) -> Self {
        Self {
            checkout_base: format!("{}/pay/", public_url.trim_end_matches('/')),
        }
    }

    fn body(&self, notice: &Notice) -> Result<Vec<u8>, PostError> {
        let Notice {
            event,
            payment,
            network,
            asset,
        } = notice;
        let expected = asset.show(payment.ask.due);
        let received = (!event.received.is_zero()).then(|| asset.show(event.received));
        // Of what changes, the body tells the event's moment: a retry has the same bytes as the first attempt.
        let confirmed_at = payment.confirmed_at.filter(|_| event.status == Status::Paid);
        json(&Body {
            event: event_name(event.kind),
            payment_id: payment.number.as_str(),
            external_order_id: &payment.order.external_id,
            amount: received.as_ref().unwrap_or(&expected),
            currency: asset.symbol.to_uppercase(),
            chain: &network.name,
            tx_hash: &event.txid,
            confirmed_at: confirmed_at.map(|at| write_time(at, TIME_OFFSET)).transpose()?,
            payment_number: payment.number.as_str(),
            status: status_word(event.status),
            network: &network.slug,
            amount_usd_cents: (payment.ask.price.currency == Fiat::Usd).then_some(payment.ask.price.minor),
            expected_crypto_amount: &expected,
            actual_crypto_amount: received.as_deref(),
            assigned_address: &payment.ask.address,
            confirmations: event.confirmations,
            customer_email: &payment.order.customer_email,
            redirect_url: &payment.order.redirect_url,
            metadata: metadata(&payment.order.metadata)?,
            payment_token: payment.token.as_str(),
            checkout_url: format!("{}{}", self.checkout_base, payment.token.as_str()),
            expires_at: write_time(payment.expires_at, TIME_Z)?,
            created_at: write_time(payment.created_at, TIME_Z)?,
        })
    }
}

/// The event's name on the wire. PayHook has no underpaid: its payment expires.
const fn event_name(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Underpaid => EventKind::Expired.word(),
        kind => kind.word(),
    }
}

/// The status in PayHook's words.
const fn status_word(status: Status) -> &'static str {
    match status {
        Status::Selecting | Status::Queued | Status::Pending | Status::Confirming => "pending",
        Status::Paid => "confirmed",
        Status::Underpaid | Status::Expired => "expired",
        Status::Cancelled => "cancelled",
        Status::Failed => "failed",
    }
}

/// The body, in the order of its fields. Amounts are decimal text.
#[derive(Serialize)]
struct Body<'a> {
    event: &'static str,
    payment_id: &'a str,
    external_order_id: &'a str,
    /// What was received, or what is due while nothing was.
    amount: &'a str,
    /// The symbol (`USDT`), as in the page's example; Retrieve has the request's word.
    currency: String,
    chain: &'a str,
    tx_hash: &'a str,
    confirmed_at: Option<String>,
    payment_number: &'a str,
    status: &'static str,
    network: &'a str,
    /// `null` for a payment that was priced in another currency, through another API.
    amount_usd_cents: Option<u64>,
    expected_crypto_amount: &'a str,
    actual_crypto_amount: Option<&'a str>,
    assigned_address: &'a str,
    confirmations: u32,
    customer_email: &'a str,
    redirect_url: &'a str,
    metadata: &'a RawValue,
    payment_token: &'a str,
    checkout_url: String,
    expires_at: String,
    created_at: String,
}

/// The body of a test post: nothing in it can be taken for a payment.
#[derive(Serialize)]
struct TestBody {
    event: &'static str,
    test: bool,
    message: &'static str,
    sent_at: String,
}

impl WebhookFormat for PayhookNotify {
    fn format(&self) -> Format {
        Format::Payhook
    }

    fn default_events(&self) -> &'static [EventKind] {
        &[
            EventKind::Confirmed,
            EventKind::Underpaid,
            EventKind::Expired,
            EventKind::Cancelled,
        ]
    }

    fn post(&self, notice: &Notice, sending: &Sending<'_>) -> Result<Post, PostError> {
        signed(event_name(notice.event.kind), self.body(notice)?, sending)
    }

    fn test_post(&self, sending: &Sending<'_>) -> Result<Post, PostError> {
        let body = json(&TestBody {
            event: TEST_EVENT,
            test: true,
            message: "a test sent by the operator; no payment has changed",
            sent_at: write_time(sending.now, TIME_Z)?,
        })?;
        signed(TEST_EVENT, body, sending)
    }

    /// 2xx is received; 400, 401, 403, 404 and 422 give up at once; the page has everything else retried. A
    /// redirect is not followed, so it is one of the rest.
    fn verdict(&self, status: u16) -> Verdict {
        match status {
            200..=299 => Verdict::Received,
            400 | 401 | 403 | 404 | 422 => Verdict::GiveUp,
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

/// Doubling waits between ten attempts, half an hour in all.
const WAITS: &[Duration] = &[
    Duration::from_secs(3),
    Duration::from_secs(7),
    Duration::from_secs(14),
    Duration::from_secs(28),
    Duration::from_secs(56),
    Duration::from_secs(112),
    Duration::from_secs(225),
    Duration::from_secs(450),
    Duration::from_secs(900),
];

/// Signs `{timestamp}.{body}` with the secret's text as the key.
fn signed(event: &'static str, body: Vec<u8>, sending: &Sending<'_>) -> Result<Post, PostError> {
    if sending.secret.is_empty() {
        return Err(PostError::Secret("it is empty"));
    }
    let timestamp = sending.now.seconds().to_string();
    let mac = mac(sending.secret.as_bytes(), &[timestamp.as_bytes(), b".", &body])?;
    Ok(Post {
        headers: vec![
            ("Content-Type", "application/json".to_owned()),
            ("X-PayHook-Event", event.to_owned()),
            ("X-PayHook-Delivery-Id", sending.delivery.to_string()),
            (
                "X-PayHook-Signature",
                format!("t={timestamp},v1={}", hex::encode(mac)),
            ),
        ],
        body,
    })
}
