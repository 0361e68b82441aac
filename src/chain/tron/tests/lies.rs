//! One lie at a time, told by the provider that is asked first: next to one honest provider nothing false is ever read,
//! next to two the truth is.

use serde_json::{Value, json};

use super::*;

/// A lie, by the call whose answer it alters.
struct Lie {
    what: &'static str,
    call: &'static str,
    tell: fn(&Value, &mut Value),
    /// Whether the block itself shows it, so that it is noticed without anybody else's word.
    is_shown: bool,
}

fn of_block(height: u64, answer: &mut Value, change: impl FnOnce(&mut Value)) {
    if answer["block_header"]["raw_data"]["number"] == json!(height) {
        change(answer);
    }
}

/// The info of the transaction of block `height`.
fn of_infos(height: u64, request: &Value, answer: &mut Value, change: impl FnOnce(&mut Value)) {
    if request["num"] == json!(height) {
        change(answer);
    }
}

const BLOCK: &str = "getblockbynum";
const INFOS: &str = "gettransactioninfobyblocknum";

const LIES: &[Lie] = &[
    Lie {
        what: "another amount of TRX beside the transaction's bytes",
        call: BLOCK,
        tell: |_, answer| {
            of_block(299, answer, |block| {
                block["transactions"][0]["raw_data"]["contract"][0]["parameter"]["value"]["amount"] =
                    json!(1);
            });
        },
        // Nothing but the bytes is read.
        is_shown: false,
    },
    Lie {
        what: "another amount of TRX in the transaction's bytes",
        call: BLOCK,
        tell: |_, answer| {
            of_block(299, answer, |block| {
                let id = block["transactions"][0]["txID"].clone();
                recorded::alter_amount(&mut block["transactions"][0], 60_000_001);
                block["transactions"][0]["txID"] = id;
            });
        },
        is_shown: true,
    },
    Lie {
        what: "another transaction of TRX in place of one",
        call: BLOCK,
        tell: |_, answer| {
            of_block(299, answer, |block| {
                recorded::alter_amount(&mut block["transactions"][0], 60_000_001)
            });
        },
        is_shown: true,
    },
    Lie {
        what: "a failed transaction that is said to have succeeded",
        call: BLOCK,
        tell: |_, answer| {
            of_block(311, answer, |block| {
                block["transactions"][0]["ret"][0]["contractRet"] = json!("SUCCESS");
            });
        },
        is_shown: true,
    },
    Lie {
        what: "a block without its transactions",
        call: BLOCK,
        tell: |_, answer| {
            of_block(299, answer, |block| {
                block["transactions"] = json!([]);
            });
        },
        is_shown: true,
    },
    Lie {
        what: "an empty block in place of one with money",
        call: BLOCK,
        tell: |_, answer| {
            of_block(299, answer, |block| {
                let mut branch = Branch::recorded();
                branch.rebuild(299, |block, _| block["transactions"] = json!([]));
                *block = branch.block(299);
            });
        },
        is_shown: false,
    },
    Lie {
        what: "a transaction twice",
        call: BLOCK,
        tell: |_, answer| {
            of_block(299, answer, |block| {
                let tx = block["transactions"][0].clone();
                block["transactions"].as_array_mut().unwrap().push(tx);
            });
        },
        is_shown: true,
    },
    Lie {
        what: "another time of a block",
        call: BLOCK,
        tell: |_, answer| {
            of_block(299, answer, |block| {
                block["block_header"]["raw_data"]["timestamp"] = json!(1_795_264_412_000_u64);
            });
        },
        is_shown: true,
    },
    Lie {
        what: "another name of a transaction",
        call: BLOCK,
        tell: |_, answer| {
            of_block(299, answer, |block| {
                block["transactions"][0]["txID"] = json!("00".repeat(32))
            });
        },
        is_shown: true,
    },
    Lie {
        what: "another producer of a block",
        call: BLOCK,
        tell: |_, answer| {
            of_block(299, answer, |block| {
                block["block_header"]["raw_data"]["witness_address"] =
                    json!("41cdcbad9b72c5d175880694b4b0057523fa48bb6a");
            });
        },
        is_shown: true,
    },
    Lie {
        what: "another block than was asked for",
        call: BLOCK,
        tell: |_, answer| of_block(299, answer, |block| *block = Branch::recorded().block(300)),
        is_shown: true,
    },
    Lie {
        what: "another amount of a token",
        call: INFOS,
        tell: |request, answer| {
            of_infos(303, request, answer, |infos| {
                infos[0]["log"][0]["data"] = json!(format!("{:064x}", 25_000_001));
            });
        },
        is_shown: false,
    },
    Lie {
        what: "a token transfer left out",
        call: INFOS,
        tell: |request, answer| of_infos(303, request, answer, |infos| infos[0]["log"] = json!([])),
        is_shown: false,
    },
    Lie {
        what: "a token transfer made up",
        call: INFOS,
        tell: |request, answer| {
            of_infos(307, request, answer, |infos| {
                let log = infos[0]["log"][0].clone();
                infos[0]["log"].as_array_mut().unwrap().push(log);
            });
        },
        is_shown: false,
    },
    Lie {
        what: "a token transfer to another account",
        call: INFOS,
        tell: |request, answer| {
            of_infos(303, request, answer, |infos| {
                infos[0]["log"][0]["topics"][2] = infos[0]["log"][0]["topics"][1].clone();
            });
        },
        is_shown: false,
    },
    Lie {
        what: "the fake token's transfer as one of the real token",
        call: INFOS,
        tell: |request, answer| {
            of_infos(312, request, answer, |infos| {
                infos[0]["log"][0]["address"] = recorded::EXPECTED["contracts"]["usdt"]["hex"].clone();
            });
        },
        is_shown: false,
    },
    Lie {
        what: "a failed call of a token that is said to have paid",
        call: INFOS,
        tell: |request, answer| {
            of_infos(311, request, answer, |infos| {
                infos[0]["log"] = Branch::recorded().infos(303)[0]["log"].clone();
                infos[0]["receipt"]["result"] = json!("SUCCESS");
            });
        },
        is_shown: true,
    },
    Lie {
        what: "a call of a token that is said to have failed",
        call: INFOS,
        tell: |request, answer| {
            of_infos(303, request, answer, |infos| {
                infos[0]["log"] = json!([]);
                infos[0]["receipt"]["result"] = json!("REVERT");
            });
        },
        is_shown: true,
    },
    Lie {
        what: "what a transaction did that the block does not hold",
        call: INFOS,
        tell: |request, answer| {
            of_infos(303, request, answer, |infos| {
                let mut other = infos[0].clone();
                other["id"] = json!("00".repeat(32));
                infos.as_array_mut().unwrap().push(other);
            });
        },
        is_shown: true,
    },
    Lie {
        what: "what one of the transactions did left out",
        call: INFOS,
        tell: |request, answer| {
            of_infos(316, request, answer, |infos| {
                infos.as_array_mut().unwrap().remove(1);
            });
        },
        is_shown: true,
    },
    Lie {
        what: "what the transactions of another block did",
        call: INFOS,
        tell: |request, answer| {
            of_infos(303, request, answer, |infos| {
                *infos = Branch::recorded().infos(304)
            })
        },
        is_shown: true,
    },
    Lie {
        what: "an inner transfer that is said not to have been undone",
        call: INFOS,
        tell: |request, answer| {
            of_infos(314, request, answer, |infos| {
                infos[1]["internal_transactions"][1]["rejected"] = json!(false);
            });
        },
        is_shown: false,
    },
    Lie {
        what: "an inner transfer made up",
        call: INFOS,
        tell: |request, answer| {
            of_infos(303, request, answer, |infos| {
                infos[0]["internal_transactions"] =
                    Branch::recorded().infos(314)[0]["internal_transactions"].clone();
            });
        },
        is_shown: false,
    },
];

