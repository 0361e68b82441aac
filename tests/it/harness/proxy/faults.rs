//! What the proxy's faults do to single calls and their answers.

use serde_json::{Value, json};

use super::Fault;
use crate::harness::abi;

/// `Transfer(address,address,uint256)`.
const TRANSFER: &str = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

/// How real providers say that a range of blocks is too large. Their codes differ as much as their words do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RangeWords {
    /// BNB Smart Chain's own nodes: no number.
    LimitExceeded,
    /// publicnode.
    MaximumBlockRange,
    /// drpc.
    RangesOver,
    /// 1rpc.
    LimitedTo,
    /// Alchemy.
    UpTo,
    /// A limit of results, not of blocks.
    MaxResults,
}

impl RangeWords {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::LimitExceeded,
        Self::MaximumBlockRange,
        Self::RangesOver,
        Self::LimitedTo,
        Self::UpTo,
        Self::MaxResults,
    ];

    fn error(self, blocks_max: u64) -> Value {
        let (code, message) = match self {
            Self::LimitExceeded => (-32005, "limit exceeded".to_owned()),
            Self::MaximumBlockRange => (-32701, format!("exceed maximum block range: {blocks_max}")),
            Self::RangesOver => (
                35,
                format!("ranges over {blocks_max} blocks are not supported on freetier"),
            ),
            Self::LimitedTo => (
                -32602,
                format!("eth_getLogs is limited to 0 - {blocks_max} blocks range"),
            ),
            Self::UpTo => {
                let plan = "Under the Free tier plan, you can make eth_getLogs requests with";
                (-32600, format!("{plan} up to a {blocks_max} block range."))
            }
            Self::MaxResults => (-32602, "query exceeds max results 20000".to_owned()),
        };
        json!({ "code": code, "message": message })
    }
}

/// A refusal of this call, where the fault is one.
pub fn refuse(fault: &Fault, method: &str, params: &Value) -> Result<(), Value> {
    match fault {
        Fault::Error(code, message) => Err(json!({ "code": code, "message": message })),
        Fault::RangeLimit(blocks_max, words) if method == "eth_getLogs" => {
            let (from, to) = (quantity(&params[0]["fromBlock"]), quantity(&params[0]["toBlock"]));
            let is_wide = from
                .zip(to)
                .is_some_and(|(from, to)| to.saturating_sub(from) >= *blocks_max);
            if is_wide {
                Err(words.error(*blocks_max))
            } else {
                Ok(())
            }
        }
        _ => Ok(()),
    }
}

/// What a node whose tip is `head` is asked in place of this call, or what it answers by itself.
pub fn pretend_head(head: u64, method: &str, params: &mut Value) -> Option<Value> {
    if method == "eth_blockNumber" {
        return Some(hex(head));
    }
    if method == "eth_getLogs" {
        let filter = &mut params[0];
        if filter.get("blockHash").is_some() {
            return None;
        }
        if quantity(&filter["fromBlock"]).is_some_and(|from| from > head) {
            return Some(json!([]));
        }
        if quantity(&filter["toBlock"]).is_none_or(|to| to > head) {
            filter["toBlock"] = hex(head);
        }
        return None;
    }
    for tag in params.as_array_mut()? {
        match tag.as_str() {
            Some("latest" | "pending") => *tag = hex(head),
            Some("finalized" | "safe") => *tag = hex(head.saturating_sub(2)),
            _ => {}
        }
    }
    None
}

/// Whether an answer tells of a block above `head`: a block, a receipt, or a list of receipts or logs.
pub fn is_above(head: u64, result: &Value) -> bool {
    let first = result.get(0).unwrap_or(result);
    let height = quantity(&first["number"]).or_else(|| quantity(&first["blockNumber"]));
    height.is_some_and(|height| height > head)
}

/// Makes a true answer a false one.
pub fn distort(fault: &Fault, method: &str, result: &mut Value) {
    match (fault, method) {
        (Fault::ChainId(id), "eth_chainId") => *result = hex(*id),
        (Fault::ChainId(id), "net_version") => *result = json!(id.to_string()),
        (Fault::AlterAmount(more), _) => {
            for_each_log_list(method, result, &mut |logs| {
                logs.iter_mut().for_each(|log| alter(log, *more))
            });
            alter_native(method, result, *more);
        }
        (Fault::InflateBalances(more), "eth_getBalance") => {
            let held = result.as_str().map(abi::parse_number).expect("a balance");
            *result = json!(format!("{:#x}", held + more));
        }
        (Fault::InflateBalances(more), "eth_call") => inflate_results(result, *more),
        (Fault::RemoveLog, _) => {
            let mut removed = false;
            for_each_log_list(method, result, &mut |logs| {
                if !removed && !logs.is_empty() {
                    logs.remove(0);
                    removed = true;
                }
            });
        }
        _ => {}
    }
}

/// A JSON-RPC quantity.
pub fn quantity(value: &Value) -> Option<u64> {
    u64::from_str_radix(value.as_str()?.strip_prefix("0x")?, 16).ok()
}

fn hex(value: u64) -> Value {
    json!(format!("{value:#x}"))
}

fn for_each_log_list(method: &str, result: &mut Value, change: &mut dyn FnMut(&mut Vec<Value>)) {
    match (method, &mut *result) {
        ("eth_getLogs", Value::Array(logs)) => change(logs),
        ("eth_getBlockReceipts", Value::Array(receipts)) => {
            receipts
                .iter_mut()
                .filter_map(|receipt| receipt["logs"].as_array_mut())
                .for_each(change);
        }
        ("eth_getTransactionReceipt", Value::Object(receipt)) => {
            receipt
                .get_mut("logs")
                .and_then(Value::as_array_mut)
                .into_iter()
                .for_each(change);
        }
        _ => {}
    }
}

/// Adds to every number in an answer of Multicall3: `(bool,bytes)[]` of one word each.
fn inflate_results(result: &mut Value, more: u128) {
    let text = result.as_str().unwrap_or_default().trim_start_matches("0x");
    let mut words: Vec<String> = text
        .as_bytes()
        .chunks(64)
        .map(|word| String::from_utf8_lossy(word).into_owned())
        .collect();
    let count = words
        .get(1)
        .map_or(0, |word| abi::parse_number(&format!("0x{word}")));
    let count = usize::try_from(count).unwrap_or(0);
    if words.len() != 2 + 5 * count {
        return;
    }
    for word in words.iter_mut().skip(2 + count).skip(3).step_by(4) {
        *word = format!("{:064x}", abi::parse_number(&format!("0x{word}")) + more);
    }
    *result = json!(format!("0x{}", words.concat()));
}

fn alter(log: &mut Value, more: u128) {
    if log["topics"][0] == TRANSFER
        && let Some(data) = log["data"].as_str()
    {
        log["data"] = json!(format!("{:#066x}", abi::parse_number(data) + more));
    }
}

fn alter_native(method: &str, result: &mut Value, more: u128) {
    if !matches!(method, "eth_getBlockByNumber" | "eth_getBlockByHash") {
        return;
    }
    for transaction in result["transactions"].as_array_mut().into_iter().flatten() {
        let value = transaction
            .get("value")
            .and_then(Value::as_str)
            .map(abi::parse_number);
        if let Some(value) = value.filter(|value| *value > 0) {
            transaction["value"] = json!(format!("{:#x}", value + more));
        }
    }
}
