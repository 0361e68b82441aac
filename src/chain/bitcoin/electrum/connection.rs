//! One connection to an Electrum server: requests and replies as lines of JSON, several under way at once, and what the
//! server tells unasked.
//!
//! Knows the envelopes (https://electrum-protocol.readthedocs.io), not what the calls mean.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::stream::{StreamExt as _, TryStreamExt as _};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio::io::{AsyncWrite, AsyncWriteExt as _, ReadHalf};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::AbortHandle;
use tokio::time::timeout;

use crate::chain::jsonrpc::{Call, RpcError, WireError};
use crate::chain::providers::trouble::{Trouble, TroubleKind};
use crate::net::lines::{Duplex, LineReader};

/// The longest line that is taken: a block's worth of transaction in hexadecimal digits, or a long history.
const LINE_BYTES_MAX: usize = 16 << 20;
/// Requests under way at once. More would only wait in the server, which punishes clients that ask too fast.
const IN_FLIGHT_MAX: usize = 32;
/// After so long without a request one is made, so that neither side takes the other for gone.
const PING_AFTER: Duration = Duration::from_secs(45);
/// After so long without any line, which a ping would have brought, the server is gone.
const SILENCE_MAX: Duration = Duration::from_secs(90);

/// Told what a server says, in the order in which it says it.
pub(super) trait Listener: Send + Sync {
    /// The server told something unasked.
    fn notified(&self, method: &str, params: &RawValue);

    /// A call was answered, that of this method and these parameters; before whoever asked is told.
    fn answered(&self, call: &Call, result: &RawValue);
}

/// What a call was answered: its result, which may be `null`, or the server's refusal.
pub(super) type Answer = Result<Box<RawValue>, RpcError>;

/// An open connection; dropping it closes it.
pub(super) struct Connection {
    outgoing: mpsc::Sender<Vec<u8>>,
    exchange: Arc<Exchange>,
    in_flight: Semaphore,
    reply_timeout: Duration,
    tasks: [AbortHandle; 2],
}

impl Drop for Connection {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// What requesters and the two tasks of a connection share.
struct Exchange {
    listener: Arc<dyn Listener>,
    under_way: Mutex<UnderWay>,
}

#[derive(Default)]
struct UnderWay {
    next_id: u64,
    waiting: HashMap<u64, Waiting>,
    ended: Option<Trouble>,
}

struct Waiting {
    call: Call,
    answer: oneshot::Sender<Answer>,
}

impl Connection {
    /// Takes a stream over; says nothing yet.
    pub(super) fn open(
        stream: Box<dyn Duplex>,
        listener: Arc<dyn Listener>,
        reply_timeout: Duration,
    ) -> Self {
        let (from_server, to_server) = tokio::io::split(stream);
        let (outgoing, lines) = mpsc::channel(IN_FLIGHT_MAX);
        let exchange = Arc::new(Exchange {
            listener,
            under_way: Mutex::default(),
        });
        let reading = tokio::spawn(read(Arc::clone(&exchange), from_server));
        let writing = tokio::spawn(write(Arc::clone(&exchange), to_server, lines, reply_timeout));
        Self {
            outgoing,
            exchange,
            in_flight: Semaphore::new(IN_FLIGHT_MAX),
            reply_timeout,
            tasks: [reading.abort_handle(), writing.abort_handle()],
        }
    }

    /// Whether it can be asked.
    pub(super) fn is_open(&self) -> bool {
        self.exchange.under_way().ended.is_none()
    }

    /// Makes one call.
    ///
    /// # Errors
    /// [`Trouble`] when the connection ends before the answer, or the answer takes too long, which ends it.
    pub(super) async fn ask(&self, call: &Call) -> Result<Answer, Trouble> {
        // Never closed.
        let _permit = self.in_flight.acquire().await;
        let (answer, answered) = oneshot::channel();
        let line = self.exchange.register(call, answer)?;
        let exchange = async {
            // The error means that the writer has ended, and with it the connection.
            let _ = self.outgoing.send(line).await;
            answered.await
        };
        match timeout(self.reply_timeout, exchange).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err(self.exchange.trouble()),
            Err(_) => {
                let after_s = self.reply_timeout.as_secs();
                let trouble = Trouble::down(format!("{}: no reply within {after_s} s", call.method));
                self.exchange.end(trouble.clone());
                Err(trouble)
            }
        }
    }

    /// Makes a call that has to succeed, and reads its result.
    ///
    /// # Errors
    /// [`Trouble`] also when it is refused or its result has another form.
    pub(super) async fn call<T: DeserializeOwned>(&self, call: &Call) -> Result<T, Trouble> {
        match self.ask(call).await? {
            Ok(result) => parse(call.method, &result),
            Err(error) => Err(told(call.method, &error)),
        }
    }

    /// Makes several calls that have to succeed, as many at once as is polite. The results come in the order of the calls.
    ///
    /// # Errors
    /// As [`Self::call`], of the first that fails.
    pub(super) async fn calls<T: DeserializeOwned>(&self, calls: &[Call]) -> Result<Vec<T>, Trouble> {
        let asked: Vec<_> = calls.iter().map(|call| self.call(call)).collect();
        futures_util::stream::iter(asked)
            .buffered(IN_FLIGHT_MAX)
            .try_collect()
            .await
    }
}

/// Reads a result.
///
/// # Errors
/// [`Trouble`] when it has another form than the protocol says.
pub(super) fn parse<T: DeserializeOwned>(method: &str, result: &RawValue) -> Result<T, Trouble> {
    serde_json::from_str(result.get()).map_err(|_| {
        Trouble::down(format!(
            "{method}: the reply has another form than the protocol's"
        ))
    })
}

