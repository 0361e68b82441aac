//! Damaged replies of a node: no panic, and no transfer read that the chain does not hold.

use super::super::wire::{FullBlock, WireHeader, WireLogs, WireReceipts};
use super::node::RECORDED;
use super::*;
use crate::chain::jsonrpc;
use crate::mutation::{Mutator, bounded, run};
use crate::net::foul::FoulFetch;

/// What an honest node's blocks are, headers and transfers.
fn honest(mode: ReadMode) -> Blocks {
    rig(mode, vec![Node::honest(), Node::honest()])
        .read(1..=5)
        .unwrap()
}

/// A source over so many nodes, of which the replies of the first are damaged.
fn fouled(mode: ReadMode, nodes: usize, from: &mut Mutator) -> Rig {
    let nodes = (0..nodes).map(|_| Node::honest()).collect();
    rig_behind(settings(mode), nodes, |net| {
        Arc::new(FoulFetch::new(net, "node0.example", from))
    })
}

/// Everything that is asked of a node.
fn ask_all(rig: &Rig) {
    let _ = now(rig.source.tip());
    let _ = now(ChainSource::header(&rig.source, 3));
    let _ = now(rig.source.agrees(3, &node::hash(3)));
    let _ = now(rig.source.is_final(3, &node::hash(3)));
    let family = Family::Evm { chain_id: CHAIN_ID };
    let at = BlockRef {
        height: 5,
        hash: node::hash(5).into(),
        time: NOW,
    };
    let asked: Vec<_> = ["native", "usdt"]
        .map(|currency| {
            (
                Address::parse(family, &recorded("a")).unwrap(),
                Currency::parse(currency).unwrap(),
            )
        })
        .into();
    let _ = now(rig.source.balances(&at, &asked));
    let _ = now(rig.source.probe());
}

#[test]
fn damaged_receipts_are_proven_wrong_by_the_header_also_where_nobody_else_can_be_asked() {
    let honest = honest(ReadMode::Receipts);
    run("chain::evm::receipts", 200, |from| {
        let nodes = 1 + from.below(2);
        let rig = fouled(ReadMode::Receipts, nodes, from);
        for heights in [1..=5, 2..=3, 5..=5] {
            if let Ok(read) = rig.read(heights.clone()) {
                let is_of = |height: u64| heights.contains(&height);
                let headers = honest.headers.iter().filter(|header| is_of(header.block.height));
                let transfers = honest.transfers.iter().filter(|seen| is_of(seen.block.height));
                assert_eq!(read.headers, headers.cloned().collect::<Vec<_>>());
                assert_eq!(read.transfers, transfers.cloned().collect::<Vec<_>>());
            }
        }
        ask_all(&rig);
    });
}

#[test]
fn damaged_logs_are_not_read_where_another_node_tells_otherwise() {
    let honest = honest(ReadMode::Logs);
    run("chain::evm::logs", 100, |from| {
        let rig = fouled(ReadMode::Logs, 2, from);
        for _ in 0..2 {
            if let Ok(read) = rig.read(1..=5) {
                assert_eq!(read.transfers, honest.transfers);
            }
        }
        if let Ok(Some(again)) = now(rig.source.read_again(1..=5, &watched())) {
            assert!(again.transfers.iter().all(|seen| honest.transfers.contains(seen)));
        }
        ask_all(&rig);
    });
}

#[test]
fn no_reply_takes_many_times_its_length_in_memory() {
    let blocks = RECORDED["blocks"].as_array().unwrap();
    let receipts = blocks
        .iter()
        .map(|block| &RECORDED["receipts"][block["hash"].as_str().unwrap()]);
    let replies: Vec<String> = blocks
        .iter()
        .chain(receipts)
        .map(|result| serde_json::json!({"jsonrpc": "2.0", "id": 0, "result": result}).to_string())
        .collect();
    let lists = [
        "{}",
        "\"0x\"",
        "null",
        "[]",
        "{\"address\":\"0x0000000000000000000000000000000000000000\",\"storageKeys\":[]}",
    ];
    run("chain::evm::wire", 400, |from| {
        let body = if from.once_in(20) {
            let items = vec![from.pick(&lists); 20_000].join(",");
            format!(r#"{{"id":0,"result":{{"transactions":[{items}],"logs":[{items}]}}}}"#).into_bytes()
        } else {
            from.foul(&replies)
        };
        bounded(body.len(), 16, || drop(jsonrpc::read_single::<FullBlock>(&body)));
        bounded(body.len(), 16, || drop(jsonrpc::read_single::<WireHeader>(&body)));
        bounded(body.len(), 16, || {
            drop(jsonrpc::read_single::<WireReceipts>(&body))
        });
        bounded(body.len(), 16, || drop(jsonrpc::read_single::<WireLogs>(&body)));
    });
}
