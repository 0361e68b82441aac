//! The wire: one signed post out, one status and the first bytes of the reply back.
//!
//! Knows no delivery and no format. Follows no redirect, uses no proxy, keeps no cookie.

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::dns::Resolve;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use rustls::ClientConfig;
use tokio::time::Instant;
use url::Url;

use super::format::Post;
use super::guard::Guard;
use super::resolve::GuardedResolver;
use crate::net::resolve::{Lookup, SystemLookup};
use crate::net::tls;

/// How much of a reply's body is kept.
pub const REPLY_BYTES_MAX: usize = 1024;

/// How long a connection may take to come about; the format's own limit holds besides.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long connections are used again after the first of their client: a name may lead elsewhere by then, also to where no
/// webhook may go.
const CONNECTION_AGE_MAX: Duration = Duration::from_secs(30);

/// Connections to one host that are kept while nothing is sent: as many as are sent over at once to one endpoint.
const IDLE_PER_HOST_MAX: usize = 16;

/// Sends posts. Bounds neither the wait for the reply nor for its body: the caller does, by its clock.
pub trait Transport: Send + Sync + 'static {
    /// Posts, and returns as soon as the reply's status is known.
    fn send(&self, url: Url, post: Post) -> BoxFuture<'_, Result<Reply, SendError>>;
}

/// A reply whose body is still to be read.
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The Retry-After header, if there was one.
    pub retry_after: Option<String>,
    /// The first bytes of the body, at most [`REPLY_BYTES_MAX`]; fewer when the connection fails under way.
    pub body: BoxFuture<'static, Vec<u8>>,
}

/// No reply. The text names no URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SendError(pub String);

/// The HTTP client cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client for webhooks cannot be set up")]
pub struct TransportUnavailable(#[source] Box<dyn Error + Send + Sync>);

/// Posts over HTTP/1.1, with TLS checked against the system's and the built-in roots. Connections are used again, but not for
/// longer than [`CONNECTION_AGE_MAX`]: where a name leads is looked up and guarded anew at least that often.
pub struct HttpTransport {
    resolver: Arc<dyn Resolve>,
    tls: ClientConfig,
    made: Mutex<Made>,
}

/// A client with connections of its own, and when it was made.
struct Made {
    client: reqwest::Client,
    at: Instant,
}

impl HttpTransport {
    /// A client that resolves names by the system's settings.
    ///
    /// # Errors
    /// [`TransportUnavailable`].
    pub fn new(guard: Guard) -> Result<Self, TransportUnavailable> {
        Self::resolving_by(SystemLookup::default(), guard)
    }

    /// A client that resolves names by `lookup`.
    ///
    /// # Errors
    /// [`TransportUnavailable`].
    pub fn resolving_by(lookup: impl Lookup, guard: Guard) -> Result<Self, TransportUnavailable> {
        let tls = tls::client_config().map_err(|error| TransportUnavailable(error.into()))?;
        let resolver: Arc<dyn Resolve> = Arc::new(GuardedResolver::new(lookup, guard));
        let client = make(&resolver, &tls).map_err(|error| TransportUnavailable(error.into()))?;
        let at = Instant::now();
        Ok(Self {
            resolver,
            tls,
            made: Mutex::new(Made { client, at }),
        })
    }

    /// The client to send the next post by. One that has become old is left to what is under way over it.
    fn client(&self) -> Result<reqwest::Client, SendError> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if made.at.elapsed() >= CONNECTION_AGE_MAX {
            *made = Made {
                client: make(&self.resolver, &self.tls).map_err(describe)?,
                at: Instant::now(),
            };
        }
        Ok(made.client.clone())
    }
}

/// A client that has no connections yet; the roots of trust are shared by all.
fn make(resolver: &Arc<dyn Resolve>, tls: &ClientConfig) -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .user_agent(concat!("payd/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .no_proxy()
        .no_gzip()
        .referer(false)
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_max_idle_per_host(IDLE_PER_HOST_MAX)
        // Sooner than Node's servers close a connection that nothing comes over (5 s): a delivery sent at that
        // moment fails.
        .pool_idle_timeout(Duration::from_secs(4))
        .tls_backend_preconfigured(tls.clone())
        .dns_resolver(Arc::clone(resolver))
        .build()
}

impl Transport for HttpTransport {
    fn send(&self, url: Url, post: Post) -> BoxFuture<'_, Result<Reply, SendError>> {
        Box::pin(async move {
            let mut headers = HeaderMap::new();
            for (name, value) in &post.headers {
                let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad_header())?;
                headers.insert(name, HeaderValue::from_str(value).map_err(|_| bad_header())?);
            }
            let request = self.client()?.post(url).headers(headers).body(post.body);
            let reply = request
                .send()
                .await
                .map_err(|error| describe(error.without_url()))?;
            let retry_after = reply.headers().get(RETRY_AFTER);
            Ok(Reply {
                status: reply.status().as_u16(),
                retry_after: retry_after.and_then(|value| Some(value.to_str().ok()?.to_owned())),
                body: Box::pin(first_bytes(reply)),
            })
        })
    }
}

