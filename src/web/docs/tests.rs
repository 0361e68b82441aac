//! The pages: that each says everything, in every language of programs, and loads nothing from elsewhere.

use axum::body::Body;
use axum::http::Request;
use tower::ServiceExt as _;

use super::reference::{Field, Reference};
use super::*;
use crate::ambient::SimulatedClock;
use crate::domain::time::UnixMillis;

const URL: &str = "https://pay.shop.example/below";

fn context() -> DocsContext {
    DocsContext::public(URL)
}

fn choice(query: &str) -> Choice {
    Choice::of(Some(query), &HeaderMap::new())
}

async fn get_page(path: &str) -> (StatusCode, HeaderMap, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let reply = router(Arc::new(Limits::none()), URL)
        .oneshot(request)
        .await
        .unwrap();
    let (head, body) = reply.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    (
        head.status,
        head.headers,
        String::from_utf8(bytes.to_vec()).unwrap(),
    )
}

fn described(dialect: Dialect) -> Reference {
    Reference::read(&description::text(dialect.word(), URL).unwrap()).unwrap()
}

#[tokio::test]
async fn every_api_has_its_page_and_its_description() {
    for dialect in Dialect::ALL {
        let word = dialect.word();
        let (status, headers, page) = get_page(&format!("/docs/{word}/")).await;
        assert_eq!(status, StatusCode::OK, "{word}");
        assert_eq!(headers[header::CONTENT_SECURITY_POLICY], CONTENT_POLICY);
        for call in described(*dialect).calls {
            assert!(
                page.contains(&format!("id=\"{}\"", call.anchor)),
                "{word} {}",
                call.anchor
            );
            assert!(
                page.contains(&call.path.replace('&', "&amp;")),
                "{word} {}",
                call.path
            );
        }
        let (status, headers, document) = get_page(&format!("/docs/{word}/openapi.json")).await;
        assert_eq!(
            (status, &headers[header::CONTENT_TYPE]),
            (StatusCode::OK, &HeaderValue::from_static("application/json"))
        );
        let document: serde_json::Value = serde_json::from_str(&document).unwrap();
        assert_eq!(document["servers"][0]["url"], URL);
        let (status, headers, _) = get_page(&format!("/docs/{word}")).await;
        assert!(status.is_redirection());
        assert_eq!(headers[header::LOCATION], format!("{word}/").as_str());
    }
    let (status, _, page) = get_page("/docs/").await;
    assert_eq!(status, StatusCode::OK);
    for dialect in Dialect::ALL {
        assert!(
            page.contains(&format!("href=\"/below/docs/{}/?code=php\"", dialect.word())),
            "{page}"
        );
    }
    for nothing in [
        "/docs/none",
        "/docs/none/",
        "/docs/none/openapi.json",
        "/docs/payhook/docs.js",
        "/docs/../docs.css",
    ] {
        assert_eq!(get_page(nothing).await.0, StatusCode::NOT_FOUND, "{nothing}");
    }
}

#[test]
fn every_api_has_two_programs_in_every_language_and_they_are_shown_whole() {
    for dialect in Dialect::ALL {
        for code in Code::ALL {
            let programs = programs::of(*dialect, code, &context());
            assert_eq!(programs.len(), 2, "{dialect:?} {code:?}");
            assert_eq!(Code::named(code.word()), Some(code));
            let page = super::dialect(&context(), *dialect, choice(&format!("code={}", code.word())));
            for program in programs {
                assert!(page.contains(&format!("data-program=\"{}\"", program.name)));
                let text: String = program
                    .lines
                    .iter()
                    .map(|(_, line)| format!("{line}\n"))
                    .collect();
                assert!(!text.contains("pay.example.com"), "{text}");
                let is_filled = text.contains(URL) || program.name.starts_with("webhook");
                assert!(is_filled, "{text}");
            }
        }
    }
}

