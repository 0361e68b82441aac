//! What somebody wants to give, read from what was sent: amount, what to pay with, and what the donor says. Pure; both
//! the form of the page and the call for programs are judged here.

use crate::domain::asset::Means;
use crate::domain::donation::{Donor, MESSAGE_LENGTH_MAX, NAME_LENGTH_MAX};
use crate::domain::money::{AmountError, BaseUnits, Fiat, FiatAmount};
use crate::domain::price::Price;
use crate::engine::gateway::PayWith;

/// The largest donation, in whole units of whatever it is in: nobody means to give more.
const AMOUNT_MAX: u32 = 1_000_000_000;

/// What was sent, in words.
#[derive(Debug, Clone, Default)]
pub(super) struct Sent {
    pub(super) amount: SentAmount,
    /// The code of what to pay with, such as `USDT_TRC20`; empty when none was named.
    pub(super) currency: String,
    pub(super) donor_name: String,
    pub(super) donor_message: String,
}

/// An amount in words.
#[derive(Debug, Clone, Default)]
pub(super) enum SentAmount {
    /// None was named.
    #[default]
    Missing,
    /// In money.
    Fiat {
        /// Such as `12.50`.
        digits: String,
        /// Such as `USD`.
        currency: String,
    },
    /// In what it is paid with.
    Asset {
        /// Such as `0.005`.
        digits: String,
    },
}

/// What is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Gift {
    pub(super) price: Price,
    pub(super) pay_with: PayWith,
    pub(super) donor: Donor,
}

/// Why nothing was made of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("fiat_amount is required, or amount with currency")]
    AmountMissing,
    #[error("the amount must be a decimal number such as 12.50")]
    AmountMalformed,
    #[error("the amount has too many digits after the point: {0} at most")]
    AmountTooPrecise(u8),
    #[error("the amount must be greater than zero")]
    AmountZero,
    #[error("the amount is too large")]
    AmountTooLarge,
    #[error("unknown fiat_currency; use a code such as USD or EUR")]
    UnknownFiat,
    #[error("currency is required with amount; use one of: {0}")]
    CurrencyMissing(String),
    #[error("the store does not accept this currency; use one of: {0}")]
    CurrencyNotAccepted(String),
    #[error("donor_name has more than {NAME_LENGTH_MAX} characters")]
    NameTooLong,
    #[error("donor_message has more than {MESSAGE_LENGTH_MAX} characters")]
    MessageTooLong,
}

