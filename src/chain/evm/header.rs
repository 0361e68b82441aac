//! The hash of a header, recomputed from its fields: what a node says of a block is only believed as far as it
//! hashes to the block's name.

use ethers_core::types::H256;

use super::keccak;
use super::rlp::Rlp;
use super::wire::WireBlock;

/// The hash over the header's fields (yellow paper, 4.3.3, with EIP-1559, 4895, 4844, 4788 and 7685); `None`
/// when a field is missing that every header has, or a later field is there without an earlier one.
pub(super) fn recompute<T>(block: &WireBlock<T>) -> Option<H256> {
    let mut out = Rlp::default();
    out.list(|list| fields(block, list))?;
    Some(keccak::hash(out.since(0)))
}

fn fields<T>(block: &WireBlock<T>, list: &mut Rlp) -> Option<()> {
    list.bytes(&block.parent_hash.0)
        .bytes(&block.uncles_hash?.0)
        .bytes(&block.miner?.0)
        .bytes(&block.state_root?.0)
        .bytes(&block.transactions_root?.0)
        .bytes(&block.receipts_root?.0)
        .bytes(&block.logs_bloom.as_deref()?.0)
        .number(block.difficulty?)
        .number(block.number.as_u64())
        .number(block.gas_limit?)
        .number(block.gas_used?)
        .number(block.timestamp.as_u64())
        .bytes(&block.extra_data.as_ref()?.0)
        .bytes(&block.mix_hash?.0)
        .bytes(&block.nonce?.0);
    // Each fork appended fields behind those of the one before.
    let mut forks = Forks { list, ended: false };
    forks.append(block.base_fee_per_gas, |list, fee| list.number(fee))?;
    forks.append(block.withdrawals_root, |list, root| list.bytes(&root.0))?;
    forks.append(block.blob_gas_used, |list, gas| list.number(gas.as_u64()))?;
    forks.append(block.excess_blob_gas, |list, gas| list.number(gas.as_u64()))?;
    forks.append(block.parent_beacon_block_root, |list, root| list.bytes(&root.0))?;
    forks.append(block.requests_hash, |list, hash| list.bytes(&hash.0))
}

/// The fields that not every header has.
struct Forks<'a> {
    list: &'a mut Rlp,
    /// One was missing.
    ended: bool,
}

impl Forks<'_> {
    fn append<F>(&mut self, field: Option<F>, write: impl FnOnce(&mut Rlp, F) -> &mut Rlp) -> Option<()> {
        match (field, self.ended) {
            (Some(_), true) => return None,
            (Some(field), false) => {
                write(self.list, field);
            }
            (None, _) => self.ended = true,
        }
        Some(())
    }
}

/// Whether the header hashes to the name the node gave it.
pub(super) fn is_genuine<T>(block: &WireBlock<T>) -> bool {
    recompute(block) == Some(block.hash)
}
