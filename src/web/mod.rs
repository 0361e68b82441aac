//! What is spoken over HTTP: the APIs and the pages, and how webhooks look. Knows the engine's door, never the
//! store or a chain.

pub mod answer;
pub mod api;
pub mod assets;
mod brand;
pub mod checkout;
mod colour;
pub mod cors;
pub mod dashboard;
pub mod docs;
pub mod donate;
#[cfg(test)]
mod fuzz;
pub mod health;
pub mod home;
pub mod layers;
pub mod limits;
pub mod metrics;
pub mod notices;
pub mod server;
#[cfg(test)]
mod tests;
pub mod text;
pub mod widget;

use std::sync::Arc;
use std::time::Duration;

pub use axum::Router;
use ipnet::IpNet;

use self::api::Payments;
use self::health::Readiness;
use self::limits::Limits;
use crate::ambient::Clock;
use crate::engine::gateway::Gateway;

/// What the web floor is told once, at start.
#[derive(Debug, Clone)]
pub struct WebSettings {
    /// Where customers find payd, such as `https://pay.example.com`: what checkout URLs begin with.
    pub public_url: String,
    /// The longest body an API call may have, in bytes.
    pub body_bytes_max: usize,
    /// The longest time to the head of an answer.
    pub request_timeout: Duration,
    /// Sets the request ids of this run apart from those of others: random.
    pub run: u32,
    /// Whose `X-Forwarded-For` is believed: the proxies before payd.
    pub trusted_proxies: Vec<IpNet>,
}

impl WebSettings {
    /// Bodies of up to 64 KiB, 30 seconds for an answer, no proxies.
    #[must_use]
    pub fn new(public_url: impl Into<String>, run: u32) -> Self {
        Self {
            public_url: public_url.into(),
            body_bytes_max: 64 * 1024,
            request_timeout: Duration::from_secs(30),
            run,
            trusted_proxies: Vec::new(),
        }
    }
}

/// What the web floor works with.
#[derive(Clone)]
pub struct WebState {
    /// The engine's door, as far as PayHook's API goes through it.
    pub payments: Arc<dyn Payments>,
    /// The engine's door.
    pub gateway: Gateway,
    /// The time that signed requests are judged by.
    pub clock: Arc<dyn Clock>,
    /// Tells what is not ready.
    pub readiness: Arc<dyn Readiness>,
    /// How often one client may call and fail. The same one for all pages and APIs.
    pub limits: Arc<Limits>,
}

/// Everything that is served on the public port. `pages` are routes that bring their own state.
pub fn router(state: WebState, settings: &WebSettings, pages: Router) -> Router {
    let (url, bytes_max) = (&settings.public_url, settings.body_bytes_max);
    let limits = || Arc::clone(&state.limits);
    let payhook = api::payhook::router(state.payments, limits(), url, bytes_max);
    let soko = api::soko::router(state.gateway.clone(), state.clock, limits(), url, bytes_max);
    let crypto_pay = api::crypto_pay::router(state.gateway.clone(), limits(), url, bytes_max);
    let cryptopayment = api::cryptopayment::router(state.gateway.clone(), limits(), url, bytes_max);
    let brand = brand::router(state.gateway.clone());
    let donate = donate::router(state.gateway.clone(), limits(), url);
    let widget = widget::router(state.gateway, limits(), url);
    let docs = docs::router(limits(), url);
    let pages = Router::new()
        .merge(home::router())
        .merge(donate)
        .merge(brand)
        .merge(widget)
        .merge(docs)
        .merge(pages);
    let routes = Router::new()
        .merge(layers::compressed(pages))
        .merge(health::router(state.readiness))
        .merge(payhook)
        .merge(soko)
        .merge(crypto_pay)
        .merge(cryptopayment)
        .fallback(answer::not_found)
        .method_not_allowed_fallback(answer::method_not_allowed);
    layers::around(routes, settings)
}
