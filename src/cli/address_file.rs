//! Lists of receive addresses, from arguments or a file: each is checked, and each that is refused is named with
//! its place and the reason.

use std::collections::HashMap;
use std::fmt;
use std::io::Read;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use crate::chain::accounts::{AccountError, holds_private_key};
use crate::chain::ownership;
use crate::domain::address::{Address, AddressError};
use crate::domain::network::Family;
use crate::domain::proof::Proof;
use crate::domain::time::UnixMillis;

const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// The most addresses one command takes.
pub const ADDRESSES_MAX: usize = 100_000;
/// Refusals shown to people; `--json` has all.
const SHOWN_MAX: usize = 40;

/// Where an address was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A line of a file, from 1.
    Line(usize),
    /// An argument, from 1.
    Argument(usize),
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

/// An address that was refused, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The address as it was written.
    pub entry: Entry,
    /// Why it was refused.
    pub reason: String,
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
        f.write_str(&self.headline())?;
        for refusal in self.refusals.iter().take(SHOWN_MAX) {
            let Refusal { entry, reason } = refusal;
            write!(f, "\n  {}: {}: {reason}", entry.place, short(&entry.text))?;
        }
        if let Some(hidden @ 1..) = self.refusals.len().checked_sub(SHOWN_MAX) {
            write!(f, "\n  and {hidden} more")?;
        }
        f.write_str("\nCorrect or remove what was refused and run the command again.")
    }
}

impl Refused {
    fn headline(&self) -> String {
        match (self.refusals.len(), self.given) {
            (1, 1) => "nothing was added: the address was refused".to_owned(),
            (1, given) => format!("nothing was added: 1 of {given} addresses was refused"),
            (refused, given) => format!("nothing was added: {refused} of {given} addresses were refused"),
        }
    }

    /// The error with all its refusals, as JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let refusals = self
            .refusals
            .iter()
            .map(|Refusal { entry, reason }| match entry.place {
                Place::Line(line) => json!({ "line": line, "address": entry.text, "reason": reason }),
                Place::Argument(number) => {
                    json!({ "argument": number, "address": entry.text, "reason": reason })
                }
            });
        json!({ "error": self.headline(), "refused": refusals.collect::<Vec<_>>() })
    }
}

/// What was written, short enough for a line and without control characters.
fn short(text: &str) -> String {
    let shown: String = text.chars().take(100).collect();
    let shown = super::output::printable(&shown);
    if shown.len() < text.len() {
        format!("{shown}...")
    } else {
        shown
    }
}

/// The addresses given as arguments.
pub fn from_arguments(texts: &[String]) -> Vec<Entry> {
    let entry = |(index, text): (usize, &String)| Entry {
        place: Place::Argument(index.saturating_add(1)),
        text: text.trim().to_owned(),
        signature: None,
    };
    texts.iter().enumerate().map(entry).collect()
}

