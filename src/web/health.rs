//! `/healthz`: the process answers. `/readyz`: it can do its work. What readiness takes is told by whoever knows.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use futures_util::future::BoxFuture;
use serde::Serialize;

use super::answer;

/// Tells what stands in the way of work.
pub trait Readiness: Send + Sync + 'static {
    /// What is not ready; nothing when payd is. Served to everybody: no secrets, no URLs.
    fn not_ready(&self) -> BoxFuture<'_, Vec<NotReady>>;
}

/// Something that is not ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotReady {
    /// Which part: `store`, or a network's name.
    pub part: String,
    /// What is wrong with it.
    pub reason: String,
}

#[derive(Serialize)]
struct Live {
    status: &'static str,
}

#[derive(Serialize)]
struct Ready {
    ready: bool,
    not_ready: Vec<NotReady>,
}

/// The two checks.
pub fn router(readiness: Arc<dyn Readiness>) -> Router {
    let ready = move || {
        let readiness = Arc::clone(&readiness);
        async move { ready(readiness.not_ready().await) }
    };
    let live = async || answer::json(StatusCode::OK, &Live { status: "ok" });
    Router::new()
        .route("/healthz", get(live))
        .route("/readyz", get(ready))
}

fn ready(not_ready: Vec<NotReady>) -> Response {
    let ready = not_ready.is_empty();
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    answer::json(status, &Ready { ready, not_ready })
}
