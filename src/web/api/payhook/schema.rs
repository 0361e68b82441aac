//! The description of PayHook's API as OpenAPI 3.0, at the address that its page names. The document is a file; tests
//! hold it against the types.

#[cfg(test)]
pub(super) mod described;

use std::sync::Arc;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;

use crate::web::api::description;

/// Where the document is.
const SCHEMA_PATH: &str = "/api/v1/schema/";

/// The document at `/api/v1/schema/`. `public_url` has no closing slash.
pub(super) fn router(public_url: &str) -> Router {
    let public_url: Arc<str> = public_url.into();
    let schema = move || {
        let document = description::text("payhook", &public_url);
        let kind = [(header::CONTENT_TYPE, "application/json")];
        async move {
            document.map_or_else(
                || StatusCode::NOT_FOUND.into_response(),
                |document| (kind, document).into_response(),
            )
        }
    };
    Router::new()
        .route("/api/v1/schema", get(schema.clone()))
        .route(SCHEMA_PATH, get(schema))
}
