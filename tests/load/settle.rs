//! How long money takes from its block to a settled payment, over a database that is there: one test payment at a time is made,
//! paid on its simulated chain, recorded and settled, by the scanner that reads real chains, with a clock that is set by hand.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use payd::ambient::{Clock, SimulatedClock, SystemClock, SystemRandom, random_bytes};
use payd::chain::simulated::SimulatedSource;
use payd::config::FileText;
use payd::daemon::NetworkFiles;
use payd::domain::money::{Fiat, FiatAmount};
use payd::domain::network::{Mode, Network};
use payd::domain::status::Status;
use payd::domain::time::UnixMillis;
use payd::engine::Engine;
use payd::engine::gateway::{Caller, CreateRequest, Gateway, PayWith, Scenario};
use payd::engine::quote::Rates;
use payd::engine::scan::{Pace, Progress, Scanner};
use payd::engine::simulate::StoredLedger;
use payd::store::{Database, Options, StoreError, keys, shops};
use serde_json::json;

/// Blocks from the word to the money.
const SOON_BLOCKS: u32 = 4;

/// Payments before the first that counts: a daemon that runs has been asked before.
const WARM_UP: u32 = 20;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    data_dir: PathBuf,
    #[arg(long, default_value_t = 50)]
    rounds: u32,
}

pub(crate) async fn run(arguments: &Arguments) {
    let clock = Arc::new(SimulatedClock::starting_at(earlier()));
    let engine = engine(&arguments.data_dir, Arc::clone(&clock) as _);
    let database = engine.database.clone();
    let network = engine
        .registry
        .network_by_slug("bsc", Mode::Test)
        .expect("a simulated chain")
        .clone();
    let mut stage = Stage {
        gateway: Gateway::new(Arc::clone(&engine)),
        caller: caller(&engine).await,
        scanner: scanner(&engine, &network, &(Arc::clone(&clock) as _)),
        clock,
        network,
    };
    stage.read().await;
    let mut kept: [Vec<Spent>; 2] = Default::default();
    for round in 0..WARM_UP + arguments.rounds {
        let spent = stage.pay().await;
        if round >= WARM_UP {
            for (kept, spent) in kept.iter_mut().zip(spent) {
                kept.push(spent);
            }
        }
    }
    let wall = |place: usize| kept[place].iter().map(|spent| spent.wall_ms).collect::<Vec<_>>();
    let cpu = |place: usize| kept[place].iter().map(|spent| spent.cpu_ms).collect::<Vec<_>>();
    println!(
        "{}",
        json!({
            "record_ms": wall(0), "record_cpu_ms": cpu(0),
            "settle_ms": wall(1), "settle_cpu_ms": cpu(1),
        })
    );
    drop((stage, engine));
    database.close().await;
}

/// So long ago that a clock which is moved on by hand does not come to stand before the real one.
fn earlier() -> UnixMillis {
    SystemClock.now().minus(Duration::from_secs(2 * 60 * 60))
}

/// Has every simulated chain be read from a short while ago on, rather than from when the first store was made.
pub(crate) async fn begin(data_dir: &Path) {
    let clock: Arc<dyn Clock> = Arc::new(SimulatedClock::starting_at(earlier()));
    let engine = engine(data_dir, Arc::clone(&clock));
    let simulated: Vec<_> = engine
        .registry
        .networks()
        .filter(|network| network.mode == Mode::Test)
        .cloned()
        .collect();
    for network in simulated {
        scanner(&engine, &network, &clock).round().await.expect("a round");
    }
    let database = engine.database.clone();
    drop(engine);
    database.close().await;
}

