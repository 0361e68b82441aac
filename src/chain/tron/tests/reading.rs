//! What is read of the recorded chain.

use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

#[test]
fn every_credit_of_the_recording_is_read_and_none_other() {
    for at_once in [1, 2, 20] {
        let rig = rig(vec![RecordedTron::honest(), RecordedTron::honest()]);
        let all = rig.read_all(at_once).unwrap();
        assert_eq!(told(&all.transfers), credits(FIRST..=LAST), "{at_once} at once");
        let heights: Vec<u64> = all.headers.iter().map(|header| header.block.height).collect();
        assert_eq!(heights, (FIRST..=LAST).collect::<Vec<_>>());
        assert_eq!(
            all.headers[0].block.time,
            UnixMillis::new(Branch::recorded().time_ms(FIRST))
        );
    }
}

#[test]
fn one_provider_is_enough_when_it_is_the_only_one() {
    let rig = rig(vec![RecordedTron::honest()]);
    assert_eq!(told(&rig.read_all(20).unwrap().transfers), credits(FIRST..=LAST));
    assert_eq!(rig.source.assurance(), Assurance::OneProvider);
}

#[test]
fn what_is_credited_explains_the_balances_to_the_unit() {
    let rig = rig(vec![RecordedTron::honest(), RecordedTron::honest()]);
    let all = rig.read_all(20).unwrap();
    let tip = now(rig.source.tip()).unwrap();
    let mut asked = Vec::new();
    for shop in ["shop_a", "shop_b"] {
        let address = Address::parse(Family::Tron, &base58("addresses", shop)).unwrap();
        for currency in ["native", USDT] {
            asked.push((address.clone(), Currency::parse(currency).unwrap()));
        }
    }
    let balances = now(rig.source.balances(&tip, &asked)).unwrap().unwrap();
    let spent: &[u128] = &[2_297_500, 5_000_000, 0, 0];
    for (((address, currency), balance), spent) in asked.iter().zip(balances).zip(spent) {
        let received: u128 = all
            .transfers
            .iter()
            .filter(|seen| seen.address == *address.text() && seen.currency == *currency)
            .map(|seen| seen.amount.get())
            .sum();
        assert_eq!(received, balance.get() + spent, "{address} {currency}");
    }
    let below = &all.headers[3].block;
    assert_eq!(
        now(rig.source.balances(below, &asked)).unwrap(),
        None,
        "only the tip's are known"
    );
}

#[test]
fn balances_between_which_a_block_came_are_not_told() {
    static ASKED: AtomicBool = AtomicBool::new(false);
    let node = RecordedTron::honest();
    node.twist(|path, _, answer| {
        if path.ends_with("wallet/getaccount") {
            ASKED.store(true, Ordering::Relaxed);
        }
        // The recorded chain has no further block: the one before is another as well.
        if path.ends_with("wallet/getnowblock") && ASKED.load(Ordering::Relaxed) {
            return Branch::recorded().block(LAST - 1);
        }
        answer
    });
    let rig = rig(vec![node]);
    let tip = now(rig.source.tip()).unwrap();
    let address = Address::parse(Family::Tron, &base58("addresses", "shop_a")).unwrap();
    let asked = [(address, Currency::parse("native").unwrap())];
    assert_eq!(now(rig.source.balances(&tip, &asked)).unwrap(), None);
}

#[test]
fn the_chain_is_followed_as_it_grows() {
    let rig = rig(vec![RecordedTron::honest(), RecordedTron::honest()]);
    let mut found = Vec::new();
    let mut next = FIRST;
    for (head, solid) in recorded::positions() {
        for node in &rig.nodes {
            node.stand_at(head, solid);
        }
        rig.clock
            .set(UnixMillis::new(Branch::recorded().time_ms(head) + 1000));
        let tip = now(rig.source.tip()).unwrap();
        assert_eq!(tip.height, head);
        found.extend(rig.read(next..=head).unwrap().transfers);
        next = head + 1;
        assert_eq!(
            rig.is_final(solid.max(FIRST)).unwrap(),
            solid >= FIRST,
            "what is solid is final"
        );
        assert!(!rig.is_final(head).unwrap(), "what is not solid is not");
    }
    assert_eq!(told(&found), credits(FIRST..=LAST));
}

#[test]
fn a_block_costs_as_many_calls_whether_ten_addresses_are_watched_or_a_hundred_thousand() {
    let mut costs = Vec::new();
    for count in [10_u32, 1_000, 100_000] {
        let rig = rig(vec![RecordedTron::honest(), RecordedTron::honest()]);
        let mut watched = shops();
        for number in 0..count {
            let mut account = [9; 20];
            account[..4].copy_from_slice(&number.to_be_bytes());
            watched.insert_script(&account, "another");
        }
        now(rig.source.read(326..=326, &watched)).unwrap();
        rig.nodes.iter().for_each(|node| drop(node.take_calls()));
        let blocks = now(rig.source.read(327..=327, &watched)).unwrap();
        assert_eq!(told(&blocks.transfers), credits(327..=327));
        let calls: Vec<Vec<String>> = rig
            .nodes
            .iter()
            .map(|node| node.take_calls().into_iter().map(|(path, _)| path).collect())
            .collect();
        costs.push(calls);
    }
    assert_eq!(
        costs[0],
        [
            vec!["/wallet/getblockbynum", "/wallet/gettransactioninfobyblocknum"],
            vec!["/wallet/gettransactioninfobyblocknum"],
        ],
        "two calls, and a second provider's word"
    );
    assert!(costs.iter().all(|cost| *cost == costs[0]), "{costs:?}");
}

