//! What nodes send, as far as it is used: own small structs, because nodes differ in fields that nobody reads.
//!
//! Fields that are only needed to recompute hashes are optional here; what their absence means is decided where
//! the hash is recomputed.

use std::fmt;

use ethers_core::types::{Address, Bloom, H64, H256, U64, U256};
use serde::de::{Error as _, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::chain::digits::HexBytes;
use crate::chain::jsonrpc::bounded;

/// The most transactions or receipts that are taken of one block.
pub(super) const TXS_MAX: usize = 100_000;
/// The most logs that are taken of one reply or one receipt.
pub(super) const LOGS_MAX: usize = 200_000;
/// The most topics of a log (EVM: LOG4).
const TOPICS_MAX: usize = 4;
/// The most entries of an access list, blob list or authorization list.
const ENTRIES_MAX: usize = 100_000;

/// A block without its transactions.
pub(super) type WireHeader = WireBlock<IgnoredAny>;
/// A block with its transactions in full.
pub(super) type FullBlock = WireBlock<WireTx>;

/// A block; `T` is what is read of each transaction.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", bound = "T: Deserialize<'de>")]
pub(super) struct WireBlock<T> {
    pub(super) hash: H256,
    pub(super) parent_hash: H256,
    pub(super) number: U64,
    pub(super) timestamp: U64,
    pub(super) logs_bloom: Option<Box<Bloom>>,
    #[serde(rename = "sha3Uncles")]
    pub(super) uncles_hash: Option<H256>,
    pub(super) miner: Option<Address>,
    pub(super) state_root: Option<H256>,
    pub(super) transactions_root: Option<H256>,
    pub(super) receipts_root: Option<H256>,
    pub(super) difficulty: Option<U256>,
    pub(super) gas_limit: Option<U256>,
    pub(super) gas_used: Option<U256>,
    pub(super) extra_data: Option<HexBytes>,
    pub(super) mix_hash: Option<H256>,
    pub(super) nonce: Option<H64>,
    /// London, EIP-1559.
    pub(super) base_fee_per_gas: Option<U256>,
    /// Shanghai, EIP-4895.
    pub(super) withdrawals_root: Option<H256>,
    /// Cancun, EIP-4844.
    pub(super) blob_gas_used: Option<U64>,
    /// Cancun, EIP-4844.
    pub(super) excess_blob_gas: Option<U64>,
    /// Cancun, EIP-4788.
    pub(super) parent_beacon_block_root: Option<H256>,
    /// Prague, EIP-7685.
    pub(super) requests_hash: Option<H256>,
    #[serde(default, deserialize_with = "bounded::<_, _, TXS_MAX>")]
    pub(super) transactions: Vec<T>,
}

/// A transaction of any type.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireTx {
    pub(super) hash: H256,
    pub(super) to: Option<Address>,
    pub(super) value: U256,
    /// EIP-2718; legacy transactions of old nodes have none.
    #[serde(rename = "type")]
    pub(super) kind: Option<U64>,
    pub(super) chain_id: Option<U256>,
    pub(super) nonce: Option<U64>,
    pub(super) gas: Option<U256>,
    pub(super) gas_price: Option<U256>,
    pub(super) max_fee_per_gas: Option<U256>,
    pub(super) max_priority_fee_per_gas: Option<U256>,
    pub(super) max_fee_per_blob_gas: Option<U256>,
    pub(super) input: Option<HexBytes>,
    pub(super) v: Option<U256>,
    pub(super) y_parity: Option<U256>,
    pub(super) r: Option<U256>,
    pub(super) s: Option<U256>,
    #[serde(default, deserialize_with = "listed")]
    pub(super) access_list: Vec<AccessEntry>,
    #[serde(default, deserialize_with = "listed")]
    pub(super) blob_versioned_hashes: Vec<H256>,
    #[serde(default, deserialize_with = "listed")]
    pub(super) authorization_list: Vec<Authorization>,
}

/// EIP-2930.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccessEntry {
    pub(super) address: Address,
    #[serde(deserialize_with = "listed")]
    pub(super) storage_keys: Vec<H256>,
}

/// EIP-7702.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Authorization {
    pub(super) chain_id: U256,
    pub(super) address: Address,
    pub(super) nonce: U64,
    #[serde(alias = "v")]
    pub(super) y_parity: U256,
    pub(super) r: U256,
    pub(super) s: U256,
}

/// A list that may also be `null`.
fn listed<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    #[derive(Deserialize)]
    #[serde(bound = "T: Deserialize<'de>")]
    struct List<T>(#[serde(deserialize_with = "bounded::<_, _, ENTRIES_MAX>")] Vec<T>);
    Ok(Option::<List<T>>::deserialize(deserializer)?.map_or_else(Vec::new, |list| list.0))
}

/// The receipts of one block.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct WireReceipts(
    #[serde(deserialize_with = "bounded::<_, _, TXS_MAX>")] pub(super) Vec<WireReceipt>,
);

/// What a transaction did.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireReceipt {
    pub(super) transaction_hash: H256,
    pub(super) transaction_index: U64,
    pub(super) block_hash: H256,
    /// 1: succeeded, 0: failed (EIP-658).
    pub(super) status: Option<U64>,
    #[serde(rename = "type")]
    pub(super) kind: Option<U64>,
    pub(super) cumulative_gas_used: Option<U256>,
    pub(super) logs_bloom: Option<Box<Bloom>>,
    #[serde(deserialize_with = "bounded::<_, _, LOGS_MAX>")]
    pub(super) logs: Vec<WireLog>,
}

/// The logs of a query.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct WireLogs(#[serde(deserialize_with = "bounded::<_, _, LOGS_MAX>")] pub(super) Vec<WireLog>);

/// One log.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireLog {
    pub(super) address: Address,
    pub(super) topics: Topics,
    pub(super) data: HexBytes,
    pub(super) block_hash: H256,
    pub(super) transaction_hash: H256,
    pub(super) transaction_index: U64,
    pub(super) log_index: U64,
    #[serde(default)]
    pub(super) removed: bool,
}

/// The topics of a log, in place.
#[derive(Debug, Clone, Default)]
pub(super) struct Topics {
    topics: [H256; TOPICS_MAX],
    count: usize,
}

impl Topics {
    pub(super) fn as_slice(&self) -> &[H256] {
        self.topics.get(..self.count).unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for Topics {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Listed;
        impl<'de> Visitor<'de> for Listed {
            type Value = Topics;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a list of at most {TOPICS_MAX}")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Topics, A::Error> {
                let mut list = Topics::default();
                while let Some(topic) = items.next_element()? {
                    let place = list.topics.get_mut(list.count);
                    *place.ok_or_else(|| A::Error::custom("a log of too many topics"))? = topic;
                    list.count = list.count.saturating_add(1);
                }
                Ok(list)
            }
        }
        deserializer.deserialize_seq(Listed)
    }
}

/// A hash as payd writes it: lower-case, with `0x`.
pub(super) fn text(hash: H256) -> String {
    format!("{hash:#x}")
}
