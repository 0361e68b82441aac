//! The page a customer pays on: what to send where, and live what has come of it. Works without JavaScript.
//!
//! Knows payments only as the engine shows them; takes no decision about money.

mod events;
mod handlers;
mod page;
mod problem;
mod qr;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
mod uri;
mod view;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, header};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{get, post};
use futures_util::future::BoxFuture;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::ambient::Clock;
use crate::domain::ids::PaymentId;
use crate::engine::gateway::{Choice, Gateway, GatewayError, PaymentView, PublicName, Scenario};
use crate::web::assets;

/// The largest form there is here holds one word.
const FORM_BYTES_MAX: usize = 1024;

/// Nothing is loaded from elsewhere, nothing runs that is not a file of payd's own.
const CONTENT_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// What the pages ask of the engine.
pub trait Payments: Send + Sync + 'static {
    /// The payment behind a checkout URL. As [`Gateway::by_public_name`].
    fn by_public_name<'a>(&'a self, name: &'a PublicName)
    -> BoxFuture<'a, Result<PaymentView, GatewayError>>;

    /// What it can be paid with. As [`Gateway::choices`].
    fn choices<'a>(&'a self, view: &'a PaymentView) -> BoxFuture<'a, Result<Vec<Choice>, GatewayError>>;

    /// Makes the customer's choice. As [`Gateway::choose`].
    fn choose<'a>(
        &'a self,
        name: &'a PublicName,
        code: &'a str,
    ) -> BoxFuture<'a, Result<PaymentView, GatewayError>>;

    /// Who may show it in a frame. As [`Gateway::frame_origins`].
    fn frame_origins<'a>(&'a self, view: &'a PaymentView)
    -> BoxFuture<'a, Result<Vec<String>, GatewayError>>;

    /// Acts on a test payment's chain. As [`Gateway::simulate`].
    fn simulate<'a>(
        &'a self,
        name: &'a PublicName,
        scenario: Scenario,
    ) -> BoxFuture<'a, Result<(), GatewayError>>;

    /// Says which payments may have changed. As [`Gateway::changes`].
    fn changes(&self) -> broadcast::Receiver<PaymentId>;
}

impl Payments for Gateway {
    fn by_public_name<'a>(
        &'a self,
        name: &'a PublicName,
    ) -> BoxFuture<'a, Result<PaymentView, GatewayError>> {
        Box::pin(Self::by_public_name(self, name.clone()))
    }

    fn choices<'a>(&'a self, view: &'a PaymentView) -> BoxFuture<'a, Result<Vec<Choice>, GatewayError>> {
        Box::pin(Self::choices(self, view))
    }

    fn choose<'a>(
        &'a self,
        name: &'a PublicName,
        code: &'a str,
    ) -> BoxFuture<'a, Result<PaymentView, GatewayError>> {
        Box::pin(Self::choose(self, name.clone(), code))
    }

    fn frame_origins<'a>(
        &'a self,
        view: &'a PaymentView,
    ) -> BoxFuture<'a, Result<Vec<String>, GatewayError>> {
        Box::pin(Self::frame_origins(self, view))
    }

    fn simulate<'a>(
        &'a self,
        name: &'a PublicName,
        scenario: Scenario,
    ) -> BoxFuture<'a, Result<(), GatewayError>> {
        Box::pin(Self::simulate(self, name.clone(), scenario))
    }

    fn changes(&self) -> broadcast::Receiver<PaymentId> {
        Self::changes(self)
    }
}

/// What the checkout pages need. Cheap to clone.
#[derive(Clone)]
pub struct CheckoutState {
    payments: Arc<dyn Payments>,
    clock: Arc<dyn Clock>,
    public_url: Arc<Url>,
    stop: CancellationToken,
    streams: events::OpenStreams,
}

impl CheckoutState {
    /// `public_url` is where browsers find payd, with the path it is mounted under, if any. `stop` ends the open
    /// event streams, which would otherwise hold up a graceful stop.
    #[must_use]
    pub fn new(
        payments: impl Payments,
        clock: Arc<dyn Clock>,
        public_url: Url,
        stop: CancellationToken,
    ) -> Self {
        Self {
            payments: Arc::new(payments),
            clock,
            public_url: Arc::new(public_url),
            stop,
            streams: events::OpenStreams::default(),
        }
    }
}

/// The checkout pages, `/pay/{token}` and below, with the assets they use under `/assets/`.
pub fn router(state: CheckoutState) -> Router {
    let simulate = post(handlers::simulate).get(handlers::back_to_page);
    Router::new()
        .route("/pay/{token}", get(handlers::page))
        .route("/pay/{token}/status", get(handlers::status))
        .route("/pay/{token}/events", get(handlers::events))
        .route("/pay/{token}/qr.svg", get(handlers::qr))
        .route("/pay/{token}/simulate", simulate)
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(map_response(harden))
        .with_state(state)
        .merge(assets::router())
}

/// The path below which payd is mounted, without the closing slash; empty at the root.
fn base_path(public_url: &Url) -> &str {
    public_url.path().trim_end_matches('/')
}

async fn harden(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, CONTENT_POLICY),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    ] {
        headers.insert(name, value);
    }
    response
}
