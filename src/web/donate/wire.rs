//! What the call for programs takes and answers: soko's JSON. The words of its page are spoken only here.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use super::gift::{Sent, SentAmount};
use crate::domain::asset::Means;
use crate::domain::money::{BaseUnits, Fiat};
use crate::domain::price::Price;
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;
use crate::engine::gateway::PaymentView;
use crate::outbox::format::PostError;
use crate::web::api::number;
use crate::web::api::signing::{TIME_Z, write_time};

/// The body of `POST /donate/create`. What is not named here is ignored.
#[derive(Debug, Deserialize)]
pub(super) struct CreateBody {
    #[serde(default)]
    api_key: Option<String>,
    #[serde(default, deserialize_with = "given")]
    fiat_amount: Option<String>,
    #[serde(default)]
    fiat_currency: Option<String>,
    #[serde(default, deserialize_with = "given")]
    amount: Option<String>,
    #[serde(default)]
    currency: Option<String>,
    #[serde(default)]
    donor_name: Option<String>,
    #[serde(default)]
    donor_message: Option<String>,
}

/// An amount as a string or a number; `null` and an empty string are none.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let raw = Option::<Box<RawValue>>::deserialize(deserializer)?;
    let Some(raw) = raw.filter(|raw| !matches!(raw.get(), "null" | "\"\"")) else {
        return Ok(None);
    };
    let sent: number::SentAmount = serde_json::from_str(raw.get()).map_err(D::Error::custom)?;
    Ok(Some(sent.as_str().to_owned()))
}

/// Whether a body is meant to be a JSON object.
pub(super) fn is_object(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(b"{")
}

impl CreateBody {
    /// Reads a body.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
        let wanted = "the body must be a JSON object with api_key, fiat_amount and currency";
        // A list would be taken for the fields in their order.
        if !is_object(bytes) {
            return Err(wanted.to_owned());
        }
        serde_json::from_slice(bytes).map_err(|error| format!("{wanted}: {error}"))
    }

    /// The key, and what was sent with it.
    pub(super) fn into_sent(self) -> (String, Sent) {
        let fiat = self.fiat_currency.filter(|code| !code.is_empty());
        let amount = match (self.fiat_amount, self.amount) {
            (Some(digits), _) => SentAmount::Fiat {
                digits,
                currency: fiat.unwrap_or_else(|| Fiat::Usd.word().to_owned()),
            },
            (None, Some(digits)) => SentAmount::Asset { digits },
            (None, None) => SentAmount::Missing,
        };
        let sent = Sent {
            amount,
            currency: self.currency.unwrap_or_default(),
            donor_name: self.donor_name.unwrap_or_default(),
            donor_message: self.donor_message.unwrap_or_default(),
        };
        (self.api_key.unwrap_or_default(), sent)
    }
}

/// An answer: `success` and `data`, or `success` and `error`.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Reply {
    /// It was made.
    Made {
        /// True.
        success: bool,
        /// The payment.
        data: Data,
    },
    /// It was not.
    Refused {
        /// False.
        success: bool,
        /// Why.
        error: String,
    },
}

impl Reply {
    pub(super) fn refused(error: impl Into<String>) -> Self {
        Self::Refused {
            success: false,
            error: error.into(),
        }
    }
}

/// A payment that was made.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Data {
    /// In a currency.
    Direct {
        payment_id: String,
        /// As a string; `null` while it waits for its turn.
        amount: Option<String>,
        currency: String,
        pay_address: Option<String>,
        status: &'static str,
        expires_at: String,
        payment_url: String,
    },
    /// In one that the donor is to choose.
    Selecting {
        payment_id: Option<String>,
        status: &'static str,
        amount: number::Number,
        currencies: Vec<String>,
        payment_url: String,
    },
}

impl Data {
    /// What is told of a payment that was just made.
    ///
    /// # Errors
    /// [`PostError`] for a time that cannot be written.
    pub(super) fn of(view: &PaymentView, accepted: &[Means], public_url: &str) -> Result<Self, PostError> {
        let payment = &view.payment;
        let Some(chosen) = &view.chosen else {
            return Ok(Self::Selecting {
                payment_id: None,
                status: status(payment.status),
                amount: number::Number::of_digits(price(view)),
                currencies: accepted.iter().map(|means| means.code.clone()).collect(),
                payment_url: format!("{public_url}/pay/select?token={}", payment.token.as_str()),
            });
        };
        let asked = view.asked();
        let amount = |due| {
            number::Number::of_asset(due, &chosen.means.asset)
                .as_str()
                .to_owned()
        };
        Ok(Self::Direct {
            payment_id: payment.uuid.as_str().to_owned(),
            amount: asked.map(|asked| amount(asked.ask.due)),
            currency: chosen.means.code.clone(),
            pay_address: asked.map(|asked| asked.ask.address.to_string()),
            status: status(payment.status),
            expires_at: time(payment.expires_at)?,
            payment_url: format!("{public_url}/pay/{}", payment.uuid.as_str()),
        })
    }
}

fn time(at: UnixMillis) -> Result<String, PostError> {
    write_time(at, TIME_Z)
}

/// The price without digits that say nothing: `100`, `12.5`.
fn price(view: &PaymentView) -> String {
    match (&view.payment.price, &view.price_asset) {
        (Price::Fiat(price), _) => {
            BaseUnits::new(u128::from(price.minor)).to_decimal(price.currency.digits(), 0)
        }
        (Price::Asset { amount, .. }, Some(asset)) => amount.to_decimal(asset.decimals, 0),
        (Price::Asset { amount, .. }, None) => amount.to_string(),
    }
}

/// The page's word for a status.
const fn status(status: Status) -> &'static str {
    match status {
        Status::Selecting => "selecting",
        Status::Queued => "queued",
        Status::Pending => "pending",
        Status::Confirming => "confirming",
        Status::Underpaid => "underpaid",
        Status::Paid => "completed",
        Status::Expired | Status::Cancelled | Status::Failed => "expired",
    }
}