/// The addresses in a file: one a line, and beside it, after a comma, a semicolon or a space, its signature where there
/// is one. Blank lines, what follows a `#`, and a heading (`address,signature`) are skipped.
///
/// # Errors
/// When the file cannot be read, is too large, or is not text.
pub fn from_reader(reader: impl Read, name: &str) -> anyhow::Result<Vec<Entry>> {
    let mut bytes = Vec::new();
    let limit = FILE_BYTES_MAX.saturating_add(1);
    let read = reader.take(limit).read_to_end(&mut bytes);
    read.with_context(|| format!("cannot read {name}"))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > FILE_BYTES_MAX) {
        bail!("{name} is larger than 16 MiB; split it into several files");
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut entries = Vec::new();
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line_number = index.saturating_add(1);
        let line = std::str::from_utf8(line)
            .map_err(|_| anyhow::anyhow!("{name}, line {line_number}: not text (UTF-8)"))?;
        let text = line.split('#').next().unwrap_or_default().trim();
        let (text, signature) = columns(text);
        let is_heading = entries.is_empty() && text.eq_ignore_ascii_case("address");
        if !text.is_empty() && !is_heading {
            entries.push(Entry {
                place: Place::Line(line_number),
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

/// Checks the signature of every entry that has one, made over the text that [`ownership::challenge`] gives for this
/// store. `each` is told of every entry that is done.
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
    let mut proved = Vec::with_capacity(given);
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
                reason: error.to_string(),
            }),
        }
    }
    if refusals.is_empty() {
        Ok(proved)
    } else {
        Err(Refused { given, refusals })
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

/// Checks every entry: a valid address of the network's family, written once.
///
/// # Errors
/// [`Refused`] with all that were refused.
pub fn check(family: Family, entries: Vec<Entry>) -> Result<Vec<(Entry, Address)>, Refused> {
    let given = entries.len();
    let has_seed = has_seed(&entries);
    let mut first_seen: HashMap<Box<[u8]>, Place> = HashMap::with_capacity(given);
    let mut good = Vec::with_capacity(given);
    let mut refusals = Vec::new();
    for entry in entries {
        let address = match Address::parse(family, &entry.text) {
            Ok(address) => address,
            Err(error) => {
                refusals.push(unreadable(entry, &error, has_seed));
                continue;
            }
        };
        if let Some(first) = first_seen.get(address.payload()) {
            let reason = format!("the same address as {first}");
            refusals.push(Refusal { entry, reason });
            continue;
        }
        first_seen.insert(address.payload().into(), entry.place);
        good.push((entry, address));
    }
    if refusals.is_empty() {
        Ok(good)
    } else {
        Err(Refused { given, refusals })
    }
}

/// What stands in the place of a text that must not be shown.
const HIDDEN: &str = "(not shown)";

/// Whether the words of a seed were given as if each were an address.
fn has_seed(entries: &[Entry]) -> bool {
    let words = entries.iter().map(|entry| entry.text.as_str());
    // Addresses are longer than the words of a seed.
    let words: Vec<&str> = words.filter(|word| word.len() <= 8).collect();
    holds_private_key(&words.join(" "))
}

/// A text that is no address; one that can spend is not repeated.
fn unreadable(entry: Entry, error: &AddressError, has_seed: bool) -> Refusal {
    if !has_seed && !holds_private_key(&entry.text) {
        let reason = error.to_string();
        return Refusal { entry, reason };
    }
    Refusal {
        entry: Entry {
            text: HIDDEN.to_owned(),
            signature: None,
            ..entry
        },
        reason: AccountError::PrivateKey.to_string(),
    }
}

/// Reads one address that was given as an argument.
///
/// # Errors
/// A text that names what was given, unless that can spend.
pub fn address(family: Family, text: &str) -> anyhow::Result<Address> {
    let text = text.trim();
    Address::parse(family, text).or_else(|error| {
        if holds_private_key(text) {
            bail!(AccountError::PrivateKey);
        }
        bail!("{}: {error}", super::output::printable(text))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVM: Family = Family::Evm { chain_id: 56 };
    const GOOD: &str = "0x52908400098527886E0F7030069857D2E4169EE7";

    #[test]
    fn a_file_may_have_comments_blank_lines_and_any_line_ends() {
        let file = format!("\u{feff}# mine\r\n\r\n  {GOOD} # till 1\r\n0x1\n");
        let entries = from_reader(file.as_bytes(), "list").unwrap();
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
        let entries = from_reader(file.as_bytes(), "list").unwrap();
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
        let entries = from_reader(format!("{GOOD} 0x12\n").as_bytes(), "list").unwrap();
        let checked = check(EVM, entries).unwrap();
        let refused = prove(EVM, "shop", UnixMillis::new(0), checked, || ()).unwrap_err();
        assert!(refused.to_string().contains("line 1"), "{refused}");
        assert!(refused.to_string().contains("no signature"), "{refused}");
    }

    #[test]
    fn a_file_that_is_not_text_is_refused_by_line() {
        let error = from_reader(&b"# ok\n\xff\xfe\n"[..], "list").unwrap_err();
        assert_eq!(error.to_string(), "list, line 2: not text (UTF-8)");
    }

    #[test]
    fn a_file_beyond_the_limit_is_refused() {
        let error = from_reader(std::io::repeat(b'#'), "list").unwrap_err();
        assert!(error.to_string().contains("16 MiB"));
    }

    #[test]
    fn every_refused_address_is_named_with_its_line_and_reason() {
        let file = format!(
            "{GOOD}\n{}\n0x52908400098527886E0F7030069857D2E4169Ee7\nTNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL\nhello\n",
            GOOD.to_lowercase()
        );
        let entries = from_reader(file.as_bytes(), "list").unwrap();
        let refused = check(EVM, entries).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "nothing was added: 4 of 5 addresses were refused\n  \
             line 2: 0x52908400098527886e0f7030069857d2e4169ee7: the same address as line 1\n  \
             line 3: 0x52908400098527886E0F7030069857D2E4169Ee7: checksum does not hold; copy the address again\n  \
             line 4: TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL: this address belongs to TRON, not to EVM chains (0x...)\n  \
             line 5: hello: not an address of EVM chains (0x...)\n\
             Correct or remove what was refused and run the command again."
        );
        assert_eq!(refused.to_json()["refused"][0]["line"], 2);
    }

    #[test]
    fn addresses_that_are_all_good_are_taken_in_order() {
        let entries = from_arguments(&[GOOD.to_owned()]);
        let good = check(EVM, entries).unwrap();
        assert_eq!(good.len(), 1);
        assert_eq!(&**good[0].1.text(), GOOD);
    }

    #[test]
    fn what_can_spend_is_refused_and_never_shown_again() {
        // The keys of test vectors: WIF of 32 times 0x01, 32 bytes in hexadecimal, BIP-32's first master key.
        let wif = "KwFfNUhSDaASSAwtG7ssQM1uVX8RgX5GHWnnLfhfiQDigjioWXHH";
        let hex = "0x0101010101010101010101010101010101010101010101010101010101010101";
        let xprv = "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi";
        let phrase = "legal winner thank year wave sausage worth useful legal winner thank yellow";
        for text in [wif, hex, xprv] {
            let refused = check(EVM, from_arguments(&[text.to_owned()])).unwrap_err();
            let refused = format!("{refused}{refused:?}{}", refused.to_json());
            assert!(
                !refused.contains(text) && refused.contains("never give payd a private key"),
                "{refused}"
            );
            let refused = format!("{:#}", address(EVM, text).unwrap_err());
            assert!(
                !refused.contains(text) && refused.contains("never give payd a private key"),
                "{refused}"
            );
        }
        let words: Vec<String> = phrase.split(' ').map(str::to_owned).collect();
        let refused = check(EVM, from_arguments(&words)).unwrap_err();
        let refused = format!("{refused}{refused:?}{}", refused.to_json());
        assert!(
            words.iter().all(|word| !refused.contains(&format!(" {word}"))),
            "{refused}"
        );
        assert!(refused.contains("never give payd a private key"), "{refused}");
        let refused = format!("{:#}", address(EVM, "0x1").unwrap_err());
        assert!(refused.starts_with("0x1: not an address"), "{refused}");
    }
}
