//! What CryptoPayment's calls ask for: the body of Create, the page of List. Read without guessing, every bad field
//! reported at once; numbers never pass through a float.
//!
//! The rules that the page leaves open: fields it does not name are ignored; `null` and `""` in an optional field mean
//! that it was not given; a field given twice is refused, because readers disagree about which one counts; the content
//! type is not looked at.

use std::collections::BTreeMap;

use serde_json::error::Category;
use serde_json::value::RawValue;

use super::error::{ApiError, FieldErrors};
use super::wire::known_networks;
use crate::domain::money::AmountError;
use crate::web::api::json;
use crate::web::api::number::SentAmount;

/// The smallest price, as the page says: 1.00.
const USD_CENTS_MIN: u64 = 100;

/// The largest price: $100 million. Large enough for any order, small enough to catch a slipped unit.
const USD_CENTS_MAX: u64 = 10_000_000_000;

const NETWORK_CHARS_MAX: usize = 32;
const ORDER_ID_CHARS_MAX: usize = 255;
const METADATA_BYTES_MAX: usize = 16 * 1024;

/// The last page of the list that can be asked for.
const PAGE_MAX: u64 = 1_000_000;

/// The fields that the page names.
const FIELDS: [&str; 4] = ["network", "amount_usd", "order_id", "metadata"];

type RawFields<'a> = BTreeMap<&'static str, &'a RawValue>;

/// What to create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CreateBody {
    /// The network, in the caller's word. Whether it is known is not checked.
    pub(super) network: String,
    /// The price.
    pub(super) usd_cents: u64,
    /// The merchant's own order reference; empty when none was given.
    pub(super) order_id: String,
    /// A JSON object, byte for byte as it was sent; `{}` when none was given.
    pub(super) metadata: String,
}

impl CreateBody {
    /// Reads the body of a create call. `is_network` is asked about the network once it is a word.
    ///
    /// # Errors
    /// With every field that is wrong.
    pub(super) fn read(body: &[u8], is_network: impl FnOnce(&str) -> bool) -> Result<Self, ApiError> {
        let mut errors = FieldErrors::default();
        let raw = raw_fields(body, &mut errors)?;
        let network = required(&raw, "network", network, &mut errors);
        if !network.is_empty() && !is_network(&network) {
            errors.add(
                "network",
                format!("unknown network; use one of: {}", known_networks()),
            );
        }
        let read = Self {
            network,
            usd_cents: required(&raw, "amount_usd", usd_cents, &mut errors),
            order_id: optional(&raw, "order_id", order_id, &mut errors),
            metadata: optional(&raw, "metadata", metadata, &mut errors),
        };
        if errors.is_empty() {
            Ok(read)
        } else {
            Err(errors.into())
        }
    }
}

/// The field's value; when there is none, an error is noted and the default stands in for it, never to be used.
fn required<T: Default>(
    raw: &RawFields<'_>,
    field: &'static str,
    read: fn(&RawValue) -> Result<T, String>,
    errors: &mut FieldErrors,
) -> T {
    let value = match raw.get(field) {
        Some(raw) if raw.get() != "null" => read(raw),
        Some(_) | None => Err("this field is required".to_owned()),
    };
    noted(field, value, errors)
}

