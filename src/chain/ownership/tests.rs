//! Signatures of other software (BIP-322's own vectors, bitcoinjs, bip322-js, ethers, tronweb) and what is none.

use proptest::prelude::*;

use super::*;
use crate::domain::network::Bip;

const BITCOIN: Family = Family::Bitcoin(Bip::Mainnet);
const LITECOIN: Family = Family::Litecoin(Bip::Mainnet);
const EVM: Family = Family::Evm { chain_id: 56 };
pub(in crate::chain) const HELLO: &str = "Hello World";

/// The key of BIP-322's vectors, at each kind of address.
pub(in crate::chain) const SEGWIT: &str = "bc1q9vza2e8x573nczrlzms0wvx3gsqjx7vavgkx0l";
pub(in crate::chain) const NESTED: &str = "37qyp7jQAzqb2rCBpMvVtLDuuzKAUCVnJb";
const TAPROOT: &str = "bc1ppv609nr0vr25u07u95waq5lucwfm6tde4nydujnu8npg4q75mr5sxq8lt3";
pub(in crate::chain) const OLD: &str = "14vV3aCHBeStb5bkenkNHbe2YAFinYdXgc";
pub(in crate::chain) const UNCOMPRESSED: &str = "169ojqRJ3d4f7aNMu86nAAwGJyeykmByFU";
/// The same key and two others, of which two sign.
pub(in crate::chain) const TWO_OF_THREE: &str =
    "bc1qk42n4fp5kwq8ztpvnqclf94qjyql3r0487hdegv3fmrl7wt2arrq2v2k7a";

/// BIP-322's vector for "Hello World".
pub(in crate::chain) const SIMPLE: &str = "AkcwRAIgZRfIY3p7/DoVTty6YZbWS71bc5Vct9p9Fia83eRmw2QCICK/ENGfwLtptFluMGs2KsqoNSk89pO7F29zJLUx9a/sASECx/EgAxlkQpQ9hYjgGu6EBCPMVPwVIVJqO4XCsMvViHI=";
pub(in crate::chain) const RECOVERED: &str =
    "OW2xi+ebJLeBtr674l4QH76dqDoVjLV80R9EFKFQX5rBrlCXPIZaYs8Yuayg0ZqjyiCbLy9pzZIS7JWT65/nsU=";
pub(in crate::chain) const MULTISIG: &str = "BABIMEUCIQClDKsxNGIiKtS7Vj4jo718twbzSgRYgGEPPVWL+BWy6QIgPA2kQmAYrTvRZjZmXnEJXCc4MG7F1307U+L4vpmUUTsBRzBEAiBTefgwwrgARcF0C8mkrSq/nr9P3Bb/prKYshjYReyKNwIgBSrZRap4Iy5yySIXdXrKya54BVupEzVWygp+oqA4t8MBaVIhAsfxIAMZZEKUPYWI4BruhAQjzFT8FSFSajuFwrDL1YhyIQKYnAt2y1Y5cf3JvvMewGw1YPMknW7p5dg8V2JVluBfbyECVrMoswyL9YOeJAWHR4eUCL2zYkHcnC58YZ+qErKSCWdTrg==";
pub(in crate::chain) const FULL_MULTISIG: &str = "AAAAAAABAZBkoM4a0HEH1w5hsd+D8JguUlL4wRpNcTP4N3se4NThAAAAAAAAAAAAAQAAAAAAAAAAAWoEAEgwRQIhAKUMqzE0YiIq1LtWPiOjvXy3BvNKBFiAYQ89VYv4FbLpAiA8DaRCYBitO9FmNmZecQlcJzgwbsXXfTtT4vi+mZRROwFHMEQCIFN5+DDCuABFwXQLyaStKr+ev0/cFv+mspiyGNhF7Io3AiAFKtlFqngjLnLJIhd1esrJrngFW6kTNVbKCn6ioDi3wwFpUiECx/EgAxlkQpQ9hYjgGu6EBCPMVPwVIVJqO4XCsMvViHIhApicC3bLVjlx/cm+8x7AbDVg8ySdbunl2DxXYlWW4F9vIQJWsyizDIv1g54kBYdHh5QIvbNiQdycLnxhn6oSspIJZ1OuAAAAAA==";
pub(in crate::chain) const FULL_SEGWIT: &str = "AAAAAAABASs1A9aiYU3q8XFsIzJcU+BRS0r8mBAcdxdSrUBnGZ23AAAAAAAAAAAAAQAAAAAAAAAAAWoCSDBFAiEA7PLKeWq33eU4omv7CabEh6ez//M/OX22og65r3fA7owCIGLmfkTIBw9Jw6N/WUCohQhC2vfMo15q9hpsfJHx4aGjASECx/EgAxlkQpQ9hYjgGu6EBCPMVPwVIVJqO4XCsMvViHIAAAAA";
pub(in crate::chain) const FULL_OLD: &str = "AgAAAAHZIvdvR4fompS+lLTvaKJgjitVabp8CizknOvglZs2XgAAAABrSDBFAiEAq+xgzoUrHJyp8c/MaME6y/q3HoPYt7oiBaBYMrkU6fcCIAF2rHeuEfdiAbwUGbbWLdnv05iQLGJy8C3Bfn8whnvfASECx/EgAxlkQpQ9hYjgGu6EBCPMVPwVIVJqO4XCsMvViHIAAAAAAQAAAAAAAAAAAWoAAAAA";

