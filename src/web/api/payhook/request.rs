//! The body of PayHook's create call: read without guessing, every bad field reported at once.
//!
//! The rules that the page leaves open: fields it does not name are ignored, so that a client which sends more
//! than it needs goes on working; `null` and `""` in an optional field mean that it was not given; a field given
//! twice is refused, because readers disagree about which one counts; the content type is not looked at.

use std::collections::BTreeMap;

use serde_json::error::Category;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
#[cfg(test)]
use utoipa::ToSchema;

use super::error::{FieldErrors, NO_FIELD};
use super::fields;
use crate::web::api::json;

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
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(ToSchema))]
#[cfg_attr(test, schema(as = PaymentCreate))]
pub struct CreateBody {
    /// Amount in USD cents: 5000 is $50.00.
    #[cfg_attr(test, schema(value_type = i64, minimum = 1, maximum = 10_000_000_000_i64, example = 5000))]
    pub amount_usd_cents: u64,
    /// The network to be paid on: `bsc`, `tron`, `ethereum`, or another that this payd watches.
    #[cfg_attr(test, schema(example = "bsc"))]
    pub network: String,
    /// The currency to be paid in: `usdt`, `usdc`, `busd`, `native`, or another of the network's.
    #[cfg_attr(test, schema(example = "usdt"))]
    pub currency: String,
    /// Your order id. Echoed on every webhook event for this payment.
    #[cfg_attr(
        test,
        schema(required = false, nullable, max_length = 255, example = "order-9837")
    )]
    pub external_order_id: String,
    /// Shown on the checkout page.
    #[cfg_attr(
        test,
        schema(required = false, nullable, max_length = 254, example = "jo@example.com")
    )]
    pub customer_email: String,
    /// Where the checkout page sends the customer after confirmation; http or https.
    #[cfg_attr(
        test,
        schema(
            required = false,
            nullable,
            max_length = 2048,
            example = "https://merchant.com/orders/9837/thanks"
        )
    )]
    pub redirect_url: String,
    /// A JSON object of up to 16 KiB, kept with the payment and sent with its webhooks.
    #[cfg_attr(test, schema(required = false, nullable, value_type = BTreeMap<String, serde_json::Value>, example = json!({"sku": "GOLD-PLAN"})))]
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
        json::check(value).map_err(|flaw| not_json(&flaw.to_string()))?;
        if let Some(field) = known
            && raw.insert(field, value).is_some()
        {
            errors.add(field, "This field is given more than once.");
        }
    }
    Ok(raw)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MINIMAL: &str = r#"{"amount_usd_cents":1,"network":"bsc","currency":"usdt"}"#;

    fn read(body: &[u8]) -> Result<CreateBody, BTreeMap<&'static str, Vec<String>>> {
        let check = |network: &str, _: &str| match network {
            "bsc" => Ok(()),
            _ => Err(("network", "unknown network".to_owned())),
        };
        CreateBody::read(body, check).map_err(|errors| errors.errors)
    }

    /// The minimal body with something more in it.
    fn with(more: &str) -> String {
        format!("{},{more}}}", MINIMAL.trim_end_matches('}'))
    }

    #[test]
    fn what_was_not_given_is_empty() {
        let minimal = read(MINIMAL.as_bytes()).unwrap();
        assert_eq!(minimal.metadata.text, "{}");
        assert_eq!(minimal.external_order_id, "");
        for empty in ["null", "\"\""] {
            let more: Vec<String> = FIELDS[3..]
                .iter()
                .map(|field| format!("\"{field}\": {empty}"))
                .collect();
            assert_eq!(read(with(&more.join(",")).as_bytes()), Ok(minimal.clone()));
        }
    }

    #[test]
    fn fields_that_the_page_does_not_name_are_ignored() {
        let minimal = read(MINIMAL.as_bytes()).unwrap();
        for more in [
            r#""fee":1e400"#,
            r#""a":{"b":[null]},"a":2"#,
            r#""Network":"tron""#,
            r#""":"""#,
        ] {
            let read = read(with(more).as_bytes()).unwrap();
            assert_eq!((read.hash(), read), (minimal.hash(), minimal.clone()), "{more}");
        }
    }

    #[test]
    fn every_bad_field_is_reported_at_once() {
        let body = r#"{"amount_usd_cents":-1,"network":"moon","currency":"usdt","external_order_id":7,
            "customer_email":"jo","redirect_url":"/x","metadata":[]}"#;
        let errors = read(body.as_bytes()).unwrap_err();
        let mut fields: Vec<&str> = errors.into_keys().collect();
        let mut expected: Vec<&str> = FIELDS.into_iter().filter(|field| *field != "currency").collect();
        fields.sort_unstable();
        expected.sort_unstable();
        assert_eq!(fields, expected);

        let missing = read(b"{}").unwrap_err();
        let required = vec!["This field is required.".to_owned()];
        let expected = ["amount_usd_cents", "currency", "network"].map(|field| (field, required.clone()));
        assert_eq!(missing, BTreeMap::from(expected));
    }

    #[test]
    fn a_field_given_twice_is_refused() {
        let errors = read(with(r#""amount_usd_cents":2"#).as_bytes()).unwrap_err();
        assert_eq!(
            errors["amount_usd_cents"],
            ["This field is given more than once."]
        );
        assert!(read(with(r#""\u0061mount_usd_cents":1"#).as_bytes()).is_err());
    }

    #[test]
    fn what_is_no_json_object_is_refused_whole() {
        let deep = |open: &str, close: &str, depth: usize| {
            with(&format!("\"x\":{}1{}", open.repeat(depth), close.repeat(depth)))
        };
        let bodies: [&[u8]; 22] = [
            b"",
            b" ",
            b"null",
            b"[]",
            b"\"{}\"",
            b"5",
            b"{",
            b"{}x",
            b"{}{}",
            b"{\"a\":1,}",
            b"{'a':1}",
            b"amount_usd_cents=5000&network=bsc",
            b"\xef\xbb\xbf{}",
            b"\xff\xfe{\x00}\x00",
            b"{\"network\":\"\xff\"}",
            b"{\"network\":\"b\x00sc\"}",
            b"{\"network\":\"b\nsc\"}",
            b"{\"amount_usd_cents\":05000}",
            b"{\"amount_usd_cents\":NaN}",
            b"{\"\\ud800\":1}",
            &deep("[", "]", 25_000).into_bytes(),
            &deep("{\"a\":", "}", 9_000).into_bytes(),
        ];
        for body in bodies {
            let errors = read(body).unwrap_err();
            assert_eq!(
                errors.keys().collect::<Vec<_>>(),
                [&NO_FIELD],
                "{:?}",
                body.get(..40)
            );
        }
    }

    #[test]
    fn a_nul_written_as_an_escape_is_refused() {
        for more in [
            r#""external_order_id":"a\u0000""#,
            r#""metadata":{"a\u0000":1}"#,
            r#""x":"\u0000""#,
        ] {
            assert!(read(with(more).as_bytes()).is_err(), "{more}");
        }
    }

    #[test]
    fn the_end_of_one_field_does_not_pass_for_the_beginning_of_the_next() {
        let one = with(r#""external_order_id":"a","customer_email":"bc@x.io""#);
        let other = with(r#""external_order_id":"ab","customer_email":"c@x.io""#);
        let hash = |body: &str| read(body.as_bytes()).unwrap().hash();
        assert_ne!(hash(&one), hash(&other));
    }

    proptest! {
        #[test]
        fn no_bytes_make_reading_a_request_panic(body: Vec<u8>, text in "[\\[\\]{}\",:0-9a-eE.+\\\\u-]{0,60}") {
            let _ = read(&body);
            let _ = read(text.as_bytes());
            let _ = read(with(&format!("\"metadata\":{text}")).as_bytes());
            let _ = read(with(&format!("\"amount_usd_cents\":{text}")).as_bytes());
        }
    }
}
