//! How payments were lost elsewhere, each way a test: the list in the order in which the project keeps it. What rests
//! on providers or on other ways to receive than the pool is tested there, too.

use std::sync::Arc;
use std::time::Duration;

use super::chain::Paid;
use super::rig::{BLOCK, CONFIRMATIONS, DUE, Rig, START, WINDOW, scanner};
use crate::ambient::Clock as _;
use crate::chain::simulated::SimulatedSource;
use crate::domain::address::Address;
use crate::domain::ids::AddressId;
use crate::domain::network::{Mode, NetworkId};
use crate::domain::shop::{LatePolicy, Rules};
use crate::domain::status::Status;
use crate::domain::transfer::Judgement;
use crate::engine::gateway::Scenario;
use crate::engine::scan::Progress;
use crate::engine::simulate::StoredLedger;
use crate::store::{StoreError, addresses};

#[tokio::test]
async fn paid_in_time_but_seen_late() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let payment = rig.create().await;
    let paid = rig.pay(&payment, DUE);
    rig.mine(&[paid]);
    rig.clock.advance(WINDOW * 48);
    rig.mine_empty(CONFIRMATIONS);
    rig.restart().await;
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Paid);
}

#[tokio::test]
async fn expired_while_confirming() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let payment = rig.create().await;
    rig.clock.set(payment.payment.expires_at);
    let paid = rig.pay(&payment, DUE);
    rig.chain.mine(rig.clock.now(), &[paid]);
    for _ in 1..CONFIRMATIONS {
        rig.catch_up().await;
        assert_eq!(rig.status(&payment).await, Status::Confirming);
        rig.clock.advance(WINDOW);
        rig.mine_empty(1);
    }
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Paid);
}

#[tokio::test]
async fn an_outage_longer_than_any_number_of_blocks() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let payment = rig.create().await;
    let paid = rig.pay(&payment, DUE);
    rig.mine(&[paid]);
    rig.mine_empty(5_000);
    rig.restart().await;
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Paid);
}

#[tokio::test]
async fn two_transfers_in_one_transaction() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let payment = rig.create().await;
    let first = rig.pay(&payment, DUE / 2);
    let second = Paid {
        position: 1,
        ..first.clone()
    };
    rig.mine(&[first, second]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.transfers(&payment).await.len(), 2);
    assert_eq!(rig.status(&payment).await, Status::Paid);
}

#[tokio::test]
async fn a_reorganisation_after_the_credit() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let payment = rig.create().await;
    let paid = rig.pay(&payment, DUE);
    rig.mine(&[paid]);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Confirming);
    rig.chain.roll_back(1);
    rig.mine_empty(CONFIRMATIONS * 2);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Pending);
}

#[tokio::test]
async fn a_tiny_amount_that_wrong_decimals_would_take_for_the_price() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let payment = rig.create().await;
    // 0.00005 USDT of 6 decimals: with 18 or none, the same digits.
    let paid = rig.pay(&payment, 50);
    rig.mine(&[paid]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Pending);
}

#[tokio::test]
async fn a_flood_of_dust_before_the_payment() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let payment = rig.create().await;
    for _ in 0..4 {
        let dust: Vec<Paid> = (0..300).map(|_| rig.pay(&payment, 1)).collect();
        rig.mine(&dust);
    }
    let paid = rig.pay(&payment, DUE);
    rig.mine(&[paid]);
    for _ in 0..CONFIRMATIONS {
        let dust: Vec<Paid> = (0..300).map(|_| rig.pay(&payment, 1)).collect();
        rig.mine(&dust);
    }
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Paid);
}

#[tokio::test]
async fn the_wrong_token() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let payment = rig.create().await;
    let mut paid = rig.pay(&payment, DUE);
    paid.currency = "usdc";
    rig.mine(&[paid]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.judgements(&payment).await, [Judgement::WrongAsset]);
    assert_eq!(rig.status(&payment).await, Status::Pending);
}

#[tokio::test]
async fn a_scanner_slower_than_its_chain() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    rig.chain.set_range_max(1);
    let payment = rig.create().await;
    let paid = rig.pay(&payment, DUE);
    rig.mine_empty(40);
    rig.mine(&[paid]);
    // Three blocks come for each that is read.
    for _ in 0..20 {
        assert_eq!(rig.round().await.unwrap(), Progress::Behind);
        rig.mine_empty(3);
        rig.clock.advance(WINDOW);
        assert_eq!(rig.status(&payment).await, Status::Pending);
    }
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Paid);
}

#[tokio::test]
async fn a_storm_of_refusals_from_the_providers() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let payment = rig.create().await;
    let paid = rig.pay(&payment, DUE);
    rig.chain.set_down(true);
    rig.mine(&[paid]);
    for _ in 0..100 {
        assert!(rig.round().await.is_err());
        rig.mine_empty(1);
        rig.clock.advance(Duration::from_secs(60));
    }
    rig.chain.set_down(false);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Paid);
}

#[tokio::test]
async fn one_chain_that_fails_while_another_goes_on() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    rig.chain.set_down(true);
    rig.caller.mode = Mode::Test;
    let network = NetworkId::simulated("bsc");
    let ledger = StoredLedger::new(rig.engine.database.clone(), network.clone());
    let network = Arc::clone(rig.engine.registry.network(&network).unwrap());
    let source = SimulatedSource::new(network, rig.clock.clone(), Box::new(ledger));
    let mut other = scanner(&rig.engine, Mode::Test, Arc::new(source));
    other.round().await.unwrap();
    let payment = rig.create().await;
    rig.gateway
        .simulate(&payment.payment.token, Scenario::Exact)
        .await
        .unwrap();
    for _ in 0..20 {
        assert!(rig.round().await.is_err());
        rig.clock.advance(Duration::from_millis(500));
        while other.round().await.unwrap() == Progress::Behind {}
    }
    assert_eq!(rig.status(&payment).await, Status::Paid);
}

#[tokio::test]
async fn one_address_in_two_pools() {
    let rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let shop = rig.caller.shop.id;
    let twice = rig.engine.database.write(move |txn| {
        let bsc = NetworkId::parse("bsc").unwrap();
        addresses::insert(txn, shop, &bsc, &Address::from_evm_account([1; 20]), START)
    });
    let refused: Result<AddressId, StoreError> = twice.await;
    assert!(
        matches!(refused, Err(StoreError::Duplicate { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn ways_to_pay_hidden_while_providers_are_left_alone() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    rig.chain.set_down(true);
    assert!(rig.round().await.is_err());
    let payment = rig.create().await;
    let paid = rig.pay(&payment, DUE);
    rig.mine(&[paid]);
    rig.mine_empty(CONFIRMATIONS);
    rig.chain.set_down(false);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Paid);
}

#[tokio::test]
async fn a_failed_insert_that_the_stream_moved_past() {
    let mut rig = Rig::new(3, Rules::default()).await;
    let payment = rig.create().await;
    let paid = rig.pay(&payment, DUE);
    let broken = "CREATE TRIGGER broken BEFORE INSERT ON transfers BEGIN SELECT RAISE(ABORT, 'broken'); END";
    rig.engine
        .database
        .write(move |txn| txn.run_sql(broken))
        .await
        .unwrap();
    rig.mine(&[paid]);
    for _ in 0..5 {
        rig.mine_empty(1);
        assert!(rig.round().await.is_err(), "the block was not taken over");
        rig.clock.advance(BLOCK);
    }
    rig.engine
        .database
        .write(|txn| txn.run_sql("DROP TRIGGER broken"))
        .await
        .unwrap();
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Paid);
    assert_eq!(rig.transfers(&payment).await.len(), 1);
}
