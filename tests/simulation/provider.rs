//! Providers: JSON-RPC over the chain as each of them sees it, with the faults that the plan gives them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use payd::net::{Fetch, FetchReply, FetchRequest, TransportError};
use serde_json::{Value, json};

use crate::chains::{Call, Chains};
use crate::chance::Chance;
use crate::tally::Tally;
use crate::world::{Network, PROVIDERS};

/// Which questions a provider that has a chain of its own answers from that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tells {
    Always,
    /// When it is asked what a block holds; not when it is asked which block it has at a height, as for its vote.
    ButForVotes,
    /// Half of them.
    ByChance,
}

/// What is wrong with a provider for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    None,
    /// Too many requests, with so many seconds to wait.
    Throttled(u64),
    Status500,
    Refused,
    Hangs,
    Slow,
    Truncated,
    Garbage,
    /// Takes no more than two blocks of logs at once.
    SmallRanges,
    NoBatches,
    /// Does not tell what waits for a block.
    NoMempool,
    /// Has just been started.
    WarmsUp,
    /// Its tip is far above the chain.
    FarAhead,
    /// Leaves out money.
    Omits,
    /// Tells of other amounts.
    Alters,
    /// Makes transfers up.
    Fabricates,
    /// Makes transfers up in blocks that are old enough to be looked at once more.
    FabricatesLate,
    /// Tells of failed transactions as if they had succeeded, and of those that did not as failed.
    TurnsReceipts,
    /// Has everything twice.
    Doubles,
    /// Says of each block that its hash is another.
    OtherHashes,
    /// Mines a branch of its own, on which it makes payments up.
    OwnBranch,
    /// Has a chain that it made up, with money in it that never moved; see [`crate::evm`].
    OwnChain(Tells),
    /// Has a chain that nothing is ever paid on, for longer than reorganisations are followed back.
    EmptyChain,
}

impl Fault {
    /// What may ail a provider of a network that is no liar.
    pub const fn unwell(network: Network) -> &'static [Self] {
        match network {
            Network::Evm => &[
                Self::Throttled(1),
                Self::Throttled(7),
                Self::Status500,
                Self::Refused,
                Self::Hangs,
                Self::Slow,
                Self::Truncated,
                Self::Garbage,
                Self::SmallRanges,
                Self::NoBatches,
            ],
            Network::Bitcoin => &[
                Self::Throttled(1),
                Self::Throttled(7),
                Self::Status500,
                Self::Refused,
                Self::Hangs,
                Self::Slow,
                Self::Truncated,
                Self::Garbage,
                Self::NoMempool,
                Self::WarmsUp,
                Self::NoBatches,
            ],
        }
    }

    /// How one may lie, weighed: what is told always goes furthest.
    pub const fn lies(network: Network) -> &'static [Self] {
        match network {
            Network::Evm => &[
                Self::FarAhead,
                Self::Omits,
                Self::Alters,
                Self::Fabricates,
                Self::FabricatesLate,
                Self::FabricatesLate,
                Self::TurnsReceipts,
                Self::Doubles,
                Self::OtherHashes,
                Self::OwnChain(Tells::Always),
                Self::OwnChain(Tells::Always),
                Self::OwnChain(Tells::Always),
                Self::OwnChain(Tells::Always),
                Self::OwnChain(Tells::ButForVotes),
                Self::OwnChain(Tells::ButForVotes),
                Self::OwnChain(Tells::ByChance),
                Self::OwnChain(Tells::ByChance),
            ],
            Network::Bitcoin => &[
                Self::FarAhead,
                Self::Omits,
                Self::Alters,
                Self::Fabricates,
                Self::Doubles,
                Self::OtherHashes,
                Self::OwnBranch,
                Self::OwnBranch,
            ],
        }
    }

    pub fn is_lie(self, network: Network) -> bool {
        Self::lies(network).contains(&self) || self == Self::EmptyChain
    }

    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Throttled(_) => "throttled",
            Self::Status500 => "status 500",
            Self::Refused => "refused",
            Self::Hangs => "hangs",
            Self::Slow => "slow",
            Self::Truncated => "truncated",
            Self::Garbage => "garbage",
            Self::SmallRanges => "small ranges",
            Self::NoBatches => "no batches",
            Self::NoMempool => "no mempool",
            Self::WarmsUp => "warms up",
            Self::FarAhead => "lie: far ahead",
            Self::Omits => "lie: omits",
            Self::Alters => "lie: alters",
            Self::Fabricates => "lie: fabricates",
            Self::FabricatesLate => "lie: fabricates late",
            Self::TurnsReceipts => "lie: receipts",
            Self::Doubles => "lie: doubles",
            Self::OtherHashes => "lie: hashes",
            Self::OwnBranch => "lie: own branch",
            Self::OwnChain(Tells::Always) => "lie: own chain",
            Self::OwnChain(Tells::ButForVotes) => "lie: own chain, but not to votes",
            Self::OwnChain(Tells::ByChance) => "lie: own chain, at times",
            Self::EmptyChain => "lie: empty chain",
        }
    }
}