#[test]
fn catching_up_reads_many_blocks_by_one_call() {
    let rig = rig(vec![RecordedTron::honest()]);
    rig.read(FIRST..=FIRST + 19).unwrap();
    let with_txs = Branch::recorded().blocks_with_txs(FIRST..=FIRST + 19);
    assert_eq!(rig.nodes[0].called("getblockbylimitnext"), 1);
    assert_eq!(rig.nodes[0].called("gettransactioninfobyblocknum"), with_txs);
    assert_eq!(rig.source.range_max(), 20);
    let refused = now(rig.source.read(FIRST..=FIRST + 20, &shops())).unwrap_err();
    assert!(matches!(refused, ChainError::RangeTooLarge { .. }), "{refused}");
}

#[test]
fn no_more_blocks_are_asked_for_at_once_than_a_node_gives() {
    let wide = TronSettings {
        range_max: 1000,
        ..settings()
    };
    assert_eq!(
        rig_with(wide, vec![RecordedTron::honest()]).source.range_max(),
        100
    );
}

#[test]
fn a_block_that_is_not_there_yet_is_not_an_empty_one() {
    let rig = rig(vec![RecordedTron::honest(), RecordedTron::honest()]);
    for heights in [LAST + 1..=LAST + 1, LAST..=LAST + 1, LAST + 1..=LAST + 3] {
        let refused = rig.read(heights).unwrap_err();
        assert!(matches!(refused, ChainError::NotThere { .. }), "{refused}");
    }
    assert!(now(ChainSource::header(&rig.source, LAST + 1)).is_err());
    assert_eq!(
        rig.read(LAST..=LAST).unwrap().headers.len(),
        1,
        "nobody is punished for it"
    );
}

#[test]
fn a_node_that_has_a_block_and_not_yet_what_it_did_is_waited_for() {
    let lagging = || {
        RecordedTron::lying("gettransactioninfobyblocknum", |_, answer| {
            *answer = serde_json::json!([])
        })
    };
    for nodes in [
        vec![lagging()],
        vec![lagging(), lagging()],
        vec![RecordedTron::honest(), lagging()],
    ] {
        let refused = rig(nodes).read(303..=303).unwrap_err();
        assert!(matches!(refused, ChainError::NotThere { .. }), "{refused}");
    }
    let rig = rig(vec![lagging(), RecordedTron::honest(), RecordedTron::honest()]);
    assert_eq!(told(&rig.read_all(20).unwrap().transfers), credits(FIRST..=LAST));
}

#[test]
fn a_read_that_comes_again_is_made_by_another_provider_and_says_the_same() {
    let rig = rig(vec![RecordedTron::honest(), RecordedTron::honest()]);
    let first = rig.read(303..=308).unwrap();
    rig.nodes.iter().for_each(|node| drop(node.take_calls()));
    let again = now(rig.source.read_again(303..=308, &shops())).unwrap().unwrap();
    assert_eq!(again, first);
    assert_eq!(rig.nodes[0].called("getblockbylimitnext"), 0);
    assert_eq!(rig.nodes[1].called("getblockbylimitnext"), 1);
    let alone = super::rig(vec![RecordedTron::honest()]);
    assert_eq!(now(alone.source.read_again(303..=308, &shops())).unwrap(), None);
}

#[test]
fn where_no_address_is_watched_only_the_headers_are_read() {
    let rig = rig(vec![RecordedTron::honest(), RecordedTron::honest()]);
    let blocks = now(rig.source.read(303..=308, &WatchSet::default())).unwrap();
    assert_eq!((blocks.headers.len(), blocks.transfers.len()), (6, 0));
    assert_eq!(rig.nodes[0].called("gettransactioninfobyblocknum"), 0);
}

#[test]
fn the_fake_token_is_one_if_it_is_configured_because_a_token_is_its_contract() {
    let mut settings = settings();
    let mut fake = (*settings.tokens[0]).clone();
    fake.currency = Currency::parse("fake").unwrap();
    fake.contract = Some(Address::parse(Family::Tron, &base58("contracts", "fake")).unwrap());
    settings.tokens = vec![Arc::new(fake)];
    settings.native = None;
    let rig = rig_with(settings, vec![RecordedTron::honest()]);
    let found = told(&rig.read_all(20).unwrap().transfers);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].0, found[0].4.as_str(), found[0].5),
        (312, "fake", 25_000_000)
    );
}
