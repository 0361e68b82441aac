//! The loop over a store in memory, in simulated time.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::attempt::Sender;
use super::delivery::{Outcome, Then};
use super::fakes::{FakeEndpoints, Manner, MemoryStore, PlainFormat};
use super::format::Formats;
use super::guard::Guard;
use super::lanes::AT_HAND_MAX;
use super::run::{Limits, Outbox};
use crate::ambient::{Clock, NoRandomness, Random, SimulatedClock};
use crate::domain::ids::DeliveryId;
use crate::domain::time::UnixMillis;

const START: UnixMillis = UnixMillis::from_seconds(1_800_000_000);

/// Chance that never lengthens a wait.
struct NoChance;

impl Random for NoChance {
    fn fill(&self, _: &mut [u8]) -> Result<(), NoRandomness> {
        Err(NoRandomness)
    }
}

struct Bench {
    clock: Arc<SimulatedClock>,
    store: Arc<MemoryStore>,
    endpoints: Arc<FakeEndpoints>,
    wake: Arc<Notify>,
    stop: CancellationToken,
}

impl Bench {
    fn new() -> Self {
        Self {
            clock: Arc::new(SimulatedClock::starting_at(START)),
            store: MemoryStore::new(),
            endpoints: Arc::default(),
            wake: Arc::default(),
            stop: CancellationToken::new(),
        }
    }

    fn sender(&self) -> Sender {
        Sender {
            clock: self.clock.clone(),
            random: Arc::new(NoChance),
            transport: self.endpoints.clone(),
            formats: Formats {
                payhook: Arc::new(PlainFormat),
                standard: Arc::new(PlainFormat),
                soko: Arc::new(PlainFormat),
                crypto_pay: Arc::new(PlainFormat),
                usdt_payments: Arc::new(PlainFormat),
                cryptopayment: Arc::new(PlainFormat),
            },
            guard: Guard { allow_private: true },
        }
    }

    fn start(&self) -> JoinHandle<()> {
        let limits = Limits::default();
        let outbox = Outbox::new(self.store.clone(), self.sender(), self.wake.clone(), limits);
        tokio::spawn(outbox.run(self.stop.clone()))
    }

    /// Lets time pass in small steps, so that everything on the way happens when it is due.
    async fn pass(&self, span: Duration) {
        let until = self.clock.now().plus(span);
        while self.clock.now() < until {
            settle().await;
            self.clock.advance(Duration::from_secs(1));
        }
        settle().await;
    }

    fn attempts(&self, delivery: i64) -> Vec<(i64, Outcome, Then)> {
        let tables = self.store.tables.lock().unwrap();
        let of_delivery = tables
            .attempts
            .iter()
            .filter(|attempt| attempt.delivery == DeliveryId::new(delivery));
        of_delivery
            .map(|attempt| {
                (
                    attempt.at.seconds().saturating_sub(START.seconds()),
                    attempt.outcome.clone(),
                    attempt.then,
                )
            })
            .collect()
    }

    async fn state(&self, delivery: i64, state: &'static str) {
        let id = DeliveryId::new(delivery);
        self.store.until(|tables| tables.rows[&id].state == state).await;
    }
}

