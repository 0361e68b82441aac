//! Who has no secret, over the real HTTP: nothing is made, nothing is told.

use serde_json::json;

use super::{CREATE, LIST, Shop, now_s};
use crate::harness::daemon::Key;
use crate::harness::signature::sign_soko;

const BODY: &str = r#"{"amount":"100.00","order_id":"ORDER-1"}"#;

#[tokio::test]
async fn a_request_is_taken_once_also_after_a_restart() {
    let mut shop = Shop::open().await;
    let now = now_s();
    let signature = sign_soko(&shop.key.api_secret, now, "POST", CREATE, BODY);
    let key = shop.key.clone();
    let headers = [
        ("x-api-key", key.api_key.as_str()),
        ("x-timestamp", &now.to_string()),
        ("x-signature", &signature),
    ];
    let first = shop.daemon.send("POST", CREATE, &headers, BODY).await;
    assert_eq!(first.status, 200, "{first:?}");
    for _ in 0..2 {
        let again = shop.daemon.send("POST", CREATE, &headers, BODY).await;
        assert_eq!(
            (again.status, &again.json()["success"]),
            (403, &json!(false)),
            "{again:?}"
        );
        shop.daemon.kill();
        shop.daemon.restart().await;
    }
    let all = futures_util::future::join_all((0..8).map(|_| {
        // One signature, eight times at once, of which one wins.
        let headers = headers.map(|(name, value)| (name, value.to_owned()));
        let (daemon, secret) = (&shop.daemon, &key.api_secret);
        async move {
            let body = r#"{"amount":"7"}"#;
            let signature = sign_soko(secret, now, "POST", CREATE, body);
            let headers = [
                (headers[0].0, headers[0].1.as_str()),
                (headers[1].0, headers[1].1.as_str()),
                ("x-signature", signature.as_str()),
            ];
            daemon.send("POST", CREATE, &headers, body).await.status
        }
    }))
    .await;
    assert_eq!(all.iter().filter(|status| **status == 200).count(), 1, "{all:?}");
    assert!(all.iter().all(|status| matches!(status, 200 | 403)), "{all:?}");
    let listed = shop.data("GET", LIST, "").await;
    assert_eq!(listed["pagination"]["total"], 2);
}

#[tokio::test]
async fn keys_and_secrets_do_not_mix() {
    let shop = Shop::open().await;
    let live = shop.daemon.add_key("shop", "live");
    shop.daemon.add_store("other", "soko");
    let other = shop.daemon.add_key("other", "test");
    for (what, key) in [
        ("test key, live secret", (&shop.key.api_key, &live.api_secret)),
        ("live key, test secret", (&live.api_key, &shop.key.api_secret)),
        ("another store's secret", (&shop.key.api_key, &other.api_secret)),
        ("the key for the secret", (&shop.key.api_key, &shop.key.api_key)),
    ] {
        let key = Key {
            api_key: key.0.clone(),
            api_secret: key.1.clone(),
        };
        let refused = shop.call_with(&key, "POST", CREATE, BODY).await;
        assert_eq!(
            (refused.status, &refused.json()["success"]),
            (403, &json!(false)),
            "{what}: {refused:?}"
        );
        assert!(!refused.body.contains(&key.api_secret), "{what}");
    }
    let unsigned = shop.daemon.send("POST", CREATE, &[], BODY).await;
    assert_eq!(unsigned.status, 401);
    assert!(unsigned.header("www-authenticate").is_some());
    let listed = shop.data("GET", LIST, "").await;
    assert_eq!(listed["pagination"]["total"], 0);
    // Another store's payment is none.
    let made = shop.create(BODY).await;
    let path = format!("/api/v1/payment/{}", made["payment_id"].as_str().unwrap());
    assert_eq!(shop.call_with(&other, "GET", &path, "").await.status, 404);
    let log = shop.daemon.log();
    for secret in [
        &shop.key.api_secret,
        &live.api_secret,
        &other.api_secret,
        &shop.endpoint.secret,
    ] {
        assert!(!log.contains(secret.as_str()));
    }
}
