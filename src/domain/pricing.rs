//! From a fiat price to the amount to send. Rounds up, always: never against the merchant.

use rust_decimal::{Decimal, RoundingStrategy};

use super::asset::Asset;
use super::money::{BaseUnits, Fiat, FiatAmount};

super::vocabulary! {
    /// Where the market's rates come from: public prices that need no key.
    RateSource, "rate source" {
        /// CoinGecko: many coins in many currencies.
        Coingecko = "coingecko",
        /// The exchange Kraken.
        Kraken = "kraken",
        /// The exchange Binance, which prices in USDT.
        Binance = "binance",
        /// Coinbase: coins in dollars, and dollars in other currencies.
        Coinbase = "coinbase",
        /// The exchange Bitfinex.
        Bitfinex = "bitfinex",
        /// The European Central Bank's reference rates between currencies.
        Ecb = "ecb",
    }
}

impl RateSource {
    /// The name that all of its hosts end in. Whatever answers there is this source, whatever else it is called.
    #[must_use]
    pub const fn domain(self) -> &'static str {
        match self {
            Self::Coingecko => "coingecko.com",
            Self::Kraken => "kraken.com",
            Self::Binance => "binance.vision",
            Self::Coinbase => "coinbase.com",
            Self::Bitfinex => "bitfinex.com",
            Self::Ecb => "ecb.europa.eu",
        }
    }

    /// Whether `host` is one of its own.
    #[must_use]
    pub fn has_host(self, host: &str) -> bool {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let is_at = |domain: &str| {
            host.strip_suffix(domain)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        is_at(self.domain()) || (self == Self::Binance && is_at("binance.com"))
    }
}

/// The symbols that at least two of the built-in sources have rates of.
pub const MARKET_SYMBOLS: &[&str] = &["AVAX", "BNB", "BTC", "ETH", "LTC", "POL", "TRX", "USDC", "USDT"];

/// Reads a rate that a person wrote: plain digits, above zero, no more of them than a quote uses.
#[must_use]
pub fn rate_by_hand(text: &str) -> Option<Decimal> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let fits = |part: &str| (1..=12).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if !fits(whole) || !fits(fraction) {
        return None;
    }
    let rate: Decimal = text.parse().ok()?;
    (rate > Decimal::ZERO).then(|| rate.normalize())
}

/// Puts the codes where the placeholders of an own source's URL or pointer stand: `{symbol}`, `{fiat}`, and both in
/// small letters with `_lower`.
#[must_use]
pub fn filled(template: &str, symbol: &str, fiat: &str) -> String {
    template
        .replace("{symbol}", symbol)
        .replace("{fiat}", fiat)
        .replace("{symbol_lower}", &symbol.to_ascii_lowercase())
        .replace("{fiat_lower}", &fiat.to_ascii_lowercase())
}

/// Digits of a rate that are used; the rest is cut, which asks for more crypto, not less.
const RATE_DIGITS_MAX: u32 = 12;

/// Basis points in the whole.
const BASIS_POINTS: u128 = 10_000;

/// Why no amount could be quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PricingError {
    /// The rate is zero, negative, or rounds to nothing.
    #[error("the rate {0} is not a price")]
    NotARate(Decimal),
    /// A discount of everything, or more.
    #[error("a markup of {0} basis points leaves nothing to pay")]
    NotAMarkup(i32),
    /// The amount does not fit.
    #[error("the amount is too large to quote")]
    TooLarge,
}

/// The amount of `asset` that `price` comes to when one whole unit costs `rate` of the price's currency and the shop
/// asks for `markup_bps` basis points more (less, when negative): rounded up to the digits a quote uses.
///
/// # Errors
/// [`PricingError`] when the rate is no price, the discount leaves nothing, or the amount does not fit.
pub fn quote(
    price: FiatAmount,
    rate: Decimal,
    markup_bps: i32,
    asset: &Asset,
) -> Result<BaseUnits, PricingError> {
    let (units, digits) = (u128::from(price.minor), price.currency.digits());
    convert(units, digits, rate, markup_bps, asset)
}

/// As [`quote`], for a price of `amount` base units of `of`.
///
/// # Errors
/// As [`quote`].
pub fn quote_asset(
    amount: BaseUnits,
    of: &Asset,
    rate: Decimal,
    markup_bps: i32,
    asset: &Asset,
) -> Result<BaseUnits, PricingError> {
    convert(amount.get(), of.decimals, rate, markup_bps, asset)
}

