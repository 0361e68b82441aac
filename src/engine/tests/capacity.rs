//! Pools that run low.

use super::rig::Rig;
use super::wallets::bsc;
use crate::domain::shop::Rules;

#[tokio::test]
async fn a_pool_that_runs_low_is_told_of_once_until_there_is_room_again() {
    let rig = Rig::new(5, Rules::default()).await;
    let key = (rig.caller.shop.id, bsc());
    let is_told = || rig.engine.low_pools.lock().unwrap().contains(&key);
    rig.engine.measure_pools().await.unwrap();
    assert!(!is_told());
    let payments = [rig.create().await, rig.create().await, rig.create().await];
    rig.engine.measure_pools().await.unwrap();
    assert!(is_told(), "two of five are free");
    rig.gateway
        .cancel(&rig.caller, &payments[0].payment.number)
        .await
        .unwrap();
    rig.engine.measure_pools().await.unwrap();
    assert!(is_told(), "it rests");
    rig.clock.advance(std::time::Duration::from_secs(24 * 60 * 60));
    rig.engine.measure_pools().await.unwrap();
    assert!(!is_told());
}

#[tokio::test]
async fn a_pool_that_nothing_is_received_from_is_nobodys_worry() {
    let rig = Rig::new(1, Rules::default()).await;
    rig.use_account(0).await;
    rig.engine.measure_pools().await.unwrap();
    assert!(rig.engine.low_pools.lock().unwrap().is_empty());
}
