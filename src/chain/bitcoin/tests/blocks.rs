//! The parser and the tree of transactions, by recorded blocks of both coins.

use proptest::prelude::*;
use serde_json::Value;

use super::block::{Malformed, check, read_block, read_transaction};
use super::*;

const BITCOIN: ChainRules = ChainRules {
    coin: Coin::Bitcoin,
    bip: Bip::Regtest,
};
const LITECOIN: ChainRules = ChainRules {
    coin: Coin::Litecoin,
    bip: Bip::Regtest,
};

/// Blocks of a Litecoin regtest chain: before, at and after the start of MWEB, one with peg-outs; and transactions of
/// its mempool.
pub(super) fn litecoin() -> Value {
    let text = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/litecoin/mweb.json"
    ));
    serde_json::from_str(text).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

#[test]
fn every_recorded_block_is_what_its_header_says() {
    let chain = RecordedBitcoin::at(FINAL);
    let stale = ["A-lost", "A-moved"].map(RecordedBitcoin::labelled);
    let on_chain = (0..=130).map(|height| (height, chain.hash_at(height).unwrap()));
    for (height, hash) in on_chain.chain([(119, stale[0]), (121, stale[1])]) {
        let raw = RecordedBitcoin::raw(hash);
        let block = read_block(Coin::Bitcoin, &raw).unwrap();
        let asked = Hash::parse(hash).unwrap();
        assert_eq!(check(BITCOIN, &block, &asked, height), Ok(()), "{height}");
        super::super::work::check(BITCOIN, height, &block.header).unwrap();
    }
}

#[test]
fn litecoin_blocks_are_read_before_at_and_after_the_start_of_mweb() {
    let recorded = litecoin();
    let mut with_extension = 0;
    for known in recorded["blocks"].as_array().unwrap() {
        let raw = bytes(&known["raw"]);
        let height = known["height"].as_u64().unwrap();
        let block = read_block(Coin::Litecoin, &raw).unwrap();
        let asked = Hash::parse(known["hash"].as_str().unwrap()).unwrap();
        assert_eq!(check(LITECOIN, &block, &asked, height), Ok(()), "{height}");
        super::super::work::check(LITECOIN, height, &block.header).unwrap();
        let told: Vec<String> = block.transactions.iter().map(|tx| tx.txid.to_string()).collect();
        assert_eq!(serde_json::json!(told), known["txids"], "{height}");
        let outputs: Vec<Vec<Value>> = block
            .transactions
            .iter()
            .map(|tx| {
                tx.outputs()
                    .map(|(value, script)| serde_json::json!([value, hex::encode(script)]))
                    .collect()
            })
            .collect();
        assert_eq!(serde_json::json!(outputs), known["outputs"], "{height}");
        let hogex = block.transactions.iter().filter(|tx| tx.is_hogex).count();
        assert_eq!(hogex, usize::from(height >= 432), "{height}");
        with_extension += hogex;
        if hogex > 0 {
            assert!(
                read_block(Coin::Bitcoin, &raw).is_err(),
                "the flag means nothing on Bitcoin"
            );
        }
    }
    assert_eq!(with_extension, 4);
}

