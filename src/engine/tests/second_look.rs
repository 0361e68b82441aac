//! What is final is read again, from another provider.

use super::rig::{DUE, FINAL_DEPTH, Rig};
use crate::domain::asset::Currency;
use crate::domain::money::BaseUnits;
use crate::domain::network::NetworkId;
use crate::domain::shop::Rules;
use crate::domain::status::Status;
use crate::domain::transfer::SeenTransfer;
use crate::engine::gateway::PaymentView;

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
        address: view.payment.ask.address.clone(),
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
        rig.mine(&[paid.clone()]);
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
