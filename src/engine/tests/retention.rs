//! What is forgotten of how payments were told of, and what never is.

use std::time::Duration;

use crate::ambient::SystemRandom;
use crate::domain::event::EventKind;
use crate::domain::ids::{DeliveryId, EndpointId};
use crate::domain::money::{Fiat, FiatAmount};
use crate::domain::payment::Payment;
use crate::domain::shop::{Dialect, Format};
use crate::domain::time::UnixMillis;
use crate::engine::gateway::{Caller, CreateRequest, PayWith, Scenario};
use crate::engine::office::Office;
use crate::engine::retention::{Archive, NoArchive, Plan, PruneError, Pruned, Retention, prune, would_prune};
use crate::engine::stage::{START, Stage, StagedShop};
use crate::store::deliveries::{Attempt, DeliveryState};
use crate::store::endpoints::NewEndpoint;
use crate::store::prune::{self as rows, Kind, Row};
use crate::store::replays::{self, Replay};
use crate::store::{StoreError, Txn, deliveries, endpoints, events};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const WINDOW: Duration = Duration::from_secs(31 * 60);

struct Rig {
    stage: Stage,
    shop: StagedShop,
    caller: Caller,
    endpoint: EndpointId,
}

impl Rig {
    async fn new() -> Self {
        let stage = Stage::new();
        let shop = stage.shop(Dialect::Soko).await;
        let caller = stage.gateway.authenticate(&shop.test.key, None).await.unwrap();
        let id = shop.id;
        let endpoint = stage
            .write(move |txn| {
                let new = NewEndpoint {
                    shop: id,
                    url: "http://127.0.0.1:9/",
                    format: Format::Soko,
                    key: None,
                    events: EventKind::ALL,
                    secret: "secret",
                };
                endpoints::insert(txn, &new, START, &SystemRandom)
            })
            .await;
        Self {
            stage,
            shop,
            caller,
            endpoint,
        }
    }

    async fn make(&self) -> Payment {
        let price = FiatAmount {
            currency: Fiat::Usd,
            minor: 5000,
        };
        let request = CreateRequest::new(price, PayWith::asset("tron", "usdt"));
        let made = self.stage.gateway.create(&self.caller, request).await.unwrap();
        made.view.payment
    }

    /// A payment to which this happened.
    async fn after(&mut self, scenario: Scenario) -> Payment {
        let made = self.make().await;
        let view = self.stage.gateway.by_public_name(&made.token).await.unwrap();
        self.stage.play(&view, scenario, WINDOW).await;
        self.stage
            .gateway
            .by_public_name(&made.token)
            .await
            .unwrap()
            .payment
    }

    /// Everything that waits is delivered, or given up.
    async fn deliver(&self, state: DeliveryState) {
        let (endpoint, now) = (self.endpoint, self.stage.now());
        self.stage
            .write(move |txn| {
                for due in deliveries::due(txn, endpoint, now, 1000)? {
                    let attempt = Attempt {
                        at: now,
                        status: Some(200),
                        error: None,
                        latency_ms: 5,
                        reply: b"ok".to_vec(),
                    };
                    deliveries::record_attempt(txn, due.id, &attempt, state, now)?;
                }
                Ok(())
            })
            .await;
    }

    fn plan(&self, kind: Kind, age: Duration) -> Plan {
        Plan {
            kind,
            before: self.stage.now().minus(age),
            pause: Duration::ZERO,
        }
    }

    /// Removes of a kind, and of those before it, what is older than `age`.
    async fn prune(&self, kind: Kind, age: Duration) -> Vec<u64> {
        let mut counts = Vec::new();
        for kind in Kind::ALL.iter().copied().filter(|each| *each <= kind) {
            let done = self.prune_into(kind, age, &mut NoArchive).await.unwrap();
            counts.push(done.rows);
        }
        counts
    }

