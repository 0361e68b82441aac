//! Keeps what a look at balances came to, all of it or nothing.

use std::sync::Arc;

use super::search::Ending;
use super::{EngineError, Look};
use crate::domain::money::BaseUnits;
use crate::domain::transfer::{BlockRef, SeenTransfer};
use crate::engine::intake;
use crate::store::balances::{self, Snapshot};
use crate::store::{StoreError, Txn, blocks};

/// What is to be kept of a page.
#[derive(Default)]
pub(super) struct Explained {
    /// Addresses whose whole balance is explained now, with what they were known to hold.
    pub(super) held: Vec<(Arc<str>, Option<Snapshot>, BaseUnits)>,
    pub(super) found: Vec<(Option<Snapshot>, SeenTransfer)>,
    pub(super) endings: Vec<Ending>,
}

impl Look<'_> {
    /// Records what was found and what is explained by it, all in one, unless the chain changed meanwhile.
    pub(super) async fn keep(
        &self,
        at: &BlockRef,
        explained: Explained,
        tip: u64,
    ) -> Result<(), EngineError> {
        if explained.held.is_empty() && explained.found.is_empty() {
            return Ok(());
        }
        let (network, native, at) = (Arc::clone(self.network), self.native.clone(), at.clone());
        let now = self.engine.clock.now();
        let written = self.engine.database.write(move |txn| {
            let is_there = |block: &BlockRef| -> Result<bool, EngineError> {
                let kept = blocks::hash_at(txn, &network.id, block.height)?;
                Ok(kept.is_none_or(|hash| *hash == *block.hash))
            };
            let mut are_there = is_there(&at)?;
            for (_, seen) in &explained.found {
                are_there &= is_there(&seen.block)?;
            }
            if !are_there {
                return Err(EngineError::Inconsistent {
                    network: network.id.clone(),
                    finding: "a reorganisation is under way".to_owned(),
                });
            }
            let mut touched = Vec::new();
            for (before, seen) in &explained.found {
                if balances::of_address(txn, &network.id, &native, &seen.address)? == *before {
                    metrics::counter!("payd_internal_transfers_total", "network" => network.id.to_string())
                        .increment(1);
                    touched.extend(intake::take_over(txn, &network, seen, tip, now)?);
                }
            }
            for (address, before, amount) in &explained.held {
                if balances::of_address(txn, &network.id, &native, address)? == *before {
                    let height = at.height;
                    balances::set(
                        txn,
                        &network.id,
                        &native,
                        address,
                        Snapshot {
                            height,
                            amount: *amount,
                        },
                    )?;
                }
            }
            Ok(touched)
        });
        self.engine.announce(written.await?);
        Ok(())
    }

    /// Remembers how far all balances are explained, unless the chain changed meanwhile.
    pub(super) async fn set_passed(&self, block: &BlockRef) -> Result<bool, EngineError> {
        let (id, block) = (self.network.id.clone(), block.clone());
        let written = self.engine.database.write(move |txn: &Txn<'_>| {
            let kept = blocks::hash_at(txn, &id, block.height)?;
            let is_there = kept.is_none_or(|hash| *hash == *block.hash);
            if is_there {
                balances::set_passed(txn, &id, block.height)?;
            }
            Ok::<_, StoreError>(is_there)
        });
        Ok(written.await?)
    }
}
