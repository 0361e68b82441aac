//! Damaged lines of an Electrum server: no panic, no hang, and no transfer read that the chain does not hold.

use super::super::history::ScriptHash;
use super::super::proof::Branch;
use super::*;
use crate::chain::bitcoin::header::Hash;
use crate::mutation::{bounded, run};
use crate::net::foul::FoulDial;

#[test]
fn nothing_false_is_read_from_damaged_lines_also_where_nobody_else_can_be_asked() {
    let steps = ["01b", "08a", "08d", "15"];
    run("chain::bitcoin::electrum", 60, |from| {
        let servers = 1 + from.below(3);
        let manners: Vec<Manners> = (0..servers)
            .map(|_| {
                if from.once_in(2) {
                    Manners::ElectrumX
                } else {
                    Manners::Electrs
                }
            })
            .collect();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut rig = rig_behind(&manners, |dial| {
                Arc::new(FoulDial::new(dial, "server0.example", from))
            });
            for step in steps {
                rig.go_to(recorded().step(step));
                for _ in 0..2 {
                    rig.settle().await;
                    let _ = rig.follow().await;
                    for seen in rig.transfers.values() {
                        assert!(is_mined(seen), "{seen:?} at {step}");
                    }
                    rig.clock.advance(Duration::from_secs(61));
                }
            }
            if let Ok(tip) = rig.source.tip().await {
                let native = Currency::parse(Currency::NATIVE).unwrap();
                let asked: Vec<_> = recorded()
                    .addresses
                    .iter()
                    .map(|address| (address.clone(), native.clone()))
                    .collect();
                let _ = rig.source.balances(&tip, &asked).await;
            }
            let _ = rig.source.unconfirmed(&rig.watched).await;
            let _ = rig.source.probe().await;
        });
    });
}

/// Whether the recorded block holds the recorded transaction, and that pays so much to that address.
fn is_mined(seen: &SeenTransfer) -> bool {
    let (block, txid) = (
        Hash::parse(&seen.block.hash).unwrap(),
        Hash::parse(&seen.txid).unwrap(),
    );
    let address = recorded()
        .addresses
        .iter()
        .find(|address| *address.text() == seen.address);
    let script = ScriptHash::of(address.unwrap().payload());
    let units = u64::try_from(seen.amount.get()).unwrap();
    let block = recorded().blocks.get(&block);
    block.is_some_and(|block| block.height == seen.block.height && block.txids.contains(&txid))
        && recorded().transactions[&txid].pays.contains(&(script, units))
}

#[test]
fn a_damaged_branch_leads_nowhere() {
    let known = recorded();
    let blocks: Vec<_> = known
        .blocks
        .values()
        .filter(|block| block.txids.len() > 1)
        .collect();
    run("chain::bitcoin::electrum::proof", 3000, |from| {
        let block = blocks[from.below(blocks.len())];
        let pos = from.below(block.txids.len());
        let merkle: Vec<String> = super::recorded::branch(&block.txids, pos)
            .iter()
            .map(ToString::to_string)
            .collect();
        let honest = serde_json::json!({"block_height": 7, "merkle": merkle, "pos": pos}).to_string();
        let body = from.foul(&[honest]);
        let root = block.header.merkle_root();
        let leading = bounded(body.len(), 16, || {
            let branch: Option<Branch> = serde_json::from_slice(&body).ok();
            branch.filter(|branch| branch.leads(block.txids[pos], root))
        });
        if let Some(branch) = leading {
            assert_eq!(usize::try_from(branch.pos), Ok(pos), "{branch:?}");
            let of_it: Vec<String> = branch.merkle.iter().map(ToString::to_string).collect();
            assert_eq!(of_it, merkle);
        }
    });
}
