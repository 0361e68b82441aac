//! The catalogues against the pages that use them, and against each other.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey};
use fluent_syntax::parser;

use super::same::{NAMES, SHARED};
use super::*;

/// The group of keys that hold signs and orders rather than words.
const SIGNS: &str = "Numbers and dates";

/// The plural categories of CLDR.
const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// What keys end in, where they are not written in the call that says them.
const KEY_ENDINGS: [&str; 5] = ["-title", "-text", "-remark", "-label", "-hint"];

/// What keys begin with that are made of it and of a word of a vocabulary: `nav-` and the word of a room.
const WORD_PREFIXES: &[&str] = &[
    "about-listens-",
    "channel-",
    "dialect-",
    "hooks-event-",
    "hooks-state-",
    "inbox-handled-",
    "keys-mode-",
    "mark-",
    "nav-",
    "overview-not-recording-",
    "payments-delivery-",
    "payments-mode-",
    "payments-origin-",
    "payments-transfer-",
    "role-",
    "start-api-",
    "start-key-",
    "start-secret-",
    "start-step-",
    "start-title-",
    "status-",
    "stores-mode-",
    "topic-",
    "way-",
];

struct Catalogue {
    code: String,
    /// The headings of groups and the keys of each file, as they stand.
    outlines: BTreeMap<String, Vec<String>>,
    messages: BTreeMap<String, Message>,
}

#[derive(Default)]
struct Message {
    group: String,
    /// All words, of all variants.
    text: String,
    arguments: BTreeSet<String>,
    /// The categories of each choice by a plural.
    plurals: Vec<BTreeSet<String>>,
}

impl Catalogue {
    fn new(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            outlines: BTreeMap::new(),
            messages: BTreeMap::new(),
        }
    }

    fn read(&mut self, name: &str, source: &str) {
        let resource = parser::parse(source).unwrap_or_else(|(_, errors)| panic!("{name}: {errors:?}"));
        let (mut outline, mut group) = (Vec::new(), String::new());
        for entry in resource.body {
            match entry {
                Entry::Message(found) => {
                    let key = found.id.name.to_owned();
                    let mut message = Message {
                        group: group.clone(),
                        ..Message::default()
                    };
                    message.read(&found.value.unwrap_or_else(|| panic!("{name}: {key} is empty")));
                    outline.push(key.clone());
                    let other = self.messages.insert(key.clone(), message);
                    assert!(other.is_none(), "{} has {key} again in {name}", self.code);
                }
                Entry::GroupComment(comment) => {
                    group = comment.content.concat();
                    outline.push(format!("## {group}"));
                }
                Entry::Comment(_) | Entry::ResourceComment(_) => {}
                Entry::Term(_) | Entry::Junk { .. } => panic!("{name} has more than messages"),
            }
        }
        self.outlines.insert(name.to_owned(), outline);
    }

    fn keys(&self) -> BTreeSet<&str> {
        self.messages.keys().map(String::as_str).collect()
    }

    /// The plural categories that whole numbers take in this language.
    fn categories(&self) -> BTreeSet<String> {
        let variants = CATEGORIES.map(|category| match category {
            "other" => "*[other] other".to_owned(),
            _ => format!(" [{category}] {category}"),
        });
        let source = format!("category = {{ $number ->\n{}\n}}\n", variants.join("\n"));
        let language = Language::new(&self.code);
        assert!(language.bundle.set(bundle(&self.code, vec![source])).is_ok());
        (0..=200_u32)
            .map(|number| language.say_with("category", &[("number", number.into())]))
            .collect()
    }
}

impl Message {
    fn read(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => self.text.push_str(value),
                PatternElement::Placeable { expression } => self.read_expression(expression),
            }
        }
    }

    fn read_expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.read_inline(inline),
            Expression::Select { selector, variants } => {
                self.read_inline(selector);
                let named: BTreeSet<String> = variants
                    .iter()
                    .filter_map(|variant| match variant.key {
                        VariantKey::Identifier { name } => Some(name.to_owned()),
                        VariantKey::NumberLiteral { .. } => None,
                    })
                    .collect();
                if !named.is_empty() {
                    self.plurals.push(named);
                }
                for variant in variants {
                    self.read(&variant.value);
                }
            }
        }
    }

    fn read_inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.arguments.insert(id.name.to_owned());
            }
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
            InlineExpression::Placeable { expression } => self.read_expression(expression),
            other => panic!("pages know arguments and nothing else: {other:?}"),
        }
    }
}

