//! Tables `simulated_transfers` and `simulated_reorgs`: what the simulated chains were told to hold.

use rusqlite::{named_params, params};

use super::Txn;
use super::error::StoreError;
use super::values;
use crate::domain::asset::Currency;
use crate::domain::money::BaseUnits;
use crate::domain::network::NetworkId;

/// A transfer on a simulated chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulatedTransfer {
    /// The height of its block.
    pub height: u64,
    /// Its transaction.
    pub txid: String,
    /// What moves.
    pub currency: Currency,
    /// Where to.
    pub address: String,
    /// How much.
    pub amount: BaseUnits,
}

/// Puts a transfer on a simulated chain.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn insert(txn: &Txn<'_>, network: &NetworkId, transfer: &SimulatedTransfer) -> Result<(), StoreError> {
    let sql = "INSERT INTO simulated_transfers (network, height, txid, currency, address, amount)
               VALUES (:network, :height, :txid, :currency, :address, :amount)";
    txn.connection.prepare_cached(sql)?.execute(named_params! {
        ":network": network.as_str(),
        ":height": values::height(transfer.height),
        ":txid": transfer.txid,
        ":currency": transfer.currency.as_str(),
        ":address": transfer.address,
        ":amount": transfer.amount.to_string(),
    })?;
    Ok(())
}

/// The transfers of a simulated chain from one height to another, in chain order.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn between(
    txn: &Txn<'_>,
    network: &NetworkId,
    height_min: u64,
    height_max: u64,
) -> Result<Vec<SimulatedTransfer>, StoreError> {
    let sql = "SELECT height, txid, currency, address, amount FROM simulated_transfers
               WHERE network = ?1 AND height BETWEEN ?2 AND ?3 AND dropped = 0 ORDER BY height, id";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let values = params![
        network.as_str(),
        values::height(height_min),
        values::height(height_max)
    ];
    let rows = statement
        .query_map(values, |row| {
            Ok(SimulatedTransfer {
                height: values::unsigned(row, "height")?,
                txid: row.get("txid")?,
                currency: values::currency(row, "currency")?,
                address: row.get("address")?,
                amount: values::units(row, "amount")?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Replaces the blocks of a simulated chain from `height_from` on by others that lack the transfers to `address`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn reorg(txn: &Txn<'_>, network: &NetworkId, height_from: u64, address: &str) -> Result<(), StoreError> {
    let sql = "UPDATE simulated_transfers SET dropped = 1
               WHERE network = ?1 AND height >= ?2 AND address = ?3 AND dropped = 0";
    let values = params![network.as_str(), values::height(height_from), address];
    txn.connection.prepare_cached(sql)?.execute(values)?;
    let sql = "INSERT INTO simulated_reorgs (network, height_from) VALUES (?1, ?2)";
    txn.connection
        .prepare_cached(sql)?
        .execute(params![network.as_str(), values::height(height_from)])?;
    Ok(())
}

/// The heights from which the blocks of a simulated chain were replaced, in the order it happened.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn reorgs(txn: &Txn<'_>, network: &NetworkId) -> Result<Vec<u64>, StoreError> {
    let sql = "SELECT height_from FROM simulated_reorgs WHERE network = ?1 ORDER BY id";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let rows = statement
        .query_map([network.as_str()], |row| values::unsigned(row, "height_from"))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}
