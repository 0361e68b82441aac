//! Pages of a store's payments as its own API calls list them: newest first, by status, asset and time, by number of
//! page.
//!
//! How many there are on each day is known: from `day_counts`, and from `day_closed` where an asset or what was paid too much
//! is asked for. So whole days are passed over on the way to a page, and only one of them is walked, in an index alone.
//! Triggers of the database count on with every change.

use rusqlite::types::Value;
use rusqlite::{params, params_from_iter};

use super::error::StoreError;
use super::{Txn, payments, values};
use crate::domain::asset::Currency;
use crate::domain::ids::{PaymentId, ShopId};
use crate::domain::network::{Mode, NetworkId};
use crate::domain::payment::Payment;
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;

/// Which payments are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Of this store.
    pub shop: ShopId,
    /// Test or live ones.
    pub mode: Mode,
    /// In one of these; in any, when there are none.
    pub statuses: Vec<Status>,
    /// Of those that are paid, only those with more, or without more, than was due.
    pub is_overpaid: Option<bool>,
    /// In this asset.
    pub asset: Option<(NetworkId, Currency)>,
    /// Made at this time or later.
    pub from: Option<UnixMillis>,
    /// Made before this time.
    pub before: Option<UnixMillis>,
}

impl Filter {
    /// All of a store's payments of a mode.
    #[must_use]
    pub const fn all(shop: ShopId, mode: Mode) -> Self {
        Self {
            shop,
            mode,
            statuses: Vec::new(),
            is_overpaid: None,
            asset: None,
            from: None,
            before: None,
        }
    }

    fn is_open(status: Status) -> bool {
        OPEN.contains(&status)
    }

    /// Those of `statuses` that are in `among`, as a list in SQL; of all where none are named.
    fn words(&self, among: impl Fn(Status) -> bool) -> String {
        let is_wanted = |status: &Status| self.statuses.is_empty() || self.statuses.contains(status);
        let wanted = Status::ALL
            .iter()
            .filter(|status| is_wanted(status) && among(**status));
        let words: Vec<String> = wanted.map(|status| format!("'{status}'")).collect();
        words.join(", ")
    }

    /// The condition on a payment, and what it binds.
    fn condition(&self) -> (String, Vec<Value>) {
        let mut condition = "store_id = ? AND mode = ?".to_owned();
        let mut values = vec![
            Value::Integer(self.shop.get()),
            Value::Text(self.mode.word().to_owned()),
        ];
        if !self.statuses.is_empty() {
            condition.push_str(&format!(" AND status IN ({})", self.words(|_| true)));
        }
        match self.is_overpaid {
            Some(true) => condition.push_str(" AND (status <> 'paid' OR is_overpaid = 1)"),
            Some(false) => condition.push_str(" AND is_overpaid = 0"),
            None => {}
        }
        if let Some((network, currency)) = &self.asset {
            condition.push_str(" AND network = ? AND currency = ?");
            values.push(Value::Text(network.as_str().to_owned()));
            values.push(Value::Text(currency.as_str().to_owned()));
        }
        (condition, values)
    }

    /// The days on which payments of this filter can have been made.
    fn days(&self) -> (i64, i64) {
        let from = self.from.map_or(0, UnixMillis::get).max(0);
        let before = self.before.map_or(i64::MAX, UnixMillis::get).max(0);
        (
            from.div_euclid(DAY_MS),
            before.saturating_sub(1).div_euclid(DAY_MS),
        )
    }

    /// The part of a day that is wanted, from one time up to another, and whether that is less than all of it.
    fn part_of(&self, day: i64) -> (i64, i64, bool) {
        let (start, end) = (
            day.saturating_mul(DAY_MS),
            day.saturating_add(1).saturating_mul(DAY_MS),
        );
        let from = self.from.map_or(start, |from| from.get().max(start));
        let before = self.before.map_or(end, |before| before.get().min(end));
        (from, before, (from, before) != (start, end))
    }
}

const DAY_MS: i64 = 86_400_000;

/// What `day_closed` does not count.
const OPEN: [Status; 4] = [
    Status::Selecting,
    Status::Queued,
    Status::Pending,
    Status::Confirming,
];

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// How many payments there are on all pages.
    pub total: u64,
    /// Those of this one, newest first.
    pub payments: Vec<Payment>,
}

/// The payments after the first `skipped`, by when they were made and the newest first, at most `limit`; and how many there
/// are.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn page(txn: &Txn<'_>, filter: &Filter, skipped: u64, limit: u32) -> Result<Page, StoreError> {
    let days = days(txn, filter)?;
    let mut page = Page {
        total: days
            .iter()
            .map(|(_, count)| count)
            .fold(0, |sum, count| sum.saturating_add(*count)),
        payments: Vec::new(),
    };
    let mut skipped = skipped;
    for (day, count) in days {
        if skipped >= count {
            skipped = skipped.saturating_sub(count);
            continue;
        }
        let left = u64::from(limit).saturating_sub(page.payments.len() as u64);
        if left == 0 {
            break;
        }
        for id in of_day(txn, filter, day, skipped, left)? {
            page.payments.extend(payments::by_id(txn, id)?);
        }
        skipped = 0;
    }
    Ok(page)
}

