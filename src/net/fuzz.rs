//! Damaged URLs of nodes, `Retry-After` headers and words of nodes: no panic, no key in what is shown.

use std::time::Duration;

use super::{Endpoint, retry_after};
use crate::domain::time::UnixMillis;
use crate::mutation::{bounded, run};

const KEY: &str = "0123456789abcdef";

#[test]
fn a_wait_that_is_asked_for_is_read_or_left() {
    const HEADERS: &[&str] = &[
        "120",
        " 0 ",
        "Sun, 06 Nov 1994 08:50:07 GMT",
        "Sunday, 06-Nov-94 08:50:07 GMT",
        "Sun Nov  6 08:50:07 1994",
    ];
    run("net::retry_after", 3000, |from| {
        let value = from.foul_text(HEADERS);
        let now = UnixMillis::new(i64::from_le_bytes(from.next().to_le_bytes()));
        let read = bounded(value.len(), 8, || retry_after::read(&value, now));
        if let (Some(wait), Ok(seconds)) = (read, value.trim().parse::<u64>()) {
            assert_eq!(wait, Duration::from_secs(seconds));
        }
    });
}

#[test]
fn an_endpoint_shows_its_host_alone_whatever_its_url_is() {
    let urls: Vec<String> = [
        "https://rpc.example/v3/KEY",
        "https://user:KEY@rpc.example:8443/",
        "http://[::1]:8545/?apikey=KEY&x=1",
        "http://127.0.0.1:8545",
        "ssl://electrum.example:50002?plain=accepted",
    ]
    .iter()
    .map(|url| url.replace("KEY", KEY))
    .collect();
    run("net::endpoint", 3000, |from| {
        let url = from.foul_text(&urls);
        let path = from.foul_text(&["block/7", "rates?of=btc", ""]);
        bounded(url.len() + path.len(), 64, || {
            let Ok(endpoint) = Endpoint::parse_as(&["http", "https", "ssl", "tcp"], &url, Vec::new()) else {
                return;
            };
            assert!(!endpoint.host().contains(['/', '@', '?']), "{url}");
            let _ = endpoint.is_public();
            let at = endpoint.url_at(&path);
            assert_eq!(at.host_str(), endpoint.url().host_str(), "{url} at {path}");
            assert_eq!(
                (at.port(), at.scheme(), at.password()),
                (
                    endpoint.url().port(),
                    endpoint.url().scheme(),
                    endpoint.url().password()
                ),
                "{url} at {path}"
            );
            // A key that stands as one part of the path or the query does not come back in a node's words.
            let is_whole = endpoint
                .url()
                .path_segments()
                .is_some_and(|mut parts| parts.any(|part| part == KEY))
                || endpoint.url().password() == Some(KEY);
            if is_whole {
                let shown = endpoint.scrub(&format!("the key {KEY} of {url} is bad"));
                assert!(!shown.contains(KEY), "{url}: {shown}");
            }
        });
    });
}

#[test]
fn damaged_frames_of_a_websocket_are_a_text_or_the_end() {
    use tokio::io::AsyncWriteExt as _;

    use super::websocket::{MESSAGE_BYTES_MAX, Socket as _, framed};

    // Texts whole and in two parts, a ping, a close, as a server sends them (RFC 6455, 5.7).
    let text = [&[0x81, 0x7e, 0x01, 0x00][..], &[b'a'; 256]].concat();
    let frames: Vec<Vec<u8>> = vec![
        b"\x81\x05Hello".to_vec(),
        b"\x01\x03Hel\x80\x02lo\x89\x05Hello\x81\x02{}".to_vec(),
        b"\x81\x02{}\x88\x02\x03\xe8".to_vec(),
        [text, b"\x82\x02ab\x8a\x00".to_vec()].concat(),
        [&[0x81, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0][..], &[b'x'; 65536]].concat(),
    ];
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    run("net::websocket", 2000, |from| {
        let bytes = from.foul(&frames);
        let text_bytes_max = bounded(bytes.len() + MESSAGE_BYTES_MAX, 8, || {
            runtime.block_on(async {
                let (ours, mut theirs) = tokio::io::duplex(1 << 20);
                theirs.write_all(&bytes).await.unwrap();
                // The end of what the server says; what is answered is dropped.
                theirs.shutdown().await.unwrap();
                let mut socket = framed(Box::new(ours)).await;
                let mut longest = 0;
                while let Ok(text) = socket.next().await {
                    longest = longest.max(text.len());
                }
                longest
            })
        });
        assert!(text_bytes_max <= MESSAGE_BYTES_MAX);
    });
}
