//! The source driven through a scripted transport, by a chain recorded from real nodes and servers.

mod blocks;
mod fuzz;
mod lies;
mod mainnet;
mod mempool;
mod net;
mod providers;
mod reading;
#[allow(
    dead_code,
    reason = "shared with the integration tests, which use other parts of it"
)]
#[path = "../../../../tests/it/harness/recorded_bitcoin.rs"]
mod recorded_bitcoin;
mod work;

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;

use self::net::{Loaded, Net, Peer};
use self::recorded_bitcoin::{Credit, FINAL, RecordedBitcoin};
use super::*;
use crate::ambient::SimulatedClock;
use crate::domain::address::Address;
use crate::domain::network::{Bip, Mode, NetworkId};
use crate::domain::transfer::{SeenTransfer, UnconfirmedTransfer};
use crate::net::TransportError;
use crate::net::lines::{Dial, Duplex};

const REGTEST: Family = Family::Bitcoin(Bip::Regtest);
const KINDS: [ProviderKind; 2] = [ProviderKind::Node, ProviderKind::Esplora];

/// A source over some peers, each at a host of its own: `peer0.example`, `peer1.example`.
struct Rig {
    source: BitcoinSource,
    clock: Arc<SimulatedClock>,
    peers: Vec<Arc<Peer>>,
}

fn settings(family: Family) -> BitcoinSettings {
    let network = Network {
        id: NetworkId::parse("bitcoin").unwrap(),
        slug: "btc".into(),
        name: "Bitcoin".into(),
        mode: Mode::Live,
        family,
        confirmations: crate::domain::confirmations::Tiers::flat(2),
        final_depth: 10,
        block_time: Duration::from_secs(600),
        timestamp_slack: Duration::from_secs(7200),
    };
    BitcoinSettings {
        native: Arc::new(Asset {
            network: network.id.clone(),
            currency: Currency::parse("native").unwrap(),
            symbol: "BTC".into(),
            decimals: 8,
            quote_decimals: 8,
            contract: None,
        }),
        network: Arc::new(network),
        providers: Vec::new(),
        quorum: 2,
        range_max: 4,
        limits: CallLimits::default(),
    }
}

/// A source over `peers`, its clock a little after the first one's highest block.
fn rig(peers: Vec<Arc<Peer>>) -> Rig {
    rig_of(REGTEST, peers)
}

fn rig_of(family: Family, peers: Vec<Arc<Peer>>) -> Rig {
    rig_behind(family, peers, |net| net)
}

/// As [`rig_of`], with something between the source and the peers.
fn rig_behind(
    family: Family,
    peers: Vec<Arc<Peer>>,
    between: impl FnOnce(Arc<dyn Fetch>) -> Arc<dyn Fetch>,
) -> Rig {
    let mut settings = settings(family);
    let mut net = Net::default();
    for (number, peer) in peers.iter().enumerate() {
        let host = format!("peer{number}.example");
        settings.providers.push(ProviderSettings {
            url: format!("https://user:SECRET-PASSWORD-{number}@{host}/SECRET-KEY-{number}"),
            headers: vec![("x-api-key".to_owned(), "SECRET-HEADER".to_owned())],
            kind: peer.kind,
            requests: None,
        });
        net.peers.insert(host, Arc::clone(peer));
    }
    let now = UnixMillis::from_seconds(peers[0].chain.tip_time_s() + 30);
    let clock = Arc::new(SimulatedClock::starting_at(now));
    let electrum = no_electrum(clock.clone());
    let source = BitcoinSource::new(
        settings,
        electrum,
        between(Arc::new(net)),
        clock.clone(),
        Arc::new(Loaded),
    )
    .unwrap();
    Rig { source, clock, peers }
}

/// The outcome of a future that waits for nothing but the scripted transport.
fn now<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().unwrap()
}

fn address(text: &str) -> Address {
    Address::parse(REGTEST, text).unwrap()
}

/// Every address of the shop.
fn watched() -> WatchSet {
    let mut watched = WatchSet::default();
    for (_, text) in RecordedBitcoin::addresses() {
        watched.insert(&address(text));
    }
    watched
}

/// What an error tells, which must be fit for people to see.
fn reasons(refused: &ChainError) -> String {
    let text = refused.to_string();
    for secret in ["SECRET", "://", "user"] {
        assert!(!text.contains(secret), "{text}");
    }
    text
}

fn credit(seen: &SeenTransfer) -> (Option<u64>, Credit) {
    let sats = u64::try_from(seen.amount.get()).unwrap();
    (
        Some(seen.block.height),
        (
            seen.txid.to_string(),
            u64::from(seen.position),
            seen.address.to_string(),
            sats,
        ),
    )
}

impl Rig {
    fn read(&self, heights: RangeInclusive<u64>) -> Result<Blocks, ChainError> {
        now(self.source.read(heights, &watched()))
    }

    fn header(&self, height: u64) -> Result<Header, ChainError> {
        now(ChainSource::header(&self.source, height))
    }

    /// Everything of `heights`, range by range.
    fn read_all(&self, heights: RangeInclusive<u64>) -> Vec<SeenTransfer> {
        let mut all = Vec::new();
        let mut next = *heights.start();
        while next <= *heights.end() {
            let last = (next + self.source.range_max() - 1).min(*heights.end());
            all.extend(self.read(next..=last).unwrap().transfers);
            next = last + 1;
        }
        all
    }

    fn unconfirmed_of(&self, expected: &WatchSet) -> Mempool {
        now(self.source.unconfirmed(expected)).unwrap().unwrap()
    }

    fn unconfirmed(&self) -> Vec<Credit> {
        let found = self.unconfirmed_of(&watched()).transfers;
        let credit = |waiting: &UnconfirmedTransfer| {
            (
                waiting.txid.to_string(),
                u64::from(waiting.position),
                waiting.address.to_string(),
                u64::try_from(waiting.amount.get()).unwrap(),
            )
        };
        found.iter().map(credit).collect()
    }
}

fn no_electrum(clock: Arc<SimulatedClock>) -> Electrum {
    Electrum::new(Coin::Bitcoin, Duration::ZERO, Arc::new(NoLines), clock)
}

/// No Electrum server is there to be asked.
struct NoLines;

impl Dial for NoLines {
    fn dial<'a>(&'a self, _: &'a Endpoint) -> BoxFuture<'a, Result<Box<dyn Duplex>, TransportError>> {
        unreachable!("no provider is an Electrum server")
    }
}
