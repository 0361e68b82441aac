//! A wallet for tests: signs a text as EVM wallets do.

use bitcoin::secp256k1::{Message, Secp256k1, SecretKey};

use super::account::hash;
use crate::chain::accounts::account_of;
use crate::domain::address::Address;

/// The address of the key of 32 times `byte`, and its signature of `message` (EIP-191).
pub(crate) fn sign(byte: u8, message: &str) -> (Address, String) {
    let curve = Secp256k1::new();
    let key = SecretKey::from_slice(&[byte; 32]).unwrap();
    let address = Address::from_evm_account(account_of(&key.public_key(&curve)));
    let digest = hash("\x19Ethereum Signed Message:\n", message.len(), message);
    let signed = curve.sign_ecdsa_recoverable(&Message::from_digest(digest), &key);
    let (recovery, compact) = signed.serialize_compact();
    let v = 27 + recovery.to_i32();
    (address, format!("0x{}{v:02x}", hex::encode(compact)))
}
