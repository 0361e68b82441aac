//! Ethereum-like chains over JSON-RPC: the native coin and the ERC-20 tokens that are configured, read by blocks
//! and receipts (mode R) or by headers and logs (mode L).
//!
//! Knows nothing of payments. The only place that names `ethers_core`.

mod client;
mod crosscheck;
mod decode;
mod header;
mod mode_l;
mod mode_r;
mod probe;
mod receipts;
mod transactions;
mod trie;
mod wire;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::future::{BoxFuture, join_all};

use self::decode::Assets;
use super::providers::trouble::{Trouble, TroubleKind};
use super::providers::{CallLimits, NoAnswer, Provider, Providers};
use super::rpc::{Endpoint, RpcTransport};
use super::{Blocks, ChainError, ChainSource, Header, ProviderReport, WatchSet};
use crate::ambient::{Clock, Random};
use crate::domain::asset::Asset;
use crate::domain::network::Network;
use crate::domain::transfer::BlockRef;

/// How blocks are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadMode {
    /// Whole blocks and all their receipts: two calls per block, provable. For chains with slow blocks.
    Receipts,
    /// Headers, and logs by query: cheaper where blocks are fast, but what a node leaves out only another one tells.
    Logs,
}

/// What is proven of what a provider says. A matter of the chain, not of the block at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verify {
    /// Header hash, transactions and receipts roots (Ethereum, BSC).
    Full,
    /// The header hash; transactions and receipts of this chain have forms of their own.
    HeaderOnly,
    /// Nothing: this chain's headers have fields of their own (Arbitrum, Polygon).
    None,
}

/// One provider of a chain.
#[derive(Clone)]
pub struct ProviderSettings {
    /// `http` or `https`; may hold a key.
    pub url: String,
    /// Headers to send with every call; may hold a key.
    pub headers: Vec<(String, String)>,
}

impl std::fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ProviderSettings(..)")
    }
}

/// What an [`EvmSource`] is made of.
#[derive(Debug, Clone)]
pub struct EvmSettings {
    /// The network that is read.
    pub network: Arc<Network>,
    /// Its EIP-155 chain id; a provider that serves another is never read from.
    pub chain_id: u64,
    /// How blocks are read.
    pub mode: ReadMode,
    /// What is proven.
    pub verify: Verify,
    /// The tokens to look for, each with its contract.
    pub tokens: Vec<Arc<Asset>>,
    /// The chain's own coin, if it is taken.
    pub native: Option<Arc<Asset>>,
    /// Who is asked, in the order of preference.
    pub providers: Vec<ProviderSettings>,
    /// How many of them must agree on a block's hash; fewer when there are fewer.
    pub quorum: usize,
    /// The most blocks of one read, before any provider's own limit is learnt. About 8 in mode R, 20 in mode L.
    pub range_max: u64,
    /// Bounds on every exchange.
    pub limits: CallLimits,
}

/// Why settings make no source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvmSettingsError {
    /// There is nobody to ask.
    #[error("no provider of {0} is configured: add one, better two, under its `providers`")]
    NoProvider(String),
    /// A provider's URL is none.
    #[error("provider {0} of {1} is not a web address: write it like https://host/path")]
    Provider(usize, String),
    /// A token without a contract.
    #[error("token {0} of {1} has no contract address: add its `contract`")]
    NoContract(String, String),
    /// Two tokens with one contract.
    #[error("token {0} of {1} has the same contract as another: remove one of them")]
    ContractTwice(String, String),
}

/// An Ethereum-like chain.
pub struct EvmSource {
    settings: EvmSettings,
    assets: Assets,
    providers: Providers,
    clock: Arc<dyn Clock>,
    /// The highest tip of the last look.
    tip_seen: AtomicU64,
}

/// How long a provider that served the right chain is trusted to go on doing so.
const CHECKED_FOR: Duration = Duration::from_secs(3600);

