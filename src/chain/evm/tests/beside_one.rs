//! Each way to lie or fail, by one of two providers: next to one honest provider nothing false is ever read, and nothing
//! that was paid is missing in the end.

use serde_json::{Value, json};

use super::*;
use crate::net::TransportError;

/// A name, and what it makes of an honest node.
type Lie = (&'static str, fn(&Arc<Node>));

const LIES: &[Lie] = &[
    ("an altered amount", |node| {
        twist_logs(node, |logs| {
            if let Some(log) = logs.first_mut() {
                log["data"] = json!(format!("0x{:064x}", 9_000_000));
            }
        });
    }),
    ("a log left out", |node| twist_logs(node, |logs| drop(logs.pop()))),
    ("a transfer made up", |node| {
        twist_logs(node, |logs| {
            if let Some(mut log) = logs.last().cloned() {
                log["logIndex"] = json!("0x63");
                logs.push(log);
            }
        });
    }),
    ("a stale head", |node| node.head.store(0, Ordering::Relaxed)),
    ("another chain", |node| {
        node.twist(|method, _, result| match method {
            "eth_chainId" => Ok(json!("0x1")),
            _ => Ok(result),
        });
    }),
    ("JSON cut short", |node| {
        node.answers(200, None, r#"[{"jsonrpc":"2.0","id":0,"result":{"hash":"0x"#);
    }),
    ("a storm of too many requests", |node| {
        node.answers(429, Some(30), "Too Many Requests");
    }),
    ("30 seconds of silence", |node| {
        node.fails(TransportError::Timeout(Duration::from_secs(30)));
    }),
];

/// Changes the logs of each transaction, whichever way they are asked for.
fn twist_logs(node: &Arc<Node>, lie: fn(&mut Vec<Value>)) {
    node.twist(move |method, _, mut result| {
        match method {
            "eth_getLogs" => lie(result.as_array_mut().unwrap()),
            "eth_getBlockReceipts" => {
                for receipt in result.as_array_mut().into_iter().flatten() {
                    lie(receipt["logs"].as_array_mut().unwrap());
                }
            }
            _ => (),
        }
        Ok(result)
    });
}

/// The ways of reading, from what proves everything to what proves nothing.
const WAYS: [(ReadMode, Verify); 4] = [
    (ReadMode::Receipts, Verify::Full),
    (ReadMode::Logs, Verify::Full),
    (ReadMode::Logs, Verify::HeaderOnly),
    (ReadMode::Logs, Verify::None),
];

fn beside(mode: ReadMode, verify: Verify, nodes: Vec<Arc<Node>>) -> Rig {
    let settings = EvmSettings {
        verify,
        ..settings(mode)
    };
    rig_with(settings, nodes)
}

fn recover(node: &Arc<Node>) {
    node.twist(|_, _, result| Ok(result));
    node.recovers();
    node.head.store(5, Ordering::Relaxed);
}

#[test]
fn next_to_one_honest_provider_nothing_is_lost_and_nothing_false_is_read() {
    for (mode, verify) in WAYS {
        for (name, lie) in LIES {
            for place in [0, 1] {
                let case = format!("{mode:?} {verify:?}: {name}, asked as number {place}");
                let nodes = vec![Node::honest(), Node::honest()];
                lie(&nodes[place]);
                let rig = beside(mode, verify, nodes);
                for round in 0..2 {
                    match rig.read(1..=5) {
                        Ok(read) => assert_eq!(Rig::told(&read), ALL, "{case}"),
                        // What two say of logs cannot be decided by one: the blocks wait.
                        Err(refused) => {
                            assert_eq!(mode, ReadMode::Logs, "{case} {round}: {refused}");
                            let is_to_be_tried_again = matches!(
                                refused,
                                ChainError::Unavailable { .. } | ChainError::NotThere { .. }
                            );
                            assert!(is_to_be_tried_again, "{case}: {refused}");
                        }
                    }
                    if let Ok(tip) = now(rig.source.tip()) {
                        assert!(tip.height <= 5, "{case}");
                    }
                    rig.clock.advance(Duration::from_secs(60));
                }
                recover(&rig.nodes[place]);
                rig.clock.advance(Duration::from_secs(3600));
                assert_eq!(Rig::told(&rig.read(1..=5).unwrap()), ALL, "{case}");
            }
        }
    }
}

#[test]
fn next_to_two_honest_providers_a_lie_holds_nothing_up() {
    for (mode, verify) in WAYS {
        for (name, lie) in LIES {
            for place in [0, 1, 2] {
                let nodes = vec![Node::honest(), Node::honest(), Node::honest()];
                lie(&nodes[place]);
                let rig = beside(mode, verify, nodes);
                // Six seconds are thirteen blocks of this chain: who is further behind lags.
                rig.source.pool.tip_seen.store(14, Ordering::Relaxed);
                let case = format!("{mode:?} {verify:?}: {name}, asked as number {place}");
                let read = rig
                    .read(1..=5)
                    .unwrap_or_else(|refused| panic!("{case}: {refused}"));
                assert_eq!(Rig::told(&read), ALL, "{case}");
                assert_eq!(now(rig.source.tip()).unwrap().height, 5, "{case}");
            }
        }
    }
}
