//! How much room the pools have, and a word in time when one runs low.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use super::Engine;
use crate::domain::ids::ShopId;
use crate::domain::network::{Mode, NetworkId};
use crate::domain::wallet::Way;
use crate::store::addresses::{self, PoolCount};
use crate::store::{StoreError, Txn, shops, wallets};

/// Fewer free addresses than this are few, however small the pool.
const FREE_MIN: u32 = 3;

/// The pools that are running low, as far as it was said.
pub(super) type LowPools = BTreeSet<(ShopId, NetworkId)>;

/// Whether a pool runs low: fewer than a fifth of its addresses are free, or hardly any.
#[must_use]
pub fn is_low(count: &PoolCount) -> bool {
    let in_use = count.held.saturating_add(count.resting);
    let total = count.free.saturating_add(in_use);
    total > 0 && (count.free < FREE_MIN || count.free.saturating_mul(5) < total)
}

impl Engine {
    /// Counts the free addresses of every pool that live payments are made from, for metrics; says once when one runs
    /// low, and once when it no longer does.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn measure_pools(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let pools = self
            .database
            .read(move |txn| {
                let counts = addresses::pool_counts(txn, now)?.into_iter();
                let named = counts.map(|count| Ok((name_if_used(txn, &count)?, count)));
                named.collect::<Result<Vec<_>, StoreError>>()
            })
            .await?;
        for (name, count) in pools {
            let network = self.registry.network(&count.network);
            let is_live = network.is_some_and(|network| network.mode == Mode::Live);
            if let Some(name) = name.filter(|_| is_live) {
                metrics::gauge!("payd_pool_free", "network" => count.network.to_string(), "store" => name.clone())
                    .set(count.free);
                self.tell_if_low(&name, &count);
            }
        }
        Ok(())
    }

    fn tell_if_low(&self, name: &str, count: &PoolCount) {
        let key = (count.shop, count.network.clone());
        let mut low = self.low_pools.lock().unwrap_or_else(PoisonError::into_inner);
        let PoolCount {
            network,
            free,
            held,
            resting,
            ..
        } = count;
        if is_low(count) {
            if low.insert(key) {
                tracing::warn!(
                    store = name, %network, free, held, resting,
                    "few receive addresses are left: add more with `payd address add`; `payd capacity` says how many"
                );
            }
        } else if low.remove(&key) {
            tracing::info!(store = name, %network, free, "there are enough receive addresses again");
        }
    }
}

/// The name of the store, if it receives from this pool now.
pub(super) fn name_if_used(txn: &Txn<'_>, count: &PoolCount) -> Result<Option<String>, StoreError> {
    let wallet = wallets::in_use(txn, count.shop, &count.network)?;
    if wallet.is_some_and(|wallet| wallet.way != Way::Pool) {
        return Ok(None);
    }
    Ok(shops::by_id(txn, count.shop)?.map(|shop| shop.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_is_low_with_under_a_fifth_free_or_hardly_any() {
        for (free, held, resting, low) in [
            (0, 0, 0, false),
            (0, 1, 0, true),
            (2, 0, 0, true),
            (3, 0, 0, false),
            (3, 12, 0, false),
            (3, 12, 1, true),
            (20, 40, 40, false),
            (19, 40, 41, true),
        ] {
            let count = PoolCount {
                shop: ShopId::new(1),
                network: NetworkId::parse("bsc").unwrap(),
                free,
                held,
                resting,
                retired: 7,
            };
            assert_eq!(is_low(&count), low, "{free} {held} {resting}");
        }
    }
}
