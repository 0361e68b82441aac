//! What a command works with: settings, database, clock and chance, opened the way the daemon opens them.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};

use super::actor::actor;
use super::args::Globals;
use crate::ambient::{Clock, Random, SystemClock, SystemRandom, random_bytes};
use crate::config::paths::{DataDir, config_file};
use crate::config::settings::Durability;
use crate::config::{self, Settings};
use crate::daemon::NetworkFiles;
use crate::domain::asset::Registry;
use crate::domain::network::{Mode, Network};
use crate::domain::shop::Shop;
use crate::domain::time::UnixMillis;
use crate::engine::office::By;
use crate::store::{Database, Options, StoreError, Txn, audit_log, shops};

/// The data directory and the settings, before anything is opened.
pub struct Place {
    /// Where everything is kept.
    pub data_dir: DataDir,
    /// The configuration file, when there is one.
    pub config_file: Option<PathBuf>,
    /// The operator's file as it was read, and the dashboard's file of networks.
    pub networks: NetworkFiles,
    /// What the latter said.
    pub networks_text: Option<String>,
    /// What is in force.
    pub settings: Settings,
}

impl Place {
    /// Finds the data directory and reads the configuration.
    ///
    /// # Errors
    /// When there is no place to keep files, or the configuration is wrong.
    pub fn find(globals: &Globals) -> anyhow::Result<Self> {
        let environment = |name: &str| std::env::var(name).ok();
        let config_file = config_file(globals.config.as_deref(), environment);
        let data_dir = DataDir::resolve(globals.data_dir.as_deref(), environment)?;
        let networks = NetworkFiles {
            operators: config::operators(config_file.as_deref())?,
            path: data_dir.networks_file(),
        };
        let networks_text = networks.text()?;
        Ok(Self {
            settings: networks.settings(networks_text.as_deref())?,
            networks,
            networks_text,
            data_dir,
            config_file,
        })
    }

    /// How the database is opened here.
    #[must_use]
    pub fn store_options(&self) -> Options {
        let store = &self.settings.store;
        Options {
            path: self.data_dir.database(),
            key_file: self.data_dir.key_file(store),
            is_durable: store.durability == Durability::Full,
            readers: store.readers,
            queue: store.queue,
            examined_bytes_max: 0,
        }
    }
}

/// The file in which the daemon leaves the address it listens on, for commands beside it.
const ADDRESS_FILE: &str = "payd.address";

/// Keeps the address the daemon listens on: it may be another than the configured one.
///
/// # Errors
/// When the file cannot be written.
pub fn remember_address(data_dir: &Path, bound: SocketAddr) -> anyhow::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let file = data_dir.join(ADDRESS_FILE);
    let mut options = std::fs::OpenOptions::new();
    let opened = options
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(&file);
    opened
        .and_then(|mut opened| writeln!(opened, "{bound}"))
        .with_context(|| format!("cannot write {}", file.display()))
}

fn last_address(data_dir: &Path) -> Option<SocketAddr> {
    let text = std::fs::read_to_string(data_dir.join(ADDRESS_FILE)).ok()?;
    text.trim().parse().ok()
}

/// An open payd, without a daemon.
pub struct Session {
    /// What is in force.
    pub settings: Settings,
    /// Where everything is kept.
    pub data_dir: DataDir,
    /// Where it is set which networks are read.
    pub networks: NetworkFiles,
    /// The networks and assets.
    pub registry: Registry,
    /// The database.
    pub database: Database,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: Arc<dyn Random>,
}

impl Session {
    /// Opens the database, and makes the data directory when it is not there.
    ///
    /// # Errors
    /// When the configuration is wrong or the database cannot be opened.
    pub fn open(globals: &Globals) -> anyhow::Result<Self> {
        let place = Place::find(globals)?;
        place.data_dir.create()?;
        let options = Options {
            readers: 1,
            ..place.store_options()
        };
        let database = Database::open(&options, &SystemRandom)
            .with_context(|| format!("cannot open {}", options.path.display()))?;
        Ok(Self {
            registry: place.settings.registry(),
            settings: place.settings,
            data_dir: place.data_dir,
            networks: place.networks,
            database,
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
        })
    }

    /// Closes the database in order.
    pub async fn close(self) {
        let Self {
            settings,
            data_dir,
            networks,
            registry,
            database,
            clock,
            random,
        } = self;
        drop((settings, data_dir, networks, registry, clock, random));
        database.close().await;
    }

