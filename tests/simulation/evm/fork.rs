//! Chains that one provider alone tells of: an old branch that it has not left, or one that it made up, with money in it
//! that never moved, or without the money that did. Their blocks prove what they hold as all blocks do.

use std::collections::HashSet;

use super::{Evm, Move, Tx};
use crate::chance::Chance;
use crate::world::BlockIndex;

/// The most blocks that a fork has of its own, and how far it runs ahead of the chain: the daemon may have followed it,
/// and must find back within the depth down to which reorganisations are followed.
const OWN_MAX: usize = 20;
const AHEAD_MAX: u64 = 3;

/// The most blocks that an empty one has: longer than the daemon could find back.
const EMPTY_MAX: usize = 50;

/// What the blocks of a fork hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// What was sent.
    Truth,
    /// Most of that, and money that was not.
    Inventions,
    Nothing,
}

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
    holds: Holds,
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
            holds: Holds::Truth,
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
            holds: Holds::Inventions,
        }
    }

    /// A branch on top of `chain` that nothing is paid on.
    pub fn empty(chain: &[BlockIndex]) -> Self {
        Self {
            chain: chain.to_vec(),
            shared: chain.len(),
            own_max: EMPTY_MAX,
            ahead: 0,
            holds: Holds::Nothing,
        }
    }

    pub fn is_honest(&self) -> bool {
        self.holds == Holds::Truth
    }

    /// The chain was cut down to so many blocks. What is long already must not become longer by that.
    pub fn cut(&mut self, kept: usize) {
        if kept < self.shared {
            self.shared = kept;
            self.own_max = self.own_max.min(OWN_MAX);
        }
    }

    fn has_room(&self) -> bool {
        self.chain.len() - self.shared < self.own_max
    }

    fn own(&self) -> &[BlockIndex] {
        &self.chain[self.shared.min(self.chain.len())..]
    }
}

impl Evm {
    /// Lets the forks grow with the chain. One that has become as long as it may ends: its provider tells the truth again.
    pub(super) fn grow_forks(&mut self, now_ms: u64) {
        for provider in 0..self.forks.len() {
            let Some(mut fork) = self.forks[provider].take() else {
                continue;
            };
            while fork.has_room() && fork.chain.len() < self.world.chain.len() + fork.ahead {
                let txs = self.txs_on(&fork);
                let index = self.make(self.world.site_on(&fork.chain, now_ms), txs);
                fork.chain.push(index);
            }
            self.world.note_shown(provider, &fork.chain);
            self.forks[provider] = Some(fork).filter(Fork::has_room);
        }
    }

    /// What the next block of a fork holds: most of what really was sent, and what was not.
    fn txs_on(&mut self, fork: &Fork) -> Vec<Tx> {
        if fork.holds == Holds::Nothing {
            return Vec::new();
        }
        let known: HashSet<&str> = (fork.own().iter())
            .flat_map(|index| self.txs[*index].iter().map(|tx| &*tx.hash))
            .collect();
        let at_its_height = self.world.chain.get(fork.chain.len());
        let real = at_its_height.map_or(&self.waiting, |index| &self.txs[*index]);
        let unknown = real.iter().filter(|tx| !known.contains(&*tx.hash)).cloned();
        let mut txs: Vec<Tx> = unknown.collect();
        txs.retain(|_| self.chance.permille(800));
        let invented = match (fork.holds, &*self.targets) {
            (Holds::Inventions, [_, ..]) => self.chance.below(3),
            _ => 0,
        };
        for _ in 0..invented {
            let target = self.chance.pick(&self.targets).clone();
            let moved = Move {
                coin: target.coin,
                to: target.to,
                amount: target.amount,
            };
            // Whoever reads this chain takes it for sent: it may confirm, and must not be paid.
            self.note_sent(&moved);
            let tx = self.sign(moved, false);
            txs.insert(self.chance.below(txs.len() as u64 + 1) as usize, tx);
        }
        txs
    }
}
