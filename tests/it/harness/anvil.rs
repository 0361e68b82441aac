//! A real EVM node of the test's own: blocks, reorganisations and transfers on demand.

use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::abi::{self, Word};
use super::contracts::Contract;
use super::process::Process;
use super::{http, node_dir, wait_until};

/// Enough for everything the rig sends; stated so that a transaction meant to fail is not refused at estimation.
const GAS_LIMIT: &str = "0x4c4b40";

/// When the node makes blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mining {
    /// Only when told to.
    OnDemand,
    /// One block per transaction.
    PerTransaction,
}

/// A running node. `finalized` is two blocks below its tip.
pub struct Anvil {
    url: String,
    http: reqwest::Client,
    accounts: Vec<String>,
    is_automining: AtomicBool,
    _process: Process,
    _dir: TempDir,
}

/// A deployed token.
#[derive(Debug, Clone)]
pub struct Token {
    /// Its contract, `0x` and 40 lower-case hex digits.
    pub address: String,
    /// How many decimals it says it has.
    pub decimals: u8,
}

impl Anvil {
    /// Starts a node for `chain_id` on a free port.
    pub async fn start(chain_id: u64, mining: Mining) -> Self {
        Self::start_at(chain_id, mining, None).await
    }

    /// As [`Self::start`]; the first block says it was made at `genesis_s`, and later ones go on from there.
    pub async fn start_at(chain_id: u64, mining: Mining, genesis_s: Option<u64>) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let mut command =
            Command::new(node_dir().join("node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil"));
        command.args([
            "--port",
            "0",
            "--slots-in-an-epoch",
            "1",
            "--chain-id",
            &chain_id.to_string(),
        ]);
        if mining == Mining::OnDemand {
            command.arg("--no-mining");
        }
        if let Some(genesis_s) = genesis_s {
            command.args(["--timestamp", &genesis_s.to_string()]);
        }
        let mut process = Process::start("anvil", command, dir.path());
        // The node picks the port itself and names it: a port found free beforehand could be taken by then.
        let address = wait_until("anvil's port", || {
            assert!(process.ended().is_none(), "anvil ended: {}", process.stderr());
            let address = listening(&process.stdout());
            async { address }
        })
        .await;
        let mut anvil = Self {
            url: format!("http://{address}"),
            http: http::client(),
            accounts: Vec::new(),
            is_automining: AtomicBool::new(mining == Mining::PerTransaction),
            _process: process,
            _dir: dir,
        };
        let accounts = anvil.call("eth_accounts", json!([])).await;
        anvil.accounts = serde_json::from_value(accounts).expect("a list of accounts");
        anvil
    }

    /// Where its JSON-RPC is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its funded and unlocked account number `index`.
    pub fn account(&self, index: usize) -> &str {
        &self.accounts[index]
    }

    /// A call that has to succeed.
    pub async fn call(&self, method: &str, params: Value) -> Value {
        self.try_call(method, params)
            .await
            .unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// A call that may be refused; the error is the JSON-RPC error object.
    pub async fn try_call(&self, method: &str, params: Value) -> Result<Value, Value> {
        rpc(&self.http, &self.url, method, params).await
    }

    /// Makes `count` blocks.
    pub async fn mine(&self, count: u64) {
        self.call("anvil_mine", json!([format!("{count:#x}")])).await;
    }

    /// Makes one block that says it was made at `unix_seconds`, which must be later than the block below it.
    pub async fn mine_at(&self, unix_seconds: u64) {
        self.call("evm_setNextBlockTimestamp", json!([unix_seconds]))
            .await;
        self.call("evm_mine", json!([])).await;
    }

    /// Makes a block at `unix_seconds` with what waits for one, `txid` among it.
    pub async fn mined_at(&self, txid: &str, unix_seconds: u64) {
        self.mine_at(unix_seconds).await;
        assert!(self.receipt(txid).await.is_some(), "{txid} was not mined");
    }

    /// A transaction as it is signed, for sending it again after its block was replaced.
    pub async fn raw(&self, txid: &str) -> String {
        string(&self.call("eth_getRawTransactionByHash", json!([txid])).await)
    }

    /// Sends a signed transaction, and gives its hash.
    pub async fn send_raw(&self, raw: &str) -> String {
        string(&self.call("eth_sendRawTransaction", json!([raw])).await)
    }

    /// Makes a block per transaction from now on, or stops doing so.
    pub async fn set_automine(&self, enabled: bool) {
        self.call("evm_setAutomine", json!([enabled])).await;
        self.is_automining.store(enabled, Ordering::SeqCst);
    }

    /// The height of the tip.
    pub async fn block_number(&self) -> u64 {
        quantity(&self.call("eth_blockNumber", json!([])).await)
    }

    /// The block at `height`, transactions as hashes.
    pub async fn block(&self, height: u64) -> Value {
        self.call("eth_getBlockByNumber", json!([format!("{height:#x}"), false]))
            .await
    }

    /// The hash of the block at `height`.
    pub async fn block_hash(&self, height: u64) -> String {
        string(&self.block(height).await["hash"])
    }

    /// When the block at `height` says it was made.
    pub async fn block_time(&self, height: u64) -> u64 {
        quantity(&self.block(height).await["timestamp"])
    }

    /// Replaces the last `depth` blocks by as many other, empty ones.
    pub async fn reorg(&self, depth: u64) {
        self.call("anvil_reorg", json!([depth, []])).await;
    }

    /// Takes the last `depth` blocks away.
    pub async fn rollback(&self, depth: u64) {
        self.call("anvil_rollback", json!([depth])).await;
    }

    /// Remembers the chain as it is; the node forgets it with a reorganisation.
    pub async fn snapshot(&self) -> String {
        string(&self.call("evm_snapshot", json!([])).await)
    }

    /// Goes back to a remembered chain; each can be gone back to once.
    pub async fn revert(&self, snapshot: &str) {
        let reverted = self.call("evm_revert", json!([snapshot])).await;
        assert_eq!(reverted, json!(true), "the snapshot {snapshot} is gone");
    }

    /// Sends the native coin from the first account; the transaction waits for a block unless mining is per transaction.
    pub async fn send_native(&self, to: &str, wei: u128) -> String {
        self.send(self.account(0), Some(to), wei, "0x").await
    }

    /// Sends a transaction from an unlocked account and gives its hash. Without `to` it deploys `data`.
    pub async fn send(&self, from: &str, to: Option<&str>, wei: u128, data: &str) -> String {
        let mut transaction = json!({
            "from": from, "value": format!("{wei:#x}"), "data": data, "gas": GAS_LIMIT,
        });
        if let Some(to) = to {
            transaction["to"] = json!(to);
        }
        string(&self.call("eth_sendTransaction", json!([transaction])).await)
    }

    /// The receipt of a transaction, once it is in a block.
    pub async fn receipt(&self, txid: &str) -> Option<Value> {
        let receipt = self.call("eth_getTransactionReceipt", json!([txid])).await;
        (!receipt.is_null()).then_some(receipt)
    }

    /// Has `txid` put into a block and gives its receipt; makes that block only where it is not made by itself.
    pub async fn mined(&self, txid: &str) -> Value {
        // A node that mines per transaction answers before the block is there: a block made here would be one more.
        if !self.is_automining.load(Ordering::SeqCst) && self.receipt(txid).await.is_none() {
            self.mine(1).await;
        }
        wait_until("a receipt", || self.receipt(txid)).await
    }

    /// The native balance of an address, in wei.
    pub async fn balance(&self, address: &str) -> u128 {
        abi::parse_number(&string(
            &self.call("eth_getBalance", json!([address, "latest"])).await,
        ))
    }

    /// Deploys a contract and gives its address.
    pub async fn deploy(&self, contract: Contract, constructor_arguments: &str) -> String {
        let code = format!("{}{constructor_arguments}", contract.bytecode());
        let txid = self.send(self.account(0), None, 0, &code).await;
        let receipt = self.mined(&txid).await;
        assert_eq!(receipt["status"], json!("0x1"), "{contract:?} was not deployed");
        string(&receipt["contractAddress"])
    }

    /// Puts Multicall3 where real chains have it.
    pub async fn install_multicall(&self) {
        let deployed = self.deploy(Contract::Multicall3, "").await;
        let code = self.call("eth_getCode", json!([deployed, "latest"])).await;
        let place = "0xcA11bde05977b3631167028862bE2a173976CA11";
        self.call("anvil_setCode", json!([place, code])).await;
    }

    /// Deploys a token and mints a billion of it to the first account. Any symbol will do, also a real token's: the
    /// contract is then a fake one.
    pub async fn deploy_token(&self, symbol: &str, decimals: u8) -> Token {
        let address = self
            .deploy(Contract::TestToken, &abi::text_and_number(symbol, decimals))
            .await;
        let token = Token { address, decimals };
        let supply = 1_000_000_000 * 10_u128.pow(u32::from(decimals));
        let minted = self.mint(&token, self.account(0), supply).await;
        self.mined(&minted).await;
        token
    }

    /// Mints: a transfer whose sender is the zero address.
    pub async fn mint(&self, token: &Token, to: &str, units: u128) -> String {
        self.invoke(
            token,
            "mint(address,uint256)",
            &[abi::address(to), abi::number(units)],
        )
        .await
    }

    /// Pays `units` of a token from the first account. Zero is allowed, as on every real token.
    pub async fn transfer(&self, token: &Token, to: &str, units: u128) -> String {
        self.invoke(
            token,
            "transfer(address,uint256)",
            &[abi::address(to), abi::number(units)],
        )
        .await
    }

    /// Lets `spender` take all of the first account's tokens.
    pub async fn approve(&self, token: &Token, spender: &str) -> String {
        self.invoke(
            token,
            "approve(address,uint256)",
            &[abi::address(spender), abi::number(u128::MAX)],
        )
        .await
    }

    /// Has account number `spender` move the first account's tokens: the payer is not the transaction's sender.
    pub async fn transfer_from(&self, token: &Token, spender: usize, to: &str, units: u128) -> String {
        let arguments = [
            abi::address(self.account(0)),
            abi::address(to),
            abi::number(units),
        ];
        let data = abi::call("transferFrom(address,address,uint256)", &arguments);
        self.send(self.account(spender), Some(&token.address), 0, &data)
            .await
    }

    /// Two transfers in one transaction, through the contract at `batcher`, which must have been approved.
    pub async fn batch_transfer(&self, batcher: &str, token: &Token, pays: [(&str, u128); 2]) -> String {
        let [(first, first_units), (second, second_units)] = pays;
        let arguments = [
            abi::address(&token.address),
            abi::address(first),
            abi::number(first_units),
            abi::address(second),
            abi::number(second_units),
        ];
        let data = abi::call("pay(address,address,uint256,address,uint256)", &arguments);
        self.send(self.account(0), Some(batcher), 0, &data).await
    }

    /// The native coin sent on by the contract at `batcher`: in no transaction's `to` and in no log.
    pub async fn forward_native(&self, batcher: &str, to: &str, wei: u128) -> String {
        let data = abi::call("forward(address)", &[abi::address(to)]);
        self.send(self.account(0), Some(batcher), wei, &data).await
    }

    /// A transfer whose transaction fails after it, through the contract at `reverter`, which must have been approved.
    pub async fn transfer_and_revert(&self, reverter: &str, token: &Token, to: &str, units: u128) -> String {
        self.undone(
            reverter,
            "payAndRevert(address,address,uint256)",
            token,
            to,
            units,
        )
        .await
    }

    /// A transfer undone inside a transaction that succeeds; otherwise as [`Self::transfer_and_revert`].
    pub async fn transfer_and_swallow(&self, reverter: &str, token: &Token, to: &str, units: u128) -> String {
        self.undone(
            reverter,
            "payAndSwallow(address,address,uint256)",
            token,
            to,
            units,
        )
        .await
    }

    /// How much of a token an address has.
    pub async fn token_balance(&self, token: &Token, address: &str) -> u128 {
        let data = abi::call("balanceOf(address)", &[abi::address(address)]);
        let call = json!([{ "to": token.address, "data": data }, "latest"]);
        abi::parse_number(&string(&self.call("eth_call", call).await))
    }

    async fn undone(&self, reverter: &str, signature: &str, token: &Token, to: &str, units: u128) -> String {
        let arguments = [abi::address(&token.address), abi::address(to), abi::number(units)];
        self.send(
            self.account(0),
            Some(reverter),
            0,
            &abi::call(signature, &arguments),
        )
        .await
    }

    async fn invoke(&self, token: &Token, signature: &str, arguments: &[Word]) -> String {
        self.send(
            self.account(0),
            Some(&token.address),
            0,
            &abi::call(signature, arguments),
        )
        .await
    }
}

/// One JSON-RPC call over HTTP; the error is the JSON-RPC error object.
///
/// # Panics
/// When there is no JSON-RPC answer at all.
pub async fn rpc(http: &reqwest::Client, url: &str, method: &str, params: Value) -> Result<Value, Value> {
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let reply = http
        .post(url)
        .header("content-type", "application/json")
        .body(request.to_string())
        .send();
    let reply = reply.await.unwrap_or_else(|error| panic!("{method}: {error}"));
    let body = reply.bytes().await.expect("a complete reply");
    let mut body: Value = serde_json::from_slice(&body).expect("JSON");
    match body.get_mut("error") {
        Some(error) => Err(error.take()),
        None => Ok(body["result"].take()),
    }
}

fn listening(stdout: &str) -> Option<String> {
    stdout
        .lines()
        .find_map(|line| line.strip_prefix("Listening on "))
        .map(|address| address.trim().to_owned())
}

fn string(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}

fn quantity(value: &Value) -> u64 {
    u64::try_from(abi::parse_number(&string(value))).expect("a quantity of 64 bits")
}
