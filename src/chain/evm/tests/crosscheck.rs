//! What one provider leaves out, alters or invents, beside others.

use serde_json::{Value, json};

use super::*;
use crate::net::TransportError;

fn logs_with(verify: Verify, nodes: Vec<Arc<Node>>) -> Rig {
    let settings = EvmSettings {
        verify,
        ..settings(ReadMode::Logs)
    };
    rig_with(settings, nodes)
}

/// A name, a method, and what is done to its results.
type LieOf = (&'static str, &'static str, fn(&mut Value));
/// A name and what is done to a list of logs.
type Lie = (&'static str, fn(&mut Vec<Value>));

const LIES: &[Lie] = &[
    ("an altered amount", |logs| {
        if let Some(log) = logs.first_mut() {
            log["data"] = json!(format!("0x{:064x}", 9_000_000));
        }
    }),
    ("an invented log", |logs| {
        if let Some(mut log) = logs.last().cloned() {
            log["logIndex"] = json!("0x63");
            logs.push(log);
        }
    }),
    ("a log that is left out", |logs| {
        logs.pop();
    }),
    ("all logs left out", |logs| logs.clear()),
];

fn lying(lie: fn(&mut Vec<Value>)) -> Arc<Node> {
    Node::lying("eth_getLogs", move |logs| lie(logs.as_array_mut().unwrap()))
}

fn down() -> Arc<Node> {
    let node = Node::honest();
    node.fails(TransportError::Connection("connection refused".to_owned()));
    node
}

/// A node that can prove nothing.
fn unproving(node: &Arc<Node>, lie: fn(&mut Vec<Value>)) -> Arc<Node> {
    node.twist(move |method, _, mut result| match method {
        "eth_getBlockReceipts" => Err(json!({"code": -32601, "message": "no such method"})),
        "eth_getLogs" => {
            lie(result.as_array_mut().unwrap());
            Ok(result)
        }
        _ => Ok(result),
    });
    Arc::clone(node)
}

fn honest_unproving() -> Arc<Node> {
    unproving(&Node::honest(), |_| ())
}

#[test]
fn who_lies_about_logs_is_found_by_proof_and_put_aside_whoever_is_asked_first() {
    for verify in [Verify::Full, Verify::HeaderOnly] {
        for (name, lie) in LIES {
            for place in [0, 1] {
                let mut nodes = vec![Node::honest(), Node::honest()];
                nodes.insert(place, lying(*lie));
                let rig = logs_with(verify, nodes);
                assert_eq!(
                    Rig::told(&rig.read(1..=5).unwrap()),
                    ALL,
                    "{name} {place} {verify:?}"
                );
                let asked = rig.nodes[place].posts();
                assert_eq!(
                    Rig::told(&rig.read(1..=5).unwrap()),
                    ALL,
                    "{name} {place} {verify:?}"
                );
                assert_eq!(rig.nodes[place].posts(), asked, "{name} {place} {verify:?}");
            }
        }
    }
}

#[test]
fn of_two_providers_the_one_proven_to_lie_is_never_believed() {
    for (name, lie) in LIES {
        let rig = logs_with(Verify::Full, vec![Node::honest(), lying(*lie)]);
        assert_eq!(
            Rig::told(&rig.read(1..=5).unwrap()),
            ALL,
            "{name}: the other is proven right"
        );

        let rig = logs_with(Verify::Full, vec![lying(*lie), Node::honest()]);
        for _ in 0..5 {
            assert!(rig.read(1..=5).is_err(), "{name}: a second one may come back");
        }
    }
}

#[test]
fn where_nothing_can_be_proven_two_equal_voices_outvote_one() {
    for verify in [Verify::HeaderOnly, Verify::None] {
        for (name, lie) in LIES {
            for place in 0..3 {
                let mut nodes = vec![honest_unproving(), honest_unproving()];
                nodes.insert(place, unproving(&Node::honest(), *lie));
                let rig = logs_with(verify, nodes);
                assert_eq!(Rig::told(&rig.read(1..=5).unwrap()), ALL, "{name} {place}");
            }
        }
    }
}

#[test]
fn a_disagreement_that_nobody_can_decide_is_refused_however_often_it_is_tried() {
    for verify in [Verify::HeaderOnly, Verify::None] {
        for (name, lie) in LIES {
            for place in [0, 1] {
                let mut nodes = vec![honest_unproving()];
                nodes.insert(place, unproving(&Node::honest(), *lie));
                let rig = logs_with(verify, nodes);
                for _ in 0..3 {
                    let refused = rig.read(1..=5).unwrap_err();
                    assert!(
                        matches!(refused, ChainError::Unavailable { .. }),
                        "{name}: {refused}"
                    );
                    let reasons = reasons(&refused);
                    for named in ["node0.example", "node1.example", "block 2"] {
                        assert!(reasons.contains(named), "{name}: {reasons}");
                    }
                    rig.clock.advance(Duration::from_secs(60));
                }
            }
        }
    }
}

#[test]
fn an_altered_left_out_or_failed_coin_transfer_is_not_believed() {
    let lies: [LieOf; 3] = [
        ("altered", "eth_getBlockByNumber", |block| {
            for tx in block["transactions"].as_array_mut().unwrap() {
                if tx.is_object() {
                    tx["value"] = json!("0xffffff");
                }
            }
        }),
        ("left out", "eth_getBlockByNumber", |block| {
            block["transactions"].as_array_mut().unwrap().clear();
        }),
        ("said to have failed", "eth_getTransactionReceipt", |receipt| {
            receipt["status"] = json!("0x0");
        }),
    ];
    for verify in [Verify::Full, Verify::HeaderOnly, Verify::None] {
        for (name, method, lie) in lies {
            for place in [0, 1] {
                let told = |honest: usize| {
                    let mut nodes: Vec<_> = (0..honest).map(|_| Node::honest()).collect();
                    nodes.insert(place, Node::lying(method, lie));
                    logs_with(verify, nodes).read(1..=5)
                };
                let case = format!("{name} {place} {verify:?}");
                assert_eq!(Rig::told(&told(2).unwrap()), ALL, "{case}");
                // Two cannot outvote one another: right by proof, or not read.
                match told(1) {
                    Ok(read) => {
                        assert_eq!(Rig::told(&read), ALL, "{case}");
                        assert_ne!(verify, Verify::None, "{case}");
                    }
                    Err(refused) => {
                        assert!(
                            matches!(refused, ChainError::Unavailable { .. }),
                            "{case}: {refused}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn a_second_provider_that_lags_is_waited_for_unless_another_can_be_asked() {
    for head in [0, 4] {
        let rig = logs_with(Verify::Full, vec![Node::honest(), Node::honest()]);
        rig.nodes[1].head.store(head, Ordering::Relaxed);
        for _ in 0..10 {
            let refused = rig.read(1..=5).unwrap_err();
            assert!(
                matches!(refused, ChainError::NotThere { height: 5, .. }),
                "{refused}"
            );
        }
        rig.nodes[1].head.store(5, Ordering::Relaxed);
        assert_eq!(Rig::told(&rig.read(1..=5).unwrap()), ALL);

        let rig = logs_with(Verify::Full, vec![Node::honest(), Node::honest(), Node::honest()]);
        rig.nodes[1].head.store(head, Ordering::Relaxed);
        assert_eq!(Rig::told(&rig.read(1..=5).unwrap()), ALL);
    }
}

#[test]
fn the_tip_is_the_highest_block_that_two_have() {
    let rig = logs_with(Verify::Full, vec![Node::honest(), Node::honest(), down()]);
    rig.nodes[0].head.store(4, Ordering::Relaxed);
    assert_eq!(now(rig.source.tip()).unwrap().height, 4);
    rig.nodes[0].head.store(5, Ordering::Relaxed);
    assert_eq!(now(rig.source.tip()).unwrap().height, 5);
    rig.source.pool.tip_seen.store(14, Ordering::Relaxed);
    rig.nodes[0].head.store(0, Ordering::Relaxed);
    assert_eq!(
        now(rig.source.tip()).unwrap().height,
        5,
        "one that does not keep up counts for nothing"
    );
    let rig = logs_with(Verify::Full, vec![down(), Node::honest()]);
    assert_eq!(now(rig.source.tip()).unwrap().height, 5, "there is only one");
}

#[test]
fn without_a_second_provider_nothing_is_read_until_it_comes_back() {
    for verify in [Verify::Full, Verify::HeaderOnly, Verify::None] {
        let rig = logs_with(verify, vec![Node::honest(), down()]);
        for _ in 0..10 {
            assert!(reasons(&rig.read(1..=5).unwrap_err()).contains("no second provider can be asked"));
        }
        rig.nodes[1].recovers();
        rig.clock.advance(Duration::from_secs(120));
        rig.read(1..=5).unwrap();
    }
}

#[test]
fn the_reader_is_asked_alone_with_a_quorum_of_one_or_two_urls_of_one_host() {
    let alone = EvmSettings {
        quorum: 1,
        ..settings(ReadMode::Logs)
    };
    let rig = rig_with(alone, vec![Node::honest(), Node::honest()]);
    assert_eq!(Rig::told(&rig.read(1..=5).unwrap()), ALL);
    assert_eq!(rig.nodes[1].posts(), 0);
    let rig = logs_with(Verify::Full, vec![Node::honest()]);
    assert_eq!(Rig::told(&rig.read(1..=5).unwrap()), ALL);
}

#[test]
fn two_providers_cost_the_same_number_of_calls_however_many_addresses_are_watched() {
    let sets = [10, 1_000, 100_000].map(watched_beside);
    for verify in [Verify::Full, Verify::HeaderOnly, Verify::None] {
        let costs = sets.each_ref().map(|watched| {
            let rig = logs_with(verify, vec![Node::honest(), Node::honest()]);
            assert_eq!(Rig::told(&now(rig.source.read(1..=5, watched)).unwrap()), ALL);
            let second = &rig.nodes[1];
            assert!(second.called("eth_getLogs") > 0);
            let calls = |node: &Arc<Node>| (node.calls.lock().unwrap().len(), node.posts());
            (calls(&rig.nodes[0]), calls(second))
        });
        assert_eq!(costs, [costs[0]; 3], "{verify:?}");
    }
}

#[test]
fn a_second_provider_with_a_smaller_range_is_asked_in_parts() {
    let limited = Node::honest();
    limited.twist(|method, params, result| {
        let is_wide = params[0]["fromBlock"].is_string() && params[0]["fromBlock"] != params[0]["toBlock"];
        match method == "eth_getLogs" && is_wide {
            true => Err(json!({"code": -32005, "message": "limit exceeded"})),
            false => Ok(result),
        }
    });
    let rig = logs_with(Verify::Full, vec![Node::honest(), limited]);
    rig.source.pool.tip_seen.store(1000, Ordering::Relaxed);
    assert_eq!(Rig::told(&rig.read(1..=5).unwrap()), ALL);
    assert_eq!(rig.source.range_max(), 20, "the reader's range is what it was");
}

#[test]
fn a_second_provider_on_another_branch_is_no_liar() {
    let forked = Node::honest();
    forked.twist(|method, params, mut result| {
        if method == "eth_getBlockByNumber" && params[0] == "0x5" {
            result["extraData"] = json!("0x01");
            let block: super::super::wire::WireHeader = serde_json::from_value(result.clone()).unwrap();
            let renamed = super::super::header::recompute(&block).unwrap();
            result["hash"] = json!(format!("{renamed:#x}"));
        }
        if method == "eth_getLogs" {
            let logs = result.as_array_mut().unwrap();
            logs.retain(|log| log["blockHash"] != node::hash(5));
        }
        Ok(result)
    });
    let rig = logs_with(Verify::Full, vec![Node::honest(), forked]);
    rig.source.pool.tip_seen.store(1000, Ordering::Relaxed);
    for _ in 0..5 {
        let asked = rig.nodes[1].posts();
        let refused = rig.read(1..=5).unwrap_err();
        assert!(matches!(refused, ChainError::NotThere { .. }), "{refused}");
        assert!(rig.nodes[1].posts() > asked, "it is not put aside");
    }
}