pub(in crate::chain) const EVM_ADDRESS: &str = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
pub(in crate::chain) const EVM_SIGNATURE: &str = "0x65e72b1cf8e189569963750e10ccb88fe89389daeeb8b735277d59cd6885ee823eb5a6982b540f185703492dab77b863a88ce01f27e21ade8b2879c10fc9e6531c";
pub(in crate::chain) const TRON_ADDRESS: &str = "TYBNgWfhGuNzdLtjKtxXTfskAhTbMcqbaG";
pub(in crate::chain) const TRON_SIGNATURE: &str = "0xaf5d4b881d01942c69965192c54ff0aa219f2fa581c379ddf4426da80d33a1df35abcc25e59255a8240f08d358b339880f4079a9121975927845d1bcb6a87a661b";
const TRON_OLD: &str = "0x2c23c35de93d8d6806c7d234bc148290291ba03f7fc052be3cf41ebf5e3563e03f88d25825538055b15301804874fc20ef0bf096074e5883e7ac6aa569d7cdf71b";

fn check(family: Family, address: &str, message: &str, signature: &str) -> Result<Proof, OwnershipError> {
    verify(
        family,
        &Address::parse(family, address).unwrap(),
        message,
        signature,
    )
}

#[test]
fn signatures_of_other_software_are_taken() {
    for (family, address, message, signature, proof) in [
        (BITCOIN, SEGWIT, HELLO, SIMPLE, Proof::Bip322),
        (
            BITCOIN,
            SEGWIT,
            "",
            "AkcwRAIgM2gBAQqvZX15ZiysmKmQpDrG83avLIT492QBzLnQIxYCIBaTpOaD20qRlEylyxFSeEA2ba9YOixpX8z46TSDtS40ASECx/EgAxlkQpQ9hYjgGu6EBCPMVPwVIVJqO4XCsMvViHI=",
            Proof::Bip322,
        ),
        (
            BITCOIN,
            TAPROOT,
            HELLO,
            "AUHd69PrJQEv+oKTfZ8l+WROBHuy9HKrbFCJu7U1iK2iiEy1vMU5EfMtjc+VSHM7aU0SDbak5IUZRVno2P5mjSafAQ==",
            Proof::Bip322,
        ),
        (
            BITCOIN,
            NESTED,
            HELLO,
            "AkcwRAIgRfq2Gfv9guFcXAf2vQEJSHX8FP5OuiHs1DSK1I0wk/0CIGPzqm6QNPTDJuki148OQ2DbJtXyrr71s4xYPwogQUupASECx/EgAxlkQpQ9hYjgGu6EBCPMVPwVIVJqO4XCsMvViHI=",
            Proof::Bip322,
        ),
        (BITCOIN, TWO_OF_THREE, HELLO, MULTISIG, Proof::Bip322),
        (BITCOIN, TWO_OF_THREE, HELLO, FULL_MULTISIG, Proof::Bip322),
        (BITCOIN, SEGWIT, HELLO, FULL_SEGWIT, Proof::Bip322),
        (BITCOIN, OLD, HELLO, FULL_OLD, Proof::Bip322),
        (BITCOIN, OLD, HELLO, &format!("I{RECOVERED}"), Proof::Bip137Legacy),
        (
            BITCOIN,
            UNCOMPRESSED,
            HELLO,
            &format!("H{RECOVERED}"),
            Proof::Bip137Legacy,
        ),
        (
            BITCOIN,
            NESTED,
            HELLO,
            &format!("J{RECOVERED}"),
            Proof::Bip137Legacy,
        ),
        (
            BITCOIN,
            SEGWIT,
            HELLO,
            &format!("K{RECOVERED}"),
            Proof::Bip137Legacy,
        ),
        // Wallets that write the first byte of an old address whatever the address is.
        (
            BITCOIN,
            SEGWIT,
            HELLO,
            &format!("I{RECOVERED}"),
            Proof::Bip137Legacy,
        ),
        (
            BITCOIN,
            NESTED,
            HELLO,
            &format!("I{RECOVERED}"),
            Proof::Bip137Legacy,
        ),
        (
            BITCOIN,
            OLD,
            &format!("Größe ✓ {}", "x".repeat(300)),
            "ICfODFr00EnU74lBijy6JnwJoMfNA7yBTI9ftBzBX+weedSu42hBEx0rdcJ3OHesKsoo1UtveEtRpmYwIs+Zudg=",
            Proof::Bip137Legacy,
        ),
        (EVM, EVM_ADDRESS, HELLO, EVM_SIGNATURE, Proof::Eip191),
        (
            EVM,
            EVM_ADDRESS,
            "Größe ✓",
            "161d508d236b5af3b4cc01a908a7f94bdcf17a37408c7c05301568fd84ab066d4ab7a83c724e6ec19ebe71c81de1c14ae026857ccf014d53c28acdc5af0b5cc71b",
            Proof::Eip191,
        ),
        // v as 1 instead of 28
        (
            EVM,
            EVM_ADDRESS,
            HELLO,
            &format!("{}01", &EVM_SIGNATURE[..130]),
            Proof::Eip191,
        ),
        (Family::Tron, TRON_ADDRESS, HELLO, TRON_SIGNATURE, Proof::Tron),
        (
            Family::Tron,
            TRON_ADDRESS,
            "Größe ✓",
            "0x51c7c00f17c817b4a0a0059015cd174bf9070c7555422cdebbddaf7a9a55eb0f1300e689a56d973ef440a9c4b232c7ab8b83fc71ec06b52cb7b73d2b623622e81b",
            Proof::Tron,
        ),
    ] {
        assert_eq!(
            check(family, address, message, signature),
            Ok(proof),
            "{address} {signature}"
        );
        let spaced = format!(" {signature}\n");
        assert_eq!(check(family, address, message, &spaced), Ok(proof));
        // Of another text, or for another address of the same kind, it proves nothing.
        let other = format!("{message}.");
        assert!(
            matches!(
                check(family, address, &other, signature),
                Err(OwnershipError::Mismatch { .. })
            ),
            "{address}"
        );
    }
}

