//! The task that watches over the database: tries again while it cannot be written, and tells the operator by the ways that
//! are set up for notices. They are read from the database and sent at once: nothing can be put down for later.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::domain::ids::NoticeId;
use crate::domain::notice::{Channel, Notice, NoticeState, Topic};
use crate::domain::time::UnixMillis;
use crate::engine::Engine;
use crate::outbox::notices::Notifier;
use crate::store::condition::Hindrance;
use crate::store::{StoreError, notices};

/// How often it is looked, and tried again.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// What lasts is told again after this.
const TOLD_AGAIN_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// Runs until `stop`.
pub(super) async fn run(engine: Arc<Engine>, notifier: Notifier, stop: CancellationToken) {
    metrics::gauge!("payd_store_writable").set(1);
    let mut told: Option<(Hindrance, UnixMillis)> = None;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = engine.clock.sleep(LOOK_EVERY) => {}
        }
        // Whoever waits for it to pass has written nothing meanwhile: so it is tried here. The condition says how it went.
        if engine.database.hindrance().is_some_and(Hindrance::may_pass) {
            let _ = engine.database.try_again().await;
        }
        let Some(hindrance) = engine.database.hindrance() else {
            told = None;
            continue;
        };
        let now = engine.clock.now();
        let is_told = told.is_some_and(|(what, at)| what == hindrance && now.since(at) < TOLD_AGAIN_AFTER);
        if is_told {
            continue;
        }
        told = Some((hindrance, now));
        tokio::select! {
            () = stop.cancelled() => return,
            telling = tell(&engine, &notifier, hindrance, now) => if let Err(error) = telling {
                tracing::warn!(%error, "the operator was not told by notice that nothing can be recorded");
            },
        }
    }
}

/// Tells by every channel that tells of nodes: those are what the operator of the machine looks after.
async fn tell(
    engine: &Engine,
    notifier: &Notifier,
    hindrance: Hindrance,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let found = engine.database.read(|txn| {
        let channels = notices::channels(txn)?.into_iter();
        let told = channels
            .filter(|channel| channel.disabled_at.is_none() && channel.topics.contains(&Topic::Provider));
        told.map(|channel| Ok((notices::destination(txn, &channel)?, channel)))
            .collect::<Result<Vec<_>, StoreError>>()
    });
    for (destination, channel) in found.await? {
        let notice = notice(&channel, hindrance, now);
        if let Err(error) = notifier.send(&channel, destination, &notice).await {
            tracing::warn!(channel = %channel.id, %error, "a notice that nothing can be recorded was not sent");
        }
    }
    Ok(())
}

fn notice(channel: &Channel, hindrance: Hindrance, now: UnixMillis) -> Notice {
    let fact = |name: &str, value: String| (name.to_owned(), value);
    Notice {
        id: NoticeId::new(0),
        channel: channel.id,
        topic: Topic::Provider,
        subject: "database".to_owned(),
        facts: vec![
            fact("network", "payd".to_owned()),
            fact("error", hindrance.to_string()),
        ],
        state: NoticeState::Pending,
        attempts: 0,
        error: None,
        made_at: now,
    }
}