/// What a price of `units`, of which `digits` stand after the point, comes to.
fn convert(
    units: u128,
    digits: u8,
    rate: Decimal,
    markup_bps: i32,
    asset: &Asset,
) -> Result<BaseUnits, PricingError> {
    let rate = usable(rate);
    let mantissa = u128::try_from(rate.mantissa())
        .ok()
        .filter(|mantissa| *mantissa > 0);
    let mantissa = mantissa.ok_or(PricingError::NotARate(rate))?;
    let (asked, of) = share(markup_bps).ok_or(PricingError::NotAMarkup(markup_bps))?;
    let quote_decimals = asset.quote_decimals.min(asset.decimals);
    let scaled = (|| {
        // The powers of ten on either side of the fraction bar are cut down to one, or 18 digits would leave no room.
        let above = u32::from(quote_decimals).checked_add(rate.scale())?;
        let below = u32::from(digits);
        let numerator = units
            .checked_mul(power_of_ten(above.saturating_sub(below))?)?
            .checked_mul(asked)?;
        let denominator = mantissa
            .checked_mul(power_of_ten(below.saturating_sub(above))?)?
            .checked_mul(of)?;
        let steps = numerator.div_ceil(denominator);
        steps.checked_mul(power_of_ten(u32::from(
            asset.decimals.checked_sub(quote_decimals)?,
        ))?)
    })();
    scaled.map(BaseUnits::new).ok_or(PricingError::TooLarge)
}

/// What `amount` of `asset` is worth in minor units of `fiat` when one whole unit costs `rate`: rounded up, so that
/// whoever decides by it how careful to be errs on the careful side. `None` when the rate is no price, or the value
/// does not fit.
#[must_use]
pub fn value(amount: BaseUnits, rate: Decimal, fiat: Fiat, asset: &Asset) -> Option<u64> {
    let rate = rate.normalize();
    let mantissa = u128::try_from(rate.mantissa())
        .ok()
        .filter(|mantissa| *mantissa > 0)?;
    let price = mantissa.checked_mul(power_of_ten(u32::from(fiat.digits()))?)?;
    let mut amount = amount.get();
    let mut unit = power_of_ten(u32::from(asset.decimals).checked_add(rate.scale())?)?;
    loop {
        if let Some(worth) = amount.checked_mul(price) {
            return u64::try_from(worth.div_ceil(unit)).ok();
        }
        // A digit of the amount that is far below a minor unit makes room for the product.
        unit = unit.checked_div(10).filter(|unit| *unit > 0)?;
        amount = amount.div_ceil(10);
    }
}

/// A rate as it is used and kept: the digits beyond the last that counts are cut, which asks for more crypto, not
/// less.
#[must_use]
pub fn usable(rate: Decimal) -> Decimal {
    rate.round_dp_with_strategy(RATE_DIGITS_MAX, RoundingStrategy::ToZero)
        .normalize()
}

/// A markup as the fraction of the price that is asked for.
fn share(markup_bps: i32) -> Option<(u128, u128)> {
    let whole = i32::try_from(BASIS_POINTS).ok()?;
    match markup_bps {
        0 => Some((1, 1)),
        bps => match u128::try_from(whole.checked_add(bps)?).ok()? {
            0 => None,
            asked => Some((asked, BASIS_POINTS)),
        },
    }
}

