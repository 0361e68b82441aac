//! A node of TRON that answers from blocks recorded of a real one: at any moment of the recording, on another branch, and,
//! where a test says so, wrongly.
//!
//! Shared by the tests of the source and those of the whole daemon; knows nothing of either.
#![allow(dead_code, reason = "each of the two uses its part")]

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, MutexGuard};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The first recorded block.
pub const FIRST: u64 = 297;
/// The last one.
pub const LAST: u64 = 341;

static BLOCKS: LazyLock<Vec<Value>> =
    LazyLock::new(|| lines(include_str!("../../../fixtures/tron/blocks.jsonl")));
static INFOS: LazyLock<Vec<Value>> =
    LazyLock::new(|| lines(include_str!("../../../fixtures/tron/infos.jsonl")));
/// Blocks before the first, as far as they were seen to be the highest solid one.
static BEFORE: LazyLock<Vec<Value>> =
    LazyLock::new(|| lines(include_str!("../../../fixtures/tron/solid_before.jsonl")));
static CALLS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../fixtures/tron/calls.json")).unwrap());
/// Addresses, contracts and the transfers to the shops.
pub static EXPECTED: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../fixtures/tron/expected.json")).unwrap());

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The highest and the highest solid block as the recording went on.
pub fn positions() -> Vec<(u64, u64)> {
    serde_json::from_str(include_str!("../../../fixtures/tron/positions.json")).unwrap()
}

/// A recorded call's reply.
pub fn recorded_call(name: &str) -> Value {
    CALLS[name]["body"].clone()
}

/// The base58 address of `expected.json`'s `group` and `name`.
pub fn base58(group: &str, name: &str) -> String {
    EXPECTED[group][name]["base58"].as_str().unwrap().to_owned()
}

/// A branch of the chain.
#[derive(Clone)]
pub struct Branch {
    blocks: BTreeMap<u64, Value>,
    infos: BTreeMap<u64, Value>,
}

impl Branch {
    /// The chain as it was recorded.
    pub fn recorded() -> Self {
        Self {
            blocks: BEFORE
                .iter()
                .chain(BLOCKS.iter())
                .map(|block| (height_of(block), block.clone()))
                .collect(),
            infos: (FIRST..).zip(INFOS.iter().cloned()).collect(),
        }
    }

    /// The same blocks with all times moved by so many milliseconds.
    pub fn moved_by(mut self, millis: i64) -> Self {
        self.rebuild(0, |block, _| {
            let time = &mut block["block_header"]["raw_data"]["timestamp"];
            *time = json!(time.as_i64().unwrap() + millis);
        });
        self
    }

    /// With so many empty blocks below the first, in place of what was recorded there.
    pub fn on_empty_blocks(mut self, count: u64) -> Self {
        let model = self.blocks[&FIRST].clone();
        for below in 1..=count {
            let mut block = model.clone();
            let header = &mut block["block_header"]["raw_data"];
            header["number"] = json!(FIRST - below);
            header["timestamp"] = json!(header["timestamp"].as_u64().unwrap() - below * 3000);
            self.blocks.insert(FIRST - below, block);
        }
        self.rebuild(0, |_, _| {});
        self
    }

    /// Changes blocks, with what their transactions did, from a height on; then makes each consistent again, from the
    /// root over its transactions to its id, its place on the block below, and the infos' idea of it.
    pub fn rebuild(&mut self, from: u64, mut change: impl FnMut(&mut Value, &mut Vec<Value>)) {
        let heights: Vec<u64> = self.blocks.range(from..).map(|(height, _)| *height).collect();
        for height in heights {
            let parent = height
                .checked_sub(1)
                .and_then(|below| self.blocks.get(&below))
                .map(id_of);
            let block = self.blocks.get_mut(&height).unwrap();
            let infos = self
                .infos
                .entry(height)
                .or_insert(json!([]))
                .as_array_mut()
                .unwrap();
            change(block, infos);
            let root = root(block["transactions"].as_array().map_or(&[][..], Vec::as_slice));
            let header = &mut block["block_header"]["raw_data"];
            header["txTrieRoot"] = json!(root);
            if let Some(parent) = &parent {
                header["parentHash"] = json!(parent);
            }
            let (id, time) = (block_id(header), header["timestamp"].clone());
            block["blockID"] = json!(id);
            for info in infos {
                info["blockTimeStamp"] = time.clone();
                info["blockNumber"] = json!(height);
            }
        }
    }

