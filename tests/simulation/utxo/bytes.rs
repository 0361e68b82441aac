//! Transactions and blocks as bytes, made by the library: what a node would relay and serve.
//!
//! Nobody signs, and no coin that is spent was ever received: payd looks at neither.

use std::str::FromStr as _;

use bitcoin::absolute::LockTime;
use bitcoin::block::{Header, Version};
use bitcoin::hashes::Hash as _;
use bitcoin::script::{Builder, PushBytesBuf};
use bitcoin::transaction::Version as TxVersion;
use bitcoin::{
    Address, Amount, Block, BlockHash, CompactTarget, Network, OutPoint, PubkeyHash, ScriptBuf, ScriptHash,
    Sequence, Transaction, TxIn, TxMerkleNode, TxOut, Txid, WPubkeyHash, Witness,
};

use super::Payment;
use crate::chance::Chance;

/// The easiest target of a regtest chain: every other hash meets it.
const EASIEST: u32 = 0x207f_ffff;

fn bytes<const N: usize>(chance: &mut Chance) -> [u8; N] {
    let mut bytes = [0; N];
    for chunk in bytes.chunks_mut(8) {
        chunk.copy_from_slice(&chance.next().to_le_bytes()[..chunk.len()]);
    }
    bytes
}

/// An address of a kind that wallets give out.
pub fn address(payload: [u8; 20]) -> String {
    let script = match payload[0] % 8 {
        0 => ScriptBuf::new_p2pkh(&PubkeyHash::from_byte_array(payload)),
        1 => ScriptBuf::new_p2sh(&ScriptHash::from_byte_array(payload)),
        _ => ScriptBuf::new_p2wpkh(&WPubkeyHash::from_byte_array(payload)),
    };
    Address::from_script(&script, Network::Regtest)
        .unwrap()
        .to_string()
}

/// The script that an address stands for.
fn script(address: &str) -> ScriptBuf {
    Address::from_str(address)
        .unwrap()
        .assume_checked()
        .script_pubkey()
}

fn stranger(chance: &mut Chance) -> ScriptBuf {
    ScriptBuf::new_p2wpkh(&WPubkeyHash::from_byte_array(bytes(chance)))
}

/// A transaction that spends `source` and makes `payments`, among other outputs, in any order. Gives back the place of each
/// payment.
pub fn transaction(source: u64, payments: &[Payment], chance: &mut Chance) -> (Transaction, Vec<u32>) {
    let mut spent = [0xc0; 32];
    spent[..8].copy_from_slice(&source.to_le_bytes());
    let mut inputs = vec![input(OutPoint::new(Txid::from_byte_array(spent), 0), chance)];
    if chance.permille(200) {
        let another = OutPoint::new(Txid::from_byte_array(bytes(chance)), 1);
        inputs.push(input(another, chance));
    }
    let mut outputs: Vec<(Option<usize>, TxOut)> = (0..)
        .zip(payments)
        .map(|(number, payment)| {
            let value = Amount::from_sat(payment.sats);
            let script_pubkey = script(&payment.to);
            (Some(number), TxOut { value, script_pubkey })
        })
        .collect();
    for _ in 0..1 + chance.below(2) {
        let value = Amount::from_sat(chance.between(1000, 90_000_000));
        let script_pubkey = stranger(chance);
        put_in(&mut outputs, TxOut { value, script_pubkey }, chance);
    }
    if chance.permille(100) {
        let script_pubkey = ScriptBuf::new_op_return(PushBytesBuf::from(bytes::<20>(chance)));
        let value = Amount::ZERO;
        put_in(&mut outputs, TxOut { value, script_pubkey }, chance);
    }
    let place_of = |number| outputs.iter().position(|(payment, _)| *payment == Some(number));
    let places = (0..payments.len()).map(|number| place_of(number).unwrap() as u32);
    let places = places.collect();
    let transaction = Transaction {
        version: TxVersion::TWO,
        lock_time: LockTime::ZERO,
        input: inputs,
        output: outputs.into_iter().map(|(_, output)| output).collect(),
    };
    (transaction, places)
}

fn put_in(outputs: &mut Vec<(Option<usize>, TxOut)>, output: TxOut, chance: &mut Chance) {
    let place = chance.below(outputs.len() as u64 + 1) as usize;
    outputs.insert(place, (None, output));
}

/// An input with a witness, or with a script of the older kind.
fn input(previous_output: OutPoint, chance: &mut Chance) -> TxIn {
    let (signature, key) = (bytes::<71>(chance), bytes::<33>(chance));
    let (script_sig, witness) = match chance.permille(700) {
        true => (ScriptBuf::new(), Witness::from_slice(&[&signature[..], &key[..]])),
        false => {
            let script = Builder::new().push_slice(signature).push_slice(key);
            (script.into_script(), Witness::new())
        }
    };
    TxIn {
        previous_output,
        script_sig,
        sequence: Sequence::ENABLE_RBF_NO_LOCKTIME,
        witness,
    }
}

/// The transaction that pays a block's maker; `extra` makes it one of its own.
fn coinbase(height: u64, extra: u64, paid: &[Payment]) -> Transaction {
    let told = Builder::new()
        .push_int(height as i64)
        .push_slice(extra.to_le_bytes());
    let maker = TxOut {
        value: Amount::from_sat(5_000_000_000),
        script_pubkey: ScriptBuf::new_p2wpkh(&WPubkeyHash::from_byte_array([0x3a; 20])),
    };
    let paid = paid.iter().map(|payment| TxOut {
        value: Amount::from_sat(payment.sats),
        script_pubkey: script(&payment.to),
    });
    Transaction {
        version: TxVersion::TWO,
        lock_time: LockTime::ZERO,
        input: vec![TxIn {
            previous_output: OutPoint::null(),
            script_sig: told.into_script(),
            sequence: Sequence::MAX,
            witness: Witness::new(),
        }],
        output: std::iter::once(maker).chain(paid).collect(),
    }
}

/// Where a block is made: below which other, how high, when.
pub struct Place {
    pub parent: BlockHash,
    pub height: u64,
    pub time_s: u64,
    /// Tells it from any other block with the same transactions.
    pub extra: u64,
}

/// A block with its proof of work. Its maker may pay somebody out of the first transaction, from the second output on.
pub fn block(place: &Place, paid: &[Payment], transactions: Vec<Transaction>) -> Block {
    let mut txdata = vec![coinbase(place.height, place.extra, paid)];
    txdata.extend(transactions);
    let header = Header {
        version: Version::from_consensus(0x2000_0000),
        prev_blockhash: place.parent,
        merkle_root: TxMerkleNode::all_zeros(),
        time: place.time_s as u32,
        bits: CompactTarget::from_consensus(EASIEST),
        nonce: 0,
    };
    let mut block = Block { header, txdata };
    block.header.merkle_root = block.compute_merkle_root().unwrap();
    while !block.header.target().is_met_by(block.block_hash()) {
        block.header.nonce += 1;
    }
    block
}
