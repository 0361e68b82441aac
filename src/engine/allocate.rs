//! Gives a new payment what tells its money apart: an address of the pool or of the store's account, or an amount at
//! its shared address.

use std::sync::Arc;

use super::EngineError;
use super::children::Children;
use crate::ambient::{Random, random_bytes};
use crate::chain::simulated;
use crate::domain::asset::Asset;
use crate::domain::ids::AddressId;
use crate::domain::matching;
use crate::domain::money::BaseUnits;
use crate::domain::network::{Mode, Network};
use crate::domain::shop::Shop;
use crate::domain::time::UnixMillis;
use crate::domain::wallet::{GAP_LIMIT, SlotRange, Wallet, Way};
use crate::store::addresses::{self, FreeAddress, Origin};
use crate::store::{StoreError, Txn, payments, slots, wallets};

/// Rows looked at to find an authentic one.
const CANDIDATES: u32 = 16;

/// Children in a row that may turn out to be known already.
const KNOWN_CHILDREN_MAX: u32 = 256;

/// Payments in a queue that are looked at to see whether a new one would overtake them.
const QUEUE_LOOKED_AT: u32 = 256;

/// What there was.
pub(super) enum Allocation {
    /// An address that is no other payment's.
    Address {
        /// Its row, to be held.
        id: AddressId,
        /// Its text.
        address: Arc<str>,
        /// Where it is from.
        way: Way,
    },
    /// An amount that is no other payment's at this address.
    Slot {
        /// The shared address.
        address: Arc<str>,
        /// The amount.
        due: BaseUnits,
    },
    /// Every amount is taken: the payment waits for its turn.
    Queue {
        /// The shared address.
        address: Arc<str>,
        /// The lowest amount it could be given.
        due: BaseUnits,
    },
    /// None, for now.
    AllHeld,
    /// None at all.
    NoneConfigured,
}

/// What is wanted.
pub(super) struct Wanted<'a> {
    pub(super) shop: &'a Shop,
    pub(super) network: &'a Network,
    pub(super) asset: &'a Asset,
    /// The amount that was quoted.
    pub(super) quoted: BaseUnits,
    pub(super) now: UnixMillis,
}

