//! One shop with all that belongs to it: a node with tokens, a daemon that watches it, an endpoint that is told.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::ledger::Ledger;
use super::setup::{CONFIRMATIONS, Reading, Setup, address, config};
use crate::harness::anvil::{Anvil, Mining, Token};
use crate::harness::daemon::{Daemon, Endpoint, Key, Reply};
use crate::harness::proxy::Proxy;
use crate::harness::receiver::{Received, Receiver};
use crate::harness::{signature, wait_until};

/// The store of every bench.
pub const STORE: &str = "shop";
const ALL_EVENTS: &str = "payment.created,payment.confirming,payment.confirmed,payment.underpaid,payment.expired,\
                          payment.cancelled,payment.reverted,payment.late,payment.reorged";

/// A payment as a customer sees it.
#[derive(Debug, Clone)]
pub struct Invoice {
    /// Its number.
    pub number: String,
    /// Where to pay to.
    pub address: String,
    /// What to pay, in base units.
    pub units: u128,
    /// What to pay, as the API wrote it.
    pub due: String,
}

/// The bench.
pub struct Bench {
    pub anvil: Anvil,
    pub proxies: Vec<Proxy>,
    pub usdt: Token,
    pub usdc: Token,
    pub receiver: Receiver,
    pub daemon: Daemon,
    pub key: Key,
    pub endpoint: Endpoint,
    pub pool: Vec<String>,
    pub setup: Setup,
}

impl Bench {
    /// Sets everything up and starts the daemon.
    pub async fn start(setup: Setup) -> Self {
        let mut bench = Self::prepare(setup).await;
        bench.daemon.restart().await;
        bench.read_to_tip().await;
        bench
    }

    /// Sets everything up; the daemon does not run yet.
    pub async fn prepare(setup: Setup) -> Self {
        let (chain_id, decimals) = match setup.reading {
            Reading::Receipts => (1, 6),
            Reading::Logs => (56, 18),
        };
        let anvil = Anvil::start_at(chain_id, Mining::OnDemand, setup.genesis_s).await;
        let usdt = anvil.deploy_token("USDT", decimals).await;
        let usdc = anvil.deploy_token("USDC", decimals).await;
        let busd = anvil.deploy_token("BUSD", 18).await;
        let mut proxies = Vec::new();
        for _ in 0..setup.proxies {
            proxies.push(Proxy::start(anvil.url()).await);
        }
        let config = config(&setup, &anvil, &proxies, [&usdt, &usdc, &busd]);
        let receiver = Receiver::start().await;
        let daemon = Daemon::prepare(&config);
        daemon.cli(&[&["store", "add", STORE], &*setup.rules].concat());
        let key = daemon.add_key(STORE, "live");
        let endpoint = daemon.add_webhook_for(STORE, &receiver.url("/hook"), "payhook", ALL_EVENTS);
        let pool: Vec<String> = (0..setup.addresses).map(address).collect();
        if !pool.is_empty() {
            let pool: Vec<&str> = pool.iter().map(String::as_str).collect();
            daemon.add_addresses(STORE, setup.reading.network(), &pool);
        }
        Self {
            anvil,
            proxies,
            usdt,
            usdc,
            receiver,
            daemon,
            key,
            endpoint,
            pool,
            setup,
        }
    }

