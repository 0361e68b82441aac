//! Reorganisations, and which chain it is.

use serde_json::json;

use super::*;

/// The recording with other blocks from `from` on, of which the one at `without` holds nothing.
fn fork(from: u64, without: u64) -> Branch {
    let mut branch = Branch::recorded();
    branch.rebuild(from, |block, infos| {
        let header = &mut block["block_header"]["raw_data"];
        header["witness_address"] = json!("41cdcbad9b72c5d175880694b4b0057523fa48bb6a");
        header["timestamp"] = json!(header["timestamp"].as_u64().unwrap() + 1);
        if header["number"] == json!(without) {
            block["transactions"] = json!([]);
            infos.clear();
        }
    });
    branch
}

#[test]
fn the_stand_in_makes_the_blocks_that_the_node_made() {
    let mut again = Branch::recorded();
    again.rebuild(FIRST, |_, _| {});
    for height in FIRST..=LAST {
        assert_eq!(again.id(height), Branch::recorded().id(height));
    }
}

#[test]
fn a_reorganisation_takes_blocks_with_their_money_away_and_is_seen_at_the_parent() {
    let rig = rig(vec![RecordedTron::honest(), RecordedTron::honest()]);
    let before = rig.read(300..=304).unwrap();
    assert_eq!(told(&before.transfers), credits(300..=304));
    for node in &rig.nodes {
        node.switch_to(fork(303, 303));
    }
    let after = rig.read(300..=304).unwrap();
    assert_eq!(after.headers[2], before.headers[2]);
    assert_ne!(after.headers[3].block.hash, before.headers[3].block.hash);
    assert_eq!(after.headers[3].parent_hash, before.headers[2].block.hash);
    let mut left = credits(300..=304);
    left.retain(|(height, ..)| *height != 303);
    assert_eq!(told(&after.transfers), left);
    assert_eq!(
        now(ChainSource::header(&rig.source, 303)).unwrap(),
        after.headers[3]
    );
}

#[test]
fn a_branch_change_between_two_calls_is_no_block_and_nobodys_fault() {
    let other = fork(303, 999);
    let node = RecordedTron::on(Branch::recorded());
    node.twist(move |path, request, answer| {
        // What blocks did is already told of the other branch.
        if path.ends_with("infobyblocknum") && request["num"] == json!(303) {
            other.infos(303)
        } else {
            answer
        }
    });
    let rig = rig(vec![node]);
    let refused = rig.read(303..=303).unwrap_err();
    assert!(matches!(refused, ChainError::NotThere { .. }), "{refused}");
    assert!(rig.read(300..=300).is_ok(), "nobody is punished for it");
}

#[test]
fn blocks_that_do_not_follow_one_another_are_not_read() {
    let torn = RecordedTron::lying("getblockbylimitnext", |_, answer| {
        let other = fork(300, 999);
        answer["block"][1] = other.block(
            answer["block"][1]["block_header"]["raw_data"]["number"]
                .as_u64()
                .unwrap(),
        );
    });
    let refused = rig(vec![torn]).read(302..=304).unwrap_err();
    assert!(matches!(refused, ChainError::NotThere { .. }), "{refused}");
}

#[test]
fn two_providers_on_different_branches_are_not_read_until_they_meet() {
    // The same transactions in other blocks: only the blocks themselves tell them apart.
    let rig = rig(vec![RecordedTron::on(fork(317, 999)), RecordedTron::honest()]);
    let refused = rig.read(320..=320).unwrap_err();
    assert!(matches!(refused, ChainError::NotThere { .. }), "{refused}");
    rig.nodes[0].switch_to(Branch::recorded());
    assert!(rig.read(320..=320).is_ok());
}

#[test]
fn a_provider_of_another_chain_is_never_read_from() {
    const SHASTA: &str = "0000000000000000de1aa88295e1fcf982742f773e0419c5a9c134c994a9059e";
    for (chain, is_right) in [
        (TronChain::Mainnet, false),
        (TronChain::Nile, false),
        (TronChain::Shasta, true),
        (TronChain::Private { genesis: None }, true),
        (
            TronChain::Private {
                genesis: Some(SHASTA.to_uppercase()),
            },
            true,
        ),
        (
            TronChain::Private {
                genesis: Some("00".repeat(32)),
            },
            false,
        ),
    ] {
        let node = RecordedTron::honest();
        node.set_genesis(SHASTA);
        let rig = rig_with(TronSettings { chain, ..settings() }, vec![node]);
        match rig.read(303..=303) {
            Ok(_) => assert!(is_right),
            Err(refused) => {
                assert!(
                    !is_right && matches!(refused, ChainError::WrongChain { .. }),
                    "{refused}"
                );
                assert!(reasons(&refused).contains("another chain"));
            }
        }
    }
}

#[test]
fn on_a_private_chain_all_providers_must_have_the_same_first_block() {
    let other = RecordedTron::honest();
    other.set_genesis(&"ab".repeat(32));
    let rig = rig(vec![RecordedTron::honest(), other, RecordedTron::honest()]);
    assert!(rig.read(303..=303).is_ok());
    let reports = now(rig.source.probe());
    let at_fault: Vec<bool> = reports.iter().map(|report| !report.faults.is_empty()).collect();
    assert_eq!(at_fault, [false, true, false], "{reports:?}");
}

#[test]
fn a_contract_that_is_no_token_or_has_other_decimals_stops_the_network() {
    for (contract, decimals, says) in [("usdt", 18, "has 6 decimals"), ("multi", 6, "is no token")] {
        let mut settings = settings();
        let mut token = (*settings.tokens[0]).clone();
        token.decimals = decimals;
        token.contract = Some(Address::parse(Family::Tron, &base58("contracts", contract)).unwrap());
        settings.tokens = vec![Arc::new(token)];
        let refused = rig_with(settings, vec![RecordedTron::honest()])
            .read(303..=303)
            .unwrap_err();
        assert!(matches!(refused, ChainError::WrongChain { .. }), "{refused}");
        assert!(reasons(&refused).contains(says), "{refused}");
    }
}

#[test]
fn settings_that_make_no_source_are_refused() {
    let provider = |url: &str| ProviderSettings {
        url: url.to_owned(),
        headers: Vec::new(),
        ws: None,
        requests: None,
    };
    let make = |change: &dyn Fn(&mut TronSettings)| {
        let mut settings = settings();
        settings.providers = vec![provider("https://a.example")];
        change(&mut settings);
        let clock = Arc::new(SimulatedClock::starting_at(NOW));
        TronSource::new(settings, Arc::new(Net::default()), clock, Arc::new(NoChance)).err()
    };
    assert_eq!(make(&|_| {}), None);
    let network = || "tron".to_owned();
    for (change, error) in [
        (
            (&|settings: &mut TronSettings| settings.providers.clear()) as &dyn Fn(&mut TronSettings),
            TronSettingsError::NoProvider(network()),
        ),
        (
            &|settings| settings.providers.push(provider("ftp://x")),
            TronSettingsError::Provider(2, network()),
        ),
        (
            &|settings| settings.tokens.push(Arc::clone(&settings.tokens[0])),
            TronSettingsError::ContractTwice(USDT.to_owned(), network()),
        ),
        (
            &|settings| settings.tokens.extend(settings.native.clone()),
            TronSettingsError::NoContract("native".to_owned(), network()),
        ),
        (
            &|settings| {
                settings.chain = TronChain::Private {
                    genesis: Some("1234".to_owned()),
                };
            },
            TronSettingsError::Genesis(network()),
        ),
    ] {
        assert_eq!(make(change), Some(error));
    }
}
