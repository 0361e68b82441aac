//! Time: judged by the block, not by when payd came to see it.

use std::time::Duration;

use super::rig::{CONFIRMATIONS, DUE, Rig, WINDOW};
use crate::ambient::Clock as _;
use crate::domain::event::EventKind::{Confirmed, Confirming, Created, Expired, Late};
use crate::domain::shop::{LatePolicy, Rules};
use crate::domain::status::Status;
use crate::domain::transfer::Judgement;
use crate::engine::gateway::GatewayError;

#[tokio::test]
async fn money_mined_in_time_and_seen_after_an_outage_counts() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let payment = rig.create().await;
    rig.chain.set_down(true);
    let paid = rig.pay(&payment, DUE);
    rig.mine(&[paid]);
    for _ in 0..5 {
        rig.clock.advance(WINDOW);
        rig.mine_empty(1);
        assert!(rig.round().await.is_err());
        assert_eq!(
            rig.status(&payment).await,
            Status::Pending,
            "its chain cannot be seen, so it may not expire"
        );
    }
    rig.chain.set_down(false);
    rig.chain.set_range_max(1);
    rig.restart().await;
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Paid);
    assert_eq!(rig.events(&payment).await, [Created, Confirming, Confirmed]);
}

#[tokio::test]
async fn money_in_the_last_moment_counts_and_a_millisecond_later_does_not() {
    for (after, judgement) in [
        (Duration::ZERO, Judgement::Counted),
        (Duration::from_millis(1), Judgement::Late),
    ] {
        let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
        let payment = rig.create().await;
        rig.clock.set(payment.payment.expires_at.plus(after));
        let paid = rig.pay(&payment, DUE);
        rig.chain.mine(rig.clock.now(), &[paid]);
        rig.catch_up().await;
        assert_eq!(rig.judgements(&payment).await, [judgement]);
    }
}

#[tokio::test]
async fn nothing_expires_before_the_chain_was_read_past_its_window() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let payment = rig.create().await;
    rig.clock.advance(WINDOW + WINDOW);
    rig.catch_up().await;
    assert_eq!(
        rig.status(&payment).await,
        Status::Pending,
        "no block was made since"
    );
    rig.mine_empty(1);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Expired);
}

#[tokio::test]
async fn a_payment_that_waits_for_confirmations_does_not_expire() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let payment = rig.create().await;
    let paid = rig.pay(&payment, DUE);
    rig.mine(&[paid]);
    rig.catch_up().await;
    rig.clock.advance(WINDOW);
    rig.mine_empty(1);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Confirming);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Paid);
}

#[tokio::test]
async fn late_money_is_told_and_leaves_the_payment_as_it_is() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let payment = rig.create().await;
    rig.clock.advance(WINDOW);
    rig.mine_empty(1);
    rig.catch_up().await;
    let paid = rig.pay(&payment, DUE);
    rig.mine(&[paid]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Expired);
    assert_eq!(rig.events(&payment).await, [Created, Expired, Late]);
}

#[tokio::test]
async fn late_money_pays_where_the_shop_accepts_it() {
    let mut rig = Rig::with_late_policy(LatePolicy::Accept).await;
    let payment = rig.create().await;
    rig.clock.advance(WINDOW);
    rig.mine_empty(1);
    rig.catch_up().await;
    let paid = rig.pay(&payment, DUE);
    rig.mine(&[paid]);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Confirming);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(
        rig.events(&payment).await,
        [Created, Expired, Confirming, Confirmed]
    );
}

#[tokio::test]
async fn money_mined_before_a_payment_was_made_is_not_credited_to_it() {
    let mut rig = Rig::new(
        1,
        Rules {
            cool_down: Duration::ZERO,
            ..Rules::default()
        },
    )
    .await;
    let earlier = rig.create().await;
    let stray = rig.pay(&earlier, DUE);
    rig.gateway
        .cancel(&rig.caller, &earlier.payment.number)
        .await
        .unwrap();
    // The chain is read only after the address has gone to the next payment.
    rig.mine(&[stray]);
    rig.clock.advance(Duration::from_secs(600));
    let next = rig.create().await;
    assert_eq!(
        next.payment.chosen().unwrap().address,
        earlier.payment.chosen().unwrap().address
    );
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.status(&next).await, Status::Pending);
    assert_eq!(rig.judgements(&earlier).await, [Judgement::AfterEnd]);
}

