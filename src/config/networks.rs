//! The networks and assets that payd knows without being told, as data.
//!
//! Contracts and decimals are checked on the chain at start; a wrong line here is refused there, not paid to.

use std::time::Duration;

use super::settings::{ReadMode, Verify};
use crate::domain::money::Fiat;
use crate::domain::network::{Bip, Family};

/// A built-in network with its assets.
#[derive(Debug, Clone, Copy)]
pub struct BuiltIn {
    /// Its name in configuration and APIs.
    pub slug: &'static str,
    /// The name people know.
    pub name: &'static str,
    /// How addresses look and blocks are read.
    pub family: Family,
    /// Its own coin.
    pub native: BuiltInAsset,
    /// Its tokens.
    pub tokens: &'static [BuiltInAsset],
    /// Blocks on top of and including a transfer's own before it is settled.
    pub confirmations: u32,
    /// Depth to which reorganisations are followed.
    pub final_depth: u32,
    /// Typical time between blocks, in milliseconds.
    pub block_time_ms: u64,
    /// How far a block's own time may be off, in seconds.
    pub timestamp_slack_s: u64,
    /// How a live chain is read.
    pub scan: ScanDefaults,
}

/// A built-in coin or token.
#[derive(Debug, Clone, Copy)]
pub struct BuiltInAsset {
    /// The APIs' word.
    pub currency: &'static str,
    /// What people call it.
    pub symbol: &'static str,
    /// Digits after the point on the chain.
    pub decimals: u8,
    /// Digits after the point in a quote.
    pub quote_decimals: u8,
    /// The token contract; empty for the network's own coin.
    pub contract: &'static str,
}

/// How a live chain is read unless told otherwise.
#[derive(Debug, Clone, Copy)]
pub struct ScanDefaults {
    /// How blocks are read.
    pub mode: ReadMode,
    /// What is recomputed.
    pub verify: Verify,
    /// Time between looks at the chain, in milliseconds.
    pub poll_ms: u64,
    /// The same while no payment is expected, in milliseconds.
    pub idle_poll_ms: u64,
}

/// How a chain of the merchant's own is read unless told otherwise: whatever can be proven is.
pub const CUSTOM_SCAN: ScanDefaults = ScanDefaults {
    mode: ReadMode::Receipts,
    verify: Verify::Full,
    poll_ms: 2000,
    idle_poll_ms: 60_000,
};

/// Clock differences between block makers where blocks are signed, not mined.
pub const TIMESTAMP_SLACK: Duration = Duration::from_secs(60);

const fn native(symbol: &'static str, decimals: u8) -> BuiltInAsset {
    BuiltInAsset {
        currency: "native",
        symbol,
        decimals,
        quote_decimals: if decimals < 8 { decimals } else { 8 },
        contract: "",
    }
}

const fn token(
    currency: &'static str,
    symbol: &'static str,
    decimals: u8,
    contract: &'static str,
) -> BuiltInAsset {
    BuiltInAsset {
        currency,
        symbol,
        decimals,
        quote_decimals: 6,
        contract,
    }
}

