//! Connections that are there to harm: broken requests, and thousands that are held open, while a well-behaved client goes
//! on asking. Prints a table.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use self::shapes::{fault, send, shapes};

#[path = "../it/harness/hostile.rs"]
mod shapes;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Where payd listens for customers and shops.
    #[arg(long)]
    addr: SocketAddr,
    /// How many connections are held at a time.
    #[arg(long, default_value_t = 10_000)]
    connections: usize,
    /// The process of payd, to tell its memory and files.
    #[arg(long)]
    pid: Option<u32>,
    /// How long connections are held, in seconds.
    #[arg(long, default_value_t = 8)]
    seconds: u64,
}

/// What held connections have sent, and go on sending a byte of every second.
const HELD: &[(&str, &[u8], &[u8])] = &[
    ("idle", b"", b""),
    ("heads byte by byte", b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ", b"a"),
    (
        "bodies byte by byte",
        b"POST /api/v1/payments/ HTTP/1.1\r\nHost: x\r\nX-Api-Key: pk_none\r\nContent-Length: 60000\r\n\r\n",
        b"a",
    ),
    (
        "chunks without end",
        b"POST /api/v1/payments/ HTTP/1.1\r\nHost: x\r\nX-Api-Key: pk_none\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"1\r\na\r\n",
    ),
    (
        "answers not taken",
        b"GET /docs/payhook/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /docs/payhook/ HTTP/1.1\r\nHost: x\r\n\r\n",
    ),
    ("event streams", b"GET /pay/none/events HTTP/1.1\r\nHost: x\r\n\r\n", b""),
];

pub(crate) async fn run(arguments: &Arguments) {
    let limit = getrlimit(Resource::Nofile);
    let most = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    setrlimit(Resource::Nofile, most).expect("as many files as this may have open");
    println!("{:32} {:>24} {:>8}  right", "request", "answers", "closed");
    for shape in shapes() {
        for half_closes in [false, true] {
            let answered = send(arguments.addr, &shape.bytes, half_closes)
                .await
                .expect("a connection");
            let is_given_up = half_closes && answered.statuses.is_empty();
            let is_right = is_given_up || fault(&shape, &answered).is_none();
            let half = if half_closes { ", half closed" } else { "" };
            let told = match answered.statuses.as_slice() {
                [first, _, _, _, ..] => format!("{first} x {}", answered.statuses.len()),
                few => format!("{few:?}"),
            };
            println!(
                "{:32} {told:>24} {:>8}  {is_right}",
                format!("{}{half}", shape.name),
                answered.is_closed
            );
        }
    }
    println!(
        "\n{:24} {:>8} {:>8} {:>10} {:>10} {:>10} {:>10} {:>8}",
        "connections held", "made", "left", "asked", "p50 ms", "p99 ms", "KiB each", "files"
    );
    for (name, first, more) in HELD {
        hold(arguments, name, first, more).await;
    }
}

/// Opens connections, keeps them as busy as they are meant to be, and asks as an honest client meanwhile.
async fn hold(arguments: &Arguments, name: &str, first: &'static [u8], more: &'static [u8]) {
    let before = memory_kib(arguments.pid);
    let mut held = Vec::new();
    for _ in 0..arguments.connections {
        if let Ok(Ok(mut stream)) =
            tokio::time::timeout(Duration::from_secs(5), TcpStream::connect(arguments.addr)).await
        {
            let _ = stream.write_all(first).await;
            held.push(stream);
        }
    }
    let made = held.len();
    let begun = Instant::now();
    let mut latencies = Vec::new();
    let mut peak = (0, 0);
    let mut fed = Instant::now();
    while begun.elapsed() < Duration::from_secs(arguments.seconds) {
        let asked = Instant::now();
        let mut stream = TcpStream::connect(arguments.addr).await.expect("a connection");
        let request = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        stream.write_all(request).await.expect("a request");
        let mut answer = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(30), stream.read_to_end(&mut answer)).await;
        assert!(
            read.is_ok() && answer.starts_with(b"HTTP/1.1 200"),
            "an honest client is not answered"
        );
        latencies.push(asked.elapsed());
        peak = (
            memory_kib(arguments.pid).max(peak.0),
            files(arguments.pid).max(peak.1),
        );
        if fed.elapsed() > Duration::from_secs(1) {
            fed = Instant::now();
            for stream in &held {
                let _ = stream.try_write(more);
            }
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // Whoever was let go reads an end, behind what was answered.
    let left = held.iter().filter(|stream| is_open(stream)).count();
    latencies.sort_unstable();
    let at = |percent: usize| latencies[(latencies.len() - 1) * percent / 100].as_secs_f64() * 1000.0;
    let each = peak.0.saturating_sub(before) as f64 / made.max(1) as f64;
    println!(
        "{name:24} {made:>8} {left:>8} {:>10} {:>10.2} {:>10.2} {each:>10.1} {:>8}",
        latencies.len(),
        at(50),
        at(99),
        peak.1
    );
    drop(held);
    tokio::time::sleep(Duration::from_secs(2)).await;
}

fn is_open(stream: &TcpStream) -> bool {
    let mut part = [0; 4096];
    // Of answers that are not taken, a part is enough to tell.
    for _ in 0..1000 {
        match stream.try_read(&mut part) {
            Ok(0) => return false,
            Ok(_) => {}
            Err(error) => return error.kind() == std::io::ErrorKind::WouldBlock,
        }
    }
    true
}

fn memory_kib(pid: Option<u32>) -> u64 {
    let Some(pid) = pid else { return 0 };
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

fn files(pid: Option<u32>) -> usize {
    pid.and_then(|pid| std::fs::read_dir(format!("/proc/{pid}/fd")).ok())
        .map_or(0, Iterator::count)
}
