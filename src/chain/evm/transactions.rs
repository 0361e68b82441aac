//! Transactions as they were signed: their hashes and the root that the header commits to, recomputed for all
//! types there are (0 to 4). Without this a node could change the value of a transfer of the native coin.
//!
//! What is signed is written from the texts of the reply as they stand there, and nothing else is kept of it.

use ethers_core::types::{H256, U64};
use serde::Deserialize;

use super::keccak;
use super::rlp::{NotDigits, Rlp};
use super::trie::ordered_root;
use super::wire::{FullBlock, WireTx, listed};
use crate::chain::digits::Text;
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
        Ok(Some(root)) if Some(root) == block.transactions_root.map(H256::from) => Ok(()),
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
    let signed: Result<Vec<&[u8]>, Unprovable> = txs
        .iter()
        .map(|tx| tx.signed.as_deref().map_err(|unprovable| *unprovable))
        .collect();
    let signed = signed?;
    if keccak::hashes(&signed).iter().ne(txs.iter().map(|tx| &tx.hash)) {
        return Ok(None);
    }
    Ok(Some(ordered_root(&signed)))
}

/// A transaction in texts, of any type.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TxText<'a> {
    #[serde(borrow)]
    pub(super) hash: Text<'a>,
    pub(super) to: Option<Text<'a>>,
    pub(super) value: Text<'a>,
    /// EIP-2718; legacy transactions of old nodes have none.
    #[serde(rename = "type")]
    pub(super) kind: Option<U64>,
    chain_id: Option<Text<'a>>,
    nonce: Option<Text<'a>>,
    gas: Option<Text<'a>>,
    gas_price: Option<Text<'a>>,
    max_fee_per_gas: Option<Text<'a>>,
    max_priority_fee_per_gas: Option<Text<'a>>,
    max_fee_per_blob_gas: Option<Text<'a>>,
    input: Option<Text<'a>>,
    v: Option<Text<'a>>,
    y_parity: Option<Text<'a>>,
    r: Option<Text<'a>>,
    s: Option<Text<'a>>,
    #[serde(default, deserialize_with = "listed")]
    access_list: Vec<AccessText<'a>>,
    #[serde(default, deserialize_with = "listed")]
    blob_versioned_hashes: Vec<Text<'a>>,
    #[serde(default, deserialize_with = "listed")]
    authorization_list: Vec<AuthorizationText<'a>>,
}

/// EIP-2930.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AccessText<'a> {
    #[serde(borrow)]
    address: Text<'a>,
    #[serde(deserialize_with = "listed")]
    storage_keys: Vec<Text<'a>>,
}

/// EIP-7702.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AuthorizationText<'a> {
    #[serde(borrow)]
    chain_id: Text<'a>,
    address: Text<'a>,
    nonce: Text<'a>,
    #[serde(alias = "v")]
    y_parity: Text<'a>,
    r: Text<'a>,
    s: Text<'a>,
}

/// Why texts make no transaction.
enum Flaw {
    Unprovable(Unprovable),
    NotDigits,
}

impl From<NotDigits> for Flaw {
    fn from(_: NotDigits) -> Self {
        Self::NotDigits
    }
}

/// The transaction as it was signed.
///
/// # Errors
/// [`NotDigits`] when a text that belongs to it is none of a number or of bytes; else, within, why it cannot be told.
pub(super) fn signed(tx: &TxText<'_>) -> Result<Result<Box<[u8]>, Unprovable>, NotDigits> {
    /// What all but the input takes, and rarely more.
    const FIELDS_BYTES: usize = 256;
    let input = tx.input.as_deref().map_or(0, str::len) / 2;
    let mut out = Rlp::with_capacity(input.saturating_add(FIELDS_BYTES));
    match encode(tx, &mut out) {
        Ok(()) => Ok(Ok(out.into_bytes().into())),
        Err(Flaw::Unprovable(unprovable)) => Ok(Err(unprovable)),
        Err(Flaw::NotDigits) => Err(NotDigits),
    }
}

