//! What a node of the Bitcoin-like chain says, with the faults that are its own.

use bitcoin::Amount;
use bitcoin::consensus::encode::{deserialize_hex, serialize_hex};
use serde_json::{Value, json};

use super::{Bitcoin, Body};
use crate::chains::RpcError;
use crate::provider::Fault;
use crate::world::BlockIndex;

/// A node that is asked.
pub struct Speaker<'a> {
    pub chain: &'a Bitcoin,
    pub provider: usize,
    pub fault: Fault,
}

fn text(word: &str) -> String {
    format!("\"{word}\"")
}

impl Speaker<'_> {
    pub fn result(&self, method: &str, params: &Value) -> Result<String, RpcError> {
        if self.fault == Fault::WarmsUp {
            return Err((-28, "Loading block index..."));
        }
        let view = self.view();
        match method {
            "getbestblockhash" => Ok(text(&self.named(view[view.len() - 1]))),
            "getblockhash" => {
                let at = view.get(params[0].as_u64().unwrap() as usize);
                let at = at.ok_or((-8, "Block height out of range"))?;
                Ok(text(&self.named(*at)))
            }
            "getblockheader" => {
                let index = self.find(&params[0])?;
                Ok(match params[1] == json!(true) {
                    true => self.told_header(index),
                    false => text(&serialize_hex(&self.body(index).header)),
                })
            }
            "getblock" => Ok(text(&self.raw_block(self.find(&params[0])?))),
            "getrawmempool" if self.fault == Fault::NoMempool => Err((-32601, "Method not found")),
            "getrawmempool" => {
                let waiting = self.chain.mempool(self.provider, self.fault);
                let txids: Vec<&str> = waiting.iter().map(|tx| &*self.chain.txs[*tx].txid).collect();
                Ok(json!(txids).to_string())
            }
            "getrawtransaction" => self.transaction(params[0].as_str().unwrap()),
            "getblockchaininfo" => Ok(r#"{"chain":"regtest","pruned":false}"#.to_owned()),
            "getindexinfo" => Ok("{}".to_owned()),
            _ => Err((-32601, "Method not found")),
        }
    }

    fn view(&self) -> &[BlockIndex] {
        &self.chain.world.views[self.provider]
    }

    fn body(&self, index: BlockIndex) -> &Body {
        &self.chain.bodies[index]
    }

    /// A block's name, as this one tells it.
    fn named(&self, index: BlockIndex) -> String {
        let hash = &self.chain.world.blocks[index].hash;
        match self.fault {
            Fault::OtherHashes if index > 0 => format!("00000000{}", &hash[8..]),
            _ => hash.clone(),
        }
    }

    /// The block of a name that it told; a node keeps those that have left its chain.
    fn find(&self, hash: &Value) -> Result<BlockIndex, RpcError> {
        let hash = hash.as_str().unwrap();
        let world = &self.chain.world;
        let known = world.by_hash.get(hash).copied();
        let known = known.filter(|index| world.blocks[*index].is_known_to(self.provider));
        let known = known.or_else(|| {
            let mut newest = self.view().iter().rev();
            newest.find(|index| self.named(**index) == hash).copied()
        });
        known.ok_or((-5, "Block not found"))
    }

    fn told_header(&self, index: BlockIndex) -> String {
        let (block, header) = (&self.chain.world.blocks[index], self.body(index).header);
        let height = match self.fault {
            Fault::FarAhead => block.height + 5000,
            _ => block.height,
        };
        let mut told = json!({
            "hash": self.named(index),
            "height": height,
            "version": header.version.to_consensus(),
            "merkleroot": header.merkle_root.to_string(),
            "time": header.time,
            "bits": format!("{:08x}", header.bits.to_consensus()),
            "nonce": header.nonce,
        });
        if block.parent.is_some() {
            told["previousblockhash"] = json!(header.prev_blockhash.to_string());
        }
        told.to_string()
    }

    fn raw_block(&self, index: BlockIndex) -> String {
        let raw = &self.body(index).raw;
        if !matches!(self.fault, Fault::Omits | Fault::Alters | Fault::Doubles) {
            return raw.clone();
        }
        let mut block: bitcoin::Block = deserialize_hex(raw).unwrap();
        let last = block.txdata.pop().unwrap();
        match self.fault {
            Fault::Doubles => block.txdata.extend([last.clone(), last]),
            Fault::Alters => block.txdata.push(altered(last)),
            _ => {}
        }
        serialize_hex(&block)
    }

    /// A transaction of its mempool.
    fn transaction(&self, txid: &str) -> Result<String, RpcError> {
        let asked = self.chain.by_txid.get(txid);
        let asked = asked.filter(|index| self.chain.has(self.provider, **index));
        let asked = asked.ok_or((-5, "No such mempool transaction."))?;
        let body = &self.chain.txs[*asked].body;
        Ok(text(&match self.fault {
            Fault::Alters => serialize_hex(&altered(body.clone())),
            _ => serialize_hex(body),
        }))
    }
}

fn altered(mut transaction: bitcoin::Transaction) -> bitcoin::Transaction {
    for output in &mut transaction.output {
        output.value += Amount::from_sat(1 + output.value.to_sat() / 2);
    }
    transaction
}
