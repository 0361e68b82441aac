//! Coins that a contract sends: in no transaction's `to` and in no log. And what audits say of them.

use serde_json::json;

use super::bench::owned;
use super::{Bench, Invoice, Reading, Setup, in_both_readings};
use crate::harness::contracts::Contract;
use crate::harness::proxy::Fault;
use crate::harness::wait_until;

in_both_readings! {
    coins_sent_by_a_contract_are_credited_once_however_often_payd_starts,
    coins_sent_by_a_contract_come_beside_plain_ones,
    coins_sent_by_a_contract_in_the_last_second_are_found_before_the_payment_expires,
    a_provider_that_inflates_balances_beside_an_honest_one_has_nothing_credited,
    coins_sent_by_a_contract_that_a_reorganisation_takes_back_count_once_when_they_come_again,
    an_audit_lists_what_is_unexplained_until_it_is_explained,
}

/// A bench with a contract that passes coins on. Multicall3 is there by logs, as on most chains.
async fn start(setup: Setup) -> (Bench, String) {
    let mut bench = Bench::prepare(setup).await;
    if bench.setup.reading == Reading::Logs {
        bench.anvil.install_multicall().await;
    }
    let batcher = bench.anvil.deploy(Contract::Batcher, "").await;
    bench.daemon.restart().await;
    bench.read_to_tip().await;
    (bench, batcher)
}

async fn forward(bench: &Bench, batcher: &str, invoice: &Invoice, wei: u128) {
    let sent = bench.anvil.forward_native(batcher, &invoice.address, wei).await;
    assert_eq!(bench.anvil.mined(&sent).await["status"], "0x1");
}

/// Has a pass made over all balances: there is one at every start.
async fn pass(bench: &mut Bench) {
    bench.daemon.restart().await;
    bench.catch_up().await;
}

async fn check_balance(bench: &Bench, invoice: &Invoice) {
    let held = bench.anvil.balance(&invoice.address).await;
    assert_eq!(bench.ledger().recorded(&invoice.address, "native"), held);
}

async fn coins_sent_by_a_contract_are_credited_once_however_often_payd_starts(reading: Reading) {
    let (mut bench, batcher) = start(Setup::new(reading)).await;
    let invoice = bench.ask_for(5000, "native").await;
    bench.anvil.mine(2).await;
    forward(&bench, &batcher, &invoice, invoice.units).await;
    let height = bench.anvil.block_number().await;
    bench.settle().await;
    pass(&mut bench).await;
    bench.wait_for_status(&invoice.number, "confirmed").await;
    for _ in 0..2 {
        bench.anvil.mine(5).await;
        pass(&mut bench).await;
    }
    let events = ["created", "confirming", "confirmed"];
    let notices = bench.expect_notices(&invoice.number, &events).await;
    let hash = bench.anvil.block_hash(height).await;
    let stands_for = format!("balance:{hash}:{}", invoice.address);
    assert_eq!(notices[2]["tx_hash"], json!(stands_for));
    assert_eq!(
        bench.show(&invoice.number)["transfers"][0]["height"],
        json!(height)
    );
    check_balance(&bench, &invoice).await;
    bench.close().await;
}

async fn coins_sent_by_a_contract_come_beside_plain_ones(reading: Reading) {
    let (mut bench, batcher) = start(Setup::new(reading)).await;
    let invoice = bench.ask_for(5000, "native").await;
    let half = invoice.units / 2;
    // Both in one block.
    bench.anvil.send_native(&invoice.address, half).await;
    forward(&bench, &batcher, &invoice, invoice.units - half).await;
    bench.settle().await;
    pass(&mut bench).await;
    bench.wait_for_status(&invoice.number, "confirmed").await;
    assert_eq!(bench.show(&invoice.number)["received"], json!(invoice.due));
    assert_eq!(bench.transfers(&invoice).len(), 2);
    check_balance(&bench, &invoice).await;
    bench.close().await;
}

async fn coins_sent_by_a_contract_in_the_last_second_are_found_before_the_payment_expires(reading: Reading) {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let setup = Setup {
        genesis_s: Some(now.unwrap().as_secs() - 7200),
        ..Setup::new(reading).rules(&["--window", "60s"])
    };
    let (bench, batcher) = start(setup).await;
    let (paid, unpaid) = (
        bench.ask_for(5000, "native").await,
        bench.ask_for(5000, "native").await,
    );
    for invoice in [&paid, &unpaid] {
        bench.ledger().backdate(&invoice.number, 3600);
    }
    let last_s = u64::try_from(bench.ledger().expires_ms(&paid.number)).unwrap() / 1000;
    let sent = bench
        .anvil
        .forward_native(&batcher, &paid.address, paid.units)
        .await;
    bench.anvil.mined_at(&sent, last_s).await;
    bench.anvil.mine_at(last_s + 100).await;
    bench.settle().await;
    bench.wait_for_status(&paid.number, "confirmed").await;
    bench.wait_for_status(&unpaid.number, "expired").await;
    bench
        .expect_notices(&paid.number, &["created", "confirming", "confirmed"])
        .await;
    bench.close().await;
}

