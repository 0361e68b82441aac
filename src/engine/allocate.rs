//! Gives a new payment its address: the longest rested free one of the shop's pool.

use crate::ambient::{Random, random_bytes};
use crate::chain::simulated;
use crate::domain::network::{Mode, Network};
use crate::domain::shop::Shop;
use crate::domain::time::UnixMillis;
use crate::store::addresses::{self, PoolAddress};
use crate::store::{StoreError, Txn};

/// Rows looked at to find an authentic one.
const CANDIDATES: u32 = 16;

/// What the pool had.
pub(super) enum Allocation {
    /// An address to pay to.
    Free(PoolAddress),
    /// None, for now.
    AllHeld,
    /// None at all.
    NoneConfigured,
}

/// Picks an address. A row that payd did not write is never picked.
///
/// Simulated networks make an address where none is free, so that a shop can take test payments with nothing set
/// up.
pub(super) fn pick(
    txn: &Txn<'_>,
    shop: &Shop,
    network: &Network,
    now: UnixMillis,
    random: &dyn Random,
) -> Result<Allocation, StoreError> {
    if let Some(free) = first_authentic(txn, shop, network, now)? {
        return Ok(Allocation::Free(free));
    }
    if network.mode == Mode::Test {
        make_test_address(txn, shop, network, now, random)?;
        if let Some(made) = first_authentic(txn, shop, network, now)? {
            return Ok(Allocation::Free(made));
        }
    }
    let has_any = addresses::has_any(txn, shop.id, &network.id)?;
    Ok(if has_any {
        Allocation::AllHeld
    } else {
        Allocation::NoneConfigured
    })
}

fn first_authentic(
    txn: &Txn<'_>,
    shop: &Shop,
    network: &Network,
    now: UnixMillis,
) -> Result<Option<PoolAddress>, StoreError> {
    // However short the shop's cool-down: money that was mined before the address was released, and is read only now,
    // must still be told from the next payment's.
    let rest_min = network.timestamp_slack.saturating_mul(2);
    let rested_by = now.minus(rest_min.saturating_sub(shop.rules.cool_down));
    let mut free = addresses::free(txn, shop.id, &network.id, rested_by, CANDIDATES)?.into_iter();
    Ok(free.find(|row| {
        if !row.is_authentic {
            metrics::counter!("payd_pool_tampered_total").increment(1);
            tracing::error!(
                shop = %shop.id, network = %network.id, row = %row.id, address = %row.address,
                "this address was not written by payd: it is not given out; look who changed the database"
            );
        }
        row.is_authentic
    }))
}

fn make_test_address(
    txn: &Txn<'_>,
    shop: &Shop,
    network: &Network,
    now: UnixMillis,
    random: &dyn Random,
) -> Result<(), StoreError> {
    match simulated::address::from_random(network.family, random_bytes(random)?) {
        Ok(address) => addresses::insert(txn, shop.id, &network.id, &address, now).map(|_| ()),
        Err(error) => {
            tracing::error!(network = %network.id, %error, "no test address could be made");
            Ok(())
        }
    }
}
