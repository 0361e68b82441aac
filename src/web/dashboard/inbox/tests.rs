//! The inbox over a real engine.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::http::StatusCode;

use super::super::fixture::House;
use super::super::overview::tests::made;
use crate::domain::shop::Dialect;
use crate::domain::user::{Role, Shops};
use crate::engine::gateway::{PaymentView, Scenario};
use crate::engine::stage::StagedShop;

/// A house with a shop, and a payment that expired before its money came: transfer 1 is in the inbox.
async fn late() -> (House, StagedShop, PaymentView) {
    let mut house = House::new();
    let shop = house.stage.shop(Dialect::Payhook).await;
    let view = made(&house, &shop, 5000).await;
    house.stage.pass(Duration::from_secs(2 * 60 * 60)).await;
    house
        .stage
        .play(&view, Scenario::Late, Duration::from_secs(60))
        .await;
    house.stage.pass(Duration::from_secs(60)).await;
    (house, shop, view)
}

#[tokio::test]
async fn late_money_is_in_the_inbox_and_the_payment_that_it_is_for_is_proposed() {
    let (house, _, view) = late().await;
    let mut guest = house.guest("bob", Role::Staff, Shops::All).await;
    let page = guest.get("/stores/1/inbox?mode=test").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.text.contains("It came after the payment’s time was over."),
        "{}",
        page.text
    );
    assert!(page.text.contains("≈ $50.00"));
    assert!(
        guest
            .get("/stores/1/inbox")
            .await
            .text
            .contains("Nothing to look at")
    );
    let letter = guest.get("/stores/1/inbox/1").await.text;
    let number = view.payment.number.as_str();
    assert!(
        letter.contains(&format!("value=\"{number}\" checked")),
        "{letter}"
    );

    let path = "/stores/1/inbox/1/attach";
    let page = guest.post(path, &[("payment", number), ("reason", " ")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("Say why, in at most 500 characters."));
    let page = guest
        .post(
            path,
            &[
                ("payment", ""),
                ("other", "no such order"),
                ("reason", "<i>kept</i>"),
            ],
        )
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("This store has no payment of that number"));
    assert!(page.text.contains("value=\"no such order\"") && page.text.contains("&#60;i&#62;kept"));

    let page = guest
        .post(path, &[("payment", number), ("reason", "he called")])
        .await;
    assert_eq!(
        (page.status, page.location()),
        (StatusCode::SEE_OTHER, "/stores/1/inbox")
    );
    let page = guest.get("/stores/1/inbox?mode=test").await.text;
    assert!(page.contains("The transfer counts for the payment now.") && page.contains("Nothing to look at"));
    let all = guest.get("/stores/1/inbox?mode=test&all=1").await.text;
    assert!(all.contains("Attached ") && all.contains(number));
    let log = house
        .stage
        .gateway
        .audit_log(crate::domain::ids::AuditId::new(i64::MAX), 9)
        .await
        .unwrap();
    let entry = log.iter().find(|entry| entry.action == "inbox.attach").unwrap();
    assert_eq!(entry.actor, "user:bob");
    assert!(entry.detail.ends_with("he called"));
}

#[tokio::test]
async fn money_is_attached_by_the_order_too_and_dismissed_with_a_reason() {
    let (house, _, view) = late().await;
    let number = view.payment.number.to_string();
    let sql = format!("UPDATE payments SET external_id = 'order <7>' WHERE number = '{number}'");
    house.stage.write(move |txn| txn.run_sql(&sql)).await;
    let mut guest = house.owner().await;
    let path = "/stores/1/inbox/1";
    let page = guest.post(&format!("{path}/dismiss"), &[("reason", "")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = guest
        .post(&format!("{path}/dismiss"), &[("reason", "sent back")])
        .await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let letter = guest.get(path).await.text;
    assert!(letter.contains("Dismissed ") && !letter.contains("/dismiss\""));
    // What was dismissed can still be attached.
    let fields = [("other", "order <7>"), ("reason", "it was for him after all")];
    let page = guest.post(&format!("{path}/attach"), &fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
}

#[tokio::test]
async fn another_store_s_transfers_are_not_there_and_its_payments_cannot_be_named() {
    let (house, _, view) = late().await;
    let other = house.stage.shop(Dialect::Soko).await;
    let shops = Shops::Only(BTreeSet::from([other.id]));
    let mut guest = house.guest("eve", Role::Staff, shops).await;
    let id = other.id;
    for path in [
        "/stores/1/inbox".to_owned(),
        "/stores/1/inbox/1".to_owned(),
        format!("/stores/{id}/inbox/1"),
        format!("/stores/{id}/inbox/x"),
    ] {
        assert_eq!(guest.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for act in ["attach", "dismiss"] {
        for store in ["1".to_owned(), id.to_string()] {
            let path = format!("/stores/{store}/inbox/1/{act}");
            let fields = [("payment", view.payment.number.as_str()), ("reason", "x")];
            assert_eq!(
                guest.post(&path, &fields).await.status,
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
    }
    // A transfer of one's own, for a payment of the other store: as if there were none.
    let sql = format!(
        "INSERT INTO transfers (id, network, txid, position, currency, address, amount, height, block_hash, block_ms,
             judgement, recorded_ms, store_id)
         VALUES (77, 'test-bsc', '0x1', 0, 'usdt', '0xA', '5', 1, 'h', 1, 'unmatched', 1, {id})"
    );
    house.stage.write(move |txn| txn.run_sql(&sql)).await;
    let path = format!("/stores/{id}/inbox/77");
    assert!(guest.get(&path).await.text.contains("No payment was waiting"));
    let mut told = Vec::new();
    for number in [view.payment.number.as_str(), "PAY-2027-999999"] {
        let page = guest
            .post(&format!("{path}/attach"), &[("other", number), ("reason", "x")])
            .await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        told.push(page.text.replace(number, ""));
    }
    assert_eq!(told[0], told[1], "whether it exists is not told");
}

#[tokio::test]
async fn who_may_only_read_is_shown_no_forms_and_refused() {
    let (house, ..) = late().await;
    let mut guest = house.guest("ro", Role::ReadOnly, Shops::All).await;
    let page = guest.get("/stores/1/inbox/1").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text.contains("/attach"));
    for act in ["attach", "dismiss"] {
        let page = guest
            .post(&format!("/stores/1/inbox/1/{act}"), &[("reason", "x")])
            .await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn a_long_inbox_comes_in_pages_and_is_counted_only_so_far() {
    let house = House::new();
    let shop = house.stage.shop(Dialect::Payhook).await;
    let id = shop.id;
    let sql = format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 130)
         INSERT INTO transfers (network, txid, position, currency, address, amount, height, block_hash, block_ms, judgement,
             recorded_ms, store_id)
         SELECT 'bsc', 'tx' || i, 0, 'usdt', '0xA', '5', 1, 'h', 1, 'unmatched', 1, {id} FROM n"
    );
    house.stage.write(move |txn| txn.run_sql(&sql)).await;
    let mut guest = house.owner().await;
    let page = guest.get("/stores/1/inbox").await.text;
    assert!(page.contains("99+<span"), "{page}");
    assert!(page.contains("/stores/1/inbox/130\"") && !page.contains("/stores/1/inbox/105\""));
    assert!(page.contains("before=106"));
    let last = guest.get("/stores/1/inbox?before=6").await.text;
    assert!(last.contains("/stores/1/inbox/1\"") && !last.contains("Earlier"));
    let overview = guest.get("/stores/1/overview").await.text;
    assert!(overview.contains("100 transfers or more counted for no payment."));
}
