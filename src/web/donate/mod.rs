//! The page on which people give to a store, and the call by which programs let them. Works without JavaScript, and in a
//! frame of any site.
//!
//! Knows payments only as the engine shows them; takes no decision about money.

mod call;
mod gift;
mod handlers;
mod look;
mod page;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
mod wire;

use std::sync::Arc;

use axum::Router;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, header};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{get, post};
use url::Url;

use crate::engine::gateway::Gateway;
use crate::web::cors::open_to_all_sites;
use crate::web::limits::Limits;

/// What the donation page needs. Cheap to clone.
#[derive(Clone)]
struct DonateState {
    gateway: Gateway,
    limits: Arc<Limits>,
    /// Where customers find payd, without the closing slash.
    public_url: Arc<str>,
    /// The path of it: empty at the root of a site.
    base: Arc<str>,
}

/// `GET /donate/{api_key}`, and `POST /donate/create`, which pages of other sites may call. `public_url` is where customers
/// find payd.
pub fn router(gateway: Gateway, limits: Arc<Limits>, public_url: &str) -> Router {
    let public_url = public_url.trim_end_matches('/');
    let base = Url::parse(public_url).map(|url| url.path().trim_end_matches('/').to_owned());
    let state = DonateState {
        gateway,
        limits,
        public_url: public_url.into(),
        base: base.unwrap_or_default().into(),
    };
    Router::new()
        .route("/donate/{api_key}", get(handlers::page))
        .route("/donate/create", open_to_all_sites(post(handlers::create)))
        .layer(map_response(harden))
        .with_state(state)
}

async fn harden(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
    ] {
        headers.insert(name, value);
    }
    response
}
