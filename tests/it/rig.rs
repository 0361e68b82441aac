//! The rig tested on itself: a test that trusts a broken rig proves nothing.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::anvil::{Anvil, Mining, Token, rpc};
use crate::harness::browser::{Browser, Options, Scheme};
use crate::harness::contracts::Contract;
use crate::harness::proxy::{Fault, Proxy, RangeWords};
use crate::harness::receiver::{Behaviour, Receiver};
use crate::harness::{abi, http};

const SHOP: &str = "0x742d35cc6634c0532925a3b844bc9e7595f7e5a3";
const OTHER: &str = "0x000000000000000000000000000000000000beef";
const TRANSFER: &str = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
const BSC: u64 = 56;

/// Recipient and amount of every Transfer log of a receipt, in order.
fn transfers(receipt: &Value) -> Vec<(String, u128)> {
    let logs = receipt["logs"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|log| log["topics"][0] == TRANSFER);
    let recipient = |log: &Value| format!("0x{}", &log["topics"][2].as_str().unwrap()[26..]);
    logs.map(|log| (recipient(log), abi::parse_number(log["data"].as_str().unwrap())))
        .collect()
}

async fn logs(http: &reqwest::Client, url: &str, token: &Token, from: u64, to: u64) -> Result<Value, Value> {
    let (from, to) = (format!("{from:#x}"), format!("{to:#x}"));
    let filter =
        json!([{ "fromBlock": from, "toBlock": to, "address": [token.address], "topics": [TRANSFER] }]);
    rpc(http, url, "eth_getLogs", filter).await
}

#[tokio::test]
async fn a_token_transfer_on_the_node_leaves_a_log_of_its_amount() {
    let anvil = Anvil::start(BSC, Mining::OnDemand).await;
    assert_eq!(anvil.call("eth_chainId", json!([])).await, json!("0x38"));
    let token = anvil.deploy_token("USDT", 18).await;

    let txid = anvil.transfer(&token, SHOP, 50 * 10_u128.pow(18)).await;
    assert_eq!(
        anvil.receipt(&txid).await,
        None,
        "no block is made unless asked for"
    );
    let receipt = anvil.mined(&txid).await;
    assert_eq!(transfers(&receipt), [(SHOP.to_owned(), 50 * 10_u128.pow(18))]);
    assert_eq!(anvil.token_balance(&token, SHOP).await, 50 * 10_u128.pow(18));

    let decimals = abi::call("decimals()", &[]);
    let decimals = anvil
        .call(
            "eth_call",
            json!([{ "to": token.address, "data": decimals }, "latest"]),
        )
        .await;
    assert_eq!(abi::parse_number(decimals.as_str().unwrap()), 18);
    let symbol = abi::call("symbol()", &[]);
    let symbol = anvil
        .call(
            "eth_call",
            json!([{ "to": token.address, "data": symbol }, "latest"]),
        )
        .await;
    assert!(symbol.as_str().unwrap().contains(&hex::encode("USDT")));
}

