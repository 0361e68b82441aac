//! The prefixes of extended keys: what network and what kind of address each stands for, and which are private.

use bitcoin::hashes::Hash as _;

use super::AccountError;
use crate::domain::network::{Bip, Family};

/// What the prefix of an extended public key says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Prefix {
    /// The first letters of the text.
    pub word: &'static str,
    version: [u8; 4],
    coin: Coin,
    is_main: bool,
    /// The addresses it stands for.
    pub form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coin {
    Bitcoin,
    Litecoin,
}

/// The kind of address that an account is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// BIP-44: pay to public key hash.
    KeyHash,
    /// BIP-49: segwit inside a script hash.
    NestedSegwit,
    /// BIP-84: segwit.
    Segwit,
    /// BIP-86: taproot with a single key.
    Taproot,
    /// One key of several, which alone says nothing.
    Multisig,
}

const XPUB: [u8; 4] = [0x04, 0x88, 0xb2, 0x1e];
const TPUB: [u8; 4] = [0x04, 0x35, 0x87, 0xcf];
/// Of a serialised extended key, BIP-32.
const KEY_BYTES: usize = 78;
/// Characters of an extended key.
const KEY_CHARS: std::ops::RangeInclusive<usize> = 105..=115;

/// SLIP-132, and the prefixes that Litecoin's software uses.
const PREFIXES: &[Prefix] = &[
    prefix("xpub", XPUB, Coin::Bitcoin, true, Form::KeyHash),
    prefix(
        "ypub",
        [0x04, 0x9d, 0x7c, 0xb2],
        Coin::Bitcoin,
        true,
        Form::NestedSegwit,
    ),
    prefix(
        "zpub",
        [0x04, 0xb2, 0x47, 0x46],
        Coin::Bitcoin,
        true,
        Form::Segwit,
    ),
    prefix(
        "Ypub",
        [0x02, 0x95, 0xb4, 0x3f],
        Coin::Bitcoin,
        true,
        Form::Multisig,
    ),
    prefix(
        "Zpub",
        [0x02, 0xaa, 0x7e, 0xd3],
        Coin::Bitcoin,
        true,
        Form::Multisig,
    ),
    prefix("tpub", TPUB, Coin::Bitcoin, false, Form::KeyHash),
    prefix(
        "upub",
        [0x04, 0x4a, 0x52, 0x62],
        Coin::Bitcoin,
        false,
        Form::NestedSegwit,
    ),
    prefix(
        "vpub",
        [0x04, 0x5f, 0x1c, 0xf6],
        Coin::Bitcoin,
        false,
        Form::Segwit,
    ),
    prefix(
        "Upub",
        [0x02, 0x42, 0x89, 0xef],
        Coin::Bitcoin,
        false,
        Form::Multisig,
    ),
    prefix(
        "Vpub",
        [0x02, 0x57, 0x54, 0x83],
        Coin::Bitcoin,
        false,
        Form::Multisig,
    ),
    prefix(
        "Ltub",
        [0x01, 0x9d, 0xa4, 0x62],
        Coin::Litecoin,
        true,
        Form::KeyHash,
    ),
    prefix(
        "Mtub",
        [0x01, 0xb2, 0x6e, 0xf6],
        Coin::Litecoin,
        true,
        Form::NestedSegwit,
    ),
    prefix(
        "ttub",
        [0x04, 0x36, 0xf6, 0xe1],
        Coin::Litecoin,
        false,
        Form::KeyHash,
    ),
];

const fn prefix(word: &'static str, version: [u8; 4], coin: Coin, is_main: bool, form: Form) -> Prefix {
    Prefix {
        word,
        version,
        coin,
        is_main,
        form,
    }
}

impl Prefix {
    /// Whether the prefix is one that only Litecoin's software writes.
    pub(super) fn is_litecoin(&self) -> bool {
        self.coin == Coin::Litecoin
    }

    /// Whether the prefix leaves the kind of address open: many wallets write it for every kind.
    pub(super) fn is_plain(&self) -> bool {
        self.form == Form::KeyHash
    }

