//! The rules that hold for the whole tree: imports run one way, foreign crates are named in one place each, money
//! knows no floats, files stay small, nothing is left open.
//!
//! They hold for unit tests in `src/` too.

mod proofs;
mod secrets;
mod source;

use std::fs;
use std::path::Path;

use source::{CratePath, Token, crate_paths, names_crate, tokens};

/// A floor and the floors that it may import besides itself.
const FLOORS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("ambient", &["domain"]),
    ("config", &["domain"]),
    ("store", &["domain", "ambient"]),
    ("net", &["domain", "ambient"]),
    ("chain", &["domain", "ambient", "net"]),
    ("rates", &["domain", "ambient", "net"]),
    ("engine", &["domain", "store", "chain", "rates", "ambient"]),
    ("outbox", &["domain", "store", "ambient", "net"]),
    ("web", &["domain", "engine", "ambient", "outbox"]),
    ("daemon", ALL),
    ("cli", ALL),
    ("lib", ALL),
    ("main", ALL),
    ("mutation", &[]),
];

/// What tests feed to parsers: of no floor, and for the tests of all.
const MUTATION: &str = "mutation";

const ALL: &[&str] = &[
    "domain", "ambient", "net", "config", "store", "chain", "rates", "engine", "outbox", "web", "daemon",
    "cli",
];

/// What the web may know of the outbox: how a format is written and what a notice says, not how it is delivered; and its tests
/// the stand-ins.
const OUTBOX_FOR_WEB: &[&str] = &["format", "fakes", "notices"];

/// A foreign crate and the places, from `src/`, that may name it.
const CRATES: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("refinery", &["store"]),
    ("bitcoin", &["chain"]),
    ("miniscript", &["chain"]),
    ("ethers_core", &["chain/evm"]),
    ("toml", &["config"]),
    ("directories", &["config"]),
    ("axum", &["web"]),
    ("flate2", &["cli", "web"]),
    ("rust_embed", &["web"]),
    ("askama", &["web"]),
    ("clap", &["cli", "daemon", "main"]),
    ("anyhow", &["cli", "daemon", "main"]),
];

/// The floors that count money.
const WITHOUT_FLOATS: &[&str] = &["domain", "store", "chain", "rates", "engine"];

const LINES_MAX: usize = 500;

#[test]
fn the_bugs_that_the_simulation_is_tried_with_can_still_be_planted() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mutants");
    let listed = std::process::Command::new(script).arg("--list").output();
    let listed = listed.expect("Python");
    let said = String::from_utf8_lossy(&listed.stderr);
    assert!(listed.status.success(), "{said}");
}

#[test]
fn the_tree_keeps_its_rules() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut faults = Vec::new();
    let mut files = 0;
    for top in ["src", "tests/it", "tests/load", "tests/node", "tests/simulation"] {
        for_each_file(&root.join(top), &mut |path| {
            let name = path
                .strip_prefix(root)
                .expect("a file of the tree")
                .to_string_lossy()
                .into_owned();
            let text = fs::read_to_string(path).expect("a source file");
            files += 1;
            faults.extend(check(&name, &text));
        });
    }
    assert!(
        files > 20,
        "only {files} files were found: this test looks in the wrong place"
    );
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Calls `each` with every source file below `dir` that is written by hand.
fn for_each_file(dir: &Path, each: &mut dyn FnMut(&Path)) {
    for entry in fs::read_dir(dir).expect("a folder of the tree") {
        let path = entry.expect("its entry").path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() {
            if name != "node_modules" && name != "artifacts" {
                for_each_file(&path, each);
            }
        } else if [".rs", ".mjs", ".sol"].iter().any(|end| name.ends_with(end)) {
            each(&path);
        }
    }
}

