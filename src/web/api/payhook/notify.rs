//! PayHook's webhooks (the page's "Webhooks" and "Verify a signature"): body, headers, acknowledgement, retries.
//!
//! The page shows two bodies, a short one in the example and the one of Retrieve in the text. Both are sent as one:
//! the short one in its order, then what Retrieve has besides. Where both have a name (`currency`,
//! `confirmed_at`), the example wins.

use std::time::Duration;

use serde::Serialize;
use serde_json::value::RawValue;

use super::wire::{PaymentStatus, UsdCents};
use crate::domain::event::EventKind;
use crate::domain::shop::Format;
use crate::domain::status::Status;
use crate::outbox::format::{Notice, Post, PostError, Sending, TEST_EVENT, Verdict, WebhookFormat};
use crate::web::api::signing::{TIME_OFFSET, TIME_Z, json, mac, metadata, test_body, write_time};

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
        let Notice { event, payment, .. } = notice;
        let (asked, means) = (notice.asked(), notice.means.as_ref());
        let expected = asked
            .map(|(ask, means)| means.asset.show(ask.due))
            .unwrap_or_default();
        let received = means
            .filter(|_| !event.received.is_zero())
            .map(|means| means.asset.show(event.received));
        // Of what changes, the body tells the event's moment: a retry has the same bytes as the first attempt.
        let confirmed_at = payment.confirmed_at.filter(|_| event.status == Status::Paid);
        json(&Body {
            event: event_name(event.kind),
            payment_id: payment.number.as_str(),
            external_order_id: &payment.order.external_id,
            amount: received.as_ref().unwrap_or(&expected),
            currency: means
                .map(|means| means.asset.symbol.to_uppercase())
                .unwrap_or_default(),
            chain: means.map_or("", |means| &means.network.name),
            tx_hash: &event.txid,
            confirmed_at: confirmed_at.map(|at| write_time(at, TIME_OFFSET)).transpose()?,
            payment_number: payment.number.as_str(),
            status: event.status.into(),
            network: means.map_or("", |means| &means.network.slug),
            amount_usd_cents: UsdCents(payment.usd_cents),
            expected_crypto_amount: &expected,
            actual_crypto_amount: received.as_deref(),
            assigned_address: asked.map_or("", |(ask, _)| &ask.address),
            confirmations: event.confirmations,
            customer_email: &payment.order.customer_email,
            redirect_url: &payment.order.redirect_url,
            metadata: metadata(&payment.order.metadata)?,
            payment_token: payment.token.as_str(),
            checkout_url: format!("{}{}", self.checkout_base, payment.token.as_str()),
            expires_at: write_time(payment.expires_at, TIME_Z)?,
            created_at: write_time(payment.created_at, TIME_Z)?,
            mode: payment.mode.word(),
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
    status: PaymentStatus,
    network: &'a str,
    amount_usd_cents: UsdCents,
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
    /// Not on the page, which knows no test mode: whoever has a test payment's link can have it paid, so a shop must be
    /// able to tell.
    mode: &'static str,
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
        let body = test_body(sending.now)?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::DeliveryId;
    use crate::domain::money::BaseUnits;
    use crate::domain::time::UnixMillis;
    use crate::outbox::fakes;

    const SENDING: Sending<'_> = Sending {
        delivery: DeliveryId::new(42),
        secret: "whsec_test",
        now: UnixMillis::new(1_779_622_810_999),
    };

    fn format() -> PayhookNotify {
        PayhookNotify::new("https://pay.example/")
    }

    fn body(notice: &Notice) -> serde_json::Value {
        serde_json::from_slice(&format().post(notice, &SENDING).unwrap().body).unwrap()
    }

    #[test]
    fn the_body_is_the_pages_with_the_fields_of_retrieve_and_the_merchants_own_bytes() {
        let token = "ab".repeat(32);
        let expected = format!(
            concat!(
                r#"{{"event":"payment.confirmed","payment_id":"PAY-2026-000123","external_order_id":"order-9837","#,
                r#""amount":"50.000000","currency":"USDT","chain":"BNB Smart Chain","tx_hash":"0xabc1","#,
                r#""confirmed_at":"2026-05-24T11:40:05+00:00","payment_number":"PAY-2026-000123","#,
                r#""status":"confirmed","network":"bsc","amount_usd_cents":5000,"#,
                r#""expected_crypto_amount":"50.000000","actual_crypto_amount":"50.000000","#,
                r#""assigned_address":"0x742d35Cc6634C0532925a3b844Bc9e7595f7E5a3","confirmations":15,"#,
                r#""customer_email":"kunde@example.com","#,
                r#""redirect_url":"https://merchant.example/orders/9837/thanks","#,
                r#""metadata":{{ "sku":"GOLD-PLAN","n":1.10, "sku":2 }},"payment_token":"{token}","#,
                r#""checkout_url":"https://pay.example/pay/{token}","#,
                r#""expires_at":"2026-05-24T12:05:00Z","created_at":"2026-05-24T11:35:00Z","mode":"live"}}"#,
            ),
            token = token
        );
        let post = format().post(&fakes::notice(), &SENDING).unwrap();
        assert_eq!(String::from_utf8(post.body).unwrap(), expected);
    }

    #[test]
    fn the_signature_is_over_the_second_and_the_exact_body() {
        // Computed with another implementation: HMAC-SHA256("whsec_test", "1779622810." + the body above).
        let post = format().post(&fakes::notice(), &SENDING).unwrap();
        let expected = [
            ("Content-Type", "application/json"),
            ("X-PayHook-Event", "payment.confirmed"),
            ("X-PayHook-Delivery-Id", "42"),
            (
                "X-PayHook-Signature",
                "t=1779622810,v1=a8c3cc5a963a8aeeb5d77b40391877b7cc16e80f1646d6b632bfe3c13ea1ba35",
            ),
        ];
        assert_eq!(
            post.headers,
            expected.map(|(name, value)| (name, value.to_owned()))
        );
    }

    #[test]
    fn a_retry_has_the_same_body_whatever_has_become_of_the_payment() {
        let mut notice = fakes::notice();
        notice.event.kind = EventKind::Expired;
        notice.event.status = Status::Expired;
        notice.payment.confirmed_at = None;
        let first = format().post(&notice, &SENDING).unwrap();
        let paid_late = fakes::notice().payment;
        notice.payment = paid_late;
        let later = Sending {
            now: UnixMillis::from_seconds(1_779_700_000),
            ..SENDING
        };
        let retry = format().post(&notice, &later).unwrap();
        assert_eq!(first.body, retry.body);
        assert_ne!(first.headers, retry.headers);
    }

    #[test]
    fn an_underpaid_payment_expires_in_payhooks_words_and_says_what_came() {
        let mut notice = fakes::notice();
        notice.event.kind = EventKind::Underpaid;
        notice.event.status = Status::Underpaid;
        notice.event.received = BaseUnits::new(1);
        let post = format().post(&notice, &SENDING).unwrap();
        assert!(
            post.headers
                .contains(&("X-PayHook-Event", "payment.expired".to_owned()))
        );
        let body = body(&notice);
        assert_eq!(body["event"], "payment.expired");
        assert_eq!(body["status"], "expired");
        assert_eq!(body["amount"], "0.000000000000000001");
        assert_eq!(body["actual_crypto_amount"], "0.000000000000000001");
        assert_eq!(body["confirmed_at"], serde_json::Value::Null);
    }

    #[test]
    fn a_payment_that_received_nothing_shows_what_was_due() {
        let mut notice = fakes::notice();
        notice.event.kind = EventKind::Cancelled;
        notice.event.status = Status::Cancelled;
        notice.event.received = BaseUnits::ZERO;
        notice.event.txid = String::new();
        notice.payment.order.metadata = String::new();
        let body = body(&notice);
        assert_eq!(body["amount"], "50.000000");
        assert_eq!(body["actual_crypto_amount"], serde_json::Value::Null);
        assert_eq!(body["tx_hash"], "");
        assert_eq!(body["metadata"], serde_json::json!({}));
    }

    #[test]
    fn replies_are_judged_as_the_page_says() {
        for status in 100..=999 {
            let expected = match status {
                200..=299 => Verdict::Received,
                400 | 401 | 403 | 404 | 422 => Verdict::GiveUp,
                _ => Verdict::Retry,
            };
            assert_eq!(format().verdict(status), expected, "{status}");
        }
        for status in [301, 302, 405, 408, 410, 425, 429, 500, 502, 503, 504] {
            assert_eq!(format().verdict(status), Verdict::Retry, "{status}");
        }
    }

    #[test]
    fn ten_attempts_span_half_an_hour_with_growing_waits() {
        assert_eq!(WAITS.len() + 1, 10);
        let total: Duration = WAITS.iter().sum();
        assert!((1700..=1900).contains(&total.as_secs()), "{total:?}");
        assert!(WAITS.windows(2).all(|pair| pair[1] >= pair[0] * 2));
    }

    #[test]
    fn a_test_post_is_signed_and_is_no_payment() {
        let post = format().test_post(&SENDING).unwrap();
        let body: serde_json::Value = serde_json::from_slice(&post.body).unwrap();
        assert_eq!(body["event"], TEST_EVENT);
        assert_eq!(body["test"], true);
        assert_eq!(body.get("payment_id"), None);
        let signed = [b"1779622810.", &*post.body].concat();
        let expected = hex::encode(mac(b"whsec_test", &[&signed]).unwrap());
        assert_eq!(post.headers[3].1, format!("t=1779622810,v1={expected}"));
    }

    #[test]
    fn stored_metadata_that_is_not_json_is_an_error_and_not_sent() {
        let mut notice = fakes::notice();
        notice.payment.order.metadata = "{\"a\":".to_owned();
        assert!(matches!(
            format().post(&notice, &SENDING),
            Err(PostError::Body(_))
        ));
    }
}
