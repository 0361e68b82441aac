//! One source at work: what it said last, when it may be asked again, and at most one question to it at a time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::Quote;
use super::sources::{Ask, BadReply, Wanted};
use crate::ambient::{Clock, Random, random_bytes};
use crate::domain::time::UnixMillis;
use crate::net::{Fetch, FetchReply, FetchRequest, TransportError};

/// The longest reply that is taken: all pairs of an exchange fit well.
const REPLY_BYTES_MAX: usize = 4 << 20;
/// The longest wait for a reply.
const TIMEOUT: Duration = Duration::from_secs(10);
/// A source that answered is asked again for somebody who waits after this part of its usual interval: its answer was of
/// no use to them, and may be by now.
const ON_DEMAND_PART: u32 = 8;
/// The rest after a first failure; it doubles with each further one.
const REST_MIN: Duration = Duration::from_secs(5);
const REST_MAX: Duration = Duration::from_secs(600);
/// The rest after being throttled, when the source says nothing of it.
const THROTTLED_REST: Duration = Duration::from_secs(60);
/// The rest of a source that will not have us.
const BARRED_REST: Duration = Duration::from_secs(600);
/// The longest rest that a source may impose.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(3600);

/// What a source said, by pair.
pub(super) type Quotes = BTreeMap<String, Quote>;

/// The name of a pair in [`Quotes`].
pub(super) fn pair_name(base: &str, quote: &str) -> String {
    format!("{base}/{quote}")
}

/// What all sources are asked through.
pub(super) struct Outside {
    pub transport: Arc<dyn Fetch>,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub wanted: Wanted,
}

/// A source and how it has behaved.
pub(super) struct Source {
    /// What it is called.
    pub name: Arc<str>,
    asks: Vec<Ask>,
    /// How often it is asked while rates are needed.
    every: Duration,
    turn: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    quotes: Arc<Quotes>,
    /// When it last answered well.
    answered_at: Option<UnixMillis>,
    tried_at: Option<UnixMillis>,
    /// How long after the last try it is left alone.
    rest: Duration,
    failures: u32,
    trouble: Option<String>,
    /// Counts the tries.
    tries: u64,
    asks_all: bool,
}

/// Why a source gave nothing.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Transport(#[from] TransportError),
    #[error("HTTP status {status}")]
    Status {
        status: u16,
        retry_after: Option<Duration>,
    },
    #[error(transparent)]
    Reply(#[from] BadReply),
}

impl Source {
    pub(super) fn new(name: Arc<str>, asks: Vec<Ask>, every: Duration) -> Self {
        Self {
            name,
            asks,
            every,
            turn: tokio::sync::Mutex::default(),
            state: Mutex::default(),
        }
    }

    /// What it said last. It may be old.
    pub(super) fn quotes(&self) -> Arc<Quotes> {
        Arc::clone(&self.state().quotes)
    }

    /// What was the matter at the last try, if anything.
    pub(super) fn trouble(&self) -> Option<String> {
        self.state().trouble.clone()
    }

    /// When it last answered well.
    pub(super) fn answered_at(&self) -> Option<UnixMillis> {
        self.state().answered_at
    }

    /// How long until it may be asked again; zero when it may now.
    pub(super) fn wait(&self, now: UnixMillis) -> Duration {
        let state = self.state();
        match state.tried_at {
            // A clock that was put back says nothing of how long ago a try was.
            Some(tried_at) if tried_at <= now => state.rest.saturating_sub(now.since(tried_at)),
            _ => Duration::ZERO,
        }
    }

    /// Whether asking it can help somebody who waits: it may be asked, or it is being asked.
    pub(super) fn can_help(&self, now: UnixMillis) -> bool {
        if self.turn.try_lock().is_err() || self.wait(now).is_zero() {
            return true;
        }
        let state = self.state();
        let soon = self.every.checked_div(ON_DEMAND_PART).unwrap_or(self.every);
        state.failures == 0 && state.tried_at.is_some_and(|tried_at| now.since(tried_at) >= soon)
    }

    /// Asks it, unless it is being asked already: then waits for that.
    pub(super) async fn refresh(&self, outside: &Outside) {
        let tries = self.state().tries;
        let _turn = self.turn.lock().await;
        if self.state().tries != tries {
            return;
        }
        let asked_at = outside.clock.now();
        let asks_all = self.state().asks_all;
        let (mut quotes, mut failure) = (Quotes::new(), None);
        for ask in &self.asks {
            match outside.ask(ask, asks_all, asked_at).await {
                Ok(said) => quotes.extend(
                    said.into_iter()
                        .map(|quote| (pair_name(&quote.base, &quote.quote), quote)),
                ),
                Err(failed) => failure = Some((ask, failed)),
            }
        }
        match &failure {
            None => {
                metrics::counter!("payd_rate_replies_total", "source" => self.name.to_string()).increment(1)
            }
            Some((ask, failed)) => {
                let trouble = ask.endpoint.scrub(&failed.to_string());
                tracing::warn!(source = %self.name, trouble, "a rate source gave nothing; others are used meanwhile");
                metrics::counter!("payd_rate_failures_total", "source" => self.name.to_string()).increment(1);
            }
        }
        self.remember(
            outside,
            quotes,
            failure.map(|(ask, failed)| (failed, ask)),
            asked_at,
        );
    }

