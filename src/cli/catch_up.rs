//! `payd catch-up`: reads live networks up to their tips and stops, so that a shop opens after an outage with nothing
//! left to be found. Never runs beside a daemon.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::json;

use super::args::CatchUpOptions;
use super::output::Output;
use super::session::Session;
use super::{progress, wiring};
use crate::daemon::{self, Lock, Source, Surroundings};
use crate::engine::Engine;
use crate::engine::scan::{Progress, Scanner};

/// Failures in a row after which it gives up.
const FAILURES_MAX: u32 = 5;
/// The pause after a failure.
const PAUSE: Duration = Duration::from_secs(3);

/// Runs the command.
///
/// # Errors
/// When a daemon runs, there is no such network, or a chain cannot be read.
pub async fn run(session: &Session, options: &CatchUpOptions, as_json: bool) -> anyhow::Result<Output> {
    let _lock = Lock::take(session.data_dir.path(), &session.data_dir.database())
        .context("a running daemon catches up by itself; `payd doctor` says how far it is")?;
    let surroundings = Surroundings::real(&session.settings, Some(&session.database))?;
    let mut sources = daemon::live_sources(&session.settings, &surroundings)?;
    if let Some(word) = &options.network {
        let network = session.live_network(word)?;
        sources.retain(|source| source.network.id == network.id);
    }
    if sources.is_empty() {
        bail!("no live network to read: one is read once it has providers in the configuration");
    }
    let engine = Arc::new(wiring::engine(session)?);
    let (mut lines, mut networks) = (Vec::new(), Vec::new());
    for source in sources {
        let slug = Arc::clone(&source.network.slug);
        let height = to_the_tip(&engine, source, as_json).await?;
        lines.push(format!("{slug}: read up to block {height}"));
        networks.push(json!({ "network": &*slug, "height": height }));
    }
    Ok(Output::new(lines.join("\n"), json!({ "networks": networks })))
}

/// Reads one network to its tip; gives back its height.
async fn to_the_tip(engine: &Arc<Engine>, source: Source, as_json: bool) -> anyhow::Result<u64> {
    let network = Arc::clone(&source.network);
    let bar = progress::bar(0, &network.slug, as_json);
    let (mut failures, mut began_at) = (0_u32, None);
    let mut scanner = Scanner::new(
        Arc::clone(engine),
        source.network,
        source.source,
        source.pace,
        source.start_height,
    );
    loop {
        let round = scanner.round().await;
        let health = engine.health.snapshot().remove(&network.id);
        if let Some(health) = health.filter(|_| round.is_ok()) {
            let begin = *began_at.get_or_insert(health.cursor);
            bar.set_length(health.tip.saturating_sub(begin));
            bar.set_position(health.cursor.saturating_sub(begin));
            if matches!(round, Ok(Progress::CaughtUp)) {
                bar.finish_and_clear();
                return Ok(health.cursor);
            }
        }
        match round {
            Ok(_) => failures = 0,
            Err(error) => {
                failures = failures.saturating_add(1);
                if failures >= FAILURES_MAX {
                    bar.finish_and_clear();
                    return Err(error).with_context(|| format!("{} could not be read", network.slug));
                }
                tracing::warn!(network = %network.id, %error, "not read; will retry");
                engine.clock.sleep(PAUSE).await;
            }
        }
    }
}
