//! API keys, at the dashboard.

use axum::http::StatusCode;

use crate::domain::shop::Dialect;
use crate::web::dashboard::fixture::{House, Page};

const XSS: &str = "<script>alert(1)</script>";

/// The text in a field of a page.
fn value<'p>(page: &'p Page, id: &str) -> &'p str {
    let (_, rest) = page
        .text
        .split_once(&format!("id=\"{id}\" readonly value=\""))
        .unwrap();
    rest.split('"').next().unwrap()
}

#[tokio::test]
async fn a_key_is_made_shown_once_kept_to_addresses_replaced_and_revoked() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut guest = house.owner().await;
    let new = [
        ("mode", "test"),
        ("label", "web shop"),
        ("allowed", "203.0.113.7, 10.0.0.0/8"),
    ];
    let made = guest.post("/stores/1/keys", &new).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    assert_eq!(made.headers["cache-control"], "no-store");
    let key = value(&made, "api-key").to_owned();
    let secret = value(&made, "api-secret").to_owned();
    assert!(key.starts_with("pk_") && secret.starts_with("sk_"));
    assert_eq!(value(&made, "base-url"), "https://pay.example");
    let list = guest.get("/stores/1/keys").await;
    assert!(list.text.contains("web shop") && list.text.contains("203.0.113.7 10.0.0.0/8"));
    assert!(!list.text.contains(&key) && !list.text.contains(&secret));

    let from = |ip: &str| Some(ip.parse().unwrap());
    let gateway = &house.stage.gateway;
    assert!(gateway.authenticate(&key, from("10.1.2.3")).await.is_ok());
    assert!(gateway.authenticate(&key, from("198.51.100.1")).await.is_err());
    assert!(gateway.authenticate(&key, None).await.is_err());

    // The stage made two keys of its own before.
    let changed = guest
        .post(
            "/stores/1/keys/3",
            &[("label", "new"), ("allowed", "198.51.100.1")],
        )
        .await;
    assert_eq!(changed.location(), "/stores/1/keys");
    assert!(gateway.authenticate(&key, from("10.1.2.3")).await.is_err());
    assert!(gateway.authenticate(&key, from("198.51.100.1")).await.is_ok());
    let rotated = guest.post("/stores/1/keys/3/rotate", &[]).await;
    let second = value(&rotated, "api-key").to_owned();
    assert!(gateway.authenticate(&key, from("198.51.100.1")).await.is_err());
    assert!(gateway.authenticate(&second, from("198.51.100.1")).await.is_ok());
    assert!(
        gateway.authenticate(&second, from("10.1.2.3")).await.is_err(),
        "what a key is kept to goes on with the one in its place"
    );
    assert_eq!(
        guest.post("/stores/1/keys/4/revoke", &[]).await.location(),
        "/stores/1/keys"
    );
    assert!(gateway.authenticate(&second, from("198.51.100.1")).await.is_err());
    for act in ["", "/rotate", "/revoke"] {
        let page = guest
            .post(&format!("/stores/1/keys/4{act}"), &[("label", "x")])
            .await;
        assert_eq!(page.location(), "/stores/1/keys", "{act}");
        assert!(guest.get("/stores/1/keys").await.text.contains("revoked before"));
    }
}

#[tokio::test]
async fn another_stores_key_is_not_there() {
    let house = House::new();
    let (own, other) = (
        house.stage.shop(Dialect::Payhook).await,
        house.stage.shop(Dialect::Soko).await,
    );
    let mut guest = house.owner().await;
    let keys = house.office.keys(other.id).await.unwrap();
    for id in keys
        .iter()
        .map(|key| key.id.to_string())
        .chain(["0".to_owned(), "x".to_owned()])
    {
        let path = format!("/stores/{}/keys/{id}", own.id);
        assert_eq!(guest.get(&path).await.status, StatusCode::NOT_FOUND);
        for act in ["", "/rotate", "/revoke"] {
            let page = guest.post(&format!("{path}{act}"), &[("label", "stolen")]).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{act}");
        }
    }
    assert_eq!(house.office.keys(other.id).await.unwrap(), keys);
}

#[tokio::test]
async fn what_is_wrong_is_said_at_the_field_and_labels_are_text() {
    let house = House::new();
    house.stage.shop(Dialect::Soko).await;
    let mut guest = house.owner().await;
    for (fields, said) in [
        (
            &[("mode", "test"), ("allowed", "localhost")][..],
            "“localhost” is no IP address",
        ),
        (&[("mode", "test"), ("allowed", XSS)], "&#60;script&#62;"),
        (&[("mode", "dead")], "Choose one"),
        (&[("mode", "live"), ("label", "a\u{7}b")], "One line of at most"),
        (
            &[("mode", "live"), ("public", "1"), ("allowed", "10.0.0.1")],
            "your customers’ browsers",
        ),
    ] {
        let page = guest.post("/stores/1/keys", fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        assert!(page.text.contains(said), "{said}");
        assert!(!page.text.contains(XSS));
    }
    let public = guest
        .post(
            "/stores/1/keys",
            &[("mode", "live"), ("public", "1"), ("label", XSS)],
        )
        .await;
    assert!(value(&public, "api-key").starts_with("pk_web_"));
    assert!(!public.text.contains("api-secret"));
    for path in ["/stores/1/keys", "/stores/1/keys/3"] {
        let page = guest.get(path).await;
        assert!(
            page.text.contains("&#60;script&#62;") && !page.text.contains(XSS),
            "{path}"
        );
    }
    let kept = guest
        .post("/stores/1/keys/3", &[("label", "x"), ("allowed", "10.0.0.1")])
        .await;
    assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY);
}
