//! Taking money in time: amounts, splits, tolerance, addresses, idempotency.

use std::time::Duration;

use super::chain::Paid;
use super::rig::{CONFIRMATIONS, DUE, Rig, WINDOW};
use crate::domain::event::EventKind::{Cancelled, Confirmed, Confirming, Created, Expired, Late, Underpaid};
use crate::domain::money::BaseUnits;
use crate::domain::shop::Rules;
use crate::domain::status::Status;
use crate::domain::transfer::Judgement;
use crate::engine::gateway::{GatewayError, Idempotency, PaymentView};

async fn rig() -> Rig {
    Rig::new(2, Rules::default()).await
}

#[tokio::test]
async fn the_exact_amount_is_confirming_at_once_and_paid_at_the_required_depth() {
    let mut rig = rig().await;
    let payment = rig.create().await;
    let paid = rig.pay(&payment, DUE);
    rig.mine(&[paid]);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Confirming);
    rig.mine_empty(CONFIRMATIONS - 2);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Confirming, "one block short");
    rig.mine_empty(1);
    rig.catch_up().await;
    let view = rig.now(&payment).await;
    assert_eq!((view.payment.status, view.confirmations), (Status::Paid, 3));
    assert_eq!(view.payment.progress.settled, BaseUnits::new(DUE));
    assert_eq!(rig.events(&payment).await, [Created, Confirming, Confirmed]);
}

#[tokio::test]
async fn an_amount_in_two_parts_adds_up() {
    let mut rig = rig().await;
    let payment = rig.create().await;
    let (first, second) = (rig.pay(&payment, DUE - 1), rig.pay(&payment, 1));
    rig.mine(&[first]);
    rig.catch_up().await;
    let view = rig.now(&payment).await;
    assert_eq!(
        (view.payment.status, view.remaining()),
        (Status::Pending, BaseUnits::new(1))
    );
    rig.mine(&[second]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Paid);
}

#[tokio::test]
async fn two_transfers_of_one_transaction_are_both_counted() {
    let mut rig = rig().await;
    let payment = rig.create().await;
    let half = rig.pay(&payment, DUE / 2);
    rig.mine(&[half.clone(), Paid { position: 1, ..half }]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Paid);
}

#[tokio::test]
async fn a_transfer_seen_twice_is_credited_once() {
    let mut rig = rig().await;
    let payment = rig.create().await;
    let half = rig.pay(&payment, DUE / 2);
    rig.mine(std::slice::from_ref(&half));
    rig.mine(&[half]);
    rig.catch_up().await;
    let view = rig.now(&payment).await;
    assert_eq!(
        (view.payment.status, view.payment.progress.seen),
        (Status::Pending, BaseUnits::new(DUE / 2))
    );
}

#[tokio::test]
async fn too_much_is_paid_and_shown_as_received() {
    let mut rig = rig().await;
    let payment = rig.create().await;
    let paid = rig.pay(&payment, DUE * 3);
    rig.mine(&[paid]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    let view = rig.now(&payment).await;
    assert_eq!(
        (view.payment.status, view.payment.progress.seen),
        (Status::Paid, BaseUnits::new(DUE * 3))
    );
}

#[tokio::test]
async fn too_little_is_underpaid_only_once_the_window_is_over() {
    let mut rig = rig().await;
    let payment = rig.create().await;
    let paid = rig.pay(&payment, DUE - 1);
    rig.mine(&[paid]);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Pending);
    rig.clock.advance(WINDOW);
    rig.mine_empty(1);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Underpaid);
    assert_eq!(rig.events(&payment).await, [Created, Underpaid]);
}

#[tokio::test]
async fn a_tolerance_forgives_what_is_missing_and_not_a_unit_more() {
    for (missing, status) in [(DUE / 100, Status::Paid), (DUE / 100 + 1, Status::Pending)] {
        let mut rig = Rig::new(
            1,
            Rules {
                tolerance_bps: 100,
                ..Rules::default()
            },
        )
        .await;
        let payment = rig.create().await;
        let paid = rig.pay(&payment, DUE - missing);
        rig.mine(&[paid]);
        rig.mine_empty(CONFIRMATIONS);
        rig.catch_up().await;
        assert_eq!(rig.status(&payment).await, status);
    }
}

#[tokio::test]
async fn another_asset_is_recorded_and_told_but_pays_nothing() {
    let mut rig = rig().await;
    let payment = rig.create().await;
    let paid = Paid {
        currency: "usdc",
        ..rig.pay(&payment, DUE)
    };
    rig.mine(&[paid]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Pending);
    assert_eq!(rig.judgements(&payment).await, [Judgement::WrongAsset]);
    assert_eq!(rig.events(&payment).await, [Created, Late]);
}

