//! The loop that sends what is due. It pulls at its own pace: a new delivery and the clock only wake it, the rows
//! say what is to be done. What it remembers keeps this process from sending a delivery twice at once, no more;
//! after a crash the rows are as they were and every delivery goes out again under the id it had.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::{Id, JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use super::attempt::Sender;
use super::delivery::{Attempt, DeliveryStore, Due, DueLimit, LedgerError};
use crate::domain::ids::{DeliveryId, EndpointId};
use crate::domain::time::UnixMillis;

/// How much is sent at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// To one endpoint.
    pub per_endpoint: usize,
    /// To all endpoints, beside the first to each: that one always has its place, so that endpoints which hang
    /// never keep the others waiting.
    pub shared: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            per_endpoint: 4,
            shared: 64,
        }
    }
}

/// The most endpoints that are sent to at once.
const ENDPOINTS_MAX: usize = 1024;
/// The longest the loop sleeps, whatever the store says: the command line adds deliveries without waking it, and
/// clocks can jump.
const SLEEP_MAX: Duration = Duration::from_secs(1);
/// The pause after the store failed.
const STORE_PAUSE: Duration = Duration::from_secs(2);
/// The longest pause between two tries to record an attempt.
const RECORD_PAUSE_MAX: Duration = Duration::from_secs(60);
/// A clock that goes back by less only delays.
const JUMP_MIN: Duration = Duration::from_secs(60);
/// How long sends under way may take to end after the stop: the longest of the formats' timeouts and some.
const STOP_WAIT: Duration = Duration::from_secs(20);

/// Delivers webhooks until it is stopped.
pub struct Outbox {
    store: Arc<dyn DeliveryStore>,
    sender: Sender,
    wake: Arc<Notify>,
    limits: Limits,
}

impl Outbox {
    /// An outbox over `store`; `wake` is notified after each commit that made a delivery.
    #[must_use]
    pub fn new(store: Arc<dyn DeliveryStore>, sender: Sender, wake: Arc<Notify>, limits: Limits) -> Self {
        Self {
            store,
            sender,
            wake,
            limits,
        }
    }

    /// Sends what is due until `stop`, then waits for what is under way, within a bound.
    pub async fn run(self, stop: CancellationToken) {
        let mut flights = Flights::default();
        let mut clock_seen = None;
        while !stop.is_cancelled() {
            let pause = match self.send_due(&mut flights, &mut clock_seen, &stop).await {
                Ok(pause) => pause,
                Err(error) => {
                    tracing::warn!(%error, "cannot read what is due; will retry");
                    STORE_PAUSE
                }
            };
            tokio::select! {
                biased;
                () = stop.cancelled() => {}
                () = self.wake.notified() => {}
                () = flights.landed() => {}
                () = self.sender.clock.sleep(pause) => {}
            }
        }
        tokio::select! {
            biased;
            () = flights.all_landed() => {}
            () = self.sender.clock.sleep(STOP_WAIT) => {
                tracing::warn!(left = flights.tasks.len(), "webhooks under way were cut off; they stay due");
            }
        }
    }

    /// Starts all sends that are due and have a place; returns how long nothing more falls due.
    async fn send_due(
        &self,
        flights: &mut Flights,
        clock_seen: &mut Option<UnixMillis>,
        stop: &CancellationToken,
    ) -> Result<Duration, LedgerError> {
        let now = self.sender.clock.now();
        self.follow_clock(clock_seen, now).await?;
        let full = flights.full(self.limits.per_endpoint);
        // As many rows as an endpoint has places: at most the taken ones among them are under way already.
        let limit = DueLimit {
            per_endpoint: self.limits.per_endpoint,
            endpoints: ENDPOINTS_MAX,
        };
        for due in self.store.due(now, &full, limit).await? {
            if flights.has_place(due, self.limits) {
                let delivering = deliver(
                    Arc::clone(&self.store),
                    self.sender.clone(),
                    due.delivery,
                    stop.clone(),
                );
                flights.start(due, delivering);
            }
        }
        // What is due and found no place is taken when a send ends, which wakes the loop.
        let next = self.store.next_due_after(now).await?;
        Ok(next.map_or(SLEEP_MAX, |next| next.since(now).min(SLEEP_MAX)))
    }

    /// Moves the due times along when the clock was set back, so that nothing waits for the old time to return.
    async fn follow_clock(&self, seen: &mut Option<UnixMillis>, now: UnixMillis) -> Result<(), LedgerError> {
        let before = match *seen {
            Some(before) => before,
            None => self.store.latest().await?.unwrap_or(now),
        };
        let back = before.since(now);
        if back >= JUMP_MIN {
            tracing::warn!(
                seconds = back.as_secs(),
                "the clock was set back; webhook retries follow it"
            );
            self.store.shift_earlier(back).await?;
        }
        *seen = Some(now);
        Ok(())
    }
}

