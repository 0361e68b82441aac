//! Blocks like Ethereum's: 300 transactions and 500 logs each, of transactions recorded from a node of today's rules.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use payd::ambient::{Clock, SystemRandom};
use payd::chain::ChainSource;
use payd::chain::evm::{EvmSettings, EvmSource, Finality, ReadMode, Verify};
use payd::chain::providers::{CallLimits, ProviderSettings};
use payd::domain::address::Address;
use payd::domain::asset::Asset;
use payd::domain::network::{Family, Network};
use serde::Deserialize;
use serde_json::{Value, json};

use super::node::{Answers, Served, json_rpc};
use super::rlp::{data, hex0x, keccak, list, number, ordered_root, text};
use super::{Reading, asset, network};

const FIRST: u64 = 1000;
const LAST: u64 = 1063;
/// The last of the blocks that hold nothing.
const LAST_EMPTY: u64 = 3999;
/// Every so many blocks one holds money.
const PAID_EVERY: u64 = 16;
const CHAIN_ID: u64 = 56;
/// What stands for a block's own hash and number until it has them.
const HASH: &str = "@hash";
const NUMBER: &str = "@number";
const TRANSFER: &str = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
const BLOOM: [u8; 256] = [0xff; 256];

/// A block as it is served, in parts.
#[derive(Default)]
struct Block {
    /// Without its transactions.
    header: String,
    full: String,
    receipts: String,
    /// The transfers of the configured tokens.
    logs: String,
    /// Those of them that are paid to a watched address.
    paid: String,
    /// The receipts of transactions that pay the coin, by hash.
    receipt_of: HashMap<String, String>,
}

struct Made {
    last: u64,
    blocks: HashMap<u64, Block>,
    heights: HashMap<String, u64>,
    /// What the proof of one block hashes, without money and with it: header, transactions, their tree, the receipts'.
    hashed: [Vec<Vec<u8>>; 2],
    /// How many of them come before the receipts.
    txs_hashed: usize,
}

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

fn recorded() -> Value {
    serde_json::from_str(include_str!("../../fixtures/evm/anvil-prague.json")).unwrap()
}

fn is_paid(height: u64) -> bool {
    height.is_multiple_of(PAID_EVERY)
}

fn token() -> Address {
    Address::parse(
        Family::Evm { chain_id: CHAIN_ID },
        recorded()["usdt"].as_str().unwrap(),
    )
    .unwrap()
}

fn payee() -> [u8; 20] {
    [0x77; 20]
}

/// Some bytes that are the same every time.
fn some(number: usize, seed: u8) -> [u8; 32] {
    keccak(&[&number.to_be_bytes()[..], &[seed]].concat())
}

/// What the transactions of a block do: the recorded one to begin with, how often, and with how many logs each.
struct Mix {
    block: usize,
    place: usize,
    count: usize,
    logs: usize,
    is_token: bool,
}

/// As on the main chain: plain transfers, tokens, exchanges with several logs, large inputs.
const MIX: [Mix; 4] = [
    Mix {
        block: 3,
        place: 1,
        count: 140,
        logs: 1,
        is_token: true,
    },
    Mix {
        block: 5,
        place: 12,
        count: 90,
        logs: 4,
        is_token: false,
    },
    Mix {
        block: 2,
        place: 0,
        count: 60,
        logs: 0,
        is_token: false,
    },
    Mix {
        block: 1,
        place: 0,
        count: 10,
        logs: 0,
        is_token: false,
    },
];

