//! What is found in mempools, by either kind.

use std::collections::HashSet;

use serde_json::Value;

use super::*;

#[test]
fn an_unconfirmed_payment_is_seen_until_it_is_mined_or_replaced() {
    for kind in KINDS {
        let peer = Peer::at(kind, "00-funded");
        let rig = rig(vec![Arc::clone(&peer)]);
        let mut seen: Vec<Credit> = Vec::new();
        for step in RecordedBitcoin::steps() {
            peer.chain.stand_at(step);
            let found = rig.unconfirmed();
            let is_waiting = step.ends_with("in-mempool") || step.contains("07b") || step.contains("08");
            assert!(found.is_empty() || is_waiting, "{kind:?} {step}: {found:?}");
            seen.extend(found);
        }
        let named = |state: &str| -> Vec<Credit> {
            let credits = RecordedBitcoin::credits(state).into_iter();
            credits.map(|(_, credit)| credit).collect()
        };
        for replaced in named("replaced before confirmation") {
            assert_eq!(
                seen.iter().filter(|credit| **credit == replaced).count(),
                1,
                "{kind:?} {replaced:?}"
            );
        }
        let all: Vec<Credit> = ["confirmed", "replaced", "reorged out"]
            .iter()
            .flat_map(|state| named(state))
            .collect();
        let made_up: Vec<_> = seen.iter().filter(|credit| !all.contains(credit)).collect();
        assert!(made_up.is_empty(), "{kind:?} {made_up:?}");
        // All but a coinbase, a transaction that no node relays, and the one whose block was the first to be seen.
        let never_waited = all.iter().filter(|credit| !seen.contains(credit)).count();
        assert_eq!(never_waited, 2, "{kind:?}");
    }
}

#[test]
fn a_nodes_transactions_are_asked_for_once() {
    let peer = Peer::at(ProviderKind::Node, "10a-three-hundred-in-mempool");
    let rig = rig(vec![Arc::clone(&peer)]);
    let count = |asked: Vec<String>| {
        asked
            .iter()
            .filter(|method| *method == "getrawtransaction")
            .count()
    };
    assert_eq!(rig.unconfirmed().len(), 1);
    assert_eq!(count(peer.take_asked()), 299);
    assert_eq!(rig.unconfirmed_of(&watched()).looked_at.len(), watched().len());
    assert_eq!(rig.unconfirmed().len(), 1);
    assert_eq!(count(peer.take_asked()), 0);
}

#[test]
fn an_address_that_comes_to_be_expected_is_found_in_what_was_looked_at_before() {
    let peer = Peer::at(ProviderKind::Node, "10a-three-hundred-in-mempool");
    let rig = rig(vec![Arc::clone(&peer)]);
    let mut expected = WatchSet::default();
    expected.insert(&address("bcrt1q6rz28mcfaxtmd6v789l9rrlrusdprr9pz3cppk"));
    assert_eq!(rig.unconfirmed_of(&expected).transfers, []);
    peer.take_asked();
    assert_eq!(rig.unconfirmed().len(), 1);
    assert_eq!(peer.take_asked(), ["getrawmempool", "getrawtransaction"]);
    assert_eq!(rig.unconfirmed_of(&expected).transfers, []);
}

#[test]
fn a_transaction_that_left_the_mempool_between_two_calls_is_passed_over() {
    let peer = Peer::at(ProviderKind::Node, "11a-opreturn-and-dust-in-mempool");
    let rig = rig(vec![Arc::clone(&peer)]);
    let gone = "a91f1be39640251d8dff4e9323e0a5615857aa2134b02d733737b2055508c2dd";
    peer.twist("getrawtransaction", |body| {
        let mut replies: Value = serde_json::from_slice(&body).unwrap();
        for reply in replies.as_array_mut().unwrap() {
            *reply = serde_json::json!({"jsonrpc": "2.0", "id": reply["id"],
                "error": {"code": -5, "message": "No such mempool transaction."}});
        }
        (200, serde_json::to_vec(&replies).unwrap())
    });
    assert_eq!(rig.unconfirmed(), []);
    peer.twist("nothing", |body| (200, body));
    let found = rig.unconfirmed();
    assert_eq!(
        found.iter().filter(|(txid, ..)| txid == gone).count(),
        3,
        "asked for again"
    );
}

