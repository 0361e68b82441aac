//! What kind of place an IP address is, by the special-purpose registries. Whoever connects somewhere that was told to it
//! asks here first: nodes and sources of rates as well as webhooks.
//!
//! Knows addresses only, and nothing of who may be reached but that some places never are.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// What kind of place an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Somewhere on the internet.
    Public,
    /// This machine, its network, or a range that is not routed on the internet.
    Private,
    /// Nowhere that anybody has a reason to send payd to: link-local, cloud metadata, unspecified, multicast, broadcast, reserved.
    Never,
}

/// Whether a URL's host is an address, in any spelling, that nothing ever connects to. Of names it is told when they are
/// resolved.
#[must_use]
pub fn is_never(url: &Url) -> bool {
    let ip = match url.host() {
        Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
        // Of a scheme that is none of the web's, an address stands there as a name.
        Some(Host::Domain(name)) => name.trim_end_matches('.').parse().ok(),
        None => None,
    };
    ip.is_some_and(|ip| place(ip) == Place::Never)
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
    fn an_address_that_nothing_connects_to_is_known_in_every_spelling_and_scheme() {
        for url in [
            "http://169.254.169.254/latest",
            "http://2852039166/",
            "http://0xa9.254.0251.254/",
            "https://[::ffff:a9fe:a9fe]/",
            "wss://[fe80::1]/",
            "tcp://169.254.169.254:50001",
            "ssl://169.254.169.254.:50002",
            "tcp://[64:ff9b::a9fe:a9fe]:50001",
        ] {
            assert!(is_never(&Url::parse(url).unwrap()), "{url}");
        }
        for url in [
            "http://127.0.0.1:8545/",
            "tcp://10.0.0.1:1",
            "http://node.example/",
        ] {
            assert!(!is_never(&Url::parse(url).unwrap()), "{url}");
        }
    }
}
