//! Damaged JSON-RPC envelopes, account keys and proofs of ownership: no panic, nothing read that was not said, and no key
//! proved that did not sign.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use serde_json::value::RawValue;

use super::accounts::{Account, holds_private_key};
use super::jsonrpc::{self, Unanswered};
use super::ownership;
use crate::domain::address::Address;
use crate::domain::network::{Bip, Family};
use crate::mutation::{bounded, run};

const FAMILIES: [Family; 5] = [
    Family::Bitcoin(Bip::Mainnet),
    Family::Bitcoin(Bip::Regtest),
    Family::Litecoin(Bip::Mainnet),
    Family::Evm { chain_id: 1 },
    Family::Tron,
];

#[test]
fn an_envelope_answers_each_call_once_or_not_at_all() {
    const REPLIES: &[&str] = &[
        r#"{"jsonrpc":"2.0","id":0,"result":{"a":[1,"0x2",null]}}"#,
        r#"{"jsonrpc":"2.0","id":0,"error":{"code":-32000,"message":"no","data":[1]}}"#,
        r#"[{"id":1,"result":null},{"id":0,"result":7},{"id":2,"error":{"code":-32000,"message":"no"}}]"#,
        r#"[{"id":null,"error":{"code":-32600,"message":"batch not allowed"}}]"#,
        r#"{"error":"batch not allowed"}"#,
        r#"[{"jsonrpc":"2.0","id":2,"result":"a"},{"id":0,"result":"b"},{"id":1,"result":"c"}]"#,
    ];
    run("chain::jsonrpc", 4000, |from| {
        let body = from.foul(REPLIES);
        // A parsed JSON value of few bytes takes many in memory.
        bounded(body.len(), 64, || {
            let _ = jsonrpc::read_single::<Value>(&body);
            let _ = jsonrpc::read_single::<Box<RawValue>>(&body);
            match jsonrpc::read_batch::<Value>(&body, 3) {
                Ok(answers) => assert_eq!(answers.len(), 3),
                Err(Unanswered::Error(_) | Unanswered::Malformed(_)) => {}
            }
        });
    });
}

/// What wallets export, of each kind.
static ACCOUNTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    const XPUB: &str = "xpub6BosfCnifzxcFwrSzQiqu2DBVTshkCXacvNsWGYJVVhhawA7d4R5WSWGFNbi8Aw6ZRc1brxMyWMzG3DSSSSoekkudhUd9yLb6qx39T9nMdj";
    const OTHER: &str = "xpub6BgBgsespWvERF3LHQu6CnqdvfEvtMcQjYrcRzx53QJjSxarj2afYWcLteoGVky7D3UKDP9QyrLprQ3VCECoY49yfdDEHGCtMMj92pReUsQ";
    const ZPUB: &str = "zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs";
    const CHAIN: &str = "xpub6DyUKdwoLWmUJ4Tn9Bbsdtx7B5Ws18mEN19e5HT52ikE53FiUheSQXrZUNPovqfyKmw4579A1Mm3GXXKM39N64uooBfJ4tNAzFsEbodRTx4";
    vec![
        XPUB.to_owned(),
        ZPUB.to_owned(),
        format!("{CHAIN}/*"),
        format!("{XPUB}/0/*"),
        format!("[73c5da0a/86h/0h/0h]{OTHER}"),
        format!("wpkh([73c5da0a/84h/0h/0h]{XPUB}/<0;1>/*)"),
        format!("tr({OTHER}/0/*)"),
        format!("sh(wpkh({XPUB}/0/*))"),
        format!("wsh(sortedmulti(2,{XPUB}/0/*,{OTHER}/0/*))"),
        format!("wsh(multi(1,{XPUB}/0/*,{OTHER}/0/*))"),
        format!("pkh({XPUB}/1/2/3/*)"),
    ]
});

#[test]
fn an_account_that_is_read_reads_back_to_the_same_addresses() {
    run("chain::accounts", 1500, |from| {
        let text = from.foul_text(&ACCOUNTS);
        let _ = holds_private_key(&text);
        for family in FAMILIES {
            // The tables of a descriptor's parser are larger than its text.
            let read = bounded(text.len(), 512, || Account::parse(family, &text));
            let Ok(read) = read else { continue };
            let again = Account::parse(family, read.canonical()).unwrap();
            assert_eq!(again.canonical(), read.canonical(), "{text}");
            assert_eq!(again.fingerprint(), read.fingerprint(), "{text}");
            assert_eq!(again.first(2).ok(), read.first(2).ok(), "{text}");
            for address in read.first(2).into_iter().flatten() {
                assert_eq!(
                    Address::parse(family, address.text()).as_ref(),
                    Ok(&address),
                    "{text}"
                );
            }
        }
    });
}

#[test]
fn no_damage_to_a_signature_proves_another_address_or_another_text() {
    use super::ownership::tests::*;
    const MAINNET: Family = Family::Bitcoin(Bip::Mainnet);
    const EVM: Family = Family::Evm { chain_id: 56 };
    let recovered = |first: char| format!("{first}{RECOVERED}");
    let known: Vec<(Family, &str, String)> = vec![
        (MAINNET, SEGWIT, SIMPLE.to_owned()),
        (MAINNET, TWO_OF_THREE, MULTISIG.to_owned()),
        (MAINNET, TWO_OF_THREE, FULL_MULTISIG.to_owned()),
        (MAINNET, SEGWIT, FULL_SEGWIT.to_owned()),
        (MAINNET, OLD, FULL_OLD.to_owned()),
        (MAINNET, OLD, recovered('I')),
        (MAINNET, UNCOMPRESSED, recovered('H')),
        (MAINNET, NESTED, recovered('J')),
        (MAINNET, SEGWIT, recovered('K')),
        (EVM, EVM_ADDRESS, EVM_SIGNATURE.to_owned()),
        (Family::Tron, TRON_ADDRESS, TRON_SIGNATURE.to_owned()),
    ];
    let signatures: Vec<&str> = known.iter().map(|(_, _, signature)| signature.as_str()).collect();
    run("chain::ownership", 1500, |from| {
        let (family, text, signature) = &known[from.below(known.len())];
        let address = Address::parse(*family, text).unwrap();
        let signature = match from.below(3) {
            0 => signature.clone(),
            // Damage within what the text stands for, which its form does not show.
            1 if !signature.starts_with("0x") => {
                let mut bytes = BASE64_STANDARD.decode(signature).unwrap();
                from.damage_bytes(&mut bytes, &[]);
                BASE64_STANDARD.encode(bytes)
            }
            _ => from.foul_text(&signatures),
        };
        let message = if from.once_in(2) {
            HELLO.to_owned()
        } else {
            from.foul_text(&[HELLO])
        };
        // A transaction's decoder makes room for a script of a million bytes at once, whatever its length.
        let input_bytes = signature.len() + message.len() + 4096;
        let read = bounded(input_bytes, 256, || {
            ownership::verify(*family, &address, &message, &signature)
        });
        if read.is_ok() {
            assert_eq!(message, HELLO, "{signature} proves {address}");
        }
    });
}
