//! Tables `payments` and `payment_numbers`.

use std::sync::Arc;

use rusqlite::{OptionalExtension as _, Row, params};

use super::Txn;
use super::error::StoreError;
use super::shops;
use super::values::{self, Placed, bad};
use crate::domain::asset::Currency;
use crate::domain::ids::{KeyId, PaymentCode, PaymentId, PaymentNumber, PaymentToken, PaymentUuid, ShopId};
use crate::domain::money::{BaseUnits, FiatAmount};
use crate::domain::network::NetworkId;
use crate::domain::payment::{Ask, LatestTransfer, Order, Payment, Progress};
use crate::domain::price::Price;
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;

pub use writing::{NewPayment, insert, set_ask, update};

mod writing;

const COLUMNS: &str = "id, store_id, number, token, uuid, code, mode, origin, key_id, status, price_currency, \
    price_minor, price_network, price_asset, price_amount, usd_cents, network, currency, address, way, quoted, due, \
    required, confirmations, rate, rate_source, external_id, customer_email, description, redirect_url, fail_url, \
    metadata, seen, settled, latest_txid, latest_height, created_ms, asked_ms, expires_ms, confirmed_ms";

/// One of [`COLUMNS`].
macro_rules! column {
    ($name:literal) => {
        const { Placed::among(COLUMNS, $name) }
    };
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Payment> {
    let number: String = values::get(row, column!("number"))?;
    let token: String = values::get(row, column!("token"))?;
    let uuid: String = values::get(row, column!("uuid"))?;
    let code: u64 = values::unsigned(row, column!("code"))?;
    Ok(Payment {
        id: PaymentId::new(values::get(row, column!("id"))?),
        shop: ShopId::new(values::get(row, column!("store_id"))?),
        number: PaymentNumber::parse(&number).ok_or_else(|| bad("number", number))?,
        token: PaymentToken::parse(&token).ok_or_else(|| bad("token", "(hidden)"))?,
        uuid: PaymentUuid::parse(&uuid).ok_or_else(|| bad("uuid", "(hidden)"))?,
        code: PaymentCode::new(code).ok_or_else(|| bad("code", "(hidden)"))?,
        mode: values::parsed(row, column!("mode"))?,
        status: values::parsed(row, column!("status"))?,
        origin: values::parsed(row, column!("origin"))?,
        key: values::get::<Option<i64>>(row, column!("key_id"))?.map(KeyId::new),
        price: price_from_row(row)?,
        usd_cents: values::optional_unsigned(row, column!("usd_cents"))?,
        ask: ask_from_row(row)?,
        order: Order {
            external_id: values::get(row, column!("external_id"))?,
            customer_email: values::get(row, column!("customer_email"))?,
            description: values::get(row, column!("description"))?,
            redirect_url: values::get(row, column!("redirect_url"))?,
            fail_url: values::get(row, column!("fail_url"))?,
            metadata: values::get(row, column!("metadata"))?,
        },
        progress: progress_from_row(row)?,
        created_at: values::time(row, column!("created_ms"))?,
        asked_at: values::optional_time(row, column!("asked_ms"))?,
        expires_at: values::time(row, column!("expires_ms"))?,
        confirmed_at: values::optional_time(row, column!("confirmed_ms"))?,
    })
}

fn price_from_row(row: &Row<'_>) -> rusqlite::Result<Price> {
    if values::is_there(row, column!("price_currency"))? {
        return Ok(Price::Fiat(FiatAmount {
            currency: values::parsed(row, column!("price_currency"))?,
            minor: values::unsigned(row, column!("price_minor"))?,
        }));
    }
    Ok(Price::Asset {
        network: values::network(row, column!("price_network"))?,
        currency: values::currency(row, column!("price_asset"))?,
        amount: values::units(row, column!("price_amount"))?,
    })
}

fn ask_from_row(row: &Row<'_>) -> rusqlite::Result<Option<Ask>> {
    if !values::is_there(row, column!("network"))? {
        return Ok(None);
    }
    Ok(Some(Ask {
        network: values::network(row, column!("network"))?,
        currency: values::currency(row, column!("currency"))?,
        address: values::get::<Arc<str>>(row, column!("address"))?,
        way: values::parsed(row, column!("way"))?,
        quoted: values::units(row, column!("quoted"))?,
        due: values::units(row, column!("due"))?,
        required: values::units(row, column!("required"))?,
        confirmations: values::unsigned(row, column!("confirmations"))?,
        rate: values::parsed(row, column!("rate"))?,
        rate_source: values::get(row, column!("rate_source"))?,
    }))
}

fn progress_from_row(row: &Row<'_>) -> rusqlite::Result<Progress> {
    let txid: Option<Arc<str>> = values::get(row, column!("latest_txid"))?;
    let latest = match txid {
        Some(txid) => Some(LatestTransfer {
            txid,
            height: values::optional_unsigned(row, column!("latest_height"))?,
        }),
        None => None,
    };
    Ok(Progress {
        seen: values::units(row, column!("seen"))?,
        settled: values::units(row, column!("settled"))?,
        latest,
    })
}

/// The payments whose currency was not chosen before `time`, at most `limit`, the longest over first.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn selecting_too_long(txn: &Txn<'_>, time: UnixMillis, limit: u32) -> Result<Vec<Payment>, StoreError> {
    many(
        txn,
        "INDEXED BY payments_selecting WHERE status = 'selecting' AND expires_ms < ?1 ORDER BY expires_ms LIMIT ?2",
        params![time.get(), limit],
    )
}

