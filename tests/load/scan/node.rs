//! A transport that serves prepared bytes, and knows what it cost itself: that is no cost of reading.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use futures_util::future::BoxFuture;
use payd::net::{Fetch, FetchReply, FetchRequest, TransportError};
use serde::Deserialize;
use serde_json::value::RawValue;

/// Nodes that answer from prepared bytes.
pub(crate) trait Answers: Send + Sync + 'static {
    /// The reply to one request of the node `host`, and how many calls that was.
    fn answer(&self, host: &str, path: &str, body: Option<&[u8]>) -> (u64, Vec<u8>);
}

/// What was asked, and what answering cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) requests: u64,
    pub(crate) calls: u64,
    pub(crate) request_bytes: u64,
    pub(crate) reply_bytes: u64,
    /// Time spent here.
    pub(crate) spent_ns: u64,
    /// Bytes allocated here.
    pub(crate) allocated: u64,
}

pub(crate) struct Served {
    node: Box<dyn Answers>,
    counts: [AtomicU64; 6],
}

impl Served {
    pub(crate) fn new(node: Box<dyn Answers>) -> Arc<Self> {
        Arc::new(Self {
            node,
            counts: Default::default(),
        })
    }

    /// Everything since the beginning.
    pub(crate) fn asked(&self) -> Asked {
        let count = |place: usize| self.counts[place].load(Ordering::Relaxed);
        Asked {
            requests: count(0),
            calls: count(1),
            request_bytes: count(2),
            reply_bytes: count(3),
            spent_ns: count(4),
            allocated: count(5),
        }
    }

    fn count(&self, place: usize, more: usize) {
        self.counts[place].fetch_add(more as u64, Ordering::Relaxed);
    }
}

impl Asked {
    pub(crate) fn since(self, before: Self) -> Self {
        Self {
            requests: self.requests - before.requests,
            calls: self.calls - before.calls,
            request_bytes: self.request_bytes - before.request_bytes,
            reply_bytes: self.reply_bytes - before.reply_bytes,
            spent_ns: self.spent_ns - before.spent_ns,
            allocated: self.allocated - before.allocated,
        }
    }
}

impl Fetch for Served {
    fn fetch<'a>(&'a self, request: FetchRequest<'a>) -> BoxFuture<'a, Result<FetchReply, TransportError>> {
        let (begun, before) = (Instant::now(), crate::ALLOCATOR.total_allocated());
        let body = request.body.as_deref();
        let (calls, reply) = self.node.answer(request.endpoint.host(), request.path, body);
        assert!(reply.len() <= request.reply_bytes_max);
        self.count(0, 1);
        self.count(1, usize::try_from(calls).unwrap());
        self.count(2, body.map_or(0, <[u8]>::len) + request.path.len());
        self.count(3, reply.len());
        let reply: BoxFuture<'a, _> = Box::pin(std::future::ready(Ok(FetchReply {
            status: 200,
            retry_after: None,
            body: reply,
        })));
        self.count(5, crate::ALLOCATOR.total_allocated() - before);
        self.count(4, usize::try_from(begun.elapsed().as_nanos()).unwrap());
        reply
    }
}

#[derive(Deserialize)]
struct Call<'a> {
    id: u64,
    method: &'a str,
    #[serde(borrow)]
    params: &'a RawValue,
}

/// The reply to a JSON-RPC body, alone or a batch, each of whose results `result` writes.
pub(crate) fn json_rpc(body: &[u8], mut result: impl FnMut(&str, &str, &mut Vec<u8>)) -> (u64, Vec<u8>) {
    let is_batch = body.first() == Some(&b'[');
    let calls: Vec<Call<'_>> = if is_batch {
        serde_json::from_slice(body).unwrap()
    } else {
        vec![serde_json::from_slice(body).unwrap()]
    };
    let mut reply = Vec::with_capacity(1 << 20);
    for (place, call) in calls.iter().enumerate() {
        reply.push(match (is_batch, place) {
            (true, 0) => b'[',
            (true, _) => b',',
            (false, _) => b' ',
        });
        reply.extend_from_slice(format!("{{\"jsonrpc\":\"2.0\",\"id\":{},\"result\":", call.id).as_bytes());
        result(call.method, call.params.get(), &mut reply);
        reply.push(b'}');
    }
    if is_batch {
        reply.push(b']');
    }
    (calls.len() as u64, reply)
}
