//! A shop's payments as its own calls list them, and its balances.

use std::time::Duration;

use crate::domain::donation::DonationPage;
use crate::domain::money::{Fiat, FiatAmount};
use crate::domain::shop::Dialect;
use crate::domain::status::Status;
use crate::engine::gateway::{
    Caller, CreateRequest, GatewayError, ListRequest, PayWith, PaymentView, Scenario,
};
use crate::engine::stage::{START, Stage, StagedShop};
use crate::store::donations;

const MINUTE: Duration = Duration::from_secs(60);

struct Till {
    stage: Stage,
    shop: StagedShop,
    caller: Caller,
}

impl Till {
    async fn new() -> Self {
        let stage = Stage::new();
        let shop = stage.shop(Dialect::Soko).await;
        let caller = stage.gateway.authenticate(&shop.test.key, None).await.unwrap();
        Self { stage, shop, caller }
    }

    async fn make(&self, network: &str, currency: &str) -> PaymentView {
        let price = FiatAmount {
            currency: Fiat::Usd,
            minor: 5000,
        };
        let request = CreateRequest::new(price, PayWith::asset(network, currency));
        let created = self.stage.gateway.create(&self.caller, request).await;
        created.unwrap().view
    }

    async fn list(&self, request: ListRequest) -> (Vec<String>, u64) {
        let list = self.stage.gateway.list(&self.caller, request).await.unwrap();
        let numbers = list.views.iter().map(|view| view.payment.number.to_string());
        (numbers.collect(), list.total)
    }
}

fn all() -> ListRequest {
    ListRequest {
        page: 1,
        per_page: 20,
        ..ListRequest::default()
    }
}

fn numbers(views: &[&PaymentView]) -> Vec<String> {
    let numbers = views.iter().map(|view| view.payment.number.to_string());
    numbers.collect()
}

#[tokio::test]
async fn payments_are_listed_newest_first_page_by_page_and_counted_on_all_of_them() {
    let till = Till::new().await;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(till.make("tron", "usdt").await);
    }
    let page = |page| ListRequest {
        page,
        per_page: 2,
        ..all()
    };
    assert_eq!(till.list(page(1)).await, (numbers(&[&made[4], &made[3]]), 5));
    assert_eq!(till.list(page(3)).await, (numbers(&[&made[0]]), 5));
    assert_eq!(till.list(page(4)).await, (Vec::new(), 5));
    assert_eq!(till.list(page(u64::MAX)).await, (Vec::new(), 5));
}

#[tokio::test]
async fn each_filter_keeps_what_it_names() {
    let mut till = Till::new().await;
    let usdt = till.make("tron", "usdt").await;
    let btc = till.make("bitcoin", "native").await;
    till.stage.clock.advance(MINUTE);
    let over = till.make("tron", "usdt").await;
    till.stage.play(&over, Scenario::Over, MINUTE).await;
    let paid = till.make("tron", "usdt").await;
    till.stage.play(&paid, Scenario::Exact, MINUTE).await;
    let of_status = |status, is_overpaid| ListRequest {
        statuses: vec![status],
        is_overpaid,
        ..all()
    };
    let by_asset = ListRequest {
        asset_code: Some("btc".to_owned()),
        ..all()
    };
    let from = ListRequest {
        from: Some(START.plus(MINUTE)),
        ..all()
    };
    let before = ListRequest {
        before: Some(START.plus(MINUTE)),
        ..all()
    };
    for (name, request, expected) in [
        ("all", all(), vec![&paid, &over, &btc, &usdt]),
        ("pending", of_status(Status::Pending, None), vec![&btc, &usdt]),
        ("paid", of_status(Status::Paid, None), vec![&paid, &over]),
        ("more than due", of_status(Status::Paid, Some(true)), vec![&over]),
        (
            "no more than due",
            of_status(Status::Paid, Some(false)),
            vec![&paid],
        ),
        ("bitcoin", by_asset, vec![&btc]),
        ("from then on", from, vec![&paid, &over]),
        ("before then", before, vec![&btc, &usdt]),
    ] {
        let count = expected.len() as u64;
        assert_eq!(till.list(request).await, (numbers(&expected), count), "{name}");
    }
    let unknown = ListRequest {
        asset_code: Some("DOGE".to_owned()),
        ..all()
    };
    let refused = till.stage.gateway.list(&till.caller, unknown).await;
    assert!(matches!(refused, Err(GatewayError::NotAccepted { known }) if known.contains("USDT_TRC20")));
}

#[tokio::test]
async fn nobody_is_shown_another_shops_payments_or_those_of_the_other_mode() {
    let till = Till::new().await;
    till.make("tron", "usdt").await;
    let other = till.stage.shop(Dialect::Payhook).await;
    for key in [&till.shop.live.key, &other.test.key] {
        let caller = till.stage.gateway.authenticate(key, None).await.unwrap();
        let list = till.stage.gateway.list(&caller, all()).await.unwrap();
        assert_eq!((list.views.len(), list.total), (0, 0));
    }
}

#[tokio::test]
async fn test_money_is_in_no_balance() {
    let mut till = Till::new().await;
    let payment = till.make("tron", "usdt").await;
    till.stage.play(&payment, Scenario::Exact, MINUTE).await;
    for key in [&till.shop.test.key, &till.shop.live.key] {
        let caller = till.stage.gateway.authenticate(key, None).await.unwrap();
        let balances = till.stage.gateway.balances(&caller).await.unwrap();
        assert!(!balances.is_empty());
        let is_zero = |units: crate::domain::money::BaseUnits| units.is_zero();
        assert!(
            balances
                .iter()
                .all(|balance| is_zero(balance.settled) && is_zero(balance.pending))
        );
    }
}

#[tokio::test]
async fn a_payment_whose_asset_is_no_longer_configured_hides_no_other() {
    let till = Till::new().await;
    let kept = till.make("tron", "usdt").await;
    let gone = till.make("tron", "usdt").await;
    let id = gone.payment.id;
    let sql = format!("UPDATE payments SET currency = 'gone' WHERE id = {id}");
    till.stage.write(move |txn| txn.run_sql(&sql)).await;
    assert_eq!(till.list(all()).await, (numbers(&[&kept]), 2));
    let newer = till.make("tron", "usdt").await;
    assert_eq!(till.list(all()).await, (numbers(&[&newer, &kept]), 3));
}

#[tokio::test]
async fn a_donation_page_in_test_mode_says_nothing_of_real_money() {
    let till = Till::new().await;
    let shop = till.shop.id;
    let page = DonationPage {
        is_enabled: true,
        ..DonationPage::default()
    };
    till.stage
        .write(move |txn| {
            donations::set_page(txn, shop, &page)?;
            txn.run_sql(&format!(
                "INSERT INTO donated (store_id, usd_cents, count) VALUES ({shop}, 700, 2)"
            ))
        })
        .await;
    let mut shown = Vec::new();
    for key in [&till.shop.live.key, &till.shop.test.key] {
        let page = till.stage.gateway.donation_page(key, None).await.unwrap();
        shown.push((page.given.map(|given| given.minor), page.count));
    }
    assert_eq!(shown, [(Some(700), 2), (Some(0), 0)]);
}
