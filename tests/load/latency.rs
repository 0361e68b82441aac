//! Times the webhooks of payments on a node that makes a block each second: from the block being there, and from the moment
//! payd was told of it, to the shop holding the event with its signature checked.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::http::{Request, Response};
use serde_json::{Value, json};

use crate::node_proxy::{NodeProxy, Passed};
use crate::rig::anvil::{Anvil, Mining, Token};
use crate::rig::http::{self, Server};
use crate::rig::receiver::Received;
use crate::rig::{Payd, ms_between, percentile, signature, wait_until};
use crate::webhook::read;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A directory that is not there yet.
    data_dir: PathBuf,
    /// The payd that is measured.
    #[arg(long)]
    payd: PathBuf,
    /// How many payments wait at once.
    #[arg(long, default_value_t = 200)]
    payments: usize,
    /// Over how many blocks they are paid.
    #[arg(long, default_value_t = 10)]
    blocks: usize,
    /// Whether payd is told of new blocks by a push, beside its polls.
    #[arg(long)]
    push: bool,
    #[arg(long, default_value_t = 250)]
    poll_ms: u64,
    /// How long the node takes to answer, to see what a distant one costs.
    #[arg(long, default_value_t = 0)]
    node_ms: u64,
    /// Say what happened around each block, on standard error.
    #[arg(long)]
    trace: bool,
}

/// Blocks until money is settled.
const CONFIRMATIONS: u64 = 3;
const BLOCK_TIME: Duration = Duration::from_secs(1);
const STORE: &str = "shop";

/// A payment that waits for its money.
struct Invoice {
    number: String,
    address: String,
    units: u128,
}

/// Webhooks as they arrived, each with the payment and the event it is about.
type Arrivals = Arc<Mutex<Vec<(String, String, Instant)>>>;

pub(crate) async fn run(arguments: &Arguments) {
    let anvil = Anvil::start(1, Mining::OnDemand).await;
    let token = anvil.deploy_token("USDT", 6).await;
    let passed = Arc::new(Mutex::new(Passed::default()));
    let delay = Duration::from_millis(arguments.node_ms);
    let proxies = [
        NodeProxy::start(anvil.url(), delay, &passed).await,
        NodeProxy::start(anvil.url(), delay, &passed).await,
    ];
    let (arrivals, secret) = (Arrivals::default(), Arc::new(Mutex::new(String::new())));
    let shop = shop(Arc::clone(&arrivals), Arc::clone(&secret)).await;
    let config = config(arguments, &proxies, &token);
    let mut payd = Payd::prepare(&arguments.payd, &arguments.data_dir, &config);
    let key = prepare(&payd, arguments.payments, &shop.url("/hook"), &secret);
    let ticking = Ticking::new(anvil);
    payd.start().await;
    let invoices = invoices(&payd, &key, arguments.payments).await;
    let height = ticking.next().await;
    wait_until("a payd that has caught up", || {
        let told = passed.lock().unwrap().told.contains_key(&height);
        async move { told.then_some(()) }
    })
    .await;

    let (mut paid_at, mut sent) = (HashMap::new(), Vec::new());
    for some in invoices.chunks(invoices.len().div_ceil(arguments.blocks)) {
        let txids = ticking.pay(&token, some).await;
        let height = ticking.next().await;
        for (invoice, txid) in some.iter().zip(txids) {
            paid_at.insert(invoice.number.clone(), height);
            sent.push(txid);
        }
    }
    let all: HashSet<&str> = invoices.iter().map(|invoice| invoice.number.as_str()).collect();
    for _ in 0..40 {
        ticking.next().await;
        let arrivals = arrivals.lock().unwrap();
        let confirmed = arrivals
            .iter()
            .filter(|(_, event, _)| event == "payment.confirmed");
        if confirmed
            .map(|(number, ..)| number.as_str())
            .collect::<HashSet<_>>()
            == all
        {
            break;
        }
    }
    payd.stop().await;
    // Not while payd reads: a node that is asked hundreds of questions at that moment answers it late.
    for txid in sent {
        let receipt = ticking.anvil.receipt(&txid).await.expect("it was mined");
        assert_eq!(receipt["status"], "0x1");
    }
    let report = Report {
        mined: ticking.mined.into_inner().unwrap(),
        passed: &passed.lock().unwrap(),
        arrivals: &arrivals.lock().unwrap(),
        paid_at,
    };
    if arguments.trace {
        report.trace();
    }
    println!("{}", report.json());
}

/// The shop's receiver: it checks the signature and notes what it now knows.
async fn shop(arrivals: Arrivals, secret: Arc<Mutex<String>>) -> Server {
    Server::start(move |request: Request<Bytes>| {
        let received: Received = read(&request);
        let now_s = received.at_unix_s();
        signature::check_payhook(&received, &secret.lock().unwrap(), now_s).expect("a signed webhook");
        let body = received.json();
        let text = |field: &str| body[field].as_str().unwrap_or_default().to_owned();
        let known = (text("payment_id"), text("event"), Instant::now());
        arrivals.lock().unwrap().push(known);
        async { Ok(Response::new(Body::from("ok"))) }
    })
    .await
}