/// What is wrong with each provider of each network.
pub type Faults = [[Fault; PROVIDERS]; Network::ALL.len()];

/// Everybody is well.
pub const NO_FAULTS: Faults = [[Fault::None; PROVIDERS]; Network::ALL.len()];

/// The providers of all chains, and who of them is unwell.
pub struct Net {
    pub chains: Arc<Mutex<Chains>>,
    pub faults: Mutex<Faults>,
    pub chance: Mutex<Chance>,
    pub tally: Arc<Mutex<Tally>>,
}

/// The network and the number of the provider at a host.
fn provider_at(host: &str) -> (Network, usize) {
    let mut letters = host.chars();
    let (letter, number) = (letters.next().unwrap(), letters.next().unwrap());
    let network = Network::ALL.iter().find(|network| network.letter() == letter);
    (*network.unwrap(), number.to_digit(10).unwrap() as usize)
}

impl Fetch for Net {
    fn fetch<'a>(&'a self, request: FetchRequest<'a>) -> BoxFuture<'a, Result<FetchReply, TransportError>> {
        let (network, provider) = provider_at(request.endpoint.host());
        let fault = self.faults.lock().unwrap()[network.index()][provider];
        let (delay_ms, is_from_fork) = {
            let mut chance = self.chance.lock().unwrap();
            let is_from_fork = fault != Fault::OwnChain(Tells::ByChance) || chance.permille(500);
            (chance.between(1, 40), is_from_fork)
        };
        if fault != Fault::None {
            self.tally.lock().unwrap().count(fault.word());
        }
        let body: Value = serde_json::from_slice(request.body.as_deref().unwrap()).unwrap();
        let timeout = request.timeout;
        Box::pin(async move {
            let delay_ms = if fault == Fault::Slow {
                delay_ms * 60
            } else {
                delay_ms
            };
            let wait = Duration::from_millis(delay_ms);
            tokio::time::sleep(if fault == Fault::Hangs { timeout } else { wait }).await;
            let reply = |status, retry_after_s: Option<u64>, body: &str| FetchReply {
                status,
                retry_after: retry_after_s.map(Duration::from_secs),
                body: body.as_bytes().to_vec(),
            };
            match fault {
                Fault::Throttled(seconds) => return Ok(reply(429, Some(seconds), "slow down")),
                Fault::Status500 => return Ok(reply(500, None, "oops")),
                Fault::Refused => return Err(TransportError::Connection("refused".to_owned())),
                Fault::Hangs => return Err(TransportError::Timeout(timeout)),
                Fault::Garbage => return Ok(reply(200, None, "<html>welcome</html>")),
                _ => {}
            }
            let mut text = self.reply(network, provider, (fault, is_from_fork), &body);
            if fault == Fault::Truncated {
                text.truncate(text.len() / 2);
            }
            Ok(reply(200, None, &text))
        })
    }
}

impl Net {
    fn reply(
        &self,
        network: Network,
        provider: usize,
        (fault, is_from_fork): (Fault, bool),
        body: &Value,
    ) -> String {
        let mut chains = self.chains.lock().unwrap();
        let chain = chains.of(network);
        let envelope = |body: &Value| {
            let id = &body["id"];
            let call = Call {
                provider,
                fault,
                is_from_fork,
                method: body["method"].as_str().unwrap(),
                params: &body["params"],
            };
            match chain.answer(&call) {
                Ok(result) => format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{result}}}"#),
                Err((code, message)) => {
                    let error = json!({"code": code, "message": message});
                    format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{error}}}"#)
                }
            }
        };
        let Some(calls) = body.as_array() else {
            return envelope(body);
        };
        if fault == Fault::NoBatches {
            return r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no batches"}}"#
                .to_owned();
        }
        let each: Vec<String> = calls.iter().map(envelope).collect();
        format!("[{}]", each.join(","))
    }
}
