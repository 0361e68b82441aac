//! Signed messages of Bitcoin-like wallets: the public key is recovered from the signature and compared with the
//! address's script (BIP-137, and the same without its rules for the first byte, as most wallets write it).

use bitcoin::hashes::{Hash as _, HashEngine as _, sha256d};
use bitcoin::secp256k1::{
    Message,
    ecdsa::{RecoverableSignature, RecoveryId},
};
use bitcoin::{CompressedPublicKey, PublicKey, ScriptBuf};

use super::{OwnershipError, mismatch};
use crate::chain::accounts::curve;
use crate::domain::address::Address;
use crate::domain::proof::Proof;

const ADVICE: &str = "a wallet with several keys needs BIP-322";

/// Whether 65 bytes begin as a signed message does; a BIP-322 signature begins with its number of items.
pub(super) fn is_header(signature: &[u8; 65]) -> bool {
    let [header, ..] = signature;
    (27..=42).contains(header)
}

pub(super) fn verify(
    title: &str,
    address: &Address,
    message: &str,
    signature: &[u8; 65],
) -> Result<Proof, OwnershipError> {
    let mismatched = || mismatch(address, ADVICE);
    if !has_single_key(address) {
        return Err(OwnershipError::Unsupported);
    }
    let [header, compact @ ..] = signature;
    // 27 to 30: uncompressed key; from 31 on compressed, for one kind of address after the other.
    let kind = header.checked_sub(27).ok_or_else(mismatched)?;
    let recovery = RecoveryId::from_i32(i32::from(kind % 4)).map_err(|_| mismatched())?;
    let recoverable = RecoverableSignature::from_compact(compact, recovery).map_err(|_| mismatched())?;
    let digest = Message::from_digest(hash(title, message).to_byte_array());
    let key = curve()
        .recover_ecdsa(&digest, &recoverable)
        .map_err(|_| mismatched())?;
    let is_owner = if kind < 4 {
        ScriptBuf::new_p2pkh(&PublicKey::new_uncompressed(key).pubkey_hash()).as_bytes() == address.payload()
    } else {
        let key = CompressedPublicKey(key);
        let segwit = ScriptBuf::new_p2wpkh(&key.wpubkey_hash());
        [
            ScriptBuf::new_p2pkh(&key.pubkey_hash()),
            ScriptBuf::new_p2sh(&segwit.script_hash()),
            segwit,
        ]
        .iter()
        .any(|script| script.as_bytes() == address.payload())
    };
    if is_owner {
        Ok(Proof::Bip137Legacy)
    } else {
        Err(mismatched())
    }
}

/// Whether the script can be that of a single key whose hash it holds: not taproot, not a script hash of segwit.
fn has_single_key(address: &Address) -> bool {
    let script = bitcoin::Script::from_bytes(address.payload());
    script.is_p2pkh() || script.is_p2sh() || script.is_p2wpkh()
}

fn hash(title: &str, message: &str) -> sha256d::Hash {
    let mut engine = sha256d::Hash::engine();
    for part in [title, message] {
        engine.input(&bitcoin::consensus::serialize(&bitcoin::VarInt::from(part.len())));
        engine.input(part.as_bytes());
    }
    sha256d::Hash::from_engine(engine)
}
