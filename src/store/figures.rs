//! Tables `day_counts` and `day_sales`: running totals by day (UTC). [`count_new`] counts what is added; triggers of the
//! database count on with every change, in its transaction. So a year's figures cost the same for ten payments as for ten million.

use rusqlite::{Row, params};

use super::error::StoreError;
use super::values;
use super::{Txn, payments};
use crate::domain::asset::Currency;
use crate::domain::ids::{EndpointId, ShopId};
use crate::domain::money::{BaseUnits, Fiat};
use crate::domain::network::{Mode, NetworkId};
use crate::domain::payment::Payment;
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;

/// Payments that were made on a day and are in a status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayCount {
    /// Days since 1970-01-01 (UTC).
    pub day: i64,
    /// The status that they are in now.
    pub status: Status,
    /// How many.
    pub count: u64,
}

/// What was paid on a day, with one asset, at prices in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DaySales {
    /// Days since 1970-01-01 (UTC).
    pub day: i64,
    /// The network that it was paid on.
    pub network: NetworkId,
    /// The asset that it was paid in.
    pub currency: Currency,
    /// What the prices were in; `None` where they were amounts of an asset.
    pub fiat: Option<Fiat>,
    /// How many payments.
    pub count: u64,
    /// Their prices together, in minor units; zero where they were amounts of an asset.
    pub price_minor: u64,
    /// Of how many the worth in dollars was known when they were made.
    pub valued: u64,
    /// What those were worth together.
    pub usd_cents: u64,
}

fn count_from_row(row: &Row<'_>) -> rusqlite::Result<DayCount> {
    Ok(DayCount {
        day: row.get("day")?,
        status: values::parsed(row, "status")?,
        count: values::unsigned(row, "count")?,
    })
}

fn sales_from_row(row: &Row<'_>) -> rusqlite::Result<DaySales> {
    let fiat = match row.get_ref("price_currency")?.as_str()? {
        "" => None,
        _ => Some(values::parsed(row, "price_currency")?),
    };
    Ok(DaySales {
        day: row.get("day")?,
        network: values::network(row, "network")?,
        currency: values::currency(row, "currency")?,
        fiat,
        count: values::unsigned(row, "count")?,
        price_minor: values::unsigned(row, "price_minor")?,
        valued: values::unsigned(row, "valued")?,
        usd_cents: values::unsigned(row, "usd_cents")?,
    })
}

/// The payments of a shop that were made from one day to another, both included, by day and status.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn counts(
    txn: &Txn<'_>,
    shop: ShopId,
    mode: Mode,
    from: i64,
    to: i64,
) -> Result<Vec<DayCount>, StoreError> {
    let sql = "SELECT day, status, count FROM day_counts
               WHERE store_id = ?1 AND mode = ?2 AND day BETWEEN ?3 AND ?4 AND count > 0 ORDER BY day, status";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let rows = statement
        .query_map(params![shop.get(), mode.word(), from, to], count_from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// What the payments of a shop brought that became paid from one day to another, both included.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn sales(
    txn: &Txn<'_>,
    shop: ShopId,
    mode: Mode,
    from: i64,
    to: i64,
) -> Result<Vec<DaySales>, StoreError> {
    let sql = "SELECT day, network, currency, price_currency, count, price_minor, valued, usd_cents FROM day_sales
               WHERE store_id = ?1 AND mode = ?2 AND day BETWEEN ?3 AND ?4 ORDER BY day, network, currency, price_currency";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let rows = statement
        .query_map(params![shop.get(), mode.word(), from, to], sales_from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Whether a shop has any payment of a mode; of one that became paid, with `paid`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn has_any(txn: &Txn<'_>, shop: ShopId, mode: Mode, paid: bool) -> Result<bool, StoreError> {
    let table = if paid { "day_sales" } else { "day_counts" };
    let sql = format!("SELECT 1 FROM {table} WHERE store_id = ?1 AND mode = ?2 AND count > 0 LIMIT 1");
    let mut statement = txn.connection.prepare_cached(&sql)?;
    Ok(statement.exists(params![shop.get(), mode.word()])?)
}

/// The newest payments of a shop in a mode.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn newest(txn: &Txn<'_>, shop: ShopId, mode: Mode, limit: u32) -> Result<Vec<Payment>, StoreError> {
    payments::many(
        txn,
        "INDEXED BY payments_of_store_by_mode WHERE store_id = ?1 AND mode = ?2 ORDER BY id DESC LIMIT ?3",
        params![shop.get(), mode.word(), limit],
    )
}

/// The newest payments that asked for money at an address, at most `limit`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn asked_at(
    txn: &Txn<'_>,
    network: &NetworkId,
    address: &str,
    limit: u32,
) -> Result<Vec<Payment>, StoreError> {
    payments::many(
        txn,
        &format!(
            "NOT INDEXED WHERE id IN ({}) AND asked_ms IS NOT NULL ORDER BY asked_ms DESC, id DESC LIMIT ?3",
            payments::AT_ADDRESS
        ),
        params![network.as_str(), address, limit],
    )
}

/// The newest payments of a shop for one of its orders, at most `limit`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn of_order(txn: &Txn<'_>, shop: ShopId, order: &str, limit: u32) -> Result<Vec<Payment>, StoreError> {
    payments::many(
        txn,
        "WHERE store_id = ?1 AND external_id = ?2 AND external_id <> '' ORDER BY id DESC LIMIT ?3",
        params![shop.get(), order, limit],
    )
}

