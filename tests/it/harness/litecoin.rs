//! A real Litecoin node on a private chain, with its own wallets as payers.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::ports::free_port;
use super::process::Process;
use super::{http, wait_until};

/// The node itself; what is on the path is a wrapper that writes to the home directory.
const PROGRAM: &str = "/usr/lib/litecoin/litecoind";
/// From this height on, each block ends in a HogEx transaction, as on the main chain.
const MWEB_HEIGHT: u64 = 432;
/// The wallet with the money.
pub const PAYER: &str = "payer";
/// A wallet that only gives out addresses: the shop's.
pub const SHOP: &str = "shop";

/// A running node.
pub struct Litecoin {
    port: u16,
    http: reqwest::Client,
    rewards_to: String,
    _process: Process,
    _dir: Arc<TempDir>,
}

impl Litecoin {
    /// Starts a node, gives its payer money and takes the chain past the activation of MWEB.
    pub async fn start() -> Self {
        let mut node = Self::launch().await;
        for wallet in [PAYER, SHOP] {
            node.call("createwallet", json!([wallet])).await;
        }
        node.rewards_to = node.address(PAYER, "bech32").await;
        node.mine(MWEB_HEIGHT - 1).await;
        // Without a coin that goes there, the activation block cannot be made.
        node.peg_in(PAYER, "1").await;
        node.mine(8).await;
        node
    }

    async fn launch() -> Self {
        let dir = Arc::new(tempfile::tempdir().expect("a temporary folder"));
        let port = free_port();
        let config = dir.path().join("litecoin.conf");
        let settings = format!(
            "regtest=1\nserver=1\nlisten=0\ntxindex=1\nmempoolreplacement=1\nfallbackfee=0.0001\nkeypool=20\n[regtest]\nrpcuser=payd\n\
             rpcpassword=payd\nrpcport={port}\nrpcbind=127.0.0.1\nrpcallowip=127.0.0.1\n"
        );
        std::fs::write(&config, settings).expect("a configuration file");
        let mut command = Command::new(PROGRAM);
        command
            .arg(argument("-datadir", dir.path()))
            .arg(argument("-conf", &config));
        command.env("HOME", dir.path());
        let mut process = Process::start("litecoind", command, dir.path());
        let node = http::client();
        let url = format!("http://payd:payd@127.0.0.1:{port}/");
        wait_until("litecoind", || {
            assert!(process.ended().is_none(), "litecoind ended: {}", process.stderr());
            let asked = rpc(&node, &url, "getblockcount", json!([]));
            async { asked.await.ok() }
        })
        .await;
        Self {
            port,
            http: node,
            rewards_to: String::new(),
            _process: process,
            _dir: dir,
        }
    }

    /// Where its JSON-RPC is, with what it asks for.
    pub fn url(&self) -> String {
        format!("http://payd:payd@127.0.0.1:{}/", self.port)
    }

