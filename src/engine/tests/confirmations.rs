//! How deep money has to be buried, by what the payment is worth.

use super::rig::{CONFIRMATIONS, DUE, Rig};
use crate::domain::confirmations::Tiers;
use crate::domain::money::Fiat;
use crate::domain::network::NetworkId;
use crate::domain::shop::{LatePolicy, Rules};
use crate::domain::status::Status;
use crate::store::store_rates::{self, StoreRate};
use crate::store::{StoreError, confirmation_tiers};

impl Rig {
    async fn set_steps(&self, steps: Option<&str>) {
        let (shop, steps) = (
            self.caller.shop.id,
            steps.map(|steps| steps.parse::<Tiers>().unwrap()),
        );
        self.engine
            .database
            .write(move |txn| {
                let network = NetworkId::parse("bsc").unwrap();
                confirmation_tiers::set(txn, shop, &network, steps.as_ref())
            })
            .await
            .map_err(|error: StoreError| error)
            .unwrap();
    }

    async fn asked_of(&self, cents: u64) -> u32 {
        let view = self.create_of(cents).await;
        self.gateway
            .cancel(&self.caller, &view.payment.number)
            .await
            .unwrap();
        view.payment.chosen().unwrap().confirmations
    }
}

#[tokio::test]
async fn a_stores_steps_win_over_the_networks_and_payments_keep_what_they_were_made_with() {
    let mut rig = Rig::new(
        9,
        Rules {
            late: LatePolicy::Flag,
            cool_down: std::time::Duration::ZERO,
            ..Rules::default()
        },
    )
    .await;
    assert_eq!(u64::from(rig.asked_of(5000).await), CONFIRMATIONS);
    rig.set_steps(Some("0=1,50=2,60=5")).await;
    for (cents, confirmations) in [(1, 1), (4999, 1), (5000, 2), (5999, 2), (6000, 5), (600_000, 5)] {
        assert_eq!(rig.asked_of(cents).await, confirmations, "{cents}");
    }
    let payment = rig.create_of(5000).await;
    rig.set_steps(None).await;
    assert_eq!(u64::from(rig.asked_of(5000).await), CONFIRMATIONS);
    let paid = rig.pay(&payment, DUE);
    rig.mine(&[paid]);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Confirming);
    rig.mine_empty(1);
    rig.catch_up().await;
    assert_eq!(
        rig.status(&payment).await,
        Status::Paid,
        "two confirmations are enough for it"
    );
}

#[tokio::test]
async fn a_price_in_another_currency_goes_by_its_worth_in_dollars_and_an_unknown_one_needs_the_most() {
    let rig = Rig::new(3, Rules::default()).await;
    rig.set_steps(Some("0=1,60=2,150=3")).await;
    for symbol in ["USDT", "USDC"] {
        let rate = StoreRate {
            shop: rig.caller.shop.id,
            symbol: symbol.to_owned(),
            fiat: Fiat::Eur,
            rate: "0.5".parse().unwrap(),
        };
        let written = rig.engine.database.write(move |txn| store_rates::set(txn, &rate));
        written.await.map_err(|error: StoreError| error).unwrap();
    }
    // 50 EUR come to 100 of either; only of USDT is it known what it is worth in dollars.
    for (currency, confirmations) in [("usdt", 2), ("usdc", 3)] {
        let request = rig.request_of(Fiat::Eur, 5000, currency);
        let view = rig.gateway.create(&rig.caller, request).await.unwrap().view;
        assert_eq!(
            view.payment.chosen().unwrap().confirmations,
            confirmations,
            "{currency}"
        );
    }
}
