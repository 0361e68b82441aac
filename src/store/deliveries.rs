//! Tables `deliveries` and `attempts`: the outbox.

use std::time::Duration;

use rusqlite::{OptionalExtension as _, Row, named_params, params};

use super::Txn;
use super::error::StoreError;
use super::values;
use crate::domain::ids::{DeliveryId, EndpointId, EventId, PaymentId};
use crate::domain::time::UnixMillis;

const COLUMNS: &str = "id, event_id, endpoint_id, state, attempts, next_ms, replay_of, created_ms";

crate::domain::vocabulary! {
    /// Where a delivery stands.
    DeliveryState, "delivery state" {
        /// To be sent, again or for the first time.
        Pending = "pending",
        /// Received by the endpoint.
        Delivered = "delivered",
        /// Given up.
        Failed = "failed",
    }
}

/// One event on its way to one endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Row number; what the endpoint sees as the delivery's id.
    pub id: DeliveryId,
    /// The event.
    pub event: EventId,
    /// The endpoint.
    pub endpoint: EndpointId,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was sent.
    pub attempts: u32,
    /// When it is to be sent next.
    pub next_at: UnixMillis,
    /// The delivery that this one repeats.
    pub replay_of: Option<DeliveryId>,
    /// When it came into being.
    pub created_at: UnixMillis,
}

/// One sending of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// When it was sent.
    pub at: UnixMillis,
    /// The HTTP status of the reply, when there was one.
    pub status: Option<u16>,
    /// Why there was none.
    pub error: Option<String>,
    /// How long it took, in milliseconds.
    pub latency_ms: u32,
    /// The first bytes of the reply.
    pub reply: Vec<u8>,
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Delivery> {
    Ok(Delivery {
        id: DeliveryId::new(row.get("id")?),
        event: EventId::new(row.get("event_id")?),
        endpoint: EndpointId::new(row.get("endpoint_id")?),
        state: values::parsed(row, "state")?,
        attempts: values::unsigned(row, "attempts")?,
        next_at: values::time(row, "next_ms")?,
        replay_of: row.get::<_, Option<i64>>("replay_of")?.map(DeliveryId::new),
        created_at: values::time(row, "created_ms")?,
    })
}

/// Adds a delivery that is due at once. The first one of an event to an endpoint can be added only once.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn insert(
    txn: &Txn<'_>,
    event: EventId,
    endpoint: EndpointId,
    replay_of: Option<DeliveryId>,
    now: UnixMillis,
) -> Result<DeliveryId, StoreError> {
    let sql = "INSERT INTO deliveries (event_id, endpoint_id, state, next_ms, replay_of, created_ms)
               VALUES (?1, ?2, 'pending', ?3, ?4, ?3)";
    let values = params![
        event.get(),
        endpoint.get(),
        now.get(),
        replay_of.map(DeliveryId::get)
    ];
    Ok(DeliveryId::new(
        txn.connection.prepare_cached(sql)?.insert(values)?,
    ))
}

/// The endpoints that have a delivery due at `now`, at most `limit`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn endpoints_due(txn: &Txn<'_>, now: UnixMillis, limit: u32) -> Result<Vec<EndpointId>, StoreError> {
    let sql = "SELECT id FROM endpoints
               WHERE disabled_ms IS NULL AND EXISTS (
                   SELECT 1 FROM deliveries WHERE endpoint_id = endpoints.id AND state = 'pending' AND next_ms <= ?1)
               ORDER BY id LIMIT ?2";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let rows = statement
        .query_map(params![now.get(), limit], |row| {
            row.get("id").map(EndpointId::new)
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// What is due at `now` to one endpoint, the longest due first, at most `limit`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn due(
    txn: &Txn<'_>,
    endpoint: EndpointId,
    now: UnixMillis,
    limit: u32,
) -> Result<Vec<Delivery>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM deliveries WHERE endpoint_id = ?1 AND state = 'pending' AND next_ms <= ?2
         ORDER BY next_ms, id LIMIT ?3"
    );
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let rows = statement
        .query_map(params![endpoint.get(), now.get(), limit], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// When the first delivery to any endpoint falls due after `now`; `None` when none waits.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn next_due_after(txn: &Txn<'_>, now: UnixMillis) -> Result<Option<UnixMillis>, StoreError> {
    let sql = "SELECT MIN(next) FROM (
                   SELECT (SELECT MIN(next_ms) FROM deliveries
                           WHERE endpoint_id = endpoints.id AND state = 'pending' AND next_ms > ?1) AS next
                   FROM endpoints WHERE disabled_ms IS NULL)";
    let next: Option<i64> = txn
        .connection
        .prepare_cached(sql)?
        .query_row([now.get()], |row| row.get(0))?;
    Ok(next.map(UnixMillis::new))
}

