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

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::Notify;
    use tokio::task::JoinHandle;

    use super::*;

    /// Longer than any test, shorter than hyper's own time limits: reaching it is a failure.
    const NEVER: Duration = Duration::from_secs(20);

    struct Running {
        address: SocketAddr,
        stop: CancellationToken,
        ended: JoinHandle<()>,
        /// Told when a request to `/slow` has begun.
        begun: Arc<Notify>,
        /// Lets it end.
        release: Arc<Notify>,
    }

    async fn serve_with(limits: ServerLimits) -> Running {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (begun, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (tell, wait) = (begun.clone(), release.clone());
        let slow = move || {
            let (tell, wait) = (tell.clone(), wait.clone());
            async move {
                tell.notify_one();
                wait.notified().await;
                "slow"
            }
        };
        let peer = async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.to_string();
        let routes = Router::new().route("/slow", get(slow)).route("/peer", get(peer));
        let stop = CancellationToken::new();
        let ended = tokio::spawn(serve(listener, routes, limits, stop.clone()));
        Running {
            address,
            stop,
            ended,
            begun,
            release,
        }
    }

    fn limits() -> ServerLimits {
        ServerLimits {
            header_read_timeout: NEVER,
            drain_timeout: NEVER,
            ..ServerLimits::default()
        }
    }

    async fn ask(address: SocketAddr, path: &str, close: bool) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let connection = if close { "close" } else { "keep-alive" };
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: {connection}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }

    /// What the server still says before it closes the connection.
    async fn rest(mut stream: TcpStream) -> String {
        let mut text = String::new();
        let read = tokio::time::timeout(NEVER, stream.read_to_string(&mut text)).await;
        read.expect("the server closes the connection").unwrap();
        text
    }

    async fn end(running: JoinHandle<()>) {
        tokio::time::timeout(NEVER, running)
            .await
            .expect("the server ends")
            .unwrap();
    }

    #[tokio::test]
    async fn a_handler_learns_who_asks() {
        let running = serve_with(limits()).await;
        let stream = ask(running.address, "/peer", true).await;
        let local = stream.local_addr().unwrap().to_string();
        assert!(rest(stream).await.ends_with(&local));
        running.stop.cancel();
        end(running.ended).await;
    }

    #[tokio::test]
    async fn a_request_under_way_is_answered_after_the_stop_and_an_idle_connection_is_closed() {
        let running = serve_with(limits()).await;
        let mut idle = ask(running.address, "/peer", false).await;
        idle.read_u8().await.unwrap();
        let slow = ask(running.address, "/slow", false).await;
        running.begun.notified().await;
        running.stop.cancel();
        rest(idle).await;
        running.release.notify_one();
        assert!(rest(slow).await.ends_with("slow"));
        end(running.ended).await;
        assert!(TcpStream::connect(running.address).await.is_err());
    }

    #[tokio::test]
    async fn a_request_that_outlives_the_stop_is_cut() {
        let running = serve_with(ServerLimits {
            drain_timeout: Duration::from_millis(1),
            ..limits()
        })
        .await;
        let slow = ask(running.address, "/slow", false).await;
        running.begun.notified().await;
        running.stop.cancel();
        end(running.ended).await;
        assert_eq!(rest(slow).await, "");
    }

    #[tokio::test]
    async fn a_head_that_does_not_come_and_a_connection_left_idle_are_closed() {
        let running = serve_with(ServerLimits {
            header_read_timeout: Duration::from_millis(5),
            ..limits()
        })
        .await;
        let mut half = TcpStream::connect(running.address).await.unwrap();
        half.write_all(b"GET /peer HTTP/1.1\r\nHost:").await.unwrap();
        assert!(!rest(half).await.contains("200 OK"));
        let silent = TcpStream::connect(running.address).await.unwrap();
        rest(silent).await;
        let idle = ask(running.address, "/peer", false).await;
        assert!(rest(idle).await.contains("200 OK"));
        running.stop.cancel();
        end(running.ended).await;
    }

    #[tokio::test]
    async fn a_head_beyond_the_limit_is_refused() {
        let running = serve_with(limits()).await;
        let path = format!("/{}", "a".repeat(20_000));
        let answer = rest(ask(running.address, &path, true).await).await;
        assert!(
            answer.starts_with("HTTP/1.1 414") || answer.starts_with("HTTP/1.1 431"),
            "{answer}"
        );
        running.stop.cancel();
        end(running.ended).await;
    }

    #[tokio::test]
    async fn a_connection_over_the_limit_waits_for_its_place() {
        let running = serve_with(ServerLimits {
            connections_max: 1,
            ..limits()
        })
        .await;
        let first = ask(running.address, "/slow", true).await;
        running.begun.notified().await;
        let second = ask(running.address, "/peer", true).await;
        // The only thread of this test has nothing else to do: were the second served at all, it were served now.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert!(second.try_read(&mut [0]).is_err());
        running.release.notify_one();
        assert!(rest(first).await.ends_with("slow"));
        second.readable().await.unwrap();
        assert!(rest(second).await.contains("200 OK"));
        running.stop.cancel();
        end(running.ended).await;
    }
}
