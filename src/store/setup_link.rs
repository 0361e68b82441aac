//! Table `setup_link`: the one link with which the first owner sets payd up.

use rusqlite::{OptionalExtension as _, params};

use super::Txn;
use super::error::StoreError;
use crate::domain::time::UnixMillis;

const KIND: &str = "set-up link";

/// Makes `token` the one that sets payd up, in place of any before.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn replace(txn: &Txn<'_>, token: &str, now: UnixMillis) -> Result<(), StoreError> {
    let sql = "INSERT INTO setup_link (id, token_hash, made_ms) VALUES (1, ?1, ?2)
               ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash, made_ms = excluded.made_ms";
    let hash = txn.vault.token_hash(KIND, token);
    txn.connection
        .prepare_cached(sql)?
        .execute(params![hash, now.get()])?;
    Ok(())
}

/// When the link of this token was made; `None` when it is none, or was replaced or used.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn made_at(txn: &Txn<'_>, token: &str) -> Result<Option<UnixMillis>, StoreError> {
    let sql = "SELECT made_ms FROM setup_link WHERE token_hash = ?1";
    let hash = txn.vault.token_hash(KIND, token);
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .query_row([hash], |row| row.get(0).map(UnixMillis::new))
        .optional()?)
}

/// Uses the link up.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn delete(txn: &Txn<'_>) -> Result<(), StoreError> {
    txn.connection
        .prepare_cached("DELETE FROM setup_link")?
        .execute([])?;
    Ok(())
}