impl EvmSource {
    /// Puts a source together; asks nobody anything.
    ///
    /// # Errors
    /// [`EvmSettingsError`] when a URL or a token is not usable.
    pub fn new(
        settings: EvmSettings,
        transport: Arc<dyn RpcTransport>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, EvmSettingsError> {
        let network = || settings.network.id.to_string();
        if settings.providers.is_empty() {
            return Err(EvmSettingsError::NoProvider(network()));
        }
        let mut contracts = BTreeSet::new();
        for token in &settings.tokens {
            let currency = || token.currency.to_string();
            let contract = token.contract.as_ref().map(|contract| contract.payload());
            match contract.filter(|contract| contract.len() == 20) {
                None => return Err(EvmSettingsError::NoContract(currency(), network())),
                Some(contract) if !contracts.insert(contract.to_vec()) => {
                    return Err(EvmSettingsError::ContractTwice(currency(), network()));
                }
                Some(_) => {}
            }
        }
        let mut endpoints = Vec::with_capacity(settings.providers.len());
        for (number, provider) in (1..).zip(&settings.providers) {
            let endpoint = Endpoint::parse(&provider.url, provider.headers.clone());
            endpoints.push(endpoint.map_err(|_| EvmSettingsError::Provider(number, network()))?);
        }
        Ok(Self {
            assets: Assets::new(&settings),
            providers: Providers::new(endpoints, settings.limits, &transport, &clock, &random),
            settings,
            clock,
            tip_seen: AtomicU64::new(0),
        })
    }

    /// The highest tip of a provider that keeps up. Where what is read is asked of two, the highest block that two
    /// of them have: on fast chains one is nearly always a block ahead, and what only one has cannot be read yet.
    async fn tip_now(&self) -> Result<BlockRef, ChainError> {
        let mut none = NoAnswer::default();
        let mut hosts = BTreeSet::new();
        let mut best: Option<BlockRef> = None;
        let mut in_step: Vec<BlockRef> = Vec::new();
        let wanted = if self.is_cross_checked() { 2 } else { 1 };
        for provider in self.providers.by_health() {
            if hosts.contains(provider.host()) {
                continue;
            }
            match provider.attempt(self.latest(provider)).await {
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
        let best = best.ok_or_else(|| self.unread(self.tip_seen.load(Ordering::Relaxed), &none))?;
        self.tip_seen.store(best.height, Ordering::Relaxed);
        let is_shared = in_step.len() > 1;
        // One that does not keep up must not hide that blocks are there to be read.
        let shared = in_step.into_iter().min_by_key(|tip| tip.height);
        Ok(shared.filter(|_| is_shared).unwrap_or(best))
    }

    /// Whether what blocks hold is asked of a second provider.
    fn is_cross_checked(&self) -> bool {
        let hosts: BTreeSet<&str> = self.providers.all().iter().map(Provider::host).collect();
        self.settings.mode == ReadMode::Logs && self.settings.quorum >= 2 && hosts.len() >= 2
    }

    async fn latest(&self, provider: &Provider) -> Result<BlockRef, Trouble> {
        self.check(provider).await?;
        let block = client::latest(provider, self.settings.verify).await?;
        Ok(client::header_of(&block)?.block)
    }

    /// Whether a provider with this tip keeps up: not far behind what was seen, and not stale by the clock.
    fn is_in_step(&self, tip: &BlockRef) -> bool {
        const BEHIND_MAX: Duration = Duration::from_secs(6);
        let block_time_ms = self.settings.network.block_time.as_millis().max(1);
        let behind_max = (BEHIND_MAX
            .as_millis()
            .checked_div(block_time_ms)
            .unwrap_or_default())
        .max(3);
        let behind = self.tip_seen.load(Ordering::Relaxed).saturating_sub(tip.height);
        u128::from(behind) <= behind_max && self.clock.now().since(tip.time) <= self.stale_after()
    }

    /// The age from which a tip is old for this chain.
    fn stale_after(&self) -> Duration {
        const AT_LEAST: Duration = Duration::from_secs(60);
        self.settings.network.block_time.saturating_mul(20).max(AT_LEAST)
    }

    async fn header_at(&self, height: u64) -> Result<Header, ChainError> {
        self.providers
            .first(|provider| Box::pin(self.header_from(provider, height)))
            .await
            .map_err(|none| self.unread(height, &none))
    }

    /// One provider's header, unless it rests.
    fn header_attempt<'a>(
        &'a self,
        provider: &'a Provider,
        height: u64,
    ) -> BoxFuture<'a, Result<Header, Trouble>> {
        Box::pin(provider.attempt(self.header_from(provider, height)))
    }

    async fn header_from(&self, provider: &Provider, height: u64) -> Result<Header, Trouble> {
        self.check(provider).await?;
        let blocks = client::headers(provider, self.settings.verify, &[height]).await?;
        let block = blocks.first().ok_or_else(|| Trouble::lag("has no such block"))?;
        client::header_of(block)
    }

    async fn read_range(
        &self,
        heights: RangeInclusive<u64>,
        watched: &WatchSet,
    ) -> Result<Blocks, ChainError> {
        let last = *heights.end();
        let count_max = usize::try_from(self.settings.range_max.max(1)).unwrap_or(usize::MAX);
        let heights: Vec<u64> = heights.take(count_max.saturating_add(1)).collect();
        if heights.len() > count_max {
            return Err(ChainError::RangeTooLarge {
                network: self.settings.network.id.to_string(),
            });
        }
        let heights = heights.as_slice();
        self.providers
            .first(|provider| Box::pin(self.read_from(provider, heights, watched)))
            .await
            .map_err(|none| self.unread(last, &none))
    }

    async fn read_from(
        &self,
        provider: &Provider,
        heights: &[u64],
        watched: &WatchSet,
    ) -> Result<Blocks, Trouble> {
        self.check(provider).await?;
        let verify = self.settings.verify;
        let assets = &self.assets;
        let blocks = match self.settings.mode {
            ReadMode::Receipts => mode_r::read(provider, verify, assets, heights, watched).await?,
            ReadMode::Logs => {
                let tip = self.tip_seen.load(Ordering::Relaxed);
                let reading = mode_l::Reading {
                    provider,
                    verify,
                    assets,
                    watched,
                    tip,
                };
                let frames = mode_l::frames(&reading, heights).await?;
                let held = mode_l::transfers(&reading, &frames.iter().collect::<Vec<_>>()).await?;
                let headers = frames.iter().map(|frame| frame.header.clone()).collect();
                let blocks = mode_l::proven(&reading, headers, held).await?;
                crosscheck::check(self, &reading, &frames, &blocks.transfers).await?;
                blocks
            }
        };
        provider.relax_blocks_max();
        Ok(blocks)
    }

    /// Makes sure, before anything is read from a provider, that it serves the chain and the tokens that are
    /// configured.
    async fn check(&self, provider: &Provider) -> Result<(), Trouble> {
        if provider.checked_within(CHECKED_FOR) {
            return Ok(());
        }
        let findings = probe::contradictions(self, provider).await?;
        if let Some(finding) = findings.into_iter().next() {
            return Err(Trouble::new(TroubleKind::WrongChain, finding));
        }
        provider.set_checked();
        Ok(())
    }

    async fn is_agreed(&self, height: u64, hash: &str) -> Result<bool, ChainError> {
        let mut hosts = BTreeSet::new();
        let mut distinct = self.providers.by_health();
        distinct.retain(|provider| hosts.insert(provider.host()));
        let needed = self.settings.quorum.clamp(1, distinct.len().max(1));
        let (mut agreeing, mut none) = (0_usize, NoAnswer::default());
        let mut unasked = distinct.as_slice();
        // As many at once as are still needed, and others only in place of those that did not agree.
        while agreeing < needed && !unasked.is_empty() {
            let count = needed.saturating_sub(agreeing).min(unasked.len());
            let (asked, others) = unasked.split_at(count);
            unasked = others;
            let answers: Vec<_> = asked
                .iter()
                .map(|provider| self.header_attempt(provider, height))
                .collect();
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
    fn unread(&self, height: u64, none: &NoAnswer) -> ChainError {
        let network = self.settings.network.id.to_string();
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

impl ChainSource for EvmSource {
    fn tip(&self) -> BoxFuture<'_, Result<BlockRef, ChainError>> {
        Box::pin(self.tip_now())
    }

    fn header(&self, height: u64) -> BoxFuture<'_, Result<Header, ChainError>> {
        Box::pin(self.header_at(height))
    }

    fn read<'a>(
        &'a self,
        heights: RangeInclusive<u64>,
        watched: &'a WatchSet,
    ) -> BoxFuture<'a, Result<Blocks, ChainError>> {
        Box::pin(self.read_range(heights, watched))
    }

    fn range_max(&self) -> u64 {
        let in_use = self.providers.by_health();
        let learnt = in_use.first().and_then(|provider| provider.blocks_max());
        learnt.unwrap_or(u64::MAX).min(self.settings.range_max).max(1)
    }

    fn agrees<'a>(&'a self, height: u64, hash: &'a str) -> BoxFuture<'a, Result<bool, ChainError>> {
        Box::pin(self.is_agreed(height, hash))
    }

    fn probe(&self) -> BoxFuture<'_, Vec<ProviderReport>> {
        Box::pin(join_all(
            self.providers
                .all()
                .iter()
                .map(|provider| probe::report(self, provider)),
        ))
    }
}
