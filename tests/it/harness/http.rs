//! The plain HTTP under the rig: a client, and servers on loopback whose connections a handler may also cut.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Once;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Request, Response};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::{AbortHandle, JoinSet};

/// The most a test peer reads of one body.
const BODY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// How long a request waits for a peer that was told never to answer it, or never to end what it answers: enough for one
/// that does begin to.
pub const IMPATIENCE: Duration = Duration::from_secs(5);

/// A client for loopback that follows no redirect and waits as long as its test does.
pub fn client() -> reqwest::Client {
    static CRYPTO: Once = Once::new();
    // Fails only where it has been installed before.
    CRYPTO.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(super::WAIT_MAX)
        // Sooner than any server closes a connection that nothing comes over: a request sent at that moment would fail.
        .pool_idle_timeout(Duration::from_secs(1))
        .build()
        .expect("a client")
}

/// The connection is to be cut without an answer.
#[derive(Debug, thiserror::Error)]
#[error("connection cut on purpose")]
pub struct Cut;

/// A server on a free loopback port; stops, connections and all, when dropped.
pub struct Server {
    address: SocketAddr,
    accepting: AbortHandle,
}

impl Server {
    /// Serves every request with `answer`. The body has been read completely by then.
    pub async fn start<F, A>(answer: F) -> Self
    where
        F: Fn(Request<Bytes>) -> A + Clone + Send + Sync + 'static,
        A: Future<Output = Result<Response<Body>, Cut>> + Send + 'static,
    {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let accepting = tokio::spawn(async move {
            // Connections live in the set and end with it.
            let mut connections = JoinSet::new();
            loop {
                let Ok((stream, _)) = listener.accept().await else {
                    continue;
                };
                let answer = answer.clone();
                connections.spawn(async move {
                    let service = service_fn(move |request| {
                        let answer = answer.clone();
                        async move { answer(read_whole(request).await?).await }
                    });
                    // An error is a peer that went away, or a cut made on purpose.
                    let _ = http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
                while connections.try_join_next().is_some() {}
            }
        });
        Self {
            address,
            accepting: accepting.abort_handle(),
        }
    }

    /// The URL of `path` on this server.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn read_whole(request: Request<hyper::body::Incoming>) -> Result<Request<Bytes>, Cut> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(Body::new(body), BODY_BYTES_MAX)
        .await
        .map_err(|_| Cut)?;
    Ok(Request::from_parts(parts, body))
}

/// A body that begins and never ends: its first bytes, then silence until the peer gives up.
pub fn unfinished_body(first: Bytes) -> Body {
    use futures_util::StreamExt;
    let first = futures_util::stream::once(async move { Ok::<_, Infallible>(first) });
    Body::from_stream(first.chain(futures_util::stream::pending()))
}