async fn a_provider_that_inflates_balances_beside_an_honest_one_has_nothing_credited(reading: Reading) {
    let (mut bench, batcher) = start(Setup::new(reading).proxies(1)).await;
    let invoice = bench.ask_for(5000, "native").await;
    bench.anvil.mine(3).await;
    bench.catch_up().await;
    // All addresses in one call where Multicall3 is there, each its own call where it is not.
    let calls = bench.proxies[0].calls("eth_getBalance");
    assert_eq!(calls == 0, reading == Reading::Logs, "{calls} calls");
    bench.proxies[0].inject(Fault::InflateBalances(invoice.units));
    bench.anvil.mine(5).await;
    pass(&mut bench).await;
    let daemon = &bench.daemon;
    wait_until("payd to see the contradiction", || async {
        daemon
            .log()
            .contains("contradict one another about balances")
            .then_some(())
    })
    .await;
    assert_eq!(bench.transfers(&invoice), []);
    bench.proxies[0].clear();
    forward(&bench, &batcher, &invoice, invoice.units).await;
    bench.settle().await;
    pass(&mut bench).await;
    bench.wait_for_status(&invoice.number, "confirmed").await;
    check_balance(&bench, &invoice).await;
    bench.close().await;
}

async fn coins_sent_by_a_contract_that_a_reorganisation_takes_back_count_once_when_they_come_again(
    reading: Reading,
) {
    let (mut bench, batcher) = start(Setup::new(reading)).await;
    let invoice = bench.ask_for(5000, "native").await;
    let before = bench.anvil.block_number().await;
    forward(&bench, &batcher, &invoice, invoice.units).await;
    bench.settle().await;
    pass(&mut bench).await;
    bench.wait_for_status(&invoice.number, "confirmed").await;
    let height = bench.anvil.block_number().await;
    bench.anvil.reorg(height - before).await;
    bench.anvil.mine(1).await;
    bench.catch_up().await;
    assert_eq!(bench.ledger().recorded(&invoice.address, "native"), 0);
    forward(&bench, &batcher, &invoice, invoice.units).await;
    bench.settle().await;
    pass(&mut bench).await;
    wait_until("the coins to be recorded again", || async {
        (bench.ledger().recorded(&invoice.address, "native") == invoice.units).then_some(())
    })
    .await;
    assert_eq!(bench.ledger().events(&invoice.number, "payment.confirmed"), 1);
    check_balance(&bench, &invoice).await;
    bench.close().await;
}

async fn an_audit_lists_what_is_unexplained_until_it_is_explained(reading: Reading) {
    let (mut bench, batcher) = start(Setup::new(reading)).await;
    let (coins, tokens) = (bench.ask_for(5000, "native").await, bench.ask().await);
    bench.anvil.mine(3).await;
    bench.catch_up().await;
    let first = bench.daemon.cli(&["audit"]);
    assert!(first.contains("taken down for the first time"), "{first}");

    bench.pay(&tokens.address, tokens.units).await;
    bench.settle().await;
    let clean = bench.daemon.cli(&["audit", "--network", bench.network()]);
    assert!(clean.contains("0 unexplained of"), "{clean}");

    forward(&bench, &batcher, &coins, coins.units).await;
    bench.settle().await;
    let bad = bench.daemon.try_cli(&["audit", "--json"]);
    assert!(!bad.status.success());
    let told: serde_json::Value = serde_json::from_slice(&bad.stdout).unwrap();
    assert_eq!(told["unexplained"], 1);
    let listed = &told["networks"][0]["unexplained"][0];
    assert_eq!(
        (&listed["address"], &listed["base_units"]),
        (&json!(coins.address), &json!(coins.units.to_string()))
    );

    pass(&mut bench).await;
    bench.wait_for_status(&coins.number, "confirmed").await;
    let clean = bench.daemon.cli(&["audit"]);
    assert!(clean.contains("0 unexplained of"), "{clean}");
    assert_eq!(bench.transfers(&tokens), [("50.000000", "counted")].map(owned));
    bench.close().await;
}
