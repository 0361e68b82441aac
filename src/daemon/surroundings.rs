//! What the daemon takes from outside itself, all of it replaceable.

use std::sync::Arc;

use anyhow::Context as _;

use crate::ambient::{Clock, Random, SystemClock, SystemRandom};
use crate::config::Settings;
use crate::net::Fetch;
use crate::net::http::{HttpSettings, HttpTransport as NodeTransport};
use crate::outbox::guard::Guard;
use crate::outbox::transport::{HttpTransport as WebhookTransport, Transport};

/// Time, chance, and the ways to nodes and endpoints.
#[derive(Clone)]
pub struct Surroundings {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: Arc<dyn Random>,
    /// The way to nodes.
    pub nodes: Arc<dyn Fetch>,
    /// The way to the sources of exchange rates.
    pub rates: Arc<dyn Fetch>,
    /// The way to webhook endpoints.
    pub posts: Arc<dyn Transport>,
}

impl Surroundings {
    /// The machine's own.
    ///
    /// # Errors
    /// When no HTTP client can be set up.
    pub fn real(settings: &Settings) -> anyhow::Result<Self> {
        let guard = Guard {
            allow_private: settings.webhooks.allow_private,
        };
        let nodes: Arc<dyn Fetch> =
            Arc::new(NodeTransport::new(&HttpSettings::default()).context("no way to the nodes")?);
        Ok(Self {
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            rates: Arc::clone(&nodes),
            nodes,
            posts: Arc::new(WebhookTransport::new(guard).context("no way to the webhook endpoints")?),
        })
    }
}
