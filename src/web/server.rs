//! Connections: accepts them up to a limit, bounds how long a request's head may take, and lets what is under way
//! end before it stops. Knows no route.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

/// After a failed accept, for want of file descriptors as a rule: time for some to be freed.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The limits of a listener.
#[derive(Debug, Clone, Copy)]
pub struct ServerLimits {
    /// Connections at a time; more wait in the kernel's queue.
    pub connections_max: usize,
    /// The longest time for the head of a request, and between two requests of one connection.
    pub header_read_timeout: Duration,
    /// The largest head of a request, in bytes.
    pub header_bytes_max: usize,
    /// How long requests under way have to end after a stop.
    pub drain_timeout: Duration,
}

impl Default for ServerLimits {
    /// 1024 connections, 15 s for a head of up to 16 KiB, 10 s to end.
    fn default() -> Self {
        Self {
            connections_max: 1024,
            header_read_timeout: Duration::from_secs(15),
            header_bytes_max: 16 * 1024,
            drain_timeout: Duration::from_secs(10),
        }
    }
}

/// Serves `routes` on `listener` until `stop`, and returns once every connection has ended or has run out of time.
///
/// # Errors
/// None after the start: connections come and go, the listener stays.
pub async fn serve(listener: TcpListener, routes: Router, limits: ServerLimits, stop: CancellationToken) {
    let places = Arc::new(Semaphore::new(limits.connections_max));
    let connections = TaskTracker::new();
    let cut = CancellationToken::new();
    while let Some((stream, peer, place)) = accept(&listener, &places, &stop).await {
        let connection = Connection {
            routes: routes.clone(),
            limits,
            stop: stop.clone(),
            peer,
        };
        let cut = cut.clone();
        connections.spawn(async move {
            let _place = place;
            tokio::select! {
                () = connection.run(stream) => {}
                () = cut.cancelled() => tracing::warn!("a connection was cut: its request outlived the stop"),
            }
        });
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(limits.drain_timeout, connections.wait())
        .await
        .is_err()
    {
        cut.cancel();
        connections.wait().await;
    }
}

/// The next connection, once there is a place for it; `None` after a stop.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
    stop: &CancellationToken,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let next = async {
        let place = Arc::clone(places).acquire_owned().await.ok()?;
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => return Some((stream, peer, place)),
                Err(error) if is_of_the_connection(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "accept failed; will retry");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    };
    tokio::select! {
        biased;
        () = stop.cancelled() => None,
        next = next => next,
    }
}

/// Whether accept failed because of the one connection, which its peer gave up.
fn is_of_the_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused
    )
}

struct Connection {
    routes: Router,
    limits: ServerLimits,
    stop: CancellationToken,
    peer: SocketAddr,
}

impl Connection {
    /// Answers the connection's requests until its end. After a stop, the one under way is the last.
    async fn run(self, stream: TcpStream) {
        // Answers are small and whole: waiting for more to send would only delay them.
        let _ = stream.set_nodelay(true);
        let (routes, peer) = (self.routes, self.peer);
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            let answer = routes.clone().oneshot(request.map(Body::new));
            async move { Ok::<_, Infallible>(answer.await.unwrap_or_else(|never| match never {})) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.header_read_timeout)
            .max_header_size(self.limits.header_bytes_max)
            .serve_connection(TokioIo::new(stream), service);
        tokio::pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = self.stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%peer, %error, "connection ended early");
        }
    }
}