#[test]
fn an_esplora_server_is_asked_for_a_bounded_number_of_addresses_in_turn() {
    let peer = Peer::at(ProviderKind::Esplora, "01a-exact-in-mempool");
    let rig = rig(vec![Arc::clone(&peer)]);
    let mut expected = watched();
    for index in 0..50_u8 {
        let mut script = vec![0x00, 0x14];
        script.extend_from_slice(&[index; 20]);
        expected.insert_script(&script, &format!("address-{index}"));
    }
    now(rig.source.tip()).unwrap();
    peer.take_asked();
    let (mut looked_at, mut found) = (HashSet::new(), 0);
    for _ in 0..3 {
        let look = rig.unconfirmed_of(&expected);
        assert_eq!(look.looked_at.len(), 25);
        assert_eq!(peer.take_asked().len(), 25);
        looked_at.extend(look.looked_at);
        found += look.transfers.len();
    }
    assert_eq!(looked_at.len(), expected.len());
    assert!(found >= 1);
}

#[test]
fn what_has_not_had_its_turn_is_not_said_to_be_missing() {
    let peer = Peer::at(ProviderKind::Node, "01a-exact-in-mempool");
    // More than one look takes; nothing else is known of them.
    peer.twist("getrawmempool", |body| {
        let mut reply: Value = serde_json::from_slice(&body).unwrap();
        let waiting = reply["result"].as_array_mut().unwrap();
        waiting.extend((0..700).map(|index| Value::from(format!("{index:064x}"))));
        (200, serde_json::to_vec(&reply).unwrap())
    });
    let rig = rig(vec![peer]);
    let look = rig.unconfirmed_of(&watched());
    assert_eq!((look.transfers.len(), look.looked_at.len()), (1, 0));
}

#[test]
fn a_provider_that_refuses_its_mempool_is_still_read_from() {
    let silent = Peer::at(ProviderKind::Node, "01a-exact-in-mempool");
    silent.twist("getrawmempool", |_| {
        let refusal = br#"{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":0}"#;
        (200, refusal.to_vec())
    });
    let alone = rig(vec![Arc::clone(&silent)]);
    assert_eq!(now(alone.source.unconfirmed(&watched())).unwrap(), None);
    silent.take_asked();
    assert_eq!(now(alone.source.unconfirmed(&watched())).unwrap(), None);
    assert_eq!(silent.take_asked(), [""; 0], "it is not asked again for a while");
    assert!(alone.read(111..=111).is_ok());
    let both = rig(vec![
        silent,
        Peer::at(ProviderKind::Esplora, "01a-exact-in-mempool"),
    ]);
    assert_eq!(both.unconfirmed().len(), 1);
}

#[test]
fn a_made_up_transaction_under_another_ones_id_is_a_lie() {
    let liar = Peer::at(ProviderKind::Node, "01a-exact-in-mempool");
    liar.twist("getrawtransaction", |body| {
        let text = String::from_utf8(body).unwrap();
        // 150 000 satoshis become more.
        assert!(text.contains("f049020000000000"));
        (
            200,
            text.replace("f049020000000000", "f0f9020000000000").into_bytes(),
        )
    });
    let rig = rig(vec![
        liar,
        Peer::at(ProviderKind::Esplora, "01a-exact-in-mempool"),
    ]);
    assert_eq!(rig.unconfirmed()[0].3, 150_000);
}

#[test]
fn what_came_since_the_last_look_is_looked_at_before_what_waited_already() {
    let peer = Peer::at(ProviderKind::Node, "01a-exact-in-mempool");
    let looks = std::sync::atomic::AtomicUsize::new(0);
    // A crowd that was there before, and whose transactions nobody can have; then the payment behind it.
    peer.twist("getrawmempool", move |body| {
        let mut reply: Value = serde_json::from_slice(&body).unwrap();
        let mut waiting: Vec<Value> = (0..1200)
            .map(|index| Value::from(format!("{index:064x}")))
            .collect();
        if looks.fetch_add(1, std::sync::atomic::Ordering::Relaxed) > 0 {
            waiting.push(reply["result"][0].clone());
        }
        reply["result"] = waiting.into();
        (200, serde_json::to_vec(&reply).unwrap())
    });
    let rig = rig(vec![peer]);
    assert_eq!(rig.unconfirmed(), []);
    assert_eq!(rig.unconfirmed().len(), 1);
}
