//! The rig tested on itself: a test that trusts a broken rig proves nothing.

mod browser;
mod node;
mod process;
mod proxy;
mod receiver;
mod samples;

use serde_json::Value;

use crate::harness::abi;

const SHOP: &str = "0x742d35cc6634c0532925a3b844bc9e7595f7e5a3";
const TRANSFER: &str = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
const BSC: u64 = 56;

/// Recipient and amount of every Transfer log of a receipt, in order.
fn transfers(receipt: &Value) -> Vec<(String, u128)> {
    let logs = receipt["logs"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|log| log["topics"][0] == TRANSFER);
    let recipient = |log: &Value| format!("0x{}", &log["topics"][2].as_str().unwrap()[26..]);
    logs.map(|log| (recipient(log), abi::parse_number(log["data"].as_str().unwrap())))
        .collect()
}
