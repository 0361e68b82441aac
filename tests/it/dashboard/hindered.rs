//! A disk that takes nothing more: whoever looks is told so first, and told when it is over.

use crate::harness::daemon::Daemon;
use crate::harness::office::Desk;
use crate::harness::wait_until;

#[tokio::test]
async fn the_overview_says_that_nothing_can_be_recorded_and_stops_saying_so() {
    let daemon = Daemon::start("").await;
    daemon.add_store("North Wind", "payhook");
    let key = daemon.add_key("North Wind", "test");
    let mut desk = Desk::of_owner(&daemon).await;
    daemon.limit_file_bytes("65536");
    let create = serde_json::json!({ "amount_usd_cents": 100, "network": "bsc", "currency": "usdt" });
    let headers = [("x-api-key", &*key.api_key)];
    wait_until("a create that is refused", || async {
        let reply = daemon.post("/api/v1/payments/", &headers, &create).await;
        (reply.status == 503).then_some(())
    })
    .await;
    desk.visit("/stores/2/overview").await;
    let said = desk.browser.text("#attention-part").await;
    assert!(said.contains("Nothing can be recorded"), "{said}");
    desk.is_sound("overview-hindered").await;
    daemon.limit_file_bytes("unlimited");
    wait_until("payd to go on", || async {
        let (status, _) = daemon.readiness().await;
        (status == 200).then_some(())
    })
    .await;
    desk.visit("/stores/2/overview").await;
    let said = desk.browser.text("#main").await;
    assert!(!said.contains("Nothing can be recorded"), "{said}");
}
