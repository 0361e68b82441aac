//! A copy taken while the daemon works is a whole payd.

use serde_json::json;

use crate::harness::daemon::Daemon;
use crate::harness::receiver::Receiver;
use crate::harness::signature::check_payhook;

#[tokio::test]
async fn a_backup_of_a_running_daemon_can_be_started_elsewhere_with_all_its_secrets() {
    let daemon = Daemon::start("").await;
    let receiver = Receiver::start().await;
    daemon.add_store("shop", "payhook");
    let key = daemon.add_key("shop", "test");
    let endpoint = daemon.add_webhook("shop", &receiver.url("/hook"), "payhook");
    let payment = daemon.create_payhook_payment(&key, 5000, "bsc", "usdt").await;
    let number = payment["payment_number"].as_str().unwrap();

    let copies = tempfile::tempdir().unwrap();
    let target = copies.path().join("copy");
    let backup = ["backup", target.to_str().unwrap()];
    let (made, writes) = tokio::join!(
        daemon.cli_json_beside(&backup),
        futures_util::future::join_all(
            (0..20).map(|_| daemon.create_payhook_payment(&key, 100, "tron", "usdt"))
        ),
    );
    assert_eq!(writes.len(), 20);
    let files: Vec<&str> = made["copies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file.as_str().unwrap())
        .collect();
    assert_eq!(files.len(), 2, "{made}");
    drop(daemon);

    let mut restored = Daemon::prepare("");
    for file in files {
        let name = std::path::Path::new(file).file_name().unwrap();
        std::fs::copy(file, restored.data_dir().join(name)).unwrap();
    }
    let well = restored.cli_json(&["doctor"]);
    assert_eq!(well["is_well"], json!(true), "{well}");
    restored.restart().await;
    let found = restored.payhook_payment(&key, number).await;
    assert_eq!(found["assigned_address"], payment["assigned_address"]);
    restored.simulate(number, "exact");
    let told = receiver.wait_for(1).await;
    check_payhook(&told[0], &endpoint.secret, told[0].at_unix_s()).unwrap();
    assert_eq!(told[0].json()["payment_id"], json!(number));
}