#[test]
fn a_signature_of_another_key_proves_nothing() {
    for (family, address, signature) in [
        (
            BITCOIN,
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            SIMPLE.to_owned(),
        ),
        (
            BITCOIN,
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            format!("K{RECOVERED}"),
        ),
        (
            BITCOIN,
            "3P14159f73E4gFr7JterCCQh9QjiTjiZrG",
            format!("J{RECOVERED}"),
        ),
        // The key of the address's twin, uncompressed.
        (BITCOIN, OLD, format!("H{RECOVERED}")),
        (BITCOIN, UNCOMPRESSED, format!("I{RECOVERED}")),
        (
            BITCOIN,
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
            "AUHd69PrJQEv+oKTfZ8l+WROBHuy9HKrbFCJu7U1iK2iiEy1vMU5EfMtjc+VSHM7aU0SDbak5IUZRVno2P5mjSafAQ=="
                .to_owned(),
        ),
        (
            EVM,
            "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
            EVM_SIGNATURE.to_owned(),
        ),
        (
            Family::Tron,
            "TE7g81hGm44xCztjtZ3dLpZTKvkZc7oRar",
            TRON_SIGNATURE.to_owned(),
        ),
        // The same key over the same text, in the other network's way.
        (Family::Tron, TRON_ADDRESS, EVM_SIGNATURE.to_owned()),
        (EVM, EVM_ADDRESS, TRON_SIGNATURE.to_owned()),
    ] {
        let refused = check(family, address, HELLO, &signature).unwrap_err();
        assert!(
            matches!(refused, OwnershipError::Mismatch { .. }),
            "{address}: {refused}"
        );
        assert!(refused.to_string().contains(address));
    }
    let contract = check(
        EVM,
        "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
        HELLO,
        EVM_SIGNATURE,
    );
    assert!(contract.unwrap_err().to_string().contains("EIP-1271"));
}

