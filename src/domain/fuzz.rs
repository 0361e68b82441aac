//! Damaged addresses, amounts, identifiers, settings and pictures: no panic, and what is read reads back as it is written.

use super::address::Address;
use super::allowed::AllowedNetworks;
use super::asset::Currency;
use super::brand;
use super::confirmations::Tiers;
use super::ids::{PaymentCode, PaymentNumber, PaymentToken, PaymentUuid};
use super::money::{BaseUnits, Fiat};
use super::network::{Bip, Family, NetworkId};
use super::notice::{ChannelKind, Destination};
use super::picture::{PICTURE_BYTES_MAX, Picture, tests};
use super::pricing;
use super::shop::Dialect;
use super::website;
use crate::mutation::{Mutator, bounded, run, shown};

const FAMILIES: [Family; 8] = [
    Family::Evm { chain_id: 1 },
    Family::Tron,
    Family::Bitcoin(Bip::Mainnet),
    Family::Bitcoin(Bip::Testnet),
    Family::Bitcoin(Bip::Regtest),
    Family::Litecoin(Bip::Mainnet),
    Family::Litecoin(Bip::Testnet),
    Family::Litecoin(Bip::Regtest),
];

const ADDRESSES: &[&str] = &[
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
    "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    "3P14159f73E4gFr7JterCCQh9QjiTjiZrG",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
    "ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9",
    "ltcmweb1qq0yq03ewm830ugmkkvrvjmyyeslcpwk8ayd7k27qx63sryy6kx3ksqm3k6jd24ld3r5dp5lzx7rm7uyxfujf8s",
    "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx",
];

/// Texts that hold a checksum, so that damage does not end at it: of any prefix, version and length.
fn with_checksum(from: &mut Mutator) -> String {
    let count = [20, 20, 32, 0, 1, 2, 19, 21, 33, 40, 41][from.below(11)];
    let payload = from.noise(count);
    if from.once_in(2) {
        let version = [0, 5, 0x30, 0x32, 0x41, 0x6f, 0x3a, 0xc4][from.below(8)];
        return bs58::encode([&[version], &payload[..]].concat())
            .with_check()
            .into_string();
    }
    let hrp = from.pick(&[
        "bc", "tb", "bcrt", "ltc", "tltc", "rltc", "BC", "bc1x", "ltc1", "bc1bc", "1", "x",
    ]);
    let hrp = bech32::Hrp::parse(hrp).unwrap();
    let version = bech32::Fe32::try_from(u8::try_from(from.below(17)).unwrap()).unwrap();
    let text = if from.once_in(4) {
        bech32::encode::<bech32::Bech32m>(hrp, &payload).ok()
    } else {
        bech32::segwit::encode(hrp, version, &payload).ok()
    };
    text.unwrap_or_default()
}

#[test]
fn no_damage_makes_an_address_of_another_and_what_is_read_reads_back() {
    let known: Vec<Address> = FAMILIES
        .iter()
        .flat_map(|family| {
            ADDRESSES
                .iter()
                .filter_map(|text| Address::parse(*family, text).ok())
        })
        .collect();
    run("domain::address", 3000, |from| {
        let is_made = from.once_in(3);
        let text = if is_made {
            with_checksum(from)
        } else {
            from.foul_text(ADDRESSES)
        };
        for family in FAMILIES {
            let Ok(read) = bounded(text.len(), 64, || Address::parse(family, &text)) else {
                continue;
            };
            let again = Address::parse(family, read.text()).unwrap();
            assert_eq!(
                (again.text(), again.payload()),
                (read.text(), read.payload()),
                "{text}"
            );
            if !matches!(family, Family::Evm { .. } | Family::Tron) {
                let of_script = Address::from_script(family, read.payload()).unwrap();
                assert_eq!(of_script, read, "{text} as {family:?}");
            }
            // A mistake in an address that is protected by a checksum is never another address.
            let is_protected = text.starts_with("0x")
                && text.contains(|c: char| c.is_ascii_lowercase())
                && text[2..].contains(|c: char| c.is_ascii_uppercase());
            if !is_made && (is_protected || !text.to_ascii_lowercase().starts_with("0x")) {
                assert!(known.contains(&read), "{text} is read as {read}");
            }
        }
    });
}

