//! The outbox's way out, lent to the office: test posts, and requests to look at.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::domain::asset::Registry;
use crate::domain::event::EventKind;
use crate::domain::ids::DeliveryId;
use crate::domain::shop::{Endpoint, Format};
use crate::domain::time::UnixMillis;
use crate::engine::office::posts::{Answer, Fired, Posts, PostsError, Request};
use crate::outbox::attempt::Sender;
use crate::outbox::delivery::{Outcome, Target};
use crate::outbox::format::{Sending, Verdict};
use crate::outbox::guard::check_url;
use crate::outbox::ledger::{LoadError, parcel_to_show, signing_secret};
use crate::store::Database;

/// The way out.
pub struct OutboxPosts {
    /// Sends as the outbox does.
    pub sender: Sender,
    /// Where endpoints and deliveries are.
    pub database: Database,
    /// What amounts are told with.
    pub registry: Arc<Registry>,
}

impl OutboxPosts {
    async fn target(&self, endpoint: Endpoint) -> Result<Target, PostsError> {
        let of = endpoint.clone();
        let secret = self
            .database
            .read(move |txn| signing_secret(txn, &of, None))
            .await?;
        Ok(Target {
            endpoint: endpoint.id,
            url: endpoint.url,
            format: endpoint.format,
            secret: secret.ok_or(PostsError::NothingSigns)?,
        })
    }

    async fn fire(&self, endpoint: Endpoint) -> Result<Fired, PostsError> {
        let target = self.target(endpoint).await?;
        let timeout = self.sender.formats.get(target.format).timeout();
        let report = self.sender.test_fire(&target).await;
        Ok(Fired {
            is_received: report.verdict == Verdict::Received,
            answer: match report.outcome {
                Outcome::Replied { status, reply } => Answer::Replied {
                    status,
                    text: String::from_utf8_lossy(&reply).into_owned(),
                },
                Outcome::Failed(_) if report.latency >= timeout => Answer::TooSlow,
                Outcome::Failed(why) => Answer::Failed(why),
            },
            latency: report.latency,
            timeout,
        })
    }

    async fn made_again(&self, id: DeliveryId, at: Vec<UnixMillis>) -> Result<Vec<Request>, PostsError> {
        let registry = Arc::clone(&self.registry);
        let loaded = self
            .database
            .read(move |txn| parcel_to_show(txn, &registry, id))
            .await;
        let parcel = match loaded {
            Ok(Some(parcel)) => parcel,
            Ok(None) => return Ok(Vec::new()),
            Err(LoadError::Store(error)) => return Err(error.into()),
            Err(LoadError::Incomplete(what)) => return Err(PostsError::Incomplete(what)),
        };
        let format = self.sender.formats.get(parcel.target.format);
        let posts = at.into_iter().map(|now| {
            let sending = Sending {
                delivery: id,
                secret: &parcel.target.secret,
                now,
            };
            let post = format.post(&parcel.notice, &sending);
            post.map_err(|error| PostsError::Incomplete(error.to_string()))
        });
        posts
            .map(|post| {
                let post = post?;
                let named = |(name, value): (&str, String)| (name.to_owned(), value);
                Ok(Request {
                    headers: post.headers.into_iter().map(named).collect(),
                    body: post.body,
                })
            })
            .collect()
    }
}

impl Posts for OutboxPosts {
    fn check_url(&self, url: &str) -> Result<(), String> {
        let checked = check_url(url, self.sender.guard.allow_private);
        checked.map(drop).map_err(|refused| refused.to_string())
    }

    fn default_events(&self, format: Format) -> &'static [EventKind] {
        self.sender.formats.get(format).default_events()
    }

    fn test_fire(&self, endpoint: Endpoint) -> BoxFuture<'_, Result<Fired, PostsError>> {
        Box::pin(self.fire(endpoint))
    }

    fn requests(
        &self,
        delivery: DeliveryId,
        at: Vec<UnixMillis>,
    ) -> BoxFuture<'_, Result<Vec<Request>, PostsError>> {
        Box::pin(self.made_again(delivery, at))
    }
}
