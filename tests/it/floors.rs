//! The rules that hold for the whole tree: imports run one way, foreign crates are named in one place each, money
//! knows no floats, files stay small, nothing is left open.
//!
//! They hold for unit tests in `src/` too.

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
    ("chain", &["domain", "ambient"]),
    ("engine", &["domain", "store", "chain", "ambient"]),
    ("outbox", &["domain", "store", "ambient"]),
    ("web", &["domain", "engine", "ambient", "outbox"]),
    ("daemon", ALL),
    ("cli", ALL),
    ("lib", ALL),
    ("main", ALL),
];

const ALL: &[&str] = &[
    "domain", "ambient", "config", "store", "chain", "engine", "outbox", "web", "daemon", "cli",
];

/// What the pages may know of the outbox: how a format is written, not how it is delivered.
const OUTBOX_FOR_WEB: &[&str] = &["WebhookFormat", "Notice", "Sending", "Post", "Verdict"];

/// A foreign crate and the places, from `src/`, that may name it.
const CRATES: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("refinery", &["store"]),
    ("bitcoin", &["chain"]),
    ("ethers_core", &["chain/evm"]),
    ("toml", &["config"]),
    ("directories", &["config"]),
    ("axum", &["web"]),
    ("rust_embed", &["web"]),
    ("askama", &["web"]),
    ("clap", &["cli", "daemon", "main"]),
    ("anyhow", &["cli", "daemon", "main"]),
];

/// The floors that count money.
const WITHOUT_FLOATS: &[&str] = &["domain", "store", "chain", "engine"];

const LINES_MAX: usize = 500;

#[test]
fn the_tree_keeps_its_rules() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut faults = Vec::new();
    let mut files = 0;
    for top in ["src", "tests/it", "tests/node"] {
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
    target == floor || may_import.contains(&target.as_str())
}