/// Reads all blocks one by one; those that are refused are left out.
fn read_what_can_be(rig: &Rig) -> Vec<Told> {
    let blocks = (FIRST..=LAST).filter_map(|height| rig.read(height..=height).ok());
    told(&blocks.flat_map(|blocks| blocks.transfers).collect::<Vec<_>>())
}

#[test]
fn next_to_one_honest_provider_no_lie_is_read() {
    for lie in LIES {
        let rig = rig(vec![
            RecordedTron::lying(lie.call, lie.tell),
            RecordedTron::honest(),
        ]);
        let read = read_what_can_be(&rig);
        let true_ones = credits(FIRST..=LAST);
        assert!(
            read.iter().all(|seen| true_ones.contains(seen)),
            "{}: {read:?}",
            lie.what
        );
        // What cannot be decided holds the scan up, and loses nothing: later there is no lie.
        for height in FIRST..=LAST {
            if let Err(refused) = rig.read(height..=height) {
                assert!(
                    matches!(
                        refused,
                        ChainError::Unavailable { .. } | ChainError::NotThere { .. }
                    ),
                    "{}: {refused}",
                    lie.what
                );
            }
        }
        rig.nodes[0].twist(|_, _, answer| answer);
        rig.clock.advance(Duration::from_secs(3600));
        assert_eq!(
            told(&rig.read_all(1).unwrap().transfers),
            true_ones,
            "{}",
            lie.what
        );
    }
}

