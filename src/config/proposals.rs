//! Public providers that need no key, as data: what the dashboard proposes, and what the example configuration names.
//!
//! They come and go; whoever relies on one alone stands still with it.

use url::Url;

use super::settings::{ProviderKind, shown_host};

/// A public provider of a built-in network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposal {
    /// The network's name in configuration.
    pub network: &'static str,
    /// Who runs it. Two of one operator are one witness.
    pub operator: &'static str,
    /// Where it is.
    pub url: &'static str,
    /// What it speaks.
    pub kind: ProviderKind,
}

const fn node(network: &'static str, operator: &'static str, url: &'static str) -> Proposal {
    Proposal {
        network,
        operator,
        url,
        kind: ProviderKind::Node,
    }
}

/// The list, in the order of preference. The first two of a network are of different operators.
pub const PROPOSALS: &[Proposal] = &[
    node("ethereum", "PublicNode", "https://ethereum-rpc.publicnode.com"),
    node("ethereum", "dRPC", "https://eth.drpc.org"),
    node("bsc", "PublicNode", "https://bsc-rpc.publicnode.com"),
    node("bsc", "dRPC", "https://bsc.drpc.org"),
    node("tron", "TronGrid", "https://api.trongrid.io"),
    node("tron", "PublicNode", "https://tron-rpc.publicnode.com"),
    Proposal {
        network: "bitcoin",
        operator: "Blockstream",
        url: "https://blockstream.info/api",
        kind: ProviderKind::Esplora,
    },
    Proposal {
        network: "bitcoin",
        operator: "mempool.space",
        url: "https://mempool.space/api",
        kind: ProviderKind::Esplora,
    },
    Proposal {
        network: "bitcoin",
        operator: "Blockstream",
        url: "ssl://electrum.blockstream.info:50002",
        kind: ProviderKind::Electrum,
    },
    Proposal {
        network: "litecoin",
        operator: "litecoinspace.org",
        url: "https://litecoinspace.org/api",
        kind: ProviderKind::Esplora,
    },
    Proposal {
        network: "litecoin",
        operator: "bysh.me",
        url: "ssl://electrum-ltc.bysh.me:50002",
        kind: ProviderKind::Electrum,
    },
    node("polygon", "PublicNode", "https://polygon-bor-rpc.publicnode.com"),
    node("polygon", "dRPC", "https://polygon.drpc.org"),
    node(
        "arbitrum",
        "PublicNode",
        "https://arbitrum-one-rpc.publicnode.com",
    ),
    node("arbitrum", "dRPC", "https://arbitrum.drpc.org"),
    node("optimism", "PublicNode", "https://optimism-rpc.publicnode.com"),
    node("optimism", "dRPC", "https://optimism.drpc.org"),
    node("base", "PublicNode", "https://base-rpc.publicnode.com"),
    node("base", "dRPC", "https://base.drpc.org"),
    node(
        "avalanche",
        "PublicNode",
        "https://avalanche-c-chain-rpc.publicnode.com",
    ),
    node("avalanche", "dRPC", "https://avalanche.drpc.org"),
];

impl Proposal {
    /// Its host, as providers are named.
    #[must_use]
    pub fn host(&self) -> String {
        Url::parse(self.url)
            .map(|url| shown_host(&url))
            .unwrap_or_default()
    }
}
