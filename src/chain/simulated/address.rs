//! Receive addresses for test payments: valid in form, and nobody's. On Bitcoin-like networks they carry the
//! prefix of a private chain, so that no real wallet pays to them.

use bitcoin::hashes::Hash as _;
use bitcoin::{Network as BitcoinChain, ScriptBuf, WPubkeyHash};

use crate::domain::address::{Address, AddressError};
use crate::domain::network::Family;

/// The address for 20 random bytes.
///
/// # Errors
/// [`AddressError`] when the bytes make no address (all zero on an EVM chain).
pub fn from_random(family: Family, bytes: [u8; 20]) -> Result<Address, AddressError> {
    let text = match family {
        Family::Evm { .. } => Address::from_evm_account(bytes).text().to_string(),
        Family::Tron => Address::from_tron_account(bytes).text().to_string(),
        Family::Bitcoin(_) => {
            let script = ScriptBuf::new_p2wpkh(&WPubkeyHash::from_byte_array(bytes));
            bitcoin::Address::from_script(&script, BitcoinChain::Regtest)
                .map_err(|_| malformed())?
                .to_string()
        }
        Family::Litecoin(_) => {
            let hrp = bech32::Hrp::parse("rltc").map_err(|_| malformed())?;
            bech32::segwit::encode_v0(hrp, &bytes).map_err(|_| malformed())?
        }
    };
    Address::parse(family, &text)
}

const fn malformed() -> AddressError {
    AddressError::Malformed { wanted: "test" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::network::Bip;

    #[test]
    fn test_addresses_are_valid_and_private_on_bitcoin_like_networks() {
        for (family, prefix) in [
            (Family::Evm { chain_id: 56 }, "0x"),
            (Family::Tron, "T"),
            (Family::Bitcoin(Bip::Regtest), "bcrt1q"),
            (Family::Litecoin(Bip::Regtest), "rltc1q"),
        ] {
            let address = from_random(family, [7; 20]).unwrap();
            assert!(address.text().starts_with(prefix), "{address}");
        }
    }

    #[test]
    fn the_script_of_an_address_is_the_one_that_bitcoin_uses() {
        let address = from_random(Family::Bitcoin(Bip::Regtest), [7; 20]).unwrap();
        let script = ScriptBuf::new_p2wpkh(&WPubkeyHash::from_byte_array([7; 20]));
        assert_eq!(address.payload(), script.as_bytes());
    }
}
