//! What the daemon takes from outside itself, all of it replaceable.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;

use super::pins::{NoPins, StoredPins};
use crate::ambient::{Clock, Random, SystemClock, SystemRandom};
use crate::config::Settings;
use crate::net::Fetch;
use crate::net::http::{HttpSettings, HttpTransport as NodeTransport};
use crate::net::lines::{Dial, LineTransport, Pins};
use crate::net::resolve::{Lookup, SystemLookup};
use crate::net::websocket::{NetSockets, Sockets};
use crate::outbox::guard::Guard;
use crate::outbox::notices::Letters;
use crate::outbox::notices::mail::Smtp;
use crate::outbox::transport::{HttpTransport as WebhookTransport, Transport};
use crate::store::Database;

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
    /// The way to Electrum servers.
    pub lines: Arc<dyn Dial>,
    /// The way to nodes that tell of new blocks by themselves.
    pub sockets: Arc<dyn Sockets>,
    /// The way to webhook endpoints.
    pub posts: Arc<dyn Transport>,
    /// The way to mail servers.
    pub letters: Arc<dyn Letters>,
}

impl Surroundings {
    /// The machine's own. Certificates that servers signed themselves are pinned in `database`; without one, each is
    /// taken as it is, which is for looking only.
    ///
    /// # Errors
    /// When no HTTP client can be set up.
    pub fn real(settings: &Settings, database: Option<&Database>) -> anyhow::Result<Self> {
        const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
        let pins: Arc<dyn Pins> = match database {
            Some(database) => Arc::new(StoredPins::new(database.clone(), Arc::new(SystemClock))),
            None => Arc::new(NoPins),
        };
        let names: Arc<dyn Lookup> = Arc::new(SystemLookup::default());
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
            letters: Arc::new(Smtp::new(Arc::clone(&names), guard)),
            lines: Arc::new(LineTransport::new(names, CONNECT_TIMEOUT, pins)),
            sockets: Arc::new(NetSockets::new().context("no way to WebSockets")?),
            posts: Arc::new(WebhookTransport::new(guard).context("no way to the webhook endpoints")?),
        })
    }
}
