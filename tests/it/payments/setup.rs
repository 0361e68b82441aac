//! What a bench is made of: how the chain is read, through whom, and the configuration that says so.

use std::fmt::Write as _;

use sha3::{Digest, Keccak256};

use crate::harness::anvil::{Anvil, Token};
use crate::harness::proxy::Proxy;

/// Blocks until money is settled.
pub const CONFIRMATIONS: u64 = 3;
/// Depth to which reorganisations are followed.
pub const FINAL_DEPTH: u64 = 12;
/// How the daemon reads the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Ethereum: whole blocks with their receipts, everything proven.
    Receipts,
    /// BNB Smart Chain: headers, and logs by query.
    Logs,
}

/// What is special about a bench.
#[derive(Debug, Clone)]
pub struct Setup {
    /// How the chain is read.
    pub reading: Reading,
    /// Options of `payd store add`.
    pub rules: Vec<&'static str>,
    /// How many addresses are in the pool.
    pub addresses: usize,
    /// How many of the providers are proxies that can fail; the node itself comes last, if at all.
    pub proxies: usize,
    /// Whether the node itself is a provider too.
    pub is_direct: bool,
    /// The first block's time, in seconds.
    pub genesis_s: Option<u64>,
    /// Whether the chain is read from its first block; else from its tip at the first start.
    pub is_from_start: bool,
    /// The decimals that the configuration claims for USDT, when it is wrong.
    pub claimed_decimals: Option<u8>,
}

impl Setup {
    /// A shop with 4 addresses and the default rules on one honest node.
    pub fn new(reading: Reading) -> Self {
        Self {
            reading,
            rules: Vec::new(),
            addresses: 4,
            proxies: 0,
            is_direct: true,
            genesis_s: None,
            is_from_start: true,
            claimed_decimals: None,
        }
    }

    /// With these options of `payd store add`.
    pub fn rules(self, rules: &[&'static str]) -> Self {
        Self {
            rules: rules.to_vec(),
            ..self
        }
    }

    /// With so many addresses.
    pub fn addresses(self, addresses: usize) -> Self {
        Self { addresses, ..self }
    }

    /// With so many failing providers before the honest one.
    pub fn proxies(self, proxies: usize) -> Self {
        Self { proxies, ..self }
    }
}

impl Reading {
    /// The network that is read like this.
    pub const fn network(self) -> &'static str {
        match self {
            Self::Receipts => "ethereum",
            Self::Logs => "bsc",
        }
    }
}

/// Address number `index` of a pool.
pub fn address(index: usize) -> String {
    let hash = Keccak256::digest(format!("receive address {index}"));
    format!("0x{}", hex::encode(&hash[12..]))
}

/// The configuration of a bench.
pub fn config(setup: &Setup, anvil: &Anvil, proxies: &[Proxy], tokens: [&Token; 3]) -> String {
    let network = setup.reading.network();
    let mode = match setup.reading {
        Reading::Receipts => "receipts",
        Reading::Logs => "logs",
    };
    let mut config = format!(
        "[metrics]\nlisten = \"off\"\n[rates.fixed.usd]\nUSDT = \"1\"\nUSDC = \"1\"\nETH = \"2000\"\nBNB = \"500\"\n\
         [networks.{network}]\nconfirmations = {CONFIRMATIONS}\nfinal_depth = {FINAL_DEPTH}\nblock_time_ms = 1000\n\
         mode = \"{mode}\"\nverify = \"full\"\npoll_ms = 100\nidle_poll_ms = 100\n"
    );
    if setup.is_from_start {
        config.push_str("start_height = 1\n");
    }
    let urls = proxies.iter().map(Proxy::url);
    for url in urls.chain(setup.is_direct.then(|| anvil.url().to_owned())) {
        let _ = writeln!(config, "[[networks.{network}.providers]]\nurl = \"{url}\"");
    }
    for (name, token) in ["usdt", "usdc", "busd"].into_iter().zip(tokens) {
        let claimed = setup.claimed_decimals.filter(|_| name == "usdt");
        let (contract, decimals) = (&token.address, claimed.unwrap_or(token.decimals));
        let _ = writeln!(
            config,
            "[networks.{network}.tokens.{name}]\ncontract = \"{contract}\"\ndecimals = {decimals}"
        );
    }
    config
}
