//! Ways to receive, over HTTP and on the command line: a shared address with a queue, an account, a crash between.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::daemon::{Daemon, Key};
use crate::harness::wait_until;

const SHARED: &str = "0x52908400098527886E0F7030069857D2E4169EE7";

/// Test vector 1 of BIP-32, the chain m/0H/1/2H: an account by its depth.
const ACCOUNT: &str = "xpub6D4BDPcP2GT577Vvch3R8wDkScZWzQzMMUm3PWbmWvVJrZwQY4VUNgqFJPMM3No2dFDFGTsxxpG5uJh7n7epu4trkrX7x7DogT5Uv6fcLW5";

/// A store with a test key, whose amounts rest no longer than they have to.
async fn shop() -> (Daemon, Key) {
    let daemon = Daemon::start("").await;
    daemon.cli(&["store", "add", "shop", "--cool-down", "0s"]);
    let key = daemon.add_key("shop", "test");
    (daemon, key)
}

async fn create(daemon: &Daemon, key: &Key) -> Value {
    let body = json!({ "amount_usd_cents": 5000, "network": "bsc", "currency": "usdt" });
    let made = daemon
        .post("/api/v1/payments/", &[("x-api-key", &key.api_key)], &body)
        .await;
    assert_eq!(made.status, 201, "{made:?}");
    made.json()
}

async fn retrieve(daemon: &Daemon, key: &Key, payment: &Value) -> Value {
    daemon.payhook_payment(key, number(payment)).await
}

fn number(payment: &Value) -> &str {
    payment["payment_number"].as_str().unwrap()
}

async fn checkout(daemon: &Daemon, payment: &Value) -> String {
    let path = format!("/pay/{}", payment["payment_token"].as_str().unwrap());
    daemon.get(&path, &[]).await.body
}

#[tokio::test]
async fn the_second_payment_of_one_amount_waits_for_the_first_and_is_asked_for_by_itself() {
    let (daemon, key) = shop().await;
    daemon.cli(&[
        "wallet", "set", "shop", "test-bsc", "shared", SHARED, "--slots", "1",
    ]);
    let (first, second) = (create(&daemon, &key).await, create(&daemon, &key).await);
    assert_eq!(
        (&first["assigned_address"], &first["expected_crypto_amount"]),
        (&json!(SHARED), &json!("50.000000"))
    );
    assert_eq!(
        (
            &second["status"],
            &second["assigned_address"],
            &second["expected_crypto_amount"]
        ),
        (&json!("pending"), &json!(""), &json!(""))
    );
    assert_eq!(daemon.payment(number(&second))["status"], "queued");
    let page = checkout(&daemon, &second).await;
    assert!(page.contains("please do not send anything yet"), "{page}");
    assert!(!page.contains(SHARED) && !page.contains("class=\"qr\""), "{page}");
    let refused = daemon.try_cli(&["payment", "simulate", number(&second), "exact"]);
    assert!(
        !refused.status.success(),
        "there is nothing to pay yet: {refused:?}"
    );

    daemon.simulate(number(&first), "exact");
    daemon.wait_for_status(number(&first), "paid").await;
    let asked = wait_until("the second payment to be asked for", || async {
        let now = retrieve(&daemon, &key, &second).await;
        (now["assigned_address"] == SHARED).then_some(now)
    })
    .await;
    assert_eq!(asked["expected_crypto_amount"], "50.000000");
    assert!(checkout(&daemon, &second).await.contains("class=\"qr\""));
    daemon.simulate(number(&second), "exact");
    daemon.wait_for_status(number(&second), "paid").await;
    let shown = daemon.payment(number(&first));
    assert_eq!(
        shown["received"], "50.000000",
        "nothing of the second was taken for the first"
    );
    assert!(!daemon.log().contains("ERROR"), "{}", daemon.log());
}

#[tokio::test]
async fn children_of_an_account_are_never_given_out_twice_also_after_a_crash() {
    let (mut daemon, key) = shop().await;
    daemon.cli(&["wallet", "set", "shop", "test-bsc", "xpub", ACCOUNT]);
    let mut given = BTreeSet::new();
    for _ in 0..3 {
        let made = futures_util::future::join_all((0..8).map(|_| create(&daemon, &key))).await;
        for payment in &made {
            let address = payment["assigned_address"].as_str().unwrap().to_owned();
            assert!(given.insert(address), "{payment}");
        }
        daemon.simulate(number(&made[0]), "exact");
        daemon.kill();
        daemon.restart().await;
        daemon.wait_for_status(number(&made[0]), "paid").await;
    }
    let exported = daemon.cli(&["wallet", "export", "shop", "test-bsc"]);
    assert_eq!(exported.lines().count(), 25, "{exported}");
    assert!(given.iter().all(|address| exported.contains(address.as_str())));
    let shown = daemon.cli_json(&["wallet", "show", "shop", "test-bsc"]);
    assert_eq!(shown["wallet"]["next_index"], 24);
}

#[tokio::test]
async fn a_wallet_that_is_changed_while_payd_runs_counts_from_the_next_payment_on() {
    let (daemon, key) = shop().await;
    let from_pool = create(&daemon, &key).await;
    daemon.cli(&["wallet", "set", "shop", "test-bsc", "shared", SHARED]);
    assert_eq!(create(&daemon, &key).await["assigned_address"], SHARED);
    assert_eq!(create(&daemon, &key).await["expected_crypto_amount"], "50.010000");
    daemon.simulate(number(&from_pool), "exact");
    daemon.wait_for_status(number(&from_pool), "paid").await;
}
