//! A provider of TRON: the recorded node behind HTTP.

pub mod recorded;

use std::convert::Infallible;
use std::ops::Deref;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{Request, Response};

use self::recorded::{Answer, Branch, RecordedTron};
use super::http::{Cut, Server};

/// The running provider.
pub struct TronProvider {
    node: Arc<RecordedTron>,
    server: Server,
}

impl TronProvider {
    /// Starts an honest one on `branch`.
    pub async fn start(branch: Branch) -> Self {
        let node = Arc::new(RecordedTron::on(branch));
        let asked = Arc::clone(&node);
        let server = Server::start(move |request| answer(Arc::clone(&asked), request)).await;
        Self { node, server }
    }

    /// Its URL.
    pub fn url(&self) -> String {
        self.server.url("/")
    }
}

impl Deref for TronProvider {
    type Target = RecordedTron;

    fn deref(&self) -> &RecordedTron {
        &self.node
    }
}

async fn answer(node: Arc<RecordedTron>, request: Request<Bytes>) -> Result<Response<Body>, Cut> {
    match node.answer(request.uri().path(), request.body()) {
        Answer::Hang => {
            let never: Infallible = std::future::pending().await;
            match never {}
        }
        Answer::Reply {
            status,
            retry_after_s,
            body,
        } => {
            let mut response = Response::builder().status(status);
            if let Some(seconds) = retry_after_s {
                response = response.header("retry-after", seconds);
            }
            response.body(Body::from(body)).map_err(|_| Cut)
        }
    }
}