fn catalogues() -> Vec<Catalogue> {
    let mut catalogues: BTreeMap<String, Catalogue> = BTreeMap::new();
    for (path, source) in assets::texts(FOLDER) {
        let (code, name) = path.split_once('/').unwrap();
        let catalogue = catalogues
            .entry(code.to_owned())
            .or_insert_with(|| Catalogue::new(code));
        catalogue.read(name, &source);
    }
    catalogues.into_values().collect()
}

fn english() -> Catalogue {
    catalogues()
        .into_iter()
        .find(|catalogue| catalogue.code == "en")
        .unwrap()
}

fn files(folder: &Path, extensions: &[&str], found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            if name != "tests" {
                files(&path, extensions, found);
            }
        } else if path
            .extension()
            .is_some_and(|found| extensions.iter().any(|extension| found == *extension))
            && !matches!(name, "tests.rs" | "sample.rs")
        {
            found.push(path);
        }
    }
}

/// The sources below a folder, without their tests.
fn sources(folder: &str, extensions: &[&str]) -> String {
    let mut found = Vec::new();
    files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join(folder),
        extensions,
        &mut found,
    );
    found
        .iter()
        .map(|path| {
            let source = std::fs::read_to_string(path).unwrap();
            let end = source.find("#[cfg(test)]\nmod tests {").unwrap_or(source.len());
            source[..end].to_owned()
        })
        .collect()
}

/// The literal keys of calls such as `say("key")`.
fn said(sources: &str) -> BTreeSet<&str> {
    [".say(", ".say_with(", "line("]
        .iter()
        .flat_map(|call| sources.split(call).skip(1))
        .filter_map(|rest| Some(rest.trim_start().strip_prefix('"')?.split_once('"')?.0))
        .collect()
}

/// The literal texts between double quotes that could be keys.
fn literals(sources: &str) -> BTreeSet<&str> {
    sources
        .split('"')
        .filter(|text| {
            text.starts_with(|first: char| first.is_ascii_lowercase())
                && text.chars().all(|next| next.is_ascii_lowercase() || next == '-')
        })
        .collect()
}

#[test]
fn the_eight_languages_are_there() {
    let codes: Vec<String> = catalogues().into_iter().map(|catalogue| catalogue.code).collect();
    assert_eq!(codes, ["de", "en", "es", "fr", "ja", "pt", "ru", "zh"]);
    assert_eq!(languages().next().unwrap().code(), "en");
    assert_eq!(languages().count(), 8);
    for language in languages() {
        assert_eq!(language.name(), language.say(NAME));
    }
    let names: Vec<&str> = languages().map(Language::name).collect();
    for name in [
        "English",
        "Русский",
        "简体中文",
        "Español",
        "Deutsch",
        "Français",
        "Português",
        "日本語",
    ] {
        assert!(names.contains(&name), "{name} is not in {names:?}");
    }
}

#[test]
fn a_language_is_parsed_when_it_speaks_and_not_when_it_is_named() {
    let language = Language::new("de");
    assert_eq!(language.name(), "Deutsch");
    assert!(language.bundle.get().is_none());
    assert_eq!(language.say(NAME), "Deutsch");
    assert!(language.bundle.get().is_some());
}

#[test]
fn every_key_that_a_page_says_is_in_the_catalogue() {
    let (english, rust) = (english(), sources("src/web", &["rs"]));
    let templates = sources("assets", &["html", "js"]);
    let mut used = said(&rust);
    used.extend(said(&templates));
    used.extend(
        literals(&rust)
            .into_iter()
            .filter(|literal| KEY_ENDINGS.iter().any(|ending| literal.ends_with(ending))),
    );
    assert!(used.len() > 60, "{used:?}");
    let missing: Vec<&str> = used.difference(&english.keys()).copied().collect();
    assert!(missing.is_empty(), "not in English: {missing:?}");
}

