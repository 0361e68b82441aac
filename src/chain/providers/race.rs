//! One question to several providers, one after the other: the next is asked when one fails, and also when one is
//! slower than it usually is.
//!
//! Only for what any provider's answer can be judged by itself, such as a tip or a header; never for what blocks
//! hold: a fast node that lags would win with an empty answer.

use std::collections::VecDeque;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt as _};

use super::provider::Provider;
use super::trouble::Trouble;
use crate::ambient::Clock;
use crate::domain::time::UnixMillis;

/// How a provider is asked.
type Ask<'a, T> = Box<dyn Fn(&'a Provider) -> BoxFuture<'a, Result<T, Trouble>> + Send + Sync + 'a>;
/// A provider with what it said.
type Said<'a, T> = (&'a Provider, Result<T, Trouble>);

/// A question under way.
pub struct Race<'a, T> {
    waiting: VecDeque<&'a Provider>,
    running: FuturesUnordered<BoxFuture<'a, Said<'a, T>>>,
    /// Who has not answered, and since when.
    silent: Vec<(&'a Provider, UnixMillis)>,
    /// Ends when the provider that was asked last is late.
    late: Option<BoxFuture<'static, ()>>,
    ask: Ask<'a, T>,
    clock: Arc<dyn Clock>,
}

impl<'a, T: Send + 'a> Race<'a, T> {
    /// A question to `providers`, in this order; each is asked by `ask`, if it does not rest.
    pub fn new(
        providers: Vec<&'a Provider>,
        clock: &Arc<dyn Clock>,
        ask: impl Fn(&'a Provider) -> BoxFuture<'a, Result<T, Trouble>> + Send + Sync + 'a,
    ) -> Self {
        Self {
            waiting: providers.into(),
            running: FuturesUnordered::new(),
            silent: Vec::new(),
            late: None,
            ask: Box::new(ask),
            clock: Arc::clone(clock),
        }
    }

    /// The next answer, whoever gives it, with `at_once` providers being asked at the same time and one more for each
    /// that is late. `None` once everybody has answered.
    pub async fn next(&mut self, at_once: usize) -> Option<Said<'a, T>> {
        loop {
            while self.running.len() < at_once.max(1) && self.ask_another() {}
            if self.running.is_empty() {
                return None;
            }
            let late = self.late.as_mut().filter(|_| !self.waiting.is_empty());
            let late = async {
                match late {
                    Some(late) => late.await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                said = self.running.next() => {
                    let (provider, answer) = said?;
                    self.silent.retain(|(silent, _)| !std::ptr::eq(*silent, provider));
                    return Some((provider, answer));
                }
                () = late => {
                    self.late = None;
                    self.ask_another();
                }
            }
        }
    }

    /// Asks none of `host` any more.
    pub fn skip(&mut self, host: &str) {
        self.waiting.retain(|provider| provider.host() != host);
    }

    fn ask_another(&mut self) -> bool {
        let Some(provider) = self.waiting.pop_front() else {
            return false;
        };
        let answer = provider.attempt((self.ask)(provider));
        self.running
            .push(Box::pin(async move { (provider, answer.await) }));
        self.silent.push((provider, self.clock.now()));
        self.late = Some(self.clock.sleep(provider.hedge_delay()));
        true
    }
}

impl<T> Drop for Race<'_, T> {
    /// Who was late when the race was decided would otherwise never be known to be slow.
    fn drop(&mut self) {
        let now = self.clock.now();
        for (provider, since) in &self.silent {
            let silent_for = now.since(*since);
            if silent_for >= provider.hedge_delay() {
                provider.was_beaten(silent_for);
            }
        }
    }
}
