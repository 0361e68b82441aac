//! An address for every payment, derived from the store's account.

use std::collections::BTreeSet;

use super::rig::{CONFIRMATIONS, DUE, Rig, WINDOW};
use super::wallets::{ACCOUNT, bsc};
use crate::chain::accounts::Account;
use crate::domain::network::Family;
use crate::domain::shop::Rules;
use crate::domain::status::Status;
use crate::domain::transfer::Judgement;
use crate::domain::wallet::Way;
use crate::engine::gateway::GatewayError;
use crate::store::{StoreError, addresses};

fn account() -> Account {
    Account::parse(Family::Evm { chain_id: 56 }, ACCOUNT).unwrap()
}

#[tokio::test]
async fn each_payment_gets_the_next_child_of_the_account() {
    let mut rig = Rig::xpub().await;
    for index in 0..3 {
        let payment = rig.create().await.payment;
        assert_eq!(
            payment.chosen().unwrap().address,
            *account().address(index).unwrap().text()
        );
        assert_eq!(payment.chosen().unwrap().way, Way::Xpub);
    }
    let payment = rig.create().await;
    let (half, rest) = (rig.pay(&payment, DUE / 2), rig.pay(&payment, DUE / 2));
    rig.mine(&[half, rest]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Paid, "parts add up");
}

#[tokio::test]
async fn two_hundred_payments_made_at_once_get_two_hundred_children_without_a_hole() {
    let rig = Rig::xpub().await;
    let calls = (0..200).map(|_| {
        let (gateway, caller, request) = (rig.gateway.clone(), rig.caller.clone(), rig.request());
        tokio::spawn(async move {
            gateway
                .create(&caller, request)
                .await
                .unwrap()
                .view
                .payment
                .chosen()
                .unwrap()
                .address
                .clone()
        })
    });
    let made = futures_util::future::join_all(calls.collect::<Vec<_>>()).await;
    let made: BTreeSet<_> = made.into_iter().map(Result::unwrap).collect();
    let expected: BTreeSet<_> = account()
        .first(200)
        .unwrap()
        .iter()
        .map(|address| address.text().clone())
        .collect();
    assert_eq!(made, expected);
    assert_eq!(rig.wallet().await.next_index, 200);
}

#[tokio::test]
async fn a_child_is_never_given_out_again_neither_after_a_restart_nor_after_its_payment() {
    let mut rig = Rig::xpub().await;
    let mut given = BTreeSet::new();
    for _ in 0..4 {
        let payment = rig.create().await;
        assert!(given.insert(payment.payment.chosen().unwrap().address.clone()));
        rig.pass(WINDOW * 100).await;
        assert_eq!(rig.status(&payment).await, Status::Expired);
        rig.restart().await;
    }
    assert_eq!(rig.wallet().await.next_index, 4);
}

#[tokio::test]
async fn a_payment_that_could_not_be_made_takes_no_child() {
    let rig = Rig::xpub().await;
    rig.create().await;
    let shop = rig.caller.shop.id;
    let undone = rig.engine.database.write(move |txn| {
        let wallet = crate::store::wallets::in_use(txn, shop, &bsc())?.unwrap();
        crate::store::wallets::take_index(txn, wallet.id, wallet.next_index)?;
        Err::<(), _>(StoreError::Busy)
    });
    assert!(undone.await.is_err());
    let next = rig.create().await.payment;
    assert_eq!(
        next.chosen().unwrap().address,
        *account().address(1).unwrap().text()
    );
}

#[tokio::test]
async fn a_child_that_somebody_has_already_is_passed_over() {
    let rig = Rig::xpub().await;
    let shop = rig.caller.shop.id;
    rig.engine
        .database
        .write(move |txn| {
            addresses::insert(
                txn,
                shop,
                &bsc(),
                &account().address(0).unwrap(),
                super::rig::START,
            )
        })
        .await
        .unwrap();
    let made = rig.create().await.payment;
    assert_eq!(
        made.chosen().unwrap().address,
        *account().address(1).unwrap().text()
    );
    assert_eq!(rig.wallet().await.next_index, 2);
}

#[tokio::test]
async fn children_without_money_in_a_row_are_counted_since_the_last_that_was_paid() {
    let mut rig = Rig::xpub().await;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(rig.create().await);
    }
    assert_eq!(rig.wallet().await.unpaid_in_a_row(), 5);
    let (second, first) = (rig.pay(&made[2], DUE), rig.pay(&made[0], 1));
    rig.mine(&[second, first]);
    rig.catch_up().await;
    let wallet = rig.wallet().await;
    assert_eq!((wallet.paid_index, wallet.unpaid_in_a_row()), (Some(2), 2));
}

#[tokio::test]
async fn the_children_of_a_replaced_account_are_watched_and_never_given_out_again() {
    let mut rig = Rig::xpub().await;
    let old = rig.create().await;
    rig.pass(WINDOW).await;
    rig.share_at(super::wallets::shared_address(0xaa), 9).await;
    rig.restart().await;
    let late = rig.pay(&old, DUE);
    rig.mine(&[late]);
    rig.catch_up().await;
    assert_eq!(rig.judgements(&old).await, [Judgement::Late]);
    rig.use_account(0).await;
    assert_ne!(
        rig.create().await.payment.chosen().unwrap().address,
        old.payment.chosen().unwrap().address
    );
}

#[tokio::test]
async fn an_account_that_is_none_or_was_changed_is_not_paid_to() {
    for change in [
        "UPDATE wallets SET account = replace(account, '/0/*', '/1/*')",
        "UPDATE wallets SET store_id = 2 WHERE 0 = (SELECT COUNT(*) FROM stores WHERE id = 2); UPDATE wallets SET way = 'shared'",
        "UPDATE wallets SET mac = x'00'",
    ] {
        let rig = Rig::xpub().await;
        rig.create().await;
        rig.engine
            .database
            .write(move |txn| {
                txn.raw().execute_batch("PRAGMA defer_foreign_keys = 1")?;
                Ok::<_, StoreError>(txn.raw().execute_batch(change.rsplit(';').next().unwrap())?)
            })
            .await
            .unwrap();
        assert!(
            matches!(rig.refused().await, GatewayError::Internal(_)),
            "{change}"
        );
    }
}

#[tokio::test]
async fn tolerance_and_late_policy_hold_as_for_the_pool() {
    let rules = Rules {
        tolerance_bps: 100,
        late: crate::domain::shop::LatePolicy::Accept,
        ..Rules::default()
    };
    let mut rig = Rig::new(0, rules).await;
    rig.use_account(7).await;
    let payment = rig.create().await;
    assert_eq!(
        payment.payment.chosen().unwrap().address,
        *account().address(7).unwrap().text()
    );
    rig.pass(WINDOW).await;
    let paid = rig.pay(&payment, DUE - DUE / 100);
    rig.mine(&[paid]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Paid);
}
