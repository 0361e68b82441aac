//! Addresses: read once with every check there is, shown in one canonical text, matched by bytes.

mod script;

use std::fmt;
use std::sync::Arc;

use sha3::{Digest, Keccak256};

use super::network::{Bip, Family};

/// A valid receive address of one family of networks.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Address {
    text: Arc<str>,
    payload: Arc<[u8]>,
}

/// Why a text is not an address of the network it was meant for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It reads as an address of another network.
    #[error("this address belongs to {found}, not to {wanted}")]
    WrongNetwork {
        /// The network it was meant for.
        wanted: &'static str,
        /// The network it belongs to.
        found: &'static str,
    },
    /// Its checksum does not hold: a typing mistake.
    #[error("checksum does not hold; copy the address again")]
    Checksum,
    /// The null address, from which nobody can spend.
    #[error("money sent to the null address is lost")]
    Null,
    /// A Litecoin MWEB address: what it receives cannot be seen.
    #[error("MWEB addresses cannot be watched; use one that begins with ltc1, L or M")]
    Mweb,
    /// Nothing like an address.
    #[error("not an address of {wanted}")]
    Malformed {
        /// The network it was meant for.
        wanted: &'static str,
    },
}

impl Address {
    /// Reads an address of `family`, with checksum and network prefix checked.
    ///
    /// EVM addresses in one case only carry no checksum and are taken (EIP-55). Litecoin's old `3...` form is
    /// taken and shown as `M...`.
    ///
    /// # Errors
    /// [`AddressError`], naming the network the text does belong to when that can be told.
    pub fn parse(family: Family, text: &str) -> Result<Self, AddressError> {
        match read(family, text) {
            Err(AddressError::Malformed { wanted }) => {
                let found = FOREIGN.iter().find(|(other, _)| read(*other, text).is_ok());
                Err(found.map_or(AddressError::Malformed { wanted }, |(_, found)| {
                    AddressError::WrongNetwork { wanted, found }
                }))
            }
            read => read,
        }
    }

    /// The address in its canonical text: EIP-55 case on EVM chains, lower-case bech32.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// What a chain matches on: the 20-byte account on EVM chains and TRON, the output script on Bitcoin-like
    /// ones.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The EVM address of a 20-byte account, in EIP-55 case.
    #[must_use]
    pub fn from_evm_account(account: [u8; 20]) -> Self {
        Self {
            text: eip55(&hex::encode(account)).into(),
            payload: account.to_vec().into(),
        }
    }

