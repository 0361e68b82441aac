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
use crate::domain::price::Price;
use crate::domain::shop::Format;
use crate::domain::status::Status;
use crate::outbox::format::{
    Notice, Post, PostError, SECRET_PREFIX, Sending, TEST_EVENT, Verdict, WebhookFormat,
};

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
    price_currency: &'a str,
    network: Option<&'a str>,
    chain: Option<&'a str>,
    currency: Option<&'a str>,
    symbol: Option<&'a str>,
    amount_due: Option<String>,
    amount_received: String,
    address: Option<&'a str>,
    txid: Option<&'a str>,
    confirmations: u32,
    confirmations_required: Option<u32>,
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
    let Notice { event, payment, .. } = notice;
    // Of what changes, the body tells the event's moment: a retry has the same bytes as the first attempt.
    let confirmed_at = payment.confirmed_at.filter(|_| event.status == Status::Paid);
    let asked = notice.asked();
    let means = notice.means.as_ref();
    Ok(Data {
        payment_number: payment.number.as_str(),
        status: event.status.word(),
        mode: payment.mode.word(),
        external_order_id: &payment.order.external_id,
        price_amount: price_amount(notice),
        price_currency: price_currency(notice),
        network: means.map(|means| &*means.network.slug),
        chain: means.map(|means| &*means.network.name),
        currency: means.map(|means| means.asset.currency.as_str()),
        symbol: means.map(|means| &*means.asset.symbol),
        amount_due: asked.map(|(ask, means)| means.asset.show(ask.due)),
        amount_received: means.map_or_else(|| "0".to_owned(), |means| means.asset.show(event.received)),
        address: asked.map(|(ask, _)| &*ask.address),
        txid: (!event.txid.is_empty()).then_some(&*event.txid),
        confirmations: event.confirmations,
        confirmations_required: payment.ask.as_ref().map(|ask| ask.confirmations),
        customer_email: &payment.order.customer_email,
        metadata: metadata(&payment.order.metadata)?,
        created_at: write_time(payment.created_at, TIME_Z)?,
        expires_at: write_time(payment.expires_at, TIME_Z)?,
        confirmed_at: confirmed_at.map(|at| write_time(at, TIME_Z)).transpose()?,
    })
}

fn price_amount(notice: &Notice) -> String {
    match (&notice.payment.price, &notice.price_asset) {
        (Price::Fiat(price), _) => price.amount(),
        (Price::Asset { amount, .. }, Some(asset)) => asset.show(*amount),
        (Price::Asset { amount, .. }, None) => amount.to_string(),
    }
}

fn price_currency(notice: &Notice) -> &str {
    match (&notice.payment.price, &notice.price_asset) {
        (Price::Fiat(price), _) => price.currency.word(),
        (Price::Asset { .. }, Some(asset)) => &asset.symbol,
        (Price::Asset { currency, .. }, None) => currency.as_str(),
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{DeliveryId, PaymentToken};
    use crate::domain::time::UnixMillis;
    use crate::outbox::fakes;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    fn sending(delivery: i64) -> Sending<'static> {
        Sending {
            delivery: DeliveryId::new(delivery),
            secret: SECRET,
            now: UnixMillis::new(1_779_622_810_999),
        }
    }

    #[test]
    fn the_signature_is_the_one_of_the_specifications_libraries() {
        let sending = Sending {
            now: UnixMillis::from_seconds(1_614_265_330),
            ..sending(1)
        };
        let body = br#"{"test": 2432232314}"#.to_vec();
        let post = signed("msg_p5jXN8AQM9LWM0D4loKWxJek", body, &sending).unwrap();
        let expected = [
            ("Content-Type", "application/json"),
            ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
            ("webhook-timestamp", "1614265330"),
            (
                "webhook-signature",
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            ),
        ];
        assert_eq!(
            post.headers,
            expected.map(|(name, value)| (name, value.to_owned()))
        );
    }

    #[test]
    fn the_body_tells_the_payment_in_a_fixed_order() {
        let expected = concat!(
            r#"{"type":"payment.confirmed","timestamp":"2026-05-24T11:40:05Z","data":{"#,
            r#""payment_number":"PAY-2026-000123","status":"paid","mode":"live","#,
            r#""external_order_id":"order-9837","price_amount":"50.00","price_currency":"USD","#,
            r#""network":"bsc","chain":"BNB Smart Chain","currency":"usdt","symbol":"USDT","#,
            r#""amount_due":"50.000000","amount_received":"50.000000","#,
            r#""address":"0x742d35Cc6634C0532925a3b844Bc9e7595f7E5a3","txid":"0xabc1","confirmations":15,"#,
            r#""confirmations_required":15,"customer_email":"kunde@example.com","#,
            r#""metadata":{ "sku":"GOLD-PLAN","n":1.10, "sku":2 },"created_at":"2026-05-24T11:35:00Z","#,
            r#""expires_at":"2026-05-24T12:05:00Z","confirmed_at":"2026-05-24T11:40:05Z"}}"#,
        );
        let post = StandardWebhooks.post(&fakes::notice(), &sending(42)).unwrap();
        assert_eq!(String::from_utf8(post.body).unwrap(), expected);
        // Computed with another implementation.
        assert_eq!(post.headers[1].1, "msg_271a413bd339c570_42");
        assert_eq!(
            post.headers[3].1,
            "v1,140hwk/OmzmCGW/Ji82E9/0Pjuhre+NcCy+VA1+ukwA="
        );
    }

    #[test]
    fn a_message_id_is_the_same_in_retries_and_differs_for_replays_and_other_databases() {
        let id = |notice: &Notice, delivery| {
            let post = StandardWebhooks.post(notice, &sending(delivery)).unwrap();
            post.headers[1].1.clone()
        };
        let mut elsewhere = fakes::notice();
        elsewhere.payment.token = PaymentToken::from_random([1; 32]);
        assert_eq!(id(&fakes::notice(), 1), id(&fakes::notice(), 1));
        assert_ne!(id(&fakes::notice(), 1), id(&fakes::notice(), 2));
        assert_ne!(id(&fakes::notice(), 1), id(&elsewhere, 1));
    }

    #[test]
    fn a_secret_without_prefix_base64_or_length_does_not_sign() {
        for secret in [
            "",
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "whsec_*",
            "whsec_",
            "whsec_c2hvcnQ=",
        ] {
            let sending = Sending { secret, ..sending(1) };
            let refused = StandardWebhooks.post(&fakes::notice(), &sending);
            assert!(matches!(refused, Err(PostError::Secret(_))), "{secret}");
        }
    }

    #[test]
    fn a_secret_made_by_payd_signs() {
        let secret = crate::outbox::format::new_secret(&crate::ambient::SystemRandom).unwrap();
        assert_eq!(key(&secret).unwrap().len(), 32);
    }

    #[test]
    fn replies_are_judged_as_the_specification_says() {
        for (status, verdict) in [
            (200, Verdict::Received),
            (204, Verdict::Received),
            (299, Verdict::Received),
            (301, Verdict::Retry),
            (400, Verdict::Retry),
            (404, Verdict::Retry),
            (410, Verdict::GiveUp),
            (429, Verdict::Retry),
            (500, Verdict::Retry),
        ] {
            assert_eq!(StandardWebhooks.verdict(status), verdict, "{status}");
        }
        assert_eq!(WAITS.len(), 9);
        let total: Duration = WAITS.iter().sum();
        assert_eq!(total.as_secs(), 5 + 35 * 60 + 75 * 3600);
    }
}
