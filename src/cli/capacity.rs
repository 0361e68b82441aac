//! `payd capacity`: how many payments an hour the addresses and amounts of stores have room for, and what more would
//! take. What that is, the office knows.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::args::CapacityOptions;
use super::output::{Output, Rows};
use super::session::{Session, shop_named};
use super::span;
use crate::domain::wallet::Way;
use crate::engine::office::capacity::{self, PLACES_MAX, Plan, Room, sustained_per_hour};
use crate::store::shops;

/// What helps besides more places.
const OTHERWISE: &str =
    "or shorten window and cool-down (`payd store set`), or use an xpub (`payd wallet set`)";

/// Runs the command.
///
/// # Errors
/// A text for the person who called it.
pub async fn run(session: &Session, options: CapacityOptions) -> anyhow::Result<Output> {
    let (now, registry) = (session.now(), session.registry.clone());
    let watched: BTreeSet<_> = session.settings.watched().into_iter().collect();
    let CapacityOptions { store, per_hour } = options;
    let rooms = session.read(move |txn| {
        let shops = match store {
            Some(name) => vec![shop_named(txn, &name)?],
            None => shops::all(txn)?,
        };
        let mut rooms = Vec::new();
        for shop in &shops {
            rooms.extend(capacity::rooms(txn, shop, &registry, &watched, now)?);
        }
        Ok(rooms)
    });
    Ok(output(&rooms.await?, per_hour))
}

fn output(rooms: &[Room], per_hour: Option<u32>) -> Output {
    let mut rows = Rows::new(&[
        "store",
        "network",
        "way",
        "currency",
        "free",
        "held",
        "resting",
        "removed",
        "waiting",
        "payments/hour",
    ]);
    let mut wanted = String::new();
    let mut json = Vec::new();
    for room in rooms {
        let sustained = sustained_per_hour(room);
        rows.push([
            room.store.clone(),
            room.network.to_string(),
            room.way.to_string(),
            room.currency.clone(),
            count_of(room, room.free),
            count_of(room, room.held),
            count_of(room, room.resting),
            room.retired.to_string(),
            room.queued.to_string(),
            sustained.map_or_else(|| "no limit".to_owned(), |rate| rate.to_string()),
        ]);
        let plan = per_hour.and_then(|per_hour| Plan::of(room, per_hour));
        if let (Some(plan), Some(per_hour)) = (&plan, per_hour) {
            wanted.push_str(&in_words(plan, room, per_hour));
        }
        json.push(as_json(room, sustained, plan.as_ref()));
    }
    let mut text =
        rows.or("No addresses yet. Add some with `payd address add`, or see `payd wallet set --help`.");
    if !rooms.is_empty() {
        text.push_str(
            "\npayments/hour: what can be taken with one in 1000 finding no place, if nobody pays before the end of the \
             window; of an amount at a shared address, for one price.\n",
        );
        text.push_str(&wanted);
    }
    Output::new(text, json!({ "capacity": json, "per_hour": per_hour }))
}

fn count_of(room: &Room, count: u32) -> String {
    if room.way == Way::Xpub {
        String::new()
    } else {
        count.to_string()
    }
}

fn as_json(room: &Room, sustained: Option<Decimal>, plan: Option<&Plan>) -> Value {
    json!({
        "store": room.store,
        "network": room.network.as_str(),
        "way": room.way.word(),
        "currency": room.currency,
        "free": room.free,
        "held": room.held,
        "resting": room.resting,
        "removed": room.retired,
        "queued": room.queued,
        "hold_s": room.hold.as_secs(),
        "payments_per_hour": sustained.map(|rate| rate.to_string()),
        "refused_percent": plan.map(|plan| plan.refused_percent.to_string()),
        "places_to_add": plan.map(|plan| plan.missing),
    })
}

fn in_words(plan: &Plan, room: &Room, per_hour: u32) -> String {
    let Room {
        store, network, hold, ..
    } = room;
    let what = match room.way {
        Way::Shared => format!("amounts in {}", room.currency),
        Way::Pool | Way::Xpub => "addresses".to_owned(),
    };
    let advice = match plan.missing {
        Some(0) => "there is room".to_owned(),
        Some(missing) => format!("add {missing} {what}, {OTHERWISE}"),
        None => format!("more than {PLACES_MAX} {what} would be needed; {OTHERWISE}"),
    };
    format!(
        "{store}, {network}: of {per_hour} payments an hour, each holding its place for {}, {} % would find none: \
         {advice}.\n",
        span::show(*hold),
        plan.refused_percent
    )
}
