//! Table `slots`: the amounts of shared addresses that a payment has, or that rest before they are given out again.

use std::ops::RangeInclusive;

use rusqlite::{ToSql, named_params, params};

use super::Txn;
use super::error::StoreError;
use super::values;
use crate::domain::asset::Currency;
use crate::domain::money::BaseUnits;
use crate::domain::network::NetworkId;
use crate::domain::payment::Payment;
use crate::domain::time::UnixMillis;

/// An amount with as many digits as the largest has, so that texts sort as numbers do.
fn sortable(amount: BaseUnits) -> String {
    format!("{:039}", amount.get())
}

/// The amounts within `range` that cannot be given out: those that a payment has, and those that it gave back after
/// `rested_by`. In ascending order.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn taken(
    txn: &Txn<'_>,
    network: &NetworkId,
    address: &str,
    currency: &Currency,
    range: RangeInclusive<BaseUnits>,
    rested_by: UnixMillis,
) -> Result<Vec<BaseUnits>, StoreError> {
    let sql = "SELECT amount FROM slots
               WHERE network = ?1 AND address = ?2 AND currency = ?3 AND amount BETWEEN ?4 AND ?5
                   AND (held_by IS NOT NULL OR available_ms > ?6)
               ORDER BY amount";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let (first, last) = (sortable(*range.start()), sortable(*range.end()));
    let values = params![
        network.as_str(),
        address,
        currency.as_str(),
        first,
        last,
        rested_by.get()
    ];
    let amounts = statement
        .query_map(values, |row| values::units(row, "amount"))?
        .collect::<Result<_, _>>()?;
    Ok(amounts)
}

/// Gives a payment the amount that it asks for. False when another payment has it.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn hold(txn: &Txn<'_>, payment: &Payment) -> Result<bool, StoreError> {
    let sql = "INSERT INTO slots (network, address, currency, amount, held_by)
               VALUES (:network, :address, :currency, :amount, :held_by)
               ON CONFLICT (network, address, currency, amount) DO UPDATE SET held_by = excluded.held_by
                   WHERE held_by IS NULL";
    on_slot(txn, sql, payment, &[])
}

/// Takes back the amount that a payment has, to rest until `available_at`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn release(txn: &Txn<'_>, payment: &Payment, available_at: UnixMillis) -> Result<(), StoreError> {
    let sql = "UPDATE slots SET held_by = NULL, available_ms = :available_ms
               WHERE network = :network AND address = :address AND currency = :currency AND amount = :amount
                   AND held_by = :held_by";
    on_slot(txn, sql, payment, &[(":available_ms", &available_at.get())]).map(|_| ())
}

/// Runs a statement on the row of the amount that a payment asks for. Whether it changed anything.
fn on_slot(
    txn: &Txn<'_>,
    sql: &str,
    payment: &Payment,
    more: &[(&str, &dyn ToSql)],
) -> Result<bool, StoreError> {
    let ask = payment.chosen()?;
    let (id, amount) = (payment.id.get(), sortable(ask.due));
    let values = named_params! {
        ":network": ask.network.as_str(),
        ":address": &*ask.address,
        ":currency": ask.currency.as_str(),
        ":amount": amount,
        ":held_by": id,
    };
    let values = [values, more].concat();
    let changed = txn.connection.prepare_cached(sql)?.execute(values.as_slice())?;
    Ok(changed > 0)
}

/// The amounts of one shared address in one currency that are in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotCount {
    /// The currency.
    pub currency: Currency,
    /// A payment has them.
    pub held: u32,
    /// Rest between two payments.
    pub resting: u32,
    /// Payments that wait for one.
    pub queued: u32,
}

/// How many amounts of a shared address are in use, by currency.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn counts(
    txn: &Txn<'_>,
    network: &NetworkId,
    address: &str,
    now: UnixMillis,
) -> Result<Vec<SlotCount>, StoreError> {
    let sql = "SELECT currency, SUM(held_by IS NOT NULL) AS held,
                   SUM(held_by IS NULL AND available_ms > ?3) AS resting,
                   (SELECT COUNT(*) FROM payments WHERE network = slots.network AND address = slots.address
                        AND currency = slots.currency AND status = 'queued') AS queued
               FROM slots WHERE network = ?1 AND address = ?2 GROUP BY currency ORDER BY currency";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let rows = statement
        .query_map(params![network.as_str(), address, now.get()], |row| {
            Ok(SlotCount {
                currency: values::currency(row, "currency")?,
                held: values::unsigned(row, "held")?,
                resting: values::unsigned(row, "resting")?,
                queued: values::unsigned(row, "queued")?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}
