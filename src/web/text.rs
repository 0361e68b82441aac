//! What pages say, in the reader's language: fluent catalogues from `assets/i18n`, a folder per language with a file
//! per area of pages. Adding a language is adding a folder. Knows no page.
//!
//! A language is parsed when it is first spoken: who serves one language does not hold eight in memory.
//!
//! Amounts to send are not written here: wallets take a point and no grouping in every language.

use std::collections::BTreeSet;
use std::sync::{LazyLock, OnceLock};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::domain::money::{Fiat, FiatAmount};
use crate::domain::time::UnixMillis;
use crate::web::assets;

mod choice;

pub use choice::{choose, named};

/// The language of the catalogue that the others fall back to.
const DEFAULT_CODE: &str = "en";

/// Where the languages' folders are.
const FOLDER: &str = "i18n/";

/// The key under which a language says its own name, in a line of its own.
const NAME: &str = "language-name";

static CATALOGUES: LazyLock<Catalogues> = LazyLock::new(Catalogues::load);

/// Every language there is, the default one apart.
struct Catalogues {
    default: Language,
    others: Vec<Language>,
}

/// One language: the words for every key.
pub struct Language {
    code: String,
    name: OnceLock<String>,
    bundle: OnceLock<Bundle>,
}

type Bundle = FluentBundle<FluentResource>;

/// All languages, the default one first.
pub fn languages() -> impl Iterator<Item = &'static Language> {
    std::iter::once(&CATALOGUES.default).chain(&CATALOGUES.others)
}

impl Language {
    /// The BCP 47 tag, as HTML's `lang` takes it.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// What the language is called by those who speak it. Read without parsing the catalogue: every page names
    /// every language.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.get_or_init(|| {
            let sources = sources(&self.code);
            let lines = sources.iter().flat_map(|source| source.lines());
            let mut values = lines.filter_map(|line| line.strip_prefix(NAME)?.trim_start().strip_prefix('='));
            values
                .next()
                .map_or_else(|| self.code.clone(), |name| name.trim().to_owned())
        })
    }

    /// The text of a message without arguments.
    #[must_use]
    pub fn say(&self, key: &str) -> String {
        self.say_with(key, &[])
    }

    /// The text of a message with its arguments. Text in arguments comes out as it went in, not yet escaped for
    /// HTML.
    #[must_use]
    pub fn say_with(&self, key: &str, arguments: &[(&'static str, FluentValue<'_>)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in arguments {
            args.set(*name, value.clone());
        }
        self.format(key, &args)
            .or_else(|| CATALOGUES.default.format(key, &args))
            .unwrap_or_else(|| key.to_owned())
    }

    /// A price as the language writes it: `$1,250.00`; a currency without a sign of its own by its code, `1,250.000 KWD`.
    #[must_use]
    pub fn price(&self, price: FiatAmount) -> String {
        let amount = self.number(&price.amount());
        let key = match price.currency {
            Fiat::Usd => "price-usd",
            Fiat::Eur => "price-eur",
            Fiat::Rub => "price-rub",
            Fiat::Cny => "price-cny",
            Fiat::Gbp => "price-gbp",
            Fiat::Jpy => "price-jpy",
            Fiat::Brl => "price-brl",
            other => return format!("{amount}\u{a0}{other}"),
        };
        self.say_with(key, &[("amount", amount.into())])
    }

    /// A decimal number such as `60086.5` as the language writes it: `60,086.5`.
    #[must_use]
    pub fn number(&self, decimal: &str) -> String {
        let (whole, part) = decimal.split_once('.').unwrap_or((decimal, ""));
        let whole = grouped(whole, &self.say("digit-group"));
        if part.is_empty() {
            return whole;
        }
        format!("{whole}{}{part}", self.say("decimal-mark"))
    }

    /// A point in time to the minute, in UTC.
    #[must_use]
    pub fn moment(&self, at: UnixMillis) -> String {
        let Some(utc) = at.utc() else {
            return String::new();
        };
        let arguments = [
            ("day", utc.day().into()),
            ("month", u8::from(utc.month()).into()),
            ("year", utc.year().to_string().into()),
            ("hour", format!("{:02}", utc.hour()).into()),
            ("minute", format!("{:02}", utc.minute()).into()),
        ];
        self.say_with("moment", &arguments)
    }

    fn format(&self, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        let bundle = self
            .bundle
            .get_or_init(|| bundle(&self.code, sources(&self.code)));
        let pattern = bundle.get_message(key)?.value()?;
        // An argument that a catalogue forgot shows as `{$name}`: seen by the tests, harmless on a page.
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(args), &mut errors);
        Some(text.into_owned())
    }

    fn new(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            name: OnceLock::new(),
            bundle: OnceLock::new(),
        }
    }
}

/// The files of a language's folder.
fn sources(code: &str) -> Vec<String> {
    let files = assets::texts(&format!("{FOLDER}{code}/"));
    files.into_iter().map(|(_, source)| source).collect()
}

fn bundle(code: &str, sources: Vec<String>) -> Bundle {
    let identifier: Option<LanguageIdentifier> = code.parse().ok();
    let mut bundle = FluentBundle::new_concurrent(identifier.into_iter().collect());
    // Marks around every argument would end up in copied text.
    bundle.set_use_isolating(false);
    for source in sources {
        let (Ok(resource) | Err((resource, _))) = FluentResource::try_new(source);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

impl Catalogues {
    fn load() -> Self {
        let codes: BTreeSet<String> = assets::bundles(FOLDER).into_iter().collect();
        let others = codes.iter().filter(|code| **code != DEFAULT_CODE);
        Self {
            default: Language::new(DEFAULT_CODE),
            others: others.map(|code| Language::new(code)).collect(),
        }
    }
}

/// Puts `separator` between groups of three digits, from the right.
fn grouped(digits: &str, separator: &str) -> String {
    let count = digits.len();
    let mut text = String::with_capacity(count.saturating_mul(2));
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && count.saturating_sub(index).is_multiple_of(3) {
            text.push_str(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests;