/// Asks for a payment's money to be counted again.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn mark_for_settling(txn: &Txn<'_>, id: PaymentId) -> Result<(), StoreError> {
    txn.connection
        .prepare_cached("UPDATE payments SET settle_due = 1 WHERE id = ?1")?
        .execute([id.get()])?;
    Ok(())
}

/// How many payments of a network are marked to be counted again.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn count_marked(txn: &Txn<'_>, network: &NetworkId) -> Result<u32, StoreError> {
    let sql = "SELECT count(*) FROM payments WHERE network = ?1 AND settle_due = 1";
    let mut statement = txn.connection.prepare_cached(sql)?;
    Ok(statement.query_row([network.as_str()], |row| row.get(0))?)
}

fn one(txn: &Txn<'_>, condition: &str, value: impl rusqlite::ToSql) -> Result<Option<Payment>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM payments WHERE {condition} = ?1");
    Ok(txn
        .connection
        .prepare_cached(&sql)?
        .query_row(params![value], from_row)
        .optional()?)
}

/// The payment of this row number.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn by_id(txn: &Txn<'_>, id: PaymentId) -> Result<Option<Payment>, StoreError> {
    one(txn, "id", id.get())
}

/// The payment with this public number, of any shop.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn by_number(txn: &Txn<'_>, number: &PaymentNumber) -> Result<Option<Payment>, StoreError> {
    one(txn, "number", number.as_str())
}

/// The payments after `after` that have received anything, by age, at most `limit`.
pub(super) fn with_money(txn: &Txn<'_>, after: PaymentId, limit: u32) -> Result<Vec<Payment>, StoreError> {
    many(
        txn,
        "WHERE id > ?1 AND seen <> '0' ORDER BY id LIMIT ?2",
        params![after.get(), limit],
    )
}

/// The payment with this UUID, of any shop.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn by_uuid(txn: &Txn<'_>, uuid: &PaymentUuid) -> Result<Option<Payment>, StoreError> {
    one(txn, "uuid", uuid.as_str())
}

/// The payment with this code, of any shop.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn by_code(txn: &Txn<'_>, code: PaymentCode) -> Result<Option<Payment>, StoreError> {
    one(txn, "code", values::height(code.get()))
}

/// The payment behind a checkout URL.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn by_token(txn: &Txn<'_>, token: &PaymentToken) -> Result<Option<Payment>, StoreError> {
    one(txn, "token", token.as_str())
}

pub(super) fn many(
    txn: &Txn<'_>,
    rest: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<Payment>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM payments {rest}");
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let payments = statement.query_map(values, from_row)?.collect::<Result<_, _>>()?;
    Ok(payments)
}

// Who is asked last is the newest, not who was made last: a customer may choose long after the next one has paid.

/// Selects, by index alone, the row numbers of the payments that were given address `?2` of network `?1`: the one that has it
/// now, and of those that had it the `?3` that were asked last.
pub(super) const AT_ADDRESS: &str = "SELECT id FROM payments INDEXED BY payments_live_address
        WHERE network = ?1 AND address = ?2 AND way <> 'shared' AND is_open = 1
    UNION ALL SELECT id FROM (SELECT id FROM payments INDEXED BY payments_of_address
        WHERE network = ?1 AND address = ?2 AND (way = 'shared' OR is_open = 0) ORDER BY asked_ms DESC, id DESC LIMIT ?3)";