fn bad_header() -> SendError {
    SendError("a header of the post is not valid".to_owned())
}

async fn first_bytes(mut reply: reqwest::Response) -> Vec<u8> {
    let mut kept = Vec::new();
    while let Ok(Some(chunk)) = reply.chunk().await {
        let room = REPLY_BYTES_MAX.saturating_sub(kept.len());
        kept.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
        if kept.len() >= REPLY_BYTES_MAX {
            break;
        }
    }
    kept
}

/// The longest text kept of a failure, in characters.
const FAILURE_CHARS_MAX: usize = 300;

/// The causes of a failure in one line: only the innermost says what happened.
fn describe(error: reqwest::Error) -> SendError {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    SendError(text.chars().take(FAILURE_CHARS_MAX).collect())
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::net::resolve::LookupError;

    /// Answers every name with these addresses, as a line in a hosts file would.
    struct Hosts(Vec<IpAddr>);

    impl Lookup for Hosts {
        fn lookup<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Vec<IpAddr>, LookupError>> {
            let addresses = self.0.clone();
            Box::pin(async move { Ok(addresses) })
        }
    }

    /// Answers every name with whatever is in there by then.
    struct Moving(Arc<Mutex<Vec<IpAddr>>>);

    impl Lookup for Moving {
        fn lookup<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Vec<IpAddr>, LookupError>> {
            let addresses = self.0.lock().unwrap().clone();
            Box::pin(async move { Ok(addresses) })
        }
    }

    fn client(address: &str, allow_private: bool) -> HttpTransport {
        let hosts = Hosts(vec![address.parse().unwrap()]);
        HttpTransport::resolving_by(hosts, Guard { allow_private }).unwrap()
    }

    /// A server that answers each connection with `answer` and keeps what it was sent.
    async fn server(answer: Vec<u8>) -> (u16, Arc<Mutex<Vec<String>>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&requests);
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = Vec::new();
                while !request.ends_with(b"the body") {
                    let mut part = [0; 1024];
                    let read = stream.read(&mut part).await.unwrap();
                    assert_ne!(read, 0, "the request ended early");
                    request.extend_from_slice(&part[..read]);
                }
                kept.lock().unwrap().push(String::from_utf8(request).unwrap());
                // The client may hang up before a long answer is through.
                let _ = stream.write_all(&answer).await;
            }
        });
        (port, requests)
    }

    fn post() -> Post {
        Post {
            headers: vec![
                ("Content-Type", "application/json".to_owned()),
                ("X-PayHook-Delivery-Id", "7".to_owned()),
            ],
            body: b"the body".to_vec(),
        }
    }

    fn url(port: u16) -> Url {
        format!("http://shop.example:{port}/hook?key=hidden")
            .parse()
            .unwrap()
    }

    #[tokio::test]
    async fn a_post_arrives_as_it_was_made() {
        let (port, requests) = server(b"HTTP/1.1 202 Accepted\r\ncontent-length: 2\r\n\r\nok".to_vec()).await;
        let reply = client("127.0.0.1", true).send(url(port), post()).await.unwrap();
        assert_eq!((reply.status, reply.body.await), (202, b"ok".to_vec()));
        let request = requests.lock().unwrap()[0].to_lowercase();
        assert!(
            request.starts_with("post /hook?key=hidden http/1.1\r\n"),
            "{request}"
        );
        for line in [
            "content-type: application/json",
            "x-payhook-delivery-id: 7",
            "content-length: 8",
        ] {
            assert!(request.contains(&format!("\r\n{line}\r\n")), "{request}");
        }
        for name in ["accept-encoding", "cookie", "referer"] {
            assert!(!request.contains(name), "{request}");
        }
    }

    #[tokio::test]
    async fn a_redirect_is_a_reply_and_not_followed() {
        let answer = b"HTTP/1.1 307 Temporary Redirect\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n";
        let (port, requests) = server(answer.to_vec()).await;
        let reply = client("127.0.0.1", true).send(url(port), post()).await.unwrap();
        assert_eq!(reply.status, 307);
        assert_eq!(reply.body.await, b"");
        assert_eq!(requests.lock().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn only_the_first_bytes_of_an_endless_reply_are_read() {
        let mut answer = b"HTTP/1.1 500 Oops\r\nretry-after: 9\r\n\r\n".to_vec();
        answer.extend(vec![b'x'; 8 * 1024 * 1024]);
        let (port, _) = server(answer).await;
        let reply = client("127.0.0.1", true).send(url(port), post()).await.unwrap();
        assert_eq!(reply.retry_after.as_deref(), Some("9"));
        assert_eq!(reply.body.await, vec![b'x'; REPLY_BYTES_MAX]);
    }

    #[tokio::test]
    async fn a_name_that_leads_to_a_refused_address_is_not_connected_to_and_no_url_is_told() {
        let (port, requests) = server(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_vec()).await;
        for (address, allow_private) in [("169.254.169.254", true), ("127.0.0.1", false)] {
            let refused = client(address, allow_private).send(url(port), post()).await;
            let SendError(why) = refused.err().unwrap();
            assert!(why.contains("leads only to addresses"), "{why}");
            assert!(!why.contains("hidden"), "{why}");
        }
        assert!(requests.lock().unwrap().is_empty());
    }

    /// A server that keeps its connections, and counts them.
    async fn keeping() -> (u16, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(async move {
                    let mut part = [0; 4096];
                    while stream.read(&mut part).await.is_ok_and(|read| read > 0) {
                        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
                        stream.write_all(answer).await.unwrap();
                    }
                });
            }
        });
        (port, connections)
    }

    #[tokio::test]
    async fn a_connection_is_used_again_but_not_after_its_name_may_lead_elsewhere() {
        let (port, connections) = keeping().await;
        let leads_to = Arc::new(Mutex::new(vec!["127.0.0.1".parse().unwrap()]));
        let client =
            HttpTransport::resolving_by(Moving(Arc::clone(&leads_to)), Guard { allow_private: true });
        let client = client.unwrap();
        for _ in 0..3 {
            let reply = client.send(url(port), post()).await.unwrap();
            assert_eq!(reply.body.await, b"ok");
        }
        assert_eq!(connections.load(Ordering::SeqCst), 1);
        *leads_to.lock().unwrap() = vec!["169.254.169.254".parse().unwrap()];
        tokio::time::pause();
        tokio::time::advance(CONNECTION_AGE_MAX).await;
        tokio::time::resume();
        let SendError(why) = client.send(url(port), post()).await.err().unwrap();
        assert!(why.contains("leads only to addresses"), "{why}");
        assert_eq!(connections.load(Ordering::SeqCst), 1);
    }

    /// Answers each time with the next of these, and then with the last of them: a name server that turns on its asker.
    struct Turning(Mutex<Vec<IpAddr>>);

    impl Turning {
        fn between(answers: &[&str]) -> Self {
            Self(Mutex::new(
                answers.iter().rev().map(|text| text.parse().unwrap()).collect(),
            ))
        }
    }

    impl Lookup for Turning {
        fn lookup<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Vec<IpAddr>, LookupError>> {
            let mut left = self.0.lock().unwrap();
            let next = if left.len() > 1 {
                left.pop()
            } else {
                left.last().copied()
            };
            Box::pin(std::future::ready(Ok(next.into_iter().collect())))
        }
    }

    const CLOSED: &[u8] = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

    #[tokio::test]
    async fn the_address_that_was_checked_is_the_one_connected_to_whatever_the_name_says_next() {
        let (port, requests) = server(CLOSED.to_vec()).await;
        // The second answer, had it been asked for, leads to where nobody listens.
        let names = Turning::between(&["127.0.0.1", "127.0.0.9", "169.254.169.254"]);
        let way = HttpTransport::resolving_by(names, Guard { allow_private: true }).unwrap();
        let reply = way.send(url(port), post()).await.unwrap();
        assert_eq!((reply.status, reply.body.await.len()), (200, 0));
        assert_eq!(requests.lock().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_name_that_was_fine_and_now_leads_to_metadata_is_refused_at_its_next_connection() {
        let (port, requests) = server(CLOSED.to_vec()).await;
        let names = Turning::between(&["127.0.0.1", "169.254.169.254"]);
        let way = HttpTransport::resolving_by(names, Guard { allow_private: true }).unwrap();
        let reply = way.send(url(port), post()).await.unwrap();
        assert_eq!((reply.status, reply.body.await.len()), (200, 0));
        let SendError(why) = way.send(url(port), post()).await.err().unwrap();
        assert!(why.contains("leads only to addresses"), "{why}");
        assert_eq!(requests.lock().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_name_leads_nowhere_by_any_address_that_carries_one_that_is_refused() {
        for address in [
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::a9fe:a9fe",
            "2002:a9fe:a9fe::1",
            "2001:0:a9fe:a9fe::1",
            "fe80::1",
            "fd00:ec2::254",
            "::",
            "0.0.0.0",
            "224.0.0.1",
        ] {
            let SendError(why) = client(address, true).send(url(9), post()).await.err().unwrap();
            assert!(why.contains("leads only to addresses"), "{address}: {why}");
        }
    }

    #[tokio::test]
    async fn a_refused_connection_says_so_without_the_url() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let refused = client("127.0.0.1", true).send(url(port), post()).await;
        let SendError(why) = refused.err().unwrap();
        assert!(why.to_lowercase().contains("refused"), "{why}");
        assert!(!why.contains("hidden") && !why.contains("http://"), "{why}");
    }
}
