//! How many confirmations a payment needs, by what it is worth: a chain is the dearer to rewrite the deeper a block
//! lies, so that small payments need not wait as long as large ones.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::money::BaseUnits;

/// One step: from this value on, so many confirmations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tier {
    /// In US cents; the step begins here.
    pub from_usd_cents: u64,
    /// Blocks on top of and including a transfer's own.
    pub confirmations: u32,
}

/// The steps of a network or of a store on it. The first begins at nothing, and no later one asks for less.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tiers(Arc<[Tier]>);

/// The most steps there may be.
const TIERS_MAX: usize = 32;
/// The most confirmations that can be asked for.
pub const CONFIRMATIONS_MAX: u32 = 100_000;

/// Why some steps make no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TiersError {
    /// Not of the form.
    #[error(
        "`{text}` is not of the form 0=1,100=2,1000=3: dollars from which on so many confirmations are needed"
    )]
    Form {
        /// The part that is not.
        text: String,
    },
    /// Nothing is said of small payments.
    #[error("the first step has to begin at 0 dollars")]
    Start,
    /// Two steps in the wrong order, or at one value.
    #[error("the steps have to be in ascending order of dollars, each at another value")]
    Order,
    /// More money would be safe with less.
    #[error("a step must not need fewer confirmations than the one below it")]
    Fewer,
    /// None at all, or more than ever come.
    #[error("a step needs 1 to 100000 confirmations")]
    Confirmations,
    /// Too many.
    #[error("there can be at most 32 steps")]
    TooMany,
}

impl Tiers {
    /// The same number for every payment.
    #[must_use]
    pub fn flat(confirmations: u32) -> Self {
        Self(Arc::new([Tier {
            from_usd_cents: 0,
            confirmations: confirmations.clamp(1, CONFIRMATIONS_MAX),
        }]))
    }

    /// Steps in ascending order.
    ///
    /// # Errors
    /// [`TiersError`].
    pub fn new(tiers: Vec<Tier>) -> Result<Self, TiersError> {
        if tiers.len() > TIERS_MAX {
            return Err(TiersError::TooMany);
        }
        if tiers.first().is_none_or(|first| first.from_usd_cents != 0) {
            return Err(TiersError::Start);
        }
        if tiers
            .iter()
            .any(|tier| !(1..=CONFIRMATIONS_MAX).contains(&tier.confirmations))
        {
            return Err(TiersError::Confirmations);
        }
        for (tier, next) in tiers.iter().zip(tiers.iter().skip(1)) {
            if next.from_usd_cents <= tier.from_usd_cents {
                return Err(TiersError::Order);
            }
            if next.confirmations < tier.confirmations {
                return Err(TiersError::Fewer);
            }
        }
        Ok(Self(tiers.into()))
    }

    /// How many a payment needs that is worth so many US cents; the most there are when nobody knows what it is worth.
    #[must_use]
    pub fn of(&self, usd_cents: Option<u64>) -> u32 {
        let Some(usd_cents) = usd_cents else {
            return self.highest();
        };
        self.0
            .iter()
            .take_while(|tier| tier.from_usd_cents <= usd_cents)
            .last()
            .map_or_else(|| self.highest(), |tier| tier.confirmations)
    }

    /// The most that any payment needs.
    #[must_use]
    pub fn highest(&self) -> u32 {
        self.0.last().map_or(CONFIRMATIONS_MAX, |tier| tier.confirmations)
    }

    /// The least that any payment needs.
    #[must_use]
    pub fn lowest(&self) -> u32 {
        self.0
            .first()
            .map_or(CONFIRMATIONS_MAX, |tier| tier.confirmations)
    }

    /// The steps, in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = Tier> {
        self.0.iter().copied()
    }
}

impl FromStr for Tiers {
    type Err = TiersError;

    /// Reads `0=1,100=2,1000=3`: whole dollars, or with cents.
    fn from_str(text: &str) -> Result<Self, TiersError> {
        let tiers = text.split(',').take(TIERS_MAX.saturating_add(1)).map(|part| {
            let form = || TiersError::Form {
                text: part.chars().take(40).collect(),
            };
            let (dollars, confirmations) = part.split_once('=').ok_or_else(form)?;
            let cents = BaseUnits::from_decimal(dollars.trim(), 2).map_err(|_| form())?;
            Ok(Tier {
                // What the database holds: a signed 64-bit integer.
                from_usd_cents: i64::try_from(cents.get())
                    .ok()
                    .and_then(|cents| u64::try_from(cents).ok())
                    .ok_or_else(form)?,
                confirmations: confirmations.trim().parse().map_err(|_| form())?,
            })
        });
        Self::new(tiers.collect::<Result<_, _>>()?)
    }
}

/// As it is read: `0=1,100=2,1000=3`.
impl fmt::Display for Tiers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, tier) in self.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let (dollars, cents) = (tier.from_usd_cents / 100, tier.from_usd_cents % 100);
            write!(f, "{comma}{dollars}")?;
            if cents > 0 {
                write!(f, ".{cents:02}")?;
            }
            write!(f, "={}", tier.confirmations)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payment_needs_what_its_step_says_and_an_unknown_value_the_most() {
        let tiers: Tiers = "0=1,100=2,1000=3,10000=6".parse().unwrap();
        for (cents, confirmations) in [
            (0, 1),
            (9_999, 1),
            (10_000, 2),
            (99_999, 2),
            (100_000, 3),
            (999_999, 3),
            (1_000_000, 6),
            (u64::MAX, 6),
        ] {
            assert_eq!(tiers.of(Some(cents)), confirmations, "{cents}");
        }
        assert_eq!(tiers.of(None), 6);
        assert_eq!((tiers.lowest(), tiers.highest()), (1, 6));
        assert_eq!(Tiers::flat(15).of(Some(0)), 15);
        assert_eq!(Tiers::flat(15).of(None), 15);
    }

    #[test]
    fn steps_are_written_as_they_are_read() {
        for text in ["0=1", "0=1,100=2,1000=3,10000=6", "0=2,99.50=3"] {
            assert_eq!(text.parse::<Tiers>().unwrap().to_string(), text);
        }
        assert_eq!(" 0 = 1 , 5 = 2 ".parse::<Tiers>().unwrap().to_string(), "0=1,5=2");
    }

    #[test]
    fn steps_that_make_no_sense_are_refused() {
        for (text, error) in [
            ("1=1", TiersError::Start),
            ("0=0", TiersError::Confirmations),
            ("0=100001", TiersError::Confirmations),
            ("0=1,100=2,100=3", TiersError::Order),
            ("0=1,100=2,50=3", TiersError::Order),
            ("0=3,100=2", TiersError::Fewer),
        ] {
            assert_eq!(text.parse::<Tiers>(), Err(error), "{text}");
        }
        for text in [
            "",
            "0",
            "0=",
            "=1",
            "0=x",
            "-1=1",
            "0=1,",
            "0=1,1e3=2",
            "0=1,1.005=2",
            "0=-1",
        ] {
            assert!(
                matches!(text.parse::<Tiers>(), Err(TiersError::Form { .. })),
                "{text}"
            );
        }
        let many: Vec<String> = (0..40).map(|index| format!("{index}=1")).collect();
        assert_eq!(many.join(",").parse::<Tiers>(), Err(TiersError::TooMany));
        assert_eq!(Tiers::new(Vec::new()), Err(TiersError::Start));
    }
}
