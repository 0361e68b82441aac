//! Real nodes: litecoind always, bitcoind where `BITCOIND_EXE` names one.

use payd::chain::ChainSource as _;
use payd::chain::bitcoin::ProviderKind;
use payd::domain::network::{Bip, Family};
use payd::domain::status::Status;
use payd::domain::time::UnixMillis;

use super::bench::Bench;
use crate::harness::core_node::CoreNode;

const LITECOIN: Family = Family::Litecoin(Bip::Regtest);
const BITCOIN: Family = Family::Bitcoin(Bip::Regtest);

/// A shop that has read what `node` has, with a bech32 address of the node's own wallet.
async fn bench(node: &CoreNode, family: Family) -> Bench {
    let address = node.address("bech32").await;
    let best = node.call("getbestblockhash", serde_json::json!([])).await;
    let header = node.call("getblockheader", serde_json::json!([best])).await;
    let now = UnixMillis::from_seconds(header["time"].as_i64().expect("a time") + 30);
    Bench::start(family, &[(ProviderKind::Node, node.url())], &address, now).await
}

/// Pays, mines, takes the block off and mines the payment again: seen waiting, confirmed, waiting again, paid once.
async fn a_payment_survives_a_reorganisation(node: &CoreNode, family: Family) {
    let mut bench = bench(node, family).await;
    let payment = bench.create(1_000_000).await;
    let address = payment.payment.chosen().unwrap().address.to_string();
    let txid = node.pay(&address, "0.01").await;
    bench.catch_up().await;
    let seen = bench.now(&payment).await;
    assert_eq!((seen.payment.status, seen.confirmations), (Status::Confirming, 0));
    node.mine(1).await;
    bench.catch_up().await;
    let mined_at = node.height().await;
    assert_eq!(bench.heights(&payment).await, [(mined_at, false)]);
    assert_eq!(*bench.transfers(&payment).await[0].seen.txid, *txid);
    // Another block in its place, and one more: the payment is in neither.
    node.take_off().await;
    node.hold_back(&txid, true).await;
    node.mine(2).await;
    bench.catch_up().await;
    assert_eq!(bench.heights(&payment).await, [(mined_at, true)]);
    assert_eq!(bench.status(&payment).await, Status::Confirming, "it waits again");
    node.hold_back(&txid, false).await;
    node.mine(2).await;
    bench.catch_up().await;
    assert_eq!(bench.status(&payment).await, Status::Paid);
    let standing = bench.heights(&payment).await;
    let standing: Vec<_> = standing.iter().filter(|(_, orphaned)| !orphaned).collect();
    assert_eq!(standing, [&(mined_at + 2, false)]);
}

/// Every kind of output that pays the shop's addresses is found where the node says it is.
async fn a_block_is_read_as_the_node_tells_it(node: &CoreNode, family: Family, kinds: &[&str]) {
    let mut watched = payd::chain::WatchSet::default();
    let mut expected = Vec::new();
    for (number, kind) in (1..).zip(kinds) {
        let text = node.address(kind).await;
        watched.insert(&payd::domain::address::Address::parse(family, &text).expect("an address"));
        let txid = node.pay(&text, &format!("0.0{number}")).await;
        expected.push((txid, u128::from(number * 1_000_000_u32)));
    }
    node.mine(1).await;
    let bench = bench(node, family).await;
    let height = node.height().await;
    let blocks = bench
        .source
        .read(height..=height, &watched)
        .await
        .expect("a block");
    let mut found: Vec<(String, u128)> = blocks
        .transfers
        .iter()
        .map(|seen| (seen.txid.to_string(), seen.amount.get()))
        .collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn litecoin_is_read_from_a_real_node() {
    let node = CoreNode::litecoin().await;
    node.mine(101).await;
    a_block_is_read_as_the_node_tells_it(&node, LITECOIN, &["legacy", "p2sh-segwit", "bech32"]).await;
    a_payment_survives_a_reorganisation(&node, LITECOIN).await;
}

#[tokio::test]
async fn litecoin_is_read_after_the_start_of_mweb_with_its_peg_outs() {
    let node = CoreNode::litecoin().await;
    node.mine(431).await;
    // Something has to be pegged in for the first block with MWEB to be possible.
    let inside = node
        .call_other("getnewaddress", serde_json::json!(["", "mweb"]))
        .await;
    node.pay(inside.as_str().expect("an address"), "20").await;
    node.mine(3).await;
    a_block_is_read_as_the_node_tells_it(&node, LITECOIN, &["legacy", "p2sh-segwit", "bech32"]).await;
    a_payment_survives_a_reorganisation(&node, LITECOIN).await;

    let mut bench = bench(&node, LITECOIN).await;
    let payment = bench.create(1_000_000).await;
    let address = payment.payment.chosen().unwrap().address.to_string();
    // The other wallet has nothing outside MWEB: it pays out of it.
    node.call_other("sendtoaddress", serde_json::json!([address, "0.01"]))
        .await;
    node.mine(2).await;
    bench.catch_up().await;
    assert_eq!(bench.status(&payment).await, Status::Paid);
    let seen = &bench.transfers(&payment).await[0].seen;
    let block = node
        .call("getblock", serde_json::json!([&*seen.block.hash, 1]))
        .await;
    let last = block["tx"].as_array().expect("transactions").last();
    assert_eq!(last.expect("a HogEx"), &*seen.txid);
    assert!(seen.position > 0, "the first output is MWEB's own");
}

#[tokio::test]
async fn bitcoin_is_read_from_a_real_node() {
    let Some(node) = CoreNode::bitcoin().await else {
        return;
    };
    node.mine(101).await;
    let kinds = ["legacy", "p2sh-segwit", "bech32", "bech32m"];
    a_block_is_read_as_the_node_tells_it(&node, BITCOIN, &kinds).await;
    a_payment_survives_a_reorganisation(&node, BITCOIN).await;
}