#[test]
fn next_to_one_honest_provider_a_lie_that_the_block_shows_holds_nothing_up() {
    for lie in LIES.iter().filter(|lie| lie.is_shown) {
        let rig = rig(vec![
            RecordedTron::lying(lie.call, lie.tell),
            RecordedTron::honest(),
        ]);
        let all = rig.read_all(1);
        // The honest one is read then, and the liar is still asked whether it agrees.
        if let Ok(all) = all {
            assert_eq!(told(&all.transfers), credits(FIRST..=LAST), "{}", lie.what);
        }
    }
}

#[test]
fn next_to_two_honest_providers_every_lie_is_outvoted() {
    for lie in LIES {
        let liar = RecordedTron::lying(lie.call, lie.tell);
        let rig = rig(vec![liar, RecordedTron::honest(), RecordedTron::honest()]);
        let all = rig
            .read_all(1)
            .unwrap_or_else(|refused| panic!("{}: {refused}", lie.what));
        assert_eq!(told(&all.transfers), credits(FIRST..=LAST), "{}", lie.what);
    }
}

#[test]
fn two_honest_providers_outvote_a_liar_who_is_asked_last() {
    for lie in LIES {
        let liar = RecordedTron::lying(lie.call, lie.tell);
        let rig = rig(vec![RecordedTron::honest(), liar, RecordedTron::honest()]);
        let all = rig
            .read_all(1)
            .unwrap_or_else(|refused| panic!("{}: {refused}", lie.what));
        assert_eq!(told(&all.transfers), credits(FIRST..=LAST), "{}", lie.what);
    }
}

#[test]
fn lies_are_noticed_in_ranges_as_well() {
    for lie in LIES {
        let liar = RecordedTron::honest();
        liar.twist(|path, request, mut answer| {
            if path.ends_with(lie.call) {
                (lie.tell)(request, &mut answer);
            }
            if lie.call == BLOCK && path.ends_with("getblockbylimitnext") {
                for block in answer["block"].as_array_mut().unwrap() {
                    (lie.tell)(&Value::Null, block);
                }
            }
            answer
        });
        let rig = rig(vec![liar, RecordedTron::honest(), RecordedTron::honest()]);
        let all = rig
            .read_all(20)
            .unwrap_or_else(|refused| panic!("{}: {refused}", lie.what));
        assert_eq!(told(&all.transfers), credits(FIRST..=LAST), "{}", lie.what);
    }
}

