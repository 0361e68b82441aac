//! One provider: whether it may be asked now, how it has behaved, and what was learnt of its limits.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::CallLimits;
use super::budget::{Bucket, RequestRate};
use super::record::{ProviderHealth, Record};
use super::trouble::{Trouble, TroubleKind};
use crate::ambient::{Clock, Random, random_bytes};
use crate::domain::network::NetworkId;
use crate::domain::time::UnixMillis;
use crate::net::{Endpoint, Fetch};

/// The longest that a provider is left alone because it asks for it.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(3600);

/// One provider, and how it has behaved.
pub struct Provider {
    pub(super) endpoint: Endpoint,
    pub(super) limits: CallLimits,
    pub(super) transport: Arc<dyn Fetch>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    /// For metrics; empty where nobody said.
    network: String,
    health: Mutex<Health>,
}

/// What is remembered of a provider's behaviour.
#[derive(Debug, Clone, Default)]
struct Health {
    failures: u32,
    lags_until: Option<UnixMillis>,
    rests_until: Option<UnixMillis>,
    last_trouble: Option<Trouble>,
    checked_at: Option<UnixMillis>,
    batches_refused: bool,
    blocks_max: Option<LearntLimit>,
    bucket: Option<Bucket>,
    record: Record,
}

/// What size errors have taught of a provider.
#[derive(Debug, Clone, Copy)]
struct LearntLimit {
    blocks: u64,
    /// Whether the provider named it; otherwise it was found by halving, and may be due to a dense stretch.
    named: bool,
    reads_since: u8,
}

impl Provider {
    pub(super) fn new(
        endpoint: Endpoint,
        limits: CallLimits,
        transport: &Arc<dyn Fetch>,
        clock: &Arc<dyn Clock>,
        random: &Arc<dyn Random>,
    ) -> Self {
        let health = Health {
            bucket: limits.requests.bucket(&endpoint),
            ..Health::default()
        };
        Self {
            endpoint,
            limits,
            transport: Arc::clone(transport),
            clock: Arc::clone(clock),
            random: Arc::clone(random),
            network: String::new(),
            health: Mutex::new(health),
        }
    }

    pub(super) fn set_network(&mut self, network: &NetworkId) {
        self.network = network.to_string();
    }

    /// The name to show.
    #[must_use]
    pub fn host(&self) -> &str {
        self.endpoint.host()
    }

    /// Where it is, with its keys. For transports only.
    #[must_use]
    pub const fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The bounds on every exchange with it.
    #[must_use]
    pub const fn limits(&self) -> &CallLimits {
        &self.limits
    }

    /// Makes `attempt` unless the provider rests, and remembers how it went.
    ///
    /// # Errors
    /// The attempt's trouble, or the one it rests for.
    pub async fn attempt<T>(
        &self,
        attempt: impl Future<Output = Result<T, Trouble>> + Send,
    ) -> Result<T, Trouble> {
        if let Some(trouble) = self.resting() {
            return Err(trouble);
        }
        let outcome = attempt.await;
        match &outcome {
            Ok(_) => self.succeeded(),
            Err(trouble) => self.failed(trouble),
        }
        outcome
    }

    /// The trouble it rests for, if it does.
    pub(in crate::chain) fn resting(&self) -> Option<Trouble> {
        let now = self.clock.now();
        let health = self.health();
        // Further ahead than any rest: the clock was set back.
        let is_ahead = |until: &UnixMillis| *until > now && until.since(now) <= RETRY_AFTER_MAX;
        let until = health.rests_until.filter(is_ahead)?;
        let trouble = health.last_trouble.clone()?;
        let left_s = until.since(now).as_millis().div_ceil(1000);
        Some(Trouble::new(
            trouble.kind,
            format!("left alone for another {left_s} s after: {}", trouble.reason),
        ))
    }

    fn succeeded(&self) {
        let now = self.clock.now();
        let mut health = self.health();
        health.record.outcome(true, now);
        health.failures = 0;
        health.rests_until = None;
        health.last_trouble = None;
    }

    fn failed(&self, trouble: &Trouble) {
        let now = self.clock.now();
        metrics::counter!(
            "payd_provider_failures_total",
            "network" => self.network.clone(), "provider" => self.host().to_owned(), "kind" => trouble.kind.word()
        )
        .increment(1);
        let mut health = self.health();
        let failures = health.failures.saturating_add(1);
        let Some(rest) = self.rest_after(trouble, failures) else {
            return;
        };
        health.record.outcome(false, now);
        health.record.last_error = Some((trouble.to_string(), now));
        let count = match trouble.kind {
            TroubleKind::Throttled { .. } => &mut health.record.throttled,
            _ => &mut health.record.failed,
        };
        *count = count.saturating_add(1);
        health.failures = failures;
        health.rests_until = Some(now.plus(rest));
        health.last_trouble = Some(trouble.clone());
        if matches!(trouble.kind, TroubleKind::Lie | TroubleKind::WrongChain) {
            health.checked_at = None;
        }
        drop(health);
        let (provider, rest_s) = (self.host(), rest.as_secs());
        tracing::warn!(provider, reason = %trouble, rest_s, "provider is left alone for a while");
    }

