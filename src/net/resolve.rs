//! Names to addresses: the host's resolver settings and hosts file, or name servers that are configured. Never anyone
//! else: a public resolver would learn the names of the operator's machines.
//!
//! Knows nothing of who may be reached but that some places never are ([`place`]); whoever needs more of a guard puts one
//! around [`Lookup`].

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{LookupIpStrategy, NameServerConfig, ResolveHosts, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::time::Instant;

use super::place::{Place, place};

/// The most addresses of one name that are tried.
pub const ADDRESSES_MAX: usize = 16;

/// Finds the addresses of a name.
pub trait Lookup: Send + Sync + 'static {
    /// The addresses of `name`, at least one.
    ///
    /// # Errors
    /// [`LookupError`] when there is none.
    fn lookup<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Vec<IpAddr>, LookupError>>;
}

/// Why a name has no address. Names neither the name nor a URL.
#[derive(Debug, thiserror::Error)]
pub enum LookupError {
    /// The system's resolver settings cannot be read.
    #[error("the system's resolver settings (/etc/resolv.conf) cannot be read")]
    NoSettings(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The name was not found, or nobody answered.
    #[error("the host name was not resolved")]
    NotResolved(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It leads only to places that nothing ever connects to.
    #[error(
        "it leads to link-local, cloud metadata, multicast or reserved addresses, which are never connected to"
    )]
    Never,
}

/// The system's resolver: `/etc/resolv.conf` and `/etc/hosts`, read again once a minute, so that a changed network
/// needs no restart. Nothing is read before the first name: a host without name servers can still reach IP addresses.
#[derive(Default)]
pub struct SystemLookup {
    /// Asked instead of those of `/etc/resolv.conf`, when there are any.
    name_servers: Vec<IpAddr>,
    current: Mutex<Option<(Instant, TokioResolver)>>,
}

const SETTINGS_AGE_MAX: Duration = Duration::from_secs(60);

impl SystemLookup {
    /// Asks `name_servers`, or where there are none those of the host.
    #[must_use]
    pub fn asking(name_servers: &[IpAddr]) -> Self {
        Self {
            name_servers: name_servers.to_vec(),
            current: Mutex::default(),
        }
    }

    fn resolver(&self, now: Instant) -> Result<TokioResolver, LookupError> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((read_at, resolver)) = &*current
            && now.saturating_duration_since(*read_at) < SETTINGS_AGE_MAX
        {
            return Ok(resolver.clone());
        }
        let resolver = read_settings(&self.name_servers)?;
        *current = Some((now, resolver.clone()));
        Ok(resolver)
    }
}

fn read_settings(name_servers: &[IpAddr]) -> Result<TokioResolver, LookupError> {
    let mut builder = if name_servers.is_empty() {
        TokioResolver::builder_tokio().map_err(|error| LookupError::NoSettings(Box::new(error)))?
    } else {
        let servers = name_servers
            .iter()
            .map(|address| NameServerConfig::udp_and_tcp(*address));
        let config = ResolverConfig::from_name_servers(servers.collect());
        TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
    };
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
            let resolver = self.resolver(Instant::now())?;
            let answer = resolver
                .lookup_ip(name)
                .await
                .map_err(|error| LookupError::NotResolved(Box::new(error)))?;
            Ok(answer.iter().take(ADDRESSES_MAX).collect())
        })
    }
}

/// The addresses to connect to for `host`, which may be an IP address itself, with or without brackets. These are connected
/// to and no others: a name that is asked for again may lead elsewhere.
///
/// # Errors
/// As [`Lookup::lookup`]; [`LookupError::Never`].
pub async fn addresses(lookup: &dyn Lookup, host: &str, port: u16) -> Result<Vec<SocketAddr>, LookupError> {
    let bare = host.trim_matches(['[', ']']);
    let found = match bare.parse() {
        Ok(address) => vec![address],
        Err(_) => lookup.lookup(host).await?,
    };
    let found = reachable(found)?;
    Ok(found.into_iter().map(|ip| SocketAddr::new(ip, port)).collect())
}