    /// What checkout URLs begin with: as configured, else where the daemon listened last, else where it would.
    #[must_use]
    pub fn public_url(&self) -> String {
        let server = &self.settings.server;
        let bound = last_address(self.data_dir.path()).unwrap_or(server.listen);
        server.public_url(bound)
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> UnixMillis {
        self.clock.now()
    }

    /// Who called the command, now.
    #[must_use]
    pub fn by(&self) -> By {
        By {
            actor: actor(),
            at: self.now(),
        }
    }

    /// 32 random bytes in hexadecimal.
    ///
    /// # Errors
    /// When the machine has no randomness to give.
    pub fn random_hex(&self) -> anyhow::Result<String> {
        Ok(hex::encode(random_bytes::<32>(self.random.as_ref())?))
    }

    /// The store of this name.
    ///
    /// # Errors
    /// When there is none; says which there are.
    pub async fn shop(&self, name: &str) -> anyhow::Result<Shop> {
        let name = name.to_owned();
        self.read(move |txn| shop_named(txn, &name)).await
    }

    /// The live network that is meant by `word`.
    ///
    /// # Errors
    /// When there is none, or a simulated one is meant.
    pub fn live_network(&self, word: &str) -> anyhow::Result<Arc<Network>> {
        let word = word.trim().to_ascii_lowercase();
        if let Some(network) = self.registry.network_by_slug(&word, Mode::Live) {
            return Ok(Arc::clone(network));
        }
        if self
            .registry
            .networks()
            .any(|network| network.id.as_str() == word)
        {
            bail!("{word} is a simulated network: it makes its own addresses, so test payments need none");
        }
        let live = self
            .registry
            .networks()
            .filter(|network| network.mode == Mode::Live);
        let known: Vec<&str> = live.map(|network| &*network.slug).collect();
        bail!("unknown network `{word}`; {}", suggestion(&word, &known))
    }

    /// The network that is meant by `word`: a live one, or a simulated one by its full name (`test-bsc`).
    ///
    /// # Errors
    /// When there is none.
    pub fn any_network(&self, word: &str) -> anyhow::Result<Arc<Network>> {
        let id = word.trim().to_ascii_lowercase();
        let mut networks = self.registry.networks();
        let simulated = networks.find(|network| network.mode == Mode::Test && network.id.as_str() == id);
        simulated.map_or_else(|| self.live_network(word), |network| Ok(Arc::clone(network)))
    }

    /// Reads one snapshot.
    ///
    /// # Errors
    /// Those of `work` and of the store.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Txn<'_>) -> anyhow::Result<T> + Send + 'static,
    ) -> anyhow::Result<T> {
        let read = self.database.read(|txn| work(txn).map_err(Failed));
        read.await.map_err(|Failed(error)| error)
    }

    /// Writes in one transaction; all of it or nothing.
    ///
    /// # Errors
    /// Those of `work` and of the store.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Txn<'_>) -> anyhow::Result<T> + Send + 'static,
    ) -> anyhow::Result<T> {
        let written = self.database.write(|txn| work(txn).map_err(Failed));
        written.await.map_err(|Failed(error)| error)
    }
}

/// Carries any error through the store's transactions.
struct Failed(anyhow::Error);

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self(error.into())
    }
}

/// Writes down in the audit log what the caller of a command does, in the transaction that does it.
///
/// # Errors
/// Those of the store.
pub fn write_down(
    txn: &Txn<'_>,
    now: UnixMillis,
    action: &str,
    subject: &str,
    detail: &str,
) -> anyhow::Result<()> {
    Ok(audit_log::record(txn, &actor(), action, subject, detail, now)?)
}

/// The store of this name, in a transaction.
///
/// # Errors
/// When there is none; says which there are.
pub fn shop_named(txn: &Txn<'_>, name: &str) -> anyhow::Result<Shop> {
    if let Some(shop) = shops::by_name(txn, name)? {
        return Ok(shop);
    }
    let all = shops::all(txn)?;
    if all.is_empty() {
        bail!("there is no store yet: make one with `payd store add {name}`");
    }
    let names: Vec<&str> = all.iter().map(|shop| shop.name.as_str()).collect();
    bail!("no store is called `{name}`; {}", suggestion(name, &names))
}

/// The word that was probably meant, or all there are.
#[must_use]
pub fn suggestion(word: &str, known: &[&str]) -> String {
    let score = |candidate: &&&str| {
        let edits = strsim::damerau_levenshtein(word, candidate);
        (edits <= 2).then_some(edits)
    };
    match known
        .iter()
        .filter(|known| score(known).is_some())
        .min_by_key(score)
    {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("known: {}", known.join(", ")),
    }
}
