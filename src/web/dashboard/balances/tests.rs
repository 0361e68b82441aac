//! Balances over a real engine.

use std::time::Duration;

use axum::http::StatusCode;

use super::super::fixture::House;
use super::super::overview::tests::made;
use crate::domain::shop::Dialect;
use crate::engine::gateway::Scenario;

#[tokio::test]
async fn what_payments_received_is_told_per_asset_with_its_worth_test_money_apart() {
    let mut house = House::new();
    let shop = house.stage.shop(Dialect::Payhook).await;
    let view = made(&house, &shop, 5000).await;
    let minute = Duration::from_secs(60);
    house.stage.play(&view, Scenario::Exact, minute).await;
    house.stage.pass(minute).await;
    let id = shop.id;
    house
        .stage
        .write(move |txn| {
            txn.run_sql(&format!(
                "INSERT INTO received VALUES ({id}, 'bitcoin', 'native', '150000000', '100000000');
                 INSERT INTO received VALUES ({id}, 'tron', 'native', '7000000', '7000000');
                 INSERT INTO addresses (store_id, network, address, mac, created_ms) VALUES ({id}, 'bitcoin', 'b', x'00', 1);
                 INSERT INTO balances VALUES ('bitcoin', 'b', 'native', 1, '25000000')"
            ))
        })
        .await;
    let mut guest = house.owner().await;
    let live = guest.get("/stores/1/balances").await;
    assert_eq!(live.status, StatusCode::OK);
    for told in [
        "1.00\u{a0}BTC",
        "0.50\u{a0}BTC",
        "0.25\u{a0}BTC",
        "≈ $97,500.00",
        "7.00\u{a0}TRX",
        "No rate",
    ] {
        assert!(live.text.contains(told), "{told}: {}", live.text);
    }
    assert!(
        live.text
            .contains("Without the assets that have no rate just now.")
    );
    assert!(!live.text.contains("50.00\u{a0}USDT"));
    let test = guest.get("/stores/1/balances?mode=test").await.text;
    assert!(test.contains("50.00\u{a0}USDT") && test.contains("≈ $50.00") && !test.contains("BTC"));
    let csv = guest.get("/stores/1/balances.csv?mode=live").await;
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(
        csv.text,
        "network,asset,settled,pending,held_on_chain,worth,worth_currency\r\n\
         bitcoin,BTC,1,0.5,0.25,97500.00,USD\r\n\
         tron,TRX,7,0,,,\r\n"
    );
}

#[tokio::test]
async fn where_nothing_came_it_says_so() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let page = house.owner().await.get("/stores/1/balances").await;
    assert!(page.text.contains("Nothing was received yet."));
    assert!(!page.text.contains("balances.csv"));
}
