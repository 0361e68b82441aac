//! How many payments an hour the addresses and amounts of stores have room for, and what more would take.
//!
//! Erlang's loss formula: payments come when they like, each holds one address for its window and its rest, and one
//! that finds none free is turned away.

use std::collections::BTreeSet;
use std::time::Duration;

use rust_decimal::{Decimal, RoundingStrategy};

use super::{Office, OfficeError};
use crate::domain::asset::{Asset, Currency, Registry};
use crate::domain::matching;
use crate::domain::network::{Mode, Network, NetworkId};
use crate::domain::shop::Shop;
use crate::domain::time::UnixMillis;
use crate::domain::wallet::{Wallet, Way};
use crate::engine::capacity::is_low;
use crate::store::addresses::{self, PoolCount};
use crate::store::slots::{self, SlotCount};
use crate::store::{StoreError, Txn, wallets};

/// One payment in a thousand may be turned away.
const BLOCKING_MAX: Decimal = Decimal::from_parts(1, 0, 0, false, 3);

/// The most places that are calculated with.
pub const PLACES_MAX: u32 = 1_000_000;

/// Places of one kind: addresses of a pool, or amounts of a currency at a shared address.
#[derive(Debug, Clone)]
pub struct Room {
    /// The store's name.
    pub store: String,
    /// The network's full name.
    pub network: NetworkId,
    /// How payments are told apart.
    pub way: Way,
    /// Of a shared address: the currency of the amounts; else empty.
    pub currency: String,
    /// Can be given out now.
    pub free: u32,
    /// A payment has them.
    pub held: u32,
    /// Rest between two payments.
    pub resting: u32,
    /// Payments that wait for a place.
    pub queued: u32,
    /// Were taken out of the pool.
    pub retired: u32,
    /// Whether few are free.
    pub is_low: bool,
    /// How long a payment that is not paid keeps its place from others.
    pub hold: Duration,
}

impl Room {
    /// All of them.
    #[must_use]
    pub fn places(&self) -> u32 {
        self.free.saturating_add(self.held).saturating_add(self.resting)
    }
}

/// The rooms of a store on all networks. Of a token that nobody watches there is none: nothing can be asked for in it.
///
/// # Errors
/// [`StoreError`].
pub fn rooms(
    txn: &Txn<'_>,
    shop: &Shop,
    registry: &Registry,
    watched: &BTreeSet<(NetworkId, Currency)>,
    now: UnixMillis,
) -> Result<Vec<Room>, StoreError> {
    let pools = addresses::pool_counts_of(txn, shop.id, now)?;
    let mut rooms = Vec::new();
    for network in registry.networks() {
        rooms.extend(rooms_of(txn, shop, network, registry, &pools, now)?);
    }
    // In a token of a live network that is switched off, nothing can be asked for.
    rooms.retain(|room| {
        let mut of_network = watched
            .iter()
            .filter(|(network, _)| *network == room.network)
            .peekable();
        room.currency.is_empty()
            || of_network.peek().is_none()
            || of_network.any(|(_, currency)| currency.as_str() == room.currency)
    });
    Ok(rooms)
}

fn rooms_of(
    txn: &Txn<'_>,
    shop: &Shop,
    network: &Network,
    registry: &Registry,
    pools: &[PoolCount],
    now: UnixMillis,
) -> Result<Vec<Room>, StoreError> {
    let empty = Room {
        store: shop.name.clone(),
        network: network.id.clone(),
        way: Way::Pool,
        currency: String::new(),
        free: 0,
        held: 0,
        resting: 0,
        queued: 0,
        retired: 0,
        is_low: false,
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
            is_low: is_low(pool),
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
            is_low: queued > 0 || taken >= all,
            ..self.clone()
        }
    }
}

/// What a number of payments an hour would take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// The share of payments that would find no place, in percent.
    pub refused_percent: Decimal,
    /// Places to add; `None` when more would be needed than are calculated with.
    pub missing: Option<u32>,
}

impl Plan {
    /// `None` where there is no limit.
    #[must_use]
    pub fn of(room: &Room, per_hour: u32) -> Option<Self> {
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
#[must_use]
pub fn sustained_per_hour(room: &Room) -> Option<Decimal> {
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

/// Up to so many places the formula is worked out.
const EXACT_PLACES_MAX: u32 = 1000;

/// As [`sustained_per_hour`], at once however many places there are: of very many, what as many small pools would take,
/// which is a little less.
#[must_use]
pub fn sustained_at_least(room: &Room) -> Option<Decimal> {
    let places = room.places();
    if places <= EXACT_PLACES_MAX {
        return sustained_per_hour(room);
    }
    let small = Room {
        free: EXACT_PLACES_MAX,
        held: 0,
        resting: 0,
        ..room.clone()
    };
    let scaled = sustained_per_hour(&small)?.checked_mul(Decimal::from(places))?;
    Some(scaled.checked_div(Decimal::from(EXACT_PLACES_MAX))?.trunc())
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

impl Office {
    /// What a store has room for, on all networks.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn capacity(&self, shop: Shop) -> Result<Vec<Room>, OfficeError> {
        let (engine, now) = (std::sync::Arc::clone(&self.engine), self.now());
        let read = self
            .engine
            .database
            .read(move |txn| rooms(txn, &shop, &engine.registry, &engine.watched, now));
        Ok(read.await?)
    }
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
    fn what_very_many_places_take_is_never_said_to_be_more_than_it_is() {
        let room = |free| Room {
            store: String::new(),
            network: NetworkId::parse("bsc").unwrap(),
            way: Way::Pool,
            currency: String::new(),
            free,
            held: 0,
            resting: 0,
            queued: 0,
            retired: 0,
            is_low: false,
            hold: Duration::from_secs(3600),
        };
        assert_eq!(sustained_at_least(&room(1000)), sustained_per_hour(&room(1000)));
        let (at_least, exact) = (sustained_at_least(&room(3000)), sustained_per_hour(&room(3000)));
        assert!(at_least <= exact && at_least > sustained_per_hour(&room(2000)));
    }

    #[test]
    fn no_places_turn_everybody_away() {
        assert_eq!(blocking(0, Decimal::ONE), Some(Decimal::ONE));
    }
}