/// The payments that were given this address, those that were asked last first, at most `limit`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn of_address(
    txn: &Txn<'_>,
    network: &NetworkId,
    address: &str,
    limit: u32,
) -> Result<Vec<Payment>, StoreError> {
    many(
        txn,
        &format!("NOT INDEXED WHERE id IN ({AT_ADDRESS}) ORDER BY asked_ms DESC, id DESC LIMIT ?3"),
        params![network.as_str(), address, limit],
    )
}

/// The payments that ever asked for exactly this amount of a currency at a shared address, those that were asked last
/// first, at most `limit`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn of_amount(
    txn: &Txn<'_>,
    network: &NetworkId,
    address: &str,
    currency: &Currency,
    amount: BaseUnits,
    limit: u32,
) -> Result<Vec<Payment>, StoreError> {
    many(
        txn,
        "WHERE network = ?1 AND address = ?2 AND currency = ?3 AND due = ?4 AND way = 'shared' AND asked_ms IS NOT NULL
         ORDER BY asked_ms DESC, id DESC LIMIT ?5",
        params![network.as_str(), address, currency.as_str(), amount.to_string(), limit],
    )
}

/// The shops with payments that wait for their turn on a network, the shop of the longest waiting first.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn shops_queued(txn: &Txn<'_>, network: &NetworkId) -> Result<Vec<ShopId>, StoreError> {
    // From each shop to the next by the index: there may be many payments of each.
    let sql = "WITH RECURSIVE waiting (shop) AS (
            SELECT MIN(store_id) FROM payments INDEXED BY payments_queued WHERE network = ?1 AND status = 'queued'
            UNION ALL
            SELECT (SELECT MIN(store_id) FROM payments INDEXED BY payments_queued
                WHERE network = ?1 AND status = 'queued' AND store_id > waiting.shop)
            FROM waiting WHERE shop IS NOT NULL)
        SELECT shop FROM waiting WHERE shop IS NOT NULL
        ORDER BY (SELECT MIN(id) FROM payments INDEXED BY payments_queued
            WHERE network = ?1 AND status = 'queued' AND store_id = waiting.shop)";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let shops = statement
        .query_map([network.as_str()], |row| Ok(ShopId::new(row.get("shop")?)))?
        .collect::<Result<_, _>>()?;
    Ok(shops)
}

/// The queued payments of a shop on a network after `after`, the longest waiting first, at most `limit`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn queued(
    txn: &Txn<'_>,
    network: &NetworkId,
    shop: ShopId,
    after: PaymentId,
    limit: u32,
) -> Result<Vec<Payment>, StoreError> {
    many(
        txn,
        "INDEXED BY payments_queued WHERE network = ?1 AND store_id = ?2 AND status = 'queued' AND id > ?3
         ORDER BY id LIMIT ?4",
        params![network.as_str(), shop.get(), after.get(), limit],
    )
}

/// The quoted amounts of the payments that wait for one at a shared address, the longest waiting first, at most
/// `limit`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn queued_amounts(
    txn: &Txn<'_>,
    network: &NetworkId,
    address: &str,
    currency: &Currency,
    limit: u32,
) -> Result<Vec<BaseUnits>, StoreError> {
    let sql = "SELECT due FROM payments
               WHERE network = ?1 AND address = ?2 AND currency = ?3 AND status = 'queued' ORDER BY id LIMIT ?4";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let values = params![network.as_str(), address, currency.as_str(), limit];
    let amounts = statement
        .query_map(values, |row| values::units(row, "due"))?
        .collect::<Result<_, _>>()?;
    Ok(amounts)
}

/// The queued payments of a network whose time to wait ended before `time`, at most `limit`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn queued_too_long(
    txn: &Txn<'_>,
    network: &NetworkId,
    time: UnixMillis,
    limit: u32,
) -> Result<Vec<Payment>, StoreError> {
    many(
        txn,
        "INDEXED BY payments_queued WHERE network = ?1 AND status = 'queued' AND expires_ms < ?2
         ORDER BY id LIMIT ?3",
        params![network.as_str(), time.get(), limit],
    )
}

// SQLite uses the partial index `payments_open` only where its condition stands word for word; hence the conditions
// below that look as if they said one thing twice.

