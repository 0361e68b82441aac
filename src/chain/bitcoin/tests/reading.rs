//! What is read from an honest provider, of either kind.

use super::*;

/// The final credits, in the order in which the chain holds them.
fn expected() -> Vec<(Option<u64>, Credit)> {
    let mut expected = RecordedBitcoin::credits("confirmed");
    expected.sort();
    expected
}

#[test]
fn every_recorded_credit_and_none_other_is_read_from_blocks() {
    assert_eq!(RecordedBitcoin::credit_count(), 25);
    assert_eq!(expected().len(), 21);
    for kind in KINDS {
        let rig = rig(vec![Peer::at(kind, FINAL)]);
        let mut found: Vec<_> = rig.read_all(0..=130).iter().map(credit).collect();
        found.sort();
        assert_eq!(found, expected(), "{kind:?}");
    }
}

#[test]
fn a_block_is_told_with_its_place_in_the_chain() {
    for kind in KINDS {
        let rig = rig(vec![Peer::at(kind, FINAL)]);
        let blocks = rig.read(112..=113).unwrap();
        let [first, second] = blocks.headers.as_slice() else {
            panic!("{blocks:?}")
        };
        assert_eq!(
            &*first.block.hash,
            "71445e4c788cfec466c26489b4e350e81aeb9fdd1c4787e0ad8c6d5e38250680"
        );
        assert_eq!((first.block.height, second.block.height), (112, 113));
        assert_eq!(first.block.time, UnixMillis::from_seconds(1_735_756_800));
        assert_eq!(second.parent_hash, first.block.hash);
        assert!(
            blocks
                .transfers
                .iter()
                .all(|seen| seen.currency.as_str() == "native")
        );
    }
}

#[test]
fn the_tip_is_the_highest_block_at_each_step() {
    for kind in KINDS {
        let peer = Peer::at(kind, "00-start");
        let rig = rig(vec![Arc::clone(&peer)]);
        for step in RecordedBitcoin::steps() {
            peer.chain.stand_at(step);
            let tip = now(rig.source.tip()).unwrap();
            assert_eq!(
                (&*tip.hash, tip.height),
                (peer.chain.tip(), peer.chain.height()),
                "{kind:?} {step}"
            );
        }
    }
}

#[test]
fn both_branches_of_a_reorganisation_are_read_as_they_are_served() {
    for kind in KINDS {
        let peer = Peer::at(kind, "07a-lost-confirmed");
        let rig = rig(vec![Arc::clone(&peer)]);
        let lost = RecordedBitcoin::credits("reorged out");
        let of_119 = |rig: &Rig| -> Vec<Credit> {
            let blocks = rig.read(119..=119).unwrap();
            blocks.transfers.iter().map(|seen| credit(seen).1).collect()
        };
        assert_eq!(of_119(&rig), [lost[0].1.clone()], "{kind:?}");
        let before = rig.header(119).unwrap();
        assert!(now(rig.source.agrees(119, &before.block.hash)).unwrap());
        peer.chain.stand_at("07d-lost-reorged-out");
        assert_eq!(of_119(&rig), [], "{kind:?}");
        assert!(!now(rig.source.agrees(119, &before.block.hash)).unwrap());
    }
}

#[test]
fn a_range_during_which_the_chain_changed_is_not_taken() {
    for kind in KINDS {
        let peer = Peer::at(kind, "07d-lost-reorged-out");
        let rig = rig(vec![Arc::clone(&peer)]);
        // Block 118, then the stale 119, then 120 on the other 119.
        let stale = RecordedBitcoin::labelled("A-lost");
        let other = RecordedBitcoin::labelled("B-conflict");
        match kind {
            ProviderKind::Node => peer.twist("getblockhash", move |body| {
                let text = String::from_utf8(body).unwrap();
                (200, text.replace(other, stale).into_bytes())
            }),
            _ => change_blocks(&peer, stale),
        }
        let refused = rig.read(118..=120).unwrap_err();
        assert!(matches!(refused, ChainError::NotThere { .. }), "{refused}");
    }
}