/// Lets every task run until all wait: the tests' runtime has one thread.
async fn settle() {
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn what_is_due_is_sent_and_recorded_with_the_reply() {
    let bench = Bench::new();
    bench.store.insert(7, 1, START);
    bench.start();
    bench.state(7, "delivered").await;
    let replied = Outcome::Replied {
        status: 200,
        reply: b"answer".to_vec(),
    };
    assert_eq!(bench.attempts(7), [(0, replied, Then::Delivered)]);
}

#[tokio::test]
async fn a_new_delivery_wakes_the_loop_without_the_clock() {
    let bench = Bench::new();
    bench.start();
    settle().await;
    bench.store.insert(1, 1, START);
    bench.wake.notify_one();
    bench.state(1, "delivered").await;
}

#[tokio::test]
async fn a_delivery_that_nobody_announced_is_found_within_half_a_minute() {
    let bench = Bench::new();
    bench.start();
    settle().await;
    bench.store.insert(1, 1, START);
    bench.pass(Duration::from_secs(31)).await;
    assert_eq!(bench.store.row(1).state, "delivered");
}

#[tokio::test]
async fn a_failing_delivery_follows_its_schedule_and_is_given_up_at_its_end() {
    let bench = Bench::new();
    bench.endpoints.set(1, Manner::Status(500));
    bench.store.insert(1, 1, START);
    bench.start();
    bench.pass(Duration::from_secs(2000)).await;
    let at: Vec<i64> = bench.attempts(1).iter().map(|(at, ..)| *at).collect();
    assert_eq!(at, [0, 30, 630]);
    assert_eq!(bench.store.row(1).state, "failed");
    assert_eq!(bench.endpoints.deliveries(1), ["1", "1", "1"]);
}

#[tokio::test]
async fn a_connection_refused_and_no_reply_in_time_are_retried() {
    let bench = Bench::new();
    bench.endpoints.set(1, Manner::Refuse);
    bench.endpoints.set(2, Manner::Hang);
    bench.store.insert(1, 1, START);
    bench.store.insert(2, 2, START);
    bench.start();
    bench.pass(Duration::from_secs(45)).await;
    let refused = Outcome::Failed("connection refused".to_owned());
    assert_eq!(bench.attempts(1)[0].1, refused);
    let hung = Outcome::Failed("no reply within 10 s".to_owned());
    assert_eq!(bench.attempts(2)[0].1, hung);
    bench.endpoints.set(1, Manner::Status(204));
    bench.endpoints.set(2, Manner::Status(204));
    bench.pass(Duration::from_secs(700)).await;
    assert_eq!(bench.store.row(1).state, "delivered");
    assert_eq!(bench.store.row(2).state, "delivered");
}

#[tokio::test]
async fn an_endpoint_that_wants_no_more_is_given_up_at_once() {
    let bench = Bench::new();
    bench.endpoints.set(1, Manner::Status(410));
    bench.store.insert(1, 1, START);
    bench.start();
    bench.state(1, "failed").await;
    assert_eq!(bench.attempts(1).len(), 1);
}

#[tokio::test]
async fn retry_after_puts_the_next_attempt_off() {
    let bench = Bench::new();
    bench.endpoints.set(1, Manner::Busy(90));
    bench.store.insert(1, 1, START);
    bench.start();
    bench.pass(Duration::from_secs(95)).await;
    let at: Vec<i64> = bench.attempts(1).iter().map(|(at, ..)| *at).collect();
    assert_eq!(at, [0, 90]);
}

#[tokio::test]
async fn dead_endpoints_do_not_delay_a_healthy_one() {
    let bench = Bench::new();
    let dead = 2..=200;
    for endpoint in dead {
        bench.endpoints.set(endpoint, Manner::Hang);
        for delivery in 0..10 {
            bench
                .store
                .insert(endpoint * 1000 + delivery, endpoint, UnixMillis::new(0));
        }
    }
    bench.start();
    settle().await;
    for delivery in 1..=20 {
        bench.store.insert(delivery, 1, START);
    }
    bench.wake.notify_one();
    for delivery in 1..=20 {
        bench.state(delivery, "delivered").await;
    }
    assert_eq!(
        bench.clock.now(),
        START,
        "no time had to pass while the others hung"
    );
}

/// An endpoint that has answered so often that it is sent as much at once as any.
async fn trusted(bench: &Bench, endpoint: i64) {
    let first = endpoint * 1_000_000;
    let last = first + Limits::default().per_endpoint as i64;
    for delivery in first..last {
        bench.store.insert(delivery, endpoint, START);
    }
    bench.wake.notify_one();
    for delivery in first..last {
        bench.state(delivery, "delivered").await;
    }
    settle().await;
    bench.endpoints.posts.lock().unwrap().clear();
}

#[tokio::test]
async fn an_endpoint_that_answers_gets_more_at_once_up_to_its_limit_and_one_that_hangs_a_single_one() {
    let bench = Bench::new();
    bench.start();
    trusted(&bench, 1).await;
    let limit = Limits::default().per_endpoint;
    for endpoint in [1, 2] {
        bench.endpoints.set(endpoint, Manner::Hang);
        for delivery in 1..=20 {
            bench.store.insert(endpoint * 100 + delivery, endpoint, START);
        }
    }
    bench.wake.notify_one();
    settle().await;
    assert_eq!(bench.endpoints.deliveries(1).len(), limit);
    assert_eq!(bench.endpoints.deliveries(2).len(), 1);
    // Whoever has let all of them hang is sent one at a time, until it answers again.
    bench.pass(Duration::from_secs(11)).await;
    assert_eq!(bench.endpoints.deliveries(1).len(), limit + 1);
    bench.endpoints.set(1, Manner::Status(200));
    bench.pass(Duration::from_secs(60)).await;
    for delivery in 101..=120 {
        assert_eq!(bench.store.row(delivery).state, "delivered", "{delivery}");
    }
}

#[tokio::test]
async fn the_next_is_sent_while_what_came_of_the_last_is_still_being_recorded() {
    let bench = Bench::new();
    bench.store.tables.lock().unwrap().is_read_only = true;
    for delivery in 1..=3 {
        bench.store.insert(delivery, 1, START);
    }
    bench.start();
    bench.endpoints.until(1, 3).await;
    settle().await;
    assert_eq!(bench.endpoints.deliveries(1), ["1", "2", "3"]);
    assert!(bench.store.tables.lock().unwrap().attempts.is_empty());
}

#[tokio::test]
async fn a_store_that_records_nothing_has_only_so_much_sent() {
    let bench = Bench::new();
    bench.store.tables.lock().unwrap().is_read_only = true;
    for delivery in 1..=1000 {
        bench.store.insert(delivery, 1, START);
    }
    bench.start();
    for _ in 0..20 {
        bench.pass(Duration::from_secs(5)).await;
    }
    assert_eq!(bench.endpoints.deliveries(1).len(), AT_HAND_MAX);
}

#[tokio::test]
async fn a_delivery_that_cannot_be_read_is_given_up_within_two_days_and_holds_up_no_other() {
    let bench = Bench::new();
    bench.store.insert(1, 1, START);
    bench.store.insert(2, 1, START);
    bench
        .store
        .tables
        .lock()
        .unwrap()
        .rows
        .get_mut(&DeliveryId::new(1))
        .unwrap()
        .is_unreadable = true;
    bench.start();
    bench.state(2, "delivered").await;
    for _ in 0..48 {
        settle().await;
        bench.clock.advance(Duration::from_secs(3600));
        bench.wake.notify_one();
    }
    bench.state(1, "failed").await;
    let attempts = bench.attempts(1);
    assert_eq!(attempts.len(), 6);
    let why = Outcome::Failed("not sent: its secret was altered".to_owned());
    assert!(attempts.iter().all(|(_, outcome, _)| *outcome == why));
    assert_eq!(attempts[5].2, Then::GivenUp);
    assert_eq!(bench.endpoints.deliveries(1), ["2"], "nothing of it was sent");
}

#[tokio::test]
async fn a_crash_between_sending_and_recording_sends_again_under_the_same_id() {
    let bench = Bench::new();
    bench.store.insert(7, 1, START);
    bench.store.tables.lock().unwrap().is_read_only = true;
    let first = bench.start();
    bench.endpoints.until(1, 1).await;
    first.abort();
    let _ = first.await;
    assert_eq!(bench.store.row(7).state, "pending");

    bench.store.tables.lock().unwrap().is_read_only = false;
    bench.start();
    bench.state(7, "delivered").await;
    assert_eq!(bench.endpoints.deliveries(1), ["7", "7"]);
}

#[tokio::test]
async fn an_attempt_that_could_not_be_recorded_is_recorded_later_instead_of_sent_again() {
    let bench = Bench::new();
    bench.store.insert(7, 1, START);
    bench.store.tables.lock().unwrap().is_read_only = true;
    bench.start();
    bench.endpoints.until(1, 1).await;
    for _ in 0..100 {
        bench.pass(Duration::from_secs(2)).await;
    }
    bench.store.tables.lock().unwrap().is_read_only = false;
    bench.pass(Duration::from_secs(60)).await;
    assert_eq!(bench.store.row(7).state, "delivered");
    assert_eq!(bench.endpoints.deliveries(1), ["7"]);
}

#[tokio::test]
async fn a_replay_goes_out_under_its_own_id() {
    let bench = Bench::new();
    bench.store.insert(1, 1, START);
    bench.start();
    bench.state(1, "delivered").await;
    bench.store.insert(2, 1, START);
    bench.wake.notify_one();
    bench.state(2, "delivered").await;
    assert_eq!(bench.endpoints.deliveries(1), ["1", "2"]);
}

#[tokio::test]
async fn a_defect_in_making_a_post_is_a_failed_attempt() {
    let bench = Bench::new();
    bench.store.insert(1, 1, START);
    {
        let mut tables = bench.store.tables.lock().unwrap();
        let row = tables.rows.get_mut(&DeliveryId::new(1)).unwrap();
        row.external_id = "defect".to_owned();
    }
    bench.store.insert(2, 1, START);
    bench.start();
    bench.state(2, "delivered").await;
    bench
        .store
        .until(|tables| tables.rows[&DeliveryId::new(1)].attempts == 1)
        .await;
    assert_eq!(
        bench.attempts(1)[0].1,
        Outcome::Failed("internal error".to_owned())
    );
}

#[tokio::test]
async fn an_endpoint_at_a_refused_address_is_never_connected_to() {
    let bench = Bench::new();
    bench.store.insert(1, 1, START);
    let url = "http://169.254.169.254/latest".to_owned();
    bench
        .store
        .tables
        .lock()
        .unwrap()
        .urls
        .values_mut()
        .for_each(|old| old.clone_from(&url));
    bench.start();
    bench.store.until(|tables| !tables.attempts.is_empty()).await;
    assert!(bench.endpoints.posts.lock().unwrap().is_empty());
    assert!(matches!(&bench.attempts(1)[0].1, Outcome::Failed(why) if why.starts_with("not sent")));
}

#[tokio::test]
async fn a_clock_set_back_does_not_hold_up_what_was_due() {
    let bench = Bench::new();
    bench.endpoints.set(1, Manner::Status(500));
    bench.store.insert(1, 1, START);
    bench.start();
    bench.store.until(|tables| !tables.attempts.is_empty()).await;
    settle().await;
    bench.endpoints.set(1, Manner::Status(200));
    let a_year = Duration::from_secs(365 * 24 * 3600);
    bench.clock.set(START.minus(a_year));
    bench.wake.notify_one();
    settle().await;
    assert_eq!(
        bench.store.row(1).next_attempt,
        START.minus(a_year).plus(Duration::from_secs(30))
    );
    // A new delivery wakes the loop, which then sleeps by the new time.
    bench.wake.notify_one();
    bench.pass(Duration::from_secs(31)).await;
    assert_eq!(bench.store.row(1).state, "delivered");
}

#[tokio::test]
async fn a_clock_set_back_while_payd_was_down_is_noticed_by_what_was_written() {
    let bench = Bench::new();
    let ahead = START.plus(Duration::from_secs(90 * 24 * 3600));
    bench.store.insert(1, 1, ahead);
    bench.store.tables.lock().unwrap().latest = Some(ahead);
    bench.start();
    bench.state(1, "delivered").await;
}

#[tokio::test]
async fn a_stop_waits_for_what_is_under_way_and_sends_nothing_more() {
    let bench = Bench::new();
    let running = bench.start();
    trusted(&bench, 1).await;
    bench.endpoints.set(1, Manner::Hang);
    let limit = Limits::default().per_endpoint;
    for delivery in 1..=20 {
        bench.store.insert(delivery, 1, START);
    }
    bench.wake.notify_one();
    settle().await;
    let before = bench.store.tables.lock().unwrap().attempts.len();
    bench.stop.cancel();
    bench.pass(Duration::from_secs(11)).await;
    running.await.unwrap();
    let tables = bench.store.tables.lock().unwrap();
    assert_eq!(
        tables.attempts.len() - before,
        limit,
        "those under way were recorded"
    );
    let all = (1..=20).map(|delivery| &tables.rows[&DeliveryId::new(delivery)]);
    assert!(all.into_iter().all(|row| row.state == "pending"));
    drop(tables);
    assert_eq!(bench.endpoints.deliveries(1).len(), limit);
}

#[tokio::test]
async fn a_test_post_is_sent_and_kept_nowhere() {
    let bench = Bench::new();
    bench.store.insert(1, 1, START);
    let ids = [DeliveryId::new(1)];
    let loaded = super::delivery::DeliveryStore::load(&*bench.store, &ids).await;
    let target = loaded.unwrap().remove(0).unwrap().unwrap().target;
    let report = bench.sender().test_fire(&target).await;
    assert_eq!(report.verdict, super::format::Verdict::Received);
    assert_eq!(
        bench.endpoints.posts.lock().unwrap()[0].1.body,
        super::format::TEST_EVENT.as_bytes()
    );
    assert!(bench.store.tables.lock().unwrap().attempts.is_empty());
    assert!(!format!("{target:?}").contains("hidden"));
}