#[test]
fn peg_outs_and_plain_payments_of_a_litecoin_block_are_found() {
    let recorded = litecoin();
    let mut watched = WatchSet::default();
    for (_, shop) in recorded["shop"].as_object().unwrap() {
        watched.insert_script(&bytes(&shop["script"]), shop["address"].as_str().unwrap());
        let family = Family::Litecoin(Bip::Regtest);
        let address = Address::parse(family, shop["address"].as_str().unwrap()).unwrap();
        assert_eq!(address.payload(), bytes(&shop["script"]));
    }
    let blocks = recorded["blocks"].as_array().unwrap();
    let block = blocks.iter().find(|block| block["height"] == 437).unwrap();
    let raw = bytes(&block["raw"]);
    let block = read_block(Coin::Litecoin, &raw).unwrap();
    let found: Vec<(bool, u32, u128)> = block
        .transactions
        .iter()
        .flat_map(|tx| {
            paying(tx.outputs(), &watched)
                .map(|(position, _, amount)| (tx.is_hogex, position, amount.get()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(
        found,
        [
            (false, 0, 40_000_000),
            (false, 1, 30_000_000),
            (true, 1, 125_000_000),
            (true, 2, 50_000_000)
        ]
    );
}

#[test]
fn a_litecoin_block_ends_after_its_extension_only_where_there_is_one() {
    let recorded = litecoin();
    for known in recorded["blocks"].as_array().unwrap() {
        let mut raw = bytes(&known["raw"]);
        raw.push(0);
        let is_extended = known["height"].as_u64().unwrap() >= 432;
        // What is in an extension is not read, and bound to the block by nothing that is checked here.
        assert_eq!(read_block(Coin::Litecoin, &raw).is_ok(), is_extended);
        raw.truncate(raw.len() - 2);
        if !is_extended {
            assert_eq!(read_block(Coin::Litecoin, &raw).err(), Some(Malformed::Short));
        }
    }
}

#[test]
fn litecoin_transactions_of_the_mempool_are_read_with_their_mweb_data() {
    let recorded = litecoin();
    let mempool = &recorded["mempool"];
    for (name, outputs) in [("plain", 3), ("peg-in", 1), ("peg-out", 0)] {
        let raw = bytes(&mempool[name]["raw"]);
        let transaction = read_transaction(Coin::Litecoin, &raw).unwrap();
        assert_eq!(transaction.outputs.len(), outputs, "{name}");
        let has_canonical_id = transaction.txid.to_string() == mempool[name]["txid"].as_str().unwrap();
        assert_eq!(has_canonical_id, outputs > 0, "{name}");
    }
}

#[test]
fn a_doubled_transaction_that_leaves_the_root_as_it_was_is_refused() {
    // Three transactions: the last one stands for a fourth in the tree.
    let hash = RecordedBitcoin::labelled("opreturn-dust");
    let mut raw = RecordedBitcoin::raw(hash);
    let last = {
        let block = read_block(Coin::Bitcoin, &raw).unwrap();
        assert_eq!(block.transactions.len(), 3);
        RecordedBitcoin::raw_transaction(&block.transactions[2].txid.to_string())
    };
    assert!(raw.ends_with(&last));
    raw.extend_from_slice(&last);
    raw[header::HEADER_BYTES] = 4;
    let block = read_block(Coin::Bitcoin, &raw).unwrap();
    let asked = Hash::parse(hash).unwrap();
    assert_eq!(
        check(BITCOIN, &block, &asked, 125),
        Err("holds a transaction twice")
    );
}

#[test]
fn inner_nodes_of_the_tree_are_not_taken_for_transactions() {
    // A node of two hashes that happens to read as a transaction of 64 bytes still is no coinbase.
    let hash = RecordedBitcoin::labelled("exact");
    let raw = RecordedBitcoin::raw(hash);
    let mut shown = raw[..80].to_vec();
    let payment =
        RecordedBitcoin::raw_transaction("58964f6dc0821df206d1237f843e26f68de882e02b99d0bb78493883798f7b1a");
    shown.push(1);
    shown.extend_from_slice(&payment);
    let txid = read_transaction(Coin::Bitcoin, &payment).unwrap().txid;
    shown[36..68].copy_from_slice(&txid.0);
    let block = read_block(Coin::Bitcoin, &shown).unwrap();
    let asked = block.header.hash();
    assert_eq!(
        check(BITCOIN, &block, &asked, 112),
        Err("does not begin with a coinbase")
    );
}

#[test]
fn the_height_in_a_coinbase_is_written_like_a_number_of_script() {
    let chain = RecordedBitcoin::at(FINAL);
    for height in [1, 16, 17, 127, 128, 130] {
        let hash = chain.hash_at(height).unwrap();
        let raw = RecordedBitcoin::raw(hash);
        let block = read_block(Coin::Bitcoin, &raw).unwrap();
        let asked = Hash::parse(hash).unwrap();
        assert_eq!(check(BITCOIN, &block, &asked, height), Ok(()));
        for other in [height + 1, height + 256, height + 65_536] {
            assert_eq!(
                check(BITCOIN, &block, &asked, other),
                Err("belongs to another height")
            );
        }
    }
}

#[test]
fn counts_and_lengths_that_lie_are_refused_before_anything_is_kept() {
    let raw = RecordedBitcoin::raw(RecordedBitcoin::labelled("exact"));
    for length in [
        &[0xfd, 0xff, 0xff][..],
        &[0xfe, 0xff, 0xff, 0xff, 0xff],
        &[0xff; 9],
    ] {
        let mut lying = raw[..80].to_vec();
        lying.extend_from_slice(length);
        lying.extend_from_slice(&raw[81..]);
        assert_eq!(read_block(Coin::Bitcoin, &lying).err(), Some(Malformed::Short));
    }
    let mut longer = raw[..80].to_vec();
    longer.extend_from_slice(&[0xfd, 2, 0]);
    longer.extend_from_slice(&raw[81..]);
    assert!(matches!(
        read_block(Coin::Bitcoin, &longer),
        Err(Malformed::Impossible(_))
    ));
}

#[test]
fn an_output_of_more_than_there_is_is_refused() {
    let raw = RecordedBitcoin::raw(RecordedBitcoin::labelled("exact"));
    let at = raw
        .windows(8)
        .position(|window| window == 150_000_u64.to_le_bytes());
    for (value, is_read) in [
        (params::AMOUNT_MAX, true),
        (params::AMOUNT_MAX + 1, false),
        (u64::MAX, false),
    ] {
        let mut changed = raw.clone();
        changed[at.unwrap()..][..8].copy_from_slice(&value.to_le_bytes());
        assert_eq!(read_block(Coin::Bitcoin, &changed).is_ok(), is_read, "{value}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_bytes_make_the_parser_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), litecoin: bool) {
        let coin = if litecoin { Coin::Litecoin } else { Coin::Bitcoin };
        let _ = read_block(coin, &bytes);
        let _ = read_transaction(coin, &bytes);
    }

    #[test]
    fn a_changed_block_is_refused_or_unchanged_in_what_counts(at in 0_usize..3000, to: u8) {
        let hash = RecordedBitcoin::labelled("batch-payout");
        let raw = RecordedBitcoin::raw(hash);
        let mut changed = raw.clone();
        let at = at % changed.len();
        changed[at] = to;
        let asked = Hash::parse(hash).unwrap();
        if let Ok(block) = read_block(Coin::Bitcoin, &changed)
            && check(BITCOIN, &block, &asked, 127).is_ok()
        {
            // Only witnesses can be changed unnoticed.
            prop_assert_eq!(block.transactions, read_block(Coin::Bitcoin, &raw).unwrap().transactions);
        }
    }

    #[test]
    fn a_block_cut_anywhere_is_refused(at in 0_usize..5000) {
        let recorded = litecoin();
        let raw = bytes(&recorded["blocks"][3]["raw"]);
        let cut = &raw[..at % raw.len()];
        prop_assert_eq!(read_block(Coin::Litecoin, cut).err(), Some(Malformed::Short));
    }
}
