//! Who gets in, what forms are taken, who may do what.

mod fuzz;
mod routes;

use std::collections::BTreeSet;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};

use super::fixture::{House, PASSWORD, SESSIONS};
use crate::domain::shop::Dialect;
use crate::domain::user::{Role, Shops};

#[tokio::test]
async fn nobody_sees_a_page_without_signing_in_and_is_led_back_to_it_afterwards() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    house.user("ann", Role::Owner, Shops::All).await;
    let mut guest = house.stranger();
    let page = guest.get("/stores/1/overview?a=b").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(page.location(), "/sign-in?next=%2Fstores%2F1%2Foverview%3Fa%3Db");
    let fields = [
        ("name", "Ann"),
        ("password", PASSWORD),
        ("next", "/stores/1/overview?a=b"),
    ];
    let entered = guest.post("/sign-in", &fields).await;
    assert_eq!(entered.location(), "/stores/1/overview?a=b");
    let page = guest.get("/stores/1/overview?a=b").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.headers["cache-control"], "no-store");
    assert!(
        page.headers["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("default-src 'none'")
    );
}

#[tokio::test]
async fn a_wrong_password_an_unknown_name_and_a_disabled_user_are_refused_alike() {
    let house = House::new();
    house.user("ann", Role::Owner, Shops::All).await;
    for (name, password) in [("ann", "wrong horse battery"), ("bob", PASSWORD), ("", "")] {
        let mut guest = house.stranger();
        let page = guest
            .post("/sign-in", &[("name", name), ("password", password)])
            .await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{name}");
        assert!(page.text.contains("The name or the password is wrong."));
        assert!(!page.text.contains(password) || password.is_empty());
        assert_eq!(guest.get("/").await.location(), "/sign-in");
    }
}

#[tokio::test]
async fn who_fails_too_often_has_to_wait() {
    let house = House::limited_calls();
    house.user("ann", Role::Owner, Shops::All).await;
    let mut guest = house.stranger();
    for _ in 0..10 {
        let page = guest
            .post("/sign-in", &[("name", "ann"), ("password", "wrong")])
            .await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    }
    let page = guest
        .post("/sign-in", &[("name", "ann"), ("password", PASSWORD)])
        .await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(page.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn a_session_ends_by_itself_when_it_is_idle_and_at_its_longest_time() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut guest = house.owner().await;
    house.stage.clock.advance(SESSIONS.idle - Duration::from_secs(1));
    assert_eq!(guest.get("/stores/1/overview").await.status, StatusCode::OK);
    house.stage.clock.advance(SESSIONS.idle);
    assert_eq!(
        guest.get("/stores/1/overview").await.status,
        StatusCode::SEE_OTHER
    );

    let mut guest = house.guest("bob", Role::Owner, Shops::All).await;
    let steps = SESSIONS.absolute.as_secs() / (SESSIONS.idle.as_secs() / 2);
    for _ in 1..steps {
        house.stage.clock.advance(SESSIONS.idle / 2);
        assert_eq!(guest.get("/stores/1/overview").await.status, StatusCode::OK);
    }
    house.stage.clock.advance(SESSIONS.idle / 2);
    assert_eq!(
        guest.get("/stores/1/overview").await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn a_form_without_the_sessions_proof_or_from_another_site_changes_nothing() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut guest = house.owner().await;
    for proofs in [&[][..], &[("csrf", "0")], &[("csrf", "")]] {
        let page = guest.post_with("/sign-out", &[], proofs).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{proofs:?}");
    }
    for (header, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let request = Request::post("/sign-out").header(header, value);
        let page = guest.ask(request, Body::empty()).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{header}: {value}");
    }
    assert_eq!(guest.get("/stores/1/overview").await.status, StatusCode::OK);
    let out = guest.post("/sign-out", &[]).await;
    assert_eq!((out.status, out.location()), (StatusCode::SEE_OTHER, "/sign-in"));
    assert_eq!(
        guest.get("/stores/1/overview").await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn the_pages_of_a_store_that_one_does_not_see_are_not_there() {
    let house = House::new();
    let (own, other) = (
        house.stage.shop(Dialect::Payhook).await,
        house.stage.shop(Dialect::Soko).await,
    );
    let shops = Shops::Only(BTreeSet::from([own.id]));
    let mut guest = house.guest("bob", Role::Staff, shops).await;
    let path = |shop: &dyn std::fmt::Display| format!("/stores/{shop}/overview");
    assert_eq!(guest.get(&path(&own.id)).await.status, StatusCode::OK);
    for shop in [
        other.id.to_string(),
        "0".to_owned(),
        "99999999999999999999".to_owned(),
        "x".to_owned(),
    ] {
        assert_eq!(
            guest.get(&path(&shop)).await.status,
            StatusCode::NOT_FOUND,
            "{shop}"
        );
    }
}

#[tokio::test]
async fn a_user_that_was_put_into_the_database_from_outside_signs_in_nobody() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut guest = house.guest("bob", Role::ReadOnly, Shops::All).await;
    house
        .stage
        .write(|txn| txn.run_sql("UPDATE users SET role = 'owner', stores = '*'"))
        .await;
    assert_eq!(
        guest.get("/stores/1/overview").await.status,
        StatusCode::INTERNAL_SERVER_ERROR
    );
}
