//! Blocks like TRON's: 300 transactions recorded from a node, most of them calls of contracts.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use payd::ambient::{Clock, SystemRandom};
use payd::chain::ChainSource;
use payd::chain::providers::CallLimits;
use payd::chain::tron::{Finality, TronChain, TronSettings, TronSource};
use payd::domain::address::Address;
use payd::domain::asset::Asset;
use payd::domain::network::{Family, Network};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::node::{Answers, Served};
use super::{Reading, coin_and_token, network, providers};

const FIRST: u64 = 1000;
const LAST: u64 = 1039;
const PAID_EVERY: u64 = 10;
const TXS: usize = 300;

struct Made {
    id: String,
    block: String,
    infos: String,
    /// What the proof hashes: header, transactions, leaves and nodes of their tree.
    hashed: Vec<Vec<u8>>,
}

pub(crate) struct Tron {
    blocks: Arc<HashMap<u64, Made>>,
}

fn lines(text: &str) -> impl Iterator<Item = Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap())
}

fn sha(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn payee() -> [u8; 20] {
    [0x77; 20]
}

/// The token's contract in the recording.
const TOKEN: &str = "52dae155d6e29512807624c1fe0b4c401e98e60d";

fn token() -> Address {
    Address::from_tron_account(hex::decode(TOKEN).unwrap().try_into().unwrap())
}

fn varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn put_number(out: &mut Vec<u8>, field: u64, number: u64) {
    if number != 0 {
        varint(out, field << 3);
        varint(out, number);
    }
}

fn put_bytes(out: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    varint(out, field << 3 | 2);
    varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Transactions that succeeded with what they did, both kinds as often as on the main chain.
fn recorded() -> Vec<(Value, Value)> {
    let blocks = lines(include_str!("../../fixtures/tron/blocks.jsonl"));
    let infos = lines(include_str!("../../fixtures/tron/infos.jsonl"));
    let mut transfers = Vec::new();
    let mut calls = Vec::new();
    for (block, infos) in blocks.zip(infos) {
        for tx in block["transactions"].as_array().into_iter().flatten() {
            let info = infos
                .as_array()
                .unwrap()
                .iter()
                .find(|info| info["id"] == tx["txID"])
                .unwrap();
            let kind = tx["raw_data"]["contract"][0]["type"].as_str().unwrap();
            let did = tx["ret"][0]["contractRet"] == "SUCCESS";
            match kind {
                "TransferContract" if did => transfers.push((tx.clone(), info.clone())),
                "TriggerSmartContract"
                    if did && info["log"].is_array() && info["internal_transactions"].is_null() =>
                {
                    calls.push((tx.clone(), info.clone()));
                }
                _ => {}
            }
        }
    }
    let each = calls.iter().cycle().zip(transfers.iter().cycle()).enumerate();
    each.take(TXS)
        .map(|(place, (call, transfer))| if place % 3 == 2 { transfer } else { call }.clone())
        .collect()
}

impl Tron {
    pub(crate) fn new() -> Self {
        let recorded = recorded();
        let mut parent = hex::encode([0; 32]);
        let mut blocks = HashMap::new();
        for height in FIRST - 1..=LAST {
            let made = make(height, &parent, &recorded);
            parent.clone_from(&made.id);
            blocks.insert(height, made);
        }
        Self {
            blocks: Arc::new(blocks),
        }
    }
}

fn is_paid(height: u64) -> bool {
    height.is_multiple_of(PAID_EVERY)
}

fn make(height: u64, parent: &str, recorded: &[(Value, Value)]) -> Made {
    let time_ms = 1_800_000_000_000 + height * 3000;
    let (mut txs, mut infos, mut hashed, mut level) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (index, (tx, info)) in recorded.iter().enumerate() {
        let (mut tx, mut info) = (tx.clone(), info.clone());
        let mut raw = hex::decode(tx["raw_data_hex"].as_str().unwrap()).unwrap();
        // One more number of a field that is read by nobody makes it another transaction.
        put_number(&mut raw, 30, height * 1000 + index as u64);
        let id = hex::encode(sha(&raw));
        (tx["txID"], tx["raw_data_hex"]) = (id.clone().into(), hex::encode(&raw).into());
        info["id"] = id.into();
        (info["blockNumber"], info["blockTimeStamp"]) = (height.into(), time_ms.into());
        if let Some(log) = info.get_mut("log").and_then(|logs| logs.get_mut(0)) {
            let to = if index == 0 && is_paid(height) {
                payee()
            } else {
                sha(&raw)[..20].try_into().unwrap()
            };
            log["address"] = TOKEN.into();
            log["topics"][2] = format!("{}{}", "0".repeat(24), hex::encode(to)).into();
        }
        let mut leaf = Vec::new();
        put_bytes(&mut leaf, 1, &raw);
        put_bytes(
            &mut leaf,
            2,
            &hex::decode(tx["signature"][0].as_str().unwrap()).unwrap(),
        );
        let mut ret = Vec::new();
        put_number(&mut ret, 1, tx["ret"][0]["fee"].as_u64().unwrap_or(0));
        put_number(&mut ret, 3, 1);
        put_bytes(&mut leaf, 5, &ret);
        level.push(sha(&leaf));
        hashed.extend([raw, leaf]);
        txs.push(tx);
        infos.push(info);
    }
    while level.len() > 1 {
        let parent = |pair: &[[u8; 32]]| match pair {
            [only] => *only,
            _ => {
                hashed.push(pair.concat());
                sha(&pair.concat())
            }
        };
        level = level.chunks(2).map(parent).collect();
    }
    let maker = hex::decode("41cdcbad9b72c5d175880694b4b0057523fa48bb6a").unwrap();
    let mut header = Vec::new();
    put_number(&mut header, 1, time_ms);
    put_bytes(&mut header, 2, &level[0]);
    put_bytes(&mut header, 3, &hex::decode(parent).unwrap());
    put_number(&mut header, 7, height);
    put_bytes(&mut header, 9, &maker);
    put_number(&mut header, 10, 32);
    let mut id = sha(&header);
    id[..8].copy_from_slice(&height.to_be_bytes());
    hashed.push(header);
    let block = json!({
        "blockID": hex::encode(id),
        "block_header": {
            "raw_data": {
                "number": height, "txTrieRoot": hex::encode(level[0]), "witness_address": hex::encode(maker),
                "parentHash": parent, "version": 32, "timestamp": time_ms,
            },
            "witness_signature": "74adfe67bbea303a50a68dad082460ecf793c8ed567c91a448a1d6c9cdf0fc5d33266be5f5e6bab367b737a2b422bfe443d603822ac8250a9b85d05491ae649d01",
        },
        "transactions": txs,
    });
    Made {
        id: hex::encode(id),
        block: block.to_string(),
        infos: Value::from(infos).to_string(),
        hashed,
    }
}

struct Node(Arc<HashMap<u64, Made>>);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asking {
    num: Option<u64>,
    start_num: Option<u64>,
    end_num: Option<u64>,
}

impl Answers for Node {
    fn answer(&self, _: &str, path: &str, body: Option<&[u8]>) -> (u64, Vec<u8>) {
        let asking: Asking = serde_json::from_slice(body.unwrap()).unwrap();
        let found = |height: u64| &self.0[&height];
        let reply: Vec<u8> = match (path, asking.num) {
            ("wallet/getblockbynum", Some(0)) => {
                format!("{{\"blockID\":\"{}\"}}", hex::encode([7; 32])).into()
            }
            ("wallet/getblockbynum", Some(height)) => found(height).block.clone().into(),
            ("wallet/gettransactioninfobyblocknum", Some(height)) => found(height).infos.clone().into(),
            ("wallet/getnowblock", _) => found(LAST).block.clone().into(),
            ("walletsolidity/getnowblock", _) => found(LAST - 10).block.clone().into(),
            ("wallet/getblockbylimitnext", _) => {
                let range = asking.start_num.unwrap()..asking.end_num.unwrap();
                let blocks: Vec<&str> = range.map(|height| found(height).block.as_str()).collect();
                format!("{{\"block\":[{}]}}", blocks.join(",")).into()
            }
            ("wallet/triggerconstantcontract", _) => format!(
                "{{\"result\":{{\"result\":true}},\"constant_result\":[\"{:064x}\"]}}",
                6
            )
            .into(),
            ("wallet/getaccount", _) => b"{}".to_vec(),
            _ => panic!("{path}"),
        };
        (1, reply)
    }
}

/// What has to be read to find transfers, and nothing else.
#[derive(Deserialize)]
#[expect(dead_code, reason = "what is measured is that they are read")]
struct PlainBlock<'a> {
    #[serde(rename = "blockID")]
    id: &'a str,
    #[serde(borrow)]
    transactions: Vec<PlainTx<'a>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "what is measured is that they are read")]
struct PlainTx<'a> {
    #[serde(rename = "txID")]
    id: &'a str,
    raw_data_hex: &'a str,
    #[serde(borrow)]
    ret: Vec<PlainRet<'a>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "what is measured is that they are read")]
struct PlainRet<'a> {
    #[serde(rename = "contractRet")]
    result: &'a str,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "what is measured is that they are read")]
struct PlainInfo<'a> {
    id: &'a str,
    #[serde(borrow, default)]
    log: Vec<PlainLog<'a>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "what is measured is that they are read")]
struct PlainLog<'a> {
    address: &'a str,
    #[serde(borrow)]
    topics: Vec<&'a str>,
    data: &'a str,
}

impl Reading for Tron {
    fn network(&self) -> Arc<Network> {
        network("tron", Family::Tron, 3000)
    }

    fn assets(&self) -> Vec<Asset> {
        coin_and_token(&self.network(), 6, token())
    }

    fn source(&self, transport: Arc<Served>, clock: Arc<dyn Clock>) -> Arc<dyn ChainSource> {
        let [native, token] = <[Asset; 2]>::try_from(self.assets()).unwrap().map(Arc::new);
        let settings = TronSettings {
            network: self.network(),
            chain: TronChain::Private { genesis: None },
            finality: Finality::Solid,
            native: Some(native),
            tokens: vec![token],
            providers: providers(2),
            quorum: 2,
            range_max: 20,
            limits: CallLimits::default(),
        };
        Arc::new(TronSource::new(settings, transport, clock, Arc::new(SystemRandom)).unwrap())
    }

    fn node(&self) -> Box<dyn Answers> {
        Box::new(Node(Arc::clone(&self.blocks)))
    }

    fn heights(&self) -> RangeInclusive<u64> {
        FIRST..=LAST
    }

    fn paid(&self) -> Vec<Address> {
        vec![Address::from_tron_account(payee())]
    }

    fn transfers(&self, height: u64) -> usize {
        usize::from(is_paid(height))
    }

    fn parse(&self, height: u64, _: usize) -> usize {
        let made = &self.blocks[&height];
        let block: PlainBlock<'_> = serde_json::from_str(&made.block).unwrap();
        // Two providers say what the transactions did.
        let each = (0..2).map(|_| {
            serde_json::from_str::<Vec<PlainInfo<'_>>>(&made.infos)
                .unwrap()
                .len()
        });
        block.transactions.len() + each.sum::<usize>()
    }

    fn prove(&self, height: u64) -> usize {
        let hashed = self.blocks[&height].hashed.iter();
        hashed.map(|bytes| usize::from(sha(bytes)[0])).sum()
    }

    fn bytes(&self, height: u64) -> usize {
        let made = &self.blocks[&height];
        made.block.len() + 2 * made.infos.len()
    }
}
