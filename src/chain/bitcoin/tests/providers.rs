//! What providers of either kind say of themselves, their errors, and what doctors are told.

use serde_json::Value;

use super::*;
use crate::chain::ProviderReport;

const GENESIS: &str = "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206";

macro_rules! recorded {
    ($name:literal) => {
        include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/fixtures/bitcoin/replies/",
            $name
        ))
        .as_slice()
    };
}

#[test]
fn how_every_provider_does_is_told() {
    let rig = rig(vec![
        Peer::at(ProviderKind::Node, FINAL),
        Peer::at(ProviderKind::Esplora, FINAL),
    ]);
    rig.peers[0].answers(503, None, "no");
    now(rig.source.tip()).unwrap();
    let told = rig.source.providers();
    let hosts: Vec<&str> = told.iter().map(|provider| provider.host.as_str()).collect();
    assert_eq!(hosts, ["peer0.example", "peer1.example"]);
    assert!(told[0].rests.is_some() && told[0].failed == 1, "{:?}", told[0]);
    assert!(
        told[1].rests.is_none() && told[1].requests_last_minute > 0,
        "{:?}",
        told[1]
    );
}

#[test]
fn a_node_is_asked_no_more_often_than_it_is_set() {
    let peer = Peer::at(ProviderKind::Node, FINAL);
    let tip_at_once = |requests| {
        let mut settings = settings(REGTEST);
        settings.providers.push(ProviderSettings {
            url: "https://peer0.example".to_owned(),
            headers: Vec::new(),
            kind: ProviderKind::Node,
            requests,
        });
        let mut net = Net::default();
        net.peers.insert("peer0.example".to_owned(), Arc::clone(&peer));
        let now = UnixMillis::from_seconds(peer.chain.tip_time_s() + 30);
        let clock = Arc::new(SimulatedClock::starting_at(now));
        let electrum = no_electrum(clock.clone());
        let source = BitcoinSource::new(settings, electrum, Arc::new(net), clock, Arc::new(Loaded)).unwrap();
        source.tip().now_or_never().is_some()
    };
    assert!(tip_at_once(None));
    let one = RequestRate::AtMost {
        per_second: 1,
        burst: 1,
    };
    assert!(!tip_at_once(Some(one)), "the second request waits for its turn");
}

#[test]
fn a_settings_mistake_is_told_with_what_to_write() {
    let build = |family, kind, url: &str| {
        let mut settings = settings(family);
        settings.providers.push(ProviderSettings {
            url: url.to_owned(),
            headers: Vec::new(),
            kind,
            requests: None,
        });
        let clock = Arc::new(SimulatedClock::starting_at(UnixMillis::from_seconds(0)));
        let (net, random) = (Arc::new(Net::default()), Arc::new(Loaded));
        BitcoinSource::new(settings, no_electrum(clock.clone()), net, clock, random).map(drop)
    };
    assert_eq!(
        build(REGTEST, ProviderKind::Node, "http://u:p@127.0.0.1:8332"),
        Ok(())
    );
    assert_eq!(build(REGTEST, ProviderKind::Electrum, "ssl://host:50002"), Ok(()));
    let litecoin = Family::Litecoin(Bip::Mainnet);
    assert_eq!(build(litecoin, ProviderKind::Esplora, "https://host/api"), Ok(()));
    for (kind, url) in [
        (ProviderKind::Node, "ssl://host:50002"),
        (ProviderKind::Electrum, "https://host"),
        (ProviderKind::Esplora, "host/api"),
    ] {
        let refused = build(REGTEST, kind, url).unwrap_err();
        assert_eq!(refused, BitcoinSettingsError::Provider(1, "bitcoin".to_owned()));
    }
    assert_eq!(
        build(Family::Tron, ProviderKind::Node, "http://host"),
        Err(BitcoinSettingsError::Family("bitcoin".to_owned()))
    );
}

