//! Ethereum-like chains over JSON-RPC: the native coin and the ERC-20 tokens that are configured, read by blocks
//! and receipts (mode R) or by headers and logs (mode L).
//!
//! Knows nothing of payments. The only place that names `ethers_core`.

mod again;
mod balances;
mod client;
mod crosscheck;
mod decode;
mod features;
mod finality;
mod header;
mod hints;
mod keccak;
mod mode_l;
mod mode_r;
mod probe;
mod receipts;
mod rlp;
mod transactions;
mod trie;
mod wire;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, join_all};

use self::again::ReadBy;
use self::decode::Assets;
use self::finality::FinalOnly;
use self::hints::Hints;
use super::pool::{Node, Pool};
use super::providers::trouble::{Trouble, TroubleKind};
use super::providers::{CallLimits, Provider, ProviderHealth, ProviderSettings, Providers};
use super::{Assurance, Blocks, ChainError, ChainSource, Header, ProviderReport, WatchSet};
use crate::ambient::{Clock, Random};
use crate::domain::address::Address;
use crate::domain::asset::{Asset, Currency};
use crate::domain::money::BaseUnits;
use crate::domain::network::Network;
use crate::domain::transfer::BlockRef;
use crate::net::websocket::{self, Sockets};
use crate::net::{Endpoint, Fetch};

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

/// What makes a payment's block count besides its confirmations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finality {
    /// Nothing.
    Confirmations,
    /// That the providers who agree on it call it final: for chains whose blocks are easily replaced.
    Finalized,
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
    /// What makes a block count.
    pub finality: Finality,
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
    /// A provider's WebSocket URL is none.
    #[error(
        "the websocket address of provider {0} of {1} is none: write it like wss://host/path, or leave it out"
    )]
    Socket(usize, String),
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
    pool: Pool,
    /// For each provider, where it tells of new blocks by itself, if it does.
    tellers: Vec<Option<Endpoint>>,
    hints: Option<Hints>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    read_by: ReadBy,
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
        transport: Arc<dyn Fetch>,
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
        let mut tellers = Vec::new();
        for (number, provider) in (1..).zip(&settings.providers) {
            let mut told_over = None;
            let endpoint = Endpoint::parse(&provider.url, provider.headers.clone())
                .map_err(|_| EvmSettingsError::Provider(number, network()))?;
            endpoints.push((endpoint, settings.limits.asked(provider.requests)));
            if let Some(url) = &provider.ws {
                let teller = Endpoint::parse_as(websocket::SCHEMES, url, provider.headers.clone());
                told_over = Some(teller.map_err(|_| EvmSettingsError::Socket(number, network()))?);
            }
            tellers.push(told_over);
        }
        let providers = Providers::each_with(endpoints, &transport, &clock, &random);
        let network = Arc::clone(&settings.network);
        Ok(Self {
            assets: Assets::new(&settings),
            pool: Pool::new(network, providers, settings.quorum, Arc::clone(&clock)),
            settings,
            tellers,
            hints: None,
            clock,
            random,
            read_by: ReadBy::default(),
        })
    }

    /// The same, woken over `sockets` by the providers that have a WebSocket address.
    #[must_use]
    pub fn woken_over(mut self, sockets: Arc<dyn Sockets>) -> Self {
        self.hints = Some(Hints::new(
            Arc::clone(&self.settings.network),
            self.tellers.iter().flatten().cloned().collect(),
            sockets,
            Arc::clone(&self.clock),
            Arc::clone(&self.random),
        ));
        self
    }

    /// Whether what blocks hold is asked of a second provider.
    fn is_cross_checked(&self) -> bool {
        self.settings.mode == ReadMode::Logs && self.settings.quorum >= 2 && self.pool.hosts() >= 2
    }

    async fn latest_from(&self, provider: &Provider) -> Result<BlockRef, Trouble> {
        self.check(provider).await?;
        let block = client::latest(provider, self.settings.verify).await?;
        Ok(client::header_of(&block)?.block)
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
        let heights = self.pool.listed(heights, self.settings.range_max)?;
        let heights = heights.as_slice();
        self.pool
            .providers
            .first(|provider| Box::pin(self.read_from(provider, heights, watched, Voices::AsConfigured)))
            .await
            .map_err(|none| self.pool.unread(last, &none))
    }

    async fn read_from(
        &self,
        provider: &Provider,
        heights: &[u64],
        watched: &WatchSet,
        voices: Voices,
    ) -> Result<Blocks, Trouble> {
        self.check(provider).await?;
        let verify = self.settings.verify;
        let assets = &self.assets;
        let blocks = match self.settings.mode {
            ReadMode::Receipts => mode_r::read(provider, verify, assets, heights, watched).await?,
            ReadMode::Logs => {
                let tip = self.pool.tip_seen();
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
                if voices == Voices::AsConfigured {
                    crosscheck::check(self, &reading, &frames, &blocks.transfers).await?;
                }
                blocks
            }
        };
        provider.relax_blocks_max();
        if voices == Voices::AsConfigured {
            self.read_by.note(heights, provider.host());
        }
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
}

