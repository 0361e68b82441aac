//! Block headers of Bitcoin-like chains: 80 bytes, and the hashes that name blocks and transactions.
//!
//! Knows the layout, not the rules: [`super::work`] judges the proof of work.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};
use sha2::{Digest, Sha256};

use crate::chain::digits;

/// The size of a header in bytes.
pub const HEADER_BYTES: usize = 80;

/// The name of a block or a transaction: a double SHA-256, in the order in which it is hashed. Written and read in
/// the opposite order, as explorers do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// No block: what the first block names as its parent.
    pub const ZERO: Self = Self([0; 32]);

    /// The double SHA-256 of `parts`, one after the other.
    #[must_use]
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        Self(Sha256::digest(hasher.finalize()).into())
    }

    /// Reads 64 hexadecimal digits as explorers write them.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        digits::decode_into(text, &mut bytes)?;
        bytes.reverse();
        Some(Self(bytes))
    }

    /// The hash as a number, most significant byte first: what is compared with a target.
    #[must_use]
    pub fn reversed(&self) -> [u8; 32] {
        let mut bytes = self.0;
        bytes.reverse();
        bytes
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.reversed()))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Digits;
        impl Visitor<'_> for Digits {
            type Value = Hash;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("64 hexadecimal digits")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Hash, E> {
                Hash::parse(text).ok_or_else(|| E::custom("not 64 hexadecimal digits"))
            }
        }
        deserializer.deserialize_str(Digits)
    }
}

/// A header as it is hashed. Nothing of it is verified.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RawHeader([u8; HEADER_BYTES]);

impl RawHeader {
    /// Takes exactly 80 bytes.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Reads exactly 160 hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; HEADER_BYTES];
        digits::decode_into(text, &mut bytes)?;
        Some(Self(bytes))
    }

    /// Puts a header together from its fields.
    #[must_use]
    pub fn from_fields(
        version: i32,
        parent: Hash,
        merkle_root: Hash,
        time_s: u32,
        bits: u32,
        nonce: u32,
    ) -> Self {
        let mut bytes = Vec::with_capacity(HEADER_BYTES);
        bytes.extend_from_slice(&version.to_le_bytes());
        bytes.extend_from_slice(&parent.0);
        bytes.extend_from_slice(&merkle_root.0);
        for field in [time_s, bits, nonce] {
            bytes.extend_from_slice(&field.to_le_bytes());
        }
        Self(bytes.try_into().unwrap_or([0; HEADER_BYTES]))
    }

    /// The bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; HEADER_BYTES] {
        &self.0
    }

    /// The block's name.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(&[&self.0])
    }

    /// The name of the block below.
    #[must_use]
    pub fn parent(&self) -> Hash {
        Hash(self.field(4))
    }

    /// The root of the tree of the block's transactions.
    #[must_use]
    pub fn merkle_root(&self) -> Hash {
        Hash(self.field(36))
    }

    /// When the block was made by its maker's clock, in seconds since 1970. May be two hours ahead, and less than
    /// the parent's.
    #[must_use]
    pub fn time_s(&self) -> u32 {
        u32::from_le_bytes(self.field(68))
    }

    /// The target of the proof of work in its short form.
    #[must_use]
    pub fn bits(&self) -> u32 {
        u32::from_le_bytes(self.field(72))
    }

    fn field<const N: usize>(&self, at: usize) -> [u8; N] {
        // Every field lies within the header: there is always a chunk.
        let field = self.0.get(at..).and_then(|rest| rest.first_chunk::<N>());
        field.copied().unwrap_or([0; N])
    }
}

impl fmt::Debug for RawHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}