fn power_of_ten(exponent: u32) -> Option<u128> {
    10u128.checked_pow(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::asset::Currency;
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
            let quoted = quote(usd(minor), rate.parse().unwrap(), 0, &asset).unwrap();
            assert_eq!(asset.show(quoted), shown, "{minor} at {rate}");
        }
    }

    #[test]
    fn a_price_in_an_asset_is_quoted_in_another_rounded_up() {
        let dollars = asset(18, 6);
        let coin = asset(8, 8);
        let amount = BaseUnits::from_decimal("100.000000000000000001", 18).unwrap();
        let rate = "97500".parse().unwrap();
        let quoted = quote_asset(amount, &dollars, rate, 0, &coin).unwrap();
        assert_eq!(coin.show(quoted), "0.00102565");
        let same = quote_asset(amount, &dollars, Decimal::ONE, 0, &dollars).unwrap();
        assert_eq!(
            dollars.show(same),
            "100.000001",
            "the digits of a quote, never less than the price"
        );
        let amount = BaseUnits::from_decimal("0.005", 8).unwrap();
        let quoted = quote_asset(amount, &coin, "0.0000102565".parse().unwrap(), 0, &dollars).unwrap();
        assert_eq!(dollars.show(quoted), "487.495735");
    }

    #[test]
    fn what_is_no_price_is_refused() {
        for rate in ["0", "-1", "0.0000000000001"] {
            let refused = quote(usd(1), rate.parse().unwrap(), 0, &asset(6, 6));
            assert!(matches!(refused, Err(PricingError::NotARate(_))), "{rate}");
        }
        assert_eq!(
            quote(
                usd(u64::MAX),
                "0.000000000001".parse().unwrap(),
                0,
                &asset(18, 18)
            ),
            Err(PricingError::TooLarge)
        );
    }

    #[test]
    fn a_price_counts_in_the_minor_units_of_its_currency() {
        for (currency, minor, rate, shown) in [
            (Fiat::Jpy, 7500, "150", "50.000000"),
            (Fiat::Kwd, 15_000, "0.3", "50.000000"),
            (Fiat::Vnd, 1, "25000", "0.000040"),
            (Fiat::Eur, 4600, "0.92", "50.000000"),
        ] {
            let asset = asset(6, 6);
            let price = FiatAmount { currency, minor };
            let quoted = quote(price, rate.parse().unwrap(), 0, &asset).unwrap();
            assert_eq!(asset.show(quoted), shown, "{price} at {rate}");
        }
    }

    #[test]
    fn a_markup_asks_for_more_and_a_discount_for_less() {
        let asset = asset(6, 6);
        for (markup_bps, shown) in [
            (0, "50.000000"),
            (50, "50.250000"),
            (-100, "49.500000"),
            (1, "50.005000"),
        ] {
            let quoted = quote(usd(5000), Decimal::ONE, markup_bps, &asset).unwrap();
            assert_eq!(asset.show(quoted), shown, "{markup_bps}");
        }
        for markup_bps in [-10_000, -10_001, i32::MIN, i32::MAX] {
            let refused = quote(usd(5000), Decimal::ONE, markup_bps, &asset);
            assert_eq!(refused, Err(PricingError::NotAMarkup(markup_bps)));
        }
    }

    #[test]
    fn a_value_is_rounded_up_and_never_wraps() {
        for (units, decimals, rate, cents) in [
            (50_000_000, 6, "1", Some(5000)),
            (1, 18, "3000", Some(1)),
            (0, 18, "3000", Some(0)),
            (2_000_000_000_000_000_000, 18, "3000.005", Some(600_001)),
            (u128::MAX, 0, "1", None),
            (1, 6, "0", None),
            (1, 6, "-1", None),
            (
                u128::MAX / 1_000_000_000_000,
                18,
                "1234.567890123456",
                Some(42_010_168_377_580),
            ),
        ] {
            let asset = asset(decimals, decimals);
            let rate = rate.parse().unwrap();
            assert_eq!(
                value(BaseUnits::new(units), rate, Fiat::Usd, &asset),
                cents,
                "{units} at {rate}"
            );
        }
    }

    proptest! {
        /// In whole numbers: quoted * rate >= price * (1 + markup), and one step less would not be.
        #[expect(clippy::arithmetic_side_effects, reason = "the ranges keep these products far below 2^128")]
        #[test]
        fn what_is_quoted_is_worth_the_price_and_the_markup_in_every_currency(
            minor in 1u64..1_000_000_000,
            mantissa in 1u32..1_000_000_000,
            scale in 0u32..6,
            markup_bps in -5000i32..10_000,
            currency in proptest::sample::select(vec![Fiat::Jpy, Fiat::Usd, Fiat::Kwd]),
        ) {
            let asset = asset(8, 8);
            let rate = Decimal::new(i64::from(mantissa), scale);
            let quoted = quote(FiatAmount { currency, minor }, rate, markup_bps, &asset).unwrap().get();
            let worth = |quoted: u128| quoted * u128::from(mantissa) * 10u128.pow(u32::from(currency.digits())) * 10_000;
            let asked = u128::from(minor) * u128::try_from(10_000 + markup_bps).unwrap() * 10u128.pow(8 + scale);
            prop_assert!(worth(quoted) >= asked);
            prop_assert!(worth(quoted - 1) < asked);
        }

        #[test]
        fn what_was_quoted_for_a_price_is_worth_at_least_the_price(minor in 1u64..1_000_000_000, mantissa in 1u32..1_000_000_000) {
            let asset = asset(18, 18);
            let rate = Decimal::new(i64::from(mantissa), 4);
            let quoted = quote(usd(minor), rate, 0, &asset).unwrap();
            prop_assert!(value(quoted, rate, Fiat::Usd, &asset).unwrap() >= minor);
        }
    }
}
