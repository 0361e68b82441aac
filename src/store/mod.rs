//! SQLite: one writer, many readers, one file per noun. All SQL of the daemon lives on this floor.
//!
//! Knows no rules: what may follow what is decided by its callers, in closures that run inside one transaction.

pub mod accepted;
pub mod addresses;
pub mod audit_log;
pub mod balances;
pub mod blocks;
pub mod brandings;
pub mod confirmation_tiers;
pub mod copies;
pub mod counter_items;
pub mod deliveries;
pub mod donations;
pub mod endpoints;
pub mod error;
pub mod events;
pub mod figures;
pub mod idempotency;
pub mod inbox;
pub mod keys;
pub mod listing;
pub mod notes;
pub mod notices;
pub mod payments;
pub mod pins;
pub mod received;
pub mod receiving_changes;
pub mod replays;
pub mod schema;
pub mod search;
pub mod second_looks;
pub mod seed;
pub mod sent;
pub mod sessions;
pub mod setup_link;
pub mod shops;
pub mod simulated;
pub mod slots;
pub mod steps;
pub mod store_rates;
#[cfg(test)]
mod tests;
pub mod transfers;
pub mod unconfirmed;
pub mod used_signatures;
pub mod users;
mod values;
pub mod vault;
pub mod wallets;
pub mod widgets;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

pub use error::StoreError;
use steps::Steps;
use vault::Vault;
use writer::Writer;

use crate::ambient::Random;

/// How to open the database.
#[derive(Debug, Clone)]
pub struct Options {
    /// The database file.
    pub path: PathBuf,
    /// The key file.
    pub key_file: PathBuf,
    /// Whether each commit is on disk before it is answered (`synchronous=FULL`). Without it a power cut may
    /// lose the last moments.
    pub is_durable: bool,
    /// Read connections.
    pub readers: usize,
    /// Writes that may wait.
    pub queue: usize,
}

impl Options {
    /// The usual files in `directory`, with the defaults.
    #[must_use]
    pub fn in_directory(directory: &Path) -> Self {
        Self {
            path: directory.join("payd.sqlite"),
            key_file: directory.join("payd.key"),
            is_durable: true,
            readers: 4,
            queue: 4096,
        }
    }
}

/// An open transaction or snapshot: what the functions of this floor work on.
pub struct Txn<'a> {
    connection: &'a Connection,
    vault: &'a Vault,
}

#[cfg(test)]
impl Txn<'_> {
    /// The connection, for tests that do what no function of this floor would.
    pub const fn raw(&self) -> &Connection {
        self.connection
    }
}

/// The open database. Cheap to clone.
#[derive(Clone)]
pub struct Database {
    writer: Writer,
    readers: Arc<Readers>,
    vault: Arc<Vault>,
    options: Arc<Options>,
    closing: Arc<Mutex<Option<std::thread::JoinHandle<()>>>>,
    /// Set where nothing runs on threads.
    steps: Option<Arc<dyn Steps>>,
}

struct Readers {
    free: Mutex<Vec<Connection>>,
    permits: Arc<Semaphore>,
}

impl Database {
    /// Opens the database: makes it and its key file where there is none, backs it up and migrates it where it is
    /// old, refuses it where it is newer than this payd or belongs to another key.
    ///
    /// # Errors
    /// [`StoreError`], each with what to do.
    pub fn open(options: &Options, random: &dyn Random) -> Result<Self, StoreError> {
        let (connection, vault, readers) = Self::prepare(options, random)?;
        let (writer, thread) = Writer::start(connection, Arc::clone(&vault), options.queue)?;
        Ok(Self {
            writer,
            readers,
            vault,
            options: Arc::new(options.clone()),
            closing: Arc::new(Mutex::new(Some(thread))),
            steps: None,
        })
    }