fn config(arguments: &Arguments, proxies: &[NodeProxy; 2], token: &Token) -> String {
    let poll_ms = arguments.poll_ms;
    let mut config = format!(
        "[log]\nlevel = \"error\"\n[rates.fixed.usd]\nUSDT = \"1\"\nETH = \"2000\"\n[networks.ethereum]\n\
         confirmations = {CONFIRMATIONS}\nfinal_depth = 12\nblock_time_ms = 1000\nmode = \"receipts\"\nverify = \"full\"\n\
         poll_ms = {poll_ms}\nidle_poll_ms = {poll_ms}\nstart_height = 1\n"
    );
    // Two operators by their names, as a quorum wants them.
    for (proxy, host) in proxies.iter().zip(["127.0.0.1", "localhost"]) {
        let _ = writeln!(
            config,
            "[[networks.ethereum.providers]]\nurl = \"{}\"",
            proxy.url(host)
        );
        if arguments.push {
            let _ = writeln!(config, "ws = \"{}\"", proxy.socket_url());
        }
    }
    config.push_str("[networks.ethereum.tokens.usdc]\nenabled = false\n[networks.ethereum.tokens.busd]\nenabled = false\n");
    let _ = writeln!(
        config,
        "[networks.ethereum.tokens.usdt]\ncontract = \"{}\"\ndecimals = {}",
        token.address, token.decimals
    );
    config
}

/// A store with an endpoint and addresses; gives its API key.
fn prepare(payd: &Payd, addresses: usize, url: &str, secret: &Mutex<String>) -> String {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    payd.cli(&["store", "add", STORE, "--dialect", "payhook"]);
    let key = payd.cli(&["key", "add", "--store", STORE, "--mode", "live"]);
    let events = "payment.confirming,payment.confirmed";
    let endpoint = payd.cli(&[
        "webhook", "add", "--store", STORE, "--url", url, "--format", "payhook", "--events", events,
    ]);
    *secret.lock().unwrap() = text(&endpoint["secret"]);
    let pool: Vec<String> = (0..addresses)
        .map(|place| format!("0x{:040x}", 0xA000_0000 + place))
        .collect();
    let pool: Vec<&str> = pool.iter().map(String::as_str).collect();
    payd.cli(
        &[
            &["address", "add", "--store", STORE, "--network", "ethereum"],
            &*pool,
        ]
        .concat(),
    );
    text(&key["api_key"])
}

/// Payments of 50 dollars.
async fn invoices(payd: &Payd, key: &str, count: usize) -> Vec<Invoice> {
    let (http, url) = (http::client(), payd.url("/api/v1/payments/"));
    let mut invoices = Vec::with_capacity(count);
    for _ in 0..count {
        let body = json!({ "amount_usd_cents": 5000, "network": "ethereum", "currency": "usdt" });
        let post = http
            .post(&url)
            .header("x-api-key", key)
            .header("content-type", "application/json");
        let reply = post.body(body.to_string()).send().await.expect("a reply");
        let status = reply.status();
        let text = reply.text().await.expect("a body");
        assert_eq!(status, 201, "{text}");
        let body: Value = serde_json::from_str(&text).expect("JSON");
        invoices.push(Invoice {
            number: body["payment_number"].as_str().expect("a number").to_owned(),
            address: body["assigned_address"].as_str().expect("an address").to_owned(),
            units: 50_000_000,
        });
    }
    invoices
}

/// A node that makes a block each second.
struct Ticking {
    anvil: Anvil,
    ticks: tokio::sync::Mutex<tokio::time::Interval>,
    /// When each block was there.
    mined: Mutex<HashMap<u64, Instant>>,
}

impl Ticking {
    fn new(anvil: Anvil) -> Self {
        let ticks = tokio::sync::Mutex::new(tokio::time::interval(BLOCK_TIME));
        Self {
            anvil,
            ticks,
            mined: Mutex::default(),
        }
    }

    /// Makes the next block when it is time, and gives its height.
    async fn next(&self) -> u64 {
        self.ticks.lock().await.tick().await;
        self.anvil.call("evm_mine", json!([])).await;
        let at = Instant::now();
        let height = self.anvil.block_number().await;
        self.mined.lock().unwrap().insert(height, at);
        height
    }

    /// Has these paid by the next block.
    async fn pay(&self, token: &Token, invoices: &[Invoice]) -> Vec<String> {
        let mut txids = Vec::with_capacity(invoices.len());
        for invoice in invoices {
            txids.push(self.anvil.transfer(token, &invoice.address, invoice.units).await);
        }
        txids
    }
}

