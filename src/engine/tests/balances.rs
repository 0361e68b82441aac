//! Coins that contracts send: in no reading of a block, only in a balance.

use std::sync::Arc;

use super::rig::{BLOCK, DUE, FINAL_DEPTH, Rig, WINDOW};
use crate::ambient::Clock as _;
use crate::domain::address::Address;
use crate::domain::asset::Currency;
use crate::domain::event::EventKind;
use crate::domain::money::{BaseUnits, Fiat};
use crate::domain::network::NetworkId;
use crate::domain::shop::Rules;
use crate::domain::status::Status;
use crate::domain::transfer::{Judgement, POSITION_BALANCE};
use crate::engine::gateway::PaymentView;
use crate::store::{addresses, balances};

/// More blocks than lie between two passes.
const PASS: u64 = 40;

/// A shop whose chain says balances, of blocks from `state_from` on; ten blocks are there.
async fn rig(state_from: u64) -> Rig {
    let mut rig = Rig::new(3, Rules::default()).await;
    rig.chain.set_saying_balances(true, state_from);
    rig.restart().await;
    rig.mine_empty(10);
    rig.catch_up().await;
    rig
}

fn address(view: &PaymentView) -> &Arc<str> {
    &view.payment.chosen().unwrap().address
}

/// Amount and height of what is recorded for a payment and still on the chain.
async fn received(rig: &Rig, view: &PaymentView) -> Vec<(u128, u64)> {
    let transfers = rig.transfers(view).await;
    let on_chain = transfers.iter().filter(|transfer| !transfer.orphaned);
    on_chain
        .map(|transfer| (transfer.seen.amount.get(), transfer.seen.block.height))
        .collect()
}

/// A block with coin that no reading shows, and its height.
fn mine_unseen(rig: &Rig, view: &PaymentView, units: i128) -> u64 {
    rig.chain.move_unseen(address(view), units);
    rig.mine(&[]);
    rig.chain.height()
}

/// Blocks that are read one by one, as they come.
async fn follow(rig: &mut Rig, blocks: u64) {
    for _ in 0..blocks {
        rig.mine(&[]);
        rig.catch_up().await;
    }
}

async fn look(rig: &mut Rig) {
    rig.mine_empty(PASS);
    rig.catch_up().await;
}

#[tokio::test]
async fn coins_that_a_contract_sends_are_credited_once_in_the_block_that_brought_them() {
    let mut rig = rig(0).await;
    let view = rig.create_native().await;
    rig.mine_empty(5);
    let height = mine_unseen(&rig, &view, DUE as i128);
    look(&mut rig).await;
    assert_eq!(rig.status(&view).await, Status::Paid);
    assert_eq!(received(&rig, &view).await, [(DUE, height)]);
    let transfer = &rig.transfers(&view).await[0];
    assert_eq!(transfer.seen.position, POSITION_BALANCE);
    assert_eq!(
        *transfer.seen.txid,
        *format!("balance:{height}/0:{}", address(&view))
    );
    look(&mut rig).await;
    rig.restart().await;
    look(&mut rig).await;
    assert_eq!(received(&rig, &view).await, [(DUE, height)]);
    let confirmed = rig.events(&view).await;
    assert_eq!(
        confirmed
            .iter()
            .filter(|kind| **kind == EventKind::Confirmed)
            .count(),
        1
    );
}

#[tokio::test]
async fn only_what_is_not_recorded_yet_is_credited() {
    let mut rig = rig(0).await;
    let view = rig.create_native().await;
    let mut paid = rig.pay(&view, 20);
    paid.currency = "native";
    rig.chain.move_unseen(address(&view), 30);
    rig.mine(&[paid.clone()]);
    let height = rig.chain.height();
    let other = super::chain::Paid {
        txid: "0xother".to_owned(),
        amount: 7,
        ..paid
    };
    rig.mine(&[other]);
    look(&mut rig).await;
    let mut all = received(&rig, &view).await;
    all.sort_unstable();
    assert_eq!(all, [(7, height + 1), (20, height), (30, height)]);
}

