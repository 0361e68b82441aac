//! The transport over real sockets: HTTP with TLS by ring, the host's certificates and the Mozilla ones beside
//! them, names resolved by the host's own name servers or by those that are configured, never by others.

use std::error::Error as _;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::future::BoxFuture;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{LookupIpStrategy, NameServerConfig, ResolverConfig};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};

use super::{Fetch, FetchReply, FetchRequest, TransportError};

/// How the transport reaches the world.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// Name servers to ask; when empty, those of the host (`/etc/resolv.conf`).
    pub name_servers: Vec<IpAddr>,
    /// The longest wait for a connection.
    pub connect_timeout: Duration,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            name_servers: Vec::new(),
            connect_timeout: Duration::from_secs(10),
        }
    }
}

/// The transport could not be set up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpSetupError {
    /// The client itself failed.
    #[error("the HTTP client could not be built: {0}")]
    Client(String),
}

/// Talks to nodes over HTTP. Cheap to clone: clones share their connections.
#[derive(Debug, Clone)]
pub struct HttpTransport {
    client: reqwest::Client,
}

impl HttpTransport {
    /// Builds the transport; connects nowhere.
    ///
    /// # Errors
    /// [`HttpSetupError`] when TLS cannot be set up.
    pub fn new(settings: &HttpSettings) -> Result<Self, HttpSetupError> {
        // The error means that a provider is installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS
            .iter()
            .filter_map(|root| reqwest::Certificate::from_der(root).ok());
        let builder = reqwest::Client::builder()
            .user_agent(concat!("payd/", env!("CARGO_PKG_VERSION")))
            .tls_certs_merge(roots)
            .dns_resolver(Arc::new(NameServers::new(&settings.name_servers)))
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .connect_timeout(settings.connect_timeout)
            .pool_idle_timeout(Duration::from_secs(60))
            .pool_max_idle_per_host(4)
            .no_proxy();
        let client = builder
            .build()
            .map_err(|error| HttpSetupError::Client(cause(&error.without_url())))?;
        Ok(Self { client })
    }

