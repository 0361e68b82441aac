//! TRON over the HTTP API of its nodes: TRX and the TRC-20 tokens that are configured, by two calls for a block.
//!
//! Knows nothing of payments, and never asks the node's JSON-RPC: there a worthless TRC-10 token looks like TRX. What a
//! header commits to is recomputed ([`block`]); what contracts did is asked of a second provider ([`crosscheck`]).

mod balances;
mod block;
mod client;
mod crosscheck;
mod decode;
mod probe;
mod protobuf;
mod solid;
mod transaction;
mod wire;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::{BoxFuture, join_all};

use self::block::Block;
use self::decode::{Assets, Held, Wanted};
use super::pool::{Node, Pool};
use super::providers::trouble::{Trouble, TroubleKind};
use super::providers::{CallLimits, NoAnswer, Provider, ProviderHealth, ProviderSettings, Providers};
use super::{Assurance, Blocks, ChainError, ChainSource, Header, ProviderReport, WatchSet};
use crate::ambient::{Clock, Random};
use crate::domain::address::Address;
use crate::domain::asset::{Asset, Currency};
use crate::domain::money::BaseUnits;
use crate::domain::network::Network;
use crate::domain::transfer::{BlockRef, SeenTransfer};
use crate::net::{Endpoint, Fetch};

/// Which chain the providers must serve, told by the id of its first block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TronChain {
    /// The chain with the value.
    Mainnet,
    /// The testnet Nile.
    Nile,
    /// The testnet Shasta.
    Shasta,
    /// Another one.
    Private {
        /// The id of its first block, in hexadecimal; without one, what the first provider says that is asked, and
        /// all others must say the same.
        genesis: Option<String>,
    },
}

impl TronChain {
    fn genesis(&self) -> Option<&str> {
        match self {
            Self::Mainnet => Some("00000000000000001ebf88508a03865c71d452e25f4d51194196a1d22b6653dc"),
            Self::Nile => Some("0000000000000000d698d4192c56cb6be724a558448e2684802de4d6cd8690dc"),
            Self::Shasta => Some("0000000000000000de1aa88295e1fcf982742f773e0419c5a9c134c994a9059e"),
            Self::Private { genesis } => genesis.as_deref(),
        }
    }
}

/// From when on the money in a block can be settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finality {
    /// As soon as the quorum has the block.
    Head,
    /// When the quorum says that the block is solid: built upon by 19 of 27 producers, about 54 s after it was made.
    Solid,
}

/// What a [`TronSource`] is made of.
#[derive(Debug, Clone)]
pub struct TronSettings {
    /// The network that is read.
    pub network: Arc<Network>,
    /// Which chain it is; a provider that serves another is never read from.
    pub chain: TronChain,
    /// From when on the money in a block can be settled.
    pub finality: Finality,
    /// TRX, if it is taken.
    pub native: Option<Arc<Asset>>,
    /// The TRC-20 tokens to look for, each with its contract.
    pub tokens: Vec<Arc<Asset>>,
    /// Who is asked, in the order of preference. A TronGrid key is a header: `TRON-PRO-API-KEY`.
    pub providers: Vec<ProviderSettings>,
    /// How many of them must agree on a block's hash, and, from two on, whether what contracts did is asked of two.
    pub quorum: usize,
    /// The most blocks of one read, at most 100. About 20: blocks of the main chain are some 200 KiB each.
    pub range_max: u64,
    /// Bounds on every exchange.
    pub limits: CallLimits,
}

/// Why settings make no source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TronSettingsError {
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
    /// The name of the chain is none.
    #[error("the `genesis` of {0} is not the id of a block: write it as 64 hexadecimal digits")]
    Genesis(String),
}

/// TRON.
pub struct TronSource {
    settings: TronSettings,
    assets: Assets,
    pool: Pool,
    clock: Arc<dyn Clock>,
    /// What the first provider said that was asked for the first block, where the settings name none.
    genesis_seen: Mutex<Option<String>>,
    /// By host, the highest block that it has said is solid. Solid is for ever.
    solid_seen: Mutex<BTreeMap<String, u64>>,
}

/// How long a provider that served the right chain is trusted to go on doing so.
const CHECKED_FOR: Duration = Duration::from_secs(3600);

