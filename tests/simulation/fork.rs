//! Chains that one provider alone tells of: an old branch that it has not left, or one that it made up, with money in it
//! that never moved. Their blocks prove what they hold as all blocks do.

use std::collections::HashSet;

use crate::chance::Chance;
use crate::world::{BlockIndex, Move, Target, Tx, World};

/// The most blocks that a fork has of its own, and how far it runs ahead of the chain: the daemon may have followed it,
/// and must find back within the depth down to which reorganisations are followed.
const OWN_MAX: usize = 20;
const AHEAD_MAX: u64 = 3;

/// A chain of a provider's own.
pub struct Fork {
    /// By height, from the first block on.
    pub chain: Vec<BlockIndex>,
    /// How many blocks at its beginning are the chain's.
    shared: usize,
    /// How many of its own it comes to.
    own_max: usize,
    /// How far it runs ahead of the chain.
    ahead: usize,
    /// Whether money is made up in it.
    pub is_invented: bool,
}

impl Fork {
    /// The branch that was the chain until `depth` blocks of it were replaced.
    pub fn old(chain: Vec<BlockIndex>, depth: u64, chance: &mut Chance) -> Self {
        let own = depth as usize + chance.between(1, 8) as usize;
        Self {
            shared: chain.len() - depth as usize,
            chain,
            own_max: own.min(OWN_MAX),
            ahead: 0,
            is_invented: false,
        }
    }

    /// A branch in place of the last blocks of `chain`.
    pub fn invented(chain: &[BlockIndex], chance: &mut Chance) -> Self {
        let shared = chain.len() - chance.below(6) as usize;
        Self {
            chain: chain[..shared].to_vec(),
            shared,
            own_max: OWN_MAX,
            ahead: chance.below(AHEAD_MAX + 1) as usize,
            is_invented: true,
        }
    }

    /// The chain was cut down to so many blocks.
    pub fn cut(&mut self, kept: usize) {
        self.shared = self.shared.min(kept);
    }

    fn has_room(&self) -> bool {
        self.chain.len() - self.shared < self.own_max
    }

    fn own(&self) -> &[BlockIndex] {
        &self.chain[self.shared.min(self.chain.len())..]
    }
}

impl World {
    /// Lets the forks grow with the chain. One that has become as long as it may ends: its provider tells the truth again.
    pub fn grow_forks(&mut self, now_ms: u64, targets: &[Target]) {
        for provider in 0..self.forks.len() {
            let Some(mut fork) = self.forks[provider].take() else {
                continue;
            };
            while fork.has_room() && fork.chain.len() < self.chain.len() + fork.ahead {
                let txs = self.txs_on(&fork, targets);
                let index = self.make(fork.chain.last().copied(), now_ms, txs);
                fork.chain.push(index);
            }
            self.note_deep(provider, &fork.chain);
            self.forks[provider] = Some(fork).filter(Fork::has_room);
        }
    }

    /// What the next block of a fork holds: most of what really was sent, and what was not.
    fn txs_on(&mut self, fork: &Fork, targets: &[Target]) -> Vec<Tx> {
        let known: HashSet<&str> = (fork.own().iter())
            .flat_map(|index| self.blocks[*index].txs.iter().map(|tx| &*tx.hash))
            .collect();
        let at_its_height = self.chain.get(fork.chain.len());
        let real = at_its_height.map_or(&self.waiting, |index| &self.blocks[*index].txs);
        let unknown = real.iter().filter(|tx| !known.contains(&*tx.hash)).cloned();
        let mut txs: Vec<Tx> = unknown.collect();
        txs.retain(|_| self.chance.permille(800));
        let invented = match (fork.is_invented, targets) {
            (false, _) | (true, []) => 0,
            (true, _) => self.chance.below(3),
        };
        for _ in 0..invented {
            let (to, coin, amount) = self.chance.pick(targets).clone();
            let tx = self.sign(Move { coin, to, amount }, false);
            txs.insert(self.chance.below(txs.len() as u64 + 1) as usize, tx);
        }
        txs
    }
}