#[test]
fn replies_as_real_servers_sent_them_are_read() {
    let header = recorded!("core-getblockheader.json");
    let hash = "71445e4c788cfec466c26489b4e350e81aeb9fdd1c4787e0ad8c6d5e38250680";
    // Recorded with another id, in the older form that has an `error` beside the result.
    let renumbered = |body: &[u8]| {
        let mut reply: Value = serde_json::from_slice(body).unwrap();
        reply["id"] = 0.into();
        serde_json::to_vec(&reply).unwrap()
    };
    let (fields, mempool) = (
        renumbered(header),
        renumbered(recorded!("core-getrawmempool.json")),
    );
    let raw = renumbered(recorded!("core-getblockheader-false.json"));
    let peer = Peer::at(ProviderKind::Node, "01b-exact-mined");
    peer.twist_all(move |asked, status, body| match asked {
        "getblockheader" if body.len() > 300 => (status, fields.clone()),
        "getblockheader" => (status, raw.clone()),
        "getrawmempool" => (status, mempool.clone()),
        _ => (status, body),
    });
    let node = rig(vec![peer]);
    assert_eq!(&*now(node.source.tip()).unwrap().hash, hash);
    assert_eq!(&*node.header(112).unwrap().block.hash, hash);

    let peer = Peer::at(ProviderKind::Esplora, "07a-lost-confirmed");
    peer.twist_all(|asked, status, body| {
        let recorded = match asked {
            asked if asked.ends_with("/header") => recorded!("esplora-block-header.txt"),
            asked if asked.ends_with("/raw") => recorded!("esplora-block-raw.bin"),
            asked if asked.starts_with("block/") => recorded!("esplora-block.json"),
            asked if asked.ends_with("txs/mempool") => recorded!("esplora-txs-mempool.json"),
            asked if asked.starts_with("address/") => recorded!("esplora-address.json"),
            _ => return (status, body),
        };
        (200, recorded.to_vec())
    });
    let esplora = rig(vec![peer]);
    let tip = now(esplora.source.tip()).unwrap();
    assert_eq!(tip.height, 119);
    assert_eq!(esplora.header(119).unwrap().block, tip);
    assert_eq!(esplora.read(119..=119).unwrap().transfers.len(), 1);
    let shop = "bcrt1q6rz28mcfaxtmd6v789l9rrlrusdprr9pz3cppk";
    let mut expected = WatchSet::default();
    expected.insert(&address(shop));
    let found = esplora.unconfirmed_of(&expected).transfers;
    assert_eq!((found.len(), found[0].amount.get()), (1, 150_000));
    let asked = [(address(shop), Currency::parse("native").unwrap())];
    let balances = now(esplora.source.balances(&tip, &asked)).unwrap().unwrap();
    assert_eq!(balances[0].get(), 0, "all that came was spent");
}

#[test]
fn errors_of_nodes_old_and_new_are_told_apart() {
    let kind_of = |status: u16, body: &'static [u8]| {
        let peer = Peer::at(ProviderKind::Node, FINAL);
        peer.twist_all(move |asked, known, honest| {
            if asked == "getblock" {
                let mut reply: Value = serde_json::from_slice(body).unwrap();
                reply["id"] = 0.into();
                return (status, serde_json::to_vec(&reply).unwrap());
            }
            (known, honest)
        });
        rig(vec![peer]).read(130..=130).unwrap_err()
    };
    for (status, body) in [
        (500, recorded!("core-block-not-found.no-version.json")),
        (200, recorded!("core-block-not-found.version-2.json")),
        (500, recorded!("core-height-out-of-range.no-version.json")),
        (200, recorded!("core-height-out-of-range.version-2.json")),
    ] {
        let refused = kind_of(status, body);
        assert!(matches!(refused, ChainError::NotThere { .. }), "{refused}");
    }
    let warming = reasons(&kind_of(500, recorded!("core-warming-up.json")));
    assert!(warming.contains("Verifying blocks"), "{warming}");
    let unknown = reasons(&kind_of(200, recorded!("core-unknown-method.version-2.json")));
    assert!(unknown.contains("Method not found"), "{unknown}");
}

#[test]
fn a_refused_password_is_told_as_such() {
    let peer = Peer::at(ProviderKind::Node, FINAL);
    peer.answers(401, None, "");
    let refused = reasons(&rig(vec![peer]).read(130..=130).unwrap_err());
    assert!(refused.contains("HTTP 401"), "{refused}");
}

