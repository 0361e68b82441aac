//! The whole daemon, simulated: a real file under it, everything else made up by a seed, and everything that can go wrong
//! going wrong. After every step the file is held against what is true.
//!
//! A seed that fails is run again by its number: `tests/simulate --seed N`. `tests/mutants` shows which bugs it finds.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "all of this crate is test code: what goes wrong here should stop the test at once"
)]

mod chains;
mod chance;
mod end;
mod evm;
mod facts;
mod ledger;
mod life;
mod provider;
mod receivers;
mod run;
mod shop;
mod tally;
mod template;
mod utxo;
mod waiting;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use self::run::{Ended, simulate};
use self::tally::Tally;
use self::template::Templates;

/// Seeds of a run of the tests; together they make more than 100 000 payments.
const SEEDS: u64 = 68;

fn environment(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Runs seeds on all cores, from `first` on, until `goes_on` says no; gives back what they came to and the first that
/// failed.
fn run_many(first: u64, goes_on: impl Fn(u64) -> bool + Sync) -> (Tally, Option<(u64, String)>) {
    let (templates, settings) = (Templates::make(), template::readings());
    let (next, failed) = (AtomicU64::new(first), AtomicBool::new(false));
    let total = Mutex::new((Tally::default(), None::<(u64, String)>, Instant::now()));
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let work = || {
        while !failed.load(Ordering::Relaxed) {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if !goes_on(seed) {
                return;
            }
            let ended = catch_unwind(AssertUnwindSafe(|| simulate(seed, &settings, &templates)));
            let mut total = total.lock().unwrap();
            match ended {
                Ok(Ended {
                    tally,
                    violation,
                    told,
                    ..
                }) => {
                    total.0.take_in(&tally);
                    total.0.count("seeds");
                    if let Some(violation) = violation {
                        failed.store(true, Ordering::Relaxed);
                        total.1.get_or_insert((seed, format!("{told}\n{violation}")));
                    }
                }
                Err(_) => {
                    failed.store(true, Ordering::Relaxed);
                    total.1.get_or_insert((seed, "it panicked: see above".to_owned()));
                }
            }
            if total.2.elapsed() > Duration::from_secs(30) {
                total.2 = Instant::now();
                println!(
                    "{} seeds, {} payments",
                    total.0.of("seeds"),
                    total.0.of("payments")
                );
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let (tally, failure, _) = total.into_inner().unwrap();
    (tally, failure)
}

#[test]
fn whatever_fails_money_is_recorded_once_and_told_once() {
    if std::env::var_os("PAYD_SIMULATE_LOG").is_some() {
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::DEBUG)
            .init();
    }
    let began = Instant::now();
    let minutes = environment("PAYD_SIMULATE_MINUTES");
    let seed = environment("PAYD_SIMULATE_SEED");
    let seeds = environment("PAYD_SIMULATE_SEEDS").unwrap_or(SEEDS);
    let first = seed.or(environment("PAYD_SIMULATE_FIRST")).unwrap_or(0);
    let (tally, failure) = run_many(first, |next| match (minutes, seed) {
        (Some(minutes), _) => began.elapsed() < Duration::from_secs(minutes * 60),
        (None, Some(seed)) => next == seed,
        (None, None) => next < seeds,
    });
    println!("{} s: {tally}", began.elapsed().as_secs());
    if let Some((seed, told)) = failure {
        panic!("seed {seed} failed; run it again with `tests/simulate --seed {seed}`\n{told}");
    }
    if minutes.is_none() && seed.is_none() && seeds == SEEDS {
        assert!(tally.of("payments") >= 100_000, "{tally}");
    }
}

#[test]
fn a_seed_is_the_same_run_whenever_it_is_run() {
    let (templates, settings) = (Templates::make(), template::readings());
    let [one, again] = [(); 2].map(|()| simulate(7, &settings, &templates));
    assert_eq!((one.violation, one.digest), (again.violation, again.digest));
}
