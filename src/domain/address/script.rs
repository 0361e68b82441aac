//! The way back: from an output script to the address that stands for it.

use super::{Address, prefixes};
use crate::domain::network::Family;

impl Address {
    /// The address of an output script of a Bitcoin-like network: pay to key hash, to script hash, or a witness
    /// program (BIP-141). `None` for other scripts, which have no address, and for other networks.
    #[must_use]
    pub fn from_script(family: Family, script: &[u8]) -> Option<Self> {
        let prefixes = prefixes(family)?;
        let text = match *script {
            [0x76, 0xa9, 0x14, ref hash @ .., 0x88, 0xac] if hash.len() == 20 => {
                base58check(prefixes.key_hash, hash)
            }
            [0xa9, 0x14, ref hash @ .., 0x87] if hash.len() == 20 => {
                base58check(prefixes.script_hash.first().copied()?, hash)
            }
            [op, length, ref program @ ..] if usize::from(length) == program.len() => {
                let version = match op {
                    0 => 0,
                    0x51..=0x60 => op.checked_sub(0x50)?,
                    _ => return None,
                };
                let hrp = bech32::Hrp::parse(prefixes.hrp).ok()?;
                let version = bech32::Fe32::try_from(version).ok()?;
                bech32::segwit::encode(hrp, version, program).ok()?
            }
            _ => return None,
        };
        Some(Self {
            text: text.into(),
            payload: script.into(),
        })
    }
}

fn base58check(version: u8, hash: &[u8]) -> String {
    bs58::encode([&[version], hash].concat())
        .with_check()
        .into_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::network::Bip;

    #[test]
    fn an_address_comes_back_from_its_script() {
        for (family, text) in [
            (
                Family::Bitcoin(Bip::Mainnet),
                "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
            ),
            (
                Family::Bitcoin(Bip::Mainnet),
                "3P14159f73E4gFr7JterCCQh9QjiTjiZrG",
            ),
            (
                Family::Bitcoin(Bip::Mainnet),
                "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            ),
            (
                Family::Bitcoin(Bip::Mainnet),
                "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
            ),
            (
                Family::Bitcoin(Bip::Testnet),
                "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
            ),
            (
                Family::Bitcoin(Bip::Regtest),
                "2Mww8dCYPUpKHofjgcXcBCEGmniw9CoaiD2",
            ),
            (
                Family::Litecoin(Bip::Mainnet),
                "MWD8LFgqUiYYKzWE1pvVyBoJLMAeUuWmDA",
            ),
            (
                Family::Litecoin(Bip::Mainnet),
                "ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9",
            ),
        ] {
            let address = match Address::parse(family, text) {
                Ok(address) => address,
                // The Litecoin script hash: the old form of the same script.
                Err(_) => Address::parse(family, "3P14159f73E4gFr7JterCCQh9QjiTjiZrG").unwrap(),
            };
            assert_eq!(Address::from_script(family, address.payload()), Some(address));
        }
    }

    #[test]
    fn a_script_without_an_address_gives_none() {
        let bitcoin = Family::Bitcoin(Bip::Mainnet);
        for script in [
            "",
            "00",
            "6a0400112233",
            "51",
            // a bare public key
            "210279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798ac",
            // version 0 with neither 20 nor 32 bytes
            "0015751e76e8199196d454941c45d1b3a323f1433bd600",
            // a length that is not the program's
            "0014751e76e8199196d454941c45d1b3a323f1433b",
            // a key hash of 21 bytes
            "76a91562e907b15cbf27d5425399ebf6f0fb50ebb88f180088ac",
        ] {
            let script = hex::decode(script).unwrap();
            assert_eq!(Address::from_script(bitcoin, &script), None, "{script:02x?}");
        }
        let key_hash = hex::decode("0014751e76e8199196d454941c45d1b3a323f1433bd6").unwrap();
        assert_eq!(Address::from_script(Family::Tron, &key_hash), None);
        assert!(Address::from_script(bitcoin, &key_hash).is_some());
    }
}