/// The field's value, or what stands for none when it was not given.
fn optional(
    raw: &RawFields<'_>,
    field: &'static str,
    read: fn(&RawValue) -> Result<String, String>,
    errors: &mut FieldErrors,
) -> String {
    let value = match raw.get(field) {
        Some(raw) if !matches!(raw.get(), "null" | r#""""#) => read(raw),
        Some(_) | None => Ok(String::new()),
    };
    noted(field, value, errors)
}

fn noted<T: Default>(field: &'static str, value: Result<T, String>, errors: &mut FieldErrors) -> T {
    value.unwrap_or_else(|message| {
        errors.add(field, message);
        T::default()
    })
}

fn network(raw: &RawValue) -> Result<String, String> {
    let word: String = serde_json::from_str(raw.get()).map_err(|_| "must be a string such as trc20")?;
    match word.trim() {
        "" => Err("this field is required".to_owned()),
        word if word.chars().count() > NETWORK_CHARS_MAX => {
            Err(format!("unknown network; use one of: {}", known_networks()))
        }
        word => Ok(word.to_owned()),
    }
}

/// A price in US dollars, as a number or a string, in cents.
fn usd_cents(raw: &RawValue) -> Result<u64, String> {
    let form = || "must be an amount in US dollars such as 50.00".to_owned();
    let amount: SentAmount = serde_json::from_str(raw.get()).map_err(|_| form())?;
    let cents = amount.units(2).map_err(|error| match error {
        AmountError::Malformed => form(),
        AmountError::TooPrecise { .. } => "must have at most two digits after the point".to_owned(),
        AmountError::TooLarge => too_large(),
    })?;
    let cents = u64::try_from(cents.get()).map_err(|_| too_large())?;
    match cents {
        0..USD_CENTS_MIN => Err("must be at least 1.00".to_owned()),
        USD_CENTS_MIN..=USD_CENTS_MAX => Ok(cents),
        _ => Err(too_large()),
    }
}

fn too_large() -> String {
    "must be at most 100000000.00".to_owned()
}

/// The merchant's own order reference: a string, or a whole number, which is kept as its digits.
fn order_id(raw: &RawValue) -> Result<String, String> {
    let text = raw.get();
    let is_whole = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let id = match serde_json::from_str::<String>(text) {
        Ok(string) => string,
        Err(_) if is_whole => text.to_owned(),
        Err(_) => return Err("must be a string or a whole number".to_owned()),
    };
    if id.chars().count() > ORDER_ID_CHARS_MAX {
        return Err(format!("must have at most {ORDER_ID_CHARS_MAX} characters"));
    }
    if id.chars().any(char::is_control) {
        return Err("must not hold control characters".to_owned());
    }
    Ok(id)
}

/// A JSON object, byte for byte. PHP writes an empty one as `[]`, which is taken as none.
fn metadata(raw: &RawValue) -> Result<String, String> {
    let text = raw.get();
    let is_empty_list = serde_json::from_str::<Vec<&RawValue>>(text).is_ok_and(|list| list.is_empty());
    if is_empty_list {
        return Ok(String::new());
    }
    if !text.starts_with('{') {
        return Err("must be an object such as {\"customer_id\": \"usr_001\"}".to_owned());
    }
    if text.len() > METADATA_BYTES_MAX {
        return Err(format!("must have at most {METADATA_BYTES_MAX} bytes"));
    }
    Ok(text.to_owned())
}

/// Takes the body apart into the fields that the page names.
///
/// # Errors
/// When it is not a JSON object. A field that came twice is noted in `errors`.
fn raw_fields<'a>(body: &'a [u8], errors: &mut FieldErrors) -> Result<RawFields<'a>, ApiError> {
    let refused = |why: &str| ApiError::new(axum::http::StatusCode::UNPROCESSABLE_ENTITY, why);
    let not_json = |why: &str| refused(&format!("The body is not valid JSON: {why}"));
    let text = std::str::from_utf8(body).map_err(|_| not_json("it is not UTF-8"))?;
    let json::Entries(entries) = serde_json::from_str(text).map_err(|error| match error.classify() {
        Category::Data => refused("The body must be a JSON object"),
        Category::Io | Category::Syntax | Category::Eof => not_json(&error.to_string()),
    })?;
    let mut raw = RawFields::new();
    for (name, value) in entries {
        // Also what is ignored has to be sound.
        json::check(value).map_err(|flaw| not_json(&flaw.to_string()))?;
        let known = FIELDS.into_iter().find(|known| **known == *name);
        if let Some(field) = known
            && raw.insert(field, value).is_some()
        {
            errors.add(field, "this field is given more than once");
        }
    }
    Ok(raw)
}

