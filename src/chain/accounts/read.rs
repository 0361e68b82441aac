//! From what a merchant pastes to an account: the checks, and the assumptions, each said.

use bitcoin::bip32::ChildNumber;
use miniscript::ForEachKey as _;
use miniscript::descriptor::{Descriptor, DescriptorPublicKey, Wildcard, checksum};

use super::slip132::{self, Form, PlainKey};
use super::{Account, AccountError, Keys};
use crate::domain::network::Family;

/// Longer than a wallet of fifteen keys with their origins.
const TEXT_BYTES_MAX: usize = 8192;
const HARDENED: u32 = 1 << 31;

pub(super) fn account(family: Family, text: &str) -> Result<Account, AccountError> {
    let text = text.trim();
    if text.len() > TEXT_BYTES_MAX {
        return Err(AccountError::NotAnAccount);
    }
    if slip132::is_private(text) {
        return Err(AccountError::PrivateKey);
    }
    let text = checksum::verify_checksum(text).map_err(|_| AccountError::Checksum)?;
    match family {
        Family::Bitcoin(_) | Family::Litecoin(_) => scripts(family, text),
        Family::Evm { .. } | Family::Tron => accounts(family, text),
    }
}

fn scripts(family: Family, text: &str) -> Result<Account, AccountError> {
    let mut remarks = Vec::new();
    let descriptor = if text.contains('(') {
        plain_descriptor(family, text, &mut remarks)?
    } else {
        let bare = Bare::read(family, text)?;
        let form = bare.form(family, &mut remarks)?;
        let key = bare.with_path(family, &mut remarks)?;
        match form {
            Form::KeyHash => format!("pkh({key})"),
            Form::NestedSegwit => format!("sh(wpkh({key}))"),
            Form::Segwit => format!("wpkh({key})"),
            Form::Taproot => format!("tr({key})"),
            Form::Multisig => {
                return Err(AccountError::Multisig {
                    key: bare.key.prefix.word,
                });
            }
        }
    };
    let descriptor: Descriptor<DescriptorPublicKey> =
        descriptor.parse().map_err(|_| AccountError::NotAnAccount)?;
    descriptor.sanity_check().map_err(|_| AccountError::Unpayable)?;
    let descriptor = descriptor
        .into_single_descriptors()
        .map_err(|_| AccountError::NotAnAccount)?
        .into_iter()
        .next()
        .ok_or(AccountError::NotAnAccount)?;
    if descriptor.for_any_key(is_hardened) {
        return Err(AccountError::Hardened);
    }
    if !descriptor.has_wildcard() {
        return Err(AccountError::NoWildcard);
    }
    if descriptor.for_any_key(is_change) {
        remarks.push(CHANGE.to_owned());
    }
    let account = Account {
        family,
        canonical: descriptor.to_string(),
        keys: Keys::Scripts(Box::new(descriptor)),
        remarks,
    };
    account.address(0)?;
    Ok(account)
}

const CHANGE: &str = "its path ends in /1/*, which wallets use for change; their receive chain is /0/*. Make sure that \
                      your wallet looks for payments there";

/// A descriptor with every extended key in the prefix that all software reads.
fn plain_descriptor(family: Family, text: &str, remarks: &mut Vec<String>) -> Result<String, AccountError> {
    let mut plain = text.to_owned();
    for word in slip132::words(text).filter(|word| slip132::looks_like_a_key(word)) {
        let key = slip132::read(family, word)?;
        if key.text != word {
            plain = plain.replace(word, &key.text);
            remarks.push(format!(
                "the {} in the descriptor was taken as the key that it is; the descriptor says the kind of address",
                key.prefix.word
            ));
        }
    }
    Ok(plain)
}

fn accounts(family: Family, text: &str) -> Result<Account, AccountError> {
    if text.contains('(') {
        return Err(AccountError::NoDescriptors);
    }
    let mut remarks = Vec::new();
    let key = Bare::read(family, text)?.with_path(family, &mut remarks)?;
    let key: DescriptorPublicKey = key.parse().map_err(|_| AccountError::NotAnAccount)?;
    let key = key
        .into_single_keys()
        .into_iter()
        .next()
        .ok_or(AccountError::NotAnAccount)?;
    if is_hardened(&key) {
        return Err(AccountError::Hardened);
    }
    if !key.has_wildcard() {
        return Err(AccountError::NoWildcard);
    }
    if is_change(&key) {
        remarks.push(CHANGE.to_owned());
    }
    let account = Account {
        family,
        canonical: key.to_string(),
        keys: Keys::Accounts(Box::new(key)),
        remarks,
    };
    account.address(0)?;
    Ok(account)
}