#[tokio::test]
async fn blocks_made_while_payd_was_down_are_read_from_where_it_stopped() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let payment = rig.create().await;
    rig.chain.set_range_max(7);
    rig.mine_empty(100);
    let paid = rig.pay(&payment, DUE);
    rig.mine(&[paid]);
    rig.mine_empty(50);
    rig.restart().await;
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Paid);
}

#[tokio::test]
async fn money_mined_before_a_cancelled_payments_address_was_given_on_pays_nobody_else() {
    let mut rig = Rig::new(
        1,
        Rules {
            cool_down: Duration::ZERO,
            ..Rules::default()
        },
    )
    .await;
    let cancelled = rig.create().await;
    let paid = rig.pay(&cancelled, DUE);
    rig.mine(&[paid]);
    rig.gateway
        .cancel(&rig.caller, &cancelled.payment.number)
        .await
        .unwrap();
    rig.clock.advance(Duration::from_secs(20));
    assert!(
        matches!(rig.refused().await, GatewayError::AllAddressesHeld),
        "blocks' clocks differ by more"
    );
    rig.clock.advance(Duration::from_secs(100));
    let next = rig.create().await;
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.status(&next).await, Status::Pending);
    assert_eq!(rig.judgements(&cancelled).await, [Judgement::AfterEnd]);
}

#[tokio::test]
async fn late_money_is_not_accepted_for_a_payment_whose_address_went_to_the_next() {
    let rules = Rules {
        late: LatePolicy::Accept,
        cool_down: Duration::from_secs(3600),
        ..Rules::default()
    };
    let mut rig = Rig::new(1, rules).await;
    let old = rig.create().await;
    rig.clock.advance(WINDOW);
    rig.mine_empty(1);
    rig.catch_up().await;
    rig.clock.advance(Duration::from_secs(7200));
    let truth = rig.clock.now();
    rig.clock.advance(Duration::from_secs(120));
    let next = rig.create().await;
    assert_eq!(
        next.payment.chosen().unwrap().address,
        old.payment.chosen().unwrap().address
    );
    // The chain's clock is two minutes behind payd's.
    let paid = rig.pay(&next, DUE);
    rig.chain.mine(truth.plus(Duration::from_secs(30)), &[paid]);
    rig.catch_up().await;
    assert_eq!(rig.judgements(&old).await, [Judgement::Late]);
    assert_eq!(rig.status(&old).await, Status::Expired);
}

#[tokio::test]
async fn an_address_rests_from_when_it_was_asked_for_by_a_clock_that_was_ahead() {
    let rules = Rules {
        cool_down: Duration::ZERO,
        ..Rules::default()
    };
    let mut rig = Rig::new(1, rules).await;
    let ahead = Duration::from_secs(600);
    let rest = Duration::from_secs(120);
    let start = rig.clock.now();
    rig.clock.set(start.plus(ahead));
    let first = rig.create().await;
    rig.clock.set(start);
    let cancelled = rig.gateway.cancel(&rig.caller, &first.payment.number).await;
    assert_eq!(cancelled.unwrap().payment.status, Status::Cancelled);
    // Money for whoever had the address now would be taken for the first one's, who was asked later by that clock.
    rig.clock.advance(rest);
    assert!(matches!(rig.refused().await, GatewayError::AllAddressesHeld));
    rig.clock.set(start.plus(ahead).plus(rest));
    let second = rig.create().await;
    let paid = rig.pay(&second, DUE);
    rig.mine(&[paid]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.status(&second).await, Status::Paid);
}
