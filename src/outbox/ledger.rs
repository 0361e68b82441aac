//! The outbox's rows in the store. Decides nothing: it reads what is due and writes what came of it.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use zeroize::Zeroizing;

use super::delivery::{
    Attempt, DeliveryStore, Due, DueLimit, LedgerError, Loaded, Outcome, Parcel, Target, Then,
};
use super::format::Notice;
use crate::domain::asset::Registry;
use crate::domain::ids::{DeliveryId, EndpointId, KeyId};
use crate::domain::network::Mode;
use crate::domain::payment::Payment;
use crate::domain::price::Price;
use crate::domain::shop::{Endpoint, Format};
use crate::domain::time::UnixMillis;
use crate::store::deliveries::{self, Delivery, DeliveryState};
use crate::store::{Database, StoreError, Txn, endpoints, events, keys, payments};

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
        let skip: HashSet<EndpointId> = skip.iter().copied().collect();
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

    fn load<'a>(&'a self, deliveries: &'a [DeliveryId]) -> BoxFuture<'a, Result<Vec<Loaded>, LedgerError>> {
        let (registry, ids) = (Arc::clone(&self.registry), deliveries.to_vec());
        Box::pin(self.read(move |txn| Ok(ids.into_iter().map(|id| loaded(txn, &registry, id)).collect())))
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
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something of it is not there; which.
    #[error("{0}")]
    Incomplete(String),
}

/// A delivery that is to be sent; `None` when it is no longer pending or its endpoint is disabled.
fn loaded(txn: &Txn<'_>, registry: &Registry, id: DeliveryId) -> Loaded {
    let delivery = deliveries::by_id(txn, id).map_err(unavailable)?;
    let Some(delivery) = delivery.filter(|row| row.state == DeliveryState::Pending) else {
        return Ok(None);
    };
    parcel(txn, registry, &delivery).map_err(|error| {
        let why = match error {
            LoadError::Store(StoreError::Unsealable { table }) => {
                format!("a sealed secret in table {table} was altered")
            }
            LoadError::Store(error) if error.is_of_one_row() => {
                "what is stored of it cannot be read".to_owned()
            }
            LoadError::Store(error) => return unavailable(error),
            LoadError::Incomplete(what) => what,
        };
        LedgerError::Unreadable {
            why,
            attempts: delivery.attempts,
        }
    })
}

fn parcel(txn: &Txn<'_>, registry: &Registry, delivery: &Delivery) -> Result<Option<Parcel>, LoadError> {
    let endpoint = endpoints::by_id(txn, delivery.endpoint)?;
    let endpoint = endpoint
        .ok_or_else(|| LoadError::Incomplete(format!("endpoint of delivery {} is missing", delivery.id)))?;
    if endpoint.disabled_at.is_some() {
        return Ok(None);
    }
    packed(txn, registry, delivery, endpoint).map(Some)
}

/// A delivery in whatever state, to be looked at; `None` when there is none.
///
/// # Errors
/// [`LoadError`].
pub fn parcel_to_show(
    txn: &Txn<'_>,
    registry: &Registry,
    id: DeliveryId,
) -> Result<Option<Parcel>, LoadError> {
    let Some(delivery) = deliveries::by_id(txn, id)? else {
        return Ok(None);
    };
    match endpoints::by_id(txn, delivery.endpoint)? {
        Some(endpoint) => packed(txn, registry, &delivery, endpoint).map(Some),
        None => Ok(None),
    }
}

fn packed(
    txn: &Txn<'_>,
    registry: &Registry,
    delivery: &Delivery,
    endpoint: Endpoint,
) -> Result<Parcel, LoadError> {
    let missing =
        |what: &str| LoadError::Incomplete(format!("{what} of delivery {} is missing", delivery.id));
    let event = events::by_id(txn, delivery.event)?.ok_or_else(|| missing("event"))?;
    let payment = payments::by_id(txn, event.payment)?.ok_or_else(|| missing("payment"))?;
    let means = match &payment.ask {
        None => None,
        Some(ask) => Some(
            registry
                .means(&ask.network, &ask.currency)
                .ok_or_else(|| missing("asset"))?,
        ),
    };
    let price_asset = match &payment.price {
        Price::Fiat(_) => None,
        Price::Asset {
            network, currency, ..
        } => registry.asset(network, currency).cloned(),
    };
    let secret = signing_secret(txn, &endpoint, Some(&payment))?.ok_or_else(|| missing("API key"))?;
    Ok(Parcel {
        target: Target {
            endpoint: endpoint.id,
            url: endpoint.url,
            format: endpoint.format,
            secret,
        },
        notice: Notice {
            event,
            payment,
            means,
            price_asset,
        },
        attempts: delivery.attempts,
    })
}

