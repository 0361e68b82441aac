//! A shop with one address, a store, and a scanner that reads through given providers, on a clock moved by hand.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use payd::ambient::{Clock as _, SimulatedClock, SystemRandom};
use payd::chain::ChainSource;
use payd::chain::bitcoin::electrum::Electrum;
use payd::chain::bitcoin::params::Coin;
use payd::chain::bitcoin::{BitcoinSettings, BitcoinSource, ProviderKind, ProviderSettings};
use payd::chain::providers::CallLimits;
use payd::domain::address::Address;
use payd::domain::asset::{Asset, Currency, Registry};
use payd::domain::money::{Fiat, FiatAmount};
use payd::domain::network::{Family, Mode, Network, NetworkId};
use payd::domain::payment::Order;
use payd::domain::shop::{Dialect, Rules};
use payd::domain::status::Status;
use payd::domain::time::UnixMillis;
use payd::domain::transfer::Transfer;
use payd::engine::Engine;
use payd::engine::gateway::{Caller, CreateRequest, Gateway, PayWith, PaymentView};
use payd::engine::quote::Rates;
use payd::engine::scan::{Pace, Progress, Scanner};
use payd::net::http::{HttpSettings, HttpTransport};
use payd::net::lines::{Dial, Duplex};
use payd::net::{Endpoint, TransportError};
use payd::store::{Database, Options, addresses, shops, transfers};
use tempfile::TempDir;

/// Blocks until money is settled.
pub const CONFIRMATIONS: u32 = 2;

/// A source over real HTTP.
pub fn source(
    network: &Arc<Network>,
    providers: &[(ProviderKind, String)],
    clock: &Arc<SimulatedClock>,
) -> Arc<BitcoinSource> {
    let providers = providers.iter().map(|(kind, url)| ProviderSettings {
        url: url.clone(),
        headers: Vec::new(),
        kind: *kind,
        requests: None,
    });
    let settings = BitcoinSettings {
        network: Arc::clone(network),
        native: Arc::new(native(network)),
        providers: providers.collect(),
        quorum: 2,
        range_max: 4,
        limits: CallLimits::default(),
    };
    let transport = Arc::new(HttpTransport::new(&HttpSettings::default()).expect("a transport"));
    let coin = match network.family {
        Family::Litecoin(_) => Coin::Litecoin,
        _ => Coin::Bitcoin,
    };
    let electrum = Electrum::new(coin, Duration::ZERO, Arc::new(NoLines), clock.clone());
    let source = BitcoinSource::new(
        settings,
        electrum,
        transport,
        clock.clone(),
        Arc::new(SystemRandom),
    );
    Arc::new(source.expect("a source"))
}

/// No Electrum server is there to be asked.
struct NoLines;

impl Dial for NoLines {
    fn dial<'a>(&'a self, _: &'a Endpoint) -> BoxFuture<'a, Result<Box<dyn Duplex>, TransportError>> {
        unreachable!("no provider is an Electrum server")
    }
}

/// The network of `family`, as in no configuration: settled after two blocks, reorganisations followed for twelve.
pub fn network(family: Family) -> Arc<Network> {
    Arc::new(Network {
        id: NetworkId::parse("btc").expect("a name"),
        slug: "btc".into(),
        name: "Bitcoin".into(),
        mode: Mode::Live,
        family,
        confirmations: payd::domain::confirmations::Tiers::flat(CONFIRMATIONS),
        final_depth: 12,
        block_time: Duration::from_secs(600),
        timestamp_slack: Duration::from_secs(7200),
    })
}

fn native(network: &Network) -> Asset {
    Asset {
        network: network.id.clone(),
        currency: Currency::parse("native").expect("a word"),
        symbol: "BTC".into(),
        decimals: 8,
        quote_decimals: 8,
        contract: None,
    }
}

pub struct Bench {
    pub clock: Arc<SimulatedClock>,
    pub source: Arc<BitcoinSource>,
    engine: Arc<Engine>,
    gateway: Gateway,
    caller: Caller,
    scanner: Scanner,
    _dir: TempDir,
}

