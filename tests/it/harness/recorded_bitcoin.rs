//! Bitcoin as it was recorded: a regtest chain of 131 blocks with two reorganisations and replaced transactions, told
//! as a node tells it by JSON-RPC and as an Esplora server does by HTTP. Can stand at any step of the recording.
//!
//! Plain functions from question to answer, over `tests/fixtures/bitcoin/recorded.json`; who carries them is elsewhere.

use std::sync::{LazyLock, Mutex};

use serde_json::{Value, json};

static RECORDED: LazyLock<Value> = LazyLock::new(|| {
    let text = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/bitcoin/recorded.json"
    ));
    serde_json::from_str(text).unwrap()
});

/// The last step: every block, an empty mempool.
pub const FINAL: &str = "15-final";

/// The recorded chain, as it was at one step.
pub struct RecordedBitcoin {
    step: Mutex<&'static Value>,
}

/// Output `vout` of `txid` that pays `sats` to `address`.
pub type Credit = (String, u64, String, u64);

impl RecordedBitcoin {
    pub fn at(step: &str) -> Self {
        let recorded = Self {
            step: Mutex::new(&Value::Null),
        };
        recorded.stand_at(step);
        recorded
    }

    /// Names of all steps, in order.
    pub fn steps() -> Vec<&'static str> {
        let steps = RECORDED["steps"].as_array().unwrap().iter();
        steps.map(|step| step["name"].as_str().unwrap()).collect()
    }

    pub fn stand_at(&self, step: &str) {
        let mut steps = RECORDED["steps"].as_array().unwrap().iter();
        *self.step.lock().unwrap() = steps.find(|known| known["name"] == step).expect(step);
    }

    pub fn tip(&self) -> &'static str {
        self.step.lock().unwrap()["tip"].as_str().unwrap()
    }

    pub fn height(&self) -> u64 {
        height(self.tip())
    }

    /// When the highest block was made, in seconds.
    pub fn tip_time_s(&self) -> i64 {
        i64::from(u32::from_le_bytes(field(self.tip(), 68)))
    }

    /// The addresses of the shop, with their labels.
    pub fn addresses() -> Vec<(&'static str, &'static str)> {
        let addresses = RECORDED["addresses"].as_array().unwrap().iter();
        addresses
            .map(|address| {
                (
                    address["label"].as_str().unwrap(),
                    address["address"].as_str().unwrap(),
                )
            })
            .collect()
    }

    /// The expected credits whose final state begins with `state`, with the height of the block that holds them.
    pub fn credits(state: &str) -> Vec<(Option<u64>, Credit)> {
        let credits = RECORDED["credits"].as_array().unwrap().iter();
        let of_state = credits.filter(|credit| credit["state"].as_str().unwrap().starts_with(state));
        of_state
            .map(|credit| (credit["block_height"].as_u64(), read_credit(credit)))
            .collect()
    }

    /// How many credits were recorded in whatever state.
    pub fn credit_count() -> usize {
        RECORDED["credits"].as_array().unwrap().len()
    }

    /// The raw block `hash`.
    pub fn raw(hash: &str) -> Vec<u8> {
        hex::decode(RECORDED["blocks"][hash]["raw"].as_str().unwrap()).unwrap()
    }

    /// A raw transaction that once was in the mempool.
    pub fn raw_transaction(txid: &str) -> Vec<u8> {
        hex::decode(RECORDED["transactions"][txid]["raw"].as_str().unwrap()).unwrap()
    }

    /// The hash of the block with this label, such as `A-lost`.
    pub fn labelled(label: &str) -> &'static str {
        let mut blocks = RECORDED["blocks"].as_object().unwrap().iter();
        let found = blocks.find(|(_, block)| block["label"] == label);
        found.unwrap().0
    }

    /// The hash at `height` on the chain of this step.
    pub fn hash_at(&self, height: u64) -> Option<&'static str> {
        let mut hash = self.tip();
        loop {
            let block = &RECORDED["blocks"][hash];
            match block["height"].as_u64().unwrap() {
                found if found == height => return Some(hash),
                found if found < height => return None,
                _ => hash = block["parent"].as_str()?,
            }
        }
    }

    fn mempool(&self) -> &'static Value {
        let step: &'static Value = *self.step.lock().unwrap();
        &step["mempool"]
    }

    /// A node's answer to one call or a batch, as to `"jsonrpc":"2.0"`: always with HTTP 200.
    pub fn answer_rpc(&self, body: &Value) -> Value {
        match body.as_array() {
            Some(calls) => calls.iter().map(|call| self.answer_call(call)).collect(),
            None => self.answer_call(body),
        }
    }

    fn answer_call(&self, call: &Value) -> Value {
        match self.result(call["method"].as_str().unwrap(), &call["params"]) {
            Ok(result) => json!({"jsonrpc": "2.0", "result": result, "id": call["id"]}),
            Err((code, message)) => {
                json!({"jsonrpc": "2.0", "error": {"code": code, "message": message}, "id": call["id"]})
            }
        }
    }

    fn result(&self, method: &str, params: &Value) -> Result<Value, (i64, &'static str)> {
        const NO_BLOCK: (i64, &str) = (-5, "Block not found");
        let known = || {
            params[0]
                .as_str()
                .filter(|hash| RECORDED["blocks"].get(hash).is_some())
        };
        match method {
            "getbestblockhash" => Ok(json!(self.tip())),
            "getblockcount" => Ok(json!(self.height())),
            "getblockchaininfo" => Ok(json!({
                "chain": "regtest", "blocks": self.height(), "headers": self.height(),
                "bestblockhash": self.tip(), "pruned": false, "initialblockdownload": false,
            })),
            "getindexinfo" => Ok(json!({"txindex": {"synced": true, "best_block_height": self.height()}})),
            "getblockhash" => {
                let hash = self.hash_at(params[0].as_u64().unwrap());
                hash.map(|hash| json!(hash))
                    .ok_or((-8, "Block height out of range"))
            }
            "getblockheader" => {
                let hash = known().ok_or(NO_BLOCK)?;
                if params[1] == json!(false) {
                    return Ok(json!(hex::encode(&Self::raw(hash)[..80])));
                }
                Ok(header_fields(hash))
            }
            "getblock" => {
                assert_eq!(params[1], json!(0), "blocks are asked for raw");
                Ok(RECORDED["blocks"][known().ok_or(NO_BLOCK)?]["raw"].clone())
            }
            "getrawmempool" => Ok(self.mempool().clone()),
            "getrawtransaction" => {
                let is_here = self.mempool().as_array().unwrap().contains(&params[0]);
                let transaction = &RECORDED["transactions"][params[0].as_str().unwrap()];
                match &transaction["raw"] {
                    raw if is_here && raw.is_string() => Ok(raw.clone()),
                    _ => Err((
                        -5,
                        "No such mempool transaction. Use -txindex or provide a block hash to enable blockchain \
                         transaction queries. Use gettransaction for wallet transactions.",
                    )),
                }
            }
            _ => Err((-32601, "Method not found")),
        }
    }

    /// An Esplora server's answer to a GET of `path`, without its leading slash.
    pub fn answer_rest(&self, path: &str) -> (u16, Vec<u8>) {
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        let text = |text: &str| (200, text.as_bytes().to_vec());
        let no_block = || (404, b"Block not found".to_vec());
        // A server drops stale blocks.
        let on_chain = |hash: &str| {
            let height = RECORDED["blocks"].get(hash)?["height"].as_u64()?;
            self.hash_at(height).filter(|known| *known == hash)
        };
        match parts.as_slice() {
            ["blocks", "tip", "hash"] => text(self.tip()),
            ["blocks", "tip", "height"] => text(&self.height().to_string()),
            ["block-height", height] => match height.parse().ok().and_then(|height| self.hash_at(height)) {
                Some(hash) => text(hash),
                None => no_block(),
            },
            ["block", hash, rest @ ..] => match (on_chain(hash), rest) {
                (Some(hash), []) => (200, serde_json::to_vec(&esplora_block(hash)).unwrap()),
                (Some(hash), ["header"]) => text(&hex::encode(&Self::raw(hash)[..80])),
                (Some(hash), ["raw"]) => (200, Self::raw(hash)),
                _ => no_block(),
            },
            ["address", address, "txs", "mempool"] => {
                (200, serde_json::to_vec(&self.mempool_of(address)).unwrap())
            }
            ["address", address] => {
                let sums = &self.step.lock().unwrap()["sums"][address];
                let sum = |place: usize| sums[place].as_u64().unwrap_or_default();
                let stats = json!({"funded_txo_sum": sum(0), "spent_txo_sum": sum(1)});
                (
                    200,
                    serde_json::to_vec(&json!({"address": address, "chain_stats": stats})).unwrap(),
                )
            }
            _ => (404, format!("endpoint does not exist \"/{path}\"").into_bytes()),
        }
    }

    fn mempool_of(&self, address: &str) -> Value {
        let addresses = RECORDED["addresses"].as_array().unwrap();
        let owner = addresses.iter().find(|known| known["address"] == address);
        let script = owner.map_or(&Value::Null, |owner| &owner["script"]);
        let mut found = Vec::new();
        for txid in self.mempool().as_array().unwrap() {
            let outputs = RECORDED["transactions"][txid.as_str().unwrap()]["outputs"]
                .as_array()
                .unwrap();
            if outputs.iter().any(|output| output[1] == *script) {
                let outputs = outputs
                    .iter()
                    .map(|output| json!({"scriptpubkey": output[1], "value": output[0]}));
                let outputs: Vec<Value> = outputs.collect();
                found.push(json!({"txid": txid, "vout": outputs, "status": {"confirmed": false}}));
            }
        }
        json!(found)
    }
}

