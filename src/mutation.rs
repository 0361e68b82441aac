//! Foreign bytes for tests: recordings of what is valid, damaged by the number of a seed, and a loop that feeds them to a
//! parser. The fuzzing of every parser is built on it; each target lies beside its parser, in a file `fuzz.rs`.
//!
//! | file | what is fed |
//! |---|---|
//! | `domain/fuzz.rs` | addresses of each family, scripts, ids, amounts, fiat, confirmation tiers, allow lists, pictures, web sites, colours, notice destinations |
//! | `chain/fuzz.rs` | JSON-RPC replies, account keys and descriptors, ownership proofs |
//! | `chain/bitcoin/tests/fuzz.rs` | raw blocks and transactions of Bitcoin and Litecoin (MWEB), headers, everything that a node or an Esplora server replies |
//! | `chain/bitcoin/electrum/tests/fuzz.rs` | everything that an Electrum server writes |
//! | `chain/evm/tests/fuzz.rs`, `chain/tron/tests/fuzz.rs` | everything that a node replies |
//! | `net/fuzz.rs` | `Retry-After`, endpoints, WebSocket frames, replies of web servers |
//! | `rates/tests/fuzz.rs` | the replies of each source of rates |
//! | `config/tests/fuzz.rs` | the configuration file, the dashboard's file of networks, variables of the environment |
//! | `engine/office/fuzz.rs` | lists of addresses, second factors, origins |
//! | `outbox/fuzz.rs` | what receivers of webhooks reply |
//! | `store/fuzz.rs` | the key file, sealed secrets, the database file |
//! | `web/fuzz.rs` and below | requests to every route: paths, queries, headers, cookies, JSON, forms |
//!
//! What holds for every target: no panic (with overflow checks), no hang ([`Run`] ends a case that takes longer than
//! [`CASE_LIMIT`]), and memory within a multiple of the input ([`bounded`]).
//!
//! A run of the tests does a fixed number of cases from seed 1, so that it is the same every time. `tests/fuzz` runs
//! longer, by `PAYD_FUZZ_SECONDS` for each target and from `PAYD_FUZZ_SEED`; what it finds is found again by the seed that
//! it prints, with `PAYD_FUZZ_CASES=1`.

mod json;
#[cfg(test)]
mod tests;
mod tokens;

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The longest time that one case may take: no case comes near it, also where many run at a time.
const CASE_LIMIT: Duration = Duration::from_secs(120);

/// What a parser may use beside a multiple of its input: error messages, tables that are made once.
const BYTES_BASE: u64 = 256 * 1024;

/// The longest input that damage makes of a short one. Longer recordings keep their length, about.
const GROWN_BYTES_MAX: usize = 64 * 1024;

/// A source of damage: the same for the same seed (SplitMix64).
#[derive(Debug, Clone)]
pub(crate) struct Mutator {
    state: u64,
}

impl Mutator {
    pub(crate) const fn of(seed: u64) -> Self {
        Self { state: seed }
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; 0 where there is none.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap().max(1);
        usize::try_from(self.next() % bound).unwrap()
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }

    /// So many random bytes.
    pub(crate) fn noise(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next().to_le_bytes()[0]).collect()
    }

    /// A range of at most `length_max` within `0..length`.
    fn range(&mut self, length: usize, length_max: usize) -> Range<usize> {
        let start = self.below(length + 1);
        let count = self.below((length - start).min(length_max) + 1);
        start..start + count
    }

    /// One of `corpus`, damaged: as JSON where it is JSON, as text where it is text, as bytes now and then in any case.
    pub(crate) fn foul(&mut self, corpus: &[impl AsRef<[u8]>]) -> Vec<u8> {
        if corpus.is_empty() || self.once_in(64) {
            let count = self.below(300);
            return self.noise(count);
        }
        let mut input = corpus[self.below(corpus.len())].as_ref().to_vec();
        // Mostly a little: what is damaged much is refused at once.
        let times = 1 + self.below(4) * self.below(3);
        for _ in 0..times {
            let other = corpus[self.below(corpus.len())].as_ref();
            self.damage(&mut input, other);
        }
        input
    }

    /// As [`Self::foul`], of texts.
    pub(crate) fn foul_text(&mut self, corpus: &[impl AsRef<str>]) -> String {
        let corpus: Vec<&[u8]> = corpus.iter().map(|text| text.as_ref().as_bytes()).collect();
        String::from_utf8_lossy(&self.foul(&corpus)).into_owned()
    }

    /// Does one damage to `input`; `other` is what a part can come from.
    pub(crate) fn damage(&mut self, input: &mut Vec<u8>, other: &[u8]) {
        let limit = input.len().max(GROWN_BYTES_MAX);
        let is_binary = std::str::from_utf8(input).is_err();
        match self.below(8) {
            0..=4 if !is_binary && json::is_like(input) => json::damage(self, input),
            0..=5 if !is_binary => tokens::damage(self, input, other),
            _ => self.damage_bytes(input, other),
        }
        input.truncate(limit);
    }

    pub(crate) fn damage_bytes(&mut self, input: &mut Vec<u8>, other: &[u8]) {
        let at = self.below(input.len());
        match self.below(10) {
            0 | 1 if !input.is_empty() => input[at] ^= 1 << self.below(8),
            2 if !input.is_empty() => {
                input[at] = *[0, 1, 0x7f, 0x80, 0xfc, 0xfd, 0xfe, 0xff][self.below(8)..]
                    .first()
                    .unwrap()
            }
            3 => input.truncate(at),
            4 => drop(input.drain(self.clone().range(input.len(), 64))),
            5 => {
                let count = 1 + self.below(12);
                let noise = self.noise(count);
                input.splice(at..at, noise);
            }
            6 => {
                let copied = self.range(input.len(), 256);
                let copied = input[copied].to_vec();
                input.splice(at..at, copied);
            }
            7 => {
                let copied = self.range(other.len(), 256);
                let replaced = self.range(input.len(), 256);
                input.splice(replaced, other[copied].to_vec());
            }
            8 if input.len() > 8 => {
                // A number of four or eight bytes, at the edge of what fits.
                let number = [0, 1, u64::MAX, u64::MAX >> 1, 1 << 63, u64::from(u32::MAX)][self.below(6)];
                let count = [2, 4, 8][self.below(3)];
                let at = self.below(input.len() - 8);
                input[at..at + count].copy_from_slice(&number.to_le_bytes()[..count]);
            }
            _ if input.len() > 1 => {
                let other = self.below(input.len());
                input.swap(at, other);
            }
            _ => input.push(0xff),
        }
    }
}

