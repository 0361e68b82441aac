//! Every rule of the floors test shown to fail on a text that breaks it, and to let pass one that looks like it.

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
            let item = if *target == "outbox" { "format" } else { "x" };
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
            "use crate::outbox::format::Post;",
            "engine may not import",
        ),
        (
            "src/outbox/send.rs",
            "use crate::engine::gateway;",
            "outbox may not import",
        ),
        ("src/web/api.rs", "use crate::store::X;", "web may not import"),
        ("src/web/api.rs", "use crate::outbox::format::{Notice, Post};", ""),
        (
            "src/web/api.rs",
            "use crate::outbox::{format, deliver};",
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
        let elsewhere = match *foreign {
            "clap" | "anyhow" => "src/web/x.rs",
            "flate2" => "src/engine/x.rs",
            _ => "src/cli/x.rs",
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
