//! Table `replays`: what was asked to be sent once more. Each of the deliveries it is about is repeated once, however often
//! it is asked for and wherever it was interrupted.

use rusqlite::{OptionalExtension as _, Row, named_params, params};

use super::error::StoreError;
use super::{Txn, values};
use crate::domain::ids::{DeliveryId, EndpointId, EventId};
use crate::domain::time::UnixMillis;

const COLUMNS: &str = "token, endpoint_id, actor, only_failed, first_id, last_id, done_id, count, made_ms";

/// Something that was asked to be sent once more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// What tells it from others: drawn when the form was shown.
    pub token: String,
    /// The endpoint.
    pub endpoint: EndpointId,
    /// Who asked.
    pub actor: String,
    /// Whether only what was given up and not sent once more since.
    pub only_failed: bool,
    /// The first delivery.
    pub first: DeliveryId,
    /// The last one.
    pub last: DeliveryId,
    /// The last that was looked at.
    pub done: DeliveryId,
    /// How many were repeated.
    pub count: u32,
    /// When it was asked for.
    pub made_at: UnixMillis,
}

impl Replay {
    /// Whether nothing of it is left to do.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.done >= self.last
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Replay> {
    Ok(Replay {
        token: row.get("token")?,
        endpoint: EndpointId::new(row.get("endpoint_id")?),
        actor: row.get("actor")?,
        only_failed: row.get("only_failed")?,
        first: DeliveryId::new(row.get("first_id")?),
        last: DeliveryId::new(row.get("last_id")?),
        done: DeliveryId::new(row.get("done_id")?),
        count: values::unsigned(row, "count")?,
        made_at: values::time(row, "made_ms")?,
    })
}

/// Keeps a new one. False when there is one of its token.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn insert(txn: &Txn<'_>, new: &Replay) -> Result<bool, StoreError> {
    let sql = "INSERT INTO replays (token, endpoint_id, actor, only_failed, first_id, last_id, done_id, count, made_ms)
               VALUES (:token, :endpoint_id, :actor, :only_failed, :first_id, :last_id, :done_id, :count, :made_ms)
               ON CONFLICT (token) DO NOTHING";
    let kept = txn.connection.prepare_cached(sql)?.execute(named_params! {
        ":token": new.token,
        ":endpoint_id": new.endpoint.get(),
        ":actor": new.actor,
        ":only_failed": new.only_failed,
        ":first_id": new.first.get(),
        ":last_id": new.last.get(),
        ":done_id": new.done.get(),
        ":count": new.count,
        ":made_ms": new.made_at.get(),
    })?;
    Ok(kept > 0)
}

/// The one of this token.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn by_token(txn: &Txn<'_>, token: &str) -> Result<Option<Replay>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM replays WHERE token = ?1");
    Ok(txn
        .connection
        .prepare_cached(&sql)?
        .query_row([token], from_row)
        .optional()?)
}

/// The latest of an endpoint that was interrupted.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn unfinished(txn: &Txn<'_>, endpoint: EndpointId) -> Result<Option<Replay>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM replays WHERE endpoint_id = ?1 AND done_id < last_id ORDER BY made_ms DESC LIMIT 1"
    );
    Ok(txn
        .connection
        .prepare_cached(&sql)?
        .query_row([endpoint.get()], from_row)
        .optional()?)
}

/// Notes how far it has come.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn advance(txn: &Txn<'_>, token: &str, done: DeliveryId, repeated: u32) -> Result<(), StoreError> {
    let sql = "UPDATE replays SET done_id = ?2, count = count + ?3 WHERE token = ?1";
    txn.connection
        .prepare_cached(sql)?
        .execute(params![token, done.get(), repeated])?;
    Ok(())
}

/// The deliveries to an endpoint after `after` up to `last` that are there to be repeated, in order, at most `limit`: those
/// that were given up and not sent once more since, or each that is no repetition itself and waits no longer.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn left(
    txn: &Txn<'_>,
    endpoint: EndpointId,
    only_failed: bool,
    after: DeliveryId,
    last: DeliveryId,
    limit: u32,
) -> Result<Vec<(DeliveryId, EventId)>, StoreError> {
    let condition = if only_failed {
        "state = 'failed' AND NOT EXISTS (
             SELECT 1 FROM deliveries AS later
             WHERE later.event_id = deliveries.event_id AND later.endpoint_id = ?1 AND later.id > deliveries.id)"
    } else {
        "state <> 'pending' AND replay_of IS NULL"
    };
    let sql = format!(
        "SELECT id, event_id FROM deliveries WHERE endpoint_id = ?1 AND id > ?2 AND id <= ?3 AND {condition}
         ORDER BY id LIMIT ?4"
    );
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let rows = statement
        .query_map(params![endpoint.get(), after.get(), last.get(), limit], |row| {
            Ok((DeliveryId::new(row.get(0)?), EventId::new(row.get(1)?)))
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}
