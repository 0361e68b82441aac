//! An engine with a shop, a chain and a clock.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::chain::{Paid, ScriptedChain};
use crate::ambient::{Clock as _, SimulatedClock, SystemRandom};
use crate::chain::ChainSource;
use crate::domain::address::Address;
use crate::domain::asset::{Asset, Currency, Registry};
use crate::domain::event::EventKind;
use crate::domain::money::{Fiat, FiatAmount};
use crate::domain::network::{Family, Mode, Network, NetworkId};
use crate::domain::payment::Order;
use crate::domain::shop::{Dialect, Format, LatePolicy, Rules};
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;
use crate::domain::transfer::{Judgement, Transfer};
use crate::engine::gateway::{Caller, CreateRequest, Created, Gateway, GatewayError, PayWith, PaymentView};
use crate::engine::quote::Rates;
use crate::engine::scan::{Pace, Progress, Scanner};
use crate::engine::{Engine, EngineError};
use crate::store::{
    Database, Options, StoreError, addresses, deliveries, endpoints, events, shops, transfers,
};

pub const START: UnixMillis = UnixMillis::from_seconds(1_800_000_000);
pub const CONFIRMATIONS: u64 = 3;
pub const FINAL_DEPTH: u64 = 8;
pub const WINDOW: Duration = Duration::from_secs(1800);
pub const BLOCK: Duration = Duration::from_secs(10);
/// What 50.00 USD come to in USDT with 6 decimals.
pub const DUE: u128 = 50_000_000;

pub struct Rig {
    directory: Arc<tempfile::TempDir>,
    pub clock: Arc<SimulatedClock>,
    pub chain: ScriptedChain,
    pub engine: Arc<Engine>,
    pub gateway: Gateway,
    pub caller: Caller,
    scanner: Scanner,
    mined: u64,
}

fn network(mode: Mode) -> Network {
    Network {
        id: if mode == Mode::Live {
            NetworkId::parse("bsc").unwrap()
        } else {
            NetworkId::simulated("bsc")
        },
        slug: "bsc".into(),
        name: "BNB Smart Chain".into(),
        mode,
        family: Family::Evm { chain_id: 56 },
        confirmations: crate::domain::confirmations::Tiers::flat(CONFIRMATIONS as u32),
        final_depth: FINAL_DEPTH as u32,
        block_time: if mode == Mode::Live {
            BLOCK
        } else {
            Duration::from_millis(500)
        },
        timestamp_slack: Duration::from_secs(60),
    }
}

fn asset(network: &NetworkId, currency: &str) -> Asset {
    Asset {
        network: network.clone(),
        currency: Currency::parse(currency).unwrap(),
        symbol: currency.to_ascii_uppercase().into(),
        decimals: 6,
        quote_decimals: 6,
        contract: None,
    }
}

fn registry() -> Registry {
    let networks = vec![network(Mode::Live), network(Mode::Test)];
    let assets = networks
        .iter()
        .flat_map(|network| ["native", "usdt", "usdc"].map(|currency| asset(&network.id, currency)));
    let assets = assets.collect();
    Registry::new(networks, assets).unwrap()
}

fn rates() -> Rates {
    let one = BTreeMap::from(["NATIVE", "USDT"].map(|symbol| ((symbol.to_owned(), Fiat::Usd), 1.into())));
    Rates {
        live: one.clone(),
        test: one,
        market: None,
    }
}

pub fn engine(directory: &tempfile::TempDir, clock: &Arc<SimulatedClock>) -> Arc<Engine> {
    let database = Database::open(&Options::in_directory(directory.path()), &SystemRandom).unwrap();
    let registry = registry();
    Arc::new(Engine::new(
        database,
        Arc::new(registry.clone()),
        registry
            .networks()
            .flat_map(|network| registry.assets_of(&network.id))
            .map(|asset| (asset.network.clone(), asset.currency.clone()))
            .collect::<Vec<_>>(),
        rates(),
        clock.clone(),
        Arc::new(SystemRandom),
    ))
}

pub fn scanner(engine: &Arc<Engine>, mode: Mode, source: Arc<dyn ChainSource>) -> Scanner {
    let pace = Pace {
        active: Duration::from_secs(1),
        idle: Duration::from_secs(10),
    };
    Scanner::new(Arc::clone(engine), Arc::new(network(mode)), source, pace, None)
}

impl Rig {
    /// A shop with `addresses` live addresses and an endpoint for every event, on a chain of one block.
    pub async fn new(addresses: u8, rules: Rules) -> Self {
        let directory = Arc::new(tempfile::tempdir().unwrap());
        let clock = Arc::new(SimulatedClock::starting_at(START));
        let chain = ScriptedChain::new(START);
        let engine = engine(&directory, &clock);
        let shop = engine
            .database
            .write(move |txn| {
                let shop = shops::insert(txn, "demo", Dialect::Payhook, None, &rules, START)?;
                let new = endpoints::NewEndpoint {
                    shop,
                    url: "http://127.0.0.1:9/",
                    format: Format::Standard,
                    key: None,
                    events: EventKind::ALL,
                    secret: "secret",
                };
                endpoints::insert(txn, &new, START, &SystemRandom)?;
                for index in 1..=addresses {
                    let address = Address::from_evm_account([index; 20]);
                    addresses::insert(txn, shop, &NetworkId::parse("bsc").unwrap(), &address, START)?;
                }
                shops::by_id(txn, shop)
            })
            .await
            .unwrap()
            .unwrap();
        let caller = Caller {
            shop: Arc::new(shop),
            mode: Mode::Live,
            key: None,
        };
        let scanner = scanner(&engine, Mode::Live, Arc::new(chain.clone()));
        let gateway = Gateway::new(Arc::clone(&engine));
        let mut rig = Self {
            directory,
            clock,
            chain,
            engine,
            gateway,
            caller,
            scanner,
            mined: 0,
        };
        rig.catch_up().await;
        rig
    }