/// Writes the signed transaction: EIP-155 (0), 2930 (1), 1559 (2), 4844 (3), 7702 (4).
fn encode(tx: &TxText<'_>, out: &mut Rlp) -> Result<(), Flaw> {
    let kind = tx.kind.unwrap_or_default().as_u64();
    if let Some(kind) = u8::try_from(kind).ok().filter(|kind| *kind > 0) {
        out.raw(&[kind]);
    }
    match kind {
        0 => out.list(|list| legacy(list, tx)),
        1 => out.list(|list| access_listed(list, tx)),
        2..=4 => out.list(|list| dynamic(list, tx, kind)),
        _ => Err(Flaw::Unprovable(Unprovable::Type(kind))),
    }
}

fn of<'a>(field: &'a Option<Text<'_>>) -> Result<&'a str, Flaw> {
    field.as_deref().ok_or(Flaw::Unprovable(Unprovable::Field))
}

fn legacy(list: &mut Rlp, tx: &TxText<'_>) -> Result<(), Flaw> {
    list.quantity(of(&tx.nonce)?)?
        .quantity(of(&tx.gas_price)?)?
        .quantity(of(&tx.gas)?)?;
    payload(list, tx)?;
    list.quantity(of(&tx.v)?)?
        .quantity(of(&tx.r)?)?
        .quantity(of(&tx.s)?)?;
    Ok(())
}

fn access_listed(list: &mut Rlp, tx: &TxText<'_>) -> Result<(), Flaw> {
    list.quantity(of(&tx.chain_id)?)?
        .quantity(of(&tx.nonce)?)?
        .quantity(of(&tx.gas_price)?)?
        .quantity(of(&tx.gas)?)?;
    payload(list, tx)?;
    access_list(list, tx)?;
    signature(list, tx)
}

fn dynamic(list: &mut Rlp, tx: &TxText<'_>, kind: u64) -> Result<(), Flaw> {
    list.quantity(of(&tx.chain_id)?)?
        .quantity(of(&tx.nonce)?)?
        .quantity(of(&tx.max_priority_fee_per_gas)?)?
        .quantity(of(&tx.max_fee_per_gas)?)?
        .quantity(of(&tx.gas)?)?;
    payload(list, tx)?;
    access_list(list, tx)?;
    if kind == 3 {
        list.quantity(of(&tx.max_fee_per_blob_gas)?)?;
        each(list, &tx.blob_versioned_hashes, |hashes, hash| {
            hashes.digits(hash).map(|_| ())
        })?;
    }
    if kind == 4 {
        each(list, &tx.authorization_list, |list, authorization| {
            list.list(|fields| {
                fields
                    .quantity(&authorization.chain_id)?
                    .digits(&authorization.address)?
                    .quantity(&authorization.nonce)?
                    .quantity(&authorization.y_parity)?
                    .quantity(&authorization.r)?
                    .quantity(&authorization.s)?;
                Ok(())
            })
        })?;
    }
    signature(list, tx)
}

fn payload(list: &mut Rlp, tx: &TxText<'_>) -> Result<(), Flaw> {
    list.digits(tx.to.as_deref().unwrap_or_default())?
        .quantity(&tx.value)?
        .digits(of(&tx.input)?)?;
    Ok(())
}

fn access_list(list: &mut Rlp, tx: &TxText<'_>) -> Result<(), NotDigits> {
    each(list, &tx.access_list, |list, entry| {
        list.list(|fields| {
            fields.digits(&entry.address)?;
            each(fields, &entry.storage_keys, |keys, key| {
                keys.digits(key).map(|_| ())
            })
        })
    })
}

fn signature(list: &mut Rlp, tx: &TxText<'_>) -> Result<(), Flaw> {
    let parity = if tx.y_parity.is_some() {
        &tx.y_parity
    } else {
        &tx.v
    };
    list.quantity(of(parity)?)?
        .quantity(of(&tx.r)?)?
        .quantity(of(&tx.s)?)?;
    Ok(())
}

/// Writes a list of `items`, as `write` writes each of them.
fn each<T>(
    list: &mut Rlp,
    items: &[T],
    write: impl Fn(&mut Rlp, &T) -> Result<(), NotDigits>,
) -> Result<(), NotDigits> {
    list.list(|list| items.iter().try_for_each(|item| write(list, item)))
}