/// What ElectrumX, electrs and Fulcrum say of a history that is longer than they give out.
const HISTORY_TOO_LONG: &[&str] = &[
    "history too l",
    "too many history",
    "history is too",
    "exceeds max history",
];
/// What they say of a block or a transaction that is not there.
const NOT_THERE: &[&str] = &[
    "out of range",
    "missing header",
    "not in block",
    "missing transaction",
    "not found",
    "no such mempool",
];

/// A refusal, told apart by what to do about it.
pub(super) fn told(method: &str, error: &RpcError) -> Trouble {
    let text = error.message.to_lowercase();
    let says = |known: &[&str]| known.iter().any(|known| text.contains(known));
    let shown: String = error
        .message
        .chars()
        .filter(|c| !c.is_control())
        .take(120)
        .collect();
    if says(HISTORY_TOO_LONG) {
        return Trouble::new(
            TroubleKind::NeverHere,
            "the history of a watched address is too long for this server: take the address out of use, or add a node \
             or an Esplora server as a provider",
        );
    }
    let kind = if says(&["excessive", "too many", "rate limit", "busy"]) {
        TroubleKind::Throttled { retry_after: None }
    } else if error.code == -32601 || says(&["unknown method"]) {
        TroubleKind::Unsupported
    } else if says(NOT_THERE) {
        TroubleKind::Lag
    } else {
        TroubleKind::Down
    };
    Trouble::new(kind, format!("{method}: {shown}"))
}

impl Exchange {
    fn under_way(&self) -> MutexGuard<'_, UnderWay> {
        // Every change is complete before anything can fail.
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of a call; gives the line to send.
    fn register(&self, call: &Call, answer: oneshot::Sender<Answer>) -> Result<Vec<u8>, Trouble> {
        let mut under_way = self.under_way();
        if let Some(trouble) = &under_way.ended {
            return Err(trouble.clone());
        }
        let id = under_way.next_id;
        under_way.next_id = id.saturating_add(1);
        let call = call.clone();
        let request = serde_json::json!({
            "jsonrpc": "2.0", "id": id, "method": call.method, "params": call.params,
        });
        under_way.waiting.insert(id, Waiting { call, answer });
        let mut line = request.to_string().into_bytes();
        line.push(b'\n');
        Ok(line)
    }

    /// Ends the connection; whoever waits for an answer is told.
    fn end(&self, trouble: Trouble) {
        let mut under_way = self.under_way();
        under_way.waiting.clear();
        under_way.ended.get_or_insert(trouble);
    }

    fn trouble(&self) -> Trouble {
        let ended = self.under_way().ended.clone();
        ended.unwrap_or_else(|| Trouble::down("the connection ended"))
    }

    /// Takes a line in.
    fn take(&self, line: &[u8]) -> Result<(), Trouble> {
        let line: Line<'_> = serde_json::from_slice(line)
            .map_err(|_| Trouble::down("what it sends is not the Electrum protocol"))?;
        let id = match (line.method, line.id) {
            (Some(method), _) => {
                if let Some(params) = line.params {
                    self.listener.notified(&method, params);
                }
                return Ok(());
            }
            (None, Some(id)) => id,
            (None, None) => {
                let error = line.error.map(RpcError::from);
                let shown = error.map_or_else(String::new, |error| error.message);
                let shown: String = shown.chars().filter(|c| !c.is_control()).take(120).collect();
                return Err(Trouble::down(format!("it answers no call: {shown}")));
            }
        };
        let waiting = self.under_way().waiting.remove(&id);
        let Some(waiting) = waiting else {
            return Err(Trouble::down("it answers what it was not asked"));
        };
        let answer = match (line.error, line.result) {
            (Some(error), _) => Err(error.into()),
            (None, result) => Ok(result.unwrap_or(RawValue::NULL).to_owned()),
        };
        if let Ok(result) = &answer {
            self.listener.answered(&waiting.call, result);
        }
        // The error means that nobody waits any more.
        let _ = waiting.answer.send(answer);
        Ok(())
    }
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(default)]
    id: Option<u64>,
    #[serde(default, borrow)]
    method: Option<std::borrow::Cow<'a, str>>,
    #[serde(default, borrow)]
    params: Option<&'a RawValue>,
    #[serde(default, borrow)]
    result: Option<&'a RawValue>,
    #[serde(default)]
    error: Option<WireError>,
}

async fn read(exchange: Arc<Exchange>, from_server: ReadHalf<Box<dyn Duplex>>) {
    let mut lines = LineReader::new(from_server, LINE_BYTES_MAX);
    let trouble = loop {
        match timeout(SILENCE_MAX, lines.next()).await {
            Ok(Ok(line)) => {
                if let Err(trouble) = exchange.take(line) {
                    break trouble;
                }
            }
            Ok(Err(error)) => break Trouble::down(error.to_string()),
            Err(_) => break Trouble::down("it has gone silent"),
        }
    };
    exchange.end(trouble);
}

async fn write(
    exchange: Arc<Exchange>,
    mut to_server: impl AsyncWrite + Unpin,
    mut lines: mpsc::Receiver<Vec<u8>>,
    write_timeout: Duration,
) {
    let ping = Call::new("server.ping", serde_json::json!([]));
    loop {
        let line = match timeout(PING_AFTER, lines.recv()).await {
            Ok(Some(line)) => line,
            Ok(None) => return,
            Err(_) => {
                // Its answer is of interest only as a sign of life.
                let Ok(line) = exchange.register(&ping, oneshot::channel().0) else {
                    return;
                };
                line
            }
        };
        let sent = async {
            to_server.write_all(&line).await?;
            to_server.flush().await
        };
        match timeout(write_timeout, sent).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return exchange.end(Trouble::down(error.to_string())),
            Err(_) => return exchange.end(Trouble::down("it takes no requests")),
        }
    }
}