#[tokio::test]
async fn a_second_payment_after_the_first_is_recorded_and_told() {
    let mut rig = rig().await;
    let payment = rig.create().await;
    let (first, second) = (rig.pay(&payment, DUE), rig.pay(&payment, DUE));
    rig.mine(&[first]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    rig.mine(&[second]);
    rig.catch_up().await;
    assert_eq!(
        rig.judgements(&payment).await,
        [Judgement::Counted, Judgement::AfterEnd]
    );
    assert_eq!(rig.events(&payment).await, [Created, Confirming, Confirmed, Late]);
}

#[tokio::test]
async fn an_address_holds_one_payment_and_rests_before_the_next() {
    let mut rig = Rig::new(1, Rules::default()).await;
    let payment = rig.create().await;
    assert!(matches!(rig.refused().await, GatewayError::AllAddressesHeld));
    rig.clock.advance(WINDOW);
    rig.mine_empty(1);
    rig.catch_up().await;
    assert_eq!(rig.events(&payment).await, [Created, Expired]);
    assert!(
        matches!(rig.refused().await, GatewayError::AllAddressesHeld),
        "it rests"
    );
    rig.clock.advance(Duration::from_secs(24 * 60 * 60));
    assert_eq!(
        rig.create().await.payment.chosen().unwrap().address,
        payment.payment.chosen().unwrap().address
    );
}

#[tokio::test]
async fn the_longest_rested_address_is_given_out_first() {
    let mut rig = Rig::new(
        2,
        Rules {
            cool_down: Duration::ZERO,
            ..Rules::default()
        },
    )
    .await;
    let (first, second) = (rig.create().await, rig.create().await);
    for payment in [&second, &first] {
        rig.gateway
            .cancel(&rig.caller, &payment.payment.number)
            .await
            .unwrap();
        rig.clock.advance(Duration::from_secs(1));
    }
    rig.clock.advance(Duration::from_secs(120));
    assert_eq!(
        rig.create().await.payment.chosen().unwrap().address,
        second.payment.chosen().unwrap().address
    );
    rig.catch_up().await;
}

#[tokio::test]
async fn a_shop_without_addresses_is_told_to_add_one() {
    let rig = Rig::new(0, Rules::default()).await;
    assert!(matches!(rig.refused().await, GatewayError::NoAddress { .. }));
}

#[tokio::test]
async fn what_cannot_be_quoted_is_refused() {
    let rig = rig().await;
    let request = |network: &str, currency: &str| {
        let request = rig.request();
        crate::engine::gateway::CreateRequest {
            pay_with: crate::engine::gateway::PayWith::asset(network, currency),
            ..request
        }
    };
    let refused = |request| rig.gateway.create(&rig.caller, request);
    assert!(matches!(
        refused(request("test-bsc", "usdt")).await,
        Err(GatewayError::UnknownNetwork { .. })
    ));
    assert!(matches!(
        refused(request("bsc", "doge")).await,
        Err(GatewayError::UnknownCurrency { .. })
    ));
    assert!(
        matches!(
            refused(request("bsc", "usdc")).await,
            Err(GatewayError::NoRate { .. })
        ),
        "never assumed 1"
    );
}

#[tokio::test]
async fn no_payment_is_made_on_a_network_that_nobody_reads() {
    let rig = rig().await;
    let unread = crate::engine::Engine::new(
        rig.engine.database.clone(),
        rig.engine.registry.clone(),
        [],
        rig.engine.rates.clone(),
        rig.clock.clone(),
        rig.engine.random.clone(),
    );
    let gateway = crate::engine::gateway::Gateway::new(unread.into());
    let refused = gateway.create(&rig.caller, rig.request()).await;
    assert!(matches!(refused, Err(GatewayError::NotWatched { .. })));
}

#[tokio::test]
async fn a_repeated_call_returns_its_payment_for_a_day() {
    let rig = rig().await;
    let mut request = rig.request();
    request.idempotency = Some(Idempotency {
        key: "order-1".to_owned(),
        body_hash: [1; 32],
    });
    let first = rig.gateway.create(&rig.caller, request.clone()).await.unwrap();
    let second = rig.gateway.create(&rig.caller, request.clone()).await.unwrap();
    assert!(!first.replayed && second.replayed);
    assert_eq!(first.view.payment, second.view.payment);

    let mut other = request.clone();
    other.idempotency = Some(Idempotency {
        key: "order-1".to_owned(),
        body_hash: [2; 32],
    });
    let conflict = rig.gateway.create(&rig.caller, other).await;
    assert!(matches!(conflict, Err(GatewayError::IdempotencyConflict)));

    rig.clock.advance(Duration::from_secs(24 * 60 * 60));
    let next_day = rig.gateway.create(&rig.caller, request).await.unwrap();
    assert!(!next_day.replayed);
}

#[tokio::test]
async fn many_calls_at_once_with_one_key_make_one_payment() {
    let rig = rig().await;
    let mut request = rig.request();
    request.idempotency = Some(Idempotency {
        key: "order-1".to_owned(),
        body_hash: [1; 32],
    });
    let calls = (0..32).map(|_| rig.gateway.create(&rig.caller, request.clone()));
    let created = futures_util::future::join_all(calls).await;
    let new = created
        .iter()
        .filter(|created| !created.as_ref().unwrap().replayed)
        .count();
    assert_eq!(new, 1);
}

#[tokio::test]
async fn a_payment_with_money_is_not_cancelled_and_one_without_is() {
    let mut rig = rig().await;
    let (empty, partly) = (rig.create().await, rig.create().await);
    let paid = rig.pay(&partly, 1);
    rig.mine(&[paid]);
    rig.catch_up().await;
    let cancel = |payment: &PaymentView| {
        let (gateway, caller, number) = (
            rig.gateway.clone(),
            rig.caller.clone(),
            payment.payment.number.clone(),
        );
        async move { gateway.cancel(&caller, &number).await }
    };
    assert_eq!(cancel(&empty).await.unwrap().payment.status, Status::Cancelled);
    assert!(matches!(
        cancel(&empty).await,
        Err(GatewayError::NotCancellable { .. })
    ));
    assert!(matches!(
        cancel(&partly).await,
        Err(GatewayError::NotCancellable { .. })
    ));
    assert_eq!(rig.events(&empty).await, [Created, Cancelled]);
}

#[tokio::test]
async fn another_shops_payment_looks_like_none() {
    let rig = rig().await;
    let payment = rig.create().await;
    let mut stranger = rig.caller.clone();
    let mut shop = (*stranger.shop).clone();
    shop.id = crate::domain::ids::ShopId::new(99);
    stranger.shop = shop.into();
    let found = rig.gateway.payment(&stranger, &payment.payment.number).await;
    assert!(matches!(found, Err(GatewayError::NotFound)));
}