#[tokio::test]
async fn each_rise_is_found_in_its_own_block_also_around_what_is_spent() {
    let mut rig = rig(0).await;
    let view = rig.create_native().await;
    let first = mine_unseen(&rig, &view, 100);
    rig.mine_empty(3);
    let second = mine_unseen(&rig, &view, 50);
    mine_unseen(&rig, &view, -20);
    rig.mine_empty(4);
    let third = mine_unseen(&rig, &view, 60);
    look(&mut rig).await;
    let mut all = received(&rig, &view).await;
    all.sort_by_key(|(_, height)| *height);
    assert_eq!(all, [(100, first), (50, second), (60, third)]);
}

#[tokio::test]
async fn after_a_spend_the_next_coins_are_credited_all_the_same() {
    let mut rig = rig(0).await;
    let view = rig.create_native().await;
    let first = mine_unseen(&rig, &view, 100);
    look(&mut rig).await;
    mine_unseen(&rig, &view, -100);
    look(&mut rig).await;
    let second = mine_unseen(&rig, &view, 40);
    look(&mut rig).await;
    assert_eq!(received(&rig, &view).await, [(100, first), (40, second)]);
}

#[tokio::test]
async fn a_reorganisation_takes_them_back_and_what_comes_again_counts_once() {
    let mut rig = rig(0).await;
    let view = rig.create_native().await;
    rig.mine_empty(PASS);
    // Just deep enough for the pass.
    mine_unseen(&rig, &view, DUE as i128);
    rig.mine_empty(3);
    rig.catch_up().await;
    assert_eq!(rig.status(&view).await, Status::Paid);
    rig.chain.roll_back(6);
    rig.mine_empty(2);
    let height = mine_unseen(&rig, &view, DUE as i128);
    look(&mut rig).await;
    assert_eq!(received(&rig, &view).await, [(DUE, height)]);
    let transfers = rig.transfers(&view).await;
    assert_eq!(transfers.len(), 2);
    assert!(transfers[0].orphaned && !transfers[1].orphaned);
}

#[tokio::test]
async fn what_an_address_held_before_it_was_given_to_payd_is_nobodys_payment() {
    let mut rig = rig(0).await;
    let known = Address::from_evm_account([99; 20]);
    rig.chain.move_unseen(known.text(), 1_000);
    rig.mine(&[]);
    rig.mine_empty(3);
    let view = with_new_address(&mut rig, &known).await;
    rig.catch_up().await;
    let height = mine_unseen(&rig, &view, 5);
    look(&mut rig).await;
    assert_eq!(received(&rig, &view).await, [(5, height)]);
}

#[tokio::test]
async fn coins_that_come_before_a_new_address_was_looked_at_are_credited() {
    let mut rig = rig(0).await;
    let known = Address::from_evm_account([99; 20]);
    let view = with_new_address(&mut rig, &known).await;
    // Before the next round.
    let height = mine_unseen(&rig, &view, DUE as i128);
    rig.mine_empty(FINAL_DEPTH - 3);
    rig.catch_up().await;
    look(&mut rig).await;
    assert_eq!(received(&rig, &view).await, [(DUE, height)]);
    assert_eq!(rig.judgements(&view).await, [Judgement::Counted]);
}

/// A payment at an address that is added right now.
async fn with_new_address(rig: &mut Rig, address: &Address) -> PaymentView {
    // The pool's own addresses are taken.
    for _ in 0..3 {
        rig.create_native().await;
    }
    let (shop, now, address) = (rig.caller.shop.id, rig.clock.now(), address.clone());
    let added = rig
        .engine
        .database
        .write(move |txn| addresses::insert(txn, shop, &NetworkId::parse("bsc").unwrap(), &address, now));
    added.await.unwrap();
    rig.create_native().await
}

