//! From settings to chain sources.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::Surroundings;
use crate::chain::bitcoin::electrum::Electrum;
use crate::chain::bitcoin::params::Coin;
use crate::chain::bitcoin::{self, BitcoinSettings, BitcoinSource};
use crate::chain::evm::{self, EvmSettings, EvmSource};
use crate::chain::providers::{CallLimits, ProviderSettings, RequestRate};
use crate::chain::simulated::{SimulatedSource, Timetable};
use crate::chain::tron::{self, Finality, TronSettings, TronSource};
use crate::chain::{ChainSource, ProviderReport};
use crate::config::Settings;
use crate::config::settings::{
    self, LiveNetwork, Provider, ProviderKind, ReadMode, Reading, TronChain, Verify,
};
use crate::domain::network::{Family, Mode, Network};
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
pub(super) fn live(live: &LiveNetwork, surroundings: &Surroundings) -> anyhow::Result<Source> {
    let source: Arc<dyn ChainSource> = match live.reading {
        Reading::Evm {
            chain_id,
            mode,
            verify,
            finality,
        } => Arc::new(evm(live, (chain_id, mode, verify, finality), surroundings)?),
        Reading::Tron { chain } => Arc::new(tron(live, chain, surroundings)?),
        Reading::BitcoinLike => Arc::new(bitcoin_like(live, surroundings)?),
    };
    Ok(Source {
        network: Arc::clone(&live.network),
        source,
        pace: Pace {
            active: live.poll,
            idle: live.idle_poll,
        },
        start_height: live.start_height,
    })
}

fn evm(
    live: &LiveNetwork,
    (chain_id, mode, verify, finality): (u64, ReadMode, Verify, settings::Finality),
    surroundings: &Surroundings,
) -> anyhow::Result<EvmSource> {
    let (mode, range_max) = match mode {
        ReadMode::Receipts => (evm::ReadMode::Receipts, 8),
        ReadMode::Logs => (evm::ReadMode::Logs, 20),
    };
    let settings = EvmSettings {
        network: Arc::clone(&live.network),
        chain_id,
        mode,
        verify: match verify {
            Verify::Full => evm::Verify::Full,
            Verify::Header => evm::Verify::HeaderOnly,
            Verify::None => evm::Verify::None,
        },
        finality: match finality {
            settings::Finality::Confirmations => evm::Finality::Confirmations,
            settings::Finality::Finalized => evm::Finality::Finalized,
        },
        tokens: live.tokens.clone(),
        native: Some(Arc::clone(&live.native)),
        providers: live.providers.iter().map(provider).collect(),
        quorum: live.quorum,
        range_max,
        limits: CallLimits::default(),
    };
    EvmSource::new(
        settings,
        Arc::clone(&surroundings.nodes),
        Arc::clone(&surroundings.clock),
        Arc::clone(&surroundings.random),
    )
    .map(|source| source.woken_over(Arc::clone(&surroundings.sockets)))
    .with_context(|| format!("network {}", live.network.id))
}

fn provider(provider: &Provider) -> ProviderSettings {
    ProviderSettings {
        url: provider.url().to_string(),
        headers: provider.headers().to_vec(),
        ws: provider.ws().map(ToString::to_string),
        requests: requests(provider),
    }
}

fn requests(provider: &Provider) -> Option<RequestRate> {
    let per_second = provider.requests_per_second()?;
    Some(RequestRate::AtMost {
        per_second,
        burst: per_second.saturating_mul(2),
    })
}

fn bitcoin_like(live: &LiveNetwork, surroundings: &Surroundings) -> anyhow::Result<BitcoinSource> {
    let providers = live.providers.iter().map(|of| bitcoin::ProviderSettings {
        url: of.url().to_string(),
        headers: of.headers().to_vec(),
        kind: match of.kind() {
            ProviderKind::Node => bitcoin::ProviderKind::Node,
            ProviderKind::Esplora => bitcoin::ProviderKind::Esplora,
            ProviderKind::Electrum => bitcoin::ProviderKind::Electrum,
        },
        requests: requests(of),
    });
    let coin = match live.network.family {
        Family::Litecoin(_) => Coin::Litecoin,
        // The source refuses the others.
        Family::Bitcoin(_) | Family::Evm { .. } | Family::Tron => Coin::Bitcoin,
    };
    let electrum = Electrum::new(
        coin,
        Electrum::settle_for(live.network.block_time),
        Arc::clone(&surroundings.lines),
        Arc::clone(&surroundings.clock),
    );
    let settings = BitcoinSettings {
        network: Arc::clone(&live.network),
        native: Arc::clone(&live.native),
        providers: providers.collect(),
        quorum: live.quorum,
        range_max: 4,
        limits: CallLimits::default(),
    };
    BitcoinSource::new(
        settings,
        electrum,
        Arc::clone(&surroundings.nodes),
        Arc::clone(&surroundings.clock),
        Arc::clone(&surroundings.random),
    )
    .with_context(|| format!("network {}", live.network.id))
}

fn tron(live: &LiveNetwork, chain: TronChain, surroundings: &Surroundings) -> anyhow::Result<TronSource> {
    let settings = TronSettings {
        network: Arc::clone(&live.network),
        chain: match chain {
            TronChain::Mainnet => tron::TronChain::Mainnet,
            TronChain::Nile => tron::TronChain::Nile,
            TronChain::Shasta => tron::TronChain::Shasta,
            TronChain::Private => tron::TronChain::Private { genesis: None },
        },
        finality: Finality::Solid,
        native: Some(Arc::clone(&live.native)),
        tokens: live.tokens.clone(),
        providers: live.providers.iter().map(provider).collect(),
        quorum: live.quorum,
        range_max: 20,
        limits: CallLimits::default(),
    };
    TronSource::new(
        settings,
        Arc::clone(&surroundings.nodes),
        Arc::clone(&surroundings.clock),
        Arc::clone(&surroundings.random),
    )
    .with_context(|| format!("network {}", live.network.id))
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
