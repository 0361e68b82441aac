//! The JSON of a node's HTTP API, as far as it is read. Amounts are integers: a number with a point or an exponent is
//! refused.
//!
//! Every list is bounded, and what a long one repeats has a field that cannot be left out: of `{}` sixty-four mebibytes
//! would take more than a gibibyte of memory.
//!
//! Of a transaction only its bytes are read, never the JSON beside them: what is hashed is what counts.
//! <https://tronprotocol.github.io/documentation-en/api/http/>

use serde::Deserialize;

use crate::chain::digits::{self, Text};
use crate::chain::jsonrpc::bounded;
use crate::domain::address::Address;
use crate::domain::network::Family;

/// The most transactions that are taken of one block.
const TXS_MAX: usize = 100_000;
/// The most logs, or payments by contracts, that are taken of one transaction.
const EFFECTS_MAX: usize = 200_000;
/// The most of what there is one or a few of: a transaction's outcomes, a log's topics, what a call was paid.
const FEW_MAX: usize = 64;
/// The most blocks that are taken of one reply.
const BLOCKS_MAX: usize = 1000;

/// A block by `wallet/getblockbynum` and its like.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct WireBlock<'a> {
    #[serde(rename = "blockID", borrow)]
    pub(super) block_id: Text<'a>,
    #[serde(borrow)]
    pub(super) block_header: WireBlockHeader<'a>,
    #[serde(default, borrow, deserialize_with = "bounded::<_, _, TXS_MAX>")]
    pub(super) transactions: Vec<WireTx<'a>>,
}

/// A block's name alone: the first block's header holds words in place of an address.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct WireName {
    #[serde(rename = "blockID")]
    pub(super) block_id: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct WireBlockHeader<'a> {
    #[serde(borrow)]
    pub(super) raw_data: WireHeader<'a>,
}

/// What a block's id is the hash of, but for the field numbers.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct WireHeader<'a> {
    #[serde(default)]
    pub(super) number: u64,
    /// Milliseconds since 1970.
    #[serde(default)]
    pub(super) timestamp: u64,
    #[serde(default, rename = "txTrieRoot", borrow)]
    pub(super) tx_trie_root: Text<'a>,
    #[serde(default, rename = "parentHash", borrow)]
    pub(super) parent_hash: Text<'a>,
    #[serde(default)]
    pub(super) witness_id: u64,
    #[serde(default, borrow)]
    pub(super) witness_address: Text<'a>,
    #[serde(default)]
    pub(super) version: u64,
    #[serde(default, rename = "accountStateRoot", borrow)]
    pub(super) account_state_root: Text<'a>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct WireTx<'a> {
    #[serde(rename = "txID", borrow)]
    pub(super) tx_id: Text<'a>,
    #[serde(borrow)]
    pub(super) raw_data_hex: Text<'a>,
    #[serde(default, borrow, deserialize_with = "bounded::<_, _, FEW_MAX>")]
    pub(super) signature: Vec<Text<'a>>,
    #[serde(default, borrow, deserialize_with = "bounded::<_, _, FEW_MAX>")]
    pub(super) ret: Vec<WireRet<'a>>,
}

/// How a transaction went; part of the bytes that the header commits to.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct WireRet<'a> {
    #[serde(default)]
    pub(super) fee: u64,
    #[serde(default, borrow)]
    pub(super) ret: Option<Text<'a>>,
    #[serde(default, rename = "contractRet", borrow)]
    pub(super) contract_ret: Option<Text<'a>>,
}

/// The blocks of `wallet/getblockbylimitnext`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct WireBlocks<'a> {
    #[serde(default, borrow, deserialize_with = "bounded::<_, _, BLOCKS_MAX>")]
    pub(super) block: Vec<WireBlock<'a>>,
}

/// What the transactions of a block did.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct WireInfos<'a>(
    #[serde(borrow, deserialize_with = "bounded::<_, _, TXS_MAX>")] pub(super) Vec<WireInfo<'a>>,
);

