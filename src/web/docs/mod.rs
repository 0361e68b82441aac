//! The documentation of the five APIs: an overview, and of each API a quick start in six languages with the reference
//! below it. Knows the descriptions and the programs, which are files, and nothing of payments.
//!
//! The pages are made by functions of a [`DocsContext`], so that they can be shown with a store's own values too.

mod node;
mod page;
mod programs;
mod prose;
mod reference;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use url::Url;

pub use self::page::{dialect, overview};
pub use self::programs::Code;
use super::api::description;
use super::cors::open_to_all_sites;
use super::limits::{ClientAddress, Kind, Limits};
use super::text::{self, Language};
use super::{answer, home};
use crate::domain::shop::Dialect;

/// Everything on the pages comes from payd, and there is nothing to send.
pub const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                                  form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// Whose values the pages show, and where they are.
#[derive(Debug, Clone, Default)]
pub struct DocsContext {
    /// Where the APIs are, such as `https://pay.example.com`, without the closing slash.
    pub base_url: String,
    /// The path of the overview without the closing slash, such as `/docs`.
    pub root: String,
    /// The path before `/assets/...`; empty at the root of a site.
    pub assets: String,
    /// The store whose values are filled in.
    pub store: Option<String>,
    /// A key for the programs; without one they show a stand-in.
    pub api_key: Option<String>,
    /// The key's secret.
    pub api_secret: Option<String>,
    /// The secret that the store's webhooks are signed with.
    pub webhook_secret: Option<String>,
    /// A link back to where the reader came from.
    pub back: Option<String>,
}

impl DocsContext {
    /// For everybody: no store's values. `public_url` is where customers find payd.
    #[must_use]
    pub fn public(public_url: &str) -> Self {
        let base_url = public_url.trim_end_matches('/').to_owned();
        let path = Url::parse(public_url).map(|url| url.path().trim_end_matches('/').to_owned());
        let assets = path.unwrap_or_default();
        Self {
            root: format!("{assets}/docs"),
            assets,
            base_url,
            ..Self::default()
        }
    }
}

/// How a reader wants a page.
#[derive(Clone, Copy)]
pub struct Choice {
    /// The language of the page's own words.
    pub language: &'static Language,
    /// The language that programs are shown in.
    pub code: Code,
    /// Whether the language was asked for in the URL: links keep it then.
    is_in_url: bool,
}

impl Choice {
    /// Reads `?lang=` and `?code=` of a query, and which languages the browser speaks.
    #[must_use]
    pub fn of(query: Option<&str>, headers: &HeaderMap) -> Self {
        let pairs = || url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        let value = |wanted: &str| pairs().find_map(|(name, value)| (name == wanted).then_some(value));
        let accepted = headers.get(header::ACCEPT_LANGUAGE);
        let accepted = accepted.and_then(|value| value.to_str().ok());
        let lang = value("lang");
        Self {
            language: text::choose(lang.as_deref(), accepted, None),
            code: value("code")
                .and_then(|word| Code::named(&word))
                .unwrap_or(Code::Php),
            is_in_url: lang.is_some_and(|lang| text::named(&lang).is_some()),
        }
    }

    /// The same, in this language unless the URL asks for another.
    #[must_use]
    pub fn preferring(self, language: &'static Language) -> Self {
        if self.is_in_url {
            self
        } else {
            Self { language, ..self }
        }
    }

    /// The query of a link that keeps the choice.
    fn query(self) -> String {
        let lang = if self.is_in_url { self.language.code() } else { "" };
        let lang = if lang.is_empty() {
            String::new()
        } else {
            format!("&lang={lang}")
        };
        format!("?code={}{lang}", self.code.word())
    }

    fn with_code(self, code: Code) -> Self {
        Self { code, ..self }
    }

    fn in_language(self, language: &'static Language) -> Self {
        Self {
            language,
            is_in_url: true,
            ..self
        }
    }
}

#[derive(Clone)]
struct Docs {
    context: Arc<DocsContext>,
    limits: Arc<Limits>,
}

/// The pages for everybody: `/docs/`, `/docs/{api}/` and `/docs/{api}/openapi.json`. `public_url` is where customers find
/// payd.
pub fn router(limits: Arc<Limits>, public_url: &str) -> Router {
    let docs = Docs {
        context: Arc::new(DocsContext::public(public_url)),
        limits,
    };
    Router::new()
        .route("/docs", get(async || Redirect::permanent("docs/")))
        .route("/docs/", get(show_overview))
        .route("/docs/{api}", get(with_slash))
        .route("/docs/{api}/", get(show_dialect))
        .route(
            "/docs/{api}/openapi.json",
            open_to_all_sites(get(show_description)),
        )
        .with_state(docs)
}

async fn with_slash(uri: Uri, Path(api): Path<String>) -> Response {
    match api.parse::<Dialect>() {
        Ok(dialect) => Redirect::permanent(&format!("{}/", dialect.word())).into_response(),
        Err(_) => answer::not_found(uri).await.into_response(),
    }
}

async fn show_overview(
    State(docs): State<Docs>,
    client: ClientAddress,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    if let Some(refusal) = docs.refusal(client) {
        return refusal;
    }
    let choice = Choice::of(query.as_deref(), &headers);
    shown(overview(&docs.context, choice))
}

async fn show_dialect(
    State(docs): State<Docs>,
    client: ClientAddress,
    uri: Uri,
    Path(api): Path<String>,
    headers: HeaderMap,
) -> Response {
    if let Some(refusal) = docs.refusal(client) {
        return refusal;
    }
    let Ok(api) = api.parse::<Dialect>() else {
        return answer::not_found(uri).await.into_response();
    };
    let choice = Choice::of(uri.query(), &headers);
    shown(dialect(&docs.context, api, choice))
}

async fn show_description(
    State(docs): State<Docs>,
    client: ClientAddress,
    uri: Uri,
    Path(api): Path<String>,
) -> Response {
    if let Some(refusal) = docs.refusal(client) {
        return refusal;
    }
    match description::text(&api, &docs.context.base_url) {
        Some(document) => ([(header::CONTENT_TYPE, "application/json")], document).into_response(),
        None => answer::not_found(uri).await.into_response(),
    }
}

impl Docs {
    /// What is said to who asks for too much.
    fn refusal(&self, client: ClientAddress) -> Option<Response> {
        let refused = self.limits.check(Kind::Read, client, None).err()?;
        let message = "Too many pages were asked for from this address. Please try again in a moment.";
        let mut response = home::message_page(StatusCode::TOO_MANY_REQUESTS, message);
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, refused.header());
        Some(response)
    }
}

fn shown(page: String) -> Response {
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(CONTENT_POLICY),
        ),
    ];
    (headers, page).into_response()
}
