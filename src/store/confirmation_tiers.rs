//! Table `confirmation_tiers`: the steps of confirmations that a store set for itself.

use rusqlite::{Row, params};

use super::Txn;
use super::error::StoreError;
use super::values;
use crate::domain::confirmations::{Tier, Tiers};
use crate::domain::ids::ShopId;
use crate::domain::network::NetworkId;

fn from_row(row: &Row<'_>) -> rusqlite::Result<Tier> {
    Ok(Tier {
        from_usd_cents: values::unsigned(row, "from_usd_cents")?,
        confirmations: values::unsigned(row, "confirmations")?,
    })
}

/// The steps of a store on a network; `None` where it has none of its own.
///
/// # Errors
/// [`StoreError::Sqlite`], also when what is stored makes no sense.
pub fn of(txn: &Txn<'_>, shop: ShopId, network: &NetworkId) -> Result<Option<Tiers>, StoreError> {
    let sql =
        "SELECT from_usd_cents, confirmations FROM confirmation_tiers WHERE store_id = ?1 AND network = ?2
               ORDER BY from_usd_cents";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let tiers: Vec<Tier> = statement
        .query_map(params![shop.get(), network.as_str()], from_row)?
        .collect::<Result<_, _>>()?;
    if tiers.is_empty() {
        return Ok(None);
    }
    let tiers = Tiers::new(tiers).map_err(|error| values::bad("confirmation_tiers", error.to_string()))?;
    Ok(Some(tiers))
}

/// Sets the steps of a store on a network, or takes them away.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn set(
    txn: &Txn<'_>,
    shop: ShopId,
    network: &NetworkId,
    tiers: Option<&Tiers>,
) -> Result<(), StoreError> {
    txn.connection
        .prepare_cached("DELETE FROM confirmation_tiers WHERE store_id = ?1 AND network = ?2")?
        .execute(params![shop.get(), network.as_str()])?;
    let sql = "INSERT INTO confirmation_tiers (store_id, network, from_usd_cents, confirmations)
               VALUES (?1, ?2, ?3, ?4)";
    let mut statement = txn.connection.prepare_cached(sql)?;
    for tier in tiers.into_iter().flat_map(Tiers::iter) {
        let from = i64::try_from(tier.from_usd_cents).unwrap_or(i64::MAX);
        statement.execute(params![shop.get(), network.as_str(), from, tier.confirmations])?;
    }
    Ok(())
}
