use serde_json::json;

use super::node::{RECORDED, hash, recorded};
use super::*;
use crate::net::TransportError;

#[test]
fn a_provider_of_another_chain_is_never_read_from() {
    let wrong = || Node::lying("eth_chainId", |id| *id = json!("0x1"));
    let rig = rig(ReadMode::Receipts, vec![wrong(), Node::honest()]);
    assert_eq!(Rig::told(&rig.read(1..=5).unwrap()), ALL);
    assert_eq!(now(rig.source.tip()).unwrap().height, 5);
    assert_eq!(*rig.nodes[0].calls.lock().unwrap(), ["eth_chainId"]);

    let alone = super::rig(ReadMode::Receipts, vec![wrong()]);
    for refused in [
        alone.read(1..=5).unwrap_err(),
        now(alone.source.tip()).unwrap_err(),
        now(alone.source.header(2)).unwrap_err(),
    ] {
        assert!(matches!(refused, ChainError::WrongChain { .. }), "{refused}");
        assert!(reasons(&refused).contains("chain id 1, not 56"), "{refused}");
    }
    assert_eq!(*alone.nodes[0].calls.lock().unwrap(), ["eth_chainId"]);
}

#[test]
fn a_token_with_other_decimals_than_configured_is_refused() {
    for (answer, says) in [
        (format!("0x{:064x}", 8), "has 8 decimals"),
        ("0x".to_owned(), "is no token"),
    ] {
        let node = Node::lying("eth_call", move |decimals| *decimals = json!(answer));
        let rig = rig(ReadMode::Receipts, vec![node]);
        let refused = rig.read(1..=5).unwrap_err();
        assert!(matches!(refused, ChainError::WrongChain { .. }), "{refused}");
        assert!(reasons(&refused).contains(says), "{refused}");
        for way_out in [
            "correct `contract` or `decimals`",
            "`[networks.bsc.tokens.usdt] enabled = false`",
        ] {
            assert!(reasons(&refused).contains(way_out), "{refused}");
        }
        assert_eq!(rig.nodes[0].called("eth_getBlockByNumber"), 0);
    }
}

#[test]
fn a_contract_that_reverts_is_no_token_and_is_named_among_those_that_answer() {
    let node = Node::honest();
    let usdc = recorded("usdc").to_lowercase();
    node.twist(move |method, params, result| {
        if method == "eth_call" && params[0]["to"].as_str() == Some(&usdc) {
            return Err(json!({"code": 3, "message": "execution reverted", "data": "0x"}));
        }
        Ok(result)
    });
    let refused = rig(ReadMode::Receipts, vec![node]).read(1..=5).unwrap_err();
    assert!(matches!(refused, ChainError::WrongChain { .. }), "{refused}");
    let reasons = reasons(&refused);
    assert!(reasons.contains("of usdc is no token"), "{reasons}");
    assert!(!reasons.contains("usdt"), "{reasons}");
}

#[test]
fn a_network_without_tokens_asks_for_no_decimals() {
    let settings = EvmSettings {
        tokens: Vec::new(),
        ..settings(ReadMode::Receipts)
    };
    let rig = rig_with(settings, vec![Node::honest()]);
    assert!(rig.read(1..=5).is_ok());
    assert_eq!(rig.nodes[0].called("eth_call"), 0);
}

#[test]
fn the_chain_is_checked_again_after_an_hour() {
    let rig = rig(ReadMode::Receipts, vec![Node::honest()]);
    for (minutes, checks) in [(0, 1), (30, 1), (40, 2)] {
        rig.clock.advance(Duration::from_secs(minutes * 60));
        rig.read(1..=2).unwrap();
        assert_eq!(rig.nodes[0].called("eth_chainId"), checks);
    }
}

#[test]
fn broken_replies_are_met_by_asking_anbranched() {
    for body in [
        r#"[{"jsonrpc":"2.0","id":0,"result":{"hash":"0x"#,
        "",
        "<html>blocked</html>",
        "null",
        "[]",
        r#"{"jsonrpc":"2.0","id":0,"result":null}"#,
        r#"{"jsonrpc":"2.0","id":0}"#,
    ] {
        let rig = rig(ReadMode::Receipts, vec![Node::honest(), Node::honest()]);
        rig.nodes[0].answers(200, None, body);
        assert_eq!(Rig::told(&rig.read(1..=5).unwrap()), ALL, "{body}");
        rig.nodes[1].fails(TransportError::Timeout(Duration::from_secs(20)));
        rig.clock.advance(Duration::from_secs(120));
        let refused = rig.read(1..=5).unwrap_err();
        assert!(
            reasons(&refused).contains("node1.example: no reply within 20 s"),
            "{refused}"
        );
    }
}

