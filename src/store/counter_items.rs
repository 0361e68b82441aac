//! Table `counter_items`: what a shop sells over the counter.

use rusqlite::{Row, params};

use super::error::StoreError;
use super::{Txn, values};
use crate::domain::ids::{CounterItemId, ShopId};
use crate::domain::money::FiatAmount;

/// Items that a counter shows.
pub const ITEMS_MAX: u32 = 200;

/// Something that is sold over the counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CounterItem {
    /// Row number.
    pub id: CounterItemId,
    /// What it is called.
    pub label: String,
    /// What it costs.
    pub price: FiatAmount,
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<CounterItem> {
    Ok(CounterItem {
        id: CounterItemId::new(row.get("id")?),
        label: row.get("label")?,
        price: FiatAmount {
            currency: values::parsed(row, "fiat")?,
            minor: values::unsigned(row, "minor")?,
        },
    })
}

/// A shop's items, in the order in which they are shown.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn of_shop(txn: &Txn<'_>, shop: ShopId) -> Result<Vec<CounterItem>, StoreError> {
    let sql =
        "SELECT id, label, fiat, minor FROM counter_items WHERE store_id = ?1 ORDER BY place, id LIMIT ?2";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let items = statement
        .query_map(params![shop.get(), ITEMS_MAX], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(items)
}

/// Adds an item behind the others.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn insert(
    txn: &Txn<'_>,
    shop: ShopId,
    label: &str,
    price: FiatAmount,
) -> Result<CounterItemId, StoreError> {
    let sql = "INSERT INTO counter_items (store_id, place, label, fiat, minor)
               VALUES (?1, (SELECT COALESCE(MAX(place), 0) + 1 FROM counter_items WHERE store_id = ?1), ?2, ?3, ?4)";
    let minor = values::height(price.minor);
    let id = txn.connection.prepare_cached(sql)?.insert(params![
        shop.get(),
        label,
        price.currency.word(),
        minor
    ])?;
    Ok(CounterItemId::new(id))
}

/// Changes an item of a shop. False when the shop has no such item.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn update(txn: &Txn<'_>, shop: ShopId, item: &CounterItem) -> Result<bool, StoreError> {
    let sql = "UPDATE counter_items SET label = ?3, fiat = ?4, minor = ?5 WHERE store_id = ?1 AND id = ?2";
    let price = item.price;
    let changed = txn.connection.prepare_cached(sql)?.execute(params![
        shop.get(),
        item.id.get(),
        item.label,
        price.currency.word(),
        values::height(price.minor)
    ])?;
    Ok(changed > 0)
}

/// Takes an item of a shop away. False when the shop has no such item.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn delete(txn: &Txn<'_>, shop: ShopId, id: CounterItemId) -> Result<bool, StoreError> {
    let sql = "DELETE FROM counter_items WHERE store_id = ?1 AND id = ?2";
    let changed = txn
        .connection
        .prepare_cached(sql)?
        .execute(params![shop.get(), id.get()])?;
    Ok(changed > 0)
}
