//! Table `addresses`: the pools. Each row carries an authenticator that is checked before anybody is told to pay
//! to it.

use std::sync::Arc;

use rusqlite::{OptionalExtension as _, Row, named_params, params};

use super::Txn;
use super::error::StoreError;
use super::values;
use crate::domain::address::Address;
use crate::domain::ids::{AddressId, PaymentId, ShopId};
use crate::domain::network::NetworkId;
use crate::domain::proof::Proof;
use crate::domain::time::UnixMillis;

const COLUMNS: &str = "id, store_id, network, address, mac, available_ms, held_by, created_ms, retired_ms, \
    proof, proved_ms";

/// A receive address in a pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolAddress {
    /// Row number.
    pub id: AddressId,
    /// The shop it belongs to.
    pub shop: ShopId,
    /// Its network.
    pub network: NetworkId,
    /// Its canonical text.
    pub address: Arc<str>,
    /// From when on it may be given out again.
    pub available_at: UnixMillis,
    /// The live payment that has it.
    pub held_by: Option<PaymentId>,
    /// When it was added.
    pub created_at: UnixMillis,
    /// When it was taken out of the pool. It is still watched: late money counts.
    pub retired_at: Option<UnixMillis>,
    /// How it was proved that its key is in the merchant's hands, and when.
    pub proved: Option<(Proof, UnixMillis)>,
    /// Whether the row is as payd wrote it.
    pub is_authentic: bool,
}

fn from_row(txn: &Txn<'_>, row: &Row<'_>) -> rusqlite::Result<PoolAddress> {
    let (shop, network, address): (i64, String, String) =
        (row.get("store_id")?, row.get("network")?, row.get("address")?);
    let mac: Vec<u8> = row.get("mac")?;
    Ok(PoolAddress {
        id: AddressId::new(row.get("id")?),
        shop: ShopId::new(shop),
        is_authentic: txn.vault.is_authentic(shop, &network, &address, &mac),
        network: values::network(row, "network")?,
        address: address.into(),
        available_at: values::time(row, "available_ms")?,
        held_by: row.get::<_, Option<i64>>("held_by")?.map(PaymentId::new),
        created_at: values::time(row, "created_ms")?,
        retired_at: values::optional_time(row, "retired_ms")?,
        proved: match row.get::<_, Option<String>>("proof")? {
            Some(_) => Some((values::parsed(row, "proof")?, values::time(row, "proved_ms")?)),
            None => None,
        },
    })
}

/// Adds an address to a pool.
///
/// # Errors
/// [`StoreError::Duplicate`] when any shop has it already on this network.
pub fn insert(
    txn: &Txn<'_>,
    shop: ShopId,
    network: &NetworkId,
    address: &Address,
    now: UnixMillis,
) -> Result<AddressId, StoreError> {
    let sql = "INSERT INTO addresses (store_id, network, address, mac, created_ms)
               VALUES (:store_id, :network, :address, :mac, :created_ms)";
    let inserted = txn.connection.prepare_cached(sql)?.insert(named_params! {
        ":store_id": shop.get(),
        ":network": network.as_str(),
        ":address": &**address.text(),
        ":mac": txn.vault.address_mac(shop.get(), network.as_str(), address.text()),
        ":created_ms": now.get(),
    });
    inserted.map(AddressId::new).map_err(|error| {
        if StoreError::is_unique_violation(&error) {
            StoreError::Duplicate {
                what: format!("address {address} on {network}"),
            }
        } else {
            error.into()
        }
    })
}

/// The free addresses of a pool, the longest rested first, at most `limit`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn free(
    txn: &Txn<'_>,
    shop: ShopId,
    network: &NetworkId,
    now: UnixMillis,
    limit: u32,
) -> Result<Vec<PoolAddress>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM addresses
         WHERE store_id = ?1 AND network = ?2 AND held_by IS NULL AND retired_ms IS NULL AND available_ms <= ?3
         ORDER BY available_ms, id LIMIT ?4"
    );
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let rows = statement
        .query_map(params![shop.get(), network.as_str(), now.get(), limit], |row| {
            from_row(txn, row)
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Whether a pool has any address that is not retired, free or not.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn has_any(txn: &Txn<'_>, shop: ShopId, network: &NetworkId) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM addresses WHERE store_id = ?1 AND network = ?2 AND retired_ms IS NULL LIMIT 1";
    let found = txn
        .connection
        .prepare_cached(sql)?
        .query_row(params![shop.get(), network.as_str()], |_| Ok(()));
    Ok(found.optional()?.is_some())
}

/// The address with this canonical text, of any shop, retired or not.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn by_text(txn: &Txn<'_>, network: &NetworkId, address: &str) -> Result<Option<PoolAddress>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM addresses WHERE network = ?1 AND address = ?2");
    Ok(txn
        .connection
        .prepare_cached(&sql)?
        .query_row(params![network.as_str(), address], |row| from_row(txn, row))
        .optional()?)
}

/// Gives an address to a payment.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn hold(txn: &Txn<'_>, id: AddressId, payment: PaymentId) -> Result<(), StoreError> {
    let sql = "UPDATE addresses SET held_by = ?2 WHERE id = ?1 AND held_by IS NULL";
    txn.connection
        .prepare_cached(sql)?
        .execute(params![id.get(), payment.get()])?;
    Ok(())
}

