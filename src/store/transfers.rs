//! Table `transfers`. Rows are never deleted; (network, txid, position) is what makes one the same as another.

use rusqlite::{OptionalExtension as _, Row, named_params, params};

use super::Txn;
use super::error::StoreError;
use super::values;
use crate::domain::ids::{PaymentId, TransferId};
use crate::domain::network::NetworkId;
use crate::domain::time::UnixMillis;
use crate::domain::transfer::{BlockRef, Judgement, SeenTransfer, Transfer, UnconfirmedTransfer};

pub(super) const COLUMNS: &str = "id, network, txid, position, currency, address, amount, height, block_hash, block_ms, \
    payment_id, judgement, orphaned";

/// What the chain said, of a row that has these columns.
pub(super) fn seen_from_row(row: &Row<'_>) -> rusqlite::Result<SeenTransfer> {
    Ok(SeenTransfer {
        txid: row.get("txid")?,
        position: values::unsigned(row, "position")?,
        currency: values::currency(row, "currency")?,
        address: row.get("address")?,
        amount: values::units(row, "amount")?,
        block: BlockRef {
            height: values::unsigned(row, "height")?,
            hash: row.get("block_hash")?,
            time: values::time(row, "block_ms")?,
        },
    })
}

pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Transfer> {
    Ok(Transfer {
        id: TransferId::new(row.get("id")?),
        network: values::network(row, "network")?,
        seen: seen_from_row(row)?,
        payment: row.get::<_, Option<i64>>("payment_id")?.map(PaymentId::new),
        judgement: values::parsed(row, "judgement")?,
        orphaned: row.get("orphaned")?,
    })
}

/// Records a transfer. True when it is new; one that is there already stays as it is.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn record(
    txn: &Txn<'_>,
    network: &NetworkId,
    seen: &SeenTransfer,
    payment: Option<PaymentId>,
    judgement: Judgement,
    now: UnixMillis,
) -> Result<bool, StoreError> {
    let sql = "INSERT INTO transfers (network, txid, position, currency, address, amount, height, block_hash,
                   block_ms, payment_id, judgement, recorded_ms, store_id)
               VALUES (:network, :txid, :position, :currency, :address, :amount, :height, :block_hash,
                   :block_ms, :payment_id, :judgement, :recorded_ms,
                   (SELECT store_id FROM addresses WHERE network = :network AND address = :address))
               ON CONFLICT (network, txid, position) WHERE orphaned = 0 DO NOTHING";
    let changed = txn.connection.prepare_cached(sql)?.execute(named_params! {
        ":network": network.as_str(),
        ":txid": &*seen.txid,
        ":position": seen.position,
        ":currency": seen.currency.as_str(),
        ":address": &*seen.address,
        ":amount": seen.amount.to_string(),
        ":height": values::height(seen.block.height),
        ":block_hash": &*seen.block.hash,
        ":block_ms": seen.block.time.get(),
        ":payment_id": payment.map(PaymentId::get),
        ":judgement": judgement.word(),
        ":recorded_ms": now.get(),
    })?;
    Ok(changed > 0)
}

/// Brings an orphaned transfer back that `seen` is: the same money of the same transaction, now in another block and
/// perhaps at another position. It keeps its payment and what was judged of it. `None` when there is none, or when
/// `seen` is recorded already.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn revive(
    txn: &Txn<'_>,
    network: &NetworkId,
    seen: &SeenTransfer,
) -> Result<Option<Revived>, StoreError> {
    let sql = "UPDATE transfers SET position = :position, height = :height, block_hash = :block_hash,
                   block_ms = :block_ms, orphaned = 0
               WHERE id = (SELECT id FROM transfers
                           WHERE network = :network AND txid = :txid AND orphaned = 1 AND payment_id IS NOT NULL
                               AND address = :address AND currency = :currency AND amount = :amount
                           ORDER BY position = :position DESC, id LIMIT 1)
                   AND NOT EXISTS (SELECT 1 FROM transfers WHERE network = :network AND txid = :txid
                                       AND position = :position AND orphaned = 0)
               RETURNING id, payment_id, judgement, handled IS 'attached' AS is_attached";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let revived = statement.query_row(
        named_params! {
            ":network": network.as_str(),
            ":txid": &*seen.txid,
            ":position": seen.position,
            ":currency": seen.currency.as_str(),
            ":address": &*seen.address,
            ":amount": seen.amount.to_string(),
            ":height": values::height(seen.block.height),
            ":block_hash": &*seen.block.hash,
            ":block_ms": seen.block.time.get(),
        },
        revived_row,
    );
    Ok(revived.optional()?)
}

