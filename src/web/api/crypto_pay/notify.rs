//! The webhooks of Crypto Pay and USDT Payments: told only of what is paid, signed with the secret of the payment's API key.

use std::time::Duration;

use serde::Serialize;

use super::wire::{Figures, StatusWord};
use crate::domain::event::EventKind;
use crate::domain::network::Mode;
use crate::domain::shop::Format;
use crate::domain::status::Status;
use crate::outbox::format::{Notice, Post, PostError, Sending, WebhookFormat};
use crate::web::api::signing::{TIME_PLAIN, json, mac, test_body, write_time};

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

impl WebhookFormat for CryptoPayNotify {
    fn format(&self) -> Format {
        self.format
    }

    fn default_events(&self) -> &'static [EventKind] {
        &[EventKind::Confirmed]
    }

    fn post(&self, notice: &Notice, sending: &Sending<'_>) -> Result<Post, PostError> {
        signed(self.body(notice)?, notice.payment.mode, sending)
    }

    fn test_post(&self, sending: &Sending<'_>) -> Result<Post, PostError> {
        let body = test_body(sending.now)?;
        signed(body, Mode::Test, sending)
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

/// Signs the body with the secret's text as the key. Whether real money moved is told in a
/// header that the page does not have: USDT Payments' body does not say.
fn signed(body: Vec<u8>, mode: Mode, sending: &Sending<'_>) -> Result<Post, PostError> {
    if sending.secret.is_empty() {
        return Err(PostError::Secret("it is empty"));
    }
    let mac = mac(sending.secret.as_bytes(), &[&body])?;
    Ok(Post {
        headers: vec![
            ("Content-Type", "application/json".to_owned()),
            ("X-Signature", hex::encode(mac)),
            ("X-Payd-Mode", mode.word().to_owned()),
        ],
        body,
    })
}

#[cfg(test)]
mod tests {
    use crate::outbox::format::{TEST_EVENT, Verdict};
    use std::sync::Arc;

    use super::*;
    use crate::domain::address::Address;
    use crate::domain::asset::Currency;
    use crate::domain::ids::{DeliveryId, PaymentCode, ShopId};
    use crate::domain::money::BaseUnits;
    use crate::domain::network::{Family, NetworkId};
    use crate::domain::price::Price;
    use crate::domain::time::UnixMillis;
    use crate::outbox::fakes;

    const SENDING: Sending<'_> = Sending {
        delivery: DeliveryId::new(42),
        secret: "sk_your_api_secret",
        now: UnixMillis::from_seconds(1_782_929_060),
    };

    const PAGE: &str = concat!(
        r#"{"payment_id":123,"app_id":45,"order_id":"ORDER_12345","status":"paid","amount":"50.00","#,
        r#""pay_amount":"50.013400","currency":"USDT","network":"TRC20","txid":"transaction_hash_or_test_id","#,
        r#""paid_at":"2026-07-01 18:04:12","is_test":false}"#
    );

    /// The payment of the page's example.
    fn notice() -> Notice {
        let mut notice = fakes::notice();
        let (tron, usdt) = (
            NetworkId::parse("tron").unwrap(),
            Currency::parse("usdt").unwrap(),
        );
        let means = notice.means.as_mut().unwrap();
        let network = Arc::make_mut(&mut means.network);
        (network.id, network.slug, network.family) = (tron.clone(), "tron".into(), Family::Tron);
        let asset = Arc::make_mut(&mut means.asset);
        (asset.network, asset.decimals) = (tron.clone(), 6);
        asset.contract = Some(Address::from_tron_account([0xcc; 20]));
        notice.price_asset = Some(Arc::clone(&means.asset));
        let payment = &mut notice.payment;
        payment.code = PaymentCode::new(123).unwrap();
        payment.shop = ShopId::new(45);
        payment.order.external_id = "ORDER_12345".to_owned();
        payment.price = Price::Asset {
            network: tron.clone(),
            currency: usdt,
            amount: BaseUnits::new(50_000_000),
        };
        let ask = payment.ask.as_mut().unwrap();
        (ask.network, ask.quoted, ask.due) = (tron, BaseUnits::new(50_000_000), BaseUnits::new(50_013_400));
        let event = &mut notice.event;
        event.txid = "transaction_hash_or_test_id".to_owned();
        event.at = UnixMillis::from_seconds(1_782_929_052);
        event.received = BaseUnits::new(50_013_400);
        notice
    }

    fn post(format: CryptoPayNotify, notice: &Notice) -> Post {
        format.post(notice, &SENDING).unwrap()
    }

    #[test]
    fn the_post_is_the_pages_field_for_field_and_signed_with_the_api_secret() {
        let post = post(CryptoPayNotify::CRYPTO_PAY, &notice());
        assert_eq!(String::from_utf8(post.body).unwrap(), PAGE);
        // Computed by openssl over the body above.
        let expected = [
            ("Content-Type", "application/json"),
            (
                "X-Signature",
                "57875bf27a076c17b6b8daaeceeb2c88d1713eaa9d23c62dbd6e75e1878f403e",
            ),
            ("X-Payd-Mode", "live"),
        ];
        assert_eq!(
            post.headers,
            expected.map(|(name, value)| (name, value.to_owned()))
        );
    }

    #[test]
    fn only_crypto_pay_tells_tests_apart() {
        let mut test = notice();
        test.payment.mode = Mode::Test;
        let body = |format, notice: &Notice| String::from_utf8(post(format, notice).body).unwrap();
        let is_test = PAGE.replace("false", "true");
        assert_eq!(body(CryptoPayNotify::CRYPTO_PAY, &test), is_test);
        let without = PAGE.replace(r#","is_test":false"#, "");
        for notice in [notice(), test] {
            assert_eq!(body(CryptoPayNotify::USDT_PAYMENTS, &notice), without);
        }
    }

    #[test]
    fn nothing_but_a_paid_payment_is_told() {
        for kind in EventKind::ALL {
            for status in Status::ALL {
                let mut notice = notice();
                (notice.event.kind, notice.event.status) = (*kind, *status);
                let is_paid = (*kind, *status) == (EventKind::Confirmed, Status::Paid);
                let told = CryptoPayNotify::CRYPTO_PAY.post(&notice, &SENDING);
                assert_eq!(told.is_ok(), is_paid, "{kind} {status}");
            }
        }
        assert_eq!(
            CryptoPayNotify::CRYPTO_PAY.default_events(),
            [EventKind::Confirmed]
        );
    }

    #[test]
    fn a_retry_has_the_same_bytes_whenever_it_is_sent_and_whatever_came_since() {
        let first = post(CryptoPayNotify::CRYPTO_PAY, &notice());
        let mut notice = notice();
        notice.payment.progress.seen = BaseUnits::new(99_000_000);
        notice.payment.confirmed_at = None;
        let later = Sending {
            delivery: DeliveryId::new(43),
            now: UnixMillis::from_seconds(1_800_000_000),
            ..SENDING
        };
        assert_eq!(CryptoPayNotify::CRYPTO_PAY.post(&notice, &later).unwrap(), first);
    }

    #[test]
    fn a_payment_of_another_api_is_told_as_what_it_is() {
        let body: serde_json::Value =
            serde_json::from_slice(&post(CryptoPayNotify::CRYPTO_PAY, &fakes::notice()).body).unwrap();
        for (name, value) in [
            ("amount", "50.00"),
            ("pay_amount", "50.000000"),
            ("currency", "USDT"),
            ("network", "BSC"),
            ("txid", "0xabc1"),
        ] {
            assert_eq!(body[name], value, "{name} in {body}");
        }
    }

    #[test]
    fn any_2xx_is_received_and_all_else_is_sent_again_three_times() {
        for status in 100..=999 {
            let expected = match status {
                200..=299 => Verdict::Received,
                _ => Verdict::Retry,
            };
            assert_eq!(CryptoPayNotify::CRYPTO_PAY.verdict(status), expected, "{status}");
        }
        let minutes = CryptoPayNotify::USDT_PAYMENTS
            .waits()
            .iter()
            .map(|wait| wait.as_secs() / 60);
        assert_eq!(minutes.collect::<Vec<_>>(), [5, 15, 60]);
    }

    #[test]
    fn a_test_post_is_signed_and_is_no_payment() {
        let post = CryptoPayNotify::CRYPTO_PAY.test_post(&SENDING).unwrap();
        let body: serde_json::Value = serde_json::from_slice(&post.body).unwrap();
        assert_eq!(
            (&body["event"], &body["test"]),
            (&TEST_EVENT.into(), &true.into())
        );
        assert!(body.get("payment_id").is_none() && body.get("status").is_none());
        let expected = hex::encode(mac(SENDING.secret.as_bytes(), &[&post.body]).unwrap());
        assert_eq!(post.headers[1].1, expected);
    }
}
