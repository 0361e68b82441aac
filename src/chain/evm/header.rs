//! The hash of a header, recomputed from its fields: what a node says of a block is only believed as far as it
//! hashes to the block's name.

use ethers_core::types::H256;
use ethers_core::utils::{keccak256, rlp};

use super::wire::WireBlock;

/// The hash over the header's fields (yellow paper, 4.3.3, with EIP-1559, 4895, 4844, 4788 and 7685); `None`
/// when a field is missing that every header has, or a later field is there without an earlier one.
pub(super) fn recompute<T>(block: &WireBlock<T>) -> Option<H256> {
    let mut list = rlp::RlpStream::new();
    list.begin_unbounded_list()
        .append(&block.parent_hash)
        .append(&block.uncles_hash?)
        .append(&block.miner?)
        .append(&block.state_root?)
        .append(&block.transactions_root?)
        .append(&block.receipts_root?)
        .append(block.logs_bloom.as_deref()?)
        .append(&block.difficulty?)
        .append(&block.number)
        .append(&block.gas_limit?)
        .append(&block.gas_used?)
        .append(&block.timestamp)
        .append(&block.extra_data.as_deref()?)
        .append(&block.mix_hash?)
        .append(&block.nonce?);
    // Each fork appended fields behind those of the one before.
    let mut ended = false;
    append_if(&mut list, block.base_fee_per_gas.as_ref(), &mut ended)?;
    append_if(&mut list, block.withdrawals_root.as_ref(), &mut ended)?;
    append_if(&mut list, block.blob_gas_used.as_ref(), &mut ended)?;
    append_if(&mut list, block.excess_blob_gas.as_ref(), &mut ended)?;
    append_if(&mut list, block.parent_beacon_block_root.as_ref(), &mut ended)?;
    append_if(&mut list, block.requests_hash.as_ref(), &mut ended)?;
    list.finalize_unbounded_list();
    Some(H256(keccak256(list.out())))
}

fn append_if<F: rlp::Encodable>(
    list: &mut rlp::RlpStream,
    field: Option<&F>,
    ended: &mut bool,
) -> Option<()> {
    match (field, *ended) {
        (Some(_), true) => return None,
        (Some(field), false) => {
            list.append(field);
        }
        (None, _) => *ended = true,
    }
    Some(())
}

/// Whether the header hashes to the name the node gave it.
pub(super) fn is_genuine<T>(block: &WireBlock<T>) -> bool {
    recompute(block) == Some(block.hash)
}
