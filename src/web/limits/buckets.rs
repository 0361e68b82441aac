//! Buckets of one rate, one for each key, at most so many of them. Knows neither addresses nor calls.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use governor::clock::Clock as Timepiece;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::StateStore;
use governor::state::keyed::ShrinkableKeyedStateStore;
use governor::{NotUntil, Quota, RateLimiter};

use super::Rate;
use crate::ambient::Clock;
use crate::domain::time::UnixMillis;

/// How many keys are remembered, and with it the memory they take: 2 MiB at most.
pub(super) const KEYS_MAX: usize = 32 * 1024;

/// After so many calls at least, buckets that are full again are forgotten.
const SWEEP_CALLS_MIN: usize = 1024;

/// A jump of the clock counts no further: every bucket is full by then.
const STEP_MAX: Duration = Duration::from_secs(60 * 60);

type Limiter<K> = RateLimiter<K, Levels<K>, Elapsed, NoOpMiddleware<Duration>>;

/// One bucket for each key.
pub(super) struct Buckets<K: Clone + Eq + Hash> {
    taking: Limiter<K>,
    /// The same buckets, of which it takes nothing.
    looking: Limiter<K>,
    levels: Levels<K>,
    /// The time in which one call comes back.
    refill: Duration,
}

impl<K: Clone + Eq + Hash> Buckets<K> {
    /// Buckets that are full.
    pub(super) fn new(rate: Rate, clock: Elapsed) -> Self {
        let quota = Quota::with_period(rate.refill).unwrap_or(Quota::per_second(rate.burst));
        let quota = quota.allow_burst(rate.burst);
        let levels = Levels::new(true);
        Self {
            looking: RateLimiter::new(quota, levels.to_look_at(), clock.clone()),
            taking: RateLimiter::new(quota, levels.clone(), clock),
            levels,
            refill: rate.refill,
        }
    }

    /// Takes one call out of the key's bucket.
    ///
    /// # Errors
    /// When it is empty: the time to the next one.
    pub(super) fn take(&self, key: &K) -> Result<(), Duration> {
        if self.levels.lock().is_sweep_due() {
            self.taking.retain_recent();
            self.taking.shrink_to_fit();
        }
        self.taking.check_key(key).map_err(|until| self.wait(&until))
    }

    /// Whether the key's bucket holds a call, without taking it.
    ///
    /// # Errors
    /// As [`Self::take`].
    pub(super) fn look(&self, key: &K) -> Result<(), Duration> {
        self.looking.check_key(key).map_err(|until| self.wait(&until))
    }

    /// Puts a call back that was taken and did not count after all.
    pub(super) fn give_back(&self, key: &K) {
        if let Some(full_at) = self.levels.lock().full_at.get_mut(key) {
            *full_at = full_at.saturating_sub(Nanos::from(self.refill));
        }
    }

    fn wait(&self, until: &NotUntil<Duration>) -> Duration {
        until.wait_time_from(self.taking.clock().now())
    }

    /// How many keys are remembered.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.taking.len()
    }
}

/// When each bucket will be full again, in time since the start. A bucket that is not here is full.
#[derive(Clone)]
struct Levels<K> {
    shared: Arc<Mutex<Shared<K>>>,
    /// Whether what is taken is written down.
    takes: bool,
}

struct Shared<K> {
    full_at: HashMap<K, Nanos>,
    calls_since_sweep: usize,
}

impl<K> Levels<K> {
    fn new(takes: bool) -> Self {
        let shared = Shared {
            full_at: HashMap::new(),
            calls_since_sweep: 0,
        };
        Self {
            shared: Arc::new(Mutex::new(shared)),
            takes,
        }
    }

    fn to_look_at(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            takes: false,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Shared<K>> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K> Shared<K> {
    /// Counts a call, and says whether it is time to forget the buckets that are full again.
    fn is_sweep_due(&mut self) -> bool {
        self.calls_since_sweep = self.calls_since_sweep.saturating_add(1);
        let is_due = self.calls_since_sweep >= self.full_at.len().max(SWEEP_CALLS_MIN);
        if is_due {
            self.calls_since_sweep = 0;
        }
        is_due
    }
}

impl<K: Clone + Eq + Hash> Shared<K> {
    /// Writes a level down. For want of room, the fuller half of all buckets is taken for full: who has called most
    /// is remembered longest.
    fn set(&mut self, key: &K, full_at: Nanos) {
        if self.full_at.len() >= KEYS_MAX && !self.full_at.contains_key(key) {
            let mut all: Vec<Nanos> = self.full_at.values().copied().collect();
            let (_, median, _) = all.select_nth_unstable(KEYS_MAX.div_euclid(2));
            let median = *median;
            self.full_at.retain(|_, full_at| *full_at > median);
        }
        self.full_at.insert(key.clone(), full_at);
    }
}

impl<K: Clone + Eq + Hash> StateStore for Levels<K> {
    type Key = K;

    fn measure_and_replace<T, F, E>(&self, key: &K, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let mut shared = self.lock();
        let (answer, full_at) = measure(shared.full_at.get(key).copied())?;
        if self.takes {
            shared.set(key, full_at);
        }
        Ok(answer)
    }
}

impl<K: Clone + Eq + Hash> ShrinkableKeyedStateStore<K> for Levels<K> {
    fn retain_recent(&self, drop_below: Nanos) {
        self.lock().full_at.retain(|_, full_at| *full_at > drop_below);
    }

    fn shrink_to_fit(&self) {
        self.lock().full_at.shrink_to_fit();
    }

    fn len(&self) -> usize {
        self.lock().full_at.len()
    }

    fn is_empty(&self) -> bool {
        self.lock().full_at.is_empty()
    }
}

/// The time that has passed by a clock since it was first read. A clock that is set back stands still instead:
/// nobody waits for it to catch up.
#[derive(Clone)]
pub(super) struct Elapsed {
    clock: Arc<dyn Clock>,
    read: Arc<Mutex<(UnixMillis, Duration)>>,
}

impl Elapsed {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        let read = Arc::new(Mutex::new((clock.now(), Duration::ZERO)));
        Self { clock, read }
    }
}

impl Timepiece for Elapsed {
    type Instant = Duration;

    fn now(&self) -> Duration {
        let now = self.clock.now();
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let (last, elapsed) = *read;
        let elapsed = elapsed.saturating_add(now.since(last).min(STEP_MAX));
        *read = (now, elapsed);
        elapsed
    }
}
