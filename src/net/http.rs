//! The transport over real sockets: HTTP with [`tls`]'s roots, names resolved as [`resolve`](super::resolve) does.

use std::error::Error as _;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};

use super::place;
use super::resolve::{Lookup, LookupError, NodeNames, SystemLookup};
use super::tls::{self, TlsUnavailable};
use super::{Fetch, FetchReply, FetchRequest, TransportError, retry_after};
use crate::ambient::{Clock, SystemClock};

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
    /// There is no TLS.
    #[error(transparent)]
    Tls(#[from] TlsUnavailable),
}

/// Talks to nodes over HTTP. Cheap to clone: clones share their connections.
#[derive(Clone)]
pub struct HttpTransport {
    client: reqwest::Client,
    clock: Arc<dyn Clock>,
}

impl HttpTransport {
    /// Builds the transport; connects nowhere.
    ///
    /// # Errors
    /// [`HttpSetupError`] when TLS cannot be set up.
    pub fn new(settings: &HttpSettings) -> Result<Self, HttpSetupError> {
        Self::resolving_by(Arc::new(SystemLookup::asking(&settings.name_servers)), settings)
    }

    /// The same, resolving names by `lookup`.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn resolving_by(lookup: Arc<dyn Lookup>, settings: &HttpSettings) -> Result<Self, HttpSetupError> {
        let mut tls = tls::client_config()?;
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let builder = reqwest::Client::builder()
            .user_agent(concat!("payd/", env!("CARGO_PKG_VERSION")))
            .tls_backend_preconfigured(tls)
            .dns_resolver(Arc::new(NodeNames(lookup)))
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .connect_timeout(settings.connect_timeout)
            // Sooner than bitcoind closes a connection that nothing comes over (30 s): a request sent at that moment
            // fails.
            .pool_idle_timeout(Duration::from_secs(20))
            .pool_max_idle_per_host(4)
            .no_proxy();
        let client = builder
            .build()
            .map_err(|error| HttpSetupError::Client(cause(&error.without_url())))?;
        Ok(Self {
            client,
            clock: Arc::new(SystemClock),
        })
    }

    /// The same by another clock, which is what dates in replies are seen from.
    #[must_use]
    pub fn by_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    fn retry_after(&self, headers: &HeaderMap) -> Option<Duration> {
        retry_after::read(headers.get(RETRY_AFTER)?.to_str().ok()?, self.clock.now())
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
        // The client asks no resolver for an address.
        if place::is_never(&url) {
            return Err(TransportError::Connection(LookupError::Never.to_string()));
        }
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
            retry_after: self.retry_after(response.headers()),
            body,
        })
    }
}

impl Fetch for HttpTransport {
    fn fetch<'a>(&'a self, request: FetchRequest<'a>) -> BoxFuture<'a, Result<FetchReply, TransportError>> {
        Box::pin(self.exchange(request))
    }
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

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::thread::JoinHandle;

    use super::*;
    use crate::ambient::SimulatedClock;
    use crate::domain::time::UnixMillis;
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
        // 1994-11-06 08:49:37
        let clock = SimulatedClock::starting_at(UnixMillis::from_seconds(784_111_777));
        let transport = HttpTransport::new(&HttpSettings::default()).unwrap();
        let transport = transport.by_clock(Arc::new(clock));
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
    fn a_date_to_come_back_at_is_seen_from_the_injected_clock() {
        let reply =
            b"HTTP/1.1 429 Slow\r\nretry-after: Sun, 06 Nov 1994 08:50:07 GMT\r\ncontent-length: 0\r\n\r\n";
        let (port, serving) = serve(reply.to_vec());
        let reply = post(&format!("http://127.0.0.1:{port}"), Vec::new()).unwrap();
        assert_eq!(reply.retry_after, Some(Duration::from_secs(30)));
        serving.join().unwrap();
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

    /// Answers every name with this address.
    struct Leads(&'static str);

    impl Lookup for Leads {
        fn lookup<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Vec<IpAddr>, LookupError>> {
            Box::pin(std::future::ready(Ok(vec![self.0.parse().unwrap()])))
        }
    }

    #[tokio::test]
    async fn no_node_is_at_a_metadata_address_by_whatever_name_and_none_is_told_of_its_key() {
        for (url, leads) in [
            ("http://169.254.169.254/v3/SECRET-KEY", "127.0.0.1"),
            ("http://2852039166/v3/SECRET-KEY", "127.0.0.1"),
            ("http://[::ffff:a9fe:a9fe]/v3/SECRET-KEY", "127.0.0.1"),
            ("http://[64:ff9b::a9fe:a9fe]/v3/SECRET-KEY", "127.0.0.1"),
            ("http://node.example/v3/SECRET-KEY", "169.254.169.254"),
            ("http://metadata.google.internal/v3/SECRET-KEY", "fd00:ec2::254"),
        ] {
            let settings = HttpSettings::default();
            let transport = HttpTransport::resolving_by(Arc::new(Leads(leads)), &settings).unwrap();
            let endpoint = Endpoint::parse(url, Vec::new()).unwrap();
            let request = FetchRequest {
                endpoint: &endpoint,
                path: "",
                body: None,
                reply_bytes_max: 1000,
                timeout: Duration::from_secs(5),
            };
            let refused = transport.fetch(request).await.unwrap_err().to_string();
            assert!(refused.contains("never connected to"), "{url}: {refused}");
            assert!(!refused.contains("SECRET"), "{refused}");
        }
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
