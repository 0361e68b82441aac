//! The recorded chain, step by step, into a real store.

use payd::chain::bitcoin::ProviderKind;
use payd::domain::network::{Bip, Family};
use payd::domain::status::Status;
use payd::domain::time::UnixMillis;

use super::bench::Bench;
use crate::harness::bitcoin_server::BitcoinServer;
use crate::harness::recorded_bitcoin::RecordedBitcoin;

const REGTEST: Family = Family::Bitcoin(Bip::Regtest);

fn address(label: &str) -> &'static str {
    let addresses = RecordedBitcoin::addresses();
    let found = addresses.iter().find(|(known, _)| *known == label);
    found.expect("a recorded address").1
}

/// A server at `step`, and a shop with the address `label` that has read up to there by `kind`.
async fn at(step: &str, kind: ProviderKind, label: &str) -> (BitcoinServer, Bench) {
    let server = BitcoinServer::start(step).await;
    let url = match kind {
        ProviderKind::Esplora => server.esplora_url(),
        ProviderKind::Node | ProviderKind::Electrum => server.node_url(),
    };
    let now = UnixMillis::from_seconds(server.chain.tip_time_s() + 30);
    let bench = Bench::start(REGTEST, &[(kind, url)], address(label), now).await;
    (server, bench)
}

async fn go_to(server: &BitcoinServer, bench: &mut Bench, step: &str) {
    server.chain.stand_at(step);
    bench.catch_up_at(server.chain.tip_time_s()).await;
}

/// One test for each kind of provider.
macro_rules! by_both_kinds {
    ($($scenario:ident,)+) => {
        mod by_node {
            $(#[tokio::test]
            async fn $scenario() {
                super::$scenario(payd::chain::bitcoin::ProviderKind::Node).await;
            })+
        }
        mod by_esplora {
            $(#[tokio::test]
            async fn $scenario() {
                super::$scenario(payd::chain::bitcoin::ProviderKind::Esplora).await;
            })+
        }
    };
}

by_both_kinds! {
    a_payment_is_seen_waiting_then_confirmed_then_paid,
    a_payment_in_two_parts_adds_up,
    a_payment_replaced_before_its_block_is_pending_again,
    a_payment_replaced_by_one_with_a_higher_fee_is_paid_once,
    a_payment_lost_in_a_reorganisation_is_pending_again,
    a_payment_moved_by_a_reorganisation_is_paid_once,
}

async fn a_payment_is_seen_waiting_then_confirmed_then_paid(kind: ProviderKind) {
    let (server, mut bench) = at("00-funded", kind, "shop-p2wpkh").await;
    let payment = bench.create(150_000).await;
    assert_eq!(bench.status(&payment).await, Status::Pending);
    go_to(&server, &mut bench, "01a-exact-in-mempool").await;
    let seen = bench.now(&payment).await;
    assert_eq!((seen.payment.status, seen.confirmations), (Status::Confirming, 0));
    go_to(&server, &mut bench, "01b-exact-mined").await;
    let mined = bench.now(&payment).await;
    assert_eq!(
        (mined.payment.status, mined.confirmations),
        (Status::Confirming, 1)
    );
    go_to(&server, &mut bench, "02b-first-part-mined").await;
    assert_eq!(bench.status(&payment).await, Status::Paid);
    assert_eq!(bench.heights(&payment).await, [(112, false)]);
}

async fn a_payment_in_two_parts_adds_up(kind: ProviderKind) {
    let (server, mut bench) = at("01b-exact-mined", kind, "shop-p2pkh").await;
    let payment = bench.create(150_000).await;
    go_to(&server, &mut bench, "02b-first-part-mined").await;
    go_to(&server, &mut bench, "02d-second-part-mined").await;
    assert_eq!(bench.status(&payment).await, Status::Confirming);
    go_to(&server, &mut bench, "03b-two-addresses-mined").await;
    assert_eq!(bench.status(&payment).await, Status::Paid);
    assert_eq!(bench.heights(&payment).await, [(113, false), (114, false)]);
}

