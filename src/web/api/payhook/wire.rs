//! What PayHook's API answers with: field names, their order and the words for a status, as its page shows them.
//! Knows no request and no rule.

use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use time::macros::format_description;
#[cfg(test)]
use utoipa::ToSchema;

use crate::domain::status::Status;
use crate::domain::time::UnixMillis;
use crate::engine::gateway::PaymentView;

/// A payment: the answer to create, retrieve and cancel.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ToSchema))]
#[cfg_attr(test, schema(as = Payment))]
pub struct PaymentBody {
    /// Public payment identifier.
    #[cfg_attr(test, schema(example = "PAY-2026-000123"))]
    pub payment_number: String,
    /// Where the payment stands.
    pub status: PaymentStatus,
    /// Echoed from the request.
    #[cfg_attr(test, schema(example = "bsc"))]
    pub network: String,
    /// Echoed from the request.
    #[cfg_attr(test, schema(example = "usdt"))]
    pub currency: String,
    /// Echoed from the request; null where a price in another currency, set by another API, could not be converted.
    #[cfg_attr(test, schema(value_type = Option<i64>, required = true, minimum = 1, example = 5000))]
    pub amount_usd_cents: UsdCents,
    /// Decimal: the precise amount the customer must send; empty while the payment waits for its turn.
    #[cfg_attr(test, schema(example = "50.000000"))]
    pub expected_crypto_amount: String,
    /// Decimal: what was seen on the chain, also before it is confirmed; null until a transfer was seen.
    #[cfg_attr(test, schema(required = true))]
    pub actual_crypto_amount: Option<String>,
    /// The deposit address the customer pays to; empty while the payment waits for its turn.
    #[cfg_attr(test, schema(example = "0x742d35Cc6634C0532925a3b844Bc9e7595f7E5a3"))]
    pub assigned_address: String,
    /// Hash of the latest transaction that counts; empty until one was seen.
    #[cfg_attr(test, schema(example = ""))]
    pub tx_hash: String,
    /// Confirmations of `tx_hash`; `status` becomes `confirmed` at the network's threshold.
    #[cfg_attr(test, schema(example = 0))]
    pub confirmations: u32,
    /// Echoed from the request; empty when none was given.
    #[cfg_attr(test, schema(example = "order-9837"))]
    pub external_order_id: String,
    /// Echoed from the request; empty when none was given.
    #[cfg_attr(test, schema(example = "jo@example.com"))]
    pub customer_email: String,
    /// Echoed from the request; empty when none was given.
    #[cfg_attr(test, schema(example = "https://merchant.com/orders/9837/thanks"))]
    pub redirect_url: String,
    /// Echoed from the request, byte for byte; `{}` when none was given.
    #[cfg_attr(test, schema(value_type = std::collections::BTreeMap<String, serde_json::Value>, example = json!({"sku": "GOLD-PLAN"})))]
    pub metadata: Metadata,
    /// The credential in `checkout_url`. Keep it on the server.
    pub payment_token: String,
    /// Where to send the customer.
    #[cfg_attr(test, schema(format = "uri"))]
    pub checkout_url: String,
    /// When the payment expires if nothing was received.
    #[cfg_attr(test, schema(value_type = String, format = DateTime, example = "2026-05-24T12:05:00Z"))]
    pub expires_at: Timestamp,
    /// When the confirmations first reached the threshold; null until then.
    #[cfg_attr(test, schema(value_type = Option<String>, format = DateTime, required = true))]
    pub confirmed_at: Option<Timestamp>,
    /// When the payment was made.
    #[cfg_attr(test, schema(value_type = String, format = DateTime, example = "2026-05-24T11:35:00Z"))]
    pub created_at: Timestamp,
}

/// The body for a payment. `public_url` is where customers find payd, without the closing slash.
pub(crate) fn payment_body(view: &PaymentView, public_url: &str) -> PaymentBody {
    let payment = &view.payment;
    let latest = payment.progress.latest.as_ref();
    let (asked, chosen) = (view.asked(), view.chosen.as_ref());
    PaymentBody {
        payment_number: payment.number.to_string(),
        status: payment.status.into(),
        network: chosen
            .map(|chosen| chosen.means.network.slug.to_string())
            .unwrap_or_default(),
        currency: chosen
            .map(|chosen| chosen.means.asset.currency.to_string())
            .unwrap_or_default(),
        amount_usd_cents: UsdCents(payment.usd_cents),
        expected_crypto_amount: asked
            .map(|asked| asked.means.asset.show(asked.ask.due))
            .unwrap_or_default(),
        actual_crypto_amount: chosen
            .filter(|_| latest.is_some())
            .map(|chosen| chosen.means.asset.show(payment.progress.seen)),
        assigned_address: asked
            .map(|asked| asked.ask.address.to_string())
            .unwrap_or_default(),
        tx_hash: latest.map(|latest| latest.txid.to_string()).unwrap_or_default(),
        confirmations: view.confirmations,
        external_order_id: payment.order.external_id.clone(),
        customer_email: payment.order.customer_email.clone(),
        redirect_url: payment.order.redirect_url.clone(),
        metadata: Metadata(payment.order.metadata.clone()),
        payment_token: payment.token.as_str().to_owned(),
        checkout_url: format!("{public_url}/pay/{}", payment.token.as_str()),
        expires_at: Timestamp(payment.expires_at),
        confirmed_at: payment.confirmed_at.map(Timestamp),
        created_at: Timestamp(payment.created_at),
    }
}