    fn remember(
        &self,
        outside: &Outside,
        quotes: Quotes,
        failure: Option<(Failure, &Ask)>,
        asked_at: UnixMillis,
    ) {
        let mut state = self.state();
        state.tries = state.tries.wrapping_add(1);
        state.tried_at = Some(outside.clock.now());
        if !quotes.is_empty() {
            state.quotes = Arc::new(quotes);
            state.answered_at = Some(asked_at);
        }
        let rest = match failure {
            None => {
                state.failures = 0;
                state.trouble = None;
                self.every
            }
            Some((failure, ask)) => {
                state.failures = state.failures.saturating_add(1);
                state.trouble = Some(ask.endpoint.scrub(&failure.to_string()));
                let is_narrow = ask.path_of_all.is_some() && !state.asks_all;
                if is_narrow && matches!(failure, Failure::Reply(BadReply::UnknownPair)) {
                    state.asks_all = true;
                }
                rest_after(&failure, state.failures)
            }
        };
        state.rest = outside.with_jitter(rest);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn rest_after(failure: &Failure, failures: u32) -> Duration {
    let doublings = failures.saturating_sub(1).min(16);
    let backed_off = REST_MIN
        .saturating_mul(2u32.saturating_pow(doublings))
        .min(REST_MAX);
    match failure {
        Failure::Status { status, retry_after } => {
            let own = match status {
                429 => THROTTLED_REST,
                401 | 403 | 418 | 451 => BARRED_REST,
                _ => backed_off,
            };
            match retry_after {
                Some(asked_for) => (*asked_for).min(RETRY_AFTER_MAX).max(backed_off),
                None => own.max(backed_off),
            }
        }
        Failure::Transport(_) | Failure::Reply(_) => backed_off,
    }
}

impl Outside {
    async fn ask(&self, ask: &Ask, asks_all: bool, now: UnixMillis) -> Result<Vec<Quote>, Failure> {
        let request = FetchRequest {
            endpoint: &ask.endpoint,
            path: ask.path_of_all.filter(|_| asks_all).unwrap_or(&ask.path),
            body: None,
            reply_bytes_max: REPLY_BYTES_MAX,
            timeout: TIMEOUT,
        };
        let reply = tokio::select! {
            reply = self.transport.fetch(request) => reply?,
            () = self.clock.sleep(TIMEOUT) => return Err(TransportError::Timeout(TIMEOUT).into()),
        };
        let FetchReply {
            status,
            retry_after,
            body,
        } = reply;
        let said = ask.read(&body, &self.wanted, now);
        match (status, said) {
            (200, said) => Ok(said?),
            // Some sources say which pair they do not know with an error's status.
            (400..=499, Err(BadReply::UnknownPair)) => Err(BadReply::UnknownPair.into()),
            (status, _) => Err(Failure::Status { status, retry_after }),
        }
    }

    /// Up to a quarter more, so that many daemons do not ask at the same moment.
    fn with_jitter(&self, rest: Duration) -> Duration {
        let [chance] = random_bytes(&*self.random).unwrap_or([0; 1]);
        let more = rest.checked_div(1024).unwrap_or_default();
        rest.saturating_add(more.saturating_mul(u32::from(chance)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16, retry_after_s: Option<u64>) -> Failure {
        Failure::Status {
            status,
            retry_after: retry_after_s.map(Duration::from_secs),
        }
    }

    #[test]
    fn a_source_rests_as_long_as_it_asks_for_and_longer_with_every_failure() {
        for (failure, failures, rest_s) in [
            (status(500, None), 1, 5),
            (status(500, None), 3, 20),
            (status(500, None), 90, 600),
            (status(429, None), 1, 60),
            (status(429, Some(7)), 1, 7),
            (status(429, Some(0)), 2, 10),
            (status(429, Some(999_999)), 1, 3600),
            (status(451, None), 1, 600),
            (TransportError::Timeout(TIMEOUT).into(), 2, 10),
            (BadReply::Malformed("x").into(), 1, 5),
        ] {
            let rest = rest_after(&failure, failures);
            assert_eq!(rest.as_secs(), rest_s, "{failure}");
        }
    }
}
