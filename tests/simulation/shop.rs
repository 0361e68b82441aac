//! The shops' programs and their customers: orders made over the API, some twice, some called off; money sent as people
//! send it.

use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::chains::Chains;
use crate::chance::Chance;
use crate::evm::Move;
use crate::tally::Tally;
use crate::template::key_of;
use crate::utxo::{Habit, Payment};
use crate::world::{Coin, Network};

/// How many of a thousand orders are paid in Bitcoin.
const BITCOIN_PERMILLE: u64 = 250;

/// How a customer pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Customer {
    Exact,
    TwoParts,
    Under,
    Over,
    Twice,
    Late,
    WrongCoin,
    FailsFirst,
    /// Sends it again with a higher fee.
    Bumps,
    /// Spends the same elsewhere while it waits for a block.
    TakesBack,
    Never,
    /// The shop calls the order off, about when the customer pays.
    CalledOff {
        pays: bool,
    },
}

/// An order, as its shop knows it.
#[derive(Debug, Clone)]
pub struct Order {
    pub shop: usize,
    pub network: Network,
    pub coin: Coin,
    pub cents: u64,
    /// The key that it is sent with, if any; other shops have the same.
    pub key: Option<String>,
    pub customer: Customer,
    /// The step in which the customer pays.
    pub pays_at: u64,
    pub sends: u32,
    /// What payd answered.
    pub number: Option<String>,
    /// Where to pay how much; on EVM chains lower-case hex without `0x`.
    pub ask: Option<(String, u128)>,
    pub has_paid: bool,
    pub is_called_off: bool,
    /// payd refused it for good: no address was free.
    pub is_refused: bool,
}

/// All orders, and what is wrong with the answers.
#[derive(Default)]
pub struct Book {
    pub orders: Vec<Order>,
    pub faults: Vec<String>,
}

#[derive(Clone)]
pub struct Shops {
    pub book: Arc<Mutex<Book>>,
    pub tally: Arc<Mutex<Tally>>,
}

pub fn order_id(index: usize) -> String {
    format!("order-{index}")
}

impl Shops {
    /// A new order.
    pub fn order(&self, chance: &mut Chance, step: u64) -> usize {
        let shop = *chance.pick(&[0, 0, 1, 1, 1, 2]);
        let network = match chance.permille(BITCOIN_PERMILLE) {
            true => Network::Bitcoin,
            false => Network::Evm,
        };
        let coin = match (network, shop) {
            (Network::Bitcoin, _) => Coin::Native,
            (Network::Evm, 2) => Coin::Usdt,
            (Network::Evm, _) => {
                *chance.pick(&[Coin::Usdt, Coin::Usdt, Coin::Usdt, Coin::Usdc, Coin::Native])
            }
        };
        let customer = match chance.below(100) {
            0..52 => Customer::Exact,
            52..60 => Customer::TwoParts,
            60..64 => Customer::Under,
            64..68 => Customer::Over,
            68..71 => Customer::Twice,
            71..75 => Customer::Late,
            75..78 if network == Network::Bitcoin => Customer::Bumps,
            75..78 => Customer::WrongCoin,
            78..81 if network == Network::Bitcoin => Customer::TakesBack,
            78..81 => Customer::FailsFirst,
            81..91 => Customer::Never,
            91..95 => Customer::CalledOff { pays: false },
            _ => Customer::CalledOff { pays: true },
        };
        let wait = match customer {
            Customer::Late => chance.between(31, 50),
            _ => chance.below(12),
        };
        let has_key = chance.permille(600);
        let mut book = self.book.lock().unwrap();
        let number = book.orders.iter().filter(|order| order.shop == shop).count();
        let order = Order {
            shop,
            network,
            coin,
            cents: if chance.permille(300) {
                500
            } else {
                chance.between(1, 200_000)
            },
            key: has_key.then(|| format!("key-{number}")),
            customer,
            pays_at: step + 1 + wait,
            sends: 0,
            number: None,
            ask: None,
            has_paid: false,
            is_called_off: false,
            is_refused: false,
        };
        book.orders.push(order);
        book.orders.len() - 1
    }

    /// Sends an order to payd and takes down the answer.
    pub async fn create(self, router: axum::Router, index: usize) {
        let order = {
            let mut book = self.book.lock().unwrap();
            book.orders[index].sends += 1;
            book.orders[index].clone()
        };
        let body = json!({
            "amount_usd_cents": order.cents,
            "network": order.network.slug(),
            "currency": order.coin.word(),
            "external_order_id": order_id(index),
        });
        let mut request = Request::builder()
            .method(Method::POST)
            .uri("/api/v1/payments")
            .header("x-api-key", key_of(order.shop));
        if let Some(key) = &order.key {
            request = request.header("idempotency-key", key);
        }
        let request = request.body(Body::from(body.to_string())).unwrap();
        let (status, body) = call(router, request).await;
        self.tally.lock().unwrap().count("creates called");
        match status {
            StatusCode::CREATED | StatusCode::OK => self.note(index, &body),
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::INTERNAL_SERVER_ERROR => {
                self.tally.lock().unwrap().count("creates refused");
                if body["error"]["type"] == "all_addresses_held"
                    || body.to_string().contains("all_addresses_held")
                {
                    self.book.lock().unwrap().orders[index].is_refused = true;
                }
            }
            other => self.fault(format!("create of order {index} was answered {other}: {body}")),
        }
    }

