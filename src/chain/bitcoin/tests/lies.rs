//! Providers that lie or fail, each alone and next to an honest one: nothing is lost, and nothing is credited that was
//! not paid.

use super::*;
use crate::net::TransportError;

const EXACT: &str = "58964f6dc0821df206d1237f843e26f68de882e02b99d0bb78493883798f7b1a";
const EXACT_HEIGHT: u64 = 112;

/// A peer whose every answer goes through `lie`, preferred to an honest one of the other kind: reading goes on as if
/// it were not there. Alone, nothing is read from it, for a reason that begins with `reason` after its name.
fn does_no_harm(reason: &str, lie: impl Fn(&Peer)) {
    for (kind, other) in [
        (ProviderKind::Node, ProviderKind::Esplora),
        (ProviderKind::Esplora, ProviderKind::Node),
    ] {
        let liar = Peer::at(kind, FINAL);
        lie(&liar);
        let alone = rig(vec![liar]);
        let refused = reasons(&alone.read(EXACT_HEIGHT..=EXACT_HEIGHT).unwrap_err());
        assert!(refused.contains(reason), "{kind:?} {refused}");
        let asked_before = alone.peers[0].requests();
        assert!(alone.read(EXACT_HEIGHT..=EXACT_HEIGHT).is_err());
        assert_eq!(
            alone.peers[0].requests(),
            asked_before,
            "{kind:?} it is left alone for a while"
        );

        let liar = Peer::at(kind, FINAL);
        lie(&liar);
        let both = rig(vec![liar, Peer::at(other, FINAL)]);
        let found: Vec<_> = both.read_all(111..=113).iter().map(credit).collect();
        let mut expected = RecordedBitcoin::credits("confirmed");
        expected.retain(|(height, _)| height.is_some_and(|height| height <= 113));
        assert_eq!(found, expected, "{kind:?}");
        assert_eq!(now(both.source.tip()).unwrap().height, 130, "{kind:?}");
    }
}

/// The same block with another amount in the payment.
fn with_more_money(mut raw: Vec<u8>) -> Vec<u8> {
    let (paid, more) = (150_000_u64.to_le_bytes(), 950_000_u64.to_le_bytes());
    let at = raw.windows(8).position(|window| window == paid);
    if let Some(at) = at {
        raw[at..at + 8].copy_from_slice(&more);
    }
    raw
}

/// `raw` without the payment, which is its last transaction.
fn without_the_payment(mut raw: Vec<u8>) -> Vec<u8> {
    let payment = RecordedBitcoin::raw_transaction(EXACT);
    if raw.ends_with(&payment) {
        raw.truncate(raw.len() - payment.len());
        raw[HEADER_BYTES] = 1;
    }
    raw
}

const HEADER_BYTES: usize = super::header::HEADER_BYTES;

/// Puts the root of its transactions into the header of `raw`.
fn with_its_root(mut raw: Vec<u8>) -> Vec<u8> {
    let txids: Vec<Hash> = {
        let block = block::read_block(Coin::Bitcoin, &raw).unwrap();
        block
            .transactions
            .iter()
            .map(|transaction| transaction.txid)
            .collect()
    };
    let [first, second] = txids.as_slice() else {
        panic!("two transactions")
    };
    let root = Hash::of(&[&first.0, &second.0]);
    raw[36..68].copy_from_slice(&root.0);
    raw
}

#[test]
fn an_altered_amount_does_no_harm() {
    does_no_harm("has transactions that its header does not tell of", |liar| {
        liar.twist_blocks(with_more_money);
    });
}

#[test]
fn a_transaction_left_out_does_no_harm() {
    does_no_harm("has transactions that its header does not tell of", |liar| {
        liar.twist_blocks(without_the_payment);
    });
}

#[test]
fn another_block_in_place_of_the_one_asked_for_does_no_harm() {
    does_no_harm("is not the one that was asked for", |liar| {
        liar.twist_blocks(|raw| {
            if raw == RecordedBitcoin::raw(RecordedBitcoin::labelled("exact")) {
                RecordedBitcoin::raw(RecordedBitcoin::labelled("part1"))
            } else {
                raw
            }
        });
    });
}

