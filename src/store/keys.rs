//! Table `api_keys`. A key is found by its hash; its secret is sealed.

use rusqlite::{OptionalExtension as _, Row, named_params, params};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::Txn;
use super::error::StoreError;
use super::values;
use crate::ambient::Random;
use crate::domain::ids::{KeyId, ShopId};
use crate::domain::network::Mode;
use crate::domain::shop::ApiKey;
use crate::domain::time::UnixMillis;

const COLUMNS: &str = "id, store_id, mode, hint, created_ms, revoked_ms";
const PLACE: &str = "api_keys";

fn from_row(row: &Row<'_>) -> rusqlite::Result<ApiKey> {
    Ok(ApiKey {
        id: KeyId::new(row.get("id")?),
        shop: ShopId::new(row.get("store_id")?),
        mode: values::parsed(row, "mode")?,
        hint: row.get("hint")?,
        created_at: values::time(row, "created_ms")?,
        revoked_at: values::optional_time(row, "revoked_ms")?,
    })
}

fn hash(key: &str) -> Vec<u8> {
    Sha256::digest(key.as_bytes()).to_vec()
}

/// Adds a key. Only its hash, its first characters and its sealed secret are kept.
///
/// # Errors
/// [`StoreError`].
pub fn insert(
    txn: &Txn<'_>,
    shop: ShopId,
    mode: Mode,
    key: &str,
    secret: &str,
    now: UnixMillis,
    random: &dyn Random,
) -> Result<KeyId, StoreError> {
    let sql = "INSERT INTO api_keys (store_id, mode, key_hash, hint, secret_sealed, created_ms)
               VALUES (:store_id, :mode, :key_hash, :hint, :secret_sealed, :created_ms)";
    let id = txn.connection.prepare_cached(sql)?.insert(named_params! {
        ":store_id": shop.get(),
        ":mode": mode.word(),
        ":key_hash": hash(key),
        ":hint": key.chars().take(10).collect::<String>(),
        ":secret_sealed": txn.vault.seal(PLACE, secret.as_bytes(), random)?,
        ":created_ms": now.get(),
    })?;
    Ok(KeyId::new(id))
}

/// The key with this text, unless it was revoked.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn find_active(txn: &Txn<'_>, key: &str) -> Result<Option<ApiKey>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM api_keys WHERE key_hash = ?1 AND revoked_ms IS NULL");
    Ok(txn
        .connection
        .prepare_cached(&sql)?
        .query_row(params![hash(key)], from_row)
        .optional()?)
}

/// The secret that belongs to a key.
///
/// # Errors
/// [`StoreError::Unsealable`] when it was altered.
pub fn secret(txn: &Txn<'_>, id: KeyId) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let sql = "SELECT secret_sealed FROM api_keys WHERE id = ?1";
    let sealed: Vec<u8> = txn
        .connection
        .prepare_cached(sql)?
        .query_row([id.get()], |row| row.get("secret_sealed"))?;
    txn.vault.open_sealed(PLACE, &sealed)
}

/// The newest key of a shop that works in a mode.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn newest_active(txn: &Txn<'_>, shop: ShopId, mode: Mode) -> Result<Option<ApiKey>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM api_keys WHERE store_id = ?1 AND mode = ?2 AND revoked_ms IS NULL ORDER BY id DESC LIMIT 1"
    );
    Ok(txn
        .connection
        .prepare_cached(&sql)?
        .query_row(params![shop.get(), mode.word()], from_row)
        .optional()?)
}

/// The secret that belongs to a key, as it was shown to the merchant.
///
/// # Errors
/// [`StoreError::Unsealable`] when it was altered.
pub fn secret_text(txn: &Txn<'_>, id: KeyId) -> Result<Zeroizing<String>, StoreError> {
    let secret = secret(txn, id)?;
    let text = std::str::from_utf8(&secret).map_err(|_| StoreError::Unsealable { table: PLACE })?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// Ends a key at once. False when there was no such key or it had ended already.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn revoke(txn: &Txn<'_>, id: KeyId, now: UnixMillis) -> Result<bool, StoreError> {
    let sql = "UPDATE api_keys SET revoked_ms = ?2 WHERE id = ?1 AND revoked_ms IS NULL";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .execute(params![id.get(), now.get()])?
        > 0)
}

/// Has `new` take the place of a key that was revoked.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn succeed(txn: &Txn<'_>, old: KeyId, new: KeyId) -> Result<(), StoreError> {
    txn.connection
        .prepare_cached("UPDATE api_keys SET successor_id = ?2 WHERE id = ?1")?
        .execute(params![old.get(), new.get()])?;
    Ok(())
}

/// The key that has taken the place of this one by now; itself where none has.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn current(txn: &Txn<'_>, id: KeyId) -> Result<KeyId, StoreError> {
    // A successor is always newer, so that the last one is the highest.
    let sql = "WITH RECURSIVE line (id) AS (
                   VALUES (?1)
                   UNION ALL SELECT successor_id FROM line JOIN api_keys USING (id) WHERE successor_id > line.id)
               SELECT MAX(id) FROM line";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .query_row([id.get()], |row| Ok(KeyId::new(row.get(0)?)))?)
}

/// The key of this row number.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn by_id(txn: &Txn<'_>, id: KeyId) -> Result<Option<ApiKey>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM api_keys WHERE id = ?1");
    Ok(txn
        .connection
        .prepare_cached(&sql)?
        .query_row([id.get()], from_row)
        .optional()?)
}

/// A shop's keys, by age.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn of_shop(txn: &Txn<'_>, shop: ShopId) -> Result<Vec<ApiKey>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM api_keys WHERE store_id = ?1 ORDER BY id");
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let keys = statement
        .query_map([shop.get()], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(keys)
}