#[test]
fn no_script_has_an_address_that_stands_for_another_script() {
    let scripts: Vec<Vec<u8>> = ADDRESSES
        .iter()
        .flat_map(|text| {
            FAMILIES
                .iter()
                .filter_map(|family| Address::parse(*family, text).ok())
        })
        .map(|address| address.payload().to_vec())
        .collect();
    run("domain::address::script", 2000, |from| {
        let mut script = scripts[from.below(scripts.len())].clone();
        for _ in 0..from.below(4) {
            from.damage_bytes(&mut script, &scripts[0]);
        }
        for family in FAMILIES {
            if let Some(address) = Address::from_script(family, &script) {
                let read = Address::parse(family, address.text());
                assert_eq!(read.as_ref(), Ok(&address), "{}", shown(&script));
                assert_eq!(address.payload(), script);
            }
        }
    });
}

#[test]
fn an_amount_is_read_exactly_or_not_at_all() {
    const AMOUNTS: &[&str] = &[
        "12.5",
        "0.000000000000000001",
        "340282366920938463463374607431768211455",
        "1",
        "0",
        "100.14",
        "59.97",
        "0.00",
        "00012.50",
    ];
    run("domain::money", 5000, |from| {
        let text = from.foul_text(AMOUNTS);
        let decimals = u8::try_from(from.below(40)).unwrap();
        if let Ok(units) = bounded(text.len(), 8, || BaseUnits::from_decimal(&text, decimals)) {
            let written = units.to_decimal(decimals, 0);
            assert_eq!(BaseUnits::from_decimal(&written, decimals), Ok(units), "{text}");
            assert_eq!(plain(&text), plain(&written), "{text} with {decimals} decimals");
        }
        if let Some(rate) = pricing::rate_by_hand(&text) {
            assert_eq!(plain(&rate.to_string()), plain(&text));
        }
        if let Ok(units) = text.parse::<BaseUnits>() {
            assert_eq!(units.to_string(), plain(&text), "{text}");
        }
        let random =
            BaseUnits::new((u128::from(from.next()) << 64 | u128::from(from.next())) >> from.below(128));
        assert_eq!(
            BaseUnits::from_decimal(&random.to_decimal(decimals, decimals), decimals),
            Ok(random)
        );
    });
}

/// A number without zeros that say nothing.
fn plain(text: &str) -> String {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    if fraction.is_empty() {
        whole.to_owned()
    } else {
        format!("{whole}.{fraction}")
    }
}

#[test]
fn identifiers_and_settings_read_back_as_they_are_written() {
    let token = PaymentToken::from_random([0xa8; 32]);
    let uuid = PaymentUuid::from_random([0xa8; 16]);
    let corpus = [
        "PAY-2026-000123",
        token.as_str(),
        uuid.as_str(),
        "1234567890",
        "bitcoin",
        "test-bsc",
        "usdt",
        "native",
        "0=1,100=2,1000.50=3",
        "203.0.113.7 10.0.0.0/8 2001:db8::1",
        "::ffff:10.0.0.0/104",
        "USD",
        "eur",
        "https://shop.example/",
        "shop.example",
        "http://xn--bcher-kva.example:8080/a?b#c",
        "#aabbcc",
        "#ABC",
        "https://help.example/?q=1",
    ];
    run("domain::words", 5000, |from| {
        let text = from.foul_text(&corpus);
        bounded(text.len(), 64, || words(&text));
    });
}

