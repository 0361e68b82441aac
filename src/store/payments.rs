//! Tables `payments` and `payment_numbers`.

use std::sync::Arc;

use rusqlite::{OptionalExtension as _, Row, named_params, params};

use super::Txn;
use super::error::StoreError;
use super::values::{self, bad};
use crate::domain::asset::Currency;
use crate::domain::ids::{PaymentId, PaymentNumber, PaymentToken, ShopId};
use crate::domain::money::{BaseUnits, FiatAmount};
use crate::domain::network::{Mode, NetworkId};
use crate::domain::payment::{Ask, LatestTransfer, Order, Payment, Progress};
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;

const COLUMNS: &str = "id, store_id, number, token, mode, status, network, currency, address, way, due, required, \
    confirmations, price_currency, price_minor, rate, rate_source, external_id, customer_email, redirect_url, \
    metadata, seen, settled, latest_txid, latest_height, created_ms, asked_ms, expires_ms, confirmed_ms";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Payment> {
    let number: String = row.get("number")?;
    let token: String = row.get("token")?;
    Ok(Payment {
        id: PaymentId::new(row.get("id")?),
        shop: ShopId::new(row.get("store_id")?),
        number: PaymentNumber::parse(&number).ok_or_else(|| bad("number", number))?,
        token: PaymentToken::parse(&token).ok_or_else(|| bad("token", "(hidden)"))?,
        mode: values::parsed(row, "mode")?,
        status: values::parsed(row, "status")?,
        ask: ask_from_row(row)?,
        order: Order {
            external_id: row.get("external_id")?,
            customer_email: row.get("customer_email")?,
            redirect_url: row.get("redirect_url")?,
            metadata: row.get("metadata")?,
        },
        progress: progress_from_row(row)?,
        created_at: values::time(row, "created_ms")?,
        asked_at: values::optional_time(row, "asked_ms")?,
        expires_at: values::time(row, "expires_ms")?,
        confirmed_at: values::optional_time(row, "confirmed_ms")?,
    })
}

fn ask_from_row(row: &Row<'_>) -> rusqlite::Result<Ask> {
    Ok(Ask {
        network: values::network(row, "network")?,
        currency: values::currency(row, "currency")?,
        address: row.get::<_, Arc<str>>("address")?,
        way: values::parsed(row, "way")?,
        due: values::units(row, "due")?,
        required: values::units(row, "required")?,
        confirmations: values::unsigned(row, "confirmations")?,
        price: FiatAmount {
            currency: values::parsed(row, "price_currency")?,
            minor: values::unsigned(row, "price_minor")?,
        },
        rate: values::parsed(row, "rate")?,
        rate_source: row.get("rate_source")?,
    })
}

fn progress_from_row(row: &Row<'_>) -> rusqlite::Result<Progress> {
    let txid: Option<Arc<str>> = row.get("latest_txid")?;
    let latest = match txid {
        Some(txid) => Some(LatestTransfer {
            txid,
            height: values::optional_unsigned(row, "latest_height")?,
        }),
        None => None,
    };
    Ok(Progress {
        seen: values::units(row, "seen")?,
        settled: values::units(row, "settled")?,
        latest,
    })
}

/// What a new payment is made of; its number is given by [`insert`].
#[derive(Debug, Clone)]
pub struct NewPayment {
    /// The shop that asked for it.
    pub shop: ShopId,
    /// The credential of its checkout page.
    pub token: PaymentToken,
    /// Test or live.
    pub mode: Mode,
    /// What the customer is asked to do.
    pub ask: Ask,
    /// What the merchant sent along.
    pub order: Order,
    /// Pending, or queued when there is nothing yet to tell the customer.
    pub status: Status,
    /// When it is made.
    pub created_at: UnixMillis,
    /// When its window ends.
    pub expires_at: UnixMillis,
}

/// Adds a payment under the next number of its year.
///
/// # Errors
/// [`StoreError::Sqlite`], also when another live payment has its address, or its amount at a shared one.
pub fn insert(txn: &Txn<'_>, new: NewPayment) -> Result<Payment, StoreError> {
    let number = next_number(txn, new.created_at)?;
    let asked_at = (new.status == Status::Pending).then_some(new.created_at);
    let sql = "INSERT INTO payments (store_id, number, token, mode, status, network, currency, address, way, due, required,
                   confirmations, price_currency, price_minor, rate, rate_source, external_id, customer_email,
                   redirect_url, metadata, created_ms, asked_ms, expires_ms)
               VALUES (:store_id, :number, :token, :mode, :status, :network, :currency, :address, :way, :due, :required,
                   :confirmations, :price_currency, :price_minor, :rate, :rate_source, :external_id,
                   :customer_email, :redirect_url, :metadata, :created_ms, :asked_ms, :expires_ms)";
    let id = txn.connection.prepare_cached(sql)?.insert(named_params! {
        ":store_id": new.shop.get(),
        ":number": number.as_str(),
        ":token": new.token.as_str(),
        ":mode": new.mode.word(),
        ":status": new.status.word(),
        ":network": new.ask.network.as_str(),
        ":currency": new.ask.currency.as_str(),
        ":address": &*new.ask.address,
        ":way": new.ask.way.word(),
        ":due": new.ask.due.to_string(),
        ":required": new.ask.required.to_string(),
        ":confirmations": new.ask.confirmations,
        ":price_currency": new.ask.price.currency.word(),
        ":price_minor": i64::try_from(new.ask.price.minor).map_err(|_| bad("price_minor", "too large"))?,
        ":rate": new.ask.rate.to_string(),
        ":rate_source": new.ask.rate_source,
        ":external_id": new.order.external_id,
        ":customer_email": new.order.customer_email,
        ":redirect_url": new.order.redirect_url,
        ":metadata": new.order.metadata,
        ":created_ms": new.created_at.get(),
        ":asked_ms": asked_at.map(UnixMillis::get),
        ":expires_ms": new.expires_at.get(),
    })?;
    Ok(Payment {
        id: PaymentId::new(id),
        shop: new.shop,
        number,
        token: new.token,
        mode: new.mode,
        status: new.status,
        ask: new.ask,
        order: new.order,
        progress: Progress::default(),
        created_at: new.created_at,
        asked_at,
        expires_at: new.expires_at,
        confirmed_at: None,
    })
}

