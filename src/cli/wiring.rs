//! Where the command line meets the daemon and the engine: how each is made from the settings.

use std::sync::Arc;

use anyhow::Context as _;
use futures_util::future::join_all;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, fmt};

use serde_json::Value;

use super::output::Output;
use super::plain::OneLine;
use super::serve::{DashboardLink, check_clock, first_run, welcome};
use super::session::remember_address;
use crate::ambient::{Clock as _, SystemClock, SystemRandom};
use crate::chain::ProviderReport;
use crate::cli::args::{Globals, ServeOptions};
use crate::cli::session::{Place, Session};
use crate::config::networks_file;
use crate::config::settings::{Log, LogFormat, LogLevel};
use crate::daemon::{self, Lock, Runs, Surroundings};
use crate::engine::Engine;
use crate::engine::gateway::Gateway;
use crate::engine::office::Office;
use crate::engine::office::setup::new_link;
use crate::engine::quote::Rates;
use crate::store::{Database, Options, files};

/// A database up to this size is looked through at the start, which takes a fraction of a second. `payd doctor` looks through
/// any.
const EXAMINED_BYTES_MAX: u64 = 32 << 20;

/// Runs the daemon until it is told to stop.
///
/// # Errors
/// When it cannot start, or a part of it failed.
pub async fn serve(globals: &Globals, options: ServeOptions) -> anyhow::Result<()> {
    let mut place = Place::find(globals)?;
    if let Some(listen) = options.listen {
        place.settings.server.listen = listen;
    }
    if let Some(format) = options.log_format {
        place.settings.log.format = format;
    }
    start_log(&place.settings.log);
    check_clock(SystemClock.now())?;
    place.data_dir.create()?;
    if place.data_dir.is_loose() {
        let directory = place.data_dir.path().display();
        tracing::warn!(%directory, "others may look into the data directory: run `chmod 700` on it");
    }
    take_files_that_cannot_grow()?;
    let store_options = Options {
        examined_bytes_max: EXAMINED_BYTES_MAX,
        ..place.store_options()
    };
    let _lock = Lock::take(place.data_dir.path(), &store_options.path)?;
    files::clear_leftovers(place.data_dir.path());
    networks_file::clear_leftovers(&place.networks.path);
    let database = Database::open(&store_options, &SystemRandom)
        .with_context(|| format!("cannot open {}", store_options.path.display()))?;
    let surroundings = Surroundings::real(&place.settings, Some(&database))?;
    let (clock, random) = (Arc::clone(&surroundings.clock), Arc::clone(&surroundings.random));
    let stop = stop_signal()?;
    let metrics = daemon::install_metrics();
    let files = (place.networks.clone(), place.networks_text.clone());
    let runs = Runs::start(
        place.settings.clone(),
        files,
        database.clone(),
        surroundings,
        metrics,
    );
    let runs = runs.await?;
    let daemon = runs.daemon();
    // Only once nothing else can fail: the key is shown this once, and the next start makes none.
    let first = first_run(&database, &place.settings.defaults, random, clock.now()).await;
    let link = match daemon.dashboard_url() {
        Some(_) => new_link(&database, &SystemRandom, clock.now()).await,
        None => Ok(None),
    };
    drop(database);
    let (first, link) = match first.and_then(|first| Ok((first, link?))) {
        Ok(made) => made,
        Err(error) => {
            runs.stop().await;
            return Err(error).context("cannot make the demo store or the set-up link");
        }
    };
    let dashboard = daemon.dashboard_url().map(|url| DashboardLink {
        url,
        setup_token: link.as_deref(),
    });
    let text = welcome(&place, daemon.address(), dashboard.as_ref(), first.as_ref());
    Output::new(text, Value::Null).print(false);
    if let Err(error) = remember_address(place.data_dir.path(), daemon.address()) {
        tracing::warn!(
            error = format!("{error:#}"),
            "commands show checkout URLs of the configured address"
        );
    }
    tell_service_manager(sd_notify::NotifyState::Ready);
    let shutdown = async {
        stop.await;
        tell_service_manager(sd_notify::NotifyState::Stopping);
    };
    runs.run_until(shutdown).await
}

