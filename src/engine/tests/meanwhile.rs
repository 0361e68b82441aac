//! What happens between the look at the tip and the reading of blocks.

use std::sync::{Arc, Mutex};

use super::chain::{Deed, Paid};
use super::rig::{BLOCK, CONFIRMATIONS, DUE, Rig, scanner};
use crate::domain::network::Mode;
use crate::domain::status::Status;
use crate::engine::gateway::PaymentView;
use crate::engine::scan::Progress;

/// The tip is replaced, while it is read, by a block that pays an address that was given out since it was looked at.
async fn paid_while_the_tip_is_replaced(range_max: u64) {
    let rig = Rig::xpub().await;
    rig.chain.set_range_max(range_max);
    rig.mine_empty(3);
    let made = Arc::new(Mutex::new(None::<PaymentView>));
    let (chain, gateway, caller) = (rig.chain.clone(), rig.gateway.clone(), rig.caller.clone());
    let (request, clock, known) = (rig.request(), Arc::clone(&rig.clock), Arc::clone(&made));
    let deed: Deed = Box::new(move || {
        Box::pin(async move {
            let view = gateway.create(&caller, request).await.unwrap().view;
            let paid = Paid {
                txid: "0xmeanwhile".to_owned(),
                position: 0,
                currency: "usdt",
                address: view.payment.chosen().unwrap().address.clone(),
                amount: DUE,
            };
            chain.roll_back(3);
            for paid in [&[paid][..], &[], &[]] {
                clock.advance(BLOCK);
                chain.mine(crate::ambient::Clock::now(&*clock), paid);
            }
            *known.lock().unwrap() = Some(view);
        })
    });
    rig.chain.before_read(deed);
    let mut scanner = scanner(&rig.engine, Mode::Live, Arc::new(rig.chain.clone()));
    assert!(
        scanner.round().await.is_err(),
        "what was read is not what there was"
    );
    rig.mine_empty(CONFIRMATIONS);
    while scanner.round().await.unwrap() == Progress::Behind {}
    let view = made.lock().unwrap().take().unwrap();
    assert_eq!(rig.status(&view).await, Status::Paid);
}

#[tokio::test]
async fn money_in_a_block_that_took_the_tips_place_while_it_was_read_is_not_missed() {
    paid_while_the_tip_is_replaced(100).await;
}

#[tokio::test]
async fn money_in_a_block_that_took_anothers_place_while_payd_catches_up_is_not_missed() {
    paid_while_the_tip_is_replaced(1).await;
}
