//! Mode L: the logs of a range of blocks by query, and the headers beside them; for chains whose blocks come too
//! fast to read them whole.
//!
//! Where receipts can be proven, a block that holds money is read again, whole: no amount counts on a provider's word
//! alone. That a node left out all the logs of a block is not noticed: nothing in a header proves that an answer is
//! complete. Where that matters more than the number of calls, mode R proves it. Providers that agree on what a block
//! holds, and an audit that reads it again, belong to the provider pool, which does not exist yet.

use std::collections::{HashMap, HashSet};

use ethers_core::abi::ethereum_types::BloomInput;
use ethers_core::types::{Address, H256};
use serde_json::{Value, json};

use super::client::{self, LogSpan};
use super::decode::{self, Assets, Placed, TRANSFER_TOPIC, in_chain_order};
use super::mode_r::succeeded;
use super::wire::{FullBlock, WireBlock, WireLog};
use super::{Verify, mode_r, transactions};
use crate::chain::providers::Provider;
use crate::chain::providers::trouble::Trouble;
use crate::chain::{Blocks, Header, WatchSet};
use crate::domain::transfer::SeenTransfer;

/// Headers asked for in one request.
const BATCH_HEADERS: usize = 20;
/// Full blocks asked for in one request.
const BATCH_BLOCKS: usize = 5;
/// Above this many watched addresses all transfers of the tokens are read and matched here.
const RECIPIENTS_MAX: usize = 1000;
/// Blocks this near to the tip are asked for by hash: a node that lacks one says so instead of answering with
/// nothing.
const TIP_DEPTH: u64 = 16;

/// What is read, and how far the chain is known to go.
pub(super) struct Reading<'a> {
    pub(super) provider: &'a Provider,
    pub(super) verify: Verify,
    pub(super) assets: &'a Assets,
    pub(super) watched: &'a WatchSet,
    /// The highest block any provider was seen to have.
    pub(super) tip: u64,
}

/// Reads `heights`, which follow one another, from one provider.
pub(super) async fn read(reading: &Reading<'_>, heights: &[u64]) -> Result<Blocks, Trouble> {
    if reading.assets.native.is_some() {
        let mut blocks: Vec<FullBlock> = Vec::with_capacity(heights.len());
        for some in heights.chunks(BATCH_BLOCKS) {
            let read = client::full_blocks(reading.provider, reading.verify, some).await;
            blocks.extend(read.map_err(|trouble| reading.provider.learnt_from(trouble, some.len()))?);
        }
        let headers = client::linked(&blocks)?;
        let mut placed = token_transfers(reading, &blocks, &headers).await?;
        placed.extend(native_transfers(reading, &blocks, &headers).await?);
        return proven(reading, headers, in_chain_order(placed)).await;
    }
    let mut blocks = Vec::with_capacity(heights.len());
    for some in heights.chunks(BATCH_HEADERS) {
        blocks.extend(client::headers(reading.provider, reading.verify, some).await?);
    }
    let headers = client::linked(&blocks)?;
    let placed = token_transfers(reading, &blocks, &headers).await?;
    proven(reading, headers, in_chain_order(placed)).await
}

/// Reads the blocks that hold money again, whole, and holds what was found against what their headers commit to.
/// A bloom says that a log may be there, never how much it moved.
async fn proven(
    reading: &Reading<'_>,
    headers: Vec<Header>,
    transfers: Vec<SeenTransfer>,
) -> Result<Blocks, Trouble> {
    let Reading {
        provider,
        verify,
        assets,
        watched,
        ..
    } = *reading;
    let by_block = transfers.chunk_by(|one, next| one.block == next.block);
    for of_block in by_block.filter(|_| verify == Verify::Full) {
        let Some(first) = of_block.first() else { continue };
        let height = first.block.height;
        let whole = mode_r::read(provider, verify, assets, &[height], watched).await?;
        let is_same = |header: &Header| header.block == first.block;
        if !whole.headers.first().is_some_and(is_same) {
            return Err(Trouble::lag("a reorganisation is under way"));
        }
        if whole.transfers != of_block {
            return Err(Trouble::lie(format!(
                "the logs of block {height} are not those in its receipts"
            )));
        }
    }
    Ok(Blocks { headers, transfers })
}

