//! A real Esplora server, where `ESPLORA_URL` names one: of any Bitcoin or Litecoin chain.

use std::sync::Arc;

use payd::ambient::{Clock as _, SimulatedClock, SystemClock};
use payd::chain::bitcoin::ProviderKind;
use payd::chain::{ChainSource as _, WatchSet};
use payd::domain::network::{Bip, Family};

use super::bench;

#[tokio::test]
async fn bitcoin_is_read_from_a_real_esplora_server() {
    let Ok(url) = std::env::var("ESPLORA_URL") else {
        eprintln!("skipped: ESPLORA_URL names no server to test against");
        return;
    };
    let clock = Arc::new(SimulatedClock::starting_at(SystemClock.now()));
    for bip in [Bip::Mainnet, Bip::Testnet, Bip::Regtest] {
        for family in [Family::Bitcoin(bip), Family::Litecoin(bip)] {
            let network = bench::network(family);
            let source = bench::source(&network, &[(ProviderKind::Esplora, url.clone())], &clock);
            let Ok(tip) = source.tip().await else { continue };
            let first = tip.height.saturating_sub(2);
            let blocks = source
                .read(first..=tip.height, &WatchSet::default())
                .await
                .expect("three blocks");
            assert_eq!(blocks.headers.last().expect("a block").block, tip);
            assert!(source.agrees(tip.height, &tip.hash).await.expect("an answer"));
            return;
        }
    }
    panic!("{url} serves none of the chains that are known");
}