    fn fault(&self, fault: String) {
        self.book.lock().unwrap().faults.push(fault);
    }

    fn note(&self, index: usize, body: &Value) {
        let mut book = self.book.lock().unwrap();
        let order = &mut book.orders[index];
        let number = body["payment_number"].as_str().unwrap_or_default().to_owned();
        let known = order.number.get_or_insert_with(|| number.clone());
        if *known != number {
            let fault = format!("order {index} is payment {known}, and now {number}");
            book.faults.push(fault);
            return;
        }
        // Before its turn has come there is nothing to pay.
        if body["status"] == "pending" {
            let address = body["assigned_address"].as_str().unwrap_or_default();
            let amount = body["expected_crypto_amount"].as_str().unwrap_or_default();
            let to = match order.network {
                Network::Evm => address.strip_prefix("0x").map(str::to_lowercase),
                Network::Bitcoin => Some(address.to_owned()),
            };
            let due = units(amount, order.coin.decimals(order.network));
            order.ask = to.zip(due).or(order.ask.take());
        }
    }

    /// Asks how a payment stands.
    pub async fn retrieve(self, router: axum::Router, index: usize) {
        let Some((shop, number)) = self.known(index) else {
            return;
        };
        let request = Request::builder()
            .uri(format!("/api/v1/payments/{number}"))
            .header("x-api-key", key_of(shop))
            .body(Body::empty())
            .unwrap();
        let (status, body) = call(router, request).await;
        self.tally.lock().unwrap().count("retrieves called");
        match status {
            StatusCode::OK => self.note(index, &body),
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::INTERNAL_SERVER_ERROR => {}
            other => self.fault(format!("retrieve of {number} was answered {other}: {body}")),
        }
    }

    /// Calls an order off.
    pub async fn cancel(self, router: axum::Router, index: usize) {
        let Some((shop, number)) = self.known(index) else {
            return;
        };
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("/api/v1/payments/{number}/cancel"))
            .header("x-api-key", key_of(shop))
            .body(Body::empty())
            .unwrap();
        let (status, body) = call(router, request).await;
        self.tally.lock().unwrap().count("cancels called");
        match status {
            StatusCode::OK => self.book.lock().unwrap().orders[index].is_called_off = true,
            StatusCode::CONFLICT | StatusCode::SERVICE_UNAVAILABLE | StatusCode::INTERNAL_SERVER_ERROR => {}
            other => self.fault(format!("cancel of {number} was answered {other}: {body}")),
        }
    }

    fn known(&self, index: usize) -> Option<(usize, String)> {
        let book = self.book.lock().unwrap();
        let order = &book.orders[index];
        Some((order.shop, order.number.clone()?))
    }

    /// Has the customers pay whose time has come.
    pub fn pay(&self, chains: &mut Chains, step: u64, now_ms: u64) {
        let mut book = self.book.lock().unwrap();
        let mut in_bitcoin = Vec::new();
        for order in &mut book.orders {
            if order.has_paid || step < order.pays_at {
                continue;
            }
            let Some((to, due)) = order.ask.clone() else {
                continue;
            };
            order.has_paid = true;
            let sends = order.customer.sends(order.coin, due);
            self.tally
                .lock()
                .unwrap()
                .add("transfers sent", sends.len() as u64);
            match order.network {
                Network::Evm => {
                    for (coin, amount, fails) in sends {
                        let to = to.clone();
                        chains.evm.send(Move { coin, to, amount }, fails);
                    }
                }
                Network::Bitcoin => {
                    let habit = order.customer.habit();
                    in_bitcoin.extend(sends.into_iter().map(|(_, amount, _)| {
                        let (to, sats) = (to.clone(), amount as u64);
                        (vec![Payment { to, sats }], habit)
                    }));
                }
            }
        }
        chains.bitcoin.send_all(in_bitcoin, now_ms);
    }
}

impl Customer {
    /// What is sent: which coin, how much of it, and whether that fails.
    fn sends(self, coin: Coin, due: u128) -> Vec<(Coin, u128, bool)> {
        let other = if coin == Coin::Usdc {
            Coin::Usdt
        } else {
            Coin::Usdc
        };
        match self {
            Self::Exact | Self::Late | Self::Bumps | Self::TakesBack | Self::CalledOff { pays: true } => {
                vec![(coin, due, false)]
            }
            Self::TwoParts => vec![(coin, due / 3, false), (coin, due - due / 3, false)],
            Self::Under => vec![(coin, due / 2, false)],
            Self::Over => vec![(coin, due + due / 5 + 1, false)],
            Self::Twice => vec![(coin, due, false), (coin, due, false)],
            Self::WrongCoin => vec![(other, due, false)],
            Self::FailsFirst => vec![(coin, due, true), (coin, due, false)],
            Self::Never | Self::CalledOff { pays: false } => Vec::new(),
        }
    }

    fn habit(self) -> Habit {
        match self {
            Self::Bumps => Habit::Bumps,
            Self::TakesBack => Habit::TakesBack,
            _ => Habit::Plain,
        }
    }
}

async fn call(router: axum::Router, request: Request<Body>) -> (StatusCode, Value) {
    let response = router.oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

/// A decimal text in base units.
fn units(text: &str, decimals: usize) -> Option<u128> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{part:0<decimals$}");
    digits.parse().ok()
}
