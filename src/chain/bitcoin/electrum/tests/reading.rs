//! What honest servers say is read completely, whatever their manners.

use std::collections::HashMap;

use serde_json::Value;

use super::*;
use crate::chain::bitcoin::electrum::history::{Entry, ScriptHash, Status};
use crate::domain::address::Address;

const BOTH: [Manners; 2] = [Manners::ElectrumX, Manners::Electrs];

#[test]
fn the_stand_in_is_what_the_real_servers_were() {
    for conversation in [
        include_str!("../../../../../tests/fixtures/bitcoin/electrum/electrumx.txt"),
        include_str!("../../../../../tests/fixtures/bitcoin/electrum/electrs.txt"),
    ] {
        let (mut view, mut asked, mut compared) = (None, HashMap::new(), 0);
        let mut statuses: HashMap<ScriptHash, Option<Status>> = HashMap::new();
        for line in conversation.lines() {
            let (mark, rest) = line.split_at(2);
            match mark {
                "# " => {
                    let name = rest.trim_start_matches("step ");
                    let step = recorded().steps.iter().find(|step| name.starts_with(&step.name));
                    view = step.map(|step| recorded().view(step));
                }
                "> " => {
                    let request: Value = serde_json::from_str(rest).unwrap();
                    asked.insert(request["id"].to_string(), request);
                }
                _ => {
                    let reply: Value = serde_json::from_str(rest).unwrap();
                    let script = |of: &Value| ScriptHash::parse(of["params"][0].as_str().unwrap_or_default());
                    if let Some(status) = reply["params"].get(1) {
                        let status = status.as_str().and_then(Status::parse);
                        statuses.insert(script(&reply).unwrap(), status);
                    }
                    let request = asked.get(&reply["id"].to_string());
                    let history = request.filter(|request| {
                        request["method"] == "blockchain.scripthash.get_history" && reply["error"].is_null()
                    });
                    if let Some((request, view)) = history.zip(view.as_ref()) {
                        let entries: Vec<Entry> = serde_json::from_value(reply["result"].clone()).unwrap();
                        let script = script(request).unwrap();
                        assert_eq!(entries, view.history(&script), "{line}");
                        assert_eq!(
                            statuses.get(&script).copied().flatten(),
                            Status::of(&entries),
                            "{line}"
                        );
                        compared += 1;
                    }
                }
            }
        }
        assert!(compared > 60, "{compared}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_expected_credits_and_none_other_are_read_step_by_step_through_both_reorganisations() {
    for manners in BOTH {
        let mut rig = rig(&[manners]);
        let mut orphaned = 0;
        for step in 0..recorded().steps.len() {
            rig.go_to(step);
            rig.settle().await;
            let before = rig.headers.clone();
            rig.follow().await.unwrap();
            orphaned += before
                .iter()
                .filter(|header| !rig.headers.contains(header))
                .count();
            let view = recorded().view(&recorded().steps[step]);
            assert_eq!(rig.headers.len(), view.chain.len());
            let mut credits = rig.credits();
            // The payment that a reorganisation took away, and the one that it moved, are there until then.
            credits.retain(|credit| recorded().credits.contains(credit));
            assert_eq!(credits, rig.expected(), "{}", recorded().steps[step].name);
        }
        assert_eq!(orphaned, 2, "both reorganisations were seen");
        assert_eq!(rig.credits(), rig.expected());
        assert_eq!(rig.credits().len(), recorded().credits.len());
    }
}

#[tokio::test(start_paused = true)]
async fn the_expected_credits_and_none_other_are_read_in_one_go_and_once_more() {
    for manners in BOTH {
        let mut rig = rig(&[manners]);
        rig.go_to(recorded().steps.len() - 1);
        rig.follow().await.unwrap();
        assert_eq!(rig.credits(), rig.expected());
        assert_eq!(rig.credits().len(), recorded().credits.len());
        // As after a restart with an old cursor: no status has changed, and still everything is there.
        let before = rig.credits();
        rig.headers.truncate(100);
        rig.transfers.clear();
        rig.stages[0].take_calls();
        rig.follow().await.unwrap();
        assert_eq!(rig.credits(), before);
        let calls = rig.stages[0].take_calls();
        assert_eq!(calls.get("blockchain.scripthash.get_history"), None, "{calls:?}");
        assert_eq!(calls.get("blockchain.scripthash.subscribe"), None, "{calls:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_address_that_is_added_later_is_found_in_old_blocks_too() {
    let mut rig = rig(&[Manners::ElectrumX]);
    let all = std::mem::take(&mut rig.watched);
    rig.go_to(recorded().steps.len() - 1);
    rig.follow().await.unwrap();
    assert_eq!(rig.credits(), []);
    rig.watched = all;
    rig.headers.truncate(100);
    rig.follow().await.unwrap();
    assert_eq!(rig.credits(), rig.expected());
}

#[tokio::test(start_paused = true)]
async fn what_waits_in_the_mempool_is_seen_and_its_replacement_too() {
    for manners in BOTH {
        let mut rig = rig(&[manners]);
        rig.go_to(recorded().step("04b"));
        rig.follow().await.unwrap();
        for (step, waiting) in [
            (
                "05a",
                Some((
                    "f2db8f434759c04de465d7e1dcfd240738ce2230cb5cce22fd1c1d99c295be40",
                    0,
                    250_000,
                )),
            ),
            ("05b", None),
            (
                "06a",
                Some((
                    "f04d65dd67b71405a6b030d767dda452e5647c31f2de11a57fe7c8b8db377463",
                    0,
                    175_000,
                )),
            ),
            (
                "06b",
                Some((
                    "43fc8e8f202d50fd6258056d9c6f9f9480d09512f3546f940772561feae6d35d",
                    1,
                    175_000,
                )),
            ),
        ] {
            rig.go_to(recorded().step(step));
            rig.settle().await;
            let seen = rig.source.unconfirmed(&rig.watched).await.unwrap().unwrap();
            let seen: Vec<_> = seen
                .transfers
                .iter()
                .map(|seen| (&*seen.txid, seen.position, seen.amount.get()))
                .collect();
            assert_eq!(seen, waiting.into_iter().collect::<Vec<_>>(), "{step}");
            rig.stages[0].take_calls();
            rig.source.unconfirmed(&rig.watched).await.unwrap();
            assert!(
                rig.stages[0].take_calls().is_empty(),
                "nothing has changed: nothing is asked"
            );
        }
        // In a block that cannot be read yet, it still counts as waiting: it must not seem gone in between.
        rig.go_to(recorded().step("06c"));
        quiet().await;
        assert_eq!(
            rig.source
                .unconfirmed(&rig.watched)
                .await
                .unwrap()
                .unwrap()
                .transfers
                .len(),
            1
        );
        rig.clock.advance(SETTLE);
        assert_eq!(
            rig.source
                .unconfirmed(&rig.watched)
                .await
                .unwrap()
                .unwrap()
                .transfers
                .len(),
            0
        );
    }
}

#[tokio::test(start_paused = true)]
async fn balances_are_told_at_the_tip_and_not_of_the_past() {
    let mut rig = rig(&[Manners::Electrs]);
    rig.go_to(recorded().steps.len() - 1);
    rig.follow().await.unwrap();
    let native = Currency::parse(Currency::NATIVE).unwrap();
    let asked: Vec<(Address, Currency)> = recorded()
        .addresses
        .iter()
        .map(|address| (address.clone(), native.clone()))
        .collect();
    let balances = rig.source.balances(rig.at(130), &asked).await.unwrap().unwrap();
    let units: Vec<u128> = balances.iter().map(|balance| balance.get()).collect();
    assert_eq!(units[..5], [228_323, 420_000, 5_000_150_295, 598_456, 200_330]);
    assert_eq!(units[5..], [0; 6]);
    assert_eq!(rig.source.balances(rig.at(129), &asked).await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn a_block_costs_the_same_however_many_addresses_are_watched() {
    let mut costs = Vec::new();
    for count in [10_u32, 1_000, 100_000] {
        let mut rig = rig(&[Manners::ElectrumX]);
        for number in 0..count {
            let script = [&[0x00, 0x14][..], &number.to_be_bytes(), &[7; 16]].concat();
            rig.watched.insert_script(&script, "another");
        }
        rig.go_to(recorded().step("09"));
        rig.follow().await.unwrap();
        rig.stages[0].take_calls();
        let mut cost = Vec::new();
        for step in ["10b", "11b", "12b"] {
            rig.go_to(recorded().step(step));
            rig.settle().await;
            rig.follow().await.unwrap();
            cost.push(rig.stages[0].take_calls());
        }
        assert_eq!(rig.credits(), rig.expected());
        costs.push(cost);
    }
    assert_eq!(costs[0], costs[1]);
    assert_eq!(costs[0], costs[2]);
}

#[tokio::test(start_paused = true)]
async fn a_hint_comes_when_money_waits_and_when_a_block_can_be_read() {
    let mut rig = rig(&[Manners::ElectrumX]);
    rig.follow().await.unwrap();
    while futures_util::FutureExt::now_or_never(rig.source.hint()).is_some() {}
    rig.go_to(recorded().step("01a"));
    rig.source.hint().await;
    rig.go_to(recorded().step("01b"));
    quiet().await;
    // The status of the address that was paid.
    rig.source.hint().await;
    let mut hint = rig.source.hint();
    assert!(
        futures_util::poll!(&mut hint).is_pending(),
        "the block has yet to settle"
    );
    rig.clock.advance(SETTLE);
    hint.await;
    drop(rig);
}

#[tokio::test(start_paused = true)]
async fn a_person_is_told_what_a_server_is() {
    let reports = rig(&BOTH).source.probe().await;
    assert!(reports[0].faults.is_empty(), "{reports:?}");
    assert!(
        reports[0]
            .features
            .contains(&("software", "ElectrumX 1.20.0, protocol 1.6".to_owned())),
        "{reports:?}"
    );
}