/// The transactions and receipts of a block, with marks in place of its name.
fn transactions(paid_at: Option<u64>) -> Vec<(Value, Value)> {
    let recorded = recorded();
    let mut made = Vec::new();
    let mut log_count = 0;
    for mix in MIX {
        for _ in 0..mix.count {
            let block = &recorded["blocks"][mix.block];
            let mut tx = block["transactions"][mix.place].clone();
            let hash = block["hash"].as_str().unwrap();
            let mut receipt = recorded["receipts"][hash][mix.place].clone();
            let index = made.len();
            if !tx["to"].is_null() {
                tx["to"] = hex0x(&some(index, 1)[..20]).into();
            }
            tx["nonce"] = format!("{:#x}", 1000 + index).into();
            let log =
                recorded["receipts"][recorded["blocks"][3]["hash"].as_str().unwrap()][1]["logs"][0].clone();
            let mut logs = Vec::new();
            for _ in 0..mix.logs {
                let mut log = log.clone();
                let contract = some(log_count % 40, 2);
                log["address"] = if mix.is_token {
                    token().text().to_lowercase()
                } else {
                    hex0x(&contract[..20])
                }
                .into();
                log["topics"][0] = TRANSFER.into();
                log["data"] = format!("0x{:064x}", 1_000_000).into();
                log["topics"][1] = hex0x(&padded(&some(log_count, 3))).into();
                log["topics"][2] = hex0x(&padded(&some(log_count, 4))).into();
                log["logIndex"] = format!("{log_count:#x}").into();
                logs.push(log);
                log_count += 1;
            }
            receipt["logs"] = logs.into();
            receipt["cumulativeGasUsed"] = format!("{:#x}", 50_000 * (index + 1)).into();
            made.push((tx, receipt));
        }
    }
    if let Some(height) = paid_at {
        made[240].0["nonce"] = format!("{height:#x}").into();
        made[0].1["logs"][0]["topics"][2] = hex0x(&padded(&[&[0; 12][..], &payee()].concat())).into();
        made[240].0["to"] = hex0x(&payee()).into();
    }
    for (index, (tx, receipt)) in made.iter_mut().enumerate() {
        let hash = hex0x(&keccak(&signed(tx)));
        tx["hash"] = hash.clone().into();
        tx["transactionIndex"] = format!("{index:#x}").into();
        (tx["blockHash"], tx["blockNumber"]) = (HASH.into(), NUMBER.into());
        for log in receipt["logs"].as_array_mut().unwrap() {
            log["transactionHash"] = hash.clone().into();
            log["transactionIndex"] = format!("{index:#x}").into();
            (log["blockHash"], log["blockNumber"]) = (HASH.into(), NUMBER.into());
        }
        receipt["transactionHash"] = hash.into();
        receipt["transactionIndex"] = format!("{index:#x}").into();
        (receipt["blockHash"], receipt["blockNumber"]) = (HASH.into(), NUMBER.into());
    }
    assert_eq!((made.len(), log_count), (300, 500));
    made
}

fn padded(account: &[u8]) -> Vec<u8> {
    [&[0; 12][..], &account[account.len() - 20..]].concat()
}

/// A transaction as it was signed: of the two types that are used here.
fn signed(tx: &Value) -> Vec<u8> {
    let to = if tx["to"].is_null() {
        Vec::new()
    } else {
        data(&tx["to"])
    };
    let of = |name: &str| text(&number(&tx[name]));
    if tx["type"] == "0x0" {
        let fields = [of("nonce"), of("gasPrice"), of("gas"), text(&to), of("value")];
        let rest = [text(&data(&tx["input"])), of("v"), of("r"), of("s")];
        return list(&[&fields[..], &rest].concat());
    }
    assert_eq!(tx["type"], "0x2");
    let fields = [
        of("chainId"),
        of("nonce"),
        of("maxPriorityFeePerGas"),
        of("maxFeePerGas"),
        of("gas"),
    ];
    let rest = [
        text(&to),
        of("value"),
        text(&data(&tx["input"])),
        list(&[]),
        of("v"),
        of("r"),
        of("s"),
    ];
    [&[2][..], &list(&[&fields[..], &rest].concat())].concat()
}

fn receipt(receipt: &Value) -> Vec<u8> {
    let logs: Vec<Vec<u8>> = receipt["logs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|log| {
            let topics = log["topics"].as_array().unwrap().iter();
            let topics: Vec<_> = topics.map(|topic| text(&data(topic))).collect();
            list(&[
                text(&data(&log["address"])),
                list(&topics),
                text(&data(&log["data"])),
            ])
        })
        .collect();
    let fields = [
        text(&number(&receipt["status"])),
        text(&number(&receipt["cumulativeGasUsed"])),
        text(&data(&receipt["logsBloom"])),
        list(&logs),
    ];
    let kind = number(&receipt["type"]);
    [kind, list(&fields)].concat()
}

/// A header's bytes.
fn header(block: &Value) -> Vec<u8> {
    let whole = |name: &str| text(&data(&block[name]));
    let short = |name: &str| text(&number(&block[name]));
    list(&[
        whole("parentHash"),
        whole("sha3Uncles"),
        whole("miner"),
        whole("stateRoot"),
        whole("transactionsRoot"),
        whole("receiptsRoot"),
        whole("logsBloom"),
        short("difficulty"),
        short("number"),
        short("gasLimit"),
        short("gasUsed"),
        short("timestamp"),
        whole("extraData"),
        whole("mixHash"),
        whole("nonce"),
        short("baseFeePerGas"),
        whole("withdrawalsRoot"),
        short("blobGasUsed"),
        short("excessBlobGas"),
        whole("parentBeaconBlockRoot"),
        whole("requestsHash"),
    ])
}

