//! Peers that answer from the recorded chain, by whichever protocol they are asked, and can be told to lie, lag and
//! refuse.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::Value;

use super::{ProviderKind, RecordedBitcoin};
use crate::ambient::{NoRandomness, Random};
use crate::net::{Fetch, FetchReply, FetchRequest, TransportError};

/// Changes a reply: the calls (method names or a path), the status, the body.
type Twist = Box<dyn Fn(&str, u16, Vec<u8>) -> (u16, Vec<u8>) + Send + Sync>;
/// Answers in place of the peer.
type Front = Box<dyn Fn() -> Option<Result<FetchReply, TransportError>> + Send + Sync>;

pub(super) struct Peer {
    pub(super) kind: ProviderKind,
    pub(super) chain: RecordedBitcoin,
    twist: Mutex<Twist>,
    front: Mutex<Front>,
    /// One entry for each call of a batch, or a path.
    asked: Mutex<Vec<String>>,
    requests: Mutex<usize>,
}

impl Peer {
    pub(super) fn at(kind: ProviderKind, step: &str) -> Arc<Self> {
        Arc::new(Self {
            kind,
            chain: RecordedBitcoin::at(step),
            twist: Mutex::new(Box::new(|_, status, body| (status, body))),
            front: Mutex::new(Box::new(|| None)),
            asked: Mutex::default(),
            requests: Mutex::default(),
        })
    }

    /// Changes the replies to requests whose first method or whose path begins with `call`.
    pub(super) fn twist(
        &self,
        call: &'static str,
        twist: impl Fn(Vec<u8>) -> (u16, Vec<u8>) + Send + Sync + 'static,
    ) {
        *self.twist.lock().unwrap() = Box::new(move |asked, status, body| {
            if asked.starts_with(call) {
                twist(body)
            } else {
                (status, body)
            }
        });
    }

    /// Changes any reply, told apart by its first method or its path.
    pub(super) fn twist_all(
        &self,
        twist: impl Fn(&str, u16, Vec<u8>) -> (u16, Vec<u8>) + Send + Sync + 'static,
    ) {
        *self.twist.lock().unwrap() = Box::new(twist);
    }

    /// Changes the raw blocks that it serves.
    pub(super) fn twist_blocks(&self, twist: impl Fn(Vec<u8>) -> Vec<u8> + Send + Sync + 'static) {
        let kind = self.kind;
        *self.twist.lock().unwrap() = Box::new(move |asked, status, body| match kind {
            ProviderKind::Esplora if asked.ends_with("/raw") => (status, twist(body)),
            ProviderKind::Node if asked == "getblock" => {
                let mut reply: Value = serde_json::from_slice(&body).unwrap();
                let raw = hex::decode(reply["result"].as_str().unwrap()).unwrap();
                reply["result"] = hex::encode(twist(raw)).into();
                (status, serde_json::to_vec(&reply).unwrap())
            }
            _ => (status, body),
        });
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

    pub(super) fn requests(&self) -> usize {
        *self.requests.lock().unwrap()
    }

    /// Takes the calls since the last time.
    pub(super) fn take_asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }

    fn answer(&self, request: &FetchRequest<'_>) -> FetchReply {
        let (asked, status, body) = match &request.body {
            Some(body) => {
                let body: Value = serde_json::from_slice(body).unwrap();
                let calls = body
                    .as_array()
                    .map_or_else(|| std::slice::from_ref(&body), Vec::as_slice);
                let mut methods: Vec<String> = calls
                    .iter()
                    .map(|call| call["method"].as_str().unwrap().to_owned())
                    .collect();
                let first = methods[0].clone();
                self.asked.lock().unwrap().append(&mut methods);
                let reply = self.chain.answer_rpc(&body);
                (first, 200, serde_json::to_vec(&reply).unwrap())
            }
            None => {
                self.asked.lock().unwrap().push(request.path.to_owned());
                let (status, body) = self.chain.answer_rest(request.path);
                (request.path.to_owned(), status, body)
            }
        };
        let (status, body) = (self.twist.lock().unwrap())(&asked, status, body);
        FetchReply {
            status,
            retry_after: None,
            body,
        }
    }
}

/// The peers there are, by host.
#[derive(Default)]
pub(super) struct Net {
    pub(super) peers: HashMap<String, Arc<Peer>>,
}

impl Fetch for Net {
    fn fetch<'a>(&'a self, request: FetchRequest<'a>) -> BoxFuture<'a, Result<FetchReply, TransportError>> {
        let peer = &self.peers[request.endpoint.host()];
        assert_eq!(
            request.body.is_some(),
            peer.kind == ProviderKind::Node,
            "asked in the wrong protocol"
        );
        *peer.requests.lock().unwrap() += 1;
        let front = (peer.front.lock().unwrap())();
        let reply = front.unwrap_or_else(|| Ok(peer.answer(&request)));
        Box::pin(async { reply })
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