    /// How long to leave it alone after `trouble`, the failure of number `failures` in a row.
    fn rest_after(&self, trouble: &Trouble, failures: u32) -> Option<Duration> {
        const FIRST: Duration = Duration::from_secs(1);
        const LONGEST: Duration = Duration::from_secs(60);
        const PUT_ASIDE: Duration = Duration::from_secs(600);
        let backoff = || {
            let doublings = failures.saturating_sub(1).min(6);
            self.jittered(FIRST.saturating_mul(1 << doublings).min(LONGEST))
        };
        match trouble.kind {
            TroubleKind::Size { .. }
            | TroubleKind::Lag
            | TroubleKind::Undecided
            | TroubleKind::OverBudget => None,
            TroubleKind::Throttled {
                retry_after: Some(asked),
            } => Some(asked.min(RETRY_AFTER_MAX).max(backoff())),
            TroubleKind::Throttled { retry_after: None } | TroubleKind::Down => Some(backoff()),
            TroubleKind::NeverHere
            | TroubleKind::Unsupported
            | TroubleKind::Lie
            | TroubleKind::WrongChain => Some(self.jittered(PUT_ASIDE)),
        }
    }

    /// Half of `span` up to the whole of it, by chance: providers that failed together come back apart.
    fn jittered(&self, span: Duration) -> Duration {
        let [byte] = random_bytes::<1>(self.random.as_ref()).unwrap_or([u8::MAX]);
        let half = span.checked_div(2).unwrap_or_default();
        let extra = half
            .saturating_mul(u32::from(byte))
            .checked_div(255)
            .unwrap_or_default();
        half.saturating_add(extra)
    }

    /// Whether it was found to serve the right chain within the last `span`.
    #[must_use]
    pub fn checked_within(&self, span: Duration) -> bool {
        let now = self.clock.now();
        self.health()
            .checked_at
            .is_some_and(|at| at <= now && now.since(at) <= span)
    }

    /// Remembers that it serves the right chain.
    pub fn set_checked(&self) {
        self.health().checked_at = Some(self.clock.now());
    }

    /// Remembers whether its tip is behind; for a minute, a lagging provider is asked after the others.
    pub fn set_lagging(&self, lagging: bool) {
        const ASKED_LATER_FOR: Duration = Duration::from_secs(60);
        let until = self.clock.now().plus(ASKED_LATER_FOR);
        self.health().lags_until = lagging.then_some(until);
    }

    /// Remembers how far its tip lies behind the highest one.
    pub fn set_head_lag(&self, blocks: u64) {
        self.health().record.lag_blocks = Some(blocks);
        metrics::gauge!(
            "payd_provider_head_lag_blocks",
            "network" => self.network.clone(), "provider" => self.host().to_owned()
        )
        .set(u32::try_from(blocks).unwrap_or(u32::MAX));
    }

    /// How it does.
    #[must_use]
    pub fn snapshot(&self) -> ProviderHealth {
        let now = self.clock.now();
        let rests = self.resting();
        let is_throttled = rests
            .as_ref()
            .is_some_and(|trouble| matches!(trouble.kind, TroubleKind::Throttled { .. }));
        let health = self.health();
        let record = &health.record;
        let left = health.rests_until.map(|until| until.since(now));
        ProviderHealth {
            host: self.host().to_owned(),
            rests: rests.map(|trouble| (trouble.reason, left.unwrap_or_default())),
            lag_blocks: record.lag_blocks,
            latency: record.latency(),
            latency_median: record.latency_median(),
            last_error: record.last_error.clone(),
            is_throttled,
            requests_per_second: match self.limits.requests {
                RequestRate::AtMost { per_second, .. } => Some(per_second),
                RequestRate::ByHost | RequestRate::Unlimited => None,
            },
            success_percent: record.success_percent(),
            is_poor: record.is_poor(now),
            throttled: record.throttled,
            failed: record.failed,
            requests_last_minute: record.last_minute.total(now),
            requests_last_day: record.last_day.total(now),
            blocks_max: health.blocks_max.map(|learnt| learnt.blocks),
            takes_batches: !health.batches_refused,
        }
    }

