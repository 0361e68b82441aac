//! What is spoken over HTTP: the APIs and the pages, and how webhooks look. Knows the engine's door, never the
//! store or a chain.

pub mod api;
pub mod assets;
pub mod checkout;
pub mod health;
pub mod metrics;
pub mod server;
pub mod text;

use std::sync::Arc;

pub use axum::Router;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::ambient::Clock;
use crate::engine::gateway::Gateway;
use health::ReadinessCheck;

/// What the web is put together from.
pub struct Settings {
    /// The engine's door.
    pub gateway: Gateway,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What checkout URLs begin with; no trailing slash.
    pub public_url: String,
    /// The longest request body that is read.
    pub body_bytes_max: usize,
    /// Looks whether the daemon can do its work.
    pub readiness: ReadinessCheck,
    /// Ends open event streams.
    pub stop: CancellationToken,
}

/// Everything that is served on the main address.
///
/// # Errors
/// When the public URL is none.
pub fn router(settings: Settings) -> Result<Router, url::ParseError> {
    let public_url = Url::parse(&settings.public_url)?;
    let checkout = checkout::CheckoutState::new(
        settings.gateway.clone(),
        settings.clock,
        public_url,
        settings.stop,
    );
    Ok(Router::new()
        .merge(checkout::router(checkout))
        .merge(health::router(settings.readiness)))
}
