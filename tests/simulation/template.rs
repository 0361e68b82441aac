//! The database that every seed begins with, made once: shops with their keys, addresses, wallets and endpoints.

use std::path::{Path, PathBuf};

use payd::ambient::Random as _;
use payd::chain::accounts::Account;
use payd::config::{self, Settings};
use payd::domain::address::Address;
use payd::domain::event::EventKind;
use payd::domain::ids::ShopId;
use payd::domain::network::{Bip, Family, Mode, NetworkId};
use payd::domain::shop::{Dialect, Format, LatePolicy, Rules};
use payd::domain::time::UnixMillis;
use payd::domain::wallet::Slots;
use payd::engine::wallets::{self, Choice};
use payd::store::endpoints::{self, NewEndpoint};
use payd::store::{Database, Options, StoreError, Txn, addresses, keys, shops};

use crate::chance::SeededRandom;
use crate::evm::{CHAIN_ID, USDC, USDT};
use crate::utxo;
use crate::world::{BLOCK_MS, FINAL_DEPTH, Network, PROVIDERS, READ_FROM};

/// The first day.
pub const START_MS: u64 = 1_800_000_000_000;
pub const START: UnixMillis = UnixMillis::new(START_MS as i64);
/// How long customers have to pay.
pub const WINDOW_MS: u64 = 60_000;
/// Shops: with a pool of addresses, with an account, with one address.
pub const SHOPS: usize = 3;
/// Endpoints of each shop, by receiver.
pub const ENDPOINTS: [&[usize]; SHOPS] = [&[0, 1], &[2], &[3]];
const POOL: u32 = 260;
/// They rest longer than a seed lasts, unless a night passes in it.
const POOL_BITCOIN: u32 = 90;
/// Addresses that nothing is paid to; with so many, all logs of the tokens are read.
const IDLE: u32 = 800;
const EVM_ACCOUNT: &str = "xpub6D4BDPcP2GT577Vvch3R8wDkScZWzQzMMUm3PWbmWvVJrZwQY4VUNgqFJPMM3No2dFDFGTsxxpG5uJh7n7epu4trkrX7x7DogT5Uv6fcLW5";
const BITCOIN: Family = Family::Bitcoin(Bip::Regtest);
const BITCOIN_ACCOUNT: &str = "vpub5Y6cjg78GGuNQePrLecqwMCGL7x8YYGFKqN5LCciiMAuXWPjwsX9pvXhqKJdkzDeoE9xvFGM1j6cVLPqHEVDK5idBAye5LzWyqxjXcen358";

/// A shop's key.
pub fn key_of(shop: usize) -> String {
    format!("pk_simulated_{shop}")
}

/// How a seed's daemon reads the EVM chain: what is proven of it, and what one provider's word would have to do for.
const READINGS: [&str; 3] = [
    "mode = \"logs\"\nverify = \"none\"",
    "mode = \"receipts\"\nverify = \"full\"",
    "mode = \"logs\"\nverify = \"full\"",
];

/// The settings of every reading.
pub struct Readings([Settings; READINGS.len()]);

pub fn readings() -> Readings {
    Readings(READINGS.map(settings))
}

impl Readings {
    /// With few watched addresses and with many, each is read in all ways.
    pub fn of(&self, seed: u64) -> &Settings {
        &self.0[(seed + seed / 3) as usize % READINGS.len()]
    }
}

fn settings(reading: &str) -> Settings {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("payd.toml");
    std::fs::write(&path, configuration(reading)).unwrap();
    config::load(Some(&path), |_| None).unwrap()
}

fn configuration(reading: &str) -> String {
    let (evm, bitcoin) = (Network::Evm.slug(), Network::Bitcoin.slug());
    let read = format!(
        "final_depth = {FINAL_DEPTH}\nblock_time_ms = {BLOCK_MS}\npoll_ms = 2000\nidle_poll_ms = 2000\nquorum = 2\n\
         start_height = {READ_FROM}\n"
    );
    format!(
        "[server]\nlisten = \"127.0.0.1:0\"\npublic_url = \"https://pay.example\"\n\
         [dashboard]\nlisten = \"off\"\n[metrics]\nlisten = \"off\"\n[simulated]\nenabled = false\n\
         [limits]\nenabled = false\n[rates]\nenabled = false\n\
         [rates.fixed.usd]\nSIM = \"2000\"\nUSDT = \"1\"\nUSDC = \"1\"\nBTC = \"50000\"\n\
         [networks.{evm}]\nkind = \"evm\"\nchain_id = {CHAIN_ID}\nname = \"Simulated\"\nsymbol = \"SIM\"\n\
         confirmations = 3\n{reading}\n{read}{}\
         [networks.{evm}.tokens.usdt]\ncontract = \"{USDT}\"\ndecimals = 6\n\
         [networks.{evm}.tokens.usdc]\ncontract = \"{USDC}\"\ndecimals = 6\n\
         [networks.{bitcoin}]\nchain = \"regtest\"\n{read}{}",
        providers(Network::Evm),
        providers(Network::Bitcoin),
    )
}