/// Gives an address that a payment had before back to it, unless another payment has it by now.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn hold_again(
    txn: &Txn<'_>,
    network: &NetworkId,
    address: &str,
    payment: PaymentId,
) -> Result<(), StoreError> {
    let sql = "UPDATE addresses SET held_by = ?3 WHERE network = ?1 AND address = ?2 AND held_by IS NULL";
    txn.connection
        .prepare_cached(sql)?
        .execute(params![network.as_str(), address, payment.get()])?;
    Ok(())
}

/// Takes back the address that a payment holds, to rest until `available_at`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn release(
    txn: &Txn<'_>,
    network: &NetworkId,
    address: &str,
    payment: PaymentId,
    available_at: UnixMillis,
) -> Result<(), StoreError> {
    let sql = "UPDATE addresses SET held_by = NULL, available_ms = ?4
               WHERE network = ?1 AND address = ?2 AND held_by = ?3";
    let values = params![network.as_str(), address, payment.get(), available_at.get()];
    txn.connection.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

/// Takes an address out of its pool, or puts it back (`now` as `None`). False when there is no such address.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn retire(
    txn: &Txn<'_>,
    shop: ShopId,
    network: &NetworkId,
    address: &str,
    now: Option<UnixMillis>,
) -> Result<bool, StoreError> {
    let sql = "UPDATE addresses SET retired_ms = ?4 WHERE store_id = ?1 AND network = ?2 AND address = ?3";
    let values = params![shop.get(), network.as_str(), address, now.map(UnixMillis::get)];
    Ok(txn.connection.prepare_cached(sql)?.execute(values)? > 0)
}

/// Keeps how it was proved that the key of a shop's address is in the merchant's hands. False when there is no such
/// address.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn prove(
    txn: &Txn<'_>,
    shop: ShopId,
    network: &NetworkId,
    address: &str,
    proof: Proof,
    now: UnixMillis,
) -> Result<bool, StoreError> {
    let sql = "UPDATE addresses SET proof = ?4, proved_ms = ?5
               WHERE store_id = ?1 AND network = ?2 AND address = ?3";
    let values = params![shop.get(), network.as_str(), address, proof.word(), now.get()];
    Ok(txn.connection.prepare_cached(sql)?.execute(values)? > 0)
}

/// A shop's addresses after `after`, by age, at most `limit`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn of_shop(
    txn: &Txn<'_>,
    shop: ShopId,
    after: AddressId,
    limit: u32,
) -> Result<Vec<PoolAddress>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM addresses WHERE store_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3");
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let rows = statement
        .query_map(params![shop.get(), after.get(), limit], |row| from_row(txn, row))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// The addresses of a network that were added after `after`, of all shops, retired ones too: what its scanner
/// watches. At most `limit`, each with its row number to go on from.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn of_network(
    txn: &Txn<'_>,
    network: &NetworkId,
    after: AddressId,
    limit: u32,
) -> Result<Vec<(AddressId, String)>, StoreError> {
    let sql = "SELECT id, address FROM addresses WHERE network = ?1 AND id > ?2 ORDER BY id LIMIT ?3";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let rows = statement
        .query_map(params![network.as_str(), after.get(), limit], |row| {
            Ok((AddressId::new(row.get("id")?), row.get("address")?))
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// How many addresses of a network are watched.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn count_of_network(txn: &Txn<'_>, network: &NetworkId) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) AS count FROM addresses WHERE network = ?1";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .query_row([network.as_str()], |row| values::unsigned(row, "count"))?)
}
