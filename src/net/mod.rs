//! One HTTP request to a node or a rate source and its bounded reply: the transport that whoever asks the world takes
//! as a parameter, so that tests put a scripted one in its place.
//!
//! Knows nothing of chains, and never writes a URL into an error, a log or a `Debug`: keys live in paths and
//! queries.

#[cfg(test)]
pub(crate) mod foul;
#[cfg(test)]
mod fuzz;
pub mod http;
pub mod lines;
pub mod place;
pub mod resolve;
pub mod retry_after;
pub mod tls;
pub mod websocket;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use futures_util::future::BoxFuture;
use url::{Host, Url};

/// Sends one HTTP request and takes the whole reply, within the request's bounds.
pub trait Fetch: Send + Sync + 'static {
    /// Sends the request. Any HTTP status is a reply; redirects are not followed.
    ///
    /// # Errors
    /// [`TransportError`] when no complete reply came within the bounds.
    fn fetch<'a>(&'a self, request: FetchRequest<'a>) -> BoxFuture<'a, Result<FetchReply, TransportError>>;
}

/// What to send, and how much to take.
#[derive(Debug)]
pub struct FetchRequest<'a> {
    /// Where to.
    pub endpoint: &'a Endpoint,
    /// What to add to the endpoint's own path, with a query if there is one: `block-height/7`. Empty for nothing.
    pub path: &'a str,
    /// A JSON text to post; without one it is a GET.
    pub body: Option<Vec<u8>>,
    /// The longest reply that is taken, in bytes after decompression.
    pub reply_bytes_max: usize,
    /// The longest wait for the complete reply.
    pub timeout: Duration,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct FetchReply {
    /// The HTTP status.
    pub status: u16,
    /// What the `Retry-After` header asks for, seconds and dates alike; not bounded.
    pub retry_after: Option<Duration>,
    /// The complete body.
    pub body: Vec<u8>,
}

/// Why no complete reply came. Holds no URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The node could not be reached, or hung up half-way.
    #[error("no connection: {0}")]
    Connection(String),
    /// The reply took too long.
    #[error("no reply within {} s", .0.as_secs())]
    Timeout(Duration),
    /// The reply was larger than the bound; nothing of it was kept.
    #[error("the reply is larger than {bytes_max} bytes")]
    TooLarge {
        /// The bound.
        bytes_max: usize,
    },
}

/// Names below these are nobody's in the public tree.
const SPECIAL_NAMES: &[&str] = &[
    "localhost",
    "test",
    "example",
    "invalid",
    "local",
    "internal",
    "home.arpa",
    "alt",
];

const fn is_public_v4(ip: Ipv4Addr) -> bool {
    // 100.64.0.0/10 is shared by operators with their customers, and by mesh networks between one's own machines.
    let [first, second, _, _] = ip.octets();
    let is_shared = first == 100 && second & 0b1100_0000 == 64;
    !(ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified() || is_shared)
}

/// A node's address with its keys, and the name under which people may read of it.
#[derive(Clone)]
pub struct Endpoint {
    url: Url,
    headers: Vec<(String, String)>,
    host: String,
}

/// Why a text is not a node's address. Holds nothing of the text: it may be a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a node's address: write it like https://host/path or http://127.0.0.1:8545")]
pub struct BadEndpoint;

impl Endpoint {
    /// Reads an `http` or `https` URL; `headers` are sent with every request (API keys).
    ///
    /// # Errors
    /// [`BadEndpoint`] for any other text.
    pub fn parse(url: &str, headers: Vec<(String, String)>) -> Result<Self, BadEndpoint> {
        Self::parse_as(&["http", "https"], url, headers)
    }

    /// Reads a URL with one of `schemes` and a host.
    ///
    /// # Errors
    /// [`BadEndpoint`] for any other text.
    pub fn parse_as(
        schemes: &[&str],
        url: &str,
        headers: Vec<(String, String)>,
    ) -> Result<Self, BadEndpoint> {
        let url = Url::parse(url).map_err(|_| BadEndpoint)?;
        if !schemes.contains(&url.scheme()) {
            return Err(BadEndpoint);
        }
        let name = url
            .host_str()
            .filter(|name| !name.is_empty())
            .ok_or(BadEndpoint)?;
        // One name is one operator whatever the port; on an IP address each port is a node of its own.
        let bare = name.trim_matches(['[', ']']);
        let host = match url.port() {
            Some(port) if bare.parse::<IpAddr>().is_ok() || name == "localhost" => format!("{name}:{port}"),
            _ => name.to_owned(),
        };
        Ok(Self { url, headers, host })
    }

    /// The URL with `path` added to its own path, and `path`'s query to its own query. For the transport only.
    #[must_use]
    pub fn url_at(&self, path: &str) -> Url {
        if path.is_empty() {
            return self.url.clone();
        }
        let (path, query) = path
            .split_once('?')
            .map_or((path, None), |(path, query)| (path, Some(query)));
        let mut url = self.url.clone();
        url.set_path(&format!("{}/{path}", self.url.path().trim_end_matches('/')));
        let both: Vec<&str> = self.url.query().into_iter().chain(query).collect();
        if !both.is_empty() {
            url.set_query(Some(&both.join("&")));
        }
        url
    }

