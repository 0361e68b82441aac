//! Nodes that tell of new blocks by themselves (`eth_subscribe` to `newHeads`): only ever a reason to look sooner.
//!
//! What they tell is not read: a hint that is missing, late, repeated or made up changes nothing but when the chain is
//! looked at.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use serde::de::IgnoredAny;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::ambient::{Clock, Random, random_bytes};
use crate::domain::network::Network;
use crate::net::Endpoint;
use crate::net::websocket::{Socket, SocketError, Sockets};

/// The longest wait for a connection and for the answer to the subscription.
const OPEN_TIMEOUT: Duration = Duration::from_secs(15);
/// Messages are taken no faster than this: somebody who floods us is not read.
const BETWEEN_MESSAGES: Duration = Duration::from_millis(100);

/// Listens to one node at a time, from the first [`Self::next`] on until it is dropped.
pub(super) struct Hints {
    listener: Arc<Listener>,
    listening: Mutex<Option<JoinSet<()>>>,
}

struct Listener {
    network: Arc<Network>,
    endpoints: Vec<Endpoint>,
    sockets: Arc<dyn Sockets>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    new_head: Notify,
}

/// What a node says, as far as it matters.
#[derive(Deserialize)]
struct Told {
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    error: Option<IgnoredAny>,
}

impl Hints {
    pub(super) fn new(
        network: Arc<Network>,
        endpoints: Vec<Endpoint>,
        sockets: Arc<dyn Sockets>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        let listener = Listener {
            network,
            endpoints,
            sockets,
            clock,
            random,
            new_head: Notify::new(),
        };
        Self {
            listener: Arc::new(listener),
            listening: Mutex::default(),
        }
    }

    /// Whether a node takes the subscription, for `payd doctor`.
    ///
    /// # Errors
    /// [`SocketError`] when it cannot be reached or refuses.
    pub(super) async fn try_out(&self, endpoint: &Endpoint) -> Result<(), SocketError> {
        let mut socket = self.listener.subscribed(endpoint).await?;
        // The answer to the subscription, or a block that was faster.
        let answer = self.listener.next_head(&mut *socket);
        self.listener.within(OPEN_TIMEOUT, answer).await.map(drop)
    }

    /// Returns when a block was told of since it last did.
    pub(super) async fn next(&self) {
        if self.listener.endpoints.is_empty() {
            return std::future::pending().await;
        }
        self.listening
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert_with(|| {
                let listener = Arc::clone(&self.listener);
                let mut tasks = JoinSet::new();
                tasks.spawn(async move { listener.listen().await });
                tasks
            });
        self.listener.new_head.notified().await;
    }
}

impl Listener {
    /// Listens to one after the other, for ever.
    async fn listen(&self) {
        let mut failures: u32 = 0;
        for endpoint in self.endpoints.iter().cycle() {
            let (heard, error) = self.follow(endpoint).await;
            failures = if heard { 0 } else { failures.saturating_add(1) };
            let pause = self.pause(failures);
            tracing::debug!(
                network = %self.network.id, provider = endpoint.host(), %error, pause_s = pause.as_secs(),
                "no longer told of new blocks; looked at by the clock meanwhile"
            );
            self.clock.sleep(pause).await;
        }
    }

    /// Listens to one node until that fails. Says whether a block was told of, and why it ended.
    async fn follow(&self, endpoint: &Endpoint) -> (bool, SocketError) {
        let mut socket = match self.subscribed(endpoint).await {
            Ok(socket) => socket,
            Err(error) => return (false, error),
        };
        let mut heard = false;
        loop {
            match self.next_head(&mut *socket).await {
                Ok(true) => {
                    if !heard {
                        tracing::info!(
                            network = %self.network.id, provider = endpoint.host(), "is told of new blocks"
                        );
                    }
                    heard = true;
                    self.new_head.notify_one();
                }
                Ok(false) => {}
                Err(error) => return (heard, error),
            }
            self.clock.sleep(BETWEEN_MESSAGES).await;
        }
    }

    async fn subscribed(&self, endpoint: &Endpoint) -> Result<Box<dyn Socket>, SocketError> {
        let opened = async {
            let mut socket = self.sockets.open(endpoint).await?;
            let subscribe = r#"{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}"#;
            socket.send(subscribe.to_owned()).await?;
            Ok(socket)
        };
        self.within(OPEN_TIMEOUT, opened).await
    }

    /// Whether the next message tells of a block.
    async fn next_head(&self, socket: &mut dyn Socket) -> Result<bool, SocketError> {
        const AT_LEAST: Duration = Duration::from_secs(60);
        // A connection over which no block comes any more may be long dead.
        let silence_max = self.network.block_time.saturating_mul(20).max(AT_LEAST);
        let text = self.within(silence_max, socket.next()).await?;
        let told: Told =
            serde_json::from_str(&text).map_err(|_| SocketError("what it says cannot be read".to_owned()))?;
        if told.error.is_some() {
            return Err(SocketError("it refuses to tell of new blocks".to_owned()));
        }
        Ok(told.method.as_deref() == Some("eth_subscription"))
    }

    async fn within<T>(
        &self,
        span: Duration,
        work: impl Future<Output = Result<T, SocketError>>,
    ) -> Result<T, SocketError> {
        tokio::select! {
            biased;
            done = work => done,
            () = self.clock.sleep(span) => Err(SocketError(format!("silent for {} s", span.as_secs()))),
        }
    }

    /// One second, doubled with each failure in a row up to about five minutes, half of it by chance.
    fn pause(&self, failures: u32) -> Duration {
        const LONGEST: Duration = Duration::from_secs(300);
        let whole = Duration::from_secs(1)
            .saturating_mul(1 << failures.min(9))
            .min(LONGEST);
        let [byte] = random_bytes::<1>(self.random.as_ref()).unwrap_or([u8::MAX]);
        let half = whole.checked_div(2).unwrap_or_default();
        let chance = half
            .saturating_mul(u32::from(byte))
            .checked_div(255)
            .unwrap_or_default();
        half.saturating_add(chance)
    }
}
