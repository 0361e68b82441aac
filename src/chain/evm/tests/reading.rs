use serde_json::{Value, json};

use super::node::{RECORDED, hash};
use super::*;

#[test]
fn both_modes_find_the_same_transfers_in_the_same_blocks() {
    let by_receipts = rig(ReadMode::Receipts, vec![Node::honest()]).read(1..=5).unwrap();
    assert_eq!(Rig::told(&by_receipts), ALL);
    let by_logs = rig(ReadMode::Logs, vec![Node::honest()]).read(1..=5).unwrap();
    assert_eq!(by_receipts, by_logs);
    let deep = rig(ReadMode::Logs, vec![Node::honest()]);
    deep.source.pool.tip_seen.store(1000, Ordering::Relaxed);
    assert_eq!(deep.read(1..=5).unwrap(), by_receipts);
    assert_eq!(filters(&deep), [("0x1".into(), Value::Null)]);
}

/// The lower end or the block hash of every query for logs, in order.
fn filters(rig: &Rig) -> Vec<(Value, Value)> {
    let bodies = rig.nodes[0].bodies.lock().unwrap();
    let calls = bodies.iter().flat_map(|body| match body.as_array() {
        Some(calls) => calls.clone(),
        None => vec![body.clone()],
    });
    calls
        .filter(|call| call["method"] == "eth_getLogs")
        .map(|call| {
            (
                call["params"][0]["fromBlock"].clone(),
                call["params"][0]["blockHash"].clone(),
            )
        })
        .collect()
}

#[test]
fn near_the_tip_logs_are_asked_for_by_block_hash() {
    let rig = rig(ReadMode::Logs, vec![Node::honest()]);
    rig.source.pool.tip_seen.store(18, Ordering::Relaxed);
    rig.read(1..=5).unwrap();
    let by_hash = (3..=5).map(|height| (Value::Null, Value::from(hash(height))));
    let wanted: Vec<_> = std::iter::once((Value::from("0x1"), Value::Null))
        .chain(by_hash)
        .collect();
    assert_eq!(filters(&rig), wanted);
}

#[test]
fn too_many_watched_addresses_to_ask_for_are_matched_here() {
    for (others, topics) in [(998_u32, 3), (999, 1)] {
        let rig = rig(ReadMode::Logs, vec![Node::honest()]);
        let mut watched = watched();
        for number in 0..others {
            let mut account = [7; 20];
            account[..4].copy_from_slice(&number.to_be_bytes());
            watched.insert(&Address::from_evm_account(account));
        }
        now(rig.source.read(2..=2, &watched)).unwrap();
        let bodies = rig.nodes[0].bodies.lock().unwrap();
        let query = bodies
            .iter()
            .find(|body| body["method"] == "eth_getLogs")
            .unwrap();
        assert_eq!(query["params"][0]["topics"].as_array().unwrap().len(), topics);
    }
}

#[test]
fn headers_come_one_per_height_with_hash_parent_and_time() {
    let blocks = rig(ReadMode::Receipts, vec![Node::honest()]).read(3..=5).unwrap();
    let told: Vec<_> = blocks
        .headers
        .iter()
        .map(|header| {
            (
                header.block.height,
                header.block.hash.to_string(),
                header.parent_hash.to_string(),
            )
        })
        .collect();
    let wanted: Vec<_> = (3..=5)
        .map(|height| (height as u64, hash(height), hash(height - 1)))
        .collect();
    assert_eq!(told, wanted);
    let time = RECORDED["blocks"][3]["timestamp"].as_str().unwrap();
    let seconds = i64::from_str_radix(&time[2..], 16).unwrap();
    assert_eq!(blocks.headers[0].block.time, UnixMillis::from_seconds(seconds));
}

#[test]
fn transaction_ids_are_lower_case_hex_and_addresses_are_as_watched() {
    let blocks = rig(ReadMode::Receipts, vec![Node::honest()]).read(2..=2).unwrap();
    let tx = RECORDED["blocks"][2]["transactions"][0]["hash"].as_str().unwrap();
    assert_eq!(&*blocks.transfers[0].txid, tx);
    assert_eq!(*blocks.transfers[0].address, *recorded("a"));
}

#[test]
fn without_a_native_asset_a_coin_is_not_money_and_without_tokens_a_log_is_not() {
    for mode in [ReadMode::Receipts, ReadMode::Logs] {
        let tokens_only = EvmSettings {
            native: None,
            ..settings(mode)
        };
        let told = Rig::told(&rig_with(tokens_only, vec![Node::honest()]).read(1..=5).unwrap());
        assert!(
            told.len() == 7 && told.iter().all(|seen| seen.contains('#')),
            "{told:?}"
        );
        let coin_only = EvmSettings {
            tokens: Vec::new(),
            ..settings(mode)
        };
        let told = Rig::told(&rig_with(coin_only, vec![Node::honest()]).read(1..=5).unwrap());
        assert!(
            told.len() == 3 && told.iter().all(|seen| seen.contains("native")),
            "{told:?}"
        );
    }
}