#[test]
fn a_witness_that_spends_without_the_owners_word_proves_nothing() {
    for (address, signature) in [
        // signed twice by one of the three
        (
            TWO_OF_THREE,
            "BABIMEUCIQClDKsxNGIiKtS7Vj4jo718twbzSgRYgGEPPVWL+BWy6QIgPA2kQmAYrTvRZjZmXnEJXCc4MG7F1307U+L4vpmUUTsBSDBFAiEApQyrMTRiIirUu1Y+I6O9fLcG80oEWIBhDz1Vi/gVsukCIDwNpEJgGK070WY2Zl5xCVwnODBuxdd9O1Pi+L6ZlFE7AWlSIQLH8SADGWRClD2FiOAa7oQEI8xU/BUhUmo7hcKwy9WIciECmJwLdstWOXH9yb7zHsBsNWDzJJ1u6eXYPFdiVZbgX28hAlazKLMMi/WDniQFh0eHlAi9s2JB3JwufGGfqhKykglnU64=",
        ),
        // a script that asks for a number and no key
        (
            "bc1qq257jvlvmhze9a5n76fy49qc2a9356fc2ly8jwv24n9dzfx4glmssayvht",
            "AiABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBASeCASCIqCByzW6EIsQH+20JhpDxEwt97X7C9/Xh0wvZ1SHwFTY3k4c=",
        ),
        // a signature over the input alone (SIGHASH_NONE)
        (
            SEGWIT,
            "AkcwRAIgDuqvja7YJCvRSjsJHzXewS6+EFaqnPcLT4UyJeT/x94CIG4nke1IgPkrkDOm3Z+HRfSfgAK9LIYZXGpxIiZBePeWAiECx/EgAxlkQpQ9hYjgGu6EBCPMVPwVIVJqO4XCsMvViHI=",
        ),
        // the witness of another script
        (SEGWIT, MULTISIG),
        (TWO_OF_THREE, SIMPLE),
        (TAPROOT, SIMPLE),
        (SEGWIT, "AA=="),
    ] {
        let refused = check(BITCOIN, address, HELLO, signature).unwrap_err();
        assert!(
            matches!(refused, OwnershipError::Mismatch { .. }),
            "{address}: {refused}"
        );
    }
}

