//! SQLite: one writer, many readers, one file per noun. All SQL of the daemon lives on this floor.
//!
//! Knows no rules: what may follow what is decided by its callers, in closures that run inside one transaction.

pub mod accepted;
pub mod addresses;
pub mod audit_log;
pub mod balances;
pub mod blocks;
pub mod brandings;
mod checkpoints;
pub mod condition;
pub mod confirmation_tiers;
pub mod copies;
pub mod counter_items;
pub mod deliveries;
pub mod donations;
pub mod endpoints;
pub mod error;
pub mod events;
pub mod examine;
pub mod figures;
pub mod files;
#[cfg(test)]
mod fuzz;
pub mod idempotency;
pub mod inbox;
pub mod keys;
pub mod listing;
pub mod notes;
pub mod notices;
mod opened;
pub mod payments;
pub mod pins;
pub mod prune;
pub mod received;
pub mod receiving_changes;
pub mod replays;
pub mod schema;
pub mod search;
pub mod second_looks;
pub mod seed;
pub mod sent;
pub mod sessions;
pub mod settings_version;
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

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

use checkpoints::Checkpoints;
use condition::{Condition, Hindrance};
pub use error::StoreError;
use opened::Opened;
use steps::Steps;
use vault::Vault;
use writer::Writer;

use crate::ambient::Random;

/// Memory for pages that the writer has at hand, at most: new rows go to a page of each of a dozen indexes.
const WRITER_CACHE_KIB: i64 = 16 * 1024;

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
    /// Up to this size of the file, opening it has SQLite look at all of it, and refuses it where it is damaged.
    pub examined_bytes_max: u64,
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
            examined_bytes_max: 0,
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
    glancing: Arc<Mutex<Connection>>,
    vault: Arc<Vault>,
    options: Arc<Options>,
    condition: Condition,
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
    /// old, refuses it where it is newer than this payd, belongs to another key or is damaged. A new one is there whole or
    /// not at all.
    ///
    /// # Errors
    /// [`StoreError`], each with what to do.
    pub fn open(options: &Options, random: &dyn Random) -> Result<Self, StoreError> {
        let (mut connection, opened) = Opened::of(options, random)?;
        let checkpoints = Checkpoints::start(&mut connection, options, checkpoints::Limits::default())?;
        let (writer, thread) = Writer::start(
            connection,
            checkpoints,
            Arc::clone(&opened.vault),
            opened.condition.clone(),
            options.queue,
        )?;
        Ok(opened.into_database(writer, Some(thread), None))
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
        let (connection, opened) = Opened::of(options, random)?;
        let writer = Writer::start_in_steps(
            connection,
            Arc::clone(&opened.vault),
            opened.condition.clone(),
            options.queue,
            Arc::clone(&steps),
        );
        Ok(opened.into_database(writer, None, Some(steps)))
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

    /// As [`Self::try_write`], for what is done often: it shares the cost of being undone with its neighbours. `work` may be
    /// run again, from the start, when one of them failed halfway: it must not do anything outside of the transaction that
    /// is not right when done twice.
    ///
    /// # Errors
    /// As [`Self::try_write`].
    pub fn try_write_shared<T, E>(
        &self,
        work: impl FnMut(&Txn<'_>) -> Result<T, E> + Send + 'static,
    ) -> impl Future<Output = Result<T, E>> + Send
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.writer.try_run_shared(work)
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
        let condition = self.condition.clone();
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
            let _ = condition::take_seen();
            let read = snapshot(connection, &vault, work);
            // What hinders reading else passes, or the next write tells of it.
            if condition::take_seen() == Some(Hindrance::Damaged) {
                condition.failed(Hindrance::Damaged);
            }
            read
        };
        if let Some(steps) = &self.steps {
            steps.before_read().await;
            return read();
        }
        tokio::task::spawn_blocking(read)
            .await
            .unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// Runs a reading of a row or two at once, where to hand it to another thread would take longer than to do it. Waits for
    /// nobody but others that glance.
    ///
    /// # Errors
    /// Those of `work`, and those of the store: busy, where [`Self::read`] would wait.
    pub fn glance<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Txn<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let connection = self.glancing.lock().unwrap_or_else(PoisonError::into_inner);
        work(&Txn {
            connection: &connection,
            vault: &self.vault,
        })
    }

    /// What keeps the database from being written, if anything does.
    #[must_use]
    pub fn hindrance(&self) -> Option<Hindrance> {
        self.condition.hindrance()
    }

    /// Finds out whether the database can be written again, where it could not. A small write proves nothing: on a full disk
    /// there is always a corner left.
    ///
    /// # Errors
    /// [`StoreError::Hindered`] while it cannot.
    pub async fn try_again(&self) -> Result<(), StoreError> {
        const PROBE: &str = "written_again";
        const PROBE_BYTES: u32 = 256 << 10;
        for bytes in [PROBE_BYTES, 0] {
            self.write(move |txn| {
                let mut put = txn.connection.prepare_cached(
                    "INSERT INTO meta (name, value) VALUES (?1, zeroblob(?2)) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                )?;
                put.execute(rusqlite::params![PROBE, bytes])?;
                Ok::<_, StoreError>(())
            })
            .await?;
        }
        self.condition.passed();
        Ok(())
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

fn snapshot<T, E: From<StoreError>>(
    connection: &Connection,
    vault: &Vault,
    work: impl FnOnce(&Txn<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let _snapshot = Snapshot::begin(connection).map_err(StoreError::from)?;
    work(&Txn { connection, vault })
}

/// A read transaction, ended also when the reading panics. Its statements are parsed once for each connection.
struct Snapshot<'a>(&'a Connection);

impl<'a> Snapshot<'a> {
    fn begin(connection: &'a Connection) -> rusqlite::Result<Self> {
        connection.prepare_cached("BEGIN")?.execute([])?;
        Ok(Self(connection))
    }
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        let ended = self
            .0
            .prepare_cached("ROLLBACK")
            .and_then(|mut end| end.execute([]));
        if let Err(error) = ended {
            tracing::error!(%error, "a read transaction was not ended");
        }
    }
}

fn connect(options: &Options, flags: OpenFlags) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(&options.path, flags)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(128);
    // A plan does not depend on the values that are bound: otherwise whatever ends in `LIMIT ?`, or may be meant by a partial
    // index, is parsed and planned anew each time it runs. Which index serves a query is told by its text alone.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    if !flags.contains(OpenFlags::SQLITE_OPEN_READ_ONLY) {
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(
            None,
            "synchronous",
            if options.is_durable { "FULL" } else { "NORMAL" },
        )?;
        connection.pragma_update(None, "cache_size", WRITER_CACHE_KIB.saturating_neg())?;
        // What a failed statement changed is noted in memory, not in a file of its own.
        connection.pragma_update(None, "temp_store", "MEMORY")?;
    }
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    Ok(connection)
}
