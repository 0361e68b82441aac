//! The inbox beside a running daemon: what the command line attaches, the daemon settles and tells.

use crate::harness::daemon::Daemon;
use crate::harness::receiver::Receiver;
use crate::harness::wait_until;

#[tokio::test]
async fn late_money_that_is_attached_is_settled_by_the_running_daemon_and_told_to_the_shop() {
    let mut daemon = Daemon::start("").await;
    let receiver = Receiver::start().await;
    daemon.add_store("shop", "payhook");
    daemon.add_webhook_for(
        "shop",
        &receiver.url("/hook"),
        "standard",
        "payment.late,payment.attached,payment.confirmed",
    );
    let payment = daemon.create_payment("shop", "50", "bsc", "usdt");
    let number = payment["payment_number"].as_str().unwrap();
    daemon.simulate(number, "late");
    daemon.wait_for_status(number, "expired").await;
    let entry = wait_until("the late money in the inbox", || async {
        let inbox = daemon.cli_json(&["inbox", "list", "--test", "--store", "shop"]);
        let entries = inbox["transfers"].as_array().unwrap();
        entries.first().cloned()
    })
    .await;
    assert_eq!(
        (&entry["judgement"], &entry["amount"], &entry["payment_number"]),
        (&"late".into(), &"50.000000".into(), &number.into())
    );
    let id = entry["id"].to_string();
    let attach = ["inbox", "attach", &id, number, "--reason", "the bank was slow"];
    assert_eq!(daemon.cli_json(&attach)["is_new"], true);
    daemon.wait_for_status(number, "paid").await;
    assert_eq!(daemon.cli_json(&attach)["is_new"], false);

    let kinds = wait_until("three webhooks", || async {
        let received = receiver.received();
        (received.len() >= 3).then(|| {
            received
                .iter()
                .map(|post| post.json()["type"].as_str().unwrap_or_default().to_owned())
                .collect::<Vec<_>>()
        })
    })
    .await;
    for kind in ["payment.late", "payment.attached", "payment.confirmed"] {
        assert!(kinds.iter().any(|found| found == kind), "{kinds:?}");
    }
    let inbox = daemon.cli_json(&["inbox", "list", "--test"]);
    assert!(inbox["transfers"].as_array().unwrap().is_empty());
    let log = daemon.cli(&["audit-log"]);
    assert!(
        log.contains("inbox.attach") && log.contains("the bank was slow"),
        "{log}"
    );
    assert!(daemon.stop().await.success());
}