impl Bench {
    /// A shop with one address, `address`, at `now`; what `providers` tell is read from their tip on.
    pub async fn start(
        family: Family,
        providers: &[(ProviderKind, String)],
        address: &str,
        now: UnixMillis,
    ) -> Self {
        let network = network(family);
        let clock = Arc::new(SimulatedClock::starting_at(now));
        let source = source(&network, providers, &clock);
        let dir = tempfile::tempdir().expect("a temporary folder");
        let database = Database::open(&Options::in_directory(dir.path()), &SystemRandom).expect("a store");
        let asset = native(&network);
        let registry =
            Registry::new(vec![Network::clone(&network)], vec![asset.clone()]).expect("a registry");
        // A coin is worth 100 000: a cent is ten satoshis.
        let mut rates = Rates::default();
        rates.live.insert(("BTC".to_owned(), Fiat::Usd), 100_000.into());
        let watched = [(network.id.clone(), asset.currency)];
        let engine = Engine::new(
            database,
            Arc::new(registry),
            watched,
            rates,
            clock.clone(),
            Arc::new(SystemRandom),
        );
        let engine = Arc::new(engine);
        let (id, address) = (
            network.id.clone(),
            Address::parse(family, address).expect("an address"),
        );
        let shop = engine
            .database
            .write(move |txn| {
                let rules = Rules::default();
                let shop = shops::insert(txn, "demo", Dialect::Payhook, None, &rules, now)?;
                addresses::insert(txn, shop, &id, &address, now)?;
                shops::by_id(txn, shop)
            })
            .await
            .expect("a shop")
            .expect("the shop");
        let pace = Pace {
            active: Duration::from_secs(1),
            idle: Duration::from_secs(10),
        };
        let reading: Arc<dyn ChainSource> = source.clone();
        let mut bench = Self {
            scanner: Scanner::new(Arc::clone(&engine), network, reading, pace, None),
            gateway: Gateway::new(Arc::clone(&engine)),
            caller: Caller {
                shop: Arc::new(shop),
                mode: Mode::Live,
                key: None,
            },
            clock,
            source,
            engine,
            _dir: dir,
        };
        bench.catch_up().await;
        bench
    }

    /// A payment of `sats`.
    pub async fn create(&self, sats: u64) -> PaymentView {
        let request = CreateRequest {
            order: Order {
                metadata: "{}".to_owned(),
                ..Order::default()
            },
            ..CreateRequest::new(
                FiatAmount {
                    currency: Fiat::Usd,
                    minor: sats / 10,
                },
                PayWith::asset("btc", "native"),
            )
        };
        let created = self.gateway.create(&self.caller, request).await;
        created.expect("a payment").view
    }

    /// Moves the clock to half a minute after `seconds`, unless it is later already, and reads to the tip.
    pub async fn catch_up_at(&mut self, seconds: i64) {
        let then = UnixMillis::from_seconds(seconds + 30);
        if then > self.clock.now() {
            self.clock.set(then);
        }
        self.catch_up().await;
    }

    /// Reads to the tip.
    pub async fn catch_up(&mut self) {
        while self.scanner.round().await.expect("a round") == Progress::Behind {}
    }

    pub async fn now(&self, view: &PaymentView) -> PaymentView {
        self.gateway
            .by_public_name(&view.payment.token)
            .await
            .expect("the payment")
    }

    pub async fn status(&self, view: &PaymentView) -> Status {
        self.now(view).await.payment.status
    }

    pub async fn transfers(&self, view: &PaymentView) -> Vec<Transfer> {
        let id = view.payment.id;
        self.engine
            .database
            .read(move |txn| transfers::of_payment(txn, id))
            .await
            .expect("transfers")
    }

    /// The heights of the payment's transfers, and whether each has left the chain.
    pub async fn heights(&self, view: &PaymentView) -> Vec<(u64, bool)> {
        let transfers = self.transfers(view).await;
        transfers
            .iter()
            .map(|transfer| (transfer.seen.block.height, transfer.orphaned))
            .collect()
    }
}
