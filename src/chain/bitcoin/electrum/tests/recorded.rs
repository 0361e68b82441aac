//! The recorded chain, as an index server sees it at each step: which transactions concern a script, and where they are.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use bitcoin::hashes::Hash as _;
use serde_json::Value;

use crate::chain::bitcoin::electrum::history::{Entry, Place, ScriptHash};
use crate::chain::bitcoin::header::{Hash, RawHeader};
use crate::domain::address::Address;
use crate::domain::network::{Bip, Family};

pub(super) const FAMILY: Family = Family::Bitcoin(Bip::Regtest);

/// A recorded block.
pub(super) struct Block {
    pub(super) height: u64,
    pub(super) header: RawHeader,
    pub(super) txids: Vec<Hash>,
}

/// A transaction, and the scripts that it pays (with how much) or spends from.
pub(super) struct Transaction {
    pub(super) raw: Vec<u8>,
    pub(super) pays: Vec<(ScriptHash, u64)>,
    pub(super) spends: Vec<(ScriptHash, u64)>,
    spends_txids: Vec<Hash>,
}

/// A step of the scenario.
pub(super) struct Step {
    pub(super) name: String,
    pub(super) tip: Hash,
    pub(super) mempool: Vec<Hash>,
}

/// An expected credit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Credit {
    pub(super) txid: String,
    pub(super) position: u32,
    pub(super) address: String,
    pub(super) units: u128,
    pub(super) block: String,
}

pub(super) struct Recorded {
    pub(super) addresses: Vec<Address>,
    pub(super) steps: Vec<Step>,
    pub(super) blocks: HashMap<Hash, Block>,
    pub(super) transactions: HashMap<Hash, Transaction>,
    /// Those that stay, without the one of nothing.
    pub(super) credits: Vec<Credit>,
}

/// The chain as it is at a step.
pub(super) struct View {
    /// By height.
    pub(super) chain: Vec<Hash>,
    histories: BTreeMap<ScriptHash, Vec<Entry>>,
}

pub(super) fn recorded() -> &'static Recorded {
    static RECORDED: OnceLock<Recorded> = OnceLock::new();
    RECORDED.get_or_init(|| {
        let text = include_str!("../../../../../tests/fixtures/bitcoin/recorded.json");
        read(&serde_json::from_str(text).unwrap())
    })
}

