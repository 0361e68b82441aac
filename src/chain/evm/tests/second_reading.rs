//! Reading again what is final, from somebody else.

use serde_json::Value;

use super::*;

fn without_logs() -> Arc<Node> {
    Node::lying("eth_getLogs", |logs| *logs = Value::Array(Vec::new()))
}

fn again(rig: &Rig, heights: RangeInclusive<u64>) -> Option<Blocks> {
    now(rig.source.read_again(heights, &watched())).unwrap()
}

fn unproven(nodes: Vec<Arc<Node>>) -> Rig {
    let settings = EvmSettings {
        verify: Verify::None,
        quorum: 1,
        ..settings(ReadMode::Logs)
    };
    rig_with(settings, nodes)
}

#[test]
fn what_one_left_out_another_has() {
    let rig = unproven(vec![without_logs(), Node::honest()]);
    let first = rig.read(1..=5).unwrap();
    assert!(Rig::told(&first).len() < ALL.len());
    let second = again(&rig, 1..=5).unwrap();
    assert_eq!(Rig::told(&second), ALL);
    assert_eq!(second.headers, first.headers);
}

#[test]
fn another_is_asked_than_the_one_that_was_read_from() {
    let rig = unproven(vec![Node::honest(), Node::honest(), Node::honest()]);
    rig.read(1..=3).unwrap();
    let posts: Vec<u64> = rig.nodes.iter().map(|node| node.posts()).collect();
    again(&rig, 1..=3).unwrap();
    assert_eq!(rig.nodes[0].posts(), posts[0], "the first reader");
    assert!(rig.nodes[1].posts() > posts[1]);
    // After a restart nobody knows who read.
    let fresh = unproven(vec![Node::honest(), Node::honest()]);
    again(&fresh, 1..=3).unwrap();
    assert_eq!((fresh.nodes[0].posts(), fresh.nodes[1].posts() > 0), (0, true));
}

#[test]
fn one_provider_is_not_asked_twice_and_whole_blocks_that_are_proven_need_no_second_look() {
    assert_eq!(again(&unproven(vec![Node::honest()]), 1..=3), None);
    let proven = rig(ReadMode::Receipts, vec![Node::honest(), Node::honest()]);
    assert_eq!(again(&proven, 1..=3), None);
}

#[test]
fn a_second_reader_that_is_down_is_replaced_by_a_third() {
    let down = Node::honest();
    down.answers(502, None, "bad gateway");
    let rig = unproven(vec![Node::honest(), down, Node::honest()]);
    rig.read(1..=5).unwrap();
    assert_eq!(Rig::told(&again(&rig, 1..=5).unwrap()), ALL);
}
