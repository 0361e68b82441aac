//! The source driven through a scripted transport, by blocks recorded from a real node.

mod agreement;
mod chains;
mod forms;
mod fuzz;
mod internal;
mod lies;
mod net;
mod nonsense;
mod providers;
mod reading;
#[path = "../../../../tests/it/harness/tron/recorded.rs"]
mod recorded;

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;

use self::net::{Net, NoChance};
use self::recorded::{Branch, FIRST, Fault, LAST, RecordedTron, base58};
use super::*;
use crate::ambient::SimulatedClock;
use crate::domain::network::{Family, Mode, NetworkId};
use crate::domain::time::UnixMillis;
use crate::domain::transfer::{POSITION_INTERNAL, POSITION_NATIVE};

/// Just after the recording's last block.
const NOW: UnixMillis = UnixMillis::new(1_795_264_540_000);
const USDT: &str = "usdt";

/// A source over some nodes, each at a host of its own: `node0.example`, `node1.example`.
struct Rig {
    source: TronSource,
    clock: Arc<SimulatedClock>,
    nodes: Vec<Arc<RecordedTron>>,
}

fn settings() -> TronSettings {
    let network = Network {
        id: NetworkId::parse("tron").unwrap(),
        slug: "tron".into(),
        name: "TRON".into(),
        mode: Mode::Live,
        family: Family::Tron,
        confirmations: crate::domain::confirmations::Tiers::flat(20),
        final_depth: 30,
        block_time: Duration::from_secs(3),
        timestamp_slack: Duration::from_secs(5),
    };
    let asset = |currency: &str, contract: Option<String>| {
        Arc::new(Asset {
            network: network.id.clone(),
            currency: Currency::parse(currency).unwrap(),
            symbol: currency.into(),
            decimals: 6,
            quote_decimals: 2,
            contract: contract.map(|text| Address::parse(Family::Tron, &text).unwrap()),
        })
    };
    TronSettings {
        chain: TronChain::Private { genesis: None },
        finality: Finality::Solid,
        native: Some(asset("native", None)),
        tokens: vec![asset(USDT, Some(base58("contracts", "usdt")))],
        providers: Vec::new(),
        quorum: 2,
        range_max: 20,
        limits: CallLimits::default(),
        network: Arc::new(network),
    }
}

fn rig_with(settings: TronSettings, nodes: Vec<RecordedTron>) -> Rig {
    rig_behind(settings, nodes, |net| net)
}

/// As [`rig_with`], with something between the source and the nodes.
fn rig_behind(
    mut settings: TronSettings,
    nodes: Vec<RecordedTron>,
    between: impl FnOnce(Arc<dyn Fetch>) -> Arc<dyn Fetch>,
) -> Rig {
    let nodes: Vec<_> = nodes.into_iter().map(Arc::new).collect();
    let mut net = Net::default();
    for (number, node) in nodes.iter().enumerate() {
        let host = format!("node{number}.example");
        // With a slash at its end and without one: both are written.
        let slash = if number % 2 == 0 { "" } else { "/" };
        settings.providers.push(ProviderSettings {
            url: format!("https://{host}/SECRET-KEY-{number}{slash}"),
            headers: vec![("TRON-PRO-API-KEY".to_owned(), "SECRET-HEADER".to_owned())],
            ws: None,
            requests: None,
        });
        net.nodes.insert(host, Arc::clone(node));
    }
    let clock = Arc::new(SimulatedClock::starting_at(NOW));
    let source = TronSource::new(
        settings,
        between(Arc::new(net)),
        clock.clone(),
        Arc::new(NoChance),
    )
    .unwrap();
    Rig { source, clock, nodes }
}

fn rig(nodes: Vec<RecordedTron>) -> Rig {
    rig_with(settings(), nodes)
}

/// The outcome of a future that waits for nothing but the scripted transport.
fn now<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().unwrap()
}

fn shops() -> WatchSet {
    let mut watched = WatchSet::default();
    for shop in ["shop_a", "shop_b"] {
        watched.insert(&Address::parse(Family::Tron, &base58("addresses", shop)).unwrap());
    }
    watched
}

/// What an error tells, which must be fit for people to see.
fn reasons(refused: &ChainError) -> String {
    let text = refused.to_string();
    for secret in ["SECRET", "://"] {
        assert!(!text.contains(secret), "{text}");
    }
    text
}

/// A transfer in words: block, transaction, position, receiver, currency, amount.
type Told = (u64, String, String, String, String, u128);

fn told(transfers: &[SeenTransfer]) -> Vec<Told> {
    let mut told: Vec<Told> = transfers.iter().map(tell).collect();
    told.sort();
    told
}

fn tell(seen: &SeenTransfer) -> Told {
    let position = match seen.position {
        POSITION_NATIVE => "native".to_owned(),
        position if position >= POSITION_INTERNAL => format!("internal {}", position - POSITION_INTERNAL),
        position => format!("log {position}"),
    };
    (
        seen.block.height,
        seen.txid.to_string(),
        position,
        seen.address.to_string(),
        seen.currency.to_string(),
        seen.amount.get(),
    )
}

/// The credits of the recording in `heights`, and none other.
fn credits(heights: RangeInclusive<u64>) -> Vec<Told> {
    let rows = recorded::EXPECTED["rows"].as_array().unwrap();
    let of = |row: &serde_json::Value| {
        let text = |field: &str| row[field].as_str().unwrap().to_owned();
        let shop = format!("shop_{}", text("shop").to_lowercase());
        let currency = if row["contract"].is_null() { "native" } else { USDT };
        (
            row["block"].as_u64().unwrap(),
            text("txid"),
            text("position"),
            base58("addresses", &shop),
            currency.to_owned(),
            text("amount").parse().unwrap(),
        )
    };
    let mut credits: Vec<Told> = rows
        .iter()
        .filter(|row| row["credited"] == true)
        .map(of)
        .collect();
    credits.retain(|(height, ..)| heights.contains(height));
    credits.sort();
    credits
}

impl Rig {
    fn read(&self, heights: RangeInclusive<u64>) -> Result<Blocks, ChainError> {
        now(self.source.read(heights, &shops()))
    }

    /// Reads all of the recording, so many blocks at a time.
    fn read_all(&self, at_once: u64) -> Result<Blocks, ChainError> {
        let mut all = Blocks::default();
        for start in (FIRST..=LAST).step_by(usize::try_from(at_once).unwrap()) {
            let blocks = self.read(start..=LAST.min(start + at_once - 1))?;
            all.headers.extend(blocks.headers);
            all.transfers.extend(blocks.transfers);
        }
        Ok(all)
    }

    fn agrees(&self, height: u64) -> Result<bool, ChainError> {
        now(self.source.agrees(height, &Branch::recorded().id(height)))
    }

    fn is_final(&self, height: u64) -> Result<bool, ChainError> {
        now(self.source.is_final(height, &Branch::recorded().id(height)))
    }
}
