//! What holds for the providers of any chain: which tip to read up to, who agrees on a block, what to tell the engine
//! when nobody could be read.
//!
//! Knows no protocol: a chain says by [`Node`] how one provider is asked.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;

use super::providers::race::Race;
use super::providers::trouble::{Trouble, TroubleKind};
use super::providers::{NoAnswer, Provider, ProviderHealth, Providers};
use super::{ChainError, Header};
use crate::ambient::Clock;
use crate::domain::network::Network;
use crate::domain::time::UnixMillis;
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
    /// When that was, in ms.
    looked_at_ms: AtomicI64,
    /// Blocks that were read and that nobody stood by when asked, and since when.
    disowned: Mutex<BTreeMap<(u64, Box<str>), UnixMillis>>,
}

impl Pool {
    /// Puts a pool together; asks nobody anything.
    #[must_use]
    pub fn new(
        network: Arc<Network>,
        mut providers: Providers,
        quorum: usize,
        clock: Arc<dyn Clock>,
    ) -> Self {
        providers.set_network(&network.id);
        Self {
            network,
            providers,
            quorum,
            clock,
            tip_seen: AtomicU64::new(0),
            looked_at_ms: AtomicI64::new(0),
            disowned: Mutex::default(),
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
        let mut seen: Vec<(&Provider, BlockRef)> = Vec::new();
        let mut in_step: Vec<BlockRef> = Vec::new();
        let mut race = self.race(self.providers.by_health(), |provider| node.latest(provider));
        while let Some((provider, answer)) = race.next(1).await {
            match answer {
                Ok(tip) => {
                    let keeps_up = self.is_in_step(&tip) && !self.is_beyond_belief(&tip);
                    provider.set_lagging(!keeps_up);
                    seen.push((provider, tip.clone()));
                    if keeps_up && hosts.insert(provider.host()) {
                        race.skip(provider.host());
                        in_step.push(tip);
                    }
                    if in_step.len() >= wanted {
                        break;
                    }
                }
                Err(trouble) => none.troubles.push((provider.host().to_owned(), trouble)),
            }
        }
        drop(race);
        if !in_step.is_empty() {
            seen.retain(|(provider, tip)| {
                let is_beyond = self.is_beyond_belief(tip);
                if is_beyond {
                    let (provider, height) = (provider.host(), tip.height);
                    tracing::warn!(
                        provider,
                        height,
                        "its tip is higher than the chain can be: not followed"
                    );
                }
                !is_beyond
            });
        }
        // The first of those that are equally high.
        let best = seen.iter().rev().max_by_key(|(_, tip)| tip.height);
        let best = best.map(|(_, tip)| tip.clone());
        let best = best.ok_or_else(|| self.unread(self.tip_seen(), &none))?;
        self.tip_seen.store(best.height, Ordering::Relaxed);
        self.looked_at_ms.store(self.clock.now().get(), Ordering::Relaxed);
        for (provider, tip) in &seen {
            provider.set_head_lag(best.height.saturating_sub(tip.height));
        }
        Ok((best, in_step))
    }

    /// Whether the chain cannot have grown to this tip since the last look. One provider that says so must neither set
    /// the tip, nor make all others look as if they lagged; where no other keeps up, it is believed.
    fn is_beyond_belief(&self, tip: &BlockRef) -> bool {
        let seen = self.tip_seen();
        if seen == 0 {
            return false;
        }
        let looked_at = UnixMillis::new(self.looked_at_ms.load(Ordering::Relaxed));
        // Twice as fast as usual, and from a tip that was as old as one may be.
        let span = self.clock.now().since(looked_at).saturating_mul(2);
        let span_ms = span.saturating_add(self.stale_after()).as_millis();
        let block_time_ms = self.network.block_time.as_millis().max(1);
        let grown = span_ms.checked_div(block_time_ms).unwrap_or_default();
        u128::from(tip.height.saturating_sub(seen)) > grown.max(20)
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

    /// The header at `height`, by whoever has it first; the next is asked also when one is late.
    ///
    /// # Errors
    /// [`ChainError`] when nobody has it.
    pub async fn header(&self, node: &dyn Node, height: u64) -> Result<Header, ChainError> {
        let mut none = NoAnswer::default();
        let mut race = self.race(self.providers.by_health(), |provider| {
            node.header(provider, height)
        });
        while let Some((provider, answer)) = race.next(1).await {
            match answer {
                Ok(header) => return Ok(header),
                Err(trouble) => none.troubles.push((provider.host().to_owned(), trouble)),
            }
        }
        Err(self.unread(height, &none))
    }

    /// Whether the quorum of different operators has `hash` at `height`. Where it has not because a majority has
    /// another block there, those that said `hash` are put aside: reading goes on with the majority.
    ///
    /// # Errors
    /// [`ChainError`] when those that could not be asked might have made the difference.
    pub async fn agrees(&self, node: &dyn Node, height: u64, hash: &str) -> Result<bool, ChainError> {
        let distinct = self.distinct();
        let needed = self.quorum.clamp(1, distinct.len().max(1));
        let (mut agreeing, mut none) = (0_usize, NoAnswer::default());
        let mut said: Vec<(&Provider, Arc<str>)> = Vec::new();
        let mut race = self.race(distinct, |provider| node.header(provider, height));
        // As many at once as are still needed, and others only in place of those that did not agree or are late.
        while agreeing < needed {
            let Some((provider, answer)) = race.next(needed.saturating_sub(agreeing)).await else {
                break;
            };
            match answer {
                Ok(header) => {
                    if *header.block.hash == *hash {
                        agreeing = agreeing.saturating_add(1);
                    }
                    said.push((provider, header.block.hash));
                }
                Err(trouble) if trouble.kind == TroubleKind::Lag => {}
                Err(trouble) => none.troubles.push((provider.host().to_owned(), trouble)),
            }
        }
        drop(race);
        if agreeing >= needed {
            return Ok(true);
        }
        self.outvote(height, hash, &said).await;
        // Those that could not be asked might have made the difference: that is not a disagreement.
        if agreeing.saturating_add(none.troubles.len()) >= needed {
            return Err(self.unread(height, &none));
        }
        Ok(false)
    }

    /// How each provider does.
    #[must_use]
    pub fn health(&self) -> Vec<ProviderHealth> {
        self.providers.health()
    }

    fn race<'a, T: Send + 'a>(
        &'a self,
        providers: Vec<&'a Provider>,
        ask: impl Fn(&'a Provider) -> BoxFuture<'a, Result<T, Trouble>> + Send + Sync + 'a,
    ) -> Race<'a, T> {
        Race::new(providers, &self.clock, ask)
    }

    /// The heights one by one, at most `count_max` of them.
    ///
    /// # Errors
    /// [`ChainError::RangeTooLarge`] when they are more.
    pub fn listed(&self, heights: RangeInclusive<u64>, count_max: u64) -> Result<Vec<u64>, ChainError> {
        let count_max = usize::try_from(count_max.max(1)).unwrap_or(usize::MAX);
        let listed: Vec<u64> = heights.take(count_max.saturating_add(1)).collect();
        if listed.len() > count_max {
            return Err(ChainError::RangeTooLarge {
                network: self.network.id.to_string(),
            });
        }
        Ok(listed)
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

    /// Puts aside who said that `hash` is the block at `height`, when most of those that answered, and two at least,
    /// said of one other block that it is. One against one is no majority.
    ///
    /// Where nobody says `hash` but it was read, a reorganisation may be under way. If it is still so after
    /// [`Self::patience`], whoever is read from tells one thing in blocks and another when it is asked for a header.
    async fn outvote(&self, height: u64, hash: &str, said: &[(&Provider, Arc<str>)]) {
        let voices = |of: &str| said.iter().filter(|(_, said)| **said == *of).count();
        let others = said.iter().map(|(_, other)| (voices(other), other));
        let Some((count, other)) = others.filter(|(_, other)| ***other != *hash).max() else {
            return;
        };
        if count < 2 || count <= said.len().saturating_sub(count) {
            return;
        }
        let mut liars: Vec<&Provider> = said
            .iter()
            .filter(|(_, said)| **said == *hash)
            .map(|(provider, _)| *provider)
            .collect();
        if liars.is_empty() && self.is_disowned_for_long(height, hash) {
            liars.extend(self.providers.by_health().first());
        }
        for provider in liars {
            let lie = format!("its block {height} is {hash}, but {count} have {other} there");
            // The outcome is the trouble itself.
            let _ = provider.attempt(async { Err::<(), _>(Trouble::lie(lie)) }).await;
        }
    }

    /// Whether nobody has stood by this block for too long already; remembers one that is asked for the first time.
    fn is_disowned_for_long(&self, height: u64, hash: &str) -> bool {
        const REMEMBERED_MAX: usize = 64;
        let now = self.clock.now();
        let patience = self.patience();
        let mut disowned = self.disowned.lock().unwrap_or_else(PoisonError::into_inner);
        // What is not asked for again was given up by the scanner.
        disowned.retain(|_, since| now.since(*since) < patience.saturating_mul(10));
        let block = (height, Box::from(hash));
        match disowned.get(&block) {
            Some(since) if now.since(*since) >= patience => {
                disowned.clear();
                true
            }
            Some(_) => false,
            None => {
                if disowned.len() < REMEMBERED_MAX {
                    disowned.insert(block, now);
                }
                false
            }
        }
    }

    /// How long the scanner may take to follow a reorganisation.
    fn patience(&self) -> Duration {
        const AT_LEAST: Duration = Duration::from_secs(60);
        self.network.block_time.saturating_mul(3).max(AT_LEAST)
    }
}