#[test]
fn a_provider_recovers() {
    for kind in KINDS {
        let peer = Peer::at(kind, FINAL);
        peer.answers(502, None, "bad gateway");
        let rig = rig(vec![Arc::clone(&peer)]);
        assert!(rig.read(130..=130).is_err());
        peer.recovers();
        rig.clock.advance(Duration::from_secs(2));
        assert!(rig.read(130..=130).is_ok(), "{kind:?}");
    }
}

#[test]
fn balances_are_those_of_the_block_asked_for_or_none() {
    let esplora = rig(vec![
        Peer::at(ProviderKind::Node, FINAL),
        Peer::at(ProviderKind::Esplora, FINAL),
    ]);
    let tip = now(esplora.source.tip()).unwrap();
    let native = Currency::parse("native").unwrap();
    let asked: Vec<(Address, Currency)> = RecordedBitcoin::addresses()
        .iter()
        .map(|(_, text)| (address(text), native.clone()))
        .collect();
    let found = now(esplora.source.balances(&tip, &asked)).unwrap().unwrap();
    let found: Vec<u128> = found.iter().map(|balance| balance.get()).collect();
    assert_eq!(
        found,
        [
            228_323,
            420_000,
            5_000_150_295,
            598_456,
            200_330,
            0,
            0,
            0,
            0,
            0,
            0
        ]
    );
    let below = esplora.header(129).unwrap().block;
    assert_eq!(now(esplora.source.balances(&below, &asked)).unwrap(), None);
    let token = [(asked[0].0.clone(), Currency::parse("usdt").unwrap())];
    assert_eq!(now(esplora.source.balances(&tip, &token)).unwrap(), None);
    let node = rig(vec![Peer::at(ProviderKind::Node, FINAL)]);
    let tip = now(node.source.tip()).unwrap();
    assert_eq!(now(node.source.balances(&tip, &asked)).unwrap(), None);
}

#[test]
fn a_doctor_is_told_the_kind_the_height_and_the_features() {
    let rig = rig(vec![
        Peer::at(ProviderKind::Node, FINAL),
        Peer::at(ProviderKind::Esplora, "07d-lost-reorged-out"),
    ]);
    let reports = now(rig.source.probe());
    let [node, esplora] = reports.as_slice() else {
        panic!("{reports:?}")
    };
    assert_eq!((node.height, esplora.height), (Some(130), Some(120)));
    assert!(node.faults.is_empty() && esplora.faults.is_empty(), "{reports:?}");
    let features = |report: &ProviderReport| -> Vec<String> {
        let each = report.features.iter();
        each.map(|(name, value)| format!("{name}: {value}")).collect()
    };
    assert_eq!(
        features(node),
        [
            "kind: node",
            "chain: regtest",
            "blocks: all",
            "mempool: 0 transactions",
            "txindex: yes",
            "balances: no"
        ]
    );
    assert_eq!(
        features(esplora),
        ["kind: esplora", "mempool: 25 addresses a look", "balances: yes"]
    );
    assert!(
        node.remarks.is_empty() && esplora.remarks.is_empty(),
        "{reports:?}"
    );
    assert_eq!(
        (node.chain.as_deref(), &esplora.chain),
        (Some(GENESIS), &node.chain)
    );
    assert!(node.latency.is_some() && node.block_time.is_some());
}

#[test]
fn a_doctor_is_told_of_another_chain_and_of_a_node_that_is_not_ready() {
    let wrong = Peer::at(ProviderKind::Esplora, FINAL);
    wrong.twist("block-height/0", |_| {
        let mainnet = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f";
        (200, mainnet.as_bytes().to_vec())
    });
    let busy = Peer::at(ProviderKind::Node, FINAL);
    busy.twist("getblockchaininfo", |_| {
        let info = br#"{"jsonrpc":"2.0","id":0,"result":{"chain":"regtest","headers":900,"pruned":true,"initialblockdownload":true}}"#;
        (200, info.to_vec())
    });
    let reports = now(rig(vec![wrong, busy]).source.probe());
    assert!(reports[0].faults[0].contains("another chain"), "{reports:?}");
    assert!(
        reports[1].faults[0].contains("still catching up: 770"),
        "{reports:?}"
    );
    assert!(reports[1].remarks[0].contains("pruned"), "{reports:?}");
    assert!(
        reports[1]
            .features
            .contains(&("blocks", "the latest only".to_owned())),
        "{reports:?}"
    );
}