#[tokio::test]
async fn the_node_makes_every_kind_of_transfer_that_matters() {
    let anvil = Anvil::start(BSC, Mining::PerTransaction).await;
    let token = anvil.deploy_token("USDT", 6).await;
    let fake = anvil.deploy_token("USDT", 6).await;
    assert_ne!(token.address, fake.address);
    let batcher = anvil.deploy(Contract::Batcher, "").await;
    let reverter = anvil.deploy(Contract::Reverter, "").await;
    for spender in [&batcher, &reverter, anvil.account(1)] {
        anvil.mined(&anvil.approve(&token, spender).await).await;
    }

    let batch = anvil
        .batch_transfer(&batcher, &token, [(SHOP, 7), (OTHER, 8)])
        .await;
    assert_eq!(
        transfers(&anvil.mined(&batch).await),
        [(SHOP.to_owned(), 7), (OTHER.to_owned(), 8)]
    );
    let zero = anvil.transfer(&token, SHOP, 0).await;
    assert_eq!(transfers(&anvil.mined(&zero).await), [(SHOP.to_owned(), 0)]);
    let from = anvil.transfer_from(&token, 1, SHOP, 9).await;
    assert_eq!(transfers(&anvil.mined(&from).await), [(SHOP.to_owned(), 9)]);

    let reverted = anvil.transfer_and_revert(&reverter, &token, SHOP, 10).await;
    let reverted = anvil.mined(&reverted).await;
    assert_eq!(
        (&reverted["status"], transfers(&reverted)),
        (&json!("0x0"), vec![])
    );
    let swallowed = anvil.transfer_and_swallow(&reverter, &token, SHOP, 10).await;
    let swallowed = anvil.mined(&swallowed).await;
    assert_eq!(
        (&swallowed["status"], transfers(&swallowed)),
        (&json!("0x1"), vec![])
    );
    assert_eq!(anvil.token_balance(&token, SHOP).await, 16);

    anvil.mined(&anvil.send_native(SHOP, 11).await).await;
    let forwarded = anvil.mined(&anvil.forward_native(&batcher, SHOP, 12).await).await;
    assert_eq!(
        forwarded["to"],
        json!(batcher),
        "an internal transfer is not in the transaction's `to`"
    );
    assert_eq!(anvil.balance(SHOP).await, 23);
}

#[tokio::test]
async fn the_node_reorganises_rolls_back_and_keeps_time_on_demand() {
    let anvil = Anvil::start(BSC, Mining::OnDemand).await;
    let token = anvil.deploy_token("USDT", 18).await;
    let txid = anvil.transfer(&token, SHOP, 1).await;
    anvil.mined(&txid).await;
    let (height, time) = (
        anvil.block_number().await,
        anvil.block_time(anvil.block_number().await).await,
    );
    let (old, below) = (anvil.block_hash(height).await, anvil.block_hash(height - 1).await);

    let snapshot = anvil.snapshot().await;
    anvil.mine(2).await;
    anvil.revert(&snapshot).await;
    assert_eq!(
        (anvil.block_number().await, anvil.block_hash(height).await),
        (height, old.clone())
    );

    anvil.reorg(1).await;
    assert_eq!(anvil.block_number().await, height);
    assert_ne!(anvil.block_hash(height).await, old);
    assert_eq!(anvil.block_hash(height - 1).await, below);
    assert_eq!(
        anvil.token_balance(&token, SHOP).await,
        0,
        "the money is gone with its block"
    );

    anvil.rollback(1).await;
    assert_eq!(anvil.block_number().await, height - 1);
    anvil.mine_at(time + 3600).await;
    assert_eq!(anvil.block_time(height).await, time + 3600);
    anvil.mine(15).await;
    assert_eq!(anvil.block_number().await, height + 15);
    anvil.set_automine(true).await;
    let sent = anvil.send_native(SHOP, 1).await;
    assert!(anvil.receipt(&sent).await.is_some());
}

#[tokio::test]
async fn the_receiver_keeps_what_it_was_sent_to_the_byte() {
    let receiver = Receiver::start().await;
    let body = "{\"a\": 1,\r\n \"b\":\"\u{fc}\"}";
    let sent = http::client()
        .post(receiver.url("/hook?x=1"))
        .header("X-Test", "yes")
        .body(body)
        .send();
    assert_eq!(sent.await.unwrap().status(), 200);
    let received = receiver.wait_for(1).await;
    assert_eq!(
        (received[0].method.as_str(), received[0].path.as_str()),
        ("POST", "/hook?x=1")
    );
    assert_eq!(received[0].body, body.as_bytes());
    assert_eq!(received[0].header("x-test"), Some("yes"));
}