/// What was matched with the money of `waiting` when it was in a block that has left the chain since. `None` where it
/// was in none.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn orphaned(
    txn: &Txn<'_>,
    network: &NetworkId,
    waiting: &UnconfirmedTransfer,
) -> Result<Option<Revived>, StoreError> {
    let sql = "SELECT id, payment_id, judgement, handled IS 'attached' AS is_attached FROM transfers
               WHERE network = ?1 AND txid = ?2 AND position = ?3 AND orphaned = 1 AND payment_id IS NOT NULL
                   AND address = ?4 AND currency = ?5 AND amount = ?6
               ORDER BY id LIMIT 1";
    let values = params![
        network.as_str(),
        &*waiting.txid,
        waiting.position,
        &*waiting.address,
        waiting.currency.as_str(),
        waiting.amount.to_string()
    ];
    let mut statement = txn.connection.prepare_cached(sql)?;
    Ok(statement.query_row(values, revived_row).optional()?)
}

fn revived_row(row: &Row<'_>) -> rusqlite::Result<Revived> {
    Ok(Revived {
        id: TransferId::new(row.get("id")?),
        payment: PaymentId::new(row.get("payment_id")?),
        judgement: values::parsed(row, "judgement")?,
        is_attached: row.get("is_attached")?,
    })
}

/// What an orphaned transfer was matched with before it came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revived {
    /// Its row.
    pub id: TransferId,
    /// Its payment.
    pub payment: PaymentId,
    /// What it means for that payment.
    pub judgement: Judgement,
    /// Whether the merchant had said so by hand.
    pub is_attached: bool,
}

/// Changes what a transfer means for its payment. What the merchant did about it before is void.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn rejudge(txn: &Txn<'_>, id: TransferId, judgement: Judgement) -> Result<(), StoreError> {
    let sql = "UPDATE transfers SET judgement = ?2, handled = NULL, handled_ms = NULL WHERE id = ?1";
    txn.connection
        .prepare_cached(sql)?
        .execute(params![id.get(), judgement.word()])?;
    Ok(())
}

/// Marks the transfers above a height as orphaned. Gives back the payments they were matched with.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn orphan_above(txn: &Txn<'_>, network: &NetworkId, height: u64) -> Result<Vec<PaymentId>, StoreError> {
    let sql = "UPDATE transfers SET orphaned = 1 WHERE network = ?1 AND height > ?2 AND orphaned = 0
               RETURNING payment_id";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let payments = statement
        .query_map(params![network.as_str(), values::height(height)], |row| {
            row.get::<_, Option<i64>>("payment_id")
        })?
        .filter_map(Result::transpose)
        .map(|payment| payment.map(PaymentId::new))
        .collect::<Result<_, _>>()?;
    Ok(payments)
}

/// Whether a transfer is recorded and its block on the chain.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn is_mined(txn: &Txn<'_>, network: &NetworkId, txid: &str, position: u32) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM transfers WHERE network = ?1 AND txid = ?2 AND position = ?3 AND orphaned = 0";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .exists(params![network.as_str(), txid, position])?)
}

/// The transfers that were matched with a payment, in the order they were recorded, orphaned ones too.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn of_payment(txn: &Txn<'_>, payment: PaymentId) -> Result<Vec<Transfer>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM transfers WHERE payment_id = ?1 ORDER BY id");
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let transfers = statement
        .query_map([payment.get()], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(transfers)
}

/// The transfers in blocks that would count for a payment if other money did not, in the order they were recorded; none that
/// the merchant has seen to.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn beside(txn: &Txn<'_>, payment: PaymentId) -> Result<Vec<Transfer>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM transfers WHERE payment_id = ?1 AND judgement = 'after_end' AND orphaned = 0
             AND handled IS NULL ORDER BY id"
    );
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let transfers = statement
        .query_map([payment.get()], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(transfers)
}

/// Whether any transfer but `but` counts for a payment.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn any_counts(txn: &Txn<'_>, payment: PaymentId, but: Option<TransferId>) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM transfers
               WHERE payment_id = ?1 AND judgement = 'counted' AND orphaned = 0 AND id IS NOT ?2 LIMIT 1";
    let values = params![payment.get(), but.map(TransferId::get)];
    let found = txn.connection.prepare_cached(sql)?.query_row(values, |_| Ok(()));
    Ok(found.optional()?.is_some())
}
