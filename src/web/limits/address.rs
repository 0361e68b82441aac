//! Who asks, by address: the peer of the connection, or whom a trusted proxy says it asks for.

use std::convert::Infallible;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The half of an IPv6 address that names the network: within it, a host takes as many addresses as it likes.
const NETWORK_BITS: u128 = !(u64::MAX as u128);

/// A client. Two are the same who have the same IPv4 address, or are of the same IPv6 network of 64 bits.
///
/// As an extractor, it is what was found for the request by the layers around all routes.
#[derive(Debug, Clone, Copy)]
pub struct ClientAddress(IpAddr);

impl ClientAddress {
    /// Nobody knows: all such clients count as one.
    pub const UNKNOWN: Self = Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED));

    /// Whether the address is this machine's or its network's, where shops and proxies are.
    pub(in crate::web) fn is_near(self) -> bool {
        match self.0 {
            IpAddr::V4(ip) => ip.is_loopback() || ip.is_private(),
            IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local(),
        }
    }

    /// The very address, as far as it is known: what an allow list is held against.
    #[must_use]
    pub fn ip(self) -> Option<IpAddr> {
        Some(self.0).filter(|ip| !ip.is_unspecified())
    }

    /// What clients are told apart by.
    fn network(self) -> IpAddr {
        match self.0 {
            IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & NETWORK_BITS)),
            ip @ IpAddr::V4(_) => ip,
        }
    }
}

impl PartialEq for ClientAddress {
    fn eq(&self, other: &Self) -> bool {
        self.network() == other.network()
    }
}

impl Eq for ClientAddress {}

impl Hash for ClientAddress {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.network().hash(state);
    }
}

impl From<IpAddr> for ClientAddress {
    fn from(ip: IpAddr) -> Self {
        Self(ip.to_canonical())
    }
}

impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.network() {
            IpAddr::V4(ip) => ip.fmt(f),
            IpAddr::V6(ip) => write!(f, "{ip}/64"),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().copied().unwrap_or(Self::UNKNOWN))
    }
}

/// Whose request this is: of `peer`, unless that is a trusted proxy. Each proxy adds whom it was asked by at the
/// right of `X-Forwarded-For`; so the rightmost address that is not a trusted proxy's own is the client, and whatever
/// stands left of it is only what the client says.
#[must_use]
pub fn client_address(headers: &HeaderMap, peer: Option<IpAddr>, trusted: &[IpNet]) -> ClientAddress {
    let Some(peer) = peer else {
        return ClientAddress::UNKNOWN;
    };
    let is_trusted = |ip: IpAddr| trusted.iter().any(|network| network.contains(&ip));
    let mut client = peer.to_canonical();
    let lines = headers.get_all(X_FORWARDED_FOR);
    let lines: Vec<&str> = lines
        .iter()
        .map(|line| line.to_str().unwrap_or_default())
        .collect();
    let mut said = lines.iter().rev().flat_map(|line| line.rsplit(','));
    while is_trusted(client) {
        // What is no address was not added by a proxy that knows its client: the proxy itself has to answer for it.
        match said.next().and_then(forwarded) {
            Some(ip) => client = ip,
            None => break,
        }
    }
    client.into()
}

/// An address as proxies write it: bare, or with a port, then IPv6 in brackets.
fn forwarded(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.parse::<IpAddr>().ok();
    let with_port = || {
        text.parse::<std::net::SocketAddr>()
            .ok()
            .map(|socket| socket.ip())
    };
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let ip = bare.or_else(with_port).or_else(bracketed)?;
    Some(ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trusted() -> Vec<IpNet> {
        ["127.0.0.0/8", "::1/128", "10.1.0.0/16"]
            .map(|text| text.parse().unwrap())
            .to_vec()
    }

    /// The client of a request from `peer` with these lines of X-Forwarded-For.
    fn client(peer: &str, lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(X_FORWARDED_FOR, line.parse().unwrap());
        }
        client_address(&headers, Some(peer.parse().unwrap()), &trusted()).to_string()
    }

    #[test]
    fn a_client_that_is_no_trusted_proxy_is_who_it_is_whatever_it_says() {
        assert_eq!(client("203.0.113.7", &[]), "203.0.113.7");
        assert_eq!(client("203.0.113.7", &["198.51.100.1"]), "203.0.113.7");
        assert_eq!(client("10.2.0.1", &["198.51.100.1"]), "10.2.0.1");
    }

    #[test]
    fn the_rightmost_address_that_is_no_trusted_proxy_is_the_client() {
        for (lines, expected) in [
            (&["203.0.113.7"][..], "203.0.113.7"),
            (&["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
            (&["198.51.100.1", "203.0.113.7"], "203.0.113.7"),
            (&["198.51.100.1,203.0.113.7 , 10.1.2.3,127.0.0.1"], "203.0.113.7"),
            (&["203.0.113.7", "10.1.2.3"], "203.0.113.7"),
            (&["127.0.0.1, 203.0.113.7"], "203.0.113.7"),
            (&["203.0.113.7:4711"], "203.0.113.7"),
            (&["::ffff:203.0.113.7"], "203.0.113.7"),
            (&["[2001:db8:1:2:3:4:5:6]:443"], "2001:db8:1:2::/64"),
            (&["[2001:db8:1:2:3:4:5:6]"], "2001:db8:1:2::/64"),
        ] {
            for peer in ["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.1.255.255"] {
                assert_eq!(client(peer, lines), expected, "{peer} {lines:?}");
            }
        }
    }

    #[test]
    fn without_a_usable_address_the_last_trusted_hop_is_the_client() {
        for (lines, expected) in [
            (&[][..], "127.0.0.1"),
            (&[""], "127.0.0.1"),
            (&["10.1.2.3"], "10.1.2.3"),
            (&["203.0.113.7, unknown"], "127.0.0.1"),
            (&["203.0.113.7, unknown, 10.1.2.3"], "10.1.2.3"),
            (&["203.0.113.7,"], "127.0.0.1"),
            (&["203.0.113.7", "\u{e9}"], "127.0.0.1"),
        ] {
            assert_eq!(client("127.0.0.1", lines), expected, "{lines:?}");
        }
        assert_eq!(
            client_address(&HeaderMap::new(), None, &trusted()),
            ClientAddress::UNKNOWN
        );
    }

    #[test]
    fn an_ipv6_network_is_one_client_and_two_are_two() {
        let of = |text: &str| ClientAddress::from(text.parse::<IpAddr>().unwrap());
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:203.0.113.7"), of("203.0.113.7"));
        assert_ne!(of("203.0.113.7"), of("203.0.113.8"));
    }
}