impl TronSource {
    /// Puts a source together; asks nobody anything.
    ///
    /// # Errors
    /// [`TronSettingsError`] when a URL, a token or the name of the chain is not usable.
    pub fn new(
        settings: TronSettings,
        transport: Arc<dyn Fetch>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, TronSettingsError> {
        let endpoints = check_settings(&settings)?;
        let providers = Providers::each_with(endpoints, &transport, &clock, &random);
        let network = Arc::clone(&settings.network);
        Ok(Self {
            assets: Assets::new(&settings),
            pool: Pool::new(network, providers, settings.quorum, Arc::clone(&clock)),
            settings,
            clock,
            genesis_seen: Mutex::default(),
            solid_seen: Mutex::default(),
        })
    }

    /// Whether what contracts did is asked of a second provider.
    fn is_cross_checked(&self) -> bool {
        self.settings.quorum >= 2 && self.pool.hosts() >= 2
    }

    async fn latest_from(&self, provider: &Provider) -> Result<BlockRef, Trouble> {
        self.check(provider).await?;
        Ok(client::latest(provider).await?.header.block)
    }

    async fn header_from(&self, provider: &Provider, height: u64) -> Result<Header, Trouble> {
        self.check(provider).await?;
        Ok(client::block(provider, height).await?.header)
    }

    /// The heights of a range, if they are not too many.
    fn heights(&self, heights: RangeInclusive<u64>) -> Result<Vec<u64>, ChainError> {
        self.pool.listed(heights, self.blocks_max())
    }

    /// The most blocks of one read, whatever was learnt.
    fn blocks_max(&self) -> u64 {
        self.settings.range_max.clamp(1, client::RANGE_MAX)
    }

    async fn read_range(
        &self,
        heights: RangeInclusive<u64>,
        watched: &WatchSet,
    ) -> Result<Blocks, ChainError> {
        let last = *heights.end();
        let heights = self.heights(heights)?;
        let heights = heights.as_slice();
        self.pool
            .providers
            .first(|provider| Box::pin(self.read_from(provider, heights, watched)))
            .await
            .map_err(|none| self.pool.unread(last, &none))
    }

    /// Reads by another provider than the one that is read from first.
    async fn read_range_again(
        &self,
        heights: RangeInclusive<u64>,
        watched: &WatchSet,
    ) -> Result<Option<Blocks>, ChainError> {
        let last = *heights.end();
        let heights = self.heights(heights)?;
        let mut none = NoAnswer::default();
        for provider in self.pool.distinct().into_iter().skip(1) {
            match provider
                .attempt(self.read_from(provider, &heights, watched))
                .await
            {
                Ok(blocks) => return Ok(Some(blocks)),
                Err(trouble) => none.troubles.push((provider.host().to_owned(), trouble)),
            }
        }
        if none.troubles.is_empty() {
            return Ok(None);
        }
        Err(self.pool.unread(last, &none))
    }

    async fn read_from(
        &self,
        provider: &Provider,
        heights: &[u64],
        watched: &WatchSet,
    ) -> Result<Blocks, Trouble> {
        self.check(provider).await?;
        let blocks = client::blocks(provider, heights).await?;
        let headers = linked(&blocks)?;
        let wanted = Wanted {
            assets: &self.assets,
            watched,
        };
        let held = if watched.is_empty() {
            Vec::new()
        } else {
            let held = self.held_by(provider, wanted, &blocks).await?;
            crosscheck::settled(self, provider, wanted, &blocks, held).await?
        };
        provider.relax_blocks_max();
        Ok(Blocks {
            headers,
            transfers: held.into_iter().flat_map(in_chain_order).collect(),
        })
    }

    /// What each of `blocks` holds, by the word of `provider`.
    async fn held_by(
        &self,
        provider: &Provider,
        wanted: Wanted<'_>,
        blocks: &[Block],
    ) -> Result<Vec<Held>, Trouble> {
        let all: Vec<&Block> = blocks.iter().collect();
        client::infos(provider, &all, |block, infos| decode::held(wanted, block, infos)).await
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

    /// The first block that providers must have; `served` where nothing else is known yet.
    fn genesis_wanted(&self, served: &str) -> String {
        if let Some(genesis) = self.settings.chain.genesis() {
            return genesis.to_lowercase();
        }
        let mut seen = self.genesis_seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get_or_insert_with(|| served.to_owned()).clone()
    }
}

fn check_settings(settings: &TronSettings) -> Result<Vec<(Endpoint, CallLimits)>, TronSettingsError> {
    let network = || settings.network.id.to_string();
    if settings.providers.is_empty() {
        return Err(TronSettingsError::NoProvider(network()));
    }
    if settings
        .chain
        .genesis()
        .is_some_and(|genesis| wire::hash(genesis).is_none())
    {
        return Err(TronSettingsError::Genesis(network()));
    }
    let mut contracts = BTreeSet::new();
    for token in &settings.tokens {
        let currency = || token.currency.to_string();
        let contract = token.contract.as_ref().map(|contract| contract.payload());
        match contract.filter(|contract| contract.len() == 20) {
            None => return Err(TronSettingsError::NoContract(currency(), network())),
            Some(contract) if !contracts.insert(contract.to_vec()) => {
                return Err(TronSettingsError::ContractTwice(currency(), network()));
            }
            Some(_) => {}
        }
    }
    let mut endpoints = Vec::with_capacity(settings.providers.len());
    for (number, provider) in (1..).zip(&settings.providers) {
        let endpoint = Endpoint::parse(&provider.url, provider.headers.clone())
            .map_err(|_| TronSettingsError::Provider(number, network()))?;
        endpoints.push((endpoint, settings.limits.asked(provider.requests)));
    }
    Ok(endpoints)
}

/// The headers of `blocks`, each of which must be the child of the one before.
fn linked(blocks: &[Block]) -> Result<Vec<Header>, Trouble> {
    let broken = blocks
        .iter()
        .zip(blocks.iter().skip(1))
        .find(|(parent, child)| child.header.parent_hash != parent.header.block.hash);
    if let Some((parent, child)) = broken {
        return Err(Trouble::lag(format!(
            "block {} does not build on block {}: a reorganisation is under way",
            child.height(),
            parent.height()
        )));
    }
    Ok(blocks.iter().map(|block| block.header.clone()).collect())
}

/// What a block holds; what contracts sent comes after the rest.
fn in_chain_order(held: Held) -> impl Iterator<Item = SeenTransfer> {
    held.plain.into_iter().chain(held.internal)
}

impl Node for TronSource {
    fn latest<'a>(&'a self, provider: &'a Provider) -> BoxFuture<'a, Result<BlockRef, Trouble>> {
        Box::pin(self.latest_from(provider))
    }

    fn header<'a>(&'a self, provider: &'a Provider, height: u64) -> BoxFuture<'a, Result<Header, Trouble>> {
        Box::pin(self.header_from(provider, height))
    }
}

impl ChainSource for TronSource {
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
        learnt.unwrap_or(u64::MAX).min(self.blocks_max()).max(1)
    }

    fn agrees<'a>(&'a self, height: u64, hash: &'a str) -> BoxFuture<'a, Result<bool, ChainError>> {
        Box::pin(self.pool.agrees(self, height, hash))
    }

    fn is_final<'a>(&'a self, height: u64, hash: &'a str) -> BoxFuture<'a, Result<bool, ChainError>> {
        Box::pin(async move {
            match self.settings.finality {
                Finality::Head => Ok(true),
                Finality::Solid => {
                    let solid = solid::SolidView { source: self };
                    self.pool.agrees(&solid, height, hash).await
                }
            }
        })
    }

    fn read_again<'a>(
        &'a self,
        heights: RangeInclusive<u64>,
        watched: &'a WatchSet,
    ) -> BoxFuture<'a, Result<Option<Blocks>, ChainError>> {
        Box::pin(self.read_range_again(heights, watched))
    }

    fn balances<'a>(
        &'a self,
        at: &'a BlockRef,
        asked: &'a [(Address, Currency)],
    ) -> BoxFuture<'a, Result<Option<Vec<BaseUnits>>, ChainError>> {
        Box::pin(balances::at_tip(self, at, asked))
    }

    fn assurance(&self) -> Assurance {
        if self.is_cross_checked() {
            Assurance::TwoProviders
        } else {
            Assurance::OneProvider
        }
    }

    fn providers(&self) -> Vec<ProviderHealth> {
        self.pool.health()
    }

    fn probe(&self) -> BoxFuture<'_, Vec<ProviderReport>> {
        Box::pin(join_all(
            self.pool
                .providers
                .all()
                .iter()
                .map(|provider| probe::report(self, provider)),
        ))
    }
}
