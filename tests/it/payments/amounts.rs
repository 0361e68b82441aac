//! How much came, and how: exact, in parts, too little, too much, of the wrong kind, or only seemingly.

use serde_json::json;

use super::bench::owned;
use super::{Bench, Reading, Setup, in_both_readings};
use crate::harness::contracts::Contract;

in_both_readings! {
    an_exact_payment_is_confirmed_once_its_block_is_deep_enough,
    two_transfers_in_different_blocks_add_up_to_one_payment,
    two_logs_of_one_transaction_are_two_transfers,
    one_transaction_that_pays_two_payments_confirms_both,
    money_beyond_the_amount_due_is_recorded_and_confirms_once,
    a_part_of_the_amount_confirms_nothing,
    an_amount_short_by_no_more_than_the_tolerance_is_enough,
    transfers_that_came_to_nothing_are_no_money,
    another_token_is_no_money_whatever_it_calls_itself,
    a_known_token_that_was_not_asked_for_is_recorded_and_told,
    a_transfer_by_a_third_party_counts_like_any_other,
    the_native_coin_is_received_by_plain_transactions,
}

async fn an_exact_payment_is_confirmed_once_its_block_is_deep_enough(reading: Reading) {
    let bench = Bench::start(Setup::new(reading)).await;
    let invoice = bench.ask().await;
    assert_eq!(invoice.due, "50.000000");

    let txid = bench.pay(&invoice.address, invoice.units).await;
    let seen = bench.wait_for_amount(&invoice.number, "50.000000").await;
    assert_eq!(
        (&seen["status"], &seen["tx_hash"]),
        (&json!("pending"), &json!(txid))
    );
    let shown = bench.show(&invoice.number);
    assert_eq!(
        (&shown["status"], &shown["settled"]),
        (&json!("confirming"), &json!("0.000000"))
    );

    bench.anvil.mine(2).await;
    let paid = bench.wait_for_status(&invoice.number, "confirmed").await;
    assert_eq!(paid["confirmations"], 3);
    bench.check_paid(&invoice, &txid, "50.000000").await;
    bench.close().await;
}

async fn two_transfers_in_different_blocks_add_up_to_one_payment(reading: Reading) {
    let bench = Bench::start(Setup::new(reading)).await;
    let invoice = bench.ask().await;
    bench.pay(&invoice.address, bench.usdt(20)).await;
    bench.wait_for_amount(&invoice.number, "20.000000").await;
    bench.settle().await;
    assert_eq!(bench.show(&invoice.number)["status"], "pending");

    let second = bench.pay(&invoice.address, bench.usdt(30)).await;
    bench.settle().await;
    bench.check_paid(&invoice, &second, "50.000000").await;
    assert_eq!(
        bench.transfers(&invoice),
        [("20.000000", "counted"), ("30.000000", "counted")].map(owned)
    );
    bench.close().await;
}

async fn two_logs_of_one_transaction_are_two_transfers(reading: Reading) {
    let bench = Bench::start(Setup::new(reading)).await;
    let invoice = bench.ask().await;
    let batcher = approved(&bench, Contract::Batcher).await;
    let to = invoice.address.as_str();
    let pays = [(to, bench.usdt(25)), (to, bench.usdt(25))];
    let txid = bench.anvil.batch_transfer(&batcher, &bench.usdt, pays).await;
    bench.anvil.mined(&txid).await;
    bench.settle().await;
    bench.check_paid(&invoice, &txid, "50.000000").await;
    let shown = bench.show(&invoice.number);
    let (first, second) = (&shown["transfers"][0], &shown["transfers"][1]);
    assert_eq!((&first["txid"], &second["txid"]), (&json!(txid), &json!(txid)));
    assert_ne!(first["position"], second["position"]);
    bench.close().await;
}

