//! Table `audit_log`: who did what by hand. Rows are only ever added.

use rusqlite::{Row, named_params, params};

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

/// What was done before entry `before`, the latest first, at most `limit`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn page(txn: &Txn<'_>, before: AuditId, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
    let sql = "SELECT id, at_ms, actor, action, subject, detail FROM audit_log WHERE id < ?1 ORDER BY id DESC LIMIT ?2";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let rows = statement
        .query_map(params![before.get(), limit], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}
