//! Stands between payd and a node, changes nothing, and notes when payd was first told of each block: by the reply to a
//! question, or by the push of a new head.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::http::{Request, Response};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;

use crate::rig::abi::parse_number;
use crate::rig::http::{self, Cut, Server};

/// What passed.
#[derive(Default)]
pub(crate) struct Passed {
    /// When payd was first told of a block, by its height.
    pub(crate) told: HashMap<u64, Instant>,
    /// Every exchange: when it was asked, when the answer left, and what was asked.
    pub(crate) calls: Vec<(Instant, Instant, String)>,
}

impl Passed {
    fn tell(&mut self, block: &Value, at: Instant) {
        if let (Some(number), Some(_)) = (block["number"].as_str(), block["parentHash"].as_str()) {
            let height = u64::try_from(parse_number(number)).expect("a height");
            let first = self.told.entry(height).or_insert(at);
            *first = at.min(*first);
        }
    }
}

/// A way to the node.
pub(crate) struct NodeProxy {
    server: Server,
    socket: String,
}

impl NodeProxy {
    /// A way to the node at `url` that takes `delay` longer; what passes is noted in `passed`.
    pub(crate) async fn start(url: &str, delay: Duration, passed: &Arc<Mutex<Passed>>) -> Self {
        let client = http::client();
        let (to, noted) = (url.to_owned(), Arc::clone(passed));
        let server = Server::start(move |request: Request<Bytes>| {
            let (client, to, noted) = (client.clone(), to.clone(), Arc::clone(&noted));
            async move {
                if !delay.is_zero() {
                    tokio::time::sleep(delay).await;
                }
                exchange(&client, &to, &noted, request.into_body()).await
            }
        })
        .await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let socket = format!("ws://{}", listener.local_addr().unwrap());
        let node = url.trim_start_matches("http://").to_owned();
        let noted = Arc::clone(passed);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(relay(stream, node.clone(), Arc::clone(&noted)));
            }
        });
        Self { server, socket }
    }

    /// Where it is; `host` names this machine.
    pub(crate) fn url(&self, host: &str) -> String {
        self.server.url("/").replace("127.0.0.1", host)
    }

    /// Where it tells of new blocks.
    pub(crate) fn socket_url(&self) -> &str {
        &self.socket
    }
}

async fn exchange(
    client: &reqwest::Client,
    to: &str,
    noted: &Mutex<Passed>,
    body: Bytes,
) -> Result<Response<Body>, Cut> {
    let asked_at = Instant::now();
    let asked: Value = serde_json::from_slice(&body).expect("JSON-RPC");
    let post = client
        .post(to)
        .header("content-type", "application/json")
        .body(body);
    let reply = post
        .send()
        .await
        .map_err(|_| Cut)?
        .bytes()
        .await
        .map_err(|_| Cut)?;
    let told: Value = serde_json::from_slice(&reply).expect("JSON-RPC");
    let mut noted = noted.lock().unwrap();
    let at = Instant::now();
    for answer in told.as_array().unwrap_or(&vec![told.clone()]) {
        noted.tell(&answer["result"], at);
    }
    noted.calls.push((asked_at, at, methods(&asked)));
    drop(noted);
    let response = Response::builder().header("content-type", "application/json");
    Ok(response.body(Body::from(reply)).expect("a response"))
}

/// What a request asks for, in a few words.
fn methods(asked: &Value) -> String {
    let name = |call: &Value| call["method"].as_str().unwrap_or_default().to_owned();
    match asked.as_array() {
        Some(calls) => format!(
            "{} x {}",
            calls.len(),
            calls.first().map(name).unwrap_or_default()
        ),
        None => name(asked),
    }
}

async fn relay(stream: TcpStream, node: String, noted: Arc<Mutex<Passed>>) {
    let _ = stream.set_nodelay(true);
    let Ok(near) = tokio_tungstenite::accept_async(stream).await else {
        return;
    };
    let far = TcpStream::connect(&node).await.expect("the node");
    let far = tokio_tungstenite::client_async(format!("ws://{node}"), far).await;
    let (mut to_payd, mut from_payd) = near.split();
    let (mut to_node, mut from_node) = far.expect("a websocket of the node").0.split();
    loop {
        tokio::select! {
            Some(Ok(said)) = from_payd.next() => {
                if to_node.send(said).await.is_err() { return }
            }
            Some(Ok(said)) = from_node.next() => {
                if let Message::Text(text) = &said {
                    let told: Value = serde_json::from_str(text).expect("JSON-RPC");
                    noted.lock().unwrap().tell(&told["params"]["result"], Instant::now());
                }
                if to_payd.send(said).await.is_err() { return }
            }
            else => return,
        }
    }
}
