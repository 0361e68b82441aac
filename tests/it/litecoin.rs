//! Real payments in litecoin: the real daemon, a real node past the activation of MWEB with its own wallets as payers, a
//! real Electrum server; read from the node, from the server, and from both.

mod bench;
mod scenarios;

use self::bench::{Bench, Reading};
use self::scenarios::*;

/// Makes of each scenario one test per way of reading the chain.
macro_rules! by_every_reading {
    ($($scenario:ident,)+) => {
        mod by_node {
            $(#[tokio::test]
            async fn $scenario() {
                super::$scenario(super::Reading::Node).await;
            })+
        }
        mod by_electrum {
            $(#[tokio::test]
            async fn $scenario() {
                super::$scenario(super::Reading::Electrum).await;
            })+
        }
    };
}

by_every_reading! {
    payments_of_every_kind_are_seen_waiting_and_then_paid,
    a_reorganisation_takes_a_payment_back_and_gives_it_again,
    a_replaced_payment_counts_once_and_one_taken_back_not_at_all,
    what_was_paid_while_the_daemon_was_down_is_found_hundreds_of_blocks_later,
}

#[tokio::test]
async fn a_node_and_an_electrum_server_by_tls_are_read_together() {
    let bench = Bench::start(Reading::Both).await;
    let invoice = bench.ask().await;
    let txid = bench.node.pay(&[(&invoice.address, &invoice.due)]).await;
    bench.wait_for_status(&invoice, "confirming").await;
    bench.node.mine(bench::CONFIRMATIONS).await;
    let paid = bench.wait_for_status(&invoice, "paid").await;
    assert_eq!(paid["transfers"][0]["txid"], txid);
    let log = bench.daemon.log();
    assert!(log.contains("certificate pinned"), "{log}");
    bench.close().await;
}
