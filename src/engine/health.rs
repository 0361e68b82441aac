//! How each network is doing, for `/readyz`, metrics and logs. Only told, never decided by.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::chain::ChainSource;
use crate::chain::providers::ProviderHealth;
use crate::domain::network::NetworkId;
use crate::domain::time::UnixMillis;

/// How a network is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkHealth {
    /// The highest block its chain has.
    pub tip: u64,
    /// The last block that was read completely.
    pub cursor: u64,
    /// When its chain was last read without an error.
    pub read_at: Option<UnixMillis>,
    /// What kept it from being read since; `None` while all is well.
    pub error: Option<String>,
    /// The latest thing about it that a person has to look at although reading goes on.
    pub alarm: Option<String>,
}

/// Of which nothing is known yet.
const UNKNOWN: NetworkHealth = NetworkHealth {
    tip: 0,
    cursor: 0,
    read_at: None,
    error: None,
    alarm: None,
};

/// How a provider of a network is doing. Holds no URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderState {
    /// Its host.
    pub host: String,
    /// The median of its latest answers.
    pub latency: Option<Duration>,
    /// Blocks behind the highest that any provider of its network had at the last look.
    pub lag_blocks: Option<u64>,
    /// How many in a hundred of its latest answers were of no use; `None` before the first.
    pub error_percent: Option<u8>,
    /// What was the matter with it last, and when; also when it answers again.
    pub last_error: Option<(String, UnixMillis)>,
    /// What it is left alone for at the moment, and for how long still.
    pub rests: Option<(String, Duration)>,
    /// Whether it is left alone because it asked for that.
    pub is_throttled: bool,
    /// Requests within the last day, in whole hours.
    pub requests_last_day: u64,
    /// Requests within the last minute.
    pub requests_last_minute: u64,
    /// How often it may be asked a second, where that was set.
    pub requests_per_second: Option<u32>,
}

impl From<ProviderHealth> for ProviderState {
    fn from(health: ProviderHealth) -> Self {
        Self {
            host: health.host,
            latency: health.latency_median,
            lag_blocks: health.lag_blocks,
            error_percent: health.success_percent.map(|good| 100_u8.saturating_sub(good)),
            last_error: health.last_error,
            rests: health.rests,
            is_throttled: health.is_throttled,
            requests_last_day: health.requests_last_day,
            requests_last_minute: health.requests_last_minute,
            requests_per_second: health.requests_per_second,
        }
    }
}

/// How all networks are doing.
#[derive(Default)]
pub struct Health {
    networks: Mutex<BTreeMap<NetworkId, NetworkHealth>>,
    /// Who is asked, by network.
    sources: Mutex<BTreeMap<NetworkId, Arc<dyn ChainSource>>>,
}

impl Health {
    pub(super) fn well(&self, network: &NetworkId, tip: u64, cursor: u64, now: UnixMillis) {
        let mut networks = self.networks.lock().unwrap_or_else(PoisonError::into_inner);
        let alarm = networks.remove(network).and_then(|health| health.alarm);
        let health = NetworkHealth {
            tip,
            cursor,
            read_at: Some(now),
            error: None,
            alarm,
        };
        networks.insert(network.clone(), health);
    }

    pub(super) fn alarm(&self, network: &NetworkId, alarm: String) {
        let mut networks = self.networks.lock().unwrap_or_else(PoisonError::into_inner);
        networks.entry(network.clone()).or_insert(UNKNOWN).alarm = Some(alarm);
    }

    pub(crate) fn ill(&self, network: &NetworkId, error: String) {
        let mut networks = self.networks.lock().unwrap_or_else(PoisonError::into_inner);
        networks.entry(network.clone()).or_insert(UNKNOWN).error = Some(error);
    }

    /// Remembers through what a network is read.
    pub(super) fn read_through(&self, network: &NetworkId, source: Arc<dyn ChainSource>) {
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        sources.insert(network.clone(), source);
    }

    /// How each provider of a network is doing, in the order of preference; none where it is not read.
    #[must_use]
    pub fn providers(&self, network: &NetworkId) -> Vec<ProviderState> {
        let sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        let source = sources.get(network).map(Arc::clone);
        drop(sources);
        let health = source.map(|source| source.providers()).unwrap_or_default();
        health.into_iter().map(ProviderState::from).collect()
    }

    /// How every network is doing that has been tried.
    #[must_use]
    pub fn snapshot(&self) -> BTreeMap<NetworkId, NetworkHealth> {
        self.networks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
