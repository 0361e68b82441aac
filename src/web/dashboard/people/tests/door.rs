//! What keeps strangers out: names, cookies, sessions that were tampered with, guessing.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::domain::shop::Dialect;
use crate::domain::user::{Role, Shops};
use crate::web::dashboard::fixture::{House, PASSWORD};
use crate::web::dashboard::guard;

#[tokio::test]
async fn a_dashboard_is_not_reached_by_a_name_that_anybody_could_have_pointed_at_it() {
    let house = House::new();
    let mut guest = house.stranger();
    for (host, status) in [
        ("127.0.0.1:8422", StatusCode::OK),
        ("[::1]:8422", StatusCode::OK),
        ("localhost:8422", StatusCode::OK),
        ("shopserver", StatusCode::OK),
        ("shop.local:8422", StatusCode::OK),
        ("evil.example:8422", StatusCode::MISDIRECTED_REQUEST),
        ("127.0.0.1.evil.example", StatusCode::MISDIRECTED_REQUEST),
        ("local", StatusCode::OK),
        ("evil.example#local", StatusCode::MISDIRECTED_REQUEST),
        ("a b", StatusCode::MISDIRECTED_REQUEST),
    ] {
        let request = Request::get("/sign-in");
        let page = guest.ask_at(host, request, Body::empty()).await;
        assert_eq!(page.status, status, "{host}");
    }
}

#[tokio::test]
async fn a_session_that_was_given_to_another_in_the_database_is_refused() {
    for sql in [
        "UPDATE sessions SET user_id = 1",
        "UPDATE sessions SET is_whole = 1 - is_whole",
        "UPDATE sessions SET created_ms = created_ms + 1",
        "UPDATE users SET totp_sealed = x'00'",
        "UPDATE users SET disabled_ms = 5",
    ] {
        let house = House::new();
        house.owner().await;
        let mut bob = house.guest("bob", Role::ReadOnly, Shops::All).await;
        assert_eq!(bob.get("/account").await.status, StatusCode::OK);
        house.stage.write(move |txn| txn.run_sql(sql)).await;
        assert_eq!(
            bob.get("/account").await.status,
            StatusCode::INTERNAL_SERVER_ERROR,
            "{sql}"
        );
    }
}

#[tokio::test]
async fn a_known_browser_is_let_in_while_others_fail_in_the_same_name() {
    let house = House::limited_calls();
    house.stage.shop(Dialect::Payhook).await;
    let mut ann = house.owner().await;
    ann.post("/sign-out", &[]).await;
    let mut stranger = house.stranger();
    for _ in 0..10 {
        stranger
            .post("/sign-in", &[("name", "owner"), ("password", "guess")])
            .await;
    }
    let fields = [("name", "owner"), ("password", PASSWORD)];
    let page = stranger.post("/sign-in", &fields).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    // A mark of one's own making is none.
    stranger.set_cookie("payd_browser", &"0".repeat(96));
    let page = stranger.post("/sign-in", &fields).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    let page = ann.post("/sign-in", &fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    // Nor is it one for another's name.
    let mark = ann.cookie("payd_browser").unwrap();
    assert!(!house.office.is_browser_of("bob", &mark).await.unwrap());
    assert!(house.office.is_browser_of(" Owner", &mark).await.unwrap());
}

#[tokio::test]
async fn who_signs_in_where_somebody_is_signed_in_takes_their_place() {
    let house = House::new();
    let mut ann = house.owner().await;
    let old = ann.cookie("payd_session").unwrap();
    house.user("bob", Role::Staff, Shops::Only(BTreeSet::new())).await;
    ann.sign_in("bob", PASSWORD).await;
    let mut thief = house.stranger();
    thief.set_cookie("payd_session", &old);
    assert!(thief.get("/users").await.location().starts_with("/sign-in"));
}

#[tokio::test]
async fn cookies_are_kept_from_scripts_from_other_sites_and_over_tls_from_everybody_else() {
    let house = House::new();
    house.user("ann", Role::Owner, Shops::All).await;
    let mut guest = house.stranger();
    let entered = guest
        .post("/sign-in", &[("name", "ann"), ("password", PASSWORD)])
        .await;
    let set: Vec<&str> = entered
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|set| set.to_str().unwrap())
        .collect();
    assert_eq!(set.len(), 2, "{set:?}");
    for cookie in set {
        assert!(cookie.ends_with("; HttpOnly; SameSite=Strict"), "{cookie}");
        assert!(
            cookie.contains("; Path=/;") && !cookie.contains("Domain"),
            "{cookie}"
        );
    }
    let secure = guard::keep_session(true, "token", 60);
    assert_eq!(
        secure,
        "__Host-payd_session=token; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure"
    );
    assert!(guard::browser_cookie(true).starts_with("__Host-"));
}

#[tokio::test]
async fn long_dead_sessions_are_forgotten_a_bounded_number_at_a_time() {
    use crate::web::dashboard::fixture::SESSIONS;
    let house = House::new();
    for name in ["a1", "b2", "c3"] {
        house.guest(name, Role::Staff, Shops::All).await;
    }
    assert_eq!(house.office.forget_sessions(SESSIONS, 10).await.unwrap(), 0);
    house
        .stage
        .clock
        .advance(SESSIONS.absolute + Duration::from_secs(1));
    let mut fresh = house.guest("d4", Role::Staff, Shops::All).await;
    assert_eq!(house.office.forget_sessions(SESSIONS, 2).await.unwrap(), 2);
    assert_eq!(house.office.forget_sessions(SESSIONS, 2).await.unwrap(), 1);
    assert_eq!(house.office.forget_sessions(SESSIONS, 2).await.unwrap(), 0);
    assert_eq!(fresh.get("/account").await.status, StatusCode::OK);
}
