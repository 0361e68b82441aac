//! WebSockets (RFC 6455) to nodes that tell of new blocks by themselves: connected as [`http`](super::http) connects,
//! text in, text out, every message bounded.
//!
//! Knows nothing of what is said, and never writes a URL into an error or a log.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use futures_util::future::BoxFuture;
use futures_util::{SinkExt as _, StreamExt as _};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error as WireError, Message};

use super::Endpoint;
use super::resolve::{self, Lookup, SystemLookup};
use super::tls::{self, TlsUnavailable};

/// The longest message that is taken, in bytes: a block's header with its logs bloom is a hundredth of it.
pub const MESSAGE_BYTES_MAX: usize = 256 * 1024;

/// The schemes of an [`Endpoint`] that a WebSocket can be opened to.
pub const SCHEMES: &[&str] = &["ws", "wss"];

/// Opens WebSockets; a scripted one takes its place in tests.
pub trait Sockets: Send + Sync + 'static {
    /// Opens one. The caller bounds the wait.
    ///
    /// # Errors
    /// [`SocketError`] when there is none to be had.
    fn open<'a>(&'a self, endpoint: &'a Endpoint) -> BoxFuture<'a, Result<Box<dyn Socket>, SocketError>>;
}

/// An open WebSocket. Closed by being dropped.
pub trait Socket: Send {
    /// Sends a text.
    ///
    /// # Errors
    /// [`SocketError`] when the connection is gone.
    fn send(&mut self, text: String) -> BoxFuture<'_, Result<(), SocketError>>;

    /// The next text, of [`MESSAGE_BYTES_MAX`] at most. The caller bounds the wait.
    ///
    /// # Errors
    /// [`SocketError`] when the connection is gone.
    fn next(&mut self) -> BoxFuture<'_, Result<String, SocketError>>;
}

/// Why there is no connection, or no longer. Holds no URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no websocket: {0}")]
pub struct SocketError(pub String);

/// WebSockets over TCP and TLS.
#[derive(Clone)]
pub struct NetSockets {
    tls: TlsConnector,
    lookup: Arc<dyn Lookup>,
}

impl NetSockets {
    /// Connects as the host's settings say.
    ///
    /// # Errors
    /// [`TlsUnavailable`].
    pub fn new() -> Result<Self, TlsUnavailable> {
        Ok(Self {
            tls: TlsConnector::from(Arc::new(tls::client_config()?)),
            lookup: Arc::new(SystemLookup::default()),
        })
    }

    async fn connect(&self, endpoint: &Endpoint) -> Result<Box<dyn Socket>, SocketError> {
        let refused = |error: &dyn std::fmt::Display| SocketError(endpoint.scrub(&error.to_string()));
        let url = endpoint.url();
        let host = url.host_str().unwrap_or_default();
        let is_secure = url.scheme() == "wss";
        let port = url.port().unwrap_or(if is_secure { 443 } else { 80 });
        let addresses = resolve::addresses(&*self.lookup, host, port)
            .await
            .map_err(|error| refused(&error))?;
        let tcp = first_of(&addresses).await.map_err(|error| refused(&error))?;
        let stream: Box<dyn Stream> = if is_secure {
            let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned());
            let name = name.map_err(|error| refused(&error))?;
            let secured = self.tls.connect(name, tcp).await;
            Box::new(secured.map_err(|error| refused(&error))?)
        } else {
            Box::new(tcp)
        };
        let request = request(endpoint)?;
        let (socket, _) = tokio_tungstenite::client_async_with_config(request, stream, Some(bounds()))
            .await
            .map_err(|error| told(&error, endpoint))?;
        Ok(Box::new(Open {
            socket,
            endpoint: endpoint.clone(),
        }))
    }
}