/// Sends one delivery once and keeps how it went. Until then its place stays taken.
async fn deliver(
    store: Arc<dyn DeliveryStore>,
    sender: Sender,
    delivery: DeliveryId,
    stop: CancellationToken,
) {
    let attempt = match store.load(delivery).await {
        Ok(Some(parcel)) if !stop.is_cancelled() => sender.attempt(delivery, &parcel).await,
        Ok(_) => return,
        Err(LedgerError::Unreadable(why)) => {
            tracing::error!(%delivery, why, "a webhook delivery cannot be read; it needs a person");
            sender.unreadable(delivery, &why)
        }
        Err(error @ LedgerError::Unavailable(_)) => {
            tracing::warn!(%delivery, %error, "cannot load a webhook delivery; will retry");
            pause(&sender, &stop).await;
            return;
        }
    };
    record(&*store, &sender, &attempt, &stop).await;
}

/// Keeps an attempt. While the store will not take it, its delivery keeps its place and is not sent again: a full disk
/// must not have a shop told the same every few seconds.
async fn record(store: &dyn DeliveryStore, sender: &Sender, attempt: &Attempt, stop: &CancellationToken) {
    let mut wait = STORE_PAUSE;
    while let Err(error) = store.record(attempt).await {
        let delivery = attempt.delivery;
        tracing::error!(%delivery, %error, "cannot record a webhook attempt; will retry");
        if stop.is_cancelled() {
            // It is sent once more after the next start: better twice than never.
            return;
        }
        tokio::select! {
            biased;
            () = stop.cancelled() => {}
            () = sender.clock.sleep(wait) => {}
        }
        wait = wait.saturating_mul(2).min(RECORD_PAUSE_MAX);
    }
}

async fn pause(sender: &Sender, stop: &CancellationToken) {
    tokio::select! {
        biased;
        () = stop.cancelled() => {}
        () = sender.clock.sleep(STORE_PAUSE) => {}
    }
}

/// The sends under way in this process.
#[derive(Default)]
struct Flights {
    tasks: JoinSet<()>,
    by_task: HashMap<Id, Due>,
    by_delivery: HashSet<DeliveryId>,
    by_endpoint: HashMap<EndpointId, usize>,
}

impl Flights {
    fn start(&mut self, due: Due, delivering: impl Future<Output = ()> + Send + 'static) {
        let task = self.tasks.spawn(delivering).id();
        self.by_task.insert(task, due);
        self.by_delivery.insert(due.delivery);
        let count = self.by_endpoint.entry(due.endpoint).or_default();
        *count = count.saturating_add(1);
    }

    /// Whether `due` may be started now.
    fn has_place(&self, due: Due, limits: Limits) -> bool {
        let of_endpoint = self.by_endpoint.get(&due.endpoint).copied().unwrap_or(0);
        let shared = self.tasks.len().saturating_sub(self.by_endpoint.len());
        !self.by_delivery.contains(&due.delivery)
            && of_endpoint < limits.per_endpoint
            && match of_endpoint {
                0 => self.by_endpoint.len() < ENDPOINTS_MAX,
                _ => shared < limits.shared,
            }
    }

    /// The endpoints that have all the sends they may have.
    fn full(&self, per_endpoint: usize) -> Vec<EndpointId> {
        let counts = self.by_endpoint.iter();
        counts
            .filter(|(_, count)| **count >= per_endpoint)
            .map(|(endpoint, _)| *endpoint)
            .collect()
    }

    /// Waits for a send to end, and takes in all that have; for ever while there is none.
    async fn landed(&mut self) {
        match self.tasks.join_next_with_id().await {
            Some(ended) => self.take_in(ended),
            None => std::future::pending().await,
        }
        while let Some(ended) = self.tasks.try_join_next_with_id() {
            self.take_in(ended);
        }
    }

    async fn all_landed(&mut self) {
        while let Some(ended) = self.tasks.join_next_with_id().await {
            self.take_in(ended);
        }
    }

    fn take_in(&mut self, ended: Result<(Id, ()), JoinError>) {
        let task = match ended {
            Ok((task, ())) => task,
            Err(error) => {
                tracing::error!(%error, "sending a webhook ended unexpectedly");
                error.id()
            }
        };
        let Some(due) = self.by_task.remove(&task) else {
            return;
        };
        self.by_delivery.remove(&due.delivery);
        if let Some(count) = self.by_endpoint.get_mut(&due.endpoint) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.by_endpoint.remove(&due.endpoint);
            }
        }
    }
}
