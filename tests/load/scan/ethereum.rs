//! Blocks like Ethereum's: 300 transactions and 500 logs each, of transactions recorded from a node of today's rules.
mod blocks;
mod node;
mod plain;
mod transactions;

use std::ops::RangeInclusive;
use std::sync::Arc;

use payd::ambient::{Clock, SystemRandom};
use payd::chain::ChainSource;
use payd::chain::evm::{EvmSettings, EvmSource, Finality, ReadMode, Verify};
use payd::chain::providers::CallLimits;
use payd::domain::address::Address;
use payd::domain::asset::Asset;
use payd::domain::network::{Family, Network};

use self::blocks::{Block, Made, make};
use self::node::Node;
use self::plain::{PlainBlock, PlainLog, PlainReceipt};
use self::transactions::{payee, token};
use super::node::{Answers, Served};
use super::rlp::keccak;
use super::{Reading, coin_and_token, network, providers};

const FIRST: u64 = 1000;
const LAST: u64 = 1063;
/// The last of the blocks that hold nothing.
const LAST_EMPTY: u64 = 3999;
/// Every so many blocks one holds money.
const PAID_EVERY: u64 = 16;
const CHAIN_ID: u64 = 56;

pub(crate) struct Ethereum {
    made: Arc<Made>,
    mode: ReadMode,
    providers: usize,
    is_empty: bool,
}

impl Ethereum {
    pub(crate) fn receipts() -> Self {
        Self {
            made: Arc::new(make(false)),
            mode: ReadMode::Receipts,
            providers: 2,
            is_empty: false,
        }
    }

    pub(crate) fn logs(providers: usize) -> Self {
        Self {
            mode: ReadMode::Logs,
            providers,
            ..Self::receipts()
        }
    }

    /// Thousands of blocks that hold nothing, read by two providers' logs.
    pub(crate) fn empty() -> Self {
        Self {
            made: Arc::new(make(true)),
            mode: ReadMode::Logs,
            providers: 2,
            is_empty: true,
        }
    }
}

fn is_paid(height: u64) -> bool {
    height.is_multiple_of(PAID_EVERY)
}

impl Ethereum {
    fn block(&self, height: u64) -> &Block {
        &self.made.blocks[&height]
    }

    /// What a node is asked for of the logs of a block: those to watched addresses, or all where they are many.
    fn logs_of(&self, height: u64, addresses: usize) -> &str {
        let block = self.block(height);
        if addresses > 1000 {
            &block.logs
        } else {
            &block.paid
        }
    }
}

impl Reading for Ethereum {
    fn network(&self) -> Arc<Network> {
        network("bsc", Family::Evm { chain_id: CHAIN_ID }, 12_000)
    }

    fn assets(&self) -> Vec<Asset> {
        coin_and_token(&self.network(), 18, token())
    }

    fn source(&self, transport: Arc<Served>, clock: Arc<dyn Clock>) -> Arc<dyn ChainSource> {
        let [native, token] = <[Asset; 2]>::try_from(self.assets()).unwrap().map(Arc::new);
        let settings = EvmSettings {
            network: self.network(),
            chain_id: CHAIN_ID,
            mode: self.mode,
            verify: Verify::Full,
            finality: Finality::Confirmations,
            tokens: vec![token],
            native: Some(native),
            providers: providers(self.providers),
            quorum: self.providers,
            range_max: match self.mode {
                ReadMode::Receipts => 8,
                ReadMode::Logs => 20,
            },
            limits: CallLimits::default(),
        };
        Arc::new(EvmSource::new(settings, transport, clock, Arc::new(SystemRandom)).unwrap())
    }

    fn node(&self) -> Box<dyn Answers> {
        Box::new(Node(Arc::clone(&self.made)))
    }

    fn heights(&self) -> RangeInclusive<u64> {
        FIRST..=self.made.last
    }

    fn paid(&self) -> Vec<Address> {
        vec![Address::from_evm_account(payee())]
    }

    fn transfers(&self, height: u64) -> usize {
        if is_paid(height) && !self.is_empty { 2 } else { 0 }
    }

    fn parse(&self, height: u64, addresses: usize) -> usize {
        let block: PlainBlock<'_> = serde_json::from_str(&self.block(height).full).unwrap();
        let mut count = block.transactions.len();
        match self.mode {
            ReadMode::Receipts => {
                let receipts: Vec<PlainReceipt<'_>> =
                    serde_json::from_str(&self.block(height).receipts).unwrap();
                count += receipts.len();
            }
            ReadMode::Logs => {
                let text = format!("[{}]", self.logs_of(height, addresses));
                for _ in 0..self.providers {
                    let logs: Vec<PlainLog<'_>> = serde_json::from_str(&text).unwrap();
                    count += logs.len();
                }
            }
        }
        count
    }

    fn prove(&self, height: u64) -> usize {
        // Logs are proven of blocks that hold money alone.
        let hashed = &self.made.hashed[usize::from(is_paid(height))];
        let count = match self.mode {
            ReadMode::Receipts => hashed.len(),
            ReadMode::Logs => self.made.txs_hashed,
        };
        hashed[..count]
            .iter()
            .map(|bytes| usize::from(keccak(bytes)[0]))
            .sum()
    }

    fn bytes(&self, height: u64) -> usize {
        let block = self.block(height);
        block.full.len()
            + match self.mode {
                ReadMode::Receipts => block.receipts.len(),
                ReadMode::Logs => block.paid.len() * self.providers,
            }
    }
}
