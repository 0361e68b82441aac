//! Once a day, what is older than it is to be kept is removed.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::config::settings;
use crate::engine::Engine;
use crate::engine::retention::{Pruned, Retention};

/// How long after the start it is done first: who restarts often is not to wait for it each time.
const FIRST_AFTER: Duration = Duration::from_secs(10 * 60);
const EVERY: Duration = Duration::from_secs(24 * 60 * 60);
/// Nobody waits for it, so that payments hardly notice it.
const PAUSE: Duration = Duration::from_millis(100);

/// Removes what is old until it is told to stop.
pub(super) async fn run(engine: Arc<Engine>, kept: settings::Retention, stop: CancellationToken) {
    let retention = Retention {
        attempts: kept.attempts,
        deliveries: kept.deliveries,
        events: kept.events,
    };
    let mut pause = FIRST_AFTER;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = engine.clock.sleep(pause) => {}
        }
        // What is half done when payd stops is done the next time.
        tokio::select! {
            () = stop.cancelled() => return,
            pruned = engine.forget_old(retention, PAUSE) => match pruned {
                Ok(pruned) => tell(&pruned),
                Err(error) => tracing::warn!(%error, "what is old was not all removed; will retry tomorrow"),
            }
        }
        pause = EVERY;
    }
}

fn tell(pruned: &[Pruned]) {
    for Pruned { kind, rows, bytes } in pruned.iter().filter(|pruned| pruned.rows > 0) {
        tracing::info!(%kind, rows, bytes, "removed what is older than it is to be kept");
    }
}
