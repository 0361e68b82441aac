//! What a field of PayHook's create call may hold. Each rule reads one JSON value and answers with the value or
//! with a message for the merchant. Numbers never pass through a float.

use serde_json::value::RawValue;
use url::Url;

use crate::web::api::json;

/// The largest price: $100 million. Large enough for any order, small enough to catch a slipped unit.
pub(super) const USD_CENTS_MAX: u64 = 10_000_000_000;

const SLUG_CHARS_MAX: usize = 32;
const ORDER_ID_CHARS_MAX: usize = 255;
const EMAIL_BYTES_MAX: usize = 254;
const EMAIL_LOCAL_BYTES_MAX: usize = 64;
const URL_BYTES_MAX: usize = 2048;
const METADATA_BYTES_MAX: usize = 16 * 1024;

/// A price in US cents.
pub(super) fn usd_cents(raw: &RawValue) -> Result<u64, String> {
    let text = raw.get();
    match text.bytes().next() {
        Some(b'0'..=b'9' | b'-') => {}
        Some(b'n') => return Err("This field may not be null.".into()),
        Some(b'"') => return Err("A valid integer is required: 5000, not \"5000\".".into()),
        Some(_) | None => return Err("A valid integer is required.".into()),
    }
    if text.contains(['.', 'e', 'E']) {
        return Err("A valid integer is required: the amount is in cents, so $50.00 is 5000.".into());
    }
    if text.starts_with('-') || text == "0" {
        return Err("Ensure this value is greater than or equal to 1.".into());
    }
    text.parse()
        .ok()
        .filter(|cents| *cents <= USD_CENTS_MAX)
        .ok_or_else(|| format!("Ensure this value is less than or equal to {USD_CENTS_MAX}."))
}

/// The word for a network or a currency. Whether it is known is the engine's to say.
pub(super) fn slug(raw: &RawValue) -> Result<String, String> {
    let word = text(raw)?;
    if word.is_empty() {
        return Err("This field may not be blank.".into());
    }
    no_longer_than(word.chars().count(), SLUG_CHARS_MAX)?;
    Ok(word)
}

/// The merchant's own order id.
pub(super) fn order_id(raw: &RawValue) -> Result<String, String> {
    let id = text(raw)?;
    no_longer_than(id.chars().count(), ORDER_ID_CHARS_MAX)?;
    if id.chars().any(char::is_control) {
        return Err("Control characters are not allowed.".into());
    }
    Ok(id)
}

/// An e-mail address of a plausible form (RFC 5321's lengths, RFC 5322's dot-atom, letters of any script).
pub(super) fn email(raw: &RawValue) -> Result<String, String> {
    let address = text(raw)?;
    no_longer_than(address.len(), EMAIL_BYTES_MAX)?;
    let plausible = address
        .rsplit_once('@')
        .is_some_and(|(local, domain)| is_local_part(local) && is_mail_domain(domain));
    if plausible {
        Ok(address)
    } else {
        Err("Enter a valid email address.".into())
    }
}

fn is_local_part(local: &str) -> bool {
    let atom_char = |c: char| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(c);
    local.len() <= EMAIL_LOCAL_BYTES_MAX
        && local
            .split('.')
            .all(|atom| !atom.is_empty() && atom.chars().all(atom_char))
}

fn is_mail_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let top = domain.rsplit_once('.').map(|(_, top)| top);
    domain.split('.').all(is_label) && top.is_some_and(|top| !top.bytes().all(|byte| byte.is_ascii_digit()))
}

/// An http or https URL with a host; kept as it was sent.
pub(super) fn http_url(raw: &RawValue) -> Result<String, String> {
    let text = text(raw)?;
    no_longer_than(text.len(), URL_BYTES_MAX)?;
    // The parser drops or repairs what browsers would; what is kept has to be a URL as it stands.
    let untouched = !text
        .chars()
        .any(|c| c.is_control() || c.is_whitespace() || c == '\\');
    let scheme = text
        .split_once("://")
        .map(|(scheme, _)| scheme.to_ascii_lowercase());
    let is_http = matches!(scheme.as_deref(), Some("http" | "https"));
    let has_host = Url::parse(&text).is_ok_and(|url| url.host_str().is_some_and(|host| !host.is_empty()));
    if untouched && is_http && has_host {
        Ok(text)
    } else {
        Err("Enter a valid URL: http:// or https:// and a host.".into())
    }
}

/// A JSON object, as canonical text.
pub(super) fn metadata(raw: &RawValue) -> Result<String, String> {
    if !raw.get().starts_with('{') {
        return Err("Expected a JSON object.".into());
    }
    if raw.get().len() > METADATA_BYTES_MAX {
        return Err(format!(
            "Ensure this object has no more than {METADATA_BYTES_MAX} bytes."
        ));
    }
    json::canonical(raw).map_err(|flaw| format!("Not taken: {flaw}."))
}

fn text(raw: &RawValue) -> Result<String, String> {
    match raw.get() {
        "null" => Err("This field may not be null.".into()),
        text => serde_json::from_str(text).map_err(|_| "Not a valid string.".into()),
    }
}

