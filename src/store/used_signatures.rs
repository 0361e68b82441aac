//! Table `used_signatures`: signed requests that changed something are taken once.

use rusqlite::params;

use super::Txn;
use super::error::StoreError;
use crate::domain::ids::KeyId;
use crate::domain::time::UnixMillis;

/// Notes a signature. False when it was used before.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn use_once(
    txn: &Txn<'_>,
    key: KeyId,
    signature: &[u8; 32],
    now: UnixMillis,
) -> Result<bool, StoreError> {
    let sql =
        "INSERT INTO used_signatures (key_id, signature, used_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    let noted = txn
        .connection
        .prepare_cached(sql)?
        .execute(params![key.get(), &signature[..], now.get()])?;
    Ok(noted > 0)
}

/// Whether a signature was noted.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn is_used(txn: &Txn<'_>, key: KeyId, signature: &[u8; 32]) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM used_signatures WHERE key_id = ?1 AND signature = ?2";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .exists(params![key.get(), &signature[..]])?)
}

/// Forgets those that were used before `time`, at most `limit`. How many there were.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn forget_before(txn: &Txn<'_>, time: UnixMillis, limit: u32) -> Result<usize, StoreError> {
    let sql = "DELETE FROM used_signatures WHERE (key_id, signature) IN (
                   SELECT key_id, signature FROM used_signatures WHERE used_ms < ?1 LIMIT ?2)";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .execute(params![time.get(), limit])?)
}
