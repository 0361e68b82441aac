//! One Electrum server: its connection, made again when it ends, and what is known of the script hashes that are asked
//! about.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;
use tokio::sync::Notify;

use super::book::{Announced, Book, Need, Tip};
use super::connection::{Connection, Listener, parse};
use super::history::{Entry, Place, ScriptHash, Status};
use crate::ambient::Clock;
use crate::chain::bitcoin::header::{HEADER_BYTES, RawHeader};
use crate::chain::jsonrpc::{Call, Params};
use crate::chain::providers::Provider;
use crate::chain::providers::trouble::{Trouble, TroubleKind};
use crate::net::lines::Dial;

/// What this client speaks, from the oldest to the newest.
const PROTOCOLS: [&str; 2] = ["1.4", "1.6"];
const SUBSCRIBE: &str = "blockchain.scripthash.subscribe";
const TIP: &str = "blockchain.headers.subscribe";

/// What wakes whoever waits for news of any server.
#[derive(Default)]
pub(super) struct News {
    /// A script hash has another status.
    pub(super) status: Notify,
    /// There is a new tip.
    pub(super) tip: Notify,
}

/// One server.
pub(super) struct Server {
    book: Arc<Mutex<Book>>,
    /// Held while connecting, so that two askers do not connect twice.
    session: tokio::sync::Mutex<Option<Arc<Session>>>,
    dial: Arc<dyn Dial>,
    clock: Arc<dyn Clock>,
    news: Arc<News>,
    settle: Duration,
}

/// A connection after its greeting.
pub(super) struct Session {
    pub(super) connection: Connection,
    /// What the server calls itself and the protocol's version that was agreed on.
    pub(super) software: String,
}

/// What is watched, by the script hashes that servers know it by.
pub(super) type Scripts = Vec<ScriptHash>;

/// Script hashes by what has to be done about them.
#[derive(Default)]
struct Sorted {
    /// Histories that are known; those without any are left out.
    known: Vec<Arc<[Entry]>>,
    /// To be subscribed to.
    unknown: Vec<ScriptHash>,
    /// To be fetched, each with its status.
    changed: BTreeMap<ScriptHash, Status>,
}

/// Puts what a server says into its book.
struct Scribe {
    epoch: u64,
    book: Arc<Mutex<Book>>,
    clock: Arc<dyn Clock>,
    news: Arc<News>,
}

impl Server {
    pub(super) fn new(dial: Arc<dyn Dial>, clock: Arc<dyn Clock>, news: Arc<News>, settle: Duration) -> Self {
        Self {
            book: Arc::default(),
            session: tokio::sync::Mutex::default(),
            dial,
            clock,
            news,
            settle,
        }
    }

    /// The connection there is, or a new one.
    ///
    /// # Errors
    /// [`Trouble`] when the server cannot be connected to or does not greet.
    pub(super) async fn session(&self, provider: &Provider) -> Result<Arc<Session>, Trouble> {
        let mut held = self.session.lock().await;
        if let Some(session) = held.as_ref().filter(|session| session.connection.is_open()) {
            return Ok(Arc::clone(session));
        }
        // A connection that has ended is closed before another is made.
        *held = None;
        let stream = self.dial.dial(provider.endpoint()).await?;
        let scribe = Scribe {
            epoch: lock(&self.book).begin(),
            book: Arc::clone(&self.book),
            clock: Arc::clone(&self.clock),
            news: Arc::clone(&self.news),
        };
        let connection = Connection::open(stream, Arc::new(scribe), provider.limits().timeout);
        let greeting = Call::new(
            "server.version",
            json!([concat!("payd ", env!("CARGO_PKG_VERSION")), PROTOCOLS]),
        );
        let (software, protocol): (String, String) = connection.call(&greeting).await?;
        if !protocol.starts_with("1.4") && !protocol.starts_with("1.5") && !protocol.starts_with("1.6") {
            return Err(Trouble::new(
                TroubleKind::Unsupported,
                "speaks another version of the Electrum protocol than 1.4 to 1.6",
            ));
        }
        let _: Box<RawValue> = connection.call(&Call::new(TIP, json!([]))).await?;
        let session = Arc::new(Session {
            connection,
            software: format!("{}, protocol {protocol}", provider.endpoint().scrub(&software)),
        });
        *held = Some(Arc::clone(&session));
        Ok(session)
    }

