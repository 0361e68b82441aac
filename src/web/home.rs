//! The front page, and the plain page that says one thing. Shows nothing that not everybody may know.

use std::sync::LazyLock;

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("home.css");

const FRONT: &str = r#"<p class="mark" aria-hidden="true">payd</p>
<h1>This is payd, and it is running.</h1>
<p>A self-hosted payment daemon. It watches its owner's addresses on the chains and tells the shop when a payment
has come in. It holds no keys: money goes from the customer's wallet straight to the merchant's.</p>
<p>If you are here to pay, please open the payment link that the shop gave you.</p>
<nav aria-label="For developers">
<a href="docs/"><b>API documentation</b><span>five APIs, with programs that run as they stand</span></a>
<a href="api/v1/schema/"><b>OpenAPI schema</b><span>for code generators and tools</span></a>
<a href="readyz"><b>Readiness</b><span>what this payd is waiting for, if anything</span></a>
</nav>"#;

/// The style is written into the page; its hash lets it through and no other.
static CONTENT_POLICY: LazyLock<Option<HeaderValue>> = LazyLock::new(|| {
    let hash = BASE64.encode(Sha256::digest(STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).ok()
});

/// `GET /`.
pub fn router() -> Router {
    Router::new().route("/", get(async || page(StatusCode::OK, "payd", FRONT)))
}

/// A page that says one thing. `message` is payd's own text, never a visitor's.
pub(super) fn message_page(status: StatusCode, message: &str) -> Response {
    let reason = status.canonical_reason().unwrap_or("payd");
    let body = format!(
        "<p class=\"mark\" aria-hidden=\"true\">{}</p>\n<h1>{message}</h1>",
        status.as_u16()
    );
    page(status, reason, &body)
}

fn page(status: StatusCode, title: &str, body: &str) -> Response {
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n\
         <body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    );
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    let mut response = (status, kind, html).into_response();
    if let Some(policy) = &*CONTENT_POLICY {
        response
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, policy.clone());
    }
    response
}
