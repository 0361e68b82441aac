//! Takes raw blocks and transactions apart, as far as outputs and transaction ids need it: inputs, witnesses and
//! Litecoin's MWEB data are skipped.
//!
//! Trusts no byte: every length is checked against what is there before anything is kept, and what is kept is never
//! larger than what came. Written for two chains: a decoder for Bitcoin alone fails on the flag of MWEB transactions.

use super::header::{HEADER_BYTES, Hash, RawHeader};
use super::params::{AMOUNT_MAX, ChainRules, Coin};

/// Why bytes are no block or transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The bytes end too early: an answer was cut short, or a length in it is wrong.
    #[error("is cut short")]
    Short,
    /// There are bytes after the end.
    #[error("has bytes after its end")]
    Trailing,
    /// What is there cannot be.
    #[error("{0}")]
    Impossible(&'static str),
}

/// A block, borrowed from its bytes. Nothing of it is verified.
#[derive(Debug)]
pub struct Block<'a> {
    /// The header.
    pub header: RawHeader,
    /// The transactions, in the order of the block.
    pub transactions: Vec<Transaction<'a>>,
}

/// A transaction, borrowed from its bytes.
#[derive(Debug, PartialEq, Eq)]
pub struct Transaction<'a> {
    /// The hash of the transaction without witnesses and MWEB data.
    pub txid: Hash,
    /// The outputs, in order.
    pub outputs: Vec<Output<'a>>,
    /// The script of the only input when that spends nothing: the transaction that pays the block's maker.
    pub coinbase: Option<&'a [u8]>,
    /// Whether it is Litecoin's HogEx, which links a block with its MWEB extension block.
    pub is_hogex: bool,
}

/// One output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Output<'a> {
    /// In the smallest unit; may be zero.
    pub value: u64,
    /// The script that locks it.
    pub script: &'a [u8],
}

impl<'a> Transaction<'a> {
    /// Value and script of each output, in order.
    pub fn outputs(&self) -> impl Iterator<Item = (u64, &'a [u8])> {
        self.outputs.iter().map(|output| (output.value, output.script))
    }
}

/// Takes a whole block apart.
///
/// # Errors
/// [`Malformed`] unless `bytes` are one block and nothing else.
pub fn read_block(coin: Coin, bytes: &[u8]) -> Result<Block<'_>, Malformed> {
    let mut rest = Bytes(bytes);
    let header = RawHeader::read(rest.take(HEADER_BYTES)?).ok_or(Malformed::Short)?;
    let count = rest.length()?;
    let mut transactions = Vec::with_capacity(count.min(rest.room_for(TRANSACTION_BYTES_MIN)));
    for _ in 0..count {
        transactions.push(rest.transaction(coin)?);
    }
    // Litecoin: behind a HogEx comes the extension block, in which no output of ours can be.
    let is_extended = transactions.len() >= 2 && transactions.last().is_some_and(|last| last.is_hogex);
    if !rest.0.is_empty() && !is_extended {
        return Err(Malformed::Trailing);
    }
    if is_extended && !matches!(rest.0, [0] | [1, _, ..]) {
        return Err(Malformed::Impossible("has no readable MWEB extension"));
    }
    Ok(Block { header, transactions })
}

/// Takes a single transaction apart, as nodes and servers give it.
///
/// # Errors
/// [`Malformed`] unless `bytes` are one transaction and nothing else.
pub fn read_transaction(coin: Coin, bytes: &[u8]) -> Result<Transaction<'_>, Malformed> {
    let mut rest = Bytes(bytes);
    let transaction = rest.transaction_until_lock(coin, true)?;
    if !rest.0.is_empty() {
        return Err(Malformed::Trailing);
    }
    Ok(transaction)
}

/// Version, one input, one output without script, lock time.
const TRANSACTION_BYTES_MIN: usize = 60;
const INPUT_BYTES_MIN: usize = 41;
const OUTPUT_BYTES_MIN: usize = 9;
/// What a coinbase names as the output that it spends: no transaction, no number.
const SPENDS_NOTHING: [u8; 36] = {
    let mut spent = [0; 36];
    let (_, number) = spent.split_at_mut(32);
    number.copy_from_slice(&[0xff; 4]);
    spent
};
const FLAG_WITNESS: u8 = 0x01;
const FLAG_MWEB: u8 = 0x08;

