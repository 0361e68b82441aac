//! The overview over a real engine.

use std::time::Duration;

use axum::http::StatusCode;

use super::super::fixture::House;
use crate::domain::money::{Fiat, FiatAmount};
use crate::domain::network::NetworkId;
use crate::domain::shop::Dialect;
use crate::domain::user::{Role, Shops};
use crate::engine::gateway::{CreateRequest, PayWith, PaymentView, Scenario};
use crate::engine::stage::{START, StagedShop};

/// A test payment of this price in euros.
pub(in crate::web::dashboard) async fn made(house: &House, shop: &StagedShop, minor: u64) -> PaymentView {
    let caller = house
        .stage
        .gateway
        .authenticate(&shop.test.key, None)
        .await
        .unwrap();
    let price = FiatAmount {
        currency: Fiat::Usd,
        minor,
    };
    let request = CreateRequest::new(price, PayWith::asset("bsc", "usdt"));
    house.stage.gateway.create(&caller, request).await.unwrap().view
}

#[tokio::test]
async fn what_was_paid_is_in_today_s_sum_the_chart_and_the_latest_payments_test_money_apart() {
    let mut house = House::new();
    let shop = house.stage.shop(Dialect::Payhook).await;
    let view = made(&house, &shop, 123_450).await;
    let second = Duration::from_secs(60);
    house.stage.play(&view, Scenario::Exact, second).await;
    house.stage.pass(second).await;
    let mut guest = house.owner().await;
    let test = guest.get("/stores/1/overview?mode=test").await;
    assert_eq!(test.status, StatusCode::OK);
    assert_eq!(test.text.matches("<p class=\"figure\">$1,234.50</p>").count(), 2);
    assert!(test.text.contains("15 Jan: $1,234.50"), "{}", test.text);
    assert!(test.text.contains(view.payment.number.as_str()));
    assert!(test.text.contains("100% of those that ended were paid"));
    assert!(test.text.contains("USDT · BNB Smart Chain"));
    let live = guest.get("/stores/1/overview").await;
    assert!(!live.text.contains("1,234.50") && !live.text.contains(view.payment.number.as_str()));
    assert!(live.text.contains("No sales in the last 30 days."));
    // The next day is another day, and it is still in the thirty.
    house.stage.clock.advance(Duration::from_secs(24 * 60 * 60));
    let mut guest = house.guest("bob", Role::ReadOnly, Shops::All).await;
    let next = guest.get("/stores/1/overview?mode=test").await;
    assert_eq!(next.text.matches("<p class=\"figure\">$1,234.50</p>").count(), 1);
    assert!(!next.text.contains("First steps"), "of those who can take them");
}

#[tokio::test]
async fn what_shops_and_customers_wrote_is_text_on_the_overview() {
    let house = House::new();
    let shop = house.stage.shop(Dialect::Payhook).await;
    house
        .stage
        .change(&shop, |shop| shop.name = "<script>alert(1)</script>".to_owned())
        .await;
    let caller = house
        .stage
        .gateway
        .authenticate(&shop.test.key, None)
        .await
        .unwrap();
    let price = FiatAmount {
        currency: Fiat::Usd,
        minor: 100,
    };
    let mut request = CreateRequest::new(price, PayWith::asset("bsc", "usdt"));
    request.order.external_id = "<img src=x onerror=alert(2)>".to_owned();
    house.stage.gateway.create(&caller, request).await.unwrap();
    let page = house.owner().await.get("/stores/1/overview?mode=test").await;
    assert!(!page.text.contains("<script>alert") && !page.text.contains("<img src=x"));
    assert!(page.text.contains("&#60;img src=x"), "{}", page.text);
}

