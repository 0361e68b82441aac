//! Networks: the chains payments can be made on, real and simulated.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::confirmations::Tiers;

super::vocabulary! {
    /// Whether real money moves.
    Mode, "mode" {
        /// Simulated chains inside payd.
        Test = "test",
        /// Real chains.
        Live = "live",
    }
}

/// The name under which a network is known in configuration, store and logs: `bsc`, or `test-bsc` for the
/// simulated one. Lower-case letters, digits and `-`, at most 32.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NetworkId(Arc<str>);

impl NetworkId {
    /// Reads a network name; `None` when it does not have the form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=32).contains(&text.len())
            && text
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        fits.then(|| Self(text.into()))
    }

    /// The name of the simulated twin of the network that the APIs call `slug`.
    #[must_use]
    pub fn simulated(slug: &str) -> Self {
        Self(format!("test-{slug}").into())
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NetworkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The family of a network: how its addresses look and how its blocks are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// Bitcoin, with the prefixes of one of its chains.
    Bitcoin(Bip),
    /// Litecoin, with the prefixes of one of its chains.
    Litecoin(Bip),
    /// An Ethereum-like chain (EIP-155 chain id).
    Evm {
        /// The EIP-155 chain id, checked at start.
        chain_id: u64,
    },
    /// TRON.
    Tron,
}

/// Which chain of a Bitcoin-like coin: it decides the address prefixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bip {
    /// The chain with the value.
    Mainnet,
    /// Testnet and signet, which share prefixes.
    Testnet,
    /// A private chain.
    Regtest,
}

/// What is known of a network before any node is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    /// The name inside payd.
    pub id: NetworkId,
    /// The word the APIs use, the same for the real network and its simulated twin: `bsc`.
    pub slug: Arc<str>,
    /// The name people know: `BNB Smart Chain`.
    pub name: Arc<str>,
    /// Real or simulated.
    pub mode: Mode,
    /// How addresses look and blocks are read.
    pub family: Family,
    /// Blocks on top of and including a transfer's own before it is settled, by what the payment is worth.
    pub confirmations: Tiers,
    /// Depth to which blocks are remembered and reorganisations are followed; beyond it they stop the scan.
    pub final_depth: u32,
    /// Typical time between blocks.
    pub block_time: Duration,
    /// How much earlier than the payment's creation a block's own time may be and still be taken as after it:
    /// block makers' clocks differ.
    pub timestamp_slack: Duration,
}

impl Network {
    /// What tokens on the network are called after: `TRC20`. Of the networks that payd brings along only; `None` also
    /// where there are no tokens.
    #[must_use]
    pub fn token_standard(&self) -> Option<&'static str> {
        match &*self.slug {
            "tron" => Some("TRC20"),
            "bsc" => Some("BEP20"),
            "ethereum" => Some("ERC20"),
            _ => None,
        }
    }

    /// Confirmations of a transfer at `height` when `tip` is the highest block: 1 in the tip itself.
    #[must_use]
    pub fn confirmations_at(height: u64, tip: u64) -> u32 {
        match tip.checked_sub(height) {
            Some(above) => u32::try_from(above.saturating_add(1)).unwrap_or(u32::MAX),
            None => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tip_itself_has_one_confirmation_and_a_later_block_none() {
        for (height, tip, confirmations) in [(10, 10, 1), (10, 11, 2), (11, 10, 0), (0, u64::MAX, u32::MAX)] {
            assert_eq!(Network::confirmations_at(height, tip), confirmations);
        }
    }

    #[test]
    fn a_network_name_is_a_short_plain_word() {
        assert!(NetworkId::parse("test-bsc").is_some());
        for text in ["", "BSC", "a b", "../x", &"a".repeat(33)] {
            assert_eq!(NetworkId::parse(text), None, "{text}");
        }
    }
}
