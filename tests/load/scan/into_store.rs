//! The whole way: from the nodes' bytes into a database on disk, with every commit.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use payd::ambient::{SimulatedClock, SystemRandom};
use payd::domain::asset::Registry;
use payd::domain::shop::{Dialect, Rules};
use payd::domain::time::UnixMillis;
use payd::engine::Engine;
use payd::engine::quote::Rates;
use payd::engine::scan::{Pace, Progress, Scanner};
use payd::store::{Database, Options, StoreError, addresses, shops};
use serde_json::json;

use super::Reading;
use super::node::Served;
use super::reading::{Measured, put, round, watched};

const PACE: Pace = Pace {
    active: Duration::from_secs(1),
    idle: Duration::from_secs(1),
};

/// Reads the chain from its first block to its tip, as a daemon does that was away meanwhile.
pub(crate) async fn measure(reading: &dyn Reading, count: usize, scratch: &Path, measured: &mut Measured) {
    std::fs::create_dir_all(scratch).unwrap();
    let directory = tempfile::tempdir_in(scratch).unwrap();
    let served = Served::new(reading.node());
    let clock = Arc::new(SimulatedClock::starting_at(UnixMillis::from_seconds(
        1_800_000_000,
    )));
    let source = reading.source(Arc::clone(&served), clock.clone());
    clock.set(source.tip().await.unwrap().time.plus(Duration::from_secs(1)));
    let engine = engine(reading, directory.path(), &clock);
    fill(reading, &engine, count).await;
    let first = *reading.heights().start();
    let range = source.range_max();
    let mut scanner = Scanner::new(Arc::clone(&engine), reading.network(), source, PACE, Some(first));
    // The first round finds where to begin, and loads the addresses.
    let begun = Instant::now();
    assert_eq!(scanner.round().await.unwrap(), Progress::Behind);
    let loading = begun.elapsed();
    let (mut took, mut blocks, mut slowest) = (0.0, 0, 0.0_f64);
    let mut calls = 0;
    loop {
        let (before, begun) = (served.asked(), Instant::now());
        let progress = scanner.round().await.unwrap();
        let (round, asked) = (begun.elapsed(), served.asked().since(before));
        let round = round.as_secs_f64() - asked.spent_ns as f64 / 1e9;
        // At the tip there is more to do than to read.
        if progress == Progress::CaughtUp {
            break;
        }
        took += round;
        slowest = slowest.max(round);
        blocks += range;
        calls += asked.calls;
    }
    let mut put =
        |name: &str, value: f64, digits: i32| put(measured, name, count, json!(round(value, digits)));
    put("into_store_blocks_per_second", blocks as f64 / took, 1);
    put("into_store_us_per_block", took * 1e6 / blocks as f64, 1);
    put("into_store_slowest_round_ms", slowest * 1e3, 2);
    put("into_store_calls_per_block", calls as f64 / blocks as f64, 3);
    put("addresses_loaded_ms", loading.as_secs_f64() * 1e3, 1);
}

fn engine(reading: &dyn Reading, directory: &Path, clock: &Arc<SimulatedClock>) -> Arc<Engine> {
    let database = Database::open(&Options::in_directory(directory), &SystemRandom).unwrap();
    let (network, assets) = (reading.network(), reading.assets());
    let watched = assets
        .iter()
        .map(|asset| (asset.network.clone(), asset.currency.clone()));
    let watched: Vec<_> = watched.collect();
    let registry = Registry::new(vec![(*network).clone()], assets).unwrap();
    let rates = Rates {
        live: BTreeMap::new(),
        test: BTreeMap::new(),
        market: None,
    };
    let clock = Arc::clone(clock);
    Arc::new(Engine::new(
        database,
        Arc::new(registry),
        watched,
        rates,
        clock,
        Arc::new(SystemRandom),
    ))
}

/// A shop with so many addresses.
async fn fill(reading: &dyn Reading, engine: &Engine, count: usize) {
    let (network, all) = (reading.network(), watched(reading, count).collect::<Vec<_>>());
    let now = UnixMillis::from_seconds(1_700_000_000);
    let filling = engine.database.write(move |txn| {
        let shop = shops::insert(txn, "bench", Dialect::Payhook, None, &Rules::default(), now)?;
        for address in &all {
            addresses::insert(txn, shop, &network.id, address, now)?;
        }
        Ok::<_, StoreError>(())
    });
    filling.await.unwrap();
}
