//! The list of a shop's payments as its merchant looks through it: newest first, paged by row number, by any filters at once,
//! or by what a search found.
//!
//! A page looks at a bounded number of rows, whatever is asked: each filter has an index, and where filters together match
//! little, the page says how far it has looked.

use rusqlite::{OptionalExtension as _, ToSql, params, params_from_iter};

use super::error::StoreError;
use super::{Txn, payments, values};
use crate::domain::asset::Currency;
use crate::domain::ids::{PaymentCode, PaymentId, PaymentNumber, PaymentUuid, ShopId};
use crate::domain::money::FiatAmount;
use crate::domain::network::{Mode, NetworkId};
use crate::domain::payment::{Origin, Payment};
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;

/// Rows that one page looks at.
const LOOKED_AT_MAX: u32 = 10_000;

/// Payments that a search is good for.
pub const FOUND_MAX: u32 = 1000;

/// How far row numbers and times of making may be apart: payments are numbered when they are written, and clocks are set.
const SKEW_MS: i64 = 24 * 60 * 60 * 1000;

/// Which payments are listed: those that fulfil all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Of this shop.
    pub shop: ShopId,
    /// In one of these; in any, when there are none.
    pub statuses: Vec<Status>,
    /// Test or live ones; both without one.
    pub mode: Option<Mode>,
    /// Paid, or to be paid, with this.
    pub asset: Option<(NetworkId, Currency)>,
    /// Asked for by this.
    pub origin: Option<Origin>,
    /// Made at this time or later.
    pub from: Option<UnixMillis>,
    /// Made before this time.
    pub before: Option<UnixMillis>,
    /// Priced at least so, in this currency.
    pub price_min: Option<FiatAmount>,
    /// Priced at most so, in this currency.
    pub price_max: Option<FiatAmount>,
}

impl Wanted {
    /// All payments of a shop.
    #[must_use]
    pub const fn all(shop: ShopId) -> Self {
        Self {
            shop,
            statuses: Vec::new(),
            mode: None,
            asset: None,
            origin: None,
            from: None,
            before: None,
            price_min: None,
            price_max: None,
        }
    }
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// At the newest.
    Newest,
    /// With the newest that are older than this one.
    Before(PaymentId),
    /// With the oldest that are newer than this one.
    After(PaymentId),
}

/// A page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// The payments, newest first.
    pub payments: Vec<Payment>,
    /// Where the next page in the direction of the turn goes on; `None` at the end. Where it is not the last payment of this
    /// page, the page has looked at as many rows as it may.
    pub goes_on_at: Option<PaymentId>,
}

/// What a search looks for: all that the text can mean.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Clues {
    /// The text itself: a merchant's order number or how one begins, a customer's e-mail address, in these spellings.
    pub texts: Vec<String>,
    /// A payment's number.
    pub number: Option<PaymentNumber>,
    /// A payment's UUID.
    pub uuid: Option<PaymentUuid>,
    /// A payment's whole number.
    pub code: Option<PaymentCode>,
    /// A transaction, in these spellings.
    pub txids: Vec<String>,
    /// An address, on each network where it is one.
    pub addresses: Vec<(NetworkId, String)>,
    /// The networks on which transactions may wait.
    pub networks: Vec<NetworkId>,
}