    async fn exchange(&self, request: FetchRequest<'_>) -> Result<FetchReply, TransportError> {
        let mut headers = HeaderMap::new();
        for (name, value) in request.endpoint.headers() {
            let pair = HeaderName::try_from(name)
                .ok()
                .zip(HeaderValue::try_from(value).ok());
            let Some((name, mut value)) = pair else {
                let reason = "a configured header is not a valid HTTP header".to_owned();
                return Err(TransportError::Connection(reason));
            };
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        let failed = |error: reqwest::Error| {
            if error.is_timeout() {
                TransportError::Timeout(request.timeout)
            } else {
                TransportError::Connection(cause(&error.without_url()))
            }
        };
        let url = request.endpoint.url_at(request.path);
        let asking = match request.body {
            Some(body) => {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                self.client.post(url).body(body)
            }
            None => self.client.get(url),
        };
        let mut response = asking
            .headers(headers)
            .timeout(request.timeout)
            .send()
            .await
            .map_err(failed)?;
        let bytes_max = request.reply_bytes_max;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if body.len().saturating_add(chunk.len()) > bytes_max {
                return Err(TransportError::TooLarge { bytes_max });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(FetchReply {
            status: response.status().as_u16(),
            retry_after: retry_after(response.headers()),
            body,
        })
    }
}

impl Fetch for HttpTransport {
    fn fetch<'a>(&'a self, request: FetchRequest<'a>) -> BoxFuture<'a, Result<FetchReply, TransportError>> {
        Box::pin(self.exchange(request))
    }
}

/// The seconds form of `Retry-After` (RFC 9110, 10.2.3); the date form is not worth trusting two clocks for.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// The innermost reason of an error, which is the telling one: `Connection refused`, an unknown issuer.
fn cause(error: &reqwest::Error) -> String {
    let mut source = error.source();
    let mut reason = error.to_string();
    while let Some(inner) = source {
        reason = inner.to_string();
        source = inner.source();
    }
    reason.chars().take(160).collect()
}

/// Resolves names by the host's name servers or the configured ones. Left to itself, the HTTP client would ask a
/// public resolver when the host's configuration cannot be read.
#[derive(Debug)]
pub(super) struct NameServers {
    configured: Option<ResolverConfig>,
    resolver: Arc<OnceLock<TokioResolver>>,
}

impl NameServers {
    pub(super) fn new(addresses: &[IpAddr]) -> Self {
        let servers: Vec<_> = addresses
            .iter()
            .map(|address| NameServerConfig::udp_and_tcp(*address))
            .collect();
        Self {
            configured: (!servers.is_empty()).then(|| ResolverConfig::from_name_servers(servers)),
            resolver: Arc::default(),
        }
    }

    /// The addresses of a host.
    ///
    /// # Errors
    /// Why there is none, fit to be shown.
    pub(super) async fn lookup(&self, name: &str) -> Result<Vec<IpAddr>, String> {
        let resolver = match self.resolver.get() {
            Some(resolver) => resolver,
            None => {
                let built = build(self.configured.clone()).map_err(|error| error.to_string())?;
                self.resolver.get_or_init(|| built)
            }
        };
        let found = resolver.lookup_ip(name).await;
        Ok(found.map_err(|error| error.to_string())?.iter().collect())
    }
}

/// Built on first use: a resolver belongs to the runtime it is first used in, and a host without name servers
/// can still reach nodes by their IP addresses.
fn build(configured: Option<ResolverConfig>) -> Result<TokioResolver, NetError> {
    let mut builder = match configured {
        Some(config) => TokioResolver::builder_with_config(config, TokioRuntimeProvider::default()),
        None => TokioResolver::builder_tokio()?,
    };
    builder.options_mut().ip_strategy = LookupIpStrategy::Ipv6AndIpv4;
    builder.build()
}

impl Resolve for NameServers {
    fn resolve(&self, name: Name) -> Resolving {
        let (cell, configured) = (Arc::clone(&self.resolver), self.configured.clone());
        Box::pin(async move {
            let resolver = match cell.get() {
                Some(resolver) => resolver,
                None => {
                    let built = build(configured)?;
                    cell.get_or_init(|| built)
                }
            };
            let found = resolver.lookup_ip(name.as_str()).await?;
            let addresses: Vec<_> = found.iter().map(|ip| SocketAddr::new(ip, 0)).collect();
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::thread::JoinHandle;

    use super::*;
    use crate::net::Endpoint;

    /// Serves one connection with `reply`; the handle gives the request that came.
    fn serve(reply: Vec<u8>) -> (u16, JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let serving = std::thread::spawn(move || {
            let (mut socket, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut some = [0; 4096];
            while !request.ends_with(b"[1]") {
                match socket.read(&mut some).unwrap() {
                    0 => break,
                    count => request.extend_from_slice(&some[..count]),
                }
            }
            // The client may hang up on a reply that is too large.
            let _ = socket.write_all(&reply);
            String::from_utf8(request).unwrap()
        });
        (port, serving)
    }

    fn post(url: &str, headers: Vec<(String, String)>) -> Result<FetchReply, TransportError> {
        let endpoint = Endpoint::parse(url, headers).unwrap();
        let transport = HttpTransport::new(&HttpSettings::default()).unwrap();
        let request = FetchRequest {
            endpoint: &endpoint,
            path: "",
            body: Some(b"[1]".to_vec()),
            reply_bytes_max: 1000,
            timeout: Duration::from_secs(20),
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(transport.fetch(request))
    }

    #[test]
    fn a_request_is_posted_as_json_with_the_configured_headers_and_any_status_is_a_reply() {
        let reply = b"HTTP/1.1 429 Slow\r\nretry-after: 7\r\ncontent-length: 2\r\n\r\nno";
        let (port, serving) = serve(reply.to_vec());
        let headers = vec![("x-api-key".to_owned(), "SECRET".to_owned())];
        let reply = post(&format!("http://user:pass@localhost:{port}/v3/key?q=1"), headers).unwrap();
        assert_eq!((reply.status, reply.body.as_slice()), (429, b"no".as_slice()));
        assert_eq!(reply.retry_after, Some(Duration::from_secs(7)));
        let request = serving.join().unwrap().to_lowercase();
        assert!(request.starts_with("post /v3/key?q=1 http/1.1"), "{request}");
        for header in [
            "content-type: application/json",
            "x-api-key: secret",
            "authorization: basic ",
        ] {
            assert!(request.contains(header), "{header}: {request}");
        }
    }

    #[test]
    fn a_redirect_is_not_followed() {
        let reply = b"HTTP/1.1 307 Elsewhere\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
        let (port, serving) = serve(reply.to_vec());
        assert_eq!(
            post(&format!("http://127.0.0.1:{port}"), Vec::new())
                .unwrap()
                .status,
            307
        );
        serving.join().unwrap();
    }

    #[test]
    fn a_reply_over_the_bound_is_dropped_also_when_it_was_compressed_below_it() {
        let plain = [
            b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n".as_slice(),
            &[b'0'; 5000],
        ]
        .concat();
        // 100 000 zeros.
        let packed = hex::decode(ZEROS_PACKED).unwrap();
        assert!(packed.len() < 1000);
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
            packed.len()
        );
        for reply in [plain, [head.as_bytes(), &packed].concat()] {
            let (port, serving) = serve(reply);
            let refused = post(&format!("http://127.0.0.1:{port}"), Vec::new()).unwrap_err();
            assert_eq!(refused, TransportError::TooLarge { bytes_max: 1000 });
            serving.join().unwrap();
        }
    }

    #[test]
    fn a_reply_that_breaks_off_is_no_reply() {
        let (port, serving) = serve(b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{}".to_vec());
        let refused = post(&format!("http://127.0.0.1:{port}"), Vec::new()).unwrap_err();
        assert!(matches!(refused, TransportError::Connection(_)), "{refused}");
        serving.join().unwrap();
    }

    #[test]
    fn an_error_names_its_cause_and_not_the_url() {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let refused = post(&format!("http://127.0.0.1:{port}/v3/SECRET"), Vec::new()).unwrap_err();
        let told = format!("{refused} {refused:?}");
        assert!(
            told.contains("refused") && !told.contains("SECRET") && !told.contains("http"),
            "{told}"
        );
    }

    const ZEROS_PACKED: &str = "1f8b08000000000002ffedc13101000000c2a04aeb9fce1a1e4001000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000af0685c24dc5a0860100";
}
