//! The loop that sends what is due. It pulls at its own pace: a new delivery and the clock only wake it, the rows
//! say what is to be done. What it remembers keeps this process from sending a delivery twice at once, no more;
//! after a crash the rows are as they were and every delivery goes out again under the id it had.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::attempt::Sender;
use super::delivery::{Attempt, DeliveryStore, Due, DueLimit, LedgerError, Then};
pub use super::lanes::Limits;
use super::lanes::{AT_HAND_MAX, ENDPOINTS_MAX, Lanes};
use crate::domain::ids::DeliveryId;
use crate::domain::time::UnixMillis;

/// The longest the loop sleeps, whatever the store says: the command line adds deliveries without waking it, and
/// clocks can jump.
const SLEEP_MAX: Duration = Duration::from_secs(1);
/// The pause after the store failed.
const STORE_PAUSE: Duration = Duration::from_secs(2);
/// The longest pause between two tries to record an attempt.
const RECORD_PAUSE_MAX: Duration = Duration::from_secs(60);
/// A clock that goes back by less only delays.
const JUMP_MIN: Duration = Duration::from_secs(60);
/// Deliveries that are read in one go: few enough that the first are not kept waiting.
const LOADED_AT_ONCE: usize = 16;
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
        let mut flights = Flights::new(self.limits);
        let mut clock_seen = None;
        let mut look_again = None;
        while !stop.is_cancelled() {
            let pause = match self
                .send_due(&mut flights, &mut clock_seen, &mut look_again, &stop)
                .await
            {
                Ok(pause) => pause,
                Err(error) => {
                    tracing::warn!(%error, "cannot read what is due; will retry");
                    look_again = None;
                    STORE_PAUSE
                }
            };
            tokio::select! {
                biased;
                () = stop.cancelled() => {}
                () = self.wake.notified() => look_again = None,
                () = self.landed(&mut flights, &mut look_again, &stop) => {}
                () = self.sender.clock.sleep(pause) => look_again = None,
            }
        }
        tokio::select! {
            biased;
            () = self.all_landed(&mut flights, &stop) => {}
            () = self.sender.clock.sleep(STOP_WAIT) => {
                tracing::warn!(left = flights.sends.len(), "webhooks under way were cut off; they stay due");
            }
        }
    }

    /// Starts all sends that are due and have a place; returns how long nothing more falls due. The store is asked what is
    /// due when `look_again` has come, or is `None`; otherwise only what is at hand is looked through.
    async fn send_due(
        &self,
        flights: &mut Flights,
        clock_seen: &mut Option<UnixMillis>,
        look_again: &mut Option<UnixMillis>,
        stop: &CancellationToken,
    ) -> Result<Duration, LedgerError> {
        let now = self.sender.clock.now();
        let was_set_back = clock_seen.is_some_and(|seen| now < seen);
        let is_time = look_again.is_none_or(|at| at <= now) || was_set_back;
        if is_time || flights.lanes.wants_more() {
            self.follow_clock(clock_seen, now).await?;
            let supplied = flights.lanes.supplied();
            let limit = DueLimit {
                per_endpoint: AT_HAND_MAX,
                endpoints: ENDPOINTS_MAX,
            };
            let due = self.store.due(now, &supplied, limit).await?;
            flights.lanes.take_in(due, &supplied);
            // What is due and found no place is taken when a send ends, which wakes the loop.
            let next = self.store.next_due_after(now).await?;
            let longest = now.plus(SLEEP_MAX);
            *look_again = Some(next.map_or(longest, |next| next.min(longest)));
        }
        let started = flights.lanes.start(Instant::now());
        let mut started = started.chunks(LOADED_AT_ONCE);
        while let Some(some) = started.next() {
            if let Err(error) = self.load(flights, some, stop).await {
                for due in some.iter().chain(started.flatten()) {
                    flights.lanes.dropped(*due, Instant::now());
                }
                return Err(error);
            }
        }
        Ok(look_again.map_or(SLEEP_MAX, |at| at.since(now).min(SLEEP_MAX)))
    }

    /// Reads these deliveries and sends them on their way.
    async fn load(
        &self,
        flights: &mut Flights,
        started: &[Due],
        stop: &CancellationToken,
    ) -> Result<(), LedgerError> {
        let ids: Vec<DeliveryId> = started.iter().map(|due| due.delivery).collect();
        let loaded = self.store.load(&ids).await?;
        for (due, loaded) in started.iter().zip(loaded) {
            let (due, sender) = (*due, self.sender.clone());
            let delivery = due.delivery;
            match loaded {
                Ok(Some(parcel)) if !stop.is_cancelled() => {
                    flights.send(due, async move { Some(sender.attempt(delivery, &parcel).await) });
                }
                Ok(_) => flights.lanes.dropped(due, Instant::now()),
                Err(LedgerError::Unreadable { why, attempts }) => {
                    tracing::error!(%delivery, why, "a webhook delivery cannot be read; it needs a person");
                    flights.send(
                        due,
                        async move { Some(sender.unreadable(delivery, attempts, &why)) },
                    );
                }
                Err(error @ LedgerError::Unavailable(_)) => {
                    tracing::warn!(%delivery, %error, "cannot load a webhook delivery; will retry");
                    let stop = stop.clone();
                    flights.send(due, async move {
                        pause(&sender, &stop).await;
                        None
                    });
                }
            }
        }
        Ok(())
    }

    /// Waits for something to end, and takes in all that has; for ever while there is nothing.
    async fn landed(
        &self,
        flights: &mut Flights,
        look_again: &mut Option<UnixMillis>,
        stop: &CancellationToken,
    ) {
        tokio::select! {
            Some(sent) = flights.sends.join_next_with_id() => self.take_sent(flights, sent, look_again, stop),
            Some(recorded) = flights.records.join_next_with_id() => flights.take_recorded(recorded),
            else => std::future::pending().await,
        }
        while let Some(sent) = flights.sends.try_join_next_with_id() {
            self.take_sent(flights, sent, look_again, stop);
        }
        while let Some(recorded) = flights.records.try_join_next_with_id() {
            flights.take_recorded(recorded);
        }
    }

    async fn all_landed(&self, flights: &mut Flights, stop: &CancellationToken) {
        while !flights.sends.is_empty() || !flights.records.is_empty() {
            self.landed(flights, &mut None, stop).await;
        }
    }

    /// A send has ended: the endpoint takes the next one while what came of this is being recorded.
    fn take_sent(
        &self,
        flights: &mut Flights,
        ended: Result<(Id, Option<Attempt>), JoinError>,
        look_again: &mut Option<UnixMillis>,
        stop: &CancellationToken,
    ) {
        let Some((due, attempt)) = flights.ended(ended) else {
            return;
        };
        let now = Instant::now();
        let Some(attempt) = attempt.flatten() else {
            // The rows are as they were, and are looked at again when it is time.
            return flights.lanes.dropped(due, now);
        };
        if let Then::Again(at) = attempt.then {
            *look_again = look_again.map(|look| look.min(at));
        }
        flights.lanes.answered(due, Some(&attempt.outcome), now);
        let (store, sender, stop) = (Arc::clone(&self.store), self.sender.clone(), stop.clone());
        let recording = async move { record(&*store, &sender, &attempt, &stop).await };
        let task = flights.records.spawn(recording).id();
        flights.by_task.insert(task, due);
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

/// Keeps an attempt. While the store will not take it, its delivery is not sent again: a full disk must not have a shop told
/// the same every few seconds.
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

/// What is under way in this process.
struct Flights {
    lanes: Lanes,
    sends: JoinSet<Option<Attempt>>,
    records: JoinSet<()>,
    by_task: HashMap<Id, Due>,
}

impl Flights {
    fn new(limits: Limits) -> Self {
        Self {
            lanes: Lanes::new(limits),
            sends: JoinSet::new(),
            records: JoinSet::new(),
            by_task: HashMap::new(),
        }
    }

    fn send(&mut self, due: Due, sending: impl Future<Output = Option<Attempt>> + Send + 'static) {
        let task = self.sends.spawn(sending).id();
        self.by_task.insert(task, due);
    }

    /// Which delivery a task was about, and what it gave; nothing where it broke down.
    fn ended<T>(&mut self, ended: Result<(Id, T), JoinError>) -> Option<(Due, Option<T>)> {
        let (task, given) = match ended {
            Ok((task, given)) => (task, Some(given)),
            Err(error) => {
                tracing::error!(%error, "sending a webhook ended unexpectedly");
                (error.id(), None)
            }
        };
        self.by_task.remove(&task).map(|due| (due, given))
    }

    fn take_recorded(&mut self, ended: Result<(Id, ()), JoinError>) {
        if let Some((due, _)) = self.ended(ended) {
            self.lanes.recorded(due);
        }
    }
}
