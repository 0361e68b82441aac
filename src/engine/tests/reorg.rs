//! Reorganisations: above the required depth, below it, and deeper than is followed.

use std::time::Duration;

use super::chain::Paid;
use super::rig::{CONFIRMATIONS, DUE, FINAL_DEPTH, Rig};
use crate::domain::event::EventKind::{Cancelled, Confirmed, Confirming, Created, Late, Reorged, Reverted};
use crate::domain::shop::Rules;
use crate::domain::status::Status;
use crate::domain::transfer::Judgement;
use crate::engine::EngineError;
use crate::engine::gateway::PaymentView;

async fn confirming() -> (Rig, PaymentView, Paid) {
    let mut rig = Rig::new(2, Rules::default()).await;
    let payment = rig.create().await;
    let paid = rig.pay(&payment, DUE);
    rig.mine(std::slice::from_ref(&paid));
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Confirming);
    (rig, payment, paid)
}

#[tokio::test]
async fn money_that_leaves_the_chain_before_it_settled_is_taken_back() {
    let (mut rig, payment, paid) = confirming().await;
    rig.chain.roll_back(1);
    rig.mine_empty(2);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Pending);
    assert!(
        rig.transfers(&payment)
            .await
            .iter()
            .all(|transfer| transfer.orphaned)
    );

    rig.mine(&[paid]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(
        rig.events(&payment).await,
        [Created, Confirming, Reverted, Confirming, Confirmed]
    );
    assert_eq!(rig.transfers(&payment).await.len(), 1);
}

#[tokio::test]
async fn money_that_only_moves_to_another_block_stays_and_is_counted_once() {
    let (mut rig, payment, paid) = confirming().await;
    rig.chain.roll_back(1);
    rig.mine_empty(1);
    rig.mine(&[paid]);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Confirming);
    rig.mine_empty(CONFIRMATIONS - 2);
    rig.catch_up().await;
    assert_eq!(
        rig.status(&payment).await,
        Status::Confirming,
        "its confirmations begin anew"
    );
    rig.mine_empty(1);
    rig.catch_up().await;
    assert_eq!(rig.events(&payment).await, [Created, Confirming, Confirmed]);
}

#[tokio::test]
async fn settled_money_that_moves_to_another_block_stays_this_payments() {
    let mut rig = Rig::new(
        1,
        Rules {
            cool_down: Duration::ZERO,
            ..Rules::default()
        },
    )
    .await;
    let payment = rig.create().await;
    let paid = rig.pay(&payment, DUE);
    rig.mine(std::slice::from_ref(&paid));
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    rig.clock.advance(Duration::from_secs(120));
    let next = rig.create().await;
    assert_eq!(
        next.payment.chosen().unwrap().address,
        payment.payment.chosen().unwrap().address
    );
    rig.chain.roll_back(CONFIRMATIONS as usize + 1);
    rig.mine(&[Paid { position: 7, ..paid }]);
    rig.mine_empty(CONFIRMATIONS + 1);
    rig.catch_up().await;
    assert_eq!(
        rig.status(&next).await,
        Status::Pending,
        "one transfer pays one payment"
    );
    assert_eq!(rig.events(&payment).await, [Created, Confirming, Confirmed]);
    assert_eq!(
        rig.transfers(&payment)
            .await
            .iter()
            .filter(|transfer| !transfer.orphaned)
            .count(),
        1
    );
}

#[tokio::test]
async fn money_in_time_that_a_reorg_moves_past_the_expiry_still_counts() {
    let mut rig = Rig::new(1, Rules::default()).await;
    let payment = rig.create().await;
    rig.clock
        .set(payment.payment.expires_at.minus(Duration::from_secs(15)));
    let paid = rig.pay(&payment, DUE);
    rig.mine(std::slice::from_ref(&paid));
    rig.catch_up().await;
    rig.chain.roll_back(1);
    rig.mine_empty(1);
    rig.mine(&[paid]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.events(&payment).await, [Created, Confirming, Confirmed]);
}

#[tokio::test]
async fn a_branch_longer_than_one_read_takes_nothing_back_that_it_holds() {
    for settled in [false, true] {
        let (mut rig, payment, paid) = confirming().await;
        if settled {
            rig.mine_empty(CONFIRMATIONS);
            rig.catch_up().await;
        }
        let depth = if settled { CONFIRMATIONS as usize + 1 } else { 1 };
        rig.chain.set_range_max(1);
        rig.chain.roll_back(depth);
        rig.mine_empty(1);
        rig.mine(&[paid]);
        rig.mine_empty(CONFIRMATIONS);
        rig.catch_up().await;
        assert_eq!(rig.events(&payment).await, [Created, Confirming, Confirmed]);
    }
}

#[tokio::test]
async fn a_tip_replaced_by_another_of_the_same_height_is_noticed() {
    let (mut rig, payment, _) = confirming().await;
    rig.chain.roll_back(1);
    rig.mine_empty(1);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Pending);
}

#[tokio::test]
async fn money_that_leaves_the_chain_after_it_settled_raises_an_alarm_once() {
    let (mut rig, payment, _) = confirming().await;
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Paid);
    rig.chain.roll_back(CONFIRMATIONS as usize + 1);
    rig.mine_empty(CONFIRMATIONS + 2);
    rig.catch_up().await;
    rig.mine_empty(2);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Paid);
    assert_eq!(
        rig.events(&payment).await,
        [Created, Confirming, Confirmed, Reorged]
    );
}

