//! Receipts as the header commits to them: the root recomputed from what a node sent, so that a changed amount, a
//! missing log or a failed transaction made to look like a success is seen.

use ethers_core::types::H256;

use super::rlp::Rlp;
use super::trie::ordered_root;
use super::wire::WireReceipt;

/// The root over a block's receipts (yellow paper, 4.3.1; EIP-658, EIP-2718); `None` when a receipt lacks a
/// field or has a type that this version does not know.
pub(super) fn root(receipts: &[WireReceipt]) -> Option<H256> {
    let mut encoded = Rlp::default();
    let mut ends = Vec::with_capacity(receipts.len());
    for receipt in receipts {
        encode(receipt, &mut encoded)?;
        ends.push(encoded.len());
    }
    Some(ordered_root(&encoded.pieces(&ends)))
}

fn encode(receipt: &WireReceipt, out: &mut Rlp) -> Option<()> {
    let kind = receipt.kind.unwrap_or_default().as_u64();
    let kind = u8::try_from(kind).ok().filter(|kind| *kind <= 4)?;
    if kind > 0 {
        out.raw(&[kind]);
    }
    out.list(|list| {
        list.number(receipt.status?.as_u64())
            .number(receipt.cumulative_gas_used?)
            .bytes(&receipt.logs_bloom.as_deref()?.0);
        list.list(|logs| {
            for log in &receipt.logs {
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
        });
        Some(())
    })
}
