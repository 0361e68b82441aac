//! The two scripts: each one file, put together from the parts under `assets/widget/` and the texts in the reader's
//! language. There is no build step, and nothing of a request but its language gets into a script.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use crate::web::assets;
use crate::web::text::{self, Language};

/// Shops put the scripts into their pages once and for all: an hour after an upgrade all have the new one.
const KEEP_FOR_AN_HOUR: &str = "public, max-age=3600";

/// The parts, by file name.
static PARTS: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| assets::texts("widget/").into_iter().collect());

#[derive(Debug, Default, Deserialize)]
struct Asked {
    lang: Option<String>,
}

/// `GET /widget.js`
pub(super) async fn pay(uri: Uri, headers: HeaderMap) -> Response {
    serve(&uri, &headers, "pay.js")
}

/// `GET /donate-widget.js`
pub(super) async fn donate(uri: Uri, headers: HeaderMap) -> Response {
    serve(&uri, &headers, "donate.js")
}

fn serve(uri: &Uri, headers: &HeaderMap, file: &str) -> Response {
    let asked = Query::<Asked>::try_from_uri(uri).unwrap_or_default().0.lang;
    let accepted = headers.get(header::ACCEPT_LANGUAGE);
    let language = text::choose(
        asked.as_deref(),
        accepted.and_then(|value| value.to_str().ok()),
        None,
    );
    let Some(script) = assembled(file, language, asked.is_some()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, KEEP_FOR_AN_HOUR),
        (header::VARY, "Accept-Language"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    // A shop's page that isolates itself from other sites (COEP) may load it all the same.
    let cross_origin = [("cross-origin-resource-policy", "cross-origin")];
    (headers, cross_origin, script).into_response()
}

/// One script: `TEXTS` and `STYLES` as JSON, the overlay, and what opens it, in a scope of their own.
fn assembled(file: &str, language: &'static Language, is_asked_for: bool) -> Option<String> {
    let texts = json!({
        "lang": language.code(),
        // Without it the frame speaks what its own request asks for, which may know the customer better.
        "isLangAsked": is_asked_for,
        "payTitle": language.say("widget-pay-title"),
        "donateTitle": language.say("widget-donate-title"),
        "close": language.say("widget-close"),
        "loading": language.say("widget-loading"),
        "unreachable": language.say("widget-unreachable"),
        "donate": language.say("widget-donate"),
        "donateText": language.say("widget-donate-text"),
        "dismiss": language.say("widget-dismiss"),
    });
    let styles = json!({ "overlay": PARTS.get("overlay.css")?, "donate": PARTS.get("donate.css")? });
    let (overlay, own) = (PARTS.get("overlay.js")?, PARTS.get(file)?);
    Some(format!(
        "\"use strict\";\n(() => {{\nconst TEXTS = {};\nconst STYLES = {};\n{overlay}\n{own}}})();\n",
        literal(&texts),
        literal(&styles),
    ))
}

/// JSON that means the same as JavaScript, wherever the script is put: no end of a script element, no line separators
/// that older engines take for line ends.
fn literal(value: &serde_json::Value) -> String {
    let escaped = |text: String, (from, to): (char, &str)| text.replace(from, to);
    let unsafe_in_scripts = [
        ('<', "\\u003c"),
        ('>', "\\u003e"),
        ('\u{2028}', "\\u2028"),
        ('\u{2029}', "\\u2029"),
    ];
    unsafe_in_scripts.into_iter().fold(value.to_string(), escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_end_the_script_it_stands_in() {
        let text = json!({ "a": "</script><!-- \u{2028}\u{2029} \" \\ '" });
        let written = literal(&text);
        assert!(!written.contains(['<', '>', '\u{2028}', '\u{2029}']), "{written}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&written).unwrap(), text);
    }

    #[test]
    fn the_scripts_are_small() {
        let language = text::choose(None, None, None);
        for file in ["pay.js", "donate.js"] {
            let script = assembled(file, language, false).unwrap();
            assert!(script.len() < 20_000, "{file} has {} bytes", script.len());
        }
    }
}