    /// As [`Self::open`], but everything runs on the runtime that this is called in, step by step.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_in_steps(
        options: &Options,
        random: &dyn Random,
        steps: Arc<dyn Steps>,
    ) -> Result<Self, StoreError> {
        let (connection, vault, readers) = Self::prepare(options, random)?;
        let writer =
            Writer::start_in_steps(connection, Arc::clone(&vault), options.queue, Arc::clone(&steps));
        Ok(Self {
            writer,
            readers,
            vault,
            options: Arc::new(options.clone()),
            closing: Arc::default(),
            steps: Some(steps),
        })
    }

    fn prepare(
        options: &Options,
        random: &dyn Random,
    ) -> Result<(Connection, Arc<Vault>, Arc<Readers>), StoreError> {
        let is_new = !options.path.exists();
        let vault = Arc::new(Vault::open(&options.key_file, is_new, random)?);
        schema::make_private(&options.path)?;
        let mut connection = connect(options, OpenFlags::default())?;
        schema::migrate(&mut connection, &options.path)?;
        schema::check_key(&connection, &vault, options, random)?;
        add_up_once(&mut connection, &vault)?;
        let free = (0..options.readers.max(1))
            .map(|_| {
                connect(
                    options,
                    OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
                )
            })
            .collect::<Result<Vec<_>, _>>()?;
        let readers = Arc::new(Readers {
            permits: Arc::new(Semaphore::new(free.len())),
            free: Mutex::new(free),
        });
        Ok((connection, vault, readers))
    }

    /// Runs `work` in a write transaction; its result is durable when it is returned. Waits while there is much
    /// to do.
    ///
    /// # Errors
    /// Those of `work`, whose doings are then undone, and those of the store.
    pub async fn write<T, E>(
        &self,
        work: impl FnOnce(&Txn<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.writer.run(work).await
    }

    /// As [`Self::write`], but refuses at once when there is too much to do.
    ///
    /// # Errors
    /// As [`Self::write`], and [`StoreError::Busy`].
    pub async fn try_write<T, E>(
        &self,
        work: impl FnOnce(&Txn<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.writer.try_run(work).await
    }

    /// Runs `work` on one consistent snapshot of what is committed.
    ///
    /// # Errors
    /// Those of `work`, and those of the store.
    pub async fn read<T, E>(
        &self,
        work: impl FnOnce(&Txn<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let readers = Arc::clone(&self.readers);
        let vault = Arc::clone(&self.vault);
        let permit = Arc::clone(&readers.permits)
            .acquire_owned()
            .await
            .map_err(|_| StoreError::Closed)?;
        let read = move || {
            // Held by the work, not by the caller, who may go away while the connection is still on loan.
            let _permit = permit;
            let lease = Lease {
                connection: readers.take(),
                readers: &readers,
            };
            let connection = lease.connection.as_ref().ok_or(StoreError::Closed)?;
            snapshot(connection, &vault, work)
        };
        if let Some(steps) = &self.steps {
            steps.before_read().await;
            return read();
        }
        tokio::task::spawn_blocking(read)
            .await
            .unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// Closes the database once what was handed to the writer before is committed.
    pub async fn close(self) {
        self.writer.close().await;
        let thread = self.closing.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let ended = tokio::task::spawn_blocking(move || thread.join()).await;
            if !matches!(ended, Ok(Ok(()))) {
                tracing::error!("the database writer did not end in order");
            }
        }
    }
}

#[cfg(test)]
impl Txn<'_> {
    /// Runs any SQL, for tests that break the database.
    pub fn run_sql(&self, sql: &str) -> Result<(), StoreError> {
        Ok(self.connection.execute_batch(sql)?)
    }
}

/// A read connection on loan; given back also when the reading panics.
struct Lease<'a> {
    connection: Option<Connection>,
    readers: &'a Readers,
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.readers.give_back(connection);
        }
    }
}

impl Readers {
    fn take(&self) -> Option<Connection> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn give_back(&self, connection: Connection) {
        self.free
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(connection);
    }
}

/// Adds up what payments had received before there were sums; once, in one transaction with the note that it was done.
fn add_up_once(connection: &mut Connection, vault: &Vault) -> Result<(), StoreError> {
    const DONE: &str = "received_added_up";
    let transaction = connection.transaction()?;
    let is_done = transaction
        .prepare("SELECT 1 FROM meta WHERE name = ?1")?
        .exists([DONE])?;
    if !is_done {
        received::add_up(&Txn {
            connection: &transaction,
            vault,
        })?;
        transaction.execute("INSERT INTO meta (name, value) VALUES (?1, x'01')", [DONE])?;
    }
    Ok(transaction.commit()?)
}

fn snapshot<T, E: From<StoreError>>(
    connection: &Connection,
    vault: &Vault,
    work: impl FnOnce(&Txn<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let transaction = connection.unchecked_transaction().map_err(StoreError::from)?;
    work(&Txn {
        connection: &transaction,
        vault,
    })
}

fn connect(options: &Options, flags: OpenFlags) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(&options.path, flags)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(128);
    if !flags.contains(OpenFlags::SQLITE_OPEN_READ_ONLY) {
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(
            None,
            "synchronous",
            if options.is_durable { "FULL" } else { "NORMAL" },
        )?;
    }
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    Ok(connection)
}
