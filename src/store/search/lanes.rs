//! Which index serves which filters, and what of them is left to be looked at in the rows.

use rusqlite::types::Value;

use super::{Part, Wanted, text};
use crate::domain::network::Mode;
use crate::domain::payment::Origin;
use crate::domain::status::Status;
use crate::store::values;

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

/// What walks an index each, and what is looked at of the payments there.
pub(super) struct Lanes {
    pub(super) lanes: Vec<Part>,
    pub(super) rest: Part,
    /// Whether the indexes alone tell what is looked at.
    pub(super) is_covered: bool,
}

impl Lanes {
    /// Few payments are rather walked than many: those of rare statuses, then those that somebody else asked for, then those of
    /// one asset. Whatever else is asked for stands in the index of all.
    pub(super) fn of(wanted: &Wanted) -> Self {
        let shop = Value::Integer(wanted.shop.get());
        let mut left = wanted.clone();
        left.mode = None;
        let has_rare = !wanted.statuses.is_empty() && wanted.statuses.iter().copied().all(is_rare);
        let has_status_alone = Wanted {
            statuses: wanted.statuses.clone(),
            ..Wanted::all(wanted.shop)
        } == left;
        let origin = wanted.origin.filter(|origin| *origin != Origin::Api);
        let lanes = if !wanted.statuses.is_empty() && (has_rare || has_status_alone) {
            left.statuses.clear();
            let lane = "INDEXED BY payments_of_store_by_status WHERE store_id = ? AND status = ?";
            let mut statuses = wanted.statuses.clone();
            statuses.sort_unstable();
            statuses.dedup();
            let lane = |status: Status| Part(lane.to_owned(), vec![shop.clone(), text(status.word())]);
            statuses.into_iter().map(lane).collect()
        } else if let Some(origin) = origin {
            left.origin = None;
            let lane = "INDEXED BY payments_of_store_by_origin WHERE store_id = ? AND origin = ? AND origin <> 'api'";
            vec![Part(lane.to_owned(), vec![shop, text(origin.word())])]
        } else if let Some((network, currency)) = left.asset.take() {
            let lane = "INDEXED BY payments_of_store_by_currency WHERE store_id = ? AND network = ? AND currency = ?";
            let values = vec![shop, text(network.as_str()), text(currency.as_str())];
            vec![Part(lane.to_owned(), values)]
        } else {
            return Self::of_all(wanted);
        };
        // But for the mode, which all but the rarest of them have.
        let is_covered = left == Wanted::all(wanted.shop) && origin.is_none();
        left.mode = wanted.mode;
        Self {
            lanes,
            rest: look_at(&left),
            is_covered,
        }
    }

    fn of_all(wanted: &Wanted) -> Self {
        let modes = wanted
            .mode
            .map_or_else(|| vec![Mode::Live, Mode::Test], |mode| vec![mode]);
        let lane = |mode: Mode| {
            Part(
                "INDEXED BY payments_of_store_by_mode WHERE store_id = ? AND mode = ?".to_owned(),
                vec![Value::Integer(wanted.shop.get()), text(mode.word())],
            )
        };
        let left = Wanted {
            mode: None,
            ..wanted.clone()
        };
        Self {
            lanes: modes.into_iter().map(lane).collect(),
            rest: look_at(&left),
            is_covered: true,
        }
    }
}

/// The condition on each payment, to be added to another.
pub(super) fn look_at(left: &Wanted) -> Part {
    let mut rest = Part(String::new(), Vec::new());
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
    rest
}
