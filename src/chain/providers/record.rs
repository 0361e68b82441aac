//! How a provider has done of late, and whether that is bad enough to ask another one first.

use std::collections::VecDeque;
use std::time::Duration;

use super::budget::Tally;
use crate::domain::time::UnixMillis;

/// How a provider does, for people, metrics and `payd doctor`. Holds no URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderHealth {
    /// Its host.
    pub host: String,
    /// What it is left alone for at the moment, and for how long still.
    pub rests: Option<(String, Duration)>,
    /// Blocks behind the highest block that any provider of its network had at the last look.
    pub lag_blocks: Option<u64>,
    /// How long it takes to answer, on the average of late.
    pub latency: Option<Duration>,
    /// The median of its latest answers.
    pub latency_median: Option<Duration>,
    /// What was the matter with it last, and when; also when it answers again. Fit to be shown.
    pub last_error: Option<(String, UnixMillis)>,
    /// Whether it is left alone because it asked for that.
    pub is_throttled: bool,
    /// How often it may be asked a second, where that was set.
    pub requests_per_second: Option<u32>,
    /// How many in a hundred of its latest answers were useful; `None` before the first.
    pub success_percent: Option<u8>,
    /// Whether others are asked before it because it fails or dawdles too often.
    pub is_poor: bool,
    /// How often it said that it is asked too much, since the start.
    pub throttled: u64,
    /// How often it failed otherwise, since the start.
    pub failed: u64,
    /// Requests to it within the last minute.
    pub requests_last_minute: u64,
    /// Requests to it within the last day, in whole hours.
    pub requests_last_day: u64,
    /// The most blocks it takes at once, as far as that was learnt.
    pub blocks_max: Option<u64>,
    /// Whether it takes several calls in one request, as far as that was learnt.
    pub takes_batches: bool,
}

/// Answers whose median is told.
const LATENCIES: usize = 31;
/// Outcomes that are looked back on.
const OUTCOMES: u32 = 16;
/// From so many failures among them on, others are asked first.
const POOR_FROM: u32 = 8;
/// At so few it is asked again as before.
const GOOD_FROM: u32 = 2;
/// An average answer that is slower makes it poor, one in half that time good again.
const SLOW_MS: u64 = 5000;
/// One that is asked after the others shows little of itself: after so long it gets another chance.
const POOR_FOR: Duration = Duration::from_secs(300);

/// What is counted.
#[derive(Debug, Clone)]
pub(super) struct Record {
    /// The latest outcomes, a bit each; set means failed.
    failures: u16,
    outcomes: u32,
    /// Smoothed latency and its mean deviation, in ms, as of RFC 6298.
    latency_ms: Option<(u64, u64)>,
    /// Of the latest answers, the oldest first.
    latest_ms: VecDeque<u32>,
    pub(super) last_error: Option<(String, UnixMillis)>,
    poor_since: Option<UnixMillis>,
    pub(super) lag_blocks: Option<u64>,
    pub(super) throttled: u64,
    pub(super) failed: u64,
    pub(super) last_minute: Tally<6>,
    pub(super) last_day: Tally<24>,
}

impl Default for Record {
    fn default() -> Self {
        Self {
            failures: 0,
            outcomes: 0,
            latency_ms: None,
            latest_ms: VecDeque::new(),
            last_error: None,
            poor_since: None,
            lag_blocks: None,
            throttled: 0,
            failed: 0,
            last_minute: Tally::new(10_000),
            last_day: Tally::new(3_600_000),
        }
    }
}

impl Record {
    /// Remembers whether it was of use.
    pub(super) fn outcome(&mut self, was_useful: bool, now: UnixMillis) {
        self.forgive(now);
        self.failures = self.failures << 1 | u16::from(!was_useful);
        self.outcomes = self.outcomes.saturating_add(1).min(OUTCOMES);
        self.judge(now);
    }

    /// Remembers how long an answer took.
    pub(super) fn answered_in(&mut self, latency: Duration, now: UnixMillis) {
        self.forgive(now);
        let sample = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
        if self.latest_ms.len() >= LATENCIES {
            self.latest_ms.pop_front();
        }
        self.latest_ms
            .push_back(u32::try_from(sample).unwrap_or(u32::MAX));
        self.latency_ms = Some(match self.latency_ms {
            None => (sample, sample / 2),
            Some((smoothed, deviation)) => (
                blend(smoothed, sample, 8),
                blend(deviation, smoothed.abs_diff(sample), 4),
            ),
        });
        self.judge(now);
    }

    /// After its time as a poor one, it starts afresh.
    fn forgive(&mut self, now: UnixMillis) {
        if self.poor_since.is_some() && !self.is_poor(now) {
            *self = Self {
                failures: 0,
                outcomes: 0,
                latency_ms: None,
                poor_since: None,
                ..self.clone()
            };
        }
    }

    fn judge(&mut self, now: UnixMillis) {
        let failures = self.failures.count_ones();
        let latency_ms = self.latency_ms.map_or(0, |(smoothed, _)| smoothed);
        if failures >= POOR_FROM || latency_ms > SLOW_MS {
            self.poor_since = self.poor_since.or(Some(now));
        } else if failures <= GOOD_FROM && latency_ms <= SLOW_MS / 2 {
            self.poor_since = None;
        }
    }

    /// Whether others should be asked before it.
    pub(super) fn is_poor(&self, now: UnixMillis) -> bool {
        self.poor_since
            .is_some_and(|since| since <= now && now.since(since) < POOR_FOR)
    }

