//! Which endpoints are told of a payment: those of its key's line, and of test payments that a visitor starts only those of
//! that very key.

use super::choosing::{dollars, make, set_up};
use crate::ambient::SystemRandom;
use crate::domain::event::EventKind;
use crate::domain::network::Mode;
use crate::domain::payment::Origin;
use crate::domain::shop::Format;
use crate::engine::gateway::{Caller, CreateRequest, PayWith, PaymentView};
use crate::engine::stage::{START, Stage};
use crate::store::endpoints::NewEndpoint;
use crate::store::{deliveries, endpoints, keys};

/// How many times endpoints are told of a payment.
async fn told_of(stage: &Stage, view: &PaymentView) -> usize {
    let id = view.payment.id;
    let sent = stage
        .engine
        .database
        .read(move |txn| deliveries::of_payment(txn, id));
    sent.await.unwrap().len()
}

/// The payments that an endpoint is told of, when it is bound to a key and that is rotated.
#[tokio::test]
async fn an_endpoint_of_one_key_is_told_of_the_payments_of_its_successor_too_and_of_no_other() {
    let (stage, shop, _) = set_up(&["USDT_TRC20"]).await;
    let (id, old) = (shop.id, shop.test.id);
    let texts: [(&str, &str); 2] = [("new", "new secret"), ("other", "other secret")];
    let [new, other] = stage
        .write(move |txn| {
            let endpoint = NewEndpoint {
                shop: id,
                url: "http://127.0.0.1:9/",
                format: Format::Cryptopayment,
                key: Some(old),
                events: EventKind::ALL,
                secret: "secret",
            };
            endpoints::insert(txn, &endpoint, START, &SystemRandom)?;
            let made = texts
                .map(|(key, secret)| keys::insert(txn, id, Mode::Test, key, secret, START, &SystemRandom));
            let [new, other] = made;
            Ok([new?, other?])
        })
        .await;
    let caller = stage.gateway.authenticate(&shop.test.key, None).await.unwrap();
    let of_key = |key| Caller {
        key: Some(key),
        ..caller.clone()
    };
    let told = async |view: &PaymentView| told_of(&stage, view).await;
    let before = make(&stage, &of_key(old), dollars(100)).await;
    stage
        .write(move |txn| {
            keys::revoke(txn, old, START)?;
            keys::succeed(txn, old, new)
        })
        .await;
    let after = make(&stage, &of_key(new), dollars(100)).await;
    let others = make(&stage, &of_key(other), dollars(100)).await;
    let keyless = Caller {
        key: None,
        ..caller.clone()
    };
    let nobodys = make(&stage, &keyless, dollars(100)).await;
    assert_eq!(
        (
            told(&before).await,
            told(&after).await,
            told(&others).await,
            told(&nobodys).await
        ),
        (1, 1, 0, 0)
    );
    stage
        .gateway
        .cancel(&caller, &before.payment.number)
        .await
        .unwrap();
    assert_eq!(told(&before).await, 2, "what it was made with is what it stays");
}

/// What stands in a page is everybody's, and so is a test payment: its panel pays it.
#[tokio::test]
async fn once_a_shop_takes_real_money_no_visitor_can_have_it_told_of_a_test_payment() {
    let (stage, shop, caller) = set_up(&["USDT_TRC20"]).await;
    let (id, test, live) = (shop.id, shop.test.id, shop.live.id);
    stage
        .write(move |txn| {
            for key in [None, Some(test)] {
                let endpoint = NewEndpoint {
                    shop: id,
                    url: "http://127.0.0.1:9/",
                    format: Format::Soko,
                    key,
                    events: EventKind::ALL,
                    secret: "secret",
                };
                endpoints::insert(txn, &endpoint, START, &SystemRandom)?;
            }
            Ok(())
        })
        .await;
    let told = async |origin| {
        let request = CreateRequest {
            origin,
            ..CreateRequest::new(dollars(100), PayWith::Accepted)
        };
        let made = stage.gateway.create(&caller, request).await.unwrap();
        told_of(&stage, &made.view).await
    };
    assert_eq!(told(Origin::Widget).await, 1, "only who asked for this very key");
    assert_eq!(told(Origin::Api).await, 2, "the shop's backend asked for it");
    stage.write(move |txn| keys::revoke(txn, live, START)).await;
    assert_eq!(told(Origin::Widget).await, 2);
}
