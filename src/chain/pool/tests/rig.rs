//! A pool over scripted hosts.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::ambient::{Clock, NoRandomness, Random, SimulatedClock};
use crate::chain::Header;
use crate::chain::pool::{Node, Pool};
use crate::chain::providers::trouble::Trouble;
use crate::chain::providers::{CallLimits, Provider, ProviderHealth, Providers, RequestRate};
use crate::domain::network::{Family, Mode, Network, NetworkId};
use crate::domain::time::UnixMillis;
use crate::domain::transfer::BlockRef;
use crate::net::{Endpoint, Fetch, FetchReply, FetchRequest, TransportError};

pub(super) const NOW: UnixMillis = UnixMillis::from_seconds(1_760_000_000);
pub(super) const KEY: &str = "SECRET-KEY-0123456789";

/// How a host answers.
#[derive(Clone)]
pub(super) struct Script {
    /// After how long.
    pub(super) delay: Duration,
    pub(super) tip: u64,
    /// What its block hashes begin with: hosts of one branch have one chain.
    pub(super) branch: &'static str,
    pub(super) status: u16,
    pub(super) retry_after: Option<Duration>,
    pub(super) is_down: bool,
}

pub(super) fn honest() -> Script {
    Script {
        delay: Duration::ZERO,
        tip: 100,
        branch: "main",
        status: 200,
        retry_after: None,
        is_down: false,
    }
}

pub(super) fn on_branch(branch: &'static str) -> Script {
    Script { branch, ..honest() }
}

pub(super) fn slow(delay_s: u64) -> Script {
    Script {
        delay: Duration::from_secs(delay_s),
        ..honest()
    }
}

pub(super) fn at_tip(tip: u64) -> Script {
    Script { tip, ..honest() }
}

pub(super) fn down() -> Script {
    Script {
        is_down: true,
        ..honest()
    }
}

struct Hosts {
    scripts: Mutex<BTreeMap<String, Script>>,
    asked: Mutex<Vec<String>>,
    clock: Arc<SimulatedClock>,
}

impl Fetch for Hosts {
    fn fetch<'a>(&'a self, request: FetchRequest<'a>) -> BoxFuture<'a, Result<FetchReply, TransportError>> {
        let host = request.endpoint.host().to_owned();
        let script = self.scripts.lock().unwrap()[&host].clone();
        self.asked.lock().unwrap().push(host);
        Box::pin(async move {
            if !script.delay.is_zero() {
                self.clock.sleep(script.delay.min(request.timeout)).await;
            }
            if script.delay >= request.timeout {
                return Err(TransportError::Timeout(request.timeout));
            }
            if script.is_down {
                return Err(TransportError::Connection("connection refused".to_owned()));
            }
            let height = match request.path {
                "tip" => script.tip,
                height => height.parse().unwrap(),
            };
            let is_there = height <= script.tip;
            Ok(FetchReply {
                status: if is_there { script.status } else { 404 },
                retry_after: script.retry_after,
                body: format!("{height} {}{height}", script.branch).into_bytes(),
            })
        })
    }
}

/// Asks for `tip`, or a height.
pub(super) struct Plain;

impl Plain {
    async fn block(provider: &Provider, path: &str) -> Result<BlockRef, Trouble> {
        let reply = provider.ask("block", path, None).await?;
        if reply.status == 404 {
            return Err(Trouble::lag("has no such block"));
        }
        let text = String::from_utf8(reply.body).unwrap();
        let (height, hash) = text.split_once(' ').unwrap();
        Ok(BlockRef {
            height: height.parse().unwrap(),
            hash: hash.into(),
            time: NOW,
        })
    }
}

impl Node for Plain {
    fn latest<'a>(&'a self, provider: &'a Provider) -> BoxFuture<'a, Result<BlockRef, Trouble>> {
        Box::pin(Self::block(provider, "tip"))
    }

    fn header<'a>(&'a self, provider: &'a Provider, height: u64) -> BoxFuture<'a, Result<Header, Trouble>> {
        Box::pin(async move {
            let block = Self::block(provider, &height.to_string()).await?;
            Ok(Header {
                block,
                parent_hash: "".into(),
            })
        })
    }
}

/// Chance that always falls the same way.
struct Loaded;

