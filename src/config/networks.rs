//! The networks and assets that payd knows without being told, as data.
//!
//! Contracts and decimals are checked on the chain at start; a wrong line here is refused there, not paid to.

use std::time::Duration;

use super::settings::{Finality, ReadMode, Verify};
use crate::domain::confirmations::Tier;
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
    /// Blocks on top of and including a transfer's own before it is settled, by what the payment is worth.
    pub confirmations: &'static [Tier],
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
    /// What makes a block count besides its confirmations.
    pub finality: Finality,
    /// Time between looks at the chain, in milliseconds.
    pub poll_ms: u64,
    /// The same while no payment is expected, in milliseconds.
    pub idle_poll_ms: u64,
}

/// How a chain of the merchant's own is read unless told otherwise: whatever can be proven is.
pub const CUSTOM_SCAN: ScanDefaults = ScanDefaults {
    mode: ReadMode::Receipts,
    verify: Verify::Full,
    finality: Finality::Confirmations,
    poll_ms: 2000,
    idle_poll_ms: 60_000,
};

/// Clock differences between block makers where blocks are signed, not mined.
pub const TIMESTAMP_SLACK: Duration = Duration::from_secs(60);

const fn tier(from_usd: u64, confirmations: u32) -> Tier {
    Tier {
        from_usd_cents: from_usd.saturating_mul(100),
        confirmations,
    }
}

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
/// Confirmations: the PayHook page (BSC 15, Ethereum 12, TRON 20); on Bitcoin and Litecoin by what a payment is worth, in
/// dollars; a second or more of blocks on rollups, which only
/// their one block maker could replace. Bitcoin-like blocks may carry a time two hours
/// off (Bitcoin's consensus rule on timestamps).
pub const BUILT_IN: &[BuiltIn] = &[
    BuiltIn {
        slug: "arbitrum",
        name: "Arbitrum One",
        family: Family::Evm { chain_id: 42_161 },
        native: native("ETH", 18),
        tokens: &[
            token("usdt", "USDT", 6, "0xFd086bC7CD5C481DCC9C85ebE478A1C0b69FCbb9"),
            token("usdc", "USDC", 6, "0xaf88d065e77c8cC2239327C5EDb3A432268e5831"),
        ],
        confirmations: &[tier(0, 20)],
        final_depth: 480,
        block_time_ms: 250,
        timestamp_slack_s: 60,
        // Headers commit to fields of the rollup that nodes do not spell out.
        scan: ScanDefaults {
            mode: ReadMode::Logs,
            verify: Verify::None,
            poll_ms: 1000,
            ..CUSTOM_SCAN
        },
    },
    BuiltIn {
        slug: "avalanche",
        name: "Avalanche C-Chain",
        family: Family::Evm { chain_id: 43_114 },
        native: native("AVAX", 18),
        tokens: &[
            token("usdt", "USDT", 6, "0x9702230A8Ea53601f5cD2dc00fDBc13d4dF4A8c7"),
            token("usdc", "USDC", 6, "0xB97EF9Ef8734C71904D8002F8b6Bc66Dd9c48a6E"),
        ],
        confirmations: &[tier(0, 1)],
        final_depth: 64,
        block_time_ms: 1500,
        timestamp_slack_s: 60,
        // A block that its nodes show is final already. Headers have fields of their own.
        scan: ScanDefaults {
            mode: ReadMode::Logs,
            verify: Verify::None,
            poll_ms: 1500,
            ..CUSTOM_SCAN
        },
    },
    BuiltIn {
        slug: "base",
        name: "Base",
        family: Family::Evm { chain_id: 8453 },
        native: native("ETH", 18),
        tokens: &[
            token("usdt", "USDT", 6, "0xfde4C96c8593536E31F229EA8f37b2ADa2699bb2"),
            token("usdc", "USDC", 6, "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913"),
        ],
        confirmations: &[tier(0, 20)],
        final_depth: 120,
        block_time_ms: 2000,
        timestamp_slack_s: 60,
        // Deposits are transactions of a form of their own: roots cannot be recomputed, headers can.
        scan: ScanDefaults {
            mode: ReadMode::Logs,
            verify: Verify::Header,
            poll_ms: 2000,
            ..CUSTOM_SCAN
        },
    },
    BuiltIn {
        slug: "bitcoin",
        name: "Bitcoin",
        family: Family::Bitcoin(Bip::Mainnet),
        native: native("BTC", 8),
        tokens: &[],
        confirmations: &[tier(0, 1), tier(100, 2), tier(1000, 3), tier(10_000, 6)],
        final_depth: 30,
        block_time_ms: 600_000,
        timestamp_slack_s: 7200,
        scan: ScanDefaults {
            poll_ms: 10_000,
            ..CUSTOM_SCAN
        },
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
        confirmations: &[tier(0, 15)],
        final_depth: 240,
        block_time_ms: 450,
        timestamp_slack_s: 60,
        scan: ScanDefaults {
            mode: ReadMode::Logs,
            poll_ms: 1000,
            ..CUSTOM_SCAN
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
        confirmations: &[tier(0, 12)],
        final_depth: 96,
        block_time_ms: 12_000,
        timestamp_slack_s: 60,
        scan: ScanDefaults {
            poll_ms: 4000,
            ..CUSTOM_SCAN
        },
    },
    BuiltIn {
        slug: "litecoin",
        name: "Litecoin",
        family: Family::Litecoin(Bip::Mainnet),
        native: native("LTC", 8),
        tokens: &[],
        confirmations: &[tier(0, 3), tier(100, 6), tier(1000, 12)],
        final_depth: 60,
        block_time_ms: 150_000,
        timestamp_slack_s: 7200,
        scan: ScanDefaults {
            poll_ms: 5000,
            ..CUSTOM_SCAN
        },
    },
    BuiltIn {
        slug: "optimism",
        name: "OP Mainnet",
        family: Family::Evm { chain_id: 10 },
        native: native("ETH", 18),
        tokens: &[
            token("usdt", "USDT", 6, "0x01bFF41798a0BcF287b996046Ca68b395DbC1071"),
            token("usdc", "USDC", 6, "0x0b2C639c533813f4Aa9D7837CAf62653d097Ff85"),
        ],
        confirmations: &[tier(0, 20)],
        final_depth: 120,
        block_time_ms: 2000,
        timestamp_slack_s: 60,
        // As on Base.
        scan: ScanDefaults {
            mode: ReadMode::Logs,
            verify: Verify::Header,
            poll_ms: 2000,
            ..CUSTOM_SCAN
        },
    },
    BuiltIn {
        slug: "polygon",
        name: "Polygon",
        family: Family::Evm { chain_id: 137 },
        native: native("POL", 18),
        tokens: &[
            token("usdt", "USDT", 6, "0xc2132D05D31c914a87C6611C10748AEb04B58e8F"),
            token("usdc", "USDC", 6, "0x3c499c542cEF5E3811e1192ce70d8cC03d5c3359"),
        ],
        confirmations: &[tier(0, 10)],
        final_depth: 256,
        block_time_ms: 2000,
        timestamp_slack_s: 60,
        // Its blocks were replaced more than a hundred deep: only what it calls final counts.
        scan: ScanDefaults {
            mode: ReadMode::Logs,
            verify: Verify::None,
            finality: Finality::Finalized,
            poll_ms: 2000,
            ..CUSTOM_SCAN
        },
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
        confirmations: &[tier(0, 20)],
        final_depth: 60,
        block_time_ms: 3000,
        timestamp_slack_s: 60,
        scan: ScanDefaults {
            poll_ms: 3000,
            ..CUSTOM_SCAN
        },
    },
];

/// The built-in rates of test mode, in US dollars: round figures, not the market's.
pub const TEST_RATES_USD: &[(&str, &str)] = &[
    ("AVAX", "20"),
    ("BNB", "600"),
    ("BTC", "60000"),
    ("BUSD", "1"),
    ("ETH", "3000"),
    ("LTC", "80"),
    ("POL", "0.25"),
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
    use crate::domain::confirmations::Tiers;
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
            let tiers = Tiers::new(network.confirmations.to_vec()).unwrap();
            assert!(network.final_depth > tiers.highest(), "{}", network.slug);
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
