//! A provider that can be made to fail and to lie: a JSON-RPC proxy in front of a real node, which also counts what
//! is asked of it.

mod faults;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Request, Response};
use serde_json::{Value, json};

use super::http::{self, Cut, Server, unfinished_body};

pub use faults::RangeWords;

/// One way to misbehave.
#[derive(Debug, Clone)]
pub enum Fault {
    /// Answers rightly, after so long.
    Delay(Duration),
    /// Cuts the connection without an answer.
    Drop,
    /// Never answers.
    Hang,
    /// HTTP 429 with this `Retry-After`.
    Throttle {
        /// The seconds in the header.
        retry_after_s: u64,
    },
    /// This HTTP status with this body, such as a 403 that asks for a personal token.
    Status(u16, &'static str),
    /// The right answer, cut in its middle although its length was announced.
    Truncate,
    /// The beginning of the right answer, then silence.
    Stall,
    /// HTTP 200 with this JSON-RPC error.
    Error(i64, &'static str),
    /// Refuses `eth_getLogs` over more than so many blocks, in a real provider's words.
    RangeLimit(u64, RangeWords),
    /// Adds so much to every amount: token logs and native values.
    AlterAmount(u128),
    /// Adds so much to every balance of the native coin.
    InflateBalances(u128),
    /// Leaves the first log out of every answer that has one.
    RemoveLog,
    /// Is so many blocks behind and, like a lagging node, answers `[]` about logs that it cannot know yet.
    StaleHead(u64),
    /// Says it is another chain.
    ChainId(u64),
}

/// The running proxy. Without a fault it passes everything on.
pub struct Proxy {
    server: Server,
    shared: Arc<Shared>,
}

struct Shared {
    upstream: String,
    http: reqwest::Client,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    faults: Vec<(Option<String>, Fault)>,
    calls: BTreeMap<String, u64>,
    requests: u64,
    reply_bytes: u64,
}

impl Proxy {
    /// Starts a proxy in front of the node at `upstream`.
    pub async fn start(upstream: &str) -> Self {
        let shared = Arc::new(Shared {
            upstream: upstream.to_owned(),
            http: http::client(),
            state: Mutex::default(),
        });
        let server = Server::start({
            let shared = Arc::clone(&shared);
            move |request| {
                let shared = Arc::clone(&shared);
                async move { shared.answer(&request).await }
            }
        })
        .await;
        Self { server, shared }
    }

    /// Its URL, in the shape that keyed providers use: the key must never turn up in a log, an error or a page.
    pub fn url_with_key(&self, key: &str) -> String {
        self.server.url(&format!("/v3/{key}"))
    }

    /// Its URL.
    pub fn url(&self) -> String {
        self.server.url("/")
    }

    /// Misbehaves on every call from now on, on top of what was injected before.
    pub fn inject(&self, fault: Fault) {
        self.shared.state().faults.push((None, fault));
    }

    /// Misbehaves on calls of `method` only.
    pub fn inject_into(&self, method: &str, fault: Fault) {
        self.shared.state().faults.push((Some(method.to_owned()), fault));
    }

    /// Passes everything on again.
    pub fn clear(&self) {
        self.shared.state().faults.clear();
    }

    /// How often `method` was called, also in batches and also where the answer was a fault.
    pub fn calls(&self, method: &str) -> u64 {
        self.shared.state().calls.get(method).copied().unwrap_or(0)
    }

    /// All calls by method.
    pub fn all_calls(&self) -> BTreeMap<String, u64> {
        self.shared.state().calls.clone()
    }

    /// How many HTTP requests came in; a batch is one.
    pub fn requests(&self) -> u64 {
        self.shared.state().requests
    }

    /// How many bytes of bodies were answered.
    pub fn reply_bytes(&self) -> u64 {
        self.shared.state().reply_bytes
    }

    /// Counts from zero again.
    pub fn reset_counts(&self) {
        let mut state = self.shared.state();
        (state.requests, state.reply_bytes) = (0, 0);
        state.calls.clear();
    }

    /// Waits until `method` has been called `count` times since the counts began.
    pub async fn wait_for_calls(&self, method: &str, count: u64) {
        let what = format!("{count} calls of {method}");
        super::wait_until(&what, || async { (self.calls(method) >= count).then_some(()) }).await;
    }
}

impl Shared {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("the proxy's state")
    }

    async fn answer(&self, request: &Request<Bytes>) -> Result<Response<Body>, Cut> {
        let body: Value = serde_json::from_slice(request.body()).map_err(|_| Cut)?;
        let calls: Vec<&Value> = body
            .as_array()
            .map_or_else(|| vec![&body], |batch| batch.iter().collect());
        let methods: Vec<&str> = calls
            .iter()
            .map(|call| call["method"].as_str().unwrap_or_default())
            .collect();
        let faults = self.count_and_pick_faults(&methods);
        for (_, fault) in &faults {
            if let Some(response) = refuse_request(fault).await? {
                return Ok(response);
            }
        }
        let mut replies = Vec::new();
        for call in &calls {
            let method = call["method"].as_str().unwrap_or_default();
            let faults = faults
                .iter()
                .filter(|(only, _)| only.as_deref().is_none_or(|only| only == method));
            let faults: Vec<&Fault> = faults.map(|(_, fault)| fault).collect();
            let outcome = self.answer_call(method, call["params"].clone(), &faults).await;
            replies.push(match outcome {
                Ok(result) => json!({ "jsonrpc": "2.0", "id": call["id"], "result": result }),
                Err(error) => json!({ "jsonrpc": "2.0", "id": call["id"], "error": error }),
            });
        }
        let reply = if body.is_array() {
            Value::Array(replies)
        } else {
            replies.swap_remove(0)
        };
        let reply = reply.to_string();
        self.state().reply_bytes += reply.len() as u64;
        Ok(send(reply, &faults))
    }

    /// The faults that touch this request: those for all methods, and those for one of its own.
    fn count_and_pick_faults(&self, methods: &[&str]) -> Vec<(Option<String>, Fault)> {
        let mut state = self.state();
        state.requests += 1;
        for method in methods {
            *state.calls.entry((*method).to_owned()).or_default() += 1;
        }
        let touches = |only: &Option<String>| only.as_deref().is_none_or(|only| methods.contains(&only));
        state
            .faults
            .iter()
            .filter(|(only, _)| touches(only))
            .cloned()
            .collect()
    }

    async fn answer_call(&self, method: &str, mut params: Value, faults: &[&Fault]) -> Result<Value, Value> {
        for fault in faults {
            faults::refuse(fault, method, &params)?;
        }
        let behind = faults.iter().find_map(|fault| match fault {
            Fault::StaleHead(behind) => Some(*behind),
            _ => None,
        });
        let head = match behind {
            Some(behind) => Some(self.height().await.saturating_sub(behind)),
            None => None,
        };
        if let Some(head) = head
            && let Some(answer) = faults::pretend_head(head, method, &mut params)
        {
            return Ok(answer);
        }
        let mut result = super::anvil::rpc(&self.http, &self.upstream, method, params).await?;
        if head.is_some_and(|head| faults::is_above(head, &result)) {
            result = Value::Null;
        }
        for fault in faults {
            faults::distort(fault, method, &mut result);
        }
        Ok(result)
    }

    async fn height(&self) -> u64 {
        let height = super::anvil::rpc(&self.http, &self.upstream, "eth_blockNumber", json!([])).await;
        faults::quantity(&height.expect("the node's height")).expect("a quantity")
    }
}

/// The faults that need no look at the calls.
async fn refuse_request(fault: &Fault) -> Result<Option<Response<Body>>, Cut> {
    let response = Response::builder();
    let refusal = match fault {
        Fault::Drop => return Err(Cut),
        Fault::Hang => std::future::pending().await,
        Fault::Delay(delay) => {
            // The delay is the fault under test, not a wait for something.
            tokio::time::sleep(*delay).await;
            return Ok(None);
        }
        Fault::Throttle { retry_after_s } => {
            let response = response
                .status(429)
                .header("retry-after", retry_after_s.to_string());
            response.body("<html>error code: 1015</html>".into())
        }
        Fault::Status(status, body) => response.status(*status).body((*body).into()),
        _ => return Ok(None),
    };
    Ok(Some(refusal.expect("a response that the test spelled right")))
}

fn send(reply: String, faults: &[(Option<String>, Fault)]) -> Response<Body> {
    let response = Response::builder().header("content-type", "application/json");
    let half = || Bytes::copy_from_slice(&reply.as_bytes()[..reply.len() / 2]);
    let response = if faults.iter().any(|(_, fault)| matches!(fault, Fault::Truncate)) {
        response.body(half().into())
    } else if faults.iter().any(|(_, fault)| matches!(fault, Fault::Stall)) {
        response.body(unfinished_body(half()))
    } else {
        response.body(reply.into())
    };
    response.expect("a response")
}