    /// What the key belongs to, in words.
    fn belongs_to(&self) -> &'static str {
        match (self.coin, self.is_main) {
            (Coin::Bitcoin, true) => "bitcoin (mainnet)",
            (Coin::Bitcoin, false) => "a bitcoin test network",
            (Coin::Litecoin, true) => "litecoin (mainnet)",
            (Coin::Litecoin, false) => "a litecoin test network",
        }
    }

    /// Checks that the key may be used on a network. Bitcoin's prefixes are taken on Litecoin, whose wallets write
    /// them too; never the other way round, and never a test key for real money.
    fn fits(&self, family: Family) -> Result<(), AccountError> {
        let (fits, wanted) = match family {
            Family::Bitcoin(Bip::Mainnet) => (
                self.coin == Coin::Bitcoin && self.is_main,
                "bitcoin (xpub, ypub, zpub)",
            ),
            Family::Bitcoin(Bip::Testnet | Bip::Regtest) => (
                self.coin == Coin::Bitcoin && !self.is_main,
                "a bitcoin test network (tpub, upub, vpub)",
            ),
            Family::Litecoin(Bip::Mainnet) => (self.is_main, "litecoin (Ltub, Mtub, zpub)"),
            Family::Litecoin(Bip::Testnet | Bip::Regtest) => {
                (!self.is_main, "a litecoin test network (tpub, upub, vpub)")
            }
            Family::Evm { .. } => (self.version == XPUB, "EVM chains (xpub)"),
            Family::Tron => (self.version == XPUB, "TRON (xpub)"),
        };
        if fits {
            return Ok(());
        }
        Err(AccountError::WrongNetwork {
            key: self.word,
            found: self.belongs_to(),
            wanted,
        })
    }
}

/// An extended public key, written with the prefix that all software reads: xpub, or tpub for test networks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlainKey {
    /// The key.
    pub text: String,
    /// How it was written.
    pub prefix: &'static Prefix,
    /// How many steps below the master key it is.
    pub depth: u8,
    /// Its own step from its parent, BIP-32.
    pub child_number: u32,
}

/// Reads one extended public key that may be used on `family`.
pub(super) fn read(family: Family, text: &str) -> Result<PlainKey, AccountError> {
    let mut bytes: [u8; KEY_BYTES] = decoded(text)?;
    let prefix = PREFIXES
        .iter()
        .find(|prefix| bytes.starts_with(&prefix.version))
        .ok_or(AccountError::UnknownPrefix)?;
    prefix.fits(family)?;
    let version = if prefix.is_main { XPUB } else { TPUB };
    for (byte, plain) in bytes.iter_mut().zip(version) {
        *byte = plain;
    }
    let [_, _, _, _, depth, _, _, _, _, n0, n1, n2, n3, ..] = bytes;
    Ok(PlainKey {
        text: bs58::encode(bytes).with_check().into_string(),
        prefix,
        depth,
        child_number: u32::from_be_bytes([n0, n1, n2, n3]),
    })
}

fn decoded(text: &str) -> Result<[u8; KEY_BYTES], AccountError> {
    if !looks_like_a_key(text) {
        return Err(AccountError::NotAnAccount);
    }
    bs58::decode(text)
        .with_check(None)
        .into_vec()
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(AccountError::Checksum)
}

/// Whether a word is meant to be an extended public key.
pub(super) fn looks_like_a_key(word: &str) -> bool {
    KEY_CHARS.contains(&word.len()) && (word.get(1..4) == Some("pub") || word.get(1..4) == Some("tub"))
}

/// The words of a text: runs of letters and digits.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|char: char| !char.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
}

/// Whether a text holds what can spend: an extended private key, a WIF key, a bare 32-byte key, or the words of a
/// seed. It errs to the safe side: a mistyped private key is one too.
pub(super) fn is_private(text: &str) -> bool {
    let seed_words = text
        .split_whitespace()
        .filter(|word| (3..=8).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase()))
        .count();
    seed_words >= 12 || is_bare_secret(text.trim()) || words(text).any(is_private_word)
}

/// 32 bytes in hexadecimal. (Inside a descriptor that is a public key without its sign.)
fn is_bare_secret(text: &str) -> bool {
    let digits = text
        .strip_prefix("0x")
        .or_else(|| text.strip_prefix("0X"))
        .unwrap_or(text);
    digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_private_word(word: &str) -> bool {
    if word.len() > 100 && matches!(word.get(1..4), Some("prv" | "tpv")) {
        return true;
    }
    // WIF: a version, 32 bytes, and a mark when the public key is compressed.
    let is_wif = matches!(word.len(), 51 | 52);
    if !is_wif && !KEY_CHARS.contains(&word.len()) {
        return false;
    }
    let Ok(bytes) = bs58::decode(word).into_vec() else {
        return false;
    };
    let Some((body, check)) = bytes.split_last_chunk::<4>() else {
        return false;
    };
    if is_wif && matches!(body.len(), 33 | 34) {
        return true;
    }
    // The key of a serialised extended key begins with 0 when it is private.
    body.len() == KEY_BYTES && body.get(45) == Some(&0) && {
        let hash = bitcoin::hashes::sha256d::Hash::hash(body);
        hash.as_byte_array().starts_with(check)
    }
}
