//! The first run: one owner by one link, and every step to a paid test payment.

use axum::http::StatusCode;

use crate::ambient::SystemRandom;
use crate::domain::user::{Role, Shops};
use crate::engine::office::setup::new_link;
use crate::web::dashboard::fixture::{House, PASSWORD};

async fn link(house: &House) -> Option<String> {
    let database = &house.stage.engine.database;
    new_link(database, &SystemRandom, house.stage.now())
        .await
        .unwrap()
}

#[tokio::test]
async fn the_link_makes_one_owner_once_and_a_newer_one_voids_it() {
    let house = House::new();
    let old = format!("/setup/{}", link(&house).await.unwrap());
    let path = format!("/setup/{}", link(&house).await.unwrap());
    let mut guest = house.stranger();
    let fields = [("name", "ann"), ("password", PASSWORD)];
    assert_eq!(guest.get(&old).await.status, StatusCode::NOT_FOUND);
    assert_eq!(guest.post(&old, &fields).await.status, StatusCode::NOT_FOUND);
    assert_eq!(guest.get("/setup/0").await.status, StatusCode::NOT_FOUND);
    for (name, password, mistake) in [
        ("ann", "short", "password-mistake"),
        ("ann", "aaaaaaaaaaaaaa", "password-mistake"),
        ("a b", PASSWORD, "name-mistake"),
    ] {
        let page = guest.post(&path, &[("name", name), ("password", password)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text.contains(&format!("id=\"{mistake}\"")), "{}", page.text);
        assert!(!page.text.contains(password));
    }
    let made = guest.post(&path, &fields).await;
    assert_eq!(
        (made.status, made.location()),
        (StatusCode::SEE_OTHER, "/start/store")
    );
    assert_eq!(
        guest.get("/start/store").await.status,
        StatusCode::OK,
        "signed in"
    );
    assert_eq!(
        house.stranger().post(&path, &fields).await.status,
        StatusCode::NOT_FOUND,
        "used up"
    );
    assert!(link(&house).await.is_none(), "there is an owner");
    let users = house.office.users().await.unwrap();
    assert_eq!((users.len(), users[0].role), (1, Role::Owner));
}

#[tokio::test]
async fn from_the_store_to_a_paid_test_payment() {
    let mut house = House::new();
    let number;
    {
        let mut guest = house.owner().await;
        guest.get("/start/store").await;
        let wrong = guest
            .post("/start/store", &[("name", "-x"), ("fiat", "EUR")])
            .await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let store = [
            ("name", "Café <b>"),
            ("fiat", "EUR"),
            ("dialect", "soko"),
            ("website", ""),
        ];
        let made = guest.post("/start/store", &store).await;
        assert_eq!(made.location(), "/start/1/coins", "{}", made.text);
        for step in ["coins", "addresses", "webhook", "test"] {
            let page = guest.get(&format!("/start/1/{step}")).await;
            assert_eq!(page.status, StatusCode::OK, "{step}");
        }
        let keys = guest.post("/start/1/webhook", &[("url", "")]).await;
        assert!(
            keys.text.contains("pk_") && keys.text.contains("sk_"),
            "{}",
            keys.text
        );
        let again = guest.post("/start/1/webhook", &[("url", "")]).await;
        assert!(!again.text.contains("sk_"), "no second pair");
        let made = guest.post("/start/1/test", &[]).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        let page = guest.get(made.location()).await;
        number = made.location().rsplit('=').next().unwrap().to_owned();
        assert!(
            page.text.contains(&number) && page.text.contains("https://pay.example/pay/"),
            "{}",
            page.text
        );
        assert!(!page.text.contains("<b> ·") && !page.text.contains("Café <b>"));
        let paid = guest.post("/start/1/test/pay", &[("payment", &number)]).await;
        assert_eq!(paid.status, StatusCode::SEE_OTHER, "{}", paid.text);
    }
    house.stage.pass(std::time::Duration::from_secs(120)).await;
    house.stage.pass(std::time::Duration::from_secs(120)).await;
    let mut guest = house.guest("bob", Role::Owner, Shops::All).await;
    let page = guest.get(&format!("/start/1/test?payment={number}")).await;
    assert!(page.text.contains("class=\"tick\""), "{}", page.text);
    assert_eq!(
        guest.get("/start/1/test?payment=PAY-2026-999999").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn only_an_owner_walks_the_steps() {
    let house = House::new();
    house.stage.shop(crate::domain::shop::Dialect::Payhook).await;
    let mut guest = house.guest("bob", Role::Staff, Shops::All).await;
    for path in [
        "/start/store",
        "/start/1/coins",
        "/start/1/addresses",
        "/start/1/check/bsc",
        "/start/1/webhook",
        "/start/1/test",
        "/start/1/test/pay",
    ] {
        assert_eq!(
            guest.post(path, &[("name", "x")]).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
}

#[tokio::test]
async fn what_is_pasted_is_named_for_what_it_is_and_what_can_spend_never_comes_back() {
    let house = House::new();
    house.stage.shop(crate::domain::shop::Dialect::Payhook).await;
    let mut guest = house.owner().await;
    let seed = "legal winner thank year wave sausage worth useful legal winner thank yellow";
    for (text, class, part) in [
        (
            "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
            "good",
            "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
        ),
        ("TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", "bad", "TRON"),
        ("0x70997970c51812dc3a010c7d01b50e0d17dc79", "bad", ""),
        (seed, "bad", "can spend money"),
        ("", "good", ""),
    ] {
        let page = guest.post("/start/1/check/bsc", &[("text", text)]).await;
        let found: serde_json::Value = serde_json::from_str(&page.text).unwrap();
        assert_eq!(found["class"], class, "{text}: {}", page.text);
        assert!(
            found["text"].as_str().unwrap().contains(part),
            "{text}: {}",
            page.text
        );
        assert!(!page.text.contains("sausage"));
    }
}

#[tokio::test]
async fn where_money_goes_takes_the_password_in_the_first_run_too() {
    let house = House::new();
    let shop = house.stage.shop(crate::domain::shop::Dialect::Payhook).await;
    let mut guest = house.owner().await;
    guest.post("/start/1/coins", &[("network", "bsc")]).await;
    let address = ("bsc", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
    let count = async || {
        let network = std::sync::Arc::clone(house.office.network_named("bsc").unwrap());
        let last = crate::domain::ids::AddressId::new(i64::MAX);
        let found = house.office.addresses(shop.id, &network.id, last, 1000).await;
        let all = found.unwrap();
        all.iter().filter(|view| *view.address == *address.1).count()
    };
    for again in ["", "wrong horse battery"] {
        let page = guest
            .post("/start/1/addresses", &[address, ("again", again)])
            .await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text.contains("id=\"again-mistake\"") && page.text.contains(address.1));
        assert_eq!(count().await, 0);
    }
    let page = guest
        .post("/start/1/addresses", &[address, ("again", PASSWORD)])
        .await;
    assert_eq!(page.location(), "/start/1/webhook", "{}", page.text);
    assert_eq!(count().await, 1);
    let page = guest.post("/start/1/addresses", &[]).await;
    assert_eq!(page.location(), "/start/1/webhook", "nothing to keep");
}

#[tokio::test]
async fn of_two_accounts_none_is_passed_over_in_silence() {
    let house = House::new();
    house.stage.shop(crate::domain::shop::Dialect::Payhook).await;
    let mut guest = house.owner().await;
    let account = "xpub6BosfCnifzxcFwrSzQiqu2DBVTshkCXacvNsWGYJVVhhawA7d4R5WSWGFNbi8Aw6ZRc1brxMyWMzG3DSSSSoekkudhUd9yLb6qx39T9nMdj";
    let good = guest.post("/start/1/check/bsc", &[("text", account)]).await;
    assert!(good.text.contains("\"good\""), "{}", good.text);
    let two = format!("{account}\n{account}");
    let page = guest.post("/start/1/check/bsc", &[("text", &two)]).await;
    assert!(
        page.text.contains("\"bad\"") && page.text.contains("stands alone"),
        "{}",
        page.text
    );
}