#[test]
fn the_number_of_calls_does_not_depend_on_the_number_of_watched_addresses() {
    let sets = [10, 1_000, 100_000].map(watched_beside);
    for (mode, calls_per_block) in [(ReadMode::Receipts, 2), (ReadMode::Logs, 2)] {
        let costs = sets.each_ref().map(|watched| {
            let rig = rig(mode, vec![Node::honest()]);
            now(rig.source.read(1..=1, watched)).unwrap();
            let costs: [_; 4] = [2, 3, 4, 5].map(|height| {
                let before = rig.nodes[0].calls.lock().unwrap().len();
                let read = now(rig.source.read(height..=height, watched)).unwrap();
                let told = Rig::told(&read);
                let is_of = |line: &&&str| line.starts_with(&height.to_string());
                assert!(
                    told.iter().eq(ALL.iter().filter(is_of)),
                    "{height} {}",
                    watched.len()
                );
                rig.nodes[0].calls.lock().unwrap().len() - before
            });
            let posts = rig.nodes[0].posts();
            let read = now(rig.source.read(1..=5, watched)).unwrap();
            assert_eq!(Rig::told(&read), ALL, "{} watched", watched.len());
            (costs, rig.nodes[0].posts() - posts)
        });
        assert_eq!(costs[0].0[2], calls_per_block, "{mode:?}: {costs:?}");
        assert_eq!(costs, [costs[0]; 3], "{mode:?}");
    }
}

#[test]
fn a_node_that_takes_no_batches_is_called_one_by_one() {
    for mode in [ReadMode::Receipts, ReadMode::Logs] {
        let rig = rig(mode, vec![Node::honest()]);
        rig.nodes[0].takes_batches.store(false, Ordering::Relaxed);
        assert_eq!(Rig::told(&rig.read(1..=5).unwrap()), ALL);
        let refused = || {
            let bodies = rig.nodes[0].bodies.lock().unwrap();
            bodies.iter().filter(|body| body.is_array()).count()
        };
        let before = refused();
        rig.read(1..=5).unwrap();
        assert_eq!(refused(), before, "and is not offered another batch");
    }
}

#[test]
fn a_block_that_is_not_there_yet_is_said_so() {
    for mode in [ReadMode::Receipts, ReadMode::Logs] {
        let rig = rig(mode, vec![Node::honest(), Node::honest(), Node::honest()]);
        for node in &rig.nodes {
            node.head.store(4, Ordering::Relaxed);
        }
        let refused = rig.read(3..=5).unwrap_err();
        assert!(
            matches!(refused, ChainError::NotThere { height: 5, .. }),
            "{refused}"
        );
        assert!(matches!(
            now(rig.source.header(5)),
            Err(ChainError::NotThere { height: 5, .. })
        ));
        assert_eq!(
            rig.nodes[0].called("eth_chainId"),
            1,
            "a node that lags is not put aside"
        );
        for node in &rig.nodes[1..] {
            node.head.store(5, Ordering::Relaxed);
        }
        assert_eq!(
            rig.read(3..=5).unwrap().headers.len(),
            3,
            "other nodes have the block"
        );
    }
}

#[test]
fn more_blocks_than_the_bound_are_not_read() {
    let rig = rig(ReadMode::Logs, vec![Node::honest()]);
    assert_eq!(rig.source.range_max(), 20);
    assert!(matches!(rig.read(1..=21), Err(ChainError::RangeTooLarge { .. })));
    assert!(matches!(
        rig.read(0..=u64::MAX),
        Err(ChainError::RangeTooLarge { .. })
    ));
    assert_eq!(rig.nodes[0].posts(), 0);
}

/// A node that refuses to give the logs of more than `blocks_max` blocks, in these words.
fn limited(blocks_max: usize, words: &'static str) -> Arc<Node> {
    let node = Node::honest();
    node.twist(move |method, params, result| {
        let height = |name: &str| {
            let hex = params[0][name].as_str()?;
            i64::from_str_radix(hex.strip_prefix("0x")?, 16).ok()
        };
        let blocks = match (height("fromBlock"), height("toBlock")) {
            (Some(from), Some(to)) => (from..=to).count(),
            _ => 1,
        };
        if method == "eth_getLogs" && blocks > blocks_max {
            return Err(json!({"code": -32000, "message": words}));
        }
        Ok(result)
    });
    node
}

