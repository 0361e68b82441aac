//! Tables `widgets` and `price_list`.

use rusqlite::{OptionalExtension as _, Row, named_params, params};

use super::error::StoreError;
use super::{Txn, values};
use crate::domain::ids::ShopId;
use crate::domain::money::FiatAmount;
use crate::domain::widget::{ListedPrice, Widget};

/// What a store's own pages may do; nothing, when that was never set.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn of_shop(txn: &Txn<'_>, shop: ShopId) -> Result<Widget, StoreError> {
    let sql = "SELECT is_enabled, origins, takes_amounts FROM widgets WHERE store_id = ?1";
    let read = |row: &Row<'_>| {
        let origins: String = row.get("origins")?;
        Ok(Widget {
            is_enabled: row.get("is_enabled")?,
            origins: origins.split_whitespace().map(str::to_owned).collect(),
            takes_amounts: row.get("takes_amounts")?,
        })
    };
    let found = txn
        .connection
        .prepare_cached(sql)?
        .query_row([shop.get()], read)
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// Sets what a store's own pages may do.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn set(txn: &Txn<'_>, shop: ShopId, widget: &Widget) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO widgets (store_id, is_enabled, origins, takes_amounts) VALUES (?1, ?2, ?3, ?4)";
    let origins = widget.origins.join(" ");
    txn.connection.prepare_cached(sql)?.execute(params![
        shop.get(),
        widget.is_enabled,
        origins,
        widget.takes_amounts
    ])?;
    Ok(())
}

fn price_from_row(row: &Row<'_>) -> rusqlite::Result<ListedPrice> {
    Ok(ListedPrice {
        name: row.get("name")?,
        label: row.get("label")?,
        price: FiatAmount {
            currency: values::parsed(row, "fiat")?,
            minor: values::unsigned(row, "minor")?,
        },
    })
}

/// What a store's pages may sell, by name.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn prices(txn: &Txn<'_>, shop: ShopId) -> Result<Vec<ListedPrice>, StoreError> {
    let sql = "SELECT name, label, fiat, minor FROM price_list WHERE store_id = ?1 ORDER BY name";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let prices = statement
        .query_map([shop.get()], price_from_row)?
        .collect::<Result<_, _>>()?;
    Ok(prices)
}

/// What a store's pages may sell under a name.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn price(txn: &Txn<'_>, shop: ShopId, name: &str) -> Result<Option<ListedPrice>, StoreError> {
    let sql = "SELECT name, label, fiat, minor FROM price_list WHERE store_id = ?1 AND name = ?2";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .query_row(params![shop.get(), name], price_from_row)
        .optional()?)
}

/// Sets a price, in place of the one that had its name.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn set_price(txn: &Txn<'_>, shop: ShopId, price: &ListedPrice) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO price_list (store_id, name, label, fiat, minor)
               VALUES (:store_id, :name, :label, :fiat, :minor)";
    txn.connection.prepare_cached(sql)?.execute(named_params! {
        ":store_id": shop.get(),
        ":name": price.name,
        ":label": price.label,
        ":fiat": price.price.currency.word(),
        ":minor": values::height(price.price.minor),
    })?;
    Ok(())
}

/// Takes a price off the list. False when it was not on it.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn remove_price(txn: &Txn<'_>, shop: ShopId, name: &str) -> Result<bool, StoreError> {
    let sql = "DELETE FROM price_list WHERE store_id = ?1 AND name = ?2";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .execute(params![shop.get(), name])?
        > 0)
}
