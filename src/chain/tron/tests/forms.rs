//! Forms of blocks and logs that the recording does not have.

use serde_json::{Value, json};

use super::*;

/// What is read of the log of block 303 after `change`.
fn after(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Result<Vec<Told>, ChainError> {
    let node = RecordedTron::lying("gettransactioninfobyblocknum", move |request, answer| {
        if request["num"] == json!(303) {
            change(&mut answer[0]["log"][0]);
        }
    });
    let blocks = rig(vec![node]).read(303..=303)?;
    Ok(told(&blocks.transfers))
}

fn hex_of(group: &str, name: &str) -> String {
    recorded::EXPECTED[group][name]["hex"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn a_log_that_is_not_plainly_a_transfer_of_the_token_credits_nothing() {
    let shop = hex_of("addresses", "shop_a")[2..].to_owned();
    assert_eq!(after(|_| ()).unwrap(), credits(303..=303));
    for (what, change) in [
        (
            "another event",
            Box::new(|log: &mut Value| log["topics"][0] = json!("8c".repeat(32)))
                as Box<dyn Fn(&mut Value) + Send + Sync>,
        ),
        (
            "an NFT",
            Box::new(|log| {
                let id = log["data"].clone();
                log["topics"].as_array_mut().unwrap().push(id);
            }),
        ),
        (
            "no receiver",
            Box::new(|log| drop(log["topics"].as_array_mut().unwrap().pop())),
        ),
        ("no topics", Box::new(|log| log["topics"] = json!([]))),
        ("no data", Box::new(|log| log["data"] = json!(""))),
        ("more data", Box::new(|log| log["data"] = json!("00".repeat(64)))),
        ("no address", Box::new(|log| log["address"] = json!(""))),
        ("nothing", Box::new(|log| log["data"] = json!("00".repeat(32)))),
        (
            "something before the receiver",
            Box::new(move |log| log["topics"][2] = json!(format!("{}{shop}", "01".repeat(12)))),
        ),
    ] {
        assert_eq!(after(change).unwrap(), [], "{what}");
    }
}

#[test]
fn an_amount_that_no_token_can_have_is_no_amount() {
    let refused = after(|log| log["data"] = json!("ff".repeat(32))).unwrap_err();
    assert!(reasons(&refused).contains("out of range"), "{refused}");
    let most = after(|log| log["data"] = json!(format!("{}{}", "00".repeat(16), "ff".repeat(16)))).unwrap();
    assert_eq!(most[0].5, u128::MAX);
}

#[test]
fn addresses_are_read_in_every_form_that_nodes_write() {
    let shop = hex_of("addresses", "shop_a")[2..].to_owned();
    let usdt = hex_of("contracts", "usdt");
    let text = base58("contracts", "usdt");
    for change in [
        Box::new(move |log: &mut Value| log["address"] = json!(usdt))
            as Box<dyn Fn(&mut Value) + Send + Sync>,
        Box::new(move |log| log["address"] = json!(text)),
        Box::new(move |log| log["topics"][2] = json!(format!("{}41{shop}", "00".repeat(11)))),
    ] {
        assert_eq!(after(change).unwrap(), credits(303..=303));
    }
    let witness = RecordedTron::lying("getblockbynum", |_, answer| {
        let raw = &mut answer["block_header"]["raw_data"];
        if let Some(account) = raw["witness_address"].as_str().and_then(wire::account) {
            raw["witness_address"] = json!(Address::from_tron_account(account).to_string());
        }
    });
    assert_eq!(
        told(&rig(vec![witness]).read(303..=303).unwrap().transfers),
        credits(303..=303)
    );
}

#[test]
fn a_failed_transfer_of_trx_credits_nothing() {
    let mut branch = Branch::recorded();
    branch.rebuild(299, |block, _| {
        if block["block_header"]["raw_data"]["number"] == json!(299) {
            block["transactions"][0]["ret"][0]["contractRet"] = json!("REVERT");
        }
    });
    let rig = rig(vec![RecordedTron::on(branch)]);
    assert_eq!(told(&rig.read(299..=299).unwrap().transfers), []);
    assert_eq!(told(&rig.read(300..=300).unwrap().transfers), credits(300..=300));
}

/// A node whose block 303 holds something that cannot be put back into bytes, so that the root proves nothing.
fn unprovable() -> RecordedTron {
    RecordedTron::lying("getblockbynum", |request, answer| {
        if request["num"] == json!(303) {
            answer["transactions"][0]["ret"][0]["ret"] = json!("SOMETHING_NEW");
        }
    })
}

#[test]
fn a_block_of_a_form_that_is_not_known_takes_two_who_say_the_same() {
    let refused = rig(vec![unprovable()]).read(303..=303).unwrap_err();
    assert!(
        reasons(&refused).contains("a second provider would decide"),
        "{refused}"
    );
    let both = rig(vec![unprovable(), unprovable()]).read(303..=303).unwrap();
    assert_eq!(told(&both.transfers), credits(303..=303));
    // The other one's block is proven, and holds the same.
    for nodes in [
        vec![unprovable(), RecordedTron::honest()],
        vec![RecordedTron::honest(), unprovable()],
    ] {
        assert_eq!(
            told(&rig(nodes).read(303..=303).unwrap().transfers),
            credits(303..=303)
        );
    }
}

#[test]
fn an_empty_block_needs_no_account_of_what_it_did_but_a_second_look_at_itself() {
    let rig = rig(vec![RecordedTron::honest(), RecordedTron::honest()]);
    rig.read(318..=318).unwrap();
    rig.nodes.iter().for_each(|node| drop(node.take_calls()));
    rig.read(319..=319).unwrap();
    for node in &rig.nodes {
        let calls: Vec<String> = node.take_calls().into_iter().map(|(path, _)| path).collect();
        assert_eq!(calls, ["/wallet/getblockbynum"]);
    }
}

/// Headers of the public chains, of several versions: version, number, time, root, parent, producer, id.
const PUBLIC: &[(u64, u64, u64, &str, &str, &str, &str)] = &[
    (
        0,
        2657,
        1_529_899_509_000,
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000a6023d563b1a2e1e0eb49cb40226eb553e6dc006e723395d588",
        "411661f25387370c9cd3a9a5d97e60ca90f4844e7e",
        "0000000000000a611841e6cd79f99249d7e974e41c0f5b016eb3c64e43fcb01c",
    ),
    (
        21,
        30_864_544,
        1_623_055_923_000,
        "cc12586dc14ca32175ff230931dfad4e2f57b71850948edae7ef1c7a7de08881",
        "0000000001d6f49f615231bdeeddd8b563c746188d5e270a58afc87b059f29de",
        "41c81107148e5fa4b4a2edf3d5354db6c6be5b5549",
        "0000000001d6f4a09f60c27befccff6fe3cc593b2d6c46cdc79d3fd4f55db859",
    ),
    (
        34,
        66_987_565,
        1_777_445_121_000,
        "faf8fe3858339ead25cc892461c82a59b84dca4a51c45b026676bf3f45a352a2",
        "0000000003fe262c85cd6b02033f4c3e5c1efa35de256a17bd906dc61fb1aeed",
        "41b2f713d57dbcec679d93a8849fa0cd0e4db594ba",
        "0000000003fe262d52bfa4b2814f816fd2e57af5b98a33d60d8630a03a908e0e",
    ),
    (
        36,
        84_940_008,
        1_785_490_773_000,
        "5360b488069bf1f3643c8d0504052aea2e5f7a71a51901cf69ebe57e950336fa",
        "00000000051014e793a715af1fa52f8e4dfd1bed8aea07f41e11c9e831ef5022",
        "4114f2c09d3de3fe82a71960da65d4935a30b24e1f",
        "00000000051014e80dbf5923643f955ca7b09253e84c13b59f19e347fb9ea95e",
    ),
];

#[test]
fn headers_of_the_public_chains_hash_to_their_ids() {
    for (version, number, timestamp, root, parent, witness, id) in PUBLIC {
        let raw = json!({
            "version": version, "number": number, "timestamp": timestamp, "txTrieRoot": root, "parentHash": parent,
            "witness_address": witness,
        });
        let raw = raw.to_string();
        let raw = serde_json::from_str(&raw).unwrap();
        assert_eq!(hex::encode(block::block_id(&raw).unwrap()), *id);
    }
}

#[test]
fn a_block_of_a_public_chain_proves_its_transactions() {
    // Nile; a signature of one byte less or a failure would be another root.
    let wire = json!({
        "blockID": "000000000203c375c7521ef953106e9a112e1902664a91becc5f40371a7397d7",
        "block_header": {"raw_data": {
            "number": 33_801_077,
            "txTrieRoot": "30fe6502e11e110fa389d5c17e1cf53fa8df93f26297d9f27cd8c07d3558d722",
            "witness_address": "41e71c365c9dbf284ca8c1eed2d7877638941b9011",
            "parentHash": "000000000203c3741f9a08f594934bd26df95cc6c49b475d118e3a87aed5a4a4",
            "version": 27,
            "timestamp": 1_684_509_309_000_u64,
        }},
        "transactions": [{
            "ret": [{"contractRet": "SUCCESS"}],
            "signature": ["95874b4774ba56125dfd7bf2a99a0652d4abda98c6977e3f417852b7ea6f2b81ff2f260df473d186be9586b6bbeb74b5\
                           382d7f058593fd72fb60da5d0f77f77100"],
            "txID": "31370141e3345421bdb92eff72f0d69aba8d04e636317ed52745d3f97e9faabb",
            "raw_data_hex": "0a02c36222084ddf60f936a910d940f0add4a483315a8e01081f1289010a31747970652e676f6f676c65617069732e636f\
                             6d2f70726f746f636f6c2e54726967676572536d617274436f6e747261637412540a1541fcf7ab2a2fb29362babd4164\
                             7a22b223f7fbedec121541c3c5115bd3f5cfe5559c634eeb250f339ae3e29c222437383d0e0000000000000000000000\
                             0000000000000000000000000000000188349354c970b8e0d0a48331900180a3c347",
        }],
    });
    let read = |wire: &Value| {
        block::check(
            &serde_json::from_str(&wire.to_string()).unwrap(),
            Some(33_801_077),
        )
    };
    let block = read(&wire).unwrap();
    assert!(block.are_txs_proven);
    let mut failed = wire;
    failed["transactions"][0]["ret"][0]["contractRet"] = json!("REVERT");
    assert!(!read(&failed).unwrap().are_txs_proven);
}