    /// The TRON address of a 20-byte account.
    #[must_use]
    pub fn from_tron_account(account: [u8; 20]) -> Self {
        let mut versioned = vec![TRON_VERSION];
        versioned.extend_from_slice(&account);
        Self {
            text: bs58::encode(versioned).with_check().into_string().into(),
            payload: account.to_vec().into(),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

const TRON_VERSION: u8 = 0x41;

/// What a text is tried as when it does not fit the wanted network.
const FOREIGN: &[(Family, &str)] = &[
    (Family::Evm { chain_id: 1 }, "EVM chains (0x...)"),
    (Family::Tron, "TRON"),
    (Family::Bitcoin(Bip::Mainnet), "bitcoin"),
    (Family::Bitcoin(Bip::Testnet), "bitcoin testnet"),
    (Family::Bitcoin(Bip::Regtest), "bitcoin regtest"),
    (Family::Litecoin(Bip::Mainnet), "litecoin"),
    (Family::Litecoin(Bip::Testnet), "litecoin testnet"),
    (Family::Litecoin(Bip::Regtest), "litecoin regtest"),
];

/// The prefixes of a Bitcoin-like chain. The first script version is the one that is shown.
struct Prefixes {
    wanted: &'static str,
    key_hash: u8,
    script_hash: &'static [u8],
    hrp: &'static str,
}

const fn prefixes(family: Family) -> Option<Prefixes> {
    let (wanted, key_hash, script_hash, hrp): (_, _, &[u8], _) = match family {
        Family::Bitcoin(Bip::Mainnet) => ("bitcoin", 0x00, &[0x05], "bc"),
        Family::Bitcoin(Bip::Testnet) => ("bitcoin testnet", 0x6f, &[0xc4], "tb"),
        Family::Bitcoin(Bip::Regtest) => ("bitcoin regtest", 0x6f, &[0xc4], "bcrt"),
        Family::Litecoin(Bip::Mainnet) => ("litecoin", 0x30, &[0x32, 0x05], "ltc"),
        Family::Litecoin(Bip::Testnet) => ("litecoin testnet", 0x6f, &[0x3a, 0xc4], "tltc"),
        Family::Litecoin(Bip::Regtest) => ("litecoin regtest", 0x6f, &[0x3a, 0xc4], "rltc"),
        Family::Evm { .. } | Family::Tron => return None,
    };
    Some(Prefixes {
        wanted,
        key_hash,
        script_hash,
        hrp,
    })
}

fn read(family: Family, text: &str) -> Result<Address, AddressError> {
    // The longest there is, a bech32 address, has 90 characters (BIP-173).
    if text.len() > 90 || !text.is_ascii() {
        return Err(AddressError::Malformed {
            wanted: wanted(family),
        });
    }
    match (family, prefixes(family)) {
        (_, Some(prefixes)) => read_bitcoin_like(&prefixes, text),
        (Family::Tron, None) => read_tron(text),
        (Family::Evm { .. } | Family::Bitcoin(_) | Family::Litecoin(_), None) => read_evm(text),
    }
}

const fn wanted(family: Family) -> &'static str {
    match (family, prefixes(family)) {
        (_, Some(prefixes)) => prefixes.wanted,
        (Family::Tron, None) => "TRON",
        (Family::Evm { .. } | Family::Bitcoin(_) | Family::Litecoin(_), None) => "EVM chains (0x...)",
    }
}

/// EIP-55.
fn read_evm(text: &str) -> Result<Address, AddressError> {
    let malformed = AddressError::Malformed {
        wanted: "EVM chains (0x...)",
    };
    let digits = text
        .strip_prefix("0x")
        .or_else(|| text.strip_prefix("0X"))
        .ok_or(malformed.clone())?;
    let mut account = [0; 20];
    hex::decode_to_slice(digits, &mut account).map_err(|_| malformed)?;
    if account == [0; 20] {
        return Err(AddressError::Null);
    }
    let address = Address::from_evm_account(account);
    let one_case = digits == digits.to_ascii_lowercase() || digits == digits.to_ascii_uppercase();
    if one_case || address.text.strip_prefix("0x") == Some(digits) {
        Ok(address)
    } else {
        Err(AddressError::Checksum)
    }
}

/// Puts 40 lower-case hexadecimal digits into the case that carries the checksum.
fn eip55(digits: &str) -> String {
    let hash = hex::encode(Keccak256::digest(digits.as_bytes()));
    let cased = digits.chars().zip(hash.chars()).map(|(digit, hashed)| {
        if hashed.to_digit(16).is_some_and(|value| value >= 8) {
            digit.to_ascii_uppercase()
        } else {
            digit
        }
    });
    "0x".chars().chain(cased).collect()
}

fn read_tron(text: &str) -> Result<Address, AddressError> {
    let malformed = AddressError::Malformed { wanted: "TRON" };
    let versioned = match bs58::decode(text).with_check(None).into_vec() {
        Ok(versioned) => versioned,
        Err(bs58::decode::Error::InvalidChecksum { .. }) if text.len() == 34 && text.starts_with('T') => {
            return Err(AddressError::Checksum);
        }
        Err(_) => return Err(malformed),
    };
    match versioned
        .split_first()
        .map(|(version, account)| (version, <[u8; 20]>::try_from(account)))
    {
        Some((&TRON_VERSION, Ok([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]))) => {
            Err(AddressError::Null)
        }
        Some((&TRON_VERSION, Ok(account))) => Ok(Address::from_tron_account(account)),
        _ => Err(malformed),
    }
}

fn read_bitcoin_like(prefixes: &Prefixes, text: &str) -> Result<Address, AddressError> {
    let lower = text.to_ascii_lowercase();
    if prefixes.hrp.ends_with("ltc") && lower.contains("mweb1") {
        return Err(AddressError::Mweb);
    }
    if lower
        .strip_prefix(prefixes.hrp)
        .is_some_and(|rest| rest.starts_with('1'))
    {
        return read_segwit(prefixes, text);
    }
    let malformed = AddressError::Malformed {
        wanted: prefixes.wanted,
    };
    let versioned = match bs58::decode(text).with_check(None).into_vec() {
        Ok(versioned) => versioned,
        Err(bs58::decode::Error::InvalidChecksum { .. })
            if (26..=35).contains(&text.len()) && !text.starts_with('T') =>
        {
            return Err(AddressError::Checksum);
        }
        Err(_) => return Err(malformed),
    };
    let (version, hash) = match versioned
        .split_first()
        .map(|(version, hash)| (*version, <[u8; 20]>::try_from(hash)))
    {
        Some((version, Ok(hash))) => (version, hash),
        _ => return Err(malformed),
    };
    // OP_DUP OP_HASH160 <20> OP_EQUALVERIFY OP_CHECKSIG, or OP_HASH160 <20> OP_EQUAL
    let (shown_version, before, after): (u8, &[u8], &[u8]) = if version == prefixes.key_hash {
        (version, &[0x76, 0xa9, 0x14], &[0x88, 0xac])
    } else if prefixes.script_hash.contains(&version) {
        (
            prefixes.script_hash.first().copied().unwrap_or(version),
            &[0xa9, 0x14],
            &[0x87],
        )
    } else {
        return Err(malformed);
    };
    let shown = bs58::encode([&[shown_version], &hash[..]].concat())
        .with_check()
        .into_string();
    Ok(Address {
        text: shown.into(),
        payload: [before, &hash, after].concat().into(),
    })
}

/// BIP-173 and BIP-350.
fn read_segwit(prefixes: &Prefixes, text: &str) -> Result<Address, AddressError> {
    let (hrp, version, program) = bech32::segwit::decode(text).map_err(|_| AddressError::Checksum)?;
    // The last `1` parts the prefix from the rest: one that only begins as this network's is another's.
    if hrp.lowercase_char_iter().ne(prefixes.hrp.chars()) {
        return Err(AddressError::Malformed {
            wanted: prefixes.wanted,
        });
    }
    let version = version.to_u8();
    let op = if version == 0 {
        0
    } else {
        version.saturating_add(0x50)
    };
    let length = u8::try_from(program.len()).map_err(|_| AddressError::Malformed {
        wanted: prefixes.wanted,
    })?;
    let payload = [&[op, length], &program[..]].concat();
    Ok(Address {
        text: text.to_ascii_lowercase().into(),
        payload: payload.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BITCOIN: Family = Family::Bitcoin(Bip::Mainnet);
    const LITECOIN: Family = Family::Litecoin(Bip::Mainnet);
    const EVM: Family = Family::Evm { chain_id: 56 };

    #[test]
    fn addresses_of_every_kind_are_read_into_their_scripts_and_accounts() {
        for (family, text, payload) in [
            // EIP-55
            (
                EVM,
                "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
                "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
            ),
            // protocols of TRON: USDT's contract
            (
                Family::Tron,
                "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",
                "a614f803b6fd780986a42c78ec9c7f77e6ded13c",
            ),
            // the first bitcoin payment's receiver kind, and the vectors of BIP-173 and BIP-350
            (
                BITCOIN,
                "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
                "76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888ac",
            ),
            (
                BITCOIN,
                "3P14159f73E4gFr7JterCCQh9QjiTjiZrG",
                "a914e9c3dd0c07aac76179ebc76a6c78d4d67c6c160a87",
            ),
            (
                BITCOIN,
                "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
                "0014751e76e8199196d454941c45d1b3a323f1433bd6",
            ),
            (
                BITCOIN,
                "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
                "512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
            ),
        ] {
            let address = Address::parse(family, text).unwrap();
            assert_eq!(&**address.text(), text);
            assert_eq!(hex::encode(address.payload()), payload, "{text}");
        }
    }

    #[test]
    fn an_address_has_one_canonical_text() {
        for (family, text, canonical) in [
            (
                EVM,
                "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
                "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            ),
            (
                EVM,
                "0X5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED",
                "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            ),
            (
                BITCOIN,
                "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
                "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            ),
            (
                LITECOIN,
                "3P14159f73E4gFr7JterCCQh9QjiTjiZrG",
                "MWD8LFgqUiYYKzWE1pvVyBoJLMAeUuWmDA",
            ),
        ] {
            let address = Address::parse(family, text).unwrap();
            assert_eq!(Address::parse(family, address.text()).unwrap(), address);
            if family != LITECOIN {
                assert_eq!(&**address.text(), canonical);
            } else {
                assert!(address.text().starts_with('M'));
            }
        }
    }

    #[test]
    fn a_wrong_checksum_is_told_from_no_address() {
        for (family, text) in [
            (EVM, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed"),
            (Family::Tron, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u"),
            (BITCOIN, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"),
            (BITCOIN, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5"),
        ] {
            assert_eq!(
                Address::parse(family, text),
                Err(AddressError::Checksum),
                "{text}"
            );
        }
        for text in [
            "",
            "hello",
            "0x12",
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAedff",
            "T",
            "bc1",
        ] {
            let refused = Address::parse(EVM, text);
            assert_eq!(
                refused,
                Err(AddressError::Malformed {
                    wanted: "EVM chains (0x...)"
                }),
                "{text}"
            );
        }
    }

    #[test]
    fn an_address_of_another_network_is_named() {
        for (family, text, found) in [
            (EVM, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "TRON"),
            (
                Family::Tron,
                "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
                "EVM chains (0x...)",
            ),
            (
                BITCOIN,
                "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx",
                "bitcoin testnet",
            ),
            (BITCOIN, "ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9", "litecoin"),
            (LITECOIN, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "bitcoin"),
        ] {
            match Address::parse(family, text) {
                Err(AddressError::WrongNetwork { found: named, .. }) => assert_eq!(named, found, "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_prefix_that_only_begins_as_a_networks_is_not_that_networks() {
        // Checksum and program are sound; the prefixes are `ltc1` and `bc1x`.
        for (family, prefix) in [(LITECOIN, "ltc1"), (BITCOIN, "bc1x"), (BITCOIN, "bc1bc")] {
            let hrp = bech32::Hrp::parse(prefix).unwrap();
            let text = bech32::segwit::encode_v0(hrp, &[7; 20]).unwrap();
            let read = Address::parse(family, &text);
            assert!(
                matches!(read, Err(AddressError::Malformed { .. })),
                "{text}: {read:?}"
            );
        }
    }

    #[test]
    fn addresses_that_lose_money_are_refused() {
        assert_eq!(
            Address::parse(EVM, "0x0000000000000000000000000000000000000000"),
            Err(AddressError::Null)
        );
        let mweb =
            "ltcmweb1qq0yq03ewm830ugmkkvrvjmyyeslcpwk8ayd7k27qx63sryy6kx3ksqm3k6jd24ld3r5dp5lzx7rm7uyxfujf8s";
        assert!(Address::parse(LITECOIN, mweb).is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_reading_an_address_panic(text in ".{0,100}") {
            for (family, _) in FOREIGN {
                let _ = Address::parse(*family, &text);
            }
        }
    }
}
