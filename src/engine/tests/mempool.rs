//! Money that waits for a block: it is shown, it holds the payment open, and it settles nothing.

use std::time::Duration;

use super::chain::Paid;
use super::rig::{CONFIRMATIONS, DUE, Rig, WINDOW};
use crate::ambient::Clock as _;
use crate::domain::event::EventKind::{Confirmed, Confirming, Created, Expired, Reverted};
use crate::domain::money::BaseUnits;
use crate::domain::shop::{LatePolicy, Rules};
use crate::domain::status::Status;
use crate::domain::transfer::Judgement;
use crate::domain::wallet::Way;
use crate::engine::gateway::PaymentView;

/// Looks at the mempool until what is missing counts as gone.
async fn look_often(rig: &mut Rig) {
    for _ in 0..3 {
        rig.catch_up().await;
    }
}

#[tokio::test]
async fn waiting_money_is_confirming_with_no_confirmations_and_counts_once_when_it_is_mined() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let payment = rig.create().await;
    let paid = rig.pay(&payment, DUE);
    rig.chain.set_mempool(std::slice::from_ref(&paid));
    rig.catch_up().await;
    let seen = rig.now(&payment).await;
    assert_eq!((seen.payment.status, seen.confirmations), (Status::Confirming, 0));
    assert_eq!(seen.payment.progress.settled, BaseUnits::ZERO);
    assert_eq!(&*seen.payment.progress.latest.unwrap().txid, paid.txid);

    // The node still holds it after it was mined.
    rig.mine(&[paid]);
    look_often(&mut rig).await;
    let seen = rig.now(&payment).await;
    assert_eq!((seen.payment.status, seen.confirmations), (Status::Confirming, 1));
    assert_eq!(seen.payment.progress.seen, BaseUnits::new(DUE));
    rig.mine_empty(CONFIRMATIONS);
    look_often(&mut rig).await;
    assert_eq!(rig.events(&payment).await, [Created, Confirming, Confirmed]);
    assert_eq!(rig.transfers(&payment).await.len(), 1);
}

#[tokio::test]
async fn waiting_money_alone_never_settles_however_long_it_waits() {
    let mut rig = Rig::with_late_policy(LatePolicy::Accept).await;
    let payment = rig.create().await;
    let paid = rig.pay(&payment, DUE * 10);
    rig.chain.set_mempool(&[paid]);
    for _ in 0..20 {
        rig.mine_empty(1);
        rig.catch_up().await;
    }
    assert_eq!(rig.status(&payment).await, Status::Confirming);
    assert!(rig.transfers(&payment).await.is_empty());
}

#[tokio::test]
async fn money_that_is_replaced_by_a_payment_to_another_leaves_the_payment_pending_and_then_expired() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let payment = rig.create().await;
    let paid = rig.pay(&payment, DUE);
    rig.chain.set_mempool(&[paid]);
    rig.catch_up().await;
    rig.chain.set_mempool(&[]);
    rig.catch_up().await;
    assert_eq!(
        rig.status(&payment).await,
        Status::Confirming,
        "one node may forget what another has"
    );
    look_often(&mut rig).await;
    assert_eq!(rig.status(&payment).await, Status::Pending);
    rig.clock.advance(WINDOW);
    rig.mine_empty(2);
    rig.catch_up().await;
    assert_eq!(
        rig.events(&payment).await,
        [Created, Confirming, Reverted, Expired]
    );
}

#[tokio::test]
async fn money_seen_to_wait_in_time_counts_though_its_block_comes_after_the_window() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let payment = rig.create().await;
    let paid = rig.pay(&payment, DUE);
    rig.chain.set_mempool(std::slice::from_ref(&paid));
    rig.catch_up().await;
    rig.clock.advance(WINDOW * 3);
    rig.mine_empty(2);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Confirming);
    rig.chain.set_mempool(&[]);
    rig.mine(&[paid]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.judgements(&payment).await, [Judgement::Counted]);
    assert_eq!(rig.status(&payment).await, Status::Paid);
}

