//! Fills a fresh database with two years of a busy merchant, for measuring: stores, payments of every status, their
//! transfers, events, deliveries and attempts. Never over real payments. Rows are put in place as they are, a hundred
//! thousand to a transaction, with the indexes made afterwards; not for a database that somebody else has open.

mod rows;

use rusqlite::{Connection, OpenFlags, params};

use self::rows::Rows;
use super::error::StoreError;
use super::{
    Database, Options, Txn, addresses, connect, endpoints, figures, listing, received, shops, vault::Vault,
};
use crate::ambient::Random;
use crate::domain::address::Address;
use crate::domain::event::EventKind;
use crate::domain::ids::ShopId;
use crate::domain::network::NetworkId;
use crate::domain::shop::{Dialect, Format, Rules};
use crate::domain::time::UnixMillis;

/// How much there is to be.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Payments.
    pub payments: u64,
    /// Events at least, each with a delivery and an attempt: of the newest payments, until there are so many.
    pub events: u64,
    /// When the last payment was made; the first one two years before.
    pub until: UnixMillis,
}

/// What was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seeded {
    /// Payments.
    pub payments: u64,
    /// Transfers.
    pub transfers: u64,
    /// Events.
    pub events: u64,
    /// Deliveries.
    pub deliveries: u64,
}

/// Payments of one transaction.
const CHUNK: u64 = 100_000;

/// Addresses of a pool.
const POOL: u32 = 500;

/// The stores: a big one, a middling one, a small one.
const SHOPS: [(&str, Dialect, &str); 3] = [
    ("Nordwind", Dialect::Payhook, "EUR"),
    ("Harbour Records", Dialect::Soko, "USD"),
    ("Atelier Minh", Dialect::CryptoPay, "USD"),
];

/// The networks that they receive on, live and simulated.
const NETWORKS: [&str; 6] = [
    "ethereum",
    "bsc",
    "tron",
    "test-ethereum",
    "test-bsc",
    "test-tron",
];

/// Fills the database of `options`, which is made where there is none.
///
/// # Errors
/// [`StoreError::NotEmpty`] when there are payments in it, and those of the store.
pub async fn seed(options: &Options, plan: &Plan, random: &dyn Random) -> Result<Seeded, StoreError> {
    Database::open(options, random)?.close().await;
    let vault = Vault::open(&options.key_file, false, random)?;
    let mut connection = connect(options, OpenFlags::default())?;
    if connection.prepare("SELECT 1 FROM payments")?.exists([])? {
        return Err(StoreError::NotEmpty);
    }
    connection.execute_batch(
        "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -262144; PRAGMA temp_store = MEMORY;",
    )?;
    let pools = prepare(&mut connection, &vault, plan, random)?;
    let laid_aside = lay_aside(&connection)?;
    let mut rows = Rows::new(*plan, pools);
    let mut from = 0;
    while from < plan.payments {
        let to = from.saturating_add(CHUNK).min(plan.payments);
        let transaction = connection.transaction()?;
        rows.write(&transaction, from, to)?;
        transaction.commit()?;
        from = to;
    }
    let transaction = connection.transaction()?;
    rows.write_sums(&transaction)?;
    for sql in &laid_aside {
        transaction.execute_batch(sql)?;
    }
    let txn = Txn {
        connection: &transaction,
        vault: &vault,
    };
    figures::recount(&txn)?;
    listing::recount(&txn)?;
    received::add_up(&txn)?;
    transaction.commit()?;
    connection.execute_batch("PRAGMA journal_mode = WAL")?;
    Ok(rows.made)
}

/// The addresses of each store on each network, by the places of both.
type Pools = Vec<Vec<Vec<String>>>;

/// Makes the stores, their endpoints and addresses.
fn prepare(
    connection: &mut Connection,
    vault: &Vault,
    plan: &Plan,
    random: &dyn Random,
) -> Result<Pools, StoreError> {
    let transaction = connection.transaction()?;
    let txn = Txn {
        connection: &transaction,
        vault,
    };
    let began = rows::began(plan);
    let mut pools = Pools::new();
    for (name, dialect, fiat) in SHOPS {
        let shop = shops::insert(&txn, name, dialect, None, &Rules::default(), began)?;
        transaction.execute(
            "UPDATE stores SET fiat = ?2 WHERE id = ?1",
            params![shop.get(), fiat],
        )?;
        let new = endpoints::NewEndpoint {
            shop,
            url: "https://shop.invalid/hooks/payd",
            format: Format::Payhook,
            key: None,
            events: EventKind::ALL,
            secret: "whsec_of_a_store_that_is_not_there",
        };
        let endpoint = endpoints::insert(&txn, &new, began, random)?;
        // Nothing is to be sent.
        endpoints::disable(&txn, endpoint, plan.until)?;
        let of_networks = NETWORKS.iter().map(|network| pool(&txn, shop, network, began));
        pools.push(of_networks.collect::<Result<_, _>>()?);
    }
    transaction.commit()?;
    Ok(pools)
}

fn pool(txn: &Txn<'_>, shop: ShopId, network: &str, began: UnixMillis) -> Result<Vec<String>, StoreError> {
    let Some(id) = NetworkId::parse(network) else {
        return Ok(Vec::new());
    };
    let mut all = Vec::new();
    for place in 0..POOL {
        let account = rows::account(shop, network, place);
        let address = if network.ends_with("tron") {
            Address::from_tron_account(account)
        } else {
            Address::from_evm_account(account)
        };
        addresses::insert(txn, shop, &id, &address, began)?;
        all.push(address.text().to_string());
    }
    Ok(all)
}

/// Takes away the indexes and triggers of the tables that are filled, and gives the statements that make them again.
fn lay_aside(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT type, name, sql FROM sqlite_schema
               WHERE type IN ('index', 'trigger') AND sql IS NOT NULL
                   AND tbl_name IN ('payments', 'transfers', 'events', 'deliveries', 'attempts')
               ORDER BY type, name";
    let mut statement = connection.prepare(sql)?;
    let found: Vec<(String, String, String)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    for (kind, name, _) in &found {
        connection.execute_batch(&format!("DROP {kind} {name}"))?;
    }
    Ok(found.into_iter().map(|(.., sql)| sql).collect())
}

#[cfg(test)]
mod tests;
