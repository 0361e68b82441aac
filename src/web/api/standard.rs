//! The Standard Webhooks format (specification 1.0, standardwebhooks.com): headers, signature, retry schedule. The
//! body's data is payd's own view of a payment, in payd's words.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::signing::{TIME_Z, json, mac, metadata, write_time};
use crate::domain::event::EventKind;
use crate::domain::money::BaseUnits;
use crate::domain::shop::Format;
use crate::domain::status::Status;
use crate::outbox::{Notice, Post, PostError, SECRET_PREFIX, Sending, TEST_EVENT, Verdict, WebhookFormat};

/// The Standard Webhooks format.
#[derive(Debug, Clone, Copy, Default)]
pub struct StandardWebhooks;

/// What every body has.
#[derive(Serialize)]
struct Envelope<T> {
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: String,
    data: T,
}

/// A payment. Amounts are decimal text; what is not known is `null`.
#[derive(Serialize)]
struct Data<'a> {
    payment_number: &'a str,
    status: &'static str,
    mode: &'static str,
    external_order_id: &'a str,
    price_amount: String,
    price_currency: &'static str,
    network: &'a str,
    chain: &'a str,
    currency: &'a str,
    symbol: &'a str,
    amount_due: String,
    amount_received: String,
    address: &'a str,
    txid: Option<&'a str>,
    confirmations: u32,
    confirmations_required: u32,
    customer_email: &'a str,
    metadata: &'a RawValue,
    created_at: String,
    expires_at: String,
    confirmed_at: Option<String>,
}

/// The data of a test post.
#[derive(Serialize)]
struct TestData {
    test: bool,
    message: &'static str,
}

fn data(notice: &Notice) -> Result<Data<'_>, PostError> {
    let Notice {
        event,
        payment,
        network,
        asset,
    } = notice;
    // Of what changes, the body tells the event's moment: a retry has the same bytes as the first attempt.
    let confirmed_at = payment.confirmed_at.filter(|_| event.status == Status::Paid);
    Ok(Data {
        payment_number: payment.number.as_str(),
        status: event.status.word(),
        mode: payment.mode.word(),
        external_order_id: &payment.order.external_id,
        price_amount: BaseUnits::new(u128::from(payment.ask.price.minor)).to_decimal(2, 2),
        price_currency: payment.ask.price.currency.word(),
        network: &network.slug,
        chain: &network.name,
        currency: asset.currency.as_str(),
        symbol: &asset.symbol,
        amount_due: asset.show(payment.ask.due),
        amount_received: asset.show(event.received),
        address: &payment.ask.address,
        txid: (!event.txid.is_empty()).then_some(&*event.txid),
        confirmations: event.confirmations,
        confirmations_required: payment.ask.confirmations,
        customer_email: &payment.order.customer_email,
        metadata: metadata(&payment.order.metadata)?,
        created_at: write_time(payment.created_at, TIME_Z)?,
        expires_at: write_time(payment.expires_at, TIME_Z)?,
        confirmed_at: confirmed_at.map(|at| write_time(at, TIME_Z)).transpose()?,
    })
}

impl WebhookFormat for StandardWebhooks {
    fn format(&self) -> Format {
        Format::Standard
    }

    fn default_events(&self) -> &'static [EventKind] {
        &[
            EventKind::Confirming,
            EventKind::Confirmed,
            EventKind::Underpaid,
            EventKind::Expired,
            EventKind::Cancelled,
            EventKind::Reverted,
            EventKind::Late,
            EventKind::Reorged,
        ]
    }

    fn post(&self, notice: &Notice, sending: &Sending<'_>) -> Result<Post, PostError> {
        let body = json(&Envelope {
            kind: notice.event.kind.word(),
            timestamp: write_time(notice.event.at, TIME_Z)?,
            data: data(notice)?,
        })?;
        // Delivery numbers begin anew with a new database; receivers that remember ids must not take that for a
        // repetition. The token differs, and its hash does not give it away.
        let origin = Sha256::digest(notice.payment.token.as_str());
        let origin = hex::encode(origin.get(..8).unwrap_or_default());
        signed(&format!("msg_{origin}_{}", sending.delivery), body, sending)
    }

    fn test_post(&self, sending: &Sending<'_>) -> Result<Post, PostError> {
        let body = json(&Envelope {
            kind: TEST_EVENT,
            timestamp: write_time(sending.now, TIME_Z)?,
            data: TestData {
                test: true,
                message: "a test sent by the operator; no payment has changed",
            },
        })?;
        signed(&format!("msg_test_{}", sending.now.get()), body, sending)
    }

    /// 2xx is received, 410 asks for no more, everything else is retried.
    fn verdict(&self, status: u16) -> Verdict {
        match status {
            200..=299 => Verdict::Received,
            410 => Verdict::GiveUp,
            _ => Verdict::Retry,
        }
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(15)
    }

    fn waits(&self) -> &'static [Duration] {
        WAITS
    }
}

/// The schedule that the specification recommends.
const WAITS: &[Duration] = &[
    Duration::from_secs(5),
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 60 * 60),
    Duration::from_secs(5 * 60 * 60),
    Duration::from_secs(10 * 60 * 60),
    Duration::from_secs(14 * 60 * 60),
    Duration::from_secs(20 * 60 * 60),
    Duration::from_secs(24 * 60 * 60),
];

/// Signs `{id}.{timestamp}.{body}` with the decoded secret.
fn signed(id: &str, body: Vec<u8>, sending: &Sending<'_>) -> Result<Post, PostError> {
    let key = key(sending.secret)?;
    let timestamp = sending.now.seconds().to_string();
    let parts = [id.as_bytes(), b".", timestamp.as_bytes(), b".", &body];
    let signature = format!("v1,{}", STANDARD.encode(mac(&key, &parts)?));
    Ok(Post {
        headers: vec![
            ("Content-Type", "application/json".to_owned()),
            ("webhook-id", id.to_owned()),
            ("webhook-timestamp", timestamp),
            ("webhook-signature", signature),
        ],
        body,
    })
}

/// The key in a secret: base64 behind the prefix, 24 to 64 bytes by the specification.
fn key(secret: &str) -> Result<Zeroizing<Vec<u8>>, PostError> {
    let encoded = secret
        .strip_prefix(SECRET_PREFIX)
        .ok_or(PostError::Secret("it does not begin with whsec_"))?;
    let key = STANDARD
        .decode(encoded)
        .map(Zeroizing::new)
        .map_err(|_| PostError::Secret("what follows whsec_ is not base64"))?;
    if !(24..=64).contains(&key.len()) {
        return Err(PostError::Secret("its key is not 24 to 64 bytes long"));
    }
    Ok(key)
}
