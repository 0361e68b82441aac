//! What was sent to an endpoint, as people look at it: pages of tables `deliveries` and `events`, newest first.

use rusqlite::{OptionalExtension as _, Row, params};

use super::deliveries::DeliveryState;
use super::error::StoreError;
use super::{Txn, values};
use crate::domain::event::EventKind;
use crate::domain::ids::{DeliveryId, EndpointId, EventId, PaymentNumber, ShopId};
use crate::domain::time::UnixMillis;

/// A delivery and what it tells, in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The delivery.
    pub id: DeliveryId,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was sent.
    pub attempts: u32,
    /// When it is to be sent next, while it waits.
    pub next_at: UnixMillis,
    /// The delivery that this one repeats.
    pub replay_of: Option<DeliveryId>,
    /// When it came into being.
    pub created_at: UnixMillis,
    /// What happened.
    pub kind: EventKind,
    /// The payment's number.
    pub payment: PaymentNumber,
}

fn sent_from_row(row: &Row<'_>) -> rusqlite::Result<Sent> {
    Ok(Sent {
        id: DeliveryId::new(row.get("id")?),
        state: values::parsed(row, "state")?,
        attempts: values::unsigned(row, "attempts")?,
        next_at: values::time(row, "next_ms")?,
        replay_of: row.get::<_, Option<i64>>("replay_of")?.map(DeliveryId::new),
        created_at: values::time(row, "created_ms")?,
        kind: values::parsed(row, "kind")?,
        payment: number(row)?,
    })
}

fn number(row: &Row<'_>) -> rusqlite::Result<PaymentNumber> {
    let text: String = row.get("number")?;
    PaymentNumber::parse(&text).ok_or_else(|| values::bad("number", text))
}

/// What was sent to an endpoint before delivery `before`, the latest first, in one state or all. At most `limit`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn page(
    txn: &Txn<'_>,
    endpoint: EndpointId,
    state: Option<DeliveryState>,
    before: DeliveryId,
    limit: u32,
) -> Result<Vec<Sent>, StoreError> {
    let condition = match state {
        Some(_) => "d.endpoint_id = ?1 AND d.state = ?2 AND d.id < ?3",
        None => "d.endpoint_id = ?1 AND ?2 IS NULL AND d.id < ?3",
    };
    let sql = format!(
        "SELECT d.id, d.state, d.attempts, d.next_ms, d.replay_of, d.created_ms, events.kind, payments.number
         FROM deliveries AS d JOIN events ON events.id = d.event_id JOIN payments ON payments.id = events.payment_id
         WHERE {condition} ORDER BY d.id DESC LIMIT ?4"
    );
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let state = state.map(|state| state.word());
    let rows = statement
        .query_map(params![endpoint.get(), state, before.get(), limit], sent_from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// One delivery to an endpoint.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn one(txn: &Txn<'_>, endpoint: EndpointId, id: DeliveryId) -> Result<Option<Sent>, StoreError> {
    let just_after = DeliveryId::new(id.get().saturating_add(1));
    let found = page(txn, endpoint, None, just_after, 1)?;
    Ok(found.into_iter().find(|sent| sent.id == id))
}

/// When the latest delivery to an endpoint in a state was made.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn latest(
    txn: &Txn<'_>,
    endpoint: EndpointId,
    state: DeliveryState,
) -> Result<Option<UnixMillis>, StoreError> {
    let sql =
        "SELECT created_ms FROM deliveries WHERE endpoint_id = ?1 AND state = ?2 ORDER BY id DESC LIMIT 1";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .query_row(params![endpoint.get(), state.word()], |row| {
            values::time(row, "created_ms")
        })
        .optional()?)
}

/// How many deliveries to an endpoint wait, counted up to `max`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn count_waiting(txn: &Txn<'_>, endpoint: EndpointId, max: u32) -> Result<u32, StoreError> {
    let sql = "SELECT COUNT(*) AS waiting FROM (
                   SELECT 1 FROM deliveries WHERE endpoint_id = ?1 AND state = 'pending' LIMIT ?2)";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .query_row(params![endpoint.get(), max], |row| {
            values::unsigned(row, "waiting")
        })?)
}

