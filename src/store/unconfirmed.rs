//! Table `unconfirmed`: money that was seen to wait for a block, for the payment it is for.

use rusqlite::{OptionalExtension as _, Row, named_params, params};

use super::Txn;
use super::error::StoreError;
use super::values;
use crate::domain::ids::PaymentId;
use crate::domain::network::NetworkId;
use crate::domain::time::UnixMillis;
use crate::domain::transfer::UnconfirmedTransfer;

const COLUMNS: &str = "id, txid, position, currency, address, amount, payment_id, first_seen_ms, missed";

/// A row that was not given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Row number.
    pub id: i64,
    /// What was seen.
    pub seen: UnconfirmedTransfer,
    /// The payment it is for.
    pub payment: PaymentId,
    /// When it was first seen.
    pub first_seen_at: UnixMillis,
    /// How many looks at its address it was missing from, in a row.
    pub missed: u32,
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Waiting> {
    Ok(Waiting {
        id: row.get("id")?,
        seen: UnconfirmedTransfer {
            txid: row.get("txid")?,
            position: values::unsigned(row, "position")?,
            currency: values::currency(row, "currency")?,
            address: row.get("address")?,
            amount: values::units(row, "amount")?,
        },
        payment: PaymentId::new(row.get("payment_id")?),
        first_seen_at: values::time(row, "first_seen_ms")?,
        missed: values::unsigned(row, "missed")?,
    })
}

/// Records money that waits, first seen at `first_seen_at`. One that had been given up waits again: what is said of it
/// now counts, and where that is the same as before, it keeps the time at which it was first seen. Gives back whether
/// that changes anything.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn record(
    txn: &Txn<'_>,
    network: &NetworkId,
    seen: &UnconfirmedTransfer,
    payment: PaymentId,
    first_seen_at: UnixMillis,
) -> Result<bool, StoreError> {
    let sql = "INSERT INTO unconfirmed (network, txid, position, currency, address, amount, payment_id, first_seen_ms)
               VALUES (:network, :txid, :position, :currency, :address, :amount, :payment_id, :first_seen_ms)
               ON CONFLICT (network, txid, position) DO UPDATE SET gone_ms = NULL, missed = 0,
                   first_seen_ms = CASE WHEN (address, currency, amount)
                           = (excluded.address, excluded.currency, excluded.amount)
                       THEN first_seen_ms ELSE excluded.first_seen_ms END,
                   address = excluded.address, currency = excluded.currency, amount = excluded.amount,
                   payment_id = excluded.payment_id
                   WHERE gone_ms IS NOT NULL";
    let changed = txn.connection.prepare_cached(sql)?.execute(named_params! {
        ":network": network.as_str(),
        ":txid": &*seen.txid,
        ":position": seen.position,
        ":currency": seen.currency.as_str(),
        ":address": &*seen.address,
        ":amount": seen.amount.to_string(),
        ":payment_id": payment.get(),
        ":first_seen_ms": first_seen_at.get(),
    })?;
    Ok(changed > 0)
}

/// For which payment exactly this money was seen to wait, and since when; also when it was given up since.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn noted(
    txn: &Txn<'_>,
    network: &NetworkId,
    seen: &UnconfirmedTransfer,
) -> Result<Option<(PaymentId, UnixMillis)>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM unconfirmed WHERE network = ?1 AND txid = ?2 AND position = ?3");
    let noted = txn
        .connection
        .prepare_cached(&sql)?
        .query_row(params![network.as_str(), &*seen.txid, seen.position], from_row)
        .optional()?;
    // A provider may once have said something else of the same output.
    let noted = noted.filter(|noted| noted.seen == *seen);
    Ok(noted.map(|noted| (noted.payment, noted.first_seen_at)))
}

/// What waits on a network for payments whose windows ended before `before`, at most `limit`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn overdue(
    txn: &Txn<'_>,
    network: &NetworkId,
    before: UnixMillis,
    limit: u32,
) -> Result<Vec<Waiting>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM unconfirmed WHERE network = ?1 AND gone_ms IS NULL
             AND (SELECT expires_ms FROM payments WHERE payments.id = payment_id) < ?2
         ORDER BY id LIMIT ?3"
    );
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let rows = statement
        .query_map(params![network.as_str(), before.get(), limit], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// What waits on a network, at most `limit` after row `after`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn of_network(
    txn: &Txn<'_>,
    network: &NetworkId,
    after: i64,
    limit: u32,
) -> Result<Vec<Waiting>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM unconfirmed WHERE network = ?1 AND gone_ms IS NULL AND id > ?2 ORDER BY id LIMIT ?3"
    );
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let rows = statement
        .query_map(params![network.as_str(), after, limit], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// What waits for a payment.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn of_payment(txn: &Txn<'_>, payment: PaymentId) -> Result<Vec<Waiting>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM unconfirmed WHERE payment_id = ?1 AND gone_ms IS NULL ORDER BY id");
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let rows = statement
        .query_map([payment.get()], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Sets how many looks in a row it was missing from.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn set_missed(txn: &Txn<'_>, id: i64, missed: u32) -> Result<(), StoreError> {
    let sql = "UPDATE unconfirmed SET missed = ?2 WHERE id = ?1";
    txn.connection.prepare_cached(sql)?.execute(params![id, missed])?;
    Ok(())
}

/// Gives it up: it was mined, or is no longer to be expected.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn give_up(txn: &Txn<'_>, id: i64, now: UnixMillis) -> Result<(), StoreError> {
    let sql = "UPDATE unconfirmed SET gone_ms = ?2 WHERE id = ?1";
    txn.connection
        .prepare_cached(sql)?
        .execute(params![id, now.get()])?;
    Ok(())
}
