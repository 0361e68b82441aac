//! CryptoPayment's API over HTTP with the daemon in test mode: from the invoice to the webhook of its key. The page's own
//! programs run in `samples`.

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::harness::daemon::{Daemon, Key, Reply};
use crate::harness::receiver::{Received, Receiver};
use crate::harness::wait_until;

const INVOICES: &str = "/api/v1/invoices";

/// A test key and the endpoint of its payments.
struct System {
    key_id: String,
    key: Key,
    path: &'static str,
    app_key: String,
}

fn key_of(made: &Value) -> Key {
    let text = |field: &str| made[field].as_str().unwrap().to_owned();
    Key {
        api_key: text("api_key"),
        api_secret: text("api_secret"),
    }
}

/// Each key of a merchant has a URL of its own, as the page says.
fn add_system(daemon: &Daemon, receiver: &Receiver, path: &'static str) -> System {
    let made = daemon.cli_json(&["key", "add", "--store", "shop", "--mode", "test"]);
    let key_id = made["key_id"].to_string();
    let url = receiver.url(path);
    let add = [
        "webhook", "add", "--store", "shop", "--url", &url, "--key", &key_id,
    ];
    let added = daemon.cli_json(&add);
    assert_eq!(added["format"], "cryptopayment");
    System {
        key: key_of(&made),
        app_key: added["secret"].as_str().unwrap().to_owned(),
        key_id,
        path,
    }
}

fn authorization(key: &Key) -> String {
    format!("Bearer {}:{}", key.api_key, key.api_secret)
}

pub(crate) async fn create(daemon: &Daemon, key: &Key, body: &Value) -> Reply {
    let headers = [("authorization", authorization(key))];
    daemon
        .post(INVOICES, &[("authorization", &headers[0].1)], body)
        .await
}

async fn invoice(daemon: &Daemon, key: &Key, order: &str) -> Value {
    let body = json!({ "network": "trc20", "amount_usd": 50.00, "order_id": order });
    let reply = create(daemon, key, &body).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    reply.json()
}

/// Has the customer pay exactly, on the page that the invoice leads to.
async fn pay(daemon: &Daemon, invoice: &Value) {
    let url = invoice["checkout_url"].as_str().unwrap();
    let path = format!("{}/simulate", url.strip_prefix(&daemon.url("")).unwrap());
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let reply = daemon.send("POST", &path, &form, "scenario=exact").await;
    assert!(reply.status < 400, "{reply:?}");
}

fn is_event(request: &Received, event: &str, order: &str) -> bool {
    let body = request.json();
    body["event"] == event && body["order_id"] == order
}

/// The page's check, computed by OpenSSL.
fn assert_signed(request: &Received, app_key: &str) {
    let body = request.json();
    let text = |field: &str| body[field].as_str().unwrap().to_owned();
    let key = format!("hexkey:{}", hex::encode(STANDARD.decode(app_key).unwrap()));
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("signed");
    std::fs::write(&file, format!("{}.{}", text("invoice_id"), text("event"))).unwrap();
    let output = Command::new("openssl")
        .args(["dgst", "-sha256", "-r", "-mac", "HMAC", "-macopt", &key])
        .arg(&file)
        .output()
        .expect("openssl");
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(
        printed.split(' ').next(),
        Some(text("signature").as_str()),
        "{body}"
    );
}

