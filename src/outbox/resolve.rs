//! Names to addresses for webhooks: the system's resolver settings and hosts file, with every answer passed
//! through the [`Guard`], so that no name can lead to a place that an address could not.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{LookupIpStrategy, ResolveHosts};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::time::Instant;

use super::guard::Guard;

/// Finds the addresses of a name.
pub trait Lookup: Send + Sync + 'static {
    /// The addresses of `name`, at least one.
    fn lookup<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Vec<IpAddr>, LookupError>>;
}

/// Why a name has no usable address.
#[derive(Debug, thiserror::Error)]
pub enum LookupError {
    /// The system's resolver settings cannot be read. No public resolver takes their place: it would learn
    /// the names of the operator's machines.
    #[error("the system's resolver settings (/etc/resolv.conf) cannot be read")]
    NoSettings(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The name was not found, or nobody answered.
    #[error("the host name was not resolved")]
    NotResolved(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It has addresses, but none that webhooks may go to.
    #[error("the host name leads only to addresses that never get webhooks, or not by this configuration")]
    Refused,
}

/// The most addresses of one name that are tried.
const ADDRESSES_MAX: usize = 16;

/// A resolver for the HTTP client that lets only allowed addresses through.
pub struct GuardedResolver<L> {
    lookup: Arc<L>,
    guard: Guard,
}

impl<L: Lookup> GuardedResolver<L> {
    /// Guards `lookup`.
    #[must_use]
    pub fn new(lookup: L, guard: Guard) -> Self {
        Self {
            lookup: Arc::new(lookup),
            guard,
        }
    }
}

impl<L: Lookup> Resolve for GuardedResolver<L> {
    fn resolve(&self, name: Name) -> Resolving {
        let (lookup, guard) = (Arc::clone(&self.lookup), self.guard);
        Box::pin(async move {
            let found = lookup.lookup(name.as_str()).await?;
            let allowed: Vec<SocketAddr> = found
                .into_iter()
                .filter(|ip| guard.allows(*ip))
                .take(ADDRESSES_MAX)
                // Port 0 stands for the URL's.
                .map(|ip| SocketAddr::new(ip, 0))
                .collect();
            if allowed.is_empty() {
                return Err(LookupError::Refused.into());
            }
            let addresses: Addrs = Box::new(allowed.into_iter());
            Ok(addresses)
        })
    }
}

/// The system's resolver: `/etc/resolv.conf` and `/etc/hosts`, read again once a minute, so that a changed network
/// needs no restart.
#[derive(Default)]
pub struct SystemLookup {
    current: Mutex<Option<(Instant, TokioResolver)>>,
}

const SETTINGS_AGE_MAX: Duration = Duration::from_secs(60);

impl SystemLookup {
    fn resolver(&self) -> Result<TokioResolver, LookupError> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((read_at, resolver)) = &*current
            && read_at.elapsed() < SETTINGS_AGE_MAX
        {
            return Ok(resolver.clone());
        }
        let resolver = read_settings()?;
        *current = Some((Instant::now(), resolver.clone()));
        Ok(resolver)
    }
}

fn read_settings() -> Result<TokioResolver, LookupError> {
    let mut builder =
        TokioResolver::builder_tokio().map_err(|error| LookupError::NoSettings(Box::new(error)))?;
    let options = builder.options_mut();
    options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
    options.use_hosts_file = ResolveHosts::Always;
    builder
        .build()
        .map_err(|error| LookupError::NoSettings(Box::new(error)))
}

impl Lookup for SystemLookup {
    fn lookup<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Vec<IpAddr>, LookupError>> {
        Box::pin(async move {
            let resolver = self.resolver()?;
            let answer = resolver
                .lookup_ip(name)
                .await
                .map_err(|error| LookupError::NotResolved(Box::new(error)))?;
            Ok(answer.iter().collect())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hosts file of one line.
    struct Hosts(&'static str, Vec<IpAddr>);

    impl Lookup for Hosts {
        fn lookup<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Vec<IpAddr>, LookupError>> {
            assert_eq!(name, self.0);
            let addresses = self.1.clone();
            Box::pin(async move { Ok(addresses) })
        }
    }

    async fn resolve(addresses: &[&str], allow_private: bool) -> Result<Vec<String>, String> {
        let addresses = addresses.iter().map(|text| text.parse().unwrap()).collect();
        let resolver = GuardedResolver::new(Hosts("shop.example", addresses), Guard { allow_private });
        let found = resolver.resolve("shop.example".parse().unwrap()).await;
        found
            .map(|found| found.map(|address| address.ip().to_string()).collect())
            .map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn a_name_that_leads_to_the_metadata_address_is_refused() {
        for address in ["169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "0.0.0.0"] {
            let refused = resolve(&[address], true).await.unwrap_err();
            assert_eq!(refused, LookupError::Refused.to_string(), "{address}");
        }
    }

    #[tokio::test]
    async fn a_refused_address_among_good_ones_is_left_out() {
        let found = resolve(&["169.254.169.254", "192.168.1.5", "93.184.216.34"], true).await;
        assert_eq!(found.unwrap(), ["192.168.1.5", "93.184.216.34"]);
    }

    #[tokio::test]
    async fn private_answers_are_refused_where_they_are_not_allowed() {
        assert_eq!(
            resolve(&["10.0.0.1", "8.8.8.8"], false).await.unwrap(),
            ["8.8.8.8"]
        );
        assert!(resolve(&["127.0.0.1"], false).await.is_err());
    }

    #[tokio::test]
    async fn localhost_is_resolved_without_a_name_server() {
        let found = SystemLookup::default().lookup("localhost").await.unwrap();
        assert!(
            found.iter().all(IpAddr::is_loopback) && !found.is_empty(),
            "{found:?}"
        );
    }
}
