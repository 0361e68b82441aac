//! The webhooks of Crypto Pay and USDT Payments: told only of what is paid, signed with the secret of the payment's API key.

use std::time::Duration;

use serde::Serialize;

use super::wire::{Figures, StatusWord};
use crate::domain::event::EventKind;
use crate::domain::network::Mode;
use crate::domain::shop::Format;
use crate::domain::status::Status;
use crate::outbox::format::{Notice, Post, PostError, Sending, TEST_EVENT, Verdict, WebhookFormat};
use crate::web::api::signing::{TIME_PLAIN, TIME_Z, json, mac, write_time};

/// The webhook format of Crypto Pay, or of USDT Payments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CryptoPayNotify {
    format: Format,
    /// USDT Payments has no test mode to tell of.
    tells_test: bool,
}

impl CryptoPayNotify {
    /// Crypto Pay's.
    pub const CRYPTO_PAY: Self = Self {
        format: Format::CryptoPay,
        tells_test: true,
    };

    /// USDT Payments'.
    pub const USDT_PAYMENTS: Self = Self {
        format: Format::UsdtPayments,
        tells_test: false,
    };

    fn body(self, notice: &Notice) -> Result<Vec<u8>, PostError> {
        let Notice { event, payment, .. } = notice;
        // The pages have one event: told of any other, a shop would take it for this one.
        if (event.kind, event.status) != (EventKind::Confirmed, Status::Paid) {
            return Err(PostError::Body("this format tells of paid payments only".into()));
        }
        json(&Body {
            payment_id: payment.code.get(),
            app_id: payment.shop.get(),
            order_id: &payment.order.external_id,
            status: event.status.into(),
            figures: Figures::of(payment, notice.price_asset.as_deref(), notice.asked()),
            txid: &event.txid,
            // The moment at which it became paid, which is that of the event: a retry has the same bytes.
            paid_at: write_time(event.at, TIME_PLAIN)?,
            is_test: self.tells_test.then_some(payment.mode == Mode::Test),
        })
    }
}

/// The body, in the order of its fields.
#[derive(Serialize)]
struct Body<'a> {
    payment_id: u64,
    app_id: i64,
    order_id: &'a str,
    status: StatusWord,
    #[serde(flatten)]
    figures: Figures,
    txid: &'a str,
    paid_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_test: Option<bool>,
}

/// The body of a test post: nothing in it can be taken for a payment.
#[derive(Serialize)]
struct TestBody {
    event: &'static str,
    test: bool,
    message: &'static str,
    sent_at: String,
}

impl WebhookFormat for CryptoPayNotify {
    fn format(&self) -> Format {
        self.format
    }

    fn default_events(&self) -> &'static [EventKind] {
        &[EventKind::Confirmed]
    }

    fn post(&self, notice: &Notice, sending: &Sending<'_>) -> Result<Post, PostError> {
        signed(self.body(notice)?, sending)
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

    /// Any 2xx is received; everything else is sent again.
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

/// The page's retries: after 5 minutes, 15 minutes and 1 hour.
const WAITS: &[Duration] = &[
    Duration::from_secs(5 * 60),
    Duration::from_secs(15 * 60),
    Duration::from_secs(60 * 60),
];

/// Signs the body with the secret's text as the key.
fn signed(body: Vec<u8>, sending: &Sending<'_>) -> Result<Post, PostError> {
    if sending.secret.is_empty() {
        return Err(PostError::Secret("it is empty"));
    }
    let mac = mac(sending.secret.as_bytes(), &[&body])?;
    Ok(Post {
        headers: vec![
            ("Content-Type", "application/json".to_owned()),
            ("X-Signature", hex::encode(mac)),
        ],
        body,
    })
}
