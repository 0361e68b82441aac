//! BIP-322: a signature is the witness, or the whole, of a transaction that spends nothing that exists. Simple and
//! full forms; proofs of funds are refused, as payd asks for none.

use bitcoin::absolute::LockTime;
use bitcoin::hashes::{Hash as _, HashEngine as _, sha256, sha256t};
use bitcoin::opcodes::all::OP_RETURN;
use bitcoin::script::{Builder, PushBytesBuf};
use bitcoin::sighash::{EcdsaSighashType, Prevouts, TapSighashType};
use bitcoin::transaction::Version;
use bitcoin::{
    Amount, CompressedPublicKey, OutPoint, Script, ScriptBuf, Sequence, Transaction, TxIn, TxOut, Witness,
};
use miniscript::interpreter::{Interpreter, KeySigPair, SatisfiedConstraint};

use super::{OwnershipError, malformed, mismatch};
use crate::chain::accounts::curve;
use crate::domain::address::Address;
use crate::domain::proof::Proof;

const ADVICE: &str = "if the address needs several keys, all of them must have signed";

/// The signature without the three letters that newer wallets put before it: `smp` simple, `ful` full.
pub(super) fn without_prefix(signature: &str) -> &str {
    // None of them can begin the base64 of a witness or of a transaction of version 0 or 2.
    ["smp", "ful"]
        .iter()
        .find_map(|prefix| signature.strip_prefix(prefix))
        .unwrap_or(signature)
}

pub(super) fn verify(address: &Address, message: &str, signature: &[u8]) -> Result<Proof, OwnershipError> {
    let script = Script::from_bytes(address.payload());
    let to_spend = to_spend(script, message);
    let point = OutPoint::new(to_spend.compute_txid(), 0);
    let to_sign = to_sign(script, point, signature).ok_or_else(|| malformed(true))?;
    let spent = to_spend.output.first().ok_or_else(|| malformed(true))?;
    // The point that is spent holds the message: a full signature of another one names another point.
    if is_of(&to_sign, point) && is_signed(&to_sign, spent) {
        Ok(Proof::Bip322)
    } else {
        Err(mismatch(address, ADVICE))
    }
}

/// The virtual transaction whose only output is the address's script, with the message in its input.
fn to_spend(script: &Script, message: &str) -> Transaction {
    let script_sig = Builder::new()
        .push_int(0)
        .push_slice(message_hash(message))
        .into_script();
    Transaction {
        version: Version(0),
        lock_time: LockTime::ZERO,
        input: vec![TxIn {
            previous_output: OutPoint::null(),
            script_sig,
            sequence: Sequence::ZERO,
            witness: Witness::new(),
        }],
        output: vec![TxOut {
            value: Amount::ZERO,
            script_pubkey: script.to_owned(),
        }],
    }
}

/// BIP-340's tagged hash.
fn message_hash(message: &str) -> [u8; 32] {
    struct Tag;
    impl sha256t::Tag for Tag {
        fn engine() -> sha256::HashEngine {
            let tag = sha256::Hash::hash(b"BIP0322-signed-message");
            let mut engine = sha256::Hash::engine();
            engine.input(tag.as_byte_array());
            engine.input(tag.as_byte_array());
            engine
        }
    }
    sha256t::Hash::<Tag>::hash(message.as_bytes()).to_byte_array()
}

/// The transaction that was signed; `None` when the bytes are neither a witness nor such a transaction.
fn to_sign(script: &Script, point: OutPoint, signature: &[u8]) -> Option<Transaction> {
    if let Ok(transaction) = bitcoin::consensus::deserialize::<Transaction>(signature) {
        return is_full(&transaction).then_some(transaction);
    }
    let witness: Witness = bitcoin::consensus::deserialize(signature).ok()?;
    Some(Transaction {
        version: Version(0),
        lock_time: LockTime::ZERO,
        input: vec![TxIn {
            previous_output: point,
            script_sig: nested_script(script, &witness)?,
            sequence: Sequence::ZERO,
            witness,
        }],
        output: vec![TxOut {
            value: Amount::ZERO,
            script_pubkey: Builder::new().push_opcode(OP_RETURN).into_script(),
        }],
    })
}

/// The form that BIP-322 asks of a full signature, with one input: more would be a proof of funds.
fn is_full(transaction: &Transaction) -> bool {
    let ([_], [output]) = (transaction.input.as_slice(), transaction.output.as_slice()) else {
        return false;
    };
    matches!(transaction.version, Version(0 | 2))
        && output.value == Amount::ZERO
        && output.script_pubkey.as_bytes() == [OP_RETURN.to_u8()]
}

fn is_of(transaction: &Transaction, point: OutPoint) -> bool {
    transaction
        .input
        .iter()
        .all(|input| input.previous_output == point)
}

/// What a simple signature leaves out for segwit inside a script hash: the script, which follows from the key.
fn nested_script(script: &Script, witness: &Witness) -> Option<ScriptBuf> {
    if !script.is_p2sh() {
        return Some(ScriptBuf::new());
    }
    let key = CompressedPublicKey::from_slice(witness.last()?).ok()?;
    let nested = PushBytesBuf::try_from(ScriptBuf::new_p2wpkh(&key.wpubkey_hash()).into_bytes()).ok()?;
    Some(Builder::new().push_slice(nested).into_script())
}

/// Whether the script is satisfied, by at least one signature, each over the whole transaction.
fn is_signed(transaction: &Transaction, spent: &TxOut) -> bool {
    let Some(input) = transaction.input.first() else {
        return false;
    };
    let Ok(interpreter) = Interpreter::from_txdata(
        &spent.script_pubkey,
        &input.script_sig,
        &input.witness,
        input.sequence,
        transaction.lock_time,
    ) else {
        return false;
    };
    let prevouts = Prevouts::All(std::slice::from_ref(spent));
    let mut signatures = 0_usize;
    for constraint in interpreter.iter(curve(), transaction, 0, &prevouts) {
        match constraint {
            Ok(
                SatisfiedConstraint::PublicKey { key_sig }
                | SatisfiedConstraint::PublicKeyHash { key_sig, .. },
            ) if is_over_all(&key_sig) => signatures = signatures.saturating_add(1),
            Ok(
                SatisfiedConstraint::HashLock { .. }
                | SatisfiedConstraint::RelativeTimelock { .. }
                | SatisfiedConstraint::AbsoluteTimelock { .. },
            ) => {}
            Ok(SatisfiedConstraint::PublicKey { .. } | SatisfiedConstraint::PublicKeyHash { .. })
            | Err(_) => return false,
        }
    }
    signatures > 0
}

fn is_over_all(signed: &KeySigPair) -> bool {
    match signed {
        KeySigPair::Ecdsa(_, signature) => signature.sighash_type == EcdsaSighashType::All,
        KeySigPair::Schnorr(_, signature) => matches!(
            signature.sighash_type,
            TapSighashType::All | TapSighashType::Default
        ),
    }
}