    /// The network's name.
    pub fn network(&self) -> &'static str {
        self.setup.reading.network()
    }

    /// A look into the database.
    pub fn ledger(&self) -> Ledger<'static> {
        Ledger::open(&self.daemon.data_dir(), self.setup.reading.network())
    }

    /// So much USDT, in base units.
    pub fn usdt(&self, dollars: u128) -> u128 {
        dollars * 10_u128.pow(u32::from(self.usdt.decimals))
    }

    /// Asks for a payment of 50 dollars in USDT.
    pub async fn ask(&self) -> Invoice {
        self.ask_for(5000, "usdt").await
    }

    /// Asks for a payment, by the API.
    pub async fn ask_for(&self, cents: u64, currency: &str) -> Invoice {
        let reply = self.try_ask(cents, currency).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        let body = reply.json();
        let decimals = if currency == "native" {
            18
        } else {
            self.usdt.decimals
        };
        let due = text(&body["expected_crypto_amount"]);
        Invoice {
            number: text(&body["payment_number"]),
            address: text(&body["assigned_address"]),
            units: units(&due, decimals),
            due,
        }
    }

    /// Asks for a payment, whatever the answer.
    pub async fn try_ask(&self, cents: u64, currency: &str) -> Reply {
        let body = json!({
            "amount_usd_cents": cents, "network": self.network(), "currency": currency,
            "external_order_id": "order-1", "metadata": { "sku": "GOLD" },
        });
        let key = [("x-api-key", self.key.api_key.as_str())];
        self.daemon.post("/api/v1/payments/", &key, &body).await
    }

    /// Sends USDT and mines it in a block of its own.
    pub async fn pay(&self, address: &str, units: u128) -> String {
        let txid = self.anvil.transfer(&self.usdt, address, units).await;
        let receipt = self.anvil.mined(&txid).await;
        assert_eq!(receipt["status"], "0x1", "{receipt}");
        txid
    }

    /// The payment by the API.
    pub async fn get(&self, number: &str) -> Value {
        self.daemon.payhook_payment(&self.key, number).await
    }

    /// The payment by the command line: with its transfers, events and deliveries.
    pub fn show(&self, number: &str) -> Value {
        self.daemon.cli_json(&["payment", "show", number])
    }

    /// Waits until the API says that the payment has this status, in the API's words.
    pub async fn wait_for_status(&self, number: &str, status: &str) -> Value {
        wait_until(&format!("{number} to be {status}"), || async {
            let body = self.get(number).await;
            (body["status"] == status).then_some(body)
        })
        .await
    }

    /// Waits until the API shows this amount as received.
    pub async fn wait_for_amount(&self, number: &str, amount: &str) -> Value {
        wait_until(&format!("{number} to show {amount}"), || async {
            let body = self.get(number).await;
            (body["actual_crypto_amount"] == amount).then_some(body)
        })
        .await
    }

    /// Mines the blocks that settle what is in the tip, and waits until they were read and all that follows of them
    /// was done.
    pub async fn settle(&self) {
        self.anvil.mine(CONFIRMATIONS).await;
        self.catch_up().await;
    }

    /// Waits until the daemon has read the whole chain and has done all that follows of it. Mines one block: only
    /// when that was read too has everything about the one before been done.
    pub async fn catch_up(&self) {
        self.read_to_tip().await;
        self.anvil.mine(1).await;
        self.read_to_tip().await;
    }

    /// Waits until the daemon's cursor is at the node's tip.
    pub async fn read_to_tip(&self) {
        let height = self.anvil.block_number().await;
        let tip = (height.cast_signed(), self.anvil.block_hash(height).await);
        let ledger = self.ledger();
        wait_until("the tip to be read", || {
            let cursor = ledger.cursor();
            let is_there = cursor.as_ref() == Some(&tip);
            async move { is_there.then_some(()) }
        })
        .await;
    }

    /// Waits until nothing is left to be sent.
    pub async fn drain(&self) {
        let ledger = self.ledger();
        wait_until("an empty outbox", || {
            let is_empty = ledger.deliveries_waiting() == 0;
            async move { is_empty.then_some(()) }
        })
        .await;
    }

    /// The webhooks about a payment, oldest first.
    pub fn notices(&self, number: &str) -> Vec<Received> {
        let mut all = self.receiver.received();
        all.retain(|notice| notice.json()["payment_id"] == number);
        all
    }

    /// Waits until everything was sent and checks that a payment's webhooks were exactly these, each sent once, in
    /// any order; gives their bodies in the order of `events`.
    pub async fn expect_notices(&self, number: &str, events: &[&str]) -> Vec<Value> {
        self.drain().await;
        let notices = self.notices(number);
        let mut sent: Vec<String> = notices.iter().map(event_of).collect();
        let mut expected: Vec<String> = events.iter().map(|event| format!("payment.{event}")).collect();
        let order = expected.clone();
        sent.sort();
        expected.sort();
        assert_eq!(sent, expected, "webhooks of {number}");
        let find = |event: &String| {
            notices
                .iter()
                .find(|notice| event_of(notice) == *event)
                .expect("it is there")
        };
        order.iter().map(|event| find(event).json()).collect()
    }

    /// Checks what everybody is told of a payment that was paid by the transaction `txid`.
    pub async fn check_paid(&self, invoice: &Invoice, txid: &str, received: &str) {
        let events = ["created", "confirming", "confirmed"];
        let notices = self.expect_notices(&invoice.number, &events).await;
        self.check_confirmed(&notices[2], invoice, txid, received);
    }

    /// Checks the body of a payment's `payment.confirmed`, and that API and command line say the same.
    pub fn check_confirmed(&self, confirmed: &Value, invoice: &Invoice, txid: &str, received: &str) {
        for (field, value) in [
            ("event", "payment.confirmed"),
            ("payment_id", &invoice.number),
            ("external_order_id", "order-1"),
            ("amount", received),
            ("currency", "USDT"),
            ("tx_hash", txid),
            ("status", "confirmed"),
            ("expected_crypto_amount", &invoice.due),
            ("actual_crypto_amount", received),
            ("assigned_address", &invoice.address),
        ] {
            assert_eq!(confirmed[field], value, "{field} of {confirmed}");
        }
        assert_eq!(confirmed["metadata"], json!({ "sku": "GOLD" }));
        let shown = self.show(&invoice.number);
        assert_eq!(
            (&shown["status"], &shown["settled"]),
            (&json!("paid"), &json!(received))
        );
    }

    /// Amount and judgement of every transfer recorded for a payment; `orphaned` where its block was replaced.
    pub fn transfers(&self, invoice: &Invoice) -> Vec<(String, String)> {
        let shown = self.show(&invoice.number);
        let transfers = shown["transfers"].as_array().expect("a list").iter();
        let judgement = |transfer: &Value| match transfer["is_orphaned"] == true {
            true => "orphaned".to_owned(),
            false => text(&transfer["judgement"]),
        };
        transfers
            .map(|transfer| (text(&transfer["amount"]), judgement(transfer)))
            .collect()
    }

    /// The audit at the end of a test: the chain's money is the database's, webhooks are genuine, the stop is clean.
    pub async fn close(mut self) {
        self.catch_up().await;
        self.drain().await;
        self.audit_money().await;
        self.audit_notices();
        let log = self.daemon.log();
        assert!(!log.contains("panicked"), "{log}");
        for secret in [&self.key.api_key, &self.key.api_secret, &self.endpoint.secret] {
            assert!(!log.contains(secret.as_str()), "a secret is in the log: {log}");
        }
        let ended = self.daemon.stop().await;
        assert!(ended.success(), "{ended}: {}", self.daemon.log());
    }

    async fn audit_money(&self) {
        let ledger = self.ledger();
        for address in &self.pool {
            for (token, currency) in [(&self.usdt, "usdt"), (&self.usdc, "usdc")] {
                let held = self.anvil.token_balance(token, address).await;
                assert_eq!(
                    ledger.recorded(address, currency),
                    held,
                    "{currency} of {address}"
                );
            }
        }
    }

    /// Every webhook is signed with the endpoint's secret; one delivery id is one event, and its bytes never change.
    fn audit_notices(&self) {
        let mut sent = BTreeMap::new();
        for notice in self.receiver.received() {
            signature::check_payhook(&notice, &self.endpoint.secret, notice.at_unix_s())
                .unwrap_or_else(|fault| panic!("{fault} in {notice:?}"));
            let body = notice.json();
            assert_eq!(notice.header("x-payhook-event"), body["event"].as_str());
            let known = sent
                .entry(delivery_of(&notice))
                .or_insert_with(|| notice.body.clone());
            assert_eq!(*known, notice.body, "one delivery id, two bodies");
        }
    }
}

/// The event a webhook is about.
pub fn event_of(notice: &Received) -> String {
    notice.header("x-payhook-event").expect("an event").to_owned()
}

/// The delivery that a webhook is an attempt of.
pub fn delivery_of(notice: &Received) -> String {
    notice
        .header("x-payhook-delivery-id")
        .expect("a delivery id")
        .to_owned()
}

/// A transfer to compare with [`Bench::transfers`].
pub fn owned((amount, judgement): (&str, &str)) -> (String, String) {
    (amount.to_owned(), judgement.to_owned())
}

/// Base units of a decimal text.
pub fn units(amount: &str, decimals: u8) -> u128 {
    let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
    let digits = format!("{whole}{fraction:0<width$}", width = usize::from(decimals));
    digits.parse().expect("a decimal")
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}
