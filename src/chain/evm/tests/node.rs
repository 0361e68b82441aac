//! A node that answers from a recorded chain, and can be told to lie, lag, limit and refuse.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use crate::ambient::{NoRandomness, Random};
use crate::net::{Fetch, FetchReply, FetchRequest, TransportError};

/// Six blocks recorded from anvil (Prague): deployments; transfers by transactions of types 0, 1 and 2; failed,
/// empty and oversize ones; an empty block; a type 4 transaction and a dozen others.
pub(super) static RECORDED: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../tests/fixtures/evm/anvil-prague.json")).unwrap()
});

pub(super) fn recorded(name: &str) -> String {
    RECORDED[name].as_str().unwrap().to_owned()
}

/// The hash of a recorded block.
pub(super) fn hash(height: usize) -> String {
    RECORDED["blocks"][height]["hash"].as_str().unwrap().to_owned()
}

/// Changes a result, or turns it into an error object.
type Twist = Box<dyn Fn(&str, &Value, Value) -> Result<Value, Value> + Send + Sync>;
/// Answers in place of the node.
type Front = Box<dyn Fn() -> Option<Result<FetchReply, TransportError>> + Send + Sync>;

pub(super) struct Node {
    twist: Mutex<Twist>,
    front: Mutex<Front>,
    pub(super) head: AtomicUsize,
    /// The block it calls final.
    pub(super) finalized: AtomicUsize,
    pub(super) takes_batches: AtomicBool,
    /// Methods called, one entry for each call of a batch.
    pub(super) calls: Mutex<Vec<String>>,
    pub(super) posts: AtomicU64,
    pub(super) bodies: Mutex<Vec<Value>>,
}

impl Node {
    pub(super) fn honest() -> Arc<Self> {
        Arc::new(Self {
            twist: Mutex::new(Box::new(|_, _, result| Ok(result))),
            front: Mutex::new(Box::new(|| None)),
            head: AtomicUsize::new(5),
            finalized: AtomicUsize::new(3),
            takes_batches: AtomicBool::new(true),
            calls: Mutex::default(),
            posts: AtomicU64::new(0),
            bodies: Mutex::default(),
        })
    }

    /// A node that changes the results of `method`.
    pub(super) fn lying(method: &'static str, lie: impl Fn(&mut Value) + Send + Sync + 'static) -> Arc<Self> {
        let node = Self::honest();
        node.twist(move |called, _, mut result| {
            if called == method {
                lie(&mut result);
            }
            Ok(result)
        });
        node
    }

    pub(super) fn twist(
        &self,
        twist: impl Fn(&str, &Value, Value) -> Result<Value, Value> + Send + Sync + 'static,
    ) {
        *self.twist.lock().unwrap() = Box::new(twist);
    }

    /// Answers every request with `status`, `retry_after` and `body`.
    pub(super) fn answers(&self, status: u16, retry_after_s: Option<u64>, body: &'static str) {
        *self.front.lock().unwrap() = Box::new(move || {
            Some(Ok(FetchReply {
                status,
                retry_after: retry_after_s.map(Duration::from_secs),
                body: body.into(),
            }))
        });
    }

    pub(super) fn fails(&self, error: TransportError) {
        *self.front.lock().unwrap() = Box::new(move || Some(Err(error.clone())));
    }

    pub(super) fn recovers(&self) {
        *self.front.lock().unwrap() = Box::new(|| None);
    }

    pub(super) fn posts(&self) -> u64 {
        self.posts.load(Ordering::Relaxed)
    }

    pub(super) fn called(&self, method: &str) -> usize {
        self.calls
            .lock()
            .unwrap()
            .iter()
            .filter(|called| *called == method)
            .count()
    }

    fn answer(&self, request: &Value) -> Value {
        let method = request["method"].as_str().unwrap();
        self.calls.lock().unwrap().push(method.to_owned());
        let result = self.result(method, &request["params"]);
        match (self.twist.lock().unwrap())(method, &request["params"], result) {
            Ok(result) => json!({"jsonrpc": "2.0", "id": request["id"], "result": result}),
            Err(error) => json!({"jsonrpc": "2.0", "id": request["id"], "error": error}),
        }
    }

