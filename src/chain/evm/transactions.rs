//! Transactions as they were signed: their hashes and the root that the header commits to, recomputed for all
//! types there are (0 to 4). Without this a node could change the value of a transfer of the native coin.

use ethers_core::types::{H256, U256};
use ethers_core::utils::{keccak256, rlp};

use super::trie::ordered_root;
use super::wire::{FullBlock, WireTx};
use crate::chain::providers::trouble::Trouble;

/// Why a transaction cannot be written as it was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unprovable {
    /// A type that this version does not know.
    #[error("a transaction has type {0}, which this version cannot verify")]
    Type(u64),
    /// A field is missing.
    #[error("a transaction lacks a field of its type")]
    Field,
}

/// Checks that the transactions are those that the block's header commits to.
///
/// # Errors
/// [`Trouble`] when they are not, or are of a type that cannot be checked.
pub(super) fn check(block: &FullBlock) -> Result<(), Trouble> {
    let number = block.number;
    match root(&block.transactions) {
        Ok(Some(root)) if Some(root) == block.transactions_root => Ok(()),
        Ok(_) => Err(Trouble::lie(format!(
            "the transactions of block {number} are not those its header commits to"
        ))),
        Err(unprovable) => Err(Trouble::lie(format!(
            "block {number}: {unprovable}; when every provider says so, set `verify` to `header` for this chain"
        ))),
    }
}

/// The root over a block's transactions; `None` when one does not hash to its name.
///
/// # Errors
/// [`Unprovable`] when a transaction cannot be encoded.
pub(super) fn root(txs: &[WireTx]) -> Result<Option<H256>, Unprovable> {
    let mut encoded = Vec::with_capacity(txs.len());
    for tx in txs {
        let signed = encode(tx)?;
        if H256(keccak256(&signed)) != tx.hash {
            return Ok(None);
        }
        encoded.push(signed);
    }
    Ok(Some(ordered_root(&encoded)))
}

/// The signed transaction: EIP-155 (0), 2930 (1), 1559 (2), 4844 (3), 7702 (4).
fn encode(tx: &WireTx) -> Result<Vec<u8>, Unprovable> {
    let kind = tx.kind.unwrap_or_default().as_u64();
    let mut list = rlp::RlpStream::new();
    list.begin_unbounded_list();
    let encoded = match kind {
        0 => legacy(&mut list, tx),
        1 => access_listed(&mut list, tx),
        2..=4 => dynamic(&mut list, tx, kind),
        _ => return Err(Unprovable::Type(kind)),
    };
    encoded.ok_or(Unprovable::Field)?;
    list.finalize_unbounded_list();
    let prefix = u8::try_from(kind).ok().filter(|kind| *kind > 0);
    Ok(prefix.into_iter().chain(list.out()).collect())
}

fn legacy(list: &mut rlp::RlpStream, tx: &WireTx) -> Option<()> {
    list.append(&tx.nonce?).append(&tx.gas_price?).append(&tx.gas?);
    payload(list, tx)?;
    list.append(&tx.v?).append(&tx.r?).append(&tx.s?);
    Some(())
}

fn access_listed(list: &mut rlp::RlpStream, tx: &WireTx) -> Option<()> {
    list.append(&tx.chain_id?)
        .append(&tx.nonce?)
        .append(&tx.gas_price?)
        .append(&tx.gas?);
    payload(list, tx)?;
    access_list(list, tx);
    signature(list, tx)
}

fn dynamic(list: &mut rlp::RlpStream, tx: &WireTx, kind: u64) -> Option<()> {
    list.append(&tx.chain_id?)
        .append(&tx.nonce?)
        .append(&tx.max_priority_fee_per_gas?)
        .append(&tx.max_fee_per_gas?)
        .append(&tx.gas?);
    payload(list, tx)?;
    access_list(list, tx);
    if kind == 3 {
        list.append(&tx.max_fee_per_blob_gas?);
        list.append_list(&tx.blob_versioned_hashes);
    }
    if kind == 4 {
        list.begin_list(tx.authorization_list.len());
        for authorization in &tx.authorization_list {
            list.begin_list(6)
                .append(&authorization.chain_id)
                .append(&authorization.address)
                .append(&authorization.nonce)
                .append(&authorization.y_parity)
                .append(&authorization.r)
                .append(&authorization.s);
        }
    }
    signature(list, tx)
}

fn payload(list: &mut rlp::RlpStream, tx: &WireTx) -> Option<()> {
    match &tx.to {
        Some(to) => list.append(to),
        None => list.append_empty_data(),
    };
    list.append(&tx.value).append(&tx.input.as_deref()?);
    Some(())
}

fn access_list(list: &mut rlp::RlpStream, tx: &WireTx) {
    list.begin_list(tx.access_list.len());
    for entry in &tx.access_list {
        list.begin_list(2)
            .append(&entry.address)
            .append_list(&entry.storage_keys);
    }
}

fn signature(list: &mut rlp::RlpStream, tx: &WireTx) -> Option<()> {
    let parity: U256 = tx.y_parity.or(tx.v)?;
    list.append(&parity).append(&tx.r?).append(&tx.s?);
    Some(())
}
