//! The market: keeps the sources' words fresh while somebody needs them, and gives rates.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::book::{Book, Found};
use super::source::{Outside, Source};
use super::sources::{self, Wanted};
use super::{MarketRate, MarketSettings, NoRate, Poll};
use crate::ambient::{Clock, Random};
use crate::domain::money::Fiat;
use crate::domain::pricing::RateSource;
use crate::domain::time::UnixMillis;
use crate::net::{BadEndpoint, Fetch};

/// The longest that somebody who asks is kept waiting for the sources.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the slower sources are waited for once there are enough.
const GRACE: Duration = Duration::from_secs(1);
/// How often the ECB is asked: it has new rates once a day.
const DAILY_REFRESH: Duration = Duration::from_secs(3600);

/// Gives rates of the market. Asks nobody until it is asked itself.
pub struct Market {
    settings: MarketSettings,
    sources: Vec<Source>,
    outside: Outside,
    asked_at: watch::Sender<Option<UnixMillis>>,
}

/// What would be quoted now, and all that leads to it.
#[derive(Debug, Clone)]
pub struct Report {
    /// The rate, or why there is none.
    pub rate: Result<MarketRate, NoRate>,
    /// Who said what of the pairs that it takes.
    pub polls: Vec<Poll>,
}

impl Market {
    /// Puts the sources together; asks none.
    ///
    /// # Errors
    /// [`BadEndpoint`] when a source of the merchant's own has no address.
    pub fn new(
        settings: MarketSettings,
        transport: Arc<dyn Fetch>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, BadEndpoint> {
        let wanted = Wanted {
            symbols: settings.symbols.clone(),
        };
        let mut all = Vec::new();
        for source in &settings.sources {
            let every = match source {
                RateSource::Ecb => DAILY_REFRESH,
                _ => settings.refresh,
            };
            let ask = sources::built_in(*source, &wanted)?;
            all.push(Source::new(source.word().into(), vec![ask], every));
        }
        for own in &settings.own {
            let asks = sources::own(own)?;
            all.push(Source::new(own.name.as_str().into(), asks, settings.refresh));
        }
        Ok(Self {
            settings,
            sources: all,
            outside: Outside {
                transport,
                clock,
                random,
                wanted,
            },
            asked_at: watch::Sender::new(None),
        })
    }

    /// What one whole unit of `symbol` costs in `fiat`. Waits some seconds for the sources when what they said last is
    /// not enough.
    ///
    /// # Errors
    /// [`NoRate`] when fewer than two fresh sources agree; never a guess.
    pub async fn rate(&self, symbol: &str, fiat: Fiat) -> Result<MarketRate, NoRate> {
        self.ask(|book| book.rate(symbol, fiat)).await
    }

    /// What a dollar costs in `fiat`; waits as [`Self::rate`] does.
    ///
    /// # Errors
    /// As [`Self::rate`].
    pub async fn dollar_in(&self, fiat: Fiat) -> Result<MarketRate, NoRate> {
        self.ask(|book| book.dollar_in(fiat)).await
    }

    /// What one whole unit of `symbol` costs in `fiat` by what is known already; asks nobody.
    ///
    /// # Errors
    /// As [`Self::rate`].
    pub fn known(&self, symbol: &str, fiat: Fiat) -> Result<MarketRate, NoRate> {
        self.book().rate(symbol, fiat).rate
    }

    /// What a dollar costs in `fiat` by what is known already; asks nobody.
    ///
    /// # Errors
    /// As [`Self::rate`].
    pub fn known_dollar_in(&self, fiat: Fiat) -> Result<MarketRate, NoRate> {
        self.book().dollar_in(fiat).rate
    }

    /// Has the sources asked in the background, as long as [`Self::run`] runs.
    pub fn want(&self) {
        self.asked_at.send_replace(Some(self.outside.clock.now()));
    }

    /// What would be quoted now and by whom; asks nobody.
    #[must_use]
    pub fn report(&self, symbol: &str, fiat: Fiat) -> Report {
        let Found { rate, polls } = self.book().rate(symbol, fiat);
        Report { rate, polls }
    }

    /// What is the matter with each source that gave nothing at the last try.
    #[must_use]
    pub fn troubles(&self) -> Vec<(Arc<str>, String)> {
        let troubles = self.sources.iter().map(|source| {
            let trouble = source.trouble()?;
            Some((Arc::clone(&source.name), trouble))
        });
        troubles.flatten().collect()
    }

    /// Asks every source that may be asked, and waits some seconds for the answers.
    pub async fn refresh(&self) {
        self.look(|| false).await;
    }

    /// Keeps the rates fresh while they are needed, until `stop`.
    pub async fn run(&self, stop: CancellationToken) {
        let keeping = join_all(self.sources.iter().map(|source| self.keep(source)));
        tokio::select! {
            () = stop.cancelled() => {}
            _ = keeping => {}
        }
    }

    /// Writes the age of each source's word to the metrics.
    pub fn measure(&self) {
        let now = self.outside.clock.now();
        for source in &self.sources {
            if let Some(at) = source.answered_at() {
                let age_s = u32::try_from(now.since(at).as_secs()).unwrap_or(u32::MAX);
                metrics::gauge!("payd_rate_age_seconds", "source" => source.name.to_string()).set(age_s);
            }
        }
    }

    async fn ask(&self, find: impl Fn(&Book<'_>) -> Found) -> Result<MarketRate, NoRate> {
        self.want();
        if let Ok(rate) = find(&self.book()).rate {
            return Ok(rate);
        }
        self.look(|| find(&self.book()).rate.is_ok()).await;
        find(&self.book()).rate
    }

    /// Asks the sources on behalf of somebody who waits, until all have answered, or enough have and the others are
    /// slow, or patience is at its end.
    async fn look(&self, is_enough: impl Fn() -> bool) {
        let clock = &self.outside.clock;
        let now = clock.now();
        let helping = self.sources.iter().filter(|source| source.can_help(now));
        let mut answers: FuturesUnordered<_> = helping.map(|source| source.refresh(&self.outside)).collect();
        let mut patience = clock.sleep(PATIENCE);
        let mut has_enough = false;
        loop {
            tokio::select! {
                answer = answers.next() => if answer.is_none() { return },
                () = &mut patience => return,
            }
            if !has_enough && is_enough() {
                has_enough = true;
                patience = clock.sleep(GRACE);
            }
        }
    }

    async fn keep(&self, source: &Source) {
        let clock = &self.outside.clock;
        let mut asked_at = self.asked_at.subscribe();
        loop {
            if asked_at.wait_for(|at| self.is_needed(*at)).await.is_err() {
                return;
            }
            let wait = source.wait(clock.now());
            if wait.is_zero() {
                source.refresh(&self.outside).await;
            } else {
                clock.sleep(wait).await;
            }
        }
    }

    /// Whether somebody asked not long ago. A clock that was put back far says nothing of that.
    fn is_needed(&self, asked_at: Option<UnixMillis>) -> bool {
        let now = self.outside.clock.now();
        let distance = |at: UnixMillis| now.since(at).max(at.since(now));
        asked_at.is_some_and(|at| distance(at) < self.settings.idle_after)
    }

    fn book(&self) -> Book<'_> {
        let word = |source: &Source| (Arc::clone(&source.name), source.quotes());
        Book {
            sources: self.sources.iter().map(word).collect(),
            now: self.outside.clock.now(),
            settings: &self.settings,
        }
    }
}