/// The payments of a network whose money has to be counted again: marked ones and confirming ones. At most
/// `limit` after `after`, by row number.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn to_settle(
    txn: &Txn<'_>,
    network: &NetworkId,
    after: PaymentId,
    limit: u32,
) -> Result<Vec<Payment>, StoreError> {
    many(
        txn,
        "WHERE id IN (SELECT id FROM payments WHERE network = ?1 AND settle_due = 1 AND id > ?2
                      UNION SELECT id FROM payments WHERE network = ?1 AND status IN ('pending', 'confirming') AND status = 'confirming'
                          AND id > ?2)
         ORDER BY id LIMIT ?3",
        params![network.as_str(), after.get(), limit],
    )
}

/// Pending payments of a network whose window ended before `time`, those in its own coin before `native` too; at most
/// `limit`, the longest over first.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn window_over(
    txn: &Txn<'_>,
    network: &NetworkId,
    time: UnixMillis,
    native: UnixMillis,
    limit: u32,
) -> Result<Vec<Payment>, StoreError> {
    many(
        txn,
        "WHERE network = ?1 AND status IN ('pending', 'confirming') AND status = 'pending' AND expires_ms < ?2
             AND (currency <> ?4 OR expires_ms < ?5)
         ORDER BY expires_ms LIMIT ?3",
        params![network.as_str(), time.get(), limit, Currency::NATIVE, native.get()],
    )
}

/// The addresses of a network's payments that wait for money or confirmations, at most `limit`, those that wait longest
/// first.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn open_addresses(txn: &Txn<'_>, network: &NetworkId, limit: u32) -> Result<Vec<Arc<str>>, StoreError> {
    // Once each: at a shared address there are many payments. Without a word about the index, that of all addresses
    // that ever were would be walked, for the sake of its order.
    let sql = "SELECT address FROM payments INDEXED BY payments_open WHERE network = ?1 AND status IN ('pending', 'confirming')
               GROUP BY address ORDER BY MAX(expires_ms) DESC LIMIT ?2";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let rows = statement
        .query_map(params![network.as_str(), limit], |row| row.get("address"))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Whether a network has a payment that waits for its turn, for money or for confirmations.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn any_open(txn: &Txn<'_>, network: &NetworkId) -> Result<bool, StoreError> {
    let sql = "SELECT 1 WHERE EXISTS (SELECT 1 FROM payments WHERE network = ?1 AND status IN ('pending', 'confirming'))
                   OR EXISTS (SELECT 1 FROM payments INDEXED BY payments_queued WHERE network = ?1 AND status = 'queued')";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .query_row([network.as_str()], |_| Ok(()))
        .optional()?
        .is_some())
}

/// Payments on a network that wait for money or confirmations, counted up to `count_max`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn count_open(txn: &Txn<'_>, network: &NetworkId, count_max: u32) -> Result<u32, StoreError> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM payments INDEXED BY payments_open
                                      WHERE network = ?1 AND status IN ('pending', 'confirming') LIMIT ?2)";
    let mut statement = txn.connection.prepare_cached(sql)?;
    Ok(statement.query_row(params![network.as_str(), count_max], |row| row.get(0))?)
}

/// Payments before `before`, newest first, of one shop or all, in one status or any. At most `limit`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn page(
    txn: &Txn<'_>,
    shop: Option<ShopId>,
    status: Option<Status>,
    before: PaymentId,
    limit: u32,
) -> Result<Vec<Payment>, StoreError> {
    let (row, count) = (before.get(), i64::from(limit));
    // A statement each, so that each is served by its own index.
    match (shop.map(ShopId::get), status.map(Status::word)) {
        (None, None) => many(
            txn,
            "WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
            params![row, count],
        ),
        (Some(shop), None) => many(
            txn,
            // Merged, row by row, of what is in order already.
            "NOT INDEXED WHERE id IN (
                 SELECT id FROM payments INDEXED BY payments_of_store_by_mode WHERE store_id = ?1 AND mode = 'live' AND id < ?2
                 UNION ALL
                 SELECT id FROM payments INDEXED BY payments_of_store_by_mode WHERE store_id = ?1 AND mode = 'test' AND id < ?2
                 ORDER BY id DESC LIMIT ?3)
             ORDER BY id DESC",
            params![shop, row, count],
        ),
        (None, Some(_)) => {
            let mut found = Vec::new();
            for shop in shops::all(txn)? {
                found.extend(page(txn, Some(shop.id), status, before, limit)?);
            }
            found.sort_unstable_by_key(|payment| std::cmp::Reverse(payment.id));
            found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            Ok(found)
        }
        (Some(shop), Some(status)) => many(
            txn,
            "WHERE store_id = ?1 AND status = ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4",
            params![shop, status, row, count],
        ),
    }
}
