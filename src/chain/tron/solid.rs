//! Which blocks are solid: built upon by so many producers that they stay. A reorganisation never reaches them.

use std::sync::PoisonError;

use futures_util::future::BoxFuture;

use super::{TronSource, client};
use crate::chain::Header;
use crate::chain::pool::Node;
use crate::chain::providers::Provider;
use crate::chain::providers::trouble::Trouble;
use crate::domain::transfer::BlockRef;

/// The providers' chains as far as they are solid.
pub(super) struct SolidView<'a> {
    pub(super) source: &'a TronSource,
}

impl SolidView<'_> {
    async fn latest_from(&self, provider: &Provider) -> Result<BlockRef, Trouble> {
        self.source.check(provider).await?;
        let block = client::solid(provider).await?.header.block;
        let mut seen = self
            .source
            .solid_seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let highest = seen.entry(provider.host().to_owned()).or_default();
        *highest = block.height.max(*highest);
        Ok(block)
    }

    /// The header on the provider's chain, as soon as it is solid there.
    async fn header_from(&self, provider: &Provider, height: u64) -> Result<Header, Trouble> {
        if self.highest_seen(provider) < height {
            let solid = self.latest_from(provider).await?;
            if solid.height < height {
                return Err(Trouble::lag(format!(
                    "block {height} is not solid yet: {} is",
                    solid.height
                )));
            }
        }
        self.source.header_from(provider, height).await
    }

    fn highest_seen(&self, provider: &Provider) -> u64 {
        let seen = self
            .source
            .solid_seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        seen.get(provider.host()).copied().unwrap_or_default()
    }
}

impl Node for SolidView<'_> {
    fn latest<'a>(&'a self, provider: &'a Provider) -> BoxFuture<'a, Result<BlockRef, Trouble>> {
        Box::pin(self.latest_from(provider))
    }

    fn header<'a>(&'a self, provider: &'a Provider, height: u64) -> BoxFuture<'a, Result<Header, Trouble>> {
        Box::pin(self.header_from(provider, height))
    }
}