#[tokio::test]
async fn the_receiver_behaves_as_it_is_told() {
    let receiver = Receiver::start().await;
    let client = reqwest_with_short_patience();
    let post = || client.post(receiver.url("/")).body("x").send();
    receiver.next([
        Behaviour::Status(500),
        Behaviour::Redirect("http://127.0.0.1:9/".to_owned()),
    ]);
    receiver.next([Behaviour::Close, Behaviour::Hang, Behaviour::Unfinished]);
    receiver.next([Behaviour::Slow(Duration::from_millis(1))]);

    assert_eq!(post().await.unwrap().status(), 500);
    let redirect = post().await.unwrap();
    assert_eq!(
        (redirect.status().as_u16(), &redirect.headers()["location"]),
        (302, &"http://127.0.0.1:9/".parse().unwrap())
    );
    let closed = post().await.unwrap_err();
    assert!(!closed.is_timeout(), "{closed:?}");
    assert!(post().await.unwrap_err().is_timeout());
    assert!(post().await.unwrap().bytes().await.unwrap_err().is_timeout());
    assert_eq!(post().await.unwrap().text().await.unwrap(), "slow");
    assert_eq!(post().await.unwrap().status(), 200);
    assert_eq!(receiver.wait_for(7).await.len(), 7);
}

/// A client that gives up soon, for the behaviours that never answer.
fn reqwest_with_short_patience() -> reqwest::Client {
    drop(http::client());
    let builder = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none());
    builder.timeout(Duration::from_millis(500)).build().unwrap()
}

#[tokio::test]
async fn the_proxy_counts_and_passes_on() {
    let anvil = Anvil::start(BSC, Mining::OnDemand).await;
    let proxy = Proxy::start(anvil.url()).await;
    let client = http::client();
    let batch = json!([
        { "jsonrpc": "2.0", "id": 7, "method": "eth_blockNumber", "params": [] },
        { "jsonrpc": "2.0", "id": 8, "method": "eth_chainId", "params": [] },
    ]);
    let reply = client
        .post(proxy.url_with_key("abc"))
        .body(batch.to_string())
        .send()
        .await
        .unwrap();
    let reply: Value = serde_json::from_slice(&reply.bytes().await.unwrap()).unwrap();
    assert_eq!(reply[0], json!({ "jsonrpc": "2.0", "id": 7, "result": "0x0" }));
    assert_eq!(reply[1], json!({ "jsonrpc": "2.0", "id": 8, "result": "0x38" }));
    assert_eq!(
        (
            proxy.requests(),
            proxy.calls("eth_blockNumber"),
            proxy.calls("eth_chainId")
        ),
        (1, 1, 1)
    );
    proxy.wait_for_calls("eth_chainId", 1).await;
    proxy.reset_counts();
    assert_eq!(
        (proxy.requests(), proxy.all_calls().len(), proxy.reply_bytes()),
        (0, 0, 0)
    );
}

#[tokio::test]
async fn the_proxy_fails_in_every_way_a_provider_does() {
    let anvil = Anvil::start(BSC, Mining::OnDemand).await;
    let proxy = Proxy::start(anvil.url()).await;
    let client = reqwest_with_short_patience();
    let url = proxy.url();
    let ask = || {
        let call = json!({ "jsonrpc": "2.0", "id": 1, "method": "eth_blockNumber", "params": [] });
        client.post(&url).body(call.to_string()).send()
    };

    proxy.inject(Fault::Throttle { retry_after_s: 7 });
    let throttled = ask().await.unwrap();
    assert_eq!(
        (throttled.status().as_u16(), &throttled.headers()["retry-after"]),
        (429, &"7".parse().unwrap())
    );
    proxy.clear();
    proxy.inject(Fault::Status(403, "personal token"));
    assert_eq!(ask().await.unwrap().status(), 403);
    proxy.clear();
    proxy.inject(Fault::Drop);
    assert!(!ask().await.unwrap_err().is_timeout());
    proxy.clear();
    proxy.inject(Fault::Hang);
    assert!(ask().await.unwrap_err().is_timeout());
    proxy.clear();
    proxy.inject(Fault::Stall);
    assert!(ask().await.unwrap().bytes().await.unwrap_err().is_timeout());
    proxy.clear();
    proxy.inject(Fault::Delay(Duration::from_millis(1)));
    proxy.inject(Fault::Truncate);
    assert!(serde_json::from_slice::<Value>(&ask().await.unwrap().bytes().await.unwrap()).is_err());
    proxy.clear();
    proxy.inject_into("eth_getLogs", Fault::Drop);
    assert_eq!(
        ask().await.unwrap().status(),
        200,
        "a fault of one method leaves the others alone"
    );
    proxy.inject_into("eth_blockNumber", Fault::Error(-32000, "header not found"));
    let refused = rpc(&client, &url, "eth_blockNumber", json!([])).await;
    assert_eq!(
        refused,
        Err(json!({ "code": -32000, "message": "header not found" }))
    );
    assert_eq!(proxy.calls("eth_blockNumber"), 8);
}

