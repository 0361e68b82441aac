//! JSON numbers that are amounts: written and read as the decimal digits they are, never as binary floating point.

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::domain::asset::Asset;
use crate::domain::money::{AmountError, BaseUnits};

/// A decimal, written as a JSON number with exactly its digits: `100.14`, `0.05000000`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number(String);

/// The longest number that is read.
const LENGTH_MAX: usize = 64;

impl Number {
    /// An amount of an asset, exactly, with at least two digits after the point where the asset counts in cents, and
    /// eight otherwise.
    #[must_use]
    pub fn of_asset(amount: BaseUnits, asset: &Asset) -> Self {
        let digits_min = if counts_in_cents(asset) { 2 } else { 8 };
        Self(amount.to_decimal(asset.decimals, digits_min))
    }

    /// Digits that were made by a type of the domain: an amount of money, a rate.
    #[must_use]
    pub fn of_digits(digits: impl Into<String>) -> Self {
        Self(digits.into())
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Stablecoins are counted as the money they stand for.
fn counts_in_cents(asset: &Asset) -> bool {
    crate::domain::wallet::Slots::counts_in_cents(asset)
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = RawValue::from_string(self.0.clone()).map_err(S::Error::custom)?;
        raw.serialize(serializer)
    }
}

/// Digits that a binary float of 64 bits keeps of every decimal. The one or two after them, where a program has written such
/// a float out, are what is left of rounding: `59.97` is `59.969999999999999` for PHP with `serialize_precision` 17.
const FLOAT_DIGITS: usize = 15;
const FLOAT_DIGITS_LEFT: usize = 2;

/// An amount as a client sends it: a JSON string or a JSON number, kept as its digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentAmount {
    digits: String,
    /// Whether it came as a JSON number, which most programs make from a float.
    is_number: bool,
}

impl SentAmount {
    /// Reads digits with at most a point among them; `None` for whatever else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim();
        let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        ((1..=LENGTH_MAX).contains(&digits.len()) && is_plain).then(|| Self {
            digits: digits.to_owned(),
            is_number: false,
        })
    }

    /// Reads a JSON number that is digits with at most a point among them; `None` for whatever else.
    #[must_use]
    pub fn parse_number(json: &str) -> Option<Self> {
        Self::parse(json).map(|sent| Self {
            is_number: true,
            ..sent
        })
    }

    /// The amount in units of which one whole has `decimals` digits after the point. A JSON number with more of them than
    /// that is taken for the decimal that it was before a program made a float of it, and refused where that has too many as
    /// well; a string is taken as it is.
    ///
    /// # Errors
    /// [`AmountError`].
    pub fn units(&self, decimals: u8) -> Result<BaseUnits, AmountError> {
        match BaseUnits::from_decimal(&self.digits, decimals) {
            Err(error @ AmountError::TooPrecise { .. }) if self.is_number => {
                let meant = before_float(&self.digits).ok_or(error)?;
                BaseUnits::from_decimal(&meant, decimals)
            }
            read => read,
        }
    }

    /// The digits, still to be checked.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.digits
    }
}

/// The decimal that has become these digits by way of a float: rounded to the digits that floats keep. `None` where the
/// digits are no more than those, and where no float is written so.
fn before_float(digits: &str) -> Option<String> {
    let (whole, fraction) = digits.split_once('.')?;
    let whole = whole.trim_start_matches('0');
    let zeros = match whole {
        "" => fraction
            .len()
            .saturating_sub(fraction.trim_start_matches('0').len()),
        _ => 0,
    };
    let kept = FLOAT_DIGITS.checked_sub(whole.len())?.checked_add(zeros)?;
    let (kept, rest) = fraction.split_at_checked(kept)?;
    // More than a float is ever written with were written by hand.
    if rest.len() > FLOAT_DIGITS_LEFT {
        return None;
    }
    let first = rest.bytes().next().filter(u8::is_ascii_digit)?;
    let scale = u8::try_from(kept.len()).ok()?;
    let rounded = BaseUnits::new(format!("{whole}{kept}").parse().ok()?);
    let up = BaseUnits::new(u128::from(first >= b'5'));
    Some(rounded.checked_add(up)?.to_decimal(scale, 0))
}