#[tokio::test]
async fn where_old_states_are_not_kept_money_is_found_in_the_first_block_that_shows_it() {
    let mut rig = rig(0).await;
    let view = rig.create_native().await;
    rig.catch_up().await;
    mine_unseen(&rig, &view, DUE as i128);
    rig.mine_empty(PASS);
    let state_from = rig.chain.height() - 5;
    rig.chain.set_saying_balances(true, state_from);
    rig.catch_up().await;
    assert_eq!(received(&rig, &view).await, [(DUE, state_from)]);
    assert_eq!(rig.status(&view).await, Status::Paid);
}

#[tokio::test]
async fn a_payment_in_the_coin_does_not_expire_before_balances_were_looked_at_past_its_end() {
    let mut rig = rig(0).await;
    let view = rig.create_native().await;
    let blocks = (WINDOW.as_secs() / BLOCK.as_secs()) - 1;
    rig.mine_empty(blocks - PASS);
    rig.catch_up().await;
    follow(&mut rig, PASS).await;
    mine_unseen(&rig, &view, DUE as i128);
    for _ in 0..6 {
        rig.catch_up().await;
        rig.mine(&[]);
    }
    rig.catch_up().await;
    assert_eq!(rig.status(&view).await, Status::Paid);
    assert!(!rig.events(&view).await.contains(&EventKind::Expired));

    let unpaid = rig.create_native().await;
    rig.mine_empty(blocks - PASS);
    rig.catch_up().await;
    follow(&mut rig, PASS + 7).await;
    assert_eq!(rig.status(&unpaid).await, Status::Expired);
}

#[tokio::test]
async fn providers_that_cannot_say_balances_hold_up_no_payment() {
    let mut rig = Rig::new(3, Rules::default()).await;
    let view = rig.create_native().await;
    rig.mine_empty(WINDOW.as_secs() / BLOCK.as_secs() + 1);
    rig.catch_up().await;
    assert_eq!(rig.status(&view).await, Status::Expired);
}

#[tokio::test]
async fn balances_are_asked_for_in_passes_not_block_by_block() {
    let mut rig = rig(0).await;
    rig.mine_empty(PASS);
    rig.catch_up().await;
    let before = rig.chain.balance_calls();
    follow(&mut rig, 150).await;
    let passes = 150 * BLOCK.as_secs() / 300;
    let calls = rig.chain.balance_calls() - before;
    assert!((passes - 1..=passes + 1).contains(&calls), "{calls} calls");
}

#[tokio::test]
async fn coins_to_an_address_without_a_payment_are_recorded_for_the_merchant() {
    let mut rig = rig(0).await;
    let idle = Address::from_evm_account([2; 20]);
    rig.chain.move_unseen(idle.text(), 77);
    rig.mine(&[]);
    look(&mut rig).await;
    let recorded = rig.engine.database.read(move |txn| {
        let (network, native) = (
            NetworkId::parse("bsc").unwrap(),
            Currency::parse("native").unwrap(),
        );
        balances::received(txn, &network, &native, idle.text(), 0, u64::MAX)
    });
    assert_eq!(recorded.await.unwrap(), [(11, BaseUnits::new(77))]);
}

#[tokio::test]
async fn a_payment_worth_much_is_not_paid_by_what_one_provider_says_of_balances() {
    let mut rig = rig(0).await;
    rig.chain.set_balances_resting_on_one(true);
    let request = rig.request_of(Fiat::Usd, 100_001, "native");
    let large = rig.gateway.create(&rig.caller, request).await.unwrap().view;
    let small = rig.create_native().await;
    mine_unseen(&rig, &large, large.payment.chosen().unwrap().due.get() as i128);
    mine_unseen(&rig, &small, DUE as i128);
    look(&mut rig).await;
    assert_eq!(rig.status(&small).await, Status::Paid);
    assert_eq!(rig.status(&large).await, Status::Confirming);
    rig.chain.set_balances_resting_on_one(false);
    rig.mine(&[]);
    rig.catch_up().await;
    assert_eq!(rig.status(&large).await, Status::Paid);
}

