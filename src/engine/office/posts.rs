//! What the office asks of the way out to endpoints. The outbox is behind it, put there by the daemon: a test post takes the
//! same way as a delivery, past the same guard.

use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::domain::event::EventKind;
use crate::domain::ids::DeliveryId;
use crate::domain::shop::{Endpoint, Format};
use crate::domain::time::UnixMillis;
use crate::store::StoreError;

/// The way out to webhook endpoints.
pub trait Posts: Send + Sync + 'static {
    /// Whether anything may be posted to this URL.
    ///
    /// # Errors
    /// A text that says why not and does not repeat the URL, which may hold a password.
    fn check_url(&self, url: &str) -> Result<(), String>;

    /// What an endpoint of a format is told of unless it is said otherwise.
    fn default_events(&self, format: Format) -> &'static [EventKind];

    /// Sends a post that is marked as a test and about no payment, signed like all others, within the format's time.
    fn test_fire(&self, endpoint: Endpoint) -> BoxFuture<'_, Result<Fired, PostsError>>;

    /// The posts of a delivery as they were made at these times, signed with today's secret.
    fn requests(
        &self,
        delivery: DeliveryId,
        at: Vec<UnixMillis>,
    ) -> BoxFuture<'_, Result<Vec<Request>, PostsError>>;
}

/// What came of a test post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fired {
    /// Whether a delivery would count as received.
    pub is_received: bool,
    /// What came back.
    pub answer: Answer,
    /// From sending to the reply's status, or to the failure.
    pub latency: Duration,
    /// How long the format lets an endpoint take.
    pub timeout: Duration,
}

/// What came back of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A reply.
    Replied {
        /// The HTTP status.
        status: u16,
        /// The first bytes of the body, as text.
        text: String,
    },
    /// None within the format's time.
    TooSlow,
    /// None; a short text without URL or secret.
    Failed(String),
}

/// A post, as it goes over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Header names and values, but for those of the connection.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// Why there is no post at all.
#[derive(Debug, thiserror::Error)]
pub enum PostsError {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What signs is missing.
    #[error(
        "its posts are signed with the secret of an API key, and the store has none: make one with `payd key add`"
    )]
    NothingSigns,
    /// Something of what a post is made of is not there; which.
    #[error("{0} is missing")]
    Incomplete(String),
    /// There is no way out here.
    #[error("webhooks are not sent from here")]
    NoWay,
}

/// No way out: for engines that nobody is told by.
pub struct NoPosts;

impl Posts for NoPosts {
    fn check_url(&self, _: &str) -> Result<(), String> {
        Ok(())
    }

    fn default_events(&self, _: Format) -> &'static [EventKind] {
        &[EventKind::Confirmed]
    }

    fn test_fire(&self, _: Endpoint) -> BoxFuture<'_, Result<Fired, PostsError>> {
        Box::pin(async { Err(PostsError::NoWay) })
    }

    fn requests(&self, _: DeliveryId, _: Vec<UnixMillis>) -> BoxFuture<'_, Result<Vec<Request>, PostsError>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}
