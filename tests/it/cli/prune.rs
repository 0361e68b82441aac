//! What is old goes while the daemon takes payments and sends webhooks.

use futures_util::future::join_all;
use rusqlite::Connection;
use serde_json::json;

use crate::harness::daemon::Daemon;
use crate::harness::receiver::Receiver;

/// Payments that are a year old.
const OLD: usize = 40;
/// Payments that are made and paid while it runs.
const NEW: usize = 24;

#[tokio::test]
async fn old_webhooks_are_removed_beside_a_daemon_that_takes_payments() {
    let daemon = Daemon::start("").await;
    let receiver = Receiver::start().await;
    daemon.add_store("shop", "payhook");
    let key = daemon.add_key("shop", "test");
    daemon.add_webhook_for("shop", &receiver.url("/hook"), "payhook", "payment.confirmed");
    let make = |count| join_all((0..count).map(|_| daemon.create_payhook_payment(&key, 100, "tron", "usdt")));
    let number = |payment: &serde_json::Value| payment["payment_number"].as_str().unwrap().to_owned();
    let old: Vec<String> = make(OLD).await.iter().map(number).collect();
    for number in &old {
        daemon.simulate(number, "exact");
    }
    receiver.wait_for(OLD).await;
    daemon.wait_for_status(old.last().unwrap(), "paid").await;
    let database = Connection::open(daemon.data_dir().join("payd.sqlite")).unwrap();
    database.busy_timeout(std::time::Duration::from_secs(60)).unwrap();
    let count = |sql: &str| database.query_row(sql, [], |row| row.get::<_, u32>(0)).unwrap();
    crate::harness::wait_until("the last attempt to be recorded", || async {
        (count("SELECT count(*) FROM deliveries WHERE state = 'delivered'") == OLD as u32).then_some(())
    })
    .await;
    database
        .execute_batch(
            "BEGIN IMMEDIATE;
             UPDATE attempts SET at_ms = at_ms - 31536000000;
             UPDATE deliveries SET created_ms = created_ms - 31536000000;
             UPDATE events SET at_ms = at_ms - 31536000000;
             COMMIT;",
        )
        .unwrap();

    let archive = daemon.data_dir().join("old.jsonl.gz");
    let prune = [
        "prune",
        "--older-than",
        "90d",
        "--archive",
        archive.to_str().unwrap(),
    ];
    let (pruned, new) = tokio::join!(daemon.cli_json_beside(&prune), async {
        let new: Vec<String> = make(NEW).await.iter().map(number).collect();
        for number in &new {
            daemon
                .cli_json_beside(&["payment", "simulate", number, "exact"])
                .await;
        }
        new
    });
    let rows: Vec<_> = pruned["pruned"]
        .as_array()
        .unwrap()
        .iter()
        .map(|kind| &kind["rows"])
        .collect();
    assert_eq!(rows, [&json!(OLD), &json!(OLD)], "{pruned}");
    let told = receiver.wait_for(OLD + NEW).await;
    assert_eq!(told.len(), OLD + NEW, "each payment is told of once");
    for number in old.iter().chain(&new) {
        daemon.wait_for_status(number, "paid").await;
    }
    let of_old = daemon.payment(&old[0]);
    assert_eq!(of_old["deliveries"], json!([]));
    assert!(of_old["events"].as_array().unwrap().len() > 1, "{of_old}");
    assert_eq!(count("SELECT count(*) FROM deliveries"), NEW as u32);
    assert_eq!(daemon.cli_json(&["doctor"])["is_well"], json!(true));
}
