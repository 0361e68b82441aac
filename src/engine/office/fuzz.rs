//! Damaged lists of addresses, second factors and origins.

use super::second_factor::Shared;
use super::{address_list, web_origin};
use crate::ambient::SystemRandom;
use crate::domain::network::{Bip, Family};
use crate::mutation::{bounded, run};

#[test]
fn a_damaged_list_of_addresses_has_each_line_once_and_tells_no_secret() {
    const SEED: &str =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
    let lists = [
        "\u{feff}address,signature\r\n0x52908400098527886E0F7030069857D2E4169EE7,0xabcd # till\n\n'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4';\"H+sig==\"\n",
        "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t\n1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa 3P14159f73E4gFr7JterCCQh9QjiTjiZrG\n",
        SEED,
        "xpub6BosfCnifzxcFwrSzQiqu2DBVTshkCXacvNsWGYJVVhhawA7d4R5WSWGFNbi8Aw6ZRc1brxMyWMzG3DSSSSoekkudhUd9yLb6qx39T9nMdj\n",
    ];
    run("engine::address_list", 1500, |from| {
        let bytes = from.foul(&lists);
        let lines = bytes.split(|byte| *byte == b'\n').count();
        // A line of one letter is an entry with two texts of its own.
        let Ok(entries) = bounded(bytes.len(), 256, || address_list::read(&bytes)) else {
            return;
        };
        assert!(entries.len() <= lines);
        for family in [
            Family::Evm { chain_id: 1 },
            Family::Tron,
            Family::Bitcoin(Bip::Mainnet),
        ] {
            let count = entries.len();
            let (good, refused) = address_list::check_each(family, entries.clone());
            assert_eq!(good.len() + refused.len(), count, "no line is lost");
            for refusal in refused {
                assert!(!format!("{} {}", refusal.entry.text, refusal.reason).contains("abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about"));
            }
        }
    });
}

#[test]
fn a_second_factor_and_an_origin_read_back() {
    let shared = Shared::make(&SystemRandom).unwrap().text();
    run("engine::office", 3000, |from| {
        let text = from.foul_text(&[shared.as_str()]);
        if let Some(read) = bounded(text.len(), 16, || Shared::parse(&text)) {
            assert_eq!(Shared::parse(&read.text()).unwrap().text(), read.text());
        }
        let text = from.foul_text(&[
            "https://shop.example:8443",
            "http://localhost:3000",
            "https://bücher.example/",
        ]);
        if let Ok(read) = bounded(text.len(), 64, || web_origin::parse(&text)) {
            assert_eq!(web_origin::parse(&read.text).unwrap().text, read.text);
            // Written into a policy, it must stay one word of it.
            assert!(!read.text.contains([' ', ';', ',', '\n', '\'', '"']), "{text}");
        }
    });
}
