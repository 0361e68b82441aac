//! Table `events`, and the deliveries that come into being with each event.

use rusqlite::{OptionalExtension as _, Row, named_params, params};

use super::error::StoreError;
use super::{Txn, deliveries, donations, endpoints, keys, values};
use crate::domain::event::{Event, EventKind};
use crate::domain::ids::{EventId, KeyId, PaymentId};
use crate::domain::network::Mode;
use crate::domain::payment::{Origin, Payment};
use crate::domain::time::UnixMillis;

const COLUMNS: &str = "id, payment_id, kind, at_ms, status, received, txid, confirmations";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Event> {
    Ok(Event {
        id: EventId::new(row.get("id")?),
        payment: PaymentId::new(row.get("payment_id")?),
        kind: values::parsed(row, "kind")?,
        at: values::time(row, "at_ms")?,
        status: values::parsed(row, "status")?,
        received: values::units(row, "received")?,
        txid: row.get("txid")?,
        confirmations: values::unsigned(row, "confirmations")?,
    })
}

/// An event that was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// Its row number.
    pub id: EventId,
    /// Whether any endpoint is to be told of it.
    pub is_told: bool,
}

/// Records what happened to a payment, as it now stands, and a delivery for each endpoint of its shop that wants
/// to know; of donations only where the shop wants it so.
///
/// A test payment that anybody could make, with a key that stands in a page, is paid by anybody too: once the shop takes real
/// money, only the endpoints of that very key are told of it.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn record(
    txn: &Txn<'_>,
    payment: &Payment,
    kind: EventKind,
    txid: &str,
    confirmations: u32,
    now: UnixMillis,
) -> Result<Recorded, StoreError> {
    let sql = "INSERT INTO events (payment_id, kind, at_ms, status, received, txid, confirmations)
               VALUES (:payment_id, :kind, :at_ms, :status, :received, :txid, :confirmations)";
    let event = txn.connection.prepare_cached(sql)?.insert(named_params! {
        ":payment_id": payment.id.get(),
        ":kind": kind.word(),
        ":at_ms": now.get(),
        ":status": payment.status.word(),
        ":received": payment.progress.seen.to_string(),
        ":txid": txid,
        ":confirmations": confirmations,
    })?;
    let mut event = Recorded {
        id: EventId::new(event),
        is_told: false,
    };
    if payment.origin == Origin::Donation && !donations::sends_webhooks(txn, payment.shop)? {
        return Ok(event);
    }
    let is_anybodys = payment.origin != Origin::Api && payment.mode == Mode::Test;
    let is_of_key_alone = is_anybodys && keys::newest_active(txn, payment.shop, Mode::Live)?.is_some();
    for endpoint in endpoints::active_of_shop(txn, payment.shop)? {
        let is_for_it = endpoint.key.is_some() || !is_of_key_alone;
        if endpoint.events.contains(&kind) && is_for_it && is_told(txn, endpoint.key, payment)? {
            deliveries::insert(txn, event.id, endpoint.id, None, now)?;
            event.is_told = true;
        }
    }
    Ok(event)
}

/// Whether an endpoint that is bound to `key`, or to none, is told of a payment.
fn is_told(txn: &Txn<'_>, key: Option<KeyId>, payment: &Payment) -> Result<bool, StoreError> {
    match (key, payment.key) {
        (None, _) => Ok(true),
        (Some(_), None) => Ok(false),
        // A payment outlives the key that made it: it is its successors', too.
        (Some(bound), Some(made_with)) => keys::are_one_line(txn, bound, made_with),
    }
}

/// The event of this row number.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn by_id(txn: &Txn<'_>, id: EventId) -> Result<Option<Event>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM events WHERE id = ?1");
    Ok(txn
        .connection
        .prepare_cached(&sql)?
        .query_row([id.get()], from_row)
        .optional()?)
}

/// What happened to a payment, in order.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn of_payment(txn: &Txn<'_>, payment: PaymentId) -> Result<Vec<Event>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM events WHERE payment_id = ?1 ORDER BY id");
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let events = statement
        .query_map(params![payment.get()], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(events)
}

/// The latest time that was written down for an event.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn latest(txn: &Txn<'_>) -> Result<Option<UnixMillis>, StoreError> {
    let sql = "SELECT at_ms FROM events ORDER BY id DESC LIMIT 1";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .query_row([], |row| values::time(row, "at_ms"))
        .optional()?)
}
