//! The ports that payd listens on, held for as long as the process lives: one run after the other takes requests there.

use std::net::{SocketAddr, TcpListener as Held};

use anyhow::Context as _;
use tokio::net::TcpListener;

use crate::config::Settings;

/// The listeners of a process.
#[derive(Debug)]
pub struct Listeners {
    server: Held,
    dashboard: Option<Held>,
    metrics: Option<Held>,
}

impl Listeners {
    /// Listens where the settings say.
    ///
    /// # Errors
    /// When an address cannot be listened on.
    pub async fn bind(settings: &Settings) -> anyhow::Result<Self> {
        Ok(Self {
            server: bind(settings.server.listen).await?,
            dashboard: bind_any(settings.dashboard.listen).await?,
            metrics: bind_any(settings.metrics.listen).await?,
        })
    }

    /// The one for customers and shops.
    ///
    /// # Errors
    /// When the system gives no further handle on it.
    pub fn server(&self) -> anyhow::Result<(TcpListener, SocketAddr)> {
        share(&self.server)
    }

    /// The one for the merchant's own pages.
    ///
    /// # Errors
    /// As [`Self::server`].
    pub fn dashboard(&self) -> anyhow::Result<Option<(TcpListener, SocketAddr)>> {
        self.dashboard.as_ref().map(share).transpose()
    }

    /// The one for metrics.
    ///
    /// # Errors
    /// As [`Self::server`].
    pub fn metrics(&self) -> anyhow::Result<Option<(TcpListener, SocketAddr)>> {
        self.metrics.as_ref().map(share).transpose()
    }
}

async fn bind_any(address: Option<SocketAddr>) -> anyhow::Result<Option<Held>> {
    match address {
        Some(address) => Ok(Some(bind(address).await?)),
        None => Ok(None),
    }
}

async fn bind(address: SocketAddr) -> anyhow::Result<Held> {
    let bound = TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}: is payd running already, or another program? choose another with --listen")
    })?;
    bound.into_std().context("the listener cannot be kept")
}

/// Another handle on a listener, and its address: connections wait in the kernel's queue while nobody takes them.
fn share(held: &Held) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listener = held.try_clone().and_then(TcpListener::from_std);
    let listener = listener.context("no further handle on a listener")?;
    let address = listener.local_addr().context("no local address")?;
    Ok((listener, address))
}
