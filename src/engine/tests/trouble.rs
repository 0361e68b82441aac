//! Beginnings, races and providers that fail at the wrong moment.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::chain::{Deed, Paid};
use super::rig::{BLOCK, CONFIRMATIONS, DUE, Rig, START, engine, scanner};
use crate::ambient::Clock as _;
use crate::domain::address::Address;
use crate::domain::money::Fiat;
use crate::domain::network::{Mode, NetworkId};
use crate::domain::shop::{Dialect, Rules};
use crate::domain::status::Status;
use crate::engine::gateway::{Caller, Gateway, GatewayError};
use crate::store::{StoreError, addresses, blocks, payments, shops};

#[tokio::test]
async fn providers_that_cannot_be_asked_hold_up_nothing_but_what_needs_them() {
    let mut rig = Rig::new(2, Rules::default()).await;
    rig.chain.set_disunited(true);
    let mut scanner = scanner(&rig.engine, Mode::Live, Arc::new(rig.chain.clone()));
    let (first, second) = (rig.create().await, rig.create().await);
    let (to_first, to_second) = (rig.pay(&first, DUE), rig.pay(&second, DUE));
    rig.mine(&[to_first]);
    rig.mine_empty(CONFIRMATIONS);
    rig.mine(&[to_second]);
    scanner.round().await.unwrap();
    assert_eq!(rig.status(&first).await, Status::Confirming);
    assert_eq!(rig.status(&second).await, Status::Confirming);
    rig.chain.set_disunited(false);
    scanner.round().await.unwrap();
    assert_eq!(rig.status(&first).await, Status::Paid);
}

#[tokio::test]
async fn an_address_given_out_while_the_tip_is_asked_for_is_watched_up_to_it() {
    let rig = Rig::new(0, Rules::default()).await;
    let (engine, caller, request) = (rig.engine.clone(), rig.caller.clone(), rig.request());
    let (chain, clock) = (rig.chain.clone(), rig.clock.clone());
    let (send, made) = tokio::sync::oneshot::channel();
    let deed: Deed = Box::new(move || {
        Box::pin(async move {
            let shop = caller.shop.id;
            let address = Address::from_evm_account([9; 20]);
            let bsc = NetworkId::parse("bsc").unwrap();
            engine
                .database
                .write(move |txn| addresses::insert(txn, shop, &bsc, &address, START))
                .await
                .unwrap();
            let payment = Gateway::new(engine).create(&caller, request).await.unwrap().view;
            clock.advance(BLOCK);
            let address = payment.payment.chosen().unwrap().address.clone();
            let paid = Paid {
                txid: "0xb".to_owned(),
                position: 0,
                currency: "usdt",
                address,
                amount: DUE,
            };
            chain.mine(clock.now(), &[paid]);
            assert!(send.send(payment).is_ok());
        })
    });
    rig.chain.before_tip(deed);
    let mut scanner = scanner(&rig.engine, Mode::Live, Arc::new(rig.chain.clone()));
    scanner.round().await.unwrap();
    rig.mine_empty(CONFIRMATIONS);
    scanner.round().await.unwrap();
    assert_eq!(rig.status(&made.await.unwrap()).await, Status::Paid);
}

#[tokio::test]
async fn no_real_payment_is_made_before_its_chain_was_read() {
    let rig = Rig::new(1, Rules::default()).await;
    let directory = tempfile::tempdir().unwrap();
    let fresh = engine(&directory, &rig.clock);
    let shop = fresh.database.write(|txn| {
        let shop = shops::insert(txn, "fresh", Dialect::Payhook, None, &Rules::default(), START)?;
        let address = Address::from_evm_account([9; 20]);
        addresses::insert(txn, shop, &NetworkId::parse("bsc").unwrap(), &address, START)?;
        shops::by_id(txn, shop)
    });
    let caller = Caller {
        shop: shop.await.unwrap().unwrap().into(),
        mode: Mode::Live,
        key: None,
    };
    let gateway = Gateway::new(fresh.clone());
    let refused = gateway.create(&caller, rig.request()).await;
    assert!(matches!(refused, Err(GatewayError::NotReadYet { .. })));
    scanner(&fresh, Mode::Live, Arc::new(rig.chain.clone()))
        .round()
        .await
        .unwrap();
    assert!(gateway.create(&caller, rig.request()).await.is_ok());
}