    pub(super) fn is_poor(&self) -> bool {
        let now = self.clock.now();
        self.health().record.is_poor(now)
    }

    /// How long to wait for its answer before another provider is asked besides.
    #[must_use]
    pub fn hedge_delay(&self) -> Duration {
        self.health().record.hedge_delay()
    }

    /// Remembers that another answered while this one was asked first and still silent.
    pub(super) fn was_beaten(&self, silent_for: Duration) {
        let now = self.clock.now();
        let mut health = self.health();
        health.record.answered_in(silent_for, now);
        health.record.outcome(false, now);
    }

    /// Waits for the turn of one request, and counts it.
    ///
    /// # Errors
    /// [`TroubleKind::OverBudget`] where the turn would come too late.
    pub(super) async fn turn(&self) -> Result<(), Trouble> {
        let now = self.clock.now();
        let turn = self.health().bucket.as_mut().map(|bucket| bucket.take(now));
        match turn.transpose() {
            Err(wait) => {
                let wait_s = wait.as_millis().div_ceil(1000);
                let reason = format!("is asked as often as its budget allows; free again in {wait_s} s");
                return Err(Trouble::new(TroubleKind::OverBudget, reason));
            }
            Ok(Some(wait)) if !wait.is_zero() => self.clock.sleep(wait).await,
            Ok(_) => {}
        }
        let now = self.clock.now();
        let mut health = self.health();
        health.record.last_minute.add(now);
        health.record.last_day.add(now);
        drop(health);
        metrics::counter!(
            "payd_provider_requests_total",
            "network" => self.network.clone(), "provider" => self.host().to_owned()
        )
        .increment(1);
        Ok(())
    }

    /// The clock's time, for [`Self::took`].
    pub(super) fn now(&self) -> UnixMillis {
        self.clock.now()
    }

    /// Remembers how long a request took that began at `began_at`, whatever came of it.
    pub(super) fn took(&self, began_at: UnixMillis) {
        let now = self.clock.now();
        // Where the clock was set forward meanwhile, the timeout still bounds it.
        let latency = now.since(began_at).min(self.limits.timeout);
        self.health().record.answered_in(latency, now);
        metrics::histogram!(
            "payd_provider_answer_seconds",
            "network" => self.network.clone(), "provider" => self.host().to_owned()
        )
        .record(latency);
    }

    pub(super) fn takes_batches(&self) -> bool {
        !self.health().batches_refused
    }

    pub(super) fn set_batches_refused(&self) {
        self.health().batches_refused = true;
    }

    pub(super) fn lags(&self) -> bool {
        let now = self.clock.now();
        self.health().lags_until.is_some_and(|until| until > now)
    }

    /// The most blocks it takes at once, as far as that was learnt.
    #[must_use]
    pub fn blocks_max(&self) -> Option<u64> {
        self.health().blocks_max.map(|learnt| learnt.blocks)
    }

    /// Learns from a size error over `blocks` blocks: the limit that the provider named, or half of what was
    /// asked. For a single block there is nothing to learn: the provider cannot be used. Other troubles pass.
    #[must_use]
    pub fn learnt_from(&self, trouble: Trouble, blocks: usize) -> Trouble {
        let TroubleKind::Size { blocks_max } = trouble.kind else {
            return trouble;
        };
        if blocks <= 1 {
            return Trouble::down(format!("refuses even a single block: {}", trouble.reason));
        }
        let asked = u64::try_from(blocks).unwrap_or(u64::MAX);
        let named = blocks_max.filter(|named| *named < asked);
        let learnt = named.unwrap_or(asked / 2).max(1);
        self.health().blocks_max = Some(LearntLimit {
            blocks: learnt,
            named: named.is_some(),
            reads_since: 0,
        });
        tracing::info!(
            provider = self.host(),
            blocks_max = learnt,
            "learnt a limit on ranges of blocks"
        );
        trouble
    }

    /// Makes room again, slowly, where the limit was only found by halving: a dense stretch of blocks must not
    /// slow the scan for ever.
    pub fn relax_blocks_max(&self) {
        const READS: u8 = 16;
        let mut health = self.health();
        let Some(learnt) = health.blocks_max.as_mut().filter(|learnt| !learnt.named) else {
            return;
        };
        learnt.reads_since = learnt.reads_since.saturating_add(1);
        if learnt.reads_since >= READS {
            learnt.reads_since = 0;
            learnt.blocks = learnt.blocks.saturating_add(1);
        }
    }

    fn health(&self) -> MutexGuard<'_, Health> {
        // Every write is a plain assignment: there is no half-written state to protect from.
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