#[tokio::test]
async fn the_proxy_lies_in_every_way_a_provider_can() {
    let anvil = Anvil::start(BSC, Mining::OnDemand).await;
    let proxy = Proxy::start(anvil.url()).await;
    let client = http::client();
    let url = proxy.url();
    let token = anvil.deploy_token("USDT", 18).await;
    let receipt = anvil.mined(&anvil.transfer(&token, SHOP, 1000).await).await;
    let tip = anvil.block_number().await;
    let amounts = |logs: &Value| -> Vec<u128> {
        logs.as_array()
            .unwrap()
            .iter()
            .map(|log| abi::parse_number(log["data"].as_str().unwrap()))
            .collect()
    };
    assert_eq!(
        amounts(&logs(&client, &url, &token, tip, tip).await.unwrap()),
        [1000]
    );

    proxy.inject(Fault::AlterAmount(1));
    assert_eq!(
        amounts(&logs(&client, &url, &token, tip, tip).await.unwrap()),
        [1001]
    );
    let receipts = rpc(
        &client,
        &url,
        "eth_getBlockReceipts",
        json!([receipt["blockHash"]]),
    )
    .await
    .unwrap();
    assert_eq!(transfers(&receipts[0]), [(SHOP.to_owned(), 1001)]);
    proxy.clear();
    proxy.inject(Fault::RemoveLog);
    assert_eq!(logs(&client, &url, &token, tip, tip).await, Ok(json!([])));
    let receipts = rpc(
        &client,
        &url,
        "eth_getBlockReceipts",
        json!([receipt["blockHash"]]),
    )
    .await
    .unwrap();
    assert_eq!(transfers(&receipts[0]), []);
    proxy.clear();
    proxy.inject(Fault::ChainId(1));
    assert_eq!(
        rpc(&client, &url, "eth_chainId", json!([])).await,
        Ok(json!("0x1"))
    );
    proxy.clear();

    proxy.inject(Fault::StaleHead(1));
    assert_eq!(
        rpc(&client, &url, "eth_blockNumber", json!([])).await,
        Ok(json!(format!("{:#x}", tip - 1)))
    );
    let latest = rpc(&client, &url, "eth_getBlockByNumber", json!(["latest", false]))
        .await
        .unwrap();
    assert_eq!(latest["number"], json!(format!("{:#x}", tip - 1)));
    let above = rpc(
        &client,
        &url,
        "eth_getBlockByNumber",
        json!([format!("{tip:#x}"), false]),
    )
    .await;
    assert_eq!(above, Ok(Value::Null));
    assert_eq!(
        rpc(
            &client,
            &url,
            "eth_getBlockReceipts",
            json!([receipt["blockHash"]])
        )
        .await,
        Ok(Value::Null)
    );
    assert_eq!(
        logs(&client, &url, &token, tip, tip).await,
        Ok(json!([])),
        "as a lagging node does"
    );
    assert_eq!(
        amounts(&logs(&client, &url, &token, tip - 1, tip).await.unwrap()).len(),
        1,
        "the mint below it"
    );
    proxy.clear();

    for words in RangeWords::ALL {
        proxy.inject(Fault::RangeLimit(2, words));
        assert!(logs(&client, &url, &token, 0, 2).await.is_err(), "{words:?}");
        assert!(logs(&client, &url, &token, 0, 1).await.is_ok(), "{words:?}");
        proxy.clear();
    }
}

