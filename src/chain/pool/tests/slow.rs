use std::time::Duration;

use super::rig::{Plain, Rig, Script, at_tip, down, honest, name, slow};

const HEDGED_AFTER: Duration = Duration::from_millis(1500);

#[test]
fn one_that_hangs_costs_a_hedge_and_not_its_timeout() {
    let rig = Rig::new(2, vec![slow(30), honest()]);
    assert_eq!(rig.tip(), (100, HEDGED_AFTER));
    let rig = Rig::new(2, vec![slow(30), honest()]);
    assert_eq!(rig.header(7), (Ok("main7".to_owned()), HEDGED_AFTER));
    let rig = Rig::new(2, vec![slow(30), honest(), honest()]);
    assert_eq!(rig.agrees("main7"), (Ok(true), HEDGED_AFTER));
}

#[test]
fn nobody_is_asked_besides_one_that_is_in_time() {
    let rig = Rig::new(2, vec![slow(1), honest()]);
    assert_eq!(rig.tip(), (100, Duration::from_secs(1)));
    assert_eq!(rig.asked(1), 0);
}

#[test]
fn one_that_fails_is_replaced_at_once_and_one_that_is_alone_is_waited_for() {
    let rig = Rig::new(2, vec![down(), honest()]);
    assert_eq!(rig.tip(), (100, Duration::ZERO));
    let rig = Rig::new(2, vec![slow(19)]);
    assert_eq!(rig.tip(), (100, Duration::from_secs(19)));
    let rig = Rig::new(2, vec![slow(30)]);
    let (refused, took) = rig.header(7);
    assert!(refused.unwrap_err().contains("no reply within 20 s"));
    assert_eq!(took, Duration::from_secs(20));
}

#[test]
fn a_fast_node_that_lags_does_not_win_the_hedge() {
    let rig = Rig::new(2, vec![at_tip(100), at_tip(100)]);
    assert_eq!(rig.tip().0, 100);
    let slow_and_high = Script { tip: 110, ..slow(4) };
    rig.set(0, slow_and_high);
    rig.set(1, at_tip(50));
    assert_eq!(rig.tip(), (110, Duration::from_secs(4)));
    assert_eq!(rig.health(1).lag_blocks, Some(60));
    assert_eq!(rig.health(0).lag_blocks, Some(0));
}

#[test]
fn a_node_that_has_no_such_block_does_not_win_the_hedge() {
    let rig = Rig::new(2, vec![slow(4), at_tip(3)]);
    assert_eq!(rig.header(7), (Ok("main7".to_owned()), Duration::from_secs(4)));
}

#[test]
fn what_blocks_hold_is_asked_of_one_after_the_other_only() {
    let rig = Rig::new(2, vec![slow(4), at_tip(3)]);
    let read = rig
        .pool
        .providers
        .first(|provider| Box::pin(provider.ask("logs", "7", None)));
    let (read, took) = rig.drive(read);
    assert_eq!((read.unwrap().status, took), (200, Duration::from_secs(4)));
    assert_eq!(rig.asked(1), 0);
}

#[test]
fn two_that_must_both_be_asked_are_hedged_by_a_third() {
    let rig = Rig::new(2, vec![honest(), slow(30), honest()]);
    let (tip, took) = rig.drive(rig.pool.tip(&Plain, true));
    assert_eq!((tip.unwrap().height, took), (100, HEDGED_AFTER));
}

#[test]
fn one_that_is_always_late_is_asked_after_the_others_and_tried_again_later() {
    let rig = Rig::new(2, vec![slow(10), honest()]);
    let mut rounds = 0;
    while rig.tip().1 > Duration::ZERO {
        rounds += 1;
        assert!(rounds < 20, "it is asked first for ever");
    }
    assert_eq!(rig.first(), name(1));
    assert!(rig.health(0).is_poor);
    rig.set(0, honest());
    rig.clock.advance(Duration::from_secs(200));
    assert_eq!(rig.first(), name(1), "no flapping");
    rig.clock.advance(Duration::from_secs(100));
    assert_eq!(rig.first(), name(0), "the order of preference counts again");
}

#[test]
fn the_hedge_follows_what_a_provider_usually_takes() {
    let fast = Script {
        delay: Duration::from_millis(300),
        ..honest()
    };
    let rig = Rig::new(2, vec![fast, honest()]);
    for _ in 0..40 {
        assert_eq!(rig.tip().0, 100);
    }
    assert_eq!(rig.health(0).latency, Some(Duration::from_millis(300)));
    assert_eq!(rig.asked(1), 0);
    rig.set(0, slow(30));
    let (_, took) = rig.tip();
    assert_eq!(took, Duration::from_millis(500));
}
