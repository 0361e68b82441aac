//! The widget of a store, over a real engine.

use axum::http::StatusCode;

use crate::domain::ids::ShopId;
use crate::domain::shop::Dialect;
use crate::domain::user::{Role, Shops};
use crate::web::dashboard::fixture::House;

const ATTACK: &str = "<script>alert(1)</script>";

async fn house() -> House {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    house.stage.shop(Dialect::Soko).await;
    house
}

#[tokio::test]
async fn sites_are_kept_in_their_one_form_and_what_is_none_is_told() {
    let house = house().await;
    let mut ann = house.owner().await;
    let path = "/stores/1/widget";
    let sites = "HTTPS://Shop.Example/\r\nhttp://shop.example\r\n";
    let saved = ann.post(path, &[("on", "1"), ("origins", sites)]).await;
    assert_eq!(saved.location(), path);
    let (widget, _) = house.office.widget(ShopId::new(1)).await.unwrap();
    assert_eq!(widget.origins, ["https://shop.example", "http://shop.example"]);
    assert!(widget.is_enabled && !widget.takes_amounts);
    let page = ann.get(path).await.text;
    assert!(page.contains("http://shop.example is plain HTTP"), "{page}");
    assert!(page.contains("as good as passwords"), "{page}");
    let wrong = ann.post(path, &[("origins", ATTACK)]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("id=\"origins-mistake\"") && !wrong.text.contains(ATTACK));
    let (unchanged, _) = house.office.widget(ShopId::new(1)).await.unwrap();
    assert_eq!(unchanged, widget);
}

#[tokio::test]
async fn prices_are_added_changed_and_removed_each_of_its_own_store() {
    let house = house().await;
    let mut ann = house.owner().await;
    let path = "/stores/1/widget/prices";
    let price = [
        ("name", "book-1"),
        ("label", ATTACK),
        ("amount", "19.9"),
        ("fiat", "EUR"),
    ];
    assert_eq!(ann.post(path, &price).await.location(), "/stores/1/widget");
    let page = ann.get("/stores/1/widget?edit=book-1").await.text;
    assert!(
        page.contains("value=\"19.90\"") && page.contains("price: &#39;book-1&#39;"),
        "{page}"
    );
    assert!(
        !page.contains(ATTACK) && page.contains("&#60;script&#62;alert"),
        "{page}"
    );
    for (field, value) in [("name", "a b"), ("amount", "0"), ("amount", "1.999")] {
        let mut typed: Vec<(&str, &str)> = price.to_vec();
        typed.retain(|(name, _)| *name != field);
        typed.push((field, value));
        let refused = ann.post(path, &typed).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(
            refused.text.contains(&format!("id=\"{field}-mistake\"")),
            "{field} {value}"
        );
    }
    let named = [("name", "book-1")];
    let elsewhere = ann.post("/stores/2/widget/prices/remove", &named).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
    assert_eq!(
        ann.get("/stores/2/widget?edit=book-1").await.status,
        StatusCode::NOT_FOUND
    );
    let removed = ann.post("/stores/1/widget/prices/remove", &named).await;
    assert_eq!(removed.location(), "/stores/1/widget");
    assert!(house.office.widget(ShopId::new(1)).await.unwrap().1.is_empty());
}

#[tokio::test]
async fn the_widget_is_the_owners() {
    let house = house().await;
    for (role, name) in [(Role::Staff, "sam"), (Role::ReadOnly, "rae")] {
        let mut guest = house.guest(name, role, Shops::All).await;
        assert_eq!(guest.get("/stores/1/widget").await.status, StatusCode::FORBIDDEN);
        for path in ["", "/prices", "/prices/remove", "/key"] {
            let path = format!("/stores/1/widget{path}");
            assert_eq!(
                guest.post(&path, &[]).await.status,
                StatusCode::FORBIDDEN,
                "{path}"
            );
        }
    }
    let mut ann = house.owner().await;
    let made = ann.post("/stores/1/widget/key", &[("mode", "live")]).await.text;
    assert!(made.contains("apiKey: &#39;pk_web_"), "{made}");
}