const PAGE: &str = r##"<!doctype html><html lang="en"><head><title>Rig</title><meta name="viewport" content="width=device-width">
<style>body{background:#fff;color:#000}@media(prefers-color-scheme:dark){body{background:#000;color:#fff}}</style></head>
<body><main><h1>A page</h1><label>Name <input id="name"></label><button id="go">Go</button><p id="out"></p></main>
<script>document.querySelector("#go").addEventListener("click", () => {
  document.querySelector("#out").textContent = "hello " + document.querySelector("#name").value;
});</script></body></html>"##;

#[tokio::test]
async fn the_browser_works_a_page_and_takes_its_picture() {
    let receiver = Receiver::start().await;
    receiver.always(Behaviour::Page("text/html; charset=utf-8", PAGE.to_owned()));
    let mut browser = Browser::start().await;
    assert_eq!(browser.open(&receiver.url("/page")).await["status"], json!(200));
    browser.fill("#name", "world").await;
    browser.click("#go").await;
    browser.wait_for_text("hello world").await;
    assert_eq!(browser.text("#out").await, "hello world");
    assert_eq!(browser.evaluate("1 + 1").await, json!(2));
    assert_eq!(browser.axe().await, Vec::<Value>::new());

    browser.view(360, 640, Scheme::Dark).await;
    assert_eq!(
        browser
            .evaluate("getComputedStyle(document.body).backgroundColor")
            .await,
        json!("rgb(0, 0, 0)")
    );
    let shot = std::fs::read(browser.screenshot("rig", false).await).unwrap();
    let size = |at: usize| u32::from_be_bytes(shot[at..at + 4].try_into().unwrap());
    assert_eq!((&shot[1..4], size(16), size(20)), (b"PNG".as_slice(), 360, 640));
    assert_eq!(browser.foreign_requests().await, Vec::<Value>::new());
    assert_eq!(browser.console_errors().await, Vec::<Value>::new());
}

#[tokio::test]
async fn the_browser_sees_what_is_wrong_with_a_page() {
    let receiver = Receiver::start().await;
    let page = r#"<!doctype html><html><head><title>x</title></head><body><img src="http://127.0.0.2:9/x.png">
        <script>throw new Error("broken script")</script></body></html>"#;
    receiver.always(Behaviour::Page("text/html", page.to_owned()));
    let mut browser = Browser::start().await;
    browser.open(&receiver.url("/")).await;
    assert_eq!(
        browser.foreign_requests().await,
        [json!("http://127.0.0.2:9/x.png")]
    );
    let errors = browser.console_errors().await;
    assert!(
        errors
            .iter()
            .any(|error| error.as_str().unwrap().contains("broken script")),
        "{errors:?}"
    );
    let broken = browser.axe().await;
    assert!(
        broken.iter().any(|rule| rule["id"] == "html-has-lang"),
        "{broken:?}"
    );
    assert!(browser.try_order(json!({ "do": "nothing" })).await.is_err());
}

#[tokio::test]
async fn the_browser_can_be_without_scripts_and_of_another_language() {
    let receiver = Receiver::start().await;
    let page = "<!doctype html><noscript><p id=without>no scripts</p></noscript>";
    receiver.always(Behaviour::Page("text/html", page.to_owned()));
    let mut browser = Browser::start_with(Options {
        javascript: false,
        locale: "de-DE",
    })
    .await;
    browser.open(&receiver.url("/")).await;
    assert!(browser.is_visible("#without").await);
    let asked = receiver.wait_for_matching(1, |request| request.path == "/").await;
    assert!(
        asked[0].header("accept-language").unwrap().starts_with("de-DE"),
        "{asked:?}"
    );
}