#[tokio::test]
async fn a_higher_fee_after_the_window_does_not_make_money_late() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let payment = rig.create().await;
    let paid = rig.pay(&payment, DUE);
    rig.chain.set_mempool(&[paid]);
    rig.catch_up().await;
    rig.clock.advance(WINDOW * 2);
    let bumped = rig.pay(&payment, DUE);
    rig.chain.set_mempool(std::slice::from_ref(&bumped));
    look_often(&mut rig).await;
    assert_eq!(rig.status(&payment).await, Status::Confirming);
    rig.mine(&[bumped]);
    rig.mine_empty(CONFIRMATIONS);
    look_often(&mut rig).await;
    assert_eq!(rig.judgements(&payment).await, [Judgement::Counted]);
    assert_eq!(
        rig.now(&payment).await.payment.progress.seen,
        BaseUnits::new(DUE),
        "the replaced one does not count beside it"
    );
    assert_eq!(rig.events(&payment).await, [Created, Confirming, Confirmed]);
}

#[tokio::test]
async fn a_part_that_waits_keeps_the_window_open_until_it_is_mined_or_gone() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let payment = rig.create().await;
    let part = rig.pay(&payment, DUE / 2);
    rig.chain.set_mempool(std::slice::from_ref(&part));
    rig.catch_up().await;
    rig.clock.advance(WINDOW * 2);
    rig.mine_empty(2);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Pending);
    rig.chain.set_mempool(&[]);
    rig.mine(&[part]);
    look_often(&mut rig).await;
    assert_eq!(rig.status(&payment).await, Status::Underpaid);
}

#[tokio::test]
async fn a_look_that_failed_or_was_at_other_addresses_says_nothing() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let payment = rig.create().await;
    let paid = rig.pay(&payment, DUE);
    rig.chain.set_mempool(std::slice::from_ref(&paid));
    rig.catch_up().await;
    rig.chain.set_mempool(&[]);
    rig.chain.set_mempool_looks_at(Some(Vec::new()));
    look_often(&mut rig).await;
    rig.chain.set_mempool_looks_at(None);
    rig.chain.set_mempool_failing(true);
    rig.mine_empty(1);
    look_often(&mut rig).await;
    assert_eq!(rig.status(&payment).await, Status::Confirming);
    rig.mine(&[paid]);
    rig.catch_up().await;
    assert_eq!(
        rig.now(&payment).await.confirmations,
        1,
        "blocks are read though the mempool cannot be"
    );
}

#[tokio::test]
async fn money_that_a_reorganisation_puts_back_into_the_mempool_goes_on_waiting() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let payment = rig.create().await;
    let paid = rig.pay(&payment, DUE);
    rig.mine(std::slice::from_ref(&paid));
    rig.catch_up().await;
    rig.chain.roll_back(1);
    rig.chain.set_mempool(std::slice::from_ref(&paid));
    rig.mine_empty(2);
    look_often(&mut rig).await;
    let seen = rig.now(&payment).await;
    assert_eq!((seen.payment.status, seen.confirmations), (Status::Confirming, 0));
    rig.clock.advance(WINDOW);
    rig.mine(&[paid]);
    rig.mine_empty(CONFIRMATIONS);
    look_often(&mut rig).await;
    assert_eq!(rig.status(&payment).await, Status::Paid);
    assert_eq!(rig.transfers(&payment).await.len(), 1);
}

#[tokio::test]
async fn waiting_money_of_another_asset_or_after_the_window_shows_nothing_before_it_is_mined() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let payment = rig.create().await;
    let mut other = rig.pay(&payment, DUE);
    other.currency = "usdc";
    rig.chain.set_mempool(&[other]);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Pending);
    rig.clock
        .set(payment.payment.expires_at.plus(Duration::from_millis(1)));
    let late = rig.pay(&payment, DUE);
    rig.chain.set_mempool(&[late]);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Pending);
    assert!(rig.clock.now() > payment.payment.expires_at);
}

/// A payment whose money was forgotten by every node, that expired, and whose address and amount have gone to another.
async fn followed_by_another(rig: &mut Rig) -> (PaymentView, PaymentView, Paid) {
    let first = rig.create().await;
    let paid = rig.exactly(&first);
    rig.chain.set_mempool(std::slice::from_ref(&paid));
    rig.catch_up().await;
    assert_eq!(rig.status(&first).await, Status::Confirming);
    rig.chain.set_mempool(&[]);
    look_often(rig).await;
    rig.pass(WINDOW * 2).await;
    assert_eq!(rig.status(&first).await, Status::Expired);
    rig.pass(WINDOW * 100).await;
    let second = rig.create().await;
    let (one, other) = (first.payment.chosen().unwrap(), second.payment.chosen().unwrap());
    assert_eq!((&one.address, one.due), (&other.address, other.due));
    (first, second, paid)
}

