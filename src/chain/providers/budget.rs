//! How often a provider is asked: a token bucket before each request, and the counts of those that were made.

use std::time::Duration;

use crate::domain::time::UnixMillis;
use crate::net::Endpoint;

/// The longest wait for a token; where it would take longer, another provider is asked.
pub const TOKEN_WAIT_MAX: Duration = Duration::from_secs(2);

/// How often a provider may be asked. A batch of calls is one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RequestRate {
    /// As often as needed where it is the operator's own ([`Endpoint::is_public`]), else 10 a second and 20 at once.
    #[default]
    ByHost,
    /// So many a second in the long run, and so many at once after a pause. Zeros count as ones.
    AtMost {
        /// Requests per second.
        per_second: u32,
        /// Requests at once.
        burst: u32,
    },
    /// As often as needed.
    Unlimited,
}

impl RequestRate {
    /// The bucket of a provider at `endpoint`; `None` where it is not limited.
    pub(super) fn bucket(self, endpoint: &Endpoint) -> Option<Bucket> {
        match self {
            Self::Unlimited => None,
            Self::ByHost if !endpoint.is_public() => None,
            Self::ByHost => Some(Bucket::new(10, 20)),
            Self::AtMost { per_second, burst } => Some(Bucket::new(per_second, burst)),
        }
    }
}

/// Tokens that come back one by one (the generic cell rate algorithm): all it keeps is when the bucket will be full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bucket {
    interval_us: i64,
    /// How far ahead of its time a token may be taken.
    slack_us: i64,
    full_at_us: i64,
}

impl Bucket {
    pub(super) fn new(per_second: u32, burst: u32) -> Self {
        let interval_us = 1_000_000_i64
            .checked_div(i64::from(per_second.max(1)))
            .unwrap_or(1)
            .max(1);
        Self {
            interval_us,
            slack_us: interval_us.saturating_mul(i64::from(burst.max(1)).saturating_sub(1)),
            full_at_us: i64::MIN,
        }
    }

    /// Takes a token at `now`: gives back how long to wait before it may be used.
    ///
    /// # Errors
    /// The wait, when it is longer than [`TOKEN_WAIT_MAX`]; no token is taken then.
    pub(super) fn take(&mut self, now: UnixMillis) -> Result<Duration, Duration> {
        let now_us = now.get().saturating_mul(1000);
        let wait_max_us = i64::try_from(TOKEN_WAIT_MAX.as_micros()).unwrap_or(i64::MAX);
        // No further ahead than tokens can be taken: a clock that was set back must not stop the provider for hours.
        let furthest = now_us
            .saturating_add(self.slack_us)
            .saturating_add(wait_max_us)
            .saturating_add(self.interval_us);
        let due_us = self.full_at_us.min(furthest).max(now_us);
        let wait_us = due_us.saturating_sub(self.slack_us).saturating_sub(now_us).max(0);
        // Rounded up to the clock's milliseconds: a token is never used early.
        let wait = Duration::from_millis(u64::try_from(wait_us).unwrap_or(0).div_ceil(1000));
        if wait_us > wait_max_us {
            self.full_at_us = due_us;
            return Err(wait);
        }
        self.full_at_us = due_us.saturating_add(self.interval_us);
        Ok(wait)
    }
}

/// Counts what happened within the last `SLOTS` spans of `slot_ms`.
#[derive(Debug, Clone)]
pub(super) struct Tally<const SLOTS: usize> {
    slot_ms: i64,
    /// Which span each slot counts, and how many.
    slots: [(i64, u64); SLOTS],
}

impl<const SLOTS: usize> Tally<SLOTS> {
    pub(super) const fn new(slot_ms: i64) -> Self {
        Self {
            slot_ms,
            slots: [(i64::MIN, 0); SLOTS],
        }
    }

    fn span(&self, now: UnixMillis) -> i64 {
        now.get().checked_div_euclid(self.slot_ms).unwrap_or(0)
    }

    pub(super) fn add(&mut self, now: UnixMillis) {
        let span = self.span(now);
        let count = i64::try_from(SLOTS).unwrap_or(i64::MAX);
        let place = span
            .checked_rem_euclid(count)
            .and_then(|place| usize::try_from(place).ok());
        if let Some(slot) = place.and_then(|place| self.slots.get_mut(place)) {
            if slot.0 != span {
                *slot = (span, 0);
            }
            slot.1 = slot.1.saturating_add(1);
        }
    }

