//! Where webhooks may go. Endpoints are the operator's, so this machine and its network are fine unless the
//! configuration says otherwise; what no shop can live at is refused always: link-local and cloud metadata
//! addresses, where credentials are handed out to whoever asks.
//!
//! Knows addresses and URLs only; [`super::resolve`] applies it to names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// The longest URL an endpoint may have, in bytes.
pub const URL_BYTES_MAX: usize = 2048;

/// Which addresses webhooks may go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guard {
    /// Whether loopback and private addresses are fine.
    pub allow_private: bool,
}

/// What kind of place an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Somewhere on the internet.
    Public,
    /// This machine, its network, or a range that is not routed on the internet.
    Private,
    /// Nowhere a shop can be: link-local, cloud metadata, unspecified, multicast, broadcast, reserved.
    Never,
}

/// Why a URL cannot be an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UrlRefused {
    /// Not a URL, or one without a host.
    #[error("not a URL; write it like https://shop.example/webhooks")]
    Malformed,
    /// Longer than [`URL_BYTES_MAX`].
    #[error("the URL is longer than {URL_BYTES_MAX} bytes")]
    TooLong,
    /// Another scheme than http and https.
    #[error("only http and https URLs can get webhooks")]
    Scheme,
    /// A user name or a password in it.
    #[error("leave user name and password out of the URL; webhooks are signed instead")]
    Credentials,
    /// A `#` part, which is never sent.
    #[error("leave the part from `#` on out of the URL; it is never sent")]
    Fragment,
    /// Port 0.
    #[error("port 0 cannot be connected to")]
    Port,
    /// A private address where those are not allowed.
    #[error("private addresses are not allowed; set `allow_private` under [webhooks] to allow them")]
    Private,
    /// An address that is refused always.
    #[error("link-local, cloud metadata, multicast and reserved addresses never get webhooks")]
    Never,
}

/// Reads the URL of an endpoint. Addresses behind names are checked when they are resolved, at each connection.
///
/// # Errors
/// [`UrlRefused`], which says what to do about it.
pub fn check_url(text: &str, allow_private: bool) -> Result<Url, UrlRefused> {
    if text.len() > URL_BYTES_MAX {
        return Err(UrlRefused::TooLong);
    }
    // The URL standard drops tabs and line feeds in silence; here they are a mistake.
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(UrlRefused::Malformed);
    }
    let url = Url::parse(text).map_err(|_| UrlRefused::Malformed)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(UrlRefused::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlRefused::Credentials);
    }
    if url.fragment().is_some() {
        return Err(UrlRefused::Fragment);
    }
    if url.port() == Some(0) {
        return Err(UrlRefused::Port);
    }
    Guard { allow_private }.check_host(&url)?;
    Ok(url)
}

impl Guard {
    /// Checks the host of a URL as far as it can be told without resolving: an address in any spelling, which the
    /// client connects to without asking a resolver, or `localhost`.
    ///
    /// # Errors
    /// [`UrlRefused::Private`], [`UrlRefused::Never`], or [`UrlRefused::Malformed`] without a host.
    pub fn check_host(self, url: &Url) -> Result<(), UrlRefused> {
        let place = match url.host().ok_or(UrlRefused::Malformed)? {
            Host::Ipv4(ip) => place_v4(ip),
            Host::Ipv6(ip) => place_v6(ip),
            Host::Domain(name) if is_localhost(name) => Place::Private,
            Host::Domain(_) => Place::Public,
        };
        match place {
            Place::Public => Ok(()),
            Place::Private if self.allow_private => Ok(()),
            Place::Private => Err(UrlRefused::Private),
            Place::Never => Err(UrlRefused::Never),
        }
    }

    /// Whether a webhook may be sent to this address.
    #[must_use]
    pub fn allows(self, ip: IpAddr) -> bool {
        match place(ip) {
            Place::Public => true,
            Place::Private => self.allow_private,
            Place::Never => false,
        }
    }
}

/// Whether a name is `localhost` or below it (RFC 6761, 6.3).
fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost")
}

/// What kind of place an address is.
#[must_use]
pub fn place(ip: IpAddr) -> Place {
    match ip {
        IpAddr::V4(ip) => place_v4(ip),
        IpAddr::V6(ip) => place_v6(ip),
    }
}

/// Where clouds answer for their machines outside the link-local range: Alibaba, Oracle, Azure.
const METADATA_V4: &[Ipv4Addr] = &[
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(192, 0, 0, 192),
    Ipv4Addr::new(168, 63, 129, 16),
];