    /// The id of the block at `height`.
    pub fn id(&self, height: u64) -> String {
        id_of(&self.blocks[&height])
    }

    /// The block at `height`.
    pub fn block(&self, height: u64) -> Value {
        self.blocks[&height].clone()
    }

    /// What the transactions of the block at `height` did.
    pub fn infos(&self, height: u64) -> Value {
        self.infos[&height].clone()
    }

    /// How many blocks of a range hold transactions.
    pub fn blocks_with_txs(&self, heights: std::ops::RangeInclusive<u64>) -> usize {
        let blocks = self.blocks.range(heights);
        blocks
            .filter(|(_, block)| block["transactions"].is_array())
            .count()
    }

    /// The time of the block at `height`, in milliseconds.
    pub fn time_ms(&self, height: u64) -> i64 {
        self.blocks[&height]["block_header"]["raw_data"]["timestamp"]
            .as_i64()
            .unwrap()
    }
}

fn height_of(block: &Value) -> u64 {
    block["block_header"]["raw_data"]["number"].as_u64().unwrap()
}

fn id_of(block: &Value) -> String {
    block["blockID"].as_str().unwrap().to_owned()
}

/// Changes the answer to a call: the path, the request and the honest answer.
type Twist = Box<dyn Fn(&str, &Value, Value) -> Value + Send + Sync>;

/// How a node fails to answer at all.
#[derive(Debug, Clone)]
pub enum Fault {
    /// It hangs.
    Hang,
    /// It answers with this status, `Retry-After` in seconds, and this body.
    Status(u16, Option<u64>, String),
    /// It breaks off in the middle of its answer.
    Truncated,
}

/// What goes back to the caller.
#[derive(Debug, Clone)]
pub enum Answer {
    /// Nothing, for as long as the caller waits.
    Hang,
    /// A reply.
    Reply {
        /// The HTTP status.
        status: u16,
        /// The header `Retry-After`.
        retry_after_s: Option<u64>,
        /// The body.
        body: Vec<u8>,
    },
}

/// A node.
pub struct RecordedTron {
    state: Mutex<State>,
}

struct State {
    branch: Branch,
    head: u64,
    solid: u64,
    genesis: String,
    twist: Option<Twist>,
    fault: Option<Fault>,
    calls: Vec<(String, Value)>,
}

impl RecordedTron {
    /// An honest node at the end of the recording, on `branch`.
    pub fn on(branch: Branch) -> Self {
        let (head, solid) = *positions().last().unwrap();
        Self {
            state: Mutex::new(State {
                branch,
                head,
                solid,
                genesis: format!("{:0>16}{}", "", "5d".repeat(24)),
                twist: None,
                fault: None,
                calls: Vec::new(),
            }),
        }
    }

    /// An honest node at the end of the recording.
    pub fn honest() -> Self {
        Self::on(Branch::recorded())
    }

    /// A node that changes the answers to calls whose path ends in `call`.
    pub fn lying(call: &'static str, lie: impl Fn(&Value, &mut Value) + Send + Sync + 'static) -> Self {
        let node = Self::honest();
        node.twist(move |path, request, mut answer| {
            if path.ends_with(call) {
                lie(request, &mut answer);
            }
            answer
        });
        node
    }

    /// Moves to a moment at which these were the highest and the highest solid block.
    pub fn stand_at(&self, head: u64, solid: u64) {
        let mut state = self.state();
        (state.head, state.solid) = (head, solid);
    }

    /// Goes over to another branch.
    pub fn switch_to(&self, branch: Branch) {
        self.state().branch = branch;
    }

