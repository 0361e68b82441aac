//! Fills a database with deliveries that are due, starts payd over it, and times what arrives at receivers, of which some
//! take connections and never answer.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Instant, SystemTime};

use axum::body::{Body, Bytes};
use axum::http::{Request, Response};
use payd::ambient::{Clock as _, SystemClock, SystemRandom};
use payd::domain::event::EventKind;
use payd::domain::ids::PaymentId;
use payd::domain::shop::Format;
use payd::store::endpoints::NewEndpoint;
use payd::store::seed::{Plan, seed};
use payd::store::{Database, Options, StoreError, deliveries, endpoints, events, shops};
use serde_json::json;
use tokio::net::TcpListener;

use crate::rig::http::Server;
use crate::rig::receiver::Received;
use crate::rig::{Payd, ms_between, percentile, signature, wait_until};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A directory that is not there yet.
    data_dir: PathBuf,
    /// The payd that is measured.
    #[arg(long)]
    payd: PathBuf,
    /// Deliveries that are due, to all endpoints alike.
    #[arg(long)]
    deliveries: usize,
    #[arg(long)]
    endpoints: usize,
    /// How many of the endpoints never answer.
    #[arg(long)]
    hanging: usize,
    /// Leave out the deliveries to those that never answer: what the healthy get when there are none.
    #[arg(long)]
    without_hanging: bool,
}

const SECRET: &str = "a secret that every endpoint has";

/// What has arrived, and when.
#[derive(Default)]
struct Arrivals {
    first: HashSet<String>,
    at: Vec<Instant>,
    repeated: usize,
    forged: usize,
}

pub(crate) async fn run(arguments: &Arguments) {
    let arrivals = Arc::new(Mutex::new(Arrivals::default()));
    let (mut urls, mut servers) = (Vec::new(), Vec::new());
    for place in 0..arguments.endpoints {
        if place < arguments.hanging {
            urls.push(hanging().await);
        } else {
            let server = receiver(Arc::clone(&arrivals)).await;
            urls.push(server.url("/hook"));
            servers.push(server);
        }
    }
    let silent = if arguments.without_hanging {
        arguments.hanging
    } else {
        0
    };
    let each = arguments.deliveries / arguments.endpoints;
    fill(&arguments.data_dir, &urls, silent, each).await;
    let expected = each * (arguments.endpoints - arguments.hanging);

    let config = "[log]\nlevel = \"error\"\n[rates]\nenabled = false\n";
    let mut payd = Payd::prepare(&arguments.payd, &arguments.data_dir, config);
    payd.launch();
    wait_until("all that is due", || {
        let count = arrivals.lock().unwrap().first.len();
        async move { (count >= expected).then_some(()) }
    })
    .await;
    payd.stop().await;

    let arrivals = arrivals.lock().unwrap();
    let begun = *arrivals.at.iter().min().unwrap();
    let delays: Vec<f64> = arrivals.at.iter().map(|at| ms_between(begun, *at)).collect();
    let took_ms = percentile(&delays, 100.0);
    let report = json!({
        "healthy": expected,
        "per_second": (expected as f64 / took_ms * 1000.0).round(),
        "p50_ms": percentile(&delays, 50.0),
        "p99_ms": percentile(&delays, 99.0),
        "took_ms": took_ms,
        "repeated": arrivals.repeated,
        "forged": arrivals.forged,
    });
    println!("{report}");
}

/// A receiver that checks the signature, notes the time and answers.
async fn receiver(arrivals: Arc<Mutex<Arrivals>>) -> Server {
    Server::start(move |request: Request<Bytes>| {
        let received = read(&request);
        let now_s = received.at_unix_s();
        let is_signed = signature::check_payhook(&received, SECRET, now_s).is_ok();
        let at = Instant::now();
        let id = received
            .header("x-payhook-delivery-id")
            .unwrap_or_default()
            .to_owned();
        let mut arrivals = arrivals.lock().unwrap();
        if !is_signed {
            arrivals.forged += 1;
        } else if arrivals.first.insert(id) {
            arrivals.at.push(at);
        } else {
            arrivals.repeated += 1;
        }
        async { Ok(Response::new(Body::from("ok"))) }
    })
    .await
}

/// A request as a shop reads it.
pub(crate) fn read(request: &Request<Bytes>) -> Received {
    let text = |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Received {
        method: request.method().to_string(),
        path: request.uri().to_string(),
        headers: request
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
        body: request.body().clone(),
        at: Instant::now(),
        at_wall: SystemTime::now(),
    }
}

/// The URL of a receiver that takes connections and never answers.
async fn hanging() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            held.push(stream);
        }
    });
    format!("http://{address}/hook")
}

/// Makes a database in which so many deliveries to `each` of `urls` are due, but none to the first `silent`.
async fn fill(data_dir: &Path, urls: &[String], silent: usize, each: usize) {
    let now = SystemClock.now();
    let options = Options::in_directory(data_dir);
    let plan = Plan {
        payments: each as u64,
        events: each as u64 * 3,
        until: now,
    };
    std::fs::create_dir_all(data_dir).unwrap();
    seed(&options, &plan, &SystemRandom).await.unwrap();
    let database = Database::open(&options, &SystemRandom).unwrap();
    let urls = urls.to_vec();
    let filled: Result<(), StoreError> = database
        .write(move |txn| {
            for endpoint in endpoints::all(txn, None)? {
                endpoints::disable(txn, endpoint.id, now)?;
            }
            let shop = shops::all(txn)?[0].id;
            let mut about = Vec::new();
            for payment in 1..=each as i64 {
                let of = events::of_payment(txn, PaymentId::new(payment))?;
                about.extend(of.into_iter().map(|event| event.id));
            }
            assert!(about.len() >= each, "too few events");
            about.truncate(each);
            for (place, url) in urls.iter().enumerate() {
                let new = NewEndpoint {
                    shop,
                    url,
                    format: Format::Payhook,
                    key: None,
                    events: &[EventKind::Confirmed],
                    secret: SECRET,
                };
                let endpoint = endpoints::insert(txn, &new, now, &SystemRandom)?;
                for event in about.iter().filter(|_| place >= silent) {
                    deliveries::insert(txn, *event, endpoint, None, now)?;
                }
            }
            Ok(())
        })
        .await;
    filled.unwrap();
    database.close().await;
}