fn words(text: &str) {
    if let Some(read) = PaymentNumber::parse(text) {
        assert_eq!(read.as_str(), text);
    }
    if let Some(read) = PaymentToken::parse(text) {
        assert_eq!(read.as_str(), text);
    }
    if let Some(read) = PaymentUuid::parse(text) {
        assert_eq!(PaymentUuid::parse(read.as_str()), Some(read));
    }
    if let Some(read) = PaymentCode::parse(text) {
        assert_eq!(PaymentCode::parse(&read.to_string()), Some(read));
    }
    if let Some(read) = NetworkId::parse(text) {
        assert_eq!(read.as_str(), text);
    }
    if let Some(read) = Currency::parse(text) {
        assert_eq!(read.as_str(), text);
    }
    if let Ok(read) = text.parse::<Tiers>() {
        assert_eq!(read.to_string().parse(), Ok(read), "{text}");
    }
    if let Ok(read) = text.parse::<AllowedNetworks>() {
        assert_eq!(read.to_string().parse(), Ok(read), "{text}");
    }
    if let Ok(read) = text.parse::<Fiat>() {
        assert_eq!(read.word(), text);
    }
    if let Ok(read) = brand::colour(text) {
        assert_eq!(brand::colour(&read), Ok(read));
    }
    if let Ok(read) = brand::help_url(text) {
        assert_eq!(brand::help_url(&read), Ok(read));
    }
    for dialect in [Dialect::Payhook, Dialect::CryptoPay] {
        if let Ok(read) = website::parse(text, dialect) {
            assert_eq!(website::parse(&read, dialect).as_ref(), Ok(&read), "{text}");
            assert!(website::host(&read).is_some(), "{text}");
        }
    }
    if let Some(host) = website::page_host(text) {
        assert!(!host.contains(['/', '@', '\\', '?', '#']), "{text}");
    }
}

#[test]
fn a_destination_of_notices_reads_back_and_holds_no_line_break() {
    const VALUES: &[&str] = &[
        "mail.example",
        "465",
        "tls",
        "user",
        "p4ss",
        "payd@example.com",
        "Shop <me@example.com>",
        "https://api.telegram.org/",
        "1234:abc",
        "-100123",
        "https://ntfy.sh",
        "my-topic",
        "https://hooks.example/x?y=z",
        "whsec_abc",
    ];
    run("domain::notice", 2000, |from| {
        let values: Vec<String> = (0..7)
            .map(|_| {
                if from.once_in(2) {
                    from.foul_text(VALUES)
                } else {
                    from.pick(VALUES).to_owned()
                }
            })
            .collect();
        for kind in ChannelKind::ALL.iter().copied() {
            let names = [
                "host", "port", "security", "user", "password", "from", "to", "server", "token", "chat",
                "topic", "url", "secret",
            ];
            let get = |name: &'static str| {
                let place = names.iter().position(|known| *known == name).unwrap();
                values[place % values.len()].as_str()
            };
            let Ok(read) = Destination::read(kind, get) else {
                continue;
            };
            let fields = read.fields();
            assert!(
                fields
                    .iter()
                    .all(|(_, value)| !value.chars().any(char::is_control))
            );
            let find = |name: &'static str| {
                fields
                    .iter()
                    .find(|(known, _)| *known == name)
                    .map_or("", |(_, value)| value.as_str())
            };
            assert_eq!(Destination::read(kind, find), Ok(read));
        }
    });
}

#[test]
fn a_picture_is_never_more_than_its_file_and_is_one_once_cleaned() {
    let corpus = tests::samples();
    run("domain::picture", 3000, |from| {
        let file = from.foul(&corpus);
        let read = bounded(file.len(), 6, || Picture::read(&file));
        if file.len() > PICTURE_BYTES_MAX {
            assert!(read.is_err());
        }
        if let Ok(read) = read {
            assert!(read.bytes.len() <= file.len(), "{}", shown(&file));
            let again = Picture::read(&read.bytes).unwrap();
            assert_eq!(
                (again.kind, again.width, again.height),
                (read.kind, read.width, read.height)
            );
            assert_eq!(again.bytes, read.bytes, "{}", shown(&file));
        }
    });
}