/// What a transaction did, by `wallet/gettransactioninfobyblocknum`. Nothing in a header proves it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct WireInfo<'a> {
    #[serde(borrow)]
    pub(super) id: Text<'a>,
    #[serde(rename = "blockNumber", default)]
    pub(super) block_number: u64,
    /// Milliseconds since 1970.
    #[serde(rename = "blockTimeStamp", default)]
    pub(super) block_timestamp: u64,
    #[serde(default, borrow)]
    pub(super) receipt: WireReceipt<'a>,
    #[serde(default, borrow, deserialize_with = "bounded::<_, _, EFFECTS_MAX>")]
    pub(super) log: Vec<WireLog<'a>>,
    #[serde(default, borrow, deserialize_with = "bounded::<_, _, EFFECTS_MAX>")]
    pub(super) internal_transactions: Vec<WireInternal<'a>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct WireReceipt<'a> {
    #[serde(default, borrow)]
    pub(super) result: Option<Text<'a>>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct WireLog<'a> {
    #[serde(borrow)]
    pub(super) address: Text<'a>,
    #[serde(default, borrow, deserialize_with = "bounded::<_, _, FEW_MAX>")]
    pub(super) topics: Vec<Text<'a>>,
    #[serde(default, borrow)]
    pub(super) data: Text<'a>,
}

/// What a contract did to another account within a transaction.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct WireInternal<'a> {
    #[serde(borrow)]
    pub(super) caller_address: Text<'a>,
    #[serde(default, rename = "transferTo_address", borrow)]
    pub(super) transfer_to_address: Text<'a>,
    #[serde(
        default,
        rename = "callValueInfo",
        borrow,
        deserialize_with = "bounded::<_, _, FEW_MAX>"
    )]
    pub(super) call_value_info: Vec<WireCallValue<'a>>,
    /// What was done, in hexadecimal: `call`, `suicide`, `delegateResourceOfEnergy`...
    #[serde(default, borrow)]
    pub(super) note: Text<'a>,
    #[serde(default)]
    pub(super) rejected: bool,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct WireCallValue<'a> {
    #[serde(default, rename = "callValue")]
    pub(super) call_value: i64,
    /// Set where the value is of a TRC-10 token.
    #[serde(default, rename = "tokenId", borrow)]
    pub(super) token_id: Option<Text<'a>>,
}

/// What `wallet/triggerconstantcontract` says.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct WireConstant {
    #[serde(default)]
    pub(super) result: WireConstantResult,
    #[serde(default, deserialize_with = "bounded::<_, _, FEW_MAX>")]
    pub(super) constant_result: Vec<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct WireConstantResult {
    #[serde(default)]
    pub(super) code: Option<String>,
    /// Hexadecimal. Set for a call that was undone, though its `result` is `true`.
    #[serde(default)]
    pub(super) message: Option<String>,
}

/// `wallet/getaccount`; `{}` for an account that was never paid.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct WireAccount {
    #[serde(default)]
    pub(super) address: String,
    #[serde(default)]
    pub(super) balance: u64,
}

/// `wallet/getnodeinfo`, which many providers keep closed.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct WireNodeInfo {
    #[serde(default, rename = "configNodeInfo")]
    pub(super) config: WireNodeConfig,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct WireNodeConfig {
    #[serde(default, rename = "codeVersion")]
    pub(super) code_version: String,
}

/// An error that comes with any status, also with 200.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct WireError {
    #[serde(rename = "Error", alias = "error")]
    pub(super) error: String,
}

/// The first byte of an account in the chain's bytes.
pub(super) const ACCOUNT_PREFIX: u8 = 0x41;

/// A hash in hexadecimal, without `0x`.
pub(super) fn hash(text: &str) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    digits::decode_into(text, &mut hash)?;
    Some(hash)
}

/// The account of an address in any of the forms that nodes write: 20 bytes in hexadecimal, the same behind `41`,
/// or base58.
pub(super) fn account(text: &str) -> Option<[u8; 20]> {
    let mut account = [0; 20];
    let written = match text.len() {
        40 => text,
        42 => text.strip_prefix("41")?,
        _ => {
            let address = Address::parse(Family::Tron, text).ok()?;
            return address.payload().try_into().ok();
        }
    };
    digits::decode_into(written, &mut account)?;
    Some(account)
}
