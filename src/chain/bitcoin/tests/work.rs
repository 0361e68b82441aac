//! The proof of work, by real headers of main chains and by made-up ones.

use super::super::work::{Lineage, check, check_step};
use super::*;
use crate::chain::providers::trouble::TroubleKind;

const MAINNET: ChainRules = ChainRules {
    coin: Coin::Bitcoin,
    bip: Bip::Mainnet,
};
const LITECOIN: ChainRules = ChainRules {
    coin: Coin::Litecoin,
    bip: Bip::Mainnet,
};

/// The first blocks, as the nodes of each chain serve them.
const BITCOIN_GENESIS: &str = "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c";
const LITECOIN_GENESIS: &str = "010000000000000000000000000000000000000000000000000000000000000000000000d9ced4ed1130f7b7faad9be25323ffafa33232a17c3edf6cfd97bee6bafbdd97b9aa8e4ef0ff0f1ecd513f7c";
const LITECOIN_TESTNET_GENESIS: &str = "010000000000000000000000000000000000000000000000000000000000000000000000d9ced4ed1130f7b7faad9be25323ffafa33232a17c3edf6cfd97bee6bafbdd97f60ba158f0ff0f1ee1790400";

fn with_bits(bits: u32) -> RawHeader {
    RawHeader::from_fields(1, Hash::ZERO, Hash::ZERO, 0, bits, 0)
}

#[test]
fn real_first_blocks_have_the_names_and_the_work_that_are_known() {
    for (coin, bip, text) in [
        (Coin::Bitcoin, Bip::Mainnet, BITCOIN_GENESIS),
        (Coin::Litecoin, Bip::Mainnet, LITECOIN_GENESIS),
        (Coin::Litecoin, Bip::Testnet, LITECOIN_TESTNET_GENESIS),
    ] {
        let rules = ChainRules { coin, bip };
        let header = RawHeader::parse(text).unwrap();
        assert_eq!(rules.genesis(), [header.hash().to_string()]);
        assert_eq!(check(rules, 0, &header), Ok(()));
    }
    use ::bitcoin::Network as Known;
    use ::bitcoin::constants::genesis_block;
    for (bip, known) in [
        (Bip::Mainnet, Known::Bitcoin),
        (Bip::Testnet, Known::Testnet),
        (Bip::Testnet, Known::Testnet4),
        (Bip::Testnet, Known::Signet),
        (Bip::Regtest, Known::Regtest),
    ] {
        let rules = ChainRules {
            coin: Coin::Bitcoin,
            bip,
        };
        let first = genesis_block(known);
        let hash = first.block_hash().to_string();
        assert!(rules.genesis().contains(&hash.as_str()), "{known}");
        let raw = ::bitcoin::consensus::serialize(&first.header);
        assert_eq!(
            check(rules, 0, &RawHeader::read(&raw).unwrap()),
            Ok(()),
            "{known}"
        );
    }
}

#[test]
fn litecoins_work_is_scrypts_and_not_the_name() {
    let header = RawHeader::parse(LITECOIN_GENESIS).unwrap();
    assert!(LITECOIN.work_hash(&header) != header.hash());
    let as_bitcoin = ChainRules {
        coin: Coin::Bitcoin,
        bip: Bip::Testnet,
    };
    assert!(
        check(as_bitcoin, 0, &header).is_err(),
        "its name is far above its target"
    );
    let bitcoin = RawHeader::parse(BITCOIN_GENESIS).unwrap();
    assert!(check(LITECOIN, 0, &bitcoin).is_err(), "and the other way round");
}

#[test]
fn a_target_easier_than_the_chain_ever_had_is_refused() {
    let easier = |rules, height, bits| {
        let refused = check(rules, height, &with_bits(bits)).unwrap_err();
        refused.reason.contains("easier proof of work")
    };
    assert!(easier(MAINNET, 0, 0x1d01_0000));
    assert!(!easier(MAINNET, 0, 0x1d00_ffff), "only the work is missing");
    assert!(easier(LITECOIN, 0, 0x1e10_0000));
    assert!(!easier(LITECOIN, 0, 0x1e0f_ffff));
    // A difficulty of one is made in seconds: no block of these years has it.
    assert!(easier(MAINNET, 900_000, 0x1d00_ffff));
    assert!(easier(MAINNET, 900_000, 0x1900_ffff));
    assert!(!easier(MAINNET, 900_000, 0x1703_1abe));
    assert!(easier(LITECOIN, 2_900_000, 0x1c00_ffff));
    assert!(!easier(LITECOIN, 2_900_000, 0x1932_c5e9));
}

#[test]
fn bits_that_stand_for_no_target_are_refused() {
    for bits in [0, 0x1d00_0000, 0x1d80_ffff, 0xff7f_ffff, 0x2101_0000, 0x0100_0001] {
        let refused = check(MAINNET, 0, &with_bits(bits)).unwrap_err();
        assert_eq!(refused.kind, TroubleKind::Lie, "{bits:x}");
    }
}

#[test]
fn a_difficulty_is_inherited_and_changes_fourfold_every_two_weeks_at_most() {
    let allowed = |height, bits, parent| check_step(MAINNET, height, &with_bits(bits), parent).is_ok();
    assert!(allowed(900_001, 0x1702_0000, 0x1702_0000));
    for changed in [0x1702_0001, 0x1701_ffff, 0x1800_ffff] {
        assert!(!allowed(900_001, changed, 0x1702_0000), "{changed:x}");
    }
    let boundary = 2016 * 450;
    assert!(allowed(boundary, 0x1708_0000, 0x1702_0000), "four times as easy");
    assert!(!allowed(boundary, 0x1708_0001, 0x1702_0000));
    assert!(!allowed(boundary, 0x1800_ffff, 0x1702_0000));
    assert!(
        allowed(boundary, 0x1601_0000, 0x1702_0000),
        "harder is the maker's loss"
    );
    assert!(!allowed(boundary, 0x1704_0000, 0));
    let regtest = ChainRules {
        bip: Bip::Regtest,
        ..MAINNET
    };
    assert_eq!(
        check_step(regtest, 1, &with_bits(0x207f_ffff), 0x1702_0000),
        Ok(())
    );
}

#[test]
fn only_so_many_blocks_are_remembered() {
    let mut lineage = Lineage::default();
    let header = |nonce| RawHeader::from_fields(1, Hash::ZERO, Hash::ZERO, 0, 0x207f_ffff, nonce);
    for nonce in 0..100 {
        lineage.remember(u64::from(nonce), &header(nonce));
    }
    assert_eq!(lineage.of(&header(0).hash()), None);
    assert_eq!(lineage.of(&header(99).hash()).map(|block| block.height), Some(99));
}