    /// Serves another chain.
    pub fn set_genesis(&self, genesis: &str) {
        genesis.clone_into(&mut self.state().genesis);
    }

    /// The id of its first block.
    pub fn genesis(&self) -> String {
        self.state().genesis.clone()
    }

    /// Changes every answer from now on.
    pub fn twist(&self, twist: impl Fn(&str, &Value, Value) -> Value + Send + Sync + 'static) {
        self.state().twist = Some(Box::new(twist));
    }

    /// Fails from now on, or no longer.
    pub fn set_fault(&self, fault: Option<Fault>) {
        self.state().fault = fault;
    }

    /// How often a call was made whose path ends in `call`.
    pub fn called(&self, call: &str) -> usize {
        self.state()
            .calls
            .iter()
            .filter(|(path, _)| path.ends_with(call))
            .count()
    }

    /// All calls so far, and forgets them.
    pub fn take_calls(&self) -> Vec<(String, Value)> {
        std::mem::take(&mut self.state().calls)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Answers a POST of `body` to `path`, which begins with `/`.
    pub fn answer(&self, path: &str, body: &[u8]) -> Answer {
        let request: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
        let mut state = self.state();
        state.calls.push((path.to_owned(), request.clone()));
        let (status, mut answer) = state.honest(path, &request);
        if let Some(twist) = &state.twist {
            answer = twist(path, &request, answer);
        }
        let mut body = match answer {
            Value::String(page) => page.into_bytes(),
            answer => answer.to_string().into_bytes(),
        };
        match state.fault.clone() {
            Some(Fault::Hang) => Answer::Hang,
            Some(Fault::Status(status, retry_after_s, body)) => Answer::Reply {
                status,
                retry_after_s,
                body: body.into_bytes(),
            },
            fault => {
                if matches!(fault, Some(Fault::Truncated)) {
                    body.truncate(body.len() / 2);
                }
                Answer::Reply {
                    status,
                    retry_after_s: None,
                    body,
                }
            }
        }
    }
}

impl State {
    fn honest(&self, path: &str, request: &Value) -> (u16, Value) {
        let num = |field: &str| request[field].as_u64().unwrap_or(u64::MAX);
        let answer = match path {
            "/wallet/getnowblock" => self.block(self.head, self.head),
            "/walletsolidity/getnowblock" => self.block(self.solid, self.solid),
            "/wallet/getblockbynum" if request["num"].is_string() => recorded_call("bad_json_value"),
            "/wallet/getblockbynum" if num("num") == 0 => json!({"blockID": self.genesis, "block_header": {
                "raw_data": {"witness_address": "words", "parentHash": "words"}}}),
            "/wallet/getblockbynum" => self.block(num("num"), self.head),
            "/wallet/getblockbylimitnext" => self.range(num("startNum"), num("endNum")),
            "/wallet/gettransactioninfobyblocknum" => {
                let found = self
                    .branch
                    .infos
                    .get(&num("num"))
                    .filter(|_| num("num") <= self.head);
                found.cloned().unwrap_or(json!([]))
            }
            "/wallet/triggerconstantcontract" => constant(request),
            "/wallet/getaccount" => account(request),
            "/wallet/getnodeinfo" => recorded_call("getnodeinfo_trimmed"),
            _ => return (405, recorded_call("bad_method")),
        };
        (200, answer)
    }

    fn block(&self, height: u64, head: u64) -> Value {
        let found = self.branch.blocks.get(&height).filter(|_| height <= head);
        found.cloned().unwrap_or(json!({}))
    }