#[tokio::test]
async fn a_reorganisation_is_followed_to_the_final_depth_and_stops_the_reading_below_it() {
    for (depth, is_followed) in [(FINAL_DEPTH, true), (FINAL_DEPTH + 1, false)] {
        let mut rig = Rig::new(1, Rules::default()).await;
        rig.mine_empty(30);
        rig.catch_up().await;
        rig.chain.roll_back(depth as usize);
        rig.mine_empty(depth + 1);
        let read = rig.round().await;
        assert_eq!(read.is_ok(), is_followed, "{depth}");
        if let Err(error) = read {
            assert!(matches!(error, EngineError::ReorgTooDeep { .. }));
        }
    }
}

#[tokio::test]
async fn a_lagging_node_moves_nothing() {
    let (mut rig, payment, _) = confirming().await;
    rig.mine_empty(1);
    rig.catch_up().await;
    rig.chain.roll_back(2);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Confirming);
}

#[tokio::test]
async fn nothing_is_paid_while_the_providers_disagree_on_its_block() {
    let (mut rig, payment, _) = confirming().await;
    rig.chain.set_disagreeing(true);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Confirming);
    rig.chain.set_disagreeing(false);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Paid);
}

#[tokio::test]
async fn money_that_comes_back_to_a_payment_cancelled_meanwhile_is_told() {
    let (mut rig, payment, paid) = confirming().await;
    rig.chain.roll_back(1);
    rig.mine_empty(2);
    rig.catch_up().await;
    rig.gateway
        .cancel(&rig.caller, &payment.payment.number)
        .await
        .unwrap();
    rig.mine(&[paid]);
    rig.catch_up().await;
    assert_eq!(rig.judgements(&payment).await, [Judgement::AfterEnd]);
    assert_eq!(
        rig.events(&payment).await,
        [Created, Confirming, Reverted, Cancelled, Late]
    );
}

#[tokio::test]
async fn a_restart_in_the_middle_of_a_long_branch_raises_no_alarm() {
    let (mut rig, payment, paid) = confirming().await;
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    rig.chain.set_range_max(1);
    rig.chain.roll_back(CONFIRMATIONS as usize + 1);
    rig.mine_empty(1);
    rig.mine(&[paid]);
    rig.mine_empty(CONFIRMATIONS);
    rig.round().await.unwrap();
    rig.restart().await;
    rig.catch_up().await;
    assert_eq!(rig.events(&payment).await, [Created, Confirming, Confirmed]);
}

#[tokio::test]
async fn a_branch_that_falls_back_while_it_is_followed_holds_nothing_up_for_ever() {
    let (mut rig, payment, paid) = confirming().await;
    rig.chain.set_range_max(1);
    rig.chain.roll_back(1);
    rig.mine(std::slice::from_ref(&paid));
    rig.mine_empty(6);
    rig.round().await.unwrap();
    rig.chain.roll_back(6);
    rig.catch_up().await;
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Paid);
}

#[tokio::test]
async fn raising_the_final_depth_lets_a_chain_that_changed_deeper_be_read_again() {
    let mut rig = Rig::new(1, Rules::default()).await;
    rig.mine_empty(30);
    rig.catch_up().await;
    rig.chain.roll_back(FINAL_DEPTH as usize + 4);
    rig.mine_empty(FINAL_DEPTH + 6);
    assert!(matches!(rig.round().await, Err(EngineError::ReorgTooDeep { .. })));
    rig.restart_with_final_depth(20);
    rig.catch_up().await;
    let payment = rig.create().await;
    let paid = rig.pay(&payment, DUE);
    rig.mine(&[paid]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Paid);
}

#[tokio::test]
async fn nothing_is_paid_at_a_depth_that_only_one_provider_knows() {
    let (mut rig, payment, _) = confirming().await;
    rig.mine_empty(CONFIRMATIONS);
    let height_max = rig.chain.height() - CONFIRMATIONS;
    rig.chain.set_agreed_up_to(Some(height_max));
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Confirming);
    rig.chain.set_agreed_up_to(None);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Paid);
}

#[tokio::test]
async fn a_person_is_told_of_money_that_no_quorum_lets_settle_for_long() {
    let (mut rig, payment, _) = confirming().await;
    rig.chain.set_disagreeing(true);
    rig.mine_empty(FINAL_DEPTH - 1);
    rig.catch_up().await;
    let alarm = |rig: &Rig| {
        rig.engine
            .health
            .snapshot()
            .into_values()
            .find_map(|health| health.alarm)
    };
    assert_eq!(alarm(&rig), None, "it may take a while");
    rig.mine_empty(1);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Confirming);
    assert!(alarm(&rig).unwrap().contains("the providers do not agree"));
}

#[tokio::test]
async fn a_branch_that_holds_no_money_is_voted_on_while_there_is_a_way_back() {
    let mut rig = Rig::new(1, Rules::default()).await;
    for height in 1..=8 * FINAL_DEPTH {
        rig.mine_empty(1);
        rig.catch_up().await;
        let voted_to = rig.chain.voted_on().into_iter().max().unwrap_or(0);
        assert!(height - voted_to < FINAL_DEPTH, "{height} {voted_to}");
    }
    // Not at every block.
    let votes = rig.chain.voted_on().len() as u64;
    assert!(votes <= 8 * 4 + 2, "{votes}");
}
