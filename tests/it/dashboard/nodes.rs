//! Networks without a terminal: switched on in the browser through a real node, paid on, and still there after a crash.

use serde_json::json;

use crate::harness::anvil::{Anvil, Mining, Token};
use crate::harness::daemon::Daemon;
use crate::harness::office::{Desk, PASSWORD};
use crate::harness::wait_until;

const ADDRESS: &str = "0x742d35Cc6634C0532925a3b844Bc454e4438f44e";
const KEY: &str = "s3cretk3y";

/// What the operator's file says of bsc: everything but whom to ask.
fn config(usdt: &Token) -> String {
    format!(
        "[rates.fixed.usd]\nUSDT = \"1\"\n[networks.bsc]\nverify = \"none\"\nconfirmations = 2\nblock_time_ms = 1000\n\
         poll_ms = 200\nidle_poll_ms = 200\n\
         [networks.bsc.tokens.usdt]\ncontract = \"{}\"\ndecimals = 18\n\
         [networks.bsc.tokens.usdc]\nenabled = false\n[networks.bsc.tokens.busd]\nenabled = false\n",
        usdt.address
    )
}

async fn is_on(daemon: &Daemon) -> bool {
    let metrics = daemon.cli_json(&["network", "list"]);
    let all = metrics["networks"].as_array().expect("networks").clone();
    all.iter()
        .any(|network| network["network"] == "bsc" && network["is_on"] == true)
}

/// Waits until the running daemon makes live payments on bsc, or no longer does.
async fn until_payable(daemon: &Daemon, key: &str, is_payable: bool) {
    let body = json!({ "amount_usd_cents": 1000, "network": "bsc", "currency": "usdt" });
    wait_until("the daemon to take the networks over", || async {
        let reply = daemon
            .post("/api/v1/payments/", &[("x-api-key", key)], &body)
            .await;
        ((reply.status == 201) == is_payable).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_network_is_switched_on_in_the_browser_and_paid_on_and_survives_a_crash() {
    let node = Anvil::start(56, Mining::OnDemand).await;
    node.mine(3).await;
    let usdt = node.deploy_token("USDT", 18).await;
    let other = Anvil::start(1, Mining::OnDemand).await;
    let mut daemon = Daemon::start(&config(&usdt)).await;
    daemon.add_store("shop", "payhook");
    daemon.add_addresses("shop", "bsc", &[ADDRESS]);
    let key = daemon.add_key("shop", "live");
    let mut desk = Desk::of_owner(&daemon).await;

    desk.visit("/nodes").await;
    desk.is_sound("nodes-none").await;
    desk.browser.click("a[href='/nodes/networks/bsc']").await;
    desk.browser.wait_for("#url-1").await;
    desk.is_sound("nodes-switch-on").await;
    // The public ones are for networks that these two are not.
    for _ in 0..2 {
        desk.browser.click("input[name=provider]:checked").await;
    }
    desk.browser
        .fill("#url-1", &format!("{}/?key={KEY}", other.url()))
        .await;
    desk.browser.click("button[value=test]").await;
    desk.browser
        .wait_for_text("This node serves Ethereum, not BNB Smart Chain.")
        .await;
    desk.is_sound("nodes-wrong").await;
    desk.browser
        .fill("#url-1", &format!("{}/?key={KEY}", node.url()))
        .await;
    desk.browser.fill("#again", PASSWORD).await;
    desk.browser.click("button[value=save]").await;
    desk.browser.wait_for_text("The networks are changed.").await;
    desk.browser.wait_for_text("Up to date").await;
    desk.is_sound("nodes-live").await;
    assert!(!desk.browser.html().await.contains(KEY));

    let body = json!({ "amount_usd_cents": 5000, "network": "bsc", "currency": "usdt" });
    let made = daemon
        .post("/api/v1/payments/", &[("x-api-key", key.api_key.as_str())], &body)
        .await;
    assert_eq!(made.status, 201, "{made:?}");
    let number = made.json()["payment_number"]
        .as_str()
        .expect("a number")
        .to_owned();
    let txid = node.transfer(&usdt, ADDRESS, 50 * 10_u128.pow(18)).await;
    node.mined(&txid).await;
    node.mine(3).await;
    daemon.wait_for_status(&number, "paid").await;

    // A change that was written down and not yet taken over when payd died is in force at the next start.
    daemon.cli(&["network", "off", "bsc"]);
    daemon.kill();
    daemon.restart().await;
    assert!(!is_on(&daemon).await);
    until_payable(&daemon, &key.api_key, false).await;
    // And a running daemon takes over what the command line changes.
    let url = format!("{}/?key={KEY}", node.url());
    let probed = daemon.cli_json(&["network", "probe", "bsc", "--provider", &url]);
    assert_eq!(probed["providers"][0]["is_usable"], true, "{probed}");
    daemon.add_addresses("shop", "bsc", &["0x52908400098527886E0F7030069857D2E4169EE7"]);
    daemon.cli(&["network", "on", "bsc", "--provider", &url]);
    until_payable(&daemon, &key.api_key, true).await;

    // What is wrong is said, and payd goes on with what it had.
    let file = daemon.data_dir().join("networks.toml");
    let good = std::fs::read_to_string(&file).expect("the file of networks");
    std::fs::write(&file, format!("{good}\n[networks.bsc.tokens.doge]\n")).expect("a file");
    wait_until("the mistake to be told", || async {
        daemon
            .log()
            .contains("the changed networks are not in force")
            .then_some(())
    })
    .await;
    desk.visit("/nodes").await;
    desk.browser.wait_for_text("has no token `doge`").await;
    desk.browser.wait_for_text("Up to date").await;
    desk.is_sound("nodes-failure").await;
    std::fs::write(&file, good).expect("a file");

    // What the operator writes goes before, as a whole.
    let theirs = format!(
        "{}[[networks.bsc.providers]]\nurl = \"{}\"\n",
        config(&usdt),
        node.url()
    );
    daemon.configure(&theirs);
    daemon.restart().await;
    desk.visit("/nodes").await;
    desk.browser.wait_for_text("Set in the configuration file").await;
    desk.is_sound("nodes-theirs").await;

    let log = daemon.log();
    assert!(!log.contains(KEY), "{log}");
    let audit = daemon.cli(&["audit-log"]);
    assert!(audit.contains("network.on") && !audit.contains(KEY), "{audit}");
    assert!(audit.contains("user:ann"), "{audit}");
}
