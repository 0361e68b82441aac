//! Lists of receive addresses, as a merchant types or pastes them: each is checked, and each that is refused is named with
//! its place and the reason. What can spend is never repeated.

use std::collections::HashMap;
use std::fmt;

use crate::chain::accounts::{Account, holds_private_key};
use crate::chain::ownership;
pub use crate::chain::ownership::OwnershipError;
use crate::domain::address::{Address, AddressError};
use crate::domain::network::Family;
use crate::domain::proof::Proof;
use crate::domain::time::UnixMillis;
use crate::domain::wallet::Way;

/// The most addresses that are added at once.
pub const ADDRESSES_MAX: usize = 100_000;

/// What stands in the place of a text that must not be shown.
pub const HIDDEN: &str = "(not shown)";

/// What is said of a text that can spend.
pub const SECRET: &str = "this is a private key or a secret phrase: never give payd a private key. payd needs the account's \
                          public key only (xpub, zpub, Ltub ... or a descriptor). Whoever saw this text can take the \
                          money: move it to a new wallet if anybody else could read it";

/// Where an address was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A line of a file or a field, from 1.
    Line(usize),
    /// An argument, from 1.
    Argument(usize),
}

impl Place {
    /// Its number, from 1.
    #[must_use]
    pub const fn number(self) -> usize {
        match self {
            Self::Line(number) | Self::Argument(number) => number,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::Argument(number) => write!(f, "address {number}"),
        }
    }
}

/// One text that is meant to be an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it was written.
    pub place: Place,
    /// What was written.
    pub text: String,
    /// The signature beside it, which proves that its key is in the merchant's hands.
    pub signature: Option<String>,
}

/// Why a text is not added.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// No address of the network.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// It can spend.
    #[error("{SECRET}")]
    Secret,
    /// An account's public key.
    #[error(
        "this is an account's public key, not an address: to receive at the addresses of an account, set it with `payd \
         wallet set`"
    )]
    Account,
    /// Written twice.
    #[error("the same address as {0}")]
    Same(Place),
    /// It is another store's.
    #[error("store `{0}` has it already; an address belongs to one store")]
    OfStore(String),
    /// The store receives at it, but not from the pool.
    #[error("this store receives at it in another way ({0}); see `payd wallet list`")]
    OfAnotherWay(Way),
    /// It is in the pool.
    #[error("this store has it already")]
    Known,
    /// Its row is not as payd wrote it.
    #[error("its row in the database was altered from outside; do not use it")]
    Altered,
    /// The signature beside it proves nothing.
    #[error(transparent)]
    Signature(#[from] OwnershipError),
}

/// An address that was refused, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The address as it was written, or [`HIDDEN`].
    pub entry: Entry,
    /// Why it was refused.
    pub reason: Reason,
}

/// Some addresses were refused, so that none was taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Refused {
    /// How many were given.
    pub given: usize,
    /// Those that were refused, in the order they were written.
    pub refusals: Vec<Refusal>,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.refusals.len(), self.given) {
            (1, 1) => f.write_str("nothing was added: the address was refused"),
            (1, given) => write!(f, "nothing was added: 1 of {given} addresses was refused"),
            (refused, given) => write!(
                f,
                "nothing was added: {refused} of {given} addresses were refused"
            ),
        }
    }
}

/// An address that may be added.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Where it was written.
    pub entry: Entry,
    /// The address.
    pub address: Address,
    /// How it was proved to be the merchant's, if it was.
    pub proof: Option<Proof>,
}

/// A line that is not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: not text (UTF-8)")]
pub struct NotText {
    /// Which, from 1.
    pub line: usize,
}

/// The addresses in a text: one a line, and beside it, after a comma, a semicolon or a space, its signature where there
/// is one. Blank lines, what follows a `#`, and a heading (`address,signature`) are skipped.
///
/// # Errors
/// [`NotText`].
pub fn read(bytes: &[u8]) -> Result<Vec<Entry>, NotText> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut entries = Vec::new();
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let number = index.saturating_add(1);
        let line = std::str::from_utf8(line).map_err(|_| NotText { line: number })?;
        let line = line.split('#').next().unwrap_or_default().trim();
        // The words of a seed in one line stay together, so that they are known for what they are.
        let (text, signature) = if can_spend(line) {
            (line, None)
        } else {
            columns(line)
        };
        let is_heading = entries.is_empty() && text.eq_ignore_ascii_case("address");
        if !text.is_empty() && !is_heading {
            entries.push(Entry {
                place: Place::Line(number),
                text: text.to_owned(),
                signature,
            });
        }
    }
    Ok(entries)
}

/// An address and the signature beside it; neither holds the signs that part them.
fn columns(line: &str) -> (&str, Option<String>) {
    let is_quote = |char: char| matches!(char, '"' | '\'');
    let is_between = |char: char| matches!(char, ',' | ';') || char.is_whitespace();
    let Some((address, rest)) = line.split_once(is_between) else {
        return (line.trim_matches(is_quote), None);
    };
    let signature = rest.trim_matches(|char: char| is_between(char) || is_quote(char));
    let signature = (!signature.is_empty()).then(|| signature.to_owned());
    (address.trim_matches(is_quote), signature)
}

