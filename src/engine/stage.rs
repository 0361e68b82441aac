//! A real engine for the tests of the floors above: a temporary database, every network of the APIs as a live and a
//! simulated one, a clock that is set by hand. The simulated chains are read when a test says so.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::Engine;
use super::gateway::{Gateway, PaymentView, Scenario};
use super::quote::Rates;
use super::scan::{Pace, Progress, Scanner};
use super::simulate::StoredLedger;
use crate::ambient::{Clock as _, Random as _, SimulatedClock, SystemRandom};
use crate::chain::simulated::{self, SimulatedSource};
use crate::domain::address::Address;
use crate::domain::asset::{Asset, Currency, Registry};
use crate::domain::confirmations::Tiers;
use crate::domain::donation::{Donation, DonationPage};
use crate::domain::ids::{AuditId, EndpointId, KeyId, PaymentId, ShopId};
use crate::domain::money::Fiat;
use crate::domain::network::{Bip, Family, Mode, Network, NetworkId};
use crate::domain::payment::Payment;
use crate::domain::shop::{Accepted, Dialect, Rules, Shop};
use crate::domain::time::UnixMillis;
use crate::domain::wallet::{Slots, Way};
use crate::domain::widget::{ListedPrice, Widget};
use crate::store::addresses::Origin;
use crate::store::wallets::NewWallet;
use crate::store::{
    Database, Options, StoreError, Txn, accepted, addresses, donations, endpoints, keys, shops, wallets,
    widgets,
};

/// 2027-01-15T08:00:00Z
pub const START: UnixMillis = UnixMillis::from_seconds(1_800_000_000);

/// Slug, name, family, the coin's symbol and decimals, tokens with their decimals.
type Line = (
    &'static str,
    &'static str,
    Family,
    &'static str,
    u8,
    &'static [(&'static str, u8)],
);

const NETWORKS: &[Line] = &[
    ("bitcoin", "Bitcoin", Family::Bitcoin(Bip::Regtest), "BTC", 8, &[]),
    (
        "litecoin",
        "Litecoin",
        Family::Litecoin(Bip::Regtest),
        "LTC",
        8,
        &[],
    ),
    (
        "ethereum",
        "Ethereum",
        Family::Evm { chain_id: 1 },
        "ETH",
        18,
        &[("usdt", 6), ("usdc", 6)],
    ),
    (
        "bsc",
        "BNB Smart Chain",
        Family::Evm { chain_id: 56 },
        "BNB",
        18,
        &[("usdt", 18), ("usdc", 18)],
    ),
    ("tron", "TRON", Family::Tron, "TRX", 6, &[("usdt", 6)]),
];

/// What one whole unit costs in dollars.
const RATES: &[(&str, u32)] = &[
    ("BTC", 97_500),
    ("LTC", 100),
    ("ETH", 3200),
    ("BNB", 600),
    ("USDT", 1),
    ("USDC", 1),
];

/// Live addresses of a shop on each network.
const ADDRESSES: u32 = 3;

/// A key with its secret.
#[derive(Debug, Clone)]
pub struct Key {
    /// Its row.
    pub id: KeyId,
    /// What is sent.
    pub key: String,
    /// What signs.
    pub secret: String,
}

/// A shop with a key of each mode.
#[derive(Debug, Clone)]
pub struct StagedShop {
    /// Its row.
    pub id: ShopId,
    /// For simulated chains.
    pub test: Key,
    /// For real ones.
    pub live: Key,
}

/// The engine and what it stands on.
pub struct Stage {
    _directory: tempfile::TempDir,
    /// Moves when a test moves it.
    pub clock: Arc<SimulatedClock>,
    /// The engine.
    pub engine: Arc<Engine>,
    /// Its door.
    pub gateway: Gateway,
    scanners: Vec<Scanner>,
}

impl Default for Stage {
    fn default() -> Self {
        Self::new()
    }
}