fn is_hardened(key: &DescriptorPublicKey) -> bool {
    key.has_hardened_step() || key.wildcard() == Some(Wildcard::Hardened)
}

fn is_change(key: &DescriptorPublicKey) -> bool {
    match key {
        DescriptorPublicKey::XPub(key) => {
            key.wildcard != Wildcard::None
                && key.derivation_path.as_ref().last() == Some(&ChildNumber::Normal { index: 1 })
        }
        DescriptorPublicKey::Single(_) | DescriptorPublicKey::MultiXPub(_) => false,
    }
}

/// An extended key that stands alone: with its origin before it and a path behind it, if they are there.
struct Bare<'a> {
    origin: &'a str,
    key: PlainKey,
    path: &'a str,
}

impl<'a> Bare<'a> {
    fn read(family: Family, text: &'a str) -> Result<Self, AccountError> {
        let (origin, rest) = match text.find(']') {
            Some(end) => text
                .split_at_checked(end.saturating_add(1))
                .ok_or(AccountError::NotAnAccount)?,
            None => ("", text),
        };
        let (key, path) = match rest.find('/') {
            Some(at) => rest.split_at_checked(at).ok_or(AccountError::NotAnAccount)?,
            None => (rest, ""),
        };
        Ok(Self {
            origin,
            key: slip132::read(family, key)?,
            path,
        })
    }

    /// The key with the path to its addresses, as in a descriptor.
    fn with_path(&self, family: Family, remarks: &mut Vec<String>) -> Result<String, AccountError> {
        let path = if self.path.is_empty() {
            self.usual_path(family, remarks)?
        } else {
            self.path
        };
        Ok(format!("{}{}{path}", self.origin, self.key.text))
    }

    fn usual_path(&self, family: Family, remarks: &mut Vec<String>) -> Result<&'static str, AccountError> {
        let is_bitcoin_like = matches!(family, Family::Bitcoin(_) | Family::Litecoin(_));
        match (self.key.depth, self.key.child_number) {
            (3, _) => {
                remarks.push(
                    "taken as an account's key: payments get its addresses 0/0, 0/1, 0/2 ...".to_owned(),
                );
                Ok("/0/*")
            }
            (4, 0) => {
                remarks.push(
                    "taken as the key of an account's external chain: payments get its addresses 0, 1, 2 ..."
                        .to_owned(),
                );
                Ok("/*")
            }
            (4, 1..HARDENED) => Err(AccountError::ChangeChain),
            // Wallets with a seed of their own kind: the account is the master key or its first child.
            (0, _) | (1, HARDENED) if is_bitcoin_like => {
                remarks.push(
                    "taken as a wallet's own key: payments get its addresses 0/0, 0/1, 0/2 ...".to_owned(),
                );
                Ok("/0/*")
            }
            (depth, _) => Err(AccountError::Depth {
                depth,
                example: if is_bitcoin_like {
                    "zpub.../0/*"
                } else {
                    "xpub.../0/*"
                },
            }),
        }
    }

    /// The kind of address: what the prefix says, or, for a plain xpub, the purpose of its origin.
    fn form(&self, family: Family, remarks: &mut Vec<String>) -> Result<Form, AccountError> {
        let prefix = self.key.prefix;
        if matches!(family, Family::Litecoin(_)) && !prefix.is_litecoin() && prefix.form != Form::Multisig {
            remarks.push(format!(
                "{} is how bitcoin writes account keys; it was taken as a litecoin account because many litecoin \
                 wallets write them so. Make sure that it was copied from a litecoin wallet",
                prefix.word
            ));
        }
        let purpose = self.purpose();
        match (prefix.is_plain(), purpose) {
            (true, Some(form)) => Ok(form),
            (true, None) => {
                remarks.push(format!(
                    "{} alone stands for addresses of the old kind (pay to public key hash). If your wallet shows \
                     others, give its descriptor instead, such as wpkh({}.../0/*)",
                    prefix.word, prefix.word
                ));
                Ok(Form::KeyHash)
            }
            (false, _) => Ok(prefix.form),
        }
    }

    /// BIP-44, -49, -84 and -86: the first step below the master key.
    fn purpose(&self) -> Option<Form> {
        let path = self.origin.split('/').nth(1)?;
        match path.trim_end_matches(['\'', 'h', 'H', ']']) {
            "44" => Some(Form::KeyHash),
            "49" => Some(Form::NestedSegwit),
            "84" => Some(Form::Segwit),
            "86" => Some(Form::Taproot),
            _ => None,
        }
    }
}