fn next_number(txn: &Txn<'_>, now: UnixMillis) -> Result<PaymentNumber, StoreError> {
    let year = now.utc().map_or(1970, time::OffsetDateTime::year);
    let sql = "INSERT INTO payment_numbers (year, last) VALUES (?1, 1)
               ON CONFLICT (year) DO UPDATE SET last = last + 1 RETURNING last";
    let running: i64 = txn
        .connection
        .prepare_cached(sql)?
        .query_row([year], |row| row.get("last"))?;
    Ok(PaymentNumber::new(year, running))
}

/// Writes what has come of a payment: status, progress, time of confirmation, window. The database refuses a
/// status that cannot follow. Ends what [`mark_for_settling`] asked for.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn update(txn: &Txn<'_>, payment: &Payment) -> Result<(), StoreError> {
    let sql =
        "UPDATE payments SET status = :status, seen = :seen, settled = :settled, latest_txid = :latest_txid,
                   latest_height = :latest_height, confirmed_ms = :confirmed_ms, expires_ms = :expires_ms,
                   settle_due = 0
               WHERE id = :id";
    let latest = payment.progress.latest.as_ref();
    txn.connection.prepare_cached(sql)?.execute(named_params! {
        ":id": payment.id.get(),
        ":status": payment.status.word(),
        ":seen": payment.progress.seen.to_string(),
        ":settled": payment.progress.settled.to_string(),
        ":latest_txid": latest.map(|latest| &*latest.txid),
        ":latest_height": latest.and_then(|latest| latest.height).map(values::height),
        ":confirmed_ms": payment.confirmed_at.map(UnixMillis::get),
        ":expires_ms": payment.expires_at.get(),
    })?;
    Ok(())
}

/// Writes what a payment that waited for its turn asks for now, and since when.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn set_ask(txn: &Txn<'_>, payment: &Payment) -> Result<(), StoreError> {
    let sql = "UPDATE payments SET address = :address, due = :due, required = :required, rate = :rate,
                   rate_source = :rate_source, asked_ms = :asked_ms
               WHERE id = :id AND status = 'queued'";
    txn.connection.prepare_cached(sql)?.execute(named_params! {
        ":id": payment.id.get(),
        ":address": &*payment.ask.address,
        ":due": payment.ask.due.to_string(),
        ":required": payment.ask.required.to_string(),
        ":rate": payment.ask.rate.to_string(),
        ":rate_source": payment.ask.rate_source,
        ":asked_ms": payment.asked_at.map(UnixMillis::get),
    })?;
    Ok(())
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

/// The payment behind a checkout URL.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn by_token(txn: &Txn<'_>, token: &PaymentToken) -> Result<Option<Payment>, StoreError> {
    one(txn, "token", token.as_str())
}

fn many(txn: &Txn<'_>, rest: &str, values: impl rusqlite::Params) -> Result<Vec<Payment>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM payments {rest}");
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let payments = statement.query_map(values, from_row)?.collect::<Result<_, _>>()?;
    Ok(payments)
}

/// The payments that were given this address, newest first, at most `limit`.
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
        "WHERE network = ?1 AND address = ?2 ORDER BY id DESC LIMIT ?3",
        params![network.as_str(), address, limit],
    )
}

/// The payments that ever asked for exactly this amount of a currency at a shared address, newest first, at most
/// `limit`.
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
         ORDER BY id DESC LIMIT ?5",
        params![network.as_str(), address, currency.as_str(), amount.to_string(), limit],
    )
}

/// The queued payments of a network after `after`, the longest waiting first, at most `limit`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn queued(
    txn: &Txn<'_>,
    network: &NetworkId,
    after: PaymentId,
    limit: u32,
) -> Result<Vec<Payment>, StoreError> {
    many(
        txn,
        "INDEXED BY payments_queued WHERE network = ?1 AND status = 'queued' AND id > ?2 ORDER BY id LIMIT ?3",
        params![network.as_str(), after.get(), limit],
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
    // Once each: at a shared address there are many payments.
    let sql = "SELECT address FROM payments WHERE network = ?1 AND status IN ('pending', 'confirming')
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
    let (before, limit) = (before.get(), i64::from(limit));
    // A statement each, so that each is served by its own index.
    match (shop.map(ShopId::get), status.map(Status::word)) {
        (None, None) => many(
            txn,
            "WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
            params![before, limit],
        ),
        (Some(shop), None) => many(
            txn,
            "WHERE store_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3",
            params![shop, before, limit],
        ),
        (None, Some(status)) => many(
            txn,
            "WHERE status = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3",
            params![status, before, limit],
        ),
        (Some(shop), Some(status)) => many(
            txn,
            "WHERE store_id = ?1 AND status = ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4",
            params![shop, status, before, limit],
        ),
    }
}
