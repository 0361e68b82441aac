//! The page a customer pays on: what to send where, and live what has come of it. Works without JavaScript.
//!
//! Knows payments only as the engine shows them; takes no decision about money.

mod events;
mod figure;
mod frame;
mod framing;
mod handlers;
mod manner;
mod page;
pub(in crate::web) mod preview;
mod problem;
pub(in crate::web) mod qr;
#[cfg(test)]
mod sample;
mod select;
#[cfg(test)]
mod staged;
#[cfg(test)]
mod tests;
pub(in crate::web) mod uri;
mod view;
mod visit;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{get, post};
use futures_util::future::BoxFuture;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use url::Url;

pub(in crate::web) use self::frame::Frame;
use self::framing::Framing;
use crate::ambient::Clock;
use crate::domain::ids::PaymentId;
use crate::engine::gateway::{Choice, Gateway, GatewayError, PaymentView, PublicName, Scenario};
use crate::web::assets;
use crate::web::limits::Limits;

/// The largest form there is here holds a token and a word.
const FORM_BYTES_MAX: usize = 1024;

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
    limits: Arc<Limits>,
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
            limits: Arc::new(Limits::none()),
        }
    }

    /// With these limits to how often one client may guess and choose; without, there are none.
    #[must_use]
    pub fn limited_by(self, limits: Arc<Limits>) -> Self {
        Self { limits, ..self }
    }
}

/// The checkout pages, `/pay/{token}` and below, `/pay/?id={code}` and `/pay/select?token={token}`, with the assets they use under `/assets/`.
pub fn router(state: CheckoutState) -> Router {
    let simulate = post(handlers::simulate).get(handlers::back_to_page);
    Router::new()
        .route("/pay", get(handlers::page))
        .route("/pay/", get(handlers::page))
        .route("/pay/select", get(select::page).post(select::choose))
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
    let framing = response.extensions_mut().remove().unwrap_or(Framing::Nobody);
    let headers = response.headers_mut();
    framing.write(headers);
    for (name, value) in [
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ] {
        headers.insert(name, value);
    }
    response
}
