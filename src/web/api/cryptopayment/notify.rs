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
use crate::outbox::format::{Notice, Post, PostError, Sending, TEST_EVENT, WebhookFormat};
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::DeliveryId;
    use crate::domain::money::BaseUnits;
    use crate::domain::status::Status;
    use crate::domain::time::UnixMillis;
    use crate::outbox::fakes;
    use crate::outbox::format::Verdict;

    const APP_KEY: &str = "3q2+7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs=";

    fn sending(secret: &str) -> Sending<'_> {
        Sending {
            delivery: DeliveryId::new(42),
            secret,
            now: UnixMillis::from_seconds(1_779_622_810),
        }
    }

    fn text(notice: &Notice) -> String {
        let post = CryptopaymentNotify.post(notice, &sending(APP_KEY)).unwrap();
        String::from_utf8(post.body).unwrap()
    }

    #[test]
    fn the_body_is_the_pages_with_a_signature_that_others_compute_too() {
        // Computed with OpenSSL and with Python.
        let expected = concat!(
            r#"{"event":"payment.confirmed","invoice_id":"abababab-abab-4bab-abab-abababababab","#,
            r#""order_id":"order-9837","status":"confirmed","network":"bep20","coin":"USDT","amount_usd":50.00,"#,
            r#""amount_crypto":50.00,"paid_amount":50.00,"txid":"0xabc1","confirmations":15,"#,
            r#""address":"0x742d35Cc6634C0532925a3b844Bc9e7595f7E5a3","timestamp":"2026-05-24T11:40:05+00:00","#,
            r#""signature":"c2c9a921bf4fed2fa24cb376efaea48eeacb77dbda21cfde78d47a03571aa924"}"#,
        );
        let post = CryptopaymentNotify
            .post(&fakes::notice(), &sending(APP_KEY))
            .unwrap();
        assert_eq!(String::from_utf8(post.body).unwrap(), expected);
        let headers = [("Content-Type", "application/json"), ("X-Payd-Mode", "live")];
        assert_eq!(
            post.headers,
            headers.map(|(name, value)| (name, value.to_owned()))
        );
    }

    #[test]
    fn money_that_was_seen_is_detected_with_the_figures_of_that_moment() {
        let mut notice = fakes::notice();
        notice.event.kind = EventKind::Confirming;
        notice.event.status = Status::Confirming;
        notice.event.confirmations = 1;
        notice.event.received = BaseUnits::new(50_000_000_000_000_000_001);
        let text = text(&notice);
        for part in [
            r#"{"event":"payment.detected","#,
            r#""status":"confirming","#,
            r#""paid_amount":50.000000000000000001,"#,
            r#""confirmations":1,"#,
            r#""signature":"911cac768ed2a1f29790ac877ff661c1910d679f1c99879d4ae20c5c608e4d98"}"#,
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }

    #[test]
    fn a_retry_has_the_same_bytes() {
        let at = |seconds| Sending {
            now: UnixMillis::from_seconds(seconds),
            ..sending(APP_KEY)
        };
        let first = CryptopaymentNotify
            .post(&fakes::notice(), &at(1_779_622_810))
            .unwrap();
        let mut later = fakes::notice();
        later.payment.progress.seen = BaseUnits::new(7);
        assert_eq!(
            CryptopaymentNotify.post(&later, &at(1_779_699_999)).unwrap(),
            first
        );
    }

    #[test]
    fn what_was_never_chosen_or_given_is_null() {
        let mut notice = fakes::notice();
        notice.event.kind = EventKind::Expired;
        notice.event.status = Status::Expired;
        notice.event.received = BaseUnits::ZERO;
        notice.event.txid = String::new();
        notice.means = None;
        notice.payment.ask = None;
        notice.payment.asked_at = None;
        notice.payment.usd_cents = None;
        notice.payment.order.external_id = String::new();
        let text = text(&notice);
        let told = concat!(
            r#""order_id":null,"status":"expired","network":null,"coin":null,"amount_usd":null,"amount_crypto":null,"#,
            r#""paid_amount":0,"txid":null,"confirmations":15,"address":null,"#,
        );
        assert!(
            text.starts_with(r#"{"event":"payment.expired","#) && text.contains(told),
            "{text}"
        );
    }

    #[test]
    fn a_test_post_is_signed_as_the_page_checks_it_and_is_no_payment() {
        let post = CryptopaymentNotify.test_post(&sending(APP_KEY)).unwrap();
        assert_eq!(
            String::from_utf8(post.body).unwrap(),
            concat!(
                r#"{"event":"webhook.test","invoice_id":"","test":true,"#,
                r#""message":"a test sent by the operator; no invoice has changed","#,
                r#""timestamp":"2026-05-24T11:40:10+00:00","#,
                r#""signature":"8b7b1b4033e49e5d9c47888bf336a2d1ed490f7be0d65acb237e3ba8034f2d4c"}"#
            )
        );
    }

    #[test]
    fn an_app_key_that_is_no_base64_or_too_short_signs_nothing() {
        for secret in [
            "",
            "*",
            "c2hvcnQ=",
            "base64:3q2+7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs=",
        ] {
            for post in [
                CryptopaymentNotify.post(&fakes::notice(), &sending(secret)),
                CryptopaymentNotify.test_post(&sending(secret)),
            ] {
                assert!(matches!(post, Err(PostError::Secret(_))), "{secret}");
            }
        }
    }

    #[test]
    fn replies_are_judged_and_retried_as_the_page_says() {
        for status in 100..=999 {
            let is_received = CryptopaymentNotify.verdict(status) == Verdict::Received;
            assert_eq!(is_received, (200..300).contains(&status), "{status}");
            assert_ne!(CryptopaymentNotify.verdict(status), Verdict::GiveUp, "{status}");
        }
        let minutes: Vec<u64> = WAITS.iter().map(|wait| wait.as_secs() / 60).collect();
        assert_eq!(minutes, [1, 5, 15, 60, 360]);
        assert_eq!(
            CryptopaymentNotify.default_events(),
            [EventKind::Confirming, EventKind::Confirmed]
        );
    }
}