#[tokio::test]
async fn an_invoice_is_paid_and_the_url_of_its_key_alone_is_told_detected_and_confirmed() {
    let daemon = Daemon::start("").await;
    daemon.add_store("shop", "cryptopayment");
    let receiver = Receiver::start().await;
    let (one, two) = (
        add_system(&daemon, &receiver, "/one"),
        add_system(&daemon, &receiver, "/two"),
    );
    assert_ne!(one.app_key, two.app_key);
    let (first, second) = (
        invoice(&daemon, &one.key, "ORD-1").await,
        invoice(&daemon, &two.key, "ORD-2").await,
    );
    pay(&daemon, &first).await;
    pay(&daemon, &second).await;
    for (system, invoice, order) in [(&one, &first, "ORD-1"), (&two, &second, "ORD-2")] {
        for (event, status) in [
            ("payment.detected", "confirming"),
            ("payment.confirmed", "confirmed"),
        ] {
            let told = receiver
                .wait_for_matching(1, |request| is_event(request, event, order))
                .await;
            assert_eq!(told[0].path, system.path);
            assert_eq!(told[0].header("content-type"), Some("application/json"));
            assert_signed(&told[0], &system.app_key);
            let body = told[0].json();
            assert_eq!(body["invoice_id"], invoice["invoice"]["id"]);
            assert_eq!(
                (&body["status"], &body["address"]),
                (&json!(status), &invoice["invoice"]["address"])
            );
            let text = String::from_utf8_lossy(&told[0].body).into_owned();
            let amounts = r#""amount_usd":50.00,"amount_crypto":50.00,"paid_amount":50.00,"txid":""#;
            assert!(text.contains(amounts), "{text}");
        }
    }
    for request in receiver.received() {
        let order = if request.path == "/one" { "ORD-1" } else { "ORD-2" };
        assert_eq!(request.json()["order_id"], order, "{request:?}");
    }

    // A replay has the same bytes.
    let number = payment_number(&daemon, &first);
    let deliveries = daemon.payment(&number)["deliveries"].clone();
    let last = deliveries.as_array().unwrap().last().unwrap()["delivery_id"].to_string();
    daemon.cli(&["webhook", "replay", &last]);
    let both = receiver
        .wait_for_matching(2, |request| is_event(request, "payment.confirmed", "ORD-1"))
        .await;
    assert_eq!(both[0].body, both[1].body);

    let path = format!("{INVOICES}/{}", first["invoice"]["id"].as_str().unwrap());
    let asked = daemon
        .get(&path, &[("Authorization", &authorization(&one.key))])
        .await;
    assert_eq!(asked.json()["invoice"]["status"], "confirmed");
    assert!(asked.body.contains(r#""paid_amount":50.00"#), "{asked:?}");
}

fn payment_number(daemon: &Daemon, made: &Value) -> String {
    let listed = daemon.cli_json(&["payment", "list", "--store", "shop"]);
    let wanted = &made["invoice"]["address"];
    let payments = listed["payments"].as_array().unwrap();
    let found = payments.iter().find(|payment| &payment["address"] == wanted);
    found.unwrap_or_else(|| panic!("no payment to {wanted} in {listed}"))["payment_number"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn the_url_of_a_key_goes_on_with_the_key_that_takes_its_place_and_with_the_app_key_it_had() {
    let daemon = Daemon::start("").await;
    daemon.add_store("shop", "cryptopayment");
    let receiver = Receiver::start().await;
    let system = add_system(&daemon, &receiver, "/one");
    add_system(&daemon, &receiver, "/two");
    let underway = invoice(&daemon, &system.key, "ORD-OLD").await;
    let new = key_of(&daemon.cli_json(&["key", "rotate", &system.key_id]));
    let refused = create(
        &daemon,
        &system.key,
        &json!({ "network": "trc20", "amount_usd": 50 }),
    )
    .await;
    assert_eq!(
        (refused.status, refused.header("www-authenticate")),
        (401, Some("Bearer realm=\"payd\""))
    );
    let after = invoice(&daemon, &new, "ORD-NEW").await;
    pay(&daemon, &underway).await;
    pay(&daemon, &after).await;
    let secret = daemon.cli_json(&["webhook", "secret", "1"])["secret"].clone();
    assert_eq!(secret, json!(system.app_key));
    for order in ["ORD-OLD", "ORD-NEW"] {
        let told = receiver
            .wait_for_matching(1, |request| is_event(request, "payment.confirmed", order))
            .await;
        assert_eq!(told[0].path, "/one");
        assert_signed(&told[0], &system.app_key);
    }
    assert!(receiver.received().iter().all(|request| request.path == "/one"));
}

#[tokio::test]
async fn a_payment_made_by_another_api_reads_right_and_the_other_way_round() {
    let daemon = Daemon::start("").await;
    daemon.add_store("shop", "cryptopayment");
    let key = daemon.add_key("shop", "test");
    let authorization = authorization(&key);
    let headers = [("authorization", authorization.as_str())];
    let theirs = daemon.create_payhook_payment(&key, 10_014, "bsc", "usdt").await;
    let list = daemon.get(INVOICES, &headers).await;
    let invoice = list.json()["invoices"][0].clone();
    assert_eq!(
        (&invoice["network"], &invoice["address"]),
        (&json!("bep20"), &theirs["assigned_address"])
    );
    assert!(
        list.body
            .contains(r#""amount_usd":100.14,"amount_crypto":100.14,"#),
        "{list:?}"
    );
    let meta = r#""meta":{"current_page":1,"last_page":1,"per_page":20,"total":1}}"#;
    assert!(list.body.ends_with(meta), "{list:?}");

    let ours = invoice_by(&daemon, &key, "btc").await;
    let number = payment_number(&daemon, &ours);
    let seen = daemon.payhook_payment(&key, &number).await;
    assert_eq!(
        (
            &seen["assigned_address"],
            &seen["amount_usd_cents"],
            &seen["network"]
        ),
        (&ours["invoice"]["address"], &json!(5000), &json!("bitcoin"))
    );
    wait_until("a page of the invoice", || async {
        let url = ours["checkout_url"].as_str()?;
        let page = daemon.get(url.strip_prefix(&daemon.url(""))?, &[]).await;
        let address = ours["invoice"]["address"].as_str()?;
        (page.status == 200 && page.body.contains(address)).then_some(())
    })
    .await;
}

async fn invoice_by(daemon: &Daemon, key: &Key, network: &str) -> Value {
    let reply = create(daemon, key, &json!({ "network": network, "amount_usd": "50.00" })).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    reply.json()
}

#[tokio::test]
async fn who_is_refused_over_http_is_told_so_in_the_pages_shape_and_payd_is_unharmed() {
    let daemon = Daemon::start("").await;
    daemon.add_store("shop", "cryptopayment");
    let key = daemon.add_key("shop", "test");
    let live = daemon.add_key("shop", "live");
    let good = authorization(&key);
    let mixed = format!("Bearer {}:{}", key.api_key, live.api_secret);
    let body = json!({ "network": "trc20", "amount_usd": 50 });
    for headers in [
        vec![],
        vec![("authorization", mixed.as_str())],
        vec![("authorization", good.as_str()), ("authorization", good.as_str())],
        vec![("authorization", "Bearer é:é")],
        vec![("x-api-key", key.api_key.as_str())],
    ] {
        let refused = daemon.post(INVOICES, &headers, &body).await;
        assert_eq!(
            (refused.status, &refused.json()["success"]),
            (401, &json!(false)),
            "{headers:?}"
        );
    }
    let headers = [("authorization", good.as_str())];
    for (method, path, sent, status) in [
        ("POST", INVOICES, "{", 422),
        ("POST", INVOICES, r#"{"network":"trc20","amount_usd":0.5}"#, 422),
        (
            "GET",
            "/api/v1/invoices/550e8400-e29b-41d4-a716-446655440000",
            "",
            404,
        ),
        ("GET", "/api/v1/invoices?page=x", "", 422),
        ("POST", "/api/v1/withdrawals", r#"{"coin":"BTC"}"#, 501),
        ("PATCH", INVOICES, "", 405),
    ] {
        let refused = daemon.send(method, path, &headers, sent).await;
        assert_eq!(
            (refused.status, &refused.json()["success"]),
            (status, &json!(false)),
            "{method} {path}"
        );
        assert!(
            refused.json()["error"]
                .as_str()
                .is_some_and(|error| !error.is_empty())
        );
    }
    let balances = daemon.get("/api/v1/balances", &headers).await;
    assert_eq!(
        balances.body,
        r#"{"success":true,"balances":{"USDT-TRC20":{"available":0,"pending":0}}}"#
    );
    assert_eq!(create(&daemon, &key, &body).await.status, 201);
    let log = daemon.log();
    assert!(!log.contains("panic") && !log.contains("ERROR"), "{log}");
    assert!(
        !log.contains(&key.api_secret) && !log.contains(&key.api_key),
        "{log}"
    );
}
