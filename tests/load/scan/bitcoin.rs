//! Blocks like Bitcoin's, of two megabytes, and like Litecoin's, with an MWEB extension, of recorded transactions.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use bitcoin::consensus::encode;
use payd::ambient::{Clock, SystemRandom};
use payd::chain::ChainSource;
use payd::chain::bitcoin::electrum::Electrum;
use payd::chain::bitcoin::header::{Hash, RawHeader};
use payd::chain::bitcoin::params::{ChainRules, Coin};
use payd::chain::bitcoin::{BitcoinSettings, BitcoinSource, ProviderKind, ProviderSettings, block, work};
use payd::chain::providers::CallLimits;
use payd::chain::simulated::address::from_random;
use payd::domain::address::Address;
use payd::domain::asset::Asset;
use payd::domain::network::{Bip, Family, Network};
use payd::net::lines::{Dial, Duplex};
use payd::net::{Endpoint, TransportError};
use serde::Deserialize;
use serde_json::Value;

use super::node::{Answers, Served, json_rpc};
use super::{Reading, asset, network};

const FIRST: u64 = 1000;
const LAST: u64 = 1023;
const PAID_EVERY: u64 = 8;
const BITS: u32 = 0x207f_ffff;

/// What is served, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// By JSON-RPC, in hexadecimal.
    BitcoinNode,
    /// Raw.
    BitcoinEsplora,
    /// By JSON-RPC, with MWEB.
    LitecoinNode,
}

impl Kind {
    const fn coin(self) -> Coin {
        match self {
            Self::BitcoinNode | Self::BitcoinEsplora => Coin::Bitcoin,
            Self::LitecoinNode => Coin::Litecoin,
        }
    }

    const fn family(self) -> Family {
        match self {
            Self::BitcoinNode | Self::BitcoinEsplora => Family::Bitcoin(Bip::Regtest),
            Self::LitecoinNode => Family::Litecoin(Bip::Regtest),
        }
    }

    const fn rules(self) -> ChainRules {
        ChainRules {
            coin: self.coin(),
            bip: Bip::Regtest,
        }
    }

    /// What a block's transactions take, in bytes.
    const fn bytes(self) -> usize {
        match self {
            Self::BitcoinNode | Self::BitcoinEsplora => 2_000_000,
            Self::LitecoinNode => 150_000,
        }
    }
}

struct Made {
    header: RawHeader,
    raw: Vec<u8>,
    /// As a node gives it: a JSON text.
    reply: String,
    /// The block as far as a decoder of Bitcoin's can read it, where it cannot read all.
    plain: Vec<u8>,
    /// What is hashed of each transaction.
    hashed: Vec<Vec<u8>>,
}

pub(crate) struct Chain {
    kind: Kind,
    blocks: Arc<HashMap<u64, Made>>,
}

impl Chain {
    pub(crate) fn new(kind: Kind) -> Self {
        let (txs, extension) = match kind {
            Kind::BitcoinNode | Kind::BitcoinEsplora => (recorded_bitcoin(), None),
            Kind::LitecoinNode => (recorded_bitcoin(), Some(recorded_extension())),
        };
        let mut parent = Hash::ZERO;
        let mut blocks = HashMap::new();
        for height in FIRST - 1..=LAST {
            let made = make(kind, height, parent, &txs, extension.as_ref());
            parent = made.header.hash();
            blocks.insert(height, made);
        }
        Self {
            kind,
            blocks: Arc::new(blocks),
        }
    }
}

/// The raw transactions of the recorded blocks, but those that pay the blocks' makers.
fn recorded_bitcoin() -> Vec<Vec<u8>> {
    let recorded: Value = serde_json::from_str(include_str!("../../fixtures/bitcoin/recorded.json")).unwrap();
    let blocks = recorded["blocks"].as_object().unwrap().values();
    blocks
        .map(|block| hex::decode(block["raw"].as_str().unwrap()).unwrap())
        .filter(|raw| raw.len() > 1000)
        .flat_map(|raw| {
            encode::deserialize::<bitcoin::Block>(&raw)
                .unwrap()
                .txdata
                .split_off(1)
        })
        .map(|tx| encode::serialize(&tx))
        .collect()
}