impl<'de> Deserialize<'de> for SentAmount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let text = raw.get();
        let read = if text.starts_with('"') {
            let string = serde_json::from_str::<String>(text).ok();
            string.and_then(|string| Self::parse(&string))
        } else {
            Self::parse_number(text)
        };
        read.ok_or_else(|| D::Error::custom("must be a decimal amount such as 12.50"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asset(symbol: &str, decimals: u8) -> Asset {
        Asset {
            network: crate::domain::network::NetworkId::parse("tron").unwrap(),
            currency: crate::domain::asset::Currency::parse(&symbol.to_lowercase()).unwrap(),
            symbol: symbol.into(),
            decimals,
            quote_decimals: 6,
            contract: None,
        }
    }

    #[test]
    fn an_amount_is_written_with_its_own_digits_and_no_others() {
        for (symbol, units, decimals, written) in [
            ("USDT", 100_140_000, 6, "100.14"),
            ("USDT", 0, 6, "0.00"),
            ("USDT", 100_140_001, 6, "100.140001"),
            ("BTC", 5_000_000, 8, "0.05000000"),
            ("ETH", 1_250_000_000_000_000_000, 18, "1.25000000"),
            ("ETH", 1, 18, "0.000000000000000001"),
        ] {
            let number = Number::of_asset(BaseUnits::new(units), &asset(symbol, decimals));
            assert_eq!(serde_json::to_string(&number).unwrap(), written);
        }
    }

    #[test]
    fn what_is_no_number_is_not_written() {
        for digits in ["", "1.", "abc", "1,5", "01"] {
            assert!(
                serde_json::to_string(&Number::of_digits(digits)).is_err(),
                "{digits}"
            );
        }
    }

    #[test]
    fn an_amount_is_read_from_a_string_or_a_number_without_a_float_in_between() {
        for (json, digits) in [
            ("\"100.00\"", "100.00"),
            ("100.14", "100.14"),
            ("0.1234567890123456789", "0.1234567890123456789"),
            ("100", "100"),
            ("\" 5.5 \"", "5.5"),
        ] {
            assert_eq!(serde_json::from_str::<SentAmount>(json).unwrap().as_str(), digits);
        }
        for json in [
            "null", "\"\"", "true", "-1", "1e3", "[1]", "{}", "\"1,5\"", "\"NaN\"",
        ] {
            assert!(serde_json::from_str::<SentAmount>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn a_number_that_went_through_a_float_is_the_decimal_it_was_before() {
        let units = |json: &str, decimals| {
            let sent: SentAmount = serde_json::from_str(json).unwrap();
            sent.units(decimals).map(BaseUnits::get).ok()
        };
        for (json, decimals, read) in [
            // PHP's json_encode(59.97) and json_encode(0.1) under serialize_precision 17.
            ("59.969999999999999", 2, Some(5997)),
            ("0.10000000000000001", 2, Some(10)),
            // 1.1 * 3 and 0.1 + 0.2 in JavaScript and Python.
            ("3.3000000000000003", 2, Some(330)),
            ("0.30000000000000004", 6, Some(300_000)),
            ("0.30000000000000004", 18, Some(300_000_000_000_000_040)),
            ("99.999999999999999", 2, Some(10_000)),
            ("0.000010000000000000001", 6, Some(10)),
            ("999999999999999.99", 2, Some(99_999_999_999_999_999)),
            // What was meant has too many digits, or nobody's float is in it.
            ("59.988", 2, None),
            ("59.984999999999999", 2, None),
            ("50.10000000000000001", 2, None),
            ("1.0000001", 6, None),
            ("1.00000000000001", 6, None),
            ("9999999999999999.991", 2, None),
            ("\"59.969999999999999\"", 2, None),
        ] {
            assert_eq!(units(json, decimals), read, "{json}");
        }
    }
}
