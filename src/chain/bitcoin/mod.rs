//! Bitcoin and Litecoin: the coin itself, read from nodes (JSON-RPC) and Esplora servers by raw blocks, and from
//! Electrum servers by the transactions of the watched addresses. One pool may mix the kinds.
//!
//! Whoever serves it, a header is taken only with its proof of work, and a block only when it is the one asked for,
//! complete and unchanged: a provider of blocks can do no more than withhold, and tips are compared. Outputs are
//! matched here, by script. Knows nothing of payments. The only place that names `scrypt`.
//!
//! Litecoin's peg-outs from MWEB are outputs of the block's HogEx and transfers like others. They can be spent after
//! six blocks, whatever the network's `confirmations`; and since a HogEx belongs to its block, a reorganisation gives
//! the same peg-out another id: the first is orphaned, the second recorded. What is sent within MWEB cannot be seen,
//! and its addresses are refused.

pub mod block;
pub mod electrum;
mod esplora;
pub mod header;
mod lookups;
mod mempool;
mod node;
pub mod params;
mod probe;
mod reading;
pub mod work;

#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::{BoxFuture, join_all};

use self::electrum::Electrum;
use self::header::{Hash, RawHeader};
use self::mempool::{EsploraMempool, NodeMempool};
use self::params::{ChainRules, Coin};
use self::work::Lineage;
use super::pool::{Node, Pool};
use super::providers::trouble::Trouble;
use super::providers::{CallLimits, NoAnswer, Provider, ProviderHealth, Providers, RequestRate};
use super::{Assurance, Blocks, ChainError, ChainSource, Header, Mempool, ProviderReport, WatchSet};
use crate::ambient::{Clock, Random};
use crate::domain::address::Address;
use crate::domain::asset::{Asset, Currency};
use crate::domain::money::BaseUnits;
use crate::domain::network::{Family, Network};
use crate::domain::time::UnixMillis;
use crate::domain::transfer::BlockRef;
use crate::net::{Endpoint, Fetch};

/// How a provider is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProviderKind {
    /// JSON-RPC of bitcoind or litecoind: `http` or `https`, with `user:password@` where it asks for them.
    Node,
    /// The HTTP API of Esplora: `http` or `https`, up to the path before `/blocks`.
    Esplora,
    /// The Electrum protocol: `ssl` or `tcp`, with a port.
    Electrum,
}

impl ProviderKind {
    /// The word of the configuration for it.
    const fn word(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Esplora => "esplora",
            Self::Electrum => "electrum",
        }
    }
}

/// One provider of a chain.
#[derive(Clone)]
pub struct ProviderSettings {
    /// May hold a key.
    pub url: String,
    /// Headers to send with every call; may hold a key.
    pub headers: Vec<(String, String)>,
    /// How it is asked.
    pub kind: ProviderKind,
    /// How often it is asked; as [`BitcoinSettings::limits`] say when `None`. For nodes and Esplora servers.
    pub requests: Option<RequestRate>,
}

impl std::fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ProviderSettings({:?}, ..)", self.kind)
    }
}

/// What a [`BitcoinSource`] is made of.
#[derive(Debug, Clone)]
pub struct BitcoinSettings {
    /// The network that is read; its family says which coin and chain.
    pub network: Arc<Network>,
    /// The coin as an asset of the network.
    pub native: Arc<Asset>,
    /// Who is asked, in the order of preference.
    pub providers: Vec<ProviderSettings>,
    /// How many of them must agree on a block's hash; fewer when there are fewer.
    pub quorum: usize,
    /// The most blocks of one read. They are fetched one by one, so that it costs no memory; 4 is a good number.
    pub range_max: u64,
    /// Bounds on every exchange. A block in hexadecimal may take 8 MB, a main chain's mempool 20 MB.
    pub limits: CallLimits,
}

/// Why settings make no source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BitcoinSettingsError {
    /// The network is not of this family.
    #[error("{0} is neither bitcoin nor litecoin")]
    Family(String),
    /// There is nobody to ask.
    #[error("no provider of {0} is configured: add one, better two, under its `providers`")]
    NoProvider(String),
    /// A provider's URL is none.
    #[error(
        "provider {0} of {1} cannot be reached like that: write a node as http://user:password@host:8332, an Esplora \
         server as https://host/api, an Electrum server as ssl://host:50002"
    )]
    Provider(usize, String),
}