/// The recorded transaction that links a block with its extension block, and that.
fn recorded_extension() -> (Vec<u8>, Vec<u8>) {
    let recorded: Value = serde_json::from_str(include_str!("../../fixtures/litecoin/mweb.json")).unwrap();
    let blocks = recorded["blocks"].as_array().unwrap();
    let block = blocks.iter().find(|block| block["height"] == 437).unwrap();
    let raw = hex::decode(block["raw"].as_str().unwrap()).unwrap();
    // The two transactions before it are plain ones.
    let mut at = 81;
    for _ in 0..2 {
        let (_, length) = encode::deserialize_partial::<bitcoin::Transaction>(&raw[at..]).unwrap();
        at += length;
    }
    let length = (1..raw.len() - at)
        .find(|length| {
            block::read_transaction(Coin::Litecoin, &raw[at..at + length]).is_ok_and(|tx| tx.is_hogex)
        })
        .unwrap();
    (raw[at..at + length].to_vec(), raw[at + length..].to_vec())
}

fn payee(kind: Kind) -> Address {
    from_random(kind.family(), [0x77; 20]).unwrap()
}

/// A transaction in its old form: one input, one output.
fn simple(spent: &[u8; 36], script: &[u8], value: u64, paid: &[u8]) -> Vec<u8> {
    let mut raw = vec![2, 0, 0, 0, 1];
    raw.extend_from_slice(spent);
    raw.push(script.len() as u8);
    raw.extend_from_slice(script);
    raw.extend([0xff; 4]);
    raw.push(1);
    raw.extend(value.to_le_bytes());
    raw.push(paid.len() as u8);
    raw.extend_from_slice(paid);
    raw.extend([0; 4]);
    raw
}

fn make(
    kind: Kind,
    height: u64,
    parent: Hash,
    recorded: &[Vec<u8>],
    extension: Option<&(Vec<u8>, Vec<u8>)>,
) -> Made {
    let [low, high, ..] = height.to_le_bytes();
    let mut nothing = [0; 36];
    nothing[32..].fill(0xff);
    let mut txs = vec![simple(&nothing, &[2, low, high, 0, 0], 50 * 100_000_000, &[0x51])];
    if is_paid(height) {
        txs.push(simple(&[low; 36], &[], 4321, payee(kind).payload()));
    }
    let mut bytes = 0;
    for (number, tx) in (0_u32..).zip(recorded.iter().cycle()) {
        let mut tx = tx.clone();
        let lock_time = tx.len() - 4;
        tx[lock_time..].copy_from_slice(&number.to_le_bytes());
        bytes += tx.len();
        txs.push(tx);
        if bytes >= kind.bytes() {
            break;
        }
    }
    let plain_count = txs.len();
    if let Some((hogex, _)) = extension {
        txs.push(hogex.clone());
    }
    let hashed = txs
        .iter()
        .map(|tx| without_witness(kind.coin(), tx))
        .collect::<Vec<_>>();
    let root = merkle_root(hashed.iter().map(|tx| Hash::of(&[tx])).collect());
    let time_s = u32::try_from(1_800_000_000 + height * 600).unwrap();
    let header = (0..)
        .map(|nonce| RawHeader::from_fields(0x2000_0000, parent, root, time_s, BITS, nonce))
        .find(|header| work::check(kind.rules(), height, header).is_ok())
        .unwrap();
    let whole = |txs: &[Vec<u8>]| {
        let count = encode::serialize(&bitcoin::VarInt::from(txs.len()));
        [&header.bytes()[..], &count, &txs.concat()].concat()
    };
    let mut raw = whole(&txs);
    let plain = extension.map_or_else(Vec::new, |_| whole(&txs[..plain_count]));
    if let Some((_, extension)) = extension {
        raw.extend_from_slice(extension);
    }
    Made {
        header,
        reply: format!("{{\"id\":0,\"result\":\"{}\"}}", hex::encode(&raw)),
        raw,
        plain,
        hashed,
    }
}

fn is_paid(height: u64) -> bool {
    height.is_multiple_of(PAID_EVERY)
}