/// The number of the page in a query; the first when none is named.
///
/// # Errors
/// When it is not a whole number from 1 on.
pub(super) fn page(query: Option<&str>) -> Result<u64, ApiError> {
    let pairs = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let named: Vec<_> = pairs
        .filter(|(name, _)| name == "page")
        .map(|(_, value)| value)
        .collect();
    let page = match named.as_slice() {
        [] => Some(1),
        [only] if only.is_empty() => Some(1),
        [only] => Some(only)
            .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|text| text.parse().ok())
            .filter(|page| (1..=PAGE_MAX).contains(page)),
        [_, _, ..] => None,
    };
    page.ok_or_else(|| {
        FieldErrors::one("page", format!("must be a whole number from 1 to {PAGE_MAX}")).into()
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(body: &str) -> Result<CreateBody, ApiError> {
        CreateBody::read(body.as_bytes(), |network| network != "moon")
    }

    fn with(more: &str) -> String {
        format!(r#"{{"network":"trc20","amount_usd":50.00{more}}}"#)
    }

    fn priced(amount: &str) -> String {
        format!(r#"{{"network":"trc20","amount_usd":{amount}}}"#)
    }

    #[test]
    fn the_pages_body_is_read_and_its_metadata_kept_byte_for_byte() {
        let metadata = r#"{ "customer_id": "usr_001", "n": 1.10, "customer_id": 2 }"#;
        let body = with(&format!(r#","order_id":"ORD-12345","metadata": {metadata} "#));
        let expected = CreateBody {
            network: "trc20".to_owned(),
            usd_cents: 5000,
            order_id: "ORD-12345".to_owned(),
            metadata: metadata.to_owned(),
        };
        assert_eq!(read(&body), Ok(expected));
    }

    #[test]
    fn a_price_is_read_from_a_number_or_a_string_to_the_cent() {
        for (amount, cents) in [
            ("1", 100),
            ("1.00", 100),
            ("1.000", 100),
            ("100.14", 10_014),
            ("\"100.14\"", 10_014),
            ("\" 50 \"", 5000),
            ("4.35", 435),
            // What PHP and JavaScript make of floats: 50.10, 3 * 1.10.
            ("50.100000000000001", 5010),
            ("3.3000000000000003", 330),
            ("0.29e0", 0),
            ("100000000.00", USD_CENTS_MAX),
        ] {
            let read = read(&priced(amount)).map(|read| read.usd_cents);
            if cents == 0 {
                assert!(read.is_err(), "{amount}");
            } else {
                assert_eq!(read, Ok(cents), "{amount}");
            }
        }
        let huge = "9".repeat(60);
        for (amount, message) in [
            ("0.99", "at least 1.00"),
            ("0", "at least 1.00"),
            ("\"0.999\"", "two digits"),
            ("1.001", "two digits"),
            ("50.1000000000001", "two digits"),
            ("\"50.100000000000001\"", "two digits"),
            ("100000000.01", "at most"),
            (&huge, "at most"),
            ("-5", "US dollars"),
            ("5e1", "US dollars"),
            ("\"5,00\"", "US dollars"),
            ("\"\"", "US dollars"),
            ("\"$5\"", "US dollars"),
            ("\".5\"", "US dollars"),
            ("true", "US dollars"),
            ("[5]", "US dollars"),
            ("null", "required"),
        ] {
            let refused = read(&priced(amount)).unwrap_err();
            assert!(refused.error.contains(message), "{amount}: {}", refused.error);
            assert_eq!(refused.status, 422);
        }
    }

    #[test]
    fn an_order_is_named_by_a_string_or_a_whole_number() {
        for (sent, kept) in [
            ("\"ORD-1\"", "ORD-1"),
            ("12345", "12345"),
            ("12345678901234567890123", "12345678901234567890123"),
            ("-7", "-7"),
            ("null", ""),
            ("\"\"", ""),
            ("\"Заказ 7\"", "Заказ 7"),
        ] {
            let read = read(&with(&format!(r#","order_id":{sent}"#))).unwrap();
            assert_eq!(read.order_id, kept);
        }
        let long = format!("\"{}\"", "x".repeat(256));
        for sent in ["1.5", "true", "[]", "{}", "\"a\\nb\"", &long] {
            assert!(read(&with(&format!(r#","order_id":{sent}"#))).is_err(), "{sent}");
        }
    }

    #[test]
    fn metadata_is_an_object_of_bounded_size_and_depth() {
        for none in ["null", "[]", "[ ]", "\"\""] {
            assert_eq!(
                read(&with(&format!(r#","metadata":{none}"#))).unwrap().metadata,
                ""
            );
        }
        let deep = format!("{}1{}", "{\"a\":".repeat(33), "}".repeat(33));
        let large = format!("{{\"a\":\"{}\"}}", "x".repeat(METADATA_BYTES_MAX));
        for sent in [
            "[1]",
            "\"x\"",
            "5",
            "{\"a\":\"\\u0000\"}",
            "{\"a\":\"\\ud800\"}",
            &deep,
            &large,
        ] {
            assert!(read(&with(&format!(r#","metadata":{sent}"#))).is_err(), "{sent}");
        }
    }

    #[test]
    fn every_bad_field_is_reported_at_once() {
        let body = r#"{"network":"moon","amount_usd":0.5,"order_id":[],"metadata":7}"#;
        let refused = read(body).unwrap_err();
        let fields = serde_json::to_value(&refused.fields).unwrap();
        let names: Vec<&String> = fields.as_object().unwrap().keys().collect();
        assert_eq!(names, ["amount_usd", "metadata", "network", "order_id"]);
        let missing = serde_json::to_string(&read("{}").unwrap_err().fields).unwrap();
        assert_eq!(
            missing,
            r#"{"amount_usd":["this field is required"],"network":["this field is required"]}"#
        );
    }

    #[test]
    fn a_field_given_twice_is_refused_and_one_that_is_not_named_ignored() {
        assert!(read(&with(r#","amount_usd":1"#)).is_err());
        assert!(read(&with(r#","\u0061mount_usd":1"#)).is_err());
        assert_eq!(read(&with(r#","fee":1e400"#)), read(&with("")));
    }

    #[test]
    fn what_is_no_json_object_is_refused_whole() {
        for body in [
            "",
            "null",
            "[]",
            "{",
            "{}x",
            "network=trc20&amount_usd=50",
            "{\"network\":NaN}",
        ] {
            let refused = read(body).unwrap_err();
            assert!(refused.status == 422 && refused.fields.is_empty(), "{body}");
        }
        assert!(CreateBody::read(b"{\"network\":\"\xff\"}", |_| true).is_err());
    }

    #[test]
    fn a_page_is_a_whole_number_from_one_on() {
        for (query, number) in [
            (None, 1),
            (Some(""), 1),
            (Some("page="), 1),
            (Some("page=2"), 2),
            (Some("a=b&page=7"), 7),
        ] {
            assert_eq!(page(query), Ok(number));
        }
        for query in [
            "page=0",
            "page=-1",
            "page=1.5",
            "page=x",
            "page=1&page=2",
            "page=99999999999999999999",
            "page=+1",
        ] {
            assert_eq!(page(Some(query)).unwrap_err().status, 422, "{query}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_reading_a_request_panic(body: Vec<u8>, text in "[\\[\\]{}\",:0-9a-eE.+\\\\u-]{0,60}") {
            let _ = CreateBody::read(&body, |_| true);
            let _ = read(&with(&format!(",\"metadata\":{text}")));
            let _ = read(&priced(&text));
            let _ = page(Some(&text));
        }
    }
}
