//! What holds for the providers of any chain: which tip to read up to, who agrees on a block, what to tell the engine
//! when nobody could be read.
//!
//! Knows no protocol: a chain says by [`Node`] how one provider is asked.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::future::{BoxFuture, join_all};

use super::providers::trouble::{Trouble, TroubleKind};
use super::providers::{NoAnswer, Provider, Providers};
use super::{ChainError, Header};
use crate::ambient::Clock;
use crate::domain::network::Network;
use crate::domain::transfer::BlockRef;

/// How one provider of a chain is asked for what every chain has. Each makes sure first that the provider serves
/// the right chain.
pub trait Node: Send + Sync {
    /// The provider's highest block.
    ///
    /// # Errors
    /// [`Trouble`] when it does not answer usefully.
    fn latest<'a>(&'a self, provider: &'a Provider) -> BoxFuture<'a, Result<BlockRef, Trouble>>;

    /// The header at `height` on the provider's chain.
    ///
    /// # Errors
    /// [`Trouble`] when it does not answer usefully; [`TroubleKind::Lag`] when it has no such block.
    fn header<'a>(&'a self, provider: &'a Provider, height: u64) -> BoxFuture<'a, Result<Header, Trouble>>;
}

/// The providers of one network, asked together.
pub struct Pool {
    /// The network.
    pub network: Arc<Network>,
    /// Its providers.
    pub providers: Providers,
    /// How many of them must agree on a block's hash; fewer when there are fewer.
    pub quorum: usize,
    clock: Arc<dyn Clock>,
    /// The highest tip of the last look.
    pub(super) tip_seen: AtomicU64,
}

impl Pool {
    /// Puts a pool together; asks nobody anything.
    #[must_use]
    pub fn new(network: Arc<Network>, providers: Providers, quorum: usize, clock: Arc<dyn Clock>) -> Self {
        Self {
            network,
            providers,
            quorum,
            clock,
            tip_seen: AtomicU64::new(0),
        }
    }

    /// The highest tip of the last [`Self::tip`]; 0 before.
    #[must_use]
    pub fn tip_seen(&self) -> u64 {
        self.tip_seen.load(Ordering::Relaxed)
    }

    /// How many different operators there are: providers on one host are one.
    #[must_use]
    pub fn hosts(&self) -> usize {
        let hosts: BTreeSet<&str> = self.providers.all().iter().map(Provider::host).collect();
        hosts.len()
    }

    /// The healthiest provider of every host.
    #[must_use]
    pub fn distinct(&self) -> Vec<&Provider> {
        let mut hosts = BTreeSet::new();
        let mut distinct = self.providers.by_health();
        distinct.retain(|provider| hosts.insert(provider.host()));
        distinct
    }

    /// The highest tip of a provider that keeps up. Where what is read is asked of two (`shared`), the highest block
    /// that two of them have: on fast chains one is nearly always a block ahead, and what only one has cannot be
    /// read yet.
    ///
    /// # Errors
    /// [`ChainError`] when nobody answers.
    pub async fn tip(&self, node: &dyn Node, shared: bool) -> Result<BlockRef, ChainError> {
        let (best, in_step) = self.tips(node, if shared { 2 } else { 1 }).await?;
        let is_shared = in_step.len() > 1;
        // One that does not keep up must not hide that blocks are there to be read.
        let shared = in_step.into_iter().min_by_key(|tip| tip.height);
        Ok(shared.filter(|_| is_shared).unwrap_or(best))
    }

    /// The highest of the tips of two providers, for a chain whose tips are proven: one that withholds blocks cannot
    /// hide what the other has.
    ///
    /// # Errors
    /// [`ChainError`] when nobody answers.
    pub async fn highest(&self, node: &dyn Node) -> Result<BlockRef, ChainError> {
        Ok(self.tips(node, 2).await?.0)
    }

    /// The highest tip there is, and those of the first `wanted` providers that keep up.
    async fn tips(&self, node: &dyn Node, wanted: usize) -> Result<(BlockRef, Vec<BlockRef>), ChainError> {
        let mut none = NoAnswer::default();
        let mut hosts = BTreeSet::new();
        let mut best: Option<BlockRef> = None;
        let mut in_step: Vec<BlockRef> = Vec::new();
        for provider in self.providers.by_health() {
            if hosts.contains(provider.host()) {
                continue;
            }
            match provider.attempt(node.latest(provider)).await {
                Ok(tip) => {
                    let keeps_up = self.is_in_step(&tip);
                    provider.set_lagging(!keeps_up);
                    if best.as_ref().is_none_or(|best| best.height < tip.height) {
                        best = Some(tip.clone());
                    }
                    if keeps_up {
                        hosts.insert(provider.host());
                        in_step.push(tip);
                    }
                    if in_step.len() >= wanted {
                        break;
                    }
                }
                Err(trouble) => none.troubles.push((provider.host().to_owned(), trouble)),
            }
        }
        let best = best.ok_or_else(|| self.unread(self.tip_seen(), &none))?;
        self.tip_seen.store(best.height, Ordering::Relaxed);
        Ok((best, in_step))
    }

