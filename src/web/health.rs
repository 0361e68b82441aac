//! `/healthz`: the process answers. `/readyz`: it can do its work; if not, what is in the way.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use futures_util::future::BoxFuture;
use serde_json::{Map, Value, json};

/// What is in the way of working; nothing when all is well.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Readiness {
    /// Each part that does not work, with why.
    pub faults: Vec<(String, String)>,
}

/// Looks whether the daemon can do its work.
pub type ReadinessCheck = Arc<dyn Fn() -> BoxFuture<'static, Readiness> + Send + Sync>;

/// The two pages.
pub fn router(check: ReadinessCheck) -> Router {
    Router::new()
        .route("/healthz", get(|| async { Json(json!({ "status": "ok" })) }))
        .route("/readyz", get(ready))
        .with_state(check)
}

async fn ready(State(check): State<ReadinessCheck>) -> impl IntoResponse {
    let Readiness { faults } = check().await;
    if faults.is_empty() {
        return (StatusCode::OK, Json(json!({ "status": "ready" })));
    }
    let faults: Map<String, Value> = faults
        .into_iter()
        .map(|(part, why)| (part, Value::String(why)))
        .collect();
    (
        StatusCode::SERVICE_UNAVAILABLE,
        Json(json!({ "status": "not ready", "faults": faults })),
    )
}
