//! How a page is answered with.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};

/// A page.
pub(super) fn html(page: &impl Template) -> Response {
    html_with(StatusCode::OK, page)
}

/// A page with a status of its own.
pub(super) fn html_with(status: StatusCode, page: &impl Template) -> Response {
    let text = page.render().unwrap_or_else(|error| {
        tracing::error!(%error, "a page could not be written");
        String::new()
    });
    (status, Html(text)).into_response()
}
