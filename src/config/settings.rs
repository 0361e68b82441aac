//! The checked settings, in plain types. Knows nothing of files or TOML.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use rust_decimal::Decimal;
use url::Url;

pub use super::dashboard::Dashboard;
pub use super::providers::Provider;
use crate::domain::asset::{Asset, Currency, Registry};
use crate::domain::money::Fiat;
use crate::domain::network::{Mode, Network, NetworkId};
use crate::domain::pricing::RateSource;
use crate::domain::shop::Rules;
use crate::domain::vocabulary;

/// Everything that can be set, checked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The HTTP server.
    pub server: Server,
    /// How often one client may call.
    pub limits: Limits,
    /// The server for metrics.
    pub metrics: Metrics,
    /// The server for the dashboard.
    pub dashboard: Dashboard,
    /// The log.
    pub log: Log,
    /// The database.
    pub store: Store,
    /// The rules of a new shop.
    pub defaults: Rules,
    /// Delivery of webhooks.
    pub webhooks: Webhooks,
    /// How long it is remembered how payments were told of.
    pub retention: Retention,
    /// Exchange rates.
    pub rates: Rates,
    /// What is taken on one provider's word.
    pub trust: Trust,
    /// Test mode.
    pub simulated: Simulated,
    /// The live networks to scan: those that have providers and are not switched off.
    pub networks: Vec<LiveNetwork>,
    pub(super) registry: Registry,
    /// Where it is set that a live network is read, or that it is not; those that are not here are set nowhere.
    pub(super) sources: BTreeMap<NetworkId, Source>,
}

/// Who set whether and how a network is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The operator, in the configuration file.
    File,
    /// The dashboard, in its own.
    Dashboard,
}

impl Settings {
    /// All networks and assets, also those that are not scanned: what was recorded of them must stay readable.
    #[must_use]
    pub fn registry(&self) -> Registry {
        self.registry.clone()
    }

    /// These settings, with the networks of others and what depends on them.
    #[must_use]
    pub fn with_networks_of(self, others: Self) -> Self {
        Self {
            rates: others.rates,
            networks: others.networks,
            registry: others.registry,
            sources: others.sources,
            ..self
        }
    }

    /// Where it is set whether and how a live network is read; `None` where it is not.
    #[must_use]
    pub fn source(&self, network: &NetworkId) -> Option<Source> {
        self.sources.get(network).copied()
    }

    /// Whether somebody watches the network. No payment may be made on one that nobody watches.
    #[must_use]
    pub fn is_scanned(&self, network: &Network) -> bool {
        match network.mode {
            Mode::Test => self.simulated.enabled,
            Mode::Live => self.networks.iter().any(|live| live.network.id == network.id),
        }
    }

    /// Every currency that somebody watches, with its network: money in any other is not seen, so no payment may
    /// be made in it.
    #[must_use]
    pub fn watched(&self) -> Vec<(NetworkId, Currency)> {
        let live = self
            .networks
            .iter()
            .flat_map(|live| std::iter::once(&live.native).chain(&live.tokens));
        let simulated = self
            .registry
            .networks()
            .filter(|network| network.mode == Mode::Test && self.simulated.enabled)
            .flat_map(|network| self.registry.assets_of(&network.id));
        live.chain(simulated)
            .map(|asset| (asset.network.clone(), asset.currency.clone()))
            .collect()
    }
}

/// How long it is remembered how payments were told of; for ever, without a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// The single attempts of webhooks.
    pub attempts: Option<Duration>,
    /// Webhooks that were delivered or given up.
    pub deliveries: Option<Duration>,
    /// The steps of payments that are over.
    pub events: Option<Duration>,
}

/// The HTTP server for APIs and pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The address under which customers reach payd, when one is set; no query, no trailing slash.
    pub public_url: Option<String>,
    /// The longest request body that is read, in bytes.
    pub body_bytes_max: usize,
    /// How long a client may take to send its request's head.
    pub header_timeout: Duration,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
}

impl Server {
    /// What checkout URLs begin with when the server listens on `bound`; no trailing slash.
    #[must_use]
    pub fn public_url(&self, bound: SocketAddr) -> String {
        match (&self.public_url, bound) {
            (Some(url), _) => url.clone(),
            // Nobody can call "every interface"; this machine can at least be called from itself.
            (None, bound) if bound.ip().is_unspecified() => format!("http://127.0.0.1:{}", bound.port()),
            (None, bound) => format!("http://{bound}"),
        }
    }
}

