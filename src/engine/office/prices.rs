//! Amounts of money as people type them.

use crate::domain::money::{AmountError, BaseUnits, Fiat, FiatAmount};

/// Why a text is no price.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PriceError {
    /// Not a decimal number with at most the currency's digits.
    #[error("`{text}` is not a price in {currency}")]
    None {
        /// What was typed.
        text: String,
        /// The currency.
        currency: Fiat,
        /// What is wrong with it.
        source: AmountError,
    },
    /// Nothing.
    #[error("the amount must be greater than zero")]
    Zero,
    /// More than can be kept.
    #[error("the amount is too large")]
    TooLarge,
}

/// Reads a price such as `19.90`.
///
/// # Errors
/// [`PriceError`].
pub fn price(text: &str, currency: Fiat) -> Result<FiatAmount, PriceError> {
    let units = BaseUnits::from_decimal(text, currency.digits()).map_err(|source| PriceError::None {
        text: text.chars().take(80).collect(),
        currency,
        source,
    })?;
    // What the database holds: a signed 64-bit integer.
    let minor = i64::try_from(units.get()).map_err(|_| PriceError::TooLarge)?;
    match minor.unsigned_abs() {
        0 => Err(PriceError::Zero),
        minor => Ok(FiatAmount { currency, minor }),
    }
}
