//! Requests that no client should send, and what becomes of the daemon.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{PAYMENTS, assert_refusal, assert_unharmed, create, example, shop};
use crate::harness::daemon::{Daemon, Key};

#[tokio::test]
async fn bodies_that_are_no_request_are_refused_in_the_pages_shape() {
    let (daemon, key) = shop().await;
    let headers = [
        ("x-api-key", key.api_key.as_str()),
        ("content-type", "application/json"),
    ];
    let fields = r#""network":"bsc","currency":"usdt""#;
    let bodies: Vec<(&str, Vec<u8>)> = vec![
        ("empty", vec![]),
        ("blank", b"  \n".to_vec()),
        ("cut off", br#"{"amount_usd_cents": 50"#.to_vec()),
        (
            "trailing comma",
            format!(r#"{{"amount_usd_cents":5000,{fields},}}"#).into(),
        ),
        (
            "trailing garbage",
            format!(r#"{{"amount_usd_cents":5000,{fields}}} x"#).into(),
        ),
        (
            "two documents",
            format!(r#"{{"amount_usd_cents":5000,{fields}}}{{}}"#).into(),
        ),
        ("a list", b"[]".to_vec()),
        ("a number", b"5000".to_vec()),
        ("null", b"null".to_vec()),
        (
            "a form",
            b"amount_usd_cents=5000&network=bsc&currency=usdt".to_vec(),
        ),
        ("XML", b"<?xml version=\"1.0\"?><a/>".to_vec()),
        ("NaN", format!(r#"{{"amount_usd_cents":NaN,{fields}}}"#).into()),
        (
            "leading zero",
            format!(r#"{{"amount_usd_cents":05000,{fields}}}"#).into(),
        ),
        ("hex", format!(r#"{{"amount_usd_cents":0x1388,{fields}}}"#).into()),
        (
            "1e400",
            format!(r#"{{"amount_usd_cents":1e400,{fields}}}"#).into(),
        ),
        (
            "a thousand digits",
            format!(r#"{{"amount_usd_cents":{},{fields}}}"#, "9".repeat(1000)).into(),
        ),
        (
            "twice the amount",
            format!(r#"{{"amount_usd_cents":1,"amount_usd_cents":5000,{fields}}}"#).into(),
        ),
        (
            "twice the network",
            format!(r#"{{"amount_usd_cents":1,{fields},"network":"tron"}}"#).into(),
        ),
        (
            "comment",
            format!(r#"{{/* */"amount_usd_cents":5000,{fields}}}"#).into(),
        ),
        (
            "invalid UTF-8",
            [
                br#"{"external_order_id":""#.as_slice(),
                &[0xff, 0xfe, 0xc0],
                br#""}"#,
            ]
            .concat(),
        ),
        ("NULs", vec![0; 100]),
        (
            "a raw NUL in a string",
            [br#"{"external_order_id":"a"#.as_slice(), &[0], br#"b"}"#].concat(),
        ),
        (
            "a lone surrogate",
            format!(r#"{{"amount_usd_cents":5000,{fields},"external_order_id":"\ud800"}}"#).into(),
        ),
        ("UTF-16", "{}".encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("deep lists", [b"[".repeat(30_000), b"]".repeat(30_000)].concat()),
        (
            "deep unknown field",
            format!(
                r#"{{"amount_usd_cents":5000,{fields},"x":{}}}"#,
                "[".repeat(20_000)
            )
            .into(),
        ),
    ];
    for (what, body) in bodies {
        let reply = daemon.send("POST", PAYMENTS, &headers, body).await;
        assert_refusal(what, &reply, 400..=400);
    }
    let body = format!(
        r#"{{"amount_usd_cents":5000,{fields},"x":"{}"}}"#,
        "x".repeat(65_537)
    );
    let reply = daemon.send("POST", PAYMENTS, &headers, body).await;
    assert_refusal("too long", &reply, 413..=413);
    assert_eq!(
        reply.header("connection"),
        Some("close"),
        "a client would reuse a connection that ends"
    );
    // Ten megabytes are thrown away as they come, so that whoever sends them gets to read the refusal.
    let reply = daemon
        .send("POST", PAYMENTS, &headers, vec![b'x'; 10 << 20])
        .await;
    assert_refusal("ten megabytes", &reply, 413..=413);
    // What the page does not know is let through, as any client that is newer than it would hope.
    let body = format!(r#"{{"amount_usd_cents":5000,{fields},"new_field":{{"a":[1,null]}}}}"#);
    assert_eq!(daemon.send("POST", PAYMENTS, &headers, body).await.status, 201);
    assert_unharmed(&daemon, &key).await;
}

#[tokio::test]
async fn wrong_methods_and_paths_are_refused_and_never_found() {
    let (daemon, key) = shop().await;
    let headers = [("x-api-key", key.api_key.as_str())];
    let number = create(&daemon, &key, &example()).await.json()["payment_number"]
        .as_str()
        .unwrap()
        .to_owned();
    for (method, path) in [
        ("GET", PAYMENTS.to_owned()),
        ("PUT", PAYMENTS.to_owned()),
        ("DELETE", format!("{PAYMENTS}{number}/")),
        ("PATCH", format!("{PAYMENTS}{number}/")),
        ("POST", format!("{PAYMENTS}{number}/")),
        ("GET", format!("{PAYMENTS}{number}/cancel/")),
    ] {
        let reply = daemon.send(method, &path, &headers, "").await;
        assert_refusal(&format!("{method} {path}"), &reply, 405..=405);
        assert!(reply.header("allow").is_some(), "{reply:?}");
    }
    let long = format!("{PAYMENTS}{}/", "9".repeat(4000));
    for path in [
        "/api/",
        "/api/v1/",
        "/api/v2/payments/",
        "/api/v1/payments/x/",
        "/api/v1/payments/PAY-2026-/",
        "/api/v1/payments/%00/",
        "/api/v1/payments/%ff/",
        "/api/v1/payments/..%2f..%2fetc%2fpasswd/",
        "/api/v1/payments//",
        "/api/v1/payments/-1/",
        "/api/v1/payments/PAY-2026-00000000000000000000000001/",
        "/api/v1/payments/1%20OR%201=1/",
        "/api/v1/billing/subscribe/",
        &long,
    ] {
        assert_refusal(path, &daemon.get(path, &headers).await, 404..=404);
    }
    assert_unharmed(&daemon, &key).await;
}

#[tokio::test]
async fn what_is_no_http_or_too_much_of_it_ends_its_own_connection_only() {
    let (daemon, key) = shop().await;
    let request = |lines: &str| {
        format!(
            "POST {PAYMENTS} HTTP/1.1\r\nhost: x\r\nx-api-key: {}\r\n{lines}\r\n",
            key.api_key
        )
    };
    let many: String = (0..2000).map(|i| format!("x-{i}: y\r\n")).collect();
    for (what, bytes) in [
        (
            "a header of 1 MiB",
            request(&format!("x-big: {}\r\n", "a".repeat(1 << 20))).into_bytes(),
        ),
        ("2000 headers", request(&many).into_bytes()),
        ("a NUL in a header", request("x-a: a\0b\r\n").into_bytes()),
        (
            "a NUL in the path",
            b"GET /api/\0 HTTP/1.1\r\nhost: x\r\n\r\n".to_vec(),
        ),
        (
            "two lengths",
            request("content-length: 2\r\ncontent-length: 3\r\n").into_bytes(),
        ),
        (
            "a negative length",
            request("content-length: -1\r\n").into_bytes(),
        ),
        (
            "length and chunks",
            request("content-length: 4\r\ntransfer-encoding: chunked\r\n").into_bytes(),
        ),
        (
            "a broken chunk",
            [request("transfer-encoding: chunked\r\n").as_bytes(), b"zz\r\n"].concat(),
        ),
        (
            "no HTTP at all",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".repeat(100),
        ),
        (
            "a path of 100 KiB",
            format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(100 << 10)).into_bytes(),
        ),
    ] {
        let answer = raw(&daemon, &bytes).await;
        let status: Option<u16> = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        assert!(
            status.is_none_or(|status| (400..500).contains(&status)),
            "{what}: {answer}"
        );
    }
    assert_unharmed(&daemon, &key).await;
}

/// Sends bytes and gives what comes back before the connection ends or nothing more is said.
async fn raw(daemon: &Daemon, bytes: &[u8]) -> String {
    let address = daemon.url("").replace("http://", "");
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The peer may well hang up before it has read everything.
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(crate::harness::WAIT_MAX, stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// Orders keep coming while others send nonsense, even from the same address.
#[tokio::test]
async fn a_flood_of_bad_requests_does_not_keep_good_ones_out() {
    let (daemon, key) = shop().await;
    let bad = Key {
        api_key: "pk_wrong".to_owned(),
        api_secret: String::new(),
    };
    assert_eq!(create(&daemon, &key, &example()).await.status, 201);
    let each = (0..200).map(|i| {
        let (daemon, key) = (&daemon, if i % 4 == 0 { &key } else { &bad });
        async move { create(daemon, key, &example()).await.status }
    });
    let statuses = futures_util::future::join_all(each).await;
    assert_eq!(
        statuses.iter().filter(|status| **status == 201).count(),
        50,
        "{statuses:?}"
    );
    assert_eq!(
        statuses
            .iter()
            .filter(|status| matches!(status, 401 | 429))
            .count(),
        150,
        "{statuses:?}"
    );
    assert_unharmed(&daemon, &key).await;
}
