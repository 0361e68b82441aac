//! What happens to a shop, whatever it is read from.

use serde_json::json;

use super::bench::{Bench, CONFIRMATIONS, Reading};
use crate::harness::litecoin::{decimal, units};

/// The wallet that has coins in MWEB only.
const HIDDEN: &str = "hidden";

pub async fn payments_of_every_kind_are_seen_waiting_and_then_paid(reading: Reading) {
    let bench = Bench::start(reading).await;
    let node = &bench.node;
    node.call("createwallet", json!([HIDDEN])).await;
    node.peg_in(HIDDEN, "10").await;
    node.mine(1).await;
    let (first, second, third) = (bench.ask().await, bench.ask().await, bench.ask().await);
    // Two payments in one transaction, and half of the third.
    let both = [(&*first.address, &*first.due), (&*second.address, &*second.due)];
    let txid = node.pay(&both).await;
    let half = decimal(units(&third.due) / 2);
    node.pay(&[(&third.address, &half)]).await;
    bench.wait_for_status(&first, "confirming").await;
    bench.wait_for_status(&second, "confirming").await;
    node.mine(1).await;
    // The other half comes out of MWEB: it is in no transaction of its own, but in the block's last.
    let rest = decimal(units(&third.due) - units(&half));
    node.peg_out(HIDDEN, &third.address, &rest).await;
    node.mine(CONFIRMATIONS).await;
    for invoice in [&first, &second] {
        let paid = bench.wait_for_status(invoice, "paid").await;
        assert_eq!(paid["transfers"].as_array().map(Vec::len), Some(1), "{paid}");
        assert_eq!(paid["transfers"][0]["txid"], txid);
    }
    let paid = bench.wait_for_status(&third, "paid").await;
    assert_eq!(paid["transfers"].as_array().map(Vec::len), Some(2), "{paid}");
    bench.close().await;
}

pub async fn a_reorganisation_takes_a_payment_back_and_gives_it_again(reading: Reading) {
    let bench = Bench::start(reading).await;
    let node = &bench.node;
    let invoice = bench.ask().await;
    let txid = node.pay(&[(&invoice.address, &invoice.due)]).await;
    node.mine(1).await;
    bench.read_to_tip().await;
    let lost = node.tip().await;
    assert_eq!(bench.show(&invoice)["transfers"][0]["block_hash"], lost);
    // A longer branch without the payment, which waits for a block again.
    node.invalidate(&lost).await;
    node.mine_without(&txid, 2).await;
    bench.read_to_tip().await;
    assert_eq!(bench.show(&invoice)["transfers"][0]["is_orphaned"], true);
    assert_ne!(bench.show(&invoice)["status"], "paid");
    node.mine(CONFIRMATIONS).await;
    bench.wait_for_status(&invoice, "paid").await;
    bench.close().await;
}

pub async fn a_replaced_payment_counts_once_and_one_taken_back_not_at_all(reading: Reading) {
    let bench = Bench::start(reading).await;
    let node = &bench.node;
    let (bumped, taken_back) = (bench.ask().await, bench.ask().await);
    let first = node.pay_replaceable(&bumped.address, &bumped.due).await;
    let gone = node.pay_replaceable(&taken_back.address, &taken_back.due).await;
    bench.wait_for_status(&bumped, "confirming").await;
    bench.wait_for_status(&taken_back, "confirming").await;
    node.take_back(&gone).await;
    let second = node.bump(&first).await;
    assert_ne!(first, second);
    bench.wait_for_status(&taken_back, "pending").await;
    node.mine(CONFIRMATIONS).await;
    let paid = bench.wait_for_status(&bumped, "paid").await;
    assert_eq!(paid["transfers"].as_array().map(Vec::len), Some(1), "{paid}");
    assert_eq!(paid["transfers"][0]["txid"], second);
    assert_eq!(bench.show(&taken_back)["status"], "pending");
    bench.close().await;
}

pub async fn what_was_paid_while_the_daemon_was_down_is_found_hundreds_of_blocks_later(reading: Reading) {
    let mut bench = Bench::start(reading).await;
    let (first, second) = (bench.ask().await, bench.ask().await);
    bench.node.pay(&[(&first.address, &first.due)]).await;
    // Ended in the middle of reading, as by a power cut.
    bench.node.mine(1).await;
    bench.daemon.kill();
    bench.node.mine(150).await;
    bench.node.pay(&[(&second.address, &second.due)]).await;
    bench.node.mine(150).await;
    bench.daemon.restart().await;
    bench.wait_for_status(&first, "paid").await;
    bench.wait_for_status(&second, "paid").await;
    bench.close().await;
}
