//! Asks providers whether they could be a network's, each by itself, before any of them is relied on.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;

use super::{Surroundings, networks};
use crate::chain::ProviderReport;
use crate::chain::bitcoin::params::{ChainRules, Coin};
use crate::config::settings::{LiveNetwork, Provider};
use crate::domain::network::{Bip, Family, Network};
use crate::engine::office::networks::ProviderProbe;

/// The longest that somebody at a browser waits.
const WAIT_MAX: Duration = Duration::from_secs(25);

/// Test networks that payd does not know by itself, and that people take for the real ones.
const TEST_CHAINS: &[(u64, &str)] = &[
    (97, "BNB Smart Chain Testnet"),
    (17_000, "Holesky (Ethereum's test network)"),
    (31_337, "a local development chain"),
    (43_113, "Avalanche Fuji (a test network)"),
    (80_002, "Polygon Amoy (a test network)"),
    (84_532, "Base Sepolia (a test network)"),
    (421_614, "Arbitrum Sepolia (a test network)"),
    (560_048, "Hoodi (Ethereum's test network)"),
    (11_155_111, "Sepolia (Ethereum's test network)"),
    (11_155_420, "OP Sepolia (a test network)"),
];

/// A provider that is to be asked.
pub(super) enum Asked {
    /// As the only one of its network.
    Live(Box<LiveNetwork>),
    /// What was typed is none.
    Refused(String),
}

/// A report of each, in the order given.
pub(super) async fn ask(
    network: &Network,
    asked: Vec<Asked>,
    known: &[Arc<Network>],
    surroundings: &Surroundings,
) -> Vec<ProviderProbe> {
    let each = asked.into_iter().map(|asked| async move {
        let live = match asked {
            Asked::Live(live) => live,
            Asked::Refused(reason) => return refused("", reason),
        };
        let host = live.providers.first().map(Provider::host).unwrap_or_default();
        let source = match networks::live(&live, surroundings) {
            Ok(source) => source.source,
            Err(error) => return refused(&host, format!("{error:#}")),
        };
        match tokio::time::timeout(WAIT_MAX, source.probe()).await {
            Ok(reports) => match reports.into_iter().next() {
                Some(report) => probe(host, report, network, known),
                None => refused(&host, "it was not asked".to_owned()),
            },
            Err(_) => refused(
                &host,
                format!("it did not answer within {} s", WAIT_MAX.as_secs()),
            ),
        }
    });
    join_all(each).await
}

fn refused(host: &str, reason: String) -> ProviderProbe {
    ProviderProbe {
        host: host.to_owned(),
        height: None,
        block_time: None,
        latency: None,
        other_network: None,
        faults: vec![reason],
        remarks: Vec::new(),
    }
}

fn probe(host: String, report: ProviderReport, network: &Network, known: &[Arc<Network>]) -> ProviderProbe {
    let served = report.chain.as_deref();
    ProviderProbe {
        host,
        height: report.height,
        block_time: report.block_time,
        latency: report.latency,
        other_network: served.and_then(|served| other(network.family, served, known)),
        faults: report.faults,
        remarks: report.remarks,
    }
}

/// The network that a provider serves, by the chain's own name for itself, where that is another than the wanted one.
fn other(wanted: Family, served: &str, known: &[Arc<Network>]) -> Option<String> {
    match wanted {
        Family::Evm { chain_id } => {
            let served: u64 = served.parse().ok()?;
            let is_served = |network: &&Arc<Network>| network.family == Family::Evm { chain_id: served };
            let named = known
                .iter()
                .find(is_served)
                .map(|network| network.name.to_string());
            let test = || {
                TEST_CHAINS
                    .iter()
                    .find(|(id, _)| *id == served)
                    .map(|(_, name)| (*name).to_owned())
            };
            let numbered = || Some(format!("the chain with the id {served}"));
            (served != chain_id).then(|| named.or_else(test).or_else(numbered))?
        }
        Family::Bitcoin(bip) => other_coin((Coin::Bitcoin, bip), served),
        Family::Litecoin(bip) => other_coin((Coin::Litecoin, bip), served),
        Family::Tron => None,
    }
}

fn other_coin(wanted: (Coin, Bip), served: &str) -> Option<String> {
    const NAMED: &[(Coin, Bip, &str)] = &[
        (Coin::Bitcoin, Bip::Mainnet, "Bitcoin"),
        (Coin::Bitcoin, Bip::Testnet, "a test network of Bitcoin"),
        (Coin::Bitcoin, Bip::Regtest, "a private Bitcoin chain (regtest)"),
        (Coin::Litecoin, Bip::Mainnet, "Litecoin"),
        (Coin::Litecoin, Bip::Testnet, "Litecoin's test network"),
        (Coin::Litecoin, Bip::Regtest, "a private Litecoin chain (regtest)"),
    ];
    let (coin, bip, name) = NAMED.iter().find(|(coin, bip, _)| {
        ChainRules {
            coin: *coin,
            bip: *bip,
        }
        .genesis()
        .contains(&served)
    })?;
    ((*coin, *bip) != wanted).then(|| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::domain::network::Mode;

    #[test]
    fn a_node_of_another_network_is_told_by_the_name_that_people_know() {
        let settings = config::load(None, |_| None).unwrap();
        let registry = settings.registry();
        let live = registry.networks().filter(|network| network.mode == Mode::Live);
        let known: Vec<_> = live.cloned().collect();
        let bsc = Family::Evm { chain_id: 56 };
        for (wanted, served, name) in [
            (bsc, "56", None),
            (bsc, "1", Some("Ethereum")),
            (bsc, "97", Some("BNB Smart Chain Testnet")),
            (bsc, "4711", Some("the chain with the id 4711")),
            (
                Family::Bitcoin(Bip::Mainnet),
                "12a765e31ffd4059bada1e25190f6e98c99d9714d334efa41a195a7e7e04bfe2",
                Some("Litecoin"),
            ),
            (
                Family::Bitcoin(Bip::Regtest),
                "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f",
                Some("Bitcoin"),
            ),
            (
                Family::Bitcoin(Bip::Mainnet),
                "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f",
                None,
            ),
            (Family::Tron, "00", None),
        ] {
            assert_eq!(other(wanted, served, &known).as_deref(), name, "{served}");
        }
    }
}
