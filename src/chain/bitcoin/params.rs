//! What the chains of Bitcoin and Litecoin have fixed: first blocks, limits of the proof of work, the largest amounts.

use scrypt::Params;

use super::header::{Hash, RawHeader};
use crate::domain::network::Bip;

/// A Bitcoin-like coin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coin {
    /// Bitcoin: double SHA-256 as its proof of work.
    Bitcoin,
    /// Litecoin: scrypt as its proof of work, MWEB extension blocks.
    Litecoin,
}

/// The rules of one chain, as far as a header or block is judged by them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainRules {
    /// The coin.
    pub coin: Coin,
    /// The chain.
    pub bip: Bip,
}

/// Blocks between two changes of the difficulty, on both coins.
pub const RETARGET_INTERVAL: u64 = 2016;

impl ChainRules {
    /// The hashes that the first block may have: [`Bip::Testnet`] stands for several chains.
    #[must_use]
    pub const fn genesis(self) -> &'static [&'static str] {
        match (self.coin, self.bip) {
            (Coin::Bitcoin, Bip::Mainnet) => {
                &["000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"]
            }
            // testnet3, testnet4, signet
            (Coin::Bitcoin, Bip::Testnet) => &[
                "000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943",
                "00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043",
                "00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6",
            ],
            (Coin::Bitcoin, Bip::Regtest) => {
                &["0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206"]
            }
            (Coin::Litecoin, Bip::Mainnet) => {
                &["12a765e31ffd4059bada1e25190f6e98c99d9714d334efa41a195a7e7e04bfe2"]
            }
            (Coin::Litecoin, Bip::Testnet) => {
                &["4966625a4b2851d9fdee139e56211a0d88575f59ed816ff5e6a63deb4e3e29a0"]
            }
            (Coin::Litecoin, Bip::Regtest) => {
                &["530827f38f93b43ed12af0b3ad25a288dc02ed74d6d7857862df51fc56c416f9"]
            }
        }
    }

    /// The easiest target there is on this chain, in its short form.
    #[must_use]
    pub const fn easiest_bits(self) -> u32 {
        match (self.coin, self.bip) {
            (Coin::Bitcoin, Bip::Mainnet) => 0x1d00_ffff,
            // signet's; testnet's own is harder
            (Coin::Bitcoin, Bip::Testnet) => 0x1e03_77ae,
            (Coin::Litecoin, Bip::Mainnet | Bip::Testnet) => 0x1e0f_ffff,
            (Coin::Bitcoin | Coin::Litecoin, Bip::Regtest) => 0x207f_ffff,
        }
    }

    /// From this height on, no block was ever as easy as this target: a height years in the past and a difficulty
    /// far below any since. What keeps a provider from making up a cheap chain of its own for a payd that reads its
    /// first block and knows no difficulty yet.
    #[must_use]
    pub const fn floor(self) -> Option<(u64, u32)> {
        match (self.coin, self.bip) {
            // Difficulty 1.1e12, a hundredth of today's; 1.8e13 at that height.
            (Coin::Bitcoin, Bip::Mainnet) => Some((700_000, 0x1800_ffff)),
            // Difficulty 1.0e6, a fiftieth of today's; 1.0e7 and more since that height.
            (Coin::Litecoin, Bip::Mainnet) => Some((2_300_000, 0x1b00_0fff)),
            (Coin::Bitcoin | Coin::Litecoin, Bip::Testnet | Bip::Regtest) => None,
        }
    }

    /// Whether the difficulty follows from the blocks before. Test chains let anyone make easy blocks.
    #[must_use]
    pub const fn is_retargeted(self) -> bool {
        matches!(self.bip, Bip::Mainnet)
    }

    /// From this height on, a block's first input begins with the block's height (BIP-34).
    #[must_use]
    pub const fn height_in_coinbase_from(self) -> u64 {
        match (self.coin, self.bip) {
            (Coin::Bitcoin, Bip::Mainnet) => 227_931,
            (Coin::Bitcoin, Bip::Testnet) => 21_111,
            (Coin::Litecoin, Bip::Mainnet) => 710_000,
            (Coin::Litecoin, Bip::Testnet) => 76,
            (Coin::Bitcoin | Coin::Litecoin, Bip::Regtest) => 1,
        }
    }

    /// The hash of a header that its target is compared with.
    #[must_use]
    pub fn work_hash(self, header: &RawHeader) -> Hash {
        match self.coin {
            Coin::Bitcoin => header.hash(),
            Coin::Litecoin => {
                // N = 1024, r = 1, p = 1; the header is password and salt. Parameters and length are fixed: no error
                // can come, and the hash it would leave meets no target.
                let mut hash = [u8::MAX; 32];
                let header = header.bytes();
                let _ = Params::new(10, 1, 1, hash.len())
                    .map_err(drop)
                    .and_then(|params| scrypt::scrypt(header, header, &params, &mut hash).map_err(drop));
                Hash(hash)
            }
        }
    }
}

/// More than there will ever be of either coin, in their smallest units.
pub const AMOUNT_MAX: u64 = 84_000_000 * 100_000_000;