/// Checks every entry: a valid address of the network's family, written once. Gives those that are, and why the others
/// are not.
#[must_use]
pub fn check_each(family: Family, entries: Vec<Entry>) -> (Vec<(Entry, Address)>, Vec<Refusal>) {
    let has_seed = has_seed(&entries);
    let mut first_seen: HashMap<Box<[u8]>, Place> = HashMap::with_capacity(entries.len());
    let mut good = Vec::with_capacity(entries.len());
    let mut refusals = Vec::new();
    for entry in entries {
        // Lists that address generators write have the private key in the next column.
        if entry.signature.as_deref().is_some_and(holds_private_key) {
            refusals.push(secret(entry));
            continue;
        }
        let address = match Address::parse(family, &entry.text) {
            Ok(address) => address,
            Err(error) => {
                refusals.push(unreadable(family, entry, error, has_seed));
                continue;
            }
        };
        if let Some(first) = first_seen.get(address.payload()) {
            let reason = Reason::Same(*first);
            refusals.push(Refusal { entry, reason });
            continue;
        }
        first_seen.insert(address.payload().into(), entry.place);
        good.push((entry, address));
    }
    (good, refusals)
}

/// As [`check_each`], all or none.
///
/// # Errors
/// [`Refused`] with all that were refused.
pub fn check(family: Family, entries: Vec<Entry>) -> Result<Vec<(Entry, Address)>, Refused> {
    let given = entries.len();
    let (good, refusals) = check_each(family, entries);
    if refusals.is_empty() {
        Ok(good)
    } else {
        Err(Refused { given, refusals })
    }
}

/// Checks the signature of every entry that has one, made over the text that [`ownership::challenge`] gives for this
/// store. `each` is told of every entry that is done. Gives those that are good, and why the others are not.
#[must_use]
pub fn prove_each(
    family: Family,
    store_name: &str,
    now: UnixMillis,
    checked: Vec<(Entry, Address)>,
    each: impl Fn(),
) -> (Vec<Checked>, Vec<Refusal>) {
    let mut proved = Vec::with_capacity(checked.len());
    let mut refusals = Vec::new();
    for (entry, address) in checked {
        each();
        let proof = entry
            .signature
            .as_deref()
            .map(|signature| ownership::verify_challenge(family, store_name, &address, now, signature));
        match proof.transpose() {
            Ok(proof) => proved.push(Checked {
                entry,
                address,
                proof,
            }),
            Err(error) => refusals.push(Refusal {
                entry,
                reason: error.into(),
            }),
        }
    }
    (proved, refusals)
}

/// As [`prove_each`], all or none.
///
/// # Errors
/// [`Refused`] with all whose signature proves nothing.
pub fn prove(
    family: Family,
    store_name: &str,
    now: UnixMillis,
    checked: Vec<(Entry, Address)>,
    each: impl Fn(),
) -> Result<Vec<Checked>, Refused> {
    let given = checked.len();
    let (proved, refusals) = prove_each(family, store_name, now, checked, each);
    if refusals.is_empty() {
        Ok(proved)
    } else {
        Err(Refused { given, refusals })
    }
}

/// Whether the words of a seed were given as if each were an address.
fn has_seed(entries: &[Entry]) -> bool {
    let texts = entries
        .iter()
        .flat_map(|entry| std::iter::once(&entry.text).chain(&entry.signature));
    let words = texts.flat_map(|text| seed_words(text));
    holds_private_key(&words.collect::<Vec<_>>().join(" "))
}

/// Whether a text can spend, however its words are parted and numbered.
pub(super) fn can_spend(text: &str) -> bool {
    holds_private_key(text) || holds_private_key(&seed_words(text).collect::<Vec<_>>().join(" "))
}

/// What can be words of a seed: `7. Legal,` is `legal`. Addresses and signatures have none.
fn seed_words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|char: char| char.is_whitespace() || matches!(char, ',' | ';' | '|'));
    let words = words.map(|word| word.trim_matches(|char: char| !char.is_ascii_alphabetic()));
    words
        .filter(|word| word.bytes().all(|byte| byte.is_ascii_alphabetic()))
        .map(str::to_ascii_lowercase)
}

/// A text that is no address; one that can spend is not repeated.
fn unreadable(family: Family, entry: Entry, error: AddressError, has_seed: bool) -> Refusal {
    if has_seed || can_spend(&entry.text) {
        return secret(entry);
    }
    let is_account =
        matches!(error, AddressError::Malformed { .. }) && Account::parse(family, &entry.text).is_ok();
    let reason = if is_account { Reason::Account } else { error.into() };
    Refusal { entry, reason }
}