#[test]
fn a_stores_own_values_are_filled_in_and_what_could_end_a_string_is_not() {
    let own = DocsContext {
        root: "/docs".to_owned(),
        store: Some("<b>Shop</b>".to_owned()),
        api_key: Some("pk_own_1".to_owned()),
        api_secret: Some("sk_own_2".to_owned()),
        webhook_secret: Some("whsec_own+3/=".to_owned()),
        back: Some("/".to_owned()),
        ..context()
    };
    for code in Code::ALL {
        let page = super::dialect(&own, Dialect::Soko, choice(&format!("code={}", code.word())));
        for value in ["pk_own_1", "sk_own_2", "whsec_own+3/=", URL] {
            assert!(page.contains(value), "{code:?} has no {value}");
        }
        for stand_in in ["pk_your_key", "sk_your_secret", "your_webhook_secret", "<b>Shop"] {
            assert!(!page.contains(stand_in), "{code:?} has {stand_in}");
        }
    }
    for hostile in ["'; exit(); '", "\"", "a\\", "a\nb", "$(id)", "`id`", "${x}"] {
        let own = DocsContext {
            api_key: Some(hostile.to_owned()),
            ..context()
        };
        let page = super::dialect(&own, Dialect::Payhook, choice(""));
        assert!(page.contains("pk_your_key"), "{hostile}");
    }
}

#[test]
fn the_choice_is_kept_from_page_to_page() {
    let page = super::dialect(&context(), Dialect::Payhook, choice("code=go&lang=de"));
    assert!(page.contains("<html lang=\"de\">"));
    assert!(
        page.contains("href=\"/below/docs/soko/?code=go&amp;lang=de\"")
            || page.contains("href=\"/below/docs/soko/?code=go&#38;lang=de\""),
        "{page}"
    );
    assert!(page.contains("package main"));
    let plain = choice("code=cobol&lang=../x");
    assert_eq!((plain.code, plain.query().as_str()), (Code::Php, "?code=php"));
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("fr"));
    assert_eq!(Choice::of(None, &headers).language.code(), "fr");
}

#[test]
fn nothing_on_the_pages_is_loaded_from_elsewhere_or_run_in_the_page() {
    let mut pages = vec![overview(&context(), choice(""))];
    pages.extend(
        Dialect::ALL
            .iter()
            .map(|dialect| super::dialect(&context(), *dialect, choice(""))),
    );
    for page in pages {
        for attribute in ["src=\"", "href=\""] {
            for link in page.split(attribute).skip(1) {
                let is_own = link.starts_with(['/', '#', '?']) && !link.starts_with("//");
                assert!(is_own, "{}", link.split('"').next().unwrap());
            }
        }
        for forbidden in ["style=\"", "<style", "onclick", "javascript:"] {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
        assert_eq!(page.matches("<script").count(), 1);
    }
}

#[test]
fn everything_that_a_description_names_is_described() {
    let told = |dialect: Dialect, fields: &[Field]| {
        for field in fields {
            assert_ne!(field.about.html(), "", "{dialect:?} {}", field.name);
            assert_ne!(field.kind, "", "{dialect:?} {}", field.name);
        }
    };
    for dialect in Dialect::ALL {
        let reference = described(*dialect);
        assert!(!reference.schemes.is_empty());
        for call in &reference.calls {
            assert_ne!(
                (call.summary.as_str(), call.anchor.as_str()),
                ("", ""),
                "{dialect:?} {}",
                call.path
            );
            told(*dialect, &call.parameters);
            told(*dialect, &call.body);
            for reply in &call.replies {
                told(*dialect, &reply.fields);
                assert!(
                    !reply.fields.is_empty() || reply.fields_at.is_some(),
                    "{dialect:?} {}",
                    call.path
                );
            }
            assert!(call.errors.len() > 1, "{dialect:?} {}", call.path);
            assert!(call.error_example.contains('{'));
        }
        let webhooks = &reference.webhooks;
        told(*dialect, &webhooks.fields);
        assert!(!webhooks.events.is_empty() && !webhooks.headers.is_empty() && !webhooks.fields.is_empty());
        assert_ne!(webhooks.signature.html(), "");
        assert_ne!(webhooks.acknowledged.html(), "");
    }
}

#[tokio::test]
async fn who_asks_for_too_much_is_told_to_wait() {
    let clock = Arc::new(SimulatedClock::starting_at(UnixMillis::from_seconds(
        1_700_000_000,
    )));
    let routes = router(Arc::new(Limits::new(clock)), URL);
    let mut refused = None;
    for _ in 0..100 {
        let request = Request::get("/docs/").body(Body::empty()).unwrap();
        let reply = routes.clone().oneshot(request).await.unwrap();
        if reply.status() != StatusCode::OK {
            refused = Some(reply);
            break;
        }
    }
    let refused = refused.unwrap();
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers().contains_key(header::RETRY_AFTER));
}
