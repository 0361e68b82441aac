//! How often one client may call what is open to all, and how often it may fail: token buckets by client address
//! and by store key, refilled as time passes. Bounded in memory, and without a task of its own. Knows no API's words:
//! each renders its own refusal (429).

mod address;
mod attempt;
mod buckets;
mod sign_in;
#[cfg(test)]
mod tests;

use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::http::HeaderValue;

pub use self::address::{ClientAddress, client_address};
pub use self::attempt::Attempt;
use self::attempt::Worked;
use self::buckets::{Buckets, Elapsed};
pub use self::sign_in::SignInAttempt;
use self::sign_in::SignIns;
use crate::ambient::Clock;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Calls whose key or signature was wrong: what [`Limits::attempt`] is for. Only failures count.
    Authentication,
    /// Look-ups under a public path that found nothing: somebody guesses. Only failures count: ask with
    /// [`Limits::check`] before, and tell of them with [`Limits::failed`].
    LookUp,
    /// Passwords and codes at the dashboard. As [`Self::Authentication`], and slower: people type them.
    SignIn,
    /// Public calls that make something: donations, payments by the widget, the choice of a currency.
    Creation,
    /// Public calls that read: rates, the page to donate.
    Read,
}

/// What a bucket holds, and how fast it fills again.
#[derive(Debug, Clone, Copy)]
struct Rate {
    /// Calls at once.
    burst: NonZeroU32,
    /// The time to one call more.
    refill: Duration,
}

const fn rate(burst: u32, refill_ms: u64) -> Rate {
    Rate {
        burst: match NonZeroU32::new(burst) {
            Some(burst) => burst,
            None => NonZeroU32::MIN,
        },
        refill: Duration::from_millis(refill_ms),
    }
}

impl Kind {
    const ALL: [Self; 5] = [
        Self::Authentication,
        Self::LookUp,
        Self::SignIn,
        Self::Creation,
        Self::Read,
    ];

    /// What one address may do. Many customers can share one, behind the router of a company or a carrier.
    const fn of_address(self) -> Rate {
        match self {
            Self::Authentication => rate(20, 3000),
            Self::LookUp => rate(30, 2000),
            Self::SignIn => rate(10, 30_000),
            Self::Creation => rate(10, 6000),
            Self::Read => rate(60, 500),
        }
    }

    /// What may be done in the name of one store, by all addresses together: it has so many receive addresses and
    /// amounts to give out.
    const fn of_store(self) -> Option<Rate> {
        match self {
            Self::Creation => Some(rate(120, 500)),
            Self::Authentication | Self::LookUp | Self::SignIn | Self::Read => None,
        }
    }

    /// Whether [`Limits::check`] only looks, because a call counts when it has failed.
    const fn counts_failures(self) -> bool {
        matches!(self, Self::Authentication | Self::LookUp | Self::SignIn)
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Authentication => "authentication",
            Self::LookUp => "look_up",
            Self::SignIn => "sign_in",
            Self::Creation => "creation",
            Self::Read => "read",
        }
    }
}

/// A call that comes too soon after too many others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many requests; retry in {} seconds", self.seconds())]
pub struct TooMany {
    /// When the next one can be let through.
    pub retry_after: Duration,
}

impl TooMany {
    /// Whole seconds to wait, at least one.
    #[must_use]
    pub fn seconds(&self) -> u16 {
        let seconds = self.retry_after.as_millis().div_ceil(1000).max(1);
        u16::try_from(seconds).unwrap_or(u16::MAX)
    }

    /// What the header `Retry-After` says.
    #[must_use]
    pub fn header(&self) -> HeaderValue {
        HeaderValue::from(self.seconds())
    }
}

/// The limits of all public calls. One for the whole process: what an address did wrong in one API counts in all.
pub struct Limits {
    /// In the order of [`Kind::ALL`]; `None` when nothing is limited.
    kinds: Option<[KindBuckets; 5]>,
    hasher: RandomState,
    worked: Worked,
    /// `None` when nothing is limited.
    sign_ins: Option<SignIns>,
    /// Whether the operator was told that a near address is refused.
    told: AtomicBool,
}

struct KindBuckets {
    kind: Kind,
    by_address: Buckets<ClientAddress>,
    /// By the hash of the key: it takes no more room than that, whatever is sent as one.
    by_store: Option<Buckets<u64>>,
}

impl Limits {
    /// Limits that run by `clock`.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let sign_ins = Some(SignIns::new(&clock));
        let clock = Elapsed::new(clock);
        let kinds = Kind::ALL.map(|kind| KindBuckets {
            kind,
            by_address: Buckets::new(kind.of_address(), clock.clone()),
            by_store: kind.of_store().map(|rate| Buckets::new(rate, clock.clone())),
        });
        Self {
            kinds: Some(kinds),
            sign_ins,
            ..Self::none()
        }
    }

    /// No limits at all.
    #[must_use]
    pub fn none() -> Self {
        Self {
            kinds: None,
            hasher: RandomState::new(),
            worked: Worked::default(),
            sign_ins: None,
            told: AtomicBool::new(false),
        }
    }

    /// Whether a call may go on. It counts now, unless the kind counts failures only. `store_key` is the public key
    /// in whose name the call is made, as it was sent.
    ///
    /// # Errors
    /// [`TooMany`]; the call is to be answered with 429 and not to be looked at further.
    pub fn check(&self, kind: Kind, address: ClientAddress, store_key: Option<&str>) -> Result<(), TooMany> {
        let Some(buckets) = self.buckets(kind) else {
            return Ok(());
        };
        let by_address = if kind.counts_failures() {
            buckets.by_address.look(&address)
        } else {
            buckets.by_address.take(&address)
        };
        // The address goes first: who is refused by it takes nothing from the store's other customers.
        let checked = by_address.and_then(|()| match (&buckets.by_store, store_key) {
            (Some(by_store), Some(key)) => by_store.take(&self.hasher.hash_one(key)),
            (None, _) | (_, None) => Ok(()),
        });
        checked.map_err(|retry_after| self.refused(kind, address, retry_after))
    }

    /// Counts a call of `address` that failed.
    pub fn failed(&self, kind: Kind, address: ClientAddress) {
        if let Some(buckets) = self.buckets(kind) {
            // An empty bucket stays empty: the next check refuses.
            let _ = buckets.by_address.take(&address);
        }
    }

    /// Counts a call of `address` before it is known to fail: of many at a time no more are looked at than may fail.
    fn take(&self, kind: Kind, address: ClientAddress) -> Result<(), TooMany> {
        let Some(buckets) = self.buckets(kind) else {
            return Ok(());
        };
        let taken = buckets.by_address.take(&address);
        taken.map_err(|retry_after| self.refused(kind, address, retry_after))
    }

    /// Takes back that a call of `address` was counted.
    fn give_back(&self, kind: Kind, address: ClientAddress) {
        if let Some(buckets) = self.buckets(kind) {
            buckets.by_address.give_back(&address);
        }
    }

    fn buckets(&self, kind: Kind) -> Option<&KindBuckets> {
        self.kinds.as_ref()?.iter().find(|buckets| buckets.kind == kind)
    }

    fn refused(&self, kind: Kind, address: ClientAddress, retry_after: Duration) -> TooMany {
        metrics::counter!("payd_rate_limited_total", "kind" => kind.word()).increment(1);
        if address.is_near() && !self.told.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                %address, kind = kind.word(),
                "calls are refused by their rate; if this is the address of your reverse proxy, name it in \
                 server.trusted_proxies and have it send X-Forwarded-For"
            );
        }
        TooMany { retry_after }
    }
}