    pub(super) fn book(&self) -> MutexGuard<'_, Book> {
        lock(&self.book)
    }

    /// The highest block about which everything has been announced.
    ///
    /// # Errors
    /// [`Trouble`] when the server does not answer usefully.
    pub(super) async fn tip(&self, provider: &Provider) -> Result<Tip, Trouble> {
        self.session(provider).await?;
        let settled = self.book().settled(self.clock.now(), self.settle);
        settled.ok_or_else(|| Trouble::down("has announced no block"))
    }

    /// The headers of a range of heights.
    ///
    /// # Errors
    /// [`Trouble`] when the server does not answer usefully, of kind `Lag` where it has less.
    pub(super) async fn headers(
        &self,
        provider: &Provider,
        heights: RangeInclusive<u64>,
    ) -> Result<Vec<RawHeader>, Trouble> {
        let session = self.session(provider).await?;
        let connection = &session.connection;
        if heights.start() == heights.end() {
            let call = Call::new("blockchain.block.header", json!([heights.start()]));
            let header: String = connection.call(&call).await?;
            return Ok(vec![RawHeader::parse(&header).ok_or_else(no_header)?]);
        }
        let count = heights.clone().count();
        let call = Call::new("blockchain.block.headers", json!([heights.start(), count]));
        let headers = connection.call::<Headers>(&call).await?.read()?;
        if headers.len() < count {
            return Err(Trouble::lag("does not have these blocks yet"));
        }
        Ok(headers.into_iter().take(count).collect())
    }

    /// Makes sure that nothing of the blocks up to `last` can still be on its way.
    ///
    /// # Errors
    /// [`Trouble`] of kind `Lag` when it can.
    pub(super) fn check_settled(&self, last: u64) -> Result<(), Trouble> {
        let mut book = self.book();
        let settled = book.settled(self.clock.now(), self.settle);
        let is_settled = settled.is_some_and(|tip| tip.height >= last) && !book.is_reorganising();
        drop(book);
        match is_settled {
            true => Ok(()),
            false => Err(Trouble::lag(
                "has yet to tell which addresses its newest blocks concern",
            )),
        }
    }

    /// What is in the histories of `scripts` from the height `from` on, and in the mempool; complete up to the height
    /// `tip`, which must have settled. Each script's own, in no order.
    ///
    /// # Errors
    /// [`Trouble`] when the server does not answer usefully or its histories keep changing.
    pub(super) async fn histories(
        &self,
        provider: &Provider,
        scripts: &Scripts,
        from: u64,
        tip: u64,
    ) -> Result<Vec<Arc<[Entry]>>, Trouble> {
        /// How often histories that changed while they were fetched are fetched again.
        const TRIES: usize = 5;
        let session = self.session(provider).await?;
        for _ in 0..TRIES {
            let sorted = self.sort(scripts, from, tip);
            if sorted.unknown.is_empty() && sorted.changed.is_empty() {
                return Ok(sorted.known);
            }
            self.subscribe(&session.connection, &sorted.unknown).await?;
            self.fetch(&session.connection, &sorted.changed, tip).await?;
        }
        Err(Trouble::lag(
            "histories change faster than they can be read, or are not what their status says",
        ))
    }

    fn sort(&self, scripts: &Scripts, from: u64, tip: u64) -> Sorted {
        let mut sorted = Sorted::default();
        let book = self.book();
        for script_hash in scripts {
            match book.need(script_hash, from, tip) {
                Need::Nothing(entries) if entries.is_empty() => {}
                Need::Nothing(entries) => sorted.known.push(entries),
                Need::Status => sorted.unknown.push(*script_hash),
                Need::History(status) => {
                    sorted.changed.insert(*script_hash, status);
                }
            }
        }
        sorted
    }

    /// Asks for the statuses of script hashes, and to be told of every change. The answers go into the book as they come.
    async fn subscribe(&self, connection: &Connection, unknown: &[ScriptHash]) -> Result<(), Trouble> {
        let calls: Vec<Call> = unknown
            .iter()
            .map(|script_hash| Call::new(SUBSCRIBE, json!([script_hash.to_string()])))
            .collect();
        let _: Vec<Option<String>> = connection.calls(&calls).await?;
        Ok(())
    }

    /// Fetches the histories of script hashes, each with the status that it had when it was asked for.
    async fn fetch(
        &self,
        connection: &Connection,
        changed: &BTreeMap<ScriptHash, Status>,
        tip: u64,
    ) -> Result<(), Trouble> {
        let calls: Vec<Call> = changed
            .keys()
            .map(|script_hash| {
                Call::new(
                    "blockchain.scripthash.get_history",
                    json!([script_hash.to_string()]),
                )
            })
            .collect();
        let histories: Vec<Vec<Entry>> = connection.calls(&calls).await?;
        let mut doubtful = Vec::new();
        for ((script_hash, status), history) in changed.iter().zip(&histories) {
            if is_of(history, *status) {
                self.book().remember(*script_hash, *status, tip, history);
            } else {
                doubtful.push((*script_hash, *status, history));
            }
        }
        if doubtful.is_empty() {
            return Ok(());
        }
        // Either the history has changed and the notification is on its way, or it is not all of it. The server says
        // once more what it has now.
        let again: Vec<ScriptHash> = doubtful.iter().map(|(script_hash, ..)| *script_hash).collect();
        self.subscribe(connection, &again).await
    }
}

