//! The calls made of a node by JSON-RPC (bitcoind, litecoind, and public ones), typed.
//!
//! What comes back is checked to be readable, and not verified. Sources: the RPC pages of Bitcoin Core.

use serde::Deserialize;
use serde_json::json;

use super::header::{Hash, RawHeader};
use crate::chain::digits::HexBytes;
use crate::chain::jsonrpc::Call;
use crate::chain::providers::Provider;
use crate::chain::providers::trouble::{Trouble, TroubleKind};

/// A header as a node tells it (`getblockheader` with its fields).
#[derive(Deserialize)]
struct WireHeader {
    height: u64,
    version: i32,
    #[serde(rename = "previousblockhash")]
    parent: Option<Hash>,
    #[serde(rename = "merkleroot")]
    merkle_root: Hash,
    time: u32,
    bits: String,
    nonce: u32,
}

/// What `payd doctor` asks (`getblockchaininfo`).
#[derive(Deserialize)]
pub(super) struct ChainInfo {
    pub(super) chain: String,
    #[serde(default)]
    pub(super) pruned: bool,
    #[serde(default, rename = "initialblockdownload")]
    pub(super) is_catching_up: bool,
    #[serde(default)]
    pub(super) headers: u64,
}

/// The hash of the node's highest block.
pub(super) async fn best(provider: &Provider) -> Result<Hash, Trouble> {
    let call = Call::new("getbestblockhash", json!([]));
    answered(provider.call(&call).await?, "getbestblockhash")
}

/// The header of the block `hash` with its height, both by the node's word.
pub(super) async fn header_of(provider: &Provider, hash: &Hash) -> Result<(u64, RawHeader), Trouble> {
    let call = Call::new("getblockheader", json!([hash.to_string(), true]));
    let wire: WireHeader = answered(provider.call(&call).await?, "getblockheader")?;
    let bits = u32::from_str_radix(&wire.bits, 16)
        .map_err(|_| Trouble::down("getblockheader: the reply cannot be read: bits"))?;
    let parent = wire.parent.unwrap_or(Hash::ZERO);
    let header = RawHeader::from_fields(
        wire.version,
        parent,
        wire.merkle_root,
        wire.time,
        bits,
        wire.nonce,
    );
    Ok((wire.height, header))
}

/// The names of the blocks at `heights`, in order: one request.
pub(super) async fn hashes(provider: &Provider, heights: &[u64]) -> Result<Vec<Hash>, Trouble> {
    let calls: Vec<_> = heights
        .iter()
        .map(|height| Call::new("getblockhash", json!([height])))
        .collect();
    let answers = provider.calls(&calls).await?;
    answers
        .into_iter()
        .map(|answer| answered(answer, "getblockhash"))
        .collect()
}

/// The header of the block `hash`.
pub(super) async fn header(provider: &Provider, hash: &Hash) -> Result<RawHeader, Trouble> {
    let call = Call::new("getblockheader", json!([hash.to_string(), false]));
    let text: String = answered(provider.call(&call).await?, "getblockheader")?;
    RawHeader::parse(&text).ok_or_else(|| Trouble::down("getblockheader: the reply is no header"))
}

/// The whole block `hash`.
pub(super) async fn block(provider: &Provider, hash: &Hash) -> Result<Vec<u8>, Trouble> {
    let call = Call::new("getblock", json!([hash.to_string(), 0]));
    let raw: HexBytes = answered(provider.call(&call).await?, "getblock")?;
    Ok(raw.0)
}

/// The ids of all transactions in the node's mempool.
pub(super) async fn mempool(provider: &Provider) -> Result<Vec<Hash>, Trouble> {
    let call = Call::new("getrawmempool", json!([false]));
    answered(provider.call(&call).await?, "getrawmempool")
}

/// Transactions of the mempool, in the order of `txids`: one request. `None` for one that has left it meanwhile.
pub(super) async fn transactions(
    provider: &Provider,
    txids: &[Hash],
) -> Result<Vec<Option<Vec<u8>>>, Trouble> {
    let calls: Vec<_> = txids
        .iter()
        .map(|txid| Call::new("getrawtransaction", json!([txid.to_string(), false])))
        .collect();
    let answers = provider.calls_each::<HexBytes>(&calls).await?;
    answers
        .into_iter()
        .map(|answer| match answer {
            Ok(raw) => Ok(raw.map(|raw| raw.0)),
            // Another error is the transaction's: it has left.
            Err(trouble) if trouble.kind != TroubleKind::Down => Err(trouble),
            Err(_) => Ok(None),
        })
        .collect()
}

/// What the node says of its chain.
pub(super) async fn chain_info(provider: &Provider) -> Result<ChainInfo, Trouble> {
    let call = Call::new("getblockchaininfo", json!([]));
    answered(provider.call(&call).await?, "getblockchaininfo")
}

/// Whether the node finds any transaction by its id (`getindexinfo`).
pub(super) async fn has_txindex(provider: &Provider) -> Result<bool, Trouble> {
    let call = Call::new("getindexinfo", json!(["txindex"]));
    let indices: serde_json::Map<String, serde_json::Value> =
        answered(provider.call(&call).await?, "getindexinfo")?;
    Ok(!indices.is_empty())
}

fn answered<T>(answer: Option<T>, method: &str) -> Result<T, Trouble> {
    answer.ok_or_else(|| Trouble::down(format!("{method}: answered null")))
}
