//! The calls made of one provider, typed: each answer is checked to be about what was asked.

use std::sync::Arc;

use ethers_core::types::{Address, Bytes, H256, U64, U256};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use serde_json::value::{RawValue, to_raw_value};

use super::decode::TRANSFER_TOPIC;
use super::wire::{FullBlock, WireBlock, WireHeader, WireLogs, WireReceipt, WireReceipts, text};
use super::{Verify, header};
use crate::chain::Header;
use crate::chain::jsonrpc::Call;
use crate::chain::providers::Provider;
use crate::chain::providers::trouble::{Trouble, TroubleKind};
use crate::domain::time::UnixMillis;
use crate::domain::transfer::BlockRef;

/// Selector of `decimals()`.
const DECIMALS: &str = "0x313ce567";

pub(super) fn chain_id_call() -> Call {
    Call::new("eth_chainId", json!([]))
}

/// The id of the chain that the provider serves.
pub(super) async fn chain_id(provider: &Provider) -> Result<u64, Trouble> {
    let id: U256 = answered(provider.call(&chain_id_call()).await?, "eth_chainId")?;
    u64::try_from(id).map_err(|_| Trouble::down("eth_chainId: out of range"))
}

/// What each contract answers to `decimals()`, as it came: nothing where there is no such contract, or one that
/// does not know the question.
pub(super) async fn decimals(provider: &Provider, tokens: &[Address]) -> Result<Vec<Bytes>, Trouble> {
    let calls: Vec<_> = tokens
        .iter()
        .map(|token| {
            Call::new(
                "eth_call",
                json!([{"to": address(*token), "data": DECIMALS}, "latest"]),
            )
        })
        .collect();
    let answers = match provider.calls(&calls).await {
        // One of them spoils the answer of all: which one it is, only asking again tells.
        Err(trouble) if is_revert(&trouble) => {
            let mut answers = Vec::with_capacity(calls.len());
            for call in &calls {
                answers.push(match provider.call(call).await {
                    Err(trouble) if is_revert(&trouble) => Some(Bytes::default()),
                    answer => answer?,
                });
            }
            answers
        }
        answers => answers?,
    };
    answers
        .into_iter()
        .map(|answer| answered(answer, "eth_call"))
        .collect()
}

/// Whether the contract itself refused the call: an answer of the chain, no failure of the provider.
fn is_revert(trouble: &Trouble) -> bool {
    trouble.kind == TroubleKind::Down && trouble.reason.to_lowercase().contains("revert")
}

/// The provider's highest block.
pub(super) async fn latest(provider: &Provider, verify: Verify) -> Result<WireHeader, Trouble> {
    let call = Call::new("eth_getBlockByNumber", json!(["latest", false]));
    let block: WireHeader = answered(provider.call(&call).await?, "eth_getBlockByNumber")?;
    genuine(&block, verify)?;
    Ok(block)
}

/// The highest block that the provider calls final.
pub(super) async fn finalized(provider: &Provider, verify: Verify) -> Result<WireHeader, Trouble> {
    let call = Call::new("eth_getBlockByNumber", json!(["finalized", false]));
    let block: Option<WireHeader> = provider.call(&call).await?;
    let block = block.ok_or_else(|| Trouble::lag("calls no block final yet"))?;
    genuine(&block, verify)?;
    Ok(block)
}

/// The headers at `heights`, in order; verified, but not against one another.
pub(super) async fn headers(
    provider: &Provider,
    verify: Verify,
    heights: &[u64],
) -> Result<Vec<WireHeader>, Trouble> {
    blocks(provider, verify, heights, false).await
}

/// The blocks at `heights` with their transactions, in order; the headers are verified, the transactions not.
pub(super) async fn full_blocks(
    provider: &Provider,
    verify: Verify,
    heights: &[u64],
) -> Result<Vec<FullBlock>, Trouble> {
    blocks(provider, verify, heights, true).await
}

async fn blocks<T: 'static>(
    provider: &Provider,
    verify: Verify,
    heights: &[u64],
    with_txs: bool,
) -> Result<Vec<WireBlock<T>>, Trouble>
where
    WireBlock<T>: DeserializeOwned + Send,
{
    let calls: Vec<_> = heights
        .iter()
        .map(|height| Call::new("eth_getBlockByNumber", json!([quantity(*height), with_txs])))
        .collect();
    let answers = provider.calls::<WireBlock<T>>(&calls).await?;
    let mut blocks = Vec::with_capacity(heights.len());
    for (answer, height) in answers.into_iter().zip(heights) {
        let block = answer.ok_or_else(|| Trouble::lag(format!("has no block {height}")))?;
        if block.number != U64::from(*height) {
            return Err(Trouble::lie(format!(
                "answered with block {} when asked for {height}",
                block.number
            )));
        }
        genuine(&block, verify)?;
        blocks.push(block);
    }
    Ok(blocks)
}

fn genuine<T>(block: &WireBlock<T>, verify: Verify) -> Result<(), Trouble> {
    if verify == Verify::None || header::is_genuine(block) {
        return Ok(());
    }
    Err(Trouble::lie(format!(
        "the header of block {} does not hash to its name; when every provider says so, this chain has headers \
         that cannot be verified: set `verify` to `none` for it",
        block.number
    )))
}