/// The currency that a shop reckons in.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn fiat_of(txn: &Txn<'_>, shop: ShopId) -> Result<Fiat, StoreError> {
    let sql = "SELECT fiat FROM stores WHERE id = ?1";
    let mut statement = txn.connection.prepare_cached(sql)?;
    Ok(statement.query_row([shop.get()], |row| values::parsed(row, "fiat"))?)
}

/// How much of a pool is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolLeft {
    /// Can be given out now.
    pub free: u32,
    /// Rest between two payments.
    pub resting: u32,
    /// A payment has them.
    pub held: u32,
}

/// Addresses that are counted of a pool: with so many free, nobody has to look at it.
const POOL_COUNTED_MAX: u32 = 2000;

/// Counts the addresses of one pool, each kind up to some thousands.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn pool_left(
    txn: &Txn<'_>,
    shop: ShopId,
    network: &NetworkId,
    now: UnixMillis,
) -> Result<PoolLeft, StoreError> {
    let count = |condition: &str| -> Result<u32, StoreError> {
        let sql = format!(
            "SELECT COUNT(*) FROM (SELECT 1 FROM addresses {condition} AND store_id = ?1 AND network = ?2 AND ?3 >= 0
             LIMIT {POOL_COUNTED_MAX})"
        );
        let mut statement = txn.connection.prepare_cached(&sql)?;
        let values = params![shop.get(), network.as_str(), now.get()];
        Ok(statement.query_row(values, |row| row.get(0))?)
    };
    let in_pool = "INDEXED BY addresses_free WHERE held_by IS NULL AND retired_ms IS NULL AND way = 'pool' AND available_ms";
    Ok(PoolLeft {
        free: count(&format!("{in_pool} <= ?3"))?,
        resting: count(&format!("{in_pool} > ?3"))?,
        held: count(
            "INDEXED BY addresses_held WHERE held_by IS NOT NULL AND retired_ms IS NULL AND way = 'pool'",
        )?,
    })
}

/// How an endpoint is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndpointTrouble {
    /// The last that was said of it for good was that it was given up.
    pub is_failing: bool,
    /// Something has waited for it since before the time that was asked about.
    pub is_waiting: bool,
}

/// Whether an endpoint takes what it is sent: looks at the last delivery of each state that came into being after `from`,
/// and at what waits since before `patience`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn endpoint_trouble(
    txn: &Txn<'_>,
    endpoint: EndpointId,
    from: UnixMillis,
    patience: UnixMillis,
) -> Result<EndpointTrouble, StoreError> {
    let sql = "SELECT
        COALESCE((SELECT MAX(id) FROM deliveries WHERE endpoint_id = ?1 AND state = 'failed'), 0) AS failed,
        COALESCE((SELECT MAX(id) FROM deliveries WHERE endpoint_id = ?1 AND state = 'delivered'), 0) AS delivered,
        (SELECT created_ms FROM deliveries WHERE endpoint_id = ?1 AND state = 'failed' ORDER BY id DESC LIMIT 1) AS failed_ms,
        (SELECT created_ms FROM deliveries WHERE endpoint_id = ?1 AND state = 'pending' ORDER BY id LIMIT 1) AS waiting_ms";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let trouble = statement.query_row([endpoint.get()], |row| {
        let (failed, delivered): (i64, i64) = (row.get("failed")?, row.get("delivered")?);
        let failed_at: Option<i64> = row.get("failed_ms")?;
        let waiting_since: Option<i64> = row.get("waiting_ms")?;
        Ok(EndpointTrouble {
            is_failing: failed > delivered && failed_at.is_some_and(|at| at >= from.get()),
            is_waiting: waiting_since.is_some_and(|since| since < patience.get()),
        })
    });
    Ok(trouble?)
}

