//! Stand-ins for Electrum servers that play the recorded chain step by step, in the manners of ElectrumX and of electrs,
//! and lie when told to.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream};
use tokio::sync::mpsc;

use super::recorded::{View, branch, recorded};
use crate::chain::bitcoin::electrum::history::{Place, ScriptHash, Status};
use crate::chain::bitcoin::header::Hash;
use crate::net::lines::{Dial, Duplex};
use crate::net::{Endpoint, TransportError};

/// Whose manners a server has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manners {
    /// Lines padded with spaces; errors are objects; headers as protocol 1.6 gives them.
    ElectrumX,
    /// Errors are texts; no `get_mempool`.
    Electrs,
}

/// What a server does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, std::hash::Hash)]
pub(super) enum Fault {
    /// Raises an amount in the transactions it gives.
    AlteredAmount,
    /// Lists a transaction of another block as if it was in this one, with a branch that it has.
    Fabricated,
    /// Leaves the newest transaction out of histories, and has statuses to match.
    Withheld,
    /// Leaves it out of histories alone.
    LeftOutOfHistory,
    /// Gives another chain's first block.
    WrongChain,
    /// Answers with what is no JSON.
    Garbage,
    /// Answers with a line that does not end.
    Endless,
    /// Does not answer.
    Hang,
    /// Hangs up in the middle of an answer.
    HangUp,
    /// Tells of a new block, and only when asked to go on, whom it concerns.
    StatusesLate,
    /// Tells things nobody asked about before each answer.
    Storm,
    /// Answers two calls in the opposite order.
    OutOfOrder,
    /// Takes no connection.
    Away,
    /// Says that a history is too long.
    HistoryTooLong,
    /// Refuses every question, for there have been too many.
    TooMany,
    /// Gives its newest blocks for others, higher ones.
    Shifted,
    /// Does not know at which place of a block a transaction is.
    NoPlaces,
}

const TOO_MANY: &str = "excessive resource usage";

/// By how many heights blocks are [`Fault::Shifted`].
const SHIFT: u64 = 40;

pub(super) struct Stage {
    manners: Manners,
    state: Mutex<State>,
}

struct State {
    step: usize,
    view: Arc<View>,
    faults: HashSet<Fault>,
    calls: BTreeMap<String, usize>,
    connections: Vec<Subscriber>,
}

#[derive(Clone)]
struct Subscriber {
    lines: mpsc::UnboundedSender<String>,
    subscribed: Arc<Mutex<HashMap<ScriptHash, Value>>>,
}

