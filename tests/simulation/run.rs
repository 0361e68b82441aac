//! One seed, from its first step to the quiet at its end.

mod plan;

use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use payd::ambient::Clock as _;
use payd::config::Settings;

use crate::chains::{Chains, Target};
use crate::chance::Chance;
use crate::ledger::{Around, Ledger, Reader};
use crate::life::{Life, LifeClock, Wall};
use crate::provider::{Fault, NO_FAULTS, Net};
use crate::receivers::{Inbox, RECEIVERS, Receivers};
use crate::shop::{Book, Customer, Shops};
use crate::tally::Tally;
use crate::template::{self, Readings, START_MS, Templates};
use crate::world::{BLOCK_MS, Network, PROVIDERS};

/// Steps in which things go wrong, each of a block's time.
const STEPS: u64 = 150;
/// Steps of the quiet at the end that go as slowly as those before.
const QUIET: u64 = 14;
/// The longest that the quiet takes until every window is over, in long steps.
const LONG_STEPS_MAX: u64 = 60;
const LONG_STEP_MS: u64 = 20_000;
/// A time in which nothing happens, long enough for every address to have rested.
const NIGHT_MS: i64 = 5 * 3_600_000;
/// Lines of the past that a failure shows.
const TOLD: usize = 60;

/// What a seed came to.
pub struct Ended {
    pub tally: Tally,
    /// A digest of everything that happened; the same whenever the seed is run.
    pub digest: u64,
    pub violation: Option<String>,
    /// The last things that happened, when there is a violation.
    pub told: String,
}

/// Whether no payment waits any more, and the chains were read to their ends.
fn is_over(reader: &Reader, life: &Life, chains: &Chains) -> bool {
    let live = "SELECT count(*) FROM payments WHERE status IN ('queued', 'pending', 'confirming')";
    let latest = reader.number("SELECT coalesce(max(expires_ms), 0) FROM payments");
    let is_read = |network: &Network| {
        let sql = format!(
            "SELECT coalesce(max(height), 0) FROM cursors WHERE network = '{}'",
            network.slug()
        );
        reader.number(&sql) == chains.world(*network).height() as i64
    };
    reader.number(live) == 0 && life.clock.true_ms() as i64 > latest && Network::ALL.iter().all(is_read)
}

enum LifeEnd {
    Died,
    Stopped,
    Done,
}

struct Run {
    seed: u64,
    chance: Chance,
    chains: Arc<Mutex<Chains>>,
    net: Arc<Net>,
    receivers: Receivers,
    shops: Shops,
    ledger: Ledger,
    tally: Arc<Mutex<Tally>>,
    wall: Arc<Wall>,
    step: u64,
    /// Until when each provider, receiver, the clock and the disk are unwell.
    provider_until: [[u64; PROVIDERS]; Network::ALL.len()],
    lag: [[usize; PROVIDERS]; Network::ALL.len()],
    receiver_until: [u64; RECEIVERS],
    clock_until: u64,
    disk_until: u64,
    /// The step before which a night passes.
    night: Option<u64>,
    /// What payd's clock showed in this step and in the one before.
    clock_ms: [RangeInclusive<i64>; 2],
    digest: u64,
    told: Vec<String>,
}