    fn range(&self, start: u64, end: u64) -> Value {
        if end.saturating_sub(start) > 100 || end <= start {
            return json!({});
        }
        let end = end.min(self.head + 1).max(start);
        let blocks: Vec<&Value> = self
            .branch
            .blocks
            .range(start..end)
            .map(|(_, block)| block)
            .collect();
        json!({"block": blocks})
    }
}

/// What contracts answer, told by contract, function and parameter.
fn constant(request: &Value) -> Value {
    let recorded = [
        "decimals_usdt",
        "decimals_fake",
        "balanceof_shop_a_end",
        "balanceof_shop_b_end",
    ];
    let asks_the_same = |name: &&str| {
        ["contract_address", "function_selector", "parameter"]
            .iter()
            .all(|field| CALLS[*name]["request"]["body"][field] == request[field])
    };
    match recorded.into_iter().find(asks_the_same) {
        Some(name) => recorded_call(name),
        None => recorded_call("triggersmartcontract_no_such_contract"),
    }
}

fn account(request: &Value) -> Value {
    let recorded = ["getaccount_shop_a_end", "getaccount_shop_b_end"];
    let found = recorded
        .into_iter()
        .find(|name| CALLS[*name]["request"]["body"]["address"] == request["address"]);
    found.map_or(json!({}), recorded_call)
}

fn varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number as u8) | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn number(out: &mut Vec<u8>, field: u64, value: &Value) {
    if let Some(value) = value.as_u64().filter(|value| *value != 0) {
        varint(out, field << 3);
        varint(out, value);
    }
}

fn bytes(out: &mut Vec<u8>, field: u64, value: &[u8]) {
    varint(out, field << 3 | 2);
    varint(out, value.len() as u64);
    out.extend_from_slice(value);
}

fn unhex(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

/// The id of the block with this header.
fn block_id(header: &Value) -> String {
    let mut out = Vec::new();
    number(&mut out, 1, &header["timestamp"]);
    bytes(&mut out, 2, &unhex(&header["txTrieRoot"]));
    bytes(&mut out, 3, &unhex(&header["parentHash"]));
    number(&mut out, 7, &header["number"]);
    bytes(&mut out, 9, &unhex(&header["witness_address"]));
    number(&mut out, 10, &header["version"]);
    let hash = hex::encode(Sha256::digest(&out));
    format!("{:016x}{}", header["number"].as_u64().unwrap(), &hash[16..])
}

/// The root over transactions, all of which succeeded, reverted or ran out of energy.
fn root(txs: &[Value]) -> String {
    let leaf = |tx: &Value| -> [u8; 32] {
        let mut out = Vec::new();
        bytes(&mut out, 1, &unhex(&tx["raw_data_hex"]));
        for signature in tx["signature"].as_array().unwrap() {
            bytes(&mut out, 2, &unhex(signature));
        }
        let mut ret = Vec::new();
        let result = match tx["ret"][0]["contractRet"].as_str().unwrap() {
            "SUCCESS" => 1,
            "REVERT" => 2,
            "OUT_OF_ENERGY" => 10,
            other => panic!("{other} is not in the recording"),
        };
        number(&mut ret, 3, &json!(result));
        bytes(&mut out, 5, &ret);
        Sha256::digest(&out).into()
    };
    let mut level: Vec<[u8; 32]> = txs.iter().map(leaf).collect();
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => Sha256::digest([*left, *right].concat()).into(),
                single => single[0],
            })
            .collect();
    }
    hex::encode(level.first().copied().unwrap_or_default())
}

/// Puts another amount into a transaction of TRX, in its bytes and beside them, and gives it the id of its new bytes.
pub fn alter_amount(tx: &mut Value, amount: u64) {
    let old = tx["raw_data"]["contract"][0]["parameter"]["value"]["amount"]
        .as_u64()
        .unwrap();
    let (mut before, mut after) = (vec![0x18], vec![0x18]);
    varint(&mut before, old);
    varint(&mut after, amount);
    assert_eq!(before.len(), after.len(), "the lengths around it would change");
    let raw = tx["raw_data_hex"]
        .as_str()
        .unwrap()
        .replacen(&hex::encode(before), &hex::encode(after), 1);
    tx["txID"] = json!(hex::encode(Sha256::digest(hex::decode(&raw).unwrap())));
    tx["raw_data_hex"] = json!(raw);
    tx["raw_data"]["contract"][0]["parameter"]["value"]["amount"] = json!(amount);
}