/// Those of `found` that are ever connected to.
fn reachable(mut found: Vec<IpAddr>) -> Result<Vec<IpAddr>, LookupError> {
    found.retain(|ip| place(*ip) != Place::Never);
    if found.is_empty() {
        return Err(LookupError::Never);
    }
    Ok(found)
}

/// A [`Lookup`] as the HTTP client takes it, for nodes: private addresses are fine.
#[derive(Clone)]
pub struct NodeNames(pub Arc<dyn Lookup>);

impl Resolve for NodeNames {
    fn resolve(&self, name: Name) -> Resolving {
        let lookup = Arc::clone(&self.0);
        Box::pin(async move {
            let found = reachable(lookup.lookup(name.as_str()).await?)?;
            // Port 0 stands for the URL's.
            let found = found.into_iter().map(|ip| SocketAddr::new(ip, 0));
            Ok(Box::new(found) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn localhost_is_resolved_without_a_name_server() {
        let nobody: IpAddr = "127.0.0.1".parse().unwrap();
        for lookup in [SystemLookup::default(), SystemLookup::asking(&[nobody])] {
            let found = lookup.lookup("localhost").await.unwrap();
            assert!(
                found.iter().all(IpAddr::is_loopback) && !found.is_empty(),
                "{found:?}"
            );
        }
    }

    #[tokio::test]
    async fn an_ip_address_takes_no_lookup() {
        struct Nobody;
        impl Lookup for Nobody {
            fn lookup<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Vec<IpAddr>, LookupError>> {
                unreachable!()
            }
        }
        for (host, whole) in [("10.0.0.9", "10.0.0.9:443"), ("[::1]", "[::1]:443")] {
            let found = addresses(&Nobody, host, 443).await.unwrap();
            assert_eq!(found, [whole.parse().unwrap()]);
        }
    }

    struct Hosts(Vec<IpAddr>);

    impl Lookup for Hosts {
        fn lookup<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Vec<IpAddr>, LookupError>> {
            let found = self.0.clone();
            Box::pin(async move { Ok(found) })
        }
    }

    #[tokio::test]
    async fn a_name_and_an_address_of_where_nothing_connects_to_are_refused_for_nodes_too() {
        let never: IpAddr = "169.254.169.254".parse().unwrap();
        let near: IpAddr = "10.0.0.9".parse().unwrap();
        let hosts = |found: &[IpAddr]| Hosts(found.to_vec());
        for host in [
            "169.254.169.254",
            "[::ffff:a9fe:a9fe]",
            "[fe80::1]",
            "node.example",
        ] {
            let refused = addresses(&hosts(&[never]), host, 80).await;
            assert!(matches!(refused, Err(LookupError::Never)), "{host}");
        }
        let found = addresses(&hosts(&[never, near]), "node.example", 80)
            .await
            .unwrap();
        assert_eq!(found, ["10.0.0.9:80".parse().unwrap()]);
        let name = || "node.example".parse().unwrap();
        assert!(
            NodeNames(Arc::new(hosts(&[never])))
                .resolve(name())
                .await
                .is_err()
        );
        let found = NodeNames(Arc::new(hosts(&[never, near]))).resolve(name()).await;
        assert_eq!(found.unwrap().map(|at| at.ip()).collect::<Vec<_>>(), [near]);
    }

    #[tokio::test]
    async fn settings_are_read_again_once_a_minute() {
        let lookup = SystemLookup::asking(&["127.0.0.1".parse().unwrap()]);
        let start = Instant::now();
        let read_at = |after_s| {
            lookup.resolver(start + Duration::from_secs(after_s)).unwrap();
            lookup.current.lock().unwrap().as_ref().unwrap().0 - start
        };
        assert_eq!(
            [0, 59, 60, 61].map(|after_s| read_at(after_s).as_secs()),
            [0, 0, 60, 60]
        );
    }
}
