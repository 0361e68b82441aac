//! The source driven through a scripted transport, by blocks recorded from a real node.

mod balances;
mod beside_one;
mod crosscheck;
mod fuzz;
mod hints;
mod lies;
mod node;
mod proofs;
mod providers;
mod reading;
mod second_reading;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::FutureExt as _;

use self::node::{Loaded, Net, Node, recorded};
use super::*;
use crate::ambient::SimulatedClock;
use crate::domain::address::Address;
use crate::domain::asset::Currency;
use crate::domain::network::{Family, Mode, NetworkId};
use crate::domain::time::UnixMillis;
use crate::domain::transfer::SeenTransfer;

const CHAIN_ID: u64 = 56;
/// Just after the recorded chain's last block.
const NOW: UnixMillis = UnixMillis::from_seconds(1_760_000_020);

/// A source over some nodes, each at a host of its own: `node0.example`, `node1.example`.
struct Rig {
    source: EvmSource,
    clock: Arc<SimulatedClock>,
    nodes: Vec<Arc<Node>>,
}

fn settings(mode: ReadMode) -> EvmSettings {
    let network = Network {
        id: NetworkId::parse("bsc").unwrap(),
        slug: "bsc".into(),
        name: "BNB Smart Chain".into(),
        mode: Mode::Live,
        family: Family::Evm { chain_id: CHAIN_ID },
        confirmations: crate::domain::confirmations::Tiers::flat(15),
        final_depth: 30,
        block_time: Duration::from_millis(450),
        timestamp_slack: Duration::from_secs(5),
    };
    let asset = |currency: &str, decimals, contract: Option<&str>| {
        Arc::new(Asset {
            network: network.id.clone(),
            currency: Currency::parse(currency).unwrap(),
            symbol: currency.into(),
            decimals,
            quote_decimals: 2,
            contract: contract.map(|name| Address::parse(network.family, &recorded(name)).unwrap()),
        })
    };
    EvmSettings {
        chain_id: CHAIN_ID,
        mode,
        verify: Verify::Full,
        finality: Finality::Confirmations,
        tokens: vec![asset("usdt", 18, Some("usdt")), asset("usdc", 6, Some("usdc"))],
        native: Some(asset("native", 18, None)),
        providers: Vec::new(),
        quorum: 2,
        range_max: 20,
        limits: CallLimits::default(),
        network: Arc::new(network),
    }
}

fn rig_with(settings: EvmSettings, nodes: Vec<Arc<Node>>) -> Rig {
    rig_behind(settings, nodes, |net| net)
}

/// As [`rig_with`], with something between the source and the nodes.
fn rig_behind(
    mut settings: EvmSettings,
    nodes: Vec<Arc<Node>>,
    between: impl FnOnce(Arc<dyn Fetch>) -> Arc<dyn Fetch>,
) -> Rig {
    let mut net = Net::default();
    for (number, node) in nodes.iter().enumerate() {
        let host = format!("node{number}.example");
        settings.providers.push(ProviderSettings {
            url: format!("https://{host}/v3/SECRET-KEY-{number}"),
            headers: vec![("x-api-key".to_owned(), "SECRET-HEADER".to_owned())],
            ..ProviderSettings::default()
        });
        net.nodes.insert(host, Arc::clone(node));
    }
    let clock = Arc::new(SimulatedClock::starting_at(NOW));
    let source = EvmSource::new(settings, between(Arc::new(net)), clock.clone(), Arc::new(Loaded)).unwrap();
    Rig { source, clock, nodes }
}

fn rig(mode: ReadMode, nodes: Vec<Arc<Node>>) -> Rig {
    rig_with(settings(mode), nodes)
}

/// The outcome of a future that waits for nothing but the scripted transport.
fn now<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().unwrap()
}

fn watched() -> WatchSet {
    let mut watched = WatchSet::default();
    for name in ["a", "b"] {
        let family = Family::Evm { chain_id: CHAIN_ID };
        watched.insert(&Address::parse(family, &recorded(name)).unwrap());
    }
    watched
}

/// `a` and `b`, and so many others that nothing is paid to.
fn watched_beside(others: u32) -> WatchSet {
    let mut watched = watched();
    for number in 0..others {
        let mut account = [7; 20];
        account[..4].copy_from_slice(&number.to_be_bytes());
        watched.insert_script(&account, "another");
    }
    watched
}

/// What an error tells, which must be fit for people to see.
fn reasons(refused: &ChainError) -> String {
    let text = refused.to_string();
    for secret in ["SECRET", "://", "/v3"] {
        assert!(!text.contains(secret), "{text}");
    }
    text
}

impl Rig {
    fn read(&self, heights: RangeInclusive<u64>) -> Result<Blocks, ChainError> {
        now(self.source.read(heights, &watched()))
    }

    /// What an honest node's blocks hold, in words: height, currency, position, receiver, amount.
    fn told(blocks: &Blocks) -> Vec<String> {
        let tell = |seen: &SeenTransfer| {
            let receiver = if *seen.address == *recorded("a") { "a" } else { "b" };
            let (height, currency, amount) = (seen.block.height, &seen.currency, seen.amount.get());
            match seen.position {
                crate::domain::transfer::POSITION_NATIVE => {
                    format!("{height} {currency} {receiver} {amount}")
                }
                position => format!("{height} {currency}#{position} {receiver} {amount}"),
            }
        };
        blocks.transfers.iter().map(tell).collect()
    }
}

/// All that the recorded blocks hold for `a` and `b`.
const ALL: &[&str] = &[
    "2 native a 1000000000000000000",
    "2 usdt#0 a 5000000",
    "2 usdt#1 a 7",
    "2 usdt#2 b 8",
    "2 native b 12345",
    "3 usdt#2 b 340282366920938463463374607431768211455",
    "3 usdc#3 b 42000000",
    "5 native a 3",
    "5 usdc#0 a 1",
    "5 usdc#1 a 1",
];
