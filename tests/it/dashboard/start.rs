//! The first run, from the printed link to a replayed webhook and an exported list, with nothing but a browser.

use crate::harness::daemon::Daemon;
use crate::harness::office::{Desk, PASSWORD};
use crate::harness::receiver::Receiver;
use crate::harness::wait_until;

/// A network that is set in the configuration; its node is never asked for anything that matters here.
const CONFIG: &str = r#"
[[networks.bsc.providers]]
url = "http://127.0.0.1:1"
"#;

/// The path of the link that was printed at the start.
async fn printed_link(daemon: &Daemon) -> String {
    let found = || {
        let log = daemon.log();
        let start = log.find("/setup/")?;
        Some(log[start..].split_whitespace().next()?.to_owned())
    };
    wait_until("the set-up link", || {
        let found = found();
        async { found }
    })
    .await
}

#[tokio::test]
async fn from_the_printed_link_to_a_replayed_webhook_and_an_exported_list() {
    let mut daemon = Daemon::prepare(CONFIG);
    daemon.restart_until("/healthz").await;
    let receiver = Receiver::start().await;
    let mut desk = Desk::open(&daemon).await;
    let link = printed_link(&daemon).await;

    desk.visit(&link).await;
    desk.is_sound("start-owner").await;
    desk.browser.fill("#name", "ann").await;
    desk.browser.fill("#password", PASSWORD).await;
    desk.browser.click("form button").await;
    desk.browser.wait_for_url("/start/store").await;
    desk.is_sound("start-store").await;
    desk.browser.fill("#name", "North Wind").await;
    desk.browser.select("#fiat", "EUR").await;
    desk.browser.click("form .button").await;
    desk.browser.wait_for_url("/coins").await;
    desk.is_sound("start-coins").await;
    desk.browser.click("form .button").await;

    desk.browser.wait_for_url("/addresses").await;
    desk.browser
        .fill("#bsc", "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8")
        .await;
    desk.browser.wait_for("#bsc-verdict.bad").await;
    assert!(desk.browser.text("#bsc-verdict").await.contains("TRON"));
    desk.is_sound("start-addresses-wrong").await;
    desk.browser
        .fill("#bsc", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8")
        .await;
    desk.browser.wait_for("#bsc-verdict.good").await;
    desk.browser.fill("#again", PASSWORD).await;
    desk.browser.click("form .button").await;

    desk.browser.wait_for_url("/webhook").await;
    desk.is_sound("start-webhook").await;
    desk.browser.fill("#url", &receiver.url("/hook")).await;
    desk.browser.click("form .button").await;
    desk.browser.wait_for(".notice.good").await;
    desk.is_sound("start-keys").await;
    assert_eq!(receiver.wait_for(1).await[0].json()["event"], "webhook.test");
    desk.browser.click("a.button").await;

    desk.browser.wait_for_url("/test").await;
    desk.is_sound("start-test").await;
    desk.browser.click("form .button").await;
    desk.browser.wait_for("form[action$='/test/pay'] .button").await;
    desk.browser.click("form .button").await;
    desk.browser.wait_for(".tick").await;
    desk.is_sound("start-paid").await;
    desk.browser.click("a.button").await;
    desk.browser.wait_for("nav.ways").await;

    let told = receiver
        .wait_for_matching(1, |post| post.json()["event"] == "payment.confirmed")
        .await
        .remove(0);
    desk.visit("/stores/2/webhooks/1?state=delivered").await;
    desk.browser.click("tbody th a").await;
    desk.browser.wait_for("form[action$='/replay'] button").await;
    desk.browser.click("form[action$='/replay'] button").await;
    let again = |post: &crate::harness::receiver::Received| {
        post.body == told.body && post.header("x-payhook-delivery-id") != told.header("x-payhook-delivery-id")
    };
    receiver.wait_for_matching(1, again).await;

    desk.visit("/stores/2/payments").await;
    let list = "fetch('/stores/2/payments.csv?mode=test').then(reply => reply.text())";
    let list = desk.browser.evaluate(list).await;
    let list = list.as_str().expect("a text");
    assert!(list.contains("PAY-") && list.contains("paid"), "{list}");

    // The link is used up, also after another start, which prints none.
    desk.sign_out().await;
    assert_eq!(desk.status_of(&link).await, 404);
    daemon.restart_until("/healthz").await;
    assert_eq!(daemon.log().matches("Set payd up").count(), 1);
    assert_eq!(
        daemon.log().matches(&link).count(),
        1,
        "a token is in no line of the log"
    );
    assert!(!daemon.log().contains(PASSWORD));
}
