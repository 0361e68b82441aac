//! The inbox: transfers that counted for nothing, until the merchant has said what becomes of them. Rows of table
//! `transfers`.

use rusqlite::{OptionalExtension as _, Row, named_params, params};

use super::Txn;
use super::error::StoreError;
use super::transfers;
use super::values;
use crate::domain::ids::{PaymentId, PaymentNumber, ShopId, TransferId};
use crate::domain::network::Mode;
use crate::domain::payment::Payment;
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;
use crate::domain::transfer::{Handled, Transfer};

/// A transfer with what the inbox shows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The transfer.
    pub transfer: Transfer,
    /// The shop whose address it came to.
    pub shop: Option<ShopId>,
    /// When payd recorded it.
    pub recorded_at: UnixMillis,
    /// What the merchant did about it, and when.
    pub handled: Option<(Handled, UnixMillis)>,
    /// The payment it was matched with, and how that stands.
    pub payment: Option<(PaymentNumber, Status)>,
}

const MORE_COLUMNS: &str = "store_id, recorded_ms, handled, handled_ms, \
    (SELECT number FROM payments WHERE payments.id = transfers.payment_id) AS payment_number, \
    (SELECT status FROM payments WHERE payments.id = transfers.payment_id) AS payment_status";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let number: Option<String> = row.get("payment_number")?;
    let payment = number.map(|number| {
        let parsed = PaymentNumber::parse(&number).ok_or_else(|| values::bad("payment_number", number))?;
        Ok::<_, rusqlite::Error>((parsed, values::parsed(row, "payment_status")?))
    });
    let handled: Option<String> = row.get("handled")?;
    let handled = handled.map(|_| {
        Ok::<_, rusqlite::Error>((values::parsed(row, "handled")?, values::time(row, "handled_ms")?))
    });
    Ok(Entry {
        transfer: transfers::from_row(row)?,
        shop: row.get::<_, Option<i64>>("store_id")?.map(ShopId::new),
        recorded_at: values::time(row, "recorded_ms")?,
        handled: handled.transpose()?,
        payment: payment.transpose()?,
    })
}

/// Which entries of the inbox are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filter {
    /// Only those of this shop's addresses.
    pub shop: Option<ShopId>,
    /// Real money, or that of simulated chains.
    pub mode: Mode,
    /// Also those about which the merchant has done something.
    pub with_handled: bool,
}

/// The inbox before entry `before`, the latest first, at most `limit`. What left the chain is not in it.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn page(txn: &Txn<'_>, filter: Filter, before: TransferId, limit: u32) -> Result<Vec<Entry>, StoreError> {
    let columns = transfers::COLUMNS;
    // The words of the partial indexes.
    let of_inbox = if filter.with_handled {
        "(judgement <> 'counted' OR handled IS NOT NULL) AND orphaned = 0"
    } else {
        "judgement <> 'counted' AND orphaned = 0 AND handled IS NULL"
    };
    let of_shop = if filter.shop.is_some() {
        "store_id = :shop"
    } else {
        ":shop IS NULL"
    };
    let sql = format!(
        "SELECT {columns}, {MORE_COLUMNS} FROM transfers
         WHERE {of_inbox} AND {of_shop} AND id < :before AND (network LIKE 'test-%') = :is_test
         ORDER BY id DESC LIMIT :limit"
    );
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let rows = statement
        .query_map(
            named_params! {
                ":shop": filter.shop.map(ShopId::get),
                ":before": before.get(),
                ":is_test": filter.mode == Mode::Test,
                ":limit": limit,
            },
            from_row,
        )?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Any recorded transfer, as the inbox shows it.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn by_id(txn: &Txn<'_>, id: TransferId) -> Result<Option<Entry>, StoreError> {
    let columns = transfers::COLUMNS;
    let sql = format!("SELECT {columns}, {MORE_COLUMNS} FROM transfers WHERE id = ?1");
    Ok(txn
        .connection
        .prepare_cached(&sql)?
        .query_row([id.get()], from_row)
        .optional()?)
}

/// Has a transfer that counts for nothing count for a payment. False when it counts already, or has left the chain.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn attach(
    txn: &Txn<'_>,
    id: TransferId,
    payment: PaymentId,
    now: UnixMillis,
) -> Result<bool, StoreError> {
    let sql =
        "UPDATE transfers SET payment_id = ?2, judgement = 'counted', handled = 'attached', handled_ms = ?3
               WHERE id = ?1 AND judgement <> 'counted' AND orphaned = 0";
    let values = params![id.get(), payment.get(), now.get()];
    Ok(txn.connection.prepare_cached(sql)?.execute(values)? > 0)
}

/// Leaves a transfer that counts for nothing as it is. False when something was done about it already.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn dismiss(txn: &Txn<'_>, id: TransferId, now: UnixMillis) -> Result<bool, StoreError> {
    let sql = "UPDATE transfers SET handled = 'dismissed', handled_ms = ?2
               WHERE id = ?1 AND judgement <> 'counted' AND handled IS NULL";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .execute(params![id.get(), now.get()])?
        > 0)
}

/// Whether another payment now waits for money at the place of `payment`: at its address, or at its address for its
/// amount where amounts tell payments apart.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn is_place_taken(txn: &Txn<'_>, payment: &Payment) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM payments WHERE network = :network AND address = :address AND id <> :id
                   AND status IN ('selecting', 'queued', 'pending', 'confirming')
                   AND (way <> 'shared' OR (currency = :currency AND due = :due))";
    Ok(txn.connection.prepare_cached(sql)?.exists(named_params! {
        ":network": payment.ask.network.as_str(),
        ":address": &*payment.ask.address,
        ":id": payment.id.get(),
        ":currency": payment.ask.currency.as_str(),
        ":due": payment.ask.due.to_string(),
    })?)
}