/// The payments of a shop that a search finds, newest first, and whether there are more than were looked for.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn find(txn: &Txn<'_>, shop: ShopId, clues: &Clues) -> Result<(Vec<PaymentId>, bool), StoreError> {
    let mut finder = Finder {
        txn,
        shop,
        found: Vec::new(),
        is_more: false,
    };
    if let Some(number) = &clues.number {
        finder.one("number", number.as_str())?;
    }
    if let Some(uuid) = &clues.uuid {
        finder.one("uuid", uuid.as_str())?;
    }
    if let Some(code) = clues.code {
        finder.one("code", values::height(code.get()))?;
    }
    for text in &clues.texts {
        finder.by_text(text)?;
    }
    for txid in &clues.txids {
        finder.many(OF_TXID, params![shop.get(), txid, FOUND_MAX])?;
        finder.many(OF_ORPHANED, params![shop.get(), txid, FOUND_MAX])?;
        for network in &clues.networks {
            finder.many(OF_WAITING, params![shop.get(), network.as_str(), txid, FOUND_MAX])?;
        }
    }
    for (network, address) in &clues.addresses {
        finder.many(
            OF_ADDRESS,
            params![shop.get(), network.as_str(), address, FOUND_MAX],
        )?;
    }
    let Finder {
        mut found, is_more, ..
    } = finder;
    found.sort_unstable();
    found.dedup();
    found.reverse();
    let found_max = usize::try_from(FOUND_MAX).unwrap_or(usize::MAX);
    let is_more = is_more || found.len() > found_max;
    found.truncate(found_max);
    Ok((found.into_iter().map(PaymentId::new).collect(), is_more))
}

const OF_EMAIL: &str = "SELECT id FROM payments INDEXED BY payments_by_email
    WHERE store_id = ?1 AND customer_email = ?2 AND customer_email <> '' ORDER BY id DESC LIMIT ?3";
const OF_ORDER: &str = "SELECT id FROM payments INDEXED BY payments_by_external_id
    WHERE store_id = ?1 AND external_id = ?2 AND external_id <> '' ORDER BY id DESC LIMIT ?3";
const OF_ORDERS: &str = "SELECT id FROM payments INDEXED BY payments_by_external_id
    WHERE store_id = ?1 AND external_id > ?2 AND external_id < ?4 AND external_id <> '' LIMIT ?3";
// One transaction can pay thousands: the shop's payments are looked for among as many of its transfers as are good for a page.
// The networks that there are transfers of: from each to the next by an index, so that one by transaction alone is not needed.
const OF_TXID: &str = "WITH RECURSIVE known (network) AS (SELECT MIN(network) FROM transfers UNION ALL
        SELECT (SELECT MIN(network) FROM transfers WHERE network > known.network) FROM known WHERE network IS NOT NULL)
    SELECT payments.id FROM (SELECT payment_id FROM known CROSS JOIN transfers INDEXED BY transfers_once
            ON transfers.network = known.network
        WHERE txid = ?2 AND orphaned = 0 AND payment_id IS NOT NULL LIMIT ?3) AS paid
    CROSS JOIN payments ON payments.id = paid.payment_id WHERE payments.store_id = ?1";
const OF_ORPHANED: &str = "WITH RECURSIVE known (network) AS (SELECT MIN(network) FROM transfers UNION ALL
        SELECT (SELECT MIN(network) FROM transfers WHERE network > known.network) FROM known WHERE network IS NOT NULL)
    SELECT payments.id FROM (SELECT payment_id FROM known CROSS JOIN transfers INDEXED BY transfers_orphaned
            ON transfers.network = known.network
        WHERE txid = ?2 AND orphaned = 1 AND payment_id IS NOT NULL LIMIT ?3) AS paid
    CROSS JOIN payments ON payments.id = paid.payment_id WHERE payments.store_id = ?1";
const OF_WAITING: &str =
    "SELECT payments.id FROM (SELECT payment_id FROM unconfirmed INDEXED BY unconfirmed_once
        WHERE network = ?2 AND txid = ?3 LIMIT ?4) AS paid
    CROSS JOIN payments ON payments.id = paid.payment_id WHERE payments.store_id = ?1";
// By when they asked, which is how the index has them; the newest of a shared address that had millions.
const OF_ADDRESS: &str = "SELECT id FROM (SELECT id, store_id FROM payments INDEXED BY payments_of_address
        WHERE network = ?2 AND address = ?3 AND asked_ms IS NOT NULL ORDER BY asked_ms DESC, id DESC LIMIT ?4)
    WHERE store_id = ?1";

struct Finder<'t, 'c> {
    txn: &'t Txn<'c>,
    shop: ShopId,
    found: Vec<i64>,
    is_more: bool,
}

