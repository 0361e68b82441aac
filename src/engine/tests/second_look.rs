//! What is final is read again, from another provider.

use super::chain::Paid;
use super::rig::{DUE, FINAL_DEPTH, Rig};
use crate::ambient::Clock as _;
use crate::domain::address::Address;
use crate::domain::asset::Currency;
use crate::domain::money::BaseUnits;
use crate::domain::network::NetworkId;
use crate::domain::shop::Rules;
use crate::domain::status::Status;
use crate::domain::transfer::SeenTransfer;
use crate::engine::gateway::PaymentView;
use crate::store::addresses;

async fn rig() -> Rig {
    let mut rig = Rig::new(3, Rules::default()).await;
    rig.chain.set_second(&[], &[]);
    rig.mine_empty(FINAL_DEPTH + 2);
    rig.catch_up().await;
    rig
}

/// Lets everything there is become final, and be looked at.
async fn finish(rig: &mut Rig) {
    for _ in 0..6 {
        rig.mine_empty(FINAL_DEPTH + 1);
        rig.catch_up().await;
    }
}

fn alarm(rig: &Rig) -> Option<String> {
    let health = rig.engine.health.snapshot();
    health[&NetworkId::parse("bsc").unwrap()].alarm.clone()
}

fn made_up(rig: &Rig, view: &PaymentView) -> SeenTransfer {
    SeenTransfer {
        txid: "0xmadeup".into(),
        position: 3,
        currency: Currency::parse("usdt").unwrap(),
        address: view.payment.chosen().unwrap().address.clone(),
        amount: BaseUnits::new(DUE),
        block: rig.chain.block(rig.chain.height()),
    }
}

#[tokio::test]
async fn a_transfer_that_was_missed_is_recorded_late_and_judged_by_its_block() {
    let mut rig = rig().await;
    let view = rig.create().await;
    let paid = rig.pay(&view, DUE);
    rig.chain.leave_out(&[&paid.txid]);
    rig.mine(&[paid]);
    rig.mine_empty(2);
    rig.catch_up().await;
    assert_eq!(rig.status(&view).await, Status::Pending);
    rig.chain.leave_out(&[]);
    finish(&mut rig).await;
    assert_eq!(rig.status(&view).await, Status::Paid);
    assert_eq!(rig.transfers(&view).await.len(), 1);
    assert!(
        alarm(&rig).unwrap().contains("was missed at first"),
        "{:?}",
        alarm(&rig)
    );
}

#[tokio::test]
async fn what_only_the_second_reader_has_is_not_credited() {
    let mut rig = rig().await;
    let view = rig.create().await;
    rig.mine(&[]);
    rig.chain.set_second(&[], &[made_up(&rig, &view)]);
    finish(&mut rig).await;
    assert_eq!(rig.transfers(&view).await, []);
    assert_eq!(rig.status(&view).await, Status::Pending);
}

#[tokio::test]
async fn what_nobody_can_decide_is_not_credited_either_but_told_and_reading_goes_on() {
    let mut rig = rig().await;
    rig.chain.set_resting_on_one(true);
    let view = rig.create().await;
    rig.mine(&[]);
    rig.chain.set_second(&[], &[made_up(&rig, &view)]);
    finish(&mut rig).await;
    assert_eq!(rig.transfers(&view).await, []);
    assert!(
        alarm(&rig).unwrap().contains("nobody can say"),
        "{:?}",
        alarm(&rig)
    );
    assert!(
        rig.chain
            .looked_again()
            .contains(&(rig.chain.height() - 3 * FINAL_DEPTH))
    );
}

#[tokio::test]
async fn what_the_second_reader_lacks_stays_and_is_told_only_when_nobody_confirms_it() {
    for is_confirmed in [true, false] {
        let mut rig = rig().await;
        let view = rig.create().await;
        let paid = rig.pay(&view, DUE);
        rig.chain.set_second(&[&paid.txid], &[]);
        rig.mine(std::slice::from_ref(&paid));
        rig.mine_empty(2);
        rig.catch_up().await;
        assert_eq!(rig.status(&view).await, Status::Paid);
        if !is_confirmed {
            rig.chain.leave_out(&[&paid.txid]);
        }
        finish(&mut rig).await;
        assert_eq!(rig.status(&view).await, Status::Paid);
        assert!(!rig.transfers(&view).await[0].orphaned);
        assert_eq!(alarm(&rig).is_none(), is_confirmed, "{:?}", alarm(&rig));
    }
}

#[tokio::test]
async fn every_final_block_is_looked_at_once_also_across_a_restart() {
    let mut rig = rig().await;
    for _ in 0..3 {
        finish(&mut rig).await;
        rig.restart().await;
    }
    rig.catch_up().await;
    let final_to = rig.chain.height() - FINAL_DEPTH;
    let expected: Vec<u64> = (1..=final_to).collect();
    assert_eq!(rig.chain.looked_again(), expected);
}

