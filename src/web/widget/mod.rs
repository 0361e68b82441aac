//! The scripts that a shop puts into its own pages, and the frame in which they start a payment.
//!
//! `/widget.js` and `/donate-widget.js` run on the shop's page; `/widget/frame` and `/widget/create` on payd's own origin,
//! inside the overlay that the scripts open. Whatever a page sends can have been changed by the customer who looks at it:
//! what is sold, and for how much, is decided here from what the store's owner set, never from what was sent.

mod frame;
mod order;
mod page;
mod refusal;
mod script;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use url::Url;

use crate::engine::gateway::Gateway;
use crate::web::limits::Limits;

/// The longest form: its longest field, the order id, has at most 255 characters.
const FORM_BYTES_MAX: usize = 8 * 1024;

/// What the handlers need. Cheap to clone.
#[derive(Clone)]
struct WidgetState {
    gateway: Gateway,
    limits: Arc<Limits>,
    /// The path below which payd is mounted, without the closing slash; empty at the root.
    base: Arc<str>,
}

/// The two scripts, and the frame. The frame's style sheets and script are under `/assets/`. `public_url` is where browsers
/// find payd, with the path it is mounted under, if any.
pub fn router(gateway: Gateway, limits: Arc<Limits>, public_url: &str) -> Router {
    let url = Url::parse(public_url).ok();
    let base = url.as_ref().map_or("", Url::path).trim_end_matches('/').into();
    Router::new()
        .route("/widget.js", get(script::pay))
        .route("/donate-widget.js", get(script::donate))
        .route("/widget/frame", get(frame::frame))
        .route("/widget/create", post(frame::create))
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .with_state(WidgetState {
            gateway,
            limits,
            base,
        })
}