/// Calls `parse` and checks that it never holds more memory at a time than `factor` times the input, beside a base that
/// is the same for all.
pub(crate) fn bounded<T>(input_bytes: usize, factor: u64, parse: impl FnOnce() -> T) -> T {
    let mut parsed = None;
    let used = allocation_counter::measure(|| parsed = Some(parse()));
    let limit = BYTES_BASE + factor * u64::try_from(input_bytes).unwrap();
    assert!(
        used.bytes_max <= limit,
        "{} bytes at a time for an input of {input_bytes}",
        used.bytes_max
    );
    parsed.unwrap()
}

/// Runs `case` on so many seeds: `cases` in the tests, as long as `tests/fuzz` says there.
pub(crate) fn run(target: &'static str, cases: u64, mut case: impl FnMut(&mut Mutator)) {
    let wanted = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|value| value.parse::<u64>().ok())
    };
    let first = wanted("PAYD_FUZZ_SEED").unwrap_or(1);
    let seconds = wanted("PAYD_FUZZ_SECONDS").map(Duration::from_secs);
    let cases = wanted("PAYD_FUZZ_CASES").unwrap_or(cases);
    let started = Instant::now();
    let run = Run::of(target, first);
    let mut count = 0;
    while seconds.map_or(count < cases, |limit| started.elapsed() < limit) {
        let seed = first.wrapping_add(count);
        run.seed.store(seed, Ordering::Relaxed);
        case(&mut Mutator::of(seed));
        count += 1;
    }
    run.has_ended.store(true, Ordering::Relaxed);
    let spent = started.elapsed().as_secs_f32();
    println!(
        "fuzzed {target}: {count} cases in {spent:.1} s, seeds {first}..{}",
        first.wrapping_add(count)
    );
}

/// A run of a target. Tells which seed it was when a case panics, and ends the process when one does not end.
struct Run {
    target: &'static str,
    seed: Arc<AtomicU64>,
    has_ended: Arc<AtomicBool>,
}

impl Run {
    fn of(target: &'static str, first: u64) -> Self {
        let run = Self {
            target,
            seed: Arc::new(AtomicU64::new(first)),
            has_ended: Arc::default(),
        };
        let (seed, has_ended) = (Arc::clone(&run.seed), Arc::clone(&run.has_ended));
        std::thread::spawn(move || {
            let mut last = (u64::MAX, Instant::now());
            while !has_ended.load(Ordering::Relaxed) {
                let now = seed.load(Ordering::Relaxed);
                if now != last.0 {
                    last = (now, Instant::now());
                } else if last.1.elapsed() > CASE_LIMIT {
                    eprintln!("fuzzing {target} hangs at seed {now}");
                    std::process::exit(101);
                }
                std::thread::sleep(Duration::from_millis(250));
            }
        });
        run
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.has_ended.store(true, Ordering::Relaxed);
        if std::thread::panicking() {
            let seed = self.seed.load(Ordering::Relaxed);
            eprintln!(
                "fuzzing {} failed at seed {seed}: PAYD_FUZZ_SEED={seed} PAYD_FUZZ_CASES=1",
                self.target
            );
        }
    }
}

/// Bytes for a message, as text where they are.
pub(crate) fn shown(input: &[u8]) -> String {
    let mut shown = String::new();
    for byte in input.iter().take(2000) {
        let _ = write!(shown, "{}", std::ascii::escape_default(*byte));
    }
    shown
}
