//! Has the providers vote on the branch that is read, while there is a way back from it.
//!
//! What pays is voted on when it settles. About a branch that holds no money nobody would be asked: one provider, with a
//! chain of its own, could lead further away than reorganisations are followed back. Who is outvoted is put aside, and
//! reading goes on with the chain of the others. Reading never waits for a vote.

use std::sync::Arc;

use super::EngineError;
use crate::chain::{Blocks, ChainSource};
use crate::domain::network::Network;
use crate::domain::transfer::BlockRef;
use crate::store::{Database, StoreError, blocks};

/// The votes on one network.
#[derive(Debug, Default)]
pub(super) struct Vote {
    /// The highest block that was agreed on.
    agreed_to: Option<u64>,
}

impl Vote {
    /// Asks, now and then, whether the providers agree on what lies half as deep below `found`, read on top of `base`, as
    /// reorganisations are followed; again with every read until they do.
    ///
    /// # Errors
    /// [`EngineError`] when the store cannot be read.
    pub(super) async fn hold(
        &mut self,
        database: &Database,
        network: &Arc<Network>,
        source: &dyn ChainSource,
        base: &BlockRef,
        found: &Blocks,
    ) -> Result<(), EngineError> {
        let Some(last) = found.headers.last().map(|header| header.block.height) else {
            return Ok(());
        };
        // What lay above has been replaced.
        self.agreed_to = self.agreed_to.map(|height| height.min(base.height));
        let depth = u64::from(network.final_depth);
        let height = last.saturating_sub(depth / 2);
        if self
            .agreed_to
            .is_some_and(|agreed| height < agreed.saturating_add((depth / 4).max(1)))
        {
            return Ok(());
        }
        let Some(hash) = hash_at(database, network, found, height).await? else {
            // Reading began above it.
            return Ok(());
        };
        match source.agrees(height, &hash).await {
            Ok(true) => self.agreed_to = Some(height),
            Ok(false) => {
                tracing::warn!(network = %network.id, height, %hash, "the providers do not agree on the branch that is read");
            }
            Err(error) => {
                tracing::debug!(network = %network.id, height, %error, "the providers could not be asked whether they agree");
            }
        }
        Ok(())
    }
}

/// The hash of the block at `height` on the branch of `found`, if it is known.
async fn hash_at(
    database: &Database,
    network: &Arc<Network>,
    found: &Blocks,
    height: u64,
) -> Result<Option<String>, StoreError> {
    let of_found = found.headers.iter().find(|header| header.block.height == height);
    if let Some(header) = of_found {
        return Ok(Some(header.block.hash.to_string()));
    }
    let id = network.id.clone();
    database.read(move |txn| blocks::hash_at(txn, &id, height)).await
}
