//! Blocks that are replaced: money that goes, stays, comes back, or is paid again.

use super::bench::{event_of, owned};
use super::setup::FINAL_DEPTH;
use super::{Bench, Reading, Setup, in_both_readings};
use crate::harness::wait_until;

in_both_readings! {
    a_payment_whose_block_is_replaced_before_it_settled_waits_again_and_can_be_paid_again,
    a_transaction_that_comes_back_in_another_block_is_credited_once,
    a_transaction_that_comes_back_at_another_place_in_its_block_is_credited_once,
    a_payment_replaced_after_it_settled_stays_paid_and_a_person_is_told,
    blocks_replaced_while_payd_is_down_are_found_at_the_next_start,
    a_chain_that_got_shorter_is_followed_once_it_has_grown,
}

async fn a_payment_whose_block_is_replaced_before_it_settled_waits_again_and_can_be_paid_again(
    reading: Reading,
) {
    let bench = Bench::start(Setup::new(reading)).await;
    let invoice = bench.ask().await;
    bench.pay(&invoice.address, invoice.units).await;
    bench.anvil.mine(1).await;
    bench.wait_for_amount(&invoice.number, "50.000000").await;
    bench.anvil.reorg(2).await;
    bench.catch_up().await;
    let body = bench.get(&invoice.number).await;
    assert!(body["actual_crypto_amount"].is_null(), "{body}");
    bench
        .expect_notices(&invoice.number, &["created", "confirming", "reverted"])
        .await;

    let txid = bench.pay(&invoice.address, invoice.units).await;
    bench.settle().await;
    bench.drain().await;
    let notices = bench.notices(&invoice.number);
    let mut kinds: Vec<String> = notices.iter().map(event_of).collect();
    kinds.sort();
    let expected = ["confirmed", "confirming", "confirming", "created", "reverted"];
    assert_eq!(kinds, expected.map(|kind| format!("payment.{kind}")));
    let confirmed = notices
        .iter()
        .find(|notice| event_of(notice) == "payment.confirmed")
        .unwrap();
    bench.check_confirmed(&confirmed.json(), &invoice, &txid, "50.000000");
    assert_eq!(
        bench.transfers(&invoice),
        [("50.000000", "orphaned"), ("50.000000", "counted")].map(owned)
    );
    bench.close().await;
}

async fn a_transaction_that_comes_back_in_another_block_is_credited_once(reading: Reading) {
    let bench = Bench::start(Setup::new(reading)).await;
    let invoice = bench.ask().await;
    let txid = bench.pay(&invoice.address, invoice.units).await;
    let raw = bench.anvil.raw(&txid).await;
    bench.wait_for_amount(&invoice.number, "50.000000").await;
    bench.anvil.reorg(1).await;
    assert_eq!(bench.anvil.send_raw(&raw).await, txid);
    bench.anvil.mined(&txid).await;
    bench.settle().await;
    assert_eq!(bench.ledger().events(&invoice.number, "payment.confirmed"), 1);
    assert_eq!(bench.transfers(&invoice), [("50.000000", "counted")].map(owned));
    bench.wait_for_status(&invoice.number, "confirmed").await;
    bench.close().await;
}

async fn a_transaction_that_comes_back_at_another_place_in_its_block_is_credited_once(reading: Reading) {
    let bench = Bench::start(Setup::new(reading)).await;
    let invoice = bench.ask().await;
    // Another account's transfer, so that the two can change places.
    bench
        .anvil
        .mint(&bench.usdt, bench.anvil.account(1), bench.usdt(1))
        .await;
    let txid = bench.pay(&invoice.address, invoice.units).await;
    let raw = bench.anvil.raw(&txid).await;
    bench.wait_for_amount(&invoice.number, "50.000000").await;
    let before = bench.show(&invoice.number);
    bench.anvil.reorg(1).await;
    // The mint is not sent again, so that the payment's log is the first of its block.
    let sent = bench.anvil.send_raw(&raw).await;
    assert_eq!(sent, txid);
    let nonce_filler = bench.anvil.send_native(bench.anvil.account(2), 1).await;
    bench.anvil.mined(&nonce_filler).await;
    bench.anvil.mined(&txid).await;
    bench.settle().await;
    let after = bench.show(&invoice.number);
    let position = |shown: &serde_json::Value| {
        let transfers = shown["transfers"].as_array().unwrap();
        let counted = transfers.iter().find(|one| one["is_orphaned"] == false);
        counted.unwrap()["position"].clone()
    };
    assert_ne!(position(&before), position(&after));
    assert_eq!(
        (&after["status"], &after["settled"]),
        (&"paid".into(), &"50.000000".into())
    );
    assert_eq!(bench.ledger().events(&invoice.number, "payment.confirmed"), 1);
    bench.close().await;
}

