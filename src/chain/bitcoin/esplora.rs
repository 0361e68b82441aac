//! The calls made of an Esplora server by HTTP, typed: plain texts, raw blocks, and JSON for addresses.
//!
//! What comes back is checked to be readable, and not verified. The HTTP status is looked at before any body: a
//! refusal is a text too. Source: the API page of Blockstream's Esplora.

use serde::Deserialize;

use super::header::{Hash, RawHeader};
use crate::chain::jsonrpc::bounded;
use crate::chain::providers::Provider;
use crate::chain::providers::trouble::Trouble;
use crate::domain::address::Address;

/// Outputs of a transaction, and transactions of a page, that are taken: far more than there can be.
const OUTPUTS_MAX: usize = 500_000;

/// A block as the server tells it (`/block/:hash`).
#[derive(Deserialize)]
struct WireBlock {
    height: u64,
    version: i32,
    timestamp: u32,
    bits: u32,
    nonce: u32,
    merkle_root: Hash,
    #[serde(rename = "previousblockhash")]
    parent: Option<Hash>,
}

/// A transaction, as far as its outputs are told.
#[derive(Deserialize)]
pub(super) struct WireTransaction {
    pub(super) txid: Hash,
    #[serde(rename = "vout", deserialize_with = "bounded::<_, _, OUTPUTS_MAX>")]
    pub(super) outputs: Vec<WireOutput>,
}

/// One output.
#[derive(Deserialize)]
pub(super) struct WireOutput {
    /// In hexadecimal.
    #[serde(rename = "scriptpubkey")]
    pub(super) script: String,
    pub(super) value: u64,
}

#[derive(Deserialize)]
struct WireTransactions(#[serde(deserialize_with = "bounded::<_, _, 1000>")] Vec<WireTransaction>);

#[derive(Deserialize)]
struct WireAddress {
    chain_stats: WireStats,
}

#[derive(Deserialize)]
struct WireStats {
    funded_txo_sum: u64,
    spent_txo_sum: u64,
}

/// The hash of the server's highest block.
pub(super) async fn best(provider: &Provider) -> Result<Hash, Trouble> {
    let text = text(provider, "blocks/tip/hash").await?;
    Hash::parse(&text).ok_or_else(|| unreadable("blocks/tip/hash"))
}

/// The header of the block `hash` with its height, both by the server's word.
pub(super) async fn header_of(provider: &Provider, hash: &Hash) -> Result<(u64, RawHeader), Trouble> {
    let body = body(provider, "block", &format!("block/{hash}")).await?;
    let wire: WireBlock = serde_json::from_slice(&body).map_err(|_| unreadable("block"))?;
    let parent = wire.parent.unwrap_or(Hash::ZERO);
    let header = RawHeader::from_fields(
        wire.version,
        parent,
        wire.merkle_root,
        wire.timestamp,
        wire.bits,
        wire.nonce,
    );
    Ok((wire.height, header))
}

/// The name of the block at `height`.
pub(super) async fn hash(provider: &Provider, height: u64) -> Result<Hash, Trouble> {
    let text = text(provider, &format!("block-height/{height}")).await?;
    Hash::parse(&text).ok_or_else(|| unreadable("block-height"))
}

/// The header of the block `hash`.
pub(super) async fn header(provider: &Provider, hash: &Hash) -> Result<RawHeader, Trouble> {
    let text = text(provider, &format!("block/{hash}/header")).await?;
    RawHeader::parse(&text).ok_or_else(|| unreadable("block/header"))
}

/// The whole block `hash`.
pub(super) async fn block(provider: &Provider, hash: &Hash) -> Result<Vec<u8>, Trouble> {
    body(provider, "block/raw", &format!("block/{hash}/raw")).await
}

/// The transactions in the server's mempool that have to do with `address` (its text): at most the page of newest
/// ones that servers give.
pub(super) async fn mempool(provider: &Provider, address: &str) -> Result<Vec<WireTransaction>, Trouble> {
    let body = body(
        provider,
        "address/txs/mempool",
        &format!("address/{address}/txs/mempool"),
    )
    .await?;
    let page: WireTransactions =
        serde_json::from_slice(&body).map_err(|_| unreadable("address/txs/mempool"))?;
    Ok(page.0)
}

/// What `address` holds in the server's highest block.
pub(super) async fn balance(provider: &Provider, address: &Address) -> Result<u64, Trouble> {
    let body = body(provider, "address", &format!("address/{}", address.text())).await?;
    let wire: WireAddress = serde_json::from_slice(&body).map_err(|_| unreadable("address"))?;
    let stats = wire.chain_stats;
    stats
        .funded_txo_sum
        .checked_sub(stats.spent_txo_sum)
        .ok_or_else(|| Trouble::lie("an address has spent more than it had"))
}

/// A short text: a hash, a number, a header.
async fn text(provider: &Provider, path: &str) -> Result<String, Trouble> {
    let name = path.split('/').next().unwrap_or(path);
    let body = body(provider, name, path).await?;
    let text = std::str::from_utf8(&body).map_err(|_| unreadable(name))?;
    Ok(text.trim().to_owned())
}

/// The body of a reply of success. What the server says it has not is lag: it may be about to have it.
async fn body(provider: &Provider, name: &str, path: &str) -> Result<Vec<u8>, Trouble> {
    let reply = provider.ask(name, path, None).await?;
    match reply.status {
        200..=299 => Ok(reply.body),
        404 => Err(Trouble::lag(format!("{name}: has no such block"))),
        status => Err(Trouble::down(format!("{name}: HTTP {status}"))),
    }
}

fn unreadable(name: &str) -> Trouble {
    Trouble::down(format!("{name}: the reply cannot be read"))
}
