//! Prices out of foreign texts: exact, bounded, above zero.

use rust_decimal::Decimal;
use serde_json::value::RawValue;

/// No number that is a price takes more characters.
const TEXT_BYTES_MAX: usize = 64;
/// The powers of ten that a number in scientific notation may have.
const EXPONENT_MAX: u32 = 20;
/// The least and the largest price of anything in anything, as powers of ten. What lies outside is a mistake.
const PRICE_MIN_SCALE: u32 = 12;
const PRICE_MAX: i64 = 1_000_000_000_000_000;
/// Digits that a rate must have for its inverse to be a price to 1/100 of a percent.
const INVERTED_DIGITS_MIN: i128 = 10_000;

/// Reads a price from a JSON number or a JSON text that holds one.
pub(super) fn price_in(json: &RawValue) -> Option<Decimal> {
    let token = json.get().trim();
    match token.strip_prefix('"') {
        Some(rest) => price(rest.strip_suffix('"')?),
        None => price(token),
    }
}

/// Reads a price: digits with a point, or in scientific notation.
pub(super) fn price(text: &str) -> Option<Decimal> {
    let is_plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-');
    if text.len() > TEXT_BYTES_MAX
        || !text.bytes().all(is_plain)
        || !text.starts_with(|first: char| first.is_ascii_digit())
    {
        return None;
    }
    let read = match text.split_once(['e', 'E']) {
        None => text.parse().ok()?,
        Some((_, exponent)) => {
            let digits = exponent.trim_start_matches(['+', '-']);
            digits
                .parse::<u32>()
                .ok()
                .filter(|power| *power <= EXPONENT_MAX)?;
            Decimal::from_scientific(text).ok()?
        }
    };
    sane(read)
}

/// The price, when it can be one.
pub(super) fn sane(price: Decimal) -> Option<Decimal> {
    let least = Decimal::new(1, PRICE_MIN_SCALE);
    (least..=Decimal::from(PRICE_MAX))
        .contains(&price)
        .then_some(price)
}

/// The price of one in the other, from the price of the other in the one; `None` when a small rate has too few digits
/// for that. (Of rates near one, sources leave out trailing zeros, so that their digits say nothing.)
pub(super) fn inverse(rate: Decimal) -> Option<Decimal> {
    if rate < Decimal::new(1, 1) && rate.mantissa() < INVERTED_DIGITS_MIN {
        return None;
    }
    sane(Decimal::ONE.checked_div(rate)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_owned()).unwrap()
    }

    #[test]
    fn prices_are_read_to_the_last_digit_from_numbers_and_texts() {
        for (json, price) in [
            ("60000.10", "60000.1"),
            ("\"60000.10000\"", "60000.1"),
            ("0.1234567890123456789", "0.1234567890123456789"),
            ("1.2e-5", "0.000012"),
            ("6E4", "60000"),
            ("6e+4", "60000"),
        ] {
            assert_eq!(price_in(&raw(json)), price.parse().ok(), "{json}");
        }
    }

    #[test]
    fn what_is_no_price_is_none() {
        for json in [
            "0",
            "-1",
            "null",
            "true",
            "[]",
            "{}",
            "\"\"",
            "\"NaN\"",
            "\"1,5\"",
            "\" 1\"",
            "1e-13",
            "1e16",
            "1e99",
            "\"0x10\"",
            "\"1e\"",
            "\"1e999999999999\"",
            "\"+1\"",
            "\".5\"",
            "\"1_000\"",
        ] {
            assert_eq!(price_in(&raw(json)), None, "{json}");
        }
        assert_eq!(price(&"9".repeat(65)), None);
    }

    #[test]
    fn a_rate_with_too_few_digits_is_not_turned_around() {
        let inverted = |text: &str| inverse(text.parse().unwrap());
        assert_eq!(inverted("1"), Some(Decimal::ONE));
        assert_eq!(inverted("0.5"), Some(Decimal::TWO));
        assert_eq!(inverted("0.0000166"), None);
        assert_eq!(
            inverted("0.000016625"),
            "60150.375939849624060150375940".parse().ok()
        );
        assert_eq!(inverted("1.25"), "0.8".parse().ok());
    }

    proptest! {
        #[test]
        fn no_text_makes_reading_a_price_panic(text in "[0-9eE+.\\-]{0,70}") {
            if let Some(price) = price(&text) {
                prop_assert!(price > Decimal::ZERO);
                let _ = inverse(price);
            }
        }
    }
}
