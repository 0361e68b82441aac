//! Providers: JSON-RPC over the chain as each of them sees it, with the faults that the plan gives them.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use payd::net::{Fetch, FetchReply, FetchRequest, TransportError};
use serde_json::{Value, json};

use crate::chance::Chance;
use crate::proof::{self, GAS, SENDER, bloom_of, hex0x};
use crate::tally::Tally;
use crate::world::{Block, BlockIndex, Coin, FINAL_DEPTH, PROVIDERS, Target, Tx, World};

/// Contracts of the tokens.
pub const USDT: &str = "0x1111111111111111111111111111111111111111";
pub const USDC: &str = "0x2222222222222222222222222222222222222222";
pub const CHAIN_ID: u64 = 4242;
/// What a token logs when it moves.
pub const TRANSFER: &str = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

/// The contract of a token.
pub const fn contract(coin: Coin) -> Option<&'static str> {
    match coin {
        Coin::Native => None,
        Coin::Usdt => Some(USDT),
        Coin::Usdc => Some(USDC),
    }
}

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
    /// Its tip is far above the chain.
    FarAhead,
    /// Leaves out logs.
    Omits,
    /// Tells of other amounts.
    Alters,
    /// Makes transfers up.
    Fabricates,
    /// Makes transfers up in blocks that are old enough to be looked at once more.
    FabricatesLate,
    /// Tells of failed transactions as if they had succeeded, and of those that did not as failed.
    TurnsReceipts,
    /// Has every log twice.
    Doubles,
    /// Says of each block that its hash is another.
    OtherHashes,
    /// Has a chain that it made up, with money in it that never moved; see [`crate::fork`].
    OwnChain(Tells),
}

impl Fault {
    pub const UNWELL: &[Self] = &[
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
    ];
    pub const LIES: &[Self] = &[
        Self::FarAhead,
        Self::Omits,
        Self::Alters,
        Self::Fabricates,
        Self::FabricatesLate,
        Self::FabricatesLate,
        Self::TurnsReceipts,
        Self::Doubles,
        Self::OtherHashes,
    ];
    /// Weighed: what is told always goes furthest.
    pub const OWN_CHAINS: &[Self] = &[
        Self::OwnChain(Tells::Always),
        Self::OwnChain(Tells::Always),
        Self::OwnChain(Tells::ButForVotes),
        Self::OwnChain(Tells::ByChance),
    ];

    pub fn is_lie(self) -> bool {
        Self::LIES.contains(&self) || matches!(self, Self::OwnChain(_))
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
            Self::FarAhead => "lie: far ahead",
            Self::Omits => "lie: omits",
            Self::Alters => "lie: alters",
            Self::Fabricates => "lie: fabricates",
            Self::FabricatesLate => "lie: fabricates late",
            Self::TurnsReceipts => "lie: receipts",
            Self::Doubles => "lie: doubles",
            Self::OtherHashes => "lie: hashes",
            Self::OwnChain(Tells::Always) => "lie: own chain",
            Self::OwnChain(Tells::ButForVotes) => "lie: own chain, but not to votes",
            Self::OwnChain(Tells::ByChance) => "lie: own chain, at times",
        }
    }
}

/// The providers of the chain, and who of them is unwell.
pub struct Net {
    pub world: Arc<Mutex<World>>,
    pub faults: Mutex<[Fault; PROVIDERS]>,
    /// Addresses that a liar makes up transfers to, the newest last.
    pub targets: Mutex<Vec<Target>>,
    /// Whether they say what addresses hold.
    pub tells_balances: bool,
    /// What addresses hold after the block that was asked about last.
    pub balances: Mutex<Option<(BlockIndex, HashMap<String, u128>)>>,
    pub chance: Mutex<Chance>,
    pub tally: Arc<Mutex<Tally>>,
}

