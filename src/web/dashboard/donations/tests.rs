//! The donations of a store and the settings of its page, over a real engine.

use axum::http::StatusCode;

use crate::domain::shop::Dialect;
use crate::domain::user::{Role, Shops};
use crate::web::dashboard::fixture::House;
use crate::web::dashboard::overview::tests::made;

const ATTACK: &str = "<script>alert(1)</script>";

async fn house() -> House {
    let house = House::new();
    let shop = house.stage.shop(Dialect::Soko).await;
    house.stage.shop(Dialect::Payhook).await;
    let view = made(&house, &shop, 500).await;
    let sql = format!(
        "INSERT INTO donations (payment_id, store_id, donor_name, donor_message)
         VALUES ({}, 1, '{ATTACK}', '=HYPERLINK(\"http://evil.example\")')",
        view.payment.id
    );
    house.stage.write(move |txn| txn.run_sql(&sql)).await;
    house
}

#[tokio::test]
async fn what_donors_say_is_text_in_the_list_and_no_formula_in_the_table() {
    let house = house().await;
    let mut reader = house.guest("rae", Role::ReadOnly, Shops::All).await;
    let page = reader.get("/stores/1/donations").await.text;
    assert!(
        !page.contains(ATTACK) && page.contains("&#60;script&#62;alert"),
        "{page}"
    );
    assert!(page.contains("$5.00") && page.contains("PAY-"), "{page}");
    let table = reader.get("/stores/1/donations.csv").await;
    let lines: Vec<&str> = table.text.split("\r\n").collect();
    assert!(lines[0].starts_with("payment,made,"), "{lines:?}");
    assert!(lines[1].contains(",5.00,USD,"), "{lines:?}");
    assert!(
        lines[1].ends_with(",\"'=HYPERLINK(\"\"http://evil.example\"\")\""),
        "{lines:?}"
    );
    // Of another store nothing is told.
    assert!(!reader.get("/stores/2/donations").await.text.contains("PAY-"));
    assert_eq!(
        reader
            .get("/stores/2/donations.csv")
            .await
            .text
            .matches("\r\n")
            .count(),
        1
    );
}

#[tokio::test]
async fn an_owner_sets_the_page_up_and_is_told_what_is_wrong_where_it_was_typed() {
    let house = house().await;
    let mut ann = house.owner().await;
    let path = "/stores/1/donations/page";
    let good = [
        ("open", "1"),
        ("title", ATTACK),
        ("text", "Two\r\nlines"),
        ("fiat", "EUR"),
        ("amounts", "5, 7.50"),
        ("goal", "1000"),
        ("colour", "e11d48"),
    ];
    assert_eq!(ann.post(path, &good).await.location(), path);
    let page = ann.get(path).await.text;
    assert!(
        page.contains("value=\"5.00, 7.50\"") && page.contains("value=\"#e11d48\""),
        "{page}"
    );
    assert!(
        !page.contains(ATTACK) && page.contains("<option value=\"EUR\" selected>"),
        "{page}"
    );
    for (field, value) in [
        ("amounts", "5, x"),
        ("amounts", "0"),
        ("amounts", "1,2,3,4,5,6,7,8,9,10,11"),
        ("goal", "-1"),
        ("colour", "red"),
        ("title", "a\u{7}b"),
    ] {
        let mut typed: Vec<(&str, &str)> = good.to_vec();
        typed.retain(|(name, _)| *name != field);
        typed.push((field, value));
        let refused = ann.post(path, &typed).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(
            refused.text.contains(&format!("id=\"{field}-mistake\"")),
            "{field} {value}"
        );
    }
    let (kept, _) = house
        .office
        .donation_page(crate::domain::ids::ShopId::new(1))
        .await
        .unwrap();
    assert_eq!((kept.presets, kept.goal_minor), (vec![500, 750], Some(100_000)));
}

#[tokio::test]
async fn a_key_for_web_pages_is_shown_once_with_what_it_is_for() {
    let house = house().await;
    let mut ann = house.owner().await;
    let made = ann
        .post("/stores/1/donations/key", &[("mode", "test")])
        .await
        .text;
    assert!(
        made.contains("https://pay.example/donate/pk_web_") && made.contains("<svg"),
        "{made}"
    );
    assert_eq!(made.matches("data-store-key=&#34;pk_web_").count(), 3, "{made}");
    assert!(!ann.get("/stores/1/donations/page").await.text.contains("pk_web_"));
    for (role, name) in [(Role::Staff, "sam"), (Role::ReadOnly, "rae")] {
        let mut guest = house.guest(name, role, Shops::All).await;
        let page = guest.get("/stores/1/donations/page").await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        for path in ["/stores/1/donations/page", "/stores/1/donations/key"] {
            assert_eq!(
                guest.post(path, &[]).await.status,
                StatusCode::FORBIDDEN,
                "{path}"
            );
        }
    }
}
