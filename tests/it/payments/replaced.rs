//! Transactions whose place another one took, and chains that went on for long without payd.

use serde_json::json;

use super::bench::owned;
use super::{Bench, Reading, Setup, in_both_readings};
use crate::harness::wait_until;

in_both_readings! {
    a_transaction_replaced_by_one_with_a_higher_fee_is_no_money,
    a_transaction_replaced_by_a_reorganisation_and_a_new_one_is_taken_back,
    thousands_of_missed_blocks_are_caught_up_with_by_command,
}

/// Sends the coin with the fee and the nonce that are said; gives the hash.
async fn send(bench: &Bench, to: &str, wei: u128, nonce: u64, gwei: u64) -> String {
    let transaction = json!({
        "from": bench.anvil.account(3), "to": to, "value": format!("{wei:#x}"), "gas": "0x5208",
        "nonce": format!("{nonce:#x}"), "gasPrice": format!("{:#x}", u128::from(gwei) * 1_000_000_000),
    });
    let sent = bench
        .anvil
        .call("eth_sendTransaction", json!([transaction]))
        .await;
    sent.as_str().unwrap().to_owned()
}

async fn a_transaction_replaced_by_one_with_a_higher_fee_is_no_money(reading: Reading) {
    let bench = Bench::start(Setup::new(reading)).await;
    let invoice = bench.ask_for(5000, "native").await;
    send(&bench, &invoice.address, invoice.units, 0, 10).await;
    let elsewhere = send(&bench, bench.anvil.account(5), invoice.units, 0, 100).await;
    bench.anvil.mined(&elsewhere).await;
    bench.settle().await;
    assert_eq!(bench.transfers(&invoice), []);
    assert_eq!(bench.show(&invoice.number)["status"], "pending");

    // The customer's wallet replaces its own transaction to speed it up.
    send(&bench, &invoice.address, invoice.units, 1, 10).await;
    let faster = send(&bench, &invoice.address, invoice.units, 1, 100).await;
    bench.anvil.mined(&faster).await;
    bench.settle().await;
    let body = bench.wait_for_status(&invoice.number, "confirmed").await;
    assert_eq!(body["tx_hash"], json!(faster));
    assert_eq!(bench.transfers(&invoice).len(), 1);
    bench.close().await;
}

async fn a_transaction_replaced_by_a_reorganisation_and_a_new_one_is_taken_back(reading: Reading) {
    let bench = Bench::start(Setup::new(reading)).await;
    let invoice = bench.ask_for(5000, "native").await;
    let paid = send(&bench, &invoice.address, invoice.units, 0, 10).await;
    bench.anvil.mined(&paid).await;
    bench.wait_for_amount(&invoice.number, &invoice.due).await;
    bench.anvil.reorg(1).await;
    let elsewhere = send(&bench, bench.anvil.account(5), invoice.units, 0, 100).await;
    bench.anvil.mined(&elsewhere).await;
    bench.settle().await;
    assert_eq!(bench.show(&invoice.number)["status"], "pending");
    assert_eq!(
        bench.transfers(&invoice),
        [(&*invoice.due, "orphaned")].map(owned)
    );
    bench.close().await;
}

async fn thousands_of_missed_blocks_are_caught_up_with_by_command(reading: Reading) {
    let mut bench = Bench::start(Setup::new(reading)).await;
    let invoice = bench.ask().await;
    bench.drain().await;
    let refused = bench.daemon.try_cli(&["catch-up"]);
    assert!(!refused.status.success());
    let words = String::from_utf8_lossy(&refused.stderr);
    assert!(words.contains("another payd runs on"), "{words}");

    bench.daemon.kill();
    bench.anvil.mine(1500).await;
    let txid = bench.pay(&invoice.address, invoice.units).await;
    bench.anvil.mine(1500).await;
    let height = bench.anvil.block_number().await;
    let told = bench.daemon.cli(&["catch-up", bench.network()]);
    assert_eq!(
        told.trim(),
        format!("{}: read up to block {height}", bench.network())
    );
    assert_eq!(bench.show(&invoice.number)["status"], "paid");

    bench.daemon.restart().await;
    bench.check_paid(&invoice, &txid, "50.000000").await;
    wait_until("the daemon to go on from there", || {
        let cursor = bench.ledger().cursor();
        async move { (cursor?.0 >= height.cast_signed()).then_some(()) }
    })
    .await;
    bench.close().await;
}
