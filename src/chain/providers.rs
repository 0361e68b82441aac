//! The providers of one network: which is asked first, which is left alone and for how long, and how a failing
//! one is replaced by the next.
//!
//! Knows JSON-RPC but no chain. Throttled is not down; a provider that lied is put aside for long.

pub mod trouble;

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{StreamExt as _, TryStreamExt as _};
use serde::de::DeserializeOwned;

use self::trouble::{Trouble, TroubleKind, classify};
use super::jsonrpc::{self, Call, RpcError, Unanswered};
use crate::ambient::{Clock, Random, random_bytes};
use crate::domain::time::UnixMillis;
use crate::net::{Endpoint, Fetch, FetchReply, FetchRequest};

/// Bounds on every exchange with a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallLimits {
    /// The longest reply that is taken, in bytes.
    pub reply_bytes_max: usize,
    /// The longest wait for a reply.
    pub timeout: Duration,
    /// Calls under way at once where a provider takes no batches.
    pub concurrent_max: usize,
}

impl Default for CallLimits {
    fn default() -> Self {
        Self {
            reply_bytes_max: 64 << 20,
            timeout: Duration::from_secs(20),
            concurrent_max: 4,
        }
    }
}

/// All providers of one network.
pub struct Providers {
    all: Vec<Provider>,
}

/// One provider, and how it has behaved.
pub struct Provider {
    endpoint: Endpoint,
    limits: CallLimits,
    transport: Arc<dyn Fetch>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
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
}

/// What size errors have taught of a provider.
#[derive(Debug, Clone, Copy)]
struct LearntLimit {
    blocks: u64,
    /// Whether the provider named it; otherwise it was found by halving, and may be due to a dense stretch.
    named: bool,
    reads_since: u8,
}

/// No provider answered.
#[derive(Debug, Clone, Default)]
pub struct NoAnswer {
    /// Each provider's host and what is the matter with it, in the order they were asked.
    pub troubles: Vec<(String, Trouble)>,
}

impl NoAnswer {
    /// The reasons as one text.
    #[must_use]
    pub fn reasons(&self) -> String {
        let reasons: Vec<_> = self
            .troubles
            .iter()
            .map(|(host, trouble)| format!("{host}: {trouble}"))
            .collect();
        if reasons.is_empty() {
            "none is configured".to_owned()
        } else {
            reasons.join("; ")
        }
    }
}

impl Providers {
    /// Puts providers together, in the order of preference.
    pub fn new(
        endpoints: Vec<Endpoint>,
        limits: CallLimits,
        transport: &Arc<dyn Fetch>,
        clock: &Arc<dyn Clock>,
        random: &Arc<dyn Random>,
    ) -> Self {
        let provider = |endpoint| Provider {
            endpoint,
            limits,
            transport: Arc::clone(transport),
            clock: Arc::clone(clock),
            random: Arc::clone(random),
            health: Mutex::default(),
        };
        Self {
            all: endpoints.into_iter().map(provider).collect(),
        }
    }

    /// All of them, in the order of preference.
    #[must_use]
    pub fn all(&self) -> &[Provider] {
        &self.all
    }

    /// All of them, healthiest first: ready before resting, in step before lagging, then by preference. Whoever
    /// has rested long enough is preferred as before: the rest is the penalty.
    #[must_use]
    pub fn by_health(&self) -> Vec<&Provider> {
        let mut ordered: Vec<&Provider> = self.all.iter().collect();
        ordered.sort_by_cached_key(|provider| (provider.resting().is_some(), provider.lags()));
        ordered
    }

    /// Makes `attempt` with one provider after the other, until one succeeds or the trouble is one that asking
    /// another does not mend: too many blocks at once. Providers that rest are not asked.
    ///
    /// # Errors
    /// [`NoAnswer`] with every provider's trouble.
    pub async fn first<'a, T>(
        &'a self,
        attempt: impl Fn(&'a Provider) -> BoxFuture<'a, Result<T, Trouble>>,
    ) -> Result<T, NoAnswer> {
        let mut none = NoAnswer::default();
        for provider in self.by_health() {
            match provider.attempt(attempt(provider)).await {
                Ok(answer) => return Ok(answer),
                Err(trouble) => {
                    let last = matches!(trouble.kind, TroubleKind::Size { .. });
                    none.troubles.push((provider.host().to_owned(), trouble));
                    if last {
                        break;
                    }
                }
            }
        }
        Err(none)
    }
}

