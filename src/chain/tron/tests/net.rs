//! A transport that brings requests to the recorded nodes.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;

use super::recorded::{Answer, RecordedTron};
use crate::ambient::{NoRandomness, Random};
use crate::net::{Fetch, FetchReply, FetchRequest, TransportError};

#[derive(Default)]
pub(super) struct Net {
    pub(super) nodes: HashMap<String, Arc<RecordedTron>>,
}

impl Fetch for Net {
    fn fetch<'a>(&'a self, request: FetchRequest<'a>) -> BoxFuture<'a, Result<FetchReply, TransportError>> {
        Box::pin(async move {
            let headers = request.endpoint.headers();
            assert!(
                headers.iter().any(|(name, _)| name == "TRON-PRO-API-KEY"),
                "the key is sent with every call"
            );
            let url = request.endpoint.url_at(request.path);
            let path = url.path();
            let (key, call) = path[1..].split_once('/').unwrap();
            assert!(key.starts_with("SECRET-KEY-") && !call.starts_with('/'), "{path}");
            assert_ne!(call, "jsonrpc");
            let node = &self.nodes[request.endpoint.host()];
            match node.answer(&format!("/{call}"), &request.body.unwrap()) {
                Answer::Hang => Err(TransportError::Timeout(request.timeout)),
                Answer::Reply { body, .. } if body.len() > request.reply_bytes_max => {
                    Err(TransportError::TooLarge {
                        bytes_max: request.reply_bytes_max,
                    })
                }
                Answer::Reply {
                    status,
                    retry_after_s,
                    body,
                } => Ok(FetchReply {
                    status,
                    retry_after: retry_after_s.map(Duration::from_secs),
                    body,
                }),
            }
        })
    }
}

/// Always the same bytes: waits are as long as they can be.
pub(super) struct NoChance;

impl Random for NoChance {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        bytes.fill(u8::MAX);
        Ok(())
    }
}