#[test]
fn what_is_no_signature_is_told_from_a_wrong_one() {
    let proof_of_funds = "AAAAAAABAis1A9aiYU3q8XFsIzJcU+BRS0r8mBAcdxdSrUBnGZ23AAAAAAAAAAAAAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMAAAAAAAAAAAABAAAAAAAAAAABagJIMEUCIQDFM8VN+hzDn+19d7MtERrPQZwneV8k4QLJ5yy59YbzNQIgRCFd0uetL6GcF2BdQnyT8duA6kRmMr8LdzS7CvHBM5YBIQLH8SADGWRClD2FiOAa7oQEI8xU/BUhUmo7hcKwy9WIcgAAAAAA";
    for (family, address, signature) in [
        (BITCOIN, SEGWIT, ""),
        (BITCOIN, SEGWIT, "hello"),
        (BITCOIN, SEGWIT, EVM_SIGNATURE),
        (BITCOIN, SEGWIT, &SIMPLE[..60]),
        (BITCOIN, SEGWIT, proof_of_funds),
        (EVM, EVM_ADDRESS, ""),
        (EVM, EVM_ADDRESS, "0x"),
        (EVM, EVM_ADDRESS, &EVM_SIGNATURE[..130]),
        (EVM, EVM_ADDRESS, &format!("{EVM_SIGNATURE}00")),
        (EVM, EVM_ADDRESS, &format!("{}1d", &EVM_SIGNATURE[..130])),
        (Family::Tron, TRON_ADDRESS, SIMPLE),
    ] {
        let refused = check(family, address, HELLO, signature);
        assert!(
            matches!(refused, Err(OwnershipError::Malformed { .. })),
            "{signature}: {refused:?}"
        );
    }
    let long = "A".repeat(SIGNATURE_BYTES_MAX + 1);
    assert!(matches!(
        check(BITCOIN, SEGWIT, HELLO, &long),
        Err(OwnershipError::Malformed { .. })
    ));
    // Signed messages have one key; what has more, or hides it, needs the newer way.
    for address in [TAPROOT, TWO_OF_THREE] {
        let refused = check(BITCOIN, address, HELLO, &format!("I{RECOVERED}"));
        assert_eq!(refused, Err(OwnershipError::Unsupported));
    }
}

#[test]
fn the_twin_of_a_signature_is_refused() {
    // The same r, the other s, and the other v.
    let order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
    let twin = |signature: &str| {
        let s = &signature[66..130];
        let mut difference = String::new();
        let mut borrow = 0_i32;
        for (a, b) in order.chars().rev().zip(s.chars().rev()) {
            let digit = a.to_digit(16).unwrap() as i32 - b.to_digit(16).unwrap() as i32 - borrow;
            borrow = i32::from(digit < 0);
            difference.insert(0, char::from_digit((digit + 16 * borrow) as u32, 16).unwrap());
        }
        let v = if signature.ends_with("1b") { "1c" } else { "1b" };
        format!("{}{difference}{v}", &signature[..66])
    };
    for (family, address, signature) in [
        (EVM, EVM_ADDRESS, EVM_SIGNATURE),
        (Family::Tron, TRON_ADDRESS, TRON_SIGNATURE),
    ] {
        assert_eq!(
            check(family, address, HELLO, &twin(signature)),
            Err(OwnershipError::HighS)
        );
        assert!(check(family, address, HELLO, &twin(&twin(signature))).is_ok());
    }
}

#[test]
fn litecoin_has_its_own_title_and_shares_bip_322() {
    let same_script = |address: &str| {
        let script = Address::parse(BITCOIN, address).unwrap();
        Address::from_script(LITECOIN, script.payload())
            .unwrap()
            .to_string()
    };
    let litecoin = "IMzbPqXX+dqYAZgyZwb8TUHRnZRfkgb9tpU3Xg8FnLAsAWIFf+mnFCv73PMq1q5RqkjBEClzXwF5q3YYLhQ2G6I=";
    let old = same_script(OLD);
    assert!(old.starts_with('L'));
    assert_eq!(check(LITECOIN, &old, HELLO, litecoin), Ok(Proof::Bip137Legacy));
    assert_eq!(
        check(LITECOIN, &same_script(NESTED), HELLO, litecoin),
        Ok(Proof::Bip137Legacy)
    );
    assert_eq!(
        check(LITECOIN, &same_script(SEGWIT), HELLO, SIMPLE),
        Ok(Proof::Bip322)
    );
    let bitcoins = check(LITECOIN, &old, HELLO, &format!("I{RECOVERED}"));
    assert!(matches!(bitcoins, Err(OwnershipError::Mismatch { .. })));
    assert!(matches!(
        check(BITCOIN, OLD, HELLO, litecoin),
        Err(OwnershipError::Mismatch { .. })
    ));
}

