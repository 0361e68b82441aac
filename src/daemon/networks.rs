//! From settings to chain sources.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::Surroundings;
use crate::chain::evm::{self, EvmSettings, EvmSource};
use crate::chain::providers::CallLimits;
use crate::chain::simulated::{SimulatedSource, Timetable};
use crate::chain::{ChainSource, ProviderReport};
use crate::config::Settings;
use crate::config::settings::{LiveNetwork, ReadMode, Verify};
use crate::domain::network::{Mode, Network};
use crate::domain::time::UnixMillis;
use crate::engine::Engine;
use crate::engine::scan::Pace;
use crate::engine::simulate::StoredLedger;

/// How often a simulated chain is looked at while no test payment is open.
const SIMULATED_IDLE: Duration = Duration::from_secs(5);

/// A network with the way to read it.
pub struct Source {
    /// The network.
    pub network: Arc<Network>,
    /// How it is read.
    pub source: Arc<dyn ChainSource>,
    /// How often.
    pub pace: Pace,
    /// Where reading begins when it never did.
    pub start_height: Option<u64>,
}

/// Every network that the settings ask to be read.
///
/// # Errors
/// When a live network's settings make no source.
pub(super) fn sources(
    settings: &Settings,
    engine: &Engine,
    surroundings: &Surroundings,
    first_shop_at: Option<UnixMillis>,
) -> anyhow::Result<Vec<Source>> {
    let mut sources = live_sources(settings, surroundings)?;
    if settings.simulated.enabled {
        let networks = engine
            .registry
            .networks()
            .filter(|network| network.mode == Mode::Test);
        sources.extend(networks.map(|network| simulated(network, engine, surroundings, first_shop_at)));
    }
    Ok(sources)
}

/// The live networks among them.
///
/// # Errors
/// When a network's settings make no source.
pub fn live_sources(settings: &Settings, surroundings: &Surroundings) -> anyhow::Result<Vec<Source>> {
    settings
        .networks
        .iter()
        .map(|network| live(network, surroundings))
        .collect()
}

/// The source of one live network.
///
/// # Errors
/// When its settings make none.
fn live(live: &LiveNetwork, surroundings: &Surroundings) -> anyhow::Result<Source> {
    let source = EvmSource::new(
        evm_settings(live),
        Arc::clone(&surroundings.nodes),
        Arc::clone(&surroundings.clock),
        Arc::clone(&surroundings.random),
    );
    Ok(Source {
        network: Arc::clone(&live.network),
        source: Arc::new(source.with_context(|| format!("network {}", live.network.id))?),
        pace: Pace {
            active: live.poll,
            idle: live.idle_poll,
        },
        start_height: live.start_height,
    })
}

fn evm_settings(live: &LiveNetwork) -> EvmSettings {
    let providers = live.providers.iter().map(|provider| evm::ProviderSettings {
        url: provider.url().to_string(),
        headers: provider.headers().to_vec(),
    });
    let (mode, range_max) = match live.mode {
        ReadMode::Receipts => (evm::ReadMode::Receipts, 8),
        ReadMode::Logs => (evm::ReadMode::Logs, 20),
    };
    EvmSettings {
        network: Arc::clone(&live.network),
        chain_id: live.chain_id,
        mode,
        verify: match live.verify {
            Verify::Full => evm::Verify::Full,
            Verify::Header => evm::Verify::HeaderOnly,
            Verify::None => evm::Verify::None,
        },
        tokens: live.tokens.clone(),
        native: Some(Arc::clone(&live.native)),
        providers: providers.collect(),
        quorum: live.quorum,
        range_max,
        limits: CallLimits::default(),
    }
}

/// A simulated network. It is read from the time of the first shop on: the command line may have made test payments
/// before the first start.
fn simulated(
    network: &Arc<Network>,
    engine: &Engine,
    surroundings: &Surroundings,
    first_shop_at: Option<UnixMillis>,
) -> Source {
    let ledger = StoredLedger::new(engine.database.clone(), network.id.clone());
    let clock = Arc::clone(&surroundings.clock);
    Source {
        network: Arc::clone(network),
        source: Arc::new(SimulatedSource::new(Arc::clone(network), clock, Box::new(ledger))),
        pace: Pace {
            active: network.block_time,
            idle: SIMULATED_IDLE,
        },
        start_height: first_shop_at.map(|at| Timetable::of(network).height_at(at)),
    }
}

/// Looks at a network's providers once and logs what a person should know.
pub(super) fn spawn_probe(
    tasks: &mut JoinSet<&'static str>,
    network: &Arc<Network>,
    source: &Arc<dyn ChainSource>,
    stop: &CancellationToken,
) {
    let (network, source, stop) = (Arc::clone(network), Arc::clone(source), stop.clone());
    tasks.spawn(async move {
        tokio::select! {
            () = stop.cancelled() => {}
            reports = source.probe() => reports.iter().for_each(|report| log_report(&network, report)),
        }
        // Its work is done; only a stop may end a part of the daemon.
        stop.cancelled().await;
        "a probe"
    });
}

fn log_report(network: &Network, report: &ProviderReport) {
    for fault in &report.faults {
        tracing::error!(network = %network.id, provider = report.host, fault, "provider is not used");
    }
    for remark in &report.remarks {
        tracing::warn!(network = %network.id, provider = report.host, remark, "provider");
    }
    if report.faults.is_empty() {
        tracing::info!(network = %network.id, provider = report.host, height = report.height, "provider answers");
    }
}