/// The first delivery to an endpoint that was made at `from` or later; `None` when there is none. Found by halving: their
/// numbers grow with time.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn first_since(
    txn: &Txn<'_>,
    endpoint: EndpointId,
    from: UnixMillis,
) -> Result<Option<DeliveryId>, StoreError> {
    let sql = "SELECT id, created_ms FROM deliveries WHERE endpoint_id = ?1 AND id >= ?2 ORDER BY id LIMIT 1";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let mut at_or_after = |id: i64| -> Result<Option<(i64, UnixMillis)>, StoreError> {
        let found = statement.query_row(params![endpoint.get(), id], |row| {
            Ok((row.get("id")?, values::time(row, "created_ms")?))
        });
        Ok(found.optional()?)
    };
    let sql = "SELECT MAX(id) FROM deliveries WHERE endpoint_id = ?1";
    let last: Option<i64> = txn
        .connection
        .prepare_cached(sql)?
        .query_row([endpoint.get()], |row| row.get(0))?;
    let (mut low, mut high) = (0_i64, last.unwrap_or(0).saturating_add(1));
    while low < high {
        let middle = low.midpoint(high);
        match at_or_after(middle)? {
            Some((id, at)) if at < from => low = id.saturating_add(1),
            Some(_) | None => high = middle,
        }
    }
    Ok(at_or_after(low)?.map(|(id, _)| DeliveryId::new(id)))
}

/// An event of a store and how its deliveries stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The event.
    pub event: EventId,
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub at: UnixMillis,
    /// The payment.
    pub payment: PaymentNumber,
    /// Where it was delivered: delivery, endpoint, state.
    pub deliveries: Vec<(DeliveryId, EndpointId, DeliveryState)>,
}

/// A page of a store's events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ToldPage {
    /// The events, the latest first.
    pub events: Vec<Told>,
    /// Where to go on looking; `None` when there is nothing before.
    pub before: Option<EventId>,
}

/// A store's events before event `before`, the latest first, at most `limit` of the last `scanned` events of all stores.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn events(
    txn: &Txn<'_>,
    shop: ShopId,
    before: EventId,
    limit: usize,
    scanned: u32,
) -> Result<ToldPage, StoreError> {
    let sql = "SELECT events.id, events.kind, events.at_ms, payments.number, payments.store_id
               FROM events JOIN payments ON payments.id = events.payment_id
               WHERE events.id < ?1 ORDER BY events.id DESC LIMIT ?2";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![before.get(), scanned])?;
    let mut page = ToldPage::default();
    let mut looked_at = 0_u32;
    while let Some(row) = rows.next()? {
        looked_at = looked_at.saturating_add(1);
        let event = EventId::new(row.get("id")?);
        page.before = Some(event);
        if row.get::<_, i64>("store_id")? != shop.get() {
            continue;
        }
        page.events.push(Told {
            event,
            kind: values::parsed(row, "kind")?,
            at: values::time(row, "at_ms")?,
            payment: number(row)?,
            deliveries: of_event(txn, event)?,
        });
        if page.events.len() >= limit {
            return Ok(page);
        }
    }
    if looked_at < scanned {
        page.before = None;
    }
    Ok(page)
}

/// More deliveries of one event than anybody looks through.
const DELIVERIES_MAX: u32 = 20;

fn of_event(
    txn: &Txn<'_>,
    event: EventId,
) -> Result<Vec<(DeliveryId, EndpointId, DeliveryState)>, StoreError> {
    let sql = "SELECT id, endpoint_id, state FROM deliveries WHERE event_id = ?1 ORDER BY id LIMIT ?2";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let rows = statement
        .query_map(params![event.get(), DELIVERIES_MAX], |row| {
            Ok((
                DeliveryId::new(row.get("id")?),
                EndpointId::new(row.get("endpoint_id")?),
                values::parsed(row, "state")?,
            ))
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}
