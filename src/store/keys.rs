//! Table `api_keys`. A key is found by its hash; its secret is sealed. Keys that took each other's place are one line: to
//! whoever is told of the payments of a key, they are the same.

use rusqlite::{OptionalExtension as _, Row, named_params, params};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::Txn;
use super::error::StoreError;
use super::values;
use crate::ambient::Random;
use crate::domain::allowed::AllowedNetworks;
use crate::domain::ids::{KeyId, ShopId};
use crate::domain::network::Mode;
use crate::domain::shop::ApiKey;
use crate::domain::time::UnixMillis;

const COLUMNS: &str = "id, store_id, mode, is_public, hint, label, allowed_networks, created_ms, revoked_ms";
const PLACE: &str = "api_keys";

fn from_row(row: &Row<'_>) -> rusqlite::Result<ApiKey> {
    Ok(ApiKey {
        id: KeyId::new(row.get("id")?),
        shop: ShopId::new(row.get("store_id")?),
        mode: values::parsed(row, "mode")?,
        is_public: row.get("is_public")?,
        hint: row.get("hint")?,
        label: row.get("label")?,
        allowed: values::parsed(row, "allowed_networks")?,
        created_at: values::time(row, "created_ms")?,
        revoked_at: values::optional_time(row, "revoked_ms")?,
    })
}

/// What a key is found by: its SHA-256.
#[must_use]
pub fn hash(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
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

/// Says what a key is called and from where it may be used.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn describe(txn: &Txn<'_>, id: KeyId, label: &str, allowed: &AllowedNetworks) -> Result<(), StoreError> {
    txn.connection
        .prepare_cached("UPDATE api_keys SET label = ?2, allowed_networks = ?3 WHERE id = ?1")?
        .execute(params![id.get(), label, allowed.to_string()])?;
    Ok(())
}

/// Makes a key one for web pages.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn publish(txn: &Txn<'_>, id: KeyId) -> Result<(), StoreError> {
    txn.connection
        .prepare_cached("UPDATE api_keys SET is_public = 1 WHERE id = ?1")?
        .execute([id.get()])?;
    Ok(())
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

/// The newest key of a shop that works in a mode and is not for web pages.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn newest_active(txn: &Txn<'_>, shop: ShopId, mode: Mode) -> Result<Option<ApiKey>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM api_keys WHERE store_id = ?1 AND mode = ?2 AND is_public = 0 AND revoked_ms IS NULL
         ORDER BY id DESC LIMIT 1"
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

/// Puts a key in the place of an old one of the same shop: what was bound to the old is bound to it.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn succeed(txn: &Txn<'_>, old: KeyId, new: KeyId) -> Result<(), StoreError> {
    let sql = "UPDATE api_keys SET first_id = (SELECT COALESCE(first_id, id) FROM api_keys WHERE id = ?1) WHERE id = ?2";
    txn.connection
        .prepare_cached(sql)?
        .execute(params![old.get(), new.get()])?;
    let sql = "UPDATE endpoints SET key_id = ?2 WHERE key_id = ?1";
    txn.connection
        .prepare_cached(sql)?
        .execute(params![old.get(), new.get()])?;
    Ok(())
}

/// Whether two keys are the same one, or one took the other's place, at once or after others.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn are_one_line(txn: &Txn<'_>, one: KeyId, other: KeyId) -> Result<bool, StoreError> {
    if one == other {
        return Ok(true);
    }
    let sql = "SELECT COUNT(DISTINCT COALESCE(first_id, id)) = 1 FROM api_keys WHERE id IN (?1, ?2)";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .query_row(params![one.get(), other.get()], |row| row.get(0))?)
}

/// The key that works of those that took this one's place, or this one; `None` when it was ended for good, or is for
/// web pages: nobody knows the secret of such a key.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn working_in_line(txn: &Txn<'_>, id: KeyId) -> Result<Option<ApiKey>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM api_keys, (SELECT COALESCE(first_id, id) AS first FROM api_keys WHERE id = ?1)
         WHERE (id = first OR first_id = first) AND is_public = 0 AND revoked_ms IS NULL ORDER BY id DESC LIMIT 1"
    );
    Ok(txn
        .connection
        .prepare_cached(&sql)?
        .query_row(params![id.get()], from_row)
        .optional()?)
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
