//! Connections that carry lines of text both ways, plain or by TLS: what Electrum servers speak over. Injected, so that
//! tests put a scripted server in their place.
//!
//! Knows nothing of what the lines say.

mod verifier;

#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, BufReader};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

use self::verifier::{Shown, Verifier};
use super::resolve::{Lookup, addresses};
use super::{Endpoint, TransportError};

/// The URL schemes of connections that carry lines.
pub const SCHEMES: &[&str] = &["tcp", "ssl"];

/// What is kept in the place of a fingerprint for a host whose certificate was vouched for by an authority: one that
/// is not must never take its place unseen.
pub const VOUCHED_FOR: [u8; 32] = [0; 32];

/// A connection both ways.
pub trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// Connects to servers.
pub trait Dial: Send + Sync + 'static {
    /// Connects to an endpoint of one of [`SCHEMES`]. With TLS, the certificate has been judged.
    ///
    /// # Errors
    /// [`TransportError`] when there is no connection that may be used.
    fn dial<'a>(&'a self, endpoint: &'a Endpoint) -> BoxFuture<'a, Result<Box<dyn Duplex>, TransportError>>;
}

/// The fingerprints (SHA-256) of the certificates that hosts showed at first, or [`VOUCHED_FOR`].
pub trait Pins: Send + Sync + 'static {
    /// The one of `host` (with its port), if it was ever connected to.
    ///
    /// # Errors
    /// [`PinsUnread`]; the host is not connected to then.
    fn get<'a>(&'a self, host: &'a str) -> BoxFuture<'a, Result<Option<[u8; 32]>, PinsUnread>>;

    /// Keeps the one of `host`. Only ever called for a host without any.
    ///
    /// # Errors
    /// As [`Self::get`].
    fn set<'a>(&'a self, host: &'a str, fingerprint: [u8; 32]) -> BoxFuture<'a, Result<(), PinsUnread>>;
}

/// The pinned certificates cannot be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the pinned certificates cannot be read or written: {0}")]
pub struct PinsUnread(pub String);

/// Connects over real sockets: names by the same name servers as HTTP, TLS by ring.
pub struct LineTransport {
    names: Arc<dyn Lookup>,
    connect_timeout: Duration,
    pins: Arc<dyn Pins>,
}

impl LineTransport {
    /// Connects nowhere yet.
    #[must_use]
    pub fn new(names: Arc<dyn Lookup>, connect_timeout: Duration, pins: Arc<dyn Pins>) -> Self {
        Self {
            names,
            connect_timeout,
            pins,
        }
    }

    async fn connect(&self, endpoint: &Endpoint) -> Result<Box<dyn Duplex>, TransportError> {
        let place = Place::of(endpoint)?;
        let found = addresses(&*self.names, &place.name, place.port).await;
        let found = found.map_err(|error| refused(error.to_string()))?;
        if !place.is_tls && !place.is_plain_accepted && found.iter().any(|at| !is_near(at.ip())) {
            return Err(refused(format!(
                "{} is on the public internet, where plain tcp:// can be read and altered on the way: use ssl://, or \
                 add ?plain=accepted to its URL",
                place.host
            )));
        }
        let mut reason = "its name has no address".to_owned();
        for at in found {
            match TcpStream::connect(at).await {
                Ok(stream) => {
                    // Requests are small lines that somebody waits for.
                    let _ = stream.set_nodelay(true);
                    return if place.is_tls {
                        self.secure(&place, stream).await
                    } else {
                        Ok(Box::new(stream))
                    };
                }
                Err(error) => reason = error.to_string(),
            }
        }
        Err(refused(reason))
    }

