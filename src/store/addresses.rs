//! Table `addresses`: every address that a customer was or may be told to pay to. Each row carries an authenticator
//! that is checked before a pool's is given out.

mod reading;

use std::sync::Arc;

use rusqlite::{OptionalExtension as _, Row, named_params, params};

pub use self::reading::{PoolCount, page, pool_counts, pool_counts_of, received_at, used_at};
use super::Txn;
use super::error::StoreError;
use super::values;
use crate::domain::address::Address;
use crate::domain::ids::{AddressId, PaymentId, ShopId, WalletId};
use crate::domain::network::NetworkId;
use crate::domain::proof::Proof;
use crate::domain::time::UnixMillis;
use crate::domain::wallet::Way;

const COLUMNS: &str = "id, store_id, network, address, mac, available_ms, held_by, created_ms, retired_ms, way, \
    wallet_id, child_index, proof, proved_ms";

/// A receive address.
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
    /// How payments to it are told apart.
    pub way: Way,
    /// The wallet it belongs to, unless it is of the pool.
    pub wallet: Option<WalletId>,
    /// Which child of the wallet's account it is.
    pub child_index: Option<u32>,
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
        way: values::parsed(row, "way")?,
        wallet: row.get::<_, Option<i64>>("wallet_id")?.map(WalletId::new),
        child_index: values::optional_unsigned(row, "child_index")?,
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
    insert_of(txn, shop, network, address, Origin::Pool, now)
}

/// Where an address comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The merchant added it to the pool.
    Pool,
    /// It is a child of a wallet's account.
    Child {
        /// The wallet.
        wallet: WalletId,
        /// Which child.
        index: u32,
    },
    /// It is the one address of a wallet.
    Shared {
        /// The wallet.
        wallet: WalletId,
    },
}

/// Adds an address, so that it is watched from now on and for ever.
///
/// # Errors
/// [`StoreError::Duplicate`] when any shop has it already on this network.
pub fn insert_of(
    txn: &Txn<'_>,
    shop: ShopId,
    network: &NetworkId,
    address: &Address,
    origin: Origin,
    now: UnixMillis,
) -> Result<AddressId, StoreError> {
    let (way, wallet, child_index) = match origin {
        Origin::Pool => (Way::Pool, None, None),
        Origin::Child { wallet, index } => (Way::Xpub, Some(wallet), Some(index)),
        Origin::Shared { wallet } => (Way::Shared, Some(wallet), None),
    };
    let sql =
        "INSERT INTO addresses (store_id, network, address, mac, way, wallet_id, child_index, created_ms)
               VALUES (:store_id, :network, :address, :mac, :way, :wallet_id, :child_index, :created_ms)";
    let inserted = txn.connection.prepare_cached(sql)?.insert(named_params! {
        ":store_id": shop.get(),
        ":network": network.as_str(),
        ":address": &**address.text(),
        ":mac": txn.vault.address_mac(shop.get(), network.as_str(), address.text()),
        ":way": way.word(),
        ":wallet_id": wallet.map(WalletId::get),
        ":child_index": child_index,
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

/// An address of a pool that can be given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeAddress {
    /// Row number.
    pub id: AddressId,
    /// Its canonical text.
    pub address: Arc<str>,
    /// Whether the row is as payd wrote it.
    pub is_authentic: bool,
}

/// The longest rested of the free addresses of a pool that `is_wanted`. At most `limit` of them are looked at, and no more
/// than it takes.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn longest_free(
    txn: &Txn<'_>,
    shop: ShopId,
    network: &NetworkId,
    now: UnixMillis,
    limit: u32,
    mut is_wanted: impl FnMut(&FreeAddress) -> bool,
) -> Result<Option<FreeAddress>, StoreError> {
    // No more than what is used of it: this runs for every payment.
    let sql = "SELECT id, address, mac FROM addresses
               WHERE store_id = ?1 AND network = ?2 AND held_by IS NULL AND retired_ms IS NULL AND way = 'pool'
                   AND available_ms <= ?3
               ORDER BY available_ms, id LIMIT ?4";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![shop.get(), network.as_str(), now.get(), limit])?;
    while let Some(row) = rows.next()? {
        let address: Arc<str> = row.get(1)?;
        let mac = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        let found = FreeAddress {
            id: AddressId::new(row.get(0)?),
            is_authentic: txn
                .vault
                .is_authentic(shop.get(), network.as_str(), &address, mac),
            address,
        };
        if is_wanted(&found) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Whether a pool has any address that is not retired, free or not.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn has_any(txn: &Txn<'_>, shop: ShopId, network: &NetworkId) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM addresses WHERE store_id = ?1 AND network = ?2 AND retired_ms IS NULL AND way = 'pool' LIMIT 1";
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

/// A shop's address by its row number.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn by_id(txn: &Txn<'_>, shop: ShopId, id: AddressId) -> Result<Option<PoolAddress>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM addresses WHERE id = ?1 AND store_id = ?2");
    Ok(txn
        .connection
        .prepare_cached(&sql)?
        .query_row(params![id.get(), shop.get()], |row| from_row(txn, row))
        .optional()?)
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

/// Has a shared address belong to another wallet of the same shop.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn set_wallet(txn: &Txn<'_>, id: AddressId, wallet: WalletId) -> Result<(), StoreError> {
    let sql = "UPDATE addresses SET wallet_id = ?2, retired_ms = NULL WHERE id = ?1 AND way = 'shared'";
    txn.connection
        .prepare_cached(sql)?
        .execute(params![id.get(), wallet.get()])?;
    Ok(())
}

/// A child of an account that was given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// Which child.
    pub index: u32,
    /// Its address.
    pub address: String,
    /// The payment it was given to; a child is never given out again.
    pub payment: Option<PaymentId>,
    /// Whether any money was ever recorded there.
    pub is_paid: bool,
    /// When it was given out.
    pub created_at: UnixMillis,
}

/// The children of a wallet from `index_min` on, in order, at most `limit`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn children(
    txn: &Txn<'_>,
    wallet: WalletId,
    index_min: u32,
    limit: u32,
) -> Result<Vec<Child>, StoreError> {
    let sql = "SELECT child_index, address, created_ms,
                   COALESCE((SELECT id FROM payments INDEXED BY payments_live_address
                             WHERE network = addresses.network AND address = addresses.address
                                 AND way <> 'shared' AND is_open = 1),
                       (SELECT id FROM payments INDEXED BY payments_of_address
                             WHERE network = addresses.network AND address = addresses.address
                                 AND (way = 'shared' OR is_open = 0) ORDER BY asked_ms, id LIMIT 1)) AS payment_id,
                   EXISTS (SELECT 1 FROM transfers WHERE network = addresses.network AND address = addresses.address)
                       AS is_paid
               FROM addresses WHERE wallet_id = ?1 AND child_index >= ?2 AND child_index IS NOT NULL
               ORDER BY child_index LIMIT ?3";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let rows = statement
        .query_map(params![wallet.get(), index_min, limit], |row| {
            Ok(Child {
                index: values::unsigned(row, "child_index")?,
                address: row.get("address")?,
                payment: row.get::<_, Option<i64>>("payment_id")?.map(PaymentId::new),
                is_paid: row.get("is_paid")?,
                created_at: values::time(row, "created_ms")?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}