/// Whose word is asked for on what blocks hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Voices {
    /// The reader's, and a second one's where that is how the chain is read.
    AsConfigured,
    /// The reader's alone.
    One,
}

impl Node for EvmSource {
    fn latest<'a>(&'a self, provider: &'a Provider) -> BoxFuture<'a, Result<BlockRef, Trouble>> {
        Box::pin(self.latest_from(provider))
    }

    fn header<'a>(&'a self, provider: &'a Provider, height: u64) -> BoxFuture<'a, Result<Header, Trouble>> {
        Box::pin(self.header_from(provider, height))
    }
}

impl ChainSource for EvmSource {
    fn tip(&self) -> BoxFuture<'_, Result<BlockRef, ChainError>> {
        Box::pin(self.pool.tip(self, self.is_cross_checked()))
    }

    fn header(&self, height: u64) -> BoxFuture<'_, Result<Header, ChainError>> {
        Box::pin(self.pool.header(self, height))
    }

    fn read<'a>(
        &'a self,
        heights: RangeInclusive<u64>,
        watched: &'a WatchSet,
    ) -> BoxFuture<'a, Result<Blocks, ChainError>> {
        Box::pin(self.read_range(heights, watched))
    }

    fn range_max(&self) -> u64 {
        let in_use = self.pool.providers.by_health();
        let learnt = in_use.first().and_then(|provider| provider.blocks_max());
        learnt.unwrap_or(u64::MAX).min(self.settings.range_max).max(1)
    }

    fn agrees<'a>(&'a self, height: u64, hash: &'a str) -> BoxFuture<'a, Result<bool, ChainError>> {
        Box::pin(self.pool.agrees(self, height, hash))
    }

    fn is_final<'a>(&'a self, height: u64, hash: &'a str) -> BoxFuture<'a, Result<bool, ChainError>> {
        Box::pin(async move {
            match self.settings.finality {
                Finality::Confirmations => Ok(true),
                Finality::Finalized => self.pool.agrees(&FinalOnly(self), height, hash).await,
            }
        })
    }

    fn read_again<'a>(
        &'a self,
        heights: RangeInclusive<u64>,
        watched: &'a WatchSet,
    ) -> BoxFuture<'a, Result<Option<Blocks>, ChainError>> {
        Box::pin(again::read(self, heights, watched))
    }

    fn balances<'a>(
        &'a self,
        at: &'a BlockRef,
        asked: &'a [(Address, Currency)],
    ) -> BoxFuture<'a, Result<Option<Vec<BaseUnits>>, ChainError>> {
        Box::pin(balances::balances(self, at, asked))
    }

    fn balances_assurance(&self) -> Assurance {
        match self.pool.hosts() {
            0 | 1 => Assurance::OneProvider,
            _ => Assurance::TwoProviders,
        }
    }

    fn assurance(&self) -> Assurance {
        // By logs, too, the receipts of blocks that hold money are proven. That a block is the chain's no header proves
        // here: whoever is asked alone can make up the whole of it.
        let is_asked_of_two = self.settings.quorum >= 2 && self.pool.hosts() >= 2;
        match self.settings.verify {
            Verify::Full if is_asked_of_two => Assurance::Proven,
            Verify::Full => Assurance::OneProvider,
            Verify::HeaderOnly | Verify::None if self.is_cross_checked() => Assurance::TwoProviders,
            Verify::HeaderOnly | Verify::None => Assurance::OneProvider,
        }
    }

    fn hint(&self) -> BoxFuture<'_, ()> {
        match &self.hints {
            Some(hints) => Box::pin(hints.next()),
            None => Box::pin(std::future::pending()),
        }
    }

    fn providers(&self) -> Vec<ProviderHealth> {
        self.pool.health()
    }

    fn probe(&self) -> BoxFuture<'_, Vec<ProviderReport>> {
        Box::pin(join_all(self.pool.providers.all().iter().zip(&self.tellers).map(
            |(provider, teller)| probe::report(self, provider, teller.as_ref()),
        )))
    }
}