    /// The host (with the port where it is an IP address): the only part that may be shown, and what tells one
    /// provider from another.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether it lies outside of the operator's own machines and networks, where everybody is metered: any host but
    /// loopback, private and link-local addresses, names without a dot, and the special-use names (RFC 6761, 6762,
    /// 8375, 9476).
    #[must_use]
    pub fn is_public(&self) -> bool {
        match self.url.host() {
            Some(Host::Ipv4(ip)) => is_public_v4(ip),
            Some(Host::Ipv6(ip)) => ip.to_ipv4_mapped().map_or_else(
                || !(ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local()),
                is_public_v4,
            ),
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.');
                // Of a scheme that is none of the web's, an address stands there as a name.
                if let Ok(ip) = name.parse() {
                    return is_public_v4(ip);
                }
                let is_special = |suffix: &&str| {
                    name.strip_suffix(suffix)
                        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
                };
                name.contains('.') && !SPECIAL_NAMES.iter().any(is_special)
            }
            None => true,
        }
    }

    /// The whole URL. For the transport only.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Headers to send. For the transport only.
    #[must_use]
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// Makes a node's own words fit to be shown: without this endpoint's keys, without URLs, without control
    /// characters, and short.
    #[must_use]
    pub fn scrub(&self, words: &str) -> String {
        let mut clean: String = words
            .chars()
            .take(2000)
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        for secret in self.secrets() {
            clean = clean.replace(&secret, "***");
        }
        let words: Vec<&str> = clean
            .split_whitespace()
            .map(|word| if word.contains("://") { "***" } else { word })
            .collect();
        words.join(" ").chars().take(200).collect()
    }

    /// Everything in the address and headers that can be a key.
    fn secrets(&self) -> Vec<String> {
        // Shorter ones are words such as `v3`, `eth` or `mainnet`.
        const KEY_LENGTH_MIN: usize = 8;
        let path = self.url.path_segments().into_iter().flatten().map(str::to_owned);
        let query = self.url.query_pairs().map(|(_, value)| value.into_owned());
        let raw_query = self.url.query().map(str::to_owned);
        let user = [self.url.username().to_owned()];
        let password = self.url.password().map(str::to_owned);
        let headers = self.headers.iter().map(|(_, value)| value.clone());
        let mut secrets: Vec<String> = path
            .chain(query)
            .chain(raw_query)
            .chain(user)
            .chain(password)
            .chain(headers)
            .filter(|part| part.len() >= KEY_LENGTH_MIN)
            .collect();
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "0123456789abcdef";

    #[test]
    fn only_the_host_of_an_endpoint_is_ever_shown() {
        for url in [
            format!("https://rpc.example/v3/{KEY}"),
            format!("https://rpc.example/?apikey={KEY}"),
            format!("https://user:{KEY}@rpc.example:8443/"),
        ] {
            let endpoint = Endpoint::parse(&url, vec![("x-api-key".to_owned(), KEY.to_owned())]).unwrap();
            assert_eq!(endpoint.host(), "rpc.example");
            assert_eq!(format!("{endpoint:?}"), "rpc.example");
            let echoed = endpoint.scrub(&format!(
                "key {KEY} is bad,\nsee https://docs.example/{KEY} or {url}"
            ));
            assert_eq!(echoed, "key *** is bad, see *** or ***");
        }
    }

    #[test]
    fn two_nodes_on_one_machine_are_two_but_one_name_is_one() {
        let host = |url: &str| Endpoint::parse(url, Vec::new()).unwrap().host().to_owned();
        assert_ne!(host("http://127.0.0.1:8545"), host("http://127.0.0.1:8546"));
        assert_ne!(host("http://[::1]:8545"), host("http://[::1]:8546"));
        assert_eq!(host("https://a.example/x"), host("http://A.example:8080/y"));
    }

    #[test]
    fn a_path_goes_between_the_path_and_the_query_of_an_endpoint() {
        for (base, path, whole) in [
            ("https://a.example", "", "https://a.example/"),
            (
                "https://a.example",
                "blocks/tip/height",
                "https://a.example/blocks/tip/height",
            ),
            (
                "https://a.example/api/",
                "block/7",
                "https://a.example/api/block/7",
            ),
            (
                "https://a.example/api?key=k",
                "rates?of=btc",
                "https://a.example/api/rates?key=k&of=btc",
            ),
        ] {
            let endpoint = Endpoint::parse(base, Vec::new()).unwrap();
            assert_eq!(endpoint.url_at(path).as_str(), whole);
        }
    }

    #[test]
    fn only_a_host_of_others_is_public() {
        for (host, is_public) in [
            ("127.0.0.1:8545", false),
            ("192.168.1.5", false),
            ("100.64.0.1", false),
            ("[::1]", false),
            ("[::ffff:10.0.0.1]", false),
            ("[fd00::1]", false),
            ("localhost:8545", false),
            ("bitcoind", false),
            ("node.local", false),
            ("node0.example", false),
            ("8.8.8.8", true),
            ("[2606:4700::1111]", true),
            ("[::ffff:8.8.8.8]", true),
            ("rpc.ankr.com", true),
            ("contest.org", true),
        ] {
            let endpoint = Endpoint::parse(&format!("http://{host}/"), Vec::new()).unwrap();
            assert_eq!(endpoint.is_public(), is_public, "{host}");
        }
        for (url, is_public) in [("tcp://10.0.0.1:1", false), ("ssl://8.8.8.8:1", true)] {
            let endpoint = Endpoint::parse_as(&["tcp", "ssl"], url, Vec::new()).unwrap();
            assert_eq!(endpoint.is_public(), is_public, "{url}");
        }
    }

    #[test]
    fn an_endpoint_is_a_web_address() {
        for url in [
            "",
            "ws://a.example",
            "file:///etc/passwd",
            "127.0.0.1:8545",
            "https://",
        ] {
            assert_eq!(
                Endpoint::parse(url, Vec::new()).unwrap_err(),
                BadEndpoint,
                "{url}"
            );
        }
    }
}
