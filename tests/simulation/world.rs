//! The chain as it really is: blocks, branches, money. What providers say of it is theirs to say.

use std::collections::{BTreeMap, HashMap};

use crate::chance::Chance;
use crate::fork::Fork;
use crate::proof::{Seal, nobody, tx_hash};

/// A block's place in the list of all that were ever made.
pub type BlockIndex = usize;

/// Confirmations that a payment takes.
pub const CONFIRMATIONS: u64 = 3;
/// How deep reorganisations are followed.
pub const FINAL_DEPTH: u64 = 24;
/// Time between blocks.
pub const BLOCK_MS: u64 = 2000;
/// Providers there are.
pub const PROVIDERS: usize = 3;

/// What moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Coin {
    Native,
    Usdt,
    Usdc,
}

impl Coin {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Usdt => "usdt",
            Self::Usdc => "usdc",
        }
    }

    pub fn of_word(word: &str) -> Self {
        match word {
            "native" => Self::Native,
            "usdt" => Self::Usdt,
            "usdc" => Self::Usdc,
            other => panic!("no such coin: {other}"),
        }
    }
}

/// One movement of money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    pub coin: Coin,
    /// Lower-case hex without `0x`.
    pub to: String,
    pub amount: u128,
}

/// Where somebody was told to pay, and how much of what.
pub type Target = (String, Coin, u128);

/// A transaction: the coin's own value, or the log of a token.
#[derive(Debug, Clone)]
pub struct Tx {
    pub hash: String,
    pub nonce: u64,
    pub moved: Move,
    /// It fails: nothing moves.
    pub fails: bool,
}

/// A transfer as the chain has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Transfer {
    pub txid: String,
    pub position: u32,
    pub coin: Coin,
    pub to: String,
    pub amount: u128,
}

/// Where a transaction's own value stands.
pub const POSITION_NATIVE: u32 = u32::MAX;

#[derive(Debug)]
pub struct Block {
    pub hash: String,
    pub parent: Option<BlockIndex>,
    pub height: u64,
    pub time_s: u64,
    pub txs: Vec<Tx>,
    pub seal: Seal,
    /// Providers that have shown it at the depth at which money settles: one bit each.
    pub deep_at: u8,
}

impl Block {
    /// What it moves, in order; logs are numbered through the block.
    pub fn transfers(&self) -> Vec<(usize, Transfer)> {
        let mut found = Vec::new();
        let mut log_index = 0;
        for (place, tx) in self.txs.iter().enumerate().filter(|(_, tx)| !tx.fails) {
            let moved = &tx.moved;
            let position = match moved.coin {
                Coin::Native => POSITION_NATIVE,
                Coin::Usdt | Coin::Usdc => {
                    log_index += 1;
                    log_index - 1
                }
            };
            let transfer = Transfer {
                txid: tx.hash.clone(),
                position,
                coin: moved.coin,
                to: moved.to.clone(),
                amount: moved.amount,
            };
            found.push((place, transfer));
        }
        found
    }
}

/// All blocks there ever were, the branch that is the chain now, and what waits for a block.
pub struct World {
    pub blocks: Vec<Block>,
    pub by_hash: HashMap<String, BlockIndex>,
    /// The chain, by height.
    pub chain: Vec<BlockIndex>,
    pub waiting: Vec<Tx>,
    /// What a reorganisation took out, and when its sender sends it again, in ms.
    forgotten: Vec<(u64, Tx)>,
    /// What each provider takes for the chain.
    pub views: [Vec<BlockIndex>; PROVIDERS],
    /// What it tells of instead.
    pub forks: [Option<Fork>; PROVIDERS],
    /// The time of the newest block there ever was.
    pub latest_s: u64,
    pub chance: Chance,
    txs: u64,
}

/// The height that the chain has at the start.
pub const START_HEIGHT: u64 = 40;

impl World {
    pub fn new(seed: u64, now_ms: u64) -> Self {
        let mut world = Self {
            blocks: Vec::new(),
            by_hash: HashMap::new(),
            chain: Vec::new(),
            waiting: Vec::new(),
            forgotten: Vec::new(),
            views: Default::default(),
            forks: Default::default(),
            latest_s: 0,
            chance: Chance::of(seed, 1),
            txs: 0,
        };
        for height in 0..=START_HEIGHT {
            world.mine_empty(now_ms - (START_HEIGHT - height) * BLOCK_MS);
        }
        for provider in 0..PROVIDERS {
            world.show(provider, 0);
        }
        world
    }

    pub fn height(&self) -> u64 {
        self.chain.len() as u64 - 1
    }

    /// A transaction that waits for a block.
    pub fn send(&mut self, moved: Move, fails: bool) {
        let tx = self.sign(moved, fails);
        self.waiting.push(tx);
    }

    /// A transaction that nobody knows of yet.
    pub fn sign(&mut self, moved: Move, fails: bool) -> Tx {
        self.txs += 1;
        Tx {
            hash: tx_hash(self.txs, &moved),
            nonce: self.txs,
            moved,
            fails,
        }
    }