/// The token transfers in `blocks`, by query.
async fn token_transfers<T>(
    reading: &Reading<'_>,
    blocks: &[WireBlock<T>],
    headers: &[Header],
) -> Result<Vec<Placed>, Trouble> {
    let contracts: Vec<Address> = reading.assets.tokens.iter().map(|(token, _)| *token).collect();
    if contracts.is_empty() || reading.watched.is_empty() {
        return Ok(Vec::new());
    }
    let by_hash: HashMap<H256, (&WireBlock<T>, &Header)> = blocks
        .iter()
        .zip(headers)
        .map(|(block, header)| (block.hash, (block, header)))
        .collect();
    let mut placed = Vec::new();
    let mut seen = HashSet::new();
    for log in logs(reading, blocks, &contracts).await? {
        if log.removed {
            continue;
        }
        let Some((block, header)) = by_hash.get(&log.block_hash) else {
            return Err(Trouble::lag(
                "has a log of a block that is not on its chain: a reorganisation is under way",
            ));
        };
        if !seen.insert((log.block_hash, log.log_index)) {
            return Err(Trouble::lie(format!("block {} has a log twice", block.number)));
        }
        check_bloom(reading.verify, block, &log)?;
        placed.extend(decode::token_transfer(
            reading.assets,
            reading.watched,
            &header.block,
            &log,
        ));
    }
    Ok(placed)
}

/// Asks for the logs of `blocks`: by hash near the tip, by range below.
async fn logs<T>(
    reading: &Reading<'_>,
    blocks: &[WireBlock<T>],
    contracts: &[Address],
) -> Result<Vec<WireLog>, Trouble> {
    let limit = reading.provider.blocks_max().unwrap_or(u64::MAX).max(1);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_deep = |block: &WireBlock<T>| block.number.as_u64().saturating_add(TIP_DEPTH) <= reading.tip;
    let (deep, near) = blocks.split_at(blocks.iter().take_while(|block| is_deep(block)).count());
    let mut spans = Vec::new();
    let mut widest = 1;
    for some in deep.chunks(limit) {
        if let [first, .., last] | [first @ last] = some {
            spans.push(LogSpan::Range(first.number.as_u64(), last.number.as_u64()));
            widest = widest.max(some.len());
        }
    }
    spans.extend(near.iter().map(|block| LogSpan::Block(block.hash)));
    let topics = topics(reading.watched);
    let read = client::logs(reading.provider, &spans, contracts, &topics).await;
    let read = read.map_err(|trouble| reading.provider.learnt_from(trouble, widest))?;
    Ok(read.into_iter().flat_map(|logs| logs.0).collect())
}

/// Transfers to anyone watched; to anyone at all where that are too many to ask for.
fn topics(watched: &WatchSet) -> Value {
    let transfer = format!("{TRANSFER_TOPIC:#x}");
    if watched.len() > RECIPIENTS_MAX {
        return json!([transfer]);
    }
    let mut recipients: Vec<String> = watched
        .payloads()
        .map(|account| format!("0x{:0>64}", hex::encode(account)))
        .collect();
    recipients.sort_unstable();
    json!([transfer, null, recipients])
}

/// A header's bloom has no false negatives: a log that is not in it is not in the block.
fn check_bloom<T>(verify: Verify, block: &WireBlock<T>, log: &WireLog) -> Result<(), Trouble> {
    if verify == Verify::None {
        return Ok(());
    }
    let bloom = block
        .logs_bloom
        .as_deref()
        .ok_or_else(|| Trouble::lie("a header has no bloom"))?;
    let contains = |bytes: &[u8]| bloom.contains_input(BloomInput::Raw(bytes));
    if contains(log.address.as_bytes()) && log.topics.iter().all(|topic| contains(topic.as_bytes())) {
        return Ok(());
    }
    Err(Trouble::lie(format!(
        "block {} cannot hold a log that was given for it",
        block.number
    )))
}

/// The native transfers in `blocks`: candidates from the transactions, success from their receipts.
async fn native_transfers(
    reading: &Reading<'_>,
    blocks: &[FullBlock],
    headers: &[Header],
) -> Result<Vec<Placed>, Trouble> {
    let mut candidates = Vec::new();
    for (block, header) in blocks.iter().zip(headers) {
        if reading.verify == Verify::Full {
            transactions::check(block)?;
        }
        let txs = (0_u64..).zip(&block.transactions);
        let paying = txs.filter(|(_, tx)| decode::may_pay(reading.assets, reading.watched, tx));
        candidates.extend(paying.map(|(index, tx)| (header, block.hash, index, tx)));
    }
    let txs: Vec<H256> = candidates.iter().map(|(.., tx)| tx.hash).collect();
    let receipts = client::tx_receipts(reading.provider, &txs).await?;
    let mut placed = Vec::new();
    for ((header, block, index, tx), receipt) in candidates.into_iter().zip(receipts) {
        if receipt.block_hash != block {
            return Err(Trouble::lag(
                "has a transaction in another block: a reorganisation is under way",
            ));
        }
        if succeeded(&receipt)? {
            placed.extend(decode::native_transfer(
                reading.assets,
                reading.watched,
                &header.block,
                tx,
                index,
            ));
        }
    }
    Ok(placed)
}
