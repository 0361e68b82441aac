//! What waits in mempools for a block and pays an address that is expected to be paid.
//!
//! Nothing here is proven beyond a transaction's id: a provider can make up a transaction that nobody signed. It is a
//! sign that money may be coming, never money.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use futures_util::future::BoxFuture;
use futures_util::stream::{StreamExt as _, TryStreamExt as _};

use super::block::read_transaction;
use super::header::Hash;
use super::params::Coin;
use super::{esplora, node, paying};
use crate::chain::providers::Provider;
use crate::chain::providers::trouble::Trouble;
use crate::chain::{Mempool, WatchSet};
use crate::domain::asset::Currency;
use crate::domain::transfer::UnconfirmedTransfer;

/// Transactions of a node's mempool that are looked at in one look. A main chain has some seven new ones a second;
/// what was there before the first look is worked off behind those.
const EXAMINED_PER_LOOK: usize = 500;
/// Transactions asked for in one request.
const BATCH: usize = 50;
/// The most transactions that are remembered.
const REMEMBERED_MAX: usize = 300_000;
/// Addresses that an Esplora server is asked for in one look; more take turns.
pub(super) const ADDRESSES_PER_LOOK: usize = 25;

/// What is remembered of a node's mempool between looks.
#[derive(Default)]
pub(super) struct NodeMempool {
    /// The marks of the outputs of every transaction that was looked at.
    examined: HashMap<Hash, Box<[u64]>>,
    /// Those that were seen but have not had their turn.
    waiting: HashSet<Hash>,
    /// What was found, and the number of expected marks when it was.
    paying: HashMap<Hash, (usize, Vec<UnconfirmedTransfer>)>,
    marks: RandomState,
}

impl NodeMempool {
    /// Looks once. Every transaction is asked for once, and again only when an address has come to be expected that
    /// it seems to pay.
    pub(super) async fn look(
        &mut self,
        provider: &Provider,
        coin: Coin,
        currency: &Currency,
        expected: &WatchSet,
    ) -> Result<Mempool, Trouble> {
        let present = node::mempool(provider).await?;
        self.forget_all_but(&present);
        let marks: HashSet<u64> = expected
            .payloads()
            .map(|script| self.marks.hash_one(script))
            .collect();
        let asked_anew: Vec<Hash> = self
            .examined
            .iter()
            .filter(|(txid, outputs)| {
                let expected_now = outputs.iter().filter(|mark| marks.contains(mark)).count();
                expected_now != self.paying.get(txid).map_or(0, |(then, _)| *then)
            })
            .map(|(txid, _)| *txid)
            .take(EXAMINED_PER_LOOK)
            .collect();
        let turns = self.turns(&present);
        for txids in asked_anew.chunks(BATCH).chain(turns.chunks(BATCH)) {
            for (txid, raw) in txids.iter().zip(node::transactions(provider, txids).await?) {
                let Some(raw) = raw else {
                    // Gone, most likely; if it is still there in the next look, it has its turn again.
                    self.waiting.insert(*txid);
                    continue;
                };
                let transaction = read_transaction(coin, &raw)
                    .map_err(|malformed| Trouble::down(format!("a transaction {malformed}")))?;
                let outputs: Box<[u64]> = transaction
                    .outputs
                    .iter()
                    .map(|output| self.marks.hash_one(output.script))
                    .collect();
                let found = if transaction.txid == *txid {
                    found(transaction.outputs(), txid, currency, expected)
                } else if transaction.outputs.is_empty() {
                    // A transaction within MWEB has an id of another make.
                    Vec::new()
                } else {
                    return Err(Trouble::lie("answered with another transaction"));
                };
                let expected_now = outputs.iter().filter(|mark| marks.contains(mark)).count();
                self.examined.insert(*txid, outputs);
                if expected_now == 0 {
                    self.paying.remove(txid);
                } else {
                    self.paying.insert(*txid, (expected_now, found));
                }
            }
        }
        let texts: HashSet<Arc<str>> = expected.texts().collect();
        let mut transfers: Vec<_> = self
            .paying
            .values()
            .flat_map(|(_, found)| found)
            .cloned()
            .collect();
        transfers.retain(|transfer| texts.contains(&transfer.address));
        transfers.sort_by(|a, b| (&a.txid, a.position).cmp(&(&b.txid, b.position)));
        // While some have not had their turn, nothing can be said to be missing.
        let is_complete = self.waiting.is_empty() && asked_anew.len() < EXAMINED_PER_LOOK;
        let looked_at = texts.into_iter().filter(|_| is_complete).collect();
        Ok(Mempool { transfers, looked_at })
    }