/// What came of it.
struct Report<'a> {
    mined: HashMap<u64, Instant>,
    passed: &'a Passed,
    arrivals: &'a [(String, String, Instant)],
    paid_at: HashMap<String, u64>,
}

impl Report<'_> {
    /// The block that an event follows from.
    fn cause(&self, number: &str, event: &str) -> u64 {
        let wait = if event == "payment.confirmed" {
            CONFIRMATIONS - 1
        } else {
            0
        };
        self.paid_at[number] + wait
    }

    /// When the node had told all of a block: its receipts are what payd asks for last. A block of hundreds of transactions
    /// takes anvil some ten milliseconds, each time it is asked.
    fn whole(&self, height: u64) -> Instant {
        let told = self.passed.told[&height];
        let receipts = self
            .passed
            .calls
            .iter()
            .filter(|(_, answered, what)| *answered >= told && what.contains("eth_getBlockReceipts"));
        let answered = receipts.map(|(_, answered, _)| *answered).min();
        answered.unwrap_or(told)
    }

    /// Milliseconds from the blocks that this event follows from: being mined, payd being told, and payd having all of it.
    fn delays(&self, wanted: &str) -> Delays {
        let mut delays = Delays::default();
        for (number, event, at) in self.arrivals.iter().filter(|(_, event, _)| event == wanted) {
            let height = self.cause(number, event);
            let told_at = self.passed.told[&height];
            delays.told.push(ms_between(told_at, *at));
            delays
                .mined
                .push(ms_between(self.mined[&height].min(told_at), *at));
            delays.whole.push(ms_between(self.whole(height), *at));
        }
        delays
    }

    fn json(&self) -> Value {
        let mut report = json!({});
        let mut all = Delays::default();
        for event in ["payment.confirming", "payment.confirmed"] {
            let delays = self.delays(event);
            assert!(!delays.told.is_empty(), "nothing was told of {event}");
            let name = event.trim_start_matches("payment.");
            report[name] = delays.figures();
            all.mined.extend(delays.mined);
            all.told.extend(delays.told);
            all.whole.extend(delays.whole);
        }
        let paid: HashSet<&str> = self
            .arrivals
            .iter()
            .filter(|(_, event, _)| event == "payment.confirmed")
            .map(|(number, ..)| number.as_str())
            .collect();
        let blocks = self.mined.len();
        report["all"] = all.figures();
        report["payments"] = json!(self.paid_at.len());
        report["paid"] = json!(paid.len());
        report["repeated"] = json!(self.arrivals.len() - self.distinct());
        report["calls_per_block"] = json!(self.passed.calls.len() as f64 / blocks as f64);
        report
    }

    fn distinct(&self) -> usize {
        let distinct: HashSet<_> = self
            .arrivals
            .iter()
            .map(|(number, event, _)| (number, event))
            .collect();
        distinct.len()
    }

    /// What was asked after each block that something followed from, and when the webhooks came.
    fn trace(&self) {
        let mut heights: Vec<u64> = self
            .arrivals
            .iter()
            .map(|(number, event, _)| self.cause(number, event))
            .collect();
        heights.sort_unstable();
        heights.dedup();
        for height in heights {
            let told = self.passed.told[&height];
            eprintln!(
                "block {height}: mined {:.1} ms before payd was told",
                ms_between(self.mined[&height], told)
            );
            for (asked, answered, what) in &self.passed.calls {
                let (asked, answered) = (ms_between(told, *asked), ms_between(told, *answered));
                if answered > -30.0 && asked < 300.0 {
                    eprintln!("  {asked:8.1} to {answered:8.1} ms  {what}");
                }
            }
            for wanted in ["payment.confirming", "payment.confirmed"] {
                let of = self
                    .arrivals
                    .iter()
                    .filter(|(number, event, _)| event == wanted && self.cause(number, event) == height);
                let at: Vec<f64> = of.map(|(.., at)| ms_between(told, *at)).collect();
                if !at.is_empty() {
                    eprintln!(
                        "  {:3} {wanted}: {:.1} to {:.1} ms, half by {:.1} ms",
                        at.len(),
                        percentile(&at, 0.0),
                        percentile(&at, 100.0),
                        percentile(&at, 50.0)
                    );
                }
            }
        }
    }
}

/// Milliseconds to the shop.
#[derive(Default)]
struct Delays {
    mined: Vec<f64>,
    told: Vec<f64>,
    whole: Vec<f64>,
}

impl Delays {
    fn figures(&self) -> Value {
        let mut figures = json!({});
        for (name, of) in [
            ("mined", &self.mined),
            ("told", &self.told),
            ("whole", &self.whole),
        ] {
            figures[format!("from_{name}_p50_ms")] = json!(percentile(of, 50.0));
            figures[format!("from_{name}_p99_ms")] = json!(percentile(of, 99.0));
        }
        figures
    }
}