/// What a transaction's id is the hash of.
fn without_witness(coin: Coin, raw: &[u8]) -> Vec<u8> {
    let txid = block::read_transaction(coin, raw).unwrap().txid;
    if Hash::of(&[raw]) == txid {
        return raw.to_vec();
    }
    let stripped = match encode::deserialize::<bitcoin::Transaction>(raw) {
        Ok(tx) => {
            let stripped = bitcoin::Transaction {
                input: tx
                    .input
                    .into_iter()
                    .map(|input| bitcoin::TxIn {
                        witness: Default::default(),
                        ..input
                    })
                    .collect(),
                ..tx
            };
            encode::serialize(&stripped)
        }
        // The HogEx: its flag and an empty mark come off.
        Err(_) => [&raw[..4], &raw[6..raw.len() - 5], &raw[raw.len() - 4..]].concat(),
    };
    assert_eq!(Hash::of(&[&stripped]), txid);
    stripped
}

fn merkle_root(mut level: Vec<Hash>) -> Hash {
    while level.len() > 1 {
        let parent = |pair: &[Hash]| Hash::of(&[&pair[0].0, &pair[pair.len() - 1].0]);
        level = level.chunks(2).map(parent).collect();
    }
    level[0]
}

struct Node {
    kind: Kind,
    blocks: Arc<HashMap<u64, Made>>,
    heights: HashMap<String, u64>,
}

impl Node {
    fn named(&self, params: &str) -> (u64, &Made) {
        let (hash, ..): (&str, Value) = serde_json::from_str(params).unwrap();
        (self.heights[hash], &self.blocks[&self.heights[hash]])
    }

    fn result(&self, method: &str, params: &str, out: &mut Vec<u8>) {
        match method {
            "getbestblockhash" => out.extend(format!("\"{}\"", self.blocks[&LAST].header.hash()).bytes()),
            "getblockhash" => {
                let (height,): (u64,) = serde_json::from_str(params).unwrap();
                let genesis = self.kind.rules().genesis()[0].to_owned();
                let hash = if height == 0 {
                    genesis
                } else {
                    self.blocks[&height].header.hash().to_string()
                };
                out.extend(format!("\"{hash}\"").bytes());
            }
            "getblock" => {
                let reply = self
                    .named(params)
                    .1
                    .reply
                    .strip_prefix("{\"id\":0,\"result\":")
                    .unwrap();
                out.extend_from_slice(reply.trim_end_matches('}').as_bytes());
            }
            "getblockheader" if params.ends_with("false]") => {
                out.extend(format!("\"{}\"", hex::encode(self.named(params).1.header.bytes())).bytes());
            }
            "getblockheader" => {
                let (height, made) = self.named(params);
                out.extend(
                    told(
                        height,
                        &made.header,
                        "previousblockhash",
                        "merkleroot",
                        "time",
                        &format!("\"{BITS:08x}\""),
                    )
                    .bytes(),
                );
            }
            "getrawmempool" => out.extend_from_slice(b"[]"),
            other => panic!("{other}"),
        }
    }

    fn page(&self, path: &str) -> Vec<u8> {
        let parts: Vec<&str> = path.split('/').collect();
        match parts[..] {
            ["blocks", "tip", "hash"] => self.blocks[&LAST].header.hash().to_string().into(),
            ["block-height", "0"] => self.kind.rules().genesis()[0].into(),
            ["block-height", height] => self.blocks[&height.parse().unwrap()]
                .header
                .hash()
                .to_string()
                .into(),
            ["block", hash, "raw"] => self.blocks[&self.heights[hash]].raw.clone(),
            ["block", hash, "header"] => hex::encode(self.blocks[&self.heights[hash]].header.bytes()).into(),
            ["block", hash] => {
                let height = self.heights[hash];
                let header = &self.blocks[&height].header;
                told(
                    height,
                    header,
                    "previousblockhash",
                    "merkle_root",
                    "timestamp",
                    &BITS.to_string(),
                )
                .into()
            }
            _ => panic!("{path}"),
        }
    }
}

fn told(height: u64, header: &RawHeader, parent: &str, root: &str, time: &str, bits: &str) -> String {
    let nonce = u32::from_le_bytes(header.bytes()[76..].try_into().unwrap());
    format!(
        "{{\"height\":{height},\"version\":536870912,\"{parent}\":\"{}\",\"{root}\":\"{}\",\"{time}\":{},\"bits\":{bits},\
         \"nonce\":{nonce}}}",
        header.parent(),
        header.merkle_root(),
        header.time_s()
    )
}

