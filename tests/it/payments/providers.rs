//! Providers that fail, lag and lie, beside honest ones: nothing is lost and nothing is credited wrongly.

use super::{Bench, Reading, Setup, in_both_readings};
use crate::harness::proxy::Fault;
use crate::harness::wait_until;

in_both_readings! {
    an_altered_amount_is_not_credited,
    a_log_that_is_left_out_is_found,
    a_throttled_provider_costs_nothing,
    a_truncated_reply_is_no_reply,
    a_provider_of_another_chain_is_not_believed,
    a_provider_that_lags_loses_no_money,
    a_provider_that_hangs_up_or_fails_is_replaced,
    a_provider_that_falls_silent_is_replaced,
    nothing_is_confirmed_on_one_providers_word,
}

/// A payment while the first of three providers misbehaves: it has to be confirmed, and by what really was paid.
async fn pay_beside(reading: Reading, faults: &[Fault]) -> Bench {
    let bench = Bench::start(Setup::new(reading).proxies(2)).await;
    // High enough that a head which lags by 20 blocks is one.
    bench.anvil.mine(30).await;
    bench.read_to_tip().await;
    for fault in faults {
        bench.proxies[0].inject(fault.clone());
    }
    let (half, whole) = (bench.ask().await, bench.ask().await);
    bench.pay(&half.address, half.units / 2).await;
    let txid = bench.pay(&whole.address, whole.units).await;
    bench.settle().await;
    bench.check_paid(&whole, &txid, "50.000000").await;
    bench.expect_notices(&half.number, &["created"]).await;
    assert_eq!(bench.show(&half.number)["received"], "25.000000");
    bench
}

async fn an_altered_amount_is_not_credited(reading: Reading) {
    let bench = pay_beside(reading, &[Fault::AlterAmount(10_u128.pow(24))]).await;
    bench.close().await;
}

async fn a_log_that_is_left_out_is_found(reading: Reading) {
    let bench = pay_beside(reading, &[Fault::RemoveLog]).await;
    bench.close().await;
}

async fn a_throttled_provider_costs_nothing(reading: Reading) {
    let bench = pay_beside(reading, &[Fault::Throttle { retry_after_s: 1 }]).await;
    // Left alone as long as it asked for: once per second at the most, not at every poll.
    let requests = bench.proxies[0].requests();
    assert!(requests < 60, "{requests} requests");
    bench.close().await;
}

async fn a_truncated_reply_is_no_reply(reading: Reading) {
    pay_beside(reading, &[Fault::Truncate]).await.close().await;
}

async fn a_provider_of_another_chain_is_not_believed(reading: Reading) {
    let faults = [Fault::ChainId(97), Fault::AlterAmount(1)];
    let mut bench = Bench::prepare(Setup::new(reading).proxies(2)).await;
    for fault in faults {
        bench.proxies[0].inject(fault);
    }
    bench.daemon.restart().await;
    bench.read_to_tip().await;
    let invoice = bench.ask().await;
    let txid = bench.pay(&invoice.address, invoice.units).await;
    bench.settle().await;
    bench.check_paid(&invoice, &txid, "50.000000").await;
    let log = bench.daemon.log();
    assert!(log.contains("it serves chain id 97"), "{log}");
    bench.close().await;
}

async fn a_provider_that_lags_loses_no_money(reading: Reading) {
    pay_beside(reading, &[Fault::StaleHead(20)]).await.close().await;
}

async fn a_provider_that_hangs_up_or_fails_is_replaced(reading: Reading) {
    let bench = pay_beside(reading, &[Fault::Drop]).await;
    bench.proxies[0].clear();
    bench.proxies[0].inject(Fault::Status(502, "<html>bad gateway</html>"));
    let invoice = bench.ask().await;
    let txid = bench.pay(&invoice.address, invoice.units).await;
    bench.settle().await;
    bench.check_paid(&invoice, &txid, "50.000000").await;
    bench.close().await;
}

async fn a_provider_that_falls_silent_is_replaced(reading: Reading) {
    pay_beside(reading, &[Fault::Hang]).await.close().await;
}

async fn nothing_is_confirmed_on_one_providers_word(reading: Reading) {
    let bench = Bench::start(Setup::new(reading).proxies(1)).await;
    bench.proxies[0].inject(Fault::Drop);
    let invoice = bench.ask().await;
    let txid = bench.pay(&invoice.address, invoice.units).await;
    match reading {
        Reading::Receipts => {
            bench.settle().await;
            assert_eq!(bench.show(&invoice.number)["status"], "confirming");
            bench
                .expect_notices(&invoice.number, &["created", "confirming"])
                .await;
        }
        // That a log was left out shows in no block, so that nothing at all is read on one word.
        Reading::Logs => {
            wait_until("a network that cannot be read", || async {
                let (status, _) = bench.daemon.readiness().await;
                (status == 503).then_some(())
            })
            .await;
            assert_eq!(bench.show(&invoice.number)["status"], "pending");
        }
    }

    bench.proxies[0].clear();
    bench.settle().await;
    wait_until("the second word", || async {
        let body = bench.get(&invoice.number).await;
        (body["status"] == "confirmed").then_some(())
    })
    .await;
    bench.check_paid(&invoice, &txid, "50.000000").await;
    bench.close().await;
}
