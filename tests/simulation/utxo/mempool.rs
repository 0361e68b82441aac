//! What waits for a block: who has heard of what, what is replaced, forgotten and mined.

use std::collections::BTreeMap;

use super::bytes::transaction;
use super::{Bitcoin, Habit, NEVER, Payment, REMEMBERED_MS, Tx, TxIndex, transfer};
use crate::provider::Fault;
use crate::world::{BlockIndex, PROVIDERS};

/// Less is dust.
const DUST_SATS: u64 = 546;

impl Bitcoin {
    /// Sends what customers pay, some of it several together in one transaction.
    pub fn send_all(&mut self, all: Vec<(Vec<Payment>, Habit)>, now_ms: u64) {
        self.now_ms = now_ms;
        let mut together: Vec<(Vec<Payment>, Habit)> = Vec::new();
        for (payments, habit) in all {
            match together.last_mut() {
                Some(last) if self.chance.permille(200) => last.0.extend(payments),
                _ => together.push((payments, habit)),
            }
        }
        for (mut payments, habit) in together {
            if self.chance.permille(80) {
                self.add_dust(&mut payments);
            }
            if payments.len() > 1 {
                self.tally.count("bitcoins sent in several outputs");
            }
            self.send(payments, habit);
        }
    }

    fn add_dust(&mut self, payments: &mut Vec<Payment>) {
        for _ in 0..self.chance.between(1, 3) {
            let of = self.chance.below(payments.len() as u64) as usize;
            payments.push(Payment {
                to: payments[of].to.clone(),
                sats: self.chance.below(DUST_SATS),
            });
        }
    }

    /// A transaction of a new source that waits for a block.
    fn send(&mut self, payments: Vec<Payment>, habit: Habit) -> TxIndex {
        let source = self.source();
        self.make(source, payments, habit)
    }

    fn make(&mut self, source: u64, payments: Vec<Payment>, habit: Habit) -> TxIndex {
        let (body, places) = transaction(source, &payments, &mut self.chance);
        let txid = body.compute_txid().to_string();
        let is_private = self.chance.permille(40);
        let heard_ms = [(); PROVIDERS].map(|()| match self.chance.below(100) {
            _ if is_private => NEVER,
            0..3 => NEVER,
            3..13 => self.now_ms + self.chance.between(4000, 12_000),
            _ => self.now_ms + self.chance.below(3000),
        });
        let mined_permille = *self
            .chance
            .pick(&[850, 850, 850, 850, 500, 500, 500, 250, 250, 80]);
        for payment in &payments {
            self.note_sent(payment);
        }
        let transfers = places.into_iter().zip(&payments);
        let transfers = transfers.filter(|(_, payment)| payment.sats > 0);
        let tx = Tx {
            transfers: transfers
                .map(|(place, payment)| transfer(&txid, place, payment))
                .collect(),
            txid: txid.clone(),
            body,
            source,
            payments,
            habit,
            heard_ms,
            forgotten_ms: [NEVER; PROVIDERS],
            mined_permille,
            ends_ms: NEVER,
            is_made_up: false,
        };
        self.txs.push(tx);
        let index = self.txs.len() - 1;
        self.by_txid.insert(txid, index);
        self.live.push(index);
        index
    }

    /// A transaction that nobody signed, and that no honest block holds.
    pub(super) fn make_up(&mut self, payments: Vec<Payment>) -> TxIndex {
        self.tally.count("bitcoins made up");
        let index = self.send(payments, Habit::Plain);
        let tx = &mut self.txs[index];
        (tx.is_made_up, tx.mined_permille) = (true, 0);
        (tx.heard_ms, tx.ends_ms) = ([NEVER; PROVIDERS], self.now_ms + REMEMBERED_MS);
        index
    }

    /// Whether a provider has heard of a transaction and not forgotten it.
    pub(super) fn has(&self, provider: usize, index: TxIndex) -> bool {
        let tx = &self.txs[index];
        (tx.heard_ms[provider]..tx.forgotten_ms[provider]).contains(&self.now_ms)
    }

    /// What waits in a provider's mempool, in an order of its own. Of two that spend the same, it keeps the one that was made
    /// later, once it has heard of it.
    pub(super) fn mempool(&self, provider: usize, fault: Fault) -> Vec<TxIndex> {
        let spent = self.spent(&self.world.views[provider]);
        let mut waiting = BTreeMap::new();
        for index in &self.live {
            let tx = &self.txs[*index];
            let is_told = match fault {
                Fault::Omits => tx.source.is_multiple_of(2),
                Fault::Fabricates => true,
                _ => !tx.is_made_up,
            };
            if self.has(provider, *index) && is_told && !spent.contains(&tx.source) {
                waiting.insert(tx.source, *index);
            }
        }
        waiting.into_values().collect()
    }