#[tokio::test]
async fn coins_that_a_balance_told_of_are_not_counted_again_when_their_transfer_is_found() {
    let mut rig = rig().await;
    rig.chain.set_saying_balances(true, 0);
    rig.restart().await;
    rig.catch_up().await;
    let view = rig.create_native().await;
    let mut paid = rig.pay(&view, DUE);
    paid.currency = "native";
    rig.chain.leave_out(&[&paid.txid]);
    rig.mine(&[paid]);
    rig.mine_empty(2);
    rig.restart().await;
    rig.catch_up().await;
    assert_eq!(rig.status(&view).await, Status::Paid);
    rig.chain.leave_out(&[]);
    finish(&mut rig).await;
    assert_eq!(rig.transfers(&view).await.len(), 1);
    assert_eq!(rig.now(&view).await.payment.progress.seen, BaseUnits::new(DUE));
}

#[tokio::test]
async fn what_an_address_received_before_it_was_added_is_not_taken_for_missed() {
    let mut rig = rig().await;
    let added = Address::from_evm_account([77; 20]);
    let earlier = Paid {
        txid: "0xearlier".to_owned(),
        position: 0,
        currency: "usdt",
        address: added.text().clone(),
        amount: DUE,
    };
    rig.mine(&[earlier]);
    rig.mine_empty(7);
    rig.catch_up().await;
    let (shop, now) = (rig.caller.shop.id, rig.clock.now());
    let insert = rig
        .engine
        .database
        .write(move |txn| addresses::insert(txn, shop, &NetworkId::parse("bsc").unwrap(), &added, now));
    insert.await.unwrap();
    finish(&mut rig).await;
    assert_eq!(alarm(&rig), None);
}

#[tokio::test]
async fn what_is_proven_of_a_block_that_is_not_the_chains_is_not_credited() {
    let mut rig = rig().await;
    rig.chain.set_proving(true);
    let view = rig.create().await;
    rig.mine(&[]);
    let mut forged = made_up(&rig, &view);
    forged.block.hash = "forged".into();
    rig.chain.set_second(&[], &[forged]);
    for _ in 0..10 {
        finish(&mut rig).await;
    }
    assert_eq!(rig.transfers(&view).await, []);
    let alarm = alarm(&rig).unwrap();
    assert!(alarm.contains("nobody can say"), "{alarm}");
}

#[tokio::test]
async fn a_transaction_that_is_recorded_in_one_block_is_not_credited_again_in_another() {
    let mut rig = rig().await;
    rig.chain.set_proving(true);
    let view = rig.create().await;
    let paid = rig.pay(&view, DUE);
    rig.mine(std::slice::from_ref(&paid));
    rig.mine(&[]);
    let again = SeenTransfer {
        txid: paid.txid.as_str().into(),
        ..made_up(&rig, &view)
    };
    rig.chain.set_second(&[], &[again]);
    finish(&mut rig).await;
    assert_eq!(rig.transfers(&view).await.len(), 1);
    assert!(
        alarm(&rig).unwrap().contains("may be recorded already"),
        "{:?}",
        alarm(&rig)
    );
}

#[tokio::test]
async fn coins_that_a_balance_told_of_in_a_later_block_are_not_counted_again_either() {
    let mut rig = rig().await;
    rig.chain.set_saying_balances(true, 0);
    rig.restart().await;
    rig.catch_up().await;
    let view = rig.create_native().await;
    let mut paid = rig.pay(&view, DUE);
    paid.currency = "native";
    rig.chain.leave_out(&[&paid.txid]);
    rig.mine(&[paid]);
    rig.mine_empty(5);
    // What was before is no longer known.
    rig.chain.set_saying_balances(true, rig.chain.height() - 3);
    rig.restart().await;
    rig.catch_up().await;
    assert_eq!(rig.status(&view).await, Status::Paid);
    rig.chain.leave_out(&[]);
    finish(&mut rig).await;
    assert_eq!(rig.transfers(&view).await.len(), 1);
    assert!(
        alarm(&rig).unwrap().contains("may be recorded already"),
        "{:?}",
        alarm(&rig)
    );
}

#[tokio::test]
async fn blocks_that_no_second_provider_serves_any_more_do_not_end_the_looking() {
    let mut rig = rig().await;
    finish(&mut rig).await;
    rig.chain.set_range_max(4);
    let served_from = rig.chain.height() + 40;
    rig.chain.set_second_reading_from(served_from);
    // At first there is nobody who can be asked at all.
    for _ in 0..6 {
        rig.mine_empty(4);
        rig.catch_up().await;
    }
    assert_eq!(alarm(&rig), None);
    rig.mine_empty(360 + FINAL_DEPTH);
    for _ in 0..20 {
        rig.mine_empty(4);
        rig.catch_up().await;
    }
    let alarm = alarm(&rig).unwrap();
    assert!(alarm.contains("could not be read a second time"), "{alarm}");
    let last = rig.chain.looked_again().last().copied().unwrap();
    assert!(last > served_from, "{last} is not beyond {served_from}");
}
