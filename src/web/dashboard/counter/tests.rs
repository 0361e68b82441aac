//! The till over a real engine.

use std::time::Duration;

use axum::http::StatusCode;

use super::super::fixture::{House, PASSWORD};
use crate::domain::ids::PaymentNumber;
use crate::domain::shop::Dialect;
use crate::domain::user::{Role, Shops};
use crate::engine::gateway::{PublicName, Scenario};

const EVIL: &str = "<script>alert(1)</script>";

#[tokio::test]
async fn an_amount_is_charged_and_paid_in_front_of_the_customer() {
    let mut house = House::new();
    let shop = house.stage.shop(Dialect::Payhook).await;
    house.stage.accept(&shop, &["USDT_BEP20", "USDT_TRC20"]).await;
    let (path, number) = {
        let mut guest = house.guest("bob", Role::Staff, Shops::All).await;
        let till = guest.get("/stores/1/counter").await;
        assert!(till.text.contains("data-till") && till.text.contains("(USD)"));
        let fields = [
            ("once", "c-1"),
            ("amount", "4.50"),
            ("pay_with", "USDT_BEP20"),
            ("mode", "test"),
        ];
        let charged = guest.post("/stores/1/counter", &fields).await;
        assert_eq!(charged.status, StatusCode::SEE_OTHER, "{}", charged.text);
        let path = charged.location().to_owned();
        let page = guest.get(&path).await;
        assert!(
            page.text.contains("data-stage=\"ask\"")
                && page.text.contains("$4.50")
                && page.text.contains("<svg")
        );
        let again = guest.post("/stores/1/counter", &fields).await;
        assert_eq!(again.location(), path);
        let number = path.rsplit('/').next().unwrap().to_owned();
        (path, number)
    };
    let number = PaymentNumber::parse(&number).unwrap();
    let found = house.office.payment(shop.id, &number).await.unwrap();
    let view = house
        .stage
        .gateway
        .by_public_name(PublicName::Token(found.token))
        .await
        .unwrap();
    house
        .stage
        .play(&view, Scenario::Exact, Duration::from_secs(60))
        .await;
    let mut guest = house.stranger();
    guest.sign_in("bob", PASSWORD).await;
    let page = guest.get(&path).await;
    assert!(
        page.text.contains("data-stage=\"paid\"") && page.text.contains("class=\"tick\""),
        "{}",
        page.text
    );
    // No real money came, and nobody is to hand out goods for it.
    assert!(page.text.contains(">Test</span>"), "{}", page.text);
    // Who goes back to the page of before does not show the next customer what this one has paid.
    let fields = [
        ("once", "c-1"),
        ("amount", "4.50"),
        ("pay_with", "USDT_BEP20"),
        ("mode", "test"),
    ];
    let stale = guest.post("/stores/1/counter", &fields).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stale.text.contains("used for another payment already"));
    let cancel = guest.post(&format!("{path}/cancel"), &[]).await;
    assert_eq!(cancel.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn items_are_the_owners_to_set_and_one_is_charged_without_a_script() {
    let house = House::new();
    let shop = house.stage.shop(Dialect::Payhook).await;
    house.stage.accept(&shop, &["USDT_BEP20", "USDT_TRC20"]).await;
    let other = house.stage.shop(Dialect::Soko).await;
    let mut staff = house.guest("bob", Role::Staff, Shops::All).await;
    let coffee = [("label", EVIL), ("amount", "3.20")];
    let refused = staff.post("/stores/1/counter-items", &coffee).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let mut owner = house.owner().await;
    let added = owner.post("/stores/1/counter-items", &coffee).await;
    assert_eq!(added.location(), "/stores/1/counter-items", "{}", added.text);
    for bad in [
        [("label", ""), ("amount", "1")],
        [("label", "x"), ("amount", "0")],
    ] {
        let page = owner.post("/stores/1/counter-items", &bad).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    for path in ["/stores/1/counter", "/stores/1/counter-items"] {
        let page = staff.get(path).await;
        assert!(
            !page.text.contains(EVIL) && page.text.contains("&#60;script&#62;") && page.text.contains("3.20")
        );
    }
    let foreign = format!("/stores/{}/counter-items/1", other.id);
    assert_eq!(owner.post(&foreign, &coffee).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        owner.post(&foreign, &[("remove", "1")]).await.status,
        StatusCode::NOT_FOUND
    );
    let charged = staff
        .post("/stores/1/counter", &[("item", "1"), ("mode", "test")])
        .await;
    assert_eq!(charged.status, StatusCode::SEE_OTHER, "{}", charged.text);
    let page = staff.get(charged.location()).await;
    assert!(page.text.contains("$3.20") && page.text.contains("Scan to choose"));
    let foreign = charged
        .location()
        .replace("/stores/1/", &format!("/stores/{}/", other.id));
    assert_eq!(staff.get(&foreign).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        staff.post(&format!("{foreign}/cancel"), &[]).await.status,
        StatusCode::NOT_FOUND
    );
    let cancelled = staff.post(&format!("{}/cancel", charged.location()), &[]).await;
    assert_eq!(cancelled.location(), "/stores/1/counter");
    let removed = owner.post("/stores/1/counter-items/1", &[("remove", "1")]).await;
    assert_eq!(removed.status, StatusCode::SEE_OTHER);
    assert!(
        owner
            .get("/stores/1/counter-items")
            .await
            .text
            .contains("No items yet")
    );
}

#[tokio::test]
async fn who_may_only_read_charges_nobody() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut guest = house.guest("bob", Role::ReadOnly, Shops::All).await;
    let page = guest
        .post("/stores/1/counter", &[("amount", "1"), ("mode", "test")])
        .await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
}