impl Sockets for NetSockets {
    fn open<'a>(&'a self, endpoint: &'a Endpoint) -> BoxFuture<'a, Result<Box<dyn Socket>, SocketError>> {
        Box::pin(self.connect(endpoint))
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A connection to whichever of `addresses` takes one, tried in order.
async fn first_of(addresses: &[std::net::SocketAddr]) -> std::io::Result<TcpStream> {
    const EACH: Duration = Duration::from_secs(5);
    let mut last = std::io::Error::from(std::io::ErrorKind::AddrNotAvailable);
    for address in addresses {
        last = match tokio::time::timeout(EACH, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Ok(Err(error)) => error,
            Err(_) => std::io::ErrorKind::TimedOut.into(),
        };
    }
    Err(last)
}

fn request(endpoint: &Endpoint) -> Result<Request, SocketError> {
    let mut url = endpoint.url().clone();
    let user = (url.username().to_owned(), url.password().map(str::to_owned));
    // Both only fail for URLs without a host, which endpoints have.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    let mut request = url
        .as_str()
        .into_client_request()
        .map_err(|error| told(&error, endpoint))?;
    let headers = request.headers_mut();
    let invalid = || SocketError("a configured header is not a valid HTTP header".to_owned());
    if !user.0.is_empty() || user.1.is_some() {
        let pair = format!("{}:{}", user.0, user.1.unwrap_or_default());
        let value = format!("Basic {}", BASE64_STANDARD.encode(pair));
        headers.insert(
            AUTHORIZATION,
            HeaderValue::try_from(value).map_err(|_| invalid())?,
        );
    }
    for (name, value) in endpoint.headers() {
        let name = HeaderName::try_from(name).map_err(|_| invalid())?;
        let mut value = HeaderValue::try_from(value).map_err(|_| invalid())?;
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    Ok(request)
}

fn bounds() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(16 * 1024)
        .write_buffer_size(0)
        .max_write_buffer_size(64 * 1024)
        .max_message_size(Some(MESSAGE_BYTES_MAX))
        .max_frame_size(Some(MESSAGE_BYTES_MAX))
}

/// What went wrong, fit to be shown.
fn told(error: &WireError, endpoint: &Endpoint) -> SocketError {
    SocketError(match error {
        // A page tells people nothing that the status does not.
        WireError::Http(response) => format!("answered HTTP {}", response.status().as_u16()),
        error => endpoint.scrub(&error.to_string()),
    })
}

struct Open {
    socket: WebSocketStream<Box<dyn Stream>>,
    endpoint: Endpoint,
}

impl Socket for Open {
    fn send(&mut self, text: String) -> BoxFuture<'_, Result<(), SocketError>> {
        Box::pin(async move {
            let sent = self.socket.send(Message::text(text)).await;
            sent.map_err(|error| told(&error, &self.endpoint))
        })
    }

    fn next(&mut self) -> BoxFuture<'_, Result<String, SocketError>> {
        Box::pin(async move {
            loop {
                match self.socket.next().await {
                    Some(Ok(Message::Text(text))) => return Ok(text.as_str().to_owned()),
                    // Pings are answered below us; nothing else is of use.
                    Some(Ok(
                        Message::Ping(_) | Message::Pong(_) | Message::Binary(_) | Message::Frame(_),
                    )) => {}
                    Some(Ok(Message::Close(_))) | None => {
                        return Err(SocketError("the other side closed it".to_owned()));
                    }
                    Some(Err(error)) => return Err(told(&error, &self.endpoint)),
                }
            }
        })
    }
}

