//! What each API and the pages say while nothing can be recorded: their own words for "try again", and what there is to read.

use serde_json::{Value, json};

use super::{ask_for_payment, shop};
use crate::harness::daemon::{Daemon, Key, Reply};
use crate::harness::signature::sign_soko;
use crate::harness::wait_until;
use crate::{crypto_pay, cryptopayment};

fn now_s() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.expect("a clock after 1970").as_secs()
}

async fn soko(daemon: &Daemon, key: &Key, method: &str, path: &str, body: &str) -> Reply {
    let now = now_s();
    let headers = [
        ("content-type", "application/json"),
        ("x-api-key", &*key.api_key),
        ("x-timestamp", &now.to_string()),
        (
            "x-signature",
            &sign_soko(&key.api_secret, now, method, path, body),
        ),
    ];
    daemon.send(method, path, &headers, body.to_owned()).await
}

/// It says 503 and when to come back, in JSON, and nothing of databases.
fn is_put_off(reply: &Reply) -> Value {
    assert_eq!(reply.status, 503, "{reply:?}");
    let seconds: u32 = reply
        .header("retry-after")
        .expect("when")
        .parse()
        .expect("seconds");
    assert!((1..=300).contains(&seconds), "{reply:?}");
    for word in ["SQL", "sqlite", "disk I/O", "payd.key"] {
        assert!(!reply.body.contains(word), "{reply:?}");
    }
    reply.json()
}

#[tokio::test]
async fn every_api_puts_its_callers_off_in_its_own_words_and_makes_nothing_of_it() {
    let (daemon, payhook) = shop().await;
    let add = |name: &str, dialect: &str| {
        daemon.add_store(name, dialect);
        daemon.add_key(name, "test")
    };
    let (of_soko, of_crypto_pay, of_cryptopayment) = (
        add("soko", "soko"),
        add("project", "crypto-pay"),
        add("system", "cryptopayment"),
    );
    daemon.cli(&[
        "store",
        "set",
        "project",
        "--website",
        "https://merchant-site.com",
    ]);
    daemon.cli(&["donation", "set", "soko", "--on"]);
    // Two of one second must differ: a signature is good once.
    let order = |id: &str| {
        json!({ "fiat_amount": "25.99", "fiat_currency": "USD", "currency": "USDT_TRC20", "order_id": id })
            .to_string()
    };
    let soko_create = "/api/v1/payment/create";
    let made = soko(&daemon, &of_soko, "POST", soko_create, &order("first")).await;
    assert_eq!(made.status, 200, "{made:?}");
    let id = made.json()["data"]["payment_id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let count = || {
        daemon.cli_json(&["payment", "list"])["payments"]
            .as_array()
            .unwrap()
            .len()
    };

    daemon.limit_file_bytes("65536");
    wait_until("a payment that is refused", || async {
        (ask_for_payment(&daemon, &payhook, "full").await.status == 503).then_some(())
    })
    .await;
    let before = count();
    let payhooks = is_put_off(&ask_for_payment(&daemon, &payhook, "full").await);
    assert_eq!(payhooks["code"], "storage_unavailable");
    let sokos = is_put_off(&soko(&daemon, &of_soko, "POST", soko_create, &order("full")).await);
    assert_eq!(sokos["success"], false, "{sokos}");
    let projects = crypto_pay::create(&daemon, &of_crypto_pay, crypto_pay::EXAMPLE).await;
    assert_eq!(is_put_off(&projects)["ok"], false, "{projects:?}");
    let invoice = json!({ "network": "trc20", "amount_usd": 50.00, "order_id": "full" });
    let systems = cryptopayment::create(&daemon, &of_cryptopayment, &invoice).await;
    assert!(is_put_off(&systems)["error"].is_string(), "{systems:?}");
    let gift = json!({ "api_key": of_soko.api_key, "fiat_amount": 10, "currency": "USDT_TRC20" });
    let gifts = daemon.post("/donate/create", &[], &gift).await;
    is_put_off(&gifts);
    assert_eq!(count(), before);

    // What there is can be read, by its merchant and by its customer.
    let status = soko(&daemon, &of_soko, "GET", &format!("/api/v1/payment/{id}"), "").await;
    assert_eq!(status.json()["data"]["status"], "pending", "{status:?}");
    assert_eq!(daemon.get(&format!("/pay/{id}"), &[]).await.status, 200);

    daemon.limit_file_bytes("unlimited");
    wait_until("payd to go on", || async {
        (daemon.readiness().await.0 == 200).then_some(())
    })
    .await;
    assert_eq!(
        soko(&daemon, &of_soko, "POST", soko_create, &order("full"))
            .await
            .status,
        200
    );
    let projects = crypto_pay::create(&daemon, &of_crypto_pay, crypto_pay::EXAMPLE).await;
    assert_eq!(projects.status, 200, "{projects:?}");
    let systems = cryptopayment::create(&daemon, &of_cryptopayment, &invoice).await;
    assert_eq!(systems.status, 201, "{systems:?}");
}
