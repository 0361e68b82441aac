//! What is remembered of keys never outlives a change of it, whichever program makes it.

use super::rig::Rig;
use crate::ambient::{Clock as _, SystemRandom};
use crate::domain::allowed::AllowedNetworks;
use crate::domain::asset::Currency;
use crate::domain::money::{BaseUnits, Fiat};
use crate::domain::network::{Mode, NetworkId};
use crate::domain::shop::{Accepted, Rules};
use crate::engine::gateway::{Credentials, GatewayError};
use crate::store::store_rates::{self, StoreRate};
use crate::store::{Database, Options, StoreError, Txn, accepted, keys, shops};

const KEY: &str = "pk_known";

/// A rig whose shop has a key, and the same database as another program has it open.
async fn rig() -> (Rig, Database) {
    let rig = Rig::new(3, Rules::default()).await;
    let other = Database::open(&Options::in_directory(rig.directory()), &SystemRandom).unwrap();
    let (shop, now) = (rig.caller.shop.id, rig.clock.now());
    write(&other, move |txn| {
        keys::insert(txn, shop, Mode::Live, KEY, "sk_known", now, &SystemRandom).map(|_| ())
    })
    .await;
    (rig, other)
}

async fn write(database: &Database, work: impl FnOnce(&Txn<'_>) -> Result<(), StoreError> + Send + 'static) {
    database.write(work).await.unwrap();
}

async fn credentials(rig: &Rig) -> Result<Credentials, GatewayError> {
    rig.gateway
        .credentials(KEY, Some("192.0.2.1".parse().unwrap()))
        .await
}

#[tokio::test]
async fn a_key_that_another_program_revokes_is_refused_from_its_next_call_on() {
    let (rig, other) = rig().await;
    let known = credentials(&rig).await.unwrap();
    assert_eq!(known.secret.as_slice(), b"sk_known");
    assert!(rig.gateway.authenticate(KEY, None).await.is_ok());
    let (id, now) = (known.caller.key.unwrap(), rig.clock.now());
    write(&other, move |txn| keys::revoke(txn, id, now).map(|_| ())).await;
    assert!(matches!(credentials(&rig).await, Err(GatewayError::Unauthorized)));
    let authenticated = rig.gateway.authenticate(KEY, None).await;
    assert!(matches!(authenticated, Err(GatewayError::Unauthorized)));
}

#[tokio::test]
async fn a_key_that_is_known_is_still_held_to_where_it_may_be_used_from() {
    let (rig, other) = rig().await;
    let known = credentials(&rig).await.unwrap();
    let id = known.caller.key.unwrap();
    let allowed: AllowedNetworks = "198.51.100.0/24".parse().unwrap();
    write(&other, move |txn| keys::describe(txn, id, "", &allowed)).await;
    let from_there = Some("198.51.100.7".parse().unwrap());
    assert!(rig.gateway.credentials(KEY, from_there).await.is_ok());
    assert!(matches!(credentials(&rig).await, Err(GatewayError::Unauthorized)));
}

#[tokio::test]
async fn a_store_that_is_disabled_between_a_call_and_its_payment_gets_none() {
    let (rig, other) = rig().await;
    let caller = credentials(&rig).await.unwrap().caller;
    rig.gateway.create(&caller, rig.request()).await.unwrap();
    let mut shop = (*caller.shop).clone();
    shop.disabled_at = Some(rig.clock.now());
    write(&other, move |txn| shops::update(txn, &shop)).await;
    let refused = rig.gateway.create(&caller, rig.request()).await;
    assert!(matches!(refused, Err(GatewayError::Disabled)));
}

#[tokio::test]
async fn what_a_store_accepts_and_the_rates_it_fixed_are_those_of_the_moment() {
    let (rig, other) = rig().await;
    let caller = credentials(&rig).await.unwrap().caller;
    let before = rig.gateway.create(&caller, rig.request()).await.unwrap().view;
    assert_eq!(before.chosen.unwrap().ask.due, BaseUnits::new(50_000_000));
    let shop = caller.shop.id;
    write(&other, move |txn| {
        let rate = StoreRate {
            shop,
            symbol: "USDT".to_owned(),
            fiat: Fiat::Usd,
            rate: 2.into(),
        };
        store_rates::set(txn, &rate)?;
        let usdc = Accepted {
            slug: NetworkId::parse("bsc").unwrap(),
            currency: Currency::parse("usdc").unwrap(),
        };
        accepted::set(txn, shop, &[usdc])
    })
    .await;
    let caller = credentials(&rig).await.unwrap().caller;
    let after = rig.gateway.create(&caller, rig.request()).await.unwrap().view;
    assert_eq!(after.chosen.unwrap().ask.due, BaseUnits::new(25_000_000));
    let accepted = rig.gateway.accepted(&caller).await.unwrap();
    assert_eq!(accepted.len(), 1);
    assert_eq!(accepted[0].asset.currency.as_str(), "usdc");
}

#[tokio::test]
async fn a_new_payment_is_shown_as_it_reads_back() {
    let (rig, _other) = rig().await;
    let caller = credentials(&rig).await.unwrap().caller;
    let created = rig.gateway.create(&caller, rig.request()).await.unwrap().view;
    let read = rig
        .gateway
        .payment(&caller, &created.payment.number)
        .await
        .unwrap();
    assert_eq!(format!("{created:?}"), format!("{read:?}"));
}