    async fn prune_into(
        &self,
        kind: Kind,
        age: Duration,
        archive: &mut dyn Archive,
    ) -> Result<Pruned, PruneError> {
        let database = &self.stage.engine.database;
        prune(database, &*self.stage.clock, self.plan(kind, age), archive).await
    }

    async fn count(&self, table: &'static str) -> i64 {
        self.stage
            .write(move |txn| {
                Ok(txn
                    .raw()
                    .query_row(&format!("SELECT COUNT(*) FROM {table}"), [], |row| row.get(0))?)
            })
            .await
    }

    /// Attempts, deliveries, events.
    async fn counts(&self) -> [i64; 3] {
        [
            self.count("attempts").await,
            self.count("deliveries").await,
            self.count("events").await,
        ]
    }

    async fn kinds(&self, payment: &Payment) -> Vec<EventKind> {
        let id = payment.id;
        let read = self
            .stage
            .engine
            .database
            .read(move |txn| events::of_payment(txn, id));
        read.await.unwrap().iter().map(|event| event.kind).collect()
    }

    async fn deliveries(&self, payment: &Payment) -> Vec<DeliveryId> {
        let id = payment.id;
        let read = self
            .stage
            .engine
            .database
            .read(move |txn| deliveries::of_payment(txn, id));
        read.await.unwrap().iter().map(|delivery| delivery.id).collect()
    }
}

#[tokio::test]
async fn of_what_is_over_attempts_deliveries_and_steps_go_and_what_tells_of_money_stays() {
    let mut rig = Rig::new().await;
    let paid = rig.after(Scenario::Exact).await;
    let expired = {
        let made = rig.make().await;
        rig.stage.pass(WINDOW * 2).await;
        made
    };
    rig.deliver(DeliveryState::Delivered).await;
    rig.stage.clock.advance(DAY * 100);
    let newest = rig.make().await;
    let tables = [
        "payments",
        "transfers",
        "audit_log",
        "received",
        "day_counts",
        "day_sales",
    ];
    let mut before = Vec::new();
    for table in tables {
        before.push(rig.count(table).await);
    }
    assert_eq!(
        rig.kinds(&paid).await,
        [EventKind::Created, EventKind::Confirming, EventKind::Confirmed]
    );
    assert_eq!(rig.counts().await, [5, 6, 6]);
    assert_eq!(rig.prune(Kind::Attempts, DAY * 200).await, [0], "not old enough");
    assert_eq!(rig.prune(Kind::Attempts, DAY * 90).await, [5]);
    assert_eq!(rig.counts().await, [0, 6, 6]);
    assert_eq!(rig.prune(Kind::Deliveries, DAY * 90).await, [0, 5]);
    assert_eq!(rig.counts().await, [0, 1, 6], "the newest one waits");
    assert_eq!(rig.prune(Kind::Events, DAY * 90).await, [0, 0, 4]);
    assert_eq!(rig.kinds(&paid).await, [EventKind::Confirmed]);
    assert_eq!(rig.kinds(&expired).await, []);
    assert_eq!(rig.kinds(&newest).await, [EventKind::Created]);
    for (table, count) in tables.iter().zip(before) {
        assert_eq!(rig.count(table).await, count, "{table}");
    }
}

#[tokio::test]
async fn nothing_goes_of_what_is_not_over_or_waits_to_be_sent() {
    let mut rig = Rig::new().await;
    let short = rig.after(Scenario::Under).await;
    let paid = rig.after(Scenario::Exact).await;
    let of_paid = rig.deliveries(&paid).await;
    let open = rig.make().await;
    rig.deliver(DeliveryState::Delivered).await;
    // Tried, and to be tried again.
    let ids: Vec<String> = of_paid.iter().map(ToString::to_string).collect();
    let again = format!(
        "UPDATE deliveries SET state = 'pending' WHERE id IN ({})",
        ids.join(", ")
    );
    rig.stage.write(move |txn| txn.run_sql(&again)).await;
    rig.stage.clock.advance(DAY * 400);
    let counts = rig.counts().await;
    let [attempts, deliveries, events] = rig.prune(Kind::Events, DAY * 90).await[..] else {
        panic!()
    };
    assert_eq!((deliveries, events), (0, 0));
    let waiting = of_paid.len() as i64;
    assert_eq!(
        attempts as i64,
        counts[0] - waiting,
        "only attempts of what was delivered"
    );
    assert!(!rig.deliveries(&open).await.is_empty() && !rig.deliveries(&short).await.is_empty());
    assert_eq!(rig.deliveries(&paid).await, of_paid);
}

