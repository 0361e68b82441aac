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

/// What lasts, or comes back, is told again after this.
const TOLD_AGAIN_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// Who watches, and what was told.
pub(super) struct Keeper {
    engine: Arc<Engine>,
    notifier: Notifier,
    told: Option<(Hindrance, UnixMillis)>,
}

impl Keeper {
    /// One who has told nothing yet.
    pub(super) fn new(engine: Arc<Engine>, notifier: Notifier) -> Self {
        Self {
            engine,
            notifier,
            told: None,
        }
    }

    /// Watches until `stop`.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        metrics::gauge!("payd_store_writable").set(u8::from(self.engine.database.hindrance().is_none()));
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.engine.clock.sleep(LOOK_EVERY) => {}
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.look() => {}
            }
        }
    }

    async fn look(&mut self) {
        let database = &self.engine.database;
        // The condition says how it went.
        if database.hindrance().is_some_and(Hindrance::may_pass) {
            let _ = database.try_again().await;
        }
        let Some(hindrance) = database.hindrance() else {
            return;
        };
        let now = self.engine.clock.now();
        let is_told =
            |(what, at): (Hindrance, UnixMillis)| what == hindrance && now.since(at) < TOLD_AGAIN_AFTER;
        if self.told.is_some_and(is_told) {
            return;
        }
        self.told = Some((hindrance, now));
        if let Err(error) = self.tell(hindrance, now).await {
            tracing::warn!(%error, "the operator was not told by notice that nothing can be recorded");
        }
    }

    /// Tells by every channel that tells of nodes: those are of whoever looks after the machine.
    async fn tell(&self, hindrance: Hindrance, now: UnixMillis) -> Result<(), StoreError> {
        let found = self.engine.database.read(|txn| {
            let channels = notices::channels(txn)?.into_iter();
            let told = channels
                .filter(|channel| channel.disabled_at.is_none() && channel.topics.contains(&Topic::Provider));
            told.map(|channel| Ok((notices::destination(txn, &channel)?, channel)))
                .collect::<Result<Vec<_>, StoreError>>()
        });
        for (destination, channel) in found.await? {
            let notice = notice(&channel, hindrance, now);
            if let Err(error) = self.notifier.send(&channel, destination, &notice).await {
                tracing::warn!(channel = %channel.id, %error, "a notice that nothing can be recorded was not sent");
            }
        }
        Ok(())
    }
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

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use futures_util::future::BoxFuture;
    use url::Url;

    use super::*;
    use crate::ambient::SystemRandom;
    use crate::domain::ids::ChannelId;
    use crate::domain::notice::{ChannelKind, Destination};
    use crate::engine::stage::Stage;
    use crate::outbox::format::Post;
    use crate::outbox::guard::Guard;
    use crate::outbox::notices::Letters;
    use crate::outbox::notices::mail::Mail;
    use crate::outbox::transport::{Reply, SendError, Transport};
    use crate::web::notices::NoticeWords;

    /// Takes every post.
    #[derive(Default)]
    struct Service(Mutex<Vec<String>>);

    impl Transport for Service {
        fn send(&self, _: Url, post: Post) -> BoxFuture<'_, Result<Reply, SendError>> {
            let body = String::from_utf8_lossy(&post.body).into_owned();
            self.0.lock().unwrap().push(body);
            Box::pin(std::future::ready(Ok(Reply {
                status: 200,
                retry_after: None,
                body: Box::pin(std::future::ready(Vec::new())),
            })))
        }
    }

    struct NoLetters;

    impl Letters for NoLetters {
        fn send(&self, _: Mail) -> BoxFuture<'_, Result<(), String>> {
            Box::pin(std::future::ready(Ok(())))
        }
    }

    async fn limit(stage: &Stage, pages: u32) {
        let sql = format!("PRAGMA max_page_count = {pages}");
        let limited = stage.engine.database.write(move |txn| txn.run_sql(&sql));
        limited.await.unwrap();
    }

    #[tokio::test]
    async fn the_operator_is_told_once_that_the_disk_is_full_and_payd_goes_on_when_it_is_not() {
        let stage = Stage::new();
        let channel = Channel {
            id: ChannelId::new(0),
            kind: ChannelKind::Ntfy,
            name: "mine".to_owned(),
            topics: vec![Topic::Provider],
            shop: None,
            quiet: None,
            language: None,
            created_at: stage.now(),
            disabled_at: None,
        };
        let to = Destination::Ntfy {
            server: "http://127.0.0.1:9".to_owned(),
            topic: "payd".to_owned(),
            token: String::new(),
        };
        let made = stage.engine.database.write(move |txn| {
            let id = notices::insert_channel(txn, &channel, &to, &SystemRandom)?;
            notices::update_channel(txn, &Channel { id, ..channel })
        });
        made.await.unwrap();
        let service = Arc::new(Service::default());
        let notifier = Notifier {
            database: stage.engine.database.clone(),
            clock: Arc::clone(&stage.engine.clock),
            posts: Arc::clone(&service) as Arc<dyn Transport>,
            letters: Arc::new(NoLetters),
            guard: Guard { allow_private: true },
            words: Arc::new(NoticeWords::new(None)),
        };
        let mut keeper = Keeper::new(Arc::clone(&stage.engine), notifier);
        keeper.look().await;
        limit(&stage, 1).await;
        assert!(stage.engine.database.try_again().await.is_err());
        for _ in 0..3 {
            keeper.look().await;
        }
        assert_eq!(stage.engine.database.hindrance(), Some(Hindrance::Full));
        let posts = service.0.lock().unwrap().clone();
        assert_eq!(posts.len(), 1, "{posts:?}");
        assert!(posts[0].contains("the disk is full"), "{posts:?}");
        limit(&stage, 1 << 30).await;
        keeper.look().await;
        assert_eq!(stage.engine.database.hindrance(), None);
        assert_eq!(service.0.lock().unwrap().len(), 1);
    }
}
