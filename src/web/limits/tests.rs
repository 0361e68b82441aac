//! How buckets empty and fill, on simulated time.

use std::net::IpAddr;

use super::buckets::KEYS_MAX;
use super::*;
use crate::ambient::SimulatedClock;
use crate::domain::time::UnixMillis;

const START: UnixMillis = UnixMillis::new(1_779_622_500_000);

fn limits() -> (Limits, Arc<SimulatedClock>) {
    let clock = Arc::new(SimulatedClock::starting_at(START));
    (Limits::new(clock.clone()), clock)
}

fn address(last: u32) -> ClientAddress {
    IpAddr::from(0xcb00_7100_u32.wrapping_add(last).to_be_bytes()).into()
}

fn let_through(calls: u32, mut call: impl FnMut() -> Result<(), TooMany>) -> u32 {
    (0..calls).map(|_| u32::from(call().is_ok())).sum()
}

#[test]
fn an_address_may_call_in_a_burst_and_then_as_fast_as_its_bucket_fills() {
    for (kind, burst, refill_ms) in [(Kind::Creation, 10, 6000), (Kind::Read, 60, 500)] {
        let (limits, clock) = limits();
        let call = || limits.check(kind, address(1), None);
        assert_eq!(let_through(100, call), burst, "{kind:?}");
        let refused = call().unwrap_err();
        assert_eq!(refused.retry_after, Duration::from_millis(refill_ms));
        clock.advance(Duration::from_millis(refill_ms - 1));
        assert_eq!(call().unwrap_err().retry_after, Duration::from_millis(1));
        clock.advance(Duration::from_millis(1));
        assert_eq!(let_through(100, call), 1, "{kind:?}");
        assert_eq!(limits.check(kind, address(2), None), Ok(()));
        clock.advance(Duration::from_secs(3600));
        assert_eq!(let_through(100, call), burst, "{kind:?}");
    }
}

#[test]
fn an_address_that_only_succeeds_is_never_refused() {
    let (limits, _) = limits();
    for kind in [Kind::Authentication, Kind::LookUp] {
        assert_eq!(
            let_through(10_000, || limits.check(kind, address(1), None)),
            10_000
        );
    }
}

#[test]
fn an_address_that_has_failed_too_often_is_refused_until_its_bucket_fills() {
    for (kind, burst, refill_s) in [(Kind::Authentication, 20, 3), (Kind::LookUp, 30, 2)] {
        let (limits, clock) = limits();
        for _ in 0..burst {
            assert_eq!(limits.check(kind, address(1), None), Ok(()));
            limits.failed(kind, address(1));
        }
        // Failures that were under way make it no worse.
        limits.failed(kind, address(1));
        let refused = limits.check(kind, address(1), None).unwrap_err();
        assert_eq!(refused.retry_after, Duration::from_secs(refill_s));
        assert_eq!(limits.check(kind, address(2), None), Ok(()));
        clock.advance(Duration::from_secs(refill_s));
        assert_eq!(let_through(5, || limits.check(kind, address(1), None)), 5);
        limits.failed(kind, address(1));
        assert!(limits.check(kind, address(1), None).is_err());
    }
}

#[test]
fn who_shares_an_address_with_one_that_tries_keys_is_not_kept_out() {
    let (limits, _) = limits();
    limits.attempt(address(1), Some("pk_gold")).unwrap().worked();
    for _ in 0..20 {
        limits.attempt(address(1), Some("pk_guess")).unwrap().failed();
    }
    assert!(limits.attempt(address(1), Some("pk_guess")).is_err());
    assert!(limits.attempt(address(1), None).is_err());
    limits.attempt(address(1), Some("pk_gold")).unwrap().worked();
    // It counts from the address it worked from, and nobody else's key does.
    for _ in 0..20 {
        limits.attempt(address(2), None).unwrap().failed();
    }
    assert!(limits.attempt(address(2), Some("pk_gold")).is_err());
    limits.attempt(address(3), Some("pk_gold")).unwrap().undecided();
    for _ in 0..20 {
        limits.failed(Kind::Authentication, address(3));
    }
    assert!(limits.attempt(address(3), Some("pk_gold")).is_err());
}

