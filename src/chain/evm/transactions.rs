//! Transactions as they were signed: their hashes and the root that the header commits to, recomputed for all
//! types there are (0 to 4). Without this a node could change the value of a transfer of the native coin.

use ethers_core::types::{H256, U256};
use ethers_core::utils::keccak256;

use super::rlp::Rlp;
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
    let mut signed = Rlp::default();
    let mut ends = Vec::with_capacity(txs.len());
    for tx in txs {
        let start = signed.len();
        encode(tx, &mut signed)?;
        if H256(keccak256(signed.since(start))) != tx.hash {
            return Ok(None);
        }
        ends.push(signed.len());
    }
    Ok(Some(ordered_root(&signed.pieces(&ends))))
}

/// Writes the signed transaction: EIP-155 (0), 2930 (1), 1559 (2), 4844 (3), 7702 (4).
fn encode(tx: &WireTx, out: &mut Rlp) -> Result<(), Unprovable> {
    let kind = tx.kind.unwrap_or_default().as_u64();
    if let Some(kind) = u8::try_from(kind).ok().filter(|kind| *kind > 0) {
        out.raw(&[kind]);
    }
    let encoded = match kind {
        0 => out.list(|list| legacy(list, tx)),
        1 => out.list(|list| access_listed(list, tx)),
        2..=4 => out.list(|list| dynamic(list, tx, kind)),
        _ => return Err(Unprovable::Type(kind)),
    };
    encoded.ok_or(Unprovable::Field)
}

fn legacy(list: &mut Rlp, tx: &WireTx) -> Option<()> {
    list.number(tx.nonce?.as_u64())
        .number(tx.gas_price?)
        .number(tx.gas?);
    payload(list, tx)?;
    list.number(tx.v?).number(tx.r?).number(tx.s?);
    Some(())
}

fn access_listed(list: &mut Rlp, tx: &WireTx) -> Option<()> {
    list.number(tx.chain_id?)
        .number(tx.nonce?.as_u64())
        .number(tx.gas_price?)
        .number(tx.gas?);
    payload(list, tx)?;
    access_list(list, tx);
    signature(list, tx)
}

fn dynamic(list: &mut Rlp, tx: &WireTx, kind: u64) -> Option<()> {
    list.number(tx.chain_id?)
        .number(tx.nonce?.as_u64())
        .number(tx.max_priority_fee_per_gas?)
        .number(tx.max_fee_per_gas?)
        .number(tx.gas?);
    payload(list, tx)?;
    access_list(list, tx);
    if kind == 3 {
        list.number(tx.max_fee_per_blob_gas?);
        list.list(|hashes| {
            for hash in &tx.blob_versioned_hashes {
                hashes.bytes(&hash.0);
            }
        });
    }
    if kind == 4 {
        list.list(|authorizations| {
            for authorization in &tx.authorization_list {
                authorizations.list(|fields| {
                    fields
                        .number(authorization.chain_id)
                        .bytes(&authorization.address.0)
                        .number(authorization.nonce.as_u64())
                        .number(authorization.y_parity)
                        .number(authorization.r)
                        .number(authorization.s);
                });
            }
        });
    }
    signature(list, tx)
}

fn payload(list: &mut Rlp, tx: &WireTx) -> Option<()> {
    let to = tx.to.as_ref().map_or(&[][..], |to| &to.0);
    list.bytes(to).number(tx.value).bytes(&tx.input.as_ref()?.0);
    Some(())
}

fn access_list(list: &mut Rlp, tx: &WireTx) {
    list.list(|entries| {
        for entry in &tx.access_list {
            entries.list(|fields| {
                fields.bytes(&entry.address.0);
                fields.list(|keys| {
                    for key in &entry.storage_keys {
                        keys.bytes(&key.0);
                    }
                });
            });
        }
    });
}

fn signature(list: &mut Rlp, tx: &WireTx) -> Option<()> {
    let parity: U256 = tx.y_parity.or(tx.v)?;
    list.number(parity).number(tx.r?).number(tx.s?);
    Some(())
}
