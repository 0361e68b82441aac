//! Table `store_rates`: rates that a shop fixed for itself.

use rusqlite::{OptionalExtension as _, Row, named_params};
use rust_decimal::Decimal;

use super::Txn;
use super::error::StoreError;
use super::values;
use crate::domain::ids::ShopId;
use crate::domain::money::Fiat;

const COLUMNS: &str = "store_id, symbol, fiat, rate";

/// A rate that a shop fixed: it goes before all others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreRate {
    /// The shop.
    pub shop: ShopId,
    /// What is priced, such as `USDT`.
    pub symbol: String,
    /// In what.
    pub fiat: Fiat,
    /// The price of one whole unit.
    pub rate: Decimal,
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<StoreRate> {
    Ok(StoreRate {
        shop: ShopId::new(row.get("store_id")?),
        symbol: row.get("symbol")?,
        fiat: values::parsed(row, "fiat")?,
        rate: values::parsed(row, "rate")?,
    })
}

/// Fixes a rate, in place of an earlier one of the same pair.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn set(txn: &Txn<'_>, rate: &StoreRate) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO store_rates (store_id, symbol, fiat, rate) VALUES (:store_id, :symbol, :fiat, :rate)
               ON CONFLICT (store_id, symbol, fiat) DO UPDATE SET rate = excluded.rate";
    txn.connection.prepare_cached(sql)?.execute(named_params! {
        ":store_id": rate.shop.get(),
        ":symbol": rate.symbol,
        ":fiat": rate.fiat.word(),
        ":rate": rate.rate.to_string(),
    })?;
    Ok(())
}

/// Lets a rate follow the market again. Says whether there was one.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn remove(txn: &Txn<'_>, shop: ShopId, symbol: &str, fiat: Fiat) -> Result<bool, StoreError> {
    let sql = "DELETE FROM store_rates WHERE store_id = :store_id AND symbol = :symbol AND fiat = :fiat";
    let removed = txn.connection.prepare_cached(sql)?.execute(named_params! {
        ":store_id": shop.get(),
        ":symbol": symbol,
        ":fiat": fiat.word(),
    })?;
    Ok(removed > 0)
}

/// The rate that a shop fixed for a pair.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn find(txn: &Txn<'_>, shop: ShopId, symbol: &str, fiat: Fiat) -> Result<Option<Decimal>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM store_rates WHERE store_id = :store_id AND symbol = :symbol AND fiat = :fiat"
    );
    let pair = named_params! { ":store_id": shop.get(), ":symbol": symbol, ":fiat": fiat.word() };
    let found = txn.connection.prepare_cached(&sql)?.query_row(pair, from_row);
    Ok(found.optional()?.map(|found| found.rate))
}

/// All rates that a shop fixed, by symbol and currency. There are never many.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn of_shop(txn: &Txn<'_>, shop: ShopId) -> Result<Vec<StoreRate>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM store_rates WHERE store_id = ?1 ORDER BY symbol, fiat");
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let rates = statement
        .query_map([shop.get()], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rates)
}
