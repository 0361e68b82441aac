//! What the header of a block commits to, so that blocks prove what they hold: made apart from what payd checks it with.

#[path = "../../load/scan/rlp.rs"]
#[expect(dead_code, reason = "the benchmark of scanning writes its blocks from texts")]
mod rlp;

use std::fmt::Write as _;

pub(crate) use self::rlp::hex0x;
use self::rlp::{keccak, list, ordered_root, text};
use super::{Move, TRANSFER, Tx, contract};

/// What every transaction uses.
pub const GAS: u128 = 21_000;
/// Who sends the tokens.
pub const SENDER: [u8; 20] = {
    let mut sender = [0; 20];
    sender[19] = 1;
    sender
};

/// What a header says of its block's content.
#[derive(Debug)]
pub struct Seal {
    txs_root: [u8; 32],
    receipts_root: [u8; 32],
    bloom: Bloom,
    /// Stands for the state: no two blocks have the same.
    state_root: [u8; 32],
    /// The fields of the header that only a proof needs, as they are served.
    pub text: String,
    /// The bloom of each receipt, as it is served.
    pub blooms: Vec<String>,
}

type Bloom = [u8; 256];

fn bytes<const N: usize>(digits: &str) -> [u8; N] {
    let mut bytes = [0; N];
    hex::decode_to_slice(digits.trim_start_matches("0x"), &mut bytes).unwrap();
    bytes
}

fn number(number: u128) -> Vec<u8> {
    let digits = number.to_be_bytes();
    let zeros = digits.iter().take_while(|digit| **digit == 0).count();
    text(&digits[zeros..])
}

/// A number, an account or a topic as a word of the machine.
pub fn word(of: &[u8]) -> [u8; 32] {
    let mut word = [0; 32];
    word[32 - of.len()..].copy_from_slice(of);
    word
}

/// Who a transaction calls, and with how much of the coin.
pub fn called(moved: &Move) -> (String, u128) {
    match contract(moved.coin) {
        Some(contract) => (contract.to_owned(), 0),
        None => (format!("0x{}", moved.to), moved.amount),
    }
}

/// The transaction as it was signed, of the oldest kind (EIP-155).
fn signed(nonce: u64, moved: &Move) -> Vec<u8> {
    let (to, value) = called(moved);
    list(&[
        number(nonce.into()),
        number(1),
        number(GAS),
        text(&bytes::<20>(&to)),
        number(value),
        text(&[]),
        number(27),
        number(1),
        number(1),
    ])
}

/// The name of the transaction that moves this.
pub fn tx_hash(nonce: u64, moved: &Move) -> String {
    hex0x(&keccak(&signed(nonce, moved)))
}

/// The topics of a log of a token: its event, its sender, its recipient.
fn topics(to: &str) -> [[u8; 32]; 3] {
    [bytes(TRANSFER), word(&SENDER), word(&bytes::<20>(to))]
}

/// The bloom of what a transaction logs (yellow paper, 4.3.1).
fn bloom_of(tx: &Tx) -> Bloom {
    let mut bloom = [0; 256];
    let logged = contract(tx.moved.coin).filter(|_| !tx.fails);
    if let Some(contract) = logged {
        add(&mut bloom, &bytes::<20>(contract));
        for topic in topics(&tx.moved.to) {
            add(&mut bloom, &topic);
        }
    }
    bloom
}

fn add(bloom: &mut Bloom, logged: &[u8]) {
    for pair in keccak(logged)[..6].chunks(2) {
        let bit = usize::from(u16::from_be_bytes([pair[0], pair[1]]) & 2047);
        bloom[255 - bit / 8] |= 1 << (bit % 8);
    }
}

/// The receipt as the header commits to it.
fn receipt(place: usize, tx: &Tx, bloom: &Bloom) -> Vec<u8> {
    let log = contract(tx.moved.coin).filter(|_| !tx.fails).map(|contract| {
        let topics: Vec<_> = topics(&tx.moved.to).iter().map(|topic| text(topic)).collect();
        let data = word(&tx.moved.amount.to_be_bytes());
        list(&[text(&bytes::<20>(contract)), list(&topics), text(&data)])
    });
    list(&[
        number(u128::from(!tx.fails)),
        number(GAS * (place as u128 + 1)),
        text(bloom),
        list(&log.into_iter().collect::<Vec<_>>()),
    ])
}

impl Seal {
    /// Of a block that holds `txs`; `number` is any that no other block has.
    pub fn of(txs: &[Tx], number: u64) -> Self {
        let mut bloom = [0; 256];
        let (mut receipts, mut blooms) = (Vec::new(), Vec::new());
        for (place, tx) in txs.iter().enumerate() {
            let own = bloom_of(tx);
            bloom.iter_mut().zip(own).for_each(|(all, own)| *all |= own);
            receipts.push(receipt(place, tx, &own));
            blooms.push(hex0x(&own));
        }
        let signed: Vec<_> = txs.iter().map(|tx| signed(tx.nonce, &tx.moved)).collect();
        let mut seal = Self {
            txs_root: ordered_root(&signed).0,
            receipts_root: ordered_root(&receipts).0,
            bloom,
            state_root: word(&number.to_be_bytes()),
            text: String::new(),
            blooms,
        };
        seal.text = seal.told();
        seal
    }

    /// The name of the block (yellow paper, 4.3.3).
    pub fn name(&self, parent: &str, height: u64, time_s: u64) -> String {
        let header = list(&[
            text(&bytes::<32>(parent)),
            text(&[0; 32]),
            text(&[0; 20]),
            text(&self.state_root),
            text(&self.txs_root),
            text(&self.receipts_root),
            text(&self.bloom),
            number(0),
            number(height.into()),
            number(0),
            number(0),
            number(time_s.into()),
            text(&[]),
            text(&[0; 32]),
            text(&[0; 8]),
        ]);
        hex0x(&keccak(&header))
    }

    fn told(&self) -> String {
        let mut text = String::with_capacity(1200);
        let _ = write!(
            text,
            r#""sha3Uncles":"0x{0:064x}","miner":"0x{0:040x}","difficulty":"0x0","gasLimit":"0x0","gasUsed":"0x0","extraData":"0x","mixHash":"0x{0:064x}","nonce":"0x{0:016x}""#,
            0
        );
        let fields: [(&str, &[u8]); 4] = [
            ("stateRoot", &self.state_root),
            ("transactionsRoot", &self.txs_root),
            ("receiptsRoot", &self.receipts_root),
            ("logsBloom", &self.bloom),
        ];
        for (name, field) in fields {
            let _ = write!(text, r#","{name}":"{}""#, hex0x(field));
        }
        text
    }
}

/// The parent of the first block.
pub fn nobody() -> String {
    hex0x(&[0; 32])
}
