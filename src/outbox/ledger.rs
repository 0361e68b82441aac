//! The outbox's rows in the store. Decides nothing: it reads what is due and writes what came of it.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;

use super::delivery::{Attempt, DeliveryStore, Due, DueLimit, LedgerError, Outcome, Parcel, Target, Then};
use super::format::Notice;
use crate::domain::asset::Registry;
use crate::domain::ids::{DeliveryId, EndpointId};
use crate::domain::time::UnixMillis;
use crate::store::deliveries::{self, DeliveryState};
use crate::store::{Database, StoreError, Txn, endpoints, events, payments};

/// The deliveries in the database.
pub struct StoredDeliveries {
    database: Database,
    registry: Arc<Registry>,
}

impl StoredDeliveries {
    /// The deliveries in `database`, told with the names and decimals of `registry`.
    #[must_use]
    pub const fn new(database: Database, registry: Arc<Registry>) -> Self {
        Self { database, registry }
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Txn<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        self.database.read(work).await.map_err(unavailable)
    }
}

impl DeliveryStore for StoredDeliveries {
    fn due<'a>(
        &'a self,
        now: UnixMillis,
        skip: &'a [EndpointId],
        limit: DueLimit,
    ) -> BoxFuture<'a, Result<Vec<Due>, LedgerError>> {
        let skip = skip.to_vec();
        Box::pin(self.read(move |txn| {
            let endpoints_max = count(limit.endpoints.saturating_add(skip.len()));
            let endpoints = deliveries::endpoints_due(txn, now, endpoints_max)?;
            let mut due = Vec::new();
            for endpoint in endpoints
                .into_iter()
                .filter(|endpoint| !skip.contains(endpoint))
                .take(limit.endpoints)
            {
                let rows = deliveries::due(txn, endpoint, now, count(limit.per_endpoint))?;
                due.extend(rows.into_iter().map(|row| Due {
                    delivery: row.id,
                    endpoint,
                }));
            }
            Ok(due)
        }))
    }

    fn next_due_after(&self, now: UnixMillis) -> BoxFuture<'_, Result<Option<UnixMillis>, LedgerError>> {
        Box::pin(self.read(move |txn| deliveries::next_due_after(txn, now)))
    }

    fn load(&self, delivery: DeliveryId) -> BoxFuture<'_, Result<Option<Parcel>, LedgerError>> {
        let registry = Arc::clone(&self.registry);
        Box::pin(async move {
            let loaded = self.database.read(move |txn| parcel(txn, &registry, delivery));
            loaded.await.map_err(|error| match error {
                LoadError::Store(StoreError::Unsealable { table }) => {
                    LedgerError::Unreadable(format!("a sealed secret in table {table} was altered"))
                }
                LoadError::Store(error) => unavailable(error),
                LoadError::Incomplete(what) => LedgerError::Unreadable(what),
            })
        })
    }

    fn record<'a>(&'a self, attempt: &'a Attempt) -> BoxFuture<'a, Result<(), LedgerError>> {
        let attempt = attempt.clone();
        Box::pin(async move {
            self.database
                .write(move |txn| keep(txn, attempt))
                .await
                .map_err(unavailable)
        })
    }

    fn latest(&self) -> BoxFuture<'_, Result<Option<UnixMillis>, LedgerError>> {
        Box::pin(self.read(events::latest))
    }

    fn shift_earlier(&self, by: Duration) -> BoxFuture<'_, Result<(), LedgerError>> {
        Box::pin(async move {
            self.database
                .write(move |txn| deliveries::shift_earlier(txn, by))
                .await
                .map_err(unavailable)
        })
    }
}

/// Why a delivery could not be put together.
enum LoadError {
    Store(StoreError),
    Incomplete(String),
}

impl From<StoreError> for LoadError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

fn parcel(txn: &Txn<'_>, registry: &Registry, id: DeliveryId) -> Result<Option<Parcel>, LoadError> {
    let missing = |what: &str| LoadError::Incomplete(format!("{what} of delivery {id} is missing"));
    let Some(delivery) = deliveries::by_id(txn, id)?.filter(|row| row.state == DeliveryState::Pending) else {
        return Ok(None);
    };
    let endpoint = endpoints::by_id(txn, delivery.endpoint)?.ok_or_else(|| missing("endpoint"))?;
    if endpoint.disabled_at.is_some() {
        return Ok(None);
    }
    let event = events::by_id(txn, delivery.event)?.ok_or_else(|| missing("event"))?;
    let payment = payments::by_id(txn, event.payment)?.ok_or_else(|| missing("payment"))?;
    let network = registry
        .network(&payment.ask.network)
        .ok_or_else(|| missing("network"))?;
    let asset = registry
        .asset(&payment.ask.network, &payment.ask.currency)
        .ok_or_else(|| missing("asset"))?;
    Ok(Some(Parcel {
        target: Target {
            endpoint: endpoint.id,
            url: endpoint.url,
            format: endpoint.format,
            secret: endpoints::secret(txn, endpoint.id)?,
        },
        notice: Notice {
            event,
            payment,
            network: Arc::clone(network),
            asset: Arc::clone(asset),
        },
        attempts: delivery.attempts,
    }))
}

fn keep(txn: &Txn<'_>, attempt: Attempt) -> Result<(), StoreError> {
    let (status, error, reply) = match attempt.outcome {
        Outcome::Replied { status, reply } => (Some(status), None, reply),
        Outcome::Failed(error) => (None, Some(error), Vec::new()),
    };
    let (state, next_at) = match attempt.then {
        Then::Delivered => (DeliveryState::Delivered, attempt.at),
        Then::Again(at) => (DeliveryState::Pending, at),
        Then::GivenUp => (DeliveryState::Failed, attempt.at),
    };
    let latency_ms = u32::try_from(attempt.latency.as_millis()).unwrap_or(u32::MAX);
    let row = deliveries::Attempt {
        at: attempt.at,
        status,
        error,
        latency_ms,
        reply,
    };
    deliveries::record_attempt(txn, attempt.delivery, &row, state, next_at)
}

fn unavailable(error: StoreError) -> LedgerError {
    LedgerError::Unavailable(Box::new(error))
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