    pub(super) fn latency(&self) -> Option<Duration> {
        self.latency_ms
            .map(|(smoothed, _)| Duration::from_millis(smoothed))
    }

    pub(super) fn latency_median(&self) -> Option<Duration> {
        let mut sorted: Vec<u32> = self.latest_ms.iter().copied().collect();
        sorted.sort_unstable();
        let median = sorted.get(sorted.len() / 2)?;
        Some(Duration::from_millis(u64::from(*median)))
    }

    pub(super) fn success_percent(&self) -> Option<u8> {
        let failures = self.failures.count_ones().min(self.outcomes);
        let percent = self
            .outcomes
            .saturating_sub(failures)
            .saturating_mul(100)
            .checked_div(self.outcomes)?;
        u8::try_from(percent).ok()
    }

    /// How long to wait for it before another one is asked besides: about what it keeps to 19 times out of 20.
    pub(super) fn hedge_delay(&self) -> Duration {
        const UNKNOWN_MS: u64 = 1500;
        const LEAST_MS: u64 = 250;
        const MOST_MS: u64 = 3000;
        // The half more: one that is as steady as a clock must not be hedged for a millisecond.
        let usual = |(smoothed, deviation): (u64, u64)| {
            smoothed.saturating_add(deviation.saturating_mul(4).max(smoothed / 2))
        };
        let delay_ms = self.latency_ms.map_or(UNKNOWN_MS, usual);
        Duration::from_millis(delay_ms.clamp(LEAST_MS, MOST_MS))
    }
}

/// `mean` moved towards `sample` by one part in `parts`, at least by one.
const fn blend(mean: u64, sample: u64, parts: u64) -> u64 {
    let step = mean.abs_diff(sample).div_ceil(parts);
    if sample > mean {
        mean.saturating_add(step)
    } else {
        mean.saturating_sub(step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis::from_seconds(1_760_000_000);

    fn record(outcomes: &[bool]) -> Record {
        let mut record = Record::default();
        for was_useful in outcomes {
            record.outcome(*was_useful, NOW);
        }
        record
    }

    #[test]
    fn a_provider_becomes_poor_at_half_its_answers_and_good_again_only_at_two_failures() {
        let mut record = record(&[false; 7]);
        assert!(
            !record.is_poor(NOW),
            "a few failures say little: the rest is the penalty"
        );
        record.outcome(false, NOW);
        assert!(record.is_poor(NOW));
        for good in 1..=13 {
            record.outcome(true, NOW);
            assert_eq!(
                record.success_percent(),
                Some((good * 100 / (8 + good).min(16)) as u8)
            );
            assert!(record.is_poor(NOW), "{good} good ones are not enough");
        }
        record.outcome(true, NOW);
        assert!(!record.is_poor(NOW));
    }

    #[test]
    fn one_that_fails_now_and_then_never_flaps() {
        let mut record = Record::default();
        for number in 0..1000 {
            record.outcome(number % 3 != 0, NOW);
            assert!(!record.is_poor(NOW));
        }
    }

    #[test]
    fn a_poor_one_gets_another_chance_after_five_minutes_with_a_clean_record() {
        let mut record = record(&[false; 16]);
        assert!(record.is_poor(NOW.plus(POOR_FOR.saturating_sub(Duration::from_millis(1)))));
        let later = NOW.plus(POOR_FOR);
        assert!(!record.is_poor(later));
        record.outcome(false, later);
        assert!(!record.is_poor(later));
        assert_eq!(record.success_percent(), Some(0));
    }

    #[test]
    fn the_median_is_that_of_the_latest_answers_and_one_slow_answer_does_not_move_it() {
        let mut record = Record::default();
        assert_eq!(record.latency_median(), None);
        for ms in [5000, 5000, 5000] {
            record.answered_in(Duration::from_millis(ms), NOW);
        }
        for _ in 0..LATENCIES {
            record.answered_in(Duration::from_millis(40), NOW);
        }
        record.answered_in(Duration::from_secs(9), NOW);
        assert_eq!(record.latency_median(), Some(Duration::from_millis(40)));
        assert_eq!(record.latest_ms.len(), LATENCIES);
    }

    #[test]
    fn one_that_dawdles_is_poor_until_it_is_clearly_faster() {
        let mut record = Record::default();
        let mut poor_after = |ms, times: usize| {
            for _ in 0..times {
                record.answered_in(Duration::from_millis(ms), NOW);
            }
            record.is_poor(NOW)
        };
        assert!(!poor_after(4000, 20));
        assert!(poor_after(9000, 20));
        assert!(poor_after(4000, 20), "no flapping in between");
        assert!(!poor_after(1000, 20));
    }

    #[test]
    fn the_hedge_waits_about_as_long_as_the_provider_usually_takes() {
        let mut record = Record::default();
        assert_eq!(record.hedge_delay(), Duration::from_millis(1500));
        for _ in 0..50 {
            record.answered_in(Duration::from_millis(400), NOW);
        }
        let delay_ms = record.hedge_delay().as_millis();
        assert!((600..=650).contains(&delay_ms), "{delay_ms}");
        for _ in 0..50 {
            record.answered_in(Duration::from_millis(2), NOW);
        }
        assert_eq!(record.hedge_delay(), Duration::from_millis(250));
        record.answered_in(Duration::from_secs(20), NOW);
        assert_eq!(record.hedge_delay(), Duration::from_millis(3000));
    }
}