#[test]
fn trons_old_way_of_signing_is_named() {
    assert_eq!(
        check(Family::Tron, TRON_ADDRESS, HELLO, TRON_OLD),
        Err(OwnershipError::OldTron)
    );
}

#[test]
fn the_letters_before_newer_signatures_are_read_over() {
    assert_eq!(
        check(BITCOIN, SEGWIT, HELLO, &format!("smp{SIMPLE}")),
        Ok(Proof::Bip322)
    );
    assert_eq!(
        check(BITCOIN, SEGWIT, HELLO, &format!("ful{FULL_SEGWIT}")),
        Ok(Proof::Bip322)
    );
}

const NOON: UnixMillis = UnixMillis::new(1_753_790_400_000);

#[test]
fn the_text_to_sign_names_store_address_and_day() {
    let address = Address::parse(EVM, EVM_ADDRESS).unwrap();
    assert_eq!(
        challenge("shop", &address, NOON),
        "payd: the store \"shop\" receives payments at 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 (2025-07-29). \
         This moves no money."
    );
    assert!(!challenge("a\nb", &address, NOON).contains('\n'));
}

#[test]
fn a_text_is_taken_for_thirty_days_and_for_its_own_store() {
    // Of "shop" on 2025-07-29, by ethers.
    let signature = "0x787fed5e7e96ccdf7784436d768ec804b445b16f50723126dc501373c9f154a4156517204262cb44b85062262236618519bcc25d9dd3105dd8078b29c1c9929d1b";
    let address = Address::parse(EVM, EVM_ADDRESS).unwrap();
    let on = |days: i64, store: &str| {
        let now = UnixMillis::new(NOON.get() + days * DAY_MS);
        verify_challenge(EVM, store, &address, now, signature)
    };
    for days in [-1, 0, 1, 30] {
        assert_eq!(on(days, "shop"), Ok(Proof::Eip191), "{days}");
    }
    for days in [-2, 31, 400] {
        assert!(
            matches!(on(days, "shop"), Err(OwnershipError::Mismatch { .. })),
            "{days}"
        );
    }
    assert!(matches!(on(0, "shop2"), Err(OwnershipError::Mismatch { .. })));
}

proptest! {
    #[test]
    fn no_signature_makes_checking_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), text in ".{0,80}") {
        use base64::Engine as _;
        let base64 = base64::engine::general_purpose::STANDARD.encode(&bytes);
        for address in [SEGWIT, NESTED, TAPROOT, OLD, TWO_OF_THREE] {
            prop_assert!(check(BITCOIN, address, &text, &base64).is_err());
            prop_assert!(check(BITCOIN, address, HELLO, &text).is_err());
        }
        prop_assert!(check(EVM, EVM_ADDRESS, &text, &hex::encode(&bytes)).is_err());
    }

    #[test]
    fn a_spoilt_signature_proves_nothing(at in 0_usize..1000, bit in 0_u8..8) {
        use base64::Engine as _;
        let engine = base64::engine::general_purpose::STANDARD;
        for (address, signature) in [(SEGWIT, SIMPLE), (TWO_OF_THREE, MULTISIG), (SEGWIT, FULL_SEGWIT)] {
            let mut bytes = engine.decode(signature).unwrap();
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            let spoilt = check(BITCOIN, address, HELLO, &engine.encode(bytes));
            // The version and the lock time of a full one are not the signer's word in every bit, but its own.
            prop_assert!(spoilt.is_err(), "{address} {at} {bit}");
        }
    }
}
