//! A real bitcoind or litecoind on a regtest chain of its own: blocks, payments and reorganisations on demand.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::ports::free_port;
use super::process::Process;
use super::{http, wait_until};

/// Where Debian's package has litecoind itself; the one on the path is a wrapper that writes to the home folder.
const LITECOIND: &str = "/usr/lib/litecoin/litecoind";

const WALLET: &str = "shop";
const OTHER_WALLET: &str = "payer";

/// A running node with a wallet.
pub struct CoreNode {
    port: u16,
    http: reqwest::Client,
    _process: Process,
    _dir: TempDir,
}

impl CoreNode {
    /// Starts litecoind.
    pub async fn litecoin() -> Self {
        Self::start(Path::new(LITECOIND)).await
    }

    /// Starts the bitcoind that `BITCOIND_EXE` names; `None`, and says so, where it names none.
    pub async fn bitcoin() -> Option<Self> {
        let Some(program) = std::env::var_os("BITCOIND_EXE") else {
            eprintln!("skipped: BITCOIND_EXE names no bitcoind to test against");
            return None;
        };
        Some(Self::start(Path::new(&program)).await)
    }

    async fn start(program: &Path) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let port = free_port();
        let mut config = String::from("regtest=1\nserver=1\ntxindex=1\nfallbackfee=0.0001\n[regtest]\n");
        write!(
            config,
            "rpcport={port}\nlisten=0\nrpcuser=user\nrpcpassword=pass word/%\n"
        )
        .expect("text");
        let file = dir.path().join("node.conf");
        std::fs::write(&file, config).expect("a configuration file");
        let mut command = Command::new(program);
        command
            .arg(format!("-datadir={}", dir.path().display()))
            .arg(format!("-conf={}", file.display()));
        let mut process = Process::start("node", command, dir.path());
        let http = http::client();
        wait_until("the node's first answer", || {
            assert!(process.ended().is_none(), "the node ended: {}", process.stderr());
            let http = http.clone();
            async move { call(&http, port, WALLET, "getblockcount", json!([])).await.ok() }
        })
        .await;
        let node = Self {
            port,
            http,
            _process: process,
            _dir: dir,
        };
        node.call("createwallet", json!([WALLET])).await;
        node
    }

    /// Its URL with user and password, the latter with everything in it that a URL has to escape.
    pub fn url(&self) -> String {
        format!("http://user:pass%20word%2F%25@127.0.0.1:{}/", self.port)
    }

    /// A call that has to succeed.
    pub async fn call(&self, method: &str, params: Value) -> Value {
        call(&self.http, self.port, WALLET, method, params)
            .await
            .unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// A call of the other wallet, which is made when it is first called.
    pub async fn call_other(&self, method: &str, params: Value) -> Value {
        // Fails where it was made before.
        let _ = call(
            &self.http,
            self.port,
            WALLET,
            "createwallet",
            json!([OTHER_WALLET]),
        )
        .await;
        call(&self.http, self.port, OTHER_WALLET, method, params)
            .await
            .unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// A new address of its own wallet.
    pub async fn address(&self, kind: &str) -> String {
        string(&self.call("getnewaddress", json!(["", kind])).await)
    }

    /// Makes `count` blocks.
    pub async fn mine(&self, count: u64) {
        let address = self.address("bech32").await;
        self.call("generatetoaddress", json!([count, address])).await;
    }

    /// Keeps the waiting transaction `txid` out of blocks, or lets it in again.
    pub async fn hold_back(&self, txid: &str, is_held: bool) {
        let fee_delta = if is_held { -1_000_000_000 } else { 1_000_000_000 };
        self.call("prioritisetransaction", json!([txid, 0, fee_delta]))
            .await;
    }

    /// Sends `amount`, written in coins, and gives the transaction's id.
    pub async fn pay(&self, address: &str, amount: &str) -> String {
        string(&self.call("sendtoaddress", json!([address, amount])).await)
    }

    /// Takes the highest block off; its transactions wait again.
    pub async fn take_off(&self) {
        let best = self.call("getbestblockhash", json!([])).await;
        self.call("invalidateblock", json!([best])).await;
    }

    /// The height of the highest block.
    pub async fn height(&self) -> u64 {
        self.call("getblockcount", json!([]))
            .await
            .as_u64()
            .expect("a number")
    }
}

async fn call(
    http: &reqwest::Client,
    port: u16,
    wallet: &str,
    method: &str,
    params: Value,
) -> Result<Value, Value> {
    let body = json!({"jsonrpc": "1.0", "id": 1, "method": method, "params": params});
    let reply = http
        .post(format!("http://127.0.0.1:{port}/wallet/{wallet}"))
        .basic_auth("user", Some("pass word/%"))
        .body(body.to_string())
        .send()
        .await
        .map_err(|error| json!(error.to_string()))?;
    let text = reply.text().await.map_err(|error| json!(error.to_string()))?;
    let mut reply: Value = serde_json::from_str(&text).map_err(|_| json!(text))?;
    match reply["error"].take() {
        Value::Null => Ok(reply["result"].take()),
        error => Err(error),
    }
}

fn string(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