/// The receipts of the blocks with these hashes, in order.
pub(super) async fn receipts(provider: &Provider, blocks: &[H256]) -> Result<Vec<WireReceipts>, Trouble> {
    let calls: Vec<_> = blocks
        .iter()
        .map(|block| Call::new("eth_getBlockReceipts", json!([text(*block)])))
        .collect();
    let answers = provider.calls(&calls).await?;
    answers
        .into_iter()
        .map(|answer| answer.ok_or_else(|| Trouble::lag("has no receipts of a block it has")))
        .collect()
}

/// The receipts of single transactions, in order.
pub(super) async fn tx_receipts(provider: &Provider, txs: &[H256]) -> Result<Vec<WireReceipt>, Trouble> {
    let calls: Vec<_> = txs
        .iter()
        .map(|tx| Call::new("eth_getTransactionReceipt", json!([text(*tx)])))
        .collect();
    let answers = provider.calls::<WireReceipt>(&calls).await?;
    let mut receipts = Vec::with_capacity(txs.len());
    for (answer, tx) in answers.into_iter().zip(txs) {
        let receipt = answer.ok_or_else(|| Trouble::lag("has no receipt of a transaction it has"))?;
        if receipt.transaction_hash != *tx {
            return Err(Trouble::lie("answered with the receipt of another transaction"));
        }
        receipts.push(receipt);
    }
    Ok(receipts)
}

/// What logs are asked for: one query for each.
#[derive(Debug, Clone)]
pub(super) enum LogSpan {
    /// Those of one block, by its hash: a node that does not have the block says so.
    Block(H256),
    /// Those of a range: a node that does not have all of it may answer with fewer.
    Range(u64, u64),
}

/// Transfers of a token to one of `recipients`, accounts of twenty bytes; without them, to anyone.
///
/// # Errors
/// [`Trouble`] when that cannot be written.
pub(super) fn topics(recipients: Option<&[&[u8]]>) -> Result<Arc<RawValue>, Trouble> {
    let event = text(TRANSFER_TOPIC);
    let written = match recipients {
        None => to_raw_value(&[event]),
        Some(recipients) => {
            let padded = |account: &[u8]| format!("0x{:0>64}", const_hex::encode(account));
            let recipients: Vec<String> = recipients.iter().copied().map(padded).collect();
            to_raw_value(&(event, (), recipients))
        }
    };
    written.map(Arc::from).map_err(|_| cannot_ask())
}

fn cannot_ask() -> Trouble {
    Trouble::down("eth_getLogs: cannot be asked")
}

/// What `eth_getLogs` is asked with.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogFilter<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    block_hash: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from_block: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to_block: Option<String>,
    address: &'a [String],
    topics: &'a RawValue,
}

/// The logs of `spans` from `contracts` with `topics`.
pub(super) async fn logs(
    provider: &Provider,
    spans: &[LogSpan],
    contracts: &[Address],
    topics: &RawValue,
) -> Result<Vec<WireLogs>, Trouble> {
    let contracts: Vec<_> = contracts.iter().map(|contract| address(*contract)).collect();
    let call = |span: &LogSpan| {
        let (block_hash, from_block, to_block) = match span {
            LogSpan::Block(hash) => (Some(text(*hash)), None, None),
            LogSpan::Range(from, to) => (None, Some(quantity(*from)), Some(quantity(*to))),
        };
        let filter = LogFilter {
            block_hash,
            from_block,
            to_block,
            address: &contracts,
            topics,
        };
        // There may be a thousand topics, for each of the spans: they are copied, and not made into values.
        Call::of("eth_getLogs", &[filter])
    };
    let calls: Option<Vec<Call>> = spans.iter().map(call).collect();
    let calls = calls.ok_or_else(cannot_ask)?;
    provider
        .calls(&calls)
        .await?
        .into_iter()
        .map(|answer| answered(answer, "eth_getLogs"))
        .collect()
}

pub(super) fn answered<T>(answer: Option<T>, method: &str) -> Result<T, Trouble> {
    answer.ok_or_else(|| Trouble::down(format!("{method}: answered null")))
}

pub(super) fn quantity(number: u64) -> String {
    format!("{number:#x}")
}

pub(super) fn address(address: Address) -> String {
    format!("{address:#x}")
}

/// The block as the engine knows blocks.
///
/// # Errors
/// [`Trouble`] when its time cannot be one.
pub(super) fn header_of<T>(block: &WireBlock<T>) -> Result<Header, Trouble> {
    let seconds = i64::try_from(block.timestamp.as_u64())
        .map_err(|_| Trouble::lie("a block's time is out of range"))?;
    Ok(Header {
        block: BlockRef {
            height: block.number.as_u64(),
            hash: text(block.hash).into(),
            time: UnixMillis::from_seconds(seconds),
        },
        parent_hash: text(block.parent_hash).into(),
    })
}

/// The headers of `blocks`, each of which must be the child of the one before.
///
/// # Errors
/// [`Trouble`] of a node that is changing its mind, or was never of one: blocks are read one by one, and a
/// reorganisation between two reads looks like this as well.
pub(super) fn linked<T>(blocks: &[WireBlock<T>]) -> Result<Vec<Header>, Trouble> {
    let broken = blocks
        .iter()
        .zip(blocks.iter().skip(1))
        .find(|(parent, child)| child.parent_hash != parent.hash);
    if let Some((parent, child)) = broken {
        return Err(Trouble::lag(format!(
            "block {} does not build on block {}: a reorganisation is under way",
            child.number, parent.number
        )));
    }
    blocks.iter().map(header_of).collect()
}
