//! Attempts to sign in with a password or a code. What fails counts against the address it came from and against the name,
//! over all addresses; but a browser in which that person has signed in before is counted by itself, so that nobody who
//! fails in their name, or from their address, keeps them out.

use std::hash::BuildHasher as _;
use std::sync::Arc;

use super::buckets::{Buckets, Elapsed};
use super::{ClientAddress, Kind, Limits, Rate, TooMany, rate};
use crate::ambient::Clock;

/// What may fail under one name, by all strangers together.
const OF_NAME: Rate = rate(20, 60_000);

/// What may fail in one browser that is known.
const OF_BROWSER: Rate = rate(10, 30_000);

/// The buckets that are not by address.
pub(super) struct SignIns {
    by_name: Buckets<u64>,
    by_browser: Buckets<u64>,
}

impl SignIns {
    pub(super) fn new(clock: &Arc<dyn Clock>) -> Self {
        let clock = Elapsed::new(Arc::clone(clock));
        Self {
            by_name: Buckets::new(OF_NAME, clock.clone()),
            by_browser: Buckets::new(OF_BROWSER, clock),
        }
    }
}

/// An attempt to sign in that may go on.
#[must_use = "tell how it ended"]
pub struct SignInAttempt<'l> {
    limits: &'l Limits,
    address: ClientAddress,
    name: u64,
    browser: Option<u64>,
}

impl Limits {
    /// Whether somebody may try to sign in as `name`. `browser` is what a browser holds that is known to be that
    /// person's; it is none of a stranger's making.
    ///
    /// # Errors
    /// [`TooMany`]; the password is not to be looked at.
    pub fn sign_in(
        &self,
        address: ClientAddress,
        name: &str,
        browser: Option<&str>,
    ) -> Result<SignInAttempt<'_>, TooMany> {
        let attempt = SignInAttempt {
            limits: self,
            address,
            name: self.hasher.hash_one(name.trim().to_lowercase()),
            browser: browser.map(|browser| self.hasher.hash_one(browser)),
        };
        let Some(sign_ins) = &self.sign_ins else {
            return Ok(attempt);
        };
        let taken = match &attempt.browser {
            Some(browser) => sign_ins.by_browser.take(browser),
            None => {
                self.take(Kind::SignIn, address)?;
                sign_ins.by_name.take(&attempt.name).inspect_err(|_| {
                    self.give_back(Kind::SignIn, address);
                })
            }
        };
        match taken {
            Ok(()) => Ok(attempt),
            Err(retry_after) => Err(self.refused(Kind::SignIn, address, retry_after)),
        }
    }
}

impl SignInAttempt<'_> {
    /// The password or the code was wrong. It was counted when it began, as is one that is broken off: who tries many at a
    /// time gets no further than who tries one after the other.
    pub fn failed(self) {}

    /// It was right, or could not be found out: nothing counts.
    pub fn passed(self) {
        let Some(sign_ins) = &self.limits.sign_ins else {
            return;
        };
        match &self.browser {
            Some(browser) => sign_ins.by_browser.give_back(browser),
            None => {
                self.limits.give_back(Kind::SignIn, self.address);
                sign_ins.by_name.give_back(&self.name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;
    use std::time::Duration;

    use super::*;
    use crate::ambient::SimulatedClock;
    use crate::domain::time::UnixMillis;

    fn limits() -> (Arc<SimulatedClock>, Limits) {
        let clock = Arc::new(SimulatedClock::starting_at(UnixMillis::from_seconds(
            1_800_000_000,
        )));
        (Arc::clone(&clock), Limits::new(clock))
    }

    fn address(last: u8) -> ClientAddress {
        IpAddr::from([203, 0, 113, last]).into()
    }

    #[test]
    fn failures_under_one_name_count_over_all_addresses_but_not_against_a_known_browser() {
        let (clock, limits) = limits();
        for last in 0..20 {
            limits.sign_in(address(last), "Ann", None).unwrap().failed();
        }
        assert!(limits.sign_in(address(99), "ann ", None).is_err());
        limits.sign_in(address(99), "bob", None).unwrap().passed();
        limits.sign_in(address(99), "ann", Some("mark")).unwrap().passed();
        clock.advance(Duration::from_secs(60));
        limits.sign_in(address(99), "ann", None).unwrap().passed();
    }

    #[test]
    fn failures_of_one_address_count_whatever_the_name_and_a_known_browser_has_its_own_count() {
        let (_, limits) = limits();
        for name in 0..10 {
            limits
                .sign_in(address(1), &name.to_string(), None)
                .unwrap()
                .failed();
        }
        assert!(limits.sign_in(address(1), "ann", None).is_err());
        for _ in 0..10 {
            limits.sign_in(address(1), "ann", Some("mark")).unwrap().failed();
        }
        assert!(limits.sign_in(address(1), "ann", Some("mark")).is_err());
        limits.sign_in(address(2), "ann", Some("other")).unwrap().passed();
    }

    #[test]
    fn who_got_in_once_may_not_guess_for_ever_from_the_same_address() {
        let (_, limits) = limits();
        limits.sign_in(address(1), "ann", None).unwrap().passed();
        for _ in 0..10 {
            limits.sign_in(address(1), "ann", None).unwrap().failed();
        }
        assert!(limits.sign_in(address(1), "ann", None).is_err());
    }

    #[test]
    fn of_many_at_a_time_no_more_are_looked_at_than_may_fail() {
        let (_, limits) = limits();
        let at_once: Vec<_> = (0..100)
            .filter_map(|last| limits.sign_in(address(last), "code of 1", None).ok())
            .collect();
        assert_eq!(at_once.len(), 20);
        let known: Vec<_> = (0..100)
            .filter_map(|_| limits.sign_in(address(200), "ann", Some("mark")).ok())
            .collect();
        assert_eq!(known.len(), 10);
        // What was right, or was never found out, leaves as much as before.
        at_once.into_iter().for_each(SignInAttempt::passed);
        known.into_iter().for_each(SignInAttempt::passed);
        for _ in 0..100 {
            limits.sign_in(address(1), "code of 1", None).unwrap().passed();
            limits.sign_in(address(1), "ann", Some("mark")).unwrap().passed();
        }
    }
}
