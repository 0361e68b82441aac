//! The body of soko's create call, read without guessing.
//!
//! The rules that the page leaves open: fields it does not name are ignored; `null` and `""` mean that a field was not
//! given; a field given twice is refused, because readers disagree about which one counts; the content type is not looked
//! at. `fiat_amount` overrides `amount`, so what then stands in `amount` does not matter. `currency`, which the page has
//! only in its answers, chooses among what the store accepts.

use std::str::FromStr;

use serde_json::error::Category;
use serde_json::value::RawValue;

use super::error::ApiError;
use crate::domain::asset::{Asset, Means};
use crate::domain::money::{AmountError, BaseUnits, Fiat, FiatAmount};
use crate::domain::payment::Order;
use crate::domain::price::Price;
use crate::engine::gateway::{CreateRequest, GatewayError, PayWith};
use crate::web::api::json;
use crate::web::api::number::SentAmount;

/// The fields that are read.
const FIELDS: [&str; 6] = [
    "amount",
    "fiat_amount",
    "fiat_currency",
    "currency",
    "order_id",
    "metadata",
];

/// The most digits before the point: enough for every price in every currency, and far below what does not fit.
const WHOLE_DIGITS_MAX: usize = 15;

const ORDER_ID_CHARS_MAX: usize = 255;
const METADATA_BYTES_MAX: usize = 16 * 1024;

/// What to create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CreateBody {
    price: SentPrice,
    /// A currency's code, where the shop chose for the customer.
    code: Option<String>,
    order_id: String,
    metadata: String,
}

/// The price as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
enum SentPrice {
    Fiat(FiatAmount),
    /// Digits: so much of an asset that the store accepts.
    Crypto(SentAmount),
}

impl CreateBody {
    /// Reads the body of a create call.
    ///
    /// # Errors
    /// 400 with the first thing that is wrong.
    pub(super) fn read(body: &[u8]) -> Result<Self, ApiError> {
        let raw = raw_fields(body)?;
        let given = |field: &str| raw.field(field);
        Ok(Self {
            price: price(given("amount"), given("fiat_amount"), given("fiat_currency"))?,
            code: given("currency").map(|raw| text("currency", raw)).transpose()?,
            order_id: given("order_id").map(order_id).transpose()?.unwrap_or_default(),
            metadata: given("metadata")
                .map(metadata)
                .transpose()?
                .unwrap_or_else(|| "{}".to_owned()),
        })
    }

    /// What the engine is asked for. `accepted` is what the store accepts: an `amount` is one of the first of it, unless
    /// the body says of which.
    ///
    /// # Errors
    /// [`GatewayError::NothingAccepted`], [`GatewayError::NotAccepted`], or 400 when the amount is none of the currency's.
    pub(super) fn into_request(self, accepted: &[Means]) -> Result<CreateRequest, ApiError> {
        let chosen = self.code.map(|code| by_code(accepted, &code)).transpose()?;
        let price = match self.price {
            SentPrice::Fiat(price) => Price::Fiat(price),
            SentPrice::Crypto(amount) => {
                let means = chosen.or(accepted.first());
                let asset = &means.ok_or(GatewayError::NothingAccepted)?.asset;
                Price::Asset {
                    network: asset.network.clone(),
                    currency: asset.currency.clone(),
                    amount: units(&amount, asset)?,
                }
            }
        };
        let pay_with = chosen.map_or(PayWith::Accepted, |means| PayWith::Asset {
            network: means.network.slug.to_string(),
            currency: means.asset.currency.to_string(),
        });
        Ok(CreateRequest {
            order: Order {
                external_id: self.order_id,
                metadata: self.metadata,
                ..Order::default()
            },
            ..CreateRequest::new(price, pay_with)
        })
    }
}

fn by_code<'a>(accepted: &'a [Means], code: &str) -> Result<&'a Means, GatewayError> {
    let found = accepted
        .iter()
        .find(|means| means.code.eq_ignore_ascii_case(code));
    found.ok_or_else(|| GatewayError::NotAccepted {
        known: accepted
            .iter()
            .map(|means| &*means.code)
            .collect::<Vec<_>>()
            .join(", "),
    })
}

fn price(
    amount: Option<&RawValue>,
    fiat_amount: Option<&RawValue>,
    fiat_currency: Option<&RawValue>,
) -> Result<SentPrice, ApiError> {
    match (amount, fiat_amount, fiat_currency) {
        (_, Some(raw), Some(currency)) => {
            let currency = fiat("fiat_currency", &text("fiat_currency", currency)?)?;
            fiat_price("fiat_amount", &decimal("fiat_amount", raw)?, currency).map(SentPrice::Fiat)
        }
        (_, Some(_), None) => Err(ApiError::bad_request(format!(
            "fiat_currency is required with fiat_amount; use one of: {}",
            fiats()
        ))),
        // Who names a currency of money may well mean the amount in it: taken as so many coins it could be ruinous.
        (Some(_), None, Some(_)) => Err(ApiError::bad_request(
            "fiat_currency goes with fiat_amount, which is not given: send the price in fiat_amount, or leave fiat_currency \
             out for an amount of the cryptocurrency",
        )),
        (Some(raw), None, None) => Ok(SentPrice::Crypto(decimal("amount", raw)?)),
        (None, None, _) => Err(ApiError::bad_request(
            "amount is required: send amount, or fiat_amount with fiat_currency",
        )),
    }
}

