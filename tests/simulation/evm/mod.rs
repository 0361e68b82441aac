//! An EVM chain: transactions that move its own coin or log movements of tokens, and that may fail.

mod fork;
mod proof;
mod speaker;

use std::cell::RefCell;
use std::collections::HashMap;

use self::fork::Fork;
use self::proof::{Seal, nobody, tx_hash};
use self::speaker::Speaker;
use crate::chains::{Call, Chain, RpcError, Target};
use crate::chance::Chance;
use crate::provider::Fault;
use crate::tally::Tally;
use crate::world::{
    BLOCK_MS, BlockIndex, Coin, Network, PROVIDERS, START_HEIGHT, Sent, Site, Transfer, World,
};

/// Contracts of the tokens.
pub const USDT: &str = "0x1111111111111111111111111111111111111111";
pub const USDC: &str = "0x2222222222222222222222222222222222222222";
pub const CHAIN_ID: u64 = 4242;
/// What a token logs when it moves.
const TRANSFER: &str = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

/// Where a transaction's own value stands.
const POSITION_NATIVE: u32 = u32::MAX;
/// How much of the money does not come back at once after a reorganisation, and how much of that is sent again later.
const DROPPED_PERMILLE: u64 = 60;
const REMEMBERED_PERMILLE: u64 = 700;

/// One movement of money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    pub coin: Coin,
    /// Lower-case hex without `0x`.
    pub to: String,
    pub amount: u128,
}

/// The contract of a token.
const fn contract(coin: Coin) -> Option<&'static str> {
    match coin {
        Coin::Native => None,
        Coin::Usdt => Some(USDT),
        Coin::Usdc => Some(USDC),
    }
}

/// A transaction: the coin's own value, or the log of a token.
#[derive(Debug, Clone)]
pub struct Tx {
    hash: String,
    nonce: u64,
    moved: Move,
    /// It fails: nothing moves.
    fails: bool,
}

/// The chain with what its blocks hold, and what waits for a block.
pub struct Evm {
    pub world: World,
    /// The transactions of each block, and what its header says of them.
    txs: Vec<Vec<Tx>>,
    seals: Vec<Seal>,
    waiting: Vec<Tx>,
    /// What a reorganisation took out, and when its sender sends it again, in ms.
    forgotten: Vec<(u64, Tx)>,
    /// What a provider tells of instead of the chain.
    forks: [Option<Fork>; PROVIDERS],
    /// What was wrong with the providers when the last block was made.
    faults: [Fault; PROVIDERS],
    /// Addresses that a liar makes up transfers to, the newest first.
    targets: Vec<Target>,
    /// Whether its providers say what addresses hold.
    tells_balances: bool,
    /// What addresses hold after the block that was asked about last.
    balances: RefCell<Option<(BlockIndex, HashMap<String, u128>)>>,
    chance: Chance,
    signed: u64,
    pub tally: Tally,
}

impl Evm {
    pub fn new(seed: u64, now_ms: u64) -> Self {
        let mut evm = Self {
            world: World::new(Network::Evm),
            txs: Vec::new(),
            seals: Vec::new(),
            waiting: Vec::new(),
            forgotten: Vec::new(),
            forks: Default::default(),
            faults: [Fault::None; PROVIDERS],
            targets: Vec::new(),
            tells_balances: seed % 4 == 1,
            balances: RefCell::default(),
            chance: Chance::of(seed, 1),
            signed: 0,
            tally: Tally::default(),
        };
        for height in 0..=START_HEIGHT {
            evm.push(now_ms - (START_HEIGHT - height) * BLOCK_MS, Vec::new());
        }
        for provider in 0..PROVIDERS {
            evm.world.show(provider, 0);
        }
        evm
    }

    /// A transaction that waits for a block.
    pub fn send(&mut self, moved: Move, fails: bool) {
        if !fails {
            self.note_sent(&moved);
        }
        let tx = self.sign(moved, fails);
        self.waiting.push(tx);
    }

    fn note_sent(&mut self, moved: &Move) {
        let sent = Sent {
            coin: moved.coin,
            amount: moved.amount,
        };
        self.world.note_sent(&moved.to, sent);
    }

    /// A transaction that nobody knows of yet.
    fn sign(&mut self, moved: Move, fails: bool) -> Tx {
        self.signed += 1;
        Tx {
            hash: tx_hash(self.signed, &moved),
            nonce: self.signed,
            moved,
            fails,
        }
    }

    /// Money that is of no concern to payd.
    pub fn send_elsewhere(&mut self) {
        let moved = Move {
            coin: Coin::Usdt,
            to: format!("{:040x}", self.chance.next()),
            amount: 5_000_000,
        };
        self.send(moved, false);
    }

