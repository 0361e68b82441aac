//! Pages of a store's payments as its own API calls list them: newest first, by status, asset and time, by number of
//! page. Each filter has its index; a count walks the index alone.

use rusqlite::named_params;

use super::error::StoreError;
use super::{Txn, payments};
use crate::domain::asset::Currency;
use crate::domain::ids::ShopId;
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

    /// The condition, with the named parameters that are bound to it.
    fn condition(&self) -> String {
        let mut condition = "store_id = :store_id AND mode = :mode".to_owned();
        if !self.statuses.is_empty() {
            let words: Vec<String> = self.statuses.iter().map(|status| format!("'{status}'")).collect();
            condition.push_str(&format!(" AND status IN ({})", words.join(", ")));
        }
        // Amounts are text: the longer number is the larger one, and of two of a length the later in order.
        match self.is_overpaid {
            Some(true) => {
                condition.push_str(" AND (status <> 'paid' OR (length(seen), seen) > (length(due), due))")
            }
            Some(false) => {
                condition.push_str(" AND (status <> 'paid' OR (length(seen), seen) <= (length(due), due))")
            }
            None => {}
        }
        for (is_set, part) in [
            (
                self.asset.is_some(),
                " AND network = :network AND currency = :currency",
            ),
            (self.from.is_some(), " AND created_ms >= :from"),
            (self.before.is_some(), " AND created_ms < :before"),
        ] {
            if is_set {
                condition.push_str(part);
            }
        }
        condition
    }

    /// Binds what the condition names; names that it does not have are left out by a condition that is always true.
    fn bound<T>(&self, run: impl FnOnce(&[(&str, &dyn rusqlite::ToSql)]) -> T) -> T {
        let (shop, mode) = (self.shop.get(), self.mode.word());
        let network = self.asset.as_ref().map(|(network, _)| network.as_str());
        let currency = self.asset.as_ref().map(|(_, currency)| currency.as_str());
        let (from, before) = (self.from.map(UnixMillis::get), self.before.map(UnixMillis::get));
        let mut values: Vec<(&str, &dyn rusqlite::ToSql)> =
            named_params! { ":store_id": shop, ":mode": mode }.to_vec();
        if self.asset.is_some() {
            values.extend_from_slice(named_params! { ":network": network, ":currency": currency });
        }
        if self.from.is_some() {
            values.extend_from_slice(named_params! { ":from": from });
        }
        if self.before.is_some() {
            values.extend_from_slice(named_params! { ":before": before });
        }
        run(&values)
    }
}

/// How many payments there are.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn count(txn: &Txn<'_>, filter: &Filter) -> Result<u64, StoreError> {
    let sql = count_sql(filter);
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let count: i64 = filter.bound(|values| statement.query_row(values, |row| row.get(0)))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

pub(super) fn count_sql(filter: &Filter) -> String {
    format!("SELECT COUNT(*) FROM payments WHERE {}", filter.condition())
}

/// The payments after the first `skipped`, newest first, at most `limit`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn page(txn: &Txn<'_>, filter: &Filter, skipped: u64, limit: u32) -> Result<Vec<Payment>, StoreError> {
    let skipped = i64::try_from(skipped).unwrap_or(i64::MAX);
    // The rows themselves are read only for the page.
    let rest = format!(
        "WHERE id IN (SELECT id FROM payments WHERE {} ORDER BY id DESC LIMIT {limit} OFFSET {skipped}) ORDER BY id DESC",
        filter.condition()
    );
    filter.bound(|values| payments::many(txn, &rest, values))
}
