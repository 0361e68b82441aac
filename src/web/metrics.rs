//! Metrics in Prometheus' text format, on a listener of their own: they are the operator's, not the customers'.

use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::routing::get;

/// `GET /metrics`, written by `render`.
pub fn router(render: impl Fn() -> String + Send + Sync + 'static) -> Router {
    let render = Arc::new(render);
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    Router::new().route("/metrics", get(move || async move { (kind, render()) }))
}