    /// Makes a block.
    fn make(&mut self, site: Site, txs: Vec<Tx>) -> BlockIndex {
        let seal = Seal::of(&txs, self.seals.len() as u64);
        let below = site.parent.map(|parent| &self.world.blocks[parent]);
        let parent = below.map_or_else(nobody, |below| below.hash.clone());
        let hash = seal.name(&parent, site.height, site.time_s);
        let transfers = placed(&txs).into_iter().map(|(_, transfer)| transfer).collect();
        self.txs.push(txs);
        self.seals.push(seal);
        self.world.add(site, hash, transfers)
    }

    fn push(&mut self, now_ms: u64, txs: Vec<Tx>) {
        let index = self.make(self.world.site(now_ms), txs);
        self.world.chain.push(index);
    }

    /// A block with most of what waits.
    fn make_block(&mut self, now_ms: u64) {
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

    /// A provider begins to tell of a chain of its own, or ends that.
    fn turn(&mut self, provider: usize, to: Fault) {
        let fork = self.forks[provider].take();
        self.forks[provider] = match to {
            Fault::OwnChain(_) => Some(Fork::invented(&self.world.chain, &mut self.chance)),
            Fault::EmptyChain => {
                // The others are well: nothing but their votes leads back.
                self.forks = Default::default();
                Some(Fork::empty(&self.world.chain))
            }
            _ => fork.filter(Fork::is_honest),
        };
    }

    /// One provider may go on with the branch that was left: honestly, and alone.
    fn stay_behind(&mut self, old: Vec<BlockIndex>, depth: u64) {
        let provider = self.chance.below(PROVIDERS as u64) as usize;
        if self.forks.iter().all(Option::is_none) && self.chance.permille(300) {
            self.forks[provider] = Some(Fork::old(old, depth, &mut self.chance));
            self.tally.count("providers left behind");
        }
    }

    /// What addresses have received of the coin on the branch of `tip`.
    fn balances_at(&self, tip: BlockIndex) -> HashMap<String, u128> {
        let blocks = self.world.branch(tip, 0);
        let txs = blocks.iter().flat_map(|index| &self.txs[*index]);
        let moves = txs.filter(|tx| !tx.fails).map(|tx| &tx.moved);
        let mut balances = HashMap::new();
        for moved in moves.filter(|moved| moved.coin == Coin::Native) {
            *balances.entry(moved.to.clone()).or_default() += moved.amount;
        }
        balances
    }
}

/// What transactions move, each with the place of its transaction; logs are numbered through the block.
fn placed(txs: &[Tx]) -> Vec<(usize, Transfer)> {
    let mut found = Vec::new();
    let mut log_index = 0;
    for (place, tx) in txs.iter().enumerate().filter(|(_, tx)| !tx.fails) {
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

impl Chain for Evm {
    fn world_mut(&mut self) -> &mut World {
        &mut self.world
    }

    fn expect(&mut self, targets: Vec<Target>) {
        self.targets = targets;
    }

    fn mine(&mut self, now_ms: u64) {
        self.make_block(now_ms);
        self.grow_forks(now_ms);
    }

    fn reorganise(&mut self, depth: u64, longer: u64, now_ms: u64) -> usize {
        let old = self.world.chain.clone();
        let mut dropped = 0;
        for index in self.world.cut(depth) {
            for tx in &self.txs[index] {
                if !self.chance.permille(DROPPED_PERMILLE) {
                    self.waiting.push(tx.clone());
                    continue;
                }
                dropped += 1;
                if self.chance.permille(REMEMBERED_PERMILLE) {
                    let due_ms = now_ms + self.chance.between(5_000, 120_000);
                    self.forgotten.push((due_ms, tx.clone()));
                }
            }
        }
        let kept = self.world.chain.len();
        self.forks.iter_mut().flatten().for_each(|fork| fork.cut(kept));
        for left in (0..depth + longer).rev() {
            self.make_block(now_ms - left * 100);
        }
        self.stay_behind(old, depth);
        self.grow_forks(now_ms);
        dropped
    }

    fn pass(&mut self, faults: &[Fault; PROVIDERS], is_quiet: bool, _: u64) {
        if is_quiet {
            self.forks = Default::default();
            self.waiting.extend(self.forgotten.drain(..).map(|(_, tx)| tx));
        }
        for (provider, fault) in faults.iter().enumerate() {
            if *fault != self.faults[provider] {
                self.turn(provider, *fault);
            }
        }
        self.faults = *faults;
    }

    fn answer(&self, call: &Call<'_>) -> Result<String, RpcError> {
        let speaker = Speaker {
            chain: self,
            provider: call.provider,
            fault: call.fault,
            is_from_fork: call.is_from_fork,
        };
        speaker.result(call.method, call.params)
    }
}
