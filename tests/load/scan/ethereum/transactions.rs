//! The transactions of such a block, and what they did: signed, hashed and encoded as on a live chain.

use payd::domain::address::Address;
use payd::domain::network::Family;
use serde_json::Value;

use super::CHAIN_ID;
use crate::rlp::{data, hex0x, keccak, list, number, text};

/// What stands for a block's own hash and number until it has them.
pub(super) const HASH: &str = "@hash";
pub(super) const NUMBER: &str = "@number";
const TRANSFER: &str = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

pub(super) fn recorded() -> Value {
    serde_json::from_str(include_str!("../../../fixtures/evm/anvil-prague.json")).unwrap()
}

pub(super) fn token() -> Address {
    Address::parse(
        Family::Evm { chain_id: CHAIN_ID },
        recorded()["usdt"].as_str().unwrap(),
    )
    .unwrap()
}

pub(super) fn payee() -> [u8; 20] {
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
pub(super) fn transactions(paid_at: Option<u64>) -> Vec<(Value, Value)> {
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

pub(super) fn padded(account: &[u8]) -> Vec<u8> {
    [&[0; 12][..], &account[account.len() - 20..]].concat()
}

/// A transaction as it was signed: of the two types that are used here.
pub(super) fn signed(tx: &Value) -> Vec<u8> {
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

pub(super) fn receipt(receipt: &Value) -> Vec<u8> {
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