/// Bitcoin or Litecoin.
pub struct BitcoinSource {
    settings: BitcoinSettings,
    rules: ChainRules,
    pool: Pool,
    clock: Arc<dyn Clock>,
    electrum: Electrum,
    /// What is remembered of each provider, in the order of the pool's.
    states: Vec<ProviderState>,
    lineage: Mutex<Lineage>,
    /// The highest block of the last look.
    highest: Mutex<Option<BlockRef>>,
    node_mempool: tokio::sync::Mutex<NodeMempool>,
    esplora_mempool: tokio::sync::Mutex<EsploraMempool>,
}

/// What is remembered of one provider.
struct ProviderState {
    kind: ProviderKind,
    /// Its highest block at the last look.
    tip: Mutex<Option<(Hash, BlockRef)>>,
    /// Until when it is not asked for its mempool again, because it refused.
    mempool_refused_until: Mutex<Option<UnixMillis>>,
}

impl BitcoinSource {
    /// Puts a source together; asks nobody anything. `electrum` is used for providers of that kind only.
    ///
    /// # Errors
    /// [`BitcoinSettingsError`] when the network or a URL is not usable.
    pub fn new(
        settings: BitcoinSettings,
        electrum: Electrum,
        transport: Arc<dyn Fetch>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, BitcoinSettingsError> {
        let name = || settings.network.id.to_string();
        let (coin, bip) = match settings.network.family {
            Family::Bitcoin(bip) => (Coin::Bitcoin, bip),
            Family::Litecoin(bip) => (Coin::Litecoin, bip),
            Family::Evm { .. } | Family::Tron => return Err(BitcoinSettingsError::Family(name())),
        };
        if settings.providers.is_empty() {
            return Err(BitcoinSettingsError::NoProvider(name()));
        }
        let mut endpoints = Vec::with_capacity(settings.providers.len());
        for (number, provider) in (1..).zip(&settings.providers) {
            let schemes: &[&str] = match provider.kind {
                ProviderKind::Node | ProviderKind::Esplora => &["http", "https"],
                ProviderKind::Electrum => &["ssl", "tcp"],
            };
            let endpoint = Endpoint::parse_as(schemes, &provider.url, provider.headers.clone())
                .map_err(|_| BitcoinSettingsError::Provider(number, name()))?;
            endpoints.push((endpoint, settings.limits.asked(provider.requests)));
        }
        let states = settings.providers.iter().map(|provider| ProviderState {
            kind: provider.kind,
            tip: Mutex::default(),
            mempool_refused_until: Mutex::default(),
        });
        let providers = Providers::each_with(endpoints, &transport, &clock, &random);
        let network = Arc::clone(&settings.network);
        Ok(Self {
            rules: ChainRules { coin, bip },
            pool: Pool::new(network, providers, settings.quorum, Arc::clone(&clock)),
            states: states.collect(),
            settings,
            clock,
            electrum,
            lineage: Mutex::default(),
            highest: Mutex::default(),
            node_mempool: tokio::sync::Mutex::default(),
            esplora_mempool: tokio::sync::Mutex::default(),
        })
    }

    fn state(&self, provider: &Provider) -> Option<&ProviderState> {
        let mut both = self.pool.providers.all().iter().zip(&self.states);
        both.find(|(known, _)| std::ptr::eq(*known, provider))
            .map(|(_, state)| state)
    }

    fn kind(&self, provider: &Provider) -> ProviderKind {
        // Every provider there is comes from the pool.
        self.state(provider)
            .map_or(ProviderKind::Node, |state| state.kind)
    }

    fn has(&self, is_kind: impl Fn(ProviderKind) -> bool) -> bool {
        self.states.iter().any(|state| is_kind(state.kind))
    }

    /// The most blocks of one read from a provider of this kind.
    fn range_max_from(&self, kind: Option<ProviderKind>) -> u64 {
        /// An Electrum server is asked as often for one block as for many, and may take its time for each answer.
        const ELECTRUM_BLOCKS: u64 = 64;
        match kind {
            Some(ProviderKind::Electrum) => self.settings.range_max.max(ELECTRUM_BLOCKS),
            Some(ProviderKind::Node | ProviderKind::Esplora) | None => self.settings.range_max.max(1),
        }
    }

    async fn look_for_tip(&self) -> Result<BlockRef, ChainError> {
        let tip = self.pool.highest(self).await?;
        *guard(&self.highest) = Some(tip.clone());
        Ok(tip)
    }

    /// All providers, those first that had the highest block at the last look: headers and blocks must come from its
    /// branch, and one that is stuck on another would be believed for as long as it does not lag too far.
    fn in_order(&self) -> Vec<&Provider> {
        let highest = guard(&self.highest).as_ref().map(|block| Arc::clone(&block.hash));
        let has_it = |provider: &Provider| {
            let tip = self.state(provider).map(|state| guard(&state.tip));
            let tip = tip.as_ref().and_then(|tip| tip.as_ref());
            highest.is_some() && tip.map(|(_, block)| &block.hash) == highest.as_ref()
        };
        let mut ordered = self.pool.providers.by_health();
        ordered.sort_by_cached_key(|provider| !has_it(provider));
        ordered
    }

    /// Makes `attempt` with one provider after the other until one succeeds.
    async fn first<'a, T>(
        &'a self,
        height: u64,
        providers: Vec<&'a Provider>,
        attempt: impl Fn(&'a Provider) -> BoxFuture<'a, Result<T, Trouble>>,
    ) -> Result<T, ChainError> {
        let mut none = NoAnswer::default();
        for provider in providers {
            match provider.attempt(attempt(provider)).await {
                Ok(answer) => return Ok(answer),
                Err(trouble) => none.troubles.push((provider.host().to_owned(), trouble)),
            }
        }
        Err(self.pool.unread(height, &none))
    }

    fn currency(&self) -> &Currency {
        &self.settings.native.currency
    }
}

/// What `outputs` (value and script, in order) pay to watched addresses: position, address, amount; never zero.
fn paying<'a>(
    outputs: impl Iterator<Item = (u64, &'a [u8])>,
    watched: &WatchSet,
) -> impl Iterator<Item = (u32, Arc<str>, BaseUnits)> {
    (0_u32..).zip(outputs).filter_map(|(position, (value, script))| {
        let address = watched.get(script).filter(|_| value > 0)?;
        Some((position, address, BaseUnits::new(u128::from(value))))
    })
}

/// A header that was verified, as the engine knows headers.
fn header_at(height: u64, raw: &RawHeader) -> Header {
    Header {
        block: BlockRef {
            height,
            hash: raw.hash().to_string().into(),
            time: UnixMillis::from_seconds(i64::from(raw.time_s())),
        },
        parent_hash: raw.parent().to_string().into(),
    }
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Every write is a plain assignment: there is no half-written state to protect from.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Node for BitcoinSource {
    fn latest<'a>(&'a self, provider: &'a Provider) -> BoxFuture<'a, Result<BlockRef, Trouble>> {
        Box::pin(self.latest_from(provider))
    }

    fn header<'a>(&'a self, provider: &'a Provider, height: u64) -> BoxFuture<'a, Result<Header, Trouble>> {
        Box::pin(self.header_from(provider, height))
    }
}

impl ChainSource for BitcoinSource {
    fn tip(&self) -> BoxFuture<'_, Result<BlockRef, ChainError>> {
        Box::pin(self.look_for_tip())
    }

    fn header(&self, height: u64) -> BoxFuture<'_, Result<Header, ChainError>> {
        Box::pin(self.first(height, self.in_order(), move |provider| {
            Box::pin(self.header_of_branch(provider, height))
        }))
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
        let first = in_use.first().map(|provider| self.kind(provider));
        self.range_max_from(first)
    }

    fn agrees<'a>(&'a self, height: u64, hash: &'a str) -> BoxFuture<'a, Result<bool, ChainError>> {
        Box::pin(self.pool.agrees(self, height, hash))
    }

    fn unconfirmed<'a>(
        &'a self,
        expected: &'a WatchSet,
    ) -> BoxFuture<'a, Result<Option<Mempool>, ChainError>> {
        Box::pin(self.look_into_mempools(expected))
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
        Box::pin(self.look_up_balances(at, asked))
    }

    /// Whatever kind of provider tells of a transfer, it is proven from the block's header. Only an Electrum server
    /// can leave one out: [`Self::read_again`] finds it.
    fn assurance(&self) -> Assurance {
        Assurance::Proven
    }

    fn hint(&self) -> BoxFuture<'_, ()> {
        if self.has(|kind| kind == ProviderKind::Electrum) {
            return Box::pin(self.electrum.hint());
        }
        Box::pin(std::future::pending())
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
