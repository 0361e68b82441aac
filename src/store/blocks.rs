//! Tables `cursors` and `headers`: how far each network has been read, and the blocks a reorganisation may still
//! change.

use rusqlite::{OptionalExtension as _, params};

use super::Txn;
use super::error::StoreError;
use super::values;
use crate::domain::network::NetworkId;
use crate::domain::time::UnixMillis;
use crate::domain::transfer::BlockRef;

/// The last block of a network that was read completely; `None` before the first.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn cursor(txn: &Txn<'_>, network: &NetworkId) -> Result<Option<BlockRef>, StoreError> {
    let sql = "SELECT height, hash, block_ms FROM cursors WHERE network = ?1";
    let found = txn
        .connection
        .prepare_cached(sql)?
        .query_row([network.as_str()], |row| {
            Ok(BlockRef {
                height: values::unsigned(row, "height")?,
                hash: row.get("hash")?,
                time: values::time(row, "block_ms")?,
            })
        });
    Ok(found.optional()?)
}

/// Moves the cursor.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn set_cursor(txn: &Txn<'_>, network: &NetworkId, block: &BlockRef) -> Result<(), StoreError> {
    let sql = "INSERT INTO cursors (network, height, hash, block_ms) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (network) DO UPDATE SET height = ?2, hash = ?3, block_ms = ?4";
    let values = params![
        network.as_str(),
        values::height(block.height),
        &*block.hash,
        block.time.get()
    ];
    txn.connection.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

/// How far the other branch has to be read after a reorganisation before money is counted again; `None` when nothing
/// is being caught up with.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn unwound_to(txn: &Txn<'_>, network: &NetworkId) -> Result<Option<u64>, StoreError> {
    let sql = "SELECT unwound_to FROM cursors WHERE network = ?1 AND unwound_to IS NOT NULL";
    let found = txn
        .connection
        .prepare_cached(sql)?
        .query_row([network.as_str()], |row| values::unsigned(row, "unwound_to"));
    Ok(found.optional()?)
}

/// Sets or ends what [`unwound_to`] tells.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn set_unwound_to(txn: &Txn<'_>, network: &NetworkId, height: Option<u64>) -> Result<(), StoreError> {
    let sql = "UPDATE cursors SET unwound_to = ?2 WHERE network = ?1";
    let values = params![network.as_str(), height.map(values::height)];
    txn.connection.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

/// The hash that was read at a height; `None` when it was never read or is long final.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn hash_at(txn: &Txn<'_>, network: &NetworkId, height: u64) -> Result<Option<String>, StoreError> {
    let sql = "SELECT hash FROM headers WHERE network = ?1 AND height = ?2";
    let values = params![network.as_str(), values::height(height)];
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .query_row(values, |row| row.get("hash"))
        .optional()?)
}

/// Keeps a header.
///
/// # Errors
/// [`StoreError::Sqlite`], also when the height has one already.
pub fn insert_header(
    txn: &Txn<'_>,
    network: &NetworkId,
    block: &BlockRef,
    parent_hash: &str,
) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO headers (network, height, hash, parent_hash, block_ms) VALUES (?1, ?2, ?3, ?4, ?5)";
    let values = params![
        network.as_str(),
        values::height(block.height),
        &*block.hash,
        parent_hash,
        block.time.get()
    ];
    txn.connection.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

/// Forgets the headers above a height, which have left the chain.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn remove_headers_above(txn: &Txn<'_>, network: &NetworkId, height: u64) -> Result<(), StoreError> {
    let sql = "DELETE FROM headers WHERE network = ?1 AND height > ?2";
    txn.connection
        .prepare_cached(sql)?
        .execute(params![network.as_str(), values::height(height)])?;
    Ok(())
}

/// Forgets the headers below a height, which are final.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn remove_headers_below(txn: &Txn<'_>, network: &NetworkId, height: u64) -> Result<(), StoreError> {
    let sql = "DELETE FROM headers WHERE network = ?1 AND height < ?2";
    txn.connection
        .prepare_cached(sql)?
        .execute(params![network.as_str(), values::height(height)])?;
    Ok(())
}

/// The time of the last block read, by network.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn all_cursors(txn: &Txn<'_>) -> Result<Vec<(NetworkId, u64, UnixMillis)>, StoreError> {
    let mut statement = txn
        .connection
        .prepare_cached("SELECT network, height, block_ms FROM cursors")?;
    let rows = statement
        .query_map([], |row| {
            let height = values::unsigned(row, "height")?;
            Ok((
                values::network(row, "network")?,
                height,
                values::time(row, "block_ms")?,
            ))
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}