impl Wanted<'_> {
    /// Picks by the way in which the shop receives on the network. What payd did not write is never picked.
    pub(super) fn pick(
        &self,
        txn: &Txn<'_>,
        random: &dyn Random,
        children: &Children,
    ) -> Result<Allocation, EngineError> {
        let Some(wallet) = wallets::in_use(txn, self.shop.id, &self.network.id)? else {
            return self.of_pool(txn, random);
        };
        refuse_altered(&wallet)?;
        match wallet.way {
            Way::Pool => self.of_pool(txn, random),
            Way::Xpub => self.child(txn, &wallet, children),
            Way::Shared => self.slot(txn, &wallet),
        }
    }

    /// The longest rested address of the pool.
    ///
    /// Simulated networks make an address where none is free, so that a shop can take test payments with nothing set
    /// up.
    fn of_pool(&self, txn: &Txn<'_>, random: &dyn Random) -> Result<Allocation, EngineError> {
        let given = |row: FreeAddress| Allocation::Address {
            id: row.id,
            address: row.address,
            way: Way::Pool,
        };
        if let Some(free) = self.first_authentic(txn)? {
            return Ok(given(free));
        }
        if self.network.mode == Mode::Test {
            self.make_test_address(txn, random)?;
            if let Some(made) = self.first_authentic(txn)? {
                return Ok(given(made));
            }
        }
        let has_any = addresses::has_any(txn, self.shop.id, &self.network.id)?;
        Ok(if has_any {
            Allocation::AllHeld
        } else {
            Allocation::NoneConfigured
        })
    }

    fn first_authentic(&self, txn: &Txn<'_>) -> Result<Option<FreeAddress>, StoreError> {
        let rested_by = rested_by(self.shop, self.network, self.now);
        addresses::longest_free(
            txn,
            self.shop.id,
            &self.network.id,
            rested_by,
            CANDIDATES,
            |row| {
                if !row.is_authentic {
                    metrics::counter!("payd_pool_tampered_total").increment(1);
                    tracing::error!(
                        shop = %self.shop.id, network = %self.network.id, row = %row.id, address = %row.address,
                        "this address was not written by payd: it is not given out; look who changed the database"
                    );
                }
                row.is_authentic
            },
        )
    }

    fn make_test_address(&self, txn: &Txn<'_>, random: &dyn Random) -> Result<(), EngineError> {
        match simulated::address::from_random(self.network.family, random_bytes(random)?) {
            Ok(address) => {
                addresses::insert(txn, self.shop.id, &self.network.id, &address, self.now)?;
            }
            Err(error) => {
                tracing::error!(network = %self.network.id, %error, "no test address could be made");
            }
        }
        Ok(())
    }

    /// The next child of the account. It is never given out again: the index moves on in the same transaction.
    fn child(&self, txn: &Txn<'_>, wallet: &Wallet, children: &Children) -> Result<Allocation, EngineError> {
        let last = wallet.next_index.saturating_add(KNOWN_CHILDREN_MAX);
        for index in wallet.next_index..last {
            let address = children.address(wallet, self.network.family, index)?;
            let origin = Origin::Child {
                wallet: wallet.id,
                index,
            };
            match addresses::insert_of(txn, self.shop.id, &self.network.id, &address, origin, self.now) {
                Ok(id) => {
                    wallets::take_index(txn, wallet.id, index)?;
                    self.warn_of_gap(wallet, index);
                    return Ok(Allocation::Address {
                        id,
                        address: Arc::clone(address.text()),
                        way: Way::Xpub,
                    });
                }
                // The merchant may have had it in a pool, or in another wallet: whose money came there could not be told.
                Err(StoreError::Duplicate { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        tracing::error!(
            shop = %self.shop.id, network = %self.network.id, first = wallet.next_index,
            "the next {KNOWN_CHILDREN_MAX} children of the account are all known already: no payment can be made; set \
             where to go on with `payd wallet set ... --next-index`"
        );
        Ok(Allocation::AllHeld)
    }

    /// A wallet stops to look for money after some children without any.
    fn warn_of_gap(&self, wallet: &Wallet, index: u32) {
        let given_out = Wallet {
            next_index: index.saturating_add(1),
            ..wallet.clone()
        };
        let unpaid = given_out.unpaid_in_a_row();
        metrics::gauge!(
            "payd_xpub_unpaid_in_a_row", "network" => self.network.id.to_string(), "store" => self.shop.name.clone()
        )
        .set(unpaid);
        let is_next_score = unpaid.checked_rem(GAP_LIMIT) == Some(1);
        if unpaid > GAP_LIMIT && is_next_score {
            tracing::warn!(
                store = self.shop.name, network = %self.network.id, unpaid,
                "more addresses in a row than wallets commonly look at have received nothing: raise the gap limit in the \
                 wallet that holds the key, or it will not show what comes next"
            );
        }
    }

    /// The lowest free amount at the shared address; a place in the queue when there is none.
    fn slot(&self, txn: &Txn<'_>, wallet: &Wallet) -> Result<Allocation, EngineError> {
        let range = self.range(wallet)?;
        let address = Arc::clone(&wallet.account);
        Ok(match self.free_slot(txn, wallet, &range)? {
            Some(due) if !self.overtakes(txn, wallet, due)? => Allocation::Slot { address, due },
            Some(_) | None => Allocation::Queue {
                address,
                due: range.first,
            },
        })
    }

    /// The amounts that this price may be asked for with.
    pub(super) fn range(&self, wallet: &Wallet) -> Result<SlotRange, EngineError> {
        let range = wallet.slots_of(self.asset).above(self.quoted, self.asset);
        range.ok_or(EngineError::AmountTooLarge)
    }

    /// The lowest of `range` that no payment has and that has rested.
    pub(super) fn free_slot(
        &self,
        txn: &Txn<'_>,
        wallet: &Wallet,
        range: &SlotRange,
    ) -> Result<Option<BaseUnits>, StoreError> {
        let taken = slots::taken(
            txn,
            &self.network.id,
            &wallet.account,
            &self.asset.currency,
            range.first..=range.last,
            rested_by(self.shop, self.network, self.now),
        )?;
        Ok(range.lowest_free(taken))
    }

    /// Whether a payment that waits already could be given this amount.
    fn overtakes(&self, txn: &Txn<'_>, wallet: &Wallet, due: BaseUnits) -> Result<bool, StoreError> {
        let queued = payments::queued_amounts(
            txn,
            &self.network.id,
            &wallet.account,
            &self.asset.currency,
            QUEUE_LOOKED_AT,
        )?;
        if queued.len() >= QUEUE_LOOKED_AT as usize {
            return Ok(true);
        }
        let slots = wallet.slots_of(self.asset);
        let could_have_it = |first: BaseUnits| {
            slots
                .above(first, self.asset)
                .is_some_and(|range| range.contains(due))
        };
        Ok(queued.into_iter().any(could_have_it))
    }
}

/// What was given back by then may be given out again.
pub(super) fn rested_by(shop: &Shop, network: &Network, now: UnixMillis) -> UnixMillis {
    now.minus(matching::rest_min(network).saturating_sub(shop.rules.cool_down))
}

/// Refuses a wallet that payd did not write.
pub(super) fn refuse_altered(wallet: &Wallet) -> Result<(), EngineError> {
    if wallet.is_authentic {
        return Ok(());
    }
    metrics::counter!("payd_wallet_tampered_total").increment(1);
    tracing::error!(
        shop = %wallet.shop, network = %wallet.network, row = %wallet.id,
        "this wallet was not written by payd: nobody is told to pay to it; look who changed the database, then set it \
         again with `payd wallet set`"
    );
    Err(EngineError::WalletAltered {
        network: wallet.network.clone(),
    })
}
