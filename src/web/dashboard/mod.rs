//! The merchant's own pages, on a listener of their own. One folder or file per area; each parses, calls the engine's
//! [`Office`] and renders.
//!
//! Who is signed in, whether a form is genuine and who may do what is decided in [`guard`] alone, before a handler runs.

mod addresses;
mod again;
mod balances;
mod counter;
mod docs;
mod donations;
mod entry;
#[cfg(test)]
mod fixture;
mod flash;
mod form;
mod frame;
mod guard;
mod html;
mod inbox;
mod keys;
mod moment;
mod nodes;
mod notices;
mod overview;
mod payments;
mod people;
mod policy;
mod problem;
mod start;
mod stores;
#[cfg(test)]
mod tests;
mod visit;
mod webhooks;
mod widget;

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
use crate::domain::shop::Rules;
use crate::domain::time::UnixMillis;
use crate::engine::gateway::Gateway;
use crate::engine::office::Office;
use crate::engine::office::copies::CopyPlaces;
use crate::engine::office::sessions::SessionLimits;
use crate::web::limits::Limits;
use crate::web::{WebSettings, answer, assets, brand, layers};

/// What the dashboard is told once, at start.
#[derive(Debug, Clone)]
pub struct DashboardSettings {
    /// Where the merchant finds it, such as `https://office.example.com` or `http://127.0.0.1:8422`.
    pub own_url: Url,
    /// Where customers find payd: what checkout URLs begin with.
    pub public_url: Url,
    /// How long somebody stays signed in.
    pub sessions: SessionLimits,
    /// The rules that a new store begins with.
    pub shop_rules: Rules,
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
        .merge(addresses::router())
        .merge(balances::router())
        .merge(counter::router())
        .merge(docs::router())
        .merge(entry::router())
        .merge(nodes::router())
        .merge(notices::router())
        .merge(inbox::router())
        .merge(overview::router())
        .merge(donations::router())
        .merge(start::router())
        .merge(webhooks::router())
        .merge(widget::router())
        .merge(keys::router())
        .merge(payments::router())
        .merge(stores::router())
        .merge(people::router())
        .layer(from_fn_with_state(dashboard.clone(), guard::guarded))
        .with_state(dashboard.clone());
    let routes = pages
        .merge(assets::router())
        .merge(brand::router(dashboard.gateway))
        .fallback(answer::not_found)
        .method_not_allowed_fallback(answer::method_not_allowed);
    layers::around(layers::compressed(routes), settings)
}