impl Random for Loaded {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        bytes.fill(255);
        Ok(())
    }
}

pub(super) struct Rig {
    pub(super) pool: Pool,
    pub(super) clock: Arc<SimulatedClock>,
    hosts: Arc<Hosts>,
}

impl Rig {
    /// A pool of hosts `h0.example`, `h1.example`, and so on.
    pub(super) fn new(quorum: usize, scripts: Vec<Script>) -> Self {
        Self::asked_at(RequestRate::ByHost, quorum, scripts)
    }

    /// The same, each asked at most at `requests`.
    pub(super) fn asked_at(requests: RequestRate, quorum: usize, scripts: Vec<Script>) -> Self {
        let clock = Arc::new(SimulatedClock::starting_at(NOW));
        let names = (0..scripts.len()).map(name);
        let endpoint = |host: String| {
            let headers = vec![("x-api-key".to_owned(), KEY.to_owned())];
            Endpoint::parse(&format!("https://{KEY}:{KEY}@{host}/{KEY}?key={KEY}"), headers).unwrap()
        };
        let endpoints = names.clone().map(endpoint).collect();
        let hosts = Arc::new(Hosts {
            scripts: Mutex::new(names.zip(scripts).collect()),
            asked: Mutex::default(),
            clock: Arc::clone(&clock),
        });
        let network = Network {
            id: NetworkId::parse("bsc").unwrap(),
            slug: "bsc".into(),
            name: "BNB Smart Chain".into(),
            mode: Mode::Live,
            family: Family::Evm { chain_id: 56 },
            confirmations: crate::domain::confirmations::Tiers::flat(15),
            final_depth: 30,
            block_time: Duration::from_secs(3),
            timestamp_slack: Duration::from_secs(5),
        };
        let limits = CallLimits {
            requests,
            ..CallLimits::default()
        };
        let transport: Arc<dyn Fetch> = hosts.clone();
        let its_clock: Arc<dyn Clock> = clock.clone();
        let random: Arc<dyn Random> = Arc::new(Loaded);
        let providers = Providers::new(endpoints, limits, &transport, &its_clock, &random);
        Self {
            pool: Pool::new(Arc::new(network), providers, quorum, its_clock),
            clock,
            hosts,
        }
    }

    pub(super) fn set(&self, host: usize, script: Script) {
        self.hosts.scripts.lock().unwrap().insert(name(host), script);
    }

    /// How often a host was asked.
    pub(super) fn asked(&self, host: usize) -> usize {
        let asked = self.hosts.asked.lock().unwrap();
        asked.iter().filter(|asked| **asked == name(host)).count()
    }

    /// Runs `future` to its end, moving the clock on by 100 ms whenever it waits. Gives back how long that took.
    pub(super) fn drive<T>(&self, future: impl Future<Output = T>) -> (T, Duration) {
        let began_at = self.clock.now();
        let mut future = pin!(future);
        for _ in 0..10_000 {
            if let Poll::Ready(outcome) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                return (outcome, self.clock.now().since(began_at));
            }
            self.clock.advance(Duration::from_millis(100));
        }
        panic!("it waits for something else than the clock");
    }

    /// The height of the tip, and how long it took to find it.
    pub(super) fn tip(&self) -> (u64, Duration) {
        let (tip, took) = self.drive(self.pool.tip(&Plain, false));
        (tip.unwrap().height, took)
    }

    pub(super) fn header(&self, height: u64) -> (Result<String, String>, Duration) {
        let (header, took) = self.drive(self.pool.header(&Plain, height));
        let told = header.map(|header| header.block.hash.to_string());
        (told.map_err(|error| error.to_string()), took)
    }

    /// Whether the quorum has `hash` as block 7.
    pub(super) fn agrees(&self, hash: &str) -> (Result<bool, String>, Duration) {
        let (agreed, took) = self.drive(self.pool.agrees(&Plain, 7, hash));
        (agreed.map_err(|error| error.to_string()), took)
    }

    pub(super) fn health(&self, host: usize) -> ProviderHealth {
        self.pool.health().remove(host)
    }

    /// Who would be asked first.
    pub(super) fn first(&self) -> String {
        self.pool.providers.by_health()[0].host().to_owned()
    }
}

pub(super) fn name(host: usize) -> String {
    format!("h{host}.example")
}