/// Logs to standard error; what other crates say only from warnings on.
fn start_log(log: &Log) {
    let level = match log.level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    let targets = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("payd", level);
    let is_coloured = log.format == LogFormat::Text && std::io::IsTerminal::is_terminal(&std::io::stderr());
    let lines = fmt::layer().with_writer(move || OneLine::new(std::io::stderr(), is_coloured));
    let lines = match log.format {
        LogFormat::Text => lines.with_ansi(is_coloured).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let started = tracing_subscriber::registry()
        .with(targets)
        .with(lines)
        .try_init();
    if let Err(error) = started {
        eprintln!("warning: no log is written: {error}");
    }
    // A panic's own words may be foreign, too, and belong into the log like all others.
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(ToString::to_string).unwrap_or_default();
        let said = panic.payload_as_str().unwrap_or("no text");
        tracing::error!(at, panic = said, "the code fell over");
    }));
}

/// Has a write beyond a limit on the size of files (`LimitFSIZE=`) fail as one on a full disk does, where the system would
/// end the process: whoever takes the signal reads the error.
fn take_files_that_cannot_grow() -> anyhow::Result<()> {
    const SIGXFSZ: i32 = 25;
    let signals = signal(SignalKind::from_raw(SIGXFSZ)).context("cannot listen for signals")?;
    drop(signals);
    Ok(())
}

/// Returns at Ctrl-C or a service manager's stop. A second one ends the process at once.
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for Ctrl-C")?;
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for the stop signal")?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tokio::spawn(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            eprintln!("stopped at once; what was committed is kept");
            std::process::exit(130);
        });
    })
}

fn tell_service_manager(state: sd_notify::NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::debug!(%error, "no service manager was told");
    }
}

/// The engine over the open database.
///
/// # Errors
/// When it cannot be made.
pub fn gateway(session: &Session) -> anyhow::Result<Gateway> {
    Ok(Gateway::new(Arc::new(engine(session)?)))
}

/// The merchant's door, over the open database.
///
/// # Errors
/// When it cannot be made.
pub fn office(session: &Session) -> anyhow::Result<Office> {
    Ok(Office::new(Arc::new(engine(session)?)))
}

/// The engine over the open database, for commands that go deeper than the gateway.
///
/// # Errors
/// When it cannot be made.
pub fn engine(session: &Session) -> anyhow::Result<Engine> {
    let surroundings = Surroundings::real(&session.settings, None)?;
    let mut engine = Engine::new(
        session.database.clone(),
        Arc::new(session.registry.clone()),
        session.settings.watched(),
        daemon::rates(&session.settings, &surroundings)?,
        Arc::clone(&session.clock),
        Arc::clone(&session.random),
    );
    engine.one_provider_max_cents = session.settings.trust.one_provider_max_usd.saturating_mul(100);
    Ok(engine)
}

/// Asks the providers of every configured live network: the network's name and a report per provider.
///
/// # Errors
/// When a network's settings make no source.
pub async fn probe(place: &Place) -> anyhow::Result<Vec<(String, Vec<ProviderReport>)>> {
    let surroundings = Surroundings::real(&place.settings, None)?;
    let sources = daemon::live_sources(&place.settings, &surroundings)?;
    let probes = sources
        .iter()
        .map(|live| async { (live.network.id.to_string(), live.source.probe().await) });
    Ok(join_all(probes).await)
}

/// The exchange rates as the daemon would have them, with nothing asked yet.
///
/// # Errors
/// When a source of the merchant's own has no address.
pub fn rates(place: &Place) -> anyhow::Result<Rates> {
    let surroundings = Surroundings::real(&place.settings, None)?;
    daemon::rates(&place.settings, &surroundings)
}
