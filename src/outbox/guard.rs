//! Where webhooks may go. Endpoints are the operator's, so this machine and its network are fine unless the
//! configuration says otherwise; what no shop can live at is refused always: link-local and cloud metadata
//! addresses, where credentials are handed out to whoever asks.
//!
//! Knows addresses and URLs only; [`super::resolve`] applies it to names.

use std::net::IpAddr;

use url::{Host, Url};

use crate::net::place::{Place, place};

/// The longest URL an endpoint may have, in bytes.
pub const URL_BYTES_MAX: usize = 2048;

/// Which addresses webhooks may go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guard {
    /// Whether loopback and private addresses are fine.
    pub allow_private: bool,
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
            Host::Ipv4(ip) => place(ip.into()),
            Host::Ipv6(ip) => place(ip.into()),
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

#[cfg(test)]
mod tests {
    use super::*;

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
    fn an_address_is_an_address_in_every_spelling_and_never_a_name() {
        // What the URL standard reads as an address, a resolver is never asked for.
        for host in [
            "2852039166",
            "0251.0376.0251.0376",
            "0xa9fea9fe",
            "169.254.169.254.",
        ] {
            let url = Url::parse(&format!("http://{host}/")).unwrap();
            assert!(matches!(url.host(), Some(Host::Ipv4(_))), "{host}");
        }
        for (text, refused) in [
            ("http://[fe80::1%25eth0]/", UrlRefused::Malformed),
            ("http://[fe80::1%eth0]/", UrlRefused::Malformed),
            ("http://[::ffff:0:a9fe:a9fe]/", UrlRefused::Never),
            ("http://[64:ff9b::a9fe:a9fe]/", UrlRefused::Never),
            ("http://[2002:a9fe:a9fe::]/", UrlRefused::Never),
            ("http://[::]:80/", UrlRefused::Never),
            ("http://256.1.1.1/", UrlRefused::Malformed),
            ("http://1.2.3.4.5/", UrlRefused::Malformed),
            // What stands before the sign is no host, whatever it looks like.
            ("http://shop.example@169.254.169.254/", UrlRefused::Credentials),
            ("http://169.254.169.254@shop.example/", UrlRefused::Credentials),
            ("http://shop.example:0/", UrlRefused::Port),
            ("http://shop.example:65536/", UrlRefused::Malformed),
            ("gopher://shop.example/", UrlRefused::Scheme),
            ("javascript:alert(1)", UrlRefused::Scheme),
            ("data:text/html,x", UrlRefused::Scheme),
            ("unix:/run/docker.sock", UrlRefused::Scheme),
            ("//shop.example/", UrlRefused::Malformed),
        ] {
            assert_eq!(check_url(text, true).err(), Some(refused), "{text}");
        }
    }

    #[test]
    fn a_name_is_taken_as_it_is_and_judged_by_where_it_leads() {
        // Dots that look like dots are dots, and letters of other scripts travel as `xn--`.
        for (text, host) in [
            ("http://metadata.google.internal/", "metadata.google.internal"),
            (
                "http://169.254.169.254.shop.example/",
                "169.254.169.254.shop.example",
            ),
            ("http://b\u{fc}cher.example/", "xn--bcher-kva.example"),
            ("http://shop\u{3002}example/", "shop.example"),
            // A backslash is a slash: what follows is of the path.
            ("http://shop.example\\@169.254.169.254/", "shop.example"),
        ] {
            assert_eq!(check_url(text, true).unwrap().host_str(), Some(host), "{text}");
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
