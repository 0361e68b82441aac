//! What the sources say of one pair, and whether they agree: the median of the fresh ones without those far from it,
//! and at least two of them; where it is only two, they are near each other.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use rust_decimal::{Decimal, RoundingStrategy};

/// How many must agree: one source alone can be wrong, or lie.
const AGREEING_MIN: usize = 2;
const BASIS_POINTS: u32 = 10_000;
/// Digits of a price that are shown to people.
const SHOWN_DIGITS: u32 = 9;
/// Sources that a text names.
const NAMED_MAX: usize = 8;

/// Why there is no rate. Says what was found, not what to do: that depends on who asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoRate {
    /// Nobody has one that is fresh.
    #[error("no source has a fresh rate of {pair}")]
    Nobody {
        /// Of what in what: `BTC in USD`.
        pair: String,
    },
    /// One source alone has one.
    #[error("only {source_name} has a fresh rate of {pair}, and two have to agree")]
    OnlyOne {
        /// Of what in what.
        pair: String,
        /// Who has one.
        source_name: Arc<str>,
    },
    /// They are too far apart.
    #[error("the sources disagree on {pair}: {said}")]
    Disagreement {
        /// On what in what.
        pair: String,
        /// Who said what.
        said: String,
    },
}

/// What one source said, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    /// The source.
    pub source: Arc<str>,
    /// The price of one whole unit.
    pub price: Decimal,
    /// How old it is.
    pub age: Duration,
    /// What became of it.
    pub verdict: Verdict,
}

/// What became of a source's price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is part of the rate.
    Used,
    /// It is too far from the median.
    Outlier,
    /// It is too old, or its time lies ahead of ours.
    Stale,
    /// It is good, but alone or one of several that disagree.
    NotEnough,
}

/// All that was said of one pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poll {
    /// What is priced: `BTC`.
    pub base: String,
    /// In what: `USD`.
    pub quote: String,
    /// Who said what, in the order of the sources.
    pub opinions: Vec<Opinion>,
    /// The median, or why there is none.
    pub outcome: Result<Decimal, NoRate>,
}

impl Poll {
    /// Judges what was said. `opinions` that are not stale come in with any other verdict.
    pub(super) fn new(base: &str, quote: &str, mut opinions: Vec<Opinion>, outlier_bps: u32) -> Self {
        let outcome = judge(&format!("{base} in {quote}"), &mut opinions, outlier_bps);
        Self {
            base: base.to_owned(),
            quote: quote.to_owned(),
            opinions,
            outcome,
        }
    }

    /// The sources that were used and what each said: `median of kraken 60000.1, coinbase 60010`.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("median of {}", said(self.of(Verdict::Used)));
        if self.of(Verdict::Outlier).next().is_some() {
            let _ = write!(text, " (without {})", said(self.of(Verdict::Outlier)));
        }
        text
    }

    fn of(&self, verdict: Verdict) -> impl Iterator<Item = &Opinion> {
        self.opinions
            .iter()
            .filter(move |opinion| opinion.verdict == verdict)
    }
}

