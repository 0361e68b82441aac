//! The origin of a web page, in the one form in which browsers send it: `https://shop.example`.

use url::{Host, Url};

/// A web origin, as written in `Origin` headers and by `location.origin`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebOrigin {
    /// In its one form: lower case, punycode, no default port, no slash at the end.
    pub text: String,
    /// Whether anybody on the way can change what its pages say: plain HTTP, and not on this machine or the LAN.
    pub is_open_to_tampering: bool,
}

/// What an origin is written like.
const LIKE: &str = "write it like https://shop.example or http://localhost:3000";

/// Why a text is no origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// No URL, or one of another scheme.
    #[error("`{0}` is not the origin of a web page; {LIKE}")]
    None(String),
    /// A user name or a password in it.
    #[error("an origin has no user name or password; {LIKE}")]
    Credentials,
    /// A path, a query or a fragment in it.
    #[error("`{0}` names a page, not an origin: all pages of one are alike; {LIKE}")]
    Page(String),
    /// No host.
    #[error("`{0}` has no host; {LIKE}")]
    NoHost(String),
    /// Such a host as no page has.
    #[error("`{0}` has no host that a page can come from; {LIKE}")]
    Host(String),
}

/// Reads an origin.
///
/// # Errors
/// [`OriginError`], when it is none, or more than one.
pub fn parse(text: &str) -> Result<WebOrigin, OriginError> {
    let text = text.trim();
    let own = || text.chars().take(TEXT_LENGTH_MAX).collect::<String>();
    let url = Url::parse(text).map_err(|_| OriginError::None(own()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(OriginError::None(own()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(OriginError::Credentials);
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(OriginError::Page(own()));
    }
    let host = url.host().ok_or_else(|| OriginError::NoHost(own()))?;
    // Neither can a page come from such a host, nor would a policy that lists origins stay what it is.
    if host.to_string().contains([' ', ';', ',', '*', '\'', '"']) {
        return Err(OriginError::Host(own()));
    }
    Ok(WebOrigin {
        is_open_to_tampering: url.scheme() == "http" && !is_near(&host),
        text: url.origin().ascii_serialization(),
    })
}

/// How much of a text an error repeats, in characters.
const TEXT_LENGTH_MAX: usize = 200;

/// Whether a host is this machine or on the LAN.
fn is_near(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            let top = name.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
            !name.contains('.') || matches!(top, "localhost" | "local" | "lan" | "internal" | "test")
        }
        Host::Ipv4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        Host::Ipv6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_kept_in_the_form_in_which_browsers_send_it() {
        for (text, kept) in [
            ("https://shop.example", "https://shop.example"),
            (" HTTPS://Shop.Example:443/ ", "https://shop.example"),
            ("https://shop.example:8443", "https://shop.example:8443"),
            ("http://localhost:80", "http://localhost"),
            ("http://localhost:3000/", "http://localhost:3000"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("http://0x7f.1", "http://127.0.0.1"),
        ] {
            assert_eq!(parse(text).unwrap().text, kept, "{text}");
        }
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for text in [
            "",
            "*",
            "null",
            "shop.example",
            "https://",
            "https://*.shop.example",
            "https://shop.example/buy",
            "https://shop.example/?a",
            "https://shop.example/#a",
            "https://u:p@shop.example",
            "https://shop.example https://evil.example",
            "https://shop.example;sandbox",
            "https://shop.example,evil.example",
            "https://shop.example:99999",
            "ftp://shop.example",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "data:text/html,x",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_and_the_lan() {
        for (text, is_open) in [
            ("http://shop.example", true),
            ("http://8.8.8.8", true),
            ("https://shop.example", false),
            ("http://localhost:3000", false),
            ("http://shop.localhost", false),
            ("http://till.lan", false),
            ("http://till", false),
            ("http://192.168.1.5:8080", false),
            ("http://127.0.0.1", false),
            ("http://[fd00::1]", false),
        ] {
            assert_eq!(parse(text).unwrap().is_open_to_tampering, is_open, "{text}");
        }
    }
}
