//! From a fiat price to the amount to send. Rounds up, always: never against the merchant.

use rust_decimal::{Decimal, RoundingStrategy};

use super::asset::Asset;
use super::money::{BaseUnits, FiatAmount};

/// Digits of a rate that are used; the rest is cut, which asks for more crypto, not less.
const RATE_DIGITS_MAX: u32 = 12;

/// Why no amount could be quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PricingError {
    /// The rate is zero, negative, or rounds to nothing.
    #[error("the rate {0} is not a price")]
    NotARate(Decimal),
    /// The amount does not fit.
    #[error("the amount is too large to quote")]
    TooLarge,
}

/// The amount of `asset` that `price` comes to when one whole unit costs `rate` of the price's currency:
/// rounded up to the digits a quote uses.
///
/// # Errors
/// [`PricingError`] when the rate is no price or the amount does not fit.
pub fn quote(price: FiatAmount, rate: Decimal, asset: &Asset) -> Result<BaseUnits, PricingError> {
    let rate = rate.round_dp_with_strategy(RATE_DIGITS_MAX, RoundingStrategy::ToZero);
    let mantissa = u128::try_from(rate.mantissa())
        .ok()
        .filter(|mantissa| *mantissa > 0);
    let mantissa = mantissa.ok_or(PricingError::NotARate(rate))?;
    let quote_decimals = asset.quote_decimals.min(asset.decimals);
    let scaled = (|| {
        let numerator = u128::from(price.minor)
            .checked_mul(power_of_ten(u32::from(quote_decimals))?)?
            .checked_mul(power_of_ten(rate.scale())?)?;
        let steps = numerator.div_ceil(mantissa.checked_mul(100)?);
        steps.checked_mul(power_of_ten(u32::from(
            asset.decimals.checked_sub(quote_decimals)?,
        ))?)
    })();
    scaled.map(BaseUnits::new).ok_or(PricingError::TooLarge)
}

fn power_of_ten(exponent: u32) -> Option<u128> {
    10u128.checked_pow(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::asset::Currency;
    use crate::domain::money::Fiat;
    use crate::domain::network::NetworkId;
    use proptest::prelude::*;

    fn asset(decimals: u8, quote_decimals: u8) -> Asset {
        Asset {
            network: NetworkId::parse("bsc").unwrap(),
            currency: Currency::parse("usdt").unwrap(),
            symbol: "USDT".into(),
            decimals,
            quote_decimals,
            contract: None,
        }
    }

    fn usd(minor: u64) -> FiatAmount {
        FiatAmount {
            currency: Fiat::Usd,
            minor,
        }
    }

    #[test]
    fn a_price_is_quoted_rounded_up_to_the_digits_of_a_quote() {
        for (minor, rate, decimals, quote_decimals, shown) in [
            (5000, "1", 18, 6, "50.000000"),
            (5000, "1", 6, 6, "50.000000"),
            (100, "3", 6, 6, "0.333334"),
            (1, "60000", 8, 8, "0.00000017"),
            (5000, "0.9998", 18, 6, "50.010003"),
            (5000, "1.0000000000000001", 18, 6, "50.000000"),
        ] {
            let asset = asset(decimals, quote_decimals);
            let quoted = quote(usd(minor), rate.parse().unwrap(), &asset).unwrap();
            assert_eq!(asset.show(quoted), shown, "{minor} at {rate}");
        }
    }

    #[test]
    fn what_is_no_price_is_refused() {
        for rate in ["0", "-1", "0.0000000000001"] {
            let refused = quote(usd(1), rate.parse().unwrap(), &asset(6, 6));
            assert!(matches!(refused, Err(PricingError::NotARate(_))), "{rate}");
        }
        assert_eq!(
            quote(usd(u64::MAX), "0.000000000001".parse().unwrap(), &asset(18, 18)),
            Err(PricingError::TooLarge)
        );
    }

    proptest! {
        #[expect(clippy::arithmetic_side_effects, reason = "the ranges keep these products far below 2^128")]
        #[test]
        fn what_is_quoted_is_never_worth_less_than_the_price(minor in 1u64..1_000_000_000_000, cents in 1u64..10_000_000) {
            let rate = Decimal::new(i64::try_from(cents).unwrap(), 2);
            let quoted = quote(usd(minor), rate, &asset(8, 8)).unwrap().get();
            // quoted / 10^8 * cents / 100 >= minor / 100, in whole numbers
            prop_assert!(quoted * u128::from(cents) >= u128::from(minor) * 100_000_000);
            prop_assert!((quoted - 1) * u128::from(cents) < u128::from(minor) * 100_000_000);
        }
    }
}
