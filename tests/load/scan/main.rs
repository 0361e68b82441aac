//! Measures what reading blocks costs beside parsing their bytes alone: the real sources over a transport that serves
//! prepared bytes, and the whole way into a database. Part of no payd that is shipped.
//!
//! Blocks are made of the size of main chains' from recorded transactions, with headers and roots that hold: every
//! proof is made as on a live chain.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::float_arithmetic,
    reason = "all of this crate measures: what goes wrong here should stop it at once, and no money passes through it"
)]

mod bitcoin;
mod ethereum;
mod into_store;
mod meter;
mod node;
mod reading;
mod rlp;
mod tron;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use payd::ambient::Clock;
use payd::chain::ChainSource;
use payd::chain::providers::ProviderSettings;
use payd::domain::address::Address;
use payd::domain::asset::{Asset, Currency};
use payd::domain::confirmations::Tiers;
use payd::domain::network::{Family, Mode, Network, NetworkId};

use self::node::{Answers, Served};

#[global_allocator]
static ALLOCATOR: cap::Cap<mimalloc::MiMalloc> = cap::Cap::new(mimalloc::MiMalloc, usize::MAX);

#[derive(Parser)]
#[command(about)]
struct Arguments {
    // Cargo runs every bench with it.
    #[arg(long, hide = true)]
    bench: bool,
    /// Only these ways of reading, by name.
    families: Vec<String>,
    /// How long each measurement goes on.
    #[arg(long, default_value_t = 1000)]
    each_ms: u64,
    #[arg(long, value_delimiter = ',', default_values_t = [10, 1000, 100_000])]
    addresses: Vec<usize>,
    /// Numbers of addresses at which blocks are read into a database; without one, none are.
    #[arg(long, value_delimiter = ',')]
    store_addresses: Vec<usize>,
    /// Where the databases are made.
    #[arg(long, default_value = "target/tmp")]
    scratch: std::path::PathBuf,
}

/// A chain of prepared blocks, and a way to read it.
trait Reading: Sync {
    fn network(&self) -> Arc<Network>;
    fn assets(&self) -> Vec<Asset>;
    /// A source that asks `transport`; its blocks are those of [`Self::heights`].
    fn source(&self, transport: Arc<Served>, clock: Arc<dyn Clock>) -> Arc<dyn ChainSource>;
    /// The nodes that it asks.
    fn node(&self) -> Box<dyn Answers>;
    fn heights(&self) -> RangeInclusive<u64>;
    /// Addresses that blocks pay, each watched whatever the number of others.
    fn paid(&self) -> Vec<Address>;
    /// How many transfers to them the block at a height holds.
    fn transfers(&self, height: u64) -> usize;
    /// Parses the bytes of a block as they are served where so many addresses are watched, and nothing else; gives back
    /// something of it.
    fn parse(&self, height: u64, addresses: usize) -> usize;
    /// Computes the hashes that prove the block, of inputs that were prepared.
    fn prove(&self, height: u64) -> usize;
    /// The size of what [`Self::parse`] parses.
    fn bytes(&self, height: u64) -> usize;
}

/// Makes a chain with a way to read it.
type Make = fn() -> Box<dyn Reading>;

/// What is measured, by name, each made when its turn comes.
const READINGS: [(&str, Make); 8] = [
    ("ethereum_receipts", || Box::new(ethereum::Ethereum::receipts())),
    ("ethereum_logs", || Box::new(ethereum::Ethereum::logs(1))),
    ("ethereum_logs_of_two", || Box::new(ethereum::Ethereum::logs(2))),
    ("ethereum_empty", || Box::new(ethereum::Ethereum::empty())),
    ("bitcoin", || {
        Box::new(bitcoin::Chain::new(bitcoin::Kind::BitcoinNode))
    }),
    ("bitcoin_esplora", || {
        Box::new(bitcoin::Chain::new(bitcoin::Kind::BitcoinEsplora))
    }),
    ("litecoin", || {
        Box::new(bitcoin::Chain::new(bitcoin::Kind::LitecoinNode))
    }),
    ("tron", || Box::new(tron::Tron::new())),
];

fn network(slug: &str, family: Family, block_time_ms: u64) -> Arc<Network> {
    Arc::new(Network {
        id: NetworkId::parse(slug).unwrap(),
        slug: slug.into(),
        name: slug.into(),
        mode: Mode::Live,
        family,
        confirmations: Tiers::flat(3),
        final_depth: 20,
        block_time: Duration::from_millis(block_time_ms),
        timestamp_slack: Duration::from_secs(60),
    })
}

fn asset(network: &Network, currency: &str, decimals: u8, contract: Option<Address>) -> Asset {
    Asset {
        network: network.id.clone(),
        currency: Currency::parse(currency).unwrap(),
        symbol: currency.to_uppercase().into(),
        decimals,
        quote_decimals: decimals.min(6),
        contract,
    }
}

/// A chain's own coin, and the one token that is read beside it.
fn coin_and_token(network: &Network, decimals: u8, token: Address) -> Vec<Asset> {
    vec![
        asset(network, "native", decimals, None),
        asset(network, "usdt", decimals, Some(token)),
    ]
}

/// So many nodes.
fn providers(count: usize) -> Vec<ProviderSettings> {
    let provider = |number| ProviderSettings {
        url: format!("http://node{number}.example/"),
        ..ProviderSettings::default()
    };
    (0..count).map(provider).collect()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments = Arguments::parse();
    let each = Duration::from_millis(arguments.each_ms);
    let mut report = BTreeMap::new();
    for (name, make) in READINGS {
        if !arguments.families.is_empty() && !arguments.families.iter().any(|wanted| wanted == name) {
            continue;
        }
        let reading = make();
        let mut measured = reading::measure(&*reading, &arguments.addresses, each).await;
        for count in &arguments.store_addresses {
            into_store::measure(&*reading, *count, &arguments.scratch, &mut measured).await;
        }
        report.insert(name, measured);
    }
    println!("{}", serde_json::to_string(&report).unwrap());
}
