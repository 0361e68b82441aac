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

/// Whether a balance told of money to `address` in the block at `height`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn is_known_by_balance(
    txn: &Txn<'_>,
    network: &NetworkId,
    address: &str,
    height: u64,
) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM transfers WHERE network = ?1 AND address = ?2 AND height = ?3 AND position = ?4
                   AND orphaned = 0";
    let values = params![
        network.as_str(),
        address,
        values::height(height),
        POSITION_BALANCE
    ];
    Ok(txn.connection.prepare_cached(sql)?.exists(values)?)
}
