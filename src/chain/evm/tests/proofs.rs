use serde_json::{Value, json};

use super::super::wire::{FullBlock, WireHeader, WireReceipts, WireTx, text};
use super::super::{Verify, header, mode_r, receipts, transactions};
use super::node::RECORDED;

fn block(value: &Value) -> FullBlock {
    serde_json::from_value(value.clone()).unwrap()
}

fn recorded_blocks() -> impl Iterator<Item = (&'static Value, &'static Value)> {
    let blocks = RECORDED["blocks"].as_array().unwrap().iter();
    blocks.map(|block| (block, &RECORDED["receipts"][block["hash"].as_str().unwrap()]))
}

/// The type that a transaction was signed as (EIP-2718).
fn kind(tx: &WireTx) -> u8 {
    match tx.signed.as_ref().unwrap()[0] {
        0xc0.. => 0,
        kind => kind,
    }
}

/// The first block of Ethereum's main network.
fn genesis() -> Value {
    const EMPTY_ROOT: &str = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";
    json!({
        "hash": "0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3",
        "parentHash": format!("0x{:064}", 0),
        "sha3Uncles": "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347",
        "miner": format!("0x{:040}", 0),
        "stateRoot": "0xd7f8974fb5ac78d9ac099b9ad5018bedc2ce0a72dad1827a1709da30580f0544",
        "transactionsRoot": EMPTY_ROOT,
        "receiptsRoot": EMPTY_ROOT,
        "logsBloom": format!("0x{:0512}", 0),
        "difficulty": "0x400000000",
        "number": "0x0",
        "gasLimit": "0x1388",
        "gasUsed": "0x0",
        "timestamp": "0x0",
        "extraData": "0x11bbe8db4e347b4e8c937c1c8370e4b5ed33adb3db69cbdb7a38e1e50b1b82fa",
        "mixHash": format!("0x{:064}", 0),
        "nonce": "0x0000000000000042",
        "transactions": [],
    })
}

#[test]
fn the_header_hash_of_ethereums_first_block_recomputes() {
    assert!(header::is_genuine(&block(&genesis())));
}

#[test]
fn the_header_hash_and_both_roots_of_every_recorded_block_recompute() {
    let mut types = Vec::new();
    for (value, receipts) in recorded_blocks() {
        let block = block(value);
        let receipts: WireReceipts = serde_json::from_value(receipts.clone()).unwrap();
        assert!(header::is_genuine(&block), "block {}", block.number);
        mode_r::check(&block, &receipts.0, Verify::Full).unwrap();
        types.extend(block.transactions.iter().map(kind));
    }
    types.sort_unstable();
    types.dedup();
    assert_eq!(
        types,
        [0, 1, 2, 4],
        "the recording holds transactions of these types"
    );
}

#[test]
fn every_field_of_a_header_is_part_of_its_hash() {
    let (value, _) = recorded_blocks().nth(2).unwrap();
    let fields = [
        "parentHash",
        "sha3Uncles",
        "miner",
        "stateRoot",
        "transactionsRoot",
        "receiptsRoot",
        "logsBloom",
        "difficulty",
        "number",
        "gasLimit",
        "gasUsed",
        "timestamp",
        "extraData",
        "mixHash",
        "nonce",
        "baseFeePerGas",
        "withdrawalsRoot",
        "blobGasUsed",
        "excessBlobGas",
        "parentBeaconBlockRoot",
        "requestsHash",
    ];
    for field in fields {
        let mut altered = value.clone();
        let hex = altered[field].as_str().unwrap();
        let last = if hex.ends_with('1') { "2" } else { "1" };
        let changed = match hex {
            "0x" => "0x00".to_owned(),
            hex => format!("{}{last}", &hex[..hex.len() - 1]),
        };
        altered[field] = changed.into();
        let altered: WireHeader = serde_json::from_value(altered).unwrap();
        assert!(!header::is_genuine(&altered), "{field} changed");
        let mut without = value.clone();
        without.as_object_mut().unwrap().remove(field);
        if let Ok(without) = serde_json::from_value::<WireHeader>(without) {
            assert!(!header::is_genuine(&without), "{field} left out");
        }
    }
}

/// Alterations of a block's transactions that a lying node could try.
#[test]
fn every_field_of_a_transaction_is_part_of_the_root() {
    let receipts_of = |receipts: &Value| {
        serde_json::from_value::<WireReceipts>(receipts.clone())
            .unwrap()
            .0
    };
    let mut tried = 0;
    for (value, receipts) in recorded_blocks() {
        for index in 0..value["transactions"].as_array().unwrap().len() {
            let fields = ["to", "value", "nonce", "gas", "input", "r", "s", "type", "hash"];
            for field in fields {
                let mut altered = value.clone();
                let place = &mut altered["transactions"][index][field];
                *place = match (field, place.as_str()) {
                    ("to", _) => json!("0x1111111111111111111111111111111111111112"),
                    ("input", Some(hex)) => json!(format!("{hex}00")),
                    ("type", Some("0x2")) => json!("0x1"),
                    ("type", _) => json!("0x2"),
                    ("hash", _) => json!(format!("0x{:064}", 7)),
                    (_, Some("0x1")) => json!("0x2"),
                    (_, _) => json!("0x1"),
                };
                let checked = mode_r::check(&block(&altered), &receipts_of(receipts), Verify::Full);
                assert!(checked.is_err(), "{field} of transaction {index}");
                tried += 1;
            }
        }
    }
    assert!(tried > 100);
}

#[test]
fn a_transaction_of_a_type_to_come_is_not_taken_on_trust() {
    let (value, receipts) = recorded_blocks().nth(2).unwrap();
    let mut altered = value.clone();
    altered["transactions"][0]["type"] = json!("0x5");
    let receipts: WireReceipts = serde_json::from_value(receipts.clone()).unwrap();
    let refused = mode_r::check(&block(&altered), &receipts.0, Verify::Full).unwrap_err();
    assert!(refused.reason.contains("type 5"), "{refused}");
}

#[test]
fn foreign_data_of_a_wrong_form_is_refused() {
    let (value, _) = recorded_blocks().nth(2).unwrap();
    for (field, wrong) in [
        ("hash", json!(null)),
        ("hash", json!("0x12")),
        ("hash", json!(format!("0x{:066}", 0))),
        ("number", json!("0x10000000000000000")),
        ("number", json!(2)),
        ("timestamp", json!("later")),
        ("logsBloom", json!("0x00")),
        ("transactions", json!("0x")),
    ] {
        let mut altered = value.clone();
        altered[field] = wrong;
        assert!(serde_json::from_value::<FullBlock>(altered).is_err(), "{field}");
    }
}

/// The node that was recorded hashes blob transactions with their blobs, which no chain does; this root is from
/// another implementation.
#[test]
fn the_roots_over_a_blob_transaction_and_its_receipt_recompute() {
    let recorded: Value = serde_json::from_str(include_str!(
        "../../../../tests/fixtures/evm/blob-transaction.json"
    ))
    .unwrap();
    let tx: WireTx = serde_json::from_value(recorded["transaction"].clone()).unwrap();
    assert_eq!(kind(&tx), 3);
    let root = transactions::root(&[tx]).unwrap().unwrap();
    assert_eq!(text(root), recorded["transactionsRoot"]);
    let receipt: WireReceipts = serde_json::from_value(recorded["receipts"].clone()).unwrap();
    assert_eq!(
        text(receipts::root(&receipt.0).unwrap()),
        recorded["receiptsRoot"]
    );
}
