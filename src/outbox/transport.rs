//! The wire: one signed post out, one status and the first bytes of the reply back.
//!
//! Knows no delivery and no format. Follows no redirect, uses no proxy, keeps no cookie.

use std::error::Error;
use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use url::Url;

use super::Post;
use super::guard::Guard;
use super::resolve::{GuardedResolver, Lookup, SystemLookup};

/// How much of a reply's body is kept.
pub const REPLY_BYTES_MAX: usize = 1024;

/// How long a connection may take to come about; the format's own limit holds besides.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

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
pub struct TransportUnavailable(#[source] reqwest::Error);

/// Posts over HTTP/1.1 and HTTP/2, with TLS checked against the system's and the built-in roots.
pub struct HttpTransport {
    client: reqwest::Client,
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
        // The error means that the daemon has installed its provider already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS
            .iter()
            .map(|certificate| reqwest::Certificate::from_der(certificate))
            .collect::<Result<Vec<_>, _>>()
            .map_err(TransportUnavailable)?;
        reqwest::Client::builder()
            .user_agent(concat!("payd/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .no_proxy()
            .no_gzip()
            .referer(false)
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_max_idle_per_host(4)
            .pool_idle_timeout(Duration::from_secs(30))
            .http2_max_header_list_size(16 * 1024)
            .tls_certs_merge(roots)
            .dns_resolver(GuardedResolver::new(lookup, guard))
            .build()
            .map(|client| Self { client })
            .map_err(TransportUnavailable)
    }
}

impl Transport for HttpTransport {
    fn send(&self, url: Url, post: Post) -> BoxFuture<'_, Result<Reply, SendError>> {
        Box::pin(async move {
            let mut headers = HeaderMap::new();
            for (name, value) in &post.headers {
                let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad_header())?;
                headers.insert(name, HeaderValue::from_str(value).map_err(|_| bad_header())?);
            }
            let request = self.client.post(url).headers(headers).body(post.body);
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
