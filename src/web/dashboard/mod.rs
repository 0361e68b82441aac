//! The merchant's own pages, on a listener of their own. One folder or file per area; each parses, calls the engine's
//! [`Office`] and renders.
//!
//! Who is signed in, whether a form is genuine and who may do what is decided in [`guard`] alone, before a handler runs.

mod balances;
mod counter;
mod entry;
#[cfg(test)]
mod fixture;
mod flash;
mod form;
mod frame;
mod guard;
mod inbox;
mod notices;
mod overview;
mod payments;
mod people;
mod policy;
mod problem;
mod start;
#[cfg(test)]
mod tests;
mod visit;
mod webhooks;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use tokio_util::sync::CancellationToken;
use url::Url;

use self::flash::Flash;
pub use self::form::FORM_BYTES_MAX;
use self::form::{Form, Mistakes};
use self::frame::{Frame, Room};
use self::visit::{InShop, Stranger, Visit};
use crate::domain::time::UnixMillis;
use crate::engine::gateway::Gateway;
use crate::engine::office::Office;
use crate::engine::office::copies::CopyPlaces;
use crate::engine::office::sessions::SessionLimits;
use crate::web::limits::Limits;
use crate::web::{WebSettings, answer, assets, layers};

/// What the dashboard is told once, at start.
#[derive(Debug, Clone)]
pub struct DashboardSettings {
    /// Where the merchant finds it, such as `https://office.example.com` or `http://127.0.0.1:8422`.
    pub own_url: Url,
    /// Where customers find payd: what checkout URLs begin with.
    pub public_url: Url,
    /// How long somebody stays signed in.
    pub sessions: SessionLimits,
    /// What is told of the daemon.
    pub running: Running,
}

/// A daemon that runs.
#[derive(Debug, Clone)]
pub struct Running {
    /// Since when.
    pub started_at: UnixMillis,
    /// Where it listens: the key of what for, and the address.
    pub listens: Vec<(&'static str, String)>,
}

impl DashboardSettings {
    /// Whether browsers reach the dashboard over TLS, so that cookies may be kept to that.
    fn is_secure(&self) -> bool {
        self.own_url.scheme() == "https"
    }
}

/// What the pages work with. Cheap to clone.
#[derive(Clone)]
pub struct Dashboard {
    office: Office,
    gateway: Gateway,
    limits: Arc<Limits>,
    settings: Arc<DashboardSettings>,
    copies: CopyPlaces,
    /// Ends streams when the daemon stops.
    stop: CancellationToken,
}

impl Dashboard {
    /// The dashboard of an engine.
    #[must_use]
    pub fn new(
        office: Office,
        limits: Arc<Limits>,
        settings: DashboardSettings,
        stop: CancellationToken,
    ) -> Self {
        Self {
            gateway: office.gateway(),
            office,
            limits,
            settings: Arc::new(settings),
            copies: CopyPlaces::default(),
            stop,
        }
    }
}

/// Everything that is served on the dashboard's port.
pub fn router(dashboard: Dashboard, settings: &WebSettings) -> Router {
    let pages = Router::new()
        .merge(balances::router())
        .merge(entry::router())
        .merge(notices::router())
        .merge(inbox::router())
        .merge(overview::router())
        .merge(counter::router())
        .merge(payments::router())
        .merge(people::router())
        .merge(start::router())
        .merge(webhooks::router())
        .layer(from_fn_with_state(dashboard.clone(), guard::guarded))
        .with_state(dashboard);
    let routes = pages
        .merge(assets::router())
        .fallback(answer::not_found)
        .method_not_allowed_fallback(answer::method_not_allowed);
    layers::around(routes, settings)
}