fn height(hash: &str) -> u64 {
    RECORDED["blocks"][hash]["height"].as_u64().unwrap()
}

fn field<const N: usize>(hash: &str, at: usize) -> [u8; N] {
    RecordedBitcoin::raw(hash)[at..at + N].try_into().unwrap()
}

fn named(hash: &str, at: usize) -> String {
    let mut bytes: [u8; 32] = field(hash, at);
    bytes.reverse();
    hex::encode(bytes)
}

fn number(hash: &str, at: usize) -> u32 {
    u32::from_le_bytes(field(hash, at))
}

fn header_fields(hash: &str) -> Value {
    let mut fields = json!({
        "hash": hash, "confirmations": 1, "height": height(hash), "version": number(hash, 0),
        "merkleroot": named(hash, 36), "time": number(hash, 68), "bits": format!("{:08x}", number(hash, 72)),
        "nonce": number(hash, 76), "difficulty": 4.656542373906925e-10, "nTx": 1,
    });
    if height(hash) > 0 {
        fields["previousblockhash"] = json!(named(hash, 4));
    }
    fields
}

fn esplora_block(hash: &str) -> Value {
    let mut fields = json!({
        "id": hash, "height": height(hash), "version": number(hash, 0), "timestamp": number(hash, 68),
        "merkle_root": named(hash, 36), "nonce": number(hash, 76), "bits": number(hash, 72),
    });
    if height(hash) > 0 {
        fields["previousblockhash"] = json!(named(hash, 4));
    }
    fields
}

fn read_credit(credit: &Value) -> Credit {
    (
        credit["txid"].as_str().unwrap().to_owned(),
        credit["vout"].as_u64().unwrap(),
        credit["address"].as_str().unwrap().to_owned(),
        credit["sats"].as_u64().unwrap(),
    )
}
