//! Mode L: the logs of a range of blocks by query, and the headers beside them; for chains whose blocks come too
//! fast to read them whole.
//!
//! Where receipts can be proven, a block that holds money is read again, whole: no amount counts on a provider's word
//! alone. Nothing in a header proves that an answer about logs is complete: what a provider leaves out is noticed by
//! asking a second one (`crosscheck`), and so is, where nothing can be proven, what it alters or invents. With one
//! provider, or a quorum of one, its word is all there is.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use ethers_core::abi::ethereum_types::{BloomInput, BloomRef};
use ethers_core::types::{Address, H256};
use serde_json::value::RawValue;

use super::client::{self, LogSpan};
use super::decode::{self, Assets, Placed, in_chain_order};
use super::mode_r::succeeded;
use super::wire::{Fixed, FullBlock, WireHeader, WireLog, WireTx};
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

/// One block, as far as it is needed to say what it holds.
pub(super) struct Frame {
    pub(super) hash: H256,
    pub(super) header: Header,
    bloom: Option<Box<Fixed<256>>>,
    /// The transactions that move the native coin to a watched address if they succeeded, with their indices.
    paying: Vec<(u64, WireTx)>,
    /// Whether its transactions are those that a header which hashes to its name commits to.
    are_txs_proven: bool,
}

impl Frame {
    fn of_header(block: WireHeader) -> Result<Self, Trouble> {
        Ok(Self {
            hash: block.hash,
            header: client::header_of(&block)?,
            bloom: block.logs_bloom,
            paying: Vec::new(),
            are_txs_proven: true,
        })
    }

    fn of_block(reading: &Reading<'_>, block: FullBlock) -> Result<Self, Trouble> {
        let are_txs_proven = match reading.verify {
            Verify::Full => transactions::check(&block).map(|()| true)?,
            Verify::HeaderOnly => transactions::check(&block).is_ok(),
            Verify::None => false,
        };
        let header = client::header_of(&block)?;
        let txs = (0_u64..).zip(block.transactions);
        Ok(Self {
            hash: block.hash,
            header,
            bloom: block.logs_bloom,
            paying: txs
                .filter(|(_, tx)| decode::may_pay(reading.assets, reading.watched, tx))
                .collect(),
            are_txs_proven,
        })
    }
}

/// Reads the frames at `heights`, which follow one another, from one provider.
pub(super) async fn frames(reading: &Reading<'_>, heights: &[u64]) -> Result<Vec<Frame>, Trouble> {
    let frames = gather(reading, heights).await?;
    let broken = frames
        .iter()
        .zip(frames.iter().skip(1))
        .find(|(parent, child)| child.header.parent_hash != parent.header.block.hash);
    if let Some((parent, child)) = broken {
        return Err(Trouble::lag(format!(
            "block {} does not build on block {}: a reorganisation is under way",
            child.header.block.height, parent.header.block.height
        )));
    }
    Ok(frames)
}

async fn gather(reading: &Reading<'_>, heights: &[u64]) -> Result<Vec<Frame>, Trouble> {
    let (provider, verify) = (reading.provider, reading.verify);
    let mut frames = Vec::with_capacity(heights.len());
    if reading.assets.native.is_none() {
        for some in heights.chunks(BATCH_HEADERS) {
            let blocks = client::headers(provider, verify, some).await?;
            for block in blocks {
                frames.push(Frame::of_header(block)?);
            }
        }
        return Ok(frames);
    }
    for some in heights.chunks(blocks_max(provider).min(BATCH_BLOCKS)) {
        let blocks = client::full_blocks(provider, verify, some).await;
        for block in blocks.map_err(|trouble| provider.learnt_from(trouble, some.len()))? {
            frames.push(Frame::of_block(reading, block)?);
        }
    }
    Ok(frames)
}

/// The most blocks to ask of `provider` at once.
fn blocks_max(provider: &Provider) -> usize {
    let learnt = provider.blocks_max().unwrap_or(u64::MAX).max(1);
    usize::try_from(learnt).unwrap_or(usize::MAX)
}

/// What the blocks of `frames` hold, by the word of the provider of `reading`.
pub(super) async fn transfers(
    reading: &Reading<'_>,
    frames: &[&Frame],
) -> Result<Vec<SeenTransfer>, Trouble> {
    let mut placed = token_transfers(reading, frames).await?;
    placed.extend(native_transfers(reading, frames).await?);
    Ok(in_chain_order(placed))
}

/// What the blocks of `frames`, which another provider gave, hold by the word of the provider of `reading`. Only
/// what their headers commit to is taken from the other's frames.
pub(super) async fn second_word(
    reading: &Reading<'_>,
    frames: &[Frame],
) -> Result<Vec<SeenTransfer>, Trouble> {
    let is_elsewhere = || Trouble::lag("has another block there: it lags, or a reorganisation is under way");
    let Some(last) = frames.last() else {
        return Ok(Vec::new());
    };
    // Before the logs are asked for: a node that lags answers about blocks it does not have with nothing.
    let headers = client::headers(reading.provider, reading.verify, &[last.header.block.height]).await?;
    if headers.first().is_none_or(|header| header.hash != last.hash) {
        return Err(is_elsewhere());
    }
    let unproven = frames.iter().filter(|frame| !frame.are_txs_proven);
    let heights: Vec<u64> = unproven.map(|frame| frame.header.block.height).collect();
    let own = gather(reading, &heights).await?;
    let mut own_left = own.iter();
    let mut mixed = Vec::with_capacity(frames.len());
    for frame in frames {
        let taken = match frame.are_txs_proven {
            true => Some(frame),
            false => own_left.next().filter(|own| own.hash == frame.hash),
        };
        mixed.push(taken.ok_or_else(is_elsewhere)?);
    }
    transfers(reading, &mixed).await
}