impl Sent {
    /// The gift, to a store that accepts this.
    pub(super) fn read(&self, accepted: &[Means]) -> Result<Gift, Refusal> {
        let known = || {
            accepted
                .iter()
                .map(|means| means.code.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        };
        let code = self.currency.trim();
        let means = accepted
            .iter()
            .find(|means| means.code.eq_ignore_ascii_case(code));
        if means.is_none() && !code.is_empty() {
            return Err(Refusal::CurrencyNotAccepted(known()));
        }
        let price = match (&self.amount, means, accepted) {
            (SentAmount::Missing, ..) => return Err(Refusal::AmountMissing),
            (SentAmount::Fiat { digits, currency }, ..) => {
                let currency = currency.trim().to_ascii_uppercase();
                let currency = currency.parse().map_err(|_| Refusal::UnknownFiat)?;
                Price::Fiat(money(digits, currency)?)
            }
            (SentAmount::Asset { digits }, Some(means), _)
            | (SentAmount::Asset { digits }, None, [means]) => of_asset(digits, means)?,
            (SentAmount::Asset { .. }, None, _) => return Err(Refusal::CurrencyMissing(known())),
        };
        let pay_with = means.map_or(PayWith::Accepted, |means| PayWith::Asset {
            network: means.network.slug.to_string(),
            currency: means.asset.currency.to_string(),
        });
        Ok(Gift {
            price,
            pay_with,
            donor: Donor {
                name: bounded(line(&self.donor_name), NAME_LENGTH_MAX).ok_or(Refusal::NameTooLong)?,
                message: bounded(lines(&self.donor_message), MESSAGE_LENGTH_MAX)
                    .ok_or(Refusal::MessageTooLong)?,
            },
        })
    }
}

/// Reads an amount of money that somebody may give.
pub(super) fn money(digits: &str, currency: Fiat) -> Result<FiatAmount, Refusal> {
    let minor = amount(digits, currency.digits())?;
    let minor = u64::try_from(minor.get()).map_err(|_| Refusal::AmountTooLarge)?;
    Ok(FiatAmount { currency, minor })
}

fn of_asset(digits: &str, means: &Means) -> Result<Price, Refusal> {
    Ok(Price::Asset {
        network: means.network.id.clone(),
        currency: means.asset.currency.clone(),
        amount: amount(digits, means.asset.decimals)?,
    })
}

fn amount(digits: &str, decimals: u8) -> Result<BaseUnits, Refusal> {
    let amount = BaseUnits::from_decimal(digits.trim(), decimals).map_err(|error| match error {
        AmountError::Malformed => Refusal::AmountMalformed,
        AmountError::TooPrecise { decimals } => Refusal::AmountTooPrecise(decimals),
        AmountError::TooLarge => Refusal::AmountTooLarge,
    })?;
    let largest = 10u128
        .checked_pow(u32::from(decimals))
        .and_then(|unit| unit.checked_mul(u128::from(AMOUNT_MAX)));
    if amount.is_zero() {
        Err(Refusal::AmountZero)
    } else if largest.is_none_or(|largest| amount.get() > largest) {
        Err(Refusal::AmountTooLarge)
    } else {
        Ok(amount)
    }
}

/// An amount as people write it on the page: a comma stands for the point where it can mean nothing else. `1,000` could.
pub(super) fn typed_digits(text: &str) -> String {
    let text = text.trim();
    match text.split_once(',') {
        Some((whole, part)) if part.len() < 3 && !text.contains('.') => format!("{whole}.{part}"),
        Some(_) | None => text.to_owned(),
    }
}

/// A text of one line: without control characters, and without white space around it.
pub(super) fn line(text: &str) -> String {
    lines(text).replace('\n', " ")
}

/// A text of some lines: without other control characters, and without white space around it. A line break counts once,
/// however it was sent.
pub(super) fn lines(text: &str) -> String {
    let unified = text
        .replace("\r\n", "\n")
        .replace(['\r', '\u{2028}', '\u{2029}'], "\n")
        .replace('\t', " ");
    let kept = |character: &char| *character == '\n' || !character.is_control();
    unified.chars().filter(kept).collect::<String>().trim().to_owned()
}

/// The text, unless it has more characters. An emoji is one, or as many as it is put together from.
pub(super) fn bounded(text: String, length_max: usize) -> Option<String> {
    (text.chars().count() <= length_max).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::donate::sample;
    use proptest::prelude::*;

    fn fiat(digits: &str, currency: &str) -> Sent {
        Sent {
            amount: SentAmount::Fiat {
                digits: digits.to_owned(),
                currency: currency.to_owned(),
            },
            ..Sent::default()
        }
    }

    fn asset(digits: &str, code: &str) -> Sent {
        Sent {
            amount: SentAmount::Asset {
                digits: digits.to_owned(),
            },
            currency: code.to_owned(),
            ..Sent::default()
        }
    }

    #[test]
    fn an_amount_of_money_is_read_to_the_last_digit_or_refused() {
        let accepted = sample::accepted();
        for (digits, currency, minor) in [
            ("10", "USD", 1000),
            ("0.01", "usd", 1),
            (" 12.50 ", " EUR ", 1250),
            ("500", "JPY", 500),
            ("1.234", "KWD", 1234),
            ("1000000000", "USD", 100_000_000_000),
        ] {
            let gift = fiat(digits, currency).read(&accepted).unwrap();
            assert_eq!(gift.price.fiat().unwrap().minor, minor, "{digits} {currency}");
            assert_eq!(gift.pay_with, PayWith::Accepted);
        }
        for (digits, currency, refusal) in [
            ("0", "USD", Refusal::AmountZero),
            ("0.00", "USD", Refusal::AmountZero),
            ("-5", "USD", Refusal::AmountMalformed),
            ("", "USD", Refusal::AmountMalformed),
            ("1e9", "USD", Refusal::AmountMalformed),
            ("NaN", "USD", Refusal::AmountMalformed),
            ("1,000", "USD", Refusal::AmountMalformed),
            ("１０", "USD", Refusal::AmountMalformed),
            ("0.001", "USD", Refusal::AmountTooPrecise(2)),
            ("0.5", "JPY", Refusal::AmountTooPrecise(0)),
            ("1000000000.01", "USD", Refusal::AmountTooLarge),
            (
                "99999999999999999999999999999999999999999",
                "USD",
                Refusal::AmountTooLarge,
            ),
            ("10", "", Refusal::UnknownFiat),
            ("10", "US", Refusal::UnknownFiat),
            ("10", "BTC", Refusal::UnknownFiat),
        ] {
            assert_eq!(
                fiat(digits, currency).read(&accepted),
                Err(refusal),
                "{digits} {currency}"
            );
        }
    }

    #[test]
    fn an_amount_of_what_it_is_paid_with_needs_to_be_told_of_what() {
        let accepted = sample::accepted();
        let gift = asset("0.005", "btc").read(&accepted).unwrap();
        assert!(matches!(&gift.price, Price::Asset { network, amount, .. }
            if network.as_str() == "bitcoin" && amount.get() == 500_000));
        assert!(matches!(&gift.pay_with, PayWith::Asset { network, currency }
            if network == "bitcoin" && currency == "native"));
        for (digits, code, refusal) in [
            ("1", "", Refusal::CurrencyMissing("USDT_TRC20, BTC".to_owned())),
            (
                "1",
                "DOGE",
                Refusal::CurrencyNotAccepted("USDT_TRC20, BTC".to_owned()),
            ),
            ("0", "BTC", Refusal::AmountZero),
            ("0.000000001", "BTC", Refusal::AmountTooPrecise(8)),
            ("1000000001", "BTC", Refusal::AmountTooLarge),
        ] {
            assert_eq!(
                asset(digits, code).read(&accepted),
                Err(refusal),
                "{digits} {code}"
            );
        }
        let only = accepted.get(1..).unwrap();
        assert!(
            asset("1", "").read(only).is_ok(),
            "there is nothing else that could be meant"
        );
    }

    #[test]
    fn what_a_donor_says_is_counted_in_characters_after_it_was_cleaned() {
        let said_by = |name: &str, message: &str| {
            let sent = Sent {
                donor_name: name.to_owned(),
                donor_message: message.to_owned(),
                ..fiat("1", "USD")
            };
            sent.read(&sample::accepted())
                .map(|gift| (gift.donor.name, gift.donor.message))
        };
        let said = said_by(
            " Ann\r\nB.\u{0} ",
            "\u{1b}[31mHi\r\nthere\u{7f}\u{85}\t\u{2028}x  ",
        )
        .unwrap();
        assert_eq!(said, ("Ann B.".to_owned(), "[31mHi\nthere \nx".to_owned()));
        for character in ["x", "é", "😀", "語"] {
            assert!(said_by(&character.repeat(100), &character.repeat(500)).is_ok());
            assert_eq!(said_by(&character.repeat(101), ""), Err(Refusal::NameTooLong));
            assert_eq!(said_by("", &character.repeat(501)), Err(Refusal::MessageTooLong));
        }
        // Browsers send a line break as two characters.
        assert!(said_by("", &"x\r\n".repeat(250)).is_ok());
        assert!(said_by("", &format!("  {}\u{0}\u{0}  ", "x".repeat(500))).is_ok());
    }

    #[test]
    fn markup_and_right_to_left_text_are_kept_as_they_are() {
        let sent = Sent {
            donor_message: "<script>alert(1)</script> \u{202e}txt".to_owned(),
            ..fiat("1", "USD")
        };
        let gift = sent.read(&sample::accepted()).unwrap();
        assert_eq!(gift.donor.message, "<script>alert(1)</script> \u{202e}txt");
    }

    #[test]
    fn a_comma_is_a_point_where_it_can_mean_nothing_else() {
        for (typed, digits) in [
            ("12,5", "12.5"),
            (" 12,50 ", "12.50"),
            ("1,000", "1,000"),
            ("1,000.50", "1,000.50"),
            ("1.000,50", "1.000,50"),
            ("1,2,3", "1,2,3"),
            ("12.50", "12.50"),
            ("", ""),
        ] {
            assert_eq!(typed_digits(typed), digits);
        }
        assert!(money(&typed_digits("1,2,3"), Fiat::Usd).is_err());
    }

    proptest! {
        #[test]
        fn whatever_is_said_comes_out_without_control_characters(text: Vec<char>) {
            let text: String = text.into_iter().collect();
            let kept = lines(&text);
            prop_assert!(kept.chars().all(|character| character == '\n' || !character.is_control()));
            let kept = line(&text);
            prop_assert!(!kept.chars().any(char::is_control));
        }

        #[test]
        fn no_amount_panics_or_comes_out_as_another(text in "[0-9.,]{0,40}") {
            if let Ok(amount) = money(&text, Fiat::Usd) {
                prop_assert_eq!(money(&amount.amount(), Fiat::Usd), Ok(amount));
            }
        }
    }
}
