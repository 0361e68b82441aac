//! One shop that takes litecoin, and all that belongs to it.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::harness::daemon::{Daemon, Key};
use crate::harness::electrumx::ElectrumX;
use crate::harness::litecoin::{Litecoin, SHOP, units};
use crate::harness::wait_until;

/// Blocks from a payment's own on until it is settled.
pub const CONFIRMATIONS: u64 = 2;
const STORE: &str = "shop";

/// Where the daemon reads the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// From the node.
    Node,
    /// From an Electrum server, in plain.
    Electrum,
    /// From an Electrum server by TLS, and the node.
    Both,
}

/// A payment as a customer sees it.
#[derive(Debug, Clone)]
pub struct Invoice {
    pub number: String,
    pub address: String,
    /// In coins.
    pub due: String,
}

/// The bench.
pub struct Bench {
    pub node: Litecoin,
    pub daemon: Daemon,
    key: Key,
    addresses: Vec<String>,
    _server: Option<ElectrumX>,
}

impl Bench {
    /// Sets everything up and starts the daemon. The shop has an address of each kind.
    pub async fn start(reading: Reading) -> Self {
        let node = Litecoin::start().await;
        let server = match reading {
            Reading::Node => None,
            Reading::Electrum | Reading::Both => Some(ElectrumX::start(&node).await),
        };
        let mut config =
            "[metrics]\nlisten = \"off\"\n[rates.fixed.usd]\nLTC = \"100\"\n[networks.litecoin]\n\
                          chain = \"regtest\"\nconfirmations = 2\nfinal_depth = 20\nblock_time_ms = 60000\n\
                          poll_ms = 100\nidle_poll_ms = 100\n"
                .to_owned();
        let electrum = server.as_ref().map(|server| match reading {
            Reading::Both => server.tls_url(),
            Reading::Node | Reading::Electrum => server.plain_url(),
        });
        let direct = (reading != Reading::Electrum).then(|| node.url());
        for url in electrum.into_iter().chain(direct) {
            let _ = writeln!(config, "[[networks.litecoin.providers]]\nurl = \"{url}\"");
        }
        let mut daemon = Daemon::prepare(&config);
        daemon.cli(&["store", "add", STORE]);
        let key = daemon.add_key(STORE, "live");
        let mut addresses = Vec::new();
        for kind in ["legacy", "p2sh-segwit", "bech32"] {
            addresses.push(node.address(SHOP, kind).await);
        }
        let texts: Vec<&str> = addresses.iter().map(String::as_str).collect();
        daemon.add_addresses(STORE, "litecoin", &texts);
        daemon.restart().await;
        Self {
            node,
            daemon,
            key,
            addresses,
            _server: server,
        }
    }

    /// Asks for a payment of 50 dollars.
    pub async fn ask(&self) -> Invoice {
        let body = self
            .daemon
            .create_payhook_payment(&self.key, 5000, "litecoin", "native")
            .await;
        let text = |field: &str| body[field].as_str().expect("a text").to_owned();
        Invoice {
            number: text("payment_number"),
            address: text("assigned_address"),
            due: text("expected_crypto_amount"),
        }
    }

    /// The payment as it stands.
    pub fn show(&self, invoice: &Invoice) -> Value {
        self.daemon.payment(&invoice.number)
    }

    /// Waits until a payment has this status, and gives it.
    pub async fn wait_for_status(&self, invoice: &Invoice, status: &str) -> Value {
        self.daemon.wait_for_status(&invoice.number, status).await
    }

    /// Waits until the daemon has read to the node's tip.
    pub async fn read_to_tip(&self) {
        let (height, hash) = (self.node.height().await, self.node.tip().await);
        let tip = (i64::try_from(height).expect("a height"), hash);
        wait_until("the tip to be read", || {
            let ledger = crate::payments::ledger::Ledger::open(&self.daemon.data_dir(), "litecoin");
            let is_there = ledger.cursor().as_ref() == Some(&tip);
            async move { is_there.then_some(()) }
        })
        .await;
    }

    /// The audit at the end of a test: what the shop's wallet has received is what is recorded, and the stop is clean.
    pub async fn close(mut self) {
        self.read_to_tip().await;
        let ledger = crate::payments::ledger::Ledger::open(&self.daemon.data_dir(), "litecoin");
        for address in &self.addresses {
            let held = self
                .node
                .wallet(SHOP, "getreceivedbyaddress", json!([address, 1]))
                .await;
            let recorded = ledger.recorded(address, "native");
            assert_eq!(recorded, units(&held.to_string()), "{address}");
        }
        let log = self.daemon.log();
        assert!(!log.contains("panicked"), "{log}");
        let ended = self.daemon.stop().await;
        assert!(ended.success(), "{ended}: {}", self.daemon.log());
    }
}
