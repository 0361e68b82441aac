//! Writes payments: a new one under its number, what it asks for, what has come of it.

use rusqlite::{named_params, params};

use super::bad;
use crate::domain::ids::{KeyId, PaymentCode, PaymentId, PaymentNumber, PaymentToken, PaymentUuid, ShopId};
use crate::domain::network::Mode;
use crate::domain::payment::{Ask, Order, Origin, Payment, Progress};
use crate::domain::price::Price;
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;
use crate::store::{StoreError, Txn, figures, received, values};

/// What a new payment is made of; its number is given by [`insert`].
#[derive(Debug, Clone)]
pub struct NewPayment {
    /// The shop that asked for it.
    pub shop: ShopId,
    /// The credential of its checkout page.
    pub token: PaymentToken,
    /// Its name as a UUID.
    pub uuid: PaymentUuid,
    /// Its name as a number.
    pub code: PaymentCode,
    /// Test or live.
    pub mode: Mode,
    /// Who asked for it.
    pub origin: Origin,
    /// The API key it is made with.
    pub key: Option<KeyId>,
    /// What it costs.
    pub price: Price,
    /// What that is worth in US cents, where that is known.
    pub usd_cents: Option<u64>,
    /// What the customer is asked to do; `None` while the customer has yet to choose.
    pub ask: Option<Ask>,
    /// What the merchant sent along.
    pub order: Order,
    /// Pending; queued when there is nothing yet to tell the customer; selecting when there is something to choose.
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
    // By place: to find 34 names among each other takes as long as some of the indexes.
    let sql = "INSERT INTO payments (store_id, number, token, uuid, code, mode, origin, key_id, status, price_currency,
                   price_minor, price_network, price_asset, price_amount, usd_cents, network, currency, address, way,
                   quoted, due, required, confirmations, rate, rate_source, external_id, customer_email, description,
                   redirect_url, fail_url, metadata, created_ms, asked_ms, expires_ms)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
                   ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34)";
    let price = PriceColumns::of(&new.price)?;
    let ask = new.ask.as_ref();
    let id = txn.connection.prepare_cached(sql)?.insert(params![
        new.shop.get(),
        number.as_str(),
        new.token.as_str(),
        new.uuid.as_str(),
        values::height(new.code.get()),
        new.mode.word(),
        new.origin.word(),
        new.key.map(KeyId::get),
        new.status.word(),
        price.fiat,
        price.minor,
        price.network,
        price.asset,
        price.amount,
        new.usd_cents.map(values::height),
        ask.map(|ask| ask.network.as_str()),
        ask.map(|ask| ask.currency.as_str()),
        ask.map(|ask| &*ask.address),
        ask.map(|ask| ask.way.word()),
        ask.map(|ask| ask.quoted.to_string()),
        ask.map(|ask| ask.due.to_string()),
        ask.map(|ask| ask.required.to_string()),
        ask.map(|ask| ask.confirmations),
        ask.map(|ask| ask.rate.to_string()),
        ask.map(|ask| &ask.rate_source),
        new.order.external_id,
        new.order.customer_email,
        new.order.description,
        new.order.redirect_url,
        new.order.fail_url,
        new.order.metadata,
        new.created_at.get(),
        asked_at.map(UnixMillis::get),
        new.expires_at.get(),
    ])?;
    let payment = Payment {
        id: PaymentId::new(id),
        shop: new.shop,
        number,
        token: new.token,
        uuid: new.uuid,
        code: new.code,
        mode: new.mode,
        status: new.status,
        origin: new.origin,
        key: new.key,
        price: new.price,
        usd_cents: new.usd_cents,
        ask: new.ask,
        order: new.order,
        progress: Progress::default(),
        created_at: new.created_at,
        asked_at,
        expires_at: new.expires_at,
        confirmed_at: None,
    };
    figures::count_new(
        txn,
        payment.shop,
        payment.mode.word(),
        payment.created_at,
        payment.status.word(),
    )?;
    Ok(payment)
}

/// A price as the columns hold it: in money or in an asset, never both.
#[derive(Default)]
struct PriceColumns<'a> {
    fiat: Option<&'static str>,
    minor: Option<i64>,
    network: Option<&'a str>,
    asset: Option<&'a str>,
    amount: Option<String>,
}

impl<'a> PriceColumns<'a> {
    fn of(price: &'a Price) -> Result<Self, StoreError> {
        Ok(match price {
            Price::Fiat(price) => Self {
                fiat: Some(price.currency.word()),
                minor: Some(i64::try_from(price.minor).map_err(|_| bad("price_minor", "too large"))?),
                ..Self::default()
            },
            Price::Asset {
                network,
                currency,
                amount,
            } => Self {
                network: Some(network.as_str()),
                asset: Some(currency.as_str()),
                amount: Some(amount.to_string()),
                ..Self::default()
            },
        })
    }
}

fn next_number(txn: &Txn<'_>, now: UnixMillis) -> Result<PaymentNumber, StoreError> {
    let year = now.utc().map_or(1970, time::OffsetDateTime::year);
    // Without `RETURNING`, for which SQLite makes a table and throws it away each time.
    let counted = txn
        .connection
        .prepare_cached("UPDATE payment_numbers SET last = last + 1 WHERE year = ?1")?
        .execute([year])?;
    if counted == 0 {
        txn.connection
            .prepare_cached("INSERT INTO payment_numbers (year, last) VALUES (?1, 1)")?
            .execute([year])?;
    }
    let running = txn
        .connection
        .prepare_cached("SELECT last FROM payment_numbers WHERE year = ?1")?
        .query_row([year], |row| row.get(0))?;
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
    received::count(txn, payment)?;
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

/// Writes what a payment asks for that had yet to be chosen, or waited for its turn, and since when it is asked. Its
/// status is written by [`update`], in the same transaction.
///
/// # Errors
/// [`StoreError::NotChosen`] when it asks for nothing, [`StoreError::Sqlite`].
pub fn set_ask(txn: &Txn<'_>, payment: &Payment) -> Result<(), StoreError> {
    let sql = "UPDATE payments SET network = :network, currency = :currency, address = :address,
                   way = :way, quoted = :quoted, due = :due, required = :required, confirmations = :confirmations,
                   rate = :rate, rate_source = :rate_source, usd_cents = :usd_cents, asked_ms = :asked_ms
               WHERE id = :id AND status IN ('selecting', 'queued')";
    let ask = payment.chosen()?;
    txn.connection.prepare_cached(sql)?.execute(named_params! {
        ":id": payment.id.get(),
        ":network": ask.network.as_str(),
        ":currency": ask.currency.as_str(),
        ":address": &*ask.address,
        ":way": ask.way.word(),
        ":quoted": ask.quoted.to_string(),
        ":due": ask.due.to_string(),
        ":required": ask.required.to_string(),
        ":confirmations": ask.confirmations,
        ":rate": ask.rate.to_string(),
        ":rate_source": ask.rate_source,
        ":usd_cents": payment.usd_cents.map(values::height),
        ":asked_ms": payment.asked_at.map(UnixMillis::get),
    })?;
    Ok(())
}