#[tokio::test]
async fn what_is_repeated_goes_with_its_repetition_and_not_while_it_is_about_to_be_repeated() {
    let mut rig = Rig::new().await;
    let paid = rig.after(Scenario::Exact).await;
    rig.deliver(DeliveryState::Failed).await;
    let all = rig.deliveries(&paid).await;
    let (first, endpoint) = (all[0], rig.endpoint);
    let last = all[all.len() - 1];
    let replay = Replay {
        token: "token".to_owned(),
        endpoint,
        actor: "ann".to_owned(),
        only_failed: true,
        first,
        last,
        done: DeliveryId::new(0),
        count: 0,
        made_at: START,
    };
    rig.stage
        .write(move |txn| {
            replays::insert(txn, &replay)?;
            let delivery = deliveries::by_id(txn, first)?.unwrap();
            deliveries::insert(txn, delivery.event, endpoint, Some(first), START)
        })
        .await;
    rig.stage.clock.advance(DAY * 100);
    // Something newer, so that the newest event is not one of these.
    rig.make().await;
    assert_eq!(rig.prune(Kind::Deliveries, DAY * 90).await[1], 0);
    rig.stage
        .write(move |txn| replays::advance(txn, "token", last, 0))
        .await;
    let repeated = rig.prune(Kind::Deliveries, DAY * 90).await[1];
    assert_eq!(repeated as usize, all.len() - 1, "its repetition waits");
    assert_eq!(rig.deliveries(&paid).await[0], first);
    rig.deliver(DeliveryState::Delivered).await;
    rig.stage.clock.advance(DAY * 100);
    // The repetition and what it repeats, one after the other.
    assert_eq!(rig.prune(Kind::Deliveries, DAY * 90).await[1], 2);
    assert_eq!(rig.deliveries(&paid).await, []);
}

#[tokio::test]
async fn an_event_stays_until_every_channel_was_told_of_it_and_the_newest_for_ever() {
    let mut rig = Rig::new().await;
    rig.after(Scenario::Exact).await;
    let last = rig.make().await;
    rig.stage.pass(WINDOW * 2).await;
    rig.deliver(DeliveryState::Delivered).await;
    rig.stage.clock.advance(DAY * 100);
    let channel = |last_event: i64| {
        format!(
            "INSERT INTO notice_channels (id, kind, name, settings_sealed, topics, last_event, last_transfer, created_ms)
             VALUES (1, 'ntfy', 'n', x'00', '', {last_event}, 0, 1)
             ON CONFLICT (id) DO UPDATE SET last_event = {last_event}"
        )
    };
    let behind = channel(1);
    rig.stage.write(move |txn| txn.run_sql(&behind)).await;
    assert_eq!(rig.prune(Kind::Events, DAY * 90).await[2], 1);
    let told = channel(1000);
    rig.stage.write(move |txn| txn.run_sql(&told)).await;
    rig.prune(Kind::Events, DAY * 90).await;
    assert_eq!(rig.kinds(&last).await, [EventKind::Expired], "the newest of all");
    assert_eq!(rig.count("events").await, 2);
}

/// Keeps all, and notes what was still there when it was told to.
#[derive(Default)]
struct Kept(Vec<Row>);

impl Archive for Kept {
    fn keep(&mut self, rows: &[Row]) -> std::io::Result<()> {
        self.0.extend_from_slice(rows);
        Ok(())
    }
}

struct Full;

