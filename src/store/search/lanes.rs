//! Which index serves which filters, and what of them is left to be looked at in the rows.

use rusqlite::types::Value;

use super::{Part, Wanted, text};
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

/// What walks an index each, and what is left to be looked at in the rows.
pub(super) fn lanes(wanted: &Wanted, is_found: bool) -> (Vec<Part>, Part) {
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
