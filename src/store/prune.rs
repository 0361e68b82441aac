//! What is no longer needed of tables `attempts`, `deliveries` and `events`: found, and removed, a bounded number at a time.
//!
//! Each rule stands here once and is asked again in the transaction that removes: what has come to be needed meanwhile stays.
//! Payments, transfers, notes and the audit log are never removed; triggers of the database see to that.

use rusqlite::{OptionalExtension as _, params};

use super::error::StoreError;
use super::{Txn, values};
use crate::domain::time::UnixMillis;

crate::domain::vocabulary! {
    /// What can be pruned. Whoever prunes one of them prunes those before it, too.
    Kind, "kind of what is pruned" {
        /// The single sendings of webhooks, with the first bytes of the replies.
        Attempts = "attempts",
        /// Webhooks that were delivered or given up.
        Deliveries = "deliveries",
        /// The steps of payments that are over, up to what was paid: that they were made, waited, ended.
        Events = "events",
    }
}

impl Kind {
    /// The name in table `meta` under which it is kept from when on nothing of it was pruned.
    const fn mark(self) -> &'static str {
        match self {
            Self::Attempts => "pruned_attempts",
            Self::Deliveries => "pruned_deliveries",
            Self::Events => "pruned_events",
        }
    }

    /// Whether a row may go, where `row` is the table's and ?2 the time from which on all is kept.
    const fn rule(self) -> &'static str {
        match self {
            // One that waits is still to be sent, and its schedule is its attempts.
            Self::Attempts => {
                "row.at_ms < ?2 AND EXISTS (SELECT 1 FROM deliveries WHERE id = row.delivery_id AND state <> 'pending')"
            }
            // A repetition names what it repeats; what is about to be repeated is still needed.
            Self::Deliveries => {
                "row.created_ms < ?2 AND row.state <> 'pending'
                 AND NOT EXISTS (SELECT 1 FROM deliveries AS later WHERE later.replay_of = row.id)
                 AND NOT EXISTS (SELECT 1 FROM replays WHERE endpoint_id = row.endpoint_id AND done_id < last_id
                     AND row.id BETWEEN first_id AND last_id)
                 AND EXISTS (SELECT 1 FROM events JOIN payments ON payments.id = events.payment_id
                     WHERE events.id = row.event_id AND payments.settle_due = 0
                         AND payments.status IN ('paid', 'expired', 'cancelled', 'failed'))"
            }
            // What tells of money that settled, came late or was taken back is the trail of money. The newest event keeps its
            // number from being given again, and a channel that was not told of one yet is to be told.
            Self::Events => {
                "row.at_ms < ?2
                 AND row.kind IN ('payment.created', 'payment.pending', 'payment.confirming', 'payment.expired',
                     'payment.cancelled')
                 AND row.id < (SELECT MAX(id) FROM events)
                 AND NOT EXISTS (SELECT 1 FROM notice_channels WHERE disabled_ms IS NULL AND last_event < row.id)
                 AND EXISTS (SELECT 1 FROM payments WHERE id = row.payment_id AND settle_due = 0
                     AND status IN ('paid', 'expired', 'cancelled', 'failed'))"
            }
        }
    }

    /// That nothing refers to the row any more: of what went before it, all is gone.
    const fn is_alone(self) -> &'static str {
        match self {
            Self::Attempts => "1",
            Self::Deliveries => "NOT EXISTS (SELECT 1 FROM attempts WHERE delivery_id = row.id)",
            Self::Events => "NOT EXISTS (SELECT 1 FROM deliveries WHERE event_id = row.id)",
        }
    }

    /// As far as it can be told before what goes before it is gone.
    const fn will_be_alone(self) -> &'static str {
        match self {
            Self::Attempts => "1",
            Self::Deliveries => {
                "NOT EXISTS (SELECT 1 FROM attempts WHERE delivery_id = row.id AND at_ms >= ?2)"
            }
            Self::Events => {
                "NOT EXISTS (SELECT 1 FROM deliveries WHERE event_id = row.id AND (state = 'pending' OR created_ms >= ?2))"
            }
        }
    }

    /// When a row was made.
    const fn made(self) -> &'static str {
        match self {
            Self::Attempts | Self::Events => "row.at_ms",
            Self::Deliveries => "row.created_ms",
        }
    }

    /// What a row takes with its places in indexes, in bytes, about.
    const fn bytes(self) -> &'static str {
        match self {
            Self::Attempts => "48 + length(row.reply) + COALESCE(length(row.error), 0)",
            Self::Deliveries => "100",
            Self::Events => {
                "60 + length(row.kind) + length(row.status) + length(row.received) + length(row.txid)"
            }
        }
    }

    /// All columns of a row, as JSON.
    const fn json(self) -> &'static str {
        match self {
            Self::Attempts => {
                "json_object('table', 'attempts', 'id', row.id, 'delivery_id', row.delivery_id, 'at_ms', row.at_ms,
                     'status', row.status, 'error', row.error, 'latency_ms', row.latency_ms, 'reply_hex', hex(row.reply))"
            }
            Self::Deliveries => {
                "json_object('table', 'deliveries', 'id', row.id, 'event_id', row.event_id, 'endpoint_id', row.endpoint_id,
                     'state', row.state, 'attempts', row.attempts, 'next_ms', row.next_ms, 'replay_of', row.replay_of,
                     'created_ms', row.created_ms)"
            }
            Self::Events => {
                "json_object('table', 'events', 'id', row.id, 'payment_id', row.payment_id,
                     'payment_number', (SELECT number FROM payments WHERE id = row.payment_id), 'kind', row.kind,
                     'at_ms', row.at_ms, 'status', row.status, 'received', row.received, 'txid', row.txid,
                     'confirmations', row.confirmations)"
            }
        }
    }
}