    /// A call that has to succeed.
    pub async fn call(&self, method: &str, params: Value) -> Value {
        let answer = rpc(&self.http, &self.url(), method, params).await;
        answer.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// A call to one of its wallets that has to succeed.
    pub async fn wallet(&self, wallet: &str, method: &str, params: Value) -> Value {
        let url = format!("{}wallet/{wallet}", self.url());
        let answer = rpc(&self.http, &url, method, params).await;
        answer.unwrap_or_else(|error| panic!("{method} of {wallet}: {error}"))
    }

    /// A new address of a wallet: `legacy`, `p2sh-segwit`, `bech32` or `mweb`.
    pub async fn address(&self, wallet: &str, kind: &str) -> String {
        let address = self.wallet(wallet, "getnewaddress", json!(["", kind])).await;
        text(&address)
    }

    /// Makes `count` blocks with what waits for one.
    pub async fn mine(&self, count: u64) {
        self.call("generatetoaddress", json!([count, self.rewards_to]))
            .await;
    }

    /// Makes `count` blocks without a transaction that waits for one. (`generateblock` knows nothing of MWEB.)
    pub async fn mine_without(&self, txid: &str, count: u64) {
        for fee in [-100_000_000, 100_000_000] {
            if fee > 0 {
                self.mine(count).await;
            }
            self.call("prioritisetransaction", json!([txid, 0, fee])).await;
        }
    }

    /// The height of the tip.
    pub async fn height(&self) -> u64 {
        self.call("getblockcount", json!([]))
            .await
            .as_u64()
            .expect("a height")
    }

    /// The hash of the tip.
    pub async fn tip(&self) -> String {
        text(&self.call("getbestblockhash", json!([])).await)
    }

    /// Takes a block and all above it off the chain.
    pub async fn invalidate(&self, hash: &str) {
        self.call("invalidateblock", json!([hash])).await;
    }

    /// Pays each address its amount of coins, in one transaction of the payer; gives the transaction's id.
    pub async fn pay(&self, outputs: &[(&str, &str)]) -> String {
        let outputs: serde_json::Map<String, Value> = outputs
            .iter()
            .map(|(address, coins)| ((*address).to_owned(), json!(coins)))
            .collect();
        let sent = self.wallet(PAYER, "sendmany", json!(["", outputs])).await;
        text(&sent)
    }

    /// Pays so that the transaction may be replaced (BIP-125).
    pub async fn pay_replaceable(&self, address: &str, coins: &str) -> String {
        let params = json!([address, coins, "", "", false, true]);
        text(&self.wallet(PAYER, "sendtoaddress", params).await)
    }

    /// Replaces a payment by one with a larger fee.
    pub async fn bump(&self, txid: &str) -> String {
        let bumped = self.wallet(PAYER, "bumpfee", json!([txid])).await;
        text(&bumped["txid"])
    }

    /// Spends the coins of a payment that waits back to the payer, with a larger fee.
    pub async fn take_back(&self, txid: &str) -> String {
        let known = self.wallet(PAYER, "gettransaction", json!([txid])).await;
        let decoded = self.call("decoderawtransaction", json!([known["hex"]])).await;
        let mut coins = 0;
        let mut inputs = Vec::new();
        for input in decoded["vin"].as_array().expect("inputs") {
            let (from, position) = (&input["txid"], &input["vout"]);
            let spent = self.wallet(PAYER, "gettransaction", json!([from])).await;
            let spent = self.call("decoderawtransaction", json!([spent["hex"]])).await;
            let output =
                &spent["vout"][usize::try_from(position.as_u64().expect("a position")).expect("small")];
            coins += units(&output["value"].to_string());
            inputs.push(json!({"txid": from, "vout": position, "sequence": 0}));
        }
        let back = self.address(PAYER, "bech32").await;
        let outputs = json!({ back: decimal(coins - 500_000) });
        let raw = self.call("createrawtransaction", json!([inputs, outputs])).await;
        let signed = self
            .wallet(PAYER, "signrawtransactionwithwallet", json!([raw]))
            .await;
        // The fee is high on purpose.
        text(&self.call("sendrawtransaction", json!([signed["hex"], 0])).await)
    }

    /// Moves coins of a wallet's own into MWEB.
    pub async fn peg_in(&self, wallet: &str, coins: &str) -> String {
        let inside = self.address(wallet, "mweb").await;
        text(&self.wallet(PAYER, "sendtoaddress", json!([inside, coins])).await)
    }

    /// Pays an ordinary address from a wallet that has nothing but coins in MWEB.
    pub async fn peg_out(&self, wallet: &str, address: &str, coins: &str) -> String {
        text(
            &self
                .wallet(wallet, "sendtoaddress", json!([address, coins]))
                .await,
        )
    }
}

fn argument(name: &str, path: &Path) -> String {
    format!("{name}={}", path.display())
}

/// One call; the error is the JSON-RPC error object, or why there was no answer.
async fn rpc(http: &reqwest::Client, url: &str, method: &str, params: Value) -> Result<Value, Value> {
    let request = json!({ "jsonrpc": "1.0", "id": 1, "method": method, "params": params });
    let reply = http.post(url).body(request.to_string()).send().await;
    let reply = reply.map_err(|error| json!(error.to_string()))?;
    let body = reply.bytes().await.map_err(|error| json!(error.to_string()))?;
    let mut body: Value = serde_json::from_slice(&body).map_err(|error| json!(error.to_string()))?;
    match body["error"].take() {
        Value::Null => Ok(body["result"].take()),
        error => Err(error),
    }
}

/// Litoshis of a number of coins with up to eight digits after the point.
pub fn units(coins: &str) -> u128 {
    let (whole, fraction) = coins.split_once('.').unwrap_or((coins, ""));
    format!("{whole}{fraction:0<8}")
        .parse()
        .expect("a number of coins")
}

/// Coins of a number of litoshis.
pub fn decimal(units: u128) -> String {
    format!("{}.{:08}", units / 100_000_000, units % 100_000_000)
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}
