//! Every row of the page's table of errors, and fields that are wrong.

use serde_json::{Value, json};

use super::{PAYMENTS, assert_refusal, assert_unharmed, create, example, shop};
use crate::harness::anvil::{Anvil, Mining};
use crate::harness::daemon::{Daemon, Key};

/// A daemon with a live network whose only node is a real one of the test's own.
async fn live() -> (Daemon, Anvil) {
    let node = Anvil::start(56, Mining::OnDemand).await;
    node.mine(3).await;
    let usdt = node.deploy_token("USDT", 18).await;
    let config = format!(
        "[rates.fixed.usd]\nUSDT = \"1\"\n[networks.bsc]\nverify = \"none\"\n\
         [networks.bsc.tokens.usdt]\ncontract = \"{}\"\ndecimals = 18\n\
         [networks.bsc.tokens.usdc]\nenabled = false\n[networks.bsc.tokens.busd]\nenabled = false\n\
         [[networks.bsc.providers]]\nurl = \"{}\"\n",
        usdt.address,
        node.url()
    );
    (Daemon::start(&config).await, node)
}

#[tokio::test]
async fn a_live_payment_without_an_address_and_one_too_many_are_refused_by_the_pages_codes() {
    let (daemon, _node) = live().await;
    daemon.add_store("shop", "payhook");
    let key = daemon.add_key("shop", "live");

    let none = create(&daemon, &key, &example()).await;
    assert_refusal("no address", &none, 400..=400);
    assert_eq!(none.json()["code"], "NoAddressConfiguredError");
    let mut tron = example();
    tron["network"] = json!("tron");
    let unwatched = create(&daemon, &key, &tron).await;
    assert_refusal("not watched", &unwatched, 400..=400);
    assert_eq!(unwatched.json()["code"], "NoAddressConfiguredError");

    daemon.add_addresses("shop", "bsc", &["0x742d35Cc6634C0532925a3b844Bc454e4438f44e"]);
    let taken = create(&daemon, &key, &example()).await;
    assert_eq!(taken.status, 201, "{taken:?}");
    assert_eq!(
        taken.json()["assigned_address"],
        "0x742d35Cc6634C0532925a3b844Bc454e4438f44e"
    );
    let held = create(&daemon, &key, &example()).await;
    assert_refusal("all held", &held, 503..=503);
    assert_eq!(held.json()["code"], "all_addresses_held");
    assert!(held.header("retry-after").is_some(), "{held:?}");
}

/// An order that was tried with the test key must be paid for when it comes with the live one.
#[tokio::test]
async fn a_live_key_is_never_answered_with_a_test_payment() {
    let (daemon, _node) = live().await;
    daemon.add_store("shop", "payhook");
    daemon.add_addresses("shop", "bsc", &["0x742d35Cc6634C0532925a3b844Bc454e4438f44e"]);
    let (test, live) = (daemon.add_key("shop", "test"), daemon.add_key("shop", "live"));
    let send = async |key: &Key| {
        let headers = [
            ("x-api-key", key.api_key.as_str()),
            ("idempotency-key", "order-9837"),
        ];
        daemon.post(PAYMENTS, &headers, &example()).await
    };
    let (tried, meant) = (send(&test).await, send(&live).await);
    assert_eq!((tried.status, meant.status), (201, 201), "{meant:?}");
    assert_eq!(
        meant.json()["assigned_address"],
        "0x742d35Cc6634C0532925a3b844Bc454e4438f44e"
    );
    let number = tried.json()["payment_number"].as_str().unwrap().to_owned();
    let asked = daemon
        .get(&format!("{PAYMENTS}{number}/"), &[("x-api-key", &live.api_key)])
        .await;
    assert_refusal("a test payment with a live key", &asked, 404..=404);
}

