//! The answers that belong to no single page or API: JSON in general, and what is said where nothing is found.
//! API paths are answered in JSON, all others with a page.

use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::home;

/// A JSON answer. Something that cannot be written as JSON is a fault inside payd, and is logged here.
pub fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => (status, [(header::CONTENT_TYPE, "application/json")], bytes).into_response(),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written as JSON");
            let text = r#"{"error":"internal error","code":"internal_error"}"#;
            let kind = [(header::CONTENT_TYPE, "application/json")];
            (StatusCode::INTERNAL_SERVER_ERROR, kind, text).into_response()
        }
    }
}

/// A refusal by payd itself, before any API or page was asked.
#[derive(Serialize)]
struct Refusal<'a> {
    error: &'a str,
    code: &'a str,
}

/// A refusal by payd itself, before or after any API or page was asked: JSON or a page, by the path.
pub(super) fn refusal(path: &str, status: StatusCode, code: &str, error: &str) -> Response {
    if is_api(path) {
        json(status, &Refusal { error, code })
    } else {
        home::message_page(status, error)
    }
}

/// Whether a path is spoken to by programs rather than by people.
pub(super) fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// There is nothing here.
pub(super) async fn not_found(uri: Uri) -> Response {
    if is_api(uri.path()) {
        return json(
            StatusCode::NOT_FOUND,
            &serde_json::json!({"detail": "Not found."}),
        );
    }
    home::message_page(StatusCode::NOT_FOUND, "There is nothing at this address.")
}

/// There is something here, but not for this method. The router adds `Allow`.
pub(super) async fn method_not_allowed(method: Method, uri: Uri) -> Response {
    if is_api(uri.path()) {
        let detail = format!("Method \"{method}\" not allowed.");
        return json(
            StatusCode::METHOD_NOT_ALLOWED,
            &serde_json::json!({"detail": detail}),
        );
    }
    home::message_page(
        StatusCode::METHOD_NOT_ALLOWED,
        "This address does not take such requests.",
    )
}
