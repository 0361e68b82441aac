use std::time::Duration;

use super::rig::{KEY, Rig, Script, down, honest, name};
use crate::chain::providers::RequestRate;

fn throttling(retry_after_s: Option<u64>) -> Script {
    Script {
        status: 429,
        retry_after: retry_after_s.map(Duration::from_secs),
        ..honest()
    }
}

#[test]
fn throttled_is_not_down() {
    let rig = Rig::new(2, vec![throttling(None), honest()]);
    assert_eq!(rig.tip().0, 100);
    let health = rig.health(0);
    assert_eq!((health.throttled, health.failed), (1, 0));
    rig.set(0, down());
    rig.clock.advance(Duration::from_secs(60));
    assert_eq!(rig.tip().0, 100);
    let health = rig.health(0);
    assert_eq!((health.throttled, health.failed), (1, 1));
}

#[test]
fn a_storm_of_429_on_one_of_two_stops_nothing_and_is_not_fed() {
    let rig = Rig::new(1, vec![throttling(None), honest()]);
    let rounds = 600;
    for _ in 0..rounds {
        assert_eq!(rig.tip(), (100, Duration::ZERO));
        assert_eq!(rig.agrees("main7").0, Ok(true));
        rig.clock.advance(Duration::from_secs(1));
    }
    assert!(rig.asked(0) <= 20, "asked {} times", rig.asked(0));
    assert_eq!(rig.asked(1), 2 * rounds);
    assert_eq!(rig.health(0).failed, 0);
    assert_eq!(rig.first(), name(1));
}

#[test]
fn a_wait_that_a_provider_asks_for_is_obeyed_up_to_an_hour() {
    let rig = Rig::new(1, vec![throttling(Some(86_400)), honest()]);
    rig.tip();
    rig.set(0, honest());
    let (why, rest) = rig.health(0).rests.unwrap();
    assert_eq!(rest, Duration::from_secs(3600), "{why}");
    rig.clock.advance(Duration::from_secs(3599));
    rig.tip();
    assert_eq!(rig.asked(0), 1);
    rig.clock.advance(Duration::from_secs(1));
    rig.tip();
    assert_eq!(rig.asked(0), 2);
}

#[test]
fn a_clock_that_is_set_back_makes_no_rest_longer_than_the_longest() {
    let rig = Rig::new(1, vec![throttling(Some(60)), honest()]);
    rig.tip();
    rig.clock.set(super::rig::NOW.minus(Duration::from_secs(86_400)));
    assert_eq!(rig.health(0).rests, None);
    assert_eq!(rig.first(), name(0));
}

#[test]
fn over_its_budget_a_provider_is_waited_for_a_little_and_then_another_is_asked() {
    let rate = RequestRate::AtMost {
        per_second: 1,
        burst: 1,
    };
    let rig = Rig::asked_at(rate, 1, vec![honest(), honest()]);
    let provider = &rig.pool.providers.all()[0];
    let three = async {
        let ask = || provider.attempt(provider.ask("tip", "tip", None));
        tokio::join!(ask(), ask(), ask(), ask())
    };
    let ((first, second, third, fourth), took) = rig.drive(three);
    assert!(first.is_ok() && second.is_ok() && third.is_ok());
    assert_eq!(took, Duration::from_secs(2));
    let refused = fourth.unwrap_err().to_string();
    assert!(refused.contains("budget"), "{refused}");
    assert_eq!(rig.asked(0), 3, "the fourth was not sent");
    let health = rig.health(0);
    assert_eq!((health.rests, health.throttled, health.failed), (None, 0, 0));
}

#[test]
fn a_provider_without_budget_is_passed_over_and_not_blamed() {
    let rate = RequestRate::AtMost {
        per_second: 1,
        burst: 1,
    };
    let rig = Rig::asked_at(rate, 1, vec![honest(), honest()]);
    let first = &rig.pool.providers.all()[0];
    // Three turns are taken and never used.
    for _ in 0..3 {
        let mut turn = std::pin::pin!(first.ask("tip", "tip", None));
        let _ = turn
            .as_mut()
            .poll(&mut std::task::Context::from_waker(std::task::Waker::noop()));
    }
    assert_eq!(rig.tip(), (100, Duration::ZERO));
    assert_eq!(rig.asked(1), 1);
    assert_eq!(rig.health(0).rests, None);
    rig.clock.advance(Duration::from_secs(5));
    assert_eq!(rig.first(), name(0));
}

#[test]
fn requests_of_the_last_minute_and_day_are_counted() {
    let rig = Rig::new(1, vec![honest()]);
    for _ in 0..3 {
        rig.tip();
        rig.clock.advance(Duration::from_secs(30));
    }
    let health = rig.health(0);
    assert_eq!((health.requests_last_minute, health.requests_last_day), (1, 3));
    rig.clock.advance(Duration::from_secs(86_400));
    assert_eq!(rig.health(0).requests_last_day, 0);
}

#[test]
fn no_key_is_in_what_is_told_of_a_provider() {
    let rig = Rig::new(2, vec![throttling(None), down(), honest()]);
    rig.tip();
    let (agreed, _) = rig.agrees("fake7");
    rig.set(2, down());
    let (refused, _) = rig.header(7);
    let told = format!("{agreed:?} {:?} {:?}", refused.unwrap_err(), rig.pool.health());
    assert!(told.contains("h0.example"), "{told}");
    assert!(!told.contains(KEY) && !told.contains("://"), "{told}");
}

#[test]
fn metrics_name_the_host_of_a_provider_and_nothing_else_of_its_address() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    metrics::with_local_recorder(&recorder, || {
        let rig = Rig::new(2, vec![throttling(None), down(), honest()]);
        rig.tip();
    });
    let text = recorder.handle().render();
    for line in [
        r#"payd_provider_requests_total{network="bsc",provider="h2.example"} 1"#,
        r#"payd_provider_failures_total{network="bsc",provider="h0.example",kind="throttled"} 1"#,
        r#"payd_provider_failures_total{network="bsc",provider="h1.example",kind="down"} 1"#,
        r#"payd_provider_head_lag_blocks{network="bsc",provider="h2.example"} 0"#,
        r#"payd_provider_answer_seconds_count{network="bsc",provider="h2.example"} 1"#,
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(!text.contains(KEY) && !text.contains("://"), "{text}");
}