    /// Whether a provider with this tip keeps up: not far behind what was seen, and not stale by the clock.
    fn is_in_step(&self, tip: &BlockRef) -> bool {
        const BEHIND_MAX: Duration = Duration::from_secs(6);
        let block_time_ms = self.network.block_time.as_millis().max(1);
        let behind_max = (BEHIND_MAX
            .as_millis()
            .checked_div(block_time_ms)
            .unwrap_or_default())
        .max(3);
        let behind = self.tip_seen().saturating_sub(tip.height);
        u128::from(behind) <= behind_max && self.clock.now().since(tip.time) <= self.stale_after()
    }

    /// The age from which a tip is old for this chain.
    #[must_use]
    pub fn stale_after(&self) -> Duration {
        const AT_LEAST: Duration = Duration::from_secs(60);
        self.network.block_time.saturating_mul(20).max(AT_LEAST)
    }

    /// The header at `height`, by whoever answers first.
    ///
    /// # Errors
    /// [`ChainError`] when nobody does.
    pub async fn header(&self, node: &dyn Node, height: u64) -> Result<Header, ChainError> {
        self.providers
            .first(|provider| node.header(provider, height))
            .await
            .map_err(|none| self.unread(height, &none))
    }

    /// Whether the quorum of different operators has `hash` at `height`.
    ///
    /// # Errors
    /// [`ChainError`] when those that could not be asked might have made the difference.
    pub async fn agrees(&self, node: &dyn Node, height: u64, hash: &str) -> Result<bool, ChainError> {
        let distinct = self.distinct();
        let needed = self.quorum.clamp(1, distinct.len().max(1));
        let (mut agreeing, mut none) = (0_usize, NoAnswer::default());
        let mut unasked = distinct.as_slice();
        // As many at once as are still needed, and others only in place of those that did not agree.
        while agreeing < needed && !unasked.is_empty() {
            let count = needed.saturating_sub(agreeing).min(unasked.len());
            let (asked, others) = unasked.split_at(count);
            unasked = others;
            let answers = asked
                .iter()
                .map(|provider| provider.attempt(node.header(provider, height)));
            for (provider, answer) in asked.iter().zip(join_all(answers).await) {
                match answer {
                    Ok(header) if *header.block.hash == *hash => agreeing = agreeing.saturating_add(1),
                    Ok(_) => {}
                    Err(trouble) if trouble.kind == TroubleKind::Lag => {}
                    Err(trouble) => none.troubles.push((provider.host().to_owned(), trouble)),
                }
            }
        }
        if agreeing >= needed {
            return Ok(true);
        }
        // Those that could not be asked might have made the difference: that is not a disagreement.
        if agreeing.saturating_add(none.troubles.len()) >= needed {
            return Err(self.unread(height, &none));
        }
        Ok(false)
    }

    /// What to tell the engine when no provider could read up to `height`.
    #[must_use]
    pub fn unread(&self, height: u64, none: &NoAnswer) -> ChainError {
        let network = self.network.id.to_string();
        let kinds = || none.troubles.iter().map(|(_, trouble)| trouble.kind);
        if kinds().any(|kind| matches!(kind, TroubleKind::Size { .. })) {
            return ChainError::RangeTooLarge { network };
        }
        if kinds().any(|kind| kind == TroubleKind::Undecided) {
            return ChainError::Unavailable {
                network,
                reasons: none.reasons(),
            };
        }
        if kinds().any(|kind| kind == TroubleKind::Lag) {
            tracing::debug!(%network, height, reasons = none.reasons(), "a block could not be read yet");
            return ChainError::NotThere { network, height };
        }
        if !none.troubles.is_empty() && kinds().all(|kind| kind == TroubleKind::WrongChain) {
            return ChainError::WrongChain {
                network,
                finding: none.reasons(),
            };
        }
        ChainError::Unavailable {
            network,
            reasons: none.reasons(),
        }
    }
}
