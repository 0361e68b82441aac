//! Balances at a block, and blocks that are final: nobody's word alone counts.

use serde_json::{Value, json};

use super::node::hash;
use super::*;

const HEIGHT: usize = 4;

fn at() -> BlockRef {
    BlockRef {
        height: HEIGHT as u64,
        hash: hash(HEIGHT).into(),
        time: UnixMillis::new(0),
    }
}

fn asked(count: u8) -> Vec<(Address, Currency)> {
    let native = Currency::parse("native").unwrap();
    (1..=count)
        .map(|byte| (Address::from_evm_account([byte; 20]), native.clone()))
        .collect()
}

fn said(rig: &Rig, asked: &[(Address, Currency)]) -> Result<Option<Vec<u128>>, ChainError> {
    let said = now(rig.source.balances(&at(), asked))?;
    Ok(said.map(|all| all.into_iter().map(BaseUnits::get).collect()))
}

/// What the nodes say of the addresses of `asked`.
fn expected(count: u8) -> Vec<u128> {
    (1..=count)
        .map(|byte| u128::from(byte) * HEIGHT as u128)
        .collect()
}

/// A node that says so much more of every balance.
fn inflating(more: u128) -> Arc<Node> {
    Node::lying("eth_getBalance", move |balance| {
        let told = u128::from_str_radix(&balance.as_str().unwrap()[2..], 16).unwrap();
        *balance = json!(format!("{:#x}", told + more));
    })
}

fn refusing(code: i64, words: &'static str, refuses: fn(&Value) -> bool) -> Arc<Node> {
    let node = Node::honest();
    node.twist(move |method, params, result| {
        if method == "eth_getBalance" && refuses(&params[1]) {
            return Err(json!({"code": code, "message": words}));
        }
        Ok(result)
    });
    node
}

#[test]
fn balances_are_told_in_the_order_asked_where_there_is_no_multicall() {
    for nodes in [vec![Node::honest()], vec![Node::honest(), Node::honest()]] {
        let rig = rig(ReadMode::Logs, nodes);
        assert_eq!(said(&rig, &asked(120)).unwrap(), Some(expected(120)));
    }
}

#[test]
fn one_node_that_inflates_balances_is_not_believed_beside_honest_ones() {
    let two = rig(ReadMode::Logs, vec![inflating(1), Node::honest()]);
    let refused = said(&two, &asked(3)).unwrap_err();
    assert!(reasons(&refused).contains("contradict one another"), "{refused}");
    let three = rig(ReadMode::Logs, vec![inflating(1), Node::honest(), Node::honest()]);
    assert_eq!(said(&three, &asked(3)).unwrap(), Some(expected(3)));
}

#[test]
fn two_words_count_even_where_the_quorum_is_one() {
    let settings = EvmSettings {
        quorum: 1,
        ..settings(ReadMode::Logs)
    };
    let rig = rig_with(settings, vec![inflating(1), Node::honest()]);
    assert!(said(&rig, &asked(3)).is_err());
    assert_eq!(rig.source.balances_assurance(), Assurance::TwoProviders);
}

#[test]
fn a_node_that_takes_no_hash_is_asked_by_height_and_what_block_that_is_checked() {
    let by_height = || {
        refusing(
            -32602,
            "invalid argument 1: hex string without 0x prefix",
            Value::is_object,
        )
    };
    let rig1 = rig(ReadMode::Logs, vec![by_height()]);
    assert_eq!(said(&rig1, &asked(3)).unwrap(), Some(expected(3)));
    let elsewhere = BlockRef {
        hash: format!("0x{}", "ab".repeat(32)).into(),
        ..at()
    };
    let refused = now(rig1.source.balances(&elsewhere, &asked(1)));
    assert!(matches!(refused, Err(ChainError::NotThere { .. })), "{refused:?}");
}

#[test]
fn a_node_without_old_states_says_so_and_is_read_from_all_the_same() {
    for words in [
        "missing trie node 0xabc",
        "historical state 0xabc is not available",
        "distance to target block exceeds maximum: state pruned",
        "this request needs a personal token",
    ] {
        let node = refusing(-32000, words, |_| true);
        let rig = rig(ReadMode::Logs, vec![node, Node::honest()]);
        assert_eq!(said(&rig, &asked(2)).unwrap(), None, "{words}");
        assert!(rig.read(1..=5).is_ok());
    }
}

