//! Receipts as the header commits to them: the root recomputed from what a node sent, so that a changed amount, a
//! missing log or a failed transaction made to look like a success is seen.

use ethers_core::types::H256;
use ethers_core::utils::rlp;

use super::trie::ordered_root;
use super::wire::WireReceipt;

/// The root over a block's receipts (yellow paper, 4.3.1; EIP-658, EIP-2718); `None` when a receipt lacks a
/// field or has a type that this version does not know.
pub(super) fn root(receipts: &[WireReceipt]) -> Option<H256> {
    let encoded: Option<Vec<_>> = receipts.iter().map(encode).collect();
    Some(ordered_root(&encoded?))
}

fn encode(receipt: &WireReceipt) -> Option<Vec<u8>> {
    let kind = receipt.kind.unwrap_or_default().as_u64();
    let kind = u8::try_from(kind).ok().filter(|kind| *kind <= 4)?;
    let mut list = rlp::RlpStream::new_list(4);
    list.append(&receipt.status?)
        .append(&receipt.cumulative_gas_used?)
        .append(receipt.logs_bloom.as_deref()?);
    list.begin_list(receipt.logs.len());
    for log in &receipt.logs {
        list.begin_list(3)
            .append(&log.address)
            .append_list(&log.topics)
            .append(&log.data.as_ref());
    }
    let prefix = Some(kind).filter(|kind| *kind > 0);
    Some(prefix.into_iter().chain(list.out()).collect())
}