fn two_ways() -> [Way; 2] {
    [Way::Pool, Way::Shared]
}

async fn rig_of(way: Way) -> Rig {
    match way {
        Way::Shared => Rig::shared(99, Rules::default()).await,
        Way::Pool | Way::Xpub => Rig::new(1, Rules::default()).await,
    }
}

#[tokio::test]
async fn money_seen_to_wait_for_a_payment_is_that_ones_though_another_has_its_address_or_amount_by_now() {
    for way in two_ways() {
        let mut rig = rig_of(way).await;
        let (first, second, paid) = followed_by_another(&mut rig).await;
        // Also when it is seen to wait once more.
        rig.chain.set_mempool(std::slice::from_ref(&paid));
        rig.catch_up().await;
        assert_eq!(rig.status(&second).await, Status::Pending, "{way:?}");
        rig.restart().await;
        rig.mine(&[paid]);
        rig.mine_empty(CONFIRMATIONS);
        rig.catch_up().await;
        assert_eq!(rig.judgements(&first).await, [Judgement::Counted], "{way:?}");
        assert_eq!(rig.status(&first).await, Status::Paid, "{way:?}");
        assert_eq!(rig.transfers(&second).await.len(), 0, "{way:?}");
        assert_eq!(rig.status(&second).await, Status::Pending, "{way:?}");
        // And the other's own money is the other's.
        let own = rig.exactly(&second);
        rig.mine(&[own]);
        rig.mine_empty(CONFIRMATIONS);
        rig.catch_up().await;
        assert_eq!(rig.judgements(&second).await, [Judgement::Counted], "{way:?}");
    }
}

/// A payment whose money was seen to wait and then forgotten by the node, and the next customer of its address.
async fn forgotten() -> (Rig, crate::engine::gateway::PaymentView, super::chain::Paid) {
    let rules = Rules {
        cool_down: std::time::Duration::ZERO,
        ..Rules::default()
    };
    let mut rig = Rig::new(1, rules).await;
    let first = rig.create().await;
    let paid = rig.pay(&first, DUE);
    rig.chain.set_mempool(std::slice::from_ref(&paid));
    rig.catch_up().await;
    rig.chain.set_mempool(&[]);
    look_often(&mut rig).await;
    rig.clock.advance(WINDOW);
    rig.mine_empty(2);
    rig.catch_up().await;
    assert_eq!(rig.status(&first).await, Status::Expired);
    rig.clock.advance(WINDOW);
    (rig, first, paid)
}

#[tokio::test]
async fn money_that_was_seen_to_wait_for_one_payment_is_not_the_next_customers_when_it_is_mined() {
    for is_seen_again in [false, true] {
        let (mut rig, first, paid) = forgotten().await;
        let second = rig.create().await;
        assert_eq!(
            first.payment.chosen().unwrap().address,
            second.payment.chosen().unwrap().address
        );
        if is_seen_again {
            rig.chain.set_mempool(std::slice::from_ref(&paid));
            rig.catch_up().await;
            assert_eq!(rig.status(&second).await, Status::Pending);
        }
        rig.chain.set_mempool(&[]);
        rig.mine(&[paid]);
        rig.mine_empty(CONFIRMATIONS);
        rig.catch_up().await;
        assert_eq!(rig.judgements(&second).await, []);
        assert_eq!(rig.status(&second).await, Status::Pending);
        assert_eq!(rig.judgements(&first).await, [Judgement::Counted]);
        assert_eq!(rig.status(&first).await, Status::Paid);
    }
}

