//! A Bitcoin-like chain: transactions wait in mempools, are replaced, forgotten and mined; each is paid from a source that
//! only one transaction of a branch can spend.

mod bytes;
mod mempool;
mod speaker;

use std::collections::{HashMap, HashSet};

use bitcoin::block::Header;
use bitcoin::consensus::encode::serialize_hex;
use bitcoin::hashes::Hash as _;
use bitcoin::{Block, BlockHash, Transaction};

use self::bytes::Place;
pub use self::bytes::address;
use self::speaker::Speaker;
use crate::chains::{Call, Chain, RpcError, Target};
use crate::chance::Chance;
use crate::provider::Fault;
use crate::tally::Tally;
use crate::world::{
    BLOCK_MS, BlockIndex, Coin, Network, PROVIDERS, START_HEIGHT, Sent, Site, Transfer, World, bare,
};

/// How deep a transaction lies that no reorganisation and no lag brings back.
const BURIED: usize = 48;
/// How far a branch is looked through for what it has spent: a provider's own may be longer than the chain.
const LOOKED_THROUGH: usize = BURIED + 2 * OWN_BLOCKS_MAX;
/// How long a provider's own branch becomes, and how much of the chain is taken off: together less than the depth down to which
/// a reorganisation is followed.
const OWN_BLOCKS_MAX: usize = 9;
const TAKEN_OFF_MAX: u64 = 12;
/// How long one is remembered that nobody has any more.
const REMEMBERED_MS: u64 = 100_000;
/// A time that never comes.
const NEVER: u64 = u64::MAX;

/// One output of a transaction that is of concern.
#[derive(Debug, Clone)]
pub struct Payment {
    /// The address, as payd gave it.
    pub to: String,
    pub sats: u64,
}

/// What a sender does with a transaction that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Habit {
    Plain,
    /// Sends it again with a higher fee.
    Bumps,
    /// Spends the same elsewhere.
    TakesBack,
}

/// A transaction's place in the list of all that were ever made.
type TxIndex = usize;

struct Tx {
    txid: String,
    body: Transaction,
    source: u64,
    payments: Vec<Payment>,
    transfers: Vec<Transfer>,
    habit: Habit,
    /// When each provider hears of it, and when it forgets it again.
    heard_ms: [u64; PROVIDERS],
    forgotten_ms: [u64; PROVIDERS],
    /// How likely the next block holds it; 0 for what is never mined.
    mined_permille: u64,
    /// When nobody has it any more.
    ends_ms: u64,
    /// A liar's: nobody else has it.
    is_made_up: bool,
}

/// What a block holds.
struct Body {
    header: Header,
    /// Hexadecimal.
    raw: String,
    txs: Vec<TxIndex>,
}

/// The chain with what its blocks hold, and what waits for a block.
pub struct Bitcoin {
    pub world: World,
    bodies: Vec<Body>,
    txs: Vec<Tx>,
    by_txid: HashMap<String, TxIndex>,
    /// Those that may wait for a block now or after a reorganisation, oldest first.
    live: Vec<TxIndex>,
    /// Money that a liar makes up, the newest first.
    targets: Vec<Target>,
    /// What became of transactions.
    pub tally: Tally,
    chance: Chance,
    now_ms: u64,
    sources: u64,
}

impl Bitcoin {
    pub fn new(seed: u64, now_ms: u64) -> Self {
        let mut bitcoin = Self {
            world: World::new(Network::Bitcoin),
            bodies: Vec::new(),
            txs: Vec::new(),
            by_txid: HashMap::new(),
            live: Vec::new(),
            targets: Vec::new(),
            tally: Tally::default(),
            chance: Chance::of(seed, 5),
            now_ms,
            sources: 0,
        };
        let first = bitcoin::constants::genesis_block(bitcoin::Network::Regtest);
        let site = Site {
            parent: None,
            height: 0,
            time_s: u64::from(first.header.time),
        };
        let first = bitcoin.keep(site, &first, Vec::new(), Vec::new());
        bitcoin.world.chain.push(first);
        for height in 1..=START_HEIGHT {
            let site = bitcoin.world.site(now_ms - (START_HEIGHT - height) * BLOCK_MS);
            let block = bitcoin.seal(site, Vec::new(), &[]);
            bitcoin.world.chain.push(block);
        }
        for provider in 0..PROVIDERS {
            bitcoin.world.show(provider, 0);
        }
        bitcoin
    }

    /// An output of a transaction that ever waited for a block.
    pub fn output(&self, txid: &str, position: u32) -> Option<&Transfer> {
        let mut outputs = self.txs[*self.by_txid.get(txid)?].transfers.iter();
        outputs.find(|output| output.position == position)
    }

    /// Makes a block of transactions; its maker may make payments, too.
    fn seal(&mut self, site: Site, txs: Vec<TxIndex>, paid: &[Payment]) -> BlockIndex {
        let place = Place {
            parent: site.parent.map_or_else(BlockHash::all_zeros, |parent| {
                self.bodies[parent].header.block_hash()
            }),
            height: site.height,
            time_s: site.time_s,
            extra: self.chance.next(),
        };
        let bodies = txs.iter().map(|tx| self.txs[*tx].body.clone()).collect();
        let block = bytes::block(&place, paid, bodies);
        let mut transfers = Vec::new();
        let minted = block.txdata[0].compute_txid().to_string();
        for (position, payment) in (1..).zip(paid) {
            self.note_sent(payment);
            transfers.push(transfer(&minted, position, payment));
        }
        self.tally.add("bitcoins minted to shops", paid.len() as u64);
        for tx in &txs {
            transfers.extend(self.txs[*tx].transfers.iter().cloned());
        }
        self.keep(site, &block, txs, transfers)
    }

