//! Table `payment_notes`: what the merchant wrote at a payment. Only ever added to.

use rusqlite::{Row, params};

use super::error::StoreError;
use super::{Txn, values};
use crate::domain::ids::PaymentId;
use crate::domain::payment::Mark;
use crate::domain::time::UnixMillis;

/// Notes of a payment that are read: nobody writes more by hand.
const NOTES_MAX: u32 = 500;

/// Something that the merchant wrote at a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// When.
    pub at: UnixMillis,
    /// Who, as in the audit log.
    pub actor: String,
    /// What it says of the payment.
    pub mark: Mark,
    /// Why, in their words.
    pub reason: String,
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Note> {
    Ok(Note {
        at: values::time(row, "at_ms")?,
        actor: row.get("actor")?,
        mark: values::parsed(row, "mark")?,
        reason: row.get("reason")?,
    })
}

/// Adds a note.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn insert(txn: &Txn<'_>, payment: PaymentId, note: &Note) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO payment_notes (payment_id, at_ms, actor, mark, reason) VALUES (?1, ?2, ?3, ?4, ?5)";
    txn.connection.prepare_cached(sql)?.execute(params![
        payment.get(),
        note.at.get(),
        note.actor,
        note.mark.word(),
        note.reason
    ])?;
    Ok(())
}

/// The notes of a payment, in order.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn of_payment(txn: &Txn<'_>, payment: PaymentId) -> Result<Vec<Note>, StoreError> {
    let sql =
        "SELECT at_ms, actor, mark, reason FROM payment_notes WHERE payment_id = ?1 ORDER BY id LIMIT ?2";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let notes = statement
        .query_map(params![payment.get(), NOTES_MAX], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(notes)
}
