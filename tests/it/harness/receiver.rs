//! A shop's webhook endpoint: a real server that keeps what it was sent and answers as it is told to.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use axum::body::{Body, Bytes};
use axum::http::{Request, Response};
use tokio::sync::watch;

use super::http::{Cut, Server, unfinished_body};

/// A request as it came in.
#[derive(Debug, Clone)]
pub struct Received {
    /// Its method, in capitals.
    pub method: String,
    /// Its path with the query.
    pub path: String,
    /// Its headers, in the order and the number they came in.
    pub headers: Vec<(String, String)>,
    /// Its body, byte for byte.
    pub body: Bytes,
    /// When it had come in completely, for measuring spans.
    pub at: Instant,
    /// When it had come in completely, by the wall clock.
    pub at_wall: SystemTime,
}

impl Received {
    /// The value of the header `name`, in any case; the first where there are several.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }

    /// The second it came in, for checking a signature's time.
    pub fn at_unix_s(&self) -> u64 {
        self.at_wall
            .duration_since(SystemTime::UNIX_EPOCH)
            .expect("a time after 1970")
            .as_secs()
    }
}

/// How the receiver treats a request.
#[derive(Debug, Clone)]
pub enum Behaviour {
    /// Answers with this status and a short text.
    Status(u16),
    /// Answers 200 with this content type and body.
    Page(&'static str, String),
    /// Sends the client elsewhere (302).
    Redirect(String),
    /// Never answers; the client has to give up.
    Hang,
    /// Begins an answer of 200 and never ends it.
    Unfinished,
    /// Answers 200 after so long.
    Slow(Duration),
    /// Cuts the connection without an answer.
    Close,
}

/// The running receiver.
pub struct Receiver {
    server: Server,
    shared: Arc<Shared>,
}

struct Shared {
    received: watch::Sender<Vec<Received>>,
    behaviour: Mutex<Plan>,
}

struct Plan {
    next: VecDeque<Behaviour>,
    then: Behaviour,
}

impl Receiver {
    /// Starts a receiver that answers 200.
    pub async fn start() -> Self {
        let plan = Plan {
            next: VecDeque::new(),
            then: Behaviour::Status(200),
        };
        let shared = Arc::new(Shared {
            received: watch::Sender::default(),
            behaviour: Mutex::new(plan),
        });
        let server = Server::start({
            let shared = Arc::clone(&shared);
            move |request| {
                let shared = Arc::clone(&shared);
                async move { behave(shared.keep(&request)).await }
            }
        })
        .await;
        Self { server, shared }
    }

    /// The URL of `path` at this receiver.
    pub fn url(&self, path: &str) -> String {
        self.server.url(path)
    }

    /// Treats every request like this from now on.
    pub fn always(&self, behaviour: Behaviour) {
        *self.shared.behaviour.lock().expect("the plan") = Plan {
            next: VecDeque::new(),
            then: behaviour,
        };
    }

    /// Treats the next requests like these, in order, before what it does always.
    pub fn next(&self, behaviours: impl IntoIterator<Item = Behaviour>) {
        self.shared
            .behaviour
            .lock()
            .expect("the plan")
            .next
            .extend(behaviours);
    }

    /// What came in so far, oldest first.
    pub fn received(&self) -> Vec<Received> {
        self.shared.received.borrow().clone()
    }

    /// Waits until at least `count` requests have come in, and gives all there are.
    ///
    /// # Panics
    /// When they have not within the rig's limit.
    pub async fn wait_for(&self, count: usize) -> Vec<Received> {
        self.wait_for_matching(count, |_| true).await
    }

    /// As [`Self::wait_for`], over the requests that `wanted` picks.
    pub async fn wait_for_matching(&self, count: usize, wanted: impl Fn(&Received) -> bool) -> Vec<Received> {
        let mut received = self.shared.received.subscribe();
        let enough = received.wait_for(|all| all.iter().filter(|one| wanted(one)).count() >= count);
        match tokio::time::timeout(super::WAIT_MAX, enough).await {
            Ok(all) => all
                .expect("the receiver runs")
                .iter()
                .filter(|one| wanted(one))
                .cloned()
                .collect(),
            Err(_) => panic!(
                "{count} requests were waited for; there are {:#?}",
                self.received()
            ),
        }
    }
}

impl Shared {
    fn keep(&self, request: &Request<Bytes>) -> Behaviour {
        let headers = request.headers().iter();
        let received = Received {
            method: request.method().to_string(),
            path: request.uri().to_string(),
            headers: headers
                .map(|(name, value)| {
                    (
                        name.to_string(),
                        String::from_utf8_lossy(value.as_bytes()).into_owned(),
                    )
                })
                .collect(),
            body: request.body().clone(),
            at: Instant::now(),
            at_wall: SystemTime::now(),
        };
        let mut plan = self.behaviour.lock().expect("the plan");
        let behaviour = plan.next.pop_front().unwrap_or_else(|| plan.then.clone());
        drop(plan);
        self.received.send_modify(|all| all.push(received));
        behaviour
    }
}

async fn behave(behaviour: Behaviour) -> Result<Response<Body>, Cut> {
    let response = Response::builder();
    let response = match behaviour {
        Behaviour::Status(status) => response.status(status).body(format!("status {status}").into()),
        Behaviour::Page(content_type, body) => {
            response.header("content-type", content_type).body(body.into())
        }
        Behaviour::Redirect(to) => response.status(302).header("location", to).body(Body::empty()),
        Behaviour::Hang => return std::future::pending().await,
        Behaviour::Unfinished => response.body(unfinished_body(Bytes::from_static(b"begun"))),
        Behaviour::Slow(delay) => {
            // The delay is the behaviour under test, not a wait for something.
            tokio::time::sleep(delay).await;
            response.body("slow".into())
        }
        Behaviour::Close => return Err(Cut),
    };
    Ok(response.expect("a response that the test spelled right"))
}