#[tokio::test]
async fn what_was_made_up_of_an_output_says_nothing_of_what_it_really_holds() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let (lied_about, payment) = (rig.create().await, rig.create().await);
    let paid = rig.pay(&payment, DUE);
    let lie = Paid {
        address: lied_about.payment.chosen().unwrap().address.clone(),
        ..paid.clone()
    };
    rig.chain.set_mempool(&[lie]);
    rig.catch_up().await;
    assert_eq!(rig.status(&lied_about).await, Status::Confirming);
    rig.chain.set_mempool(std::slice::from_ref(&paid));
    look_often(&mut rig).await;
    assert_eq!(rig.status(&lied_about).await, Status::Pending);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Confirming);
    rig.clock.advance(WINDOW * 2);
    rig.chain.set_mempool(&[]);
    rig.mine(&[paid]);
    rig.catch_up().await;
    assert_eq!(
        rig.judgements(&payment).await,
        [Judgement::Counted],
        "it was in time"
    );
    assert_eq!(rig.transfers(&lied_about).await.len(), 0);
}

#[tokio::test]
async fn money_that_waits_for_ever_does_not_hold_its_payment_for_ever() {
    for (share, fails) in [(1, false), (2, false), (1, true), (2, true)] {
        let mut rig = Rig::new(1, Rules::default()).await;
        let payment = rig.create().await;
        let made_up = rig.pay(&payment, DUE / share);
        rig.chain.set_mempool(&[made_up]);
        rig.catch_up().await;
        rig.chain.set_mempool_failing(fails);
        rig.pass(Duration::from_secs(13 * 24 * 3600)).await;
        assert!(rig.status(&payment).await.is_live());
        rig.pass(Duration::from_secs(24 * 3600) + WINDOW * 2).await;
        assert_eq!(rig.status(&payment).await, Status::Expired);
        // Nor does another one that is made up then, nor the same one again.
        let again = rig.pay(&payment, DUE);
        rig.chain.set_mempool(&[again]);
        rig.chain.set_mempool_failing(false);
        look_often(&mut rig).await;
        assert_eq!(rig.status(&payment).await, Status::Expired);
        rig.pass(WINDOW * 100).await;
        let next = rig.create().await;
        assert_eq!(
            next.payment.chosen().unwrap().address,
            payment.payment.chosen().unwrap().address
        );
    }
}

#[tokio::test]
async fn money_that_did_not_count_in_a_block_does_not_count_while_it_waits_for_another() {
    let mut rig = Rig::new(1, Rules::default()).await;
    let first = rig.create().await;
    let (paid, again) = (rig.pay(&first, DUE), rig.pay(&first, DUE));
    rig.mine(&[paid]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    rig.mine(std::slice::from_ref(&again));
    rig.catch_up().await;
    assert_eq!(
        rig.judgements(&first).await,
        [Judgement::Counted, Judgement::AfterEnd]
    );
    // The address has gone to the next when the block falls back.
    rig.clock.advance(WINDOW * 100);
    let second = rig.create().await;
    assert_eq!(
        second.payment.chosen().unwrap().address,
        first.payment.chosen().unwrap().address
    );
    rig.chain.roll_back(1);
    rig.mine_empty(2);
    rig.chain.set_mempool(&[again]);
    look_often(&mut rig).await;
    assert_eq!(rig.status(&second).await, Status::Pending);
}

#[tokio::test]
async fn money_in_time_that_turns_up_once_the_next_customer_has_the_address_waits_for_its_depth_in_peace() {
    let (mut rig, first, paid) = forgotten().await;
    let second = rig.create().await;
    rig.mine(&[paid]);
    rig.catch_up().await;
    let waiting = rig.now(&first).await.payment;
    assert_eq!(
        (waiting.status, waiting.progress.seen),
        (Status::Expired, BaseUnits::new(DUE)),
        "it is counted, though it cannot have its address back"
    );
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.events(&first).await.last(), Some(&Confirmed));
    assert_eq!(rig.status(&second).await, Status::Pending);
}

#[tokio::test]
async fn more_money_that_waits_is_not_added_to_what_is_paid() {
    let mut rig = Rig::new(1, Rules::default()).await;
    let payment = rig.create().await;
    let (paid, more) = (rig.pay(&payment, DUE), rig.pay(&payment, DUE));
    rig.chain.set_mempool(&[more]);
    rig.mine(&[paid]);
    rig.mine_empty(CONFIRMATIONS);
    look_often(&mut rig).await;
    let now = rig.now(&payment).await.payment;
    assert_eq!(
        (now.status, now.progress.seen),
        (Status::Paid, BaseUnits::new(DUE))
    );
}
