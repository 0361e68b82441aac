//! Connections over real sockets.

use axum::routing::get;
use futures_util::FutureExt as _;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::*;

/// Longer than any test, shorter than hyper's own time limits: reaching it is a failure.
const NEVER: Duration = Duration::from_secs(60);

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
    // Tells that it has begun, and, when it is dropped, that it was given up.
    let (tell, tell_end) = (begun.clone(), release.clone());
    let endless = async move || {
        tell.notify_one();
        let end = TellsEnd(tell_end);
        let chunk = axum::body::Bytes::from(vec![b'x'; 1 << 16]);
        Body::from_stream(futures_util::stream::repeat_with(move || {
            let _ = &end;
            Ok::<_, Infallible>(chunk.clone())
        }))
    };
    let routes = Router::new()
        .route("/slow", get(slow))
        .route("/peer", get(peer))
        .route("/endless", get(endless));
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

struct TellsEnd(Arc<Notify>);

impl Drop for TellsEnd {
    fn drop(&mut self) {
        self.0.notify_one();
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
    // The first has a request under way, so that it cannot make room. The only thread of this test has nothing else to do: were the second served at all, it were served now.
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

#[tokio::test]
async fn the_connection_that_has_waited_longest_makes_room_and_one_with_a_request_does_not() {
    let running = serve_with(ServerLimits {
        connections_max: 3,
        ..limits()
    })
    .await;
    let slow = ask(running.address, "/slow", true).await;
    running.begun.notified().await;
    let mut oldest = ask(running.address, "/peer", false).await;
    oldest.read_u8().await.unwrap();
    // Part of a head is no request.
    let mut younger = TcpStream::connect(running.address).await.unwrap();
    younger.write_all(b"GET /peer HTTP/1.1\r\nHost:").await.unwrap();
    for _ in 0..2 {
        let answered = ask(running.address, "/peer", true).await;
        assert!(rest(answered).await.contains("200 OK"));
    }
    rest(oldest).await;
    let more: Vec<TcpStream> = connect(running.address, 3).await;
    assert_eq!(rest(younger).await, "");
    running.release.notify_one();
    assert!(rest(slow).await.ends_with("slow"));
    drop(more);
    running.stop.cancel();
    end(running.ended).await;
}

async fn connect(address: SocketAddr, count: usize) -> Vec<TcpStream> {
    let mut streams = Vec::new();
    for _ in 0..count {
        streams.push(TcpStream::connect(address).await.unwrap());
    }
    streams
}

#[tokio::test]
async fn a_client_that_does_not_take_its_answer_is_given_up() {
    let running = serve_with(ServerLimits {
        write_timeout: Duration::from_millis(20),
        ..limits()
    })
    .await;
    let mut stream = ask(running.address, "/endless", false).await;
    running.begun.notified().await;
    // The kernel's own room fills, and then nothing more is taken.
    running.release.notified().await;
    let mut taken = vec![0; 1 << 16];
    let ended = async { while !matches!(stream.read(&mut taken).await, Ok(0) | Err(_)) {} };
    tokio::time::timeout(NEVER, ended)
        .await
        .expect("the server gives up");
    running.stop.cancel();
    end(running.ended).await;
}

#[test]
fn one_client_has_a_part_of_the_places_and_near_ones_have_all() {
    let client = |text: &str| Some(ClientAddress::from(text.parse::<std::net::IpAddr>().unwrap()));
    let places = places::Places::new(4, 2);
    let (one, other) = (client("203.0.113.1"), client("203.0.113.2"));
    let first = Arc::new(places.take(one).unwrap());
    let second = Arc::new(places.take(one).unwrap());
    let (first_request, second_request) = (first.begin(), second.begin());
    assert_eq!(
        places.take(one).err(),
        Some(places::NoPlace::OfClient),
        "both have a request under way"
    );
    let others = (places.take(other).unwrap(), places.take(other).unwrap());
    drop(second_request);
    assert!(second.is_waiting() && !first.is_waiting());
    let third = places.take(one).expect("the second makes room");
    assert!(second.wanted_by_another().now_or_never().is_some());
    assert!(first.wanted_by_another().now_or_never().is_none());
    drop((first_request, first, second, third));
    // Whoever is near is not counted, and has the room that there is.
    let near: Vec<_> = (0..2).map(|_| Arc::new(places.take(None).unwrap())).collect();
    let requests: Vec<_> = near.iter().map(|place| place.begin()).collect();
    drop(others);
    let near_too: Vec<_> = (0..2).map(|_| Arc::new(places.take(None).unwrap())).collect();
    let requests_too: Vec<_> = near_too.iter().map(|place| place.begin()).collect();
    assert_eq!(places.take(other).err(), Some(places::NoPlace::Yet));
    drop(requests);
    assert!(places.take(other).is_ok());
    drop(requests_too);
}