impl Archive for Full {
    fn keep(&mut self, _: &[Row]) -> std::io::Result<()> {
        Err(std::io::Error::from(std::io::ErrorKind::StorageFull))
    }
}

#[tokio::test]
async fn all_that_goes_was_archived_and_nothing_goes_where_it_cannot_be() {
    let mut rig = Rig::new().await;
    let paid = rig.after(Scenario::Exact).await;
    rig.deliver(DeliveryState::Delivered).await;
    rig.stage.clock.advance(DAY * 100);
    rig.make().await;
    let counts = rig.counts().await;
    let refused = rig.prune_into(Kind::Attempts, DAY * 90, &mut Full).await;
    assert!(matches!(refused, Err(PruneError::Archive(_))));
    assert_eq!(rig.counts().await, counts);
    let mut kept = Kept::default();
    for (kind, expected) in [(Kind::Attempts, 3), (Kind::Deliveries, 3), (Kind::Events, 2)] {
        let would = would_prune(&rig.stage.engine.database, rig.plan(kind, DAY * 90))
            .await
            .unwrap();
        let done = rig.prune_into(kind, DAY * 90, &mut kept).await.unwrap();
        assert_eq!(
            (would.rows, would.bytes, done.rows),
            (expected, done.bytes, expected)
        );
    }
    let lines: Vec<serde_json::Value> = kept
        .0
        .iter()
        .map(|row| serde_json::from_str(&row.json).unwrap())
        .collect();
    assert_eq!(lines.len(), 8);
    assert_eq!(
        (&lines[0]["table"], &lines[0]["reply_hex"]),
        (&"attempts".into(), &"6F6B".into())
    );
    assert_eq!(
        (&lines[3]["table"], &lines[3]["state"]),
        (&"deliveries".into(), &"delivered".into())
    );
    assert_eq!(lines[6]["payment_number"], paid.number.as_str());
}

#[tokio::test]
async fn what_would_go_is_told_before_any_of_it_does() {
    let mut rig = Rig::new().await;
    rig.after(Scenario::Exact).await;
    rig.deliver(DeliveryState::Delivered).await;
    rig.stage.clock.advance(DAY * 100);
    rig.make().await;
    let counts = rig.counts().await;
    for (kind, expected) in [(Kind::Attempts, 3), (Kind::Deliveries, 3), (Kind::Events, 2)] {
        let would = would_prune(&rig.stage.engine.database, rig.plan(kind, DAY * 90))
            .await
            .unwrap();
        assert_eq!(would.rows, expected, "{kind}");
    }
    assert_eq!(rig.counts().await, counts);
}

#[tokio::test]
async fn what_has_come_to_be_needed_since_it_was_found_is_not_removed() {
    let mut rig = Rig::new().await;
    let paid = rig.after(Scenario::Exact).await;
    rig.deliver(DeliveryState::Delivered).await;
    rig.stage.clock.advance(DAY * 100);
    rig.prune(Kind::Attempts, DAY * 90).await;
    let (before, endpoint) = (rig.stage.now().minus(DAY * 90), rig.endpoint);
    let first = rig.deliveries(&paid).await[0];
    let removed = rig
        .stage
        .write(move |txn| {
            let found = rows::find(txn, Kind::Deliveries, before, 0, 100, false)?;
            let ids: Vec<i64> = found.rows.iter().map(|row| row.id).collect();
            let delivery = deliveries::by_id(txn, first)?.unwrap();
            deliveries::insert(txn, delivery.event, endpoint, Some(first), before)?;
            Ok((
                ids.len() as u64,
                rows::remove(txn, Kind::Deliveries, before, &ids)?,
            ))
        })
        .await;
    assert_eq!(removed, (3, 2));
    assert_eq!(rig.deliveries(&paid).await[0], first);
}

