//! What a node of the EVM chain says, with the faults that are its own.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::proof::{self, GAS, SENDER, hex0x};
use super::{CHAIN_ID, Evm, TRANSFER, Tx, USDC, USDT, contract, placed};
use crate::chains::RpcError;
use crate::provider::{Fault, Tells};
use crate::world::{Block, BlockIndex, Coin, FINAL_DEPTH};

/// A node that is asked.
pub struct Speaker<'a> {
    pub chain: &'a Evm,
    pub provider: usize,
    pub fault: Fault,
    /// Whether it tells of the chain of its own, where it has one.
    pub is_from_fork: bool,
}

impl Speaker<'_> {
    fn view(&self) -> &[BlockIndex] {
        match &self.chain.forks[self.provider] {
            Some(fork) if self.is_from_fork => &fork.chain,
            Some(_) | None => &self.chain.world.views[self.provider],
        }
    }

    /// What it answers from when it is asked which block it has at a height.
    fn voted(&self) -> &[BlockIndex] {
        match self.fault {
            Fault::OwnChain(Tells::ButForVotes) => &self.chain.world.views[self.provider],
            _ => self.view(),
        }
    }

    fn block_of(&self, index: BlockIndex) -> &Block {
        &self.chain.world.blocks[index]
    }

    pub fn result(&self, method: &str, params: &Value) -> Result<String, RpcError> {
        let view = self.view();
        match method {
            "eth_chainId" => Ok(format!("\"{CHAIN_ID:#x}\"")),
            "eth_call" => Ok(match params[0]["to"].as_str() {
                Some(USDT | USDC) => format!("\"0x{:064x}\"", 6),
                Some(_) | None => "\"0x\"".to_owned(),
            }),
            "eth_getBlockByNumber" => Ok(self.block(&params[0], params[1] == json!(true))),
            "eth_getLogs" => self.logs(&params[0]),
            "eth_getBlockReceipts" => Ok(self.receipts(params[0].as_str().unwrap())),
            "eth_getTransactionReceipt" => Ok(self.receipt(params[0].as_str().unwrap())),
            "eth_getBalance" if self.chain.tells_balances => {
                let at = match params[1]["blockHash"].as_str() {
                    Some(hash) => self.at_hash(hash),
                    None => view.get(number(&params[1]) as usize).copied(),
                };
                let at = at.ok_or((-32000, "header not found"))?;
                let address = &params[0].as_str().unwrap()[2..];
                let mut known = self.chain.balances.borrow_mut();
                if known.as_ref().is_none_or(|(tip, _)| *tip != at) {
                    *known = Some((at, self.chain.balances_at(at)));
                }
                let balance = known.as_ref().and_then(|(_, balances)| balances.get(address));
                Ok(format!("\"{:#x}\"", balance.copied().unwrap_or(0)))
            }
            "eth_getBalance" => Err((-32000, "missing trie node: the state is pruned")),
            _ => Err((-32601, "the method does not exist")),
        }
    }

    fn at_hash(&self, hash: &str) -> Option<BlockIndex> {
        let index = *self.chain.world.by_hash.get(hash)?;
        let height = self.block_of(index).height as usize;
        (self.view().get(height) == Some(&index)).then_some(index)
    }

    fn block(&self, which: &Value, is_full: bool) -> String {
        let is_tip = matches!(which.as_str(), Some("latest" | "finalized" | "safe"));
        let view = match is_tip || is_full {
            true => self.view(),
            false => self.voted(),
        };
        let asked = match is_tip {
            true => view.len() as u64 - 1,
            false => number(which),
        };
        let Some(index) = view.get(asked as usize) else {
            return "null".to_owned();
        };
        let block = self.block_of(*index);
        let mut height = block.height;
        if self.fault == Fault::FarAhead && which == "latest" {
            height += 5000;
        }
        let parent = block.parent.map(|parent| &self.block_of(parent).hash);
        let parent = parent.map_or_else(proof::nobody, |parent| self.named(parent));
        let txs: Vec<String> = self.chain.txs[*index]
            .iter()
            .map(|tx| transaction(tx, is_full))
            .collect();
        format!(
            r#"{{"hash":"{}","parentHash":"{parent}","number":"{height:#x}","timestamp":"{:#x}",{},"transactions":[{}]}}"#,
            self.named(&block.hash),
            block.time_s,
            self.chain.seals[*index].text,
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

    fn logs(&self, filter: &Value) -> Result<String, RpcError> {
        let view = self.view();
        let blocks: Vec<BlockIndex> = match filter["blockHash"].as_str() {
            Some(hash) => vec![self.at_hash(hash).ok_or((-32000, "unknown block"))?],
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
            let is_old = self.block_of(index).height + FINAL_DEPTH < view.len() as u64;
            for (_, log) in self.logs_of(index, is_old, &is_wanted) {
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
    fn logs_of(
        &self,
        index: BlockIndex,
        is_old: bool,
        is_wanted: &dyn Fn(&str) -> bool,
    ) -> Vec<(usize, String)> {
        let (block, txs) = (self.block_of(index), &self.chain.txs[index]);
        let mut logs = Vec::new();
        let mut last = 0;
        for (place, transfer) in placed(txs) {
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
            let targets = self.chain.targets.iter().rev().take(3);
            for target in targets.filter(|target| target.coin != Coin::Native) {
                let log = Log {
                    coin: target.coin,
                    to: &target.to,
                    amount: target.amount,
                    txid: &format!("0x{:016x}{:048x}", 0xfa_u64, block.height),
                    place: txs.len(),
                    position: last,
                };
                last += 1;
                logs.push((log.place, log.text(&block.hash)));
            }
        }
        logs
    }

    fn receipt(&self, hash: &str) -> String {
        // Mostly they are asked for of blocks near the tip.
        for index in self.view().iter().rev() {
            if let Some(place) = self.chain.txs[*index].iter().position(|tx| tx.hash == hash) {
                return self.receipt_at(*index, place, "");
            }
        }
        "null".to_owned()
    }

    /// All receipts of a block, with all that was logged.
    fn receipts(&self, hash: &str) -> String {
        let Some(index) = self.at_hash(hash) else {
            return "null".to_owned();
        };
        let logs = self.logs_of(index, false, &|_| true);
        let receipts = (0..self.chain.txs[index].len()).map(|place| {
            let of_tx = logs.iter().filter(|(of, _)| *of == place);
            let of_tx: Vec<&str> = of_tx.map(|(_, log)| log.as_str()).collect();
            self.receipt_at(index, place, &of_tx.join(","))
        });
        format!("[{}]", receipts.collect::<Vec<_>>().join(","))
    }

    fn receipt_at(&self, index: BlockIndex, place: usize, logs: &str) -> String {
        let tx = &self.chain.txs[index][place];
        let has_failed = tx.fails != (self.fault == Fault::TurnsReceipts);
        format!(
            r#"{{"transactionHash":"{}","transactionIndex":"{place:#x}","blockHash":"{}","status":"{}","cumulativeGasUsed":"{:#x}","logsBloom":"{}","logs":[{logs}]}}"#,
            tx.hash,
            self.named(&self.block_of(index).hash),
            if has_failed { "0x0" } else { "0x1" },
            GAS * (place as u128 + 1),
            self.chain.seals[index].blooms[place],
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
