use serde_json::{Value, json};

use super::node::RECORDED;
use super::*;

/// The first log of the first receipt that has one.
fn first_log(receipts: &mut Value) -> Option<&mut Value> {
    receipts
        .as_array_mut()?
        .iter_mut()
        .find_map(|receipt| receipt["logs"].get_mut(0))
}

/// A name, the method whose results are changed, and the change.
type Lie = (&'static str, &'static str, fn(&mut Value));

const LIES_OF_RECEIPTS: &[Lie] = &[
    ("an altered amount", "eth_getBlockReceipts", |receipts| {
        if let Some(log) = first_log(receipts) {
            log["data"] = json!(format!("0x{:064x}", 9_000_000));
        }
    }),
    ("an altered recipient", "eth_getBlockReceipts", |receipts| {
        if let Some(log) = first_log(receipts) {
            log["topics"][2] = json!(format!("0x{:024}{}", 0, "22".repeat(20)));
        }
    }),
    ("a missing log", "eth_getBlockReceipts", |receipts| {
        for receipt in receipts.as_array_mut().unwrap() {
            receipt["logs"] = json!([]);
        }
    }),
    ("a missing receipt", "eth_getBlockReceipts", |receipts| {
        receipts.as_array_mut().unwrap().pop();
    }),
    ("no receipts at all", "eth_getBlockReceipts", |receipts| {
        *receipts = json!([])
    }),
    ("a failure made a success", "eth_getBlockReceipts", |receipts| {
        for receipt in receipts.as_array_mut().unwrap() {
            receipt["status"] = json!("0x1");
        }
    }),
    ("a log under another index", "eth_getBlockReceipts", |receipts| {
        if let Some(log) = first_log(receipts) {
            log["logIndex"] = json!("0x63");
        }
    }),
    (
        "a receipt under another index",
        "eth_getBlockReceipts",
        |receipts| {
            if let Some(receipt) = receipts.get_mut(0) {
                receipt["transactionIndex"] = json!("0x9");
            }
        },
    ),
    ("a receipt of another block", "eth_getBlockReceipts", |receipts| {
        if let Some(receipt) = receipts.get_mut(0) {
            receipt["blockHash"] = json!(format!("0x{:064}", 1));
        }
    }),
    (
        "a log of another transaction",
        "eth_getBlockReceipts",
        |receipts| {
            if let Some(log) = first_log(receipts) {
                log["transactionHash"] = json!(format!("0x{:064}", 1));
            }
        },
    ),
];

const LIES_OF_BLOCKS: &[Lie] = &[
    ("another parent", "eth_getBlockByNumber", |block| {
        block["parentHash"] = json!(format!("0x{:064}", 1));
    }),
    ("another name", "eth_getBlockByNumber", |block| {
        block["hash"] = json!(format!("0x{:064}", 1))
    }),
    ("another block", "eth_getBlockByNumber", |block| {
        *block = RECORDED["blocks"][1].clone()
    }),
    ("an altered value", "eth_getBlockByNumber", |block| {
        for tx in block["transactions"].as_array_mut().unwrap() {
            tx["value"] = json!("0xffffff");
        }
    }),
    ("another receiver of a value", "eth_getBlockByNumber", |block| {
        for tx in block["transactions"].as_array_mut().unwrap() {
            tx["to"] = json!(recorded("a"));
        }
    }),
    ("a missing transaction", "eth_getBlockByNumber", |block| {
        block["transactions"].as_array_mut().unwrap().pop();
    }),
];

const LIES_OF_LOGS: &[Lie] = &[
    ("a log twice", "eth_getLogs", |logs| {
        let logs = logs.as_array_mut().unwrap();
        logs.extend(logs.first().cloned());
    }),
    ("a log the bloom rules out", "eth_getLogs", |logs| {
        if let Some(log) = logs.get_mut(0) {
            log["topics"][1] = json!(format!("0x{:064}", 1234));
        }
    }),
];

