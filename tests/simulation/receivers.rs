//! Receivers of webhooks: what each does with a post, what it acknowledged, and what it must not see again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use payd::outbox::format::Post;
use payd::outbox::notices::Letters;
use payd::outbox::notices::mail::Mail;
use payd::outbox::transport::{Reply, SendError, Transport};
use url::Url;

use crate::chance::Chance;
use crate::tally::Tally;

/// Endpoints there are: `r0.example` and so on.
pub const RECEIVERS: usize = 4;

/// What a receiver does for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Well,
    Refuses,
    Hangs,
    Fails,
    Closes,
    /// Answers after everybody has stopped to listen.
    Slow,
    /// Answers with what is no acknowledgement.
    WrongWord,
    Busy(u64),
    /// Wants no more of it.
    Gone,
}

impl Manner {
    pub const UNWELL: &[Self] = &[
        Self::Refuses,
        Self::Hangs,
        Self::Fails,
        Self::Closes,
        Self::Slow,
        Self::WrongWord,
        Self::Busy(2),
        Self::Busy(20),
    ];

    const fn word(self) -> &'static str {
        match self {
            Self::Well => "webhooks well",
            Self::Refuses => "webhooks refused",
            Self::Hangs => "webhooks hung",
            Self::Fails => "webhooks failed",
            Self::Closes => "webhooks closed",
            Self::Slow => "webhooks slow",
            Self::WrongWord => "webhooks wrongly answered",
            Self::Busy(_) => "webhooks put off",
            Self::Gone => "webhooks given up",
        }
    }
}

/// What a receiver knows of one delivery.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    pub posts: u32,
    pub acknowledged: bool,
    pub refused_for_good: bool,
    /// In which life of the daemon it was acknowledged.
    life: u64,
    /// The daemon has written down that it was received.
    pub closed: bool,
    body: Vec<u8>,
}

#[derive(Default)]
pub struct Inbox {
    pub manners: [Option<Manner>; RECEIVERS],
    pub seen: HashMap<i64, Seen>,
    pub life: u64,
    pub faults: Vec<String>,
}

/// All receivers.
#[derive(Clone)]
pub struct Receivers {
    pub inbox: Arc<Mutex<Inbox>>,
    pub chance: Arc<Mutex<Chance>>,
    pub tally: Arc<Mutex<Tally>>,
}

fn delivery_of(post: &Post) -> i64 {
    let id = post.headers.iter().find_map(|(name, value)| match *name {
        "X-PayHook-Delivery-Id" => Some(value.as_str()),
        "webhook-id" => value.rsplit('_').next(),
        _ => None,
    });
    id.and_then(|id| id.parse().ok()).expect("a delivery has an id")
}

impl Inbox {
    fn take(&mut self, delivery: i64, body: &[u8]) {
        let life = self.life;
        let seen = self.seen.entry(delivery).or_default();
        seen.posts += 1;
        if seen.closed || (seen.acknowledged && seen.life == life) {
            self.faults
                .push(format!("delivery {delivery} was acknowledged and is sent anew"));
        } else if !seen.body.is_empty() && seen.body != body {
            self.faults
                .push(format!("delivery {delivery} is sent again with another body"));
        }
        seen.body = body.to_vec();
    }
}

impl Transport for Receivers {
    fn send(&self, url: Url, post: Post) -> BoxFuture<'_, Result<Reply, SendError>> {
        let receiver = usize::from(url.host_str().unwrap().as_bytes()[1] - b'0');
        let delivery = delivery_of(&post);
        let manner = {
            let mut inbox = self.inbox.lock().unwrap();
            let manner = inbox.manners[receiver].unwrap_or(Manner::Well);
            if !matches!(manner, Manner::Refuses) {
                inbox.take(delivery, &post.body);
            } else {
                inbox.seen.entry(delivery).or_default().posts += 1;
            }
            manner
        };
        self.tally.lock().unwrap().count(manner.word());
        let (delay_ms, is_204) = {
            let mut chance = self.chance.lock().unwrap();
            (chance.between(1, 60), chance.permille(100))
        };
        let is_standard = post.headers.iter().any(|(name, _)| *name == "webhook-id");
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(delay_ms)).await;
            let reply = |status, retry_after: Option<u64>| {
                Ok(Reply {
                    status,
                    retry_after: retry_after.map(|seconds| seconds.to_string()),
                    body: Box::pin(async { b"answer".to_vec() }),
                })
            };
            match manner {
                Manner::Well => {
                    let mut inbox = self.inbox.lock().unwrap();
                    let life = inbox.life;
                    let seen = inbox.seen.entry(delivery).or_default();
                    (seen.acknowledged, seen.life) = (true, life);
                    reply(if is_204 { 204 } else { 200 }, None)
                }
                Manner::Refuses => Err(SendError("connection refused".to_owned())),
                Manner::Closes => Err(SendError("connection closed".to_owned())),
                Manner::Hangs => std::future::pending().await,
                Manner::Fails => reply(500, None),
                Manner::Slow => {
                    tokio::time::sleep(Duration::from_secs(30)).await;
                    reply(200, None)
                }
                Manner::WrongWord => reply(302, None),
                Manner::Busy(seconds) => reply(503, Some(seconds)),
                Manner::Gone => {
                    self.inbox
                        .lock()
                        .unwrap()
                        .seen
                        .entry(delivery)
                        .or_default()
                        .refused_for_good = true;
                    reply(if is_standard { 410 } else { 404 }, None)
                }
            }
        })
    }
}

/// Nobody is written to.
pub struct NoLetters;

impl Letters for NoLetters {
    fn send(&self, _: Mail) -> BoxFuture<'_, Result<(), String>> {
        Box::pin(std::future::ready(Err("no mail here".to_owned())))
    }
}