/// Whether `history` is what `status` stands for. In which order a mempool is counted is left to servers, and two
/// answers need not have the same.
fn is_of(history: &[Entry], status: Status) -> bool {
    if Status::of(history) == Some(status) {
        return true;
    }
    let (mut mined, mut waiting): (Vec<Entry>, Vec<Entry>) = history
        .iter()
        .partition(|entry| matches!(entry.height, Place::Block(_)));
    if waiting.len() < 2 {
        return false;
    }
    let mut by_text: Vec<Entry> = waiting.clone();
    by_text.sort_by_key(|entry| entry.txid.reversed());
    waiting.sort_by_key(|entry| entry.txid);
    let orders = [waiting, by_text];
    let count = mined.len();
    orders.into_iter().any(|mut order| {
        let mut is_so = |order: &[Entry]| {
            mined.truncate(count);
            mined.extend_from_slice(order);
            Status::of(&mined) == Some(status)
        };
        if is_so(&order) {
            return true;
        }
        // Those whose inputs are mined first (protocol 1.6), or last.
        order.sort_by_key(|entry| entry.height == Place::MempoolOnMempool);
        let first = is_so(&order);
        order.sort_by_key(|entry| entry.height == Place::Mempool);
        first || is_so(&order)
    })
}

impl Listener for Scribe {
    fn notified(&self, method: &str, params: &RawValue) {
        match method {
            TIP => {
                if let Ok([announced]) = serde_json::from_str::<[AnnouncedTip; 1]>(params.get()) {
                    self.note_tip(&announced, false);
                }
            }
            SUBSCRIBE => {
                let told = serde_json::from_str::<(String, Option<String>)>(params.get());
                let Some((script_hash, status)) = told
                    .ok()
                    .and_then(|(script_hash, status)| Some((ScriptHash::parse(&script_hash)?, status)))
                else {
                    return;
                };
                // Without a status: the history is gone, or has become too long for the server to say.
                let announced = status
                    .and_then(|status| Status::parse(&status))
                    .map_or(Announced::Nothing, Announced::Status);
                let mut book = lock(&self.book);
                if book.knows(&script_hash) && book.announced(&script_hash) != announced {
                    book.announce(self.epoch, script_hash, announced);
                    drop(book);
                    self.news.status.notify_one();
                }
            }
            _ => {}
        }
    }