impl Fetch for Net {
    fn fetch<'a>(&'a self, request: FetchRequest<'a>) -> BoxFuture<'a, Result<FetchReply, TransportError>> {
        let host = request.endpoint.host();
        let provider = host
            .as_bytes()
            .get(1)
            .map_or(0, |digit| usize::from(digit - b'0'));
        let fault = self.faults.lock().unwrap()[provider];
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
            let speaker = Speaker {
                net: self,
                provider,
                fault,
                is_from_fork,
            };
            let mut text = speaker.reply(&body);
            if fault == Fault::Truncated {
                text.truncate(text.len() / 2);
            }
            Ok(reply(200, None, &text))
        })
    }
}

struct Speaker<'a> {
    net: &'a Net,
    provider: usize,
    fault: Fault,
    /// Whether it tells of the chain of its own, where it has one.
    is_from_fork: bool,
}

impl Speaker<'_> {
    fn reply(&self, body: &Value) -> String {
        let world = self.net.world.lock().unwrap();
        let Some(calls) = body.as_array() else {
            return self.envelope(&world, body);
        };
        if self.fault == Fault::NoBatches {
            return r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no batches"}}"#
                .to_owned();
        }
        let each: Vec<String> = calls.iter().map(|call| self.envelope(&world, call)).collect();
        format!("[{}]", each.join(","))
    }

    fn envelope(&self, world: &World, call: &Value) -> String {
        let id = &call["id"];
        match self.result(world, call["method"].as_str().unwrap(), &call["params"]) {
            Ok(result) => format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{result}}}"#),
            Err((code, message)) => {
                let error = json!({"code": code, "message": message});
                format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{error}}}"#)
            }
        }
    }

    fn view<'w>(&self, world: &'w World) -> &'w [BlockIndex] {
        match &world.forks[self.provider] {
            Some(fork) if self.is_from_fork => &fork.chain,
            Some(_) | None => &world.views[self.provider],
        }
    }

    /// What it answers from when it is asked which block it has at a height.
    fn voted<'w>(&self, world: &'w World) -> &'w [BlockIndex] {
        match self.fault {
            Fault::OwnChain(Tells::ButForVotes) => &world.views[self.provider],
            _ => self.view(world),
        }
    }

    fn result(&self, world: &World, method: &str, params: &Value) -> Result<String, (i64, &'static str)> {
        let view = self.view(world);
        match method {
            "eth_chainId" => Ok(format!("\"{CHAIN_ID:#x}\"")),
            "eth_call" => Ok(match params[0]["to"].as_str() {
                Some(USDT | USDC) => format!("\"0x{:064x}\"", 6),
                Some(_) | None => "\"0x\"".to_owned(),
            }),
            "eth_getBlockByNumber" => Ok(self.block(world, &params[0], params[1] == json!(true))),
            "eth_getLogs" => self.logs(world, &params[0]),
            "eth_getBlockReceipts" => Ok(self.receipts(world, params[0].as_str().unwrap())),
            "eth_getTransactionReceipt" => Ok(self.receipt(world, params[0].as_str().unwrap())),
            "eth_getBalance" if self.net.tells_balances => {
                let at = match params[1]["blockHash"].as_str() {
                    Some(hash) => self.at_hash(world, hash),
                    None => view.get(number(&params[1]) as usize).copied(),
                };
                let at = at.ok_or((-32000, "header not found"))?;
                let address = &params[0].as_str().unwrap()[2..];
                let mut known = self.net.balances.lock().unwrap();
                if known.as_ref().is_none_or(|(tip, _)| *tip != at) {
                    *known = Some((at, world.balances(at)));
                }
                let balance = known.as_ref().and_then(|(_, balances)| balances.get(address));
                Ok(format!("\"{:#x}\"", balance.copied().unwrap_or(0)))
            }
            "eth_getBalance" => Err((-32000, "missing trie node: the state is pruned")),
            _ => Err((-32601, "the method does not exist")),
        }
    }

    fn at_hash(&self, world: &World, hash: &str) -> Option<BlockIndex> {
        let index = *world.by_hash.get(hash)?;
        let height = world.blocks[index].height as usize;
        (self.view(world).get(height) == Some(&index)).then_some(index)
    }

    fn block(&self, world: &World, which: &Value, is_full: bool) -> String {
        let is_tip = matches!(which.as_str(), Some("latest" | "finalized" | "safe"));
        let view = match is_tip || is_full {
            true => self.view(world),
            false => self.voted(world),
        };
        let asked = match is_tip {
            true => view.len() as u64 - 1,
            false => number(which),
        };
        let Some(index) = view.get(asked as usize) else {
            return "null".to_owned();
        };
        let block = &world.blocks[*index];
        let mut height = block.height;
        if self.fault == Fault::FarAhead && which == "latest" {
            height += 5000;
        }
        let parent = block.parent.map(|parent| &world.blocks[parent].hash);
        let parent = parent.map_or_else(proof::nobody, |parent| self.named(parent));
        let txs: Vec<String> = block.txs.iter().map(|tx| transaction(tx, is_full)).collect();
        format!(
            r#"{{"hash":"{}","parentHash":"{parent}","number":"{height:#x}","timestamp":"{:#x}",{},"transactions":[{}]}}"#,
            self.named(&block.hash),
            block.time_s,
            block.seal.text(),
            txs.join(",")
        )
    }

    /// A block's hash, as this one tells it.
    fn named(&self, hash: &str) -> String {
        match self.fault {
            // Not what they hash to, but of one another's.
            Fault::OtherHashes => format!("0xf{}", &hash[3..]),
            _ => hash.to_owned(),
        }
    }

    fn logs(&self, world: &World, filter: &Value) -> Result<String, (i64, &'static str)> {
        let view = self.view(world);
        let blocks: Vec<BlockIndex> = match filter["blockHash"].as_str() {
            Some(hash) => vec![self.at_hash(world, hash).ok_or((-32000, "unknown block"))?],
            None => {
                let (from, to) = (number(&filter["fromBlock"]), number(&filter["toBlock"]));
                if self.fault == Fault::SmallRanges && to - from >= 2 {
                    return Err((-32005, "block range too large: at most 2 blocks"));
                }
                let heights = from as usize..=(to as usize).min(view.len() - 1);
                heights.map(|height| view[height]).collect()
            }
        };
        let wanted: Option<Vec<&str>> = filter["topics"][2]
            .as_array()
            .map(|any| any.iter().filter_map(Value::as_str).collect());
        let is_wanted = |to: &str| {
            wanted
                .as_ref()
                .is_none_or(|any| any.iter().any(|topic| topic.ends_with(to)))
        };
        let mut text = String::from("[");
        for index in blocks {
            let is_old = world.blocks[index].height + FINAL_DEPTH < view.len() as u64;
            for (_, log) in self.logs_of(&world.blocks[index], is_old, &is_wanted) {
                if text.len() > 1 {
                    text.push(',');
                }
                text.push_str(&log);
            }
        }
        text.push(']');
        Ok(text)
    }

    /// With the place of the transaction that each is of.
    fn logs_of(&self, block: &Block, is_old: bool, is_wanted: &dyn Fn(&str) -> bool) -> Vec<(usize, String)> {
        let mut logs = Vec::new();
        let mut last = 0;
        for (place, transfer) in block.transfers() {
            if transfer.coin == Coin::Native {
                continue;
            }
            last = transfer.position + 1;
            if !is_wanted(&transfer.to) {
                continue;
            }
            if self.fault == Fault::Omits && transfer.position % 2 == 0 {
                continue;
            }
            let amount = match self.fault {
                Fault::Alters => transfer.amount + 1 + transfer.amount / 2,
                _ => transfer.amount,
            };
            let log = Log {
                coin: transfer.coin,
                to: &transfer.to,
                amount,
                txid: &transfer.txid,
                place,
                position: transfer.position,
            };
            logs.push((place, log.text(&block.hash)));
            if self.fault == Fault::Doubles {
                logs.push((place, log.text(&block.hash)));
            }
        }
        if self.fault == Fault::Fabricates || (is_old && self.fault == Fault::FabricatesLate) {
            let targets = self.net.targets.lock().unwrap();
            for (to, coin, amount) in targets
                .iter()
                .rev()
                .take(3)
                .filter(|(_, coin, _)| *coin != Coin::Native)
            {
                let log = Log {
                    coin: *coin,
                    to,
                    amount: *amount,
                    txid: &format!("0x{:016x}{:048x}", 0xfa_u64, block.height),
                    place: block.txs.len(),
                    position: last,
                };
                last += 1;
                logs.push((log.place, log.text(&block.hash)));
            }
        }
        logs
    }

    fn receipt(&self, world: &World, hash: &str) -> String {
        // Mostly they are asked for of blocks near the tip.
        for index in self.view(world).iter().rev() {
            let block = &world.blocks[*index];
            if let Some(place) = block.txs.iter().position(|tx| tx.hash == hash) {
                return self.receipt_at(block, place, "");
            }
        }
        "null".to_owned()
    }

    /// All receipts of a block, with all that was logged.
    fn receipts(&self, world: &World, hash: &str) -> String {
        let Some(index) = self.at_hash(world, hash) else {
            return "null".to_owned();
        };
        let block = &world.blocks[index];
        let logs = self.logs_of(block, false, &|_| true);
        let receipts = (0..block.txs.len()).map(|place| {
            let of_tx = logs.iter().filter(|(of, _)| *of == place);
            let of_tx: Vec<&str> = of_tx.map(|(_, log)| log.as_str()).collect();
            self.receipt_at(block, place, &of_tx.join(","))
        });
        format!("[{}]", receipts.collect::<Vec<_>>().join(","))
    }

    fn receipt_at(&self, block: &Block, place: usize, logs: &str) -> String {
        let tx = &block.txs[place];
        let has_failed = tx.fails != (self.fault == Fault::TurnsReceipts);
        format!(
            r#"{{"transactionHash":"{}","transactionIndex":"{place:#x}","blockHash":"{}","status":"{}","cumulativeGasUsed":"{:#x}","logsBloom":"{}","logs":[{logs}]}}"#,
            tx.hash,
            self.named(&block.hash),
            if has_failed { "0x0" } else { "0x1" },
            GAS * (place as u128 + 1),
            hex0x(&bloom_of(tx)),
        )
    }
}

