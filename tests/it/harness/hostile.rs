//! Requests as no honest client writes them, byte by byte, and what a server makes of each.
//!
//! Shared by the tests of the whole daemon and by what loads it; knows neither.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer than an answer takes, shorter than the server's own limits.
const PATIENCE: Duration = Duration::from_secs(4);

/// What came back on one connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The status of each answer.
    pub statuses: Vec<u16>,
    /// Whether the server closed the connection.
    pub is_closed: bool,
}

/// One shape: its name, its bytes, and the statuses of which the first answer must have one. Never is there an answer to what
/// is hidden in it.
pub struct Shape {
    /// What it is called in the table.
    pub name: &'static str,
    /// What is sent.
    pub bytes: Vec<u8>,
    /// The statuses that are right; empty where the connection may also just be closed.
    pub right: &'static [u16],
    /// The most answers that there may be.
    pub answers_max: usize,
}

const HIDDEN: &str = "GET /hidden-request HTTP/1.1\r\nHost: x\r\n\r\n";

fn shape(name: &'static str, text: impl Into<Vec<u8>>, right: &'static [u16], answers_max: usize) -> Shape {
    Shape {
        name,
        bytes: text.into(),
        right,
        answers_max,
    }
}

/// All of them.
pub fn shapes() -> Vec<Shape> {
    let post = |headers: &str, body: &str| {
        format!("POST /api/v1/payments/ HTTP/1.1\r\nHost: x\r\n{headers}\r\n{body}")
    };
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    let refused: &[u16] = &[400, 401];
    vec![
        shape(
            "CL and TE",
            post(
                "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n",
                &format!("0\r\n\r\n{HIDDEN}"),
            ),
            refused,
            2,
        ),
        shape(
            "TE and CL",
            post(
                "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
                &format!("0\r\n\r\n{HIDDEN}"),
            ),
            refused,
            2,
        ),
        shape(
            "two lengths",
            post(
                "Content-Length: 5\r\nContent-Length: 0\r\n",
                &format!("hello{HIDDEN}"),
            ),
            &[400],
            1,
        ),
        shape(
            "lengths in a list",
            post("Content-Length: 5, 0\r\n", &format!("hello{HIDDEN}")),
            &[400],
            1,
        ),
        shape(
            "a signed length",
            post("Content-Length: +5\r\n", "hello"),
            &[400],
            1,
        ),
        shape(
            "a length with a space",
            post("Content-Length : 5\r\n", "hello"),
            &[400],
            1,
        ),
        shape(
            "TE of two",
            post(
                "Transfer-Encoding: chunked, identity\r\n",
                &format!("0\r\n\r\n{HIDDEN}"),
            ),
            &[400, 401],
            1,
        ),
        shape(
            "TE unknown",
            post("Transfer-Encoding: xchunked\r\n", &format!("0\r\n\r\n{HIDDEN}")),
            &[400, 401],
            1,
        ),
        shape(
            "TE in HTTP/1.0",
            "POST /api/v1/payments/ HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            &[400, 401],
            1,
        ),
        shape(
            "a chunk size too large",
            post("Transfer-Encoding: chunked\r\n", "ffffffffffffffffff\r\nx"),
            &[400, 401],
            1,
        ),
        shape(
            "a chunk without end",
            post("Transfer-Encoding: chunked\r\n", "5\r\nhello"),
            &[],
            1,
        ),
        shape(
            "a chunk extension of 64 KiB",
            post(
                "Transfer-Encoding: chunked\r\n",
                &format!("5;{}\r\nhello\r\n0\r\n\r\n", "x".repeat(65536)),
            ),
            &[400, 401],
            1,
        ),
        shape(
            "folded header",
            "GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n",
            &[400],
            1,
        ),
        shape(
            "bare line feeds",
            format!("GET /healthz HTTP/1.1\nHost: x\n\n{HIDDEN}"),
            &[200, 400],
            2,
        ),
        shape(
            "NUL in a header",
            "GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n",
            &[400],
            1,
        ),
        shape(
            "space before the colon",
            "GET /healthz HTTP/1.1\r\nHost : x\r\n\r\n",
            &[400],
            1,
        ),
        shape(
            "no host",
            "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n",
            &[200, 400],
            1,
        ),
        shape(
            "two hosts",
            "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
            &[200, 400],
            1,
        ),
        shape("HTTP/1.0", "GET /healthz HTTP/1.0\r\n\r\n", &[200], 1),
        shape("HTTP/0.9", "GET /healthz\r\n\r\n", &[400], 1),
        shape(
            "HTTP/2 preface",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            &[400, 505],
            1,
        ),
        shape(
            "HTTP/9.9",
            "GET /healthz HTTP/9.9\r\nHost: x\r\n\r\n",
            &[400, 505],
            1,
        ),
        shape(
            "absolute form",
            "GET http://other.example/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            &[200, 400, 404],
            1,
        ),
        shape(
            "authority form",
            "CONNECT other.example:443 HTTP/1.1\r\nHost: other.example:443\r\nConnection: close\r\n\r\n",
            &[400, 404, 405],
            1,
        ),
        shape(
            "asterisk form",
            "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            &[400, 404, 405],
            1,
        ),
        shape("path traversal", get("/assets/../../../../etc/passwd"), &[404], 1),
        shape(
            "path traversal, encoded",
            get("/assets/%2e%2e%2f%2e%2e%2fetc%2fpasswd"),
            &[404],
            1,
        ),
        shape(
            "path traversal, twice encoded",
            get("/assets/%252e%252e%252fetc%252fpasswd"),
            &[404],
            1,
        ),
        shape("NUL in the path", get("/pay/%00"), &[400, 404], 1),
        shape("no UTF-8 in the path", get("/pay/%ff%fe"), &[400, 404], 1),
        shape(
            "raw bytes in the path",
            b"GET /pay/\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_vec(),
            &[400, 404],
            1,
        ),
        shape("backslashes in the path", get("/pay\\..\\..\\x"), &[400, 404], 1),
        shape("two slashes", get("//api//v1//payments//"), &[404], 1),
        shape(
            "a head of 20 KiB",
            get(&format!("/{}", "a".repeat(20_000))),
            &[414, 431],
            1,
        ),
        shape(
            "a header of 20 KiB",
            format!(
                "GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: {}\r\n\r\n",
                "a".repeat(20_000)
            ),
            &[431],
            1,
        ),
        shape(
            "a thousand headers",
            format!(
                "GET /healthz HTTP/1.1\r\nHost: x\r\n{}\r\n",
                "X-A: b\r\n".repeat(1000)
            ),
            &[431],
            1,
        ),
        shape(
            "a body of 1 GiB announced",
            post("Content-Length: 1073741824\r\n", "{"),
            &[401, 413],
            1,
        ),
        shape(
            "a body of 100 KiB",
            post(
                "Content-Length: 102400\r\nConnection: close\r\n",
                &"x".repeat(102_400),
            ),
            &[401, 413],
            1,
        ),
        shape(
            "expects 100",
            post(
                "Content-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n",
                "{}",
            ),
            &[100, 401],
            2,
        ),
        shape(
            "expects something",
            post(
                "Content-Length: 2\r\nExpect: a-miracle\r\nConnection: close\r\n",
                "{}",
            ),
            &[401, 417],
            1,
        ),
        shape(
            "a hundred in a pipeline",
            format!(
                "{}{}",
                "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".repeat(99),
                get("/healthz")
            ),
            &[200],
            100,
        ),
        shape(
            "upgrade",
            "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n",
            &[200],
            1,
        ),
        shape(
            "TLS on plain HTTP",
            vec![0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03],
            &[],
            1,
        ),
        shape(
            "noise",
            (0..=255_u8).cycle().take(4096).collect::<Vec<u8>>(),
            &[400],
            1,
        ),
        shape("nothing but line ends", "\r\n".repeat(2000), &[], 1),
        shape(
            "a method of 4 KiB",
            format!("{} /healthz HTTP/1.1\r\nHost: x\r\n\r\n", "A".repeat(4096)),
            &[400, 404, 405],
            1,
        ),
    ]
}

