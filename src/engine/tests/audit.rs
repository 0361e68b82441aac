//! Balances against what is recorded, for a person who asks.

use std::sync::Arc;

use super::chain::Paid;
use super::rig::{DUE, Rig};
use crate::domain::network::NetworkId;
use crate::domain::shop::Rules;
use crate::engine::EngineError;
use crate::engine::audit::{Audit, Findings, Unknowns};

async fn audit(rig: &Rig, unknowns: Unknowns) -> Result<Audit, EngineError> {
    let network = rig.engine.registry.network(&NetworkId::parse("bsc").unwrap());
    let network = Arc::clone(network.unwrap());
    rig.engine.audit(&network, &rig.chain, unknowns, |_| {}).await
}

async fn findings(rig: &Rig, unknowns: Unknowns) -> Findings {
    match audit(rig, unknowns).await.unwrap() {
        Audit::Done(findings) => findings,
        other => panic!("{other:?}"),
    }
}

async fn rig() -> Rig {
    let mut rig = Rig::new(3, Rules::default()).await;
    rig.chain.set_saying_balances(true, 0);
    rig.restart().await;
    rig.mine_empty(5);
    rig.catch_up().await;
    assert!(findings(&rig, Unknowns::Keep).await.first_seen > 0);
    rig
}

#[tokio::test]
async fn a_busy_shop_that_spends_what_it_gets_has_nothing_unexplained() {
    let mut rig = rig().await;
    let (in_token, in_coin) = (rig.create().await, rig.create_native().await);
    let coin_at = in_coin.payment.chosen().unwrap().address.clone();
    let mut lower = 0;
    for round in 0..6_u32 {
        let paid = rig.pay(&in_token, 7);
        let seen = Paid {
            currency: "native",
            ..rig.pay(&in_coin, 20)
        };
        rig.chain.move_unseen(&coin_at, 30);
        rig.mine(&[paid, seen]);
        if round % 2 == 1 {
            rig.chain.move_unseen(&coin_at, -50);
            rig.mine(&[]);
        }
        rig.mine_empty(40);
        rig.catch_up().await;
        let found = findings(&rig, Unknowns::Keep).await;
        assert_eq!((found.unexplained, found.first_seen), (Vec::new(), 0));
        lower += found.lower;
    }
    // What the pass over the coin has taken down as spent is as it should be.
    assert_eq!(lower, 0);
}

#[tokio::test]
async fn what_was_never_recorded_is_found_again_until_a_person_accepts_it() {
    let mut rig = rig().await;
    let view = rig.create().await;
    let (missed, paid) = (rig.pay(&view, DUE), rig.pay(&view, 5));
    rig.chain.leave_out(&[&missed.txid]);
    rig.mine(&[missed, paid]);
    rig.mine_empty(5);
    rig.catch_up().await;
    for unknowns in [Unknowns::Keep, Unknowns::Keep, Unknowns::Accept] {
        let found = findings(&rig, unknowns).await.unexplained;
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].amount.get(), &found[0].address),
            (DUE, &view.payment.chosen().unwrap().address)
        );
    }
    assert_eq!(findings(&rig, Unknowns::Keep).await.unexplained, []);
    assert_eq!(rig.transfers(&view).await.len(), 1);
}