async fn one_transaction_that_pays_two_payments_confirms_both(reading: Reading) {
    let bench = Bench::start(Setup::new(reading)).await;
    let (one, other) = (bench.ask().await, bench.ask_for(1234, "usdt").await);
    assert_ne!(one.address, other.address);
    let batcher = approved(&bench, Contract::Batcher).await;
    let pays = [
        (one.address.as_str(), one.units),
        (other.address.as_str(), other.units),
    ];
    let txid = bench.anvil.batch_transfer(&batcher, &bench.usdt, pays).await;
    bench.anvil.mined(&txid).await;
    bench.settle().await;
    bench.check_paid(&one, &txid, "50.000000").await;
    bench.check_paid(&other, &txid, "12.340000").await;
    bench.close().await;
}

async fn money_beyond_the_amount_due_is_recorded_and_confirms_once(reading: Reading) {
    let bench = Bench::start(Setup::new(reading)).await;
    let invoice = bench.ask().await;
    let txid = bench.pay(&invoice.address, bench.usdt(60)).await;
    bench.settle().await;
    bench.check_paid(&invoice, &txid, "60.000000").await;
    assert_eq!(bench.show(&invoice.number)["is_overpaid"], true);

    // After the end: recorded and told, and nothing is confirmed again.
    bench.pay(&invoice.address, bench.usdt(50)).await;
    bench.settle().await;
    let events = ["created", "confirming", "confirmed", "late"];
    bench.expect_notices(&invoice.number, &events).await;
    assert_eq!(
        bench.transfers(&invoice),
        [("60.000000", "counted"), ("50.000000", "after_end")].map(owned)
    );
    bench.close().await;
}

async fn a_part_of_the_amount_confirms_nothing(reading: Reading) {
    let bench = Bench::start(Setup::new(reading)).await;
    let invoice = bench.ask().await;
    bench.pay(&invoice.address, invoice.units - 1).await;
    bench.settle().await;
    let body = bench.get(&invoice.number).await;
    assert_eq!(body["status"], "pending");
    let shown = bench.show(&invoice.number);
    assert_eq!(shown["status"], "pending");
    bench.expect_notices(&invoice.number, &["created"]).await;

    let txid = bench.pay(&invoice.address, 1).await;
    bench.settle().await;
    bench.check_paid(&invoice, &txid, "50.000000").await;
    bench.close().await;
}

async fn an_amount_short_by_no_more_than_the_tolerance_is_enough(reading: Reading) {
    let bench = Bench::start(Setup::new(reading).rules(&["--tolerance-bps", "100"])).await;
    let (short, enough) = (bench.ask().await, bench.ask().await);
    let required = short.units - short.units / 100;
    let to_short = bench
        .anvil
        .transfer(&bench.usdt, &short.address, required - 1)
        .await;
    let to_enough = bench.anvil.transfer(&bench.usdt, &enough.address, required).await;
    bench.anvil.mine(1).await;
    assert!(bench.anvil.receipt(&to_short).await.is_some());
    bench.settle().await;
    bench.check_paid(&enough, &to_enough, "49.500000").await;
    assert_eq!(bench.show(&short.number)["status"], "pending");
    bench.expect_notices(&short.number, &["created"]).await;
    bench.close().await;
}

async fn transfers_that_came_to_nothing_are_no_money(reading: Reading) {
    let bench = Bench::start(Setup::new(reading)).await;
    let invoice = bench.ask().await;
    let reverter = approved(&bench, Contract::Reverter).await;
    let (anvil, to) = (&bench.anvil, invoice.address.as_str());
    let failed = anvil
        .transfer_and_revert(&reverter, &bench.usdt, to, invoice.units)
        .await;
    anvil
        .transfer_and_swallow(&reverter, &bench.usdt, to, invoice.units)
        .await;
    anvil.transfer(&bench.usdt, to, 0).await;
    let failed = anvil.mined(&failed).await;
    assert_eq!(failed["status"], "0x0");
    bench.settle().await;
    assert_eq!(bench.transfers(&invoice), []);
    bench.expect_notices(&invoice.number, &["created"]).await;
    bench.close().await;
}