/// Runs a seed.
pub fn simulate(seed: u64, readings: &Readings, templates: &Templates) -> Ended {
    let settings = readings.of(seed);
    let base = tempfile::tempdir().unwrap();
    let mut run = Run::new(seed);
    let mut directory = base.path().join("0");
    template::copy(templates.of(!seed.is_multiple_of(3)), &directory);
    let mut life = 0;
    let violation = loop {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        let lived = runtime.block_on(run.live(&directory, settings, life));
        match lived {
            Err(violation) => break Some(violation),
            Ok(LifeEnd::Done) => break None,
            Ok(LifeEnd::Died | LifeEnd::Stopped) => {}
        }
        // What the disk holds at this moment; what the dropped process still does to its own files is not seen.
        life += 1;
        let next: PathBuf = base.path().join(life.to_string());
        template::copy(&directory, &next);
        drop(runtime);
        std::fs::remove_dir_all(std::mem::replace(&mut directory, next)).unwrap();
    };
    if violation.is_some() && std::env::var_os("PAYD_SIMULATE_KEEP").is_some() {
        run.tell(format_args!("the files are kept in {}", base.keep().display()));
    }
    let mut tally = run.tally.lock().unwrap().clone();
    {
        let chains = run.chains.lock().unwrap();
        tally.take_in(&chains.evm.tally);
        tally.take_in(&chains.bitcoin.tally);
    }
    tally.add("payments", run.ledger.payments());
    tally.add("steps", run.step);
    Ended {
        tally,
        digest: run.digest,
        told: match violation {
            Some(_) => run.told.join("\n"),
            None => String::new(),
        },
        violation,
    }
}

impl Run {
    fn new(seed: u64) -> Self {
        let tally = Arc::new(Mutex::new(Tally::default()));
        let chains = Arc::new(Mutex::new(Chains::new(seed, START_MS)));
        let wall = Arc::new(Wall::default());
        wall.true_ms.store(START_MS as i64, Ordering::Relaxed);
        Self {
            seed,
            chance: Chance::of(seed, 2),
            net: Arc::new(Net {
                chains: Arc::clone(&chains),
                faults: Mutex::new(NO_FAULTS),
                chance: Mutex::new(Chance::of(seed, 3)),
                tally: Arc::clone(&tally),
            }),
            receivers: Receivers {
                inbox: Arc::new(Mutex::new(Inbox::default())),
                chance: Arc::new(Mutex::new(Chance::of(seed, 4))),
                tally: Arc::clone(&tally),
            },
            shops: Shops {
                book: Arc::new(Mutex::new(Book::default())),
                tally: Arc::clone(&tally),
            },
            ledger: Ledger::default(),
            tally,
            wall,
            chains,
            step: 0,
            provider_until: Default::default(),
            lag: Default::default(),
            receiver_until: [0; RECEIVERS],
            clock_until: 0,
            disk_until: 0,
            night: seed
                .is_multiple_of(2)
                .then(|| Chance::of(seed, 6).between(70, 90)),
            clock_ms: [START_MS as i64..=START_MS as i64, 0..=0],
            digest: 0xcbf2_9ce4_8422_2325,
            told: Vec::new(),
        }
    }

