//! The recorded Bitcoin chain behind a real HTTP server: a node (POST, with a password) and an Esplora server (GET).

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{Method, Request, Response};

use super::http::Server;
use super::recorded_bitcoin::RecordedBitcoin;

/// What the node asks for: `user:password` in base64 (RFC 7617), as a URL with both makes a client send it.
const CREDENTIALS: &str = "Basic dXNlcjpwYXNzd29yZA==";

/// The running server; stops when dropped.
pub struct BitcoinServer {
    /// What it tells of.
    pub chain: Arc<RecordedBitcoin>,
    server: Server,
}

impl BitcoinServer {
    /// Starts a server that stands at `step`.
    pub async fn start(step: &str) -> Self {
        let chain = Arc::new(RecordedBitcoin::at(step));
        let server = Server::start({
            let chain = Arc::clone(&chain);
            move |request| {
                let reply = answer(&chain, &request);
                async { Ok(reply) }
            }
        })
        .await;
        Self { chain, server }
    }

    /// Where the node is, with its password.
    pub fn node_url(&self) -> String {
        self.server.url("/").replace("http://", "http://user:password@")
    }

    /// Where the node is, without its password.
    pub fn closed_node_url(&self) -> String {
        self.server.url("/")
    }

    /// Where the Esplora server is.
    pub fn esplora_url(&self) -> String {
        self.server.url("/api")
    }
}

fn answer(chain: &RecordedBitcoin, request: &Request<Bytes>) -> Response<Body> {
    let (status, body) = if request.method() == Method::POST {
        let credentials = request.headers().get("authorization");
        if credentials.is_some_and(|given| given == CREDENTIALS) {
            let body = serde_json::from_slice(request.body()).expect("JSON-RPC");
            let reply = serde_json::to_vec(&chain.answer_rpc(&body)).expect("JSON");
            (200, reply)
        } else {
            (401, Vec::new())
        }
    } else {
        let path = request.uri().path();
        chain.answer_rest(path.strip_prefix("/api/").expect("a path of the API"))
    };
    Response::builder()
        .status(status)
        .body(Body::from(body))
        .expect("a reply")
}
