//! What waits in mempools for a block and pays an address that is expected to be paid.
//!
//! Nothing here is proven beyond a transaction's id: a provider can make up a transaction that nobody signed. It is a
//! sign that money may be coming, never money.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

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
const ADDRESSES_PER_LOOK: usize = 25;

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
                let Some(raw) = raw else { continue };
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
        let mut all: Vec<_> = self
            .paying
            .values()
            .flat_map(|(_, found)| found)
            .cloned()
            .collect();
        let texts: HashSet<&Arc<str>> = expected.texts().collect();
        all.retain(|transfer| texts.contains(&transfer.address));
        all.sort_by(|a, b| (&a.txid, a.position).cmp(&(&b.txid, b.position)));
        // Until all of it was looked through, what was not found may still be there.
        let is_complete = self.waiting.is_empty();
        let looked_at = texts.into_iter().filter(|_| is_complete).cloned().collect();
        Ok(Mempool {
            transfers: all,
            looked_at,
        })
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

/// What is remembered of Esplora's answers between looks.
#[derive(Default)]
pub(super) struct EsploraMempool {
    looks: u64,
    /// By address: the look it was last asked in, and what was found.
    asked: HashMap<Arc<str>, (u64, Vec<UnconfirmedTransfer>)>,
}

impl EsploraMempool {
    /// Looks once, at the addresses that were not asked for the longest. The answer holds what was last found of the
    /// others.
    pub(super) async fn look(
        &mut self,
        provider: &Provider,
        currency: &Currency,
        expected: &WatchSet,
    ) -> Result<Mempool, Trouble> {
        self.looks = self.looks.saturating_add(1);
        let mut turns: Vec<&Arc<str>> = expected.texts().collect();
        turns.sort_by_key(|text| {
            (
                self.asked.get(*text).map_or(0, |(look, _)| *look),
                Arc::clone(text),
            )
        });
        turns.truncate(ADDRESSES_PER_LOOK);
        let looks = turns.into_iter().map(|text| async move {
            let transactions = esplora::mempool(provider, text).await?;
            let mut all = Vec::new();
            for transaction in &transactions {
                let scripts: Result<Vec<_>, _> = transaction
                    .outputs
                    .iter()
                    .map(|output| Ok((output.value, hex::decode(&output.script)?)))
                    .collect();
                let scripts =
                    scripts.map_err(|_: hex::FromHexError| Trouble::down("a script cannot be read"))?;
                let outputs = scripts.iter().map(|(value, script)| (*value, script.as_slice()));
                all.extend(found(outputs, &transaction.txid, currency, expected));
            }
            all.retain(|transfer| transfer.address == *text);
            Ok::<_, Trouble>((Arc::clone(text), all))
        });
        // Boxed one by one: the compiler cannot see through a stream of unnamed futures that borrow.
        let looks: Vec<futures_util::future::BoxFuture<'_, _>> =
            looks.map(|look| Box::pin(look) as _).collect();
        let answers: Vec<(Arc<str>, Vec<UnconfirmedTransfer>)> = futures_util::stream::iter(looks)
            .buffered(provider.limits().concurrent_max.max(1))
            .try_collect()
            .await?;
        for (text, found) in answers {
            self.asked.insert(text, (self.looks, found));
        }
        let texts: HashSet<&Arc<str>> = expected.texts().collect();
        self.asked.retain(|text, _| texts.contains(text));
        let mut all: Vec<_> = self
            .asked
            .values()
            .flat_map(|(_, found)| found)
            .cloned()
            .collect();
        all.sort_by(|a, b| (&a.txid, a.position).cmp(&(&b.txid, b.position)));
        Ok(Mempool {
            transfers: all,
            looked_at: self.asked.keys().cloned().collect(),
        })
    }
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
            address: Arc::clone(address),
            amount,
        })
        .collect()
}
