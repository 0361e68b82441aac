//! The market with sources that answer as a test says, on a clock that moves when a test says.

mod fixtures;
mod guarding;
mod reading;
mod refreshing;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use rust_decimal::Decimal;

use super::{Market, MarketSettings, OwnSource};
use crate::ambient::{NoRandomness, Random, SimulatedClock};
use crate::domain::money::Fiat;
use crate::domain::pricing::RateSource;
use crate::domain::time::UnixMillis;
use crate::net::{Fetch, FetchReply, FetchRequest, TransportError};

/// 2027-01-15T08:00:00Z, a Friday.
const START: UnixMillis = UnixMillis::from_seconds(1_800_000_000);

/// How a host answers.
#[derive(Debug, Clone)]
enum Answer {
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
struct World {
    answers: Mutex<BTreeMap<String, Answer>>,
    asked: Mutex<Vec<String>>,
}

impl World {
    fn set(&self, host: &str, answer: Answer) {
        self.answers.lock().unwrap().insert(host.to_owned(), answer);
    }

    fn says(&self, host: &str, body: impl Into<String>) {
        self.set(host, Answer::Says(200, body.into()));
    }

    /// The URLs that were asked for since the last call.
    fn take_asked(&self) -> Vec<String> {
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
struct Even;

impl Random for Even {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        bytes.fill(0);
        Ok(())
    }
}

struct Rig {
    world: Arc<World>,
    clock: Arc<SimulatedClock>,
    market: Arc<Market>,
}

fn settings(sources: &[RateSource]) -> MarketSettings {
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

impl Rig {
    fn new(settings: MarketSettings) -> Self {
        let world = Arc::new(World::default());
        let clock = Arc::new(SimulatedClock::starting_at(START));
        let market = Market::new(settings, world.clone(), clock.clone(), Arc::new(Even)).unwrap();
        Self {
            world,
            clock,
            market: Arc::new(market),
        }
    }

    /// With own sources `a`, `b`, ... that say the price of one bitcoin in dollars.
    fn with_own(count: usize) -> Self {
        let own = (0..count).map(|index| OwnSource {
            name: host(index)[..1].to_owned(),
            url: format!("http://{}/{{symbol}}/{{fiat_lower}}", host(index)),
            headers: Vec::new(),
            pointer: "/price".to_owned(),
            symbols: vec!["BTC".to_owned()],
            fiats: vec!["USD".to_owned()],
        });
        Self::new(MarketSettings {
            own: own.collect(),
            ..settings(&[])
        })
    }

    /// Every own source says its price from now on.
    fn say(&self, prices: &[&str]) {
        for (index, price) in prices.iter().enumerate() {
            self.world.says(&host(index), format!(r#"{{"price": {price}}}"#));
        }
    }

    /// The rate of bitcoin in dollars, or the refusal's text. Time passes while it is waited for.
    async fn rate(&self) -> Result<Decimal, String> {
        self.rate_of("BTC", Fiat::Usd).await
    }

    async fn rate_of(&self, symbol: &str, fiat: Fiat) -> Result<Decimal, String> {
        let asking = self.market.rate(symbol, fiat);
        let rate = while_time_passes(&self.clock, asking).await;
        rate.map(|rate| rate.price).map_err(|refusal| refusal.to_string())
    }
}

/// Host number `index`: `a.example`, `b.example`.
fn host(index: usize) -> String {
    let letter = char::from(b'a' + u8::try_from(index).unwrap());
    format!("{letter}.example")
}

fn price(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Moves the clock on by 100 ms whenever `work` waits.
async fn while_time_passes<T>(clock: &SimulatedClock, work: impl Future<Output = T>) -> T {
    let passing = async {
        loop {
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
            clock.advance(Duration::from_millis(100));
        }
    };
    tokio::select! {
        biased;
        done = work => done,
        () = passing => unreachable!(),
    }
}