fn is_float(token: &Token) -> bool {
    let Token::Word(word) = token else { return false };
    let is_number = word.starts_with(|first: char| first.is_ascii_digit()) && !word.starts_with("0x");
    let is_type = |word: &str| word == "f32" || word == "f64";
    is_type(word) || (is_number && (word.ends_with("f32") || word.ends_with("f64")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// File, text, and a part of the one fault that is to be found; an empty part where there is none.
    fn assert_faults(cases: &[(&str, &str, &str)]) {
        for (name, text, fault) in cases {
            let found = check(name, text);
            let is_as_expected = match (found.as_slice(), *fault) {
                ([], "") => true,
                ([one], part) => !part.is_empty() && one.contains(part),
                _ => false,
            };
            assert!(
                is_as_expected,
                "{name}: {text}\nexpected {fault:?}, found {found:?}"
            );
        }
    }

    #[test]
    fn an_import_that_runs_upward_is_found_however_it_is_written() {
        let fault = "domain may not import crate::store";
        assert_faults(&[
            ("src/domain/money.rs", "use crate::domain::asset::Asset;", ""),
            ("src/domain/money.rs", "use crate::store::Row;", fault),
            ("src/domain/money.rs", "use crate::{domain::asset, store};", fault),
            (
                "src/domain/money.rs",
                "use crate::{domain::{asset, ids::{A, B as C}}, };",
                "",
            ),
            (
                "src/domain/money.rs",
                "use crate::{domain::{asset, ids::{A, B as C}}, store::{X}, };",
                fault,
            ),
            ("src/domain/money.rs", "use crate::{store as s};", fault),
            ("src/domain/money.rs", "pub(crate) use crate::store::*;", fault),
            (
                "src/domain/money.rs",
                "fn f(row: &crate::store::Row<'_>) {}",
                fault,
            ),
            (
                "src/domain/money.rs",
                "fn f() { crate::store::write::<u8>(); }",
                fault,
            ),
            (
                "src/domain/money.rs",
                "macro_rules! m { () => { $crate::store::X } }",
                fault,
            ),
            ("src/domain/money.rs", "use super::super::store;", fault),
            ("src/domain/money.rs", "use super::store;", ""),
            ("src/domain/mod.rs", "use super::store;", fault),
            ("src/domain/mod.rs", "use self::store;", ""),
            (
                "src/domain/money.rs",
                "mod tests { use super::super::store; }",
                "",
            ),
            (
                "src/domain/money.rs",
                "mod tests { use super::super::super::store; }",
                fault,
            ),
            (
                "src/domain/money.rs",
                "mod tests {} use super::super::store;",
                fault,
            ),
            (
                "src/domain/money.rs",
                "use crate::*;",
                "domain may not import crate::*",
            ),
            ("src/domain/money.rs", "pub(in crate::domain) fn f() {}", ""),
            ("src/domain/money.rs", "pub(crate) fn f() {}", ""),
        ]);
    }

    #[test]
    fn comments_and_texts_import_nothing() {
        assert_faults(&[
            (
                "src/domain/money.rs",
                "/// As [`crate::store::Row`].\n//! crate::store::Row\n",
                "",
            ),
            (
                "src/domain/money.rs",
                "/* a /* crate::store::Row */ crate::store::Row */",
                "",
            ),
            (
                "src/domain/money.rs",
                r#"const A: &str = "crate::store::Row \" crate::store::Row";"#,
                "",
            ),
            (
                "src/domain/money.rs",
                r###"const A: &str = r#"x " crate::store::Row"#;"###,
                "",
            ),
            (
                "src/domain/money.rs",
                r#"const A: char = '"'; use crate::web::X; const B: char = '\'';"#,
                "crate::web",
            ),
            (
                "src/domain/money.rs",
                "fn f<'a>(a: &'a str) {} use crate::web::X; fn g<'b>() {}",
                "crate::web",
            ),
            (
                "src/domain/money.rs",
                r#"const A: &str = r"\"; use crate::web::X;"#,
                "crate::web",
            ),
            ("src/domain/money.rs", "/* a */ use crate::web::X;", "crate::web"),
        ]);
    }

    #[test]
    fn every_floor_has_its_own_limits() {
        for (floor, may_import) in FLOORS {
            for target in ALL {
                let is_allowed = floor == target || may_import.contains(target);
                let item = if *target == "outbox" { "Post" } else { "x" };
                let found = check(
                    &format!("src/{floor}.rs"),
                    &format!("use crate::{target}::{item};"),
                );
                assert_eq!(found.is_empty(), is_allowed, "{floor} -> {target}: {found:?}");
            }
        }
        assert_faults(&[
            ("src/ambient.rs", "use crate::store::X;", "ambient may not import"),
            (
                "src/config/mod.rs",
                "use crate::ambient::Clock;",
                "config may not import",
            ),
            (
                "src/store/rows.rs",
                "use crate::chain::Blocks;",
                "store may not import",
            ),
            (
                "src/chain/evm/mod.rs",
                "use crate::store::X;",
                "chain may not import",
            ),
            (
                "src/engine/scan.rs",
                "use crate::outbox::Post;",
                "engine may not import",
            ),
            (
                "src/outbox/send.rs",
                "use crate::engine::gateway;",
                "outbox may not import",
            ),
            ("src/web/api.rs", "use crate::store::X;", "web may not import"),
            (
                "src/web/api.rs",
                "use crate::outbox::{Notice, Post, Sending, Verdict, WebhookFormat};",
                "",
            ),
            (
                "src/web/api.rs",
                "use crate::outbox::{Post, deliver};",
                "web may not import crate::outbox::deliver",
            ),
            (
                "src/web/api.rs",
                "use crate::outbox;",
                "web may not import crate::outbox",
            ),
            (
                "src/web/api.rs",
                "use crate::outbox::*;",
                "web may not import crate::outbox::*",
            ),
            ("src/cli/mod.rs", "use crate::{store, web, daemon};", ""),
            ("src/main.rs", "use payd::cli;", ""),
            ("src/helpers/mod.rs", "", "`helpers` is no floor"),
            ("src/helpers.rs", "", "`helpers` is no floor"),
        ]);
    }

    #[test]
    fn foreign_crates_are_named_where_they_belong() {
        for (foreign, places) in CRATES {
            let text = format!("use {foreign}::X;");
            let elsewhere = if *foreign == "clap" || *foreign == "anyhow" {
                "src/web/x.rs"
            } else {
                "src/cli/x.rs"
            };
            assert_faults(&[(elsewhere, &text, &format!("may name {foreign}"))]);
            for place in *places {
                assert_faults(&[(&format!("src/{place}/x.rs"), &text, "")]);
            }
        }
        assert_faults(&[
            (
                "src/engine/x.rs",
                "fn f(c: &rusqlite::Connection) {}",
                "only store may name rusqlite",
            ),
            (
                "src/engine/x.rs",
                "fn f(c: Vec<::rusqlite::Row>) {}",
                "only store may name rusqlite",
            ),
            ("src/engine/x.rs", "use rusqlite;", "only store may name rusqlite"),
            (
                "src/engine/x.rs",
                "use rusqlite as db;",
                "only store may name rusqlite",
            ),
            (
                "src/engine/x.rs",
                "extern crate rusqlite;",
                "only store may name rusqlite",
            ),
            (
                "src/engine/x.rs",
                "#[derive(askama::Template)] struct X;",
                "only web may name askama",
            ),
            (
                "src/chain/bitcoin/mod.rs",
                "use ethers_core::types::U256;",
                "only chain/evm may name ethers_core",
            ),
            ("src/chain/evm.rs", "use ethers_core::types::U256;", ""),
            (
                "src/domain/network.rs",
                "fn bitcoin() { let toml = 1; let bitcoin = toml; }",
                "",
            ),
            (
                "src/daemon/x.rs",
                "use crate::chain::bitcoin; fn f() { bitcoin::Source::new(); }",
                "",
            ),
            (
                "src/daemon/x.rs",
                "use bitcoin::Block;",
                "only chain may name bitcoin",
            ),
            ("src/daemon/x.rs", "fn f() { chain::bitcoin::start(); }", ""),
            ("src/main.rs", "use anyhow::Result; use clap::Parser;", ""),
        ]);
    }

    #[test]
    fn floats_are_kept_from_money() {
        for floor in WITHOUT_FLOATS {
            assert_faults(&[(&format!("src/{floor}/x.rs"), "fn f(a: f64) {}", "no floats")]);
        }
        assert_faults(&[
            ("src/engine/x.rs", "let a = x as f32;", "no floats"),
            ("src/engine/x.rs", "let a = 1f64;", "no floats"),
            ("src/engine/x.rs", "let a = 1_000_f64;", "no floats"),
            ("src/engine/x.rs", "let a = 0x1f64; // f64", ""),
            ("src/web/x.rs", "fn f(a: f64) {}", ""),
        ]);
    }

    #[test]
    fn nothing_is_left_open_and_nothing_grows_without_end() {
        let long = "\n".repeat(LINES_MAX + 1);
        let full = "\n".repeat(LINES_MAX);
        assert_faults(&[
            ("src/web/x.rs", "fn f() { todo!() }", "todo! is left open"),
            (
                "src/web/x.rs",
                "fn f() { unimplemented!(\"x\") }",
                "unimplemented! is left open",
            ),
            (
                "tests/it/x.rs",
                "#[test]\n#[ignore]\nfn f() {}",
                "#[ignore] is left open",
            ),
            (
                "tests/it/x.rs",
                "#[ignore = \"slow\"] fn f() {}",
                "#[ignore] is left open",
            ),
            ("tests/it/x.rs", "fn todo() {} fn f() { todo() }", ""),
            ("src/web/x.rs", &long, "501 lines"),
            ("tests/node/x.mjs", &long, "501 lines"),
            ("src/web/x.rs", &full, ""),
        ]);
    }
}
