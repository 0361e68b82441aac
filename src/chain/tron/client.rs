//! The calls made of one provider, typed: each answer is checked to be about what was asked.

use futures_util::stream::{StreamExt as _, TryStreamExt as _};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::block::{self, Block};
use super::wire::{
    WireAccount, WireBlock, WireBlocks, WireConstant, WireError, WireInfo, WireInfos, WireName, WireNodeInfo,
};
use crate::chain::jsonrpc::RpcError;
use crate::chain::providers::Provider;
use crate::chain::providers::trouble::{Trouble, TroubleKind, classify};
use crate::net::FetchReply;

/// The most blocks that one call gives; for more a node answers with nothing.
pub(super) const RANGE_MAX: u64 = 100;

/// The account for which contracts are asked: nobody's.
const NOBODY: &str = "410000000000000000000000000000000000000000";

const BLOCK: &str = "wallet/getblockbynum";
const BLOCKS: &str = "wallet/getblockbylimitnext";
const INFOS: &str = "wallet/gettransactioninfobyblocknum";

/// The block at `height`.
pub(super) async fn block(provider: &Provider, height: u64) -> Result<Block, Trouble> {
    let reply = reply(provider, BLOCK, &json!({"num": height})).await?;
    let wire: Option<WireBlock<'_>> = read(provider, BLOCK, &reply)?;
    let wire = wire.ok_or_else(|| Trouble::lag(format!("has no block {height}")))?;
    block::check(&wire, Some(height))
}

/// The provider's highest block.
pub(super) async fn latest(provider: &Provider) -> Result<Block, Trouble> {
    now_block(provider, "wallet/getnowblock").await
}

/// The provider's highest block that most producers have built upon: it stays.
pub(super) async fn solid(provider: &Provider) -> Result<Block, Trouble> {
    now_block(provider, "walletsolidity/getnowblock").await
}

async fn now_block(provider: &Provider, call: &str) -> Result<Block, Trouble> {
    let reply = reply(provider, call, &json!({})).await?;
    let wire: Option<WireBlock<'_>> = read(provider, call, &reply)?;
    let wire = wire.ok_or_else(|| Trouble::down(format!("{call}: answered nothing")))?;
    block::check(&wire, None)
}

/// The id of the first block: the chain's name.
pub(super) async fn genesis(provider: &Provider) -> Result<String, Trouble> {
    let name: Option<WireName> = ask(provider, BLOCK, &json!({"num": 0})).await?;
    let name = name.ok_or_else(|| Trouble::down("wallet/getblockbynum: has no first block"))?;
    Ok(name.block_id)
}

/// The blocks at `heights`, in order; each is checked, but not against the others.
pub(super) async fn blocks(provider: &Provider, heights: &[u64]) -> Result<Vec<Block>, Trouble> {
    let (start, end) = match heights {
        [] => return Ok(Vec::new()),
        [height] => return Ok(vec![block(provider, *height).await?]),
        [first, .., last] => (*first, last.saturating_add(1)),
    };
    let range = json!({"startNum": start, "endNum": end});
    let learnt = |trouble| provider.learnt_from(trouble, heights.len());
    let reply = reply(provider, BLOCKS, &range).await.map_err(learnt)?;
    let wire: Option<WireBlocks<'_>> = read(provider, BLOCKS, &reply).map_err(learnt)?;
    let wire = wire.map(|wire| wire.block).unwrap_or_default();
    if wire.len() > heights.len() {
        return Err(Trouble::lie("answered with more blocks than it was asked for"));
    }
    if wire.len() < heights.len() {
        return Err(Trouble::lag(format!(
            "has {} of the {} blocks from {start}",
            wire.len(),
            heights.len()
        )));
    }
    let checked = wire.iter().zip(heights);
    checked
        .map(|(wire, height)| block::check(wire, Some(*height)))
        .collect()
}

