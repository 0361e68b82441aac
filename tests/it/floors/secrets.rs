//! How secrets are compared, and that nothing is unsafe: read from the source, so that a place that is added is looked at.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::for_each_file;
use super::source::{Token, tokens};

/// Every place that compares what an attacker sends with what only payd knows: in constant time, and how often in the file.
/// Whatever else opens something is looked up by its hash, or unsealed by a cipher that checks it.
const IN_CONSTANT_TIME: &[(&str, usize)] = &[
    // Whose session a browser once had, by its mark.
    ("src/engine/office/sessions.rs", 1),
    // The rows of the database that are authentic: wallets, tips of the chain of the audit log, users, addresses.
    ("src/store/vault.rs", 4),
    // The secret of a bearer.
    ("src/web/api/cryptopayment/auth.rs", 1),
    // The signatures of the signed APIs.
    ("src/web/api/signing.rs", 1),
    // The proof in a form.
    ("src/web/dashboard/guard.rs", 1),
];

/// What a name is called that holds a secret, or what is made of one.
const SECRETS: &[&str] = &[
    "secret",
    "signature",
    "mac",
    "hmac",
    "csrf",
    "password",
    "proof",
    "cookie",
    "session",
    "mark",
];

/// Comparisons that look like one of secrets and are none.
const NO_SECRETS: &[(&str, &str)] = &[
    // What a signature of a customer's wallet is over: everybody may know it.
    ("src/chain/ownership/bip322.rs", "signature"),
    // What an endpoint signs with: its own secret, or its key's.
    ("src/engine/office/endpoints/office.rs", "secret"),
    ("src/web/dashboard/webhooks/endpoint.rs", "has_secret"),
];

fn sources() -> Vec<(String, Vec<Vec<Token>>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for_each_file(&root.join("src"), &mut |path| {
        let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        if !name.ends_with(".rs") || name.contains("tests") {
            return;
        }
        let text = fs::read_to_string(path).unwrap();
        let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        found.push((name, text.lines().map(tokens).collect()));
    });
    assert!(found.len() > 300, "{}", found.len());
    found
}

fn words(line: &[Token]) -> impl Iterator<Item = &str> {
    line.iter().filter_map(|token| match token {
        Token::Word(word) => Some(word.as_str()),
        Token::PathSep | Token::Sign(_) => None,
    })
}

fn compares(line: &[Token]) -> bool {
    line.windows(2)
        .any(|pair| matches!(pair, [Token::Sign('=' | '!'), Token::Sign('=')]))
}

/// Whether a name is of a secret itself, and not of its length, kind or number.
fn is_of_secret(word: &str) -> bool {
    word.rsplit('_')
        .next()
        .is_some_and(|last| SECRETS.contains(&last))
}

#[test]
fn secrets_are_compared_in_constant_time_and_in_these_places_only() {
    let mut places = BTreeMap::new();
    let mut faults = Vec::new();
    for (name, lines) in sources() {
        for line in &lines {
            let count = words(line).filter(|word| *word == "ct_eq").count();
            if count > 0 {
                *places.entry(name.clone()).or_insert(0) += count;
            }
            let secret = words(line).find(|word| is_of_secret(word));
            if let Some(secret) = secret.filter(|_| compares(line)) {
                let is_none = NO_SECRETS.contains(&(name.as_str(), secret));
                // `session.id == own`: a field behind the name is what is compared.
                let is_field = line
                    .windows(2)
                    .any(|pair| pair == [Token::Word(secret.to_owned()), Token::Sign('.')]);
                if !is_none && !is_field {
                    faults.push(format!("{name}: {line:?}"));
                }
            }
        }
    }
    let expected: BTreeMap<String, usize> = IN_CONSTANT_TIME
        .iter()
        .map(|(name, count)| ((*name).to_owned(), *count))
        .collect();
    assert_eq!(places, expected, "a comparison came or went: say here what of");
    assert!(
        faults.is_empty(),
        "compared byte for byte, until one differs: {faults:#?}"
    );
}

#[test]
fn nothing_is_unsafe_and_nothing_lowers_the_rule() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    assert!(manifest.contains("[lints.rust]\nunsafe_code = \"forbid\"\n"));
    let mut faults = Vec::new();
    let mut look = |path: &Path| {
        if path.extension().is_some_and(|kind| kind == "rs") {
            let text = fs::read_to_string(path).unwrap();
            let tokens = tokens(&text);
            if words(&tokens).any(|word| word == "unsafe" || word == "unsafe_code" || word == "no_mangle") {
                faults.push(path.display().to_string());
            }
        }
    };
    for top in ["src", "tests/it", "tests/load"] {
        for_each_file(&root.join(top), &mut look);
    }
    look(&root.join("build.rs"));
    assert!(faults.is_empty(), "{faults:#?}");
    // The flags of every build, which could switch a lint off unseen.
    for file in [".cargo/config.toml", "clippy.toml", "build.rs"] {
        let text = fs::read_to_string(root.join(file)).unwrap();
        assert!(!text.contains("cap-lints") && !text.contains("unsafe"), "{file}");
    }
}
