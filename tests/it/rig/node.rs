//! The EVM node and the contracts on it.

use serde_json::json;

use super::{BSC, SHOP, transfers};
use crate::harness::abi;
use crate::harness::anvil::{Anvil, Mining};
use crate::harness::contracts::Contract;

const OTHER: &str = "0x000000000000000000000000000000000000beef";

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
    for more in 1..=20 {
        anvil.mined(&anvil.send_native(SHOP, 1).await).await;
        assert_eq!(
            anvil.block_number().await,
            height + 15 + more,
            "one block per transaction"
        );
    }
}
