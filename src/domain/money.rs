//! Amounts: crypto in base units, fiat in minor units. Integers only; every operation is checked.

use std::fmt;
use std::str::FromStr;

pub use super::fiat::Fiat;

/// A quantity of one asset in its smallest on-chain unit (satoshi, wei, sun).
///
/// Never a display value such as `1.5 USDT`; the asset's decimals turn it into one. Stored as TEXT: amounts
/// with 18 decimals overflow SQLite's INTEGER.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct BaseUnits(u128);

/// Why a text is not an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Not digits with at most one point.
    #[error("not a decimal amount; write it like 12.5")]
    Malformed,
    /// More digits after the point than the asset has.
    #[error("more than {decimals} digits after the point")]
    TooPrecise {
        /// The asset's decimals.
        decimals: u8,
    },
    /// Larger than an amount can be.
    #[error("amount is too large")]
    TooLarge,
}

impl BaseUnits {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Wraps a count of base units.
    #[must_use]
    pub const fn new(units: u128) -> Self {
        Self(units)
    }

    /// The count of base units.
    #[must_use]
    pub const fn get(self) -> u128 {
        self.0
    }

    /// Whether this is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum, `None` on overflow.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    /// The difference, zero when `other` is larger.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Reads a decimal amount such as `12.5` of an asset with `decimals` digits after the point.
    ///
    /// # Errors
    /// [`AmountError`] for signs, exponents, spaces, too many digits, or an amount over 2^128 units.
    pub fn from_decimal(text: &str, decimals: u8) -> Result<Self, AmountError> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || text.len() > 80 {
            return Err(AmountError::Malformed);
        }
        let fraction = fraction.trim_end_matches('0');
        let missing = usize::from(decimals)
            .checked_sub(fraction.len())
            .ok_or(AmountError::TooPrecise { decimals })?;
        let units = format!("{whole}{fraction}{}", "0".repeat(missing));
        units.parse().map(Self).map_err(|_| AmountError::TooLarge)
    }

    /// Writes the amount exactly, with at least `digits_min` and at most `decimals` digits after the point.
    #[must_use]
    pub fn to_decimal(self, decimals: u8, digits_min: u8) -> String {
        let decimals = usize::from(decimals);
        let padded = format!("{:0>width$}", self.0, width = decimals.saturating_add(1));
        let (whole, fraction) = padded.split_at(padded.len().saturating_sub(decimals));
        let digits_min = usize::from(digits_min).min(decimals);
        let significant = fraction.trim_end_matches('0').len().max(digits_min);
        match fraction.get(..significant) {
            Some(shown) if !shown.is_empty() => format!("{whole}.{shown}"),
            _ => whole.to_owned(),
        }
    }
}

impl fmt::Display for BaseUnits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for BaseUnits {
    type Err = AmountError;

    /// Reads a plain count of base units, as the store writes it.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_decimal(text, 0)
    }
}

/// Sums amounts; `None` on overflow.
#[must_use]
pub fn sum(amounts: impl IntoIterator<Item = BaseUnits>) -> Option<BaseUnits> {
    amounts
        .into_iter()
        .try_fold(BaseUnits::ZERO, BaseUnits::checked_add)
}

/// A fiat price in the currency's own minor unit: cents, but whole yen and thousandths of a dinar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FiatAmount {
    /// The currency.
    pub currency: Fiat,
    /// Count of minor units.
    pub minor: u64,
}

impl FiatAmount {
    /// The amount in whole units with all digits of the minor unit: `50.00`, or `7500` for yen.
    #[must_use]
    pub fn amount(self) -> String {
        let digits = self.currency.digits();
        BaseUnits::new(u128::from(self.minor)).to_decimal(digits, digits)
    }
}

impl fmt::Display for FiatAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount(), self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_read_exactly() {
        for (text, decimals, units) in [
            ("50", 6, 50_000_000),
            ("0.000001", 6, 1),
            ("1.50", 1, 15),
            ("007.1", 2, 710),
            ("0", 18, 0),
        ] {
            assert_eq!(
                BaseUnits::from_decimal(text, decimals),
                Ok(BaseUnits::new(units)),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in [
            "", ".", "1.", ".5", "-1", "+1", "1e3", " 1", "1,5", "NaN", "0x10", "1.2.3", "１",
        ] {
            assert_eq!(
                BaseUnits::from_decimal(text, 6),
                Err(AmountError::Malformed),
                "{text}"
            );
        }
        assert_eq!(
            BaseUnits::from_decimal("0.0000001", 6),
            Err(AmountError::TooPrecise { decimals: 6 })
        );
        assert_eq!(
            BaseUnits::from_decimal(&"9".repeat(39), 18),
            Err(AmountError::TooLarge)
        );
    }

    #[test]
    fn amounts_are_written_with_the_digits_asked_for_and_never_cut() {
        for (units, decimals, digits_min, text) in [
            (50_000_000, 6, 6, "50.000000"),
            (1, 18, 6, "0.000000000000000001"),
            (1_500_000, 6, 2, "1.50"),
            (0, 6, 6, "0.000000"),
            (7, 0, 0, "7"),
            (10, 1, 0, "1"),
        ] {
            assert_eq!(BaseUnits::new(units).to_decimal(decimals, digits_min), text);
        }
    }

    #[test]
    fn a_fiat_price_is_shown_in_whole_units_of_its_currency() {
        for (currency, minor, shown) in [
            (Fiat::Usd, 5000, "50.00 USD"),
            (Fiat::Jpy, 7500, "7500 JPY"),
            (Fiat::Kwd, 15_250, "15.250 KWD"),
            (Fiat::Usd, 5, "0.05 USD"),
        ] {
            assert_eq!(FiatAmount { currency, minor }.to_string(), shown);
        }
    }

    proptest! {
        #[test]
        fn writing_and_reading_an_amount_gives_it_back(units: u128, decimals in 0u8..=30, digits_min in 0u8..=30) {
            let amount = BaseUnits::new(units);
            prop_assert_eq!(BaseUnits::from_decimal(&amount.to_decimal(decimals, digits_min), decimals), Ok(amount));
        }

        #[test]
        fn no_text_makes_reading_an_amount_panic(text in ".{0,90}", decimals: u8) {
            let _ = BaseUnits::from_decimal(&text, decimals);
        }
    }
}