fn hash(value: &Value) -> Hash {
    Hash::parse(value.as_str().unwrap()).unwrap()
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn read(file: &Value) -> Recorded {
    let mut parsed: HashMap<Hash, bitcoin::Transaction> = HashMap::new();
    let mut blocks = HashMap::new();
    for (name, block) in file["blocks"].as_object().unwrap() {
        let raw = hex::decode(block["raw"].as_str().unwrap()).unwrap();
        let whole: bitcoin::Block = bitcoin::consensus::deserialize(&raw).unwrap();
        let txids: Vec<Hash> = whole.txdata.iter().map(txid).collect();
        parsed.extend(txids.iter().copied().zip(whole.txdata));
        let block = Block {
            height: block["height"].as_u64().unwrap(),
            header: RawHeader::read(&raw[..80]).unwrap(),
            txids,
        };
        blocks.insert(Hash::parse(name).unwrap(), block);
    }
    for (name, transaction) in file["transactions"].as_object().unwrap() {
        let raw = hex::decode(transaction["raw"].as_str().unwrap()).unwrap();
        parsed.insert(
            Hash::parse(name).unwrap(),
            bitcoin::consensus::deserialize(&raw).unwrap(),
        );
    }
    let paid = |output: &bitcoin::TxOut| {
        (
            ScriptHash::of(output.script_pubkey.as_bytes()),
            output.value.to_sat(),
        )
    };
    let transactions = parsed
        .iter()
        .map(|(name, transaction)| {
            let spent = transaction.input.iter().filter_map(|input| {
                let from = parsed.get(&Hash(input.previous_output.txid.to_byte_array()))?;
                Some(paid(&from.output[input.previous_output.vout as usize]))
            });
            let spent_txids = transaction.input.iter();
            let read = Transaction {
                raw: bitcoin::consensus::serialize(transaction),
                pays: transaction.output.iter().map(paid).collect(),
                spends: spent.collect(),
                spends_txids: spent_txids
                    .map(|input| Hash(input.previous_output.txid.to_byte_array()))
                    .collect(),
            };
            (*name, read)
        })
        .collect();
    let steps = list(&file["steps"]).iter().map(|step| Step {
        name: text(&step["name"]),
        tip: hash(&step["tip"]),
        mempool: list(&step["mempool"]).iter().map(hash).collect(),
    });
    let credits = list(&file["credits"])
        .iter()
        .filter(|credit| credit["state"] == "confirmed")
        .map(|credit| Credit {
            txid: text(&credit["txid"]),
            position: u32::try_from(credit["vout"].as_u64().unwrap()).unwrap(),
            address: text(&credit["address"]),
            units: u128::from(credit["sats"].as_u64().unwrap()),
            block: text(&credit["block_hash"]),
        });
    let addresses = list(&file["addresses"]).iter();
    Recorded {
        addresses: addresses
            .map(|address| Address::parse(FAMILY, address["address"].as_str().unwrap()).unwrap())
            .collect(),
        // The servers were held still while the tip was lowered.
        steps: steps
            .filter(|step| {
                !["00-start", "07b", "07c", "08b"]
                    .iter()
                    .any(|name| step.name.starts_with(name))
            })
            .collect(),
        blocks,
        transactions,
        credits: credits.collect(),
    }
}

fn txid(transaction: &bitcoin::Transaction) -> Hash {
    Hash(transaction.compute_txid().to_byte_array())
}

impl Recorded {
    pub(super) fn view(&self, step: &Step) -> View {
        let mut chain = Vec::new();
        let mut at = step.tip;
        while let Some(block) = self.blocks.get(&at) {
            chain.push(at);
            at = block.header.parent();
        }
        chain.reverse();
        let mut histories: BTreeMap<ScriptHash, Vec<Entry>> = BTreeMap::new();
        let mut add = |txid: Hash, height: Place| {
            let transaction = &self.transactions[&txid];
            for (script, _) in transaction.pays.iter().chain(&transaction.spends) {
                let history = histories.entry(*script).or_default();
                if history.last().is_none_or(|last| last.txid != txid) {
                    history.push(Entry { txid, height });
                }
            }
        };
        for name in &chain {
            let block = &self.blocks[name];
            for txid in &block.txids {
                add(*txid, Place::Block(block.height));
            }
        }
        for txid in &step.mempool {
            let spends = &self.transactions[txid].spends_txids;
            let is_on_mempool = spends.iter().any(|spent| step.mempool.contains(spent));
            add(
                *txid,
                if is_on_mempool {
                    Place::MempoolOnMempool
                } else {
                    Place::Mempool
                },
            );
        }
        View { chain, histories }
    }

    /// Where the scenario reaches the step of this name.
    pub(super) fn step(&self, name: &str) -> usize {
        self.steps
            .iter()
            .position(|step| step.name.starts_with(name))
            .unwrap()
    }
}

impl View {
    pub(super) fn history(&self, script: &ScriptHash) -> &[Entry] {
        self.histories.get(script).map_or(&[], Vec::as_slice)
    }

    pub(super) fn height(&self) -> u64 {
        self.chain.len() as u64 - 1
    }
}

/// The branch from the transaction at `pos` up.
pub(super) fn branch(txids: &[Hash], mut pos: usize) -> Vec<Hash> {
    let (mut level, mut branch) = (txids.to_vec(), Vec::new());
    while level.len() > 1 {
        if level.len() % 2 == 1 {
            level.push(*level.last().unwrap());
        }
        branch.push(level[pos ^ 1]);
        level = level
            .chunks(2)
            .map(|pair| Hash::of(&[&pair[0].0, &pair[1].0]))
            .collect();
        pos /= 2;
    }
    branch
}