/// An engine over the database of a directory.
fn engine(data_dir: &Path, clock: Arc<dyn Clock>) -> Arc<Engine> {
    let database = Database::open(&Options::in_directory(data_dir), &SystemRandom).expect("a database");
    let files = NetworkFiles {
        operators: FileText {
            name: "bench.toml".to_owned(),
            text: String::new(),
        },
        path: data_dir.join("networks.toml"),
    };
    let settings = files.settings(None).expect("the defaults");
    let rates = Rates {
        live: BTreeMap::new(),
        test: BTreeMap::from([(("USDT".to_owned(), Fiat::Usd), 1.into())]),
        market: None,
    };
    Arc::new(Engine::new(
        database,
        Arc::new(settings.registry()),
        settings.watched(),
        rates,
        clock,
        Arc::new(SystemRandom),
    ))
}

/// What a step took, and what all threads together computed for it.
struct Spent {
    wall_ms: f64,
    cpu_ms: f64,
}

/// What this process has computed so far, in milliseconds.
fn cpu_ms() -> f64 {
    let threads = std::fs::read_dir("/proc/self/task").expect("threads");
    let spent = threads.filter_map(|thread| {
        let text = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    });
    spent.sum::<f64>() / 1e6
}

struct Stage {
    gateway: Gateway,
    caller: Caller,
    scanner: Scanner,
    clock: Arc<SimulatedClock>,
    network: Arc<Network>,
}

impl Stage {
    /// What it takes to read the blocks up to the money, and to settle it at its depth.
    async fn pay(&mut self) -> [Spent; 2] {
        let price = FiatAmount {
            currency: Fiat::Usd,
            minor: 2599,
        };
        let request = CreateRequest::new(price, PayWith::asset("bsc", "usdt"));
        let made = self
            .gateway
            .create(&self.caller, request)
            .await
            .expect("a payment");
        let token = made.view.payment.token;
        self.gateway
            .simulate(&token, Scenario::Exact)
            .await
            .expect("money");
        self.pass(SOON_BLOCKS);
        let record = self.read().await;
        let seen = self.gateway.by_public_name(&token).await.expect("the payment");
        assert_eq!(seen.payment.status, Status::Confirming);
        self.pass(seen.payment.chosen().expect("chosen").confirmations);
        let settle = self.read().await;
        let paid = self.gateway.by_public_name(&token).await.expect("the payment");
        assert_eq!(paid.payment.status, Status::Paid);
        [record, settle]
    }

    fn pass(&self, blocks: u32) {
        let block_time = self.network.block_time.max(Duration::from_millis(1));
        self.clock.advance(block_time * blocks);
    }

    async fn read(&mut self) -> Spent {
        let (begun, computed) = (Instant::now(), cpu_ms());
        while self.scanner.round().await.expect("a round") == Progress::Behind {}
        Spent {
            wall_ms: begun.elapsed().as_secs_f64() * 1000.0,
            cpu_ms: cpu_ms() - computed,
        }
    }
}

/// A key of the middling store, for simulated chains.
async fn caller(engine: &Arc<Engine>) -> Caller {
    let secret = random_bytes::<16>(&SystemRandom).expect("chance");
    let key = format!("pk_{}", secret.map(|byte| format!("{byte:02x}")).concat());
    let (made, now) = (key.clone(), engine.clock.now());
    let insert = move |txn: &payd::store::Txn<'_>| {
        let shop = shops::all(txn)?.into_iter().nth(1).expect("the seeded stores");
        keys::insert(txn, shop.id, Mode::Test, &made, "sk", now, &SystemRandom).map(|_| ())
    };
    engine
        .database
        .write::<_, StoreError>(insert)
        .await
        .expect("a key");
    Gateway::new(Arc::clone(engine))
        .authenticate(&key, None)
        .await
        .expect("a caller")
}

fn scanner(engine: &Arc<Engine>, network: &Arc<Network>, clock: &Arc<dyn Clock>) -> Scanner {
    let ledger = StoredLedger::new(engine.database.clone(), network.id.clone());
    let source = SimulatedSource::new(Arc::clone(network), Arc::clone(clock), Box::new(ledger));
    let pace = Pace {
        active: Duration::from_secs(1),
        idle: Duration::from_secs(1),
    };
    Scanner::new(
        Arc::clone(engine),
        Arc::clone(network),
        Arc::new(source),
        pace,
        None,
    )
}
