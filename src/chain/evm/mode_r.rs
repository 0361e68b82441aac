//! Mode R: whole blocks and all their receipts, two calls per block. With [`Verify::Full`] everything in them is
//! proven from the header, also that nothing is left out.

use ethers_core::types::{H256, U64};

use super::decode::{self, Assets, in_chain_order};
use super::wire::{FullBlock, WireReceipt};
use super::{Verify, client, receipts, transactions};
use crate::chain::providers::Provider;
use crate::chain::providers::trouble::Trouble;
use crate::chain::{Blocks, Header, WatchSet};

/// Blocks asked for in one request.
const BATCH_BLOCKS: usize = 4;

/// Reads `heights` from one provider.
pub(super) async fn read(
    provider: &Provider,
    verify: Verify,
    assets: &Assets,
    heights: &[u64],
    watched: &WatchSet,
) -> Result<Blocks, Trouble> {
    let mut headers: Vec<Header> = Vec::with_capacity(heights.len());
    let mut placed = Vec::new();
    for some in heights.chunks(BATCH_BLOCKS) {
        let read = read_batch(provider, verify, some).await;
        for (header, block, receipts) in read.map_err(|trouble| provider.learnt_from(trouble, some.len()))? {
            let parent = headers.last().map(|parent| &parent.block.hash);
            if parent.is_some_and(|parent| *parent != header.parent_hash) {
                return Err(Trouble::lag("a reorganisation is under way"));
            }
            for (index, (tx, receipt)) in (0_u64..).zip(block.transactions.iter().zip(&receipts)) {
                if !succeeded(receipt)? {
                    continue;
                }
                let logs = receipt.logs.iter();
                placed.extend(
                    logs.filter_map(|log| decode::token_transfer(assets, watched, &header.block, log)),
                );
                placed.extend(decode::native_transfer(assets, watched, &header.block, tx, index));
            }
            headers.push(header);
        }
    }
    Ok(Blocks {
        headers,
        transfers: in_chain_order(placed),
    })
}

type BlockAndReceipts = (Header, FullBlock, Vec<WireReceipt>);

async fn read_batch(
    provider: &Provider,
    verify: Verify,
    heights: &[u64],
) -> Result<Vec<BlockAndReceipts>, Trouble> {
    let blocks = client::full_blocks(provider, verify, heights).await?;
    let headers = client::linked(&blocks)?;
    let hashes: Vec<H256> = blocks.iter().map(|block| block.hash).collect();
    let receipts = client::receipts(provider, &hashes).await?;
    let mut read = Vec::with_capacity(blocks.len());
    for ((header, block), receipts) in headers.into_iter().zip(blocks).zip(receipts) {
        check(&block, &receipts.0, verify)?;
        read.push((header, block, receipts.0));
    }
    Ok(read)
}

/// Checks that the receipts are those of the block, all of them, and both are what the header commits to.
pub(super) fn check(block: &FullBlock, receipts: &[WireReceipt], verify: Verify) -> Result<(), Trouble> {
    let number = block.number;
    if block.transactions.len() != receipts.len() {
        return Err(Trouble::lie(format!(
            "block {number} has {} transactions and {} receipts",
            block.transactions.len(),
            receipts.len()
        )));
    }
    let mut log_count = 0_u64;
    for (index, (tx, receipt)) in (0_u64..).zip(block.transactions.iter().zip(receipts)) {
        let is_of_tx = receipt.transaction_hash == tx.hash
            && receipt.block_hash == block.hash
            && receipt.transaction_index == U64::from(index);
        if !is_of_tx {
            return Err(Trouble::lie(format!(
                "receipt {index} of block {number} is of another transaction"
            )));
        }
        for log in &receipt.logs {
            // The root does not cover the index, and the index is what tells two transfers apart.
            let is_of_receipt = log.log_index == U64::from(log_count)
                && log.transaction_hash == tx.hash
                && log.block_hash == block.hash
                && log.transaction_index == U64::from(index);
            if !is_of_receipt {
                return Err(Trouble::lie(format!(
                    "log {log_count} of block {number} is misplaced"
                )));
            }
            log_count = log_count.saturating_add(1);
        }
    }
    match verify {
        Verify::Full => check_roots(block, receipts),
        Verify::HeaderOnly | Verify::None => Ok(()),
    }
}

fn check_roots(block: &FullBlock, receipts: &[WireReceipt]) -> Result<(), Trouble> {
    let number = block.number;
    transactions::check(block)?;
    let root = receipts::root(receipts);
    if root.is_none() || root != block.receipts_root.map(H256::from) {
        return Err(Trouble::lie(format!(
            "the receipts of block {number} are not those its header commits to"
        )));
    }
    Ok(())
}

/// Whether the transaction succeeded (EIP-658).
pub(super) fn succeeded(receipt: &WireReceipt) -> Result<bool, Trouble> {
    match receipt.status.map(|status| status.as_u64()) {
        Some(1) => Ok(true),
        Some(0) => Ok(false),
        Some(_) | None => Err(Trouble::down(
            "a receipt does not say whether its transaction succeeded",
        )),
    }
}
