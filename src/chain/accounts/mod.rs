//! Watch-only accounts: from an account's public key to the addresses of its receive chain, on every family of
//! networks.
//!
//! Never holds a private key: a text with one in it is refused, and no error repeats a text.

mod read;
mod slip132;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use bitcoin::secp256k1::{Secp256k1, VerifyOnly};
use miniscript::descriptor::{Descriptor, DescriptorPublicKey};
use sha3::{Digest as _, Keccak256};

use crate::domain::address::Address;
use crate::domain::network::Family;

/// The number of children that a key has without its private half (BIP-32).
const CHILDREN: u32 = 1 << 31;

/// An account's public side, checked: it has an address for every index.
#[derive(Clone)]
pub struct Account {
    family: Family,
    keys: Keys,
    canonical: String,
    remarks: Vec<String>,
}

/// What addresses are made of.
#[derive(Clone)]
enum Keys {
    /// Output scripts of Bitcoin-like networks: the receive chain alone.
    Scripts(Box<Descriptor<DescriptorPublicKey>>),
    /// Accounts of EVM chains and TRON: an extended public key with one wildcard.
    Accounts(Box<DescriptorPublicKey>),
}

/// Why a text is not an account that payd can receive with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// It can spend. The text must not be shown again.
    #[error(
        "this is a private key or a secret phrase: never give payd a private key. payd needs the account's public \
         key only (xpub, zpub, Ltub ... or a descriptor). Whoever saw this text can take the money: move it to a \
         new wallet if anybody else could read it"
    )]
    PrivateKey,
    /// Its checksum does not hold: a typing mistake.
    #[error("checksum does not hold; copy the account key again, whole")]
    Checksum,
    /// A key of another network.
    #[error("{key} keys belong to {found}; this network is {wanted}")]
    WrongNetwork {
        /// Its prefix.
        key: &'static str,
        /// Where it belongs.
        found: &'static str,
        /// What is wanted here.
        wanted: &'static str,
    },
    /// An extended public key of a kind that is not known.
    #[error(
        "the prefix of this extended key is not known; known are xpub ypub zpub tpub upub vpub Ltub Mtub ttub"
    )]
    UnknownPrefix,
    /// One key of a wallet of several.
    #[error(
        "this {key} key is one of a wallet with several; give the wallet's whole descriptor, wsh(sortedmulti(...))"
    )]
    Multisig {
        /// Its prefix.
        key: &'static str,
    },
    /// The key is not that of an account, so that the path to its addresses must be said.
    #[error(
        "this key is {depth} steps below its master key, which is no account (3 steps) and no external chain (4 \
         steps); say the path to its addresses behind it, such as {example}"
    )]
    Depth {
        /// How deep it is.
        depth: u8,
        /// How it could be written.
        example: &'static str,
    },
    /// The chain that wallets keep for change.
    #[error(
        "this key is that of a chain for change; give the account's key, or that of its external chain (0)"
    )]
    ChangeChain,
    /// Steps that take the private key.
    #[error(
        "hardened steps (' or h) behind the key take the private key, which payd never has; give the public key \
         below them"
    )]
    Hardened,
    /// Every payment would get the same address.
    #[error("there is no /* in it, so that it stands for one address only; a receive chain ends in /0/*")]
    NoWildcard,
    /// Scripts without an address, or such as are unsafe to pay to.
    #[error(
        "this descriptor has no address that is safe to pay to; known forms are pkh, wpkh, sh(wpkh), tr, \
         wsh(sortedmulti(...)), sh(sortedmulti(...))"
    )]
    Unpayable,
    /// Nothing that could be read.
    #[error(
        "not an account key: give an extended public key (xpub..., zpub..., Ltub...) or an output descriptor, such \
         as wpkh([fingerprint/84h/0h/0h]xpub.../0/*)"
    )]
    NotAnAccount,
    /// A descriptor for a network whose addresses are no scripts.
    #[error("descriptors are for Bitcoin-like networks; here give the account's xpub, or xpub.../0/*")]
    NoDescriptors,
    /// A receive chain ends.
    #[error("address {index} is beyond the end of a chain; the last is 2147483647")]
    Index {
        /// The index that was asked for.
        index: u32,
    },
}