/// How often one client may call what is open to all, and how often it may fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Whether there are any limits.
    pub enabled: bool,
}

/// The server for metrics, apart from the one that customers reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metrics {
    /// Where to listen; `None` when switched off.
    pub listen: Option<SocketAddr>,
}

/// The log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// How a line looks.
    pub format: LogFormat,
    /// From which level on lines are written.
    pub level: LogLevel,
}

vocabulary! {
    /// How a line of the log looks.
    LogFormat, "log format" {
        /// For people.
        Text = "text",
        /// For machines: one JSON object a line.
        Json = "json",
    }
}

vocabulary! {
    /// How much is logged.
    LogLevel, "log level" {
        /// What a person should look at.
        Error = "error",
        /// And what went wrong but mends itself.
        Warn = "warn",
        /// And what was done.
        Info = "info",
        /// And how.
        Debug = "debug",
        /// And every step.
        Trace = "trace",
    }
}

/// The database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// What a commit survives.
    pub durability: Durability,
    /// How many connections read at once.
    pub readers: usize,
    /// How many writes may wait for the writer; beyond it callers are told to come back.
    pub queue: usize,
    /// The file with the key that seals secrets, when it is not beside the database.
    pub key_file: Option<PathBuf>,
}

vocabulary! {
    /// What a commit survives: SQLite's `synchronous`.
    Durability, "durability" {
        /// A power failure.
        Full = "full",
        /// A crash of payd, but not always a power failure.
        Normal = "normal",
    }
}

/// Delivery of webhooks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhooks {
    /// How many are sent at once, beside the first to each endpoint.
    pub concurrency: usize,
    /// How many are sent at once to one endpoint that answers promptly.
    pub per_endpoint_concurrency: usize,
    /// Whether endpoints may be on this machine or its network. Link-local and cloud metadata addresses are
    /// refused either way.
    pub allow_private: bool,
}

/// What is taken on one provider's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trust {
    /// The most that a payment may be worth, in US dollars, to become paid by transfers that rest on one provider's
    /// word alone: it cannot be recomputed, and no second provider was asked.
    pub one_provider_max_usd: u64,
}

/// Test mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simulated {
    /// Whether there are simulated networks.
    pub enabled: bool,
}

/// Exchange rates: whom to ask, and those that were set by hand, which do not change while payd runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rates {
    /// The market's.
    pub market: MarketRates,
    pub(super) live: BTreeMap<(Arc<str>, &'static str), Decimal>,
    pub(super) test: BTreeMap<(Arc<str>, &'static str), Decimal>,
}

/// Whom to ask for the market's rates, and what to believe of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarketRates {
    /// Whether anybody is asked.
    pub enabled: bool,
    /// The built-in sources to ask.
    pub sources: Vec<RateSource>,
    /// Sources of the merchant's own.
    pub own: Vec<OwnRates>,
    /// How old a rate of a crypto currency may be.
    pub crypto_age_max: Duration,
    /// How old a rate between fiat currencies may be.
    pub fiat_age_max: Duration,
    /// How far from the median a source may be, in basis points, before it is left out.
    pub outlier_bps: u32,
    /// How often a source is asked while rates are needed.
    pub refresh: Duration,
    /// How long after the last question rates are kept fresh.
    pub idle_after: Duration,
}

/// An HTTP address of the merchant's own that gives rates. Its URL and headers may hold keys, so it shows its host only.
#[derive(Clone, PartialEq, Eq)]
pub struct OwnRates {
    /// What it is called; unique.
    pub name: String,
    pub(super) url: String,
    /// The URL with its placeholders filled in.
    pub(super) sample: Url,
    pub(super) headers: Vec<(String, String)>,
    /// Where in the reply the price stands (RFC 6901), with placeholders.
    pub pointer: String,
    /// What it has prices of.
    pub symbols: Vec<String>,
    /// The currencies it has them in.
    pub fiats: Vec<Fiat>,
}

impl OwnRates {
    /// Where to ask, with placeholders. A secret.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Headers to send along. Their values are secrets.
    #[must_use]
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// The host and port: fit to be shown.
    #[must_use]
    pub fn host(&self) -> String {
        shown_host(&self.sample)
    }

    /// The host alone.
    pub(super) fn host_name(&self) -> &str {
        self.sample.host_str().unwrap_or_default()
    }
}

