//! `payd capacity`: how many payments an hour the addresses and amounts of stores have room for, and what more would
//! take.
//!
//! Erlang's loss formula: payments come when they like, each holds one address for its window and its rest, and one
//! that finds none free is turned away.

use std::time::Duration;

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};

use super::args::CapacityOptions;
use super::output::{Output, Rows};
use super::session::{Session, shop_named};
use super::span;
use crate::domain::asset::{Asset, Registry};
use crate::domain::matching;
use crate::domain::network::{Mode, Network};
use crate::domain::shop::Shop;
use crate::domain::time::UnixMillis;
use crate::domain::wallet::{Wallet, Way};
use crate::store::addresses::{self, PoolCount};
use crate::store::slots::{self, SlotCount};
use crate::store::{Txn, shops, wallets};

/// One payment in a thousand may be turned away.
const BLOCKING_MAX: Decimal = Decimal::from_parts(1, 0, 0, false, 3);

/// What helps besides more places.
const OTHERWISE: &str =
    "or shorten window and cool-down (`payd store set`), or use an xpub (`payd wallet set`)";

/// The most places that are calculated with.
const PLACES_MAX: u32 = 1_000_000;

/// Places of one kind: addresses of a pool, or amounts of a currency at a shared address.
#[derive(Clone)]
struct Room {
    store: String,
    network: String,
    way: Way,
    currency: String,
    free: u32,
    held: u32,
    resting: u32,
    queued: u32,
    retired: u32,
    /// How long a payment that is not paid keeps its place from others.
    hold: Duration,
}

impl Room {
    fn places(&self) -> u32 {
        self.free.saturating_add(self.held).saturating_add(self.resting)
    }
}

/// Runs the command.
///
/// # Errors
/// A text for the person who called it.
pub async fn run(session: &Session, options: CapacityOptions) -> anyhow::Result<Output> {
    let (now, registry) = (session.now(), session.registry.clone());
    let watched = session.settings.watched();
    let CapacityOptions { store, per_hour } = options;
    let rooms = session.read(move |txn| {
        let shops = match store {
            Some(name) => vec![shop_named(txn, &name)?],
            None => shops::all(txn)?,
        };
        let pools = addresses::pool_counts(txn, now)?;
        let mut rooms = Vec::new();
        for shop in &shops {
            for network in registry.networks() {
                rooms.extend(rooms_of(txn, shop, network, &registry, &pools, now)?);
            }
        }
        // In a token of a live network that is switched off, nothing can be asked for.
        rooms.retain(|room| {
            let mut of_network = watched
                .iter()
                .filter(|(network, _)| network.as_str() == room.network)
                .peekable();
            room.currency.is_empty()
                || of_network.peek().is_none()
                || of_network.any(|(_, currency)| currency.as_str() == room.currency)
        });
        Ok(rooms)
    });
    Ok(output(&rooms.await?, per_hour))
}

fn rooms_of(
    txn: &Txn<'_>,
    shop: &Shop,
    network: &Network,
    registry: &Registry,
    pools: &[PoolCount],
    now: UnixMillis,
) -> anyhow::Result<Vec<Room>> {
    let empty = Room {
        store: shop.name.clone(),
        network: network.id.to_string(),
        way: Way::Pool,
        currency: String::new(),
        free: 0,
        held: 0,
        resting: 0,
        queued: 0,
        retired: 0,
        hold: shop
            .rules
            .window
            .saturating_add(shop.rules.cool_down.max(matching::rest_min(network))),
    };
    let wallet = wallets::in_use(txn, shop.id, &network.id)?;
    let pool = pools
        .iter()
        .find(|pool| pool.shop == shop.id && pool.network == network.id);
    Ok(match wallet.filter(|wallet| wallet.way != Way::Pool) {
        Some(wallet) if wallet.way == Way::Shared => {
            let counts = slots::counts(txn, &network.id, &wallet.account, now)?;
            let assets = registry.assets_of(&network.id);
            assets
                .map(|asset| empty.shared(&wallet, asset, &counts))
                .collect()
        }
        Some(_) => vec![Room {
            way: Way::Xpub,
            ..empty
        }],
        // Simulated networks make the addresses that they need.
        None => pool
            .filter(|_| network.mode == Mode::Live)
            .map(|pool| empty.of_pool(pool))
            .into_iter()
            .collect(),
    })
}

impl Room {
    fn of_pool(&self, pool: &PoolCount) -> Self {
        Self {
            free: pool.free,
            held: pool.held,
            resting: pool.resting,
            retired: pool.retired,
            ..self.clone()
        }
    }

