//! When the money came: a block's own time decides, never the moment at which payd saw it.

use super::bench::owned;
use super::{Bench, Invoice, Reading, Setup, in_both_readings};

in_both_readings! {
    money_mined_in_the_last_second_counts_even_when_payd_was_down,
    money_mined_a_second_after_the_end_is_late_and_left_to_the_merchant,
    late_money_counts_where_the_store_accepts_it,
    a_part_in_time_leaves_the_payment_underpaid_and_the_late_rest_is_told,
    a_payment_expires_only_once_its_chain_was_read_past_its_end,
}

/// How far before now the chain begins and the payments are made, in seconds.
const CHAIN_AGE_S: u64 = 7200;
const PAYMENT_AGE_S: u64 = 3600;

/// A shop on a chain that is two hours old, whose customers have a minute to pay.
fn setup(reading: Reading, late_policy: &'static str) -> Setup {
    let rules = ["--window", "60s", "--late-policy", late_policy];
    Setup {
        genesis_s: Some(now_s() - CHAIN_AGE_S),
        ..Setup::new(reading).rules(&rules)
    }
}

/// Asks for a payment as if it had been an hour ago; gives the last second in which it can be paid.
async fn ask_an_hour_ago(bench: &Bench) -> (Invoice, u64) {
    let invoice = bench.ask().await;
    bench.ledger().backdate(&invoice.number, PAYMENT_AGE_S);
    let expires_ms = bench.ledger().expires_ms(&invoice.number);
    (invoice, u64::try_from(expires_ms).unwrap() / 1000)
}

async fn money_mined_in_the_last_second_counts_even_when_payd_was_down(reading: Reading) {
    let mut bench = Bench::start(setup(reading, "flag")).await;
    let (invoice, last_s) = ask_an_hour_ago(&bench).await;
    bench.drain().await;
    bench.daemon.kill();
    let txid = bench
        .anvil
        .transfer(&bench.usdt, &invoice.address, invoice.units)
        .await;
    bench.anvil.mined_at(&txid, last_s).await;
    bench.anvil.mine_at(last_s + 1000).await;

    bench.daemon.restart().await;
    bench.settle().await;
    bench.check_paid(&invoice, &txid, "50.000000").await;
    bench.close().await;
}

async fn money_mined_a_second_after_the_end_is_late_and_left_to_the_merchant(reading: Reading) {
    let bench = Bench::start(setup(reading, "flag")).await;
    let (invoice, last_s) = ask_an_hour_ago(&bench).await;
    let txid = bench
        .anvil
        .transfer(&bench.usdt, &invoice.address, invoice.units)
        .await;
    bench.anvil.mined_at(&txid, last_s + 1).await;
    let body = bench.wait_for_status(&invoice.number, "expired").await;
    assert!(body["actual_crypto_amount"].is_null(), "{body}");
    bench.settle().await;
    let notices = bench
        .expect_notices(&invoice.number, &["created", "late", "expired"])
        .await;
    assert_eq!(notices[1]["tx_hash"], serde_json::json!(txid));
    assert_eq!(notices[2]["status"], "expired");
    assert_eq!(bench.transfers(&invoice), [("50.000000", "late")].map(owned));
    bench.close().await;
}

async fn late_money_counts_where_the_store_accepts_it(reading: Reading) {
    let bench = Bench::start(setup(reading, "accept")).await;
    let (invoice, last_s) = ask_an_hour_ago(&bench).await;
    bench.anvil.mine_at(last_s + 1).await;
    bench.wait_for_status(&invoice.number, "expired").await;

    let txid = bench
        .anvil
        .transfer(&bench.usdt, &invoice.address, invoice.units)
        .await;
    bench.anvil.mined_at(&txid, last_s + 600).await;
    bench.wait_for_amount(&invoice.number, "50.000000").await;
    bench.settle().await;
    let events = ["created", "expired", "confirming", "confirmed"];
    let notices = bench.expect_notices(&invoice.number, &events).await;
    bench.check_confirmed(&notices[3], &invoice, &txid, "50.000000");
    bench.close().await;
}

async fn a_part_in_time_leaves_the_payment_underpaid_and_the_late_rest_is_told(reading: Reading) {
    let bench = Bench::start(setup(reading, "flag")).await;
    let (invoice, last_s) = ask_an_hour_ago(&bench).await;
    let first = bench
        .anvil
        .transfer(&bench.usdt, &invoice.address, bench.usdt(20))
        .await;
    bench.anvil.mined_at(&first, last_s - 10).await;
    bench.wait_for_amount(&invoice.number, "20.000000").await;
    bench.anvil.mine_at(last_s + 1).await;
    bench.wait_for_status(&invoice.number, "expired").await;
    assert_eq!(bench.show(&invoice.number)["status"], "underpaid");

    let rest = bench
        .anvil
        .transfer(&bench.usdt, &invoice.address, bench.usdt(30))
        .await;
    bench.anvil.mined_at(&rest, last_s + 10).await;
    bench.settle().await;
    // PayHook has no word for underpaid: its payment expires and says what came.
    let notices = bench
        .expect_notices(&invoice.number, &["created", "expired", "late"])
        .await;
    assert_eq!(notices[1]["actual_crypto_amount"], "20.000000");
    assert_eq!(bench.show(&invoice.number)["status"], "underpaid");
    assert_eq!(
        bench.transfers(&invoice),
        [("20.000000", "counted"), ("30.000000", "late")].map(owned)
    );
    bench.close().await;
}

async fn a_payment_expires_only_once_its_chain_was_read_past_its_end(reading: Reading) {
    let bench = Bench::start(setup(reading, "flag")).await;
    let (invoice, last_s) = ask_an_hour_ago(&bench).await;
    bench.anvil.mine_at(last_s - 1).await;
    bench.read_to_tip().await;
    bench.anvil.mine_at(last_s).await;
    bench.read_to_tip().await;
    assert_eq!(bench.get(&invoice.number).await["status"], "pending");
    bench.expect_notices(&invoice.number, &["created"]).await;

    bench.anvil.mine_at(last_s + 1).await;
    bench.wait_for_status(&invoice.number, "expired").await;
    bench
        .expect_notices(&invoice.number, &["created", "expired"])
        .await;
    bench.close().await;
}

fn now_s() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.expect("a time after 1970").as_secs()
}