    /// What may come into a block of `branch`: the versions of each transaction, the newest last.
    fn waiting(&self, branch: &[BlockIndex]) -> Vec<Vec<TxIndex>> {
        let spent = self.spent(branch);
        let mut waiting: BTreeMap<u64, Vec<TxIndex>> = BTreeMap::new();
        for index in &self.live {
            let tx = &self.txs[*index];
            if tx.mined_permille > 0 && !spent.contains(&tx.source) {
                waiting.entry(tx.source).or_default().push(*index);
            }
        }
        waiting.into_values().collect()
    }

    /// What the next block of `branch` holds, out of `permille` of what it could. Its maker may have missed that a
    /// transaction was replaced.
    pub(super) fn chosen(&mut self, branch: &[BlockIndex], permille: u64) -> Vec<TxIndex> {
        let mut chosen = Vec::new();
        for versions in self.waiting(branch) {
            let newest = versions[versions.len() - 1];
            let index = if self.chance.permille(60) {
                versions[0]
            } else {
                newest
            };
            let likely = self.txs[index].mined_permille * permille / 1000;
            if self.chance.permille(likely) {
                let place = self.chance.below(chosen.len() as u64 + 1) as usize;
                chosen.insert(place, index);
            }
        }
        chosen
    }

    /// Lets senders and nodes do to what waits what they do.
    pub(super) fn stir(&mut self) {
        let chain = self.world.chain.clone();
        for versions in self.waiting(&chain) {
            let index = versions[versions.len() - 1];
            match (self.txs[index].habit, self.chance.below(1000)) {
                (Habit::Plain, 0..12) | (Habit::Bumps, 0..500) => self.bump(index),
                (Habit::Plain, 12..18) | (Habit::TakesBack, 0..500) => self.take_back(index),
                (_, 970..980) => self.forget(index),
                _ => {}
            }
        }
    }

    /// Sends the same once more with a higher fee; some senders take the chance to pay less, or another one less.
    fn bump(&mut self, index: TxIndex) {
        let (source, mut payments) = (self.txs[index].source, self.txs[index].payments.clone());
        match self.chance.below(10) {
            0 => payments.truncate(1),
            1 => payments.iter_mut().take(1).for_each(|first| first.sats /= 2),
            _ => {}
        }
        self.tally.count("bitcoins sent again with a higher fee");
        self.make(source, payments, Habit::Plain);
    }

    /// Spends the same elsewhere; some pay after all.
    fn take_back(&mut self, index: TxIndex) {
        let (source, payments) = (self.txs[index].source, self.txs[index].payments.clone());
        if payments.is_empty() {
            return;
        }
        self.tally.count("bitcoins taken back");
        self.make(source, Vec::new(), Habit::Plain);
        if self.chance.permille(400) {
            self.send(payments, Habit::Plain);
        }
    }

    /// Nodes forget it, one after the other. Most of what they forget is never mined.
    fn forget(&mut self, index: TxIndex) {
        self.tally.count("bitcoins forgotten by nodes");
        let forgotten_ms = [(); PROVIDERS].map(|()| self.now_ms + self.chance.below(10_000));
        let is_over = self.chance.permille(600);
        let ends_ms = self.now_ms + REMEMBERED_MS;
        let tx = &mut self.txs[index];
        tx.forgotten_ms = forgotten_ms;
        if is_over {
            (tx.mined_permille, tx.ends_ms) = (0, ends_ms);
        } else {
            tx.mined_permille = 100;
        }
    }

    /// After a reorganisation: some transactions are forgotten, some spent elsewhere.
    pub(super) fn is_left_out(&mut self, index: TxIndex) -> bool {
        match self.chance.below(1000) {
            0..30 => {
                self.forget(index);
                true
            }
            30..70 => {
                self.take_back(index);
                true
            }
            _ => false,
        }
    }

    /// What waits is mined soon, and what was forgotten is gone.
    pub(super) fn calm_down(&mut self) {
        for index in &self.live {
            let tx = &mut self.txs[*index];
            if tx.forgotten_ms != [NEVER; PROVIDERS] {
                (tx.mined_permille, tx.forgotten_ms) = (0, [0; PROVIDERS]);
            } else if tx.mined_permille > 0 {
                tx.mined_permille = 850;
            }
        }
    }
}
