//! Tables `balances` and `balance_passes`: the last balance of each address that what is recorded explains, and how far
//! a network's balances were looked through.

use std::sync::Arc;

use rusqlite::{OptionalExtension as _, params};

use super::Txn;
use super::error::StoreError;
use super::values;
use crate::domain::asset::Currency;
use crate::domain::money::{self, BaseUnits};
use crate::domain::network::NetworkId;
use crate::domain::time::UnixMillis;
use crate::domain::transfer::BlockRef;

/// What an address held right after a block, and all of it explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snapshot {
    /// The block's height.
    pub height: u64,
    /// The balance.
    pub amount: BaseUnits,
}

/// Money that was recorded to come to an address, by the height of its block.
pub type Received = Vec<(u64, BaseUnits)>;

/// The last explained balance of an address.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn of_address(
    txn: &Txn<'_>,
    network: &NetworkId,
    currency: &Currency,
    address: &str,
) -> Result<Option<Snapshot>, StoreError> {
    let sql = "SELECT height, amount FROM balances WHERE network = ?1 AND address = ?2 AND currency = ?3";
    let found = txn.connection.prepare_cached(sql)?.query_row(
        params![network.as_str(), address, currency.as_str()],
        |row| {
            Ok(Snapshot {
                height: values::unsigned(row, "height")?,
                amount: values::units(row, "amount")?,
            })
        },
    );
    Ok(found.optional()?)
}

/// Keeps what an address held; never one of an earlier block than what is kept.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn set(
    txn: &Txn<'_>,
    network: &NetworkId,
    currency: &Currency,
    address: &str,
    held: Snapshot,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO balances (network, address, currency, height, amount) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (network, address, currency) DO UPDATE SET height = ?4, amount = ?5 WHERE height <= ?4";
    txn.connection.prepare_cached(sql)?.execute(params![
        network.as_str(),
        address,
        currency.as_str(),
        values::height(held.height),
        held.amount.to_string()
    ])?;
    Ok(())
}

/// What is recorded to have come to an address in blocks above one height and up to another.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn received(
    txn: &Txn<'_>,
    network: &NetworkId,
    currency: &Currency,
    address: &str,
    above: u64,
    up_to: u64,
) -> Result<Received, StoreError> {
    let sql = "SELECT height, amount FROM transfers
               WHERE network = ?1 AND address = ?2 AND currency = ?3 AND height > ?4 AND height <= ?5 AND orphaned = 0
               ORDER BY height";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let rows = statement
        .query_map(
            params![
                network.as_str(),
                address,
                currency.as_str(),
                values::height(above),
                values::height(up_to)
            ],
            |row| Ok((values::unsigned(row, "height")?, values::units(row, "amount")?)),
        )?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Addresses of a network whose balance in `currency` was never looked at, the oldest first, with the time they were
/// added.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn unseen(
    txn: &Txn<'_>,
    network: &NetworkId,
    currency: &Currency,
    limit: u32,
) -> Result<Vec<(String, UnixMillis)>, StoreError> {
    let sql = "SELECT address, created_ms FROM addresses
               WHERE network = ?1 AND NOT EXISTS
                   (SELECT 1 FROM balances WHERE balances.network = ?1 AND balances.address = addresses.address
                        AND balances.currency = ?2)
               ORDER BY id LIMIT ?3";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let rows = statement
        .query_map(params![network.as_str(), currency.as_str(), limit], |row| {
            Ok((row.get("address")?, values::time(row, "created_ms")?))
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// The height up to which all balances of a network's own coin have been looked through.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn passed(txn: &Txn<'_>, network: &NetworkId) -> Result<Option<u64>, StoreError> {
    let sql = "SELECT height FROM balance_passes WHERE network = ?1";
    let found = txn
        .connection
        .prepare_cached(sql)?
        .query_row([network.as_str()], |row| values::unsigned(row, "height"));
    Ok(found.optional()?)
}

/// Sets what [`passed`] tells.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn set_passed(txn: &Txn<'_>, network: &NetworkId, height: u64) -> Result<(), StoreError> {
    let sql = "INSERT INTO balance_passes (network, height) VALUES (?1, ?2)
               ON CONFLICT (network) DO UPDATE SET height = ?2";
    txn.connection
        .prepare_cached(sql)?
        .execute(params![network.as_str(), values::height(height)])?;
    Ok(())
}

/// Takes balances of blocks above `height`, which leave the chain, back to it: less what those blocks brought. To be
/// called while the transfers in them still count.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn unwind(txn: &Txn<'_>, network: &NetworkId, height: u64) -> Result<(), StoreError> {
    let sql = "SELECT address, currency, height, amount FROM balances WHERE network = ?1 AND height > ?2";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let above: Vec<(Arc<str>, Currency, u64, BaseUnits)> = statement
        .query_map(params![network.as_str(), values::height(height)], |row| {
            Ok((
                row.get("address")?,
                values::currency(row, "currency")?,
                values::unsigned(row, "height")?,
                values::units(row, "amount")?,
            ))
        })?
        .collect::<Result<_, _>>()?;
    let back =
        "UPDATE balances SET height = ?4, amount = ?5 WHERE network = ?1 AND address = ?2 AND currency = ?3";
    for (address, currency, held_at, amount) in above {
        let gone = received(txn, network, &currency, &address, height, held_at)?;
        let gone = money::sum(gone.into_iter().map(|(_, amount)| amount)).unwrap_or(amount);
        txn.connection.prepare_cached(back)?.execute(params![
            network.as_str(),
            &*address,
            currency.as_str(),
            values::height(height),
            amount.saturating_sub(gone).to_string()
        ])?;
    }
    let sql = "UPDATE balance_passes SET height = ?2 WHERE network = ?1 AND height > ?2";
    txn.connection
        .prepare_cached(sql)?
        .execute(params![network.as_str(), values::height(height)])?;
    Ok(())
}

/// The block of a kept header.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn block_at(txn: &Txn<'_>, network: &NetworkId, height: u64) -> Result<Option<BlockRef>, StoreError> {
    header(
        txn,
        "height = ?2",
        params![network.as_str(), values::height(height)],
    )
}

/// The newest kept block that was made at `time` or before; where none is so old, the oldest that is kept.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn block_before(
    txn: &Txn<'_>,
    network: &NetworkId,
    time: UnixMillis,
) -> Result<Option<BlockRef>, StoreError> {
    let before = "block_ms <= ?2 ORDER BY height DESC LIMIT 1";
    let found = header(txn, before, params![network.as_str(), time.get()])?;
    match found {
        Some(found) => Ok(Some(found)),
        None => header(txn, "TRUE ORDER BY height LIMIT 1", params![network.as_str()]),
    }
}

fn header(txn: &Txn<'_>, which: &str, values: impl rusqlite::Params) -> Result<Option<BlockRef>, StoreError> {
    let sql = format!("SELECT height, hash, block_ms FROM headers WHERE network = ?1 AND {which}");
    let found = txn.connection.prepare_cached(&sql)?.query_row(values, |row| {
        Ok(BlockRef {
            height: values::unsigned(row, "height")?,
            hash: row.get("hash")?,
            time: values::time(row, "block_ms")?,
        })
    });
    Ok(found.optional()?)
}