async fn a_payment_replaced_before_its_block_is_pending_again(kind: ProviderKind) {
    let (server, mut bench) = at("04b-same-address-mined", kind, "shop-p2wpkh").await;
    let payment = bench.create(250_000).await;
    go_to(&server, &mut bench, "05a-rbf-original-in-mempool").await;
    assert_eq!(bench.status(&payment).await, Status::Confirming);
    // The replacement pays somebody else: after a few looks in vain the money is gone.
    for step in ["05b-rbf-replacement-in-mempool", "05c-rbf-replacement-mined"] {
        go_to(&server, &mut bench, step).await;
        bench.catch_up().await;
        bench.catch_up().await;
    }
    assert_eq!(bench.status(&payment).await, Status::Pending);
    assert_eq!(bench.heights(&payment).await, []);
}

async fn a_payment_replaced_by_one_with_a_higher_fee_is_paid_once(kind: ProviderKind) {
    let (server, mut bench) = at("05c-rbf-replacement-mined", kind, "shop-p2wsh").await;
    let payment = bench.create(175_000).await;
    for step in ["06a-bump-original-in-mempool", "06b-bump-replacement-in-mempool"] {
        go_to(&server, &mut bench, step).await;
        assert_eq!(bench.status(&payment).await, Status::Confirming, "{step}");
    }
    go_to(&server, &mut bench, "06c-bump-replacement-mined").await;
    go_to(&server, &mut bench, "07a-lost-confirmed").await;
    let paid = bench.now(&payment).await;
    assert_eq!(
        (paid.payment.status, paid.payment.progress.seen.get()),
        (Status::Paid, 175_000)
    );
    assert_eq!(bench.heights(&payment).await, [(118, false)]);
}

async fn a_payment_lost_in_a_reorganisation_is_pending_again(kind: ProviderKind) {
    let (server, mut bench) = at("06c-bump-replacement-mined", kind, "shop-p2pkh").await;
    let payment = bench.create(400_000).await;
    go_to(&server, &mut bench, "07a-lost-confirmed").await;
    assert_eq!(bench.status(&payment).await, Status::Confirming);
    assert_eq!(bench.heights(&payment).await, [(119, false)]);
    go_to(&server, &mut bench, "07d-lost-reorged-out").await;
    for _ in 0..3 {
        bench.catch_up().await;
    }
    assert_eq!(bench.heights(&payment).await, [(119, true)]);
    let now = bench.now(&payment).await;
    assert_eq!(
        (now.payment.status, now.payment.progress.seen.get()),
        (Status::Pending, 0)
    );
}

async fn a_payment_moved_by_a_reorganisation_is_paid_once(kind: ProviderKind) {
    let (server, mut bench) = at("07d-lost-reorged-out", kind, "shop-p2sh-p2wpkh").await;
    let payment = bench.create(220_000).await;
    go_to(&server, &mut bench, "08a-moved-confirmed").await;
    assert_eq!(bench.heights(&payment).await, [(121, false)]);
    go_to(&server, &mut bench, "08d-moved-remined").await;
    let heights = bench.heights(&payment).await;
    assert_eq!(
        heights
            .iter()
            .filter(|(_, orphaned)| !orphaned)
            .collect::<Vec<_>>(),
        [&(122, false)]
    );
    go_to(&server, &mut bench, "09-coinbase-pays-shop").await;
    let paid = bench.now(&payment).await;
    assert_eq!(
        (paid.payment.status, paid.payment.progress.seen.get()),
        (Status::Paid, 220_000)
    );
}

#[tokio::test]
async fn a_node_is_given_the_user_and_password_of_its_url() {
    let server = BitcoinServer::start("00-funded").await;
    let now = UnixMillis::from_seconds(server.chain.tip_time_s() + 30);
    let clock = std::sync::Arc::new(payd::ambient::SimulatedClock::starting_at(now));
    let network = super::bench::network(REGTEST);
    let tip = |url: String| {
        let source = super::bench::source(&network, &[(ProviderKind::Node, url)], &clock);
        async move { payd::chain::ChainSource::tip(&*source).await }
    };
    assert_eq!(tip(server.node_url()).await.expect("a tip").height, 111);
    let refused = tip(server.closed_node_url())
        .await
        .expect_err("a refusal")
        .to_string();
    assert!(refused.contains("HTTP 401"), "{refused}");
}
