//! Table `receiving_changes`: who changed last where a store receives on a network, and when.

use rusqlite::params;

use super::Txn;
use super::error::StoreError;
use super::values;
use crate::domain::ids::ShopId;
use crate::domain::network::NetworkId;
use crate::domain::time::UnixMillis;

/// The last change on a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The network.
    pub network: NetworkId,
    /// Who: how they came in and their name there.
    pub actor: String,
    /// When.
    pub at: UnixMillis,
}

/// Keeps who changed it last.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn set(
    txn: &Txn<'_>,
    shop: ShopId,
    network: &NetworkId,
    actor: &str,
    at: UnixMillis,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO receiving_changes (store_id, network, actor, at_ms) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (store_id, network) DO UPDATE SET actor = excluded.actor, at_ms = excluded.at_ms";
    let values = params![shop.get(), network.as_str(), actor, at.get()];
    txn.connection.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

/// The last changes of a store.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn of_shop(txn: &Txn<'_>, shop: ShopId) -> Result<Vec<Change>, StoreError> {
    let sql = "SELECT network, actor, at_ms FROM receiving_changes WHERE store_id = ?1 ORDER BY network";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let rows = statement
        .query_map([shop.get()], |row| {
            Ok(Change {
                network: values::network(row, "network")?,
                actor: row.get("actor")?,
                at: values::time(row, "at_ms")?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}
