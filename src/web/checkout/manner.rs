//! How the pages are to be shown, as the URL says it. Every link and form of the flow keeps it.

use axum::extract::Query;
use axum::http::Uri;
use serde::Deserialize;

use super::framing::is_origin;
use crate::web::text::{self, Language};

/// The query of every URL here.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    lang: Option<String>,
    embed: Option<String>,
    origin: Option<String>,
}

/// How the pages are to be shown, as far as the URL says it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Manner {
    /// The language, where the URL names one.
    pub(super) language: Option<&'static str>,
    /// Whether they stand in a frame of another page.
    pub(super) is_embedded: bool,
    /// The origin of that page, as it says itself.
    pub(super) parent: Option<String>,
}

impl Manner {
    /// What a URL says.
    pub(super) fn of(uri: &Uri) -> Self {
        let asked = Query::<Asked>::try_from_uri(uri).unwrap_or_default().0;
        let is_embedded = asked.embed.as_deref() == Some("1");
        Self {
            language: asked.lang.and_then(|tag| text::named(&tag)).map(Language::code),
            is_embedded,
            parent: asked.origin.filter(|origin| is_embedded && is_origin(origin)),
        }
    }

    /// The same in another language.
    pub(super) fn in_language(&self, code: &'static str) -> Self {
        Self {
            language: Some(code),
            ..self.clone()
        }
    }

    /// The query of a URL that says `named` and all of this: `?token=..&lang=..`, or nothing.
    pub(super) fn query(&self, named: &[(&str, &str)]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(named);
        if let Some(code) = self.language {
            query.append_pair("lang", code);
        }
        if self.is_embedded {
            query.append_pair("embed", "1");
        }
        if let Some(parent) = &self.parent {
            query.append_pair("origin", parent);
        }
        match query.finish() {
            text if text.is_empty() => text,
            text => format!("?{text}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manner(query: &str) -> Manner {
        Manner::of(&format!("/pay/x{query}").parse().unwrap())
    }

    #[test]
    fn what_a_url_says_is_kept_in_the_next() {
        for query in [
            "",
            "?lang=en",
            "?embed=1",
            "?lang=en&embed=1&origin=https%3A%2F%2Fshop.example",
            "?embed=1&origin=http%3A%2F%2F10.0.0.5%3A8080",
        ] {
            assert_eq!(manner(query).query(&[]), query);
        }
        assert_eq!(
            manner("?lang=en&embed=1").query(&[("token", "a b")]),
            "?token=a+b&lang=en&embed=1"
        );
    }

    #[test]
    fn what_is_no_origin_or_stands_in_no_frame_is_not_kept() {
        for query in [
            "?embed=1&origin=*",
            "?embed=1&origin=null",
            "?embed=1&origin=https%3A%2F%2Fshop.example%2F",
            "?embed=1&origin=https%3A%2F%2Fuser%40shop.example",
            "?embed=1&origin=javascript%3Aalert(1)",
        ] {
            assert_eq!(manner(query).query(&[]), "?embed=1", "{query}");
        }
        assert_eq!(manner("?origin=https%3A%2F%2Fshop.example").query(&[]), "");
        assert_eq!(manner("?embed=2").query(&[]), "");
    }

    #[test]
    fn a_language_that_nobody_speaks_here_is_passed_over() {
        assert_eq!(manner("?lang=tlh").query(&[]), "");
        assert_eq!(manner("?lang=EN-gb").query(&[]), "?lang=en");
        assert_eq!(manner("?lang=ru").in_language("de").query(&[]), "?lang=de");
    }
}