async fn a_payment_replaced_after_it_settled_stays_paid_and_a_person_is_told(reading: Reading) {
    let bench = Bench::start(Setup::new(reading)).await;
    let invoice = bench.ask().await;
    let txid = bench.pay(&invoice.address, invoice.units).await;
    bench.settle().await;
    bench.check_paid(&invoice, &txid, "50.000000").await;
    bench.anvil.reorg(FINAL_DEPTH - 3).await;
    bench.catch_up().await;
    let events = ["created", "confirming", "confirmed", "reorged"];
    bench.expect_notices(&invoice.number, &events).await;
    assert_eq!(bench.get(&invoice.number).await["status"], "confirmed");
    assert_eq!(bench.transfers(&invoice), [("50.000000", "orphaned")].map(owned));
    assert!(
        bench.daemon.log().contains("took back money that had settled"),
        "{}",
        bench.daemon.log()
    );
    bench.close().await;
}

async fn blocks_replaced_while_payd_is_down_are_found_at_the_next_start(reading: Reading) {
    let mut bench = Bench::start(Setup::new(reading)).await;
    let (lost, kept) = (bench.ask().await, bench.ask_for(700, "usdt").await);
    let kept_by = bench.pay(&kept.address, kept.units).await;
    bench.pay(&lost.address, lost.units).await;
    bench.wait_for_amount(&lost.number, "50.000000").await;
    bench.drain().await;
    bench.daemon.kill();
    bench.anvil.reorg(1).await;
    bench.anvil.mine(20).await;

    bench.daemon.restart().await;
    bench.settle().await;
    bench.check_paid(&kept, &kept_by, "7.000000").await;
    let events = ["created", "confirming", "reverted"];
    bench.expect_notices(&lost.number, &events).await;
    assert_eq!(bench.show(&lost.number)["status"], "pending");
    bench.close().await;
}

async fn a_chain_that_got_shorter_is_followed_once_it_has_grown(reading: Reading) {
    let bench = Bench::start(Setup::new(reading)).await;
    let invoice = bench.ask().await;
    bench.pay(&invoice.address, invoice.units).await;
    bench.anvil.mine(1).await;
    bench.wait_for_amount(&invoice.number, "50.000000").await;
    bench.anvil.rollback(2).await;
    let txid = bench.pay(&invoice.address, bench.usdt(51)).await;
    bench.settle().await;
    let body = bench.wait_for_status(&invoice.number, "confirmed").await;
    assert_eq!(
        (&body["tx_hash"], &body["actual_crypto_amount"]),
        (&txid.into(), &"51.000000".into())
    );
    assert_eq!(bench.ledger().events(&invoice.number, "payment.confirmed"), 1);
    bench.close().await;
}

#[tokio::test]
async fn a_reorganisation_below_the_final_depth_stops_the_reading_and_readyz_says_why() {
    let mut bench = Bench::start(Setup::new(Reading::Receipts)).await;
    let invoice = bench.ask().await;
    bench.anvil.mine(FINAL_DEPTH + 5).await;
    bench.read_to_tip().await;
    bench.anvil.reorg(FINAL_DEPTH + 2).await;
    bench.pay(&invoice.address, invoice.units).await;
    let reason = wait_until("payd to stop reading", || async {
        let (status, body) = bench.daemon.readiness().await;
        (status == 503).then(|| body["not_ready"][0]["reason"].as_str().unwrap().to_owned())
    })
    .await;
    assert!(reason.contains("below its final depth of 12 blocks"), "{reason}");
    let body = bench.get(&invoice.number).await;
    assert_eq!(
        (&body["status"], &body["actual_crypto_amount"]),
        (&"pending".into(), &serde_json::Value::Null)
    );
    bench.expect_notices(&invoice.number, &["created"]).await;
    assert!(bench.daemon.stop().await.success());
}
