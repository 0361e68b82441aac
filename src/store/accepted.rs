//! Table `accepted`: what a store accepts, in the order in which customers are offered it.

use rusqlite::{named_params, params};

use super::error::StoreError;
use super::{Txn, values};
use crate::domain::ids::ShopId;
use crate::domain::shop::Accepted;

/// What a store accepts; nothing, when that was never set.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn of_shop(txn: &Txn<'_>, shop: ShopId) -> Result<Vec<Accepted>, StoreError> {
    let sql = "SELECT slug, currency FROM accepted WHERE store_id = ?1 ORDER BY place";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let rows = statement.query_map([shop.get()], |row| {
        Ok(Accepted {
            slug: values::network(row, "slug")?,
            currency: values::currency(row, "currency")?,
        })
    });
    Ok(rows?.collect::<Result<_, _>>()?)
}

/// Sets what a store accepts, in this order; with nothing, it is as if it was never set.
///
/// # Errors
/// [`StoreError::Sqlite`], also when something is named twice.
pub fn set(txn: &Txn<'_>, shop: ShopId, all: &[Accepted]) -> Result<(), StoreError> {
    txn.connection
        .prepare_cached("DELETE FROM accepted WHERE store_id = ?1")?
        .execute(params![shop.get()])?;
    let sql =
        "INSERT INTO accepted (store_id, place, slug, currency) VALUES (:store_id, :place, :slug, :currency)";
    let mut statement = txn.connection.prepare_cached(sql)?;
    for (place, accepted) in (0i64..).zip(all) {
        statement.execute(named_params! {
            ":store_id": shop.get(),
            ":place": place,
            ":slug": accepted.slug.as_str(),
            ":currency": accepted.currency.as_str(),
        })?;
    }
    Ok(())
}
