//! JSON numbers that are amounts: written and read as the decimal digits they are, never as binary floating point.

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::domain::asset::Asset;
use crate::domain::money::BaseUnits;

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

/// An amount as a client sends it: a JSON string or a JSON number, kept as its digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentAmount(String);

impl SentAmount {
    /// Reads digits with at most a point among them; `None` for whatever else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim();
        let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        ((1..=LENGTH_MAX).contains(&digits.len()) && is_plain).then(|| Self(digits.to_owned()))
    }

    /// The digits, still to be checked.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for SentAmount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let text = raw.get();
        let read = match serde_json::from_str::<String>(text) {
            Ok(string) => Self::parse(&string),
            Err(_) => Self::parse(text),
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
}
