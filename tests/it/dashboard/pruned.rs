//! Where what payments were told of was removed: the pages say so, and that nothing else is missing.

use rusqlite::Connection;

use crate::harness::daemon::Daemon;
use crate::harness::office::Desk;
use crate::harness::receiver::Receiver;
use crate::harness::wait_until;

#[tokio::test]
async fn pages_say_from_when_on_webhooks_are_remembered() {
    let daemon = Daemon::start("").await;
    let receiver = Receiver::start().await;
    daemon.add_store("North Wind", "payhook");
    daemon.add_webhook("North Wind", &receiver.url("/hook"), "payhook");
    let payment = daemon.create_payment("North Wind", "5", "bsc", "usdt");
    let number = payment["payment_number"].as_str().unwrap();
    daemon.simulate(number, "exact");
    daemon.wait_for_status(number, "paid").await;
    receiver.wait_for(1).await;
    let database = Connection::open(daemon.data_dir().join("payd.sqlite")).unwrap();
    database.busy_timeout(std::time::Duration::from_secs(60)).unwrap();
    let waiting = "SELECT count(*) FROM deliveries WHERE state = 'pending'";
    wait_until("the attempt to be recorded", || async {
        let left: u32 = database.query_row(waiting, [], |row| row.get(0)).unwrap();
        (left == 0).then_some(())
    })
    .await;
    let age = "UPDATE payments SET created_ms = created_ms - 31536000000;
               UPDATE attempts SET at_ms = at_ms - 31536000000;
               UPDATE deliveries SET created_ms = created_ms - 31536000000;";
    database.execute_batch(age).unwrap();
    daemon.cli_json(&["prune", "--older-than", "90d"]);

    let mut desk = Desk::of_owner(&daemon).await;
    for (path, name) in [
        (format!("/stores/2/payments/{number}"), "pruned-payment"),
        ("/stores/2/webhooks/1".to_owned(), "pruned-endpoint"),
    ] {
        desk.visit(&path).await;
        let said = desk.browser.text("#main").await;
        assert!(said.contains("no longer kept"), "{said}");
        desk.is_sound(name).await;
    }
}
