//! The body of PayHook's create call: read without guessing, every bad field reported at once.
//!
//! The rules that the page leaves open: fields it does not name are ignored, so that a client which sends more
//! than it needs goes on working; `null` and `""` in an optional field mean that it was not given; a field given
//! twice is refused, because readers disagree about which one counts; the content type is not looked at.

use std::collections::BTreeMap;

use serde_json::error::Category;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::error::{FieldErrors, NO_FIELD};
use super::fields;
use super::json;

/// The fields of a create call, each as JSON text.
type RawFields<'a> = BTreeMap<&'static str, &'a RawValue>;

/// The fields that the page names.
const FIELDS: [&str; 7] = [
    "amount_usd_cents",
    "network",
    "currency",
    "external_order_id",
    "customer_email",
    "redirect_url",
    "metadata",
];

/// What to create. Fields that are not listed here are ignored.
#[derive(Debug, Clone, PartialEq, Eq, ToSchema)]
#[schema(as = PaymentCreate)]
pub struct CreateBody {
    /// Amount in USD cents: 5000 is $50.00.
    #[schema(value_type = i64, minimum = 1, maximum = 10_000_000_000_i64, example = 5000)]
    pub amount_usd_cents: u64,
    /// The network to be paid on: `bsc`, `tron`, `ethereum`, or another that this payd watches.
    #[schema(example = "bsc")]
    pub network: String,
    /// The currency to be paid in: `usdt`, `usdc`, `busd`, `native`, or another of the network's.
    #[schema(example = "usdt")]
    pub currency: String,
    /// Your order id. Echoed on every webhook event for this payment.
    #[schema(required = false, max_length = 255, example = "order-9837")]
    pub external_order_id: String,
    /// Shown on the checkout page.
    #[schema(required = false, max_length = 254, example = "jo@example.com")]
    pub customer_email: String,
    /// Where the checkout page sends the customer after confirmation; http or https.
    #[schema(
        required = false,
        max_length = 2048,
        example = "https://merchant.com/orders/9837/thanks"
    )]
    pub redirect_url: String,
    /// A JSON object of up to 16 KiB, kept with the payment and sent with its webhooks.
    #[schema(required = false, value_type = Object, example = json!({"sku": "GOLD-PLAN"}))]
    pub metadata: Metadata,
}

/// A JSON object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// Byte for byte as it was sent.
    pub text: String,
    /// The same without what carries no meaning: spaces, the order of keys, the spelling of strings.
    canonical: String,
}

impl Default for Metadata {
    fn default() -> Self {
        Self {
            text: "{}".to_owned(),
            canonical: "{}".to_owned(),
        }
    }
}

impl CreateBody {
    /// Reads the body of a create call. `check_asset` is asked about the network and the currency once both are
    /// words, and says which of the two it does not know, and why.
    ///
    /// # Errors
    /// [`FieldErrors`] with every field that is wrong.
    pub fn read(
        body: &[u8],
        check_asset: impl FnOnce(&str, &str) -> Result<(), (&'static str, String)>,
    ) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let raw = raw_fields(body, &mut errors)?;
        let mut read = Reading {
            raw: &raw,
            errors: &mut errors,
        };
        let read = Self {
            amount_usd_cents: read.required("amount_usd_cents", fields::usd_cents),
            network: read.required("network", fields::slug),
            currency: read.required("currency", fields::slug),
            external_order_id: read.optional("external_order_id", fields::order_id),
            customer_email: read.optional("customer_email", fields::email),
            redirect_url: read.optional("redirect_url", fields::http_url),
            metadata: read.optional("metadata", |raw| {
                let canonical = fields::metadata(raw)?;
                let text = raw.get().to_owned();
                Ok(Metadata { text, canonical })
            }),
        };
        if !read.network.is_empty()
            && !read.currency.is_empty()
            && let Err((field, message)) = check_asset(&read.network, &read.currency)
        {
            errors.add(field, message);
        }
        if errors.is_empty() { Ok(read) } else { Err(errors) }
    }

    /// SHA-256 over what the request means. A client that retries may well write its JSON anew: spaces, the order
    /// of keys, escapes and ignored fields make no difference; anything else does.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        let amount = self.amount_usd_cents.to_string();
        let parts = [
            "payhook create 1",
            &amount,
            &self.network,
            &self.currency,
            &self.external_order_id,
            &self.customer_email,
            &self.redirect_url,
            &self.metadata.canonical,
        ];
        let mut hash = Sha256::new();
        for part in parts {
            // The length keeps the end of one part from passing for the beginning of the next.
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part);
        }
        hash.finalize().into()
    }
}

/// Reads fields one by one and collects what is wrong with them.
struct Reading<'a> {
    raw: &'a RawFields<'a>,
    errors: &'a mut FieldErrors,
}

impl Reading<'_> {
    /// The field's value; when there is none, an error is noted and the default stands in for it, never to be used.
    fn required<T: Default>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(&RawValue) -> Result<T, String>,
    ) -> T {
        match self.raw.get(field) {
            Some(raw) => self.noted(field, read(raw)),
            None => {
                self.errors.add(field, "This field is required.");
                T::default()
            }
        }
    }

    /// The field's value, or the default when it was not given.
    fn optional<T: Default>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(&RawValue) -> Result<T, String>,
    ) -> T {
        match self.raw.get(field) {
            Some(raw) if !matches!(raw.get(), "null" | r#""""#) => self.noted(field, read(raw)),
            Some(_) | None => T::default(),
        }
    }

    fn noted<T: Default>(&mut self, field: &'static str, value: Result<T, String>) -> T {
        value.unwrap_or_else(|message| {
            self.errors.add(field, message);
            T::default()
        })
    }
}

/// Takes the body apart into the fields that the page names.
///
/// # Errors
/// When it is not a JSON object. A field that came twice is noted in `errors`.
fn raw_fields<'a>(body: &'a [u8], errors: &mut FieldErrors) -> Result<RawFields<'a>, FieldErrors> {
    let not_json = |why: &str| FieldErrors::one(NO_FIELD, format!("The body is not valid JSON: {why}."));
    let text = std::str::from_utf8(body).map_err(|_| not_json("it is not UTF-8"))?;
    let json::Entries(entries) = serde_json::from_str(text).map_err(|error| match error.classify() {
        Category::Data => FieldErrors::one(NO_FIELD, "The body must be a JSON object."),
        Category::Io | Category::Syntax | Category::Eof => not_json(&error.to_string()),
    })?;

    let mut raw = RawFields::new();
    for (name, value) in entries {
        let known = FIELDS.into_iter().find(|known| **known == *name);
        // Also what is ignored has to be sound.
        json::canonical(value).map_err(|flaw| not_json(&flaw.to_string()))?;
        if let Some(field) = known
            && raw.insert(field, value).is_some()
        {
            errors.add(field, "This field is given more than once.");
        }
    }
    Ok(raw)
}