    pub async fn with_late_policy(late: LatePolicy) -> Self {
        Self::new(
            3,
            Rules {
                late,
                ..Rules::default()
            },
        )
        .await
    }

    /// Where the database is.
    pub fn directory(&self) -> &std::path::Path {
        self.directory.path()
    }

    pub fn request(&self) -> CreateRequest {
        self.request_of(Fiat::Usd, 5000, "usdt")
    }

    pub fn request_of(&self, currency: Fiat, minor: u64, asset: &str) -> CreateRequest {
        let price = FiatAmount { currency, minor };
        CreateRequest {
            order: Order {
                metadata: "{}".to_owned(),
                ..Order::default()
            },
            ..CreateRequest::new(price, PayWith::asset("bsc", asset))
        }
    }

    /// A payment in the network's own coin.
    pub async fn create_native(&self) -> PaymentView {
        let request = self.request_of(Fiat::Usd, 5000, "native");
        self.gateway.create(&self.caller, request).await.unwrap().view
    }

    pub async fn create(&self) -> PaymentView {
        let Created { view, replayed } = self.gateway.create(&self.caller, self.request()).await.unwrap();
        assert!(!replayed);
        view
    }

    /// A transfer of USDT to a payment's address, in a transaction of its own.
    pub fn pay(&mut self, view: &PaymentView, amount: u128) -> Paid {
        self.mined += 1;
        let address = view.payment.chosen().unwrap().address.clone();
        Paid {
            txid: format!("0x{}", self.mined),
            position: 0,
            currency: "usdt",
            address,
            amount,
        }
    }

    /// Moves the clock on by a block's time and mines one.
    pub fn mine(&self, paid: &[Paid]) {
        self.clock.advance(BLOCK);
        self.chain.mine(self.clock.now(), paid);
    }

    pub fn mine_empty(&self, blocks: u64) {
        for _ in 0..blocks {
            self.mine(&[]);
        }
    }

    /// Rounds until the tip is reached.
    pub async fn catch_up(&mut self) {
        while self.scanner.round().await.unwrap() == Progress::Behind {}
    }

    pub async fn round(&mut self) -> Result<Progress, EngineError> {
        self.scanner.round().await
    }

    /// As if the process had been killed and started again: nothing in memory survives.
    pub async fn restart(&mut self) {
        self.engine = engine(&self.directory, &self.clock);
        self.gateway = Gateway::new(Arc::clone(&self.engine));
        self.scanner = scanner(&self.engine, Mode::Live, Arc::new(self.chain.clone()));
    }

    /// As a restart after the network's final depth was raised in the configuration.
    pub fn restart_with_final_depth(&mut self, final_depth: u32) {
        let network = Network {
            final_depth,
            ..network(Mode::Live)
        };
        let pace = Pace {
            active: Duration::from_secs(1),
            idle: Duration::from_secs(10),
        };
        let source = Arc::new(self.chain.clone());
        self.scanner = Scanner::new(Arc::clone(&self.engine), Arc::new(network), source, pace, None);
    }

    pub async fn now(&self, view: &PaymentView) -> PaymentView {
        self.gateway.by_public_name(&view.payment.token).await.unwrap()
    }

    pub async fn status(&self, view: &PaymentView) -> Status {
        self.now(view).await.payment.status
    }

    /// The kinds of a payment's events, in order; each must have left exactly one delivery.
    pub async fn events(&self, view: &PaymentView) -> Vec<EventKind> {
        let id = view.payment.id;
        let (events, deliveries) = self
            .engine
            .database
            .read(move |txn| {
                Ok::<_, StoreError>((events::of_payment(txn, id)?, deliveries::of_payment(txn, id)?))
            })
            .await
            .unwrap();
        let delivered: Vec<_> = deliveries.iter().map(|delivery| delivery.event).collect();
        assert_eq!(delivered, events.iter().map(|event| event.id).collect::<Vec<_>>());
        events.into_iter().map(|event| event.kind).collect()
    }

    pub async fn transfers(&self, view: &PaymentView) -> Vec<Transfer> {
        let id = view.payment.id;
        self.engine
            .database
            .read(move |txn| transfers::of_payment(txn, id))
            .await
            .unwrap()
    }

    pub async fn judgements(&self, view: &PaymentView) -> Vec<Judgement> {
        self.transfers(view)
            .await
            .iter()
            .map(|transfer| transfer.judgement)
            .collect()
    }

    /// What a USDT costs from now on, in USD.
    pub async fn set_rate(&mut self, rate: &str) {
        self.set_rates(&[(Fiat::Usd, rate)]);
    }

    /// What a USDT costs from now on, in each of these and in nothing else.
    pub fn set_rates(&mut self, rates: &[(Fiat, &str)]) {
        let rates = rates.iter();
        let rates = rates
            .map(|(fiat, rate)| (("USDT".to_owned(), *fiat), rate.parse().unwrap()))
            .collect();
        let old = &self.engine;
        let mut engine = Engine::new(
            old.database.clone(),
            Arc::clone(&old.registry),
            old.watched.iter().cloned(),
            Rates::default(),
            self.clock.clone(),
            Arc::new(SystemRandom),
        );
        engine.rates.live = rates;
        self.engine = Arc::new(engine);
        self.gateway = Gateway::new(Arc::clone(&self.engine));
        self.scanner = scanner(&self.engine, Mode::Live, Arc::new(self.chain.clone()));
    }

    pub async fn refused(&self) -> GatewayError {
        self.gateway
            .create(&self.caller, self.request())
            .await
            .unwrap_err()
    }
}