#[tokio::test]
async fn who_tries_keys_is_told_to_wait_unless_limits_are_switched_off() {
    for (config, is_limited) in [("", true), ("[limits]\nenabled = false\n", false)] {
        let daemon = Daemon::start(config).await;
        let mut refused = 0;
        // Many more than the bucket holds: while they are sent, it fills again a little.
        for attempt in 0..60 {
            let key = format!("pk_{attempt}");
            let reply = daemon
                .get(&format!("{PAYMENTS}PAY-2026-999999/"), &[("x-api-key", &key)])
                .await;
            if reply.status == 429 {
                assert_refusal("too many keys", &reply, 429..=429);
                assert_eq!(reply.json()["code"], "rate_limited");
                assert!(matches!(reply.header("retry-after"), Some("1" | "2" | "3")));
                assert!(attempt >= 20);
                refused += 1;
            } else {
                assert_eq!(reply.status, 401);
            }
        }
        assert_eq!(refused > 0, is_limited, "{refused}");
    }
}

#[tokio::test]
async fn a_key_that_is_missing_wrong_revoked_or_rotated_is_401_everywhere() {
    let (daemon, key) = shop().await;
    let number = create(&daemon, &key, &example()).await.json()["payment_number"]
        .as_str()
        .unwrap()
        .to_owned();
    let revoked = daemon.cli_json(&["key", "add", "--store", "shop", "--mode", "test"]);
    let rotated = daemon.cli_json(&["key", "add", "--store", "shop", "--mode", "test"]);
    let text = |value: &Value, field: &str| value[field].as_str().unwrap().to_owned();
    let id = |key: &Value| key["key_id"].to_string();
    let works = async |key: &str| {
        daemon
            .get(&format!("{PAYMENTS}{number}/"), &[("x-api-key", key)])
            .await
            .status
    };
    assert_eq!(
        (
            works(&text(&revoked, "api_key")).await,
            works(&text(&rotated, "api_key")).await
        ),
        (200, 200)
    );
    daemon.cli(&["key", "revoke", &id(&revoked)]);
    let fresh = daemon.cli_json(&["key", "rotate", &id(&rotated)]);
    assert_eq!(works(&text(&fresh, "api_key")).await, 200);

    let long = format!("pk_{}", "a".repeat(4000));
    let one_off = format!("{}0", &key.api_key[..key.api_key.len() - 1]);
    let one_off = if one_off == key.api_key {
        one_off.replace("pk_", "pk_0")
    } else {
        one_off
    };
    let keys = [
        None,
        Some(String::new()),
        Some("pk_".to_owned()),
        Some(long),
        Some(key.api_secret.clone()),
        Some(one_off),
        Some(key.api_key.to_uppercase()),
        Some("' OR 1=1 --".to_owned()),
        Some("*".to_owned()),
        Some(text(&revoked, "api_key")),
        Some(text(&rotated, "api_key")),
    ];
    for (client, wrong) in keys.into_iter().enumerate() {
        // Each from an address of its own: who tries many keys is soon refused for that.
        let client = format!("198.51.100.{client}");
        let mut headers = vec![("x-forwarded-for", client.as_str())];
        headers.extend(wrong.iter().map(|key| ("x-api-key", key.as_str())));
        let calls = [
            ("POST", PAYMENTS.to_owned()),
            ("GET", format!("{PAYMENTS}{number}/")),
            ("GET", format!("{PAYMENTS}PAY-2026-999999/")),
            ("POST", format!("{PAYMENTS}{number}/cancel/")),
        ];
        for (method, path) in calls {
            let reply = daemon.send(method, &path, &headers, "not even json").await;
            assert_refusal(&format!("{method} {path} with {wrong:?}"), &reply, 401..=401);
        }
    }
    let twice = [
        ("x-api-key", key.api_key.as_str()),
        ("x-api-key", key.api_key.as_str()),
    ];
    assert_refusal(
        "two keys",
        &daemon.get(&format!("{PAYMENTS}{number}/"), &twice).await,
        401..=401,
    );
    let still = daemon
        .get(&format!("{PAYMENTS}{number}/"), &[("x-api-key", &key.api_key)])
        .await;
    assert_eq!(still.json()["status"], "pending", "no refused call cancelled it");
    assert_unharmed(&daemon, &key).await;
}