/// Sends one shape and reads what comes back.
///
/// # Errors
/// When there is no connection.
pub async fn send(address: SocketAddr, bytes: &[u8], half_closes: bool) -> std::io::Result<Answered> {
    let mut stream = TcpStream::connect(address).await?;
    let (mut reader, mut writer) = stream.split();
    // A server that has answered and closed takes no more: what came is what counts.
    let send = async {
        let _ = writer.write_all(bytes).await;
        if half_closes {
            let _ = writer.shutdown().await;
        }
    };
    let mut text = Vec::new();
    let read = async {
        let mut part = [0; 8192];
        loop {
            match timeout(PATIENCE, reader.read(&mut part)).await {
                Ok(Ok(0) | Err(_)) => return true,
                Ok(Ok(count)) => text.extend_from_slice(part.get(..count).unwrap_or_default()),
                Err(_) => return false,
            }
        }
    };
    let ((), is_closed) = tokio::join!(send, read);
    Ok(Answered {
        statuses: statuses(&text),
        is_closed,
    })
}

fn statuses(text: &[u8]) -> Vec<u16> {
    let text = String::from_utf8_lossy(text);
    let heads = text.split("HTTP/1.").skip(1);
    heads.filter_map(|head| head.get(2..5)?.parse().ok()).collect()
}

/// What is wrong with an answer to a shape; `None` when nothing is.
pub fn fault(shape: &Shape, answered: &Answered) -> Option<String> {
    let told = format!("{}: {answered:?}", shape.name);
    let first = answered.statuses.first();
    let is_right = match first {
        Some(status) => shape.right.is_empty() || shape.right.contains(status),
        None => shape.right.is_empty() || answered.is_closed,
    };
    let is_broken = answered
        .statuses
        .iter()
        .any(|status| (500..=503).contains(status));
    (!is_right || is_broken || answered.statuses.len() > shape.answers_max).then_some(told)
}