/// A row that may go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number.
    pub id: i64,
    /// What it takes on the disk with its places in indexes, about.
    pub bytes: u64,
    /// All that it says.
    pub json: String,
}

/// Rows that may go, of some that were looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Those that may go.
    pub rows: Vec<Row>,
    /// The last row that was looked at; `None` when no row behind it is old enough.
    pub goes_on_at: Option<i64>,
}

/// Looks at the next `limit` rows behind row `after` for such as were made before `before` and may go. Those that still refer
/// to others are among them only where `all_at_once`: for a look at what would go.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn find(
    txn: &Txn<'_>,
    kind: Kind,
    before: UnixMillis,
    after: i64,
    limit: u32,
    all_at_once: bool,
) -> Result<Found, StoreError> {
    let alone = if all_at_once {
        kind.will_be_alone()
    } else {
        kind.is_alone()
    };
    let sql = format!(
        "SELECT row.id AS id, {} < ?2 AS is_old, {} AS bytes, CASE WHEN {} AND {alone} THEN {} END AS json
         FROM {kind} AS row WHERE row.id > ?1 ORDER BY row.id LIMIT ?3",
        kind.made(),
        kind.bytes(),
        kind.rule(),
        kind.json(),
    );
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![after, before.get(), limit])?;
    let mut found = Found::default();
    let (mut looked_at, mut is_any_old, mut last) = (0_u32, false, None);
    while let Some(row) = rows.next()? {
        looked_at = looked_at.saturating_add(1);
        // One that was written by a clock that was wrong does not hide those behind it.
        is_any_old |= row.get::<_, bool>("is_old")?;
        let id = row.get("id")?;
        last = Some(id);
        if let Some(json) = row.get::<_, Option<String>>("json")? {
            found.rows.push(Row {
                id,
                bytes: values::unsigned(row, "bytes")?,
                json,
            });
        }
    }
    found.goes_on_at = last.filter(|_| is_any_old && looked_at >= limit);
    Ok(found)
}

/// Removes those of these rows that may still go, and notes from when on nothing was removed. How many they were.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn remove(txn: &Txn<'_>, kind: Kind, before: UnixMillis, ids: &[i64]) -> Result<u64, StoreError> {
    let sql = format!(
        "DELETE FROM {kind} WHERE id = (SELECT row.id FROM {kind} AS row WHERE row.id = ?1 AND {} AND {})",
        kind.rule(),
        kind.is_alone(),
    );
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let mut removed = 0_u64;
    for id in ids {
        let gone = statement.execute(params![id, before.get()])?;
        removed = removed.saturating_add(gone as u64);
    }
    if removed > 0 {
        mark(txn, kind, before)?;
    }
    Ok(removed)
}

fn mark(txn: &Txn<'_>, kind: Kind, before: UnixMillis) -> Result<(), StoreError> {
    let before = pruned_before(txn, kind)?.map_or(before, |marked| marked.max(before));
    let sql = "INSERT INTO meta (name, value) VALUES (?1, CAST(?2 AS BLOB)) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    txn.connection
        .prepare_cached(sql)?
        .execute(params![kind.mark(), before.get().to_string()])?;
    Ok(())
}

/// The time from which on all of a kind is kept; `None` while nothing of it was ever pruned. What is older may be gone.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn pruned_before(txn: &Txn<'_>, kind: Kind) -> Result<Option<UnixMillis>, StoreError> {
    let sql = "SELECT CAST(CAST(value AS TEXT) AS INTEGER) FROM meta WHERE name = ?1";
    let found = txn
        .connection
        .prepare_cached(sql)?
        .query_row([kind.mark()], |row| row.get(0).map(UnixMillis::new));
    Ok(found.optional()?)
}

/// Pages of the file that are free for new rows, and the size of a page in bytes.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn free_bytes(txn: &Txn<'_>) -> Result<u64, StoreError> {
    let one = |pragma: &str| -> Result<u64, StoreError> {
        let value: i64 = txn.connection.query_row(pragma, [], |row| row.get(0))?;
        Ok(u64::try_from(value).unwrap_or(0))
    };
    Ok(one("PRAGMA freelist_count")?.saturating_mul(one("PRAGMA page_size")?))
}
