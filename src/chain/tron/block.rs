//! A block that proves itself: its id is the hash of its header, its header commits to the bytes of its
//! transactions and to how each went. So neither an amount of TRX nor a failure can be altered by who serves it.
//!
//! What a header does not commit to is what contracts did: logs and internal transactions. Who made the block is not
//! checked: a producer may sign with another key than its account's, and the list of producers is a provider's word.
//! Field numbers are those of `Tron.proto` of java-tron.

use sha2::{Digest, Sha256};

use super::protobuf::{put_bytes, put_element, put_number};
use super::transaction::{Payment, payment};
use super::wire::{ACCOUNT_PREFIX, WireBlock, WireHeader, WireRet, WireTx, account, hash};
use crate::chain::Header;
use crate::chain::digits;
use crate::chain::providers::trouble::Trouble;
use crate::domain::time::UnixMillis;
use crate::domain::transfer::BlockRef;

/// A block whose header hashes to its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) header: Header,
    /// Its time in milliseconds since 1970, as infos repeat it.
    pub(super) timestamp_ms: u64,
    pub(super) txs: Vec<Tx>,
    /// Whether the transactions are those that the header commits to.
    pub(super) are_txs_proven: bool,
}

/// A transaction whose id is the hash of its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tx {
    /// Its id.
    pub(super) id: [u8; 32],
    /// Whether its `contractRet` is `SUCCESS`.
    pub(super) succeeded: bool,
    /// The TRX that it itself sends.
    pub(super) payment: Option<Payment>,
}

impl Block {
    pub(super) fn height(&self) -> u64 {
        self.header.block.height
    }
}

/// Checks a block that was asked for by `height`, or as the highest one.
///
/// # Errors
/// [`Trouble`] when it is another block, or its header or a transaction contradicts its own id.
pub(super) fn check(wire: &WireBlock<'_>, height: Option<u64>) -> Result<Block, Trouble> {
    let raw = &wire.block_header.raw_data;
    if let Some(height) = height.filter(|height| *height != raw.number) {
        return Err(Trouble::lie(format!(
            "answered with block {} when asked for {height}",
            raw.number
        )));
    }
    let header = header(wire)?;
    let mut txs = Vec::with_capacity(wire.transactions.len());
    let mut leaves = Some(Vec::with_capacity(wire.transactions.len()));
    let mut bytes = Vec::new();
    for tx in &wire.transactions {
        let signed = digits::decode(&tx.raw_data_hex);
        let signed = signed
            .ok_or_else(|| Trouble::lie(format!("a transaction of block {} has no bytes", raw.number)))?;
        txs.push(transaction(tx, &signed, raw.number)?);
        leaves = leaves
            .zip(leaf(tx, &signed, &mut bytes))
            .map(|(mut leaves, leaf)| {
                leaves.push(leaf);
                leaves
            });
    }
    let are_txs_proven = leaves.is_some_and(|leaves| hash(&raw.tx_trie_root) == Some(root(leaves)));
    Ok(Block {
        header,
        timestamp_ms: raw.timestamp,
        txs,
        are_txs_proven,
    })
}

/// The header, which must hash to the block's id.
fn header(wire: &WireBlock<'_>) -> Result<Header, Trouble> {
    let raw = &wire.block_header.raw_data;
    let lie = |what: &str| Trouble::lie(format!("the header of block {} {what}", raw.number));
    let id = block_id(raw).ok_or_else(|| lie("is none"))?;
    if hash(&wire.block_id) != Some(id) {
        return Err(lie("does not hash to the block's id"));
    }
    let parent = hash(&raw.parent_hash).ok_or_else(|| lie("names no parent"))?;
    let time_ms = i64::try_from(raw.timestamp).map_err(|_| lie("has a time out of range"))?;
    Ok(Header {
        block: BlockRef {
            height: raw.number,
            hash: hex::encode(id).into(),
            time: UnixMillis::new(time_ms),
        },
        parent_hash: hex::encode(parent).into(),
    })
}