/// What `take` makes of what the transactions of each of these blocks did, in the order of the blocks. Of a block
/// without transactions nothing is asked.
pub(super) async fn infos<T>(
    provider: &Provider,
    blocks: &[&Block],
    take: impl Fn(&Block, &[WireInfo<'_>]) -> Result<T, Trouble>,
) -> Result<Vec<T>, Trouble> {
    let asked: Vec<_> = blocks.iter().map(|block| infos_of(provider, block)).collect();
    let mut replies = futures_util::stream::iter(asked).buffered(provider.limits().concurrent_max.max(1));
    let mut taken = Vec::with_capacity(blocks.len());
    for block in blocks {
        let Some(reply) = replies.try_next().await?.flatten() else {
            taken.push(take(block, &[])?);
            continue;
        };
        let infos: Option<WireInfos<'_>> = read(provider, INFOS, &reply)?;
        taken.push(take(block, &infos.map_or_else(Vec::new, |infos| infos.0))?);
    }
    Ok(taken)
}

async fn infos_of(provider: &Provider, block: &Block) -> Result<Option<FetchReply>, Trouble> {
    if block.txs.is_empty() {
        return Ok(None);
    }
    let num = json!({"num": block.height()});
    Ok(Some(reply(provider, INFOS, &num).await?))
}

/// What a contract answers: 32 bytes. `None` where there is no such contract, or it refuses.
pub(super) async fn constant(
    provider: &Provider,
    contract: &[u8; 20],
    selector: &str,
    parameter: &str,
) -> Result<Option<[u8; 32]>, Trouble> {
    const CALL: &str = "wallet/triggerconstantcontract";
    let body = json!({
        "owner_address": NOBODY,
        "contract_address": format!("41{}", hex::encode(contract)),
        "function_selector": selector,
        "parameter": parameter,
    });
    let answer: Option<WireConstant> = ask(provider, CALL, &body).await?;
    let answer = answer.ok_or_else(|| Trouble::down(format!("{CALL}: answered nothing")))?;
    let message = answer.result.message.unwrap_or_default();
    let words = hex::decode(&message).map_or(message, |bytes| String::from_utf8_lossy(&bytes).into_owned());
    match answer.result.code.as_deref() {
        None if words.is_empty() => {
            let word = answer.constant_result.first();
            Ok(word.and_then(|word| super::wire::hash(word)))
        }
        // The contract's own refusal, or that there is none: an answer of the chain.
        None => Ok(None),
        Some("CONTRACT_VALIDATE_ERROR") if !words.contains("not support") => Ok(None),
        Some(_) => Err(told(provider, CALL, 200, None, &words)),
    }
}

/// The TRX of an account, in sun.
pub(super) async fn balance(provider: &Provider, account: &[u8; 20]) -> Result<u64, Trouble> {
    let address = format!("41{}", hex::encode(account));
    let found: Option<WireAccount> = ask(provider, "wallet/getaccount", &json!({"address": address})).await?;
    match found {
        // Never paid: there is no such account yet.
        None => Ok(0),
        Some(found) if super::wire::account(&found.address) == Some(*account) => Ok(found.balance),
        Some(_) => Err(Trouble::lie("answered with the balance of another account")),
    }
}

/// The version of the node's program.
pub(super) async fn version(provider: &Provider) -> Result<String, Trouble> {
    let info: Option<WireNodeInfo> = ask(provider, "wallet/getnodeinfo", &json!({})).await?;
    Ok(info.unwrap_or_default().config.code_version)
}

/// Asks; `None` is `{}`, by which a node says that it has no such thing, or not yet.
async fn ask<T: DeserializeOwned>(
    provider: &Provider,
    call: &str,
    body: &Value,
) -> Result<Option<T>, Trouble> {
    let reply = reply(provider, call, body).await?;
    read(provider, call, &reply)
}

async fn reply(provider: &Provider, call: &str, body: &Value) -> Result<FetchReply, Trouble> {
    let body = body.to_string().into_bytes();
    provider.ask(call, call, Some(body)).await
}

/// Reads a reply, of which what is read may borrow.
fn read<'a, T: Deserialize<'a>>(
    provider: &Provider,
    call: &str,
    reply: &'a FetchReply,
) -> Result<Option<T>, Trouble> {
    /// Errors are short: what is longer is not read twice.
    const ERROR_BYTES_MAX: usize = 16 << 10;
    if reply.body.len() <= ERROR_BYTES_MAX
        && let Ok(WireError { error }) = serde_json::from_slice(&reply.body)
    {
        return Err(told(provider, call, reply.status, reply.retry_after, &error));
    }
    if reply.status == 404 {
        return Err(Trouble::new(
            TroubleKind::Unsupported,
            format!("{call}: HTTP 404: it does not serve this call"),
        ));
    }
    if !(200..300).contains(&reply.status) {
        return Err(Trouble::down(format!("{call}: HTTP {}", reply.status)));
    }
    let compact = reply.body.trim_ascii();
    if compact.is_empty() {
        return Err(Trouble::down(format!("{call}: the reply is empty")));
    }
    if compact == b"{}" {
        return Ok(None);
    }
    serde_json::from_slice(compact).map(Some).map_err(|error| {
        let reason = provider.endpoint().scrub(&error.to_string());
        Trouble::down(format!("{call}: the reply cannot be read: {reason}"))
    })
}

/// The trouble that a node tells of in its own words.
fn told(
    provider: &Provider,
    call: &str,
    status: u16,
    retry_after: Option<std::time::Duration>,
    words: &str,
) -> Trouble {
    let error = RpcError {
        code: 0,
        message: words.to_owned(),
    };
    classify(
        call,
        status,
        retry_after,
        &error,
        &provider.endpoint().scrub(words),
    )
}