#[test]
fn a_single_provider_cannot_alter_what_the_block_proves() {
    for lie in LIES.iter().filter(|lie| lie.is_shown) {
        let rig = rig(vec![RecordedTron::lying(lie.call, lie.tell)]);
        let read = (FIRST..=LAST).map(|height| {
            rig.clock.advance(Duration::from_secs(3600));
            rig.read(height..=height)
        });
        let read: Vec<_> = read.collect();
        let refused = read.iter().filter(|read| read.is_err()).count();
        assert_eq!(
            refused, 1,
            "{}: the one block that it is about is refused",
            lie.what
        );
        let read: Vec<_> = read
            .into_iter()
            .flatten()
            .flat_map(|blocks| blocks.transfers)
            .collect();
        let true_ones = credits(FIRST..=LAST);
        assert!(
            told(&read).iter().all(|seen| true_ones.contains(seen)),
            "{}",
            lie.what
        );
    }
}

#[test]
fn who_two_others_contradict_is_left_alone() {
    let lie = LIES
        .iter()
        .find(|lie| lie.what == "another amount of a token")
        .unwrap();
    let liar = RecordedTron::lying(lie.call, lie.tell);
    let rig = rig(vec![liar, RecordedTron::honest(), RecordedTron::honest()]);
    rig.read(303..=303).unwrap();
    rig.nodes[0].take_calls();
    rig.read(304..=304).unwrap();
    assert!(rig.nodes[0].take_calls().is_empty());
}

#[test]
fn a_stale_head_hides_no_block() {
    let rig = rig(vec![
        RecordedTron::honest(),
        RecordedTron::honest(),
        RecordedTron::honest(),
    ]);
    now(rig.source.tip()).unwrap();
    rig.nodes[0].stand_at(FIRST + 3, FIRST);
    assert_eq!(now(rig.source.tip()).unwrap().height, LAST);
    assert_eq!(told(&rig.read_all(1).unwrap().transfers), credits(FIRST..=LAST));
}

#[test]
fn a_stale_head_beside_one_honest_provider_loses_nothing() {
    for stale in [0, 1] {
        let rig = rig(vec![RecordedTron::honest(), RecordedTron::honest()]);
        rig.nodes[stale].stand_at(FIRST + 3, FIRST);
        let true_ones = credits(FIRST..=LAST);
        assert!(read_what_can_be(&rig).iter().all(|seen| true_ones.contains(seen)));
        assert!(!rig.is_final(FIRST + 4).unwrap_or(false), "{stale}");
        rig.nodes[stale].stand_at(LAST, 336);
        rig.clock.advance(Duration::from_secs(3600));
        assert_eq!(now(rig.source.tip()).unwrap().height, LAST);
        assert_eq!(told(&rig.read_all(1).unwrap().transfers), true_ones, "{stale}");
        assert!(rig.is_final(FIRST + 4).unwrap(), "{stale}");
    }
}

#[test]
fn another_chain_beside_one_honest_provider_loses_nothing() {
    for other in [0, 1] {
        let settings = TronSettings {
            chain: TronChain::Private {
                genesis: Some(RecordedTron::honest().genesis()),
            },
            ..settings()
        };
        let rig = rig_with(settings, vec![RecordedTron::honest(), RecordedTron::honest()]);
        let genesis = rig.nodes[other].genesis();
        rig.nodes[other].set_genesis(&"ab".repeat(32));
        let true_ones = credits(FIRST..=LAST);
        assert!(read_what_can_be(&rig).iter().all(|seen| true_ones.contains(seen)));
        rig.nodes[other].set_genesis(&genesis);
        rig.clock.advance(Duration::from_secs(7200));
        assert_eq!(told(&rig.read_all(1).unwrap().transfers), true_ones, "{other}");
    }
}
