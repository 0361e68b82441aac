//! `/metrics` for Prometheus, on a listener of its own: what a shop takes in is nobody else's business.

use std::sync::Arc;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;

/// The page, rendered anew at each call.
pub fn router(render: Arc<dyn Fn() -> String + Send + Sync>) -> Router {
    let page = move || async move { ([(CONTENT_TYPE, "text/plain; version=0.0.4")], render()) };
    Router::new().route("/metrics", get(page))
}
