//! One attempt: make the post, check where it goes, send it, wait as long as the format says, judge the reply and
//! say what becomes of the delivery. Knows no row and no loop.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::time::Instant;
use url::Url;

use super::delivery::{Attempt, Outcome, Parcel, Target, Then};
use super::format::{Formats, Post, PostError, Sending, Verdict, WebhookFormat};
use super::guard::{Guard, check_url};
use super::schedule::wait_after;
use super::transport::{REPLY_BYTES_MAX, Transport};
use crate::ambient::{Clock, Random};
use crate::domain::ids::{DeliveryId, EndpointId};
use crate::domain::time::UnixMillis;
use crate::net::retry_after;

/// How long the first bytes of a reply's body may take after its status, which alone decides.
const REPLY_TIMEOUT: Duration = Duration::from_secs(2);

/// Makes attempts. Cheap to clone.
#[derive(Clone)]
pub struct Sender {
    /// Times the attempts.
    pub clock: Arc<dyn Clock>,
    /// Spreads the retries.
    pub random: Arc<dyn Random>,
    /// Carries the posts.
    pub transport: Arc<dyn Transport>,
    /// Makes and judges them.
    pub formats: Formats,
    /// Where they may go; the transport's resolver has to have the same.
    pub guard: Guard,
}

/// What came of a test post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestReport {
    /// Reply or failure.
    pub outcome: Outcome,
    /// What the format makes of it.
    pub verdict: Verdict,
    /// From sending to the reply's status, or to the failure.
    pub latency: Duration,
}

/// An answer, or none, with what the format makes of it.
struct Fired {
    outcome: Outcome,
    verdict: Verdict,
    retry_after: Option<Duration>,
    latency: Duration,
}

impl Sender {
    /// Sends a parcel once. Whatever goes wrong is part of the attempt.
    pub async fn attempt(&self, delivery: DeliveryId, parcel: &Parcel) -> Attempt {
        let at = self.clock.now();
        let format = self.formats.get(parcel.target.format);
        let sending = sending(delivery, &parcel.target, at);
        // A defect met by one payment must neither end the daemon nor be retried without a wait.
        let fired = AssertUnwindSafe(async {
            let post = format.post(&parcel.notice, &sending);
            self.fire(&parcel.target, format, post).await
        });
        let fired = fired
            .catch_unwind()
            .await
            .unwrap_or_else(|_| Fired::failed("internal error"));
        let then = self.then(parcel.attempts, format, &fired);
        log(delivery, &parcel.target, &fired, then);
        Attempt {
            delivery,
            at,
            latency: fired.latency,
            outcome: fired.outcome,
            then,
        }
    }

    /// The attempt for a delivery whose rows cannot be read, after `attempts_before`: none was sent. It is tried again for
    /// about a day, in which a person can put it right; then it is given up, as one that the shop never took.
    pub fn unreadable(&self, delivery: DeliveryId, attempts_before: u32, why: &str) -> Attempt {
        let now = self.clock.now();
        let attempts = attempts_before.saturating_add(1);
        let wait = wait_after(attempts, UNREADABLE_WAITS, None, &*self.random);
        if wait.is_none() {
            tracing::error!(
                %delivery, why,
                "a webhook delivery could not be read for long and is given up; the shop was not told: replay it once it is mended"
            );
        }
        Attempt {
            delivery,
            at: now,
            latency: Duration::ZERO,
            outcome: Outcome::Failed(format!("not sent: {why}")),
            then: wait.map_or(Then::GivenUp, |wait| Then::Again(now.plus(wait))),
        }
    }

    /// Sends a signed test post, about no payment and kept nowhere, and tells what came back.
    pub async fn test_fire(&self, target: &Target) -> TestReport {
        let format = self.formats.get(target.format);
        let post = format.test_post(&sending(DeliveryId::new(0), target, self.clock.now()));
        let fired = self.fire(target, format, post).await;
        TestReport {
            outcome: fired.outcome,
            verdict: fired.verdict,
            latency: fired.latency,
        }
    }