impl Stage {
    pub(super) fn new(manners: Manners) -> Arc<Self> {
        let step = &recorded().steps[0];
        let state = State {
            step: 0,
            view: Arc::new(recorded().view(step)),
            faults: HashSet::new(),
            calls: BTreeMap::new(),
            connections: Vec::new(),
        };
        Arc::new(Self {
            manners,
            state: Mutex::new(state),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(super) fn set(&self, fault: Fault) {
        self.state().faults.insert(fault);
    }

    pub(super) fn unset(&self, fault: Fault) {
        self.state().faults.remove(&fault);
    }

    fn has(&self, fault: Fault) -> bool {
        self.state().faults.contains(&fault)
    }

    /// How often each method was called since the last look.
    pub(super) fn take_calls(&self) -> BTreeMap<String, usize> {
        std::mem::take(&mut self.state().calls)
    }

    /// Ends all connections.
    pub(super) fn hang_up(&self) {
        self.state().connections.clear();
    }

    /// Goes to a step and tells whoever subscribed.
    pub(super) fn go_to(&self, step: usize) {
        let (before, late) = {
            let mut state = self.state();
            let view = Arc::new(recorded().view(&recorded().steps[step]));
            state.step = step;
            let before = std::mem::replace(&mut state.view, view);
            (before, state.faults.contains(&Fault::StatusesLate))
        };
        let now = self.view();
        if before.chain != now.chain {
            let told =
                json!({"jsonrpc": "2.0", "method": "blockchain.headers.subscribe", "params": [self.tip()]});
            self.tell_all(|subscriber| drop(subscriber.lines.send(told.to_string())));
        }
        if !late {
            self.tell_statuses();
        }
    }

    /// Tells the statuses that have changed.
    pub(super) fn tell_statuses(&self) {
        self.tell_all(|subscriber| {
            for (script, known) in subscriber.subscribed.lock().unwrap().iter_mut() {
                let status = self.status(script);
                if *known != status {
                    let told = json!({
                        "jsonrpc": "2.0", "method": "blockchain.scripthash.subscribe",
                        "params": [script.to_string(), status],
                    });
                    *known = status;
                    let _ = subscriber.lines.send(told.to_string());
                }
            }
        });
    }

    fn tell_all(&self, tell: impl Fn(&Subscriber)) {
        let connections = self.state().connections.clone();
        connections.iter().for_each(tell);
    }

    fn view(&self) -> Arc<View> {
        Arc::clone(&self.state().view)
    }

    fn tip(&self) -> Value {
        let view = self.view();
        let header = recorded().blocks[view.chain.last().unwrap()].header;
        let shift = if self.has(Fault::Shifted) { SHIFT } else { 0 };
        json!({"hex": hex::encode(header.bytes()), "height": view.height() + shift})
    }

    fn entries(&self, script: &ScriptHash, fault: Fault) -> Vec<super::super::history::Entry> {
        let view = self.view();
        let mut history = view.history(script).to_vec();
        if self.has(fault) || self.has(Fault::Withheld) {
            history.pop();
        }
        if self.has(Fault::Fabricated)
            && let Some(last) = history.last_mut()
        {
            last.height = Place::Block(view.height());
        }
        history
    }

    fn status(&self, script: &ScriptHash) -> Value {
        let history = self.entries(script, Fault::Withheld);
        Status::of(&history).map_or(Value::Null, |status| json!(status.to_string()))
    }

    fn answer(&self, subscriber: &Subscriber, method: &str, params: &Value) -> Result<Value, &'static str> {
        let view = self.view();
        *self.state().calls.entry(method.to_owned()).or_default() += 1;
        let script = || ScriptHash::parse(params[0].as_str().unwrap()).ok_or("bad script_hash");
        let txid = || Hash::parse(params[0].as_str().unwrap()).ok_or("bad tx_hash");
        let shift = if self.has(Fault::Shifted) { SHIFT } else { 0 };
        let header = |height: u64| {
            let height = if height > SHIFT { height - shift } else { height };
            let name = view
                .chain
                .get(usize::try_from(height).unwrap())
                .ok_or("missing header")?;
            let wrong = self.has(Fault::WrongChain) && height == 0;
            let header = recorded().blocks[if wrong { &view.chain[1] } else { name }].header;
            Ok::<_, &'static str>(hex::encode(header.bytes()))
        };
        match method {
            _ if self.has(Fault::TooMany) => Err(TOO_MANY),
            "server.version" => Ok(match self.manners {
                Manners::ElectrumX => json!(["ElectrumX 1.20.0", "1.6"]),
                Manners::Electrs => json!(["electrs 3.1.0-dev", "1.4"]),
            }),
            "server.ping" => Ok(Value::Null),
            "blockchain.headers.subscribe" => Ok(self.tip()),
            "blockchain.block.header" => Ok(json!(header(params[0].as_u64().unwrap())?)),
            "blockchain.block.headers" => {
                let (from, count) = (params[0].as_u64().unwrap(), params[1].as_u64().unwrap());
                let to = (from + count).min(view.height() + shift + 1);
                let headers: Vec<String> = (from..to).map(header).collect::<Result<_, _>>()?;
                Ok(match self.manners {
                    Manners::ElectrumX => json!({"headers": headers, "count": headers.len(), "max": 2016}),
                    Manners::Electrs => json!({"hex": headers.concat(), "count": headers.len(), "max": 2016}),
                })
            }
            "blockchain.scripthash.subscribe" => {
                let script = script()?;
                let status = self.status(&script);
                subscriber
                    .subscribed
                    .lock()
                    .unwrap()
                    .insert(script, status.clone());
                Ok(status)
            }
            "blockchain.scripthash.get_history" if self.has(Fault::HistoryTooLong) => {
                Err("history too large")
            }
            "blockchain.scripthash.get_history" => {
                let entries = self.entries(&script()?, Fault::LeftOutOfHistory);
                let entries = entries.iter().map(|entry| match entry.height {
                    Place::Block(height) => json!({"height": height, "tx_hash": entry.txid.to_string()}),
                    Place::Mempool => json!({"height": 0, "tx_hash": entry.txid.to_string(), "fee": 1000}),
                    Place::MempoolOnMempool => {
                        json!({"height": -1, "tx_hash": entry.txid.to_string(), "fee": 1000})
                    }
                });
                Ok(entries.collect())
            }
            "blockchain.scripthash.get_balance" => {
                let script = script()?;
                let (mut confirmed, mut unconfirmed) = (0_i64, 0_i64);
                for entry in view.history(&script) {
                    let transaction = &recorded().transactions[&entry.txid];
                    let sum = |of: &[(ScriptHash, u64)]| {
                        let of = of.iter().filter(|(of, _)| *of == script);
                        of.map(|(_, units)| i64::try_from(*units).unwrap()).sum::<i64>()
                    };
                    let change = sum(&transaction.pays) - sum(&transaction.spends);
                    match entry.height {
                        Place::Block(_) => confirmed += change,
                        Place::Mempool | Place::MempoolOnMempool => unconfirmed += change,
                    }
                }
                Ok(json!({"confirmed": confirmed, "unconfirmed": unconfirmed}))
            }
            "blockchain.transaction.get" => {
                let transaction = recorded()
                    .transactions
                    .get(&txid()?)
                    .ok_or("missing transaction")?;
                let mut raw = transaction.raw.clone();
                if self.has(Fault::AlteredAmount) {
                    let mut whole: bitcoin::Transaction = bitcoin::consensus::deserialize(&raw).unwrap();
                    for output in &mut whole.output {
                        output.value += bitcoin::Amount::from_sat(1);
                    }
                    raw = bitcoin::consensus::serialize(&whole);
                }
                Ok(json!(hex::encode(raw)))
            }
            "blockchain.transaction.id_from_pos" if !self.has(Fault::NoPlaces) => {
                let height = params[0].as_u64().unwrap() - shift;
                let name = view.chain.get(usize::try_from(height).unwrap());
                let txids = &recorded().blocks[name.ok_or("no such block")?].txids;
                let merkle: Vec<String> = branch(txids, 0).iter().map(Hash::to_string).collect();
                Ok(json!({"tx_hash": txids[0].to_string(), "merkle": merkle}))
            }
            "blockchain.transaction.get_merkle" => {
                let (txid, height) = (txid()?, params[1].as_u64().unwrap());
                let is_of = |name: &&Hash| recorded().blocks[*name].txids.contains(&txid);
                let name = match self.has(Fault::Fabricated) {
                    true => view.chain.iter().find(is_of),
                    false => view.chain.get(usize::try_from(height).unwrap()).filter(is_of),
                };
                let block = &recorded().blocks[name.ok_or("tx not found or is unconfirmed")?];
                let pos = block.txids.iter().position(|other| *other == txid).unwrap();
                let branch: Vec<String> = branch(&block.txids, pos).iter().map(Hash::to_string).collect();
                Ok(json!({"block_height": height, "merkle": branch, "pos": pos}))
            }
            _ => Err("unknown method"),
        }
    }

    fn line(&self, id: &Value, answer: Result<Value, &'static str>) -> String {
        let line = match (answer, self.manners) {
            (Ok(result), _) => json!({"jsonrpc": "2.0", "result": result, "id": id}),
            (Err(error), Manners::ElectrumX) => {
                let code = if error == TOO_MANY { -101 } else { 1 };
                json!({"jsonrpc": "2.0", "error": {"code": code, "message": error}, "id": id})
            }
            (Err(error), Manners::Electrs) => json!({"jsonrpc": "2.0", "error": error, "id": id}),
        };
        let line = line.to_string();
        match self.manners {
            Manners::ElectrumX => format!("{}{:200}}}", line.strip_suffix('}').unwrap(), ""),
            Manners::Electrs => line,
        }
    }

    async fn serve(self: Arc<Self>, stream: DuplexStream) {
        let (from_client, mut to_client) = tokio::io::split(stream);
        let mut requests = BufReader::new(from_client).lines();
        let (lines, mut told) = mpsc::unbounded_channel();
        let subscriber = Subscriber {
            lines: lines.clone(),
            subscribed: Arc::default(),
        };
        self.state().connections.push(subscriber.clone());
        // The state alone keeps the connection open: without it, the channel ends.
        let (subscribed, weak) = (subscriber.subscribed, lines.downgrade());
        drop((subscriber.lines, lines));
        let mut kept_back = None;
        loop {
            let request = tokio::select! {
                line = told.recv() => {
                    let Some(line) = line else { return };
                    let _ = to_client.write_all(format!("{line}\n").as_bytes()).await;
                    continue;
                }
                request = requests.next_line() => match request {
                    Ok(Some(request)) => request,
                    Ok(None) | Err(_) => return,
                },
                // Nothing else was asked that could be answered before.
                () = tokio::time::sleep(Duration::from_millis(1)), if kept_back.is_some() => {
                    let line: String = kept_back.take().unwrap_or_default();
                    let _ = to_client.write_all(format!("{line}\n").as_bytes()).await;
                    continue;
                }
            };
            let request: Value = serde_json::from_str(&request).unwrap();
            let Some(lines) = weak.upgrade() else { return };
            let subscriber = Subscriber {
                lines,
                subscribed: Arc::clone(&subscribed),
            };
            let method = request["method"].as_str().unwrap();
            let answer = self.answer(&subscriber, method, &request["params"]);
            drop(subscriber);
            let mut line = self.line(&request["id"], answer);
            if method == "blockchain.transaction.get" || method == "blockchain.scripthash.get_history" {
                if self.has(Fault::Hang) {
                    continue;
                }
                if self.has(Fault::HangUp) {
                    let _ = to_client.write_all(&line.as_bytes()[..line.len() / 2]).await;
                    return;
                }
                if self.has(Fault::Garbage) {
                    line = "<html>502 bad gateway</html>".to_owned();
                }
                if self.has(Fault::Endless) {
                    let some = [b'0'; 1 << 16];
                    while to_client.write_all(&some).await.is_ok() {}
                    return;
                }
            }
            if self.has(Fault::Storm) {
                let tip = json!({"method": "blockchain.headers.subscribe", "params": [self.tip()]});
                let other = json!({"method": "blockchain.scripthash.subscribe", "params": ["ab".repeat(32), "cd".repeat(32)]});
                let odd = json!({"method": "server.says", "params": {"hello": "you"}});
                let broken = json!({"method": "blockchain.scripthash.subscribe", "params": [1, 2, 3]});
                line = [tip, other, odd, broken]
                    .iter()
                    .fold(String::new(), |all, one| format!("{all}{one}\n"))
                    + &line;
            }
            let is_bulk = method.starts_with("blockchain.transaction");
            if self.has(Fault::OutOfOrder) && is_bulk && kept_back.is_none() {
                kept_back = Some(line);
                continue;
            }
            let _ = to_client.write_all(format!("{line}\n").as_bytes()).await;
            if let Some(line) = kept_back.take() {
                let _ = to_client.write_all(format!("{line}\n").as_bytes()).await;
            }
        }
    }
}

/// Connects to stand-ins by host.
#[derive(Default)]
pub(super) struct Stages(pub(super) HashMap<String, Arc<Stage>>);

impl Dial for Stages {
    fn dial<'a>(&'a self, endpoint: &'a Endpoint) -> BoxFuture<'a, Result<Box<dyn Duplex>, TransportError>> {
        Box::pin(async {
            let stage = &self.0[endpoint.host()];
            if stage.has(Fault::Away) {
                return Err(TransportError::Connection("connection refused".to_owned()));
            }
            let (ours, theirs) = tokio::io::duplex(1 << 16);
            tokio::spawn(Arc::clone(stage).serve(theirs));
            Ok::<Box<dyn Duplex>, _>(Box::new(ours))
        })
    }
}
