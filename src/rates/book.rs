//! What all sources say at one moment, and the rates that follow: directly, by USDT where an exchange has no dollars, or
//! by way of the dollar.

use std::sync::Arc;
use std::time::Duration;

use rust_decimal::Decimal;

use super::agreement::{NoRate, Opinion, Poll, Verdict};
use super::number::sane;
use super::source::{Quotes, pair_name};
use super::sources::AHEAD_MAX;
use super::{MarketRate, MarketSettings, Quote};
use crate::domain::money::Fiat;
use crate::domain::pricing;
use crate::domain::time::UnixMillis;

const DOLLAR: &str = "USD";
const TETHER: &str = "USDT";
/// Characters of the text that says where a rate came from.
const TEXT_LENGTH_MAX: usize = 360;

/// Every source's word at one moment.
pub(super) struct Book<'a> {
    pub sources: Vec<(Arc<str>, Arc<Quotes>)>,
    pub now: UnixMillis,
    pub settings: &'a MarketSettings,
}

/// A rate and all that was asked for it.
pub(super) struct Found {
    pub rate: Result<MarketRate, NoRate>,
    pub polls: Vec<Poll>,
}

impl Book<'_> {
    /// What one whole unit of `symbol` costs in `fiat`.
    pub fn rate(&self, symbol: &str, fiat: Fiat) -> Found {
        let direct = self.poll(symbol, fiat.word());
        if let Ok(price) = direct.outcome {
            let rate = Ok(rate(price, direct.text()));
            return Found {
                rate,
                polls: vec![direct],
            };
        }
        if fiat == Fiat::Usd {
            return Found {
                rate: direct.outcome.clone().map(|price| rate(price, String::new())),
                polls: vec![direct],
            };
        }
        let (dollars, cross) = (self.poll(symbol, DOLLAR), self.poll(DOLLAR, fiat.word()));
        let crossed = match (&dollars.outcome, &cross.outcome) {
            (Err(refusal), _) | (_, Err(refusal)) => Err(match (&direct.outcome, refusal) {
                // Who was asked in vain for dollars says less than who disagrees on the pair itself.
                (Err(directly), NoRate::Nobody { .. }) if !matches!(directly, NoRate::Nobody { .. }) => {
                    directly.clone()
                }
                _ => refusal.clone(),
            }),
            (Ok(price), Ok(per_dollar)) => {
                let text = format!("{} USD; USD by {}", dollars.text(), cross.text());
                let price = price.checked_mul(*per_dollar).and_then(sane);
                price
                    .map(|price| rate(price, text))
                    .ok_or_else(|| NoRate::Nobody {
                        pair: format!("{symbol} in {fiat}"),
                    })
            }
        };
        let mut polls = vec![dollars, cross];
        if !direct.opinions.is_empty() {
            polls.insert(0, direct);
        }
        Found { rate: crossed, polls }
    }

    /// What a dollar costs in `fiat`.
    pub fn dollar_in(&self, fiat: Fiat) -> Found {
        let poll = self.poll(DOLLAR, fiat.word());
        Found {
            rate: poll.outcome.clone().map(|price| rate(price, poll.text())),
            polls: vec![poll],
        }
    }

    fn poll(&self, base: &str, quote: &str) -> Poll {
        let pair = pair_name(base, quote);
        // The price of USDT itself can only be said directly.
        let by_tether = (quote == DOLLAR && base != TETHER && base.parse::<Fiat>().is_err())
            .then(|| (pair_name(base, TETHER), self.poll(TETHER, DOLLAR).outcome));
        let opinions = self.sources.iter().filter_map(|(name, quotes)| {
            if let Some(quote) = quotes.get(&pair) {
                return Some(self.opinion(name, quote, quote.price));
            }
            let (pair, Ok(tether)) = by_tether.as_ref()? else {
                return None;
            };
            let quote = quotes.get(pair)?;
            let price = quote.price.checked_mul(*tether).and_then(sane)?;
            Some(self.opinion(name, quote, price))
        });
        Poll::new(base, quote, opinions.collect(), self.settings.outlier_bps)
    }

    fn opinion(&self, source: &Arc<str>, quote: &Quote, price: Decimal) -> Opinion {
        let age_max = if quote.base.parse::<Fiat>().is_ok() {
            self.settings.fiat_age_max
        } else {
            self.settings.crypto_age_max
        };
        let age = self.now.since(quote.at);
        let is_fresh = age <= age_max && quote.at <= self.now.plus(AHEAD_MAX);
        Opinion {
            source: Arc::clone(source),
            price,
            age: Duration::from_secs(age.as_secs()),
            verdict: if is_fresh {
                Verdict::NotEnough
            } else {
                Verdict::Stale
            },
        }
    }
}

fn rate(price: Decimal, text: String) -> MarketRate {
    let source = if text.chars().count() > TEXT_LENGTH_MAX {
        let kept: String = text.chars().take(TEXT_LENGTH_MAX).collect();
        format!("{kept}...")
    } else {
        text
    };
    MarketRate {
        price: pricing::usable(price),
        source,
    }
}
