//! Blocks that hash to their names, in the texts that a node serves.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::transactions::{HASH, NUMBER, padded, payee, receipt, recorded, signed, token, transactions};
use super::{FIRST, LAST, LAST_EMPTY, is_paid};
use crate::rlp::{data, hex0x, keccak, list, number, ordered_root, text};

const BLOOM: [u8; 256] = [0xff; 256];

/// A block as it is served, in parts.
#[derive(Default)]
pub(super) struct Block {
    /// Without its transactions.
    pub(super) header: String,
    pub(super) full: String,
    pub(super) receipts: String,
    /// The transfers of the configured tokens.
    pub(super) logs: String,
    /// Those of them that are paid to a watched address.
    pub(super) paid: String,
    /// The receipts of transactions that pay the coin, by hash.
    pub(super) receipt_of: HashMap<String, String>,
}

pub(super) struct Made {
    pub(super) last: u64,
    pub(super) blocks: HashMap<u64, Block>,
    pub(super) heights: HashMap<String, u64>,
    /// What the proof of one block hashes, without money and with it: header, transactions, their tree, the receipts'.
    pub(super) hashed: [Vec<Vec<u8>>; 2],
    /// How many of them come before the receipts.
    pub(super) txs_hashed: usize,
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

pub(super) fn make(is_empty: bool) -> Made {
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
        let topic = hex0x(&padded(&payee()));
        let logs: Vec<&Value> = made
            .iter()
            .flat_map(|(_, receipt)| receipt["logs"].as_array().unwrap())
            .filter(|log| log["address"] == *token)
            .collect();
        let paid: Vec<&Value> = logs
            .iter()
            .copied()
            .filter(|log| log["topics"][2] == *topic)
            .collect();
        let paying = made.iter().filter(|(tx, _)| tx["to"] == hex0x(&payee()));
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