fn providers(network: Network) -> String {
    let (slug, letter) = (network.slug(), network.letter());
    (0..PROVIDERS)
        .map(|number| format!("[[networks.{slug}.providers]]\nurl = \"https://{letter}{number}.example/\"\n"))
        .collect()
}

/// The account that a shop gives addresses out of.
fn account(network: Network) -> Account {
    let (family, text) = match network {
        Network::Evm => (Family::Evm { chain_id: CHAIN_ID }, EVM_ACCOUNT),
        Network::Bitcoin => (BITCOIN, BITCOIN_ACCOUNT),
    };
    Account::parse(family, text).unwrap()
}

/// An address that nobody has the key of.
fn address(network: Network, random: &SeededRandom) -> Address {
    let mut payload = [0; 20];
    random.fill(&mut payload).unwrap();
    match network {
        Network::Evm => Address::from_evm_account(payload),
        Network::Bitcoin => Address::parse(BITCOIN, &utxo::address(payload)).unwrap(),
    }
}

/// Makes the database in `directory`; with few watched addresses or many.
pub async fn make(directory: &Path, has_many: bool) {
    let random = SeededRandom::of(0, 7);
    let database = Database::open(&Options::in_directory(directory), &random).unwrap();
    let settings = settings(READINGS[0]);
    let registry = settings.registry();
    let work = move |txn: &Txn<'_>| {
        for shop in 0..=SHOPS {
            let id = open_shop(txn, shop, &random)?;
            let own = shops::by_id(txn, id)?.unwrap();
            for network in Network::ALL {
                let read = registry
                    .network(&NetworkId::parse(network.slug()).unwrap())
                    .unwrap();
                let assets = registry.assets_of(&read.id);
                let choice = match shop {
                    1 => Choice::Xpub {
                        account: account(network),
                        next_index: None,
                    },
                    2 => Choice::Shared {
                        address: address(network, &random),
                        slots: Some(Slots { count: 80, digits: 2 }),
                    },
                    _ => Choice::Pool,
                };
                wallets::set(txn, &own, read, assets.map(AsRef::as_ref), &choice, START).unwrap();
                let count = match (shop, network) {
                    (0, Network::Evm) => POOL,
                    (0, Network::Bitcoin) => POOL_BITCOIN,
                    (3, Network::Evm) if has_many => IDLE,
                    _ => 0,
                };
                for _ in 0..count {
                    addresses::insert(txn, id, &read.id, &address(network, &random), START)?;
                }
            }
        }
        Ok::<_, StoreError>(())
    };
    database.write(work).await.unwrap();
    database.close().await;
}

/// A shop with its key and its endpoints.
fn open_shop(txn: &Txn<'_>, shop: usize, random: &SeededRandom) -> Result<ShopId, StoreError> {
    let rules = Rules {
        window: std::time::Duration::from_millis(WINDOW_MS),
        cool_down: std::time::Duration::from_secs(10),
        late: if shop == 1 {
            LatePolicy::Accept
        } else {
            LatePolicy::Flag
        },
        ..Rules::default()
    };
    let name = format!("shop {shop}");
    let id = shops::insert(txn, &name, Dialect::Payhook, None, &rules, START)?;
    keys::insert(txn, id, Mode::Live, &key_of(shop), "secret", START, random)?;
    for receiver in ENDPOINTS.get(shop).copied().unwrap_or_default() {
        let new = NewEndpoint {
            shop: id,
            url: &format!("http://r{receiver}.example/hook"),
            format: if receiver % 2 == 0 {
                Format::Payhook
            } else {
                Format::Standard
            },
            key: None,
            events: EventKind::ALL,
            secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        };
        endpoints::insert(txn, &new, START, random)?;
    }
    Ok(id)
}

/// The two databases.
pub struct Templates {
    _directory: tempfile::TempDir,
    few: PathBuf,
    many: PathBuf,
}

impl Templates {
    pub fn make() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (few, many) = (directory.path().join("few"), directory.path().join("many"));
        for (path, has_many) in [(&few, false), (&many, true)] {
            std::fs::create_dir(path).unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(make(path, has_many));
        }
        Self {
            _directory: directory,
            few,
            many,
        }
    }

    pub fn of(&self, has_many: bool) -> &Path {
        if has_many { &self.many } else { &self.few }
    }
}

/// Copies the files that a process would find after a crash.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for name in ["payd.sqlite", "payd.sqlite-wal", "payd.key"] {
        if from.join(name).exists() {
            std::fs::copy(from.join(name), to.join(name)).unwrap();
        }
    }
}