impl Finder<'_, '_> {
    fn one(&mut self, column: &str, value: impl ToSql) -> Result<(), StoreError> {
        let sql = format!("SELECT id FROM payments WHERE {column} = ?1 AND store_id = ?2");
        let mut statement = self.txn.connection.prepare_cached(&sql)?;
        let found = statement.query_row(params![value, self.shop.get()], |row| row.get::<_, i64>(0));
        self.found.extend(found.optional()?);
        Ok(())
    }

    fn many(&mut self, sql: &str, values: impl rusqlite::Params) -> Result<(), StoreError> {
        let mut statement = self.txn.connection.prepare_cached(sql)?;
        let rows = statement.query_map(values, |row| row.get::<_, i64>(0))?;
        let before = self.found.len();
        for row in rows {
            self.found.push(row?);
        }
        let count = self.found.len().saturating_sub(before);
        self.is_more |= count >= usize::try_from(FOUND_MAX).unwrap_or(usize::MAX);
        Ok(())
    }

    fn by_text(&mut self, text: &str) -> Result<(), StoreError> {
        let shop = self.shop.get();
        if text.is_empty() {
            return Ok(());
        }
        self.many(OF_EMAIL, params![shop, text, FOUND_MAX])?;
        self.many(OF_ORDER, params![shop, text, FOUND_MAX])?;
        // The last of all texts that begin so: no character comes after this one.
        let end = format!("{text}\u{10ffff}");
        self.many(OF_ORDERS, params![shop, text, FOUND_MAX, end])
    }
}

/// A page of the payments that are wanted; of those of `among` only, where a search found them. At most `limit`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn page(
    txn: &Txn<'_>,
    wanted: &Wanted,
    among: Option<&[PaymentId]>,
    turn: Turn,
    limit: u32,
) -> Result<Page, StoreError> {
    let Some(walk) = Walk::new(txn, wanted, among, turn, limit)? else {
        return Ok(Page::default());
    };
    walk.page(txn)
}

/// A part of a condition with what it binds.
struct Part(String, Vec<Value>);

type Value = rusqlite::types::Value;

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

/// How a page is found: by which index, and what is looked at in the rows.
struct Walk {
    /// Selects row numbers by an index alone, in order.
    steps: String,
    /// What the rows have to fulfil besides.
    rest: String,
    values: Vec<Value>,
    /// Values of `values` that belong to the steps.
    of_steps: usize,
    is_up: bool,
    limit: u32,
    looked_at_max: u32,
}

impl Walk {
    fn new(
        txn: &Txn<'_>,
        wanted: &Wanted,
        among: Option<&[PaymentId]>,
        turn: Turn,
        limit: u32,
    ) -> Result<Option<Self>, StoreError> {
        let Some((low, high)) = bounds(txn, wanted)? else {
            return Ok(None);
        };
        let (low, high, is_up) = match turn {
            Turn::Newest => (low, high, false),
            Turn::Before(id) => (low, high.min(id.get().saturating_sub(1)), false),
            Turn::After(id) => (low.max(id.get().saturating_add(1)), high, true),
        };
        let (lanes, rest) = lanes(wanted, among.is_some());
        let asked = limit.saturating_add(1);
        let looked_at_max = if rest.0.is_empty() { asked } else { LOOKED_AT_MAX };
        let order = if is_up { "ASC" } else { "DESC" };
        let (steps, mut bound) = match among {
            Some(found) => found_steps(found, low, high, order, looked_at_max),
            None => walked_steps(lanes, (low, high), order, looked_at_max),
        };
        let of_steps = bound.len();
        bound.extend(rest.1);
        Ok(Some(Self {
            steps,
            rest: rest.0,
            values: bound,
            of_steps,
            is_up,
            limit,
            looked_at_max,
        }))
    }

    fn page_sql(&self) -> String {
        let order = if self.is_up { "ASC" } else { "DESC" };
        let asked = self.limit.saturating_add(1);
        // The rows are those of the steps: no other index is to be tried for what is looked at in them.
        format!(
            "NOT INDEXED WHERE id IN ({}){} ORDER BY id {order} LIMIT {asked}",
            self.steps, self.rest
        )
    }

