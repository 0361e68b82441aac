//! When money in a block can be settled: not before the quorum says that the block is solid.

use super::*;

#[test]
fn a_block_is_final_once_the_quorum_says_that_it_is_solid() {
    for (solid, agreed) in [
        ([310, 310], false),
        ([311, 310], false),
        ([310, 311], false),
        ([311, 311], true),
    ] {
        let rig = rig(vec![RecordedTron::honest(), RecordedTron::honest()]);
        for (node, solid) in rig.nodes.iter().zip(solid) {
            node.stand_at(316, solid);
        }
        assert_eq!(rig.is_final(311).unwrap(), agreed, "{solid:?}");
    }
}

#[test]
fn a_block_whose_place_another_one_has_for_good_is_neither_final_nor_agreed_on() {
    let rig = rig(vec![RecordedTron::honest(), RecordedTron::honest()]);
    let other = Branch::recorded().id(312);
    assert!(!now(rig.source.is_final(311, &other)).unwrap());
    assert!(!now(rig.source.agrees(311, &other)).unwrap());
}

#[test]
fn without_a_wish_for_solid_blocks_the_head_is_enough() {
    let settings = TronSettings {
        finality: Finality::Head,
        ..settings()
    };
    let rig = rig_with(settings, vec![RecordedTron::honest(), RecordedTron::honest()]);
    assert!(rig.is_final(LAST).unwrap());
    assert_eq!(rig.nodes[0].called("walletsolidity/getnowblock"), 0);
}

#[test]
fn a_block_is_agreed_on_before_it_is_final() {
    let rig = rig(vec![RecordedTron::honest(), RecordedTron::honest()]);
    assert!(rig.agrees(LAST).unwrap());
    assert!(!rig.is_final(LAST).unwrap());
    rig.nodes[1].stand_at(LAST - 1, 335);
    assert!(!rig.agrees(LAST).unwrap());
}

#[test]
fn what_is_known_to_be_solid_is_not_asked_again() {
    let rig = rig(vec![RecordedTron::honest(), RecordedTron::honest()]);
    for height in [330, 320, 310] {
        assert!(rig.is_final(height).unwrap());
    }
    assert_eq!(rig.nodes[0].called("walletsolidity/getnowblock"), 1);
}

#[test]
fn while_one_of_the_quorum_cannot_be_asked_nothing_is_known() {
    let rig = rig(vec![RecordedTron::honest(), RecordedTron::honest()]);
    rig.nodes[1].set_fault(Some(Fault::Hang));
    assert!(matches!(rig.is_final(311), Err(ChainError::Unavailable { .. })));
}
