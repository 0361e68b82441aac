//! Table `idempotency_keys`: which payment a repeated call means.

use rusqlite::{OptionalExtension as _, params};

use super::Txn;
use super::error::StoreError;
use crate::domain::ids::{PaymentId, ShopId};
use crate::domain::network::Mode;
use crate::domain::time::UnixMillis;

/// What an earlier call with the same key did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// The payment it made.
    pub payment: PaymentId,
    /// SHA-256 of what it asked for.
    pub body_hash: Vec<u8>,
    /// When it was made.
    pub at: UnixMillis,
}

/// The earlier call of this shop, in this mode, with this key.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn find(txn: &Txn<'_>, shop: ShopId, mode: Mode, key: &str) -> Result<Option<Earlier>, StoreError> {
    let sql = "SELECT payment_id, body_hash, created_ms FROM idempotency_keys WHERE store_id = ?1 AND mode = ?2 AND key = ?3";
    let found = txn
        .connection
        .prepare_cached(sql)?
        .query_row(params![shop.get(), mode.word(), key], |row| {
            Ok(Earlier {
                payment: PaymentId::new(row.get("payment_id")?),
                body_hash: row.get("body_hash")?,
                at: UnixMillis::new(row.get("created_ms")?),
            })
        });
    Ok(found.optional()?)
}

/// Remembers a call, in place of an older one with the same key.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn remember(
    txn: &Txn<'_>,
    shop: ShopId,
    mode: Mode,
    key: &str,
    body_hash: &[u8],
    payment: PaymentId,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let sql =
        "INSERT OR REPLACE INTO idempotency_keys (store_id, mode, key, body_hash, payment_id, created_ms)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let values = params![shop.get(), mode.word(), key, body_hash, payment.get(), now.get()];
    txn.connection.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

/// Forgets calls made before `time`, at most `limit` at once. Gives back how many.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn forget_before(txn: &Txn<'_>, time: UnixMillis, limit: u32) -> Result<usize, StoreError> {
    let sql = "DELETE FROM idempotency_keys WHERE (store_id, mode, key) IN
                   (SELECT store_id, mode, key FROM idempotency_keys WHERE created_ms < ?1 LIMIT ?2)";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .execute(params![time.get(), limit])?)
}