#[test]
fn a_made_up_block_without_proof_of_work_does_no_harm() {
    let real = RecordedBitcoin::labelled("exact");
    let mut made_up = with_its_root(with_more_money(RecordedBitcoin::raw(real)));
    // On a regtest chain every other number is a proof: one that is none is looked for.
    let bits = 0x207f_ffff_u32.to_le_bytes();
    assert_eq!(made_up[72..76], bits);
    while Hash::of(&[&made_up[..80]]).reversed()[0] < 0x80 {
        made_up[76] += 1;
    }
    let name = Hash::of(&[&made_up[..80]]).to_string();
    does_no_harm("has no proof of work", |liar| {
        let (made_up, name) = (made_up.clone(), name.clone());
        liar.twist_all(move |asked, status, body| {
            if asked == format!("block/{name}/raw") {
                return (200, made_up.clone());
            }
            let text = String::from_utf8(body.clone()).unwrap_or_default();
            if asked == "getblock" && text.contains("not found") {
                let reply = serde_json::json!({"jsonrpc": "2.0", "id": 0, "result": hex::encode(&made_up)});
                return (200, serde_json::to_vec(&reply).unwrap());
            }
            if asked == "getblockhash" || asked.starts_with("block-height") {
                return (status, text.replace(real, &name).into_bytes());
            }
            (status, body)
        });
    });
}

#[test]
fn a_block_of_another_height_does_no_harm() {
    let (real, other) = (
        RecordedBitcoin::labelled("exact"),
        RecordedBitcoin::labelled("part1"),
    );
    does_no_harm("belongs to another height", |liar| {
        liar.twist_all(move |asked, status, body| {
            if asked == "getblockhash" || asked.starts_with("block-height") {
                let text = String::from_utf8(body).unwrap();
                return (status, text.replace(real, other).into_bytes());
            }
            (status, body)
        });
    });
}

#[test]
fn another_chain_does_no_harm() {
    let regtest = "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206";
    let mainnet = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f";
    does_no_harm("its first block is another", |liar| {
        liar.twist_all(move |_, status, body| match String::from_utf8(body) {
            Ok(text) => (status, text.replace(regtest, mainnet).into_bytes()),
            Err(body) => (status, body.into_bytes()),
        });
    });
}

#[test]
fn a_reply_cut_short_does_no_harm() {
    does_no_harm("", |liar| {
        liar.twist_all(|_, status, mut body| {
            body.truncate(body.len() / 2);
            (status, body)
        });
    });
    does_no_harm("is cut short", |liar| {
        liar.twist_blocks(|mut raw| {
            raw.truncate(raw.len() - 1);
            raw
        });
    });
}

#[test]
fn bytes_behind_a_block_do_no_harm() {
    does_no_harm("has bytes after its end", |liar| {
        liar.twist_blocks(|mut raw| {
            raw.push(0);
            raw
        });
    });
}

#[test]
fn a_page_of_html_with_status_200_does_no_harm() {
    does_no_harm("cannot be read", |liar| {
        liar.answers(200, None, "<html><body>Checking your browser</body></html>");
    });
    does_no_harm("the reply is not block 112", |liar| {
        liar.twist_blocks(|_| {
            b"<html><body>Checking your browser, which takes more than the eighty bytes of a header</body></html>"
                .to_vec()
        });
    });
}

#[test]
fn a_storm_of_too_many_requests_does_no_harm() {
    does_no_harm("429", |liar| {
        liar.answers(429, Some(120), "Too Many Requests");
    });
    // A page of words has once been taken for a block's hash.
    does_no_harm("429", |liar| {
        liar.twist_all(|asked, status, body| {
            if asked == "getblockhash" || asked == "block-height/112" {
                return (429, vec![b'a'; 64]);
            }
            (status, body)
        });
    });
}

#[test]
fn a_provider_that_hangs_does_no_harm() {
    does_no_harm("no reply within 20 s", |liar| {
        liar.fails(TransportError::Timeout(Duration::from_secs(20)));
    });
}

#[test]
fn a_provider_that_withholds_new_blocks_cannot_hide_them() {
    for (kind, other) in [
        (ProviderKind::Node, ProviderKind::Esplora),
        (ProviderKind::Esplora, ProviderKind::Node),
    ] {
        let stale = Peer::at(kind, "07d-lost-reorged-out");
        let rig = rig(vec![stale, Peer::at(other, FINAL)]);
        assert_eq!(now(rig.source.tip()).unwrap().height, 130);
        let found: Vec<_> = rig.read_all(121..=130).iter().map(credit).collect();
        let mut expected = RecordedBitcoin::credits("confirmed");
        expected.retain(|(height, _)| height.is_some_and(|height| height > 120));
        expected.sort_by_key(|(height, _)| *height);
        assert_eq!(found.len(), expected.len());
        // Lagging is no failure.
        rig.peers[0].chain.stand_at(FINAL);
        assert_eq!(now(rig.source.tip()).unwrap().height, 130);
        rig.clock.advance(Duration::from_secs(61));
        rig.peers[0].take_asked();
        rig.read(130..=130).unwrap();
        assert!(!rig.peers[0].take_asked().is_empty(), "{kind:?}");
    }
}

