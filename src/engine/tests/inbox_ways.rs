//! The inbox beside other ways to receive: turns that never came, parts at a shared address.

use super::rig::{CONFIRMATIONS, DUE, Rig, WINDOW};
use super::wallets::shared_address;
use crate::domain::money::BaseUnits;
use crate::domain::shop::Rules;
use crate::domain::status::Status;

#[tokio::test]
async fn a_payment_that_waited_for_its_turn_in_vain_takes_no_money() {
    let mut rig = Rig::shared(1, Rules::default()).await;
    let (held, waiting) = (rig.create().await, rig.create().await);
    assert_eq!(waiting.payment.status, Status::Queued);
    let stray = rig.pay(&held, 7);
    rig.mine(&[stray]);
    rig.catch_up().await;
    let entry = rig.only_entry().await;
    let refused = rig.attach(&entry, &waiting).await.unwrap_err();
    assert!(refused.to_string().contains("asks for no money yet"), "{refused}");
    rig.clock.advance(WINDOW);
    rig.mine_empty(1);
    rig.catch_up().await;
    assert_eq!(rig.status(&waiting).await, Status::Expired);
    let refused = rig.attach(&entry, &waiting).await.unwrap_err();
    assert!(refused.to_string().contains("never asked for money"), "{refused}");
}

#[tokio::test]
async fn parts_that_were_attached_at_a_shared_address_all_survive_a_reorg() {
    let mut rig = Rig::shared(99, Rules::default()).await;
    let payment = rig.create().await;
    let parts = [rig.pay(&payment, DUE - 1), rig.pay(&payment, 1)];
    rig.mine(&parts);
    rig.catch_up().await;
    for entry in rig.inbox().await {
        assert_eq!(&*entry.transfer.seen.address, &**shared_address(0xaa).text());
        rig.attach(&entry, &payment).await.unwrap();
    }
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Confirming);
    rig.chain.roll_back(1);
    rig.mine_empty(2);
    rig.catch_up().await;
    assert_eq!(rig.now(&payment).await.payment.progress.seen, BaseUnits::ZERO);
    rig.mine(&parts);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert!(rig.inbox().await.is_empty());
    assert_eq!(rig.status(&payment).await, Status::Paid);
}

#[tokio::test]
async fn who_waits_for_an_amount_does_not_have_it_yet() {
    let mut rig = Rig::shared(1, Rules::default()).await;
    let payment = rig.create().await;
    rig.clock.advance(WINDOW);
    rig.mine_empty(1);
    rig.catch_up().await;
    // The amount rests, so that the next customer waits for it.
    let waiting = rig.create().await;
    assert_eq!(waiting.payment.status, Status::Queued);
    let late = rig.exactly(&payment);
    rig.mine(&[late]);
    rig.catch_up().await;
    let entry = rig.only_entry().await;
    rig.attach(&entry, &payment).await.unwrap();
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Confirming);
}