/// How many payments there are on each day that has any, the latest first.
fn days(txn: &Txn<'_>, filter: &Filter) -> Result<Vec<(i64, u64)>, StoreError> {
    let is_split = filter.asset.is_some() || filter.is_overpaid.is_some();
    let counted = if is_split {
        split_days(txn, filter)?
    } else {
        whole_days(txn, filter)?
    };
    let mut days = Vec::with_capacity(counted.len());
    for (day, count) in counted {
        let (from, before, is_part) = filter.part_of(day);
        let count = if is_part {
            count_between(txn, filter, from, before)?
        } else {
            count
        };
        if count > 0 {
            days.push((day, count));
        }
    }
    Ok(days)
}

fn whole_days(txn: &Txn<'_>, filter: &Filter) -> Result<Vec<(i64, u64)>, StoreError> {
    let (first, last) = filter.days();
    let sql = format!(
        "SELECT day, SUM(count) AS count FROM day_counts
         WHERE store_id = ?1 AND mode = ?2 AND day BETWEEN ?3 AND ?4 AND status IN ({})
         GROUP BY day ORDER BY day DESC",
        filter.words(|_| true)
    );
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let rows = statement.query_map(
        params![filter.shop.get(), filter.mode.word(), first, last],
        day_of,
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What is closed is counted by the day; what is open is looked at.
fn split_days(txn: &Txn<'_>, filter: &Filter) -> Result<Vec<(i64, u64)>, StoreError> {
    let (first, last) = filter.days();
    let (closed, open) = (
        filter.words(|status| !Filter::is_open(status)),
        filter.words(Filter::is_open),
    );
    let count = match filter.is_overpaid {
        Some(true) => "CASE status WHEN 'paid' THEN overpaid ELSE count END",
        Some(false) => "count - overpaid",
        None => "count",
    };
    let asset = filter
        .asset
        .as_ref()
        .map_or("", |_| "AND network = ? AND currency = ?");
    let sql = format!(
        "SELECT day, SUM(count) AS count FROM (
             SELECT day, {count} AS count FROM day_closed
             WHERE store_id = ? AND mode = ? AND status IN ({closed}) {asset}
             UNION ALL
             SELECT created_ms / {DAY_MS} AS day, 1 AS count FROM payments INDEXED BY payments_of_store_by_status
             WHERE store_id = ? AND mode = ? AND status IN ({open}) {asset})
         WHERE day BETWEEN ? AND ? GROUP BY day ORDER BY day DESC"
    );
    let mut values = Vec::new();
    for _ in 0..2 {
        values.push(Value::Integer(filter.shop.get()));
        values.push(Value::Text(filter.mode.word().to_owned()));
        if let Some((network, currency)) = &filter.asset {
            values.push(Value::Text(network.as_str().to_owned()));
            values.push(Value::Text(currency.as_str().to_owned()));
        }
    }
    values.extend([Value::Integer(first), Value::Integer(last)]);
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(values), day_of)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn day_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<(i64, u64)> {
    Ok((row.get("day")?, values::unsigned(row, "count")?))
}

const WALKED: &str = "FROM payments INDEXED BY payments_of_store_by_time";

/// How many payments were made from one time up to another, of one day.
fn count_between(txn: &Txn<'_>, filter: &Filter, from: i64, before: i64) -> Result<u64, StoreError> {
    let (condition, mut values) = filter.condition();
    let sql =
        format!("SELECT COUNT(*) AS count {WALKED} WHERE {condition} AND created_ms >= ? AND created_ms < ?");
    values.extend([Value::Integer(from), Value::Integer(before)]);
    let mut statement = txn.connection.prepare_cached(&sql)?;
    Ok(statement.query_row(params_from_iter(values), |row| values::unsigned(row, "count"))?)
}

/// The payments of a day after the first `skipped`, newest first, at most `limit`.
fn of_day(
    txn: &Txn<'_>,
    filter: &Filter,
    day: i64,
    skipped: u64,
    limit: u64,
) -> Result<Vec<PaymentId>, StoreError> {
    let (from, before, _) = filter.part_of(day);
    let (sql, mut values) = of_day_sql(filter);
    let skipped = i64::try_from(skipped).unwrap_or(i64::MAX);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    values.extend([from, before, limit, skipped].map(Value::Integer));
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(values), |row| row.get(0).map(PaymentId::new))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn of_day_sql(filter: &Filter) -> (String, Vec<Value>) {
    let (condition, values) = filter.condition();
    let sql = format!(
        "SELECT id {WALKED} WHERE {condition} AND created_ms >= ? AND created_ms < ?
         ORDER BY created_ms DESC, id DESC LIMIT ? OFFSET ?"
    );
    (sql, values)
}

/// Counts `day_closed` anew from the payments themselves: for rows that were put in place as they are.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub(super) fn recount(txn: &Txn<'_>) -> Result<(), StoreError> {
    txn.connection.execute_batch("DELETE FROM day_closed;")?;
    Ok(txn.connection.execute_batch(RECOUNT_SQL)?)
}

/// As the migration does it; a test holds the two against each other.
pub(super) const RECOUNT_SQL: &str = "\
INSERT INTO day_closed (store_id, mode, status, network, currency, day, count, overpaid)
SELECT store_id, mode, status, COALESCE(network, ''), COALESCE(currency, ''), created_ms / 86400000, COUNT(*), SUM(is_overpaid)
FROM payments WHERE status NOT IN ('selecting', 'queued', 'pending', 'confirming') GROUP BY 1, 2, 3, 4, 5, 6;
";

#[cfg(test)]
mod tests;
