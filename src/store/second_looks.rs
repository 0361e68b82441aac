//! Table `second_looks`: how far each network was read a second time, and what was recorded of those blocks.

use std::ops::RangeInclusive;

use rusqlite::{OptionalExtension as _, params};

use super::Txn;
use super::error::StoreError;
use super::{transfers, values};
use crate::domain::network::NetworkId;
use crate::domain::transfer::{POSITION_BALANCE, SeenTransfer};

/// The height up to which a network was read a second time.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn height(txn: &Txn<'_>, network: &NetworkId) -> Result<Option<u64>, StoreError> {
    let sql = "SELECT height FROM second_looks WHERE network = ?1";
    let found = txn
        .connection
        .prepare_cached(sql)?
        .query_row([network.as_str()], |row| values::unsigned(row, "height"));
    Ok(found.optional()?)
}

/// Sets what [`height`] tells.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn set_height(txn: &Txn<'_>, network: &NetworkId, height: u64) -> Result<(), StoreError> {
    let sql = "INSERT INTO second_looks (network, height) VALUES (?1, ?2)
               ON CONFLICT (network) DO UPDATE SET height = ?2";
    txn.connection
        .prepare_cached(sql)?
        .execute(params![network.as_str(), values::height(height)])?;
    Ok(())
}

/// What is recorded of the blocks of `heights` and still on the chain; without what only a balance told of, which no
/// reading of a block finds.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn recorded(
    txn: &Txn<'_>,
    network: &NetworkId,
    heights: &RangeInclusive<u64>,
) -> Result<Vec<SeenTransfer>, StoreError> {
    let sql = "SELECT txid, position, currency, address, amount, height, block_hash, block_ms FROM transfers
               WHERE network = ?1 AND height BETWEEN ?2 AND ?3 AND orphaned = 0 AND position <> ?4";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let range = params![
        network.as_str(),
        values::height(*heights.start()),
        values::height(*heights.end()),
        POSITION_BALANCE
    ];
    let rows = statement
        .query_map(range, transfers::seen_from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// The height at which a balance told of money that may be `seen`: its own block, or the first later one in which a
/// rise of as much was found.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn told_by_balance(
    txn: &Txn<'_>,
    network: &NetworkId,
    seen: &SeenTransfer,
) -> Result<Option<u64>, StoreError> {
    let sql = "SELECT height, amount FROM transfers WHERE network = ?1 AND address = ?2 AND currency = ?3 AND height >= ?4
                   AND position = ?5 AND orphaned = 0 ORDER BY height";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let values = params![
        network.as_str(),
        &*seen.address,
        seen.currency.as_str(),
        values::height(seen.block.height),
        POSITION_BALANCE
    ];
    let mut rows = statement.query(values)?;
    while let Some(row) = rows.next()? {
        let height: u64 = values::unsigned(row, "height")?;
        if height == seen.block.height || values::units(row, "amount")? >= seen.amount {
            return Ok(Some(height));
        }
    }
    Ok(None)
}

/// Whether what is recorded rules out the block that `seen` is in: another block is recorded at its height, or its
/// transaction in another block.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn is_contradicted(txn: &Txn<'_>, network: &NetworkId, seen: &SeenTransfer) -> Result<bool, StoreError> {
    // A statement for each, so that each is served by its own index.
    let sql = "SELECT 1 FROM transfers WHERE network = ?1 AND txid = ?2 AND block_hash <> ?4 AND orphaned = 0
               UNION ALL
               SELECT 1 FROM transfers WHERE network = ?1 AND height = ?3 AND block_hash <> ?4 AND orphaned = 0";
    let values = params![
        network.as_str(),
        &*seen.txid,
        values::height(seen.block.height),
        &*seen.block.hash
    ];
    Ok(txn.connection.prepare_cached(sql)?.exists(values)?)
}