    /// The amounts that lie beside each other above one price; every other price has as many.
    fn shared(&self, wallet: &Wallet, asset: &Asset, counts: &[SlotCount]) -> Self {
        let all = wallet.slots_of(asset).count;
        let count = counts.iter().find(|count| count.currency == asset.currency);
        let (held, resting, queued) =
            count.map_or((0, 0, 0), |count| (count.held, count.resting, count.queued));
        let taken = held.saturating_add(resting).min(all);
        let held = held.min(taken);
        Self {
            way: Way::Shared,
            currency: asset.currency.to_string(),
            free: all.saturating_sub(taken),
            held,
            resting: taken.saturating_sub(held),
            queued,
            ..self.clone()
        }
    }
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
            room.network.clone(),
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
            wanted.push_str(&plan.in_words(room, per_hour));
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
        "network": room.network,
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

/// What a number of payments an hour would take.
struct Plan {
    refused_percent: Decimal,
    /// Places to add; `None` when more would be needed than are calculated with.
    missing: Option<u32>,
}

impl Plan {
    /// `None` where there is no limit.
    fn of(room: &Room, per_hour: u32) -> Option<Self> {
        if room.way == Way::Xpub {
            return None;
        }
        let load = load(per_hour, room.hold)?;
        let refused = blocking(room.places(), load)?;
        Some(Self {
            refused_percent: refused.checked_mul(Decimal::ONE_HUNDRED)?.round_dp(2).normalize(),
            missing: places_for(load).map(|places| places.saturating_sub(room.places())),
        })
    }

    fn in_words(&self, room: &Room, per_hour: u32) -> String {
        let Room {
            store, network, hold, ..
        } = room;
        let what = match room.way {
            Way::Shared => format!("amounts in {}", room.currency),
            Way::Pool | Way::Xpub => "addresses".to_owned(),
        };
        let advice = match self.missing {
            Some(0) => "there is room".to_owned(),
            Some(missing) => format!("add {missing} {what}, {OTHERWISE}"),
            None => format!("more than {PLACES_MAX} {what} would be needed; {OTHERWISE}"),
        };
        format!(
            "{store}, {network}: of {per_hour} payments an hour, each holding its place for {}, {} % would find none: \
             {advice}.\n",
            span::show(*hold),
            self.refused_percent
        )
    }
}

/// Payments that hold a place at the same time, on average (in Erlang).
fn load(per_hour: u32, hold: Duration) -> Option<Decimal> {
    Decimal::from(per_hour)
        .checked_mul(Decimal::from(hold.as_secs()))?
        .checked_div(Decimal::from(3600))
}

/// The share of payments that find none of `places` free under `load` (Erlang B, by its recursion over places).
fn blocking(places: u32, load: Decimal) -> Option<Decimal> {
    let mut share = Decimal::ONE;
    for place in 1..=places {
        share = one_more(share, place, load)?;
    }
    Some(share)
}

/// The share that is turned away with `places` places, from the share with one fewer.
fn one_more(share: Decimal, places: u32, load: Decimal) -> Option<Decimal> {
    // Digits that no longer matter would make every step slower.
    let offered = load.checked_mul(share)?.round_dp(12);
    offered.checked_div(Decimal::from(places).checked_add(offered)?)
}

/// The fewest places at which a load is taken with one in a thousand turned away.
fn places_for(load: Decimal) -> Option<u32> {
    let mut share = Decimal::ONE;
    for places in 1..=PLACES_MAX {
        share = one_more(share, places, load)?;
        if share <= BLOCKING_MAX {
            return Some(places);
        }
    }
    None
}

/// The payments an hour of which one in a thousand is turned away; `None` where there is no limit.
fn sustained_per_hour(room: &Room) -> Option<Decimal> {
    if room.way == Way::Xpub {
        return None;
    }
    let hold = Decimal::from(room.hold.as_secs().max(1));
    let load = load_for(room.places()).unwrap_or_default();
    let per_hour = load.checked_mul(Decimal::from(3600))?.checked_div(hold)?;
    Some(
        per_hour
            .round_dp_with_strategy(1, RoundingStrategy::ToZero)
            .normalize(),
    )
}

/// The largest load, to a tenth and rounded down, of which `places` turn away one in a thousand.
fn load_for(places: u32) -> Option<Decimal> {
    // In tenths; the load at this blocking is always below the number of places.
    let (mut low, mut high) = (0u32, places.checked_mul(10)?);
    while high.saturating_sub(low) > 1 {
        let middle = low.checked_add(high.saturating_sub(low) / 2)?;
        let load = Decimal::from(middle).checked_div(Decimal::TEN)?;
        if blocking(places, load)? <= BLOCKING_MAX {
            low = middle;
        } else {
            high = middle;
        }
    }
    Decimal::from(low).checked_div(Decimal::TEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_load_that_places_carry_is_the_textbooks() {
        for (places, tenths) in [(0, 0), (1, 0), (2, 0), (10, 30), (90, 664), (999, 9288)] {
            let load = load_for(places).unwrap();
            let expected = Decimal::new(tenths, 1);
            let off = (load - expected).abs();
            assert!(off <= Decimal::ONE, "{places}: {load}");
        }
    }

    #[test]
    fn as_many_places_as_are_asked_for_are_enough_and_one_fewer_is_not() {
        for load in [1, 7, 66, 300].map(Decimal::from) {
            let places = places_for(load).unwrap();
            assert!(blocking(places, load).unwrap() <= BLOCKING_MAX);
            assert!(blocking(places - 1, load).unwrap() > BLOCKING_MAX);
        }
    }

    #[test]
    fn no_places_turn_everybody_away() {
        assert_eq!(blocking(0, Decimal::ONE), Some(Decimal::ONE));
    }
}