fn change_blocks(peer: &Arc<Peer>, stale: &'static str) {
    let raw = RecordedBitcoin::raw(stale);
    let other = RecordedBitcoin::labelled("B-conflict");
    peer.twist("block", move |body| {
        if body == other.as_bytes() {
            (200, stale.as_bytes().to_vec())
        } else if body == b"Block not found" {
            (200, raw.clone())
        } else {
            (200, body)
        }
    });
}

#[test]
fn a_block_above_the_tip_is_not_there_yet() {
    for kind in KINDS {
        let rig = rig(vec![Peer::at(kind, FINAL)]);
        for refused in [rig.read(130..=131).unwrap_err(), rig.header(131).unwrap_err()] {
            assert!(
                matches!(refused, ChainError::NotThere { .. }),
                "{kind:?} {refused}"
            );
        }
        assert!(
            rig.read(130..=130).is_ok(),
            "and the provider is as good as before"
        );
    }
}

#[test]
fn a_block_costs_the_same_calls_however_many_addresses_are_watched() {
    for (kind, per_range) in [(ProviderKind::Node, 8), (ProviderKind::Esplora, 8)] {
        let mut counts = Vec::new();
        for count in [10_u32, 1000, 100_000] {
            let rig = rig(vec![Peer::at(kind, FINAL)]);
            let mut watched = watched();
            for index in 0..count {
                let mut script = [0x00, 0x14].to_vec();
                script.extend_from_slice(&index.to_be_bytes());
                script.extend_from_slice(&[7; 16]);
                watched.insert_script(&script, &format!("watched {index}"));
            }
            now(rig.source.tip()).unwrap();
            rig.peers[0].take_asked();
            let blocks = now(rig.source.read(127..=130, &watched)).unwrap();
            assert_eq!(blocks.transfers.len(), 6);
            counts.push(rig.peers[0].take_asked().len());
        }
        assert_eq!(
            counts, [per_range; 3],
            "two calls for each of four blocks: {kind:?}"
        );
    }
}

#[test]
fn looking_for_a_new_tip_in_vain_costs_one_call() {
    for kind in KINDS {
        let rig = rig(vec![Peer::at(kind, FINAL)]);
        now(rig.source.tip()).unwrap();
        rig.peers[0].take_asked();
        now(rig.source.tip()).unwrap();
        assert_eq!(rig.peers[0].take_asked().len(), 1, "{kind:?}");
    }
}

#[test]
fn a_new_tip_on_a_known_block_costs_two_calls() {
    for kind in KINDS {
        let rig = rig(vec![Peer::at(kind, "01a-exact-in-mempool")]);
        now(rig.source.tip()).unwrap();
        rig.peers[0].take_asked();
        rig.peers[0].chain.stand_at("01b-exact-mined");
        now(rig.source.tip()).unwrap();
        let asked = rig.peers[0].take_asked();
        assert_eq!(asked.len(), 2, "{kind:?} {asked:?}");
    }
}

#[test]
fn what_blocks_hold_is_proven_and_no_provider_is_asked_for_it_twice() {
    let rig = rig(vec![
        Peer::at(ProviderKind::Node, FINAL),
        Peer::at(ProviderKind::Esplora, FINAL),
    ]);
    assert_eq!(rig.source.assurance(), Assurance::Proven);
    assert_eq!(now(rig.source.read_again(129..=130, &watched())).unwrap(), None);
    rig.read(129..=130).unwrap();
    assert_eq!(rig.peers[1].requests(), 0);
}

#[test]
fn a_range_is_bounded() {
    let rig = rig(vec![Peer::at(ProviderKind::Node, FINAL)]);
    assert!(matches!(
        rig.read(100..=104),
        Err(ChainError::RangeTooLarge { .. })
    ));
    assert!(rig.read(100..=103).is_ok());
}
