//! The providers of one network: which is asked first, which is left alone and for how long, and how a failing
//! one is replaced by the next.
//!
//! Knows JSON-RPC but no chain. Throttled is not down; a provider that lied is put aside for long.

pub mod budget;
mod calls;
mod provider;
pub mod race;
mod record;
pub mod trouble;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;

pub use self::budget::RequestRate;
pub use self::provider::Provider;
pub use self::record::ProviderHealth;
use self::trouble::{Trouble, TroubleKind};
use crate::ambient::{Clock, Random};
use crate::domain::network::NetworkId;
use crate::net::{Endpoint, Fetch};

/// Bounds on every exchange with a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallLimits {
    /// The longest reply that is taken, in bytes.
    pub reply_bytes_max: usize,
    /// The longest wait for a reply.
    pub timeout: Duration,
    /// Calls under way at once where a provider takes no batches.
    pub concurrent_max: usize,
    /// How often a provider is asked.
    pub requests: RequestRate,
}

impl CallLimits {
    /// The same bounds, asked as often as `requests` says where it says anything.
    #[must_use]
    pub fn asked(self, requests: Option<RequestRate>) -> Self {
        Self {
            requests: requests.unwrap_or(self.requests),
            ..self
        }
    }
}

impl Default for CallLimits {
    fn default() -> Self {
        Self {
            reply_bytes_max: 64 << 20,
            timeout: Duration::from_secs(20),
            concurrent_max: 4,
            requests: RequestRate::ByHost,
        }
    }
}

/// One provider of a chain.
#[derive(Clone, Default)]
pub struct ProviderSettings {
    /// `http` or `https`; may hold a key.
    pub url: String,
    /// Headers to send with every call; may hold a key.
    pub headers: Vec<(String, String)>,
    /// Where it tells of new blocks by itself, `ws` or `wss`; may hold a key.
    pub ws: Option<String>,
    /// How often it is asked; as the network's [`CallLimits`] say when `None`.
    pub requests: Option<RequestRate>,
}

impl std::fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ProviderSettings(..)")
    }
}

/// All providers of one network.
pub struct Providers {
    all: Vec<Provider>,
}

/// No provider answered.
#[derive(Debug, Clone, Default)]
pub struct NoAnswer {
    /// Each provider's host and what is the matter with it, in the order they were asked.
    pub troubles: Vec<(String, Trouble)>,
}

impl NoAnswer {
    /// The reasons as one text.
    #[must_use]
    pub fn reasons(&self) -> String {
        let reasons: Vec<_> = self
            .troubles
            .iter()
            .map(|(host, trouble)| format!("{host}: {trouble}"))
            .collect();
        if reasons.is_empty() {
            "none is configured".to_owned()
        } else {
            reasons.join("; ")
        }
    }
}

impl Providers {
    /// Puts providers together, in the order of preference.
    pub fn new(
        endpoints: Vec<Endpoint>,
        limits: CallLimits,
        transport: &Arc<dyn Fetch>,
        clock: &Arc<dyn Clock>,
        random: &Arc<dyn Random>,
    ) -> Self {
        let each = endpoints.into_iter().map(|endpoint| (endpoint, limits));
        Self::each_with(each.collect(), transport, clock, random)
    }

    /// Puts providers together, in the order of preference, each with bounds of its own.
    pub fn each_with(
        endpoints: Vec<(Endpoint, CallLimits)>,
        transport: &Arc<dyn Fetch>,
        clock: &Arc<dyn Clock>,
        random: &Arc<dyn Random>,
    ) -> Self {
        let provider = |(endpoint, limits)| Provider::new(endpoint, limits, transport, clock, random);
        Self {
            all: endpoints.into_iter().map(provider).collect(),
        }
    }

    /// Names the network that they serve, for metrics.
    pub fn set_network(&mut self, network: &NetworkId) {
        for provider in &mut self.all {
            provider.set_network(network);
        }
    }

    /// How each of them does, in the order of preference.
    #[must_use]
    pub fn health(&self) -> Vec<ProviderHealth> {
        self.all.iter().map(Provider::snapshot).collect()
    }

    /// All of them, in the order of preference.
    #[must_use]
    pub fn all(&self) -> &[Provider] {
        &self.all
    }

    /// All of them, healthiest first: ready before resting, in step before lagging, those that mostly answer before
    /// those that mostly do not, then by preference. Whoever has rested long enough is preferred as before: the rest
    /// is the penalty.
    #[must_use]
    pub fn by_health(&self) -> Vec<&Provider> {
        let mut ordered: Vec<&Provider> = self.all.iter().collect();
        ordered.sort_by_cached_key(|provider| {
            (provider.resting().is_some(), provider.lags(), provider.is_poor())
        });
        ordered
    }

    /// Makes `attempt` with one provider after the other, until one succeeds or the trouble is one that asking
    /// another does not mend: too many blocks at once. Providers that rest are not asked.
    ///
    /// # Errors
    /// [`NoAnswer`] with every provider's trouble.
    pub async fn first<'a, T>(
        &'a self,
        attempt: impl Fn(&'a Provider) -> BoxFuture<'a, Result<T, Trouble>>,
    ) -> Result<T, NoAnswer> {
        let mut none = NoAnswer::default();
        for provider in self.by_health() {
            match provider.attempt(attempt(provider)).await {
                Ok(answer) => return Ok(answer),
                Err(trouble) => {
                    let last = matches!(trouble.kind, TroubleKind::Size { .. });
                    none.troubles.push((provider.host().to_owned(), trouble));
                    if last {
                        break;
                    }
                }
            }
        }
        Err(none)
    }
}
