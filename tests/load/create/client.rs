//! Clients with a connection each that is kept open: the next request goes out when the answer to the last one is in.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

#[derive(clap::Args, Clone)]
pub(crate) struct Arguments {
    #[arg(long)]
    port: u16,
    #[arg(long, value_enum)]
    dialect: Dialect,
    #[arg(long)]
    connections: u32,
    /// For how long is counted.
    #[arg(long)]
    seconds: f64,
    /// For how long is asked before that.
    #[arg(long, default_value_t = 0.3)]
    warm_up: f64,
    #[arg(long)]
    key: String,
    #[arg(long)]
    secret: String,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Dialect {
    /// Signed.
    Soko,
    /// With an idempotency key.
    Payhook,
}

pub(crate) async fn run(arguments: &Arguments) {
    let arguments = Arc::new(arguments.clone());
    let next = Arc::new(AtomicU64::new(0));
    let begun = Instant::now();
    let from = begun + Duration::from_secs_f64(arguments.warm_up);
    let until = from + Duration::from_secs_f64(arguments.seconds);
    let mut clients = JoinSet::new();
    for _ in 0..arguments.connections {
        let (arguments, next) = (Arc::clone(&arguments), Arc::clone(&next));
        clients.spawn(async move { client(&arguments, &next, from, until).await });
    }
    let (mut took, mut refused) = (Vec::new(), 0_u64);
    while let Some(client) = clients.join_next().await {
        let client = client.expect("a client that ends");
        took.extend(client.took);
        refused += client.refused;
    }
    took.sort_unstable();
    let at = |share: f64| {
        let place = (took.len() as f64 * share) as usize;
        let micros = took.get(place.min(took.len().saturating_sub(1)));
        (f64::from(*micros.expect("an answer at least")) / 10.0).round() / 100.0
    };
    println!(
        "{}",
        serde_json::json!({
            "per_second": (took.len() as f64 / arguments.seconds).round(),
            "p50_ms": at(0.5),
            "p99_ms": at(0.99),
            "refused": refused,
        })
    );
}

#[derive(Default)]
struct Counted {
    /// In microseconds.
    took: Vec<u32>,
    refused: u64,
}

async fn client(arguments: &Arguments, next: &AtomicU64, from: Instant, until: Instant) -> Counted {
    let mut stream = TcpStream::connect(("127.0.0.1", arguments.port))
        .await
        .expect("a server");
    stream.set_nodelay(true).unwrap();
    let mut counted = Counted::default();
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let place = next.fetch_add(1, Ordering::Relaxed);
        let request = match arguments.dialect {
            Dialect::Soko => soko(arguments, place),
            Dialect::Payhook => payhook(arguments, place),
        };
        let sent = Instant::now();
        if sent >= until {
            return counted;
        }
        stream
            .write_all(request.as_bytes())
            .await
            .expect("a request is sent");
        let status = answer(&mut stream, &mut buffer).await;
        let answered = Instant::now();
        if !(200..300).contains(&status) {
            counted.refused += 1;
        } else if sent >= from && answered < until {
            let micros = (answered - sent).as_micros();
            counted.took.push(u32::try_from(micros).unwrap_or(u32::MAX));
        }
    }
}

/// Reads one answer to its end and gives its status.
async fn answer(stream: &mut TcpStream, buffer: &mut [u8]) -> u16 {
    let mut filled = 0;
    loop {
        let read = stream.read(&mut buffer[filled..]).await.expect("an answer");
        assert!(read > 0, "the server hung up");
        filled += read;
        let text = &buffer[..filled];
        let Some(head) = text.windows(4).position(|end| end == b"\r\n\r\n") else {
            continue;
        };
        let head_text = std::str::from_utf8(&text[..head]).unwrap();
        if filled >= head + 4 + length(head_text) {
            return head_text[9..12].parse().unwrap();
        }
    }
}

fn length(head: &str) -> usize {
    let of = |line: &str| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse().unwrap())
    };
    head.lines().find_map(of).expect("an answer with a length")
}

/// The page's create call, signed, of a price in dollars.
fn soko(arguments: &Arguments, place: u64) -> String {
    const PATH: &str = "/api/v1/payment/create";
    let body = format!(
        r#"{{"fiat_amount":{}.{:02},"fiat_currency":"USD","order_id":"order-{place}","metadata":{{"sku":"GOLD-PLAN"}}}}"#,
        10 + place / 100 % 900,
        place % 100,
    );
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let mut mac = Hmac::<Sha256>::new_from_slice(arguments.secret.as_bytes()).unwrap();
    mac.update(format!("{now}POST{PATH}{body}").as_bytes());
    let signature = hex::encode(mac.finalize().into_bytes());
    format!(
        "POST {PATH} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nx-api-key: {}\r\nx-timestamp: {now}\r\n\
         x-signature: {signature}\r\ncontent-length: {}\r\n\r\n{body}",
        arguments.key,
        body.len(),
    )
}

/// The page's create call, under an idempotency key.
fn payhook(arguments: &Arguments, place: u64) -> String {
    let body = format!(
        r#"{{"amount_usd_cents":{},"network":"bsc","currency":"usdt","external_order_id":"order-{place}","metadata":{{"sku":"GOLD-PLAN"}}}}"#,
        1000 + place % 90_000,
    );
    format!(
        "POST /api/v1/payments/ HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nx-api-key: {}\r\n\
         idempotency-key: {}\r\ncontent-length: {}\r\n\r\n{body}",
        arguments.key,
        uuid(),
        body.len(),
    )
}

/// As `uuidgen` makes them.
fn uuid() -> String {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).unwrap();
    let hex = hex::encode(bytes);
    format!(
        "{}-{}-4{}-a{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[13..16],
        &hex[17..20],
        &hex[20..]
    )
}