#[test]
fn a_made_up_height_of_the_tip_is_found_out() {
    for (kind, other) in [
        (ProviderKind::Node, ProviderKind::Esplora),
        (ProviderKind::Esplora, ProviderKind::Node),
    ] {
        let boaster = Peer::at(kind, FINAL);
        boaster.twist_all(|_, status, body| match String::from_utf8(body) {
            Ok(text) => (
                status,
                text.replace("\"height\":130", "\"height\":900130").into_bytes(),
            ),
            Err(body) => (status, body.into_bytes()),
        });
        let rig = rig(vec![boaster, Peer::at(other, FINAL)]);
        assert_eq!(now(rig.source.tip()).unwrap().height, 130, "{kind:?}");
        let asked = rig.peers[0].requests();
        assert_eq!(now(rig.source.tip()).unwrap().height, 130);
        assert_eq!(
            rig.peers[0].requests(),
            asked,
            "{kind:?} its word is worth nothing"
        );
    }
}

#[test]
fn a_header_that_does_not_hash_to_its_name_is_refused() {
    let liar = Peer::at(ProviderKind::Node, FINAL);
    liar.twist("getblockheader", |body| {
        let text = String::from_utf8(body).unwrap();
        (200, text.replace("\"nonce\":", "\"nonce\":1").into_bytes())
    });
    let rig = rig(vec![liar]);
    assert!(reasons(&now(rig.source.tip()).unwrap_err()).contains("does not hash to its name"));
}

#[test]
fn one_provider_alone_makes_no_quorum_of_two() {
    let rig = rig(vec![
        Peer::at(ProviderKind::Node, FINAL),
        Peer::at(ProviderKind::Esplora, "07a-lost-confirmed"),
    ]);
    let [ours, theirs] = [&rig.peers[0], &rig.peers[1]].map(|peer| peer.chain.hash_at(119).unwrap());
    assert_ne!(ours, theirs);
    for hash in [ours, theirs] {
        assert!(!now(rig.source.agrees(119, hash)).unwrap());
    }
    let below = rig.peers[0].chain.hash_at(118).unwrap();
    assert!(now(rig.source.agrees(118, below)).unwrap());
}

#[test]
fn a_provider_stuck_on_a_lost_branch_does_not_hold_up_a_reorganisation() {
    for (kind, other) in [
        (ProviderKind::Node, ProviderKind::Esplora),
        (ProviderKind::Esplora, ProviderKind::Node),
    ] {
        let stuck = Peer::at(kind, "07a-lost-confirmed");
        let rig = rig(vec![stuck, Peer::at(other, "07d-lost-reorged-out")]);
        let tip = now(rig.source.tip()).unwrap();
        assert_eq!(tip.height, 120);
        // The engine walks back from here: it has to walk on the branch of the tip.
        let below = rig.header(119).unwrap().block;
        assert_eq!(&*below.hash, RecordedBitcoin::labelled("B-conflict"), "{kind:?}");
        assert_eq!(rig.read(119..=120).unwrap().headers[0].block, below);
    }
}

#[test]
fn a_stale_block_said_to_be_the_chains_is_not_taken_for_a_common_ancestor() {
    for kind in KINDS {
        let liar = Peer::at(kind, FINAL);
        let (real, stale) = (
            liar.chain.hash_at(119).unwrap(),
            RecordedBitcoin::labelled("A-lost"),
        );
        assert_ne!(real, stale);
        // By whichever protocol, it names the block at a height so.
        liar.twist_all(move |asked, status, body| match asked {
            "getblockhash" | "block-height/119" => {
                let text = String::from_utf8(body).unwrap();
                (status, text.replace(real, stale).into_bytes())
            }
            _ => (status, body),
        });
        let rig = rig(vec![liar]);
        assert_eq!(now(rig.source.tip()).unwrap().height, 130);
        assert_eq!(&*rig.header(119).unwrap().block.hash, real, "{kind:?}");
    }
}
