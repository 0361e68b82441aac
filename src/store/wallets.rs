//! Table `wallets`: how stores receive on networks. Each row carries an authenticator over all that decides where a
//! customer is told to pay how much.

use std::sync::Arc;

use rusqlite::{OptionalExtension as _, Row, named_params, params};

use super::Txn;
use super::error::StoreError;
use super::values;
use crate::domain::ids::{ShopId, WalletId};
use crate::domain::network::NetworkId;
use crate::domain::time::UnixMillis;
use crate::domain::wallet::{Slots, Wallet, Way};

const COLUMNS: &str = "id, store_id, network, way, account, mac, first_index, next_index, paid_index, slots, \
    slot_digits, created_ms, retired_ms";

fn from_row(txn: &Txn<'_>, row: &Row<'_>) -> rusqlite::Result<Wallet> {
    let (shop, network, account): (i64, String, Arc<str>) =
        (row.get("store_id")?, row.get("network")?, row.get("account")?);
    let way: Way = values::parsed(row, "way")?;
    let mac: Vec<u8> = row.get("mac")?;
    let count: Option<u32> = values::optional_unsigned(row, "slots")?;
    let digits: Option<u8> = values::optional_unsigned(row, "slot_digits")?;
    let slots = count.zip(digits).map(|(count, digits)| Slots { count, digits });
    let rest = [way.word(), &*account, &slots_text(slots)];
    Ok(Wallet {
        id: WalletId::new(row.get("id")?),
        shop: ShopId::new(shop),
        is_authentic: txn.vault.is_authentic_wallet(shop, &network, rest, &mac),
        network: values::network(row, "network")?,
        way,
        account,
        first_index: values::unsigned(row, "first_index")?,
        next_index: values::unsigned(row, "next_index")?,
        paid_index: values::optional_unsigned(row, "paid_index")?,
        slots,
        created_at: values::time(row, "created_ms")?,
        retired_at: values::optional_time(row, "retired_ms")?,
    })
}

/// The setting of amounts as the authenticator covers it.
fn slots_text(slots: Option<Slots>) -> String {
    slots.map_or_else(String::new, |slots| format!("{}/{}", slots.count, slots.digits))
}

/// What a new wallet is made of.
#[derive(Debug, Clone)]
pub struct NewWallet<'a> {
    /// The store.
    pub shop: ShopId,
    /// The network.
    pub network: &'a NetworkId,
    /// How payments are told apart.
    pub way: Way,
    /// The account or the address, in its canonical text; empty for the pool.
    pub account: &'a str,
    /// `xpub`: the child that the first payment gets.
    pub first_index: u32,
    /// `shared`: how amounts of a stablecoin are told apart, when the store sets it.
    pub slots: Option<Slots>,
}

/// Has a store receive in another way on a network from now on. The wallet before it is kept, retired.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn replace(txn: &Txn<'_>, new: &NewWallet<'_>, now: UnixMillis) -> Result<WalletId, StoreError> {
    let sql =
        "UPDATE wallets SET retired_ms = ?3 WHERE store_id = ?1 AND network = ?2 AND retired_ms IS NULL";
    let values = params![new.shop.get(), new.network.as_str(), now.get()];
    txn.connection.prepare_cached(sql)?.execute(values)?;
    let rest = [new.way.word(), new.account, &slots_text(new.slots)];
    let sql = "INSERT INTO wallets (store_id, network, way, account, mac, first_index, next_index, slots, slot_digits,
                   created_ms)
               VALUES (:store_id, :network, :way, :account, :mac, :index, :index, :slots, :slot_digits, :created_ms)";
    let id = txn.connection.prepare_cached(sql)?.insert(named_params! {
        ":store_id": new.shop.get(),
        ":network": new.network.as_str(),
        ":way": new.way.word(),
        ":account": new.account,
        ":mac": txn.vault.wallet_mac(new.shop.get(), new.network.as_str(), rest),
        ":index": new.first_index,
        ":slots": new.slots.map(|slots| slots.count),
        ":slot_digits": new.slots.map(|slots| slots.digits),
        ":created_ms": now.get(),
    })?;
    Ok(WalletId::new(id))
}

/// How a store receives on a network now; from its pool when there is none.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn in_use(txn: &Txn<'_>, shop: ShopId, network: &NetworkId) -> Result<Option<Wallet>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM wallets WHERE store_id = ?1 AND network = ?2 AND retired_ms IS NULL");
    Ok(txn
        .connection
        .prepare_cached(&sql)?
        .query_row(params![shop.get(), network.as_str()], |row| from_row(txn, row))
        .optional()?)
}

/// The wallets that a store has or had, by age. There are never many.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn of_shop(txn: &Txn<'_>, shop: ShopId) -> Result<Vec<Wallet>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM wallets WHERE store_id = ?1 ORDER BY id");
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let wallets = statement
        .query_map([shop.get()], |row| from_row(txn, row))?
        .collect::<Result<_, _>>()?;
    Ok(wallets)
}

/// The wallets of all stores that receive or received with any account on a network, by age. There are never many.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn with_accounts(txn: &Txn<'_>, network: &NetworkId) -> Result<Vec<Wallet>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM wallets WHERE network = ?1 AND way = 'xpub' ORDER BY id");
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let wallets = statement
        .query_map([network.as_str()], |row| from_row(txn, row))?
        .collect::<Result<_, _>>()?;
    Ok(wallets)
}

/// Moves a wallet on to the child after `taken`, unless it is further already.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn take_index(txn: &Txn<'_>, id: WalletId, taken: u32) -> Result<(), StoreError> {
    let sql = "UPDATE wallets SET next_index = ?2 WHERE id = ?1 AND next_index < ?2";
    txn.connection
        .prepare_cached(sql)?
        .execute(params![id.get(), taken.saturating_add(1)])?;
    Ok(())
}

/// Keeps that a child has received money.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn note_paid(txn: &Txn<'_>, id: WalletId, index: u32) -> Result<(), StoreError> {
    let sql = "UPDATE wallets SET paid_index = ?2 WHERE id = ?1 AND (paid_index IS NULL OR paid_index < ?2)";
    txn.connection
        .prepare_cached(sql)?
        .execute(params![id.get(), index])?;
    Ok(())
}
