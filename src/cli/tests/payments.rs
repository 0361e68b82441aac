//! `payd webhook` and `payd payment`, called as the shell calls them.

use super::{ONE, Shell};
use crate::cli::session::remember_address;

#[tokio::test]
async fn an_endpoint_gets_its_formats_events_and_a_secret_that_is_shown_once() {
    let shell = Shell::with_store().await;
    let add = [
        "webhook",
        "add",
        "--store",
        "shop",
        "--url",
        "http://127.0.0.1:9/h",
        "--format",
        "payhook",
    ];
    let made = shell.run(&add).await;
    assert_eq!(made["endpoint_id"], 1);
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.len() == 64 && secret.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!(made["events"][0], "payment.confirmed");
    let standard = [
        "webhook",
        "add",
        "--store",
        "shop",
        "--url",
        "https://shop.example/h",
        "--format",
        "standard",
    ];
    let standard = shell.run(&standard).await;
    assert!(standard["secret"].as_str().unwrap().starts_with("whsec_"));
    let list = shell.run(&["webhook", "list"]).await;
    assert_eq!(list["endpoints"].as_array().unwrap().len(), 2);
    assert!(!list.to_string().contains(secret));
}

#[tokio::test]
async fn an_endpoint_that_must_not_be_posted_to_is_refused_without_repeating_its_password() {
    let shell = Shell::with_store().await;
    for url in [
        "http://169.254.169.254/",
        "ftp://shop.example/",
        "http://u:hunter2@shop.example/",
        "shop.example",
    ] {
        let error = shell
            .try_run(&["webhook", "add", "--store", "shop", "--url", url])
            .await
            .unwrap_err();
        assert!(!format!("{error:#}").contains("hunter2"));
    }
    assert_eq!(
        shell.run(&["webhook", "list"]).await["endpoints"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
}

#[tokio::test]
async fn a_test_payment_can_be_made_at_once_on_every_simulated_network_and_is_shown_and_cancelled() {
    let shell = Shell::with_store().await;
    for network in ["bitcoin", "litecoin", "ethereum", "bsc", "tron"] {
        let create = [
            "payment",
            "create",
            "--store",
            "shop",
            "--amount",
            "50.00",
            "--network",
            network,
        ];
        let made = shell
            .run(&[&create[..], &["--currency", "native"]].concat())
            .await;
        assert_eq!(made["status"], "pending", "{network}");
        assert_eq!(made["mode"], "test");
        assert_eq!(made["events"][0]["event"], "payment.created");
    }
    let list = shell.run(&["payment", "list", "--limit", "2"]).await;
    assert_eq!(list["is_more"], true);
    let last = list["payments"][1]["payment_number"].as_str().unwrap();
    let rest = shell.run(&["payment", "list", "--before", last]).await;
    assert_eq!(rest["payments"].as_array().unwrap().len(), 3);

    let token = list["payments"][0]["payment_token"].as_str().unwrap();
    let shown = shell.run(&["payment", "show", token]).await;
    assert_eq!(shown["payment_number"], list["payments"][0]["payment_number"]);
    let number = shown["payment_number"].as_str().unwrap().to_lowercase();
    assert_eq!(
        shell.run(&["payment", "cancel", &number]).await["status"],
        "cancelled"
    );
    assert!(
        shell
            .refused(&["payment", "cancel", &number])
            .await
            .contains("no longer be cancelled")
    );
    assert_eq!(
        shell.run(&["payment", "list", "--status", "cancelled"]).await["payments"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_live_payment_on_a_network_nobody_watches_is_refused() {
    let shell = Shell::with_store().await;
    shell
        .run(&["address", "add", "--store", "shop", "--network", "bsc", ONE])
        .await;
    let create = "payment create --store shop --amount 5 --network bsc --currency usdt --mode live";
    let refused = shell.refused(&create.split(' ').collect::<Vec<_>>()).await;
    assert!(refused.contains("not watched"), "{refused}");
}

#[tokio::test]
async fn a_replay_is_a_new_delivery_of_the_same_event() {
    let shell = Shell::with_store().await;
    let add = "webhook add --store shop --url http://127.0.0.1:9/h --events payment.cancelled";
    shell.run(&add.split(' ').collect::<Vec<_>>()).await;
    let create = "payment create --store shop --amount 5 --network bsc --currency usdt";
    let made = shell.run(&create.split(' ').collect::<Vec<_>>()).await;
    let number = made["payment_number"].as_str().unwrap();
    assert!(
        shell
            .refused(&["webhook", "replay", "--payment", number])
            .await
            .contains("no deliveries")
    );
    shell.run(&["payment", "cancel", number]).await;
    let replayed = shell.run(&["webhook", "replay", "--payment", number]).await;
    assert_eq!(replayed["deliveries"][0]["replay_of"], 1);
    shell.run(&["webhook", "replay", "2"]).await;
    let list = shell.run(&["webhook", "deliveries", "--payment", number]).await;
    let list = list["deliveries"].as_array().unwrap();
    assert_eq!(list.len(), 3);
    assert!(
        list.iter()
            .all(|delivery| delivery["event"] == "payment.cancelled" && delivery["state"] == "pending")
    );
    // Only what was sent because of the event is repeated, not its repetitions.
    let again = shell.run(&["webhook", "replay", "--payment", number]).await;
    assert_eq!(again["deliveries"].as_array().unwrap().len(), 1);
    shell.run(&["webhook", "remove", "1"]).await;
    assert!(
        shell
            .refused(&["webhook", "replay", "1"])
            .await
            .contains("switched off")
    );
}

#[tokio::test]
async fn checkout_urls_lead_to_where_the_daemon_listened_last() {
    let shell = Shell::with_store().await;
    remember_address(
        &shell.directory.path().join("data"),
        "127.0.0.1:18420".parse().unwrap(),
    )
    .unwrap();
    let create = "payment create --store shop --amount 5 --network bsc --currency usdt";
    let made = shell.run(&create.split(' ').collect::<Vec<_>>()).await;
    let token = made["payment_token"].as_str().unwrap();
    assert_eq!(
        made["checkout_url"],
        format!("http://127.0.0.1:18420/pay/{token}")
    );
}