/// What an asset's addresses of a shop held when that was last explained, summed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The network.
    pub network: NetworkId,
    /// The asset.
    pub currency: Currency,
    /// How much.
    pub amount: BaseUnits,
}

/// What is known of the balances of a shop's addresses, per asset; `None` for a shop of more than `limit` addresses, which
/// would take too long to add up for a page.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn held(txn: &Txn<'_>, shop: ShopId, limit: u32) -> Result<Option<Vec<Held>>, StoreError> {
    let sql = "SELECT COUNT(*) FROM (SELECT 1 FROM addresses WHERE store_id = ?1 LIMIT ?2)";
    let count: u32 = txn
        .connection
        .prepare_cached(sql)?
        .query_row(params![shop.get(), limit.saturating_add(1)], |row| row.get(0))?;
    if count > limit {
        return Ok(None);
    }
    let sql = "SELECT balances.network AS network, currency, amount FROM addresses CROSS JOIN balances
                   ON balances.network = addresses.network AND balances.address = addresses.address
               WHERE store_id = ?1";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let rows = statement.query_map([shop.get()], |row| {
        Ok(Held {
            network: values::network(row, "network")?,
            currency: values::currency(row, "currency")?,
            amount: values::units(row, "amount")?,
        })
    })?;
    let mut sums: Vec<Held> = Vec::new();
    for row in rows {
        let row = row?;
        match sums
            .iter_mut()
            .find(|sum| sum.network == row.network && sum.currency == row.currency)
        {
            // It is only shown.
            Some(sum) => {
                sum.amount = sum
                    .amount
                    .checked_add(row.amount)
                    .unwrap_or(BaseUnits::new(u128::MAX));
            }
            None => sums.push(row),
        }
    }
    Ok(Some(sums))
}

/// Counts a payment that was just added.
pub(super) fn count_new(
    txn: &Txn<'_>,
    shop: ShopId,
    mode: &str,
    made_at: UnixMillis,
    status: &str,
) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO day_counts (store_id, mode, day, status, count) VALUES (?1, ?2, ?3 / 86400000, ?4, 1)
               ON CONFLICT DO UPDATE SET count = count + 1";
    let values = params![shop.get(), mode, made_at.get(), status];
    txn.connection.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

/// Counts the totals anew from the payments themselves: for rows that were put in place as they are.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub(super) fn recount(txn: &Txn<'_>) -> Result<(), StoreError> {
    txn.connection
        .execute_batch("DELETE FROM day_counts; DELETE FROM day_sales;")?;
    Ok(txn.connection.execute_batch(RECOUNT_SQL)?)
}

/// As the migration does it; a test holds the two against each other.
const RECOUNT_SQL: &str = "\
INSERT INTO day_counts (store_id, mode, day, status, count)
SELECT store_id, mode, created_ms / 86400000, status, COUNT(*) FROM payments GROUP BY 1, 2, 3, 4;
-- SUM() fails where it overflows: so the upper and the lower bits apart, and together as above.
INSERT INTO day_sales (store_id, mode, day, network, currency, price_currency, count, price_minor, valued, usd_cents)
SELECT store_id, mode, confirmed_ms / 86400000, network, currency, COALESCE(price_currency, ''), COUNT(*),
    CAST(SUM(COALESCE(price_minor, 0) >> 20) * 1048576 + SUM(COALESCE(price_minor, 0) & 1048575) AS INTEGER),
    COUNT(usd_cents),
    CAST(SUM(COALESCE(usd_cents, 0) >> 20) * 1048576 + SUM(COALESCE(usd_cents, 0) & 1048575) AS INTEGER)
FROM payments WHERE status = 'paid' GROUP BY 1, 2, 3, 4, 5, 6;
";

#[cfg(test)]
pub mod tests;
