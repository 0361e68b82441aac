//! For chains whose confirmations count for little: a block that holds money counts only once a quorum calls it final.

use futures_util::future::BoxFuture;

use super::{EvmSource, client};
use crate::chain::Header;
use crate::chain::pool::Node;
use crate::chain::providers::Provider;
use crate::chain::providers::trouble::Trouble;
use crate::domain::transfer::BlockRef;

/// The same providers, but none has a block before it calls it `finalized`: so the quorum of
/// [`Pool::agrees`](crate::chain::pool::Pool::agrees) is one about finality too.
pub(super) struct FinalOnly<'a>(pub(super) &'a EvmSource);

impl Node for FinalOnly<'_> {
    fn latest<'a>(&'a self, provider: &'a Provider) -> BoxFuture<'a, Result<BlockRef, Trouble>> {
        Box::pin(async move {
            self.0.check(provider).await?;
            let block = client::finalized(provider, self.0.settings.verify).await?;
            Ok(client::header_of(&block)?.block)
        })
    }

    fn header<'a>(&'a self, provider: &'a Provider, height: u64) -> BoxFuture<'a, Result<Header, Trouble>> {
        Box::pin(async move {
            let finalized = self.latest(provider).await?.height;
            if height > finalized {
                return Err(Trouble::lag(format!(
                    "calls blocks final up to {finalized}, not yet {height}"
                )));
            }
            self.0.header_from(provider, height).await
        })
    }
}