/// What is left to be read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Malformed::Short)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        self.take(N)?.try_into().map_err(|_| Malformed::Short)
    }

    /// How many things of at least `bytes_min` can follow.
    fn room_for(&self, bytes_min: usize) -> usize {
        self.0.len().checked_div(bytes_min).unwrap_or_default()
    }

    /// A number in the form of lengths and counts: one byte, or a mark and two, four or eight.
    fn length(&mut self) -> Result<usize, Malformed> {
        let [first] = self.array()?;
        let (number, least) = match first {
            0xfd => (u64::from(u16::from_le_bytes(self.array()?)), 0xfd),
            0xfe => (u64::from(u32::from_le_bytes(self.array()?)), 0x1_0000),
            0xff => (u64::from_le_bytes(self.array()?), 0x1_0000_0000),
            short => (u64::from(short), 0),
        };
        if number < least {
            return Err(Malformed::Impossible(
                "has a length that is not in its shortest form",
            ));
        }
        usize::try_from(number).map_err(|_| Malformed::Short)
    }

    fn with_length(&mut self) -> Result<&'a [u8], Malformed> {
        let length = self.length()?;
        self.take(length)
    }

    /// What was read since `before`, the bytes that were left then.
    fn since(&self, before: &'a [u8]) -> &'a [u8] {
        let count = before.len().saturating_sub(self.0.len());
        before.get(..count).unwrap_or_default()
    }

    fn transaction(&mut self, coin: Coin) -> Result<Transaction<'a>, Malformed> {
        self.transaction_until_lock(coin, false)
    }

    /// Reads a transaction. Where it is `alone`, MWEB data may stand before its lock time; in a block it cannot: blocks
    /// keep those in the extension.
    fn transaction_until_lock(&mut self, coin: Coin, alone: bool) -> Result<Transaction<'a>, Malformed> {
        let version = self.take(4)?;
        let mut flags = 0;
        // No transaction is without inputs: a zero in place of their count announces flags.
        if let Some((&0, marked)) = self.0.split_first() {
            self.0 = marked;
            [flags] = self.array()?;
        }
        let before = self.0;
        let (input_count, coinbase) = self.inputs()?;
        let outputs = self.outputs()?;
        let body = self.since(before);
        let known = match coin {
            Coin::Bitcoin => FLAG_WITNESS,
            Coin::Litecoin => FLAG_WITNESS | FLAG_MWEB,
        };
        if flags & !known != 0 || (flags == 0 && input_count == 0) {
            return Err(Malformed::Impossible("has a transaction of an unknown form"));
        }
        if flags & FLAG_WITNESS != 0 {
            self.skip_witnesses(input_count)?;
        }
        let is_hogex = flags & FLAG_MWEB != 0 && self.mweb(alone)?;
        let lock_time = self.take(4)?;
        Ok(Transaction {
            txid: Hash::of(&[version, body, lock_time]),
            outputs,
            coinbase,
            is_hogex,
        })
    }

    /// Skips the inputs. Gives back how many there are, and the script of a coinbase's.
    fn inputs(&mut self) -> Result<(usize, Option<&'a [u8]>), Malformed> {
        let count = self.length()?;
        if count > self.room_for(INPUT_BYTES_MIN) {
            return Err(Malformed::Short);
        }
        let mut coinbase = None;
        for _ in 0..count {
            let (spent, script) = (self.take(36)?, self.with_length()?);
            self.take(4)?;
            if count == 1 && *spent == SPENDS_NOTHING {
                coinbase = Some(script);
            }
        }
        Ok((count, coinbase))
    }

    fn outputs(&mut self) -> Result<Vec<Output<'a>>, Malformed> {
        let count = self.length()?;
        if count > self.room_for(OUTPUT_BYTES_MIN) {
            return Err(Malformed::Short);
        }
        let mut outputs = Vec::with_capacity(count);
        for _ in 0..count {
            let value = u64::from_le_bytes(self.array()?);
            if value > AMOUNT_MAX {
                return Err(Malformed::Impossible("has an output of more than there is"));
            }
            let script = self.with_length()?;
            outputs.push(Output { value, script });
        }
        Ok(outputs)
    }

    fn skip_witnesses(&mut self, input_count: usize) -> Result<(), Malformed> {
        for _ in 0..input_count {
            let items = self.length()?;
            if items > self.0.len() {
                return Err(Malformed::Short);
            }
            for _ in 0..items {
                self.with_length()?;
            }
        }
        Ok(())
    }

    /// Reads what stands for MWEB data: nothing in a HogEx; otherwise data whose form does not matter here, because
    /// what follows it has a fixed length. Gives back whether it is a HogEx.
    fn mweb(&mut self, alone: bool) -> Result<bool, Malformed> {
        let [is_there] = self.array()?;
        match (is_there, alone) {
            (0, _) => Ok(true),
            (1, true) => {
                let data = self.0.len().checked_sub(4).ok_or(Malformed::Short)?;
                self.take(data)?;
                Ok(false)
            }
            _ => Err(Malformed::Impossible("has MWEB data where none can be")),
        }
    }
}

