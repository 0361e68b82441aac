//! The merchant's door: everything that is done by hand, in the dashboard or at the command line. (Shops and customers come
//! in by [`super::gateway`].)
//!
//! One file per noun. Each has functions that work inside a transaction, for the command line, and methods of [`Office`]
//! that run them, for the web. Every change is written down in the audit log, in the transaction that makes it. Who may do
//! what is not decided here: the dashboard does that before it calls.

pub mod accepted;
pub mod address_list;
pub mod addresses;
pub mod attention;
pub mod audit;
pub mod balances;
pub mod branding;
pub mod capacity;
pub mod confirmations;
pub mod copies;
pub mod counter;
pub mod csv;
pub mod deliveries;
pub mod donations;
pub mod endpoints;
pub mod figures;
#[cfg(test)]
mod fuzz;
pub mod inbox;
pub mod keys;
pub mod networks;
pub mod nodes;
pub mod notices;
pub mod ownership;
pub mod passwords;
pub mod payments;
pub mod posts;
pub mod prices;
pub mod rates;
pub mod receivers;
pub mod receiving;
mod retiring;
pub mod second_factor;
pub mod sessions;
pub mod setup;
pub mod shops;
#[cfg(test)]
pub mod staged;
pub mod users;
pub mod wallets;
pub mod web_origin;
pub mod widgets;

use std::sync::Arc;

use super::Engine;
use super::gateway::Gateway;
use crate::domain::asset::Registry;
use crate::domain::time::UnixMillis;
use crate::store::{StoreError, Txn, audit_log};

/// The door. Cheap to clone.
#[derive(Clone)]
pub struct Office {
    engine: Arc<Engine>,
    posts: Arc<dyn posts::Posts>,
    networks: Option<Arc<dyn networks::NetworkControl>>,
}

/// Why the office could not do something that is no more special than that. Nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It is not there, or not the caller's to see.
    #[error("there is no such thing")]
    NotFound,
}

/// Who does something by hand, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// How they came in and their name there, such as `user:ann` or `cli:root`.
    pub actor: String,
    /// Now.
    pub at: UnixMillis,
}

impl By {
    /// Writes down what is done, in the transaction that does it. `detail` never holds a secret.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn write_down(
        &self,
        txn: &Txn<'_>,
        action: &str,
        subject: &str,
        detail: &str,
    ) -> Result<(), StoreError> {
        audit_log::record(txn, &self.actor, action, subject, detail, self.at)
    }
}

impl Office {
    /// The door of an engine, with no way out to webhook endpoints and without a way to change networks yet.
    #[must_use]
    pub fn new(engine: Arc<Engine>) -> Self {
        Self {
            engine,
            posts: Arc::new(posts::NoPosts),
            networks: None,
        }
    }

    /// With this way out to webhook endpoints.
    #[must_use]
    pub fn posting_by(self, posts: Arc<dyn posts::Posts>) -> Self {
        Self { posts, ..self }
    }

    /// The door of shops and customers.
    #[must_use]
    pub fn gateway(&self) -> Gateway {
        Gateway::new(Arc::clone(&self.engine))
    }

    /// The networks and assets there are.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.engine.registry
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> UnixMillis {
        self.engine.clock.now()
    }

    /// Somebody, now.
    #[must_use]
    pub fn by(&self, actor: impl Into<String>) -> By {
        By {
            actor: actor.into(),
            at: self.now(),
        }
    }
}
