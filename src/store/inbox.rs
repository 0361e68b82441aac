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
use crate::domain::wallet::Way;

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
    let mut statement = txn.connection.prepare_cached(&page_sql(filter))?;
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

fn page_sql(filter: Filter) -> String {
    let columns = transfers::COLUMNS;
    // The words of the partial indexes, each named: without statistics the planner takes any that would do.
    let open = "judgement <> 'counted' AND orphaned = 0 AND handled IS NULL";
    let ever = "(judgement <> 'counted' OR handled IS NOT NULL) AND orphaned = 0";
    let (index, wanted) = match (filter.with_handled, filter.shop) {
        (true, _) => ("transfers_once_in_inbox", ever),
        (false, None) => ("transfers_inbox", open),
        (false, Some(_)) => ("transfers_inbox_of_store", open),
    };
    let of_shop = match filter.shop {
        Some(_) => "store_id = :shop",
        None => ":shop IS NULL",
    };
    format!(
        "SELECT {columns}, {MORE_COLUMNS} FROM transfers INDEXED BY {index}
         WHERE {wanted} AND {of_shop} AND id < :before AND (substr(network, 1, 5) = 'test-') = :is_test
         ORDER BY id DESC LIMIT :limit"
    )
}

/// How many entries the inbox of a shop has about which nothing was done; counted up to `limit`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn count(txn: &Txn<'_>, shop: ShopId, mode: Mode, limit: u32) -> Result<u32, StoreError> {
    let mut statement = txn.connection.prepare_cached(COUNT_SQL)?;
    let values = params![shop.get(), mode == Mode::Test, limit];
    Ok(statement.query_row(values, |row| row.get(0))?)
}

const COUNT_SQL: &str = "SELECT COUNT(*) FROM (
    SELECT 1 FROM transfers INDEXED BY transfers_inbox_of_store
    WHERE judgement <> 'counted' AND orphaned = 0 AND handled IS NULL
        AND store_id = ?1 AND (substr(network, 1, 5) = 'test-') = ?2 LIMIT ?3)";

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
    let ask = payment.chosen()?;
    let (network, address, id) = (ask.network.as_str(), &*ask.address, payment.id.get());
    let mut statement = txn.connection.prepare_cached(taken_sql(ask.way))?;
    let is_taken = match ask.way {
        Way::Shared => statement.exists(params![
            network,
            address,
            id,
            ask.currency.as_str(),
            ask.due.to_string()
        ]),
        Way::Pool | Way::Xpub => statement.exists(params![network, address, id]),
    };
    Ok(is_taken?)
}

/// In the words of the indexes that keep live payments apart; a shared address may have had millions of others.
const fn taken_sql(way: Way) -> &'static str {
    match way {
        Way::Shared => {
            "SELECT 1 FROM payments INDEXED BY payments_live_amount
             WHERE network = ?1 AND address = ?2 AND id <> ?3 AND currency = ?4 AND due = ?5
                 AND way = 'shared' AND status IN ('pending', 'confirming')"
        }
        Way::Pool | Way::Xpub => {
            "SELECT 1 FROM payments INDEXED BY payments_live_address
             WHERE network = ?1 AND address = ?2 AND id <> ?3
                 AND way <> 'shared' AND is_open = 1"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ambient::SystemRandom;
    use crate::store::{Database, Options};

    #[tokio::test]
    async fn the_inbox_is_read_from_an_index_whatever_is_asked() {
        let directory = tempfile::tempdir().unwrap();
        let options = Options::in_directory(directory.path());
        Database::open(&options, &SystemRandom).unwrap().close().await;
        let connection = rusqlite::Connection::open(&options.path).unwrap();
        for (shop, with_handled, index) in [
            (None, false, "transfers_inbox "),
            (Some(ShopId::new(1)), false, "transfers_inbox_of_store "),
            (None, true, "transfers_once_in_inbox "),
        ] {
            let sql = page_sql(Filter {
                shop,
                mode: Mode::Live,
                with_handled,
            });
            let plan: Vec<String> = connection
                .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
                .unwrap()
                .query_map(
                    named_params! { ":shop": 1, ":before": 9, ":is_test": false, ":limit": 1 },
                    |row| row.get("detail"),
                )
                .unwrap()
                .map(Result::unwrap)
                .collect();
            assert!(plan.iter().any(|step| step.contains(index)), "{plan:?}");
            let is_slow = |step: &String| step.contains("SCAN") || step.contains("TEMP");
            assert!(!plan.iter().any(is_slow), "{plan:?}");
        }
    }

    #[tokio::test]
    async fn whether_a_place_is_taken_is_read_from_the_index_that_keeps_live_payments_apart() {
        let directory = tempfile::tempdir().unwrap();
        let options = Options::in_directory(directory.path());
        Database::open(&options, &SystemRandom).unwrap().close().await;
        let connection = rusqlite::Connection::open(&options.path).unwrap();
        for (way, wanted) in [
            (
                Way::Shared,
                "payments_live_amount (network=? AND address=? AND currency=? AND due=?)",
            ),
            (Way::Pool, "payments_live_address (network=? AND address=?)"),
        ] {
            let mut statement = connection
                .prepare(&format!("EXPLAIN QUERY PLAN {}", taken_sql(way)))
                .unwrap();
            let nulls = vec![None::<i64>; statement.parameter_count()];
            let step: String = statement
                .query_row(rusqlite::params_from_iter(nulls), |row| row.get("detail"))
                .unwrap();
            assert!(step.contains("SEARCH") && step.contains(wanted), "{step}");
        }
    }
}
