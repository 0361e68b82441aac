//! Channels by form, who may see them, what is kept of their secrets.

use axum::http::StatusCode;

use crate::domain::shop::Dialect;
use crate::domain::user::{Role, Shops};
use crate::web::dashboard::fixture::House;

const BOT: [(&str, &str); 6] = [
    ("name", "My <b>bot</b>"),
    ("token", "12345:s3cr3t"),
    ("chat", "777"),
    ("topic-choice", "paid"),
    ("topic-choice", "late"),
    ("utc-offset", "0"),
];

#[tokio::test]
async fn an_owner_adds_changes_switches_and_removes_a_channel_and_its_secret_is_never_shown() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut guest = house.owner().await;
    assert!(
        guest
            .get("/notices")
            .await
            .text
            .contains("You are not told of anything yet.")
    );
    let added = guest.post("/notices/new/telegram", &BOT).await;
    assert_eq!(
        (added.status, added.location()),
        (StatusCode::SEE_OTHER, "/notices/1")
    );
    let page = guest.get("/notices/1").await;
    assert!(
        page.text.contains("My &#60;b&#62;bot&#60;/b&#62;") && page.text.contains("777"),
        "{}",
        page.text
    );
    assert!(!page.text.contains("s3cr3t"));
    // A secret that is left empty stays.
    let mut again = BOT.to_vec();
    again.retain(|(name, _)| *name != "token");
    again.extend([
        ("quiet-from", "22:00"),
        ("quiet-to", "07:00"),
        ("server", "https://api.telegram.org"),
    ]);
    assert_eq!(
        guest.post("/notices/1", &again).await.status,
        StatusCode::SEE_OTHER
    );
    // With another server it does not go along.
    let mut elsewhere = again.clone();
    elsewhere.retain(|(name, _)| *name != "server");
    elsewhere.push(("server", "https://evil.example"));
    let refused = guest.post("/notices/1", &elsewhere).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let channels = house.office.channels().await.unwrap();
    let token = channels[0]
        .destination
        .fields()
        .into_iter()
        .find(|(name, _)| *name == "token");
    assert_eq!(token.unwrap().1, "12345:s3cr3t");
    assert_eq!(
        channels[0].channel.quiet.map(|quiet| (quiet.from, quiet.to)),
        Some((1320, 420))
    );
    guest.post("/notices/1/switch", &[("on", "0")]).await;
    assert!(
        house.office.channels().await.unwrap()[0]
            .channel
            .disabled_at
            .is_some()
    );
    assert_eq!(
        guest.post("/notices/1/remove", &[]).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(house.office.channels().await.unwrap().is_empty());
    for path in ["/notices/1", "/notices/x", "/notices/new/fax"] {
        assert_eq!(guest.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut guest = house.owner().await;
    for (field, value, mistake) in [
        ("chat", "", "chat-mistake"),
        ("token", "a/../b", "token-mistake"),
        ("name", "", "name-mistake"),
        ("quiet-from", "25:00", "quiet-mistake"),
        ("store", "99", "store-mistake"),
    ] {
        let mut fields = BOT.to_vec();
        fields.retain(|(name, _)| *name != field);
        fields.push((field, value));
        let page = guest.post("/notices/new/telegram", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(
            page.text.contains(&format!("id=\"{mistake}\"")),
            "{field}: {}",
            page.text
        );
        assert!(!page.text.contains("s3cr3t"));
    }
    assert!(house.office.channels().await.unwrap().is_empty());
}

#[tokio::test]
async fn nobody_but_an_owner_sees_or_changes_channels() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut owner = house.owner().await;
    owner.post("/notices/new/telegram", &BOT).await;
    for role in [Role::Staff, Role::ReadOnly] {
        let mut guest = house.guest(role.word(), role, Shops::All).await;
        for path in ["/notices", "/notices/1", "/notices/new/email"] {
            assert_eq!(guest.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        for path in [
            "/notices/new/telegram",
            "/notices/1",
            "/notices/1/test",
            "/notices/1/switch",
            "/notices/1/remove",
        ] {
            assert_eq!(
                guest.post(path, &BOT).await.status,
                StatusCode::FORBIDDEN,
                "{path}"
            );
        }
    }
    assert_eq!(house.office.channels().await.unwrap().len(), 1);
}
