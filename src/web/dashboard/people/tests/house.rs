//! Users, the audit log, the backup: what owners do.

use std::io::Read as _;

use axum::http::StatusCode;

use super::{NEW, between, enrol};
use crate::domain::shop::Dialect;
use crate::domain::user::{Role, Shops};
use crate::web::dashboard::fixture::{House, PASSWORD};

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
    // To let him in again takes her password, as making a user does.
    for typed in ["", "not hers"] {
        let page = ann.post("/users/2/enable", &[("own-enable", typed)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text.contains("id=\"own-enable-mistake\""), "{}", page.text);
    }
    let entered = [("name", "bob"), ("password", &*password)];
    assert_ne!(bob.post("/sign-in", &entered).await.location(), "/");
    let page = ann.post("/users/2/enable", &[("own-enable", PASSWORD)]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(bob.post("/sign-in", &entered).await.location(), "/");
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
    assert!(table.text.contains(",'=1+1,"));
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
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        assert_eq!(entry.header().mode().unwrap(), 0o600);
        files.push((entry.path().unwrap().display().to_string(), bytes));
    }
    let [(key_name, key), (name, database)] = &files[..] else {
        panic!("{} files", files.len());
    };
    assert_eq!((&**key_name, &**name), ("payd.key", "payd.sqlite"));
    assert_eq!(key.len(), 65, "32 bytes in hexadecimal, and a line break");
    assert!(database.starts_with(b"SQLite format 3\0"));
    assert!(database.len() % 4096 == 0 && tar.len() % 512 == 0);
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