impl Stage {
    /// A stage without shops. One whole TRX has no rate; all else costs what is round.
    #[must_use]
    pub fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(SimulatedClock::starting_at(START));
        let database = Database::open(&Options::in_directory(directory.path()), &SystemRandom).unwrap();
        let registry = Arc::new(registry());
        let watched = registry
            .networks()
            .flat_map(|network| registry.assets_of(&network.id))
            .map(|asset| (asset.network.clone(), asset.currency.clone()))
            .collect::<Vec<_>>();
        let clock_of_engine = Arc::clone(&clock);
        let engine = Engine::new(
            database,
            Arc::clone(&registry),
            watched,
            rates(),
            clock_of_engine,
            Arc::new(SystemRandom),
        );
        let engine = Arc::new(engine);
        let simulated = registry.networks().filter(|network| network.mode == Mode::Test);
        let scanners = simulated
            .map(|network| scanner(&engine, network, &clock))
            .collect();
        Self {
            _directory: directory,
            clock,
            gateway: Gateway::new(Arc::clone(&engine)),
            engine,
            scanners,
        }
    }

    /// A shop of an API, with a key of each mode, and live addresses on the networks that have tokens.
    pub async fn shop(&self, dialect: Dialect) -> StagedShop {
        let made = self.write(move |txn| {
            let name = format!("{dialect} shop");
            let id = shops::insert(txn, &name, dialect, None, &Rules::default(), START)?;
            for network in registry().networks().filter(|network| network.mode == Mode::Live) {
                let has_tokens = matches!(network.family, Family::Evm { .. } | Family::Tron);
                for _ in 0..if has_tokens { ADDRESSES } else { 0 } {
                    let mut random = [0; 20];
                    SystemRandom.fill(&mut random).unwrap();
                    let address = simulated::address::from_random(network.family, random).unwrap();
                    addresses::insert(txn, id, &network.id, &address, START)?;
                }
                // The live chains have been read to somewhere.
                let sql = format!(
                    "INSERT OR IGNORE INTO cursors (network, height, hash, block_ms) VALUES ('{}', 1, 'hash', {})",
                    network.id,
                    START.get()
                );
                txn.run_sql(&sql)?;
            }
            Ok(StagedShop {
                id,
                test: key(txn, id, Mode::Test)?,
                live: key(txn, id, Mode::Live)?,
            })
        });
        made.await
    }

    /// A key of a shop for web pages, for simulated chains.
    pub async fn page_key(&self, shop: &StagedShop) -> String {
        let id = shop.id;
        let made = self.write(move |txn| {
            let made = key(txn, id, Mode::Test)?;
            keys::publish(txn, made.id)?;
            Ok(made.key)
        });
        made.await
    }

    /// Sets what a shop accepts, by codes such as `USDT_TRC20`.
    pub async fn accept(&self, shop: &StagedShop, codes: &[&str]) {
        let registry = registry();
        let of_code = |code: &&str| {
            let asset = registry.asset_by_code(code, Mode::Live).unwrap();
            Accepted {
                slug: asset.network.clone(),
                currency: asset.currency.clone(),
            }
        };
        let (id, all) = (shop.id, codes.iter().map(of_code).collect::<Vec<_>>());
        self.write(move |txn| accepted::set(txn, id, &all)).await;
    }

    /// Sets up a shop's donation page.
    pub async fn donations(&self, shop: &StagedShop, page: DonationPage) {
        let id = shop.id;
        self.write(move |txn| donations::set_page(txn, id, &page)).await;
    }

    /// Every donation there is, newest first.
    pub async fn all_donations(&self) -> Vec<(Donation, Payment)> {
        let read = |txn: &Txn<'_>| donations::page(txn, None, PaymentId::new(i64::MAX), u32::MAX);
        self.engine.database.read(read).await.unwrap()
    }

    /// A shop as it is now.
    pub async fn shop_now(&self, id: ShopId) -> Shop {
        let read = self.engine.database.read(move |txn| shops::by_id(txn, id)).await;
        read.unwrap().unwrap()
    }

    /// Everything in the audit log, as one text.
    pub async fn audit_log(&self) -> String {
        let read = |txn: &Txn<'_>| crate::store::audit_log::page(txn, AuditId::new(i64::MAX), u32::MAX);
        let entries = self.engine.database.read(read).await.unwrap();
        let lines = entries.iter().map(|entry| {
            let crate::store::audit_log::AuditEntry {
                actor,
                action,
                subject,
                detail,
                ..
            } = entry;
            format!("{actor} {action} {subject} {detail}\n")
        });
        lines.collect()
    }

    /// Changes a shop.
    pub async fn change(&self, shop: &StagedShop, change: impl FnOnce(&mut Shop) + Send + 'static) {
        let id = shop.id;
        self.write(move |txn| {
            let mut shop = shops::by_id(txn, id)?.unwrap();
            change(&mut shop);
            shops::update(txn, &shop)
        })
        .await;
    }

    /// Sets what a shop's own pages may do, and what they may sell.
    pub async fn set_widget(&self, shop: &StagedShop, widget: Widget, prices: Vec<ListedPrice>) {
        let id = shop.id;
        self.write(move |txn| {
            widgets::set(txn, id, &widget)?;
            prices
                .iter()
                .try_for_each(|price| widgets::set_price(txn, id, price))
        })
        .await;
    }

    /// Has a shop receive test payments on a network at one address, by `count` amounts a cent apart.
    pub async fn share(&self, shop: &StagedShop, slug: &str, count: u32) {
        let network = NetworkId::simulated(slug);
        let registry = registry();
        let family = registry.network(&network).unwrap().family;
        let address = simulated::address::from_random(family, [7; 20]).unwrap();
        let id = shop.id;
        self.write(move |txn| {
            let new = NewWallet {
                shop: id,
                network: &network,
                way: Way::Shared,
                account: address.text(),
                first_index: 0,
                slots: Some(Slots { count, digits: 2 }),
            };
            let wallet = wallets::replace(txn, &new, START)?;
            addresses::insert_of(txn, id, &network, &address, Origin::Shared { wallet }, START)
        })
        .await;
    }

    /// What signs for an endpoint.
    pub async fn endpoint_secret(&self, id: EndpointId) -> String {
        let secret = self.write(move |txn| endpoints::secret(txn, id)).await;
        secret.to_string()
    }

    /// Writes to the database.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Txn<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.engine.database.write(work).await.unwrap()
    }

    /// Has a simulated chain act on a test payment, lets `span` pass and reads.
    pub async fn play(&mut self, view: &PaymentView, scenario: Scenario, span: Duration) {
        self.gateway
            .simulate(&view.payment.token, scenario)
            .await
            .unwrap();
        self.pass(span).await;
    }

    /// Lets time pass and reads the simulated chains to their tips.
    pub async fn pass(&mut self, span: Duration) {
        self.clock.advance(span);
        for scanner in &mut self.scanners {
            while scanner.round().await.unwrap() == Progress::Behind {}
        }
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> UnixMillis {
        self.clock.now()
    }
}