    /// Makes a block on top of another.
    pub fn make(&mut self, parent: Option<BlockIndex>, now_ms: u64, txs: Vec<Tx>) -> BlockIndex {
        let index = self.blocks.len();
        let below = parent.map(|parent| &self.blocks[parent]);
        let height = below.map_or(0, |below| below.height + 1);
        let time_s = (now_ms / 1000).max(below.map_or(0, |below| below.time_s));
        let seal = Seal::of(&txs, index as u64);
        let parent_hash = below.map_or_else(nobody, |below| below.hash.clone());
        let hash = seal.name(&parent_hash, height, time_s);
        self.by_hash.insert(hash.clone(), index);
        self.blocks.push(Block {
            hash,
            parent,
            height,
            time_s,
            txs,
            seal,
            deep_at: 0,
        });
        self.latest_s = self.latest_s.max(time_s);
        index
    }

    fn push(&mut self, now_ms: u64, txs: Vec<Tx>) {
        let index = self.make(self.chain.last().copied(), now_ms, txs);
        self.chain.push(index);
    }

    fn mine_empty(&mut self, now_ms: u64) {
        self.push(now_ms, Vec::new());
    }

    /// A block with most of what waits, in an order of its own.
    pub fn mine(&mut self, now_ms: u64) {
        let due = self.forgotten.extract_if(.., |(due_ms, _)| *due_ms <= now_ms);
        self.waiting.extend(due.map(|(_, tx)| tx));
        let waiting = std::mem::take(&mut self.waiting);
        let (mut taken, mut left) = (Vec::new(), Vec::new());
        for tx in waiting {
            if self.chance.permille(850) {
                let place = self.chance.below(taken.len() as u64 + 1) as usize;
                taken.insert(place, tx);
            } else {
                left.push(tx);
            }
        }
        self.waiting = left;
        self.push(now_ms, taken);
    }

    /// Takes `depth` blocks off and makes as many and `longer` more in their place; most of the money comes back, in
    /// other blocks or later. Gives back how much did not at once: some is sent again much later, some never.
    pub fn reorganise(&mut self, depth: u64, longer: u64, now_ms: u64, dropped_permille: u64) -> usize {
        let keep = self.chain.len() - depth as usize;
        let gone = self.chain.split_off(keep);
        self.forks.iter_mut().flatten().for_each(|fork| fork.cut(keep));
        let mut dropped = 0;
        for index in gone {
            for tx in std::mem::take(&mut self.blocks[index].txs) {
                if self.chance.permille(dropped_permille) {
                    dropped += 1;
                    if self.chance.permille(700) {
                        let due_ms = now_ms + self.chance.between(5_000, 120_000);
                        self.forgotten.push((due_ms, tx.clone()));
                    }
                } else {
                    self.waiting.push(tx.clone());
                }
                self.blocks[index].txs.push(tx);
            }
        }
        for left in (0..depth + longer).rev() {
            self.mine(now_ms - left * 100);
        }
        dropped
    }

    /// Everybody who wants to send what they had sent before does so.
    pub fn remember_all(&mut self) {
        self.waiting.extend(self.forgotten.drain(..).map(|(_, tx)| tx));
    }

    /// Moves a provider to the chain as it was `behind` blocks ago.
    pub fn show(&mut self, provider: usize, behind: usize) {
        let to = self.chain.len().saturating_sub(behind).max(1);
        let view = &mut self.views[provider];
        let common = view
            .iter()
            .zip(&self.chain[..to])
            .take_while(|(seen, real)| seen == real)
            .count();
        view.truncate(common);
        view.extend_from_slice(&self.chain[common..to]);
        let view = std::mem::take(view);
        self.note_deep(provider, &view);
        self.views[provider] = view;
    }

    /// Notes which blocks a provider shows deep enough to settle, by the chain that it tells of.
    pub fn note_deep(&mut self, provider: usize, chain: &[BlockIndex]) {
        let deep_to = (chain.len() as u64).saturating_sub(CONFIRMATIONS - 1) as usize;
        for index in chain[..deep_to].iter().rev() {
            let bit = 1 << provider;
            if self.blocks[*index].deep_at & bit != 0 {
                break;
            }
            self.blocks[*index].deep_at |= bit;
        }
    }

    /// The blocks from `height_min` up to `tip`, lowest first.
    pub fn branch(&self, tip: BlockIndex, height_min: u64) -> Vec<BlockIndex> {
        let mut branch = Vec::new();
        let mut at = Some(tip);
        while let Some(index) = at.filter(|index| self.blocks[*index].height >= height_min) {
            branch.push(index);
            at = self.blocks[index].parent;
        }
        branch.reverse();
        branch
    }

    /// What addresses have received of the coin on the branch of `tip`.
    pub fn balances(&self, tip: BlockIndex) -> HashMap<String, u128> {
        let blocks = self.branch(tip, 0);
        let txs = blocks.iter().flat_map(|index| &self.blocks[*index].txs);
        let moves = txs.filter(|tx| !tx.fails).map(|tx| &tx.moved);
        let mut balances = HashMap::new();
        for moved in moves.filter(|moved| moved.coin == Coin::Native) {
            *balances.entry(moved.to.clone()).or_default() += moved.amount;
        }
        balances
    }

    /// Everything on the chain to the addresses of `known`, by transaction and position.
    pub fn all_transfers(
        &self,
        known: impl Fn(&str) -> bool,
    ) -> BTreeMap<(String, u32), (Transfer, BlockIndex)> {
        let mut all = BTreeMap::new();
        for index in &self.chain {
            for (_, transfer) in self.blocks[*index].transfers() {
                if known(&transfer.to) {
                    all.insert((transfer.txid.clone(), transfer.position), (transfer, *index));
                }
            }
        }
        all
    }
}
