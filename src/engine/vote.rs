//! Has the providers vote on the branch that is read, while there is a way back from it.
//!
//! What pays is voted on when it settles. About a branch that holds no money nobody would be asked: one provider, with a
//! chain of its own, could lead further away than reorganisations are followed back. Who is outvoted is put aside, and
//! reading goes on with the chain of the others. What was read is recorded before it is voted on.

use super::EngineError;
use crate::chain::ChainSource;
use crate::domain::network::Network;
use crate::store::{Database, blocks};

/// The votes on one network.
#[derive(Debug, Default)]
pub(super) struct Vote {
    /// The highest block that was agreed on.
    agreed_to: Option<u64>,
    /// Whether it was said that they do not agree: once, until they do.
    is_told: bool,
}

impl Vote {
    /// Asks, now and then, whether the providers agree on what lies half as deep below `read_to` as reorganisations are
    /// followed; again after every read until they do. What was read lies on top of the block at `base`.
    ///
    /// # Errors
    /// [`EngineError`] when the store cannot be read.
    pub(super) async fn hold(
        &mut self,
        database: &Database,
        network: &Network,
        source: &dyn ChainSource,
        base: u64,
        read_to: u64,
    ) -> Result<(), EngineError> {
        // What lay above has been replaced.
        self.agreed_to = self.agreed_to.map(|height| height.min(base));
        let depth = u64::from(network.final_depth);
        let height = read_to.saturating_sub(depth / 2);
        let again_at = |agreed: u64| agreed.saturating_add((depth / 4).max(1));
        if self.agreed_to.is_some_and(|agreed| height < again_at(agreed)) {
            return Ok(());
        }
        let id = network.id.clone();
        let hash = database
            .read(move |txn| blocks::hash_at(txn, &id, height))
            .await?;
        let Some(hash) = hash else {
            // Reading began above it.
            return Ok(());
        };
        match source.agrees(height, &hash).await {
            Ok(true) => {
                self.agreed_to = Some(height);
                self.is_told = false;
            }
            Ok(false) if self.is_told => {}
            Ok(false) => {
                self.is_told = true;
                tracing::warn!(network = %network.id, height, %hash, "the providers do not agree on the branch that is read");
            }
            Err(error) => {
                tracing::debug!(network = %network.id, height, %error, "the providers could not be asked whether they agree");
            }
        }
        Ok(())
    }
}