impl fmt::Debug for OwnRates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnRates")
            .field("name", &self.name)
            .field("host", &self.host())
            .field("pointer", &self.pointer)
            .field("symbols", &self.symbols)
            .field("fiats", &self.fiats)
            .finish_non_exhaustive()
    }
}

impl Rates {
    /// The price of one whole unit of what is called `symbol`; `None` when no rate is set, in which case nothing
    /// can be quoted.
    #[must_use]
    pub fn rate(&self, mode: Mode, symbol: &Arc<str>, fiat: Fiat) -> Option<Decimal> {
        let rates = match mode {
            Mode::Live => &self.live,
            Mode::Test => &self.test,
        };
        rates.get(&(Arc::clone(symbol), fiat.word())).copied()
    }
}

/// A live network that is scanned, and how.
#[derive(Debug, Clone)]
pub struct LiveNetwork {
    /// The network; the same one as in the registry.
    pub network: Arc<Network>,
    /// How its blocks are read.
    pub reading: Reading,
    /// Whom to ask, at least one.
    pub providers: Vec<Provider>,
    /// How many providers must have a payment's block before it counts; at most as many as there are.
    pub quorum: usize,
    /// Time between looks at the chain while payments are expected.
    pub poll: Duration,
    /// Time between looks at the chain while none is.
    pub idle_poll: Duration,
    /// The block to begin with at the very first start; the tip when not set.
    pub start_height: Option<u64>,
    /// The chain's own coin.
    pub native: Arc<Asset>,
    /// The tokens that are not switched off, whose decimals are to be checked at start.
    pub tokens: Vec<Arc<Asset>>,
}

/// How the blocks of a family of chains are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// An Ethereum-like chain.
    Evm {
        /// Its EIP-155 chain id, to be checked with every provider.
        chain_id: u64,
        /// How blocks are read.
        mode: ReadMode,
        /// What is recomputed of what a provider says.
        verify: Verify,
        /// What makes a block count besides its confirmations.
        finality: Finality,
    },
    /// Bitcoin or Litecoin: raw blocks, or transactions with the proof that a block holds them.
    BitcoinLike,
    /// TRON: blocks with what their transactions did.
    Tron {
        /// Which of its networks, to be checked with every provider.
        chain: TronChain,
    },
}

vocabulary! {
    /// Which chain of a Bitcoin-like coin: it decides how addresses look.
    BitcoinChain, "chain" {
        /// The chain with the value.
        Mainnet = "mainnet",
        /// Testnet or signet.
        Testnet = "testnet",
        /// A private chain.
        Regtest = "regtest",
    }
}

vocabulary! {
    /// Which network of TRON.
    TronChain, "chain" {
        /// The one with the value.
        Mainnet = "mainnet",
        /// The test network that most wallets know.
        Nile = "nile",
        /// The older test network.
        Shasta = "shasta",
        /// One of the merchant's own.
        Private = "private",
    }
}

vocabulary! {
    /// What a provider speaks.
    ProviderKind, "kind" {
        /// The node's own RPC.
        Node = "node",
        /// The HTTP API of block explorers (Bitcoin-like chains).
        Esplora = "esplora",
        /// The protocol of Electrum servers (Bitcoin-like chains).
        Electrum = "electrum",
    }
}

vocabulary! {
    /// The families that a chain of the merchant's own can be of.
    ChainKind, "kind" {
        /// Ethereum-like.
        Evm = "evm",
    }
}

vocabulary! {
    /// How the blocks of an EVM chain are read.
    ReadMode, "mode" {
        /// Each block with all its receipts: two calls a block, and the contents can be proven.
        Receipts = "receipts",
        /// Logs over ranges of blocks: fewer calls, for fast chains.
        Logs = "logs",
    }
}

vocabulary! {
    /// What makes a payment's block count besides its confirmations.
    Finality, "finality" {
        /// Nothing.
        Confirmations = "confirmations",
        /// That the providers call it `finalized`.
        Finalized = "finalized",
    }
}

vocabulary! {
    /// What is recomputed of what a provider says.
    Verify, "verification" {
        /// Header hash, transactions root and receipts root.
        Full = "full",
        /// The header hash.
        Header = "header",
        /// Nothing: for chains whose hashes cannot be recomputed.
        None = "none",
    }
}

pub(super) fn shown_host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}
