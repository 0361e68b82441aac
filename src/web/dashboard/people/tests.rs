//! One's own account and second factor, over a real engine; and all else that is of people and safety.

mod door;
mod house;

use std::time::Duration;

use axum::http::StatusCode;
use totp_rs::{Builder, Secret};

use crate::domain::shop::Dialect;
use crate::domain::user::{Role, Shops};
use crate::web::dashboard::fixture::{Guest, House, PASSWORD, Page};

const NEW: &str = "another horse battery";

/// The text between two others.
fn between<'p>(page: &'p str, start: &str, end: &str) -> &'p str {
    let (_, rest) = page
        .split_once(start)
        .unwrap_or_else(|| panic!("{start} in {page}"));
    rest.split_once(end).unwrap().0
}

/// The code that an app shows now.
fn code(house: &House, secret: &str) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret).build_noncompliant();
    let seconds = house.office.now().seconds();
    totp.generate(seconds.try_into().unwrap()).to_string()
}

/// Switches the second factor on, and gives its secret and the recovery codes.
async fn enrol(house: &House, guest: &mut Guest<'_>) -> (String, Vec<String>) {
    let page = guest.get("/account/second-factor").await;
    let secret = between(&page.text, "name=\"secret\" value=\"", "\"").to_owned();
    let fields = [
        ("secret", &*secret),
        ("code", &code(house, &secret)),
        ("own", PASSWORD),
    ];
    let page = guest.post("/account/second-factor", &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let list = between(&page.text, "class=\"recovery\"", "</ol>");
    let codes = list.split("<code>").skip(1);
    let codes: Vec<String> = codes
        .map(|code| code.split('<').next().unwrap().to_owned())
        .collect();
    assert_eq!(codes.len(), 10);
    (secret, codes)
}

async fn show(guest: &mut Guest<'_>, code: &str) -> Page {
    guest.get("/second-factor").await;
    guest.post("/second-factor", &[("code", code)]).await
}

#[tokio::test]
async fn who_has_a_second_factor_sees_nothing_before_it_is_shown_and_each_code_works_once() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut ann = house.owner().await;
    let (secret, _) = enrol(&house, &mut ann).await;

    let mut guest = house.stranger();
    let entered = guest
        .post(
            "/sign-in",
            &[("name", "owner"), ("password", PASSWORD), ("next", "/users")],
        )
        .await;
    assert_eq!(entered.location(), "/second-factor?next=%2Fusers");
    let half = guest.cookie("payd_session").unwrap();
    for path in ["/", "/users", "/account", "/stores/1/overview", "/backup"] {
        assert_eq!(guest.get(path).await.location(), "/second-factor", "{path}");
    }
    // The code with which it was switched on was used.
    assert_eq!(
        show(&mut guest, &code(&house, &secret)).await.status,
        StatusCode::UNAUTHORIZED
    );
    house.stage.clock.advance(Duration::from_secs(30));
    assert_eq!(show(&mut guest, "000000").await.status, StatusCode::UNAUTHORIZED);
    let right = code(&house, &secret);
    guest.get("/second-factor?next=/users").await;
    let entered = guest
        .post("/second-factor", &[("code", &right), ("next", "/users")])
        .await;
    assert_eq!(entered.location(), "/users");
    assert_ne!(guest.cookie("payd_session").unwrap(), half, "a new token");
    assert_eq!(guest.get("/users").await.status, StatusCode::OK);

    // The token from before is no good any more, nor is the code.
    let mut old = house.stranger();
    old.set_cookie("payd_session", &half);
    assert!(old.get("/users").await.location().starts_with("/sign-in"));
    let mut other = house.stranger();
    other
        .post("/sign-in", &[("name", "owner"), ("password", PASSWORD)])
        .await;
    assert_eq!(show(&mut other, &right).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn who_knows_the_password_alone_has_ten_minutes_to_show_the_rest() {
    let house = House::new();
    let mut ann = house.owner().await;
    let (secret, _) = enrol(&house, &mut ann).await;
    let mut guest = house.stranger();
    guest
        .post("/sign-in", &[("name", "owner"), ("password", PASSWORD)])
        .await;
    guest.get("/second-factor").await;
    house.stage.clock.advance(Duration::from_secs(10 * 60));
    let late = guest
        .post("/second-factor", &[("code", &code(&house, &secret))])
        .await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
    assert!(guest.get("/account").await.location().starts_with("/sign-in"));
}

#[tokio::test]
async fn a_recovery_code_lets_in_once_however_it_is_typed() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut ann = house.owner().await;
    let (_, codes) = enrol(&house, &mut ann).await;
    let typed = codes[3].to_uppercase().replace('-', " ");
    for status in [StatusCode::SEE_OTHER, StatusCode::UNAUTHORIZED] {
        let mut guest = house.stranger();
        guest
            .post("/sign-in", &[("name", "owner"), ("password", PASSWORD)])
            .await;
        assert_eq!(show(&mut guest, &typed).await.status, status);
    }
    assert!(
        ann.get("/account")
            .await
            .text
            .contains("9 recovery codes are left")
    );
    let fresh = ann
        .post("/account/second-factor/codes", &[("own-codes", PASSWORD)])
        .await;
    assert!(fresh.text.contains("class=\"recovery\""));
    let mut guest = house.stranger();
    guest
        .post("/sign-in", &[("name", "owner"), ("password", PASSWORD)])
        .await;
    assert_eq!(show(&mut guest, &codes[4]).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn codes_cannot_be_guessed_for_long() {
    let house = House::limited_calls();
    let mut ann = house.owner().await;
    enrol(&house, &mut ann).await;
    let mut guest = house.stranger();
    guest
        .post("/sign-in", &[("name", "owner"), ("password", PASSWORD)])
        .await;
    for guess in 0..10 {
        let page = show(&mut guest, &format!("{guess:06}")).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    }
    let page = show(&mut guest, "000010").await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_second_factor_is_switched_on_with_a_code_and_off_with_password_and_code() {
    let house = House::new();
    let mut ann = house.owner().await;
    let page = ann.get("/account/second-factor").await;
    let secret = between(&page.text, "name=\"secret\" value=\"", "\"").to_owned();
    let right = code(&house, &secret);
    for (own, typed) in [("wrong", &*right), (PASSWORD, "000000"), ("", &right)] {
        let fields = [("secret", &*secret), ("code", typed), ("own", own)];
        let page = ann.post("/account/second-factor", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{own} {typed}");
        assert!(page.text.contains(&secret), "the same key is shown again");
    }
    assert!(!house.office.users().await.unwrap()[0].has_totp);
    let (secret, codes) = enrol(&house, &mut ann).await;
    house.stage.clock.advance(Duration::from_secs(30));
    let right = code(&house, &secret);
    for (own, typed) in [("wrong", &*right), (PASSWORD, "000000"), (PASSWORD, "")] {
        let fields = [("own", own), ("code", typed)];
        let page = ann.post("/account/second-factor/off", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{own} {typed}");
    }
    let fields = [("own", PASSWORD), ("code", &*right)];
    let page = ann.post("/account/second-factor/off", &fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    assert!(!house.office.users().await.unwrap()[0].has_totp);
    let mut guest = house.stranger();
    let entered = guest
        .post("/sign-in", &[("name", "owner"), ("password", PASSWORD)])
        .await;
    assert_eq!(entered.location(), "/");
    drop(codes);
}

#[tokio::test]
async fn a_changed_password_ends_all_other_sessions_and_takes_the_old_one() {
    let house = House::new();
    let mut ann = house.owner().await;
    let mut elsewhere = house.stranger();
    elsewhere.sign_in("owner", PASSWORD).await;
    for (old, new, again) in [
        ("wrong", NEW, NEW),
        (PASSWORD, "short", "short"),
        (PASSWORD, NEW, "another"),
    ] {
        let fields = [("old", old), ("new", new), ("again", again)];
        let page = ann.post("/account/password", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{old} {new}");
        assert!(!page.text.contains(NEW) && !page.text.contains(PASSWORD));
    }
    assert_eq!(elsewhere.get("/account").await.status, StatusCode::OK);
    let fields = [("old", PASSWORD), ("new", NEW), ("again", NEW)];
    let page = ann.post("/account/password", &fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    assert_eq!(ann.get("/account").await.status, StatusCode::OK);
    assert_eq!(elsewhere.get("/account").await.status, StatusCode::SEE_OTHER);
    let log = ann.get("/audit-log").await.text;
    assert!(log.contains("new password") && !log.contains(NEW), "{log}");
}

#[tokio::test]
async fn sessions_are_listed_and_ended_but_only_ones_own() {
    let house = House::new();
    let mut ann = house.owner().await;
    let mut bob = house.guest("bob", Role::ReadOnly, Shops::All).await;
    let mut elsewhere = house.stranger();
    elsewhere.sign_in("bob", PASSWORD).await;
    assert!(bob.get("/account").await.text.contains("This one"));
    // Ann's is 1, Bob's are 2 and 3.
    let foreign = bob.post("/account/sessions/1/end", &[]).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    assert_eq!(ann.get("/account").await.status, StatusCode::OK);
    assert_eq!(
        bob.post("/account/sessions/3/end", &[]).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(elsewhere.get("/account").await.status, StatusCode::SEE_OTHER);
    elsewhere.sign_in("bob", PASSWORD).await;
    bob.post("/account/sessions/end", &[]).await;
    assert_eq!(elsewhere.get("/account").await.status, StatusCode::SEE_OTHER);
    assert_eq!(bob.get("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn everybody_chooses_their_own_language() {
    let house = House::new();
    let mut bob = house.guest("bob", Role::ReadOnly, Shops::All).await;
    let page = bob.post("/account/language", &[("language", "de")]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    let page = bob.get("/account").await.text;
    assert!(page.contains("<html lang=\"de\">"), "{page}");
    bob.post("/account/language", &[("language", "nonsense")]).await;
    assert!(bob.get("/account").await.text.contains("<html lang=\"en\">"));
}