#[test]
fn a_balance_in_an_unknown_currency_cannot_be_told() {
    let rig = rig(ReadMode::Logs, vec![Node::honest()]);
    let doge = (
        Address::from_evm_account([1; 20]),
        Currency::parse("doge").unwrap(),
    );
    assert_eq!(now(rig.source.balances(&at(), &[doge])).unwrap(), None);
}

fn final_only(nodes: Vec<Arc<Node>>) -> Rig {
    let settings = EvmSettings {
        finality: Finality::Finalized,
        ..settings(ReadMode::Logs)
    };
    rig_with(settings, nodes)
}

#[test]
fn a_block_is_final_only_once_the_quorum_calls_it_so() {
    let rig = final_only(vec![Node::honest(), Node::honest(), Node::honest()]);
    let is_final = |height: usize| now(rig.source.is_final(height as u64, &hash(height))).unwrap();
    assert!(is_final(3));
    assert!(!is_final(4));
    rig.nodes[0].finalized.store(5, Ordering::Relaxed);
    assert!(!is_final(4), "one is not the quorum");
    rig.nodes[1].finalized.store(4, Ordering::Relaxed);
    assert!(is_final(4));
    assert!(!now(rig.source.is_final(4, &hash(3))).unwrap(), "another block");
    let usual = super::rig(ReadMode::Logs, vec![Node::honest(), Node::honest()]);
    assert!(now(usual.source.is_final(5, &hash(5))).unwrap());
}

#[test]
fn where_no_block_is_final_yet_nobody_is_put_aside() {
    let node = || {
        let node = Node::honest();
        node.finalized.store(99, Ordering::Relaxed);
        node
    };
    let rig = final_only(vec![node(), node()]);
    assert!(!now(rig.source.is_final(1, &hash(1))).unwrap());
    assert!(rig.read(1..=5).is_ok());
}

#[test]
fn a_provider_that_does_not_say_what_is_final_is_pointed_out_where_that_counts() {
    let mute = || {
        let node = Node::honest();
        node.twist(|method, params, result| {
            let is_asked = method == "eth_getBlockByNumber" && params[0] == "finalized";
            if is_asked {
                Err(json!({"code": -32602, "message": "unknown tag"}))
            } else {
                Ok(result)
            }
        });
        node
    };
    let faults = |rig: &Rig| now(rig.source.probe())[0].faults.clone();
    let told = faults(&final_only(vec![mute()]));
    assert!(
        told.len() == 1 && told[0].contains("does not say which block is final"),
        "{told:?}"
    );
    assert_eq!(faults(&final_only(vec![Node::honest()])), Vec::<String>::new());
    assert_eq!(faults(&rig(ReadMode::Logs, vec![mute()])), Vec::<String>::new());
}

#[test]
fn a_provider_that_does_not_say_what_is_final_is_not_left_alone_for_it() {
    for error in [
        json!({"code": -32601, "message": "the method does not exist"}),
        json!({"code": -32602, "message": "unknown tag"}),
        json!({"code": -32602, "message": "invalid argument 0: hex string without 0x prefix"}),
    ] {
        let node = Node::honest();
        node.twist(move |method, params, result| {
            let is_asked = method == "eth_getBlockByNumber" && params[0] == "finalized";
            if is_asked { Err(error.clone()) } else { Ok(result) }
        });
        let rig = final_only(vec![node, Node::honest()]);
        assert!(now(rig.source.is_final(3, &hash(3))).is_err());
        assert!(
            rig.source
                .providers()
                .iter()
                .all(|provider| provider.rests.is_none())
        );
        assert!(rig.read(1..=5).is_ok());
    }
}

#[test]
fn what_a_header_proves_is_proven_only_where_two_are_asked_for_the_block() {
    let assurance = |quorum, nodes| {
        let settings = EvmSettings {
            quorum,
            ..settings(ReadMode::Receipts)
        };
        rig_with(settings, nodes).source.assurance()
    };
    let node = Node::honest;
    assert_eq!(assurance(2, vec![node(), node()]), Assurance::Proven);
    assert_eq!(assurance(2, vec![node()]), Assurance::OneProvider);
    assert_eq!(assurance(1, vec![node(), node()]), Assurance::OneProvider);
}