#[test]
fn every_key_of_the_catalogue_is_used_by_a_page() {
    let (english, rust) = (english(), sources("src/web", &["rs"]));
    let (templates, scripts) = (sources("assets", &["html"]), sources("assets", &["js"]));
    // In a template the same word may be a class.
    let mut used = said(&templates);
    used.extend(literals(&rust));
    used.extend(literals(&scripts));
    let of_word = |key: &&str| WORD_PREFIXES.iter().any(|prefix| key.starts_with(prefix));
    let unused: Vec<&str> = english
        .keys()
        .difference(&used)
        .copied()
        .filter(|key| !of_word(key))
        .collect();
    assert!(unused.is_empty(), "used by no page: {unused:?}");
}

#[test]
fn every_language_has_exactly_the_keys_of_english_in_its_order() {
    let english = english();
    for catalogue in catalogues() {
        let (keys, wanted) = (catalogue.keys(), english.keys());
        let missing: Vec<&str> = wanted.difference(&keys).copied().collect();
        let too_many: Vec<&str> = keys.difference(&wanted).copied().collect();
        let code = &catalogue.code;
        assert!(
            missing.is_empty() && too_many.is_empty(),
            "{code}: missing {missing:?}, unknown {too_many:?}"
        );
        assert_eq!(catalogue.outlines, english.outlines, "{code}");
    }
}

#[test]
fn every_text_has_exactly_the_arguments_of_the_english_one() {
    let english = english();
    for catalogue in catalogues() {
        for (key, message) in &catalogue.messages {
            let wanted = &english.messages[key].arguments;
            assert_eq!(&message.arguments, wanted, "{} {key}", catalogue.code);
        }
    }
}

#[test]
fn the_plural_rules_of_every_language_are_known() {
    for catalogue in catalogues() {
        let expected: &[&str] = match catalogue.code.as_str() {
            "ru" => &["few", "many", "one"],
            "ja" | "zh" => &["other"],
            _ => &["one", "other"],
        };
        let categories = catalogue.categories();
        assert!(
            categories.iter().eq(expected),
            "{}: {categories:?}",
            catalogue.code
        );
    }
}

#[test]
fn every_choice_by_a_plural_has_all_categories_of_its_language() {
    let english = english();
    for catalogue in catalogues() {
        let categories = catalogue.categories();
        for (key, message) in &catalogue.messages {
            for named in &message.plurals {
                assert_eq!(named, &categories, "{} {key}", catalogue.code);
            }
            if !english.messages[key].plurals.is_empty() && categories.len() > 1 {
                assert!(
                    !message.plurals.is_empty(),
                    "{} {key} counts nothing",
                    catalogue.code
                );
            }
        }
    }
}

#[test]
fn nothing_was_left_in_english() {
    let (english, catalogues) = (english(), catalogues());
    let mut same = Vec::new();
    for catalogue in catalogues.iter().filter(|catalogue| catalogue.code != "en") {
        for (key, message) in &catalogue.messages {
            let original = english.messages[key].text.trim();
            let has_words = message.group != SIGNS && original.contains(|next: char| next.is_alphabetic());
            if has_words && message.text.trim() == original {
                same.push((catalogue.code.as_str(), key.as_str()));
            }
        }
    }
    let shared = |code: &str| {
        SHARED
            .iter()
            .find(|(own, _)| *own == code)
            .map_or(&[][..], |(_, keys)| keys)
    };
    let mut known = Vec::new();
    for catalogue in catalogues.iter().filter(|catalogue| catalogue.code != "en") {
        let mut keys = [NAMES, shared(&catalogue.code)].concat();
        keys.sort_unstable();
        known.extend(keys.into_iter().map(|key| (catalogue.code.as_str(), key)));
    }
    assert_eq!(same, known);
}

#[test]
fn every_language_has_its_own_marks() {
    for catalogue in catalogues() {
        let code = catalogue.code.as_str();
        for (key, message) in catalogue
            .messages
            .iter()
            .filter(|(_, message)| message.group != SIGNS)
        {
            let text = &message.text;
            for typewriter in ["'", "\"", "..."] {
                assert!(!text.contains(typewriter), "{code} {key}: {typewriter} in {text}");
            }
            let mut before = ' ';
            for mark in text.chars() {
                let is_right = match (code, mark) {
                    ("fr", ';' | '!' | '?') => before == '\u{202f}',
                    ("fr", ':') => before == '\u{a0}',
                    ("zh" | "ja", ',' | ';' | ':' | '!' | '?' | '(' | ')') => false,
                    _ => true,
                };
                assert!(is_right, "{code} {key}: {mark} in {text}");
                before = mark;
            }
        }
    }
}