async fn another_token_is_no_money_whatever_it_calls_itself(reading: Reading) {
    let bench = Bench::start(Setup::new(reading)).await;
    let invoice = bench.ask().await;
    let fake = bench.anvil.deploy_token("USDT", bench.usdt.decimals).await;
    let paid = bench.anvil.transfer(&fake, &invoice.address, invoice.units).await;
    assert_eq!(bench.anvil.mined(&paid).await["status"], "0x1");
    bench.settle().await;
    assert_eq!(bench.transfers(&invoice), []);
    bench.expect_notices(&invoice.number, &["created"]).await;
    bench.close().await;
}

async fn a_known_token_that_was_not_asked_for_is_recorded_and_told(reading: Reading) {
    let bench = Bench::start(Setup::new(reading)).await;
    let invoice = bench.ask().await;
    let paid = bench
        .anvil
        .transfer(&bench.usdc, &invoice.address, invoice.units)
        .await;
    bench.anvil.mined(&paid).await;
    bench.settle().await;
    assert_eq!(bench.show(&invoice.number)["status"], "pending");
    assert_eq!(
        bench.transfers(&invoice),
        [("50.000000", "wrong_asset")].map(owned)
    );
    let notices = bench.expect_notices(&invoice.number, &["created", "late"]).await;
    assert_eq!(notices[1]["tx_hash"], json!(paid));

    let txid = bench.pay(&invoice.address, invoice.units).await;
    bench.settle().await;
    let events = ["created", "late", "confirming", "confirmed"];
    let notices = bench.expect_notices(&invoice.number, &events).await;
    assert_eq!(notices[3]["tx_hash"], json!(txid));
    bench.close().await;
}

async fn a_transfer_by_a_third_party_counts_like_any_other(reading: Reading) {
    let bench = Bench::start(Setup::new(reading)).await;
    let invoice = bench.ask().await;
    let approval = bench.anvil.approve(&bench.usdt, bench.anvil.account(1)).await;
    bench.anvil.mined(&approval).await;
    let txid = bench
        .anvil
        .transfer_from(&bench.usdt, 1, &invoice.address, invoice.units)
        .await;
    bench.anvil.mined(&txid).await;
    bench.settle().await;
    bench.check_paid(&invoice, &txid, "50.000000").await;
    bench.close().await;
}

async fn the_native_coin_is_received_by_plain_transactions(reading: Reading) {
    let bench = Bench::start(Setup::new(reading)).await;
    let invoice = bench.ask_for(5000, "native").await;
    let half = invoice.units / 2;
    bench.anvil.send_native(&invoice.address, half).await;
    bench.anvil.mine(1).await;
    let txid = bench
        .anvil
        .send_native(&invoice.address, invoice.units - half)
        .await;
    bench.anvil.mined(&txid).await;
    bench.settle().await;
    let events = ["created", "confirming", "confirmed"];
    let notices = bench.expect_notices(&invoice.number, &events).await;
    let (symbol, due) = match reading {
        Reading::Receipts => ("ETH", "0.02500000"),
        Reading::Logs => ("BNB", "0.10000000"),
    };
    assert_eq!(
        (
            &notices[2]["currency"],
            &notices[2]["amount"],
            &notices[2]["tx_hash"]
        ),
        (&json!(symbol), &json!(due), &json!(txid))
    );
    let held = bench.anvil.balance(&invoice.address).await;
    assert_eq!(
        (held, bench.ledger().recorded(&invoice.address, "native")),
        (invoice.units, held)
    );
    bench.close().await;
}

/// Deploys a contract that may move the first account's USDT.
async fn approved(bench: &Bench, contract: Contract) -> String {
    let address = bench.anvil.deploy(contract, "").await;
    let approval = bench.anvil.approve(&bench.usdt, &address).await;
    bench.anvil.mined(&approval).await;
    address
}