/// What a post to an endpoint is signed with: its own secret, or where the format signs with the secret of an API key, that
/// of the key that made the payment, or of the one that took its place: that is what the shop checks by now. `None` when
/// there is no such key.
///
/// # Errors
/// [`StoreError::Unsealable`] when the secret was altered.
pub fn signing_secret(
    txn: &Txn<'_>,
    endpoint: &Endpoint,
    payment: Option<&Payment>,
) -> Result<Option<Zeroizing<String>>, StoreError> {
    match endpoint.format {
        Format::Payhook | Format::Standard | Format::Soko | Format::Cryptopayment => {
            endpoints::secret(txn, endpoint.id).map(Some)
        }
        Format::CryptoPay | Format::UsdtPayments => {
            let key = signing_key(txn, endpoint, payment)?;
            key.map(|key| keys::secret_text(txn, key)).transpose()
        }
    }
}

fn signing_key(
    txn: &Txn<'_>,
    endpoint: &Endpoint,
    payment: Option<&Payment>,
) -> Result<Option<KeyId>, StoreError> {
    let own = payment.and_then(|payment| payment.key).or(endpoint.key);
    let working = match own {
        Some(key) => keys::working_in_line(txn, key)?,
        None => None,
    };
    let newest = |mode| keys::newest_active(txn, endpoint.shop, mode);
    let working = match (working, payment) {
        (Some(key), _) => Some(key),
        (None, Some(payment)) => newest(payment.mode)?,
        // A test post is about no payment: any key will do.
        (None, None) => match newest(Mode::Live)? {
            Some(key) => Some(key),
            None => newest(Mode::Test)?,
        },
    };
    Ok(working.map(|key| key.id).or(own))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ambient::SystemRandom;
    use crate::domain::ids::KeyId;
    use crate::domain::shop::{Dialect, Rules};
    use crate::outbox::fakes::{CREATED, notice};
    use crate::store::endpoints::NewEndpoint;
    use crate::store::{Options, shops};

    #[tokio::test]
    async fn a_post_is_signed_with_the_key_of_its_payment_its_successor_or_the_newest_of_its_mode() {
        let directory = tempfile::tempdir().unwrap();
        let options = Options::in_directory(directory.path());
        let database = Database::open(&options, &SystemRandom).unwrap();
        let signed: Result<Vec<String>, StoreError> = database
            .write(|txn| {
                let shop = shops::insert(txn, "a", Dialect::CryptoPay, None, &Rules::default(), CREATED)?;
                let key = |name: &str, mode| {
                    keys::insert(
                        txn,
                        shop,
                        mode,
                        name,
                        &format!("of {name}"),
                        CREATED,
                        &SystemRandom,
                    )
                };
                let (first, left) = (key("first", Mode::Live)?, key("left", Mode::Live)?);
                let (second, other) = (key("second", Mode::Live)?, key("other", Mode::Live)?);
                let test = key("test", Mode::Test)?;
                let new = NewEndpoint {
                    shop,
                    url: "http://127.0.0.1:9/",
                    format: Format::CryptoPay,
                    key: None,
                    events: &[],
                    secret: "its own",
                };
                let endpoint = endpoints::insert(txn, &new, CREATED, &SystemRandom)?;
                let endpoint = endpoints::by_id(txn, endpoint)?.unwrap();
                keys::revoke(txn, first, CREATED)?;
                keys::succeed(txn, first, second)?;
                keys::revoke(txn, left, CREATED)?;
                let of = |key: Option<KeyId>, mode| {
                    let payment = Payment {
                        key,
                        mode,
                        ..notice().payment
                    };
                    let secret = signing_secret(txn, &endpoint, Some(&payment))?.unwrap();
                    Ok::<_, StoreError>(secret.to_string())
                };
                Ok(vec![
                    of(Some(first), Mode::Live)?,
                    of(Some(second), Mode::Live)?,
                    of(Some(other), Mode::Live)?,
                    of(Some(left), Mode::Live)?,
                    of(None, Mode::Live)?,
                    of(Some(test), Mode::Test)?,
                ])
            })
            .await;
        assert_eq!(
            signed.unwrap(),
            [
                "of second",
                "of second",
                "of other",
                "of other",
                "of other",
                "of test"
            ]
        );
    }
}