/// What is wrong with the file `name`, a path from the root such as `src/store/rows.rs`.
fn check(name: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let lines = text.lines().count();
    if lines > LINES_MAX {
        faults.push(format!(
            "{name}: {lines} lines; split it by idea before {LINES_MAX}"
        ));
    }
    if !name.ends_with(".rs") {
        return faults;
    }
    let tokens = tokens(text);
    faults.extend(open_ends(&tokens).map(|found| format!("{name}: {found} is left open")));
    if let Some(place) = name.strip_prefix("src/") {
        faults.extend(
            check_place(place, &tokens)
                .into_iter()
                .map(|fault| format!("{name}: {fault}")),
        );
    }
    faults
}

fn open_ends(tokens: &[Token]) -> impl Iterator<Item = &'static str> {
    let is_word = |token: &Token, word: &str| matches!(token, Token::Word(found) if found == word);
    tokens.windows(2).filter_map(move |pair| match &pair[1] {
        Token::Sign('!') if is_word(&pair[0], "todo") => Some("todo!"),
        Token::Sign('!') if is_word(&pair[0], "unimplemented") => Some("unimplemented!"),
        second if pair[0] == Token::Sign('[') && is_word(second, "ignore") => Some("#[ignore]"),
        _ => None,
    })
}

/// What is wrong with the file at `place`, a path from `src/`.
fn check_place(place: &str, tokens: &[Token]) -> Vec<String> {
    let module = module_of(place);
    let floor = module
        .first()
        .map_or(place.trim_end_matches(".rs"), String::as_str);
    let Some((_, may_import)) = FLOORS.iter().find(|(known, _)| *known == floor) else {
        return vec![format!(
            "`{floor}` is no floor; give it its place in this test and on the map"
        )];
    };
    let paths = crate_paths(tokens, &module);
    let upward = paths.iter().filter(|path| !is_downward(floor, may_import, path));
    let mut faults: Vec<String> = upward
        .map(|path| format!("{floor} may not import crate::{}", path.join("::")))
        .collect();
    for (foreign, places) in CRATES {
        let is_allowed = places.iter().any(|allowed| is_within(place, allowed));
        // A module of the tree may have a foreign crate's name: `use crate::chain::bitcoin`.
        let is_own = paths
            .iter()
            .any(|path| path.last().is_some_and(|last| last == foreign));
        if !is_allowed && !is_own && names_crate(tokens, foreign) {
            faults.push(format!("only {} may name {foreign}", places.join(", ")));
        }
    }
    if WITHOUT_FLOATS.contains(&floor) && tokens.iter().any(is_float) {
        faults.push("no floats where money is counted".to_owned());
    }
    faults
}

/// The module that a file is: `["chain", "evm"]` for `chain/evm/mod.rs`, nothing for the crate's root.
fn module_of(place: &str) -> Vec<String> {
    let path = place.trim_end_matches(".rs");
    let path = path.strip_suffix("/mod").unwrap_or(path);
    if matches!(path, "lib" | "main") {
        Vec::new()
    } else {
        path.split('/').map(str::to_owned).collect()
    }
}

/// Whether `place` is the file or in the folder `allowed`.
fn is_within(place: &str, allowed: &str) -> bool {
    place
        .strip_prefix(allowed)
        .is_some_and(|rest| rest.starts_with('/') || rest == ".rs")
}

fn is_downward(floor: &str, may_import: &[&str], path: &CratePath) -> bool {
    let Some(target) = path.first() else { return false };
    if floor == "web" && target == "outbox" {
        return path
            .get(1)
            .is_some_and(|item| OUTBOX_FOR_WEB.contains(&item.as_str()));
    }
    target == floor || target == MUTATION || may_import.contains(&target.as_str())
}

fn is_float(token: &Token) -> bool {
    let Token::Word(word) = token else { return false };
    let is_number = word.starts_with(|first: char| first.is_ascii_digit()) && !word.starts_with("0x");
    let is_type = |word: &str| word == "f32" || word == "f64";
    is_type(word) || (is_number && (word.ends_with("f32") || word.ends_with("f64")))
}
