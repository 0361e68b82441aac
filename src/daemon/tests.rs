//! The whole daemon on simulated time: its clock moves when a test says so, its endpoints answer as a test says.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use url::Url;

use super::{Daemon, Listeners, Surroundings};
use crate::ambient::{Clock as _, SimulatedClock, SystemRandom};
use crate::config::settings::Retention;
use crate::config::{self, Settings};
use crate::domain::event::EventKind;
use crate::domain::money::{Fiat, FiatAmount};
use crate::domain::network::Mode;
use crate::domain::payment::Order;
use crate::domain::shop::{Dialect, Format, Rules};
use crate::domain::time::UnixMillis;
use crate::engine::gateway::{Caller, CreateRequest, Gateway, PayWith, PaymentView, Scenario};
use crate::net::lines::{Dial, Duplex};
use crate::net::websocket::{Socket, SocketError, Sockets};
use crate::net::{self, Fetch, FetchReply, FetchRequest, TransportError};
use crate::outbox::format::Post;
use crate::outbox::transport::{Reply, SendError, Transport};
use crate::store::{Database, Options, StoreError, endpoints, shops};

const START: UnixMillis = UnixMillis::from_seconds(1_800_000_000);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How long it is remembered how payments were told of.
const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// An endpoint that answers the next statuses in turn, then 200, and remembers what it was sent.
#[derive(Clone, Default)]
struct Endpoint(Arc<Mutex<(VecDeque<u16>, Vec<Post>)>>);

impl Transport for Endpoint {
    fn send(&self, _url: Url, post: Post) -> BoxFuture<'_, Result<Reply, SendError>> {
        let mut endpoint = self.0.lock().unwrap();
        endpoint.1.push(post);
        let status = endpoint.0.pop_front().unwrap_or(200);
        Box::pin(async move {
            Ok(Reply {
                status,
                retry_after: None,
                body: Box::pin(async { Vec::new() }),
            })
        })
    }
}

impl Endpoint {
    fn answer(&self, statuses: &[u16]) {
        self.0.lock().unwrap().0.extend(statuses);
    }

    /// Event and delivery id of each post, in order.
    fn received(&self) -> Vec<(String, String)> {
        let header = |post: &Post, name: &str| {
            let found = post
                .headers
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.clone()).unwrap()
        };
        let posts = &self.0.lock().unwrap().1;
        posts
            .iter()
            .map(|post| {
                (
                    header(post, "X-PayHook-Event"),
                    header(post, "X-PayHook-Delivery-Id"),
                )
            })
            .collect()
    }
}

/// No node is there to be asked.
struct NoNodes;

impl crate::outbox::notices::Letters for NoNodes {
    fn send(&self, _: crate::outbox::notices::mail::Mail) -> BoxFuture<'_, Result<(), String>> {
        Box::pin(std::future::ready(Err("no mail in this test".to_owned())))
    }
}

impl Fetch for NoNodes {
    fn fetch<'a>(&'a self, _request: FetchRequest<'a>) -> BoxFuture<'a, Result<FetchReply, TransportError>> {
        unreachable!("test mode asks no node")
    }
}

impl Sockets for NoNodes {
    fn open<'a>(
        &'a self,
        _endpoint: &'a net::Endpoint,
    ) -> BoxFuture<'a, Result<Box<dyn Socket>, SocketError>> {
        Box::pin(std::future::pending())
    }
}

impl Dial for NoNodes {
    fn dial<'a>(&'a self, _: &'a net::Endpoint) -> BoxFuture<'a, Result<Box<dyn Duplex>, TransportError>> {
        unreachable!("test mode asks no node")
    }
}

struct Stage {
    directory: tempfile::TempDir,
    clock: Arc<SimulatedClock>,
    endpoint: Endpoint,
    daemon: Daemon,
}

fn settings() -> Settings {
    let mut settings = config::load(None, |_| None).unwrap();
    settings.server.listen = "127.0.0.1:0".parse().unwrap();
    settings.dashboard.listen = None;
    settings.metrics.listen = None;
    settings.retention = Retention {
        attempts: Some(KEPT),
        deliveries: Some(KEPT),
        events: None,
    };
    settings
}

async fn start(directory: &tempfile::TempDir, clock: &Arc<SimulatedClock>, endpoint: &Endpoint) -> Daemon {
    let database = Database::open(&Options::in_directory(directory.path()), &SystemRandom).unwrap();
    let surroundings = Surroundings {
        clock: clock.clone(),
        random: Arc::new(SystemRandom),
        nodes: Arc::new(NoNodes),
        rates: Arc::new(NoNodes),
        lines: Arc::new(NoNodes),
        sockets: Arc::new(NoNodes),
        posts: Arc::new(endpoint.clone()),
        letters: Arc::new(NoNodes),
    };
    let settings = settings();
    let listeners = Listeners::bind(&settings).await.unwrap();
    Daemon::start_on(&listeners, &settings, database, surroundings, None, None)
        .await
        .unwrap()
}