    fn result(&self, method: &str, params: &Value) -> Value {
        let head = self.head.load(Ordering::Relaxed);
        match method {
            "eth_chainId" => RECORDED["chainId"].clone(),
            "eth_call" => RECORDED["decimals"]
                .get(params[0]["to"].as_str().unwrap())
                .cloned()
                .unwrap_or_else(|| json!("0x")),
            "eth_getBlockByNumber" => {
                let height = match params[0].as_str().unwrap() {
                    "latest" => head,
                    "finalized" => self.finalized.load(Ordering::Relaxed),
                    height => number(height),
                };
                let mut block = match RECORDED["blocks"].get(height) {
                    Some(block) if height <= head => block.clone(),
                    _ => return Value::Null,
                };
                if params[1] == json!(false) {
                    let txs = block["transactions"].as_array().unwrap();
                    block["transactions"] = txs.iter().map(|tx| tx["hash"].clone()).collect();
                }
                block
            }
            "eth_getBlockReceipts" => RECORDED["receipts"][params[0].as_str().unwrap()].clone(),
            "eth_getTransactionReceipt" => all_receipts()
                .find(|receipt| receipt["transactionHash"] == params[0])
                .cloned()
                .unwrap_or_default(),
            "eth_getLogs" => logs(&params[0], head),
            "eth_getBalance" => json!(format!("{:#x}", balance(&params[0], &params[1]))),
            _ => panic!("the node does not know {method}"),
        }
    }
}

/// What an address holds of the coin: its last byte times the block's height.
fn balance(address: &Value, block: &Value) -> usize {
    let height = match block["blockHash"].as_str() {
        Some(hash) => {
            let blocks = RECORDED["blocks"].as_array().unwrap();
            blocks.iter().position(|block| block["hash"] == hash).unwrap_or(0)
        }
        None => number(block.as_str().unwrap()),
    };
    let address = address.as_str().unwrap();
    height * number(&format!("0x{}", &address[address.len() - 2..]))
}

fn number(hex: &str) -> usize {
    usize::from_str_radix(hex.strip_prefix("0x").unwrap(), 16).unwrap()
}

fn all_receipts() -> impl Iterator<Item = &'static Value> {
    let blocks = RECORDED["blocks"].as_array().unwrap().iter();
    blocks.flat_map(|block| {
        RECORDED["receipts"][block["hash"].as_str().unwrap()]
            .as_array()
            .unwrap()
    })
}

fn logs(filter: &Value, head: usize) -> Value {
    let in_range = |log: &Value| match filter["blockHash"].as_str() {
        Some(hash) => log["blockHash"] == hash,
        None => {
            let height = number(log["blockNumber"].as_str().unwrap());
            let from = number(filter["fromBlock"].as_str().unwrap());
            (from..=number(filter["toBlock"].as_str().unwrap()).min(head)).contains(&height)
        }
    };
    let is_asked = |log: &Value| {
        let addresses = filter["address"].as_array().unwrap();
        let topics = filter["topics"].as_array().unwrap();
        addresses.contains(&log["address"])
            && topics.iter().enumerate().all(|(place, wanted)| match wanted {
                Value::Null => true,
                Value::Array(any) => any.contains(&log["topics"][place]),
                one => log["topics"][place] == *one,
            })
    };
    all_receipts()
        .flat_map(|receipt| receipt["logs"].as_array().unwrap())
        .filter(|log| in_range(log) && is_asked(log))
        .cloned()
        .collect()
}

/// The nodes there are, by host.
#[derive(Default)]
pub(super) struct Net {
    pub(super) nodes: HashMap<String, Arc<Node>>,
}

impl Fetch for Net {
    fn fetch<'a>(&'a self, request: FetchRequest<'a>) -> BoxFuture<'a, Result<FetchReply, TransportError>> {
        let Some(node) = self.nodes.get(request.endpoint.host()) else {
            return Box::pin(async { Err(TransportError::Connection("nobody is there".to_owned())) });
        };
        node.posts.fetch_add(1, Ordering::Relaxed);
        let body: Value = serde_json::from_slice(request.body.as_deref().unwrap()).unwrap();
        node.bodies.lock().unwrap().push(body.clone());
        if let Some(reply) = (node.front.lock().unwrap())() {
            return Box::pin(async { reply });
        }
        let reply = match body.as_array() {
            Some(_) if !node.takes_batches.load(Ordering::Relaxed) => {
                json!({"jsonrpc": "2.0", "id": null, "error": {"code": -32600, "message": "no batches"}})
            }
            Some(requests) => requests
                .iter()
                .rev()
                .map(|request| node.answer(request))
                .collect(),
            None => node.answer(&body),
        };
        let reply = serde_json::to_vec(&reply).unwrap();
        let bytes_max = request.reply_bytes_max;
        Box::pin(async move {
            if reply.len() > bytes_max {
                return Err(TransportError::TooLarge { bytes_max });
            }
            Ok(FetchReply {
                status: 200,
                retry_after: None,
                body: reply,
            })
        })
    }
}

/// Chance that always falls the same way.
pub(super) struct Loaded;

impl Random for Loaded {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        bytes.fill(255);
        Ok(())
    }
}
