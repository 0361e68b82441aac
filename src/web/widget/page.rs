//! The two pages that are seen for a moment inside the overlay: the one that goes on to the payment by itself, and the
//! one that says why there is none.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use super::order::Asked;
use super::refusal::Refusal;
use crate::web::assets;
use crate::web::text::Language;

/// What is loaded comes from payd, and forms go to payd; who may show the page is added.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                              form-action 'self'; base-uri 'none'; frame-ancestors ";

/// A refusal has nothing on it to be clicked, and its reader has yet to find out what to set.
const ANYBODY: &str = "http: https:";

/// What both pages have.
struct Frame {
    t: &'static Language,
    style: String,
    script: String,
    icon: String,
}

impl Frame {
    fn new(t: &'static Language, base: &str) -> Self {
        let asset = |file: &str| format!("{base}{}", assets::path(file));
        Self {
            t,
            style: asset("checkout/checkout.css"),
            script: asset("widget/frame.js"),
            icon: asset("checkout/favicon.svg"),
        }
    }
}

#[derive(Template)]
#[template(path = "widget/start.html")]
struct StartPage<'a> {
    frame: Frame,
    origin: &'a str,
    action: String,
    fields: [(&'static str, &'a str); 9],
}

#[derive(Template)]
#[template(path = "widget/refused.html")]
struct RefusedPage<'a> {
    frame: Frame,
    origin: &'a str,
    can_retry: bool,
    detail: String,
    /// What the script of the shop's page is told, as JSON.
    error: String,
}

/// The page that sends its form by itself. Only pages of `origins` may show it.
pub(super) fn start(asked: &Asked, t: &'static Language, base: &str, origins: &[String]) -> Response {
    let page = StartPage {
        frame: Frame::new(t, base),
        origin: &asked.origin,
        action: format!("{base}/widget/create"),
        fields: [
            ("key", &asked.key),
            ("origin", &asked.origin),
            ("price", &asked.price),
            ("amount", &asked.amount),
            ("fiat_amount", &asked.fiat_amount),
            ("fiat_currency", &asked.fiat_currency),
            ("order_id", &asked.order_id),
            ("lang", &asked.lang),
            ("once", &asked.once),
        ],
    };
    shown(StatusCode::OK, page.render(), &origins.join(" "))
}

/// The page that says why not. `origin` is where its script may say so too: empty for nowhere.
pub(super) fn refused(refusal: &Refusal, origin: &str, t: &'static Language, base: &str) -> Response {
    let (code, status) = refusal.kind();
    let message = refusal.to_string();
    let page = RefusedPage {
        frame: Frame::new(t, base),
        origin,
        can_retry: refusal.is_passing(),
        error: json!({ "code": code, "message": message }).to_string(),
        detail: message,
    };
    let mut response = shown(status, page.render(), ANYBODY);
    if let Refusal::TooMany(too_many) = refusal {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, too_many.header());
    }
    response
}

fn shown(status: StatusCode, page: askama::Result<String>, ancestors: &str) -> Response {
    let mut response = (status, Html(page.unwrap_or_default())).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Without this header the layer around all routes adds the policy under which nobody may show it.
    if let Ok(policy) = HeaderValue::try_from(format!("{CONTENT_POLICY}{ancestors}")) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