    async fn secure(&self, place: &Place, stream: TcpStream) -> Result<Box<dyn Duplex>, TransportError> {
        let unread = |error: PinsUnread| refused(error.to_string());
        let key = format!("{}:{}", place.name, place.port);
        let pinned = self.pins.get(&key).await.map_err(unread)?;
        let verifier = Arc::new(Verifier::new(pinned).map_err(refused)?);
        let config = ClientConfig::builder_with_provider(verifier::provider())
            .with_safe_default_protocol_versions()
            .map_err(|error| refused(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::<Verifier>::clone(&verifier))
            .with_no_client_auth();
        let name = ServerName::try_from(place.name.clone())
            .map_err(|_| refused("its name cannot be a TLS server's".to_owned()))?;
        let connected = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
        match (connected, verifier.shown()) {
            (_, Some(Shown::Another)) => Err(refused(format!(
                "{key} shows another certificate than before: somebody may be in between. Where its operator says that \
                 it was changed, run `payd provider forget-certificate {key}`"
            ))),
            (Ok(stream), Some(Shown::AsBefore)) => Ok(Box::new(stream)),
            (Ok(stream), Some(Shown::New(fingerprint))) => {
                self.pins.set(&key, fingerprint).await.map_err(unread)?;
                tracing::info!(
                    host = key,
                    fingerprint = hex::encode(fingerprint),
                    "certificate pinned"
                );
                Ok(Box::new(stream))
            }
            (Ok(_), None) => Err(refused("it showed no certificate".to_owned())),
            (Err(error), _) => Err(refused(error.to_string())),
        }
    }
}

impl Dial for LineTransport {
    fn dial<'a>(&'a self, endpoint: &'a Endpoint) -> BoxFuture<'a, Result<Box<dyn Duplex>, TransportError>> {
        Box::pin(async {
            let connected = tokio::time::timeout(self.connect_timeout, self.connect(endpoint)).await;
            connected.unwrap_or(Err(TransportError::Timeout(self.connect_timeout)))
        })
    }
}

/// Where to connect to.
struct Place {
    /// What may be shown of it.
    host: String,
    /// A name or an IP address, without brackets.
    name: String,
    port: u16,
    is_tls: bool,
    is_plain_accepted: bool,
}

impl Place {
    fn of(endpoint: &Endpoint) -> Result<Self, TransportError> {
        // What Electrum servers listen on by custom.
        const PORT_PLAIN: u16 = 50_001;
        const PORT_TLS: u16 = 50_002;
        let url = endpoint.url();
        let is_tls = match url.scheme() {
            "ssl" => true,
            "tcp" => false,
            _ => {
                return Err(refused(
                    "its URL begins neither with ssl:// nor with tcp://".to_owned(),
                ));
            }
        };
        let name = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        Ok(Self {
            host: endpoint.host().to_owned(),
            name: name.to_lowercase(),
            port: url.port().unwrap_or(if is_tls { PORT_TLS } else { PORT_PLAIN }),
            is_tls,
            is_plain_accepted: url
                .query_pairs()
                .any(|(name, value)| name == "plain" && value == "accepted"),
        })
    }
}

/// Whether what is sent to `ip` stays on this machine or in the merchant's own network.
fn is_near(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

fn refused(reason: String) -> TransportError {
    TransportError::Connection(reason)
}

/// Takes a stream apart into lines.
pub struct LineReader<R> {
    stream: BufReader<R>,
    line: Vec<u8>,
    bytes_max: usize,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    /// Reads lines of at most `bytes_max` bytes.
    pub fn new(stream: R, bytes_max: usize) -> Self {
        const CHUNK_BYTES: usize = 16 << 10;
        Self {
            stream: BufReader::with_capacity(CHUNK_BYTES, stream),
            line: Vec::new(),
            bytes_max,
        }
    }

    /// The next line without its end.
    ///
    /// # Errors
    /// [`TransportError`] when the line is longer than the bound, or when the connection ends; of a line that was
    /// begun nothing is given.
    pub async fn next(&mut self) -> Result<&[u8], TransportError> {
        // One long line must not hold memory for ever.
        const KEPT_BYTES: usize = 64 << 10;
        self.line.clear();
        self.line.shrink_to(KEPT_BYTES);
        loop {
            let some = self.stream.fill_buf().await;
            let some = some.map_err(|error| refused(error.to_string()))?;
            if some.is_empty() {
                return Err(refused("the server hung up".to_owned()));
            }
            let end = some.iter().position(|byte| *byte == b'\n');
            let part = end.map_or(some, |end| some.get(..end).unwrap_or(some));
            if self.line.len().saturating_add(part.len()) > self.bytes_max {
                let bytes_max = self.bytes_max;
                return Err(TransportError::TooLarge { bytes_max });
            }
            self.line.extend_from_slice(part);
            let used = end.map_or(some.len(), |end| end.saturating_add(1));
            self.stream.consume(used);
            if end.is_some() {
                return Ok(&self.line);
            }
        }
    }
}