#[tokio::test]
async fn one_row_of_a_wrong_clock_hides_none_of_those_behind_it_and_pages_go_on() {
    let mut rig = Rig::new().await;
    rig.after(Scenario::Exact).await;
    rig.deliver(DeliveryState::Delivered).await;
    rig.stage
        .write(|txn| txn.run_sql("UPDATE attempts SET at_ms = 99999999999999 WHERE id = 1"))
        .await;
    rig.stage.clock.advance(DAY * 100);
    assert_eq!(rig.prune(Kind::Attempts, DAY * 90).await, [2]);
    let before = rig.stage.now();
    let found = rig
        .stage
        .write(move |txn| {
            let one = rows::find(txn, Kind::Events, before, 0, 1, false)?;
            let next = rows::find(txn, Kind::Events, UnixMillis::new(0), 0, 1, false)?;
            Ok((one.goes_on_at, next.goes_on_at))
        })
        .await;
    assert_eq!(
        found,
        (Some(1), None),
        "behind what is young, nothing is looked for"
    );
}

#[tokio::test]
async fn a_payment_says_what_is_no_longer_kept_of_it() {
    let mut rig = Rig::new().await;
    let paid = rig.after(Scenario::Exact).await;
    rig.deliver(DeliveryState::Delivered).await;
    rig.stage.clock.advance(DAY * 100);
    let young = rig.make().await;
    let office = Office::new(std::sync::Arc::clone(&rig.stage.engine));
    let gone = async |payment: &Payment| {
        let story = office.payment_story(rig.shop.id, &payment.number).await.unwrap();
        let gone = story.gone;
        [gone.attempts, gone.deliveries, gone.events].map(|before| before.is_some())
    };
    assert_eq!(gone(&paid).await, [false; 3]);
    rig.prune(Kind::Attempts, DAY * 90).await;
    assert_eq!(gone(&paid).await, [true, false, false]);
    rig.prune(Kind::Events, DAY * 90).await;
    assert_eq!(gone(&paid).await, [false, true, true]);
    assert_eq!(gone(&young).await, [false; 3]);
    // A shorter look back later on does not take back what was said.
    rig.prune(Kind::Events, DAY * 300).await;
    assert_eq!(gone(&paid).await, [false, true, true]);
}

#[test]
fn nothing_outlives_what_it_hangs_on() {
    let kept = |attempts: u32, deliveries: u32, events: u32| {
        let span = |days: u32| (days > 0).then(|| DAY * days);
        let retention = Retention {
            attempts: span(attempts),
            deliveries: span(deliveries),
            events: span(events),
        };
        let plans = retention.plans(START, Duration::ZERO);
        let ages = plans
            .iter()
            .map(|plan| (plan.kind, START.since(plan.before).as_secs() / DAY.as_secs()));
        ages.collect::<Vec<_>>()
    };
    assert_eq!(kept(0, 0, 0), []);
    assert_eq!(kept(90, 0, 0), [(Kind::Attempts, 90)]);
    assert_eq!(kept(0, 60, 0), [(Kind::Attempts, 60), (Kind::Deliveries, 60)]);
    assert_eq!(
        kept(90, 60, 30),
        [(Kind::Attempts, 30), (Kind::Deliveries, 30), (Kind::Events, 30)]
    );
    assert_eq!(
        kept(30, 60, 90),
        [(Kind::Attempts, 30), (Kind::Deliveries, 60), (Kind::Events, 90)]
    );
}

#[tokio::test]
async fn payments_and_their_money_cannot_be_removed_at_all() {
    let mut rig = Rig::new().await;
    rig.after(Scenario::Exact).await;
    for table in ["payments", "transfers", "audit_log"] {
        let removed = rig.stage.engine.database.write(move |txn: &Txn<'_>| {
            if table == "audit_log" {
                txn.run_sql("INSERT INTO audit_log (at_ms, actor, action, subject, detail) VALUES (1, 'a', 'b', 'c', 'd')")?;
            }
            txn.run_sql(&format!("DELETE FROM {table}"))
        });
        let removed: Result<(), StoreError> = removed.await;
        assert!(removed.is_err(), "{table}");
    }
}