fn key(txn: &Txn<'_>, shop: ShopId, mode: Mode) -> Result<Key, StoreError> {
    let mut random = [0; 32];
    SystemRandom.fill(&mut random).unwrap();
    let (key, secret) = random.split_at(16);
    let (key, secret) = (
        format!("pk_{}", hex::encode(key)),
        format!("sk_{}", hex::encode(secret)),
    );
    Ok(Key {
        id: keys::insert(txn, shop, mode, &key, &secret, START, &SystemRandom)?,
        key,
        secret,
    })
}

fn scanner(engine: &Arc<Engine>, network: &Arc<Network>, clock: &Arc<SimulatedClock>) -> Scanner {
    let ledger = StoredLedger::new(engine.database.clone(), network.id.clone());
    let clock = Arc::clone(clock);
    let source = SimulatedSource::new(Arc::clone(network), clock, Box::new(ledger));
    let pace = Pace {
        active: Duration::from_secs(1),
        idle: Duration::from_secs(1),
    };
    // From a little before the stage's beginning on: nothing was there before.
    let start = simulated::Timetable::of(network)
        .height_at(START)
        .saturating_sub(10);
    Scanner::new(
        Arc::clone(engine),
        Arc::clone(network),
        Arc::new(source),
        pace,
        Some(start),
    )
}

fn registry() -> Registry {
    let mut networks = Vec::new();
    let mut assets = Vec::new();
    for mode in [Mode::Live, Mode::Test] {
        for line in NETWORKS {
            let network = network(line, mode);
            assets.extend(assets_of(line, &network.id));
            networks.push(network);
        }
    }
    Registry::new(networks, assets).unwrap()
}

fn network((slug, name, family, ..): &Line, mode: Mode) -> Network {
    let id = match mode {
        Mode::Live => NetworkId::parse(slug).unwrap(),
        Mode::Test => NetworkId::simulated(slug),
    };
    Network {
        id,
        slug: (*slug).into(),
        name: (*name).into(),
        mode,
        family: match (family, mode) {
            (Family::Bitcoin(_), Mode::Test) => Family::Bitcoin(Bip::Regtest),
            (Family::Litecoin(_), Mode::Test) => Family::Litecoin(Bip::Regtest),
            (family, _) => *family,
        },
        confirmations: Tiers::flat(3),
        final_depth: 20,
        block_time: Duration::from_secs(1),
        timestamp_slack: Duration::from_secs(60),
    }
}

fn assets_of((_, _, _, symbol, decimals, tokens): &Line, network: &NetworkId) -> Vec<Asset> {
    let asset = |currency: &str, symbol: &str, decimals: u8, contract| Asset {
        network: network.clone(),
        currency: Currency::parse(currency).unwrap(),
        symbol: symbol.into(),
        decimals,
        quote_decimals: decimals.min(8),
        contract,
    };
    let coin = asset(Currency::NATIVE, symbol, *decimals, None);
    let contract = Address::from_evm_account([0xcc; 20]);
    let tokens = tokens.iter().map(|(currency, decimals)| {
        let mut token = asset(
            currency,
            &currency.to_uppercase(),
            *decimals,
            Some(contract.clone()),
        );
        token.quote_decimals = 6;
        token
    });
    std::iter::once(coin).chain(tokens).collect()
}

fn rates() -> Rates {
    let all: BTreeMap<_, _> = RATES
        .iter()
        .map(|(symbol, dollars)| (((*symbol).to_owned(), Fiat::Usd), (*dollars).into()))
        .collect();
    Rates {
        live: all.clone(),
        test: all,
        market: None,
    }
}
