//! Stand-ins for the sources, for the tests of this floor and of those above.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;

use super::{Market, MarketSettings, OwnSource};
use crate::ambient::{NoRandomness, Random, SimulatedClock};
use crate::domain::pricing::RateSource;
use crate::net::{Fetch, FetchReply, FetchRequest, TransportError};

/// How a host answers.
#[derive(Debug, Clone)]
pub enum Answer {
    /// With this status and body.
    Says(u16, String),
    /// As above, and with `Retry-After`.
    Throttles(u64),
    /// Never.
    Hangs,
    /// It cannot be reached.
    IsGone,
}

/// Hosts and what they were asked.
#[derive(Default)]
pub struct World {
    answers: Mutex<BTreeMap<String, Answer>>,
    asked: Mutex<Vec<String>>,
}

impl World {
    /// How `host` answers from now on.
    pub fn set(&self, host: &str, answer: Answer) {
        self.answers.lock().unwrap().insert(host.to_owned(), answer);
    }

    /// `host` answers with this body from now on.
    pub fn says(&self, host: &str, body: impl Into<String>) {
        self.set(host, Answer::Says(200, body.into()));
    }

    /// The URLs that were asked for since the last call.
    pub fn take_asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

impl Fetch for World {
    fn fetch<'a>(&'a self, request: FetchRequest<'a>) -> BoxFuture<'a, Result<FetchReply, TransportError>> {
        assert!(request.body.is_none() && request.reply_bytes_max <= 4 << 20);
        self.asked
            .lock()
            .unwrap()
            .push(request.endpoint.url_at(request.path).to_string());
        let answer = self.answers.lock().unwrap().get(request.endpoint.host()).cloned();
        Box::pin(async move {
            let reply = |status, retry_after, body: String| FetchReply {
                status,
                retry_after,
                body: body.into_bytes(),
            };
            match answer.unwrap_or(Answer::IsGone) {
                Answer::Says(status, body) => Ok(reply(status, None, body)),
                Answer::Throttles(seconds) => Ok(reply(
                    429,
                    Some(Duration::from_secs(seconds)),
                    "slow down".to_owned(),
                )),
                Answer::Hangs => std::future::pending().await,
                Answer::IsGone => Err(TransportError::Connection("refused".to_owned())),
            }
        })
    }
}

/// No jitter.
pub struct Even;

impl Random for Even {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        bytes.fill(0);
        Ok(())
    }
}

/// The default settings with these sources.
#[must_use]
pub fn settings(sources: &[RateSource]) -> MarketSettings {
    MarketSettings {
        sources: sources.to_vec(),
        own: Vec::new(),
        symbols: ["BTC", "ETH", "LTC", "TRX", "USDC", "USDT"]
            .map(Into::into)
            .to_vec(),
        crypto_age_max: Duration::from_secs(120),
        fiat_age_max: Duration::from_secs(4 * 86_400),
        outlier_bps: 200,
        refresh: Duration::from_secs(45),
        idle_after: Duration::from_secs(900),
    }
}

/// A market with the sources `a` and `b` of one's own, at `a.example` and `b.example`, which answer with an object of
/// symbols with their prices by currency.
#[must_use]
pub fn market_of_two(
    world: &Arc<World>,
    clock: &Arc<SimulatedClock>,
    symbols: &[&str],
    fiats: &[&str],
) -> Market {
    let own = ["a", "b"].map(|name| OwnSource {
        name: name.to_owned(),
        url: format!("http://{name}.example/"),
        headers: Vec::new(),
        pointer: "/{symbol}/{fiat}".to_owned(),
        symbols: symbols.iter().map(ToString::to_string).collect(),
        fiats: fiats.iter().map(ToString::to_string).collect(),
    });
    let settings = MarketSettings {
        own: own.to_vec(),
        ..settings(&[])
    };
    Market::new(settings, world.clone(), clock.clone(), Arc::new(Even)).unwrap()
}