    pub(super) fn total(&self, now: UnixMillis) -> u64 {
        let last = self.span(now);
        let first = last.saturating_sub(i64::try_from(SLOTS).unwrap_or(i64::MAX));
        let within = self
            .slots
            .iter()
            .filter(|(span, _)| *span > first && *span <= last);
        within.fold(0, |total, (_, count)| total.saturating_add(*count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: UnixMillis = UnixMillis::from_seconds(1_760_000_000);

    fn at(ms: u64) -> UnixMillis {
        START.plus(Duration::from_millis(ms))
    }

    #[test]
    fn a_burst_goes_through_at_once_and_then_tokens_come_one_by_one() {
        let mut bucket = Bucket::new(10, 3);
        let waits = |bucket: &mut Bucket, ms: u64| bucket.take(at(ms)).map(|wait| wait.as_millis());
        for _ in 0..3 {
            assert_eq!(waits(&mut bucket, 0), Ok(0));
        }
        assert_eq!(waits(&mut bucket, 0), Ok(100));
        assert_eq!(waits(&mut bucket, 0), Ok(200));
        assert_eq!(waits(&mut bucket, 350), Ok(0));
        assert_eq!(waits(&mut bucket, 350), Ok(50));
        // After a pause the whole burst is there again, and no more than that.
        for _ in 0..3 {
            assert_eq!(waits(&mut bucket, 60_000), Ok(0));
        }
        assert_eq!(waits(&mut bucket, 60_000), Ok(100));
    }

    #[test]
    fn a_wait_over_the_bound_is_refused_and_takes_no_token() {
        let mut bucket = Bucket::new(1, 1);
        let taken: Vec<_> = (0..5).map(|_| bucket.take(START)).collect();
        let s = Duration::from_secs;
        assert_eq!(taken, [Ok(s(0)), Ok(s(1)), Ok(s(2)), Err(s(3)), Err(s(3))]);
        assert_eq!(bucket.take(at(1000)), Ok(s(2)));
    }

    #[test]
    fn a_clock_set_back_does_not_stop_a_provider() {
        let mut bucket = Bucket::new(10, 20);
        bucket.take(START.plus(Duration::from_secs(86_400))).unwrap();
        let until_free = (0..).find(|tenths| bucket.take(at(tenths * 100)).is_ok());
        assert!(until_free.unwrap() <= 2, "{until_free:?}");
    }

    #[test]
    fn whatever_the_rate_no_second_sees_more_than_rate_and_burst() {
        for (per_second, burst) in [(1, 1), (3, 2), (10, 20), (1000, 1), (7_000_000, 5), (0, 0)] {
            let mut bucket = Bucket::new(per_second, burst);
            let used = (0..1000).flat_map(|ms| {
                let wait = bucket.take(at(ms)).ok()?;
                (at(ms).plus(wait) < at(1000)).then_some(())
            });
            let most = u64::from(per_second.max(1)) + u64::from(burst.max(1));
            assert!(used.count() as u64 <= most, "{per_second} {burst}");
        }
    }

    #[test]
    fn only_what_happened_lately_is_counted() {
        let mut tally = Tally::<6>::new(10_000);
        for ms in [0, 1, 30_000, 59_999] {
            tally.add(at(ms));
        }
        assert_eq!(tally.total(at(59_999)), 4);
        assert_eq!(tally.total(at(60_000)), 2);
        assert_eq!(tally.total(at(200_000)), 0);
        tally.add(at(200_000));
        assert_eq!(tally.total(at(200_000)), 1);
        assert_eq!(
            tally.total(at(9_999)),
            2,
            "a clock set back counts nothing that is to come"
        );
    }

    #[test]
    fn only_the_hosts_of_others_are_limited_by_default() {
        let limited = |url: &str| {
            let endpoint = Endpoint::parse(url, Vec::new()).unwrap();
            RequestRate::default().bucket(&endpoint)
        };
        assert_eq!(limited("https://rpc.ankr.com/eth"), Some(Bucket::new(10, 20)));
        assert_eq!(limited("http://192.168.1.5:8545"), None);
    }
}