/// The same in IPv6: Amazon, Google.
const METADATA_V6: &[Ipv6Addr] = &[
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),
];

/// By the special-purpose registry of IPv4 (RFC 6890 and its successors).
fn place_v4(ip: Ipv4Addr) -> Place {
    let [a, b, c, _] = ip.octets();
    match (a, b, c) {
        _ if METADATA_V4.contains(&ip) => Place::Never,
        (0 | 224..=255, _, _) | (169, 254, _) => Place::Never,
        (10 | 127, _, _)
        | (100, 64..=127, _)
        | (172, 16..=31, _)
        | (192, 168, _)
        | (192, 0, 0 | 2)
        | (198, 18 | 19, _)
        | (198, 51, 100)
        | (203, 0, 113) => Place::Private,
        _ => Place::Public,
    }
}

/// By the special-purpose registry of IPv6. An address that carries an IPv4 address is the worse of the two.
fn place_v6(ip: Ipv6Addr) -> Place {
    let own = match ip.segments() {
        _ if METADATA_V6.contains(&ip) || ip.is_unspecified() => Place::Never,
        [0xfe80..=0xfebf | 0xff00..=0xffff, ..] => Place::Never,
        [0, 0, 0, 0, 0, 0, 0, 1]
        | [0xfc00..=0xfdff | 0xfec0..=0xfeff, ..]
        | [0x2001, 0xdb8, ..]
        | [0x64, 0xff9b, 1, ..] => Place::Private,
        _ => Place::Public,
    };
    carried(ip).into_iter().map(place_v4).fold(own, worse)
}