#[tokio::test]
async fn what_needs_attention_is_said_with_the_way_to_mend_it() {
    let house = House::new();
    let shop = house.stage.shop(Dialect::Payhook).await;
    let id = shop.id;
    let sql = format!(
        "INSERT INTO addresses (store_id, network, address, mac, created_ms)
             VALUES ({id}, 'bitcoin', 'bc1-a', x'00', 1);
         INSERT INTO transfers (network, txid, position, currency, address, amount, height, block_hash, block_ms, judgement,
             recorded_ms, store_id)
             VALUES ('bsc', '0x1', 0, 'usdt', '0xA', '5', 1, 'h', 1, 'unmatched', 1, {id})"
    );
    house
        .stage
        .write(move |txn| {
            txn.run_sql(&format!(
                "INSERT INTO endpoints (store_id, url, format, events, secret_sealed, created_ms)
                 VALUES ({id}, 'https://shop.example/hook?key=s3cr3t', 'payhook', '', x'00', 1)"
            ))?;
            txn.run_sql(&sql)?;
            let (now, old) = (START.get(), START.get() - 3_600_000);
            let (token, uuid) = ("0".repeat(64), "00000000-0000-4000-8000-000000000000");
            txn.run_sql(&format!(
                "PRAGMA defer_foreign_keys = ON;
                 INSERT INTO payments (store_id, number, token, uuid, code, mode, origin, status, price_currency, price_minor,
                     external_id, customer_email, description, redirect_url, fail_url, metadata, created_ms, expires_ms)
                     VALUES ({id}, 'PAY-2027-000001', '{token}', '{uuid}', 1, 'live', 'api', 'cancelled', 'USD', 1, '', '', '', '', '', '', {now}, {now});
                 INSERT INTO events VALUES (1, 1, 'payment.created', {now}, 'cancelled', '0', '', 0);
                 INSERT INTO deliveries (event_id, endpoint_id, state, next_ms, created_ms)
                     VALUES (1, 1, 'failed', {old}, {old})"
            ))
        })
        .await;
    house
        .stage
        .change(&shop, |shop| shop.disabled_at = Some(START))
        .await;
    let mut guest = house.owner().await;
    let page = guest.get("/stores/1/overview").await.text;
    for (text, way) in [
        (
            "This store is switched off: it takes no new payments.",
            "/stores/1/settings",
        ),
        ("One transfer counted for no payment.", "/stores/1/inbox"),
        ("One free address is left on Bitcoin.", "/stores/1/addresses"),
        (
            "https://shop.example takes no webhooks: one was given up.",
            "/stores/1/webhooks",
        ),
        ("You sign in with a password alone.", "/account"),
    ] {
        let (_, rest) = page.split_once(text).unwrap_or_else(|| panic!("{text}: {page}"));
        let (line, _) = rest.split_once("</li>").unwrap();
        assert!(line.contains(&format!("href=\"{way}\"")), "{text}: {line}");
    }
    assert!(!page.contains("s3cr3t"), "of a URL only where it leads");
    assert!(page.contains("1<span class=\"unseen\"> to do</span>"), "{page}");
    // Received again since: nothing to say.
    let sql = format!(
        "INSERT INTO deliveries (event_id, endpoint_id, state, next_ms, replay_of, created_ms)
         VALUES (1, 1, 'delivered', 1, 1, {})",
        START.get()
    );
    house.stage.write(move |txn| txn.run_sql(&sql)).await;
    let page = guest.get("/stores/1/overview").await.text;
    assert!(!page.contains("takes no webhooks"));
}

#[tokio::test]
async fn a_network_that_is_not_read_is_told_of_where_the_store_receives_on_it() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let health = &house.stage.engine.health;
    let network = |slug: &str| NetworkId::parse(slug).unwrap();
    health.ill(
        &network("bsc"),
        "connection refused by https://user:secret@node.example".to_owned(),
    );
    health.ill(&network("bitcoin"), "x".to_owned());
    let mut guest = house.owner().await;
    let page = guest.get("/stores/1/overview").await.text;
    assert!(page.contains("BNB Smart Chain cannot be read: payments on it are not seen."));
    assert!(
        !page.contains("Bitcoin cannot be read"),
        "nothing is received there"
    );
    assert!(!page.contains("secret") && page.contains("href=\"/nodes\""));
}

#[tokio::test]
async fn a_new_store_is_shown_its_first_steps_until_real_money_came() {
    let house = House::new();
    let shop = house.stage.shop(Dialect::Payhook).await;
    let mut guest = house.owner().await;
    let page = guest.get("/stores/1/overview").await.text;
    assert!(page.contains("First steps"));
    assert!(page.contains("/stores/1/payments/new"));
    let id = shop.id;
    house
        .stage
        .write(move |txn| {
            txn.run_sql(&format!(
                "INSERT INTO day_sales VALUES ({id}, 'live', 20833, 'bsc', 'usdt', 'USD', 1, 500, 1, 500)"
            ))
        })
        .await;
    let page = guest.get("/stores/1/overview").await.text;
    assert!(!page.contains("First steps") && page.contains("$5.00"));
}
