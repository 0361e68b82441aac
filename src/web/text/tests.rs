//! The catalogues against the pages that use them, and the choice of a language.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::*;

/// The keys of a catalogue: a key begins a line.
fn keys(source: &str) -> BTreeSet<String> {
    source
        .lines()
        .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
        .filter_map(|line| Some(line.split_once(" =")?.0.to_owned()))
        .collect()
}

fn catalogues() -> Vec<(String, String)> {
    let catalogues = assets::texts("i18n/");
    assert!(catalogues.iter().any(|(name, _)| name == "en.ftl"));
    catalogues
}

fn english_keys() -> BTreeSet<String> {
    let catalogues = catalogues();
    let (_, english) = catalogues.iter().find(|(name, _)| name == "en.ftl").unwrap();
    keys(english)
}

fn files(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, extension, found);
        } else if path.extension().is_some_and(|found| found == extension) && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
}

/// The source of every page and template.
fn pages() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    files(&root.join("src/web"), "rs", &mut found);
    files(&root.join("assets"), "html", &mut found);
    found
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect()
}

#[test]
fn every_catalogue_is_well_formed() {
    for (name, source) in catalogues() {
        let code = name.strip_suffix(".ftl").unwrap();
        assert!(code.parse::<LanguageIdentifier>().is_ok(), "{name}");
        if let Err((_, errors)) = FluentResource::try_new(source) {
            panic!("{name}: {errors:?}");
        }
    }
}

#[test]
fn every_key_that_a_page_says_is_in_the_catalogue() {
    let (known, pages) = (english_keys(), pages());
    let said: BTreeSet<String> = ["say(\"", "say_with(\"", "line(\""]
        .iter()
        .flat_map(|call| pages.split(call).skip(1))
        .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()))
        .collect();
    assert!(said.len() > 30);
    let missing: Vec<&String> = said.difference(&known).collect();
    assert!(missing.is_empty(), "not in en.ftl: {missing:?}");
}

#[test]
fn every_key_of_the_catalogue_is_used_by_a_page() {
    let pages = pages();
    let unused: Vec<String> = english_keys()
        .into_iter()
        .filter(|key| !pages.contains(&format!("\"{key}\"")))
        .collect();
    assert!(unused.is_empty(), "used by no page: {unused:?}");
}

#[test]
fn every_language_has_exactly_the_keys_and_arguments_of_english() {
    let english = english_keys();
    let arguments = |source: &str| -> BTreeSet<String> {
        source
            .split('$')
            .skip(1)
            .filter_map(|rest| {
                Some(
                    rest.split(|next: char| !next.is_ascii_lowercase())
                        .next()?
                        .to_owned(),
                )
            })
            .filter(|name| !name.is_empty())
            .collect()
    };
    let all = catalogues();
    let (_, english_source) = all.iter().find(|(name, _)| name == "en.ftl").unwrap();
    for (name, source) in &all {
        assert_eq!(keys(source), english, "{name}");
        assert_eq!(arguments(source), arguments(english_source), "{name}");
    }
}

#[test]
fn the_url_decides_the_language_then_the_header_then_english() {
    for (asked_for, accepted) in [
        (None, None),
        (Some("en"), None),
        (Some("EN-gb"), Some("xx")),
        (Some("../en"), Some("")),
        (None, Some("xx, en-US;q=0.5, *")),
        (None, Some(";;,,q=,en;q=9")),
    ] {
        assert_eq!(
            choose(asked_for, accepted).code(),
            "en",
            "{asked_for:?} {accepted:?}"
        );
    }
}

#[test]
fn the_languages_of_a_header_are_tried_best_first_and_refused_ones_not_at_all() {
    assert_eq!(
        preferences("de;q=0.3, pt-BR , ru;q=0, fr; q=0.9,ja;q=nonsense"),
        ["pt-BR", "fr", "de"]
    );
    assert_eq!(preferences(&"en,".repeat(1000)).len(), PREFERENCES_MAX);
}

#[test]
fn prices_are_grouped_and_carry_their_sign() {
    let english = choose(None, None);
    for (currency, minor, text) in [
        (Fiat::Usd, 5_000, "$50.00"),
        (Fiat::Usd, 5, "$0.05"),
        (Fiat::Eur, 123_456_789, "€1,234,567.89"),
        (Fiat::Gbp, 99_999, "£999.99"),
        (Fiat::Jpy, 1_234_567, "¥1,234,567"),
        (Fiat::Brl, 5_000, "R$50.00"),
        (Fiat::Kwd, 1_250_500, "1,250.500\u{a0}KWD"),
        (Fiat::Usd, u64::MAX, "$184,467,440,737,095,516.15"),
    ] {
        assert_eq!(english.price(FiatAmount { currency, minor }), text);
    }
}

#[test]
fn a_moment_is_written_in_utc_with_two_digits_of_time() {
    let english = choose(None, None);
    assert_eq!(
        english.moment(UnixMillis::from_seconds(1_774_083_900)),
        "21 Mar 2026, 09:05 UTC"
    );
    assert_eq!(english.moment(UnixMillis::new(i64::MAX)), "");
}

#[test]
fn arguments_come_out_as_they_went_in() {
    let english = choose(None, None);
    let text = english.say_with("order", &[("id", "{ $x } <b> \u{202e}1".into())]);
    assert_eq!(text, "Order { $x } <b> \u{202e}1");
}