/// The IPv4 addresses that an IPv6 address may stand for.
fn carried(ip: Ipv6Addr) -> Vec<Ipv4Addr> {
    let pair = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match ip.segments() {
        // Loopback and unspecified are judged as themselves.
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => Vec::new(),
        // IPv4-compatible, -mapped and -translated (RFC 4291, RFC 2765), NAT64 (RFC 6052).
        [0, 0, 0, 0, 0, 0, high, low]
        | [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => vec![pair(high, low)],
        // Local-use NAT64 (RFC 8215) carries it in different places, by the length of the prefix.
        [0x64, 0xff9b, 1, ..] => {
            let [_, _, _, _, _, _, o6, o7, _, o9, o10, o11, o12, o13, o14, o15] = ip.octets();
            vec![
                Ipv4Addr::new(o12, o13, o14, o15),
                Ipv4Addr::new(o9, o10, o11, o12),
                Ipv4Addr::new(o7, o9, o10, o11),
                Ipv4Addr::new(o6, o7, o9, o10),
            ]
        }
        // 6to4 (RFC 3056).
        [0x2002, high, low, ..] => vec![pair(high, low)],
        // Teredo (RFC 4380): the server, and the client with all bits turned.
        [0x2001, 0, high, low, _, _, client_high, client_low] => {
            vec![pair(high, low), pair(!client_high, !client_low)]
        }
        _ => Vec::new(),
    }
}

const fn worse(one: Place, other: Place) -> Place {
    match (one, other) {
        (Place::Never, _) | (_, Place::Never) => Place::Never,
        (Place::Private, _) | (_, Place::Private) => Place::Private,
        (Place::Public, Place::Public) => Place::Public,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_sorted_into_public_private_and_never() {
        for (text, expected) in [
            ("93.184.216.34", Place::Public),
            ("2606:4700::1111", Place::Public),
            ("172.15.0.1", Place::Public),
            ("172.32.0.1", Place::Public),
            ("169.253.0.1", Place::Public),
            ("100.128.0.1", Place::Public),
            ("127.0.0.1", Place::Private),
            ("127.255.0.9", Place::Private),
            ("::1", Place::Private),
            ("10.0.0.1", Place::Private),
            ("172.16.0.1", Place::Private),
            ("192.168.1.1", Place::Private),
            ("100.64.0.1", Place::Private),
            ("fd12::1", Place::Private),
            ("::ffff:192.168.1.1", Place::Private),
            ("0.0.0.0", Place::Never),
            ("0.1.2.3", Place::Never),
            ("::", Place::Never),
            ("169.254.169.254", Place::Never),
            ("169.254.0.1", Place::Never),
            ("fe80::1", Place::Never),
            ("febf::1", Place::Never),
            ("fd00:ec2::254", Place::Never),
            ("fd20:ce::254", Place::Never),
            ("100.100.100.200", Place::Never),
            ("168.63.129.16", Place::Never),
            ("192.0.0.192", Place::Never),
            ("224.0.0.1", Place::Never),
            ("239.255.255.255", Place::Never),
            ("240.0.0.1", Place::Never),
            ("255.255.255.255", Place::Never),
            ("ff02::1", Place::Never),
            ("::ffff:169.254.169.254", Place::Never),
            ("::169.254.169.254", Place::Never),
            ("::ffff:0:169.254.169.254", Place::Never),
            ("64:ff9b::169.254.169.254", Place::Never),
            ("64:ff9b::100.100.100.200", Place::Never),
            ("64:ff9b:1::169.254.169.254", Place::Never),
            ("64:ff9b:1:a9fe:a9:fe00::", Place::Never),
            ("2002:a9fe:a9fe::1", Place::Never),
            ("2001:0:a9fe:a9fe::1", Place::Never),
            ("2001:0:0808:0808:0:0:5601:5601", Place::Never),
            ("64:ff9b::8.8.8.8", Place::Public),
            ("2002:808:808::1", Place::Public),
        ] {
            assert_eq!(place(text.parse().unwrap()), expected, "{text}");
        }
    }

    #[test]
    fn private_addresses_are_allowed_or_not_as_configured_and_metadata_never() {
        for (text, with_private, without) in [
            ("93.184.216.34", true, true),
            ("127.0.0.1", true, false),
            ("10.1.2.3", true, false),
            ("169.254.169.254", false, false),
        ] {
            let ip = text.parse().unwrap();
            assert_eq!(Guard { allow_private: true }.allows(ip), with_private, "{text}");
            assert_eq!(Guard { allow_private: false }.allows(ip), without, "{text}");
        }
    }

    #[test]
    fn usual_endpoints_are_taken() {
        for text in [
            "https://shop.example/webhooks/payhook?store=1",
            "http://localhost:3000/hook",
            "http://192.168.1.20:8080/hook",
            "http://[::1]:8080/",
            "https://bücher.example/",
        ] {
            assert!(check_url(text, true).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_url_that_cannot_be_an_endpoint_says_why() {
        let long = format!("https://shop.example/{}", "a".repeat(URL_BYTES_MAX));
        for (text, refused) in [
            ("", UrlRefused::Malformed),
            ("shop.example/hook", UrlRefused::Malformed),
            ("https://", UrlRefused::Malformed),
            ("https://shop.example/a b", UrlRefused::Malformed),
            ("https://shop.example/\n", UrlRefused::Malformed),
            ("ftp://shop.example/", UrlRefused::Scheme),
            ("file:///etc/passwd", UrlRefused::Scheme),
            ("https://user@shop.example/", UrlRefused::Credentials),
            ("https://:pass@shop.example/", UrlRefused::Credentials),
            ("https://shop.example/#top", UrlRefused::Fragment),
            ("http://shop.example:0/", UrlRefused::Port),
            (&long, UrlRefused::TooLong),
        ] {
            assert_eq!(check_url(text, true).unwrap_err(), refused, "{text}");
        }
    }

    #[test]
    fn metadata_addresses_are_refused_in_every_spelling() {
        for host in [
            "169.254.169.254",
            "2852039166",
            "0xa9fea9fe",
            "0xA9.0xFE.0xA9.0xFE",
            "0251.0376.0251.0376",
            "169.254.43518",
            "169.254.169.254.",
            "１６９.254.169.254",
            "[::ffff:169.254.169.254]",
            "[fe80::1]",
            "[fd00:ec2::254]",
            "0.0.0.0",
            "0",
        ] {
            let url = format!("http://{host}/latest/meta-data");
            assert_eq!(check_url(&url, true).unwrap_err(), UrlRefused::Never, "{host}");
        }
    }

    #[test]
    fn private_hosts_are_refused_where_they_are_not_allowed() {
        for host in [
            "127.0.0.1",
            "127.1",
            "10.0.0.5",
            "[::1]",
            "localhost",
            "LOCALHOST.",
            "shop.localhost",
        ] {
            let url = format!("http://{host}/");
            assert!(check_url(&url, true).is_ok(), "{host}");
            assert_eq!(check_url(&url, false).unwrap_err(), UrlRefused::Private, "{host}");
        }
    }
}
