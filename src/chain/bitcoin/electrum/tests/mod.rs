//! Electrum servers as the only source, by a chain recorded from a real node and the conversations recorded with real
//! servers.

mod faults;
mod fuzz;
mod reading;
mod recorded;
mod stage;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;

use self::recorded::{Credit, FAMILY, recorded};
use self::stage::{Manners, Stage, Stages};
use super::Electrum;
use crate::ambient::{SimulatedClock, SystemRandom};
use crate::chain::bitcoin::params::Coin;
use crate::chain::bitcoin::{BitcoinSettings, BitcoinSource, ProviderKind, ProviderSettings};
use crate::chain::providers::CallLimits;
use crate::chain::{ChainError, ChainSource, Header, WatchSet};
use crate::domain::asset::{Asset, Currency};
use crate::domain::network::{Mode, Network, NetworkId};
use crate::domain::time::UnixMillis;
use crate::domain::transfer::{BlockRef, SeenTransfer};
use crate::net::lines::Dial;
use crate::net::{Fetch, FetchReply, FetchRequest, TransportError};

/// Just after the recorded chain's last block.
const NOW: UnixMillis = UnixMillis::from_seconds(1_735_768_830);
const SETTLE: Duration = Duration::from_secs(5);

/// A source over some servers, each at a host of its own, and what an engine keeps of what it read.
struct Rig {
    source: BitcoinSource,
    clock: Arc<SimulatedClock>,
    stages: Vec<Arc<Stage>>,
    watched: WatchSet,
    headers: Vec<Header>,
    transfers: BTreeMap<(String, u32), SeenTransfer>,
}

struct NoHttp;

impl Fetch for NoHttp {
    fn fetch<'a>(&'a self, _: FetchRequest<'a>) -> BoxFuture<'a, Result<FetchReply, TransportError>> {
        unreachable!("only Electrum servers are configured")
    }
}

fn rig(manners: &[Manners]) -> Rig {
    rig_behind(manners, |dial| dial)
}

/// As [`rig`], with something between the source and the servers.
fn rig_behind(manners: &[Manners], between: impl FnOnce(Arc<dyn Dial>) -> Arc<dyn Dial>) -> Rig {
    let network = Arc::new(Network {
        id: NetworkId::parse("bitcoin").unwrap(),
        slug: "bitcoin".into(),
        name: "Bitcoin".into(),
        mode: Mode::Live,
        family: FAMILY,
        confirmations: crate::domain::confirmations::Tiers::flat(2),
        final_depth: 10,
        block_time: Duration::from_secs(600),
        timestamp_slack: Duration::from_secs(7200),
    });
    let native = Arc::new(Asset {
        network: network.id.clone(),
        currency: Currency::parse(Currency::NATIVE).unwrap(),
        symbol: "BTC".into(),
        decimals: 8,
        quote_decimals: 8,
        contract: None,
    });
    let stages: Vec<Arc<Stage>> = manners.iter().map(|manners| Stage::new(*manners)).collect();
    let hosts = (0..).map(|number: usize| format!("server{number}.example"));
    let providers = hosts.clone().take(stages.len()).map(|host| ProviderSettings {
        url: format!("ssl://{host}:50002"),
        headers: Vec::new(),
        kind: ProviderKind::Electrum,
        requests: None,
    });
    let settings = BitcoinSettings {
        network,
        native,
        providers: providers.collect(),
        quorum: 2,
        range_max: 50,
        limits: CallLimits::default(),
    };
    let clock = Arc::new(SimulatedClock::starting_at(NOW));
    let dial = between(Arc::new(Stages(hosts.zip(stages.clone()).collect())));
    let electrum = Electrum::new(Coin::Bitcoin, SETTLE, dial, Arc::<SimulatedClock>::clone(&clock));
    let source = BitcoinSource::new(
        settings,
        electrum,
        Arc::new(NoHttp),
        Arc::<SimulatedClock>::clone(&clock),
        Arc::new(SystemRandom),
    );
    let mut watched = WatchSet::default();
    recorded()
        .addresses
        .iter()
        .for_each(|address| watched.insert(address));
    Rig {
        source: source.unwrap(),
        clock,
        stages,
        watched,
        headers: Vec::new(),
        transfers: BTreeMap::new(),
    }
}

impl Rig {
    /// All servers go to a step.
    fn go_to(&self, step: usize) {
        for stage in &self.stages {
            stage.go_to(step);
        }
    }

    /// Lets everything that servers have sent arrive, and then their blocks settle.
    async fn settle(&self) {
        quiet().await;
        self.clock.advance(SETTLE);
    }

    /// Reads up to the tip as the scanner does, back to the common ancestor after a reorganisation.
    async fn follow(&mut self) -> Result<(), ChainError> {
        for _ in 0..1000 {
            let tip = self.source.tip().await?;
            while let Some(last) = self.headers.last() {
                if last.block.height <= tip.height
                    && self.source.header(last.block.height).await?.block.hash == last.block.hash
                {
                    break;
                }
                let gone = self.headers.pop().unwrap();
                self.transfers.retain(|_, seen| seen.block != gone.block);
            }
            let next = self.headers.last().map_or(0, |last| last.block.height + 1);
            if next > tip.height {
                return Ok(());
            }
            let last = tip.height.min(next + self.source.range_max() - 1);
            let read = self.source.read(next..=last, &self.watched).await?;
            for header in read.headers {
                if let Some(below) = self.headers.last() {
                    assert_eq!(header.parent_hash, below.block.hash);
                }
                self.headers.push(header);
            }
            for seen in read.transfers {
                let key = (seen.txid.to_string(), seen.position);
                assert!(
                    self.transfers.insert(key, seen).is_none(),
                    "a transfer was given twice"
                );
            }
        }
        panic!("reading has no end");
    }

    fn credits(&self) -> Vec<Credit> {
        let seen = self.transfers.values();
        let mut credits: Vec<Credit> = seen
            .map(|seen| Credit {
                txid: seen.txid.to_string(),
                position: seen.position,
                address: seen.address.to_string(),
                units: seen.amount.get(),
                block: seen.block.hash.to_string(),
            })
            .collect();
        credits.sort();
        credits
    }

    /// What should have been credited of the blocks that were read.
    fn expected(&self) -> Vec<Credit> {
        let known = |block: &str| self.headers.iter().any(|header| *header.block.hash == *block);
        let mut expected = recorded().credits.clone();
        expected.retain(|credit| known(&credit.block));
        expected.sort();
        expected
    }

    fn at(&self, height: usize) -> &BlockRef {
        &self.headers[height].block
    }
}

/// Everything that can be done without time passing has been done.
async fn quiet() {
    // Time is paused: it moves on only when nobody has anything to do.
    tokio::time::sleep(Duration::from_millis(50)).await;
}