#[test]
fn a_deeply_nested_reply_is_refused() {
    let nested: &'static str = Box::leak("[".repeat(100_000).into_boxed_str());
    let rig = rig(ReadMode::Receipts, vec![Node::honest()]);
    rig.nodes[0].answers(200, None, nested);
    assert!(matches!(rig.read(1..=5), Err(ChainError::Unavailable { .. })));
}

#[test]
fn a_throttled_provider_is_left_alone_for_as_long_as_it_asks() {
    let rig = rig(ReadMode::Receipts, vec![Node::honest(), Node::honest()]);
    rig.nodes[0].answers(429, Some(120), "slow down, key SECRET-KEY-0");
    assert_eq!(Rig::told(&rig.read(1..=5).unwrap()), ALL);
    rig.nodes[0].recovers();
    let asked = rig.nodes[0].posts();
    rig.clock.advance(Duration::from_secs(119));
    rig.read(1..=5).unwrap();
    assert_eq!(rig.nodes[0].posts(), asked);
    rig.clock.advance(Duration::from_secs(1));
    rig.read(1..=5).unwrap();
    assert!(
        rig.nodes[0].posts() > asked,
        "and is asked again, first as before"
    );
}

#[test]
fn a_failing_provider_is_left_alone_for_longer_and_longer() {
    let rig = rig(ReadMode::Receipts, vec![Node::honest()]);
    rig.nodes[0].answers(502, None, "bad gateway");
    let mut rests = Vec::new();
    for _ in 0..8 {
        let asked = rig.nodes[0].posts();
        let mut rested = 0;
        while rig.nodes[0].posts() == asked {
            assert!(rig.read(1..=5).is_err());
            rig.clock.advance(Duration::from_secs(1));
            rested += 1;
        }
        rests.push(rested);
    }
    assert_eq!(rests, [1, 1, 2, 4, 8, 16, 32, 60]);
    rig.clock.advance(Duration::from_secs(60));
    rig.nodes[0].recovers();
    rig.read(1..=5).unwrap();
    rig.nodes[0].answers(502, None, "bad gateway");
    assert!(rig.read(1..=5).is_err());
    rig.nodes[0].recovers();
    rig.clock.advance(Duration::from_secs(1));
    rig.read(1..=5).unwrap();
}

