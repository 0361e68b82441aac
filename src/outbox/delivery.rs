//! What the outbox asks of the store: which deliveries are due, what they say, and how each attempt ended.
//!
//! Knows no table. The store's side of it is an adapter; tests keep the rows in memory.

use std::fmt;
use std::time::Duration;

use futures_util::future::BoxFuture;
use zeroize::Zeroizing;

use super::format::Notice;
use crate::domain::ids::{DeliveryId, EndpointId};
use crate::domain::shop::Format;
use crate::domain::time::UnixMillis;

/// Where deliveries are kept. The rows are the truth; every answer may be out of date a moment later.
pub trait DeliveryStore: Send + Sync + 'static {
    /// Pending deliveries to enabled endpoints that are due at `now`: of each endpoint not in `skip` the oldest
    /// `limit.per_endpoint` by due time and id, of at most `limit.endpoints` endpoints.
    fn due<'a>(
        &'a self,
        now: UnixMillis,
        skip: &'a [EndpointId],
        limit: DueLimit,
    ) -> BoxFuture<'a, Result<Vec<Due>, LedgerError>>;

    /// When the first pending delivery to an enabled endpoint falls due after `now`; `None` when there is none.
    fn next_due_after(&self, now: UnixMillis) -> BoxFuture<'_, Result<Option<UnixMillis>, LedgerError>>;

    /// Deliveries with all that is needed to send them, in this order, each for itself: `None` for one that is no longer
    /// pending or whose endpoint is disabled. What is wrong with one is no error of the others.
    fn load<'a>(&'a self, deliveries: &'a [DeliveryId]) -> BoxFuture<'a, Result<Vec<Loaded>, LedgerError>>;

    /// Keeps an attempt and moves its delivery on, in one transaction. A delivery that is no longer pending keeps
    /// its state and only gains the attempt.
    fn record<'a>(&'a self, attempt: &'a Attempt) -> BoxFuture<'a, Result<(), LedgerError>>;

    /// The latest time that the store has written down for an event; tells a clock that was set back while payd
    /// was not running.
    fn latest(&self) -> BoxFuture<'_, Result<Option<UnixMillis>, LedgerError>>;

    /// Makes every pending delivery due `by` earlier: the clock was set back by that much.
    fn shift_earlier(&self, by: Duration) -> BoxFuture<'_, Result<(), LedgerError>>;
}

/// A delivery that was read, or why it was not.
pub type Loaded = Result<Option<Parcel>, LedgerError>;

/// How much [`DeliveryStore::due`] may return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueLimit {
    /// Deliveries of one endpoint.
    pub per_endpoint: usize,
    /// Endpoints.
    pub endpoints: usize,
}

/// A delivery that is to be sent now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The delivery.
    pub delivery: DeliveryId,
    /// Where it goes.
    pub endpoint: EndpointId,
}

/// A delivery with all that is needed to send it.
#[derive(Debug, Clone)]
pub struct Parcel {
    /// Where it goes.
    pub target: Target,
    /// What it tells.
    pub notice: Notice,
    /// Attempts made before.
    pub attempts: u32,
}

/// An endpoint, as far as sending needs it.
#[derive(Clone)]
pub struct Target {
    /// Its row.
    pub endpoint: EndpointId,
    /// Where to post; may hold credentials in its query, so it is never logged.
    pub url: String,
    /// How a post looks.
    pub format: Format,
    /// Its secret, as it was shown to the merchant.
    pub secret: Zeroizing<String>,
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target")
            .field("endpoint", &self.endpoint)
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

/// One attempt, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The delivery.
    pub delivery: DeliveryId,
    /// When it was sent.
    pub at: UnixMillis,
    /// From sending to the reply's status, or to the failure.
    pub latency: Duration,
    /// What came back.
    pub outcome: Outcome,
    /// What becomes of the delivery.
    pub then: Then,
}

/// What came back of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A reply.
    Replied {
        /// The HTTP status.
        status: u16,
        /// The first bytes of the body, at most [`super::transport::REPLY_BYTES_MAX`].
        reply: Vec<u8>,
    },
    /// No reply; a short text without URL or secret.
    Failed(String),
}

/// What becomes of a delivery after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It was received: state `delivered`.
    Delivered,
    /// It is sent again at this time: state `pending`.
    Again(UnixMillis),
    /// It is given up: state `failed`.
    GivenUp,
}

/// The store did not answer as it should.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// It is busy or failing; the same call may succeed later.
    #[error("the store is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The rows of this delivery cannot be read back; others can.
    #[error("the delivery cannot be read: {why}")]
    Unreadable {
        /// What of it.
        why: String,
        /// How often it was tried before.
        attempts: u32,
    },
}