impl Provider {
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
    fn resting(&self) -> Option<Trouble> {
        let now = self.clock.now();
        let health = self.health();
        let until = health.rests_until.filter(|until| *until > now)?;
        let trouble = health.last_trouble.clone()?;
        let left_s = until.since(now).as_millis().div_ceil(1000);
        Some(Trouble::new(
            trouble.kind,
            format!("left alone for another {left_s} s after: {}", trouble.reason),
        ))
    }

    fn succeeded(&self) {
        let mut health = self.health();
        health.failures = 0;
        health.rests_until = None;
        health.last_trouble = None;
    }

    fn failed(&self, trouble: &Trouble) {
        let mut health = self.health();
        let failures = health.failures.saturating_add(1);
        let Some(rest) = self.rest_after(trouble, failures) else {
            return;
        };
        health.failures = failures;
        health.rests_until = Some(self.clock.now().plus(rest));
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
        const RETRY_AFTER_MAX: Duration = Duration::from_secs(3600);
        let backoff = || {
            let doublings = failures.saturating_sub(1).min(6);
            self.jittered(FIRST.saturating_mul(1 << doublings).min(LONGEST))
        };
        match trouble.kind {
            TroubleKind::Size { .. } | TroubleKind::Lag | TroubleKind::Undecided => None,
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

    fn lags(&self) -> bool {
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

    /// Makes the calls, in one request where the provider takes batches. The answers come in the order of the
    /// calls; `None` is a `null`.
    ///
    /// # Errors
    /// [`Trouble`] when any of them is not answered.
    pub async fn calls<T: DeserializeOwned + Send + 'static>(
        &self,
        calls: &[Call],
    ) -> Result<Vec<Option<T>>, Trouble> {
        if let [call] = calls {
            return Ok(vec![self.call(call).await?]);
        }
        if !self.health().batches_refused {
            match self.batch(calls).await? {
                ControlFlow::Break(answers) => return answers.into_iter().collect(),
                ControlFlow::Continue(()) => self.health().batches_refused = true,
            }
        }
        let one_by_one: Vec<_> = calls.iter().map(|call| self.call_boxed(call)).collect();
        futures_util::stream::iter(one_by_one)
            .buffered(self.limits.concurrent_max.max(1))
            .try_collect()
            .await
    }

    /// Makes the calls as [`Self::calls`] does, where any of them may be refused without harm to the others.
    ///
    /// # Errors
    /// [`Trouble`] when the provider did not answer at all, or asks to be left alone.
    pub async fn calls_each<T: DeserializeOwned + Send + 'static>(
        &self,
        calls: &[Call],
    ) -> Result<Vec<Result<Option<T>, Trouble>>, Trouble> {
        if !self.health().batches_refused {
            match self.batch(calls).await? {
                ControlFlow::Break(answers) => return Ok(answers),
                ControlFlow::Continue(()) => self.health().batches_refused = true,
            }
        }
        let one_by_one: Vec<_> = calls.iter().map(|call| self.call_boxed(call)).collect();
        let mut running = futures_util::stream::iter(one_by_one).buffered(self.limits.concurrent_max.max(1));
        let mut answers = Vec::with_capacity(calls.len());
        while let Some(answer) = running.next().await {
            match answer {
                Err(trouble) if matches!(trouble.kind, TroubleKind::Throttled { .. }) => return Err(trouble),
                answer => answers.push(answer),
            }
        }
        Ok(answers)
    }

    fn call_boxed<'a, T: DeserializeOwned + Send + 'a>(
        &'a self,
        call: &'a Call,
    ) -> BoxFuture<'a, Result<Option<T>, Trouble>> {
        Box::pin(self.call(call))
    }