    fn page(self, txn: &Txn<'_>) -> Result<Page, StoreError> {
        let mut found = payments::many(txn, &self.page_sql(), params_from_iter(self.values.iter()))?;
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let goes_on_at = if found.len() > limit {
            found.truncate(limit);
            found.last().map(|last| last.id)
        } else {
            self.end_of_walk(txn)?
        };
        if self.is_up {
            found.reverse();
        }
        Ok(Page {
            payments: found,
            goes_on_at,
        })
    }

    /// The last row that was looked at, where there may be more behind it.
    fn end_of_walk(&self, txn: &Txn<'_>) -> Result<Option<PaymentId>, StoreError> {
        let end = if self.is_up { "MAX(id)" } else { "MIN(id)" };
        let sql = format!("SELECT COUNT(*), {end} FROM ({})", self.steps);
        let mut statement = txn.connection.prepare_cached(&sql)?;
        let values = self.values.iter().take(self.of_steps);
        let (count, end): (i64, Option<i64>) =
            statement.query_row(params_from_iter(values), |row| Ok((row.get(0)?, row.get(1)?)))?;
        let is_whole = count >= i64::from(self.looked_at_max) && !self.rest.is_empty();
        Ok(end.filter(|_| is_whole).map(PaymentId::new))
    }
}

fn walked_steps(
    lanes: Vec<Part>,
    (low, high): (i64, i64),
    order: &str,
    looked_at_max: u32,
) -> (String, Vec<Value>) {
    let mut values = Vec::new();
    let mut selects = Vec::new();
    for Part(lane, bound) in lanes {
        selects.push(format!(
            "SELECT id FROM (SELECT id FROM payments {lane} AND id BETWEEN ? AND ? ORDER BY id {order} LIMIT {looked_at_max})"
        ));
        values.extend(bound);
        values.extend([Value::Integer(low), Value::Integer(high)]);
    }
    let steps = match <[String; 1]>::try_from(selects) {
        Ok([one]) => one,
        Err(many) => format!(
            "SELECT id FROM ({}) ORDER BY id {order} LIMIT {looked_at_max}",
            many.join(" UNION ALL ")
        ),
    };
    (steps, values)
}

fn found_steps(
    found: &[PaymentId],
    low: i64,
    high: i64,
    order: &str,
    looked_at_max: u32,
) -> (String, Vec<Value>) {
    let rows: Vec<String> = found.iter().map(|id| format!("({})", id.get())).collect();
    let rows = if rows.is_empty() {
        "(0)".to_owned()
    } else {
        rows.join(", ")
    };
    let steps = format!(
        "SELECT column1 AS id FROM (VALUES {rows}) WHERE column1 BETWEEN ? AND ? ORDER BY column1 {order} LIMIT {looked_at_max}"
    );
    (steps, vec![Value::Integer(low), Value::Integer(high)])
}

/// The row numbers between which payments of the wanted time are; `None` when there are none.
fn bounds(txn: &Txn<'_>, wanted: &Wanted) -> Result<Option<(i64, i64)>, StoreError> {
    let edge = |sql: &str, at: i64| {
        let mut statement = txn.connection.prepare_cached(sql)?;
        let found = statement.query_row(params![wanted.shop.get(), at], |row| row.get::<_, i64>(0));
        Ok::<_, StoreError>(found.optional()?)
    };
    let low = match wanted.from {
        None => Some(0),
        Some(from) => edge(FIRST_SINCE, from.get().saturating_sub(SKEW_MS))?,
    };
    let high = match wanted.before {
        None => Some(i64::MAX),
        Some(before) => edge(LAST_UNTIL, before.get().saturating_add(SKEW_MS))?,
    };
    Ok(low.zip(high))
}

const FIRST_SINCE: &str = "SELECT id FROM payments INDEXED BY payments_of_store_by_time
    WHERE store_id = ?1 AND created_ms >= ?2 ORDER BY created_ms, id LIMIT 1";
const LAST_UNTIL: &str = "SELECT id FROM payments INDEXED BY payments_of_store_by_time
    WHERE store_id = ?1 AND created_ms <= ?2 ORDER BY created_ms DESC, id DESC LIMIT 1";