impl Answers for Node {
    fn answer(&self, _: &str, path: &str, body: Option<&[u8]>) -> (u64, Vec<u8>) {
        match body {
            Some(body) => json_rpc(body, |method, params, out| self.result(method, params, out)),
            None => (1, self.page(path)),
        }
    }
}

/// No provider is asked by lines.
struct NoLines;

impl Dial for NoLines {
    fn dial<'a>(
        &'a self,
        _: &'a Endpoint,
    ) -> futures_util::future::BoxFuture<'a, Result<Box<dyn Duplex>, TransportError>> {
        unreachable!("no provider is an Electrum server")
    }
}

#[derive(Deserialize)]
struct Reply<'a> {
    result: &'a str,
}

impl Reading for Chain {
    fn network(&self) -> Arc<Network> {
        match self.kind {
            Kind::BitcoinNode | Kind::BitcoinEsplora => network("bitcoin", self.kind.family(), 600_000),
            Kind::LitecoinNode => network("litecoin", self.kind.family(), 150_000),
        }
    }

    fn assets(&self) -> Vec<Asset> {
        vec![asset(&self.network(), "native", 8, None)]
    }

    fn source(&self, transport: Arc<Served>, clock: Arc<dyn Clock>) -> Arc<dyn ChainSource> {
        let electrum = Electrum::new(
            self.kind.coin(),
            std::time::Duration::ZERO,
            Arc::new(NoLines),
            Arc::clone(&clock),
        );
        let provider = |number| ProviderSettings {
            url: format!("http://node{number}.example/"),
            headers: Vec::new(),
            kind: match self.kind {
                Kind::BitcoinNode | Kind::LitecoinNode => ProviderKind::Node,
                Kind::BitcoinEsplora => ProviderKind::Esplora,
            },
            requests: None,
        };
        let settings = BitcoinSettings {
            network: self.network(),
            native: Arc::new(self.assets().remove(0)),
            providers: (0..2).map(provider).collect(),
            quorum: 2,
            range_max: 4,
            limits: CallLimits::default(),
        };
        Arc::new(BitcoinSource::new(settings, electrum, transport, clock, Arc::new(SystemRandom)).unwrap())
    }

    fn node(&self) -> Box<dyn Answers> {
        let heights = self
            .blocks
            .iter()
            .map(|(height, made)| (made.header.hash().to_string(), *height));
        Box::new(Node {
            kind: self.kind,
            heights: heights.collect(),
            blocks: Arc::clone(&self.blocks),
        })
    }

    fn heights(&self) -> RangeInclusive<u64> {
        FIRST..=LAST
    }

    fn paid(&self) -> Vec<Address> {
        vec![payee(self.kind)]
    }

    fn transfers(&self, height: u64) -> usize {
        usize::from(is_paid(height))
    }

    fn parse(&self, height: u64, _: usize) -> usize {
        let made = &self.blocks[&height];
        let decoded = |raw: &[u8]| encode::deserialize::<bitcoin::Block>(raw).unwrap().txdata.len();
        match self.kind {
            Kind::BitcoinEsplora => decoded(&made.raw),
            Kind::BitcoinNode | Kind::LitecoinNode => {
                let reply: Reply<'_> = serde_json::from_str(&made.reply).unwrap();
                let raw = const_hex::decode(reply.result).unwrap();
                // Behind Litecoin's plain transactions nobody else's decoder can read.
                let decoder_reads = if made.plain.is_empty() { &raw } else { &made.plain };
                decoded(decoder_reads)
            }
        }
    }

    fn prove(&self, height: u64) -> usize {
        let made = &self.blocks[&height];
        let txids = made.hashed.iter().map(|tx| Hash::of(&[tx])).collect();
        let root = merkle_root(txids);
        work::check(self.kind.rules(), height, &made.header).unwrap();
        usize::from(root.0[0])
    }

    fn bytes(&self, height: u64) -> usize {
        let made = &self.blocks[&height];
        match self.kind {
            Kind::BitcoinEsplora => made.raw.len(),
            Kind::BitcoinNode | Kind::LitecoinNode => made.reply.len(),
        }
    }
}