fn rig_for_tokens(nodes: Vec<Arc<Node>>) -> Rig {
    let mut settings = settings(ReadMode::Logs);
    settings.native = None;
    let rig = rig_with(settings, nodes);
    rig.source.pool.tip_seen.store(1000, Ordering::Relaxed);
    rig
}

#[test]
fn a_range_limit_is_learnt_from_the_providers_own_words() {
    let rig = rig_for_tokens(vec![
        limited(3, "eth_getLogs is limited to 0 - 3 blocks range"),
        Node::honest(),
    ]);
    assert!(matches!(rig.read(1..=5), Err(ChainError::RangeTooLarge { .. })));
    assert_eq!(rig.source.range_max(), 3);
    assert_eq!(rig.nodes[1].posts(), 0, "a limit is no reason to ask another");
    assert_eq!(rig.read(2..=3).unwrap().transfers.len(), 5);
    for _ in 0..40 {
        assert_eq!(
            rig.read(1..=5).unwrap().transfers.len(),
            7,
            "a longer read is split"
        );
    }
    assert_eq!(rig.source.range_max(), 3, "a limit that was named stays");
}

#[test]
fn a_limit_on_results_halves_the_range_for_a_while() {
    let rig = rig_for_tokens(vec![limited(2, "query returned more than 10000 results")]);
    assert!(matches!(rig.read(1..=5), Err(ChainError::RangeTooLarge { .. })));
    assert_eq!(rig.source.range_max(), 2);
    for _ in 0..16 {
        assert_eq!(rig.source.range_max(), 2);
        rig.read(1..=2).unwrap();
    }
    assert_eq!(rig.source.range_max(), 3);
}

#[test]
fn a_provider_that_refuses_the_logs_of_a_single_block_is_replaced() {
    let rig = rig_for_tokens(vec![limited(0, "limit exceeded"), Node::honest(), Node::honest()]);
    assert_eq!(rig.read(2..=2).unwrap().transfers.len(), 3);
    assert!(rig.nodes[1].posts() > 0);
    assert_eq!(rig.source.range_max(), 20);
}

#[test]
fn a_reply_that_is_too_large_is_asked_for_in_smaller_parts() {
    let mut settings = settings(ReadMode::Receipts);
    // One block of the recording fits, four do not.
    settings.limits.reply_bytes_max = 32_000;
    let rig = rig_with(settings, vec![Node::honest()]);
    let (mut from, mut found) = (1, Vec::new());
    while from <= 5 {
        let to = 5.min(from + rig.source.range_max() - 1);
        match rig.read(from..=to) {
            Ok(blocks) => {
                found.extend(Rig::told(&blocks));
                from = to + 1;
            }
            Err(ChainError::RangeTooLarge { .. }) => assert!(rig.source.range_max() < to - from + 1),
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(found, ALL);
}

#[test]
fn the_tip_is_the_highest_block_of_a_provider_that_keeps_up() {
    let rig = rig(ReadMode::Receipts, vec![Node::honest(), Node::honest()]);
    rig.source.pool.tip_seen.store(5, Ordering::Relaxed);
    let tip = now(rig.source.tip()).unwrap();
    assert_eq!((tip.height, tip.hash.to_string()), (5, hash(5)));
    assert_eq!(rig.nodes[1].posts(), 0, "one provider that keeps up is enough");
    // One that is an hour behind by the clock.
    rig.clock.advance(Duration::from_secs(3600));
    rig.nodes[0].head.store(3, Ordering::Relaxed);
    assert_eq!(
        now(rig.source.tip()).unwrap().height,
        5,
        "both are old: the higher one counts"
    );
}

#[test]
fn a_provider_that_lags_is_passed_over_and_for_a_while_asked_after_the_others() {
    let rig = rig(ReadMode::Receipts, vec![Node::honest(), Node::honest()]);
    let asked = || (rig.nodes[0].posts(), rig.nodes[1].posts());
    rig.nodes[0].head.store(0, Ordering::Relaxed);
    // Six seconds are thirteen blocks of this chain.
    rig.source.pool.tip_seen.store(13, Ordering::Relaxed);
    assert_eq!(
        now(rig.source.tip()).unwrap().height,
        0,
        "this far behind is not lagging"
    );
    rig.source.pool.tip_seen.store(14, Ordering::Relaxed);
    assert_eq!(now(rig.source.tip()).unwrap().height, 5);
    let before = asked();
    now(rig.source.header(0)).unwrap();
    assert_eq!(asked(), (before.0, before.1 + 1));
    rig.clock.advance(Duration::from_secs(60));
    now(rig.source.header(0)).unwrap();
    assert_eq!(asked(), (before.0 + 1, before.1 + 1), "it may have caught up");
}
