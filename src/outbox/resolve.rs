//! Names to addresses for webhooks: every answer is passed through the [`Guard`], so that no name can lead to a place
//! that an address could not.

use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::guard::Guard;
use crate::net::resolve::{ADDRESSES_MAX, Lookup};

/// A name has addresses, but none that webhooks may go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the host name leads only to addresses that never get webhooks, or not by this configuration")]
pub struct Refused;

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
                return Err(Refused.into());
            }
            let addresses: Addrs = Box::new(allowed.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use futures_util::future::BoxFuture;

    use super::*;
    use crate::net::resolve::LookupError;

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
            assert_eq!(refused, Refused.to_string(), "{address}");
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
}