struct Log<'a> {
    coin: Coin,
    to: &'a str,
    amount: u128,
    txid: &'a str,
    place: usize,
    position: u32,
}

impl Log<'_> {
    fn text(&self, block: &str) -> String {
        let contract = contract(self.coin).expect("the coin itself logs nothing");
        let mut text = String::with_capacity(700);
        let _ = write!(
            text,
            r#"{{"address":"{contract}","topics":["{TRANSFER}","{}","0x{:024}{}"],"data":"0x{:064x}","blockHash":"{block}","transactionHash":"{}","transactionIndex":"{:#x}","logIndex":"{:#x}"}}"#,
            hex0x(&proof::word(&SENDER)),
            0,
            self.to,
            self.amount,
            self.txid,
            self.place,
            self.position
        );
        text
    }
}

fn transaction(tx: &Tx, is_full: bool) -> String {
    if !is_full {
        return format!("\"{}\"", tx.hash);
    }
    let (to, value) = proof::called(&tx.moved);
    format!(
        r#"{{"hash":"{}","nonce":"{:#x}","gasPrice":"0x1","gas":"{GAS:#x}","to":"{to}","value":"{value:#x}","input":"0x","v":"0x1b","r":"0x1","s":"0x1"}}"#,
        tx.hash, tx.nonce
    )
}

fn number(hex: &Value) -> u64 {
    u64::from_str_radix(hex.as_str().unwrap().trim_start_matches("0x"), 16).unwrap()
}
