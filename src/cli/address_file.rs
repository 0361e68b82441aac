//! Lists of receive addresses from arguments or a file, and what is said of those that are refused. What an address is, the
//! office knows.

use std::fmt;
use std::io::Read;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use crate::domain::address::Address;
use crate::domain::network::Family;
use crate::engine::office::address_list::{self, Entry, Reason, Refusal};
pub use crate::engine::office::address_list::{ADDRESSES_MAX, Place};

const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// Refusals shown to people; `--json` has all.
const SHOWN_MAX: usize = 40;

/// Some addresses were refused, so that none was taken: as the caller of a command is told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Refused(pub address_list::Refused);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        for refusal in self.0.refusals.iter().take(SHOWN_MAX) {
            let Refusal { entry, reason } = refusal;
            write!(f, "\n  {}: {}: {reason}", entry.place, short(&entry.text))?;
        }
        if let Some(hidden @ 1..) = self.0.refusals.len().checked_sub(SHOWN_MAX) {
            write!(f, "\n  and {hidden} more")?;
        }
        f.write_str("\nCorrect or remove what was refused and run the command again.")
    }
}

impl Refused {
    /// The error with all its refusals, as JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let refusals = self.0.refusals.iter().map(|Refusal { entry, reason }| {
            let reason = reason.to_string();
            match entry.place {
                Place::Line(line) => json!({ "line": line, "address": entry.text, "reason": reason }),
                Place::Argument(number) => {
                    json!({ "argument": number, "address": entry.text, "reason": reason })
                }
            }
        });
        json!({ "error": self.0.to_string(), "refused": refusals.collect::<Vec<_>>() })
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

/// The addresses in a file, as [`address_list::read`] takes them.
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
    address_list::read(&bytes).map_err(|error| anyhow::anyhow!("{name}, {error}"))
}

/// Reads one address that was given as an argument.
///
/// # Errors
/// A text that names what was given, unless that can spend.
pub fn address(family: Family, text: &str) -> anyhow::Result<Address> {
    address_list::read_one(family, text).map_err(|reason| match reason {
        Reason::Secret => anyhow::anyhow!("{reason}"),
        reason => anyhow::anyhow!("{}: {reason}", super::output::printable(text.trim())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(family: Family, entries: Vec<Entry>) -> Result<Vec<(Entry, Address)>, Refused> {
        address_list::check(family, entries).map_err(Refused)
    }

    const EVM: Family = Family::Evm { chain_id: 56 };
    const GOOD: &str = "0x52908400098527886E0F7030069857D2E4169EE7";

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