    fn tell(&mut self, line: std::fmt::Arguments<'_>) {
        let mut text = format!("{:>4}: ", self.step);
        let _ = text.write_fmt(line);
        for byte in text.bytes() {
            self.digest = (self.digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        if self.told.len() >= TOLD {
            self.told.remove(0);
        }
        self.told.push(text);
    }

    fn count(&self, what: &'static str) {
        self.tally.lock().unwrap().count(what);
    }

    /// One life of the process.
    async fn live(&mut self, directory: &Path, settings: &Settings, number: u64) -> Result<LifeEnd, String> {
        self.receivers.inbox.lock().unwrap().life = number;
        let sources = (&self.net, &self.receivers);
        let life = Life::begin(
            directory,
            settings,
            sources,
            &self.wall,
            (self.seed, number),
            &self.tally,
        )
        .await;
        let reader = Reader::open(directory);
        self.disk_until = 0;
        self.lead_away();
        let end = loop {
            if self.step >= STEPS + QUIET
                && (is_over(&reader, &life, &self.chains.lock().unwrap())
                    || self.step >= STEPS + QUIET + LONG_STEPS_MAX)
            {
                break LifeEnd::Done;
            }
            let fate = Arc::clone(&life.fate);
            let is_dead = tokio::select! {
                biased;
                () = fate.died.notified() => true,
                is_dead = self.take_step(&life) => is_dead,
            };
            self.step += 1;
            self.note_clock(&life.clock);
            self.check(&reader)?;
            if is_dead {
                self.count("crashes");
                self.tell(format_args!("the process dies"));
                break LifeEnd::Died;
            }
            if self.step < STEPS && self.chance.permille(8) {
                break LifeEnd::Stopped;
            }
        };
        let true_ms = life.clock.true_ms() as i64;
        match end {
            LifeEnd::Died => {}
            LifeEnd::Done => self.check_end(&reader).await?,
            LifeEnd::Stopped => {
                self.count("restarts");
                self.tell(format_args!("the daemon is stopped"));
                *life.fate.disk_is_full.lock().unwrap() = false;
                let clock = Arc::clone(&life.clock);
                life.daemon.stop().await;
                self.note_clock(&clock);
                self.check(&reader)?;
                self.wall.true_ms.store(clock.true_ms() as i64, Ordering::Relaxed);
                return Ok(end);
            }
        }
        self.wall.true_ms.store(true_ms, Ordering::Relaxed);
        Ok(end)
    }

    /// Notes up to when payd's clock has come in this step.
    fn note_clock(&mut self, clock: &LifeClock) {
        let began_ms = *self.clock_ms[0].start();
        self.clock_ms[0] = began_ms..=clock.now().get();
    }

    /// One step; true when the process was killed in it.
    async fn take_step(&mut self, life: &Life) -> bool {
        self.note_clock(&life.clock);
        if self.night == Some(self.step) {
            self.wall.true_ms.fetch_add(NIGHT_MS, Ordering::Relaxed);
            self.tell(format_args!("a night passes"));
        }
        let now_ms = life.clock.true_ms();
        let is_quiet = self.step >= STEPS;
        if is_quiet {
            self.heal(life);
        } else {
            self.break_things(life);
        }
        let clock_ms = life.clock.now().get();
        self.clock_ms.swap(0, 1);
        self.clock_ms[0] = clock_ms..=clock_ms;
        for network in Network::ALL {
            self.grow(network, now_ms, is_quiet);
        }
        self.shop(life, now_ms, is_quiet);
        let span_ms = match self.step {
            0..STEPS => self.chance.between(1500, 2500),
            step if step < STEPS + QUIET => BLOCK_MS,
            _ => LONG_STEP_MS,
        };
        if !is_quiet && self.chance.permille(12) {
            let killed_after = self.chance.below(span_ms);
            tokio::time::sleep(Duration::from_millis(killed_after)).await;
            return true;
        }
        tokio::time::sleep(Duration::from_millis(span_ms)).await;
        false
    }

    /// A chain goes on, or turns back; its providers follow as they do.
    fn grow(&mut self, network: Network, now_ms: u64, is_quiet: bool) {
        let faults = self.net.faults.lock().unwrap()[network.index()];
        let chains = Arc::clone(&self.chains);
        let mut chains = chains.lock().unwrap();
        let chain = chains.of(network);
        chain.pass(&faults, is_quiet, now_ms);
        // While an answer is on its way, what it is about is changed.
        let answers_late = faults
            .iter()
            .any(|fault| matches!(fault, Fault::Slow | Fault::Hangs));
        let turns_permille = if answers_late { 200 } else { 60 };
        if !is_quiet && self.chance.permille(turns_permille) {
            let depth = match self.chance.below(10) {
                0..7 => self.chance.between(1, 2),
                7 | 8 => self.chance.between(3, 6),
                _ => self.chance.between(7, 20),
            };
            let longer = self.chance.below(3);
            let dropped = chain.reorganise(depth, longer, now_ms);
            self.count("reorganisations");
            self.tell(format_args!(
                "{}: a reorganisation {depth} deep, {longer} longer, {dropped} dropped",
                network.slug()
            ));
        } else if is_quiet || self.chance.permille(930) {
            chain.mine(now_ms);
        }
        let world = chain.world_mut();
        self.tell(format_args!(
            "{}: block {} {}",
            network.slug(),
            world.height(),
            world.tip().hash
        ));
        for (provider, fault) in faults.iter().enumerate() {
            // Some stay where they are for a while.
            if *fault != Fault::OwnBranch && (is_quiet || self.chance.permille(900)) {
                world.show(provider, self.lag[network.index()][provider]);
            }
        }
    }

    /// The shops and their customers.
    fn shop(&mut self, life: &Life, now_ms: u64, is_quiet: bool) {
        let router = life.daemon.router();
        let count = if is_quiet { 0 } else { self.chance.below(22) };
        for _ in 0..count {
            let index = self.shops.order(&mut self.chance, self.step);
            tokio::spawn(self.shops.clone().create(router.clone(), index));
        }
        let book = self.shops.book.lock().unwrap();
        let mut again = Vec::new();
        let mut cancelled = Vec::new();
        let mut asked = Vec::new();
        for (index, order) in book.orders.iter().enumerate() {
            let is_new = order.pays_at + 30 > self.step;
            if order.number.is_none() && order.key.is_some() && !order.is_refused && order.sends > 0 {
                if is_quiet || self.chance.permille(400) {
                    again.push(index);
                }
            } else if order.key.is_some() && is_new && self.chance.permille(15) {
                again.push(index);
            }
            if matches!(order.customer, Customer::CalledOff { .. })
                && (order.pays_at..order.pays_at + 3).contains(&self.step)
            {
                cancelled.push(index);
            }
            if order.number.is_some() && is_new && (order.ask.is_none() || self.chance.permille(10)) {
                asked.push(index);
            }
        }
        for network in Network::ALL {
            let waiting = book.orders.iter().rev().filter(|order| order.network == network);
            let targets = waiting.filter_map(|order| {
                let (to, amount) = order.ask.clone()?;
                let coin = order.coin;
                Some(Target { to, coin, amount })
            });
            self.chains
                .lock()
                .unwrap()
                .of(network)
                .expect(targets.take(8).collect());
        }
        drop(book);
        for index in again {
            // Two at once, now and then.
            for _ in 0..1 + self.chance.below(2) {
                tokio::spawn(self.shops.clone().create(router.clone(), index));
            }
        }
        for index in cancelled {
            tokio::spawn(self.shops.clone().cancel(router.clone(), index));
        }
        for index in asked {
            tokio::spawn(self.shops.clone().retrieve(router.clone(), index));
        }
        let mut chains = self.chains.lock().unwrap();
        self.shops.pay(&mut chains, self.step, now_ms);
        if self.chance.permille(100) {
            chains.evm.send_elsewhere();
        }
    }

    fn check(&mut self, reader: &Reader) -> Result<(), String> {
        self.hold_against(|ledger, around| ledger.check(reader, around))?;
        let state = reader.rows(
            "SELECT (SELECT count(*) FROM payments), (SELECT max(id) FROM events), (SELECT count(*) FROM transfers),
                 (SELECT count(*) FROM unconfirmed)",
            &[],
        );
        self.tell(format_args!(
            "payments, events, transfers, waiting: {:?}",
            state[0]
        ));
        Ok(())
    }

    /// Lets the last webhooks go out, then looks at the whole.
    async fn check_end(&mut self, reader: &Reader) -> Result<(), String> {
        // Their schedules have waits of hours.
        for hours in [1, 3, 6, 11] {
            self.wall.off_ms.fetch_add(hours * 3_600_000, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(5000)).await;
            let pending = reader.number("SELECT count(*) FROM deliveries WHERE state = 'pending'");
            if pending == 0 {
                break;
            }
        }
        self.hold_against(|ledger, around| ledger.check_end(reader, around))
    }

    /// Gives the ledger what is true now, to hold the file against.
    fn hold_against(
        &mut self,
        check: impl FnOnce(&mut Ledger, &mut Around<'_>) -> Result<(), String>,
    ) -> Result<(), String> {
        let chains = self.chains.lock().unwrap();
        let book = self.shops.book.lock().unwrap();
        let mut inbox = self.receivers.inbox.lock().unwrap();
        let mut tally = self.tally.lock().unwrap();
        let mut around = Around {
            chains: &chains,
            clock_ms: &self.clock_ms,
            book: &book,
            inbox: &mut inbox,
            tally: &mut tally,
        };
        check(&mut self.ledger, &mut around)
    }
}
