//! What the daemon takes from its surroundings besides files and sockets: time and chance. Both are injected, so
//! that a whole daemon runs on simulated time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::future::BoxFuture;
use tokio::sync::watch;

use crate::domain::time::UnixMillis;

/// Tells the time and waits for it.
pub trait Clock: Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> UnixMillis;

    /// Returns once `span` of this clock's time has passed.
    fn sleep(&self, span: Duration) -> BoxFuture<'static, ()>;
}

/// The machine's clock. Waits are monotonic: a jump of the wall clock neither hurries nor hangs them.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UnixMillis {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        UnixMillis::new(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }

    fn sleep(&self, span: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(span))
    }
}

/// A clock that stands still until it is told to move.
#[derive(Debug)]
pub struct SimulatedClock {
    now: watch::Sender<UnixMillis>,
}

impl SimulatedClock {
    /// A clock that shows `now`.
    #[must_use]
    pub fn starting_at(now: UnixMillis) -> Self {
        Self {
            now: watch::Sender::new(now),
        }
    }

    /// Moves on by `span` and wakes whoever waited for it.
    pub fn advance(&self, span: Duration) {
        self.now.send_modify(|now| *now = now.plus(span));
    }

    /// Jumps to `now`, forwards or backwards.
    pub fn set(&self, now: UnixMillis) {
        self.now.send_replace(now);
    }
}

impl Clock for SimulatedClock {
    fn now(&self) -> UnixMillis {
        *self.now.borrow()
    }

    fn sleep(&self, span: Duration) -> BoxFuture<'static, ()> {
        let mut now = self.now.subscribe();
        let until = self.now().plus(span);
        Box::pin(async move {
            // The error means that the clock is gone, and with it the daemon that slept by it.
            let _ = now.wait_for(|now| *now >= until).await;
        })
    }
}

/// A source of unpredictable bytes.
pub trait Random: Send + Sync + 'static {
    /// Fills `bytes`.
    ///
    /// # Errors
    /// [`NoRandomness`] when the machine has none to give; nothing may be keyed or numbered by chance then.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness>;
}

/// The machine gave no random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub struct NoRandomness;

/// The operating system's random bytes.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        getrandom::fill(bytes).map_err(|_| NoRandomness)
    }
}

/// `N` random bytes.
///
/// # Errors
/// As [`Random::fill`].
pub fn random_bytes<const N: usize>(random: &dyn Random) -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    random.fill(&mut bytes)?;
    Ok(bytes)
}
