//! Table `audit_log`: who did what by hand. Rows are only ever added.

use rusqlite::{Row, named_params};

use super::Txn;
use super::error::StoreError;
use super::values;
use crate::domain::ids::AuditId;
use crate::domain::time::UnixMillis;

/// One thing that somebody did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Row number; grows with time.
    pub id: AuditId,
    /// When.
    pub at: UnixMillis,
    /// Who: how they came in and their name there, such as `cli:ann`.
    pub actor: String,
    /// What, in a word such as `inbox.attach`.
    pub action: String,
    /// To what: a payment's number, a store's name, a transfer.
    pub subject: String,
    /// What else there is to know: the reason that was given, the new value. Never a secret.
    pub detail: String,
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<AuditEntry> {
    Ok(AuditEntry {
        id: AuditId::new(row.get("id")?),
        at: values::time(row, "at_ms")?,
        actor: row.get("actor")?,
        action: row.get("action")?,
        subject: row.get("subject")?,
        detail: row.get("detail")?,
    })
}

/// Writes down what somebody does, in the transaction that does it.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn record(
    txn: &Txn<'_>,
    actor: &str,
    action: &str,
    subject: &str,
    detail: &str,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO audit_log (at_ms, actor, action, subject, detail)
               VALUES (:at_ms, :actor, :action, :subject, :detail)";
    txn.connection.prepare_cached(sql)?.execute(named_params! {
        ":at_ms": now.get(),
        ":actor": actor,
        ":action": action,
        ":subject": subject,
        ":detail": detail,
    })?;
    Ok(())
}

/// Of whom and of what kind the entries are to be; all where it is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Who, as in [`AuditEntry::actor`].
    pub actor: Option<String>,
    /// What, as in [`AuditEntry::action`].
    pub action: Option<String>,
}

/// What was done before entry `before`, the latest first, at most `limit`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn page(txn: &Txn<'_>, before: AuditId, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
    narrowed(txn, &AuditFilter::default(), before, limit)
}

/// As [`page`], of what the filter lets through.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn narrowed(
    txn: &Txn<'_>,
    filter: &AuditFilter,
    before: AuditId,
    limit: u32,
) -> Result<Vec<AuditEntry>, StoreError> {
    const COLUMNS: &str = "SELECT id, at_ms, actor, action, subject, detail FROM audit_log";
    // Each from an index that has them in this order.
    let bound = match (&filter.actor, &filter.action) {
        (None, None) => "WHERE id < ?1",
        (Some(_), None) => "INDEXED BY audit_log_of_actor WHERE actor = ?3 AND id < ?1",
        (None, Some(_)) => "INDEXED BY audit_log_of_action WHERE action = ?4 AND id < ?1",
        (Some(_), Some(_)) => "INDEXED BY audit_log_of_both WHERE actor = ?3 AND action = ?4 AND id < ?1",
    };
    let sql = format!("{COLUMNS} {bound} ORDER BY id DESC LIMIT ?2");
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let values = [(3, filter.actor.as_deref()), (4, filter.action.as_deref())];
    statement.raw_bind_parameter(1, before.get())?;
    statement.raw_bind_parameter(2, limit)?;
    for (place, value) in values {
        if let Some(value) = value {
            statement.raw_bind_parameter(place, value)?;
        }
    }
    let mut rows = statement.raw_query();
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(from_row(row)?);
    }
    Ok(found)
}

/// Who has done something, by name, at most `limit`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn actors(txn: &Txn<'_>, limit: u32) -> Result<Vec<String>, StoreError> {
    words(txn, "actor", limit)
}

/// What kinds of things were done, by name, at most `limit`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn actions(txn: &Txn<'_>, limit: u32) -> Result<Vec<String>, StoreError> {
    words(txn, "action", limit)
}

/// The values that a column has: one step in its index for each, however many rows there are.
fn words(txn: &Txn<'_>, column: &'static str, limit: u32) -> Result<Vec<String>, StoreError> {
    let sql = format!(
        "WITH RECURSIVE words (word) AS (
             SELECT min({column}) FROM audit_log
             UNION ALL
             SELECT (SELECT min({column}) FROM audit_log WHERE {column} > word) FROM words WHERE word IS NOT NULL
             LIMIT ?1)
         SELECT word FROM words WHERE word IS NOT NULL"
    );
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let found = statement
        .query_map([limit], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(found)
}
