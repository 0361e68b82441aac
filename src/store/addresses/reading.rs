//! Addresses as they are shown: page by page, with what came to them, and counted.

use rusqlite::{Row, params};

use super::super::values;
use super::{COLUMNS, PoolAddress, from_row};
use crate::domain::asset::Currency;
use crate::domain::ids::{AddressId, ShopId};
use crate::domain::money::BaseUnits;
use crate::domain::network::NetworkId;
use crate::domain::time::UnixMillis;
use crate::store::{StoreError, Txn};

/// A shop's addresses on a network before row `before`, the latest first, at most `limit`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn page(
    txn: &Txn<'_>,
    shop: ShopId,
    network: &NetworkId,
    before: AddressId,
    limit: u32,
) -> Result<Vec<PoolAddress>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM addresses INDEXED BY addresses_of_store_on_network
         WHERE store_id = ?1 AND network = ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4"
    );
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let rows = statement
        .query_map(
            params![shop.get(), network.as_str(), before.get(), limit],
            |row| from_row(txn, row),
        )?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// When a payment was given an address last.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn used_at(txn: &Txn<'_>, network: &NetworkId, address: &str) -> Result<Option<UnixMillis>, StoreError> {
    // Of the one that has it now, and of those that had it: an index each.
    let sql = "SELECT MAX(asked_ms) AS asked_ms FROM (
                   SELECT asked_ms FROM payments INDEXED BY payments_live_address
                   WHERE network = ?1 AND address = ?2 AND way <> 'shared' AND is_open = 1
                   UNION ALL SELECT * FROM (SELECT asked_ms FROM payments INDEXED BY payments_of_address
                   WHERE network = ?1 AND address = ?2 AND (way = 'shared' OR is_open = 0) ORDER BY asked_ms DESC LIMIT 1))";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .query_row(params![network.as_str(), address], |row| {
            values::optional_time(row, "asked_ms")
        })?)
}

/// What came to an address, by currency, in blocks that are on the chain; of its first `transfers_max` transfers, and
/// whether those were all.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn received_at(
    txn: &Txn<'_>,
    network: &NetworkId,
    address: &str,
    transfers_max: u32,
) -> Result<(Vec<(Currency, BaseUnits)>, bool), StoreError> {
    let sql = "SELECT currency, amount FROM transfers WHERE network = ?1 AND address = ?2 AND orphaned = 0
               ORDER BY currency, height LIMIT ?3";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let rows = statement.query_map(
        params![network.as_str(), address, transfers_max.saturating_add(1)],
        |row| Ok((values::currency(row, "currency")?, values::units(row, "amount")?)),
    )?;
    let mut sums: Vec<(Currency, BaseUnits)> = Vec::new();
    let mut seen = 0;
    for row in rows {
        let (currency, amount) = row?;
        if seen >= transfers_max {
            return Ok((sums, false));
        }
        seen = seen.saturating_add(1);
        match sums.last_mut() {
            // It is only shown: a sum that is too large must not hold up a page.
            Some((last, sum)) if *last == currency => {
                *sum = sum.checked_add(amount).unwrap_or(BaseUnits::new(u128::MAX));
            }
            Some(_) | None => sums.push((currency, amount)),
        }
    }
    Ok((sums, true))
}

/// What the addresses of a pool are doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolCount {
    /// The shop.
    pub shop: ShopId,
    /// The network.
    pub network: NetworkId,
    /// Can be given out now.
    pub free: u32,
    /// A payment has them.
    pub held: u32,
    /// Rest between two payments.
    pub resting: u32,
    /// Were taken out of the pool; a payment may still have them.
    pub retired: u32,
}

/// What the addresses of all pools are doing, by shop and network. Reads every address: not for every payment.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn pool_counts(txn: &Txn<'_>, now: UnixMillis) -> Result<Vec<PoolCount>, StoreError> {
    let sql =
        format!("{POOL_COUNTS} WHERE way = 'pool' GROUP BY store_id, network ORDER BY store_id, network");
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let rows = statement
        .query_map([now.get()], pool_count)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// What the addresses of a shop's pools are doing, by network. Reads the pools alone.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn pool_counts_of(txn: &Txn<'_>, shop: ShopId, now: UnixMillis) -> Result<Vec<PoolCount>, StoreError> {
    let sql = format!(
        "{POOL_COUNTS} INDEXED BY addresses_of_pool WHERE way = 'pool' AND store_id = ?2
         GROUP BY store_id, network ORDER BY network"
    );
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let rows = statement
        .query_map(params![now.get(), shop.get()], pool_count)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

const POOL_COUNTS: &str = "SELECT store_id, network,
        SUM(retired_ms IS NULL AND held_by IS NULL AND available_ms <= ?1) AS free,
        SUM(retired_ms IS NULL AND held_by IS NOT NULL) AS held,
        SUM(retired_ms IS NULL AND held_by IS NULL AND available_ms > ?1) AS resting,
        SUM(retired_ms IS NOT NULL) AS retired
    FROM addresses";

fn pool_count(row: &Row<'_>) -> rusqlite::Result<PoolCount> {
    Ok(PoolCount {
        shop: ShopId::new(row.get("store_id")?),
        network: values::network(row, "network")?,
        free: values::unsigned(row, "free")?,
        held: values::unsigned(row, "held")?,
        resting: values::unsigned(row, "resting")?,
        retired: values::unsigned(row, "retired")?,
    })
}
