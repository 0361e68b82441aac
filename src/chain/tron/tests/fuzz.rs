//! Damaged replies of a node: no panic, and no transfer read that the chain does not hold.

use super::super::wire::{WireAccount, WireBlock, WireBlocks, WireConstant, WireInfos};
use super::*;
use crate::mutation::{Mutator, bounded, run};
use crate::net::foul::FoulFetch;

/// A source over so many nodes, of which the replies of the first are damaged.
fn fouled(nodes: usize, from: &mut Mutator) -> Rig {
    let nodes = (0..nodes).map(|_| RecordedTron::honest()).collect();
    rig_behind(settings(), nodes, |net| {
        Arc::new(FoulFetch::new(net, "node0.example", from))
    })
}

#[test]
fn nothing_false_is_read_from_damaged_replies_where_others_tell_what_is_true() {
    run("chain::tron", 200, |from| {
        let nodes = 1 + from.below(3);
        let rig = fouled(nodes, from);
        for heights in [299..=304, 307..=308, 311..=316] {
            let read = rig.read(heights.clone());
            if let (Ok(read), 2..) = (read, nodes) {
                assert_eq!(told(&read.transfers), credits(heights));
            }
        }
        let tip = now(rig.source.tip());
        let _ = now(ChainSource::header(&rig.source, 303));
        let _ = rig.agrees(303);
        let _ = rig.is_final(303);
        if let Ok(tip) = tip {
            let address = Address::parse(Family::Tron, &base58("addresses", "shop_a")).unwrap();
            let asked =
                ["native", USDT].map(|currency| (address.clone(), Currency::parse(currency).unwrap()));
            let _ = now(rig.source.balances(&tip, &asked));
        }
        let _ = now(rig.source.probe());
    });
}

#[test]
fn no_reply_takes_many_times_its_length_in_memory() {
    let branch = Branch::recorded();
    let replies: Vec<String> = (FIRST..=LAST)
        .flat_map(|height| [branch.block(height).to_string(), branch.infos(height).to_string()])
        .collect();
    let shapes = [
        r#"{"blockID":"","block_header":{"raw_data":{}},"transactions":[*]}"#,
        r#"{"blockID":"","block_header":{"raw_data":{}},"transactions":[{"txID":"","raw_data_hex":"","ret":[*]}]}"#,
        r#"{"blockID":"","block_header":{"raw_data":{}},"transactions":[{"txID":"","raw_data_hex":"","signature":[*]}]}"#,
        r#"{"block":[*]}"#,
        "[*]",
        r#"[{"id":"","log":[*]}]"#,
        r#"[{"id":"","log":[{"address":"","topics":[*]}]}]"#,
        r#"[{"id":"","internal_transactions":[*]}]"#,
        r#"[{"id":"","internal_transactions":[{"caller_address":"","callValueInfo":[*]}]}]"#,
        r#"{"constant_result":[*]}"#,
    ];
    let items = [
        "{}",
        "\"\"",
        "{\"id\":\"\"}",
        "{\"address\":\"\"}",
        "{\"caller_address\":\"\"}",
        r#"{"txID":"","raw_data_hex":""}"#,
    ];
    run("chain::tron::wire", 150, |from| {
        let body = if from.once_in(4) {
            let items = vec![from.pick(&items); 100_000].join(",");
            from.pick(&shapes).replace('*', &items).into_bytes()
        } else {
            from.foul(&replies)
        };
        bounded(body.len(), 24, || {
            drop(serde_json::from_slice::<WireBlock>(&body))
        });
        bounded(body.len(), 24, || {
            drop(serde_json::from_slice::<WireBlocks>(&body))
        });
        bounded(body.len(), 24, || {
            drop(serde_json::from_slice::<WireInfos>(&body))
        });
        bounded(body.len(), 24, || {
            drop(serde_json::from_slice::<WireConstant>(&body))
        });
        bounded(body.len(), 24, || {
            drop(serde_json::from_slice::<WireAccount>(&body))
        });
    });
}