fn judge(pair: &str, opinions: &mut [Opinion], outlier_bps: u32) -> Result<Decimal, NoRate> {
    let mut fresh: Vec<&mut Opinion> = opinions
        .iter_mut()
        .filter(|opinion| opinion.verdict != Verdict::Stale)
        .collect();
    for opinion in &mut fresh {
        opinion.verdict = Verdict::NotEnough;
    }
    let middle = median(fresh.iter().map(|opinion| opinion.price));
    let Some(middle) = middle.filter(|_| fresh.len() >= AGREEING_MIN) else {
        return Err(match fresh.first() {
            Some(only) => NoRate::OnlyOne {
                pair: pair.to_owned(),
                source_name: Arc::clone(&only.source),
            },
            None => NoRate::Nobody {
                pair: pair.to_owned(),
            },
        });
    };
    let all = said(fresh.iter().map(|opinion| &**opinion));
    for opinion in &mut fresh {
        if !is_near(opinion.price, middle, outlier_bps) {
            opinion.verdict = Verdict::Outlier;
        }
    }
    fresh.retain(|opinion| opinion.verdict != Verdict::Outlier);
    // Their median lies halfway between two, so that either could drag it away from the other by half of what each may be
    // off; a rate made of two rates would double that.
    if let [one, other] = fresh.as_slice()
        && !is_near(
            one.price.max(other.price),
            one.price.min(other.price),
            outlier_bps,
        )
    {
        return Err(NoRate::Disagreement {
            pair: pair.to_owned(),
            said: all,
        });
    }
    match median(fresh.iter().map(|opinion| opinion.price)) {
        Some(agreed) if fresh.len() >= AGREEING_MIN => {
            for opinion in &mut fresh {
                opinion.verdict = Verdict::Used;
            }
            Ok(agreed)
        }
        _ => Err(NoRate::Disagreement {
            pair: pair.to_owned(),
            said: all,
        }),
    }
}

/// The middle one, or the mean of the two in the middle.
fn median(prices: impl Iterator<Item = Decimal>) -> Option<Decimal> {
    let mut prices: Vec<Decimal> = prices.collect();
    prices.sort_unstable();
    let upper = prices.len().checked_div(2)?;
    let above = *prices.get(upper)?;
    if !prices.len().is_multiple_of(2) {
        return Some(above);
    }
    let below = *prices.get(upper.checked_sub(1)?)?;
    below.checked_add(above)?.checked_div(Decimal::TWO)
}

/// Whether `price` is at most `bps` basis points of `middle` away from it.
fn is_near(price: Decimal, middle: Decimal, bps: u32) -> bool {
    let away = price.checked_sub(middle).map(|away| away.abs());
    let away = away.and_then(|away| away.checked_mul(Decimal::from(BASIS_POINTS)));
    let bound = middle.checked_mul(Decimal::from(bps));
    away.zip(bound).is_some_and(|(away, bound)| away <= bound)
}

fn said<'a>(opinions: impl Iterator<Item = &'a Opinion>) -> String {
    let mut text = String::new();
    let mut more = 0u32;
    for (index, opinion) in opinions.enumerate() {
        if index >= NAMED_MAX {
            more = more.saturating_add(1);
            continue;
        }
        let separator = if index == 0 { "" } else { ", " };
        let _ = write!(text, "{separator}{} {}", opinion.source, shown(opinion.price));
    }
    if more > 0 {
        let _ = write!(text, " and {more} more");
    }
    text
}

