//! The market with sources that answer as a test says, on a clock that moves when a test says.

mod fixtures;
mod fuzz;
mod guarding;
mod reading;
mod refreshing;

use std::sync::Arc;
use std::time::Duration;

use rust_decimal::Decimal;

use super::fakes::{Answer, Even, World, settings};
use super::{Market, MarketSettings, OwnSource};
use crate::ambient::SimulatedClock;

use crate::domain::money::Fiat;
use crate::domain::time::UnixMillis;

/// 2027-01-15T08:00:00Z, a Friday.
const START: UnixMillis = UnixMillis::from_seconds(1_800_000_000);

struct Rig {
    world: Arc<World>,
    clock: Arc<SimulatedClock>,
    market: Arc<Market>,
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