    fn keep(&mut self, site: Site, block: &Block, txs: Vec<TxIndex>, transfers: Vec<Transfer>) -> BlockIndex {
        self.bodies.push(Body {
            header: block.header,
            raw: serialize_hex(block),
            txs,
        });
        let hash = block.block_hash().to_string();
        self.world.add(site, hash, transfers)
    }

    fn source(&mut self) -> u64 {
        self.sources += 1;
        self.sources
    }

    fn note_sent(&mut self, payment: &Payment) {
        let sent = Sent {
            coin: Coin::Native,
            amount: u128::from(payment.sats),
        };
        self.world.note_sent(&bare(&payment.to), sent);
    }

    /// What was spent in the newest blocks of a branch.
    fn spent(&self, branch: &[BlockIndex]) -> HashSet<u64> {
        let newest = branch.iter().rev().take(LOOKED_THROUGH);
        let txs = newest.flat_map(|block| &self.bodies[*block].txs);
        txs.map(|tx| self.txs[*tx].source).collect()
    }

    /// A time for the next block: its maker's clock may be off.
    fn site(&mut self, branch: &[BlockIndex]) -> Site {
        let mut site = self.world.site_on(branch, self.now_ms);
        if self.chance.permille(200) {
            site.time_s = self.now_ms / 1000 + 15 - self.chance.below(45);
        }
        site
    }

    /// Forgets what no reorganisation brings back.
    fn bury(&mut self) {
        let Some(deep) = self.world.chain.len().checked_sub(BURIED) else {
            return;
        };
        let buried: HashSet<u64> = self.spent(&self.world.chain[..=deep]);
        let (txs, now_ms) = (&self.txs, self.now_ms);
        self.live
            .retain(|tx| txs[*tx].ends_ms > now_ms && !buried.contains(&txs[*tx].source));
    }

    /// The next block of a provider's own branch: with payments that nobody made, and with little else.
    fn mine_own(&mut self, provider: usize) {
        if self.world.own_blocks(provider) >= OWN_BLOCKS_MAX {
            self.world.show(provider, 0);
        }
        let branch = self.world.views[provider].clone();
        let mut txs: Vec<TxIndex> = self.chosen(&branch, 300);
        for target in 0..self.targets.len().min(2) {
            if self.chance.permille(600) {
                let payment = self.target(target);
                txs.push(self.make_up(vec![payment]));
            }
        }
        let site = self.site(&branch);
        let block = self.seal(site, txs, &[]);
        self.world.show_own(provider, block);
    }

    fn target(&self, number: usize) -> Payment {
        let target = &self.targets[number];
        Payment {
            to: target.to.clone(),
            sats: target.amount as u64,
        }
    }

    fn make_block(&mut self) {
        let chain = self.world.chain.clone();
        let txs = self.chosen(&chain, 1000);
        let mut paid = Vec::new();
        if !self.targets.is_empty() && self.chance.permille(15) {
            paid.push(self.target(0));
        }
        let site = self.site(&chain);
        let block = self.seal(site, txs, &paid);
        self.world.chain.push(block);
        self.bury();
    }
}

fn transfer(txid: &str, position: u32, payment: &Payment) -> Transfer {
    Transfer {
        txid: txid.to_owned(),
        position,
        coin: Coin::Native,
        to: bare(&payment.to),
        amount: u128::from(payment.sats),
    }
}

impl Chain for Bitcoin {
    fn world_mut(&mut self) -> &mut World {
        &mut self.world
    }

    fn expect(&mut self, targets: Vec<Target>) {
        self.targets = targets;
    }

    fn mine(&mut self, now_ms: u64) {
        self.now_ms = now_ms;
        self.make_block();
    }

    fn reorganise(&mut self, depth: u64, longer: u64, now_ms: u64) -> usize {
        self.now_ms = now_ms;
        let depth = depth.min(TAKEN_OFF_MAX);
        let gone: Vec<TxIndex> = {
            let blocks = self.world.cut(depth);
            let txs = blocks.iter().flat_map(|block| &self.bodies[*block].txs);
            txs.copied().collect()
        };
        let dropped = gone.into_iter().filter(|tx| self.is_left_out(*tx)).count();
        for _ in 0..depth + longer {
            self.make_block();
        }
        dropped
    }

    fn pass(&mut self, faults: &[Fault; PROVIDERS], is_quiet: bool, now_ms: u64) {
        self.now_ms = now_ms;
        if is_quiet {
            self.calm_down();
        } else {
            self.stir();
        }
        for (provider, fault) in faults.iter().enumerate() {
            match fault {
                Fault::OwnBranch => {
                    for _ in 0..1 + u64::from(self.chance.permille(200)) {
                        self.mine_own(provider);
                    }
                }
                Fault::Fabricates if !self.targets.is_empty() => {
                    let target = self.chance.below(self.targets.len() as u64) as usize;
                    let payment = self.target(target);
                    let made_up = self.make_up(vec![payment]);
                    self.txs[made_up].heard_ms[provider] = now_ms;
                }
                _ => {}
            }
        }
    }

    fn answer(&self, call: &Call<'_>) -> Result<String, RpcError> {
        let speaker = Speaker {
            chain: self,
            provider: call.provider,
            fault: call.fault,
        };
        speaker.result(call.method, call.params)
    }
}