/// PayHook's words for a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum PaymentStatus {
    /// Waiting for money or for confirmations.
    Pending,
    /// Paid.
    Confirmed,
    /// Not, or not fully, paid in time.
    Expired,
    /// Cancelled by the merchant.
    Cancelled,
    /// Given up.
    Failed,
}

impl From<Status> for PaymentStatus {
    /// The page has no word for money on its way (`tx_hash` and `confirmations` tell of it), nor for a part of
    /// the money (`actual_crypto_amount` tells of it).
    fn from(status: Status) -> Self {
        match status {
            Status::Selecting | Status::Queued | Status::Pending | Status::Confirming => Self::Pending,
            Status::Paid => Self::Confirmed,
            Status::Underpaid | Status::Expired => Self::Expired,
            Status::Cancelled => Self::Cancelled,
            Status::Failed => Self::Failed,
        }
    }
}

/// A price, written as a whole number of US cents: the one that was asked for, or what a price in another currency, which
/// only another API can have set, was worth then; null where nobody knew.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(transparent)]
pub struct UsdCents(pub(super) Option<u64>);

/// The merchant's JSON object, written as it came. What is not JSON does not become an answer.
#[derive(Debug, Clone)]
pub struct Metadata(String);

impl Serialize for Metadata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = if self.0.is_empty() { "{}" } else { self.0.as_str() };
        let raw: &RawValue = serde_json::from_str(text).map_err(S::Error::custom)?;
        raw.serialize(serializer)
    }
}

/// A time, written like `2026-05-24T12:05:00Z`.
#[derive(Debug, Clone, Copy)]
pub struct Timestamp(UnixMillis);

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
        let utc = self
            .0
            .utc()
            .ok_or_else(|| S::Error::custom("time out of range"))?;
        let text = utc.format(&format).map_err(S::Error::custom)?;
        serializer.serialize_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::money::BaseUnits;
    use crate::domain::payment::{LatestTransfer, Order};
    use crate::web::api::fake::view;

    #[test]
    fn every_status_has_the_pages_word() {
        use PaymentStatus::{Cancelled, Confirmed, Expired, Failed, Pending};
        for (status, word) in [
            (Status::Selecting, Pending),
            (Status::Queued, Pending),
            (Status::Pending, Pending),
            (Status::Confirming, Pending),
            (Status::Paid, Confirmed),
            (Status::Underpaid, Expired),
            (Status::Expired, Expired),
            (Status::Cancelled, Cancelled),
            (Status::Failed, Failed),
        ] {
            assert_eq!(PaymentStatus::from(status), word, "{status}");
        }
    }

    #[test]
    fn a_payment_that_waits_for_its_turn_invites_nobody_to_pay() {
        let mut waiting = view(Order::default());
        waiting.payment.status = Status::Queued;
        waiting.payment.asked_at = None;
        let body = serde_json::to_value(payment_body(&waiting, "https://app.payhook.app")).unwrap();
        assert_eq!(
            (
                &body["status"],
                &body["assigned_address"],
                &body["expected_crypto_amount"]
            ),
            (&json!("pending"), &json!(""), &json!(""))
        );
    }

    #[test]
    fn money_on_its_way_shows_in_the_amount_the_hash_and_the_confirmations() {
        let mut seen = view(Order::default());
        seen.payment.status = Status::Paid;
        seen.payment.progress.seen = BaseUnits::new(49_000_000_000_000_000_001);
        seen.payment.progress.latest = Some(LatestTransfer {
            txid: "0xfeed".into(),
            height: Some(9),
        });
        seen.payment.confirmed_at = Some(UnixMillis::new(1_779_624_300_000));
        seen.confirmations = 17;
        let body = serde_json::to_value(payment_body(&seen, "https://app.payhook.app")).unwrap();
        assert_eq!(body["status"], "confirmed");
        assert_eq!(body["actual_crypto_amount"], "49.000000000000000001");
        assert_eq!(
            (&body["tx_hash"], &body["confirmations"]),
            (&json!("0xfeed"), &json!(17))
        );
        assert_eq!(body["confirmed_at"], "2026-05-24T12:05:00Z");
        assert_eq!(
            (&body["metadata"], &body["external_order_id"]),
            (&json!({}), &json!(""))
        );
    }

    #[test]
    fn a_stored_row_that_cannot_be_told_is_an_error_and_not_a_default() {
        let mut broken = view(Order {
            metadata: "{".into(),
            ..Order::default()
        });
        assert!(serde_json::to_string(&payment_body(&broken, "https://app.payhook.app")).is_err());
        broken.payment.order.metadata.clear();
        broken.payment.created_at = UnixMillis::new(i64::MAX);
        assert!(serde_json::to_string(&payment_body(&broken, "https://app.payhook.app")).is_err());
    }
}