fn make(is_empty: bool) -> Made {
    let recorded = recorded();
    let (last, plain, of_money) = if is_empty {
        (LAST_EMPTY, Content::of(&[]), Content::of(&[]))
    } else {
        let of_money = Content::of(&transactions(Some(0)));
        (LAST, Content::of(&transactions(None)), of_money)
    };
    let mut made = Made {
        last,
        blocks: HashMap::new(),
        heights: HashMap::new(),
        txs_hashed: plain.txs_hashed,
        hashed: [plain.hashed.clone(), of_money.hashed],
    };
    let mut parent = hex0x(&[0; 32]);
    for height in FIRST - 1..=last {
        let paid = (!is_empty && is_paid(height)).then(|| Content::of(&transactions(Some(height))));
        let content = paid.as_ref().unwrap_or(&plain);
        let mut block = recorded["blocks"][5].clone();
        block["number"] = format!("{height:#x}").into();
        block["parentHash"] = parent.into();
        block["timestamp"] = format!("{:#x}", 1_800_000_000 + height * 12).into();
        block["transactionsRoot"] = hex0x(&content.txs_root).into();
        block["receiptsRoot"] = hex0x(&content.receipts_root).into();
        block["logsBloom"] = hex0x(&BLOOM).into();
        let hash = hex0x(&keccak(&header(&block)));
        block["hash"] = hash.clone().into();
        block.as_object_mut().unwrap().remove("transactions");
        made.blocks
            .insert(height, content.parts.named(block, &hash, height));
        made.heights.insert(hash.clone(), height);
        parent = hash;
    }
    made
}

/// What a block holds.
struct Content {
    txs_root: [u8; 32],
    receipts_root: [u8; 32],
    hashed: Vec<Vec<u8>>,
    txs_hashed: usize,
    parts: Parts,
}

impl Content {
    fn of(made: &[(Value, Value)]) -> Self {
        let txs: Vec<_> = made.iter().map(|(tx, _)| signed(tx)).collect();
        let receipts: Vec<_> = made.iter().map(|(_, of)| receipt(of)).collect();
        let ((txs_root, hashed), (receipts_root, more)) = (ordered_root(&txs), ordered_root(&receipts));
        let header = vec![header(&recorded()["blocks"][5])];
        Self {
            txs_root,
            receipts_root,
            txs_hashed: 1 + txs.len() + hashed.len(),
            hashed: [header, txs, hashed, more].concat(),
            parts: Parts::of(made),
        }
    }
}

/// The texts of a block's transactions and logs, with marks.
struct Parts {
    txs: String,
    receipts: String,
    logs: String,
    paid: String,
    receipt_of: HashMap<String, String>,
}

impl Parts {
    fn of(made: &[(Value, Value)]) -> Self {
        let token = token().text().to_lowercase();
        let payee = hex0x(&padded(&payee()));
        let logs: Vec<&Value> = made
            .iter()
            .flat_map(|(_, receipt)| receipt["logs"].as_array().unwrap())
            .filter(|log| log["address"] == *token)
            .collect();
        let paid: Vec<&Value> = logs
            .iter()
            .copied()
            .filter(|log| log["topics"][2] == *payee)
            .collect();
        let paying = made.iter().filter(|(tx, _)| tx["to"] == hex0x(&self::payee()));
        Self {
            txs: json!(made.iter().map(|(tx, _)| tx).collect::<Vec<_>>()).to_string(),
            receipts: json!(made.iter().map(|(_, of)| of).collect::<Vec<_>>()).to_string(),
            logs: logs.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
            paid: paid.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
            receipt_of: paying
                .map(|(tx, receipt)| (tx["hash"].as_str().unwrap().to_owned(), receipt.to_string()))
                .collect(),
        }
    }

    fn named(&self, header: Value, hash: &str, height: u64) -> Block {
        let named = |text: &str| text.replace(HASH, hash).replace(NUMBER, &format!("{height:#x}"));
        let mut header = header.to_string();
        let full = format!(
            "{},\"transactions\":{}}}",
            header.trim_end_matches('}'),
            named(&self.txs)
        );
        header.truncate(header.len() - 1);
        header.push_str(",\"transactions\":[]}");
        Block {
            header,
            full,
            receipts: named(&self.receipts),
            logs: named(&self.logs),
            paid: named(&self.paid),
            receipt_of: self
                .receipt_of
                .iter()
                .map(|(tx, text)| (tx.clone(), named(text)))
                .collect(),
        }
    }
}

