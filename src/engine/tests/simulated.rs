//! Test payments: the same engine over a simulated chain, with nothing set up.

use std::sync::Arc;
use std::time::Duration;

use super::rig::{Rig, scanner};
use crate::chain::simulated::SimulatedSource;
use crate::domain::event::EventKind;
use crate::domain::network::{Mode, NetworkId};
use crate::domain::shop::Rules;
use crate::domain::status::Status;
use crate::engine::gateway::{GatewayError, PaymentView, Scenario};
use crate::engine::scan::{Progress, Scanner};
use crate::engine::simulate::StoredLedger;

async fn stage() -> (Rig, Scanner, PaymentView) {
    let mut rig = Rig::new(0, Rules::default()).await;
    rig.caller.mode = Mode::Test;
    let network = NetworkId::simulated("bsc");
    let ledger = StoredLedger::new(rig.engine.database.clone(), network.clone());
    let network = Arc::clone(rig.engine.registry.network(&network).unwrap());
    let source = SimulatedSource::new(network, rig.clock.clone(), Box::new(ledger));
    let mut scanner = scanner(&rig.engine, Mode::Test, Arc::new(source));
    assert_eq!(scanner.round().await.unwrap(), Progress::Behind);
    let payment = rig.create().await;
    (rig, scanner, payment)
}

/// Lets a second pass, block by block.
async fn pass(rig: &Rig, scanner: &mut Scanner, seconds: u64) {
    for _ in 0..seconds * 2 {
        rig.clock.advance(Duration::from_millis(500));
        while scanner.round().await.unwrap() == Progress::Behind {}
    }
}

#[tokio::test]
async fn each_scenario_does_what_its_name_says() {
    use EventKind::{Confirmed, Confirming, Created, Expired, Late};
    for (scenario, status, events) in [
        (
            Scenario::Exact,
            Status::Paid,
            vec![Created, Confirming, Confirmed],
        ),
        (Scenario::Under, Status::Pending, vec![Created]),
        (Scenario::Over, Status::Paid, vec![Created, Confirming, Confirmed]),
        (
            Scenario::Twice,
            Status::Paid,
            vec![Created, Confirming, Confirmed],
        ),
        (Scenario::WrongToken, Status::Pending, vec![Created, Late]),
        (Scenario::Late, Status::Expired, vec![Created, Expired, Late]),
    ] {
        let (rig, mut scanner, payment) = stage().await;
        rig.gateway
            .simulate(&payment.payment.token, scenario)
            .await
            .unwrap();
        pass(&rig, &mut scanner, 5).await;
        assert_eq!(rig.status(&payment).await, status, "{scenario}");
        assert_eq!(rig.events(&payment).await, events, "{scenario}");
    }
}

#[tokio::test]
async fn half_and_then_the_rest_pays() {
    let (rig, mut scanner, payment) = stage().await;
    rig.gateway
        .simulate(&payment.payment.token, Scenario::Under)
        .await
        .unwrap();
    pass(&rig, &mut scanner, 2).await;
    rig.gateway
        .simulate(&payment.payment.token, Scenario::Exact)
        .await
        .unwrap();
    pass(&rig, &mut scanner, 4).await;
    let view = rig.now(&payment).await;
    assert_eq!(
        (view.payment.status, view.payment.progress.seen),
        (Status::Paid, view.payment.chosen().unwrap().due)
    );
}

#[tokio::test]
async fn a_reorg_takes_the_money_back_before_and_after_it_has_settled() {
    for (seconds, status, last) in [
        (1, Status::Pending, EventKind::Reverted),
        (3, Status::Paid, EventKind::Reorged),
    ] {
        let (rig, mut scanner, payment) = stage().await;
        rig.gateway
            .simulate(&payment.payment.token, Scenario::Exact)
            .await
            .unwrap();
        pass(&rig, &mut scanner, seconds).await;
        rig.gateway
            .simulate(&payment.payment.token, Scenario::Reorg)
            .await
            .unwrap();
        pass(&rig, &mut scanner, 2).await;
        assert_eq!(rig.status(&payment).await, status);
        assert_eq!(rig.events(&payment).await.last(), Some(&last));
    }
}

#[tokio::test]
async fn a_simulated_chain_is_the_same_after_a_restart() {
    let (mut rig, mut before, payment) = stage().await;
    rig.gateway
        .simulate(&payment.payment.token, Scenario::Exact)
        .await
        .unwrap();
    pass(&rig, &mut before, 1).await;
    drop(before);
    rig.restart().await;
    let network = NetworkId::simulated("bsc");
    let ledger = StoredLedger::new(rig.engine.database.clone(), network.clone());
    let network = Arc::clone(rig.engine.registry.network(&network).unwrap());
    let source = SimulatedSource::new(network, rig.clock.clone(), Box::new(ledger));
    let mut after = scanner(&rig.engine, Mode::Test, Arc::new(source));
    rig.clock.advance(Duration::from_secs(6 * 60 * 60));
    while after.round().await.unwrap() == Progress::Behind {}
    assert_eq!(
        rig.events(&payment).await,
        [EventKind::Created, EventKind::Confirming, EventKind::Confirmed]
    );
}

#[tokio::test]
async fn a_real_payment_cannot_be_simulated_and_nothing_cannot_be_taken_back() {
    let (mut rig, _scanner, test) = stage().await;
    let nothing = rig.gateway.simulate(&test.payment.token, Scenario::Reorg).await;
    assert!(matches!(nothing, Err(GatewayError::NotNow(_))));

    rig = Rig::new(1, Rules::default()).await;
    let live = rig.create().await;
    for scenario in Scenario::ALL {
        let refused = rig.gateway.simulate(&live.payment.token, *scenario).await;
        assert!(
            matches!(refused, Err(GatewayError::NotATestPayment)),
            "{scenario}"
        );
    }
}
