//! Secrets that are looked for in every spelling that a program could give them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::json;

/// The secrets by what they are.
#[derive(Default)]
pub struct Canaries(BTreeMap<String, String>);

impl Canaries {
    /// Adds one, and gives it back.
    pub fn keep(&mut self, what: &str, secret: impl Into<String>) -> String {
        let secret = secret.into();
        assert!(secret.len() >= 11, "{what}: found by chance: {secret}");
        self.0.insert(what.to_owned(), secret.clone());
        secret
    }

    /// Every spelling of every secret.
    fn spellings(&self) -> Vec<(String, Vec<u8>)> {
        let mut all = Vec::new();
        for (what, secret) in &self.0 {
            let bytes = secret.as_bytes();
            let mut add = |how: &str, text: String| all.push((format!("{what} ({how})"), text.into_bytes()));
            add("as it is", secret.clone());
            add("hex", hex::encode(bytes));
            add("HEX", hex::encode_upper(bytes));
            add("base64", STANDARD.encode(bytes));
            add("base64 without end", STANDARD_NO_PAD.encode(bytes));
            add("base64 of URLs", URL_SAFE.encode(bytes));
            add("base64 of URLs without end", URL_SAFE_NO_PAD.encode(bytes));
            let of_form: String = url::form_urlencoded::byte_serialize(bytes).collect();
            add("as in a form", of_form.clone());
            add("as in a URL", of_form.replace('+', "%20"));
            add(
                "as in JSON",
                json!(secret).to_string().trim_matches('"').to_owned(),
            );
            if let Ok(raw) = hex::decode(secret) {
                all.push((format!("{what} (bytes)"), raw.clone()));
                all.push((
                    format!("{what} (base64 of bytes)"),
                    STANDARD_NO_PAD.encode(raw).into_bytes(),
                ));
            }
        }
        all
    }
}

/// Bytes that every spelling begins with at least: what is looked up at each place.
const BEGIN: usize = 8;

/// Where secrets were looked for, and what was found.
#[derive(Default)]
pub struct Search {
    /// The spellings by how they begin.
    spellings: HashMap<[u8; BEGIN], Vec<(String, Vec<u8>)>>,
    /// What was found where.
    pub found: BTreeSet<String>,
    /// How much was looked through.
    pub bytes: usize,
}

impl Search {
    /// For these secrets.
    pub fn of(canaries: &Canaries) -> Self {
        let mut search = Self::default();
        for (what, secret) in canaries.spellings() {
            let begin = *secret.first_chunk().unwrap();
            search.spellings.entry(begin).or_default().push((what, secret));
        }
        search
    }

    /// Looks through what somebody can read at a place.
    pub fn look(&mut self, place: &str, bytes: &[u8]) {
        self.bytes += bytes.len();
        for at in 0..bytes.len().saturating_sub(BEGIN - 1) {
            let rest = &bytes[at..];
            let begin: &[u8; BEGIN] = rest.first_chunk().unwrap();
            for (what, secret) in self.spellings.get(begin).into_iter().flatten() {
                if rest.starts_with(secret) {
                    self.found.insert(format!("{what} in {place}"));
                }
            }
        }
    }
}

#[test]
fn what_is_looked_for_is_found_in_every_spelling() {
    let mut canaries = Canaries::default();
    canaries.keep("it", "a secret/with+signs 0a1b");
    for (what, spelled) in canaries.spellings() {
        let mut search = Search::of(&canaries);
        search.look("there", &[b"before ".as_slice(), &spelled, b" after"].concat());
        assert!(
            search.found.contains(&format!("{what} in there")),
            "{what}: {:?}",
            search.found
        );
        search = Search::of(&canaries);
        search.look("there", &spelled[1..]);
        assert!(!search.found.contains(&format!("{what} in there")), "{what}");
    }
}
