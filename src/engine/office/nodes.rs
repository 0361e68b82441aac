//! How the networks that are read are doing, and their providers.

use super::networks::{NetworkState, ProviderName};
use super::{Office, OfficeError};
use crate::domain::time::UnixMillis;
use crate::engine::health::{NetworkHealth, ProviderState};
use crate::store::{StoreError, payments};

/// Open payments are counted up to this.
pub const OPEN_MAX: u32 = 1000;

/// A network as a person looks at it.
#[derive(Debug, Clone)]
pub struct NetworkView {
    /// What is set.
    pub state: NetworkState,
    /// How it is doing; `None` before it was tried, and while it is not read.
    pub health: Option<NetworkHealth>,
    /// Its providers, the preferred first, and how each is doing.
    pub providers: Vec<(ProviderName, Option<ProviderState>)>,
    /// Payments that wait for money or confirmations on it, up to [`OPEN_MAX`].
    pub open: u32,
    /// Now.
    pub at: UnixMillis,
}

impl Office {
    /// Every live network, by name.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn network_views(&self) -> Result<Vec<NetworkView>, OfficeError> {
        let states = self.networks();
        let ids: Vec<_> = states.iter().map(|state| state.network.id.clone()).collect();
        let counted = self.engine.database.read(move |txn| {
            let count = |id| payments::count_open(txn, id, OPEN_MAX);
            ids.iter().map(count).collect::<Result<Vec<u32>, StoreError>>()
        });
        let health = self.engine.health.snapshot();
        let views = states.into_iter().zip(counted.await?).map(|(state, open)| {
            let doing = self.engine.health.providers(&state.network.id);
            let provider = |name: &ProviderName| {
                let state = doing.iter().find(|state| state.host == name.host).cloned();
                (name.clone(), state)
            };
            NetworkView {
                providers: state.providers.iter().map(provider).collect(),
                health: health.get(&state.network.id).filter(|_| state.is_live).cloned(),
                open,
                at: self.now(),
                state,
            }
        });
        Ok(views.collect())
    }
}