struct Node(Arc<Made>);

impl Answers for Node {
    fn answer(&self, _: &str, _: &str, body: Option<&[u8]>) -> (u64, Vec<u8>) {
        json_rpc(body.unwrap(), |method, params, out| {
            self.result(method, params, out)
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Filter {
    block_hash: Option<String>,
    from_block: Option<String>,
    to_block: Option<String>,
}

impl Node {
    fn result(&self, method: &str, params: &str, out: &mut Vec<u8>) {
        let made = &self.0;
        let by_hash = || {
            let (hash,): (&str,) = serde_json::from_str(params).unwrap();
            &made.blocks[&made.heights[hash]]
        };
        match method {
            "eth_chainId" => out.extend(format!("\"{CHAIN_ID:#x}\"").bytes()),
            "eth_call" => out.extend(format!("\"0x{:064x}\"", 18).bytes()),
            "eth_getBlockByNumber" => {
                let (height, is_full): (&str, bool) = serde_json::from_str(params).unwrap();
                let height = height
                    .strip_prefix("0x")
                    .map_or(made.last, |digits| u64::from_str_radix(digits, 16).unwrap());
                let block = &made.blocks[&height];
                out.extend_from_slice(if is_full { &block.full } else { &block.header }.as_bytes());
            }
            "eth_getBlockReceipts" => out.extend_from_slice(by_hash().receipts.as_bytes()),
            "eth_getTransactionReceipt" => {
                let (hash,): (&str,) = serde_json::from_str(params).unwrap();
                let found = made.blocks.values().find_map(|block| block.receipt_of.get(hash));
                out.extend_from_slice(found.unwrap().as_bytes());
            }
            "eth_getLogs" => self.logs(params, out),
            "eth_getBalance" => out.extend_from_slice(b"\"0x0\""),
            other => panic!("{other} {params}"),
        }
    }

    fn logs(&self, params: &str, out: &mut Vec<u8>) {
        let (filter,): (Filter,) = serde_json::from_str(params).unwrap();
        let height = |text: &Option<String>| {
            u64::from_str_radix(text.as_ref().unwrap().strip_prefix("0x").unwrap(), 16).unwrap()
        };
        let heights = match &filter.block_hash {
            Some(hash) => self.0.heights[hash]..=self.0.heights[hash],
            None => height(&filter.from_block)..=height(&filter.to_block),
        };
        let of_some = params.contains(",null,[");
        out.push(b'[');
        let before = out.len();
        for height in heights {
            let block = &self.0.blocks[&height];
            let logs = if of_some { &block.paid } else { &block.logs };
            if !logs.is_empty() {
                if out.len() > before {
                    out.push(b',');
                }
                out.extend_from_slice(logs.as_bytes());
            }
        }
        out.push(b']');
    }
}

/// What has to be read to find transfers, and nothing else.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "what is measured is that they are read")]
struct PlainBlock<'a> {
    hash: &'a str,
    parent_hash: &'a str,
    number: &'a str,
    timestamp: &'a str,
    #[serde(borrow)]
    transactions: Vec<PlainTx<'a>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "what is measured is that they are read")]
struct PlainTx<'a> {
    hash: &'a str,
    to: Option<&'a str>,
    value: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "what is measured is that they are read")]
struct PlainReceipt<'a> {
    transaction_hash: &'a str,
    status: &'a str,
    #[serde(borrow)]
    logs: Vec<PlainLog<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "what is measured is that they are read")]
struct PlainLog<'a> {
    address: &'a str,
    #[serde(borrow)]
    topics: Vec<&'a str>,
    data: &'a str,
    log_index: &'a str,
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
        let network = self.network();
        vec![
            asset(&network, "native", 18, None),
            asset(&network, "usdt", 18, Some(token())),
        ]
    }

    fn source(&self, transport: Arc<Served>, clock: Arc<dyn Clock>) -> Arc<dyn ChainSource> {
        let [native, token] = <[Asset; 2]>::try_from(self.assets()).unwrap().map(Arc::new);
        let provider = |number| ProviderSettings {
            url: format!("http://node{number}.example/"),
            ..ProviderSettings::default()
        };
        let settings = EvmSettings {
            network: self.network(),
            chain_id: CHAIN_ID,
            mode: self.mode,
            verify: Verify::Full,
            finality: Finality::Confirmations,
            tokens: vec![token],
            native: Some(native),
            providers: (0..self.providers).map(provider).collect(),
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
