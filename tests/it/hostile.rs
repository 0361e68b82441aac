//! Connections that are there to harm: what they get, and that everybody else is answered meanwhile.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::harness::daemon::Daemon;
use crate::harness::hostile::{fault, send, shapes};
use crate::harness::wait_until;

fn address(daemon: &Daemon) -> SocketAddr {
    let url = daemon.url("");
    url.trim_start_matches("http://").parse().expect("its address")
}

async fn is_well(daemon: &Daemon) {
    let ask = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let answered = send(address(daemon), ask, false).await.expect("a connection");
    assert_eq!(answered.statuses, [200]);
}

#[tokio::test]
async fn no_shape_of_a_request_gets_another_answer_than_it_should_and_none_is_an_error_of_payds_own() {
    let mut daemon = Daemon::start("").await;
    let at = address(&daemon);
    let mut waiting = Vec::new();
    for shape in shapes() {
        waiting.push(tokio::spawn(async move {
            let mut faults = Vec::new();
            for half_closes in [false, true] {
                let answered = send(at, &shape.bytes, half_closes).await.expect("a connection");
                // Who closes its own half early may be left without an answer.
                let is_given_up = half_closes && answered.statuses.is_empty();
                faults.extend(fault(&shape, &answered).filter(|_| !is_given_up));
            }
            faults
        }));
    }
    let mut faults = Vec::new();
    for done in waiting {
        faults.extend(done.await.expect("a shape"));
    }
    assert!(faults.is_empty(), "{faults:#?}");
    is_well(&daemon).await;
    daemon.stop().await;
}

#[tokio::test]
async fn who_holds_more_connections_than_there_are_places_holds_up_nobody() {
    // A process with few files open at a time has few places, and says so.
    let mut daemon = Daemon::prepare("");
    daemon.limit_files(700);
    daemon.restart().await;
    let at = address(&daemon);
    let mut held = Vec::new();
    for number in 0..1200_u32 {
        let Ok(mut stream) = TcpStream::connect(at).await else {
            continue;
        };
        // Idle, and with heads and bodies that do not go on.
        let begun: &[u8] = match number % 3 {
            0 => b"",
            1 => b"GET /healthz HTTP/1.1\r\nHost: ",
            _ => b"POST /api/v1/payments/ HTTP/1.1\r\nHost: x\r\nX-Api-Key: pk_none\r\nContent-Le",
        };
        let _ = stream.write_all(begun).await;
        held.push(stream);
        if number % 100 == 0 {
            is_well(&daemon).await;
        }
    }
    for _ in 0..20 {
        is_well(&daemon).await;
    }
    let shown = std::fs::read_dir(format!("/proc/{}/fd", daemon.id()))
        .expect("its files")
        .count();
    assert!(shown < 700, "{shown} files are open");
    // The first of them were let go.
    let first = held.first_mut().expect("one");
    let end = tokio::time::timeout(Duration::from_secs(20), first.read(&mut [0])).await;
    assert!(matches!(end, Ok(Ok(0) | Err(_))), "{end:?}");
    drop(held);
    wait_until("connections that were closed to be forgotten", || {
        let open = std::fs::read_dir(format!("/proc/{}/fd", daemon.id()))
            .expect("its files")
            .count();
        async move { (open < 100).then_some(()) }
    })
    .await;
    is_well(&daemon).await;
    daemon.stop().await;
}