/// Checks that `block`, taken apart from an answer to a question for `asked` at `height`, is that block, complete and
/// unchanged. The proof of work is judged elsewhere.
///
/// Whoever serves it cannot leave out or change an output: the header's hash is what was asked for, and the tree of
/// the transactions' hashes leads to it. Nor can inner nodes of that tree be passed off as transactions: the first
/// one shown would have to be a coinbase by chance.
///
/// # Errors
/// What does not hold, as the end of a sentence about the block.
pub fn check(rules: ChainRules, block: &Block<'_>, asked: &Hash, height: u64) -> Result<(), &'static str> {
    if block.header.hash() != *asked {
        return Err("is not the one that was asked for");
    }
    let txids: Vec<Hash> = block
        .transactions
        .iter()
        .map(|transaction| transaction.txid)
        .collect();
    if merkle_root(txids)? != block.header.merkle_root() {
        return Err("has transactions that its header does not tell of");
    }
    let first = block.transactions.first();
    let Some(first) = first.and_then(|transaction| transaction.coinbase) else {
        return Err("does not begin with a coinbase");
    };
    check_height(rules, first, height)
}

/// Checks that the block whose coinbase has the script `coinbase` is at `height`, where coinbases tell.
///
/// # Errors
/// What does not hold, as the end of a sentence about the block.
pub fn check_height(rules: ChainRules, coinbase: &[u8], height: u64) -> Result<(), &'static str> {
    if height >= rules.height_in_coinbase_from() && !coinbase.starts_with(&height_push(height)) {
        return Err("belongs to another height");
    }
    Ok(())
}

/// The root of the tree over `level` (the transactions' ids), refusing trees in which a pair of equal nodes makes two
/// lists of transactions have one root (CVE-2012-2459).
fn merkle_root(mut level: Vec<Hash>) -> Result<Hash, &'static str> {
    while level.len() > 1 {
        let mut above = Vec::with_capacity(level.len().div_ceil(2));
        for pair in level.chunks(2) {
            above.push(match pair {
                [left, right] if left == right => return Err("holds a transaction twice"),
                [left, right] => Hash::of(&[&left.0, &right.0]),
                [alone, ..] => Hash::of(&[&alone.0, &alone.0]),
                [] => continue,
            });
        }
        level = above;
    }
    level.first().copied().ok_or("has no transactions")
}

/// How a script begins that pushes `height` first: small numbers have opcodes of their own, others are written in as
/// few bytes as leave the sign bit free.
fn height_push(height: u64) -> Vec<u8> {
    match u8::try_from(height) {
        Ok(0) => return vec![0],
        Ok(small @ 1..=16) => return vec![small.saturating_add(0x50)],
        Ok(_) | Err(_) => {}
    }
    let mut digits: Vec<u8> = height.to_le_bytes().to_vec();
    while digits.last() == Some(&0) {
        digits.pop();
    }
    if digits.last().is_some_and(|top| top & 0x80 != 0) {
        digits.push(0);
    }
    let mut push = vec![u8::try_from(digits.len()).unwrap_or_default()];
    push.append(&mut digits);
    push
}
