//! For chains whose confirmations count for little: a block that holds money counts only once a quorum calls it final.

use futures_util::future::BoxFuture;

use super::{EvmSource, client};
use crate::chain::Header;
use crate::chain::pool::Node;
use crate::chain::providers::Provider;
use crate::chain::providers::trouble::{Trouble, TroubleKind};
use crate::domain::transfer::BlockRef;

/// The same providers, but none has a block before it calls it `finalized`: so the quorum of
/// [`Pool::agrees`](crate::chain::pool::Pool::agrees) is one about finality too.
pub(super) struct FinalOnly<'a>(pub(super) &'a EvmSource);

impl Node for FinalOnly<'_> {
    fn latest<'a>(&'a self, provider: &'a Provider) -> BoxFuture<'a, Result<BlockRef, Trouble>> {
        Box::pin(async move {
            self.0.check(provider).await?;
            let block = client::finalized(provider, self.0.settings.verify).await;
            let block = block.map_err(unlearned)?;
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

/// A provider that cannot say what is final is as good as before for all else, and must not be left alone for it.
fn unlearned(trouble: Trouble) -> Trouble {
    let text = trouble.reason.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let is_refusal = match trouble.kind {
        TroubleKind::Unsupported | TroubleKind::NeverHere => true,
        TroubleKind::Down => says(&["invalid", "finalized", " tag", "not supported", "unsupported"]),
        _ => false,
    };
    match is_refusal {
        true => Trouble::new(
            TroubleKind::Undecided,
            format!("cannot say what is final: {trouble}"),
        ),
        false => trouble,
    }
}