#[test]
fn what_providers_say_is_shown_without_keys() {
    for (status, body) in [
        (
            401,
            r#"{"id":0,"error":{"code":1,"message":"bad key SECRET-KEY-0, see https://x.example/SECRET-KEY-0"}}"#,
        ),
        (200, r#"{"id":0,"error":"SECRET-HEADER is not a key"}"#),
        (
            200,
            r#"{"id":0,"result":"https://node0.example/v3/SECRET-KEY-0"}"#,
        ),
        (500, "https://node0.example/v3/SECRET-KEY-0"),
    ] {
        let rig = rig(ReadMode::Receipts, vec![Node::honest()]);
        rig.nodes[0].answers(status, None, body);
        assert!(reasons(&rig.read(1..=5).unwrap_err()).contains("node0.example"));
        for report in now(rig.source.probe()) {
            assert!(!format!("{report:?}").contains("SECRET"), "{report:?}");
        }
    }
}

/// A node whose blocks hash to their names and are not those of the others.
fn branched() -> Arc<Node> {
    let node = Node::honest();
    node.twist(|method, _, mut result| {
        if method == "eth_getBlockByNumber" {
            result["extraData"] = json!("0x01");
            let block: super::super::wire::WireHeader = serde_json::from_value(result.clone()).unwrap();
            let renamed = super::super::header::recompute(&block).unwrap();
            result["hash"] = json!(format!("{renamed:#x}"));
        }
        Ok(result)
    });
    node
}

#[test]
fn a_block_is_agreed_only_when_the_quorum_of_providers_has_it() {
    let forked = || {
        Node::lying("eth_getBlockByNumber", |block| {
            *block = RECORDED["blocks"][3].clone()
        })
    };
    let down = || {
        let node = Node::honest();
        node.fails(TransportError::Connection("connection refused".to_owned()));
        node
    };
    let behind = || {
        let node = Node::honest();
        node.head.store(1, Ordering::Relaxed);
        node
    };
    let agreed = |nodes| now(rig(ReadMode::Logs, nodes).source.agrees(2, &hash(2)));
    assert!(agreed(vec![Node::honest(), Node::honest()]).unwrap());
    assert!(
        agreed(vec![Node::honest()]).unwrap(),
        "fewer providers than the quorum: all of them"
    );
    assert!(agreed(vec![down(), Node::honest(), Node::honest()]).unwrap());
    assert!(agreed(vec![behind(), Node::honest(), forked(), Node::honest()]).unwrap());
    assert!(!agreed(vec![Node::honest(), behind()]).unwrap());
    assert!(!agreed(vec![Node::honest(), branched()]).unwrap());
    assert!(!agreed(vec![branched()]).unwrap());
    assert!(matches!(
        agreed(vec![Node::honest(), down()]),
        Err(ChainError::Unavailable { .. })
    ));
    assert!(matches!(
        agreed(vec![forked(), Node::honest()]),
        Err(ChainError::Unavailable { .. })
    ));
}

#[test]
fn two_urls_of_one_host_are_one_voice() {
    let mut settings = settings(ReadMode::Logs);
    let mut net = Net::default();
    for (host, key) in [("one.example", 1), ("one.example", 2), ("two.example", 3)] {
        settings.providers.push(ProviderSettings {
            url: format!("https://{host}/{key}"),
            ..ProviderSettings::default()
        });
        net.nodes.insert(host.to_owned(), Node::honest());
    }
    net.nodes["two.example"].head.store(1, Ordering::Relaxed);
    let clock = Arc::new(SimulatedClock::starting_at(NOW));
    let source = EvmSource::new(settings, Arc::new(net), clock, Arc::new(Loaded)).unwrap();
    assert!(!now(source.agrees(2, &hash(2))).unwrap());
}

#[test]
fn a_probe_tells_of_each_provider_what_a_person_must_know() {
    let probed = |mode, verify, node| {
        let settings = EvmSettings {
            verify,
            ..settings(mode)
        };
        now(rig_with(settings, vec![node]).source.probe()).remove(0)
    };
    for mode in [ReadMode::Receipts, ReadMode::Logs] {
        let report = probed(mode, Verify::Full, Node::honest());
        assert_eq!(report.host, "node0.example");
        assert_eq!(report.height, Some(5));
        assert!(report.block_time.is_some() && report.latency.is_some());
        assert_eq!((report.faults, report.remarks), (Vec::new(), Vec::new()));
        let report = probed(mode, Verify::None, Node::honest());
        assert!(report.remarks[0].contains("can be verified"), "{report:?}");
    }
    let unsupported = Node::honest();
    unsupported.twist(|method, _, result| match method {
        "eth_getBlockReceipts" => Err(json!({"code": -32601, "message": "no such method"})),
        _ => Ok(result),
    });
    let faults: [(Arc<Node>, &str); 5] = [
        (unsupported, "does not serve eth_getBlockReceipts"),
        (
            Node::lying("eth_chainId", |id| *id = json!("0x1")),
            "chain id 1, not 56",
        ),
        (
            Node::lying("eth_call", |decimals| *decimals = json!("0x")),
            "is no token",
        ),
        (
            Node::lying("eth_getBlockByNumber", |block| {
                block["nonce"] = json!("0x0000000000000001")
            }),
            "do not hash",
        ),
        (
            Node::lying("eth_getBlockReceipts", |receipts| *receipts = json!([])),
            "0 receipts",
        ),
    ];
    for (node, fault) in faults {
        let report = probed(ReadMode::Receipts, Verify::Full, node);
        assert!(
            report.faults.iter().any(|found| found.contains(fault)),
            "{fault}: {report:?}"
        );
    }
    let settings = settings(ReadMode::Logs);
    let rig = rig_with(settings, vec![Node::honest()]);
    rig.clock.advance(Duration::from_secs(3600));
    assert!(now(rig.source.probe())[0].remarks[0].contains("s old"));
}

#[test]
fn settings_that_cannot_work_are_refused_before_anyone_is_asked() {
    let built = |settings: EvmSettings| {
        let clock = Arc::new(SimulatedClock::starting_at(NOW));
        EvmSource::new(settings, Arc::new(Net::default()), clock, Arc::new(Loaded)).err()
    };
    let with_url = |url: &str| EvmSettings {
        providers: vec![ProviderSettings {
            url: url.to_owned(),
            ..ProviderSettings::default()
        }],
        ..settings(ReadMode::Logs)
    };
    assert_eq!(
        built(settings(ReadMode::Logs)),
        Some(EvmSettingsError::NoProvider("bsc".to_owned()))
    );
    assert_eq!(
        built(with_url("SECRET")),
        Some(EvmSettingsError::Provider(1, "bsc".to_owned()))
    );
    let mut twice = with_url("https://node0.example");
    twice.tokens.push(Arc::clone(&twice.tokens[0]));
    assert!(matches!(built(twice), Some(EvmSettingsError::ContractTwice(..))));
    let mut without = with_url("https://node0.example");
    without.tokens.extend(without.native.clone());
    assert!(matches!(built(without), Some(EvmSettingsError::NoContract(..))));
    assert_eq!(built(with_url("https://node0.example")), None);
}

#[test]
fn a_probe_tells_what_a_provider_can_do() {
    let probed = |mode, node| {
        let report = now(rig_with(settings(mode), vec![node]).source.probe()).remove(0);
        assert_eq!(report.faults, Vec::<String>::new());
        assert_eq!(report.chain.as_deref(), Some("56"));
        report.features
    };
    let young = "the chain is too young to tell";
    let told = |features: &[(&'static str, &str)]| -> Vec<(&'static str, String)> {
        let owned = features.iter().map(|(name, value)| (*name, (*value).to_owned()));
        owned.collect()
    };
    assert_eq!(
        probed(ReadMode::Receipts, Node::honest()),
        told(&[("batches", "yes"), ("receipts", "yes"), ("archive", young)])
    );
    let limited = Node::honest();
    limited.takes_batches.store(false, Ordering::Relaxed);
    limited.twist(|method, params, result| match method {
        "eth_getLogs" if params[0]["fromBlock"].is_string() => {
            Err(json!({"code": -32000, "message": "limited to 0 - 10 blocks range"}))
        }
        _ => Ok(result),
    });
    assert_eq!(
        probed(ReadMode::Logs, limited),
        told(&[
            ("batches", "no, it is asked one by one"),
            ("receipts", "yes"),
            ("logs", "at most 10 blocks at once"),
            ("archive", young),
        ])
    );
}

#[test]
fn how_far_back_a_provider_knows_balances_is_told() {
    let aged = |balance: fn(u64) -> Result<serde_json::Value, serde_json::Value>| {
        let node = Node::honest();
        node.twist(move |method, params, mut result| match method {
            "eth_getBlockByNumber" => {
                result["number"] = json!("0x100000");
                Ok(result)
            }
            "eth_getBalance" => {
                let height = params[1].as_str().unwrap().strip_prefix("0x").unwrap();
                balance(0x10_0000 - u64::from_str_radix(height, 16).unwrap())
            }
            _ => Ok(result),
        });
        let settings = EvmSettings {
            verify: Verify::None,
            ..settings(ReadMode::Receipts)
        };
        let mut report = now(rig_with(settings, vec![node]).source.probe()).remove(0);
        report.features.pop().unwrap().1
    };
    assert_eq!(aged(|_| Ok(json!("0x0"))), "10000 blocks and more");
    assert_eq!(
        aged(|depth| match depth {
            128 => Ok(json!("0x0")),
            _ => Err(json!({"code": -32000, "message": "missing trie node"})),
        }),
        "128 blocks"
    );
    assert_eq!(aged(|_| Err(json!({"code": -32000, "message": "no"}))), "none");
    assert_eq!(
        aged(|_| Err(json!({"code": 429, "message": "too many requests"}))),
        "not known: it throttles"
    );
}

#[test]
fn who_serves_a_branch_of_its_own_is_read_from_until_two_others_contradict_it() {
    let rig = rig(
        ReadMode::Receipts,
        vec![branched(), Node::honest(), Node::honest()],
    );
    let theirs = now(rig.source.header(2)).unwrap().block.hash;
    assert_ne!(*theirs, *hash(2));
    assert!(!now(rig.source.agrees(2, &theirs)).unwrap());
    assert_eq!(*now(rig.source.header(2)).unwrap().block.hash, *hash(2));
    assert_eq!(Rig::told(&rig.read(1..=5).unwrap()), ALL);
    assert!(now(rig.source.agrees(2, &hash(2))).unwrap());

    let alone = super::rig(ReadMode::Receipts, vec![branched(), Node::honest()]);
    assert!(!now(alone.source.agrees(2, &theirs)).unwrap());
    assert!(
        alone
            .source
            .providers()
            .iter()
            .all(|health| health.rests.is_none())
    );
}
