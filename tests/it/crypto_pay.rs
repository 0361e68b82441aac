//! The API of Crypto Pay and USDT Payments over HTTP, as their pages tell it: a project from its first test payment to live
//! mode, and the webhooks.

mod webhooks;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::harness::daemon::{Daemon, Key, Reply};

const CREATE: &str = "/api/create-payment.php";

/// The body of the pages' example.
pub(crate) const EXAMPLE: &str = r#"{"order_id":"ORDER_12345","amount":"50.00","description":"Service payment","success_url":"https://merchant-site.com/success","fail_url":"https://merchant-site.com/fail"}"#;

/// A store of `dialect` on the page's web site, with a test key.
async fn project(dialect: &str) -> (Daemon, Key) {
    let daemon = Daemon::start("").await;
    daemon.add_store("shop", dialect);
    daemon.cli(&["store", "set", "shop", "--website", "https://merchant-site.com"]);
    let key = daemon.add_key("shop", "test");
    (daemon, key)
}

/// The hex HMAC-SHA256 that the pages sign with.
fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

pub(crate) async fn create(daemon: &Daemon, key: &Key, body: &str) -> Reply {
    let signed = signature(&key.api_secret, body.as_bytes());
    let headers = [
        ("Content-Type", "application/json"),
        ("X-API-Key", &key.api_key),
        ("X-Signature", &signed),
    ];
    daemon.send("POST", CREATE, &headers, body.to_owned()).await
}

async fn status(daemon: &Daemon, key: &Key, payment_id: &Value) -> Reply {
    let signed = signature(&key.api_secret, b"");
    let headers = [("X-API-Key", key.api_key.as_str()), ("X-Signature", &signed)];
    daemon
        .get(
            &format!("/api/payment-status.php?payment_id={payment_id}"),
            &headers,
        )
        .await
}

/// payd's own number of the payment that was made last.
fn newest(daemon: &Daemon) -> String {
    let list = daemon.cli_json(&["payment", "list", "--limit", "1"]);
    list["payments"][0]["payment_number"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_project_goes_from_its_first_test_payment_to_live_mode() {
    let (daemon, test) = project("crypto-pay").await;
    let live = daemon.add_key("shop", "live");
    assert!(test.api_key.starts_with("pk_test_") && test.api_secret.starts_with("sk_test_"));
    assert!(live.api_key.starts_with("pk_") && !live.api_key.starts_with("pk_test_"));

    let reply = create(&daemon, &test, EXAMPLE).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let body = reply.json();
    let payment = &body["payment"];
    let id = &payment["payment_id"];
    let order = [
        "payment_id",
        "order_id",
        "status",
        "amount",
        "pay_amount",
        "currency",
        "network",
        "address",
        "payment_url",
        "expires_at",
        "is_test",
    ];
    let places = order.map(|name| reply.body.find(&format!("\"{name}\":")).unwrap());
    assert!(places.is_sorted(), "{}", reply.body);
    for (name, value) in [
        ("order_id", json!("ORDER_12345")),
        ("status", json!("pending")),
        ("amount", json!("50.00")),
        ("pay_amount", json!("50.000000")),
        ("currency", json!("USDT")),
        ("network", json!("TRC20")),
        ("payment_url", json!(daemon.url(&format!("/pay/?id={id}")))),
        ("is_test", json!(true)),
    ] {
        assert_eq!(payment[name], value, "{name} in {payment}");
    }
    assert_eq!(status(&daemon, &test, id).await.body, reply.body);

    let number = newest(&daemon);
    daemon.simulate(&number, "exact");
    daemon.wait_for_status(&number, "paid").await;
    let paid = status(&daemon, &test, id).await.json()["payment"].clone();
    assert_eq!(paid["status"], "paid");
    assert!(paid["txid"].is_string() && paid["paid_at"].is_string(), "{paid}");

    let test_mode =
        "Project is currently in Test mode. Use test API credentials or switch project to Live mode.";
    let refused = create(&daemon, &live, EXAMPLE).await;
    assert_eq!(
        (refused.status, refused.json()),
        (403, json!({ "ok": false, "error": test_mode }))
    );
    daemon.cli(&["store", "set", "shop", "--mode", "live"]);
    // Live mode it is; what is missing now is an address.
    let refused = create(&daemon, &live, EXAMPLE).await;
    assert_ne!(refused.json()["error"], test_mode);
    assert_eq!(
        create(&daemon, &test, EXAMPLE).await.status,
        200,
        "test keys go on working"
    );

    daemon.cli(&["store", "set", "shop", "--disable"]);
    let disabled = json!({ "ok": false, "error": "Project is disabled." });
    for reply in [
        create(&daemon, &test, EXAMPLE).await,
        status(&daemon, &test, id).await,
    ] {
        assert_eq!((reply.status, reply.json()), (403, disabled.clone()));
    }
    daemon.cli(&["store", "set", "shop", "--enable"]);
    assert_eq!(status(&daemon, &test, id).await.status, 200);
}

#[tokio::test]
async fn a_payment_reads_the_same_way_in_another_api_of_the_store() {
    let (daemon, key) = project("crypto-pay").await;
    let made = create(&daemon, &key, EXAMPLE).await.json()["payment"].clone();
    let number = newest(&daemon);
    let read = daemon.payhook_payment(&key, &number).await;
    for (name, value) in [
        ("network", &json!("tron")),
        ("currency", &json!("usdt")),
        ("expected_crypto_amount", &made["pay_amount"]),
        ("assigned_address", &made["address"]),
        ("external_order_id", &made["order_id"]),
        ("redirect_url", &json!("https://merchant-site.com/success")),
    ] {
        assert_eq!(&read[name], value, "{name} in {read}");
    }
    let other = daemon.create_payhook_payment(&key, 5000, "tron", "usdt").await;
    assert_eq!(other["expected_crypto_amount"], "50.000000");
}

#[tokio::test]
async fn what_is_refused_says_ok_false_and_harms_nothing() {
    let (daemon, key) = project("crypto-pay").await;
    let wrong = Key {
        api_secret: "sk_test_wrong".to_owned(),
        ..key.clone()
    };
    for (key, body, status) in [
        (&wrong, EXAMPLE, 401),
        (&key, "{", 422),
        (&key, r#"{"order_id":"1","amount":"0"}"#, 422),
        (
            &key,
            r#"{"order_id":"1","amount":"1","success_url":"https://merchant-site.com@evil.com/"}"#,
            422,
        ),
    ] {
        let reply = create(&daemon, key, body).await;
        assert_eq!(
            (reply.status, &reply.json()["ok"]),
            (status, &json!(false)),
            "{reply:?}"
        );
    }
    assert_eq!(status(&daemon, &key, &json!(1)).await.status, 404);
    assert_eq!(create(&daemon, &key, EXAMPLE).await.status, 200);
    let log = daemon.log();
    assert!(!log.contains("panic") && !log.contains("ERROR"), "{log}");
    assert!(
        !log.contains(&key.api_secret) && !log.contains(&key.api_key),
        "{log}"
    );
}
