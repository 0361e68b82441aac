//! An EVM chain: transactions that move its own coin or log movements of tokens, and that may fail.

mod speaker;

use std::cell::RefCell;
use std::collections::HashMap;

use self::speaker::Speaker;
use crate::chains::{Call, Chain, RpcError, Target};
use crate::chance::Chance;
use crate::provider::Fault;
use crate::world::{BLOCK_MS, BlockIndex, Coin, Network, PROVIDERS, START_HEIGHT, Sent, Transfer, World};

/// Contracts of the tokens.
pub const USDT: &str = "0x1111111111111111111111111111111111111111";
pub const USDC: &str = "0x2222222222222222222222222222222222222222";
pub const CHAIN_ID: u64 = 4242;

/// Where a transaction's own value stands.
const POSITION_NATIVE: u32 = u32::MAX;
/// How much of the money does not come back after a reorganisation.
const DROPPED_PERMILLE: u64 = 30;

/// One movement of money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    pub coin: Coin,
    /// Lower-case hex without `0x`.
    pub to: String,
    pub amount: u128,
}

/// A transaction: the coin's own value, or logs of tokens.
#[derive(Debug, Clone)]
pub struct Tx {
    pub hash: String,
    pub moves: Vec<Move>,
    /// It fails: nothing moves.
    pub fails: bool,
}

/// The chain with what its blocks hold, and what waits for a block.
pub struct Evm {
    pub world: World,
    /// The transactions of each block.
    txs: Vec<Vec<Tx>>,
    waiting: Vec<Tx>,
    /// Addresses that a liar makes up transfers to, the newest first.
    targets: Vec<Target>,
    /// Whether its providers say what addresses hold.
    tells_balances: bool,
    /// What addresses hold after the block that was asked about last.
    balances: RefCell<Option<(BlockIndex, HashMap<String, u128>)>>,
    chance: Chance,
    sent: u64,
}

impl Evm {
    pub fn new(seed: u64, now_ms: u64) -> Self {
        let mut evm = Self {
            world: World::new(Network::Evm),
            txs: Vec::new(),
            waiting: Vec::new(),
            targets: Vec::new(),
            tells_balances: seed % 4 == 1,
            balances: RefCell::default(),
            chance: Chance::of(seed, 1),
            sent: 0,
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
    pub fn send(&mut self, moves: Vec<Move>, fails: bool) {
        self.sent += 1;
        for moved in moves.iter().filter(|_| !fails) {
            let sent = Sent {
                coin: moved.coin,
                amount: moved.amount,
            };
            self.world.note_sent(&moved.to, sent);
        }
        let hash = format!("0x{:016x}{:032x}{:016x}", 0x7c_u64, self.sent, self.chance.next());
        self.waiting.push(Tx { hash, moves, fails });
    }

    /// Money that is of no concern to payd.
    pub fn send_elsewhere(&mut self) {
        let moved = Move {
            coin: Coin::Usdt,
            to: format!("{:040x}", self.chance.next()),
            amount: 5_000_000,
        };
        self.send(vec![moved], false);
    }

    fn push(&mut self, now_ms: u64, txs: Vec<Tx>) {
        let index = self.world.blocks.len();
        let hash = format!("0x{:016x}{:032x}{:016x}", 0xb1_u64, index, self.chance.next());
        let transfers = placed(&txs).into_iter().map(|(_, transfer)| transfer).collect();
        let index = self.world.add(self.world.site(now_ms), hash, transfers);
        self.world.chain.push(index);
        self.txs.push(txs);
    }

    /// What addresses have received of the coin on the branch of `tip`.
    fn balances_at(&self, tip: BlockIndex) -> HashMap<String, u128> {
        let blocks = self.world.branch(tip, 0);
        let moves = blocks.iter().flat_map(|index| &self.txs[*index]);
        let moves = moves.filter(|tx| !tx.fails).flat_map(|tx| &tx.moves);
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
        for moved in &tx.moves {
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

    fn reorganise(&mut self, depth: u64, longer: u64, now_ms: u64) -> usize {
        let mut dropped = 0;
        for index in self.world.cut(depth) {
            for tx in &self.txs[index] {
                if self.chance.permille(DROPPED_PERMILLE) {
                    dropped += 1;
                } else {
                    self.waiting.push(tx.clone());
                }
            }
        }
        for left in (0..depth + longer).rev() {
            self.mine(now_ms - left * 100);
        }
        dropped
    }

    fn pass(&mut self, _: &[Fault; PROVIDERS], _: bool, _: u64) {}

    fn answer(&self, call: &Call<'_>) -> Result<String, RpcError> {
        let speaker = Speaker {
            chain: self,
            provider: call.provider,
            fault: call.fault,
        };
        speaker.result(call.method, call.params)
    }
}
