//! What holds on a main chain only: a block's difficulty has to follow from its parent's.

use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

/// Block 1 of the main chain, as every node serves it, and the header below it.
const BLOCK_1: &str = "010000006fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c68d6190000000000982051fd1e4ba744bbbe680e1fee14677ba1a3c3540bf7b1cdb606e857233e0e61bc6649ffff001d01e362990101000000010000000000000000000000000000000000000000000000000000000000000000ffffffff0704ffff001d0104ffffffff0100f2052a0100000043410496b538e853519c726a2c91e61ec11600ae1390813a627c66fb8be7947be63c52da7589379515d4e0a604f8141781e62294721166bf621e73a82cbf2342c858eeac00000000";
const HEADER_0: &str = "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c";

const HASH_0: &str = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f";
const HASH_1: &str = "00000000839a8e6886ab5951d76f411475428afc90947ee320161bbf18eb6048";

/// A source over a node of the main chain that tells of block 1, and says that `header_0` is the header below it.
fn mainnet(header_0: String) -> Rig {
    let peer = Peer::at(ProviderKind::Node, FINAL);
    let is_checked = AtomicBool::new(false);
    peer.twist_all(move |asked, _, _| {
        let result = match asked {
            // The first question tells which chain it is.
            "getblockhash" if is_checked.swap(true, Ordering::Relaxed) => HASH_1,
            "getblockhash" => HASH_0,
            "getblock" => BLOCK_1,
            "getblockheader" => &header_0,
            other => panic!("{other}"),
        };
        let reply = serde_json::json!({"jsonrpc": "2.0", "id": 0, "result": result});
        (200, serde_json::to_vec(&reply).unwrap())
    });
    rig_of(Family::Bitcoin(Bip::Mainnet), vec![peer])
}

#[test]
fn the_difficulty_of_a_first_block_is_held_against_its_parents() {
    let rig = mainnet(HEADER_0.to_owned());
    let blocks = now(rig.source.read(1..=1, &WatchSet::default())).unwrap();
    assert_eq!(&*blocks.headers[0].block.hash, HASH_1);
    let asked = rig.peers[0].take_asked();
    assert_eq!(
        asked,
        ["getblockhash", "getblockhash", "getblock", "getblockheader"]
    );
    // From then on it is known.
    now(rig.source.read(1..=1, &WatchSet::default())).unwrap();
    assert_eq!(rig.peers[0].take_asked(), ["getblockhash", "getblock"]);
}

#[test]
fn another_header_in_place_of_the_parents_is_refused() {
    let rig = mainnet(HEADER_0.replace("ffff001d", "ffff7f20"));
    let refused = now(rig.source.read(1..=1, &WatchSet::default())).unwrap_err();
    assert!(
        reasons(&refused).contains("does not hash to its name"),
        "{refused}"
    );
}