    fn forget_all_but(&mut self, present: &[Hash]) {
        let present: HashSet<&Hash> = present.iter().collect();
        self.examined.retain(|txid, _| present.contains(txid));
        self.paying.retain(|txid, _| present.contains(txid));
        self.waiting.retain(|txid| present.contains(txid));
    }

    /// Whose turn it is: those that came since the last look first.
    fn turns(&mut self, present: &[Hash]) -> Vec<Hash> {
        let room = REMEMBERED_MAX.saturating_sub(self.examined.len());
        let unexamined = present.iter().filter(|txid| !self.examined.contains_key(txid));
        let mut turns: Vec<Hash> = unexamined.copied().collect();
        turns.sort_by_key(|txid| self.waiting.contains(txid));
        let rest = turns.split_off(turns.len().min(EXAMINED_PER_LOOK).min(room));
        self.waiting = rest.into_iter().take(REMEMBERED_MAX).collect();
        turns
    }
}

/// What is remembered of looks at Esplora servers.
#[derive(Default)]
pub(super) struct EsploraMempool {
    looks: u64,
    /// The look in which each address was last asked for.
    asked: HashMap<Arc<str>, u64>,
}

impl EsploraMempool {
    /// Looks once, at the addresses that were not asked for the longest.
    pub(super) async fn look(
        &mut self,
        provider: &Provider,
        currency: &Currency,
        expected: &WatchSet,
    ) -> Result<Mempool, Trouble> {
        self.looks = self.looks.saturating_add(1);
        let mut turns: Vec<Arc<str>> = expected.texts().collect();
        self.asked.retain(|text, _| turns.contains(text));
        turns.sort_by_cached_key(|text| (self.asked.get(text).copied().unwrap_or(0), Arc::clone(text)));
        turns.truncate(ADDRESSES_PER_LOOK);
        // Boxed one by one: the compiler cannot see through a stream of unnamed futures that borrow.
        let looks: Vec<BoxFuture<'_, Result<Vec<UnconfirmedTransfer>, Trouble>>> = turns
            .iter()
            .map(|text| Box::pin(of_address(provider, currency, expected, text)) as _)
            .collect();
        let found: Vec<Vec<UnconfirmedTransfer>> = futures_util::stream::iter(looks)
            .buffered(provider.limits().concurrent_max.max(1))
            .try_collect()
            .await?;
        for text in &turns {
            self.asked.insert(Arc::clone(text), self.looks);
        }
        let mut transfers: Vec<_> = found.into_iter().flatten().collect();
        transfers.sort_by(|a, b| (&a.txid, a.position).cmp(&(&b.txid, b.position)));
        Ok(Mempool {
            transfers,
            looked_at: turns.into_iter().collect(),
        })
    }
}

/// What waits in an Esplora server's mempool for the address `text`.
async fn of_address(
    provider: &Provider,
    currency: &Currency,
    expected: &WatchSet,
    text: &Arc<str>,
) -> Result<Vec<UnconfirmedTransfer>, Trouble> {
    let mut all = Vec::new();
    for transaction in esplora::mempool(provider, text).await? {
        let mut outputs = Vec::with_capacity(transaction.outputs.len());
        for output in &transaction.outputs {
            let script = hex::decode(&output.script).map_err(|_| Trouble::down("a script cannot be read"))?;
            outputs.push((output.value, script));
        }
        let outputs = outputs.iter().map(|(value, script)| (*value, script.as_slice()));
        all.extend(found(outputs, &transaction.txid, currency, expected));
    }
    all.retain(|transfer| transfer.address == *text);
    Ok(all)
}

/// What the outputs of `txid` pay to `expected`.
pub(super) fn found<'a>(
    outputs: impl Iterator<Item = (u64, &'a [u8])>,
    txid: &Hash,
    currency: &Currency,
    expected: &WatchSet,
) -> Vec<UnconfirmedTransfer> {
    let txid: Arc<str> = txid.to_string().into();
    paying(outputs, expected)
        .map(|(position, address, amount)| UnconfirmedTransfer {
            txid: Arc::clone(&txid),
            position,
            currency: currency.clone(),
            address,
            amount,
        })
        .collect()
}
