//! Receipts as the header commits to them: the root recomputed from what a node sent, so that a changed amount, a
//! missing log or a failed transaction made to look like a success is seen.

use ethers_core::types::{H256, U64};
use serde::Deserialize;

use super::rlp::{NotDigits, Rlp};
use super::trie::ordered_root;
use super::wire::{LOGS_MAX, WireLog, WireReceipt, read_fixed, read_number};
use crate::chain::digits::Text;
use crate::chain::jsonrpc::bounded;

/// The root over a block's receipts (yellow paper, 4.3.1; EIP-658, EIP-2718); `None` when a receipt lacks a
/// field or has a type that this version does not know.
pub(super) fn root(receipts: &[WireReceipt]) -> Option<H256> {
    let encoded: Option<Vec<&[u8]>> = receipts
        .iter()
        .map(|receipt| receipt.encoded.as_deref())
        .collect();
    Some(ordered_root(&encoded?))
}

/// A receipt; what only its encoding needs is a text.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReceiptText<'a> {
    #[serde(deserialize_with = "read_fixed")]
    pub(super) transaction_hash: H256,
    #[serde(deserialize_with = "read_number")]
    pub(super) transaction_index: U64,
    #[serde(deserialize_with = "read_fixed")]
    pub(super) block_hash: H256,
    pub(super) status: Option<U64>,
    #[serde(rename = "type")]
    kind: Option<U64>,
    #[serde(borrow)]
    cumulative_gas_used: Option<Text<'a>>,
    logs_bloom: Option<Text<'a>>,
    #[serde(deserialize_with = "bounded::<_, _, LOGS_MAX>")]
    pub(super) logs: Vec<WireLog>,
}

/// The receipt as its root is made of; `None` where a field is missing, or of a type that this version does not know.
///
/// # Errors
/// [`NotDigits`] when a text that belongs to it is none of a number or of bytes.
pub(super) fn encoded(receipt: &ReceiptText<'_>) -> Result<Option<Box<[u8]>>, NotDigits> {
    /// What all but logs takes, and a log with three topics and an amount.
    const FIELDS_BYTES: usize = 300;
    const LOG_BYTES: usize = 160;
    let (Some(status), Some(gas), Some(bloom)) =
        (receipt.status, &receipt.cumulative_gas_used, &receipt.logs_bloom)
    else {
        return Ok(None);
    };
    let kind = receipt.kind.unwrap_or_default().as_u64();
    let Some(kind) = u8::try_from(kind).ok().filter(|kind| *kind <= 4) else {
        return Ok(None);
    };
    let logs_bytes = receipt.logs.len().saturating_mul(LOG_BYTES);
    let mut out = Rlp::with_capacity(logs_bytes.saturating_add(FIELDS_BYTES));
    if kind > 0 {
        out.raw(&[kind]);
    }
    out.list(|list| {
        list.number(status.as_u64()).quantity(gas)?.digits(bloom)?;
        list.list(|logs| receipt.logs.iter().for_each(|log| write(logs, log)));
        Ok(())
    })?;
    Ok(Some(out.into_bytes().into()))
}

fn write(logs: &mut Rlp, log: &WireLog) {
    logs.list(|fields| {
        fields.bytes(&log.address.0);
        fields.list(|topics| {
            for topic in log.topics.as_slice() {
                topics.bytes(&topic.0);
            }
        });
        fields.bytes(&log.data.0);
    });
}