#[test]
fn kinds_are_counted_apart() {
    let (limits, _) = limits();
    let_through(100, || limits.check(Kind::Creation, address(1), None));
    for _ in 0..100 {
        limits.failed(Kind::Authentication, address(1));
    }
    assert!(limits.check(Kind::Authentication, address(1), None).is_err());
    assert_eq!(limits.check(Kind::Read, address(1), None), Ok(()));
    assert_eq!(limits.check(Kind::LookUp, address(1), None), Ok(()));
}

#[test]
fn a_store_is_limited_over_all_addresses_and_refused_addresses_take_nothing_from_it() {
    let (limits, clock) = limits();
    let call = |last, key| limits.check(Kind::Creation, address(last), Some(key));
    // Ten of these count, the rest is refused by its address.
    assert_eq!(let_through(1000, || call(1, "pk_gold")), 10);
    assert_eq!(
        (2..1000).filter(|last| call(*last, "pk_gold").is_ok()).count(),
        110
    );
    assert_eq!(
        call(1000, "pk_gold").unwrap_err().retry_after,
        Duration::from_millis(500)
    );
    assert_eq!(call(1001, "pk_silver"), Ok(()));
    clock.advance(Duration::from_secs(1));
    assert_eq!(
        (1002..1010).filter(|last| call(*last, "pk_gold").is_ok()).count(),
        2
    );
}

#[test]
fn memory_is_bounded_and_who_called_most_is_remembered_longest() {
    let (limits, clock) = limits();
    let_through(100, || limits.check(Kind::Creation, address(0), None));
    let addresses = 3 * u32::try_from(KEYS_MAX).unwrap();
    for other in 1..=addresses {
        assert_eq!(limits.check(Kind::Creation, address(other), None), Ok(()));
    }
    let buckets = limits.buckets(Kind::Creation).unwrap();
    assert!(buckets.by_address.len() <= KEYS_MAX);
    assert!(limits.check(Kind::Creation, address(0), None).is_err());

    clock.advance(Duration::from_secs(70));
    for _ in 0..KEYS_MAX {
        let _ = limits.check(Kind::Creation, address(addresses), None);
    }
    assert_eq!(buckets.by_address.len(), 1);
}

#[test]
fn a_clock_that_is_set_back_keeps_nobody_waiting_and_one_that_jumps_ahead_only_fills() {
    let (limits, clock) = limits();
    let call = || limits.check(Kind::Creation, address(1), None);
    clock.advance(Duration::from_secs(1000));
    assert_eq!(let_through(100, call), 10);
    clock.set(UnixMillis::new(0));
    assert!(call().is_err());
    clock.advance(Duration::from_secs(6));
    assert_eq!(let_through(100, call), 1);
    clock.set(UnixMillis::new(i64::MAX));
    assert_eq!(let_through(100, call), 10);
}

#[test]
fn without_limits_nothing_is_refused() {
    let limits = Limits::none();
    for _ in 0..1000 {
        limits.failed(Kind::Authentication, address(1));
        assert_eq!(limits.check(Kind::Authentication, address(1), None), Ok(()));
        assert_eq!(limits.check(Kind::Creation, address(1), Some("pk_gold")), Ok(()));
    }
}

#[test]
fn the_header_says_whole_seconds_and_never_none() {
    for (millis, seconds) in [(0, "1"), (1, "1"), (1000, "1"), (1001, "2"), (u64::MAX, "65535")] {
        let refused = TooMany {
            retry_after: Duration::from_millis(millis),
        };
        assert_eq!(refused.header(), seconds, "{millis}");
    }
}