    fn answered(&self, call: &Call, result: &RawValue) {
        match call.method {
            TIP => {
                if let Ok(announced) = parse::<AnnouncedTip>(TIP, result) {
                    self.note_tip(&announced, true);
                }
            }
            SUBSCRIBE => {
                let asked = match &call.params {
                    Params::Value(params) => params.get(0).and_then(serde_json::Value::as_str),
                    Params::Text(_) => None,
                };
                let Some(script_hash) = asked.and_then(ScriptHash::parse) else {
                    return;
                };
                let announced = match parse::<Option<String>>(SUBSCRIBE, result) {
                    Ok(None) => Announced::Empty,
                    Ok(Some(status)) => Status::parse(&status).map_or(Announced::Nothing, Announced::Status),
                    Err(_) => Announced::Nothing,
                };
                lock(&self.book).announce(self.epoch, script_hash, announced);
            }
            _ => {}
        }
    }
}

impl Scribe {
    fn note_tip(&self, announced: &AnnouncedTip, is_first: bool) {
        let Some(header) = RawHeader::parse(&announced.hex) else {
            return;
        };
        let tip = Tip {
            height: announced.height,
            header,
        };
        let mut book = lock(&self.book);
        if is_first {
            book.set_tip(self.epoch, tip);
        } else {
            book.announce_tip(self.epoch, tip, self.clock.now());
        }
        drop(book);
        self.news.tip.notify_one();
    }
}

fn lock(book: &Mutex<Book>) -> MutexGuard<'_, Book> {
    // Every change is complete before anything can fail.
    book.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Deserialize)]
struct AnnouncedTip {
    height: u64,
    hex: String,
}

/// Headers in one text, or, since protocol 1.6, in a list.
#[derive(Deserialize)]
struct Headers {
    #[serde(default)]
    hex: String,
    #[serde(default)]
    headers: Vec<String>,
}

impl Headers {
    fn read(self) -> Result<Vec<RawHeader>, Trouble> {
        if !self.headers.is_empty() {
            let headers = self.headers.iter().map(|header| RawHeader::parse(header));
            return headers.collect::<Option<_>>().ok_or_else(no_header);
        }
        let bytes = hex::decode(&self.hex).map_err(|_| no_header())?;
        let headers = bytes.chunks(HEADER_BYTES).map(RawHeader::read);
        headers.collect::<Option<_>>().ok_or_else(no_header)
    }
}

fn no_header() -> Trouble {
    Trouble::down("what it gives as a block header is none")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ambient::SimulatedClock;
    use crate::domain::time::UnixMillis;

    #[test]
    fn what_a_server_tells_of_scripts_that_nobody_asked_for_is_not_kept() {
        let book: Arc<Mutex<Book>> = Arc::default();
        let epoch = lock(&book).begin();
        let scribe = Scribe {
            epoch,
            book: Arc::clone(&book),
            clock: Arc::new(SimulatedClock::starting_at(UnixMillis::from_seconds(0))),
            news: Arc::default(),
        };
        let script_hash = ScriptHash::of(b"script");
        let params = json!([script_hash.to_string(), "00".repeat(32)]).to_string();
        let params = RawValue::from_string(params).unwrap();
        scribe.notified(SUBSCRIBE, &params);
        assert!(!lock(&book).knows(&script_hash));
        lock(&book).announce(epoch, script_hash, Announced::Empty);
        scribe.notified(SUBSCRIBE, &params);
        assert_ne!(lock(&book).announced(&script_hash), Announced::Empty);
    }
}
