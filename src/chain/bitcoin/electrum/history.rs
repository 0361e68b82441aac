//! Histories of script hashes and the statuses that stand for them.
//!
//! The protocol's special heights exist only here: 0 and -1 mean that a transaction waits for its block.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use sha2::{Digest, Sha256};

use crate::chain::bitcoin::header::Hash;

/// The name of an output script: its SHA-256, written in the opposite order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ScriptHash([u8; 32]);

impl ScriptHash {
    pub(super) fn of(script: &[u8]) -> Self {
        Self(Sha256::digest(script).into())
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        Hash::parse(text).map(|hash| Self(hash.0))
    }
}

impl fmt::Display for ScriptHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Hash(self.0).fmt(f)
    }
}

impl fmt::Debug for ScriptHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// What a server says that a history comes to: a hash over all of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Status([u8; 32]);

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl Status {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// The status of a history, by the protocol's rule; `None` for none.
    pub(super) fn of(history: &[Entry]) -> Option<Self> {
        if history.is_empty() {
            return None;
        }
        let mut hasher = Sha256::new();
        for entry in history {
            hasher.update(format!("{}:{}:", entry.txid, entry.height.to_wire()));
        }
        Some(Self(hasher.finalize().into()))
    }
}

/// Where a transaction is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Place {
    /// In the block of this height.
    Block(u64),
    /// In the mempool.
    Mempool,
    /// In the mempool, spending what is there too.
    MempoolOnMempool,
}

impl Place {
    fn from_wire(height: i64) -> Option<Self> {
        match height {
            -1 => Some(Self::MempoolOnMempool),
            0 => Some(Self::Mempool),
            height => u64::try_from(height).ok().map(Self::Block),
        }
    }

    fn to_wire(self) -> i64 {
        match self {
            Self::MempoolOnMempool => -1,
            Self::Mempool => 0,
            Self::Block(height) => i64::try_from(height).unwrap_or(i64::MAX),
        }
    }

    /// The height of its block.
    pub(super) const fn height(self) -> Option<u64> {
        match self {
            Self::Block(height) => Some(height),
            Self::Mempool | Self::MempoolOnMempool => None,
        }
    }
}

/// One transaction that pays or spends from a script.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
pub(super) struct Entry {
    #[serde(rename = "tx_hash")]
    pub(super) txid: Hash,
    #[serde(deserialize_with = "place")]
    pub(super) height: Place,
}

fn place<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Place, D::Error> {
    let height = i64::deserialize(deserializer)?;
    Place::from_wire(height).ok_or_else(|| D::Error::custom("no height"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_a_hash_over_every_transaction_and_its_height() {
        let history: Vec<Entry> = serde_json::from_str(
            r#"[{"tx_hash":"58964f6dc0821df206d1237f843e26f68de882e02b99d0bb78493883798f7b1a","height":0,"fee":1000}]"#,
        )
        .unwrap();
        let recorded = "71c6d490f55a8cfb87bfa21782a4fe606d843ec4d67940602cbba0e417af3d33";
        assert_eq!(Status::of(&history), Status::parse(recorded));
        assert_eq!(Status::of(&[]), None);
        let mined = [Entry {
            height: Place::Block(112),
            ..history[0]
        }];
        let recorded = "6460f8709ef36119ba574f0683287dd471895e2c3156d291f026916622cbba05";
        assert_eq!(Status::of(&mined), Status::parse(recorded));
        for height in ["-2", "1.5", "\"1\"", "null"] {
            let text = format!(r#"{{"tx_hash":"{}","height":{height}}}"#, history[0].txid);
            assert!(serde_json::from_str::<Entry>(&text).is_err(), "{height}");
        }
    }
}