    fn then(&self, attempts_before: u32, format: &dyn WebhookFormat, fired: &Fired) -> Then {
        let attempts = attempts_before.saturating_add(1);
        match fired.verdict {
            Verdict::Received => Then::Delivered,
            Verdict::GiveUp => Then::GivenUp,
            Verdict::Retry => match wait_after(attempts, format.waits(), fired.retry_after, &*self.random) {
                Some(wait) => Then::Again(self.clock.now().plus(wait)),
                None => Then::GivenUp,
            },
        }
    }

    async fn fire(
        &self,
        target: &Target,
        format: &dyn WebhookFormat,
        post: Result<Post, PostError>,
    ) -> Fired {
        let post = match post {
            Ok(post) => post,
            Err(error) => return Fired::failed(&format!("not sent: {error}")),
        };
        let url = match check_url(&target.url, self.guard.allow_private) {
            Ok(url) => url,
            Err(refused) => return Fired::failed(&format!("not sent: {refused}")),
        };
        self.exchange(url, post, format).await
    }

    async fn exchange(&self, url: Url, post: Post, format: &dyn WebhookFormat) -> Fired {
        let started = Instant::now();
        let reply = tokio::select! {
            biased;
            reply = self.transport.send(url, post) => reply,
            () = self.clock.sleep(format.timeout()) => {
                let why = format!("no reply within {} s", format.timeout().as_secs());
                return Fired { latency: started.elapsed(), ..Fired::failed(&why) };
            }
        };
        let latency = started.elapsed();
        let reply = match reply {
            Ok(reply) => reply,
            Err(error) => {
                return Fired {
                    latency,
                    ..Fired::failed(&error.0)
                };
            }
        };
        let mut body = tokio::select! {
            biased;
            body = reply.body => body,
            () = self.clock.sleep(REPLY_TIMEOUT) => Vec::new(),
        };
        body.truncate(REPLY_BYTES_MAX);
        let asked = matches!(reply.status, 429 | 503)
            .then_some(reply.retry_after)
            .flatten();
        Fired {
            verdict: format.verdict(reply.status),
            retry_after: asked.and_then(|value| retry_after::read(&value, self.clock.now())),
            outcome: Outcome::Replied {
                status: reply.status,
                reply: body,
            },
            latency,
        }
    }
}

/// The waits before rows that could not be read are tried again; a person has to look at them.
const UNREADABLE_WAITS: &[Duration] = &[
    Duration::from_secs(15 * 60),
    Duration::from_secs(60 * 60),
    Duration::from_secs(4 * 60 * 60),
    Duration::from_secs(8 * 60 * 60),
    Duration::from_secs(12 * 60 * 60),
];

impl Fired {
    fn failed(why: &str) -> Self {
        Self {
            outcome: Outcome::Failed(why.to_owned()),
            verdict: Verdict::Retry,
            retry_after: None,
            latency: Duration::ZERO,
        }
    }
}

fn sending(delivery: DeliveryId, target: &Target, now: UnixMillis) -> Sending<'_> {
    Sending {
        delivery,
        secret: &target.secret,
        now,
    }
}

fn log(delivery: DeliveryId, target: &Target, fired: &Fired, then: Then) {
    let endpoint: EndpointId = target.endpoint;
    let host = Url::parse(&target.url)
        .ok()
        .and_then(|url| Some(url.host_str()?.to_owned()))
        .unwrap_or_default();
    let why = match &fired.outcome {
        Outcome::Replied { status, .. } => format!("status {status}"),
        Outcome::Failed(why) => why.clone(),
    };
    match then {
        Then::Delivered => tracing::debug!(%delivery, %endpoint, host, "webhook received"),
        Then::Again(_) => tracing::info!(%delivery, %endpoint, host, why, "webhook failed; will retry"),
        Then::GivenUp => tracing::warn!(%delivery, %endpoint, host, why, "webhook given up"),
    }
}
