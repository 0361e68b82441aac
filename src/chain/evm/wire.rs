//! What nodes send, as far as it is used: own small structs, because nodes differ in fields that nobody reads.
//!
//! Fields that are only needed to recompute hashes are optional here; what their absence means is decided where
//! the hash is recomputed.

use std::fmt;

use ethers_core::types::{Address, H256, U64, U256};
use serde::de::{Error as _, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::receipts::{self, ReceiptText};
use super::rlp::NotDigits;
use super::transactions::{self, TxText, Unprovable};
use crate::chain::digits::{self, HexBytes, Text};
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
    #[serde(deserialize_with = "read_fixed")]
    pub(super) hash: H256,
    #[serde(deserialize_with = "read_fixed")]
    pub(super) parent_hash: H256,
    pub(super) number: U64,
    pub(super) timestamp: U64,
    pub(super) logs_bloom: Option<Box<Fixed<256>>>,
    #[serde(rename = "sha3Uncles")]
    pub(super) uncles_hash: Option<Fixed<32>>,
    pub(super) miner: Option<Fixed<20>>,
    pub(super) state_root: Option<Fixed<32>>,
    pub(super) transactions_root: Option<Fixed<32>>,
    pub(super) receipts_root: Option<Fixed<32>>,
    pub(super) difficulty: Option<U256>,
    pub(super) gas_limit: Option<U256>,
    pub(super) gas_used: Option<U256>,
    pub(super) extra_data: Option<HexBytes>,
    pub(super) mix_hash: Option<Fixed<32>>,
    pub(super) nonce: Option<Fixed<8>>,
    /// London, EIP-1559.
    pub(super) base_fee_per_gas: Option<U256>,
    /// Shanghai, EIP-4895.
    pub(super) withdrawals_root: Option<Fixed<32>>,
    /// Cancun, EIP-4844.
    pub(super) blob_gas_used: Option<U64>,
    /// Cancun, EIP-4844.
    pub(super) excess_blob_gas: Option<U64>,
    /// Cancun, EIP-4788.
    pub(super) parent_beacon_block_root: Option<Fixed<32>>,
    /// Prague, EIP-7685.
    pub(super) requests_hash: Option<Fixed<32>>,
    #[serde(default, deserialize_with = "bounded::<_, _, TXS_MAX>")]
    pub(super) transactions: Vec<T>,
}

/// A transaction of any type.
#[derive(Debug, Clone)]
pub(super) struct WireTx {
    pub(super) hash: H256,
    pub(super) to: Option<Address>,
    pub(super) value: U256,
    /// As it was signed, or why that cannot be told.
    pub(super) signed: Result<Box<[u8]>, Unprovable>,
}

impl<'de> Deserialize<'de> for WireTx {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = TxText::deserialize(deserializer)?;
        let (value, _) = digits::number(&text.value).ok_or_else(|| D::Error::custom(NotDigits))?;
        Ok(Self {
            hash: Fixed::parse(&text.hash)?.into(),
            to: match text.to.as_deref() {
                Some(to) => Some(Fixed::parse(to)?.into()),
                None => None,
            },
            value: U256::from_big_endian(&value),
            signed: transactions::signed(&text).map_err(D::Error::custom)?,
        })
    }
}

/// So many bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fixed<const N: usize>(pub(super) [u8; N]);

impl<const N: usize> Fixed<N> {
    /// As `text` stands for them, with or without `0x` before them.
    fn parse<E: serde::de::Error>(text: &str) -> Result<Self, E> {
        let mut bytes = [0; N];
        let digits = text.strip_prefix("0x").unwrap_or(text);
        digits::decode_into(digits, &mut bytes).ok_or_else(|| E::custom(NotDigits))?;
        Ok(Self(bytes))
    }
}

impl<'de, const N: usize> Deserialize<'de> for Fixed<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&Text::deserialize(deserializer)?)
    }
}

impl From<Fixed<32>> for H256 {
    fn from(bytes: Fixed<32>) -> Self {
        Self(bytes.0)
    }
}

impl From<Fixed<20>> for Address {
    fn from(bytes: Fixed<20>) -> Self {
        Self(bytes.0)
    }
}

/// So many bytes; for `#[serde(deserialize_with)]`.
pub(super) fn read_fixed<'de, D, T, const N: usize>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: From<Fixed<N>>,
{
    Fixed::<N>::deserialize(deserializer).map(T::from)
}

/// A number of at most 64 bits; for `#[serde(deserialize_with)]`.
pub(super) fn read_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<U64, D::Error> {
    let text = Text::deserialize(deserializer)?;
    let digits = text.strip_prefix("0x").unwrap_or(&text);
    // A sign is none of its digits.
    let number = u64::from_str_radix(digits, 16)
        .ok()
        .filter(|_| !digits.starts_with('+'));
    number.map(U64::from).ok_or_else(|| D::Error::custom(NotDigits))
}

/// A list that may also be `null`.
pub(super) fn listed<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
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
#[derive(Debug, Clone)]
pub(super) struct WireReceipt {
    pub(super) transaction_hash: H256,
    pub(super) transaction_index: U64,
    pub(super) block_hash: H256,
    /// 1: succeeded, 0: failed (EIP-658).
    pub(super) status: Option<U64>,
    pub(super) logs: Vec<WireLog>,
    /// What the header commits to; `None` where a field is missing, or of a type that this version does not know.
    pub(super) encoded: Option<Box<[u8]>>,
}

impl<'de> Deserialize<'de> for WireReceipt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = ReceiptText::deserialize(deserializer)?;
        Ok(Self {
            encoded: receipts::encoded(&text).map_err(D::Error::custom)?,
            transaction_hash: text.transaction_hash,
            transaction_index: text.transaction_index,
            block_hash: text.block_hash,
            status: text.status,
            logs: text.logs,
        })
    }
}

/// The logs of a query.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct WireLogs(#[serde(deserialize_with = "bounded::<_, _, LOGS_MAX>")] pub(super) Vec<WireLog>);

/// One log.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireLog {
    #[serde(deserialize_with = "read_fixed")]
    pub(super) address: Address,
    pub(super) topics: Topics,
    pub(super) data: HexBytes,
    #[serde(deserialize_with = "read_fixed")]
    pub(super) block_hash: H256,
    #[serde(deserialize_with = "read_fixed")]
    pub(super) transaction_hash: H256,
    #[serde(deserialize_with = "read_number")]
    pub(super) transaction_index: U64,
    #[serde(deserialize_with = "read_number")]
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
                while let Some(topic) = items.next_element::<Fixed<32>>()? {
                    let place = list.topics.get_mut(list.count);
                    *place.ok_or_else(|| A::Error::custom("a log of too many topics"))? = topic.into();
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