/// The table.
///
/// Confirmations: the PayHook page (BSC 15, Ethereum 12, TRON 20). Bitcoin-like blocks may carry a time two hours
/// off (Bitcoin's consensus rule on timestamps).
pub const BUILT_IN: &[BuiltIn] = &[
    BuiltIn {
        slug: "bitcoin",
        name: "Bitcoin",
        family: Family::Bitcoin(Bip::Mainnet),
        native: native("BTC", 8),
        tokens: &[],
        confirmations: 2,
        final_depth: 30,
        block_time_ms: 600_000,
        timestamp_slack_s: 7200,
        scan: CUSTOM_SCAN,
    },
    BuiltIn {
        slug: "bsc",
        name: "BNB Smart Chain",
        family: Family::Evm { chain_id: 56 },
        native: native("BNB", 18),
        tokens: &[
            token("usdt", "USDT", 18, "0x55d398326f99059fF775485246999027B3197955"),
            token("usdc", "USDC", 18, "0x8AC76a51cc950d9822D68b83fE1Ad97B32Cd580d"),
            token("busd", "BUSD", 18, "0xe9e7CEA3DedcA5984780Bafc599bD69ADd087D56"),
        ],
        confirmations: 15,
        final_depth: 240,
        block_time_ms: 450,
        timestamp_slack_s: 60,
        scan: ScanDefaults {
            mode: ReadMode::Logs,
            verify: Verify::Full,
            poll_ms: 1000,
            idle_poll_ms: 60_000,
        },
    },
    BuiltIn {
        slug: "ethereum",
        name: "Ethereum",
        family: Family::Evm { chain_id: 1 },
        native: native("ETH", 18),
        tokens: &[
            token("usdt", "USDT", 6, "0xdAC17F958D2ee523a2206206994597C13D831ec7"),
            token("usdc", "USDC", 6, "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"),
            token("busd", "BUSD", 18, "0x4Fabb145d64652a948d72533023f6E7A623C7C53"),
        ],
        confirmations: 12,
        final_depth: 96,
        block_time_ms: 12_000,
        timestamp_slack_s: 60,
        scan: ScanDefaults {
            mode: ReadMode::Receipts,
            verify: Verify::Full,
            poll_ms: 4000,
            idle_poll_ms: 60_000,
        },
    },
    BuiltIn {
        slug: "litecoin",
        name: "Litecoin",
        family: Family::Litecoin(Bip::Mainnet),
        native: native("LTC", 8),
        tokens: &[],
        confirmations: 6,
        final_depth: 60,
        block_time_ms: 150_000,
        timestamp_slack_s: 7200,
        scan: CUSTOM_SCAN,
    },
    BuiltIn {
        slug: "tron",
        name: "TRON",
        family: Family::Tron,
        native: native("TRX", 6),
        tokens: &[
            token("usdt", "USDT", 6, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"),
            token("usdc", "USDC", 6, "TEkxiTehnzSmSe2XqrBj4w32RUN966rdz8"),
        ],
        confirmations: 20,
        final_depth: 60,
        block_time_ms: 3000,
        timestamp_slack_s: 60,
        scan: CUSTOM_SCAN,
    },
];

/// The built-in rates of test mode, in US dollars: round figures, not the market's.
pub const TEST_RATES_USD: &[(&str, &str)] = &[
    ("BNB", "600"),
    ("BTC", "60000"),
    ("BUSD", "1"),
    ("ETH", "3000"),
    ("LTC", "80"),
    ("TRX", "0.12"),
    ("USDC", "1"),
    ("USDT", "1"),
];

/// What a dollar is in the other currencies of test payments: round figures as well.
pub const TEST_FIATS: &[(Fiat, &str)] = &[
    (Fiat::Usd, "1"),
    (Fiat::Eur, "0.9"),
    (Fiat::Rub, "90"),
    (Fiat::Cny, "7"),
    (Fiat::Gbp, "0.8"),
    (Fiat::Jpy, "150"),
    (Fiat::Brl, "5"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::address::Address;
    use crate::domain::asset::Currency;
    use crate::domain::network::NetworkId;

    #[test]
    fn every_built_in_contract_is_an_address_of_its_network_in_canonical_case() {
        for network in BUILT_IN {
            for token in network.tokens {
                let address = Address::parse(network.family, token.contract).unwrap();
                assert_eq!(
                    &**address.text(),
                    token.contract,
                    "{} on {}",
                    token.symbol,
                    network.slug
                );
            }
        }
    }

    #[test]
    fn every_built_in_name_is_a_name_and_every_depth_is_beyond_the_confirmations() {
        for network in BUILT_IN {
            assert!(NetworkId::parse(network.slug).is_some());
            assert!(network.final_depth > network.confirmations, "{}", network.slug);
            for asset in network.tokens.iter().chain([&network.native]) {
                assert!(Currency::parse(asset.currency).is_some());
                assert!(asset.quote_decimals <= asset.decimals, "{}", asset.symbol);
            }
        }
    }

    #[test]
    fn stable_coins_have_18_decimals_on_bsc_and_6_elsewhere_except_busd() {
        for network in BUILT_IN {
            for token in network.tokens {
                let decimals = if network.slug == "bsc" || token.currency == "busd" {
                    18
                } else {
                    6
                };
                assert_eq!(token.decimals, decimals, "{} on {}", token.symbol, network.slug);
            }
        }
    }
}
