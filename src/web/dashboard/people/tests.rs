//! Accounts, users, the second factor, the audit log, the backup: over a real engine.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
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

#[tokio::test]
async fn an_owner_adds_people_changes_their_rights_and_keeps_them_out() {
    let house = House::new();
    let shop = house.stage.shop(Dialect::Payhook).await;
    house.stage.shop(Dialect::Soko).await;
    let mut ann = house.owner().await;
    let id = shop.id.to_string();
    let fields = [
        ("name", "bob"),
        ("role", "staff"),
        ("scope", "some"),
        ("store", &*id),
        ("how", "made"),
    ];
    let made = ann.post("/users", &fields).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    let password = between(&made.text, "<code id=\"made\">", "<").to_owned();
    let mut bob = house.stranger();
    bob.sign_in("bob", &password).await;
    assert_eq!(
        bob.get(&format!("/stores/{id}/overview")).await.status,
        StatusCode::OK
    );
    assert_eq!(bob.get("/stores/2/overview").await.status, StatusCode::NOT_FOUND);
    for (fields, at) in [
        (
            &[("name", "bob"), ("role", "staff"), ("scope", "all")][..],
            "name",
        ),
        (&[("name", "a b"), ("role", "staff"), ("scope", "all")], "name"),
        (&[("name", "eve"), ("role", "king"), ("scope", "all")], "role"),
        (&[("name", "eve"), ("role", "staff"), ("scope", "some")], "store"),
        (
            &[
                ("name", "eve"),
                ("role", "owner"),
                ("scope", "all"),
                ("own", "wrong"),
            ],
            "own",
        ),
        (
            &[
                ("name", "eve"),
                ("role", "staff"),
                ("scope", "all"),
                ("how", "typed"),
                ("password", "short"),
            ],
            "password",
        ),
    ] {
        let page = ann.post("/users", fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{at}");
        assert!(page.text.contains(&format!("id=\"{at}-mistake\"")), "{at}");
    }
    // Bob is 2. To be made an owner takes Ann's password.
    let owner = [("role", "owner"), ("scope", "all")];
    let page = ann.post("/users/2", &owner).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = ann
        .post("/users/2", &[&owner[..], &[("own", PASSWORD)]].concat())
        .await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    assert_eq!(bob.get("/users").await.status, StatusCode::OK);
    ann.post("/users/2", &[("role", "read-only"), ("scope", "all")])
        .await;
    assert_eq!(bob.get("/users").await.status, StatusCode::FORBIDDEN);
    ann.post("/users/2/disable", &[]).await;
    assert_eq!(bob.get("/").await.location(), "/sign-in");
    ann.post("/users/2/enable", &[]).await;
    // Ann is the last owner.
    for (path, fields) in [
        ("/users/1/disable", &[][..]),
        ("/users/1", &[("role", "staff"), ("scope", "all")]),
    ] {
        let page = ann.post(path, fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(page.text.contains("the last owner"));
    }
    assert_eq!(ann.get("/users/99").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_forgotten_password_and_a_lost_phone_take_the_owners_password_and_sign_out() {
    let house = House::new();
    let mut ann = house.owner().await;
    let mut bob = house.guest("bob", Role::Staff, Shops::All).await;
    enrol(&house, &mut bob).await;
    for path in ["/users/2/password", "/users/2/second-factor-off"] {
        let page = ann
            .post(path, &[("own-password", "x"), ("own-factor", "x")])
            .await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
    }
    let fields = [("own-factor", PASSWORD)];
    ann.post("/users/2/second-factor-off", &fields).await;
    let fields = [("own-password", PASSWORD), ("how", "typed"), ("password", NEW)];
    let page = ann.post("/users/2/password", &fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    assert_eq!(bob.get("/account").await.status, StatusCode::SEE_OTHER);
    let entered = bob.post("/sign-in", &[("name", "bob"), ("password", NEW)]).await;
    assert_eq!(entered.location(), "/");
    ann.post("/users/2/sign-out", &[]).await;
    assert_eq!(bob.get("/account").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn nobody_but_an_owner_changes_people_or_sees_log_and_backup() {
    let house = House::new();
    house.owner().await;
    for role in [Role::ReadOnly, Role::Staff] {
        let mut guest = house.guest(role.word(), role, Shops::All).await;
        for path in [
            "/users",
            "/users/1",
            "/users/1/disable",
            "/users/1/enable",
            "/users/1/password",
            "/users/1/second-factor-off",
            "/users/1/sign-out",
            "/backup",
        ] {
            let fields = [
                ("name", "eve"),
                ("role", "owner"),
                ("scope", "all"),
                ("own", PASSWORD),
                ("own-password", PASSWORD),
                ("own-factor", PASSWORD),
            ];
            let page = guest.post(path, &fields).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{role} {path}");
        }
        for path in [
            "/users",
            "/users/new",
            "/users/1",
            "/audit-log",
            "/audit-log/export",
            "/backup",
        ] {
            assert_eq!(
                guest.get(path).await.status,
                StatusCode::FORBIDDEN,
                "{role} {path}"
            );
        }
        let about = guest.get("/about").await;
        assert_eq!(about.status, StatusCode::OK);
        assert!(!about.text.contains("Data directory"));
    }
    assert_eq!(house.office.users().await.unwrap().len(), 3);
}

#[tokio::test]
async fn the_audit_log_is_paged_narrowed_down_and_taken_away_as_a_table() {
    let house = House::new();
    let mut ann = house.owner().await;
    for _ in 0..60 {
        let by = house.office.by("cli:<b>eve</b>");
        house
            .stage
            .write(move |txn| by.write_down(txn, "test.thing", "=1+1", "<script>"))
            .await;
    }
    let first = ann.get("/audit-log").await.text;
    assert_eq!(first.matches("<time").count(), 50);
    assert!(first.contains("&#60;script&#62;") && !first.contains("<script>"));
    let older = between(&first, "<a href=\"/audit-log?before=", "\"");
    let second = ann.get(&format!("/audit-log?before={older}")).await.text;
    assert_eq!(second.matches("<time").count(), 12);
    let narrow = ann.get("/audit-log?action=user.add").await.text;
    assert_eq!(narrow.matches("<time").count(), 1);
    let both = ann
        .get("/audit-log?actor=user%3Aowner&action=session.begin")
        .await
        .text;
    assert_eq!(both.matches("<time").count(), 1);
    let nobody = ann.get("/audit-log?actor=nobody").await.text;
    assert!(nobody.contains("Nothing was done by hand yet."));
    let table = ann.get("/audit-log/export?action=test.thing").await;
    assert_eq!(table.text.lines().count(), 61);
    assert!(table.text.contains("\"'=1+1\""));
    assert_eq!(table.headers["content-type"], "text/csv; charset=utf-8");
}

#[tokio::test]
async fn a_backup_takes_the_password_and_is_a_whole_copy_one_at_a_time() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut ann = house.owner().await;
    assert_eq!(ann.get("/backup").await.status, StatusCode::OK);
    let refused = ann.post("/backup", &[("own", "wrong")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, tar) = ann.post_for_bytes("/backup", &[("own", PASSWORD)]).await;
    assert_eq!(status, StatusCode::OK);
    let mut files = Vec::new();
    let mut archive = tar::Archive::new(&*tar);
    let directory = tempfile::tempdir().unwrap();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        files.push(entry.path().unwrap().display().to_string());
        assert_eq!(entry.header().mode().unwrap(), 0o600);
        entry.unpack_in(directory.path()).unwrap();
    }
    assert_eq!(files, ["payd.key", "payd.sqlite"]);
    let options = crate::store::Options::in_directory(directory.path());
    let copy = crate::store::Database::open(&options, &crate::ambient::SystemRandom).unwrap();
    let users = copy.read(crate::store::users::all).await.unwrap();
    assert_eq!(users.len(), 1);
    copy.close().await;
    // What was made for it is gone.
    let files = house.office.files().await.unwrap();
    let left = std::fs::read_dir(files.directory).unwrap();
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    assert!(
        !left.iter().any(|name| name.to_string_lossy().contains("copy")),
        "{left:?}"
    );
    assert!(ann.get("/audit-log").await.text.contains("backup.download"));
}

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
    let secure = super::super::guard::keep_session(true, "token", 60);
    assert_eq!(
        secure,
        "__Host-payd_session=token; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure"
    );
    assert!(super::super::guard::browser_cookie(true).starts_with("__Host-"));
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
