//! Made-up histories of payments: what the tests that count up after them share.

use proptest::prelude::*;

use crate::domain::ids::ShopId;
use crate::domain::shop::{Dialect, Rules};
use crate::domain::status::{EDGES, Status};
use crate::domain::time::UnixMillis;
use crate::store::{Txn, shops};

const DAY_MS: i64 = 86_400_000;

/// The beginning of a day.
const MIDNIGHT: i64 = 20_000 * DAY_MS;

/// Some days about a midnight, with both sides of it.
pub fn moment() -> impl Strategy<Value = i64> {
    prop_oneof![
        Just(MIDNIGHT - 1),
        Just(MIDNIGHT),
        Just(MIDNIGHT + 1),
        (MIDNIGHT - 3 * DAY_MS)..(MIDNIGHT + 3 * DAY_MS),
    ]
}

/// Where the edge of this place leads, of those that lead on from a status to one that may be; nowhere at the end.
pub fn next_status(now: &str, edge: usize, may_be: impl Fn(Status) -> bool) -> Option<Status> {
    let on: Vec<Status> = EDGES
        .iter()
        .filter(|(from, to)| from.word() == now && may_be(*to))
        .map(|(_, to)| *to)
        .collect();
    on.get(edge % on.len().max(1)).copied()
}

/// Two shops that no other history has.
pub fn two_shops(txn: &Txn<'_>, serial: usize) -> [ShopId; 2] {
    [0, 1].map(|place| {
        let name = format!("shop {serial} {place}");
        let (dialect, rules) = (Dialect::Payhook, Rules::default());
        shops::insert(txn, &name, dialect, None, &rules, UnixMillis::new(0)).unwrap()
    })
}