/// Statuses in which few payments are at a time.
const fn is_rare(status: Status) -> bool {
    match status {
        Status::Selecting
        | Status::Queued
        | Status::Pending
        | Status::Confirming
        | Status::Underpaid
        | Status::Failed => true,
        Status::Paid | Status::Expired | Status::Cancelled => false,
    }
}

/// What walks an index each, and what is left to be looked at in the rows.
fn lanes(wanted: &Wanted, is_found: bool) -> (Vec<Part>, Part) {
    let shop = Value::Integer(wanted.shop.get());
    let has_rare = !wanted.statuses.is_empty() && wanted.statuses.iter().copied().all(is_rare);
    let origin = wanted.origin.filter(|origin| *origin != Origin::Api);
    let by_status = has_rare || (origin.is_none() && wanted.asset.is_none());
    let mut rest = Part(String::new(), Vec::new());
    let mut left = wanted.clone();
    let lanes = if is_found {
        rest.0.push_str(" AND store_id = ?");
        rest.1.push(shop);
        Vec::new()
    } else if !wanted.statuses.is_empty() && by_status {
        left.statuses.clear();
        let lane = |status: &Status| {
            let lane = "INDEXED BY payments_of_store_by_status WHERE store_id = ? AND status = ?";
            Part(lane.to_owned(), vec![shop.clone(), text(status.word())])
        };
        let mut statuses = wanted.statuses.clone();
        statuses.sort_unstable();
        statuses.dedup();
        statuses.iter().map(lane).collect()
    } else if let Some(origin) = origin {
        left.origin = None;
        let lane =
            "INDEXED BY payments_of_store_by_origin WHERE store_id = ? AND origin = ? AND origin <> 'api'";
        vec![Part(lane.to_owned(), vec![shop, text(origin.word())])]
    } else if let Some((network, currency)) = left.asset.take() {
        let lane =
            "INDEXED BY payments_of_store_by_currency WHERE store_id = ? AND network = ? AND currency = ?";
        let values = vec![shop, text(network.as_str()), text(currency.as_str())];
        vec![Part(lane.to_owned(), values)]
    } else if let Some(mode) = left.mode.take() {
        let lane = "INDEXED BY payments_of_store_by_mode WHERE store_id = ? AND mode = ?";
        vec![Part(lane.to_owned(), vec![shop, text(mode.word())])]
    } else {
        let lane = "INDEXED BY payments_of_store WHERE store_id = ?";
        vec![Part(lane.to_owned(), vec![shop])]
    };
    look_at(&left, &mut rest);
    (lanes, rest)
}

fn look_at(left: &Wanted, rest: &mut Part) {
    let mut add = |condition: &str, values: Vec<Value>| {
        rest.0.push_str(condition);
        rest.1.extend(values);
    };
    if !left.statuses.is_empty() {
        let words: Vec<String> = left.statuses.iter().map(|status| format!("'{status}'")).collect();
        add(&format!(" AND status IN ({})", words.join(", ")), Vec::new());
    }
    if let Some(mode) = left.mode {
        add(" AND mode = ?", vec![text(mode.word())]);
    }
    if let Some((network, currency)) = &left.asset {
        let values = vec![text(network.as_str()), text(currency.as_str())];
        add(" AND network = ? AND currency = ?", values);
    }
    if let Some(origin) = left.origin {
        add(" AND origin = ?", vec![text(origin.word())]);
    }
    if let Some(from) = left.from {
        add(" AND created_ms >= ?", vec![Value::Integer(from.get())]);
    }
    if let Some(before) = left.before {
        add(" AND created_ms < ?", vec![Value::Integer(before.get())]);
    }
    for (price, condition) in [
        (left.price_min, " AND price_currency = ? AND price_minor >= ?"),
        (left.price_max, " AND price_currency = ? AND price_minor <= ?"),
    ] {
        if let Some(price) = price {
            let minor = values::height(price.minor);
            add(
                condition,
                vec![text(price.currency.word()), Value::Integer(minor)],
            );
        }
    }
}

#[cfg(test)]
mod tests;