/// The id of the block with this header: its number, and the rest of the hash of its bytes.
pub(super) fn block_id(raw: &WireHeader<'_>) -> Option<[u8; 32]> {
    let mut witness = vec![ACCOUNT_PREFIX];
    witness.extend(account(&raw.witness_address)?);
    let mut bytes = Vec::new();
    put_number(&mut bytes, 1, raw.timestamp);
    put_bytes(&mut bytes, 2, &hash(&raw.tx_trie_root)?);
    put_bytes(&mut bytes, 3, &hash(&raw.parent_hash)?);
    put_number(&mut bytes, 7, raw.number);
    put_number(&mut bytes, 8, raw.witness_id);
    put_bytes(&mut bytes, 9, &witness);
    put_number(&mut bytes, 10, raw.version);
    put_bytes(&mut bytes, 11, &digits::decode(&raw.account_state_root)?);
    let mut id: [u8; 32] = Sha256::digest(&bytes).into();
    for (byte, of_number) in id.iter_mut().zip(raw.number.to_be_bytes()) {
        *byte = of_number;
    }
    Some(id)
}

/// The transaction, whose bytes, `signed`, must hash to its id.
fn transaction(tx: &WireTx<'_>, signed: &[u8], height: u64) -> Result<Tx, Trouble> {
    let id: [u8; 32] = Sha256::digest(signed).into();
    if hash(&tx.tx_id) != Some(id) {
        return Err(Trouble::lie(format!(
            "a transaction of block {height} does not hash to its id"
        )));
    }
    // One contract in a transaction, one result: java-tron takes no others. Any other count is no success.
    let succeeded = matches!(tx.ret.as_slice(), [ret] if ret.contract_ret.as_deref() == Some(SUCCESS));
    Ok(Tx {
        id,
        succeeded,
        payment: payment(signed),
    })
}

/// The result of a transaction that did what it says.
pub(super) const SUCCESS: &str = "SUCCESS";

/// The Merkle root over the transactions' hashes; zeros for none.
fn root(mut level: Vec<[u8; 32]>) -> [u8; 32] {
    while level.len() > 1 {
        level = level.chunks(2).filter_map(parent).collect();
    }
    level.first().copied().unwrap_or_default()
}

/// An odd one goes up as it is.
fn parent(pair: &[[u8; 32]]) -> Option<[u8; 32]> {
    match pair {
        [left, right] => Some(
            Sha256::new()
                .chain_update(left)
                .chain_update(right)
                .finalize()
                .into(),
        ),
        [single] => Some(*single),
        _ => None,
    }
}

/// The hash of a transaction with its signatures and results, which are put together in `bytes`. `None` where it cannot
/// be put back into its bytes.
fn leaf(tx: &WireTx<'_>, signed: &[u8], bytes: &mut Vec<u8>) -> Option<[u8; 32]> {
    bytes.clear();
    put_element(bytes, 1, signed);
    for signature in &tx.signature {
        put_element(bytes, 2, &digits::decode(signature)?);
    }
    for ret in &tx.ret {
        put_element(bytes, 5, &result(ret)?);
    }
    Some(Sha256::digest(bytes).into())
}

fn result(ret: &WireRet<'_>) -> Option<Vec<u8>> {
    // `Transaction.Result.code` and `contractResult`, by their numbers.
    const CODES: &[&str] = &["SUCESS", "FAILED"];
    const RESULTS: &[&str] = &[
        "DEFAULT",
        SUCCESS,
        "REVERT",
        "BAD_JUMP_DESTINATION",
        "OUT_OF_MEMORY",
        "PRECOMPILED_CONTRACT",
        "STACK_TOO_SMALL",
        "STACK_TOO_LARGE",
        "ILLEGAL_OPERATION",
        "STACK_OVERFLOW",
        "OUT_OF_ENERGY",
        "OUT_OF_TIME",
        "JVM_STACK_OVER_FLOW",
        "UNKNOWN",
        "TRANSFER_FAILED",
        "INVALID_CODE",
    ];
    let mut bytes = Vec::new();
    put_number(&mut bytes, 1, ret.fee);
    put_number(&mut bytes, 2, number_of(CODES, ret.ret.as_deref())?);
    put_number(&mut bytes, 3, number_of(RESULTS, ret.contract_ret.as_deref())?);
    Some(bytes)
}

/// The number that `name` stands for; zero for none. `None` where it is not known.
fn number_of(names: &[&str], name: Option<&str>) -> Option<u64> {
    let Some(name) = name else {
        return Some(0);
    };
    let position = names.iter().position(|known| *known == name)?;
    u64::try_from(position).ok()
}
