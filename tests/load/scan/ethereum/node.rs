//! A node that serves the blocks.

use std::sync::Arc;

use serde::Deserialize;

use super::CHAIN_ID;
use super::blocks::Made;
use crate::node::{Answers, json_rpc};

pub(super) struct Node(pub(super) Arc<Made>);

impl Answers for Node {
    fn answer(&self, _: &str, _: &str, body: Option<&[u8]>) -> (u64, Vec<u8>) {
        json_rpc(body.unwrap(), |method, params, out| {
            self.result(method, params, out)
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Filter {
    block_hash: Option<String>,
    from_block: Option<String>,
    to_block: Option<String>,
}

impl Node {
    fn result(&self, method: &str, params: &str, out: &mut Vec<u8>) {
        let made = &self.0;
        let by_hash = || {
            let (hash,): (&str,) = serde_json::from_str(params).unwrap();
            &made.blocks[&made.heights[hash]]
        };
        match method {
            "eth_chainId" => out.extend(format!("\"{CHAIN_ID:#x}\"").bytes()),
            "eth_call" => out.extend(format!("\"0x{:064x}\"", 18).bytes()),
            "eth_getBlockByNumber" => {
                let (height, is_full): (&str, bool) = serde_json::from_str(params).unwrap();
                let height = height
                    .strip_prefix("0x")
                    .map_or(made.last, |digits| u64::from_str_radix(digits, 16).unwrap());
                let block = &made.blocks[&height];
                out.extend_from_slice(if is_full { &block.full } else { &block.header }.as_bytes());
            }
            "eth_getBlockReceipts" => out.extend_from_slice(by_hash().receipts.as_bytes()),
            "eth_getTransactionReceipt" => {
                let (hash,): (&str,) = serde_json::from_str(params).unwrap();
                let found = made.blocks.values().find_map(|block| block.receipt_of.get(hash));
                out.extend_from_slice(found.unwrap().as_bytes());
            }
            "eth_getLogs" => self.logs(params, out),
            "eth_getBalance" => out.extend_from_slice(b"\"0x0\""),
            other => panic!("{other} {params}"),
        }
    }

    fn logs(&self, params: &str, out: &mut Vec<u8>) {
        let (filter,): (Filter,) = serde_json::from_str(params).unwrap();
        let height = |text: &Option<String>| {
            u64::from_str_radix(text.as_ref().unwrap().strip_prefix("0x").unwrap(), 16).unwrap()
        };
        let heights = match &filter.block_hash {
            Some(hash) => self.0.heights[hash]..=self.0.heights[hash],
            None => height(&filter.from_block)..=height(&filter.to_block),
        };
        let of_some = params.contains(",null,[");
        out.push(b'[');
        let before = out.len();
        for height in heights {
            let block = &self.0.blocks[&height];
            let logs = if of_some { &block.paid } else { &block.logs };
            if !logs.is_empty() {
                if out.len() > before {
                    out.push(b',');
                }
                out.extend_from_slice(logs.as_bytes());
            }
        }
        out.push(b']');
    }
}
