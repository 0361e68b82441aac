//! The list of a shop's payments as its merchant looks through it: newest first, paged by row number, by any filters at once,
//! or by what a search found.
//!
//! A page looks at a bounded number of payments, whatever is asked: each filter has an index, and where filters together match
//! little, the page says how far it has looked.

mod lanes;

use rusqlite::{OptionalExtension as _, ToSql, params, params_from_iter};

use self::lanes::{Lanes, look_at};
use super::error::StoreError;
use super::{Txn, payments, values};
use crate::domain::asset::Currency;
use crate::domain::ids::{PaymentCode, PaymentId, PaymentNumber, PaymentUuid, ShopId};
use crate::domain::money::FiatAmount;
use crate::domain::network::{Mode, NetworkId};
use crate::domain::payment::{Origin, Payment};
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;

/// Payments that one page looks at where an index tells all that is asked for.
const ENTRIES_MAX: u32 = 2500;

/// Payments that one page looks at where it has to look each of them up.
const ROWS_MAX: u32 = 200;

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
// By when they asked, which is how the index has them; the newest of a shared address that had millions. The one that has it now
// is in an index of its own.
const OF_ADDRESS: &str = "SELECT id FROM payments INDEXED BY payments_live_address
        WHERE network = ?2 AND address = ?3 AND way <> 'shared' AND is_open = 1 AND store_id = ?1 AND asked_ms IS NOT NULL
    UNION ALL SELECT id FROM (SELECT id, store_id FROM payments INDEXED BY payments_of_address
        WHERE network = ?2 AND address = ?3 AND asked_ms IS NOT NULL AND (way = 'shared' OR is_open = 0)
        ORDER BY asked_ms DESC, id DESC LIMIT ?4)
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
    let looked = match among {
        Some(found) => among_found(txn, wanted, found, turn, limit)?,
        None => match Walk::new(txn, wanted, turn, limit)? {
            Some(walk) => walk.look(txn)?,
            None => return Ok(Page::default()),
        },
    };
    looked.page(txn, turn, limit)
}

/// A part of a condition with what it binds.
struct Part(String, Vec<Value>);

type Value = rusqlite::types::Value;

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

/// What of the payments that were looked at is wanted, in the direction of the turn.
struct Looked {
    /// One more than a page holds, where there are so many.
    wanted: Vec<PaymentId>,
    /// The last that was looked at, where there may be more behind it.
    end: Option<PaymentId>,
}

impl Looked {
    fn page(mut self, txn: &Txn<'_>, turn: Turn, limit: u32) -> Result<Page, StoreError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let goes_on_at = if self.wanted.len() > limit {
            self.wanted.truncate(limit);
            self.wanted.last().copied()
        } else {
            self.end
        };
        let mut page = Page {
            payments: Vec::with_capacity(self.wanted.len()),
            goes_on_at,
        };
        for id in self.wanted {
            page.payments.extend(payments::by_id(txn, id)?);
        }
        if matches!(turn, Turn::After(_)) {
            page.payments.reverse();
        }
        Ok(page)
    }
}

/// Looks through what a search found.
fn among_found(
    txn: &Txn<'_>,
    wanted: &Wanted,
    found: &[PaymentId],
    turn: Turn,
    limit: u32,
) -> Result<Looked, StoreError> {
    let mut found = found.to_vec();
    found.sort_unstable();
    match turn {
        Turn::Newest => found.reverse(),
        Turn::Before(id) => {
            found.retain(|one| *one < id);
            found.reverse();
        }
        Turn::After(id) => found.retain(|one| *one > id),
    }
    let mut rest = look_at(wanted);
    rest.0.push_str(" AND store_id = ? AND id = ?");
    rest.1.push(Value::Integer(wanted.shop.get()));
    let sql = format!("SELECT 1 FROM payments NOT INDEXED WHERE 1{}", rest.0);
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let mut looked = Looked {
        wanted: Vec::new(),
        end: None,
    };
    for id in found {
        if looked.wanted.len() > usize::try_from(limit).unwrap_or(usize::MAX) {
            break;
        }
        let values = rest.1.iter().cloned().chain([Value::Integer(id.get())]);
        if statement.exists(params_from_iter(values))? {
            looked.wanted.push(id);
        }
    }
    Ok(looked)
}

/// How a page is found: by which indexes, and what is looked at of each payment there.
struct Walk {
    /// Selects row numbers, in order, and whether each is wanted.
    sql: String,
    values: Vec<Value>,
    asked: u32,
    looked_at_max: u32,
    /// Whether anything that is looked at may be passed over.
    is_picky: bool,
}

impl Walk {
    fn new(txn: &Txn<'_>, wanted: &Wanted, turn: Turn, limit: u32) -> Result<Option<Self>, StoreError> {
        let Some((low, high)) = bounds(txn, wanted)? else {
            return Ok(None);
        };
        let (low, high, order) = match turn {
            Turn::Newest => (low, high, "DESC"),
            Turn::Before(id) => (low, high.min(id.get().saturating_sub(1)), "DESC"),
            Turn::After(id) => (low.max(id.get().saturating_add(1)), high, "ASC"),
        };
        let Lanes {
            lanes,
            rest,
            is_covered,
        } = Lanes::of(wanted);
        let asked = limit.saturating_add(1);
        let is_picky = !rest.0.is_empty();
        let looked_at_max = match (is_picky, is_covered) {
            (false, _) => asked,
            (true, true) => ENTRIES_MAX.max(asked),
            (true, false) => ROWS_MAX.max(asked),
        };
        let mut values = Vec::new();
        let mut selects = Vec::new();
        for Part(lane, bound) in lanes {
            selects.push(format!(
                "SELECT id, (1{}) IS TRUE AS is_wanted FROM payments {lane} AND id BETWEEN ? AND ?",
                rest.0
            ));
            values.extend(rest.1.iter().cloned());
            values.extend(bound);
            values.extend([Value::Integer(low), Value::Integer(high)]);
        }
        // Each lane is in order, so that they are merged as they are walked.
        let sql = format!(
            "{} ORDER BY id {order} LIMIT {looked_at_max}",
            selects.join(" UNION ALL ")
        );
        Ok(Some(Self {
            sql,
            values,
            asked,
            looked_at_max,
            is_picky,
        }))
    }

    fn look(&self, txn: &Txn<'_>) -> Result<Looked, StoreError> {
        let asked = usize::try_from(self.asked).unwrap_or(usize::MAX);
        let mut statement = txn.connection.prepare_cached(&self.sql)?;
        let mut rows = statement.query(params_from_iter(&self.values))?;
        let mut looked = Looked {
            wanted: Vec::new(),
            end: None,
        };
        let (mut count, mut last) = (0_u32, None);
        while looked.wanted.len() < asked
            && let Some(row) = rows.next()?
        {
            count = count.saturating_add(1);
            let id = PaymentId::new(row.get(0)?);
            last = Some(id);
            if row.get(1)? {
                looked.wanted.push(id);
            }
        }
        looked.end = last.filter(|_| self.is_picky && count >= self.looked_at_max);
        Ok(looked)
    }
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

#[cfg(test)]
mod tests;