#[tokio::test]
async fn a_reorganisation_right_after_the_first_start_is_followed() {
    let rig = Rig::new(1, Rules::default()).await;
    rig.mine_empty(20);
    let directory = tempfile::tempdir().unwrap();
    let fresh = engine(&directory, &rig.clock);
    let mut scanner = scanner(&fresh, Mode::Live, Arc::new(rig.chain.clone()));
    scanner.round().await.unwrap();
    scanner.round().await.unwrap();
    rig.chain.roll_back(1);
    rig.mine_empty(2);
    scanner.round().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_goes_away_leaves_the_next_reader_its_connection() {
    let rig = Rig::new(0, Rules::default()).await;
    let database = &rig.engine.database;
    let (go_on, wait) = std::sync::mpsc::channel::<()>();
    let wait = Arc::new(Mutex::new(wait));
    for _ in 0..4 {
        let wait = wait.clone();
        let abandoned = database.read(move |_| {
            let _ = wait.lock().unwrap().recv();
            Ok::<_, StoreError>(())
        });
        assert!(
            tokio::time::timeout(Duration::from_millis(20), abandoned)
                .await
                .is_err()
        );
    }
    let next = database.read(|_| Ok::<_, StoreError>(()));
    let (next, ()) = tokio::join!(next, async { drop(go_on) });
    assert!(next.is_ok());
}

#[tokio::test]
async fn a_payment_worth_much_is_not_paid_on_one_providers_word() {
    let mut rig = Rig::new(2, Rules::default()).await;
    rig.chain.set_resting_on_one(true);
    let request = rig.request_of(Fiat::Usd, 100_001, "usdt");
    let large = rig.gateway.create(&rig.caller, request).await.unwrap().view;
    let small = rig.create().await;
    let paid = [
        rig.pay(&large, large.payment.chosen().unwrap().due.get()),
        rig.pay(&small, DUE),
    ];
    rig.mine(&paid);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.status(&small).await, Status::Paid);
    assert_eq!(rig.status(&large).await, Status::Confirming);
    rig.chain.set_resting_on_one(false);
    rig.catch_up().await;
    assert_eq!(rig.status(&large).await, Status::Paid);
}

#[tokio::test]
async fn what_is_priced_in_another_currency_is_weighed_in_dollars_and_refused_where_that_is_unknown() {
    let mut rig = Rig::new(3, Rules::default()).await;
    rig.chain.set_resting_on_one(true);
    rig.set_rates(&[(Fiat::Eur, "1"), (Fiat::Usd, "1.25")]);
    let mut views = Vec::new();
    for minor in [80_000, 80_001] {
        let request = rig.request_of(Fiat::Eur, minor, "usdt");
        views.push(rig.gateway.create(&rig.caller, request).await.unwrap().view);
    }
    rig.set_rates(&[(Fiat::Eur, "1")]);
    let paid = views
        .iter()
        .map(|view| rig.pay(view, view.payment.chosen().unwrap().due.get()));
    let paid: Vec<_> = paid.collect();
    rig.mine(&paid);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    for view in &views {
        assert_eq!(rig.status(view).await, Status::Confirming);
    }
    rig.set_rates(&[(Fiat::Eur, "1"), (Fiat::Usd, "1.25")]);
    rig.mine(&[]);
    rig.catch_up().await;
    assert_eq!(rig.status(&views[0]).await, Status::Paid);
    assert_eq!(rig.status(&views[1]).await, Status::Confirming);
}

#[tokio::test]
async fn where_reading_begins_is_not_one_providers_word() {
    let rig = Rig::new(1, Rules::default()).await;
    let directory = tempfile::tempdir().unwrap();
    let engine = engine(&directory, &rig.clock);
    let mut scanner = scanner(&engine, Mode::Live, Arc::new(rig.chain.clone()));
    let cursor = || async {
        let bsc = NetworkId::parse("bsc").unwrap();
        let read = engine.database.read(move |txn| blocks::cursor(txn, &bsc));
        read.await.unwrap()
    };
    rig.chain.set_disagreeing(true);
    assert!(scanner.round().await.is_err());
    assert_eq!(cursor().await, None);
    rig.chain.set_disagreeing(false);
    scanner.round().await.unwrap();
    assert!(cursor().await.is_some());
}

#[tokio::test]
async fn payments_that_are_kept_open_do_not_keep_others_open() {
    let rig = Rig::new(3, Rules::default()).await;
    let kept = rig.create_native().await;
    let id = kept.payment.id;
    let expires = kept.payment.expires_at;
    let over = rig.create().await;
    let read = rig.engine.database.read(move |txn| {
        let bsc = NetworkId::parse("bsc").unwrap();
        let late = expires.plus(BLOCK);
        let all = |native, limit| payments::window_over(txn, &bsc, late, native, limit);
        Ok::<_, StoreError>((all(late, 1)?, all(expires, 1)?))
    });
    let (with, without) = read.await.unwrap();
    assert_eq!(with[0].id, id);
    assert_eq!(without[0].id, over.payment.id);
}