/// Makes every pending delivery due `by` earlier.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn shift_earlier(txn: &Txn<'_>, by: Duration) -> Result<(), StoreError> {
    let sql = "UPDATE deliveries SET next_ms = next_ms - ?1 WHERE state = 'pending'";
    txn.connection
        .prepare_cached(sql)?
        .execute([values::millis(by)])?;
    Ok(())
}

/// Keeps an attempt and what follows from it. A delivery that is no longer pending only gains the attempt.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn record_attempt(
    txn: &Txn<'_>,
    id: DeliveryId,
    attempt: &Attempt,
    state: DeliveryState,
    next_at: UnixMillis,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO attempts (delivery_id, at_ms, status, error, latency_ms, reply)
               VALUES (:delivery_id, :at_ms, :status, :error, :latency_ms, :reply)";
    txn.connection.prepare_cached(sql)?.execute(named_params! {
        ":delivery_id": id.get(),
        ":at_ms": attempt.at.get(),
        ":status": attempt.status,
        ":error": attempt.error,
        ":latency_ms": attempt.latency_ms,
        ":reply": attempt.reply,
    })?;
    let sql = "UPDATE deliveries SET attempts = attempts + 1,
                   state = CASE state WHEN 'pending' THEN ?2 ELSE state END,
                   next_ms = CASE state WHEN 'pending' THEN ?3 ELSE next_ms END
               WHERE id = ?1";
    txn.connection
        .prepare_cached(sql)?
        .execute(params![id.get(), state.word(), next_at.get()])?;
    Ok(())
}

/// The delivery of this row number.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn by_id(txn: &Txn<'_>, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM deliveries WHERE id = ?1");
    Ok(txn
        .connection
        .prepare_cached(&sql)?
        .query_row([id.get()], from_row)
        .optional()?)
}

/// The deliveries of a payment's events, in order.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn of_payment(txn: &Txn<'_>, payment: PaymentId) -> Result<Vec<Delivery>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM deliveries WHERE event_id IN (SELECT id FROM events WHERE payment_id = ?1) ORDER BY id"
    );
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let rows = statement
        .query_map([payment.get()], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// The sendings of a delivery, in order.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn attempts(txn: &Txn<'_>, id: DeliveryId) -> Result<Vec<Attempt>, StoreError> {
    let sql =
        "SELECT at_ms, status, error, latency_ms, reply FROM attempts WHERE delivery_id = ?1 ORDER BY id";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let rows = statement
        .query_map([id.get()], |row| {
            Ok(Attempt {
                at: values::time(row, "at_ms")?,
                status: row.get("status")?,
                error: row.get("error")?,
                latency_ms: values::unsigned(row, "latency_ms")?,
                reply: row.get("reply")?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// How many deliveries wait to be sent.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn count_waiting(txn: &Txn<'_>) -> Result<u64, StoreError> {
    let sql = "SELECT COALESCE(SUM((SELECT COUNT(*) FROM deliveries
                   WHERE endpoint_id = endpoints.id AND state = 'pending')), 0) AS waiting FROM endpoints";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .query_row([], |row| values::unsigned(row, "waiting"))?)
}
