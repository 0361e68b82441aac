//! Connections: accepts them up to a limit, bounds how long a request's head may take and how long an answer may wait to be
//! taken, and lets what is under way end before it stops. Knows no route.
//!
//! Nobody can hold payd by holding connections: where all places are taken, the connection that has waited longest for a
//! request makes room, and one client alone gets a part of the places only.

mod patient;
mod places;
#[cfg(test)]
mod tests;

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
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use self::patient::Patient;
use self::places::{NoPlace, Place, Places};
use super::limits::ClientAddress;

/// After a failed accept, for want of file descriptors as a rule: time for some to be freed.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The limits of a listener.
#[derive(Debug, Clone, Copy)]
pub struct ServerLimits {
    /// Connections at a time. One more takes the place of the one that has waited longest for a request; where each has
    /// one under way, it waits in the kernel's queue.
    pub connections_max: usize,
    /// Connections of one client at a time, unless it is near: this machine's, or of its network, as proxies are.
    pub connections_per_client_max: usize,
    /// The longest time for the head of a request, and between two requests of one connection.
    pub header_read_timeout: Duration,
    /// The largest head of a request, in bytes.
    pub header_bytes_max: usize,
    /// The longest time that an answer waits for its client to take any of it.
    pub write_timeout: Duration,
    /// How long requests under way have to end after a stop.
    pub drain_timeout: Duration,
}

impl Default for ServerLimits {
    /// 1024 connections, 256 of one client, 15 s for a head of up to 16 KiB, 30 s for a part of an answer, 10 s to end.
    fn default() -> Self {
        Self {
            connections_max: 1024,
            connections_per_client_max: 256,
            header_read_timeout: Duration::from_secs(15),
            header_bytes_max: 16 * 1024,
            write_timeout: Duration::from_secs(30),
            drain_timeout: Duration::from_secs(10),
        }
    }
}

/// Serves `routes` on `listener` until `stop`, and returns once every connection has ended or has run out of time.
///
/// # Errors
/// None after the start: connections come and go, the listener stays.
pub async fn serve(listener: TcpListener, routes: Router, limits: ServerLimits, stop: CancellationToken) {
    let places = Places::new(limits.connections_max, limits.connections_per_client_max);
    let connections = TaskTracker::new();
    let cut = CancellationToken::new();
    while let Some((stream, peer, place)) = accept(&listener, &places, &stop).await {
        let connection = Connection {
            routes: routes.clone(),
            limits,
            stop: stop.clone(),
            peer,
            place: Arc::new(place),
        };
        let cut = cut.clone();
        connections.spawn(async move {
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
    places: &Places,
    stop: &CancellationToken,
) -> Option<(TcpStream, SocketAddr, Place)> {
    let next = async {
        loop {
            places.free().await;
            match listener.accept().await {
                Ok((stream, peer)) => {
                    if let Some(place) = place_for(places, peer).await {
                        return (stream, peer, place);
                    }
                }
                Err(error) if is_of_the_connection(&error) => {}
                Err(error) => {
                    tracing::warn!(
                        %error,
                        "accept failed; will retry. Where it is for want of file descriptors, raise the limit of open \
                         files (LimitNOFILE)"
                    );
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    };
    tokio::select! {
        biased;
        () = stop.cancelled() => None,
        next = next => Some(next),
    }
}

/// A place for a connection of `peer`; `None` where it has enough of them.
async fn place_for(places: &Places, peer: SocketAddr) -> Option<Place> {
    loop {
        match places.take(client_of(peer)) {
            Ok(place) => return Some(place),
            Err(NoPlace::OfClient) => return None,
            Err(NoPlace::Yet) => places.free().await,
        }
    }
}

/// Whose connections are counted together; `None` where many can come from one address.
fn client_of(peer: SocketAddr) -> Option<ClientAddress> {
    let client = ClientAddress::from(peer.ip());
    (!client.is_near()).then_some(client)
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
    place: Arc<Place>,
}

impl Connection {
    /// Answers the connection's requests until its end. After a stop, the one under way is the last.
    async fn run(self, stream: TcpStream) {
        // Answers are small and whole: waiting for more to send would only delay them.
        let _ = stream.set_nodelay(true);
        let (routes, peer, place) = (self.routes, self.peer, Arc::clone(&self.place));
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            let under_way = place.begin();
            let answer = routes.clone().oneshot(request.map(Body::new));
            async move {
                let answer = answer.await.unwrap_or_else(|never| match never {});
                Ok::<_, Infallible>(answer.map(|body| under_way.until_sent(body)))
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.header_read_timeout)
            .max_header_size(self.limits.header_bytes_max)
            .serve_connection(
                TokioIo::new(Patient::new(stream, self.limits.write_timeout)),
                service,
            );
        tokio::pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = self.place.wanted_by_another() => {
                if self.place.is_waiting() {
                    return;
                }
                // Its next request came at the same moment: that is answered first.
                connection.as_mut().graceful_shutdown();
                connection.await
            }
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