impl Stage {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (clock, endpoint) = (Arc::new(SimulatedClock::starting_at(START)), Endpoint::default());
        let daemon = start(&directory, &clock, &endpoint).await;
        Self {
            directory,
            clock,
            endpoint,
            daemon,
        }
    }

    /// Stops the daemon in order and starts it again.
    async fn restarted(self) -> Self {
        let Self {
            directory,
            clock,
            endpoint,
            daemon,
        } = self;
        daemon.stop().await;
        let daemon = start(&directory, &clock, &endpoint).await;
        Self {
            directory,
            clock,
            endpoint,
            daemon,
        }
    }

    fn gateway(&self) -> Gateway {
        Gateway::new(Arc::clone(self.daemon.engine()))
    }

    /// A shop with a PayHook endpoint, and a test payment of it.
    async fn payment(&self) -> PaymentView {
        let made = self.daemon.engine().database.write(|txn| {
            let shop = shops::insert(txn, "demo", Dialect::Payhook, None, &Rules::default(), START)?;
            let new = endpoints::NewEndpoint {
                shop,
                url: "http://127.0.0.1:9/hook",
                format: Format::Payhook,
                key: None,
                events: &[EventKind::Confirmed, EventKind::Expired],
                secret: "whsec_c2VjcmV0",
            };
            endpoints::insert(txn, &new, START, &SystemRandom)?;
            shops::by_id(txn, shop)
        });
        let caller = Caller {
            shop: Arc::new(made.await.unwrap().unwrap()),
            mode: Mode::Test,
            key: None,
        };
        let request = CreateRequest {
            order: Order {
                metadata: "{}".to_owned(),
                ..Order::default()
            },
            ..CreateRequest::new(
                FiatAmount {
                    currency: Fiat::Usd,
                    minor: 5000,
                },
                PayWith::asset("tron", "usdt"),
            )
        };
        self.gateway().create(&caller, request).await.unwrap().view
    }

    /// Lets half a day of simulated time pass after the other until `time`.
    async fn until(&self, time: UnixMillis) {
        while self.clock.now() < time {
            self.clock.advance(DAY / 2);
            // Real time for the database's thread, which takes what is removed out.
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Rows of a table.
    async fn count(&self, table: &'static str) -> u32 {
        let counted = self.daemon.engine().database.read(move |txn| {
            let sql = format!("SELECT count(*) FROM {table}");
            Ok::<_, StoreError>(txn.raw().query_row(&sql, [], |row| row.get(0))?)
        });
        counted.await.unwrap()
    }

    /// Lets simulated time pass in steps until the endpoint has received `count` posts.
    async fn until_received(&self, count: usize, step: Duration) -> Vec<(String, String)> {
        for _ in 0..20_000 {
            if self.endpoint.received().len() >= count {
                return self.endpoint.received();
            }
            self.clock.advance(step);
            // Real time for the database's thread; what is waited for is the post, not this.
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        panic!("only {:?} received", self.endpoint.received());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_payment_is_paid_and_told_once_while_the_clock_is_simulated() {
    let stage = Stage::new().await;
    let payment = stage.payment().await;
    stage
        .gateway()
        .simulate(&payment.payment.token, Scenario::Exact)
        .await
        .unwrap();
    let received = stage.until_received(1, Duration::from_millis(500)).await;
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].0, "payment.confirmed");
    stage.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_endpoint_did_not_take_is_sent_again_under_its_id_also_after_a_restart() {
    let mut stage = Stage::new().await;
    let payment = stage.payment().await;
    stage.endpoint.answer(&[500, 503, 429]);
    stage
        .gateway()
        .simulate(&payment.payment.token, Scenario::Exact)
        .await
        .unwrap();
    stage.until_received(2, Duration::from_millis(500)).await;
    stage = stage.restarted().await;
    let received = stage.until_received(4, Duration::from_secs(1)).await;
    assert!(received.iter().all(|post| *post == received[0]), "{received:?}");
    stage.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_an_hour_without_money_expires_a_payment() {
    let stage = Stage::new().await;
    stage.payment().await;
    let received = stage.until_received(1, Duration::from_secs(5)).await;
    assert_eq!(received[0].0, "payment.expired");
    stage.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn once_a_day_what_is_older_than_it_is_to_be_kept_is_removed() {
    let stage = Stage::new().await;
    stage.payment().await;
    stage.until_received(1, Duration::from_secs(5)).await;
    // It is received before it is written down that it was.
    while stage.count("attempts").await == 0 {
        tokio::task::yield_now().await;
    }
    let told = stage.clock.now();
    stage.until(told.plus(KEPT).minus(DAY)).await;
    assert_eq!(
        (stage.count("deliveries").await, stage.count("attempts").await),
        (1, 1)
    );
    let events = stage.count("events").await;
    for day in 1.. {
        stage.until(told.plus(KEPT).plus(DAY * day)).await;
        if stage.count("deliveries").await + stage.count("attempts").await == 0 {
            break;
        }
        assert!(day < 100, "nothing was removed");
    }
    assert_eq!(stage.count("events").await, events, "these are kept");
    stage.daemon.stop().await;
}
