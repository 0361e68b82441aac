//! What an operator does, and does wrong: a second daemon, wrong settings, addresses added while it runs.

use super::bench::STORE;
use super::{Bench, Reading, Setup, in_both_readings};
use crate::harness::proxy::Fault;
use crate::harness::wait_until;

in_both_readings! {
    wrong_decimals_are_refused_and_nothing_is_credited,
    an_address_that_is_added_while_payd_runs_is_watched,
    a_payment_made_before_the_chain_could_be_read_is_not_missed,
}

#[tokio::test]
async fn a_second_daemon_on_the_same_data_is_refused_and_the_first_goes_on() {
    let bench = Bench::start(Setup::new(Reading::Logs)).await;
    let mut second = bench.daemon.launch_beside();
    let ended = second.wait().await;
    assert!(!ended.success());
    assert!(
        second.stderr().contains("another payd runs on"),
        "{}",
        second.stderr()
    );
    let invoice = bench.ask().await;
    let txid = bench.pay(&invoice.address, invoice.units).await;
    bench.settle().await;
    bench.check_paid(&invoice, &txid, "50.000000").await;
    bench.close().await;
}

async fn wrong_decimals_are_refused_and_nothing_is_credited(reading: Reading) {
    let mut bench = Bench::prepare(Setup {
        claimed_decimals: Some(8),
        ..Setup::new(reading)
    })
    .await;
    bench.daemon.launch();
    let expected = format!(
        "of usdt has {} decimals, configured are 8 decimals: correct `contract` or `decimals`",
        bench.usdt.decimals
    );
    // Before that it may say that nothing was read yet.
    wait_until("payd to say what is wrong", || async {
        let (status, body) = bench.daemon.readiness().await;
        let reason = body["not_ready"][0]["reason"].as_str().unwrap_or_default();
        (status == 503 && reason.contains(&expected)).then_some(())
    })
    .await;
    bench.pay(&bench.pool[0], bench.usdt(50)).await;
    bench.anvil.mine(5).await;
    assert_eq!(bench.ledger().cursor(), None, "nothing is read");
    assert_eq!(bench.receiver.received().len(), 0);
    let doctor = bench.daemon.try_cli(&["doctor"]);
    assert!(!doctor.status.success());
    assert!(
        String::from_utf8_lossy(&doctor.stdout).contains(&expected),
        "{doctor:?}"
    );
    assert!(bench.daemon.stop().await.success());
}

async fn an_address_that_is_added_while_payd_runs_is_watched(reading: Reading) {
    let mut bench = Bench::start(Setup::new(reading).addresses(0)).await;
    let refused = bench.try_ask(5000, "usdt").await;
    assert_eq!(refused.status, 400, "{refused:?}");
    bench.pool = vec![super::setup::address(77)];
    bench
        .daemon
        .add_addresses(STORE, bench.network(), &[&bench.pool[0]]);
    let invoice = bench.ask().await;
    let held = bench.try_ask(5000, "usdt").await;
    assert_eq!(held.status, 503, "one address, one payment: {held:?}");
    let txid = bench.pay(&invoice.address, invoice.units).await;
    bench.settle().await;
    bench.check_paid(&invoice, &txid, "50.000000").await;
    bench.close().await;
}

async fn a_payment_made_before_the_chain_could_be_read_is_not_missed(reading: Reading) {
    let mut bench = Bench::prepare(Setup {
        is_direct: false,
        is_from_start: false,
        ..Setup::new(reading).proxies(1)
    })
    .await;
    bench.proxies[0].inject(Fault::Drop);
    bench.daemon.launch();
    bench.daemon.readiness().await;
    let asked = bench.try_ask(5000, "usdt").await;
    if asked.status == 201 {
        let address = asked.json()["assigned_address"].as_str().unwrap().to_owned();
        bench.pay(&address, bench.usdt(50)).await;
        bench.anvil.mine(3).await;
    }
    bench.proxies[0].clear();
    bench.catch_up().await;
    if asked.status == 201 {
        let number = asked.json()["payment_number"].as_str().unwrap().to_owned();
        bench.wait_for_status(&number, "confirmed").await;
    } else {
        assert_eq!(asked.status, 503, "{asked:?}");
        let invoice = bench.ask().await;
        let txid = bench.pay(&invoice.address, invoice.units).await;
        bench.settle().await;
        bench.check_paid(&invoice, &txid, "50.000000").await;
    }
    bench.close().await;
}