/// A price in money, above zero.
///
/// # Errors
/// 400 when it is none.
pub(super) fn fiat_price(field: &str, amount: &SentAmount, currency: Fiat) -> Result<FiatAmount, ApiError> {
    let minor = positive(field, amount, currency.digits(), currency.word())?;
    let minor =
        u64::try_from(minor.get()).map_err(|_| ApiError::bad_request(format!("{field} is too large")))?;
    Ok(FiatAmount { currency, minor })
}

/// A currency of money, in small or capital letters.
///
/// # Errors
/// 400 with those there are.
pub(super) fn fiat(field: &str, code: &str) -> Result<Fiat, ApiError> {
    let found = Fiat::from_str(&code.to_ascii_uppercase());
    found.map_err(|_| ApiError::bad_request(format!("{field} is unknown; use one of: {}", fiats())))
}

fn fiats() -> String {
    Fiat::ALL
        .iter()
        .map(|fiat| fiat.word())
        .collect::<Vec<_>>()
        .join(", ")
}

fn units(amount: &SentAmount, asset: &Asset) -> Result<BaseUnits, ApiError> {
    positive("amount", amount, asset.decimals, &asset.symbol)
}

fn positive(field: &str, amount: &SentAmount, digits: u8, unit: &str) -> Result<BaseUnits, ApiError> {
    let whole = amount.as_str().split('.').next().unwrap_or_default();
    if whole.trim_start_matches('0').len() > WHOLE_DIGITS_MAX {
        return Err(ApiError::bad_request(format!("{field} is too large")));
    }
    match amount.units(digits) {
        Ok(units) if units.is_zero() => Err(ApiError::bad_request(format!(
            "{field} must be greater than zero"
        ))),
        Ok(units) => Ok(units),
        Err(AmountError::Malformed) => Err(not_an_amount(field)),
        Err(AmountError::TooPrecise { decimals }) => Err(ApiError::bad_request(format!(
            "{field} has more than the {decimals} digits after the point that {unit} has"
        ))),
        Err(AmountError::TooLarge) => Err(ApiError::bad_request(format!("{field} is too large"))),
    }
}

fn decimal(field: &str, raw: &RawValue) -> Result<SentAmount, ApiError> {
    serde_json::from_str(raw.get()).map_err(|_| not_an_amount(field))
}

/// The refusal of what is no decimal amount.
pub(super) fn not_an_amount(field: &str) -> ApiError {
    ApiError::bad_request(format!(
        "{field} must be a decimal amount such as \"12.50\", without sign, exponent or separators"
    ))
}

fn text(field: &str, raw: &RawValue) -> Result<String, ApiError> {
    let text: Option<String> = serde_json::from_str(raw.get()).ok();
    text.ok_or_else(|| ApiError::bad_request(format!("{field} must be a string")))
}

/// The merchant's own order id: a string, or a number as its digits.
fn order_id(raw: &RawValue) -> Result<String, ApiError> {
    let is_number = raw
        .get()
        .starts_with(|first: char| first == '-' || first.is_ascii_digit());
    let id = if is_number {
        raw.get().to_owned()
    } else {
        text("order_id", raw)?
    };
    if id.chars().count() > ORDER_ID_CHARS_MAX || id.chars().any(char::is_control) {
        return Err(ApiError::bad_request(format!(
            "order_id must have at most {ORDER_ID_CHARS_MAX} characters and no control characters"
        )));
    }
    Ok(id)
}

/// A JSON object, byte for byte.
fn metadata(raw: &RawValue) -> Result<String, ApiError> {
    // PHP writes an empty map like this.
    let list = raw
        .get()
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    if list.is_some_and(|items| items.trim().is_empty()) {
        return Ok("{}".to_owned());
    }
    if !raw.get().starts_with('{') {
        return Err(ApiError::bad_request("metadata must be a JSON object"));
    }
    if raw.get().len() > METADATA_BYTES_MAX {
        return Err(ApiError::bad_request(format!(
            "metadata must have at most {METADATA_BYTES_MAX} bytes"
        )));
    }
    Ok(raw.get().to_owned())
}

/// The fields that are read, in the order of [`FIELDS`], as far as they were given.
struct Given<'a>([Option<&'a RawValue>; FIELDS.len()]);

impl<'a> Given<'a> {
    fn field(&self, name: &str) -> Option<&'a RawValue> {
        let mut fields = FIELDS.iter().zip(&self.0);
        fields.find_map(|(field, value)| value.filter(|_| *field == name))
    }
}

/// Takes the body apart into the fields that are read and were given.
fn raw_fields(body: &[u8]) -> Result<Given<'_>, ApiError> {
    let not_json =
        |why: &dyn std::fmt::Display| ApiError::bad_request(format!("the body is not valid JSON: {why}"));
    let text = std::str::from_utf8(body).map_err(|_| not_json(&"it is not UTF-8"))?;
    let json::Entries(entries) = serde_json::from_str(text).map_err(|error| match error.classify() {
        Category::Data => ApiError::bad_request("the body must be a JSON object"),
        Category::Io | Category::Syntax | Category::Eof => not_json(&error),
    })?;
    let mut given = [None; FIELDS.len()];
    for (name, value) in entries {
        // Also what is ignored has to be sound.
        json::check(value).map_err(|flaw| not_json(&flaw))?;
        let place = FIELDS.iter().zip(&mut given).find(|(field, _)| **field == name);
        if let Some((field, place)) = place
            && place.replace(value).is_some()
        {
            return Err(ApiError::bad_request(format!("{field} is given more than once")));
        }
    }
    let is_given = |value: &&RawValue| !matches!(value.get(), "null" | r#""""#);
    Ok(Given(given.map(|value| value.filter(is_given))))
}