fn secret(entry: Entry) -> Refusal {
    Refusal {
        entry: Entry {
            text: HIDDEN.to_owned(),
            signature: None,
            ..entry
        },
        reason: Reason::Secret,
    }
}

/// Reads one address.
///
/// # Errors
/// [`Reason`], which does not repeat what can spend.
pub fn read_one(family: Family, text: &str) -> Result<Address, Reason> {
    let text = text.trim();
    Address::parse(family, text).map_err(|error| {
        let entry = Entry {
            place: Place::Argument(1),
            text: text.to_owned(),
            signature: None,
        };
        unreadable(family, entry, error, false).reason
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVM: Family = Family::Evm { chain_id: 56 };
    const GOOD: &str = "0x52908400098527886E0F7030069857D2E4169EE7";

    #[test]
    fn a_list_may_have_comments_blank_lines_and_any_line_ends() {
        let file = format!("\u{feff}# mine\r\n\r\n  {GOOD} # till 1\r\n0x1\n");
        let entries = read(file.as_bytes()).unwrap();
        let found: Vec<_> = entries
            .iter()
            .map(|entry| (entry.place, entry.text.as_str()))
            .collect();
        assert_eq!(found, [(Place::Line(3), GOOD), (Place::Line(4), "0x1")]);
    }

    #[test]
    fn a_signature_may_stand_beside_an_address() {
        let file =
            format!("Address,Signature\n{GOOD},0x12\n{GOOD} ; \"ab+/=\" # till\n\"{GOOD}\"\n{GOOD},\n");
        let entries = read(file.as_bytes()).unwrap();
        let found: Vec<_> = entries
            .iter()
            .map(|entry| (entry.text.as_str(), entry.signature.as_deref()))
            .collect();
        assert_eq!(
            found,
            [
                (GOOD, Some("0x12")),
                (GOOD, Some("ab+/=")),
                (GOOD, None),
                (GOOD, None)
            ]
        );
    }

    #[test]
    fn an_address_whose_signature_proves_nothing_is_refused() {
        let entries = read(format!("{GOOD} 0x12\n").as_bytes()).unwrap();
        let checked = check(EVM, entries).unwrap();
        let refused = prove(EVM, "shop", UnixMillis::new(0), checked, || ()).unwrap_err();
        assert!(matches!(
            refused.refusals[0].reason,
            Reason::Signature(OwnershipError::Malformed { .. })
        ));
    }

    #[test]
    fn the_words_of_a_seed_are_known_in_one_line_one_by_one_and_numbered() {
        let words: Vec<&str> = "legal winner thank year wave sausage worth useful legal winner thank yellow"
            .split(' ')
            .collect();
        let numbered: Vec<String> = words
            .iter()
            .zip(1..)
            .map(|(word, n)| format!("{n}. {word}"))
            .collect();
        let dotted: Vec<String> = words
            .iter()
            .zip(1..)
            .map(|(word, n)| format!("{n}.{word}"))
            .collect();
        for text in [
            words.join(" "),
            words.join("\n"),
            words.join(","),
            words.join(" ").to_uppercase(),
            numbered.join("\n"),
            dotted.join("\n"),
            format!("{GOOD} {}", words.join(" ")),
            format!("{GOOD},0x{}", "01".repeat(32)),
        ] {
            let (good, refusals) = check_each(EVM, read(text.as_bytes()).unwrap());
            let said = format!("{good:?}{refusals:?}");
            assert!(
                refusals.iter().all(|refusal| refusal.reason == Reason::Secret),
                "{text}: {said}"
            );
            assert!(
                !refusals.is_empty() && !said.contains("sausage"),
                "{text}: {said}"
            );
        }
    }

    #[test]
    fn a_long_list_with_one_mistake_is_not_taken_for_a_seed() {
        let lines = (0..500_u32).map(|n| format!("0x{}", hex::encode(sha3(n))));
        let text = format!("{}\nmistake\n", lines.collect::<Vec<_>>().join("\n"));
        let (good, refusals) = check_each(EVM, read(text.as_bytes()).unwrap());
        assert_eq!((good.len(), refusals.len()), (500, 1));
        assert!(matches!(refusals[0].reason, Reason::Address(_)));
    }

    fn sha3(n: u32) -> [u8; 20] {
        use sha3::Digest as _;
        let hash = sha3::Keccak256::digest(n.to_be_bytes());
        std::array::from_fn(|index| hash[index])
    }

    #[test]
    fn an_accounts_key_among_addresses_is_told_for_what_it_is() {
        let xpub = "xpub6D4BDPcP2GT577Vvch3R8wDkScZWzQzMMUm3PWbmWvVJrZwQY4VUNgqFJPMM3No2dFDFGTsxxpG5uJh7n7epu4trkrX7x7DogT5Uv6fcLW5";
        assert_eq!(read_one(EVM, xpub).unwrap_err(), Reason::Account);
    }
}
