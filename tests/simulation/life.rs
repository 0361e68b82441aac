//! One life of the daemon's process: from opening the file to its stop or its death.

use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use payd::ambient::Clock;
use payd::config::Settings;
use payd::daemon::{Daemon, Listeners, Surroundings};
use payd::domain::time::UnixMillis;
use payd::net::lines::{Dial, Duplex};
use payd::net::websocket::{Socket, SocketError, Sockets};
use payd::net::{Endpoint, TransportError};
use payd::store::steps::{Disk, Steps};
use payd::store::{Database, Options};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::chance::{Chance, SeededRandom};
use crate::provider::Net;
use crate::receivers::{NoLetters, Receivers};
use crate::tally::Tally;

/// The machine's clock: true time goes on, what the clock shows may be off.
#[derive(Debug, Default)]
pub struct Wall {
    /// True time at the beginning of this life.
    pub true_ms: AtomicI64,
    pub off_ms: AtomicI64,
}

/// The clock of one life.
pub struct LifeClock {
    wall: Arc<Wall>,
    began: Instant,
}

impl LifeClock {
    pub fn begin(wall: &Arc<Wall>) -> Self {
        Self {
            wall: Arc::clone(wall),
            began: Instant::now(),
        }
    }

    pub fn true_ms(&self) -> u64 {
        (self.wall.true_ms.load(Ordering::Relaxed) + self.began.elapsed().as_millis() as i64) as u64
    }
}

impl Clock for LifeClock {
    fn now(&self) -> UnixMillis {
        UnixMillis::new(self.true_ms() as i64 + self.wall.off_ms.load(Ordering::Relaxed))
    }

    fn sleep(&self, span: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(span))
    }
}

/// Where the process dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Death {
    BeforeCommit,
    AfterCommit,
}

/// The store's steps: the disk as it is, and the commit at which the process dies.
pub struct Fate {
    pub disk_is_full: Mutex<bool>,
    /// How many commits are left, and which moment of the last.
    pub death: Mutex<Option<(u64, Death)>>,
    pub died: Notify,
    pub commits: AtomicU64,
    pub chance: Mutex<Chance>,
    pub tally: Arc<Mutex<Tally>>,
}

impl Fate {
    async fn maybe_die(&self, moment: Death) {
        let is_over = {
            let mut death = self.death.lock().unwrap();
            match death.as_mut() {
                Some((left, when)) if *when == moment => {
                    *left = left.saturating_sub(1);
                    *left == 0
                }
                _ => false,
            }
        };
        if is_over {
            self.died.notify_one();
            std::future::pending::<()>().await;
        }
    }

    async fn turns(&self) {
        let turns = self.chance.lock().unwrap().below(3);
        for _ in 0..turns {
            tokio::task::yield_now().await;
        }
    }
}

impl Steps for Fate {
    fn before_commit(&self) -> BoxFuture<'_, Disk> {
        Box::pin(async move {
            self.turns().await;
            self.maybe_die(Death::BeforeCommit).await;
            if *self.disk_is_full.lock().unwrap() {
                self.tally.lock().unwrap().count("commits refused by a full disk");
                return Disk::IsFull;
            }
            Disk::HasRoom
        })
    }

    fn after_commit(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            self.commits.fetch_add(1, Ordering::Relaxed);
            self.maybe_die(Death::AfterCommit).await;
            self.turns().await;
        })
    }

    fn before_read(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.turns())
    }
}

/// No such servers.
struct Nobody;

impl Sockets for Nobody {
    fn open<'a>(&'a self, _: &'a Endpoint) -> BoxFuture<'a, Result<Box<dyn Socket>, SocketError>> {
        Box::pin(std::future::pending())
    }
}

impl Dial for Nobody {
    fn dial<'a>(&'a self, _: &'a Endpoint) -> BoxFuture<'a, Result<Box<dyn Duplex>, TransportError>> {
        Box::pin(std::future::pending())
    }
}

/// A running daemon with what it stands on.
pub struct Life {
    pub daemon: Daemon,
    pub clock: Arc<LifeClock>,
    pub fate: Arc<Fate>,
}

impl Life {
    /// Opens the file and starts everything.
    pub async fn begin(
        directory: &Path,
        settings: &Settings,
        (net, receivers): (&Arc<Net>, &Receivers),
        wall: &Arc<Wall>,
        (seed, number): (u64, u64),
        tally: &Arc<Mutex<Tally>>,
    ) -> Self {
        let clock = Arc::new(LifeClock::begin(wall));
        let random = Arc::new(SeededRandom::of(seed, 1000 + number));
        let fate = Arc::new(Fate {
            disk_is_full: Mutex::new(false),
            death: Mutex::new(None),
            died: Notify::new(),
            commits: AtomicU64::new(0),
            chance: Mutex::new(Chance::of(seed, 2000 + number)),
            tally: Arc::clone(tally),
        });
        let options = Options {
            is_durable: false,
            readers: 4,
            ..Options::in_directory(directory)
        };
        let database = Database::open_in_steps(&options, &*random, fate.clone()).unwrap();
        let surroundings = Surroundings {
            clock: clock.clone(),
            random,
            nodes: net.clone(),
            rates: net.clone(),
            lines: Arc::new(Nobody),
            sockets: Arc::new(Nobody),
            posts: Arc::new(receivers.clone()),
            letters: Arc::new(NoLetters),
        };
        let listeners = Listeners::bind(settings).await.unwrap();
        let daemon = Daemon::start_on(&listeners, settings, database, surroundings, None, None)
            .await
            .unwrap();
        Self { daemon, clock, fate }
    }
}