fn no_longer_than(length: usize, max: usize) -> Result<(), String> {
    if length > max {
        return Err(format!("Ensure this field has no more than {max} characters."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_owned()).unwrap()
    }

    fn quoted(text: &str) -> Box<RawValue> {
        raw(&serde_json::to_string(text).unwrap())
    }

    #[test]
    fn a_price_is_a_whole_number_of_cents_within_bounds() {
        for (json, cents) in [("1", 1), ("5000", 5000), ("10000000000", USD_CENTS_MAX)] {
            assert_eq!(usd_cents(&raw(json)), Ok(cents));
        }
        let too_large = "less than or equal to 10000000000";
        let (too_small, in_cents, integer) = ("greater than or equal to 1", "is in cents", "valid integer");
        for (json, message) in [
            ("10000000001", too_large),
            ("18446744073709551615", too_large),
            ("18446744073709551616", too_large),
            (&"9".repeat(5000), too_large),
            ("0", too_small),
            ("-0", too_small),
            ("-1", too_small),
            ("-99999999999999999999999999", too_small),
            ("50.0", in_cents),
            ("5e3", in_cents),
            ("5E3", in_cents),
            ("1e400", in_cents),
            ("-1e400", in_cents),
            ("-0.5", in_cents),
            ("\"5000\"", integer),
            ("\"\"", integer),
            ("true", integer),
            ("[5000]", integer),
            ("{}", integer),
            ("null", "may not be null"),
        ] {
            let refused = usd_cents(&raw(json)).unwrap_err();
            assert!(refused.contains(message), "{json}: {refused}");
        }
    }

    #[test]
    fn a_slug_is_a_word() {
        assert_eq!(slug(&raw("\"bsc\"")), Ok("bsc".to_owned()));
        for json in [
            "\"\"",
            "null",
            "5",
            "true",
            "[\"bsc\"]",
            "{}",
            &format!("\"{}\"", "a".repeat(33)),
        ] {
            assert!(slug(&raw(json)).is_err(), "{json}");
        }
    }

    #[test]
    fn an_order_id_is_a_string_without_control_characters() {
        for text in ["order-1", "Заказ № 7", &"é".repeat(255)] {
            assert_eq!(order_id(&quoted(text)), Ok(text.to_owned()));
        }
        for text in ["a\nb", "a\0b", "\u{85}", &"a".repeat(256)] {
            assert!(order_id(&quoted(text)).is_err(), "{text:?}");
        }
        assert!(order_id(&raw("123")).is_err());
    }

    #[test]
    fn an_email_address_has_a_plausible_form() {
        let local_64 = format!("{}@example.com", "a".repeat(64));
        for text in [
            "jo@example.com",
            "jo.q+tag@mail.example.co.uk",
            "ю@почта.рф",
            "o'n@x-y.io",
            &local_64,
        ] {
            assert_eq!(email(&quoted(text)), Ok(text.to_owned()));
        }
        let too_long = format!("{}@{}.com", "a".repeat(64), "b.".repeat(100));
        for text in [
            "jo",
            "@example.com",
            "jo@",
            "jo@localhost",
            "jo@example..com",
            ".jo@example.com",
            "jo.@example.com",
            "j..o@example.com",
            "jo@-x.com",
            "jo@x-.com",
            "jo@1.2.3.4",
            "jo q@example.com",
            "jo@exam ple.com",
            "jo@x.com\r\nBcc: a@b.c",
            "<jo@x.com>",
            "a@b@c.com",
            &format!("a{local_64}"),
            &too_long,
        ] {
            assert!(email(&quoted(text)).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_redirect_goes_to_a_host_over_http() {
        for text in [
            "https://merchant.com/orders/9837/thanks?a=b#c",
            "http://localhost:8080/",
            "HTTPS://[::1]/x",
            "https://магазин.рф/спасибо",
        ] {
            assert_eq!(http_url(&quoted(text)), Ok(text.to_owned()));
        }
        for text in [
            "merchant.com",
            "/thanks",
            "//merchant.com",
            "ftp://merchant.com",
            "javascript:alert(1)//://x",
            "javascript://merchant.com/%0aalert(1)",
            "data:text/html,x",
            "https:merchant.com",
            "https:/merchant.com",
            "https://",
            "https://?x",
            "https:\\\\merchant.com",
            "https://merchant.com/a b",
            " https://merchant.com",
            "https://merchant.com/\n",
            "https://a:99999/",
            &format!("https://m.com/{}", "a".repeat(2048)),
        ] {
            assert!(http_url(&quoted(text)).is_err(), "{text:?}");
        }
    }

    #[test]
    fn metadata_is_an_object_of_bounded_size_and_depth() {
        assert_eq!(
            metadata(&raw("{ \"b\": 1, \"a\": 1e400 }")).as_deref(),
            Ok("{\"a\":1e400,\"b\":1}")
        );
        let of_size = |bytes: usize| raw(&format!("{{\"a\":\"{}\"}}", "x".repeat(bytes - 8)));
        assert!(metadata(&of_size(METADATA_BYTES_MAX)).is_ok());
        assert!(metadata(&of_size(METADATA_BYTES_MAX + 1)).is_err());
        let deep = |depth: usize| raw(&format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth)));
        assert!(metadata(&deep(json::DEPTH_MAX)).is_ok());
        assert!(metadata(&deep(json::DEPTH_MAX + 1)).is_err());
        for json in [
            "[]",
            "\"{}\"",
            "1",
            "true",
            "null",
            "{\"a\":\"\\u0000\"}",
            "{\"a\":\"\\ud800\"}",
        ] {
            assert!(metadata(&raw(json)).is_err(), "{json}");
        }
    }
}
