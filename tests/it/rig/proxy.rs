//! The provider that fails and lies.

use std::time::Duration;

use serde_json::{Value, json};

use super::{BSC, SHOP, TRANSFER, transfers};
use crate::harness::anvil::{Anvil, Mining, Token, rpc};
use crate::harness::proxy::{Fault, Proxy, RangeWords};
use crate::harness::{abi, http};

async fn logs(http: &reqwest::Client, url: &str, token: &Token, from: u64, to: u64) -> Result<Value, Value> {
    let (from, to) = (format!("{from:#x}"), format!("{to:#x}"));
    let filter =
        json!([{ "fromBlock": from, "toBlock": to, "address": [token.address], "topics": [TRANSFER] }]);
    rpc(http, url, "eth_getLogs", filter).await
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
    let client = http::client();
    let url = proxy.url();
    let call = || {
        let call = json!({ "jsonrpc": "2.0", "id": 1, "method": "eth_blockNumber", "params": [] });
        client.post(&url).body(call.to_string())
    };
    let ask = || call().send();
    let ask_in_vain = || call().timeout(http::IMPATIENCE).send();

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
    assert!(ask_in_vain().await.unwrap_err().is_timeout());
    proxy.clear();
    proxy.inject(Fault::Stall);
    assert!(
        ask_in_vain()
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap_err()
            .is_timeout()
    );
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
