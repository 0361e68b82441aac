//! Which language a reader is answered in. Knows the tags of the languages there are, not their words.

use super::{CATALOGUES, Language, languages};
use crate::domain::money::BaseUnits;

/// How many languages of an `Accept-Language` header are looked at.
const PREFERENCES_MAX: usize = 16;

/// The language to answer in: the one asked for in the URL, else the best of the `Accept-Language` header, else
/// the store's own, else English. What names no language that there is, is passed over.
#[must_use]
pub fn choose(
    asked_for: Option<&str>,
    accept_language: Option<&str>,
    stores_own: Option<&str>,
) -> &'static Language {
    asked_for
        .and_then(named)
        .or_else(|| best(&preferences(accept_language?)))
        .or_else(|| named(stores_own?))
        .unwrap_or(&CATALOGUES.default)
}

/// The language that a tag such as `pt-BR` names; `None` when there is none for it.
#[must_use]
pub fn named(tag: &str) -> Option<&'static Language> {
    best(&[tag])
}

/// The language that serves the tags best, which are in the order of preference. One that is only akin to a tag
/// serves where no other tag is served well.
fn best(tags: &[&str]) -> Option<&'static Language> {
    let close = tags.iter().find_map(|tag| close(tag));
    close.or_else(|| tags.iter().find_map(|tag| akin(tag)))
}

/// The language of a tag: `pt-PT` is answered by `pt-PT`, else by `pt`; Chinese in traditional characters only by
/// its own.
fn close(tag: &str) -> Option<&'static Language> {
    by_code(tag).or_else(|| akin(tag).filter(|_| !is_traditional_chinese(tag)))
}

fn akin(tag: &str) -> Option<&'static Language> {
    by_code(tag.split('-').next()?)
}

fn by_code(code: &str) -> Option<&'static Language> {
    languages().find(|language| language.code.eq_ignore_ascii_case(code))
}

/// Whether a tag (BCP 47) means the characters of Taiwan, Hong Kong and Macao: by its script, else by its region.
fn is_traditional_chinese(tag: &str) -> bool {
    let has = |subtag: &str| tag.split('-').any(|part| part.eq_ignore_ascii_case(subtag));
    has("zh") && (has("Hant") || (!has("Hans") && ["TW", "HK", "MO"].into_iter().any(has)))
}

/// The tags of an `Accept-Language` header (RFC 9110, 12.5.4), best first.
fn preferences(header: &str) -> Vec<&str> {
    let mut weighted: Vec<(u16, &str)> = header
        .split(',')
        .take(PREFERENCES_MAX)
        .map(|entry| {
            let (tag, parameters) = entry.split_once(';').unwrap_or((entry, ""));
            (weight(parameters), tag.trim())
        })
        .filter(|(weight, _)| *weight > 0)
        .collect();
    weighted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    weighted.into_iter().map(|(_, tag)| tag).collect()
}

/// A quality value in thousandths; 1000 when none is given, 0 when it is not one.
fn weight(parameters: &str) -> u16 {
    match parameters.trim().strip_prefix("q=") {
        None => 1000,
        Some(quality) => BaseUnits::from_decimal(quality, 3)
            .ok()
            .and_then(|thousandths| u16::try_from(thousandths.get()).ok())
            .filter(|thousandths| *thousandths <= 1000)
            .unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_decides_the_language_then_the_header_then_the_store_then_english() {
        for (asked_for, accepted, stores_own, code) in [
            (None, None, None, "en"),
            (Some("en"), None, None, "en"),
            (Some("EN-gb"), Some("ru"), Some("de"), "en"),
            (Some("ja"), Some("ru"), Some("de"), "ja"),
            (Some("../en"), Some(""), None, "en"),
            (Some("xx"), Some("ru"), Some("de"), "ru"),
            (Some(""), Some("xx, *"), Some("de"), "de"),
            (None, Some("xx, en-US;q=0.5, *"), Some("de"), "en"),
            (None, Some(";;,,q=,fr;q=9"), None, "en"),
            (None, None, Some("pt-BR"), "pt"),
            (None, None, Some("xx"), "en"),
        ] {
            let chosen = choose(asked_for, accepted, stores_own);
            assert_eq!(chosen.code(), code, "{asked_for:?} {accepted:?} {stores_own:?}");
        }
    }

    #[test]
    fn a_tag_names_a_language_that_there_is_or_none() {
        let code = |tag| named(tag).map(Language::code);
        assert_eq!(code("de-CH"), Some("de"));
        assert_eq!(code("zh-TW"), Some("zh"));
        for nothing in ["", "-", "d", "deutsch", "xx-de", "*", "de_DE", "../de"] {
            assert_eq!(code(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn a_region_is_answered_by_its_language() {
        for (tag, code) in [
            ("pt-PT", "pt"),
            ("pt-BR", "pt"),
            ("es-419", "es"),
            ("de-AT", "de"),
            ("fr-CA", "fr"),
            ("ja-JP", "ja"),
            ("ru-RU", "ru"),
            ("zh-CN", "zh"),
            ("zh-SG", "zh"),
            ("zh-Hans-HK", "zh"),
        ] {
            assert_eq!(choose(None, Some(tag), Some("en")).code(), code, "{tag}");
        }
    }

    #[test]
    fn readers_of_traditional_characters_get_simplified_ones_only_for_want_of_better() {
        for (accepted, code) in [
            ("zh-TW", "zh"),
            ("zh-Hant", "zh"),
            ("zh-TW,xx;q=0.9", "zh"),
            ("zh-TW,en;q=0.5", "en"),
            ("zh-Hant-HK,ja;q=0.1", "ja"),
            ("zh-mo, fr", "fr"),
            // A browser that names Chinese itself takes either.
            ("zh-TW,zh;q=0.9,en;q=0.8", "zh"),
        ] {
            assert_eq!(
                choose(None, Some(accepted), Some("de")).code(),
                code,
                "{accepted}"
            );
        }
        assert_eq!(choose(Some("zh-TW"), Some("en"), None).code(), "zh");
    }

    #[test]
    fn the_languages_of_a_header_are_tried_best_first_and_refused_ones_not_at_all() {
        assert_eq!(
            preferences("de;q=0.3, pt-BR , ru;q=0, fr; q=0.9,ja;q=nonsense"),
            ["pt-BR", "fr", "de"]
        );
        assert_eq!(preferences(&"en,".repeat(1000)).len(), PREFERENCES_MAX);
    }
}
