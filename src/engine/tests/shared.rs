//! One address for all: the exact amount says whose money it is.

use std::collections::BTreeSet;
use std::time::Duration;

use super::chain::Paid;
use super::rig::{CONFIRMATIONS, DUE, Rig, WINDOW};
use super::wallets::{CENT, due, shared_address};
use crate::domain::event::EventKind::{Confirmed, Confirming, Created, Expired, Late};
use crate::domain::money::{BaseUnits, Fiat};
use crate::domain::shop::{LatePolicy, Rules};
use crate::domain::status::Status;
use crate::domain::transfer::Judgement;
use crate::domain::wallet::Way;
use crate::engine::gateway::{GatewayError, PaymentView};
use crate::store::StoreError;

async fn rig() -> Rig {
    Rig::shared(99, Rules::default()).await
}

/// How the transfers to the shared address were judged that belong to no payment: by the count of them.
async fn in_the_inbox(rig: &Rig) -> i64 {
    rig.engine
        .database
        .read(|txn| {
            let sql = "SELECT COUNT(*) FROM transfers WHERE judgement = 'unmatched' AND payment_id IS NULL";
            Ok::<_, StoreError>(txn.raw().query_row(sql, [], |row| row.get(0))?)
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn payments_of_one_price_differ_by_a_cent_and_none_asks_for_less_than_the_price() {
    let rig = rig().await;
    for cents in 0..3 {
        let payment = rig.create().await.payment;
        assert_eq!(payment.chosen().unwrap().due, BaseUnits::new(DUE + cents * CENT));
        assert_eq!(
            (payment.chosen().unwrap().way, payment.chosen().unwrap().required),
            (Way::Shared, payment.chosen().unwrap().due)
        );
        assert_eq!(payment.chosen().unwrap().address, *shared_address(0xaa).text());
    }
}

#[tokio::test]
async fn amounts_are_taken_whatever_price_they_come_from() {
    let rig = rig().await;
    let dearer = rig.create_of(5001).await;
    let (first, second) = (rig.create_of(5000).await, rig.create_of(5000).await);
    assert_eq!(due(&dearer), BaseUnits::new(DUE + CENT));
    assert_eq!(
        (due(&first), due(&second)),
        (BaseUnits::new(DUE), BaseUnits::new(DUE + 2 * CENT))
    );
}

#[tokio::test]
async fn each_payment_gets_its_own_amount_also_of_one_transaction() {
    let mut rig = rig().await;
    let (first, second) = (rig.create().await, rig.create().await);
    let paid = rig.exactly(&second);
    let other = Paid {
        position: 1,
        amount: due(&first).get(),
        ..paid.clone()
    };
    rig.mine(&[paid, other]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    for payment in [&first, &second] {
        let now = rig.now(payment).await.payment;
        assert_eq!(
            (now.status, now.progress.seen),
            (Status::Paid, now.chosen().unwrap().due)
        );
        assert_eq!(rig.events(payment).await, [Created, Confirming, Confirmed]);
    }
}

#[tokio::test]
async fn almost_the_amount_is_nobodys_whatever_the_tolerance() {
    let rules = Rules {
        tolerance_bps: 5000,
        late: LatePolicy::Accept,
        ..Rules::default()
    };
    let mut rig = Rig::shared(99, rules).await;
    let payment = rig.create().await;
    assert_eq!(
        payment.payment.chosen().unwrap().required,
        payment.payment.chosen().unwrap().due
    );
    let nearly = [DUE - 1, DUE + 1, DUE / 2, DUE * 2].map(|amount| rig.pay(&payment, amount));
    rig.mine(&nearly);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Pending);
    assert_eq!(rig.judgements(&payment).await, []);
    assert_eq!(in_the_inbox(&rig).await, 4);
    rig.pass(WINDOW).await;
    assert_eq!(
        rig.status(&payment).await,
        Status::Expired,
        "nothing of it counts"
    );
}

#[tokio::test]
async fn the_figure_of_the_amount_in_other_decimals_is_not_the_amount() {
    let mut rig = rig().await;
    let payment = rig.create_of(1000).await;
    // 10.00 as wei, as whole units, as what 18 decimals would make of it: 1e-11 was once taken for 10.00.
    let figures = [10, 1_000, 10_000_000_000_000_000_000].map(|amount| rig.pay(&payment, amount));
    rig.mine(&figures);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Pending);
    assert_eq!(in_the_inbox(&rig).await, 3);
    let paid = rig.pay(&payment, 10_000_000);
    rig.mine(&[paid]);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Confirming);
}

#[tokio::test]
async fn another_token_of_the_same_figure_is_nobodys() {
    let mut rig = rig().await;
    let payment = rig.create().await;
    let paid = Paid {
        currency: "usdc",
        ..rig.exactly(&payment)
    };
    rig.mine(&[paid]);
    rig.catch_up().await;
    assert_eq!(
        (rig.status(&payment).await, in_the_inbox(&rig).await),
        (Status::Pending, 1)
    );
}

#[tokio::test]
async fn the_same_amount_again_is_a_second_payment_before_and_after_the_first_has_settled() {
    let mut rig = rig().await;
    let payment = rig.create().await;
    let [first, second, third] = [(); 3].map(|()| rig.exactly(&payment));
    rig.mine(&[first, second]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    rig.mine(&[third]);
    rig.catch_up().await;
    assert_eq!(
        rig.judgements(&payment).await,
        [Judgement::Counted, Judgement::AfterEnd, Judgement::AfterEnd]
    );
    let now = rig.now(&payment).await.payment;
    assert_eq!(
        (now.status, now.progress.seen),
        (Status::Paid, BaseUnits::new(DUE))
    );
}

#[tokio::test]
async fn late_money_is_told_or_counted_by_the_stores_policy() {
    for (late, status, judgement) in [
        (LatePolicy::Flag, Status::Expired, Judgement::Late),
        (LatePolicy::Accept, Status::Paid, Judgement::Counted),
    ] {
        let mut rig = Rig::shared(
            99,
            Rules {
                late,
                ..Rules::default()
            },
        )
        .await;
        let payment = rig.create().await;
        rig.pass(WINDOW).await;
        assert_eq!(rig.status(&payment).await, Status::Expired);
        let paid = rig.exactly(&payment);
        rig.mine(&[paid]);
        rig.mine_empty(CONFIRMATIONS);
        rig.catch_up().await;
        assert_eq!(rig.judgements(&payment).await, [judgement]);
        assert_eq!(rig.status(&payment).await, status);
    }
}

#[tokio::test]
async fn an_amount_rests_before_the_next_payment_gets_it() {
    let mut rig = rig().await;
    let first = rig.create().await;
    rig.pass(WINDOW).await;
    assert_eq!(rig.events(&first).await, [Created, Expired]);
    assert_eq!(due(&rig.create().await), BaseUnits::new(DUE + CENT), "it rests");
    rig.pass(Duration::from_secs(24 * 60 * 60)).await;
    let next = rig.create().await;
    assert_eq!(due(&next), due(&first));

    // Money of the time before the next payment was made is the first's, and late.
    let paid = rig.exactly(&first);
    let before = next.payment.created_at.minus(Duration::from_secs(61));
    rig.chain.mine(before, &[paid]);
    rig.catch_up().await;
    assert_eq!(rig.judgements(&first).await, [Judgement::Late]);
    assert_eq!(rig.judgements(&next).await, []);
    // From then on it is the next's.
    let paid = rig.exactly(&next);
    rig.mine(&[paid]);
    rig.catch_up().await;
    assert_eq!(rig.status(&next).await, Status::Confirming);
    assert_eq!(rig.events(&first).await, [Created, Expired, Late]);
}

#[tokio::test]
async fn however_short_the_cool_down_an_amount_rests_for_what_block_times_may_be_off() {
    let rules = Rules {
        cool_down: Duration::ZERO,
        ..Rules::default()
    };
    let mut rig = Rig::shared(99, rules).await;
    let first = rig.create().await;
    rig.gateway
        .cancel(&rig.caller, &first.payment.number)
        .await
        .unwrap();
    assert_ne!(due(&rig.create().await), due(&first));
    rig.pass(Duration::from_secs(121)).await;
    assert_eq!(due(&rig.create().await), due(&first));
}

#[tokio::test]
async fn a_late_payment_that_is_confirmed_holds_its_amount_again() {
    let rules = Rules {
        late: LatePolicy::Accept,
        cool_down: Duration::ZERO,
        ..Rules::default()
    };
    let mut rig = Rig::shared(99, rules).await;
    let payment = rig.create().await;
    rig.pass(WINDOW).await;
    let paid = rig.exactly(&payment);
    rig.mine(&[paid]);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Confirming);
    rig.clock.advance(Duration::from_secs(600));
    assert_ne!(due(&rig.create().await), due(&payment));
}

#[tokio::test]
async fn money_that_comes_back_after_the_same_amount_came_once_more_is_a_second_payment() {
    let mut rig = rig().await;
    let payment = rig.create().await;
    let (first, second) = (rig.exactly(&payment), rig.exactly(&payment));
    rig.mine(std::slice::from_ref(&first));
    rig.catch_up().await;
    rig.chain.roll_back(1);
    rig.mine(&[second]);
    rig.mine(&[]);
    rig.catch_up().await;
    rig.mine(&[first]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    let now = rig.now(&payment).await.payment;
    assert_eq!(
        (now.status, now.progress.seen),
        (Status::Paid, BaseUnits::new(DUE))
    );
    let mut judgements = rig.judgements(&payment).await;
    judgements.sort();
    assert_eq!(judgements, [Judgement::Counted, Judgement::AfterEnd]);
}

#[tokio::test]
async fn the_same_amount_once_more_takes_the_place_of_money_that_left_the_chain_unless_it_was_seen_to() {
    for is_dismissed in [false, true] {
        let mut rig = rig().await;
        let payment = rig.create().await;
        let (first, second) = (rig.exactly(&payment), rig.exactly(&payment));
        rig.mine(&[first, second.clone()]);
        rig.catch_up().await;
        assert_eq!(
            rig.judgements(&payment).await,
            [Judgement::Counted, Judgement::AfterEnd]
        );
        if is_dismissed {
            let dismiss =
                "UPDATE transfers SET handled = 'dismissed', handled_ms = 1 WHERE judgement = 'after_end'";
            let dismissed = rig
                .engine
                .database
                .write(move |txn| Ok::<_, StoreError>(txn.raw().execute(dismiss, [])?));
            assert_eq!(dismissed.await.unwrap(), 1);
        }
        rig.chain.roll_back(1);
        rig.mine(&[second]);
        rig.mine_empty(CONFIRMATIONS);
        rig.catch_up().await;
        rig.round().await.unwrap();
        let now = rig.now(&payment).await.payment;
        let expected = match is_dismissed {
            false => (Status::Paid, BaseUnits::new(DUE)),
            true => (Status::Pending, BaseUnits::ZERO),
        };
        assert_eq!((now.status, now.progress.seen), expected);
    }
}

#[tokio::test]
async fn two_hundred_payments_made_at_once_share_no_amount() {
    let rig = Rig::shared(150, Rules::default()).await;
    let calls = (0..200).map(|call| {
        let (gateway, caller) = (rig.gateway.clone(), rig.caller.clone());
        let request = rig.request_of(Fiat::Usd, 5000 + call % 7, "usdt");
        tokio::spawn(async move { gateway.create(&caller, request).await.unwrap().view })
    });
    let made = futures_util::future::join_all(calls.collect::<Vec<_>>()).await;
    let made: Vec<PaymentView> = made.into_iter().map(Result::unwrap).collect();
    let asked: Vec<BaseUnits> = made
        .iter()
        .filter_map(|view| Some(view.payment.asked()?.due))
        .collect();
    assert_eq!(asked.iter().collect::<BTreeSet<_>>().len(), asked.len());
    assert_eq!(asked.len(), 156, "every amount from 50.00 to 51.55 was given out");
    let queued = made
        .iter()
        .filter(|view| view.payment.status == Status::Queued)
        .count();
    assert_eq!(queued, 44);
}

#[tokio::test]
async fn a_wallet_that_was_changed_in_the_database_is_not_paid_to() {
    for change in [
        "UPDATE wallets SET account = '0x2222222222222222222222222222222222222222'",
        "UPDATE wallets SET slots = 1",
        "UPDATE wallets SET slot_digits = 6",
        "UPDATE wallets SET slots = NULL, slot_digits = NULL",
        "UPDATE wallets SET network = 'test-bsc'",
        "UPDATE wallets SET way = 'xpub'",
    ] {
        let rig = rig().await;
        rig.engine
            .database
            .write(move |txn| Ok::<_, StoreError>(txn.raw().execute_batch(change)?))
            .await
            .unwrap();
        let request = rig.request();
        let mut caller = rig.caller.clone();
        if change.contains("test-bsc") {
            caller.mode = crate::domain::network::Mode::Test;
        }
        let refused = rig.gateway.create(&caller, request).await.unwrap_err();
        assert!(
            matches!(refused, GatewayError::Internal(_)),
            "{change}: {refused:?}"
        );
    }
}

#[tokio::test]
async fn the_address_of_a_wallet_that_was_replaced_is_watched_for_ever_and_its_payments_end_well() {
    let mut rig = rig().await;
    let (open, late) = (rig.create().await, rig.create().await);
    rig.gateway
        .cancel(&rig.caller, &late.payment.number)
        .await
        .unwrap();
    rig.share_at(shared_address(0xbb), 99).await;
    assert_eq!(
        rig.create().await.payment.chosen().unwrap().address,
        *shared_address(0xbb).text()
    );
    let (paid, after_end) = (rig.exactly(&open), rig.exactly(&late));
    rig.restart().await;
    rig.mine(&[paid, after_end]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.status(&open).await, Status::Paid);
    assert_eq!(rig.judgements(&late).await, [Judgement::AfterEnd]);
}

#[tokio::test]
async fn waiting_money_is_told_apart_by_its_exact_amount_too() {
    let mut rig = rig().await;
    let (first, second) = (rig.create().await, rig.create().await);
    let (paid, again) = (rig.exactly(&second), rig.exactly(&second));
    let nearly = rig.pay(&first, DUE - 1);
    rig.chain.set_mempool(&[paid.clone(), nearly, again.clone()]);
    rig.catch_up().await;
    let now = rig.now(&second).await;
    assert_eq!((now.payment.status, now.confirmations), (Status::Confirming, 0));
    assert_eq!(
        now.payment.progress.seen,
        due(&second),
        "the same amount again is another matter"
    );
    assert_eq!(rig.status(&first).await, Status::Pending);
    rig.chain.set_mempool(&[]);
    rig.mine(&[again, paid]);
    rig.mine_empty(CONFIRMATIONS);
    for _ in 0..4 {
        rig.catch_up().await;
    }
    let now = rig.now(&second).await.payment;
    assert_eq!((now.status, now.progress.seen), (Status::Paid, due(&second)));
    assert_eq!(
        rig.judgements(&second).await,
        [Judgement::Counted, Judgement::AfterEnd]
    );
}

#[tokio::test]
async fn a_price_of_nothing_is_never_paid_by_nothing() {
    for count in [2, 1] {
        let mut rig = Rig::shared(count, Rules::default()).await;
        let payments = [rig.create_of(0).await, rig.create_of(0).await];
        rig.pass(WINDOW).await;
        rig.pass(WINDOW).await;
        for payment in &payments {
            assert_eq!(rig.status(payment).await, Status::Expired);
        }
    }
}
