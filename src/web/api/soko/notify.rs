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
use crate::domain::network::Mode;
use crate::domain::shop::Format;
use crate::domain::status::Status;
use crate::outbox::format::{Notice, Post, PostError, Sending, WebhookFormat};
use crate::web::api::number::Number;
use crate::web::api::signing::{TIME_Z, json, mac, metadata, test_body, write_time};

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
        amount_received: asked.map_or_else(wire::nothing, |(_, means)| {
            Number::of_asset(event.received, &means.asset)
        }),
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
        signed(body(notice)?, notice.payment.mode, sending)
    }

    fn test_post(&self, sending: &Sending<'_>) -> Result<Post, PostError> {
        let body = test_body(sending.now)?;
        signed(body, Mode::Test, sending)
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

/// Signs `{timestamp}{body}` with the secret's text as the key. Whether real money moved is told in a
/// header that the page does not have: its body does not say.
fn signed(body: Vec<u8>, mode: Mode, sending: &Sending<'_>) -> Result<Post, PostError> {
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
            ("X-Payd-Mode", mode.word().to_owned()),
        ],
        body,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::DeliveryId;
    use crate::domain::money::{BaseUnits, Fiat, FiatAmount};
    use crate::domain::price::Price;
    use crate::domain::time::UnixMillis;
    use crate::outbox::fakes;
    use crate::outbox::format::{TEST_EVENT, Verdict};

    const SENDING: Sending<'_> = Sending {
        delivery: DeliveryId::new(42),
        secret: "whsec_test",
        now: UnixMillis::new(1_779_622_810_999),
    };

    fn text(notice: &Notice) -> String {
        String::from_utf8(SokoNotify.post(notice, &SENDING).unwrap().body).unwrap()
    }

    fn body(notice: &Notice) -> serde_json::Value {
        serde_json::from_str(&text(notice)).unwrap()
    }

    /// The payment of the page's example: 100.14 USDT.
    fn notice() -> Notice {
        let mut notice = fakes::notice();
        let amount = BaseUnits::new(100_140_000_000_000_000_000);
        notice.event.received = amount;
        notice.payment.ask.as_mut().unwrap().due = amount;
        notice
    }

    fn of(kind: EventKind, status: Status) -> Notice {
        let mut notice = notice();
        notice.event.kind = kind;
        notice.event.status = status;
        notice
    }

    #[test]
    fn the_body_is_the_pages_in_its_order_with_the_merchants_own_bytes() {
        assert_eq!(
            text(&notice()),
            concat!(
                r#"{"event":"payment.completed","payment_id":"abababab-abab-4bab-abab-abababababab","#,
                r#""order_id":"order-9837","amount":100.14,"amount_received":100.14,"currency":"USDT_BEP20","#,
                r#""tx_hash":"0xabc1","confirmed_at":"2026-05-24T11:40:05Z","status":"completed","#,
                r#""metadata":{ "sku":"GOLD-PLAN","n":1.10, "sku":2 }}"#,
            )
        );
    }

    #[test]
    fn the_signature_is_over_the_second_and_the_exact_body() {
        let post = SokoNotify.post(&notice(), &SENDING).unwrap();
        // Reckoned with openssl: HMAC-SHA256("whsec_test", "1779622810" + the body above).
        let expected = [
            ("Content-Type", "application/json"),
            (
                "X-Signature",
                "17a60abce4d9c03730da1da972f1355250768cc9821d047747cb1dc9c6378043",
            ),
            ("X-Timestamp", "1779622810"),
            ("X-Payd-Mode", "live"),
        ];
        assert_eq!(
            post.headers,
            expected.map(|(name, value)| (name, value.to_owned()))
        );
        let nothing = Sending {
            secret: "",
            ..SENDING
        };
        assert!(matches!(
            SokoNotify.post(&notice(), &nothing),
            Err(PostError::Secret(_))
        ));
    }

    #[test]
    fn each_event_has_the_pages_name_and_status() {
        for (kind, status, name, word) in [
            (
                EventKind::Confirmed,
                Status::Paid,
                "payment.completed",
                "completed",
            ),
            (
                EventKind::Confirming,
                Status::Confirming,
                "payment.confirming",
                "confirming",
            ),
            (EventKind::Expired, Status::Expired, "payment.expired", "expired"),
            (
                EventKind::Underpaid,
                Status::Underpaid,
                "payment.underpaid",
                "underpaid",
            ),
            (
                EventKind::Cancelled,
                Status::Cancelled,
                "payment.expired",
                "expired",
            ),
        ] {
            let body = body(&of(kind, status));
            assert_eq!((&body["event"], &body["status"]), (&name.into(), &word.into()));
            assert!(SokoNotify.default_events().contains(&kind));
            assert_eq!(body["confirmed_at"].is_null(), status != Status::Paid);
        }
        assert_eq!(SokoNotify.default_events().len(), 5);
        assert_eq!(
            body(&of(EventKind::Late, Status::Expired))["event"],
            "payment.late"
        );
    }

    #[test]
    fn more_than_was_due_is_overpaid_as_the_page_says_and_still_completes() {
        let mut over = notice();
        over.event.received = BaseUnits::new(100_150_000_000_000_000_000);
        let body = body(&over);
        assert_eq!(
            (&body["event"], &body["status"]),
            (&"payment.completed".into(), &"overpaid".into())
        );
        assert!(text(&over).contains(r#""amount":100.14,"amount_received":100.15,"#));
    }

    #[test]
    fn a_retry_has_the_same_body_whatever_has_become_of_the_payment() {
        let mut first = of(EventKind::Expired, Status::Expired);
        first.event.received = BaseUnits::ZERO;
        first.event.txid.clear();
        let mut later = first.clone();
        first.payment.confirmed_at = None;
        first.payment.status = Status::Expired;
        later.payment.progress.seen = BaseUnits::new(7);
        assert_eq!(text(&first), text(&later));
        let retry = Sending {
            now: UnixMillis::from_seconds(1_779_700_000),
            ..SENDING
        };
        let (one, other) = (
            SokoNotify.post(&first, &SENDING).unwrap(),
            SokoNotify.post(&later, &retry).unwrap(),
        );
        assert_eq!(one.body, other.body);
        assert_ne!(one.headers, other.headers);
    }

    #[test]
    fn of_a_payment_that_nobody_was_asked_to_pay_the_price_is_told() {
        let mut notice = of(EventKind::Expired, Status::Expired);
        notice.payment.price = Price::Fiat(FiatAmount {
            currency: Fiat::Eur,
            minor: 10_050,
        });
        notice.payment.asked_at = None;
        notice.payment.order.external_id.clear();
        notice.payment.order.metadata.clear();
        notice.event.txid.clear();
        notice.event.received = BaseUnits::ZERO;
        let waited = text(&notice);
        (notice.payment.ask, notice.means) = (None, None);
        assert_eq!(
            text(&notice),
            waited,
            "whether it waited for a turn or for a choice"
        );
        assert_eq!(
            waited,
            concat!(
                r#"{"event":"payment.expired","payment_id":"abababab-abab-4bab-abab-abababababab","order_id":null,"#,
                r#""amount":100.5,"amount_received":0,"currency":null,"tx_hash":null,"confirmed_at":null,"#,
                r#""status":"expired","metadata":{}}"#,
            )
        );
    }

    #[test]
    fn every_2xx_acknowledges_and_everything_else_is_retried_as_the_page_schedules() {
        for status in 100..=999 {
            let expected = match status {
                200..=299 => Verdict::Received,
                _ => Verdict::Retry,
            };
            assert_eq!(SokoNotify.verdict(status), expected, "{status}");
        }
        let minutes: Vec<u64> = SokoNotify
            .waits()
            .iter()
            .map(|wait| wait.as_secs() / 60)
            .collect();
        assert_eq!(minutes, [1, 5, 30, 120, 720]);
        assert_eq!(SokoNotify.format(), Format::Soko);
    }

    #[test]
    fn a_test_post_is_signed_and_is_no_payment() {
        let post = SokoNotify.test_post(&SENDING).unwrap();
        let body: serde_json::Value = serde_json::from_slice(&post.body).unwrap();
        assert_eq!(
            (&body["event"], &body["test"]),
            (&TEST_EVENT.into(), &true.into())
        );
        assert_eq!((body.get("payment_id"), body.get("status")), (None, None));
        let expected = hex::encode(mac(b"whsec_test", &[b"1779622810", &post.body]).unwrap());
        assert_eq!(post.headers[1].1, expected);
    }

    #[test]
    fn stored_metadata_that_is_not_json_is_an_error_and_not_sent() {
        let mut notice = notice();
        notice.payment.order.metadata = "{\"a\":".to_owned();
        assert!(matches!(
            SokoNotify.post(&notice, &SENDING),
            Err(PostError::Body(_))
        ));
    }
}
