//! How each network is doing, for `/readyz`, metrics and logs. Only told, never decided by.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

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

/// How all networks are doing.
#[derive(Debug, Default)]
pub struct Health {
    networks: Mutex<BTreeMap<NetworkId, NetworkHealth>>,
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

    /// How every network is doing that has been tried.
    #[must_use]
    pub fn snapshot(&self) -> BTreeMap<NetworkId, NetworkHealth> {
        self.networks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
