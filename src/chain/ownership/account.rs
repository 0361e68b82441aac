//! Signed messages of accounts: EIP-191 and TRON's, from which the public key is recovered.

use bitcoin::secp256k1::{
    Message,
    ecdsa::{RecoverableSignature, RecoveryId},
};
use sha3::{Digest as _, Keccak256};

use super::{OwnershipError, malformed, mismatch};
use crate::chain::accounts::{account_of, curve};
use crate::domain::address::Address;
use crate::domain::proof::Proof;

const ADVICE: &str = "contract wallets such as Safe (EIP-1271) have no key, and cannot be proved this way";

/// `personal_sign`.
pub(super) fn verify_evm(address: &Address, message: &str, signature: &str) -> Result<Proof, OwnershipError> {
    let signature = Signature::read(signature)?;
    let hash = hash("\x19Ethereum Signed Message:\n", message.len(), message);
    if signature.is_of(address, hash) {
        Ok(Proof::Eip191)
    } else {
        Err(mismatch(address, ADVICE))
    }
}

/// `signMessageV2`.
pub(super) fn verify_tron(
    address: &Address,
    message: &str,
    signature: &str,
) -> Result<Proof, OwnershipError> {
    let title = "\x19TRON Signed Message:\n";
    let signature = Signature::read(signature)?;
    let is_of = |length: usize| signature.is_of(address, hash(title, length, message));
    if is_of(message.len()) {
        Ok(Proof::Tron)
    } else if is_of(32) {
        // The first way of signing takes every message for 32 bytes long.
        Err(OwnershipError::OldTron)
    } else {
        Err(mismatch(
            address,
            "contracts have no key, and cannot be proved this way",
        ))
    }
}

pub(super) fn hash(title: &str, length: usize, message: &str) -> [u8; 32] {
    let mut hasher = Keccak256::new();
    hasher.update(title);
    hasher.update(length.to_string());
    hasher.update(message);
    hasher.finalize().into()
}

/// The half of the curve's order, above which the other half of a signature has a twin below (EIP-2).
const HALF_ORDER: [u8; 32] = [
    0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x5d,
    0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0,
];

struct Signature(RecoverableSignature);

impl Signature {
    /// 65 bytes in hexadecimal: r, s, and v as 0, 1, 27 or 28.
    fn read(text: &str) -> Result<Self, OwnershipError> {
        let digits = text
            .strip_prefix("0x")
            .or_else(|| text.strip_prefix("0X"))
            .unwrap_or(text);
        let mut bytes = [0; 65];
        hex::decode_to_slice(digits, &mut bytes).map_err(|_| malformed(false))?;
        let [compact @ .., v] = bytes;
        let recovery = match v {
            0 | 27 => 0,
            1 | 28 => 1,
            _ => return Err(malformed(false)),
        };
        if compact.last_chunk::<32>().is_some_and(|s| *s > HALF_ORDER) {
            return Err(OwnershipError::HighS);
        }
        RecoveryId::from_i32(recovery)
            .and_then(|recovery| RecoverableSignature::from_compact(&compact, recovery))
            .map(Self)
            .map_err(|_| malformed(false))
    }

    /// Whether the account's key signed `hash`.
    fn is_of(&self, address: &Address, hash: [u8; 32]) -> bool {
        let key = curve().recover_ecdsa(&Message::from_digest(hash), &self.0);
        key.is_ok_and(|key| account_of(&key) == *address.payload())
    }
}