/// Reads the blocks that hold money again, whole, and holds what was found against what their headers commit to.
/// A bloom says that a log may be there, never how much it moved.
pub(super) async fn proven(
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

/// The token transfers in the blocks of `frames`, by query.
async fn token_transfers(reading: &Reading<'_>, frames: &[&Frame]) -> Result<Vec<Placed>, Trouble> {
    let contracts: Vec<Address> = reading.assets.tokens.iter().map(|(token, _)| *token).collect();
    if contracts.is_empty() || reading.watched.is_empty() {
        return Ok(Vec::new());
    }
    let by_hash: HashMap<H256, &Frame> = frames.iter().map(|frame| (frame.hash, *frame)).collect();
    let mut placed = Vec::new();
    let mut seen = HashSet::new();
    let logs = logs(reading, frames, &contracts).await?;
    let mut before: Option<&WireLog> = None;
    for log in &logs {
        if log.removed {
            continue;
        }
        let Some(frame) = by_hash.get(&log.block_hash) else {
            return Err(Trouble::lag(
                "has a log of a block that is not on its chain: a reorganisation is under way",
            ));
        };
        let block = &frame.header.block;
        if !seen.insert((log.block_hash, log.log_index)) {
            return Err(Trouble::lie(format!("block {} has a log twice", block.height)));
        }
        let of_block = before.filter(|before| before.block_hash == log.block_hash);
        check_bloom(reading.verify, frame, log, of_block)?;
        before = Some(log);
        placed.extend(decode::token_transfer(
            reading.assets,
            reading.watched,
            block,
            log,
        ));
    }
    Ok(placed)
}

/// Asks for the logs of the blocks of `frames`: by hash near the tip, by range below.
async fn logs(
    reading: &Reading<'_>,
    frames: &[&Frame],
    contracts: &[Address],
) -> Result<Vec<WireLog>, Trouble> {
    let height = |frame: &Frame| frame.header.block.height;
    let is_deep = |frame: &Frame| height(frame).saturating_add(TIP_DEPTH) <= reading.tip;
    let (deep, near) = frames.split_at(frames.iter().take_while(|frame| is_deep(frame)).count());
    let mut spans = Vec::new();
    let mut widest = 1;
    for some in deep.chunks(blocks_max(reading.provider)) {
        if let [first, .., last] | [first @ last] = some {
            spans.push(LogSpan::Range(height(first), height(last)));
            widest = widest.max(some.len());
        }
    }
    spans.extend(near.iter().map(|frame| LogSpan::Block(frame.hash)));
    let topics = topics(reading.watched)?;
    let read = client::logs(reading.provider, &spans, contracts, &topics).await;
    let read = read.map_err(|trouble| reading.provider.learnt_from(trouble, widest))?;
    Ok(read.into_iter().flat_map(|logs| logs.0).collect())
}

/// Transfers to anyone watched; to anyone at all where that are too many to ask for.
fn topics(watched: &WatchSet) -> Result<Arc<RawValue>, Trouble> {
    if watched.len() > RECIPIENTS_MAX {
        return client::topics(None);
    }
    watched.asked_for(|| {
        let mut recipients: Vec<&[u8]> = watched.payloads().collect();
        recipients.sort_unstable();
        client::topics(Some(&recipients))
    })
}

/// A header's bloom has no false negatives: a log that is not in it is not in the block. What a log has in common with the one
/// before it in the block, its token and its event, was looked for with that.
fn check_bloom(
    verify: Verify,
    frame: &Frame,
    log: &WireLog,
    before: Option<&WireLog>,
) -> Result<(), Trouble> {
    if verify == Verify::None {
        return Ok(());
    }
    let bloom = frame
        .bloom
        .as_deref()
        .ok_or_else(|| Trouble::lie("a header has no bloom"))?;
    let holds_address =
        before.is_some_and(|before| before.address == log.address) || may_hold(bloom, log.address.as_bytes());
    let mut topics = log.topics.as_slice().iter().enumerate();
    let holds_topic = |(place, topic): (usize, &H256)| {
        let is_known = before.is_some_and(|before| before.topics.as_slice().get(place) == Some(topic));
        is_known || may_hold(bloom, topic.as_bytes())
    };
    if holds_address && topics.all(holds_topic) {
        return Ok(());
    }
    Err(Trouble::lie(format!(
        "block {} cannot hold a log that was given for it",
        frame.header.block.height
    )))
}

/// Whether a bloom holds an address or a topic.
fn may_hold(bloom: &Fixed<256>, word: &[u8]) -> bool {
    BloomRef::from(&bloom.0).contains_input(BloomInput::Raw(word))
}

/// The native transfers in the blocks of `frames`: those of the paying transactions that succeeded.
async fn native_transfers(reading: &Reading<'_>, frames: &[&Frame]) -> Result<Vec<Placed>, Trouble> {
    let mut paying: Vec<(&Frame, u64, &WireTx)> = Vec::new();
    for frame in frames {
        paying.extend(frame.paying.iter().map(|(index, tx)| (*frame, *index, tx)));
    }
    let txs: Vec<H256> = paying.iter().map(|(.., tx)| tx.hash).collect();
    let receipts = client::tx_receipts(reading.provider, &txs).await?;
    let mut placed = Vec::new();
    for ((frame, index, tx), receipt) in paying.into_iter().zip(receipts) {
        if receipt.block_hash != frame.hash {
            return Err(Trouble::lag(
                "has a transaction in another block: a reorganisation is under way",
            ));
        }
        if succeeded(&receipt)? {
            let block = &frame.header.block;
            placed.extend(decode::native_transfer(
                reading.assets,
                reading.watched,
                block,
                tx,
                index,
            ));
        }
    }
    Ok(placed)
}