/// A price with the digits that people read.
pub(super) fn shown(price: Decimal) -> Decimal {
    let few = price.round_sf_with_strategy(SHOWN_DIGITS, RoundingStrategy::MidpointAwayFromZero);
    few.unwrap_or(price).normalize()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OUTLIER_BPS: u32 = 200;

    fn opinion(source: &str, price: &str) -> Opinion {
        Opinion {
            source: source.into(),
            price: price.parse().unwrap(),
            age: Duration::ZERO,
            verdict: Verdict::NotEnough,
        }
    }

    fn poll(prices: &[&str]) -> Poll {
        let names = ["kraken", "coinbase", "binance", "bitfinex", "ecb"];
        let opinions = names.iter().zip(prices).map(|(name, price)| opinion(name, price));
        Poll::new("BTC", "USD", opinions.collect(), OUTLIER_BPS)
    }

    #[test]
    fn the_median_counts_and_those_far_from_it_do_not() {
        for (prices, agreed, text) in [
            (
                &["60000.10", "60010.00"][..],
                "60005.05",
                "median of kraken 60000.1, coinbase 60010",
            ),
            (
                &["100", "101", "102"],
                "101",
                "median of kraken 100, coinbase 101, binance 102",
            ),
            (
                &["100", "101", "150"],
                "100.5",
                "median of kraken 100, coinbase 101 (without binance 150)",
            ),
            (
                &["1", "100", "101", "9999"],
                "100.5",
                "median of coinbase 100, binance 101 (without kraken 1, bitfinex 9999)",
            ),
            (
                &["98", "100", "102"],
                "100",
                "median of kraken 98, coinbase 100, binance 102",
            ),
        ] {
            let poll = poll(prices);
            assert_eq!(poll.outcome, Ok(agreed.parse().unwrap()), "{prices:?}");
            assert_eq!(poll.text(), text);
        }
    }

    #[test]
    fn one_source_alone_is_refused() {
        assert_eq!(
            poll(&["60000"]).outcome.unwrap_err().to_string(),
            "only kraken has a fresh rate of BTC in USD, and two have to agree"
        );
        assert_eq!(
            poll(&[]).outcome.unwrap_err().to_string(),
            "no source has a fresh rate of BTC in USD"
        );
    }

    #[test]
    fn sources_that_disagree_are_refused() {
        for prices in [
            &["60000", "66000"][..],
            &["100", "110", "120"],
            &["100", "105", "110", "115"],
            // Each is within 2 % of the middle, but not of the other.
            &["100", "102.01"],
            &["97.9", "100", "150"],
        ] {
            let refused = poll(prices).outcome.unwrap_err();
            assert!(
                matches!(refused, NoRate::Disagreement { .. }),
                "{prices:?}: {refused}"
            );
        }
        assert_eq!(
            poll(&["60000", "66000"]).outcome.unwrap_err().to_string(),
            "the sources disagree on BTC in USD: kraken 60000, coinbase 66000"
        );
    }

    #[test]
    fn one_source_alone_moves_no_rate_by_more_than_a_hundredth() {
        let honest: Decimal = "100".parse().unwrap();
        for (others, most) in [(1, "1"), (2, "0"), (3, "0"), (4, "0")] {
            for lie in 1..40_000 {
                let lie = Decimal::new(lie, 2);
                let mut prices = vec![honest.to_string(); others];
                prices.push(lie.to_string());
                let prices: Vec<&str> = prices.iter().map(String::as_str).collect();
                if let Ok(agreed) = poll(&prices).outcome {
                    assert!(
                        (agreed - honest).abs() <= most.parse().unwrap(),
                        "{lie}: {agreed}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_stale_opinion_counts_for_nothing() {
        let stale = Opinion {
            verdict: Verdict::Stale,
            ..opinion("binance", "100")
        };
        let poll = Poll::new("BTC", "USD", vec![opinion("kraken", "100"), stale], OUTLIER_BPS);
        assert!(matches!(poll.outcome, Err(NoRate::OnlyOne { .. })));
        assert_eq!(poll.opinions[1].verdict, Verdict::Stale);
    }

    #[test]
    fn a_text_names_a_bounded_number_of_sources() {
        let many = (0..40).map(|index| opinion(&format!("s{index}"), "123456.789123456789"));
        let text = Poll::new("BTC", "USD", many.collect(), OUTLIER_BPS).text();
        assert!(text.ends_with("s7 123456.789 and 32 more"), "{text}");
    }

    proptest! {
        #[test]
        fn what_is_agreed_lies_between_two_sources_that_are_near_each_other(
            prices in proptest::collection::vec(1u32..1000, 0..7),
        ) {
            let opinions = prices.iter().map(|price| opinion("x", &price.to_string()));
            let poll = Poll::new("A", "B", opinions.collect(), OUTLIER_BPS);
            let used: Vec<Decimal> = poll.of(Verdict::Used).map(|opinion| opinion.price).collect();
            match poll.outcome {
                Ok(agreed) => {
                    let (least, most) = (*used.iter().min().unwrap(), *used.iter().max().unwrap());
                    prop_assert!(used.len() >= 2 && least <= agreed && agreed <= most);
                    prop_assert!(most * Decimal::from(98) <= least * Decimal::from(102));
                }
                Err(_) => prop_assert!(used.is_empty()),
            }
        }
    }
}