/// A WebSocket over a stream on which the handshake is done.
#[cfg(test)]
pub(super) async fn framed(stream: Box<tokio::io::DuplexStream>) -> impl Socket {
    use tokio_tungstenite::tungstenite::protocol::Role;
    let stream: Box<dyn Stream> = stream;
    Open {
        socket: WebSocketStream::from_raw_socket(stream, Role::Client, Some(bounds())).await,
        // Shown only.
        endpoint: Endpoint::parse_as(SCHEMES, "ws://node.example/", Vec::new()).unwrap(),
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;
    use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};

    use super::*;

    const KEY: &str = "SECRET-KEY-0123456789";

    /// A server that says `texts` after it heard something; gives the request, what it heard, and its open end.
    #[expect(clippy::result_large_err, reason = "the callback's type is not ours")]
    async fn server(
        texts: Vec<String>,
    ) -> (
        u16,
        tokio::task::JoinHandle<(String, String, WebSocketStream<TcpStream>)>,
    ) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let serving = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let mut asked = String::new();
            let note = |request: &Request, response: Response| -> Result<Response, ErrorResponse> {
                asked = format!("{} {:?}", request.uri(), request.headers());
                Ok(response)
            };
            let mut socket = tokio_tungstenite::accept_hdr_async(stream, note).await.unwrap();
            let heard = socket.next().await.unwrap().unwrap().into_text().unwrap();
            for text in texts {
                // The client may hang up on one that is too long.
                let _ = socket.send(Message::Ping("are you there".into())).await;
                let _ = socket.send(Message::text(text)).await;
            }
            (asked, heard.as_str().to_owned(), socket)
        });
        (port, serving)
    }

    async fn open(url: &str) -> Result<Box<dyn Socket>, SocketError> {
        let headers = vec![("x-api-key".to_owned(), KEY.to_owned())];
        let endpoint = Endpoint::parse_as(SCHEMES, url, headers).unwrap();
        NetSockets::new().unwrap().open(&endpoint).await
    }

    #[tokio::test]
    async fn texts_go_both_ways_with_the_configured_keys() {
        let (port, serving) = server(vec!["one".to_owned(), "two".to_owned()]).await;
        let mut socket = open(&format!("ws://user:{KEY}@localhost:{port}/v3/{KEY}"))
            .await
            .unwrap();
        socket.send("hello".to_owned()).await.unwrap();
        assert_eq!(socket.next().await.unwrap(), "one");
        assert_eq!(socket.next().await.unwrap(), "two");
        let (asked, heard, mut its_end) = serving.await.unwrap();
        assert_eq!(heard, "hello");
        assert!(asked.starts_with(&format!("/v3/{KEY} ")), "{asked}");
        for header in [r#""x-api-key": "SECRET"#, r#""authorization": "Basic "#] {
            assert!(asked.contains(header), "{asked}");
        }
        its_end.close(None).await.unwrap();
        let SocketError(why) = socket.next().await.unwrap_err();
        assert_eq!(why, "the other side closed it");
    }

    #[tokio::test]
    async fn a_message_over_the_bound_ends_the_connection() {
        let (port, serving) = server(vec!["x".repeat(MESSAGE_BYTES_MAX + 1)]).await;
        let mut socket = open(&format!("ws://127.0.0.1:{port}")).await.unwrap();
        socket.send("hello".to_owned()).await.unwrap();
        let SocketError(why) = socket.next().await.unwrap_err();
        assert!(why.contains("Space limit exceeded"), "{why}");
        serving.await.unwrap();
    }

    #[tokio::test]
    async fn an_error_holds_nothing_of_the_url() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let refusing = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let reply = format!("HTTP/1.1 401 No\r\ncontent-length: 21\r\n\r\n{KEY}");
            tokio::io::AsyncWriteExt::write_all(&mut stream, reply.as_bytes())
                .await
                .unwrap();
            stream
        });
        let SocketError(why) = open(&format!("ws://127.0.0.1:{port}/{KEY}")).await.err().unwrap();
        assert_eq!(why, "answered HTTP 401");
        drop(refusing.await.unwrap());
        // Nobody speaks TLS there, and then nobody is there at all.
        for scheme in ["wss", "ws"] {
            let refused = open(&format!("{scheme}://127.0.0.1:{port}/{KEY}")).await;
            let SocketError(why) = refused.err().unwrap();
            assert!(!why.contains(KEY) && !why.contains("://"), "{why}");
        }
    }
}