impl Account {
    /// Reads an account of a network of `family`.
    ///
    /// Bitcoin-like networks take an extended public key (BIP-32 with the prefixes of SLIP-132) or an output
    /// descriptor with `/*`, or with `/<0;1>/*`, of which the first is the receive chain (BIP-389). EVM chains and
    /// TRON take an xpub.
    ///
    /// Where an extended key stands alone, its depth says how its addresses are reached: a key three steps below
    /// the master key is an account, whose addresses are its children `0/i`; one four steps below, number 0, is an
    /// external chain, whose addresses are its children `i`. Any other path is written behind the key, as in a
    /// descriptor: `xpub.../0/*`, `xpub.../*`. A key origin before it, `[d34db33f/84h/0h/0h]xpub...`, is kept, and
    /// its purpose says which kind of address an xpub is for.
    ///
    /// # Errors
    /// [`AccountError`], which never repeats the text.
    pub fn parse(family: Family, text: &str) -> Result<Self, AccountError> {
        read::account(family, text)
    }

    /// The account in its one text, which [`Self::parse`] reads to the same account: a descriptor of the receive
    /// chain with its checksum (BIP-380), or `xpub.../0/*` on EVM chains and TRON.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// What was assumed that the text does not say; for the merchant to read.
    #[must_use]
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// The fingerprint of the master key that its first key is from, as wallets show it; of that key itself where its
    /// origin was not given (BIP-32).
    #[must_use]
    pub fn fingerprint(&self) -> String {
        match &self.keys {
            Keys::Scripts(descriptor) => {
                let first = descriptor.iter_pk().next();
                first.map_or_else(String::new, |key| key.master_fingerprint().to_string())
            }
            Keys::Accounts(key) => key.master_fingerprint().to_string(),
        }
    }

    /// The receive address number `index`.
    ///
    /// # Errors
    /// [`AccountError::Index`] beyond the end of the chain.
    pub fn address(&self, index: u32) -> Result<Address, AccountError> {
        if index >= CHILDREN {
            return Err(AccountError::Index { index });
        }
        match &self.keys {
            Keys::Scripts(descriptor) => {
                let derived = descriptor
                    .derived_descriptor(curve(), index)
                    .map_err(|_| AccountError::Unpayable)?;
                Address::from_script(self.family, derived.script_pubkey().as_bytes())
                    .ok_or(AccountError::Unpayable)
            }
            Keys::Accounts(key) => {
                let child = DescriptorPublicKey::clone(key)
                    .at_derivation_index(index)
                    .map_err(|_| AccountError::Unpayable)?;
                let account = account_of(&child.derive_public_key(curve()).inner);
                Ok(match self.family {
                    Family::Tron => Address::from_tron_account(account),
                    Family::Evm { .. } | Family::Bitcoin(_) | Family::Litecoin(_) => {
                        Address::from_evm_account(account)
                    }
                })
            }
        }
    }

    /// The first `count` receive addresses, to be compared with those that the merchant's wallet shows.
    ///
    /// # Errors
    /// As [`Self::address`].
    pub fn first(&self, count: u32) -> Result<Vec<Address>, AccountError> {
        (0..count).map(|index| self.address(index)).collect()
    }
}

/// Whether a text holds what can spend: a private key of any kind, or the words of a seed. Such a text must not be shown
/// again, nor written anywhere.
#[must_use]
pub fn holds_private_key(text: &str) -> bool {
    slip132::is_private(text.trim())
}

/// The 20-byte account of a public key: the end of the hash of its two coordinates.
pub(super) fn account_of(key: &bitcoin::secp256k1::PublicKey) -> [u8; 20] {
    let [_, coordinates @ ..] = key.serialize_uncompressed();
    let hash: [u8; 32] = Keccak256::digest(coordinates).into();
    let [_, _, _, _, _, _, _, _, _, _, _, _, account @ ..] = hash;
    account
}

/// The curve's tables, made once.
pub(super) fn curve() -> &'static Secp256k1<VerifyOnly> {
    static CURVE: OnceLock<Secp256k1<VerifyOnly>> = OnceLock::new();
    CURVE.get_or_init(Secp256k1::verification_only)
}