#[test]
fn a_lie_is_seen_and_another_provider_is_read_instead() {
    let of_receipts = LIES_OF_RECEIPTS
        .iter()
        .chain(LIES_OF_BLOCKS)
        .map(|lie| (ReadMode::Receipts, lie));
    let of_logs = LIES_OF_LOGS
        .iter()
        .chain(LIES_OF_BLOCKS)
        .map(|lie| (ReadMode::Logs, lie));
    for (mode, (name, method, lie)) in of_receipts.chain(of_logs) {
        let told = |nodes| {
            let rig = rig(mode, nodes);
            let read = rig.read(2..=5);
            (rig, read)
        };
        let (_, alone) = told(vec![Node::lying(method, lie)]);
        let refused = alone.expect_err(name);
        assert!(
            matches!(refused, ChainError::Unavailable { .. }),
            "{name}: {refused}"
        );
        assert!(reasons(&refused).contains("node0.example"), "{name}: {refused}");

        let (rig, read) = told(vec![Node::lying(method, lie), Node::honest(), Node::honest()]);
        assert_eq!(Rig::told(&read.unwrap()), ALL, "{name}");
        let asked = rig.nodes[0].posts();
        rig.clock.advance(Duration::from_secs(300));
        rig.read(2..=5).unwrap();
        assert_eq!(rig.nodes[0].posts(), asked, "{name}: who lied is put aside");
        let checked = rig.nodes[0].called("eth_chainId");
        rig.clock.advance(Duration::from_secs(300));
        rig.read(2..=5).unwrap();
        assert_eq!(
            rig.nodes[0].called("eth_chainId"),
            checked + 1,
            "{name}: and is looked at anew"
        );
    }
}

/// Reading by logs where the chain's receipts cannot be proven: the query's answer is all there is.
fn unproven_logs() -> EvmSettings {
    EvmSettings {
        verify: Verify::HeaderOnly,
        ..settings(ReadMode::Logs)
    }
}

#[test]
fn what_a_log_says_was_moved_is_proven_by_the_receipts_of_its_block() {
    for (name, lie) in [
        (
            "another amount",
            (|logs: &mut Vec<Value>| logs[0]["data"] = json!(format!("0x{:064x}", 10_u64.pow(12))))
                as fn(&mut Vec<Value>),
        ),
        ("one of several left out", |logs| {
            logs.remove(0);
        }),
        ("another place", |logs| logs[0]["logIndex"] = json!("0x63")),
    ] {
        let node = || {
            Node::lying("eth_getLogs", move |logs| {
                let logs = logs.as_array_mut().unwrap();
                // Of a block with several: where all of them are left out, nothing is there to be proven.
                if logs.len() > 1 {
                    lie(logs);
                }
            })
        };
        assert!(
            rig_with(unproven_logs(), vec![node()]).read(1..=5).is_ok(),
            "{name}"
        );
        let refused = rig(ReadMode::Logs, vec![node()]).read(1..=5).unwrap_err();
        assert!(
            reasons(&refused).contains("are not those in its receipts"),
            "{name}: {refused}"
        );
    }
}

#[test]
fn a_log_of_a_block_that_left_the_chain_is_not_counted() {
    for (name, lie) in [
        (
            "unknown block",
            (|log: &mut Value| log["blockHash"] = json!(format!("0x{:064}", 1))) as fn(&mut Value),
        ),
        ("removed", |log| log["removed"] = json!(true)),
        ("removed", |log| {
            log["removed"] = json!(true);
            log["blockHash"] = json!(format!("0x{:064}", 1));
        }),
    ] {
        let node = Node::lying("eth_getLogs", move |logs| {
            for log in logs.as_array_mut().unwrap() {
                lie(log);
            }
        });
        match rig_with(unproven_logs(), vec![node]).read(2..=5) {
            Ok(blocks) => {
                assert_eq!(name, "removed");
                assert!(Rig::told(&blocks).iter().all(|seen| !seen.contains('#')));
            }
            Err(refused) => {
                assert_eq!(name, "unknown block");
                assert!(matches!(refused, ChainError::NotThere { .. }), "{refused}");
            }
        }
    }
}