#[tokio::test]
async fn another_stores_payment_and_one_that_is_not_there_look_the_same() {
    let (daemon, key) = shop().await;
    daemon.add_store("other", "payhook");
    let other = daemon.add_key("other", "test");
    let theirs = create(&daemon, &other, &example()).await.json();
    let headers = [("x-api-key", key.api_key.as_str())];
    let theirs = theirs["payment_number"].as_str().unwrap();
    let foreign = daemon.get(&format!("{PAYMENTS}{theirs}/"), &headers).await;
    let absent = daemon.get(&format!("{PAYMENTS}PAY-2026-999999/"), &headers).await;
    assert_refusal("another store's", &foreign, 404..=404);
    assert_eq!((foreign.status, &foreign.body), (absent.status, &absent.body));
    let cancel = daemon
        .post(&format!("{PAYMENTS}{theirs}/cancel/"), &headers, &json!({}))
        .await;
    assert_refusal("cancelling another store's", &cancel, 404..=404);
    let still = daemon
        .get(&format!("{PAYMENTS}{theirs}/"), &[("x-api-key", &other.api_key)])
        .await;
    assert_eq!(still.json()["status"], "pending");
}

#[tokio::test]
async fn a_field_that_is_wrong_is_named() {
    let (daemon, key) = shop().await;
    let cases: &[(&str, &[Value])] = &[
        (
            "amount_usd_cents",
            &[
                json!(null),
                json!(0),
                json!(-1),
                json!(-5000),
                json!(50.5),
                json!(5e3),
                json!("5000"),
                json!(true),
                json!([5000]),
                json!({}),
                json!(10_000_000_001u64),
                json!(u64::MAX),
                json!(i64::MIN),
                json!(""),
            ],
        ),
        (
            "network",
            &[
                json!(null),
                json!(""),
                json!("bsC "),
                json!("dogecoin"),
                json!(56),
                json!(["bsc"]),
                json!("test-bsc"),
                json!("../bsc"),
                json!("b".repeat(5000)),
                json!("\u{0}"),
                json!("'; DROP TABLE payments; --"),
            ],
        ),
        (
            "currency",
            &[
                json!(null),
                json!(""),
                json!("doge"),
                json!(1),
                json!({"a": 1}),
                json!("usdt\u{0}"),
            ],
        ),
        (
            "external_order_id",
            &[
                json!(5),
                json!({}),
                json!(["a"]),
                json!("a\u{0}b"),
                json!("a\nb"),
                json!("x".repeat(256)),
            ],
        ),
        (
            "customer_email",
            &[
                json!(5),
                json!("jo"),
                json!("jo@"),
                json!("a@b\r\nBcc: c@d.e"),
                json!("x".repeat(400)),
            ],
        ),
        (
            "redirect_url",
            &[
                json!(5),
                json!("javascript:alert(1)"),
                json!("/thanks"),
                json!("data:text/html,x"),
                json!("ftp://a.b"),
                json!("https://"),
                json!(format!("https://a.b/{}", "x".repeat(3000))),
            ],
        ),
        (
            "metadata",
            &[
                json!(5),
                json!("x"),
                json!([1]),
                json!({"a": "x".repeat(17_000)}),
                nested(200),
            ],
        ),
    ];
    for (field, values) in cases {
        for value in *values {
            let mut body = example();
            body[*field] = value.clone();
            let reply = create(&daemon, &key, &body).await;
            let what = format!(
                "{field}: {}",
                &value.to_string().chars().take(60).collect::<String>()
            );
            assert_refusal(&what, &reply, 400..=400);
            let errors = reply.json()["errors"].as_object().cloned().unwrap_or_default();
            let is_named = errors.contains_key(*field) || errors.contains_key("non_field_errors");
            assert!(is_named && errors.len() == 1, "{what}: {reply:?}");
        }
    }
    let reply = create(&daemon, &key, &json!({})).await;
    let missing: Vec<String> = reply.json()["errors"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(missing, ["amount_usd_cents", "currency", "network"]);
    assert_unharmed(&daemon, &key).await;
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(json!(1), |inner, _| json!({ "a": inner }))
}