    /// Makes one call; `None` is a `null`.
    ///
    /// # Errors
    /// [`Trouble`] when it is not answered.
    pub async fn call<T: DeserializeOwned + Send>(&self, call: &Call) -> Result<Option<T>, Trouble> {
        let reply = self.post(jsonrpc::single(call)).await?;
        match jsonrpc::read_single(&reply.body) {
            Ok(Ok(answer)) if is_success(&reply) => Ok(answer),
            Ok(Err(error)) | Err(Unanswered::Error(error)) => Err(self.told(call.method, &reply, &error)),
            Ok(Ok(_)) => Err(self.told_by_status(call.method, &reply)),
            Err(Unanswered::Malformed(_)) if !is_success(&reply) => {
                Err(self.told_by_status(call.method, &reply))
            }
            Err(Unanswered::Malformed(reason)) => Err(self.malformed(call.method, &reason)),
        }
    }

    /// Makes the calls as one batch; `Continue` when the provider takes none.
    async fn batch<T: DeserializeOwned>(
        &self,
        calls: &[Call],
    ) -> Result<ControlFlow<Vec<Result<Option<T>, Trouble>>>, Trouble> {
        let Some(method) = calls.first().map(|call| call.method) else {
            return Ok(ControlFlow::Break(Vec::new()));
        };
        let reply = self.post(jsonrpc::batch(calls)).await?;
        let refusal = match jsonrpc::read_batch(&reply.body, calls.len()) {
            Ok(answers) if is_success(&reply) => {
                let answers = answers.into_iter();
                let told = answers.map(|answer| answer.map_err(|error| self.told(method, &reply, &error)));
                return Ok(ControlFlow::Break(told.collect()));
            }
            Err(Unanswered::Error(error)) => self.told(method, &reply, &error),
            Err(Unanswered::Malformed(reason)) if is_success(&reply) => {
                return Err(self.malformed(method, &reason));
            }
            Ok(_) | Err(Unanswered::Malformed(_)) => self.told_by_status(method, &reply),
        };
        // One error for all of it, and none that a single call would meet too: the batch itself is refused.
        let of_the_batch = matches!(
            refusal.kind,
            TroubleKind::Unsupported | TroubleKind::Size { .. } | TroubleKind::Down
        );
        if of_the_batch && reply.status < 500 {
            tracing::info!(provider = self.host(), reason = %refusal, "takes no batches; calling one by one");
            return Ok(ControlFlow::Continue(()));
        }
        Err(refusal)
    }

    /// Asks an HTTP API that is no JSON-RPC: a GET of `path`, or a POST of the JSON text `body` to it. A reply of
    /// success, and one that says that it has no such thing (400, 404), are given back for the caller to read. `call`
    /// names the call in errors.
    ///
    /// # Errors
    /// [`Trouble`] for any other status, and when no complete reply came.
    pub async fn ask(&self, call: &str, path: &str, body: Option<Vec<u8>>) -> Result<FetchReply, Trouble> {
        let reply = self.fetch(path, body).await?;
        if is_success(&reply) || matches!(reply.status, 400 | 404) {
            return Ok(reply);
        }
        Err(self.told_by_status(call, &reply))
    }

    async fn post(&self, body: Vec<u8>) -> Result<FetchReply, Trouble> {
        self.fetch("", Some(body)).await
    }

    async fn fetch(&self, path: &str, body: Option<Vec<u8>>) -> Result<FetchReply, Trouble> {
        let request = FetchRequest {
            endpoint: &self.endpoint,
            path,
            body,
            reply_bytes_max: self.limits.reply_bytes_max,
            timeout: self.limits.timeout,
        };
        Ok(self.transport.fetch(request).await?)
    }

    fn told(&self, method: &str, reply: &FetchReply, error: &RpcError) -> Trouble {
        let shown = self.endpoint.scrub(&error.message);
        classify(method, reply.status, reply.retry_after, error, &shown)
    }

    fn told_by_status(&self, method: &str, reply: &FetchReply) -> Trouble {
        const WORDS_BYTES_MAX: usize = 2000;
        let words = reply.body.get(..WORDS_BYTES_MAX).unwrap_or(&reply.body);
        let error = RpcError {
            code: 0,
            message: String::from_utf8_lossy(words).into_owned(),
        };
        // A page of HTML tells people nothing that the status does not.
        classify(method, reply.status, reply.retry_after, &error, "")
    }

    fn malformed(&self, method: &str, reason: &str) -> Trouble {
        let reason = self.endpoint.scrub(reason);
        Trouble::down(format!("{method}: the reply cannot be read: {reason}"))
    }
}

fn is_success(reply: &FetchReply) -> bool {
    (200..300).contains(&reply.status)
}