#[tokio::test]
async fn blocks_that_the_providers_do_not_agree_on_credit_nothing_until_they_do() {
    let mut rig = rig(0).await;
    let view = rig.create_native().await;
    let height = mine_unseen(&rig, &view, DUE as i128);
    rig.chain.set_agreed_up_to(Some(height - 1));
    look(&mut rig).await;
    assert_eq!(received(&rig, &view).await, []);
    rig.chain.set_agreed_up_to(None);
    look(&mut rig).await;
    assert_eq!(received(&rig, &view).await, [(DUE, height)]);
}

#[tokio::test]
async fn balances_that_never_come_hold_up_no_other_payment() {
    let mut rig = rig(0).await;
    let view = rig.create().await;
    let paid = rig.pay(&view, DUE);
    rig.mine(&[paid]);
    rig.mine_empty(PASS);
    rig.chain.set_balances_hanging(Some(rig.clock.clone()));
    rig.catch_up().await;
    assert_eq!(rig.status(&view).await, Status::Paid);
}

#[tokio::test]
async fn dust_in_every_block_hides_nothing_from_others_and_keeps_no_payment_open() {
    let mut rig = rig(0).await;
    let dusted = rig.create_native().await;
    let paid = rig.create_native().await;
    let unpaid = rig.create_native().await;
    rig.mine_empty(PASS);
    rig.catch_up().await;
    let height = mine_unseen(&rig, &paid, DUE as i128);
    for _ in 0..40 {
        for _ in 0..90 {
            mine_unseen(&rig, &dusted, 1);
        }
        rig.catch_up().await;
    }
    assert_eq!(received(&rig, &paid).await, [(DUE, height)]);
    assert_eq!(rig.status(&paid).await, Status::Paid);
    assert_eq!(rig.status(&unpaid).await, Status::Expired);
}

#[tokio::test]
async fn payments_that_are_over_one_after_the_other_do_not_make_one_pass_each() {
    let mut rig = Rig::new(12, Rules::default()).await;
    rig.chain.set_saying_balances(true, 0);
    rig.restart().await;
    let mut views = Vec::new();
    for _ in 0..12 {
        views.push(rig.create_native().await);
        rig.mine(&[]);
    }
    rig.mine_empty(WINDOW.as_secs() / BLOCK.as_secs() - 12);
    rig.catch_up().await;
    let before = rig.chain.balance_calls();
    for _ in 0..20 {
        rig.mine(&[]);
        rig.catch_up().await;
    }
    let passes = rig.chain.balance_calls() - before;
    assert!((2..=4).contains(&passes), "{passes} passes");
    for view in &views {
        assert_eq!(rig.status(view).await, Status::Expired);
    }
}

#[tokio::test]
async fn what_comes_while_many_new_addresses_are_taken_down_is_credited() {
    let mut rig = rig(0).await;
    look(&mut rig).await;
    // A pass is due.
    rig.clock.advance(BLOCK * PASS as u32);
    rig.mine(&[]);
    let shop = rig.caller.shop.id;
    let now = rig.clock.now();
    let known = Address::from_evm_account([99; 20]);
    let last = known.clone();
    let added = rig.engine.database.write(move |txn| {
        let bsc = NetworkId::parse("bsc").unwrap();
        for number in 0..1_100_u32 {
            let mut account = [77; 20];
            account[..4].copy_from_slice(&number.to_be_bytes());
            addresses::insert(txn, shop, &bsc, &Address::from_evm_account(account), now)?;
        }
        addresses::insert(txn, shop, &bsc, &last, now)
    });
    added.await.unwrap();
    rig.chain.move_unseen(known.text(), 5);
    rig.mine(&[]);
    let height = rig.chain.height();
    rig.mine_empty(3);
    for _ in 0..3 {
        rig.round().await.unwrap();
    }
    look(&mut rig).await;
    let recorded = rig.engine.database.read(move |txn| {
        let (network, native) = (
            NetworkId::parse("bsc").unwrap(),
            Currency::parse("native").unwrap(),
        );
        balances::received(txn, &network, &native, known.text(), 0, u64::MAX)
    });
    assert_eq!(recorded.await.unwrap(), [(height, BaseUnits::new(5))]);
}