#[test]
fn blocks_that_do_not_build_on_one_another_are_not_taken() {
    for verify in [Verify::Full, Verify::HeaderOnly, Verify::None] {
        for mode in [ReadMode::Receipts, ReadMode::Logs] {
            let forked = Node::lying("eth_getBlockByNumber", |block| {
                if block["number"] == "0x3" {
                    block["parentHash"] = json!(format!("0x{:064}", 1));
                }
            });
            let settings = EvmSettings {
                verify,
                ..settings(mode)
            };
            assert!(
                rig_with(settings.clone(), vec![forked.clone()])
                    .read(2..=5)
                    .is_err()
            );
            let rig = rig_with(settings, vec![forked, Node::honest(), Node::honest()]);
            assert_eq!(Rig::told(&rig.read(2..=5).unwrap()), ALL);
        }
    }
}

#[test]
fn a_break_between_two_batches_of_blocks_is_seen() {
    for broken in ["0x2", "0x3", "0x4", "0x5"] {
        let forked = Node::lying("eth_getBlockByNumber", move |block| {
            if block["number"] == broken {
                block["parentHash"] = json!(format!("0x{:064}", 1));
            }
        });
        let settings = EvmSettings {
            verify: Verify::None,
            ..settings(ReadMode::Receipts)
        };
        let refused = rig_with(settings, vec![forked]).read(1..=5).unwrap_err();
        assert!(
            matches!(refused, ChainError::NotThere { .. }),
            "{broken}: {refused}"
        );
    }
}

#[test]
fn a_failed_transaction_moves_nothing() {
    let failed = Node::lying("eth_getBlockReceipts", |receipts| {
        for receipt in receipts.as_array_mut().unwrap() {
            receipt["status"] = json!("0x0");
        }
    });
    let unverified = EvmSettings {
        verify: Verify::HeaderOnly,
        ..settings(ReadMode::Receipts)
    };
    assert_eq!(
        rig_with(unverified, vec![failed]).read(1..=5).unwrap().transfers,
        []
    );
    let failed = Node::lying("eth_getTransactionReceipt", |receipt| {
        receipt["status"] = json!("0x0")
    });
    let told = Rig::told(&rig_with(unproven_logs(), vec![failed]).read(1..=5).unwrap());
    assert!(
        told.len() == 7 && told.iter().all(|seen| seen.contains('#')),
        "{told:?}"
    );
    let silent = Node::lying("eth_getTransactionReceipt", |receipt| {
        receipt.as_object_mut().unwrap().remove("status");
    });
    assert!(
        rig(ReadMode::Logs, vec![silent]).read(1..=5).is_err(),
        "not known to have succeeded"
    );
}

#[test]
fn a_receipt_from_another_block_or_of_another_transaction_proves_nothing() {
    for field in ["blockHash", "transactionHash"] {
        let node = Node::lying("eth_getTransactionReceipt", move |receipt| {
            receipt[field] = json!(format!("0x{:064}", 1));
        });
        assert!(rig(ReadMode::Logs, vec![node]).read(1..=5).is_err(), "{field}");
    }
}

#[test]
fn where_nothing_can_be_verified_headers_of_other_forms_are_read() {
    for mode in [ReadMode::Receipts, ReadMode::Logs] {
        let foreign = Node::lying("eth_getBlockByNumber", |block| {
            let fields = block.as_object_mut().unwrap();
            for name in ["mixHash", "nonce", "sha3Uncles", "logsBloom", "receiptsRoot"] {
                fields.remove(name);
            }
        });
        let settings = EvmSettings {
            verify: Verify::None,
            ..settings(mode)
        };
        assert_eq!(
            Rig::told(&rig_with(settings, vec![foreign]).read(2..=5).unwrap()),
            ALL
        );
    }
}
