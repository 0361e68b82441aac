//! The task that tells the merchant: makes notices of what was recorded, and sends them.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::engine::Engine;
use crate::outbox::notices::Notifier;
use crate::store::notices;

/// How often it is looked for something to tell, besides when something happens.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// How often it is looked what goes on; and not before payd had time to see.
const STATE_EVERY: u32 = 120;

/// How long notices that are over are kept.
const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Rows that are forgotten at a time.
const FORGET_BATCH: u32 = 500;

/// Runs until `stop`.
pub(super) async fn run(engine: Arc<Engine>, notifier: Notifier, stop: CancellationToken) {
    let mut rounds: u32 = 0;
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = engine.clock.sleep(LOOK_EVERY) => {}
            () = engine.notices.notified() => {}
        }
        rounds = rounds.wrapping_add(1);
        let round = async {
            engine.make_notices().await?;
            if rounds.is_multiple_of(STATE_EVERY) {
                engine.make_notices_of_state().await?;
                let before = engine.clock.now().minus(KEPT);
                let forget =
                    move |txn: &crate::store::Txn<'_>| notices::forget_before(txn, before, FORGET_BATCH);
                engine.database.write(forget).await?;
            }
            notifier.send_due().await
        };
        let done = tokio::select! {
            biased;
            () = stop.cancelled() => return,
            done = round => done,
        };
        if let Err(error) = done {
            tracing::warn!(%error, "the merchant was not told of what happened; will retry");
        }
    }
}
