//! A database is opened: made where there is none, looked through, brought to this payd's schema.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

use super::condition::{Condition, Hindrance};
use super::error::StoreError;
use super::steps::Steps;
use super::vault::Vault;
use super::writer::Writer;
use super::{Database, Options, Readers, Txn, connect, examine, files, received, schema};
use crate::ambient::Random;

/// An open database to which nobody writes yet.
pub(super) struct Opened {
    readers: Arc<Readers>,
    glancing: Connection,
    pub(super) vault: Arc<Vault>,
    pub(super) condition: Condition,
    options: Options,
}

impl Opened {
    /// With the connection to write on.
    pub(super) fn of(options: &Options, random: &dyn Random) -> Result<(Connection, Self), StoreError> {
        Self::whole(options, random).map_err(|error| match error {
            StoreError::Hindered(Hindrance::Damaged) => StoreError::Damaged {
                finding: "SQLite cannot make sense of it".to_owned(),
            },
            error => error,
        })
    }

    fn whole(options: &Options, random: &dyn Random) -> Result<(Connection, Self), StoreError> {
        let is_new = !options.path.exists();
        let vault = Arc::new(Vault::open(&options.key_file, is_new, random)?);
        if is_new {
            make(options, &vault, random)?;
        }
        examine::before_opening(options)?;
        schema::make_private(&options.path)?;
        let mut connection = connect(options, OpenFlags::default())?;
        examine::opened(&connection, options)?;
        prepare(&mut connection, &vault, options, random)?;
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
        let glancing = connect(
            options,
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        glancing.busy_timeout(Duration::ZERO)?;
        // What a job would have to undo goes to a file otherwise, which is made and removed for each that touches more than a
        // few pages. Only from here on: a migration may sort more than there is memory for.
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        let opened = Self {
            readers,
            glancing,
            vault,
            condition: Condition::default(),
            options: options.clone(),
        };
        Ok((connection, opened))
    }

    pub(super) fn into_database(
        self,
        writer: Writer,
        thread: Option<std::thread::JoinHandle<()>>,
        steps: Option<Arc<dyn Steps>>,
    ) -> Database {
        Database {
            writer,
            readers: self.readers,
            glancing: Arc::new(Mutex::new(self.glancing)),
            vault: self.vault,
            options: Arc::new(self.options),
            condition: self.condition,
            closing: Arc::new(Mutex::new(thread)),
            steps,
        }
    }
}

/// Brings an open database to where this payd works with it.
fn prepare(
    connection: &mut Connection,
    vault: &Vault,
    options: &Options,
    random: &dyn Random,
) -> Result<(), StoreError> {
    schema::migrate(connection, &options.path)?;
    schema::check_key(connection, vault, options, random)?;
    add_up_once(connection, vault)
}

/// Makes a database where there is none: a kill in the midst leaves none either, so that an empty file is never one.
fn make(options: &Options, vault: &Vault, random: &dyn Random) -> Result<(), StoreError> {
    examine::no_log_without_database(&options.path)?;
    let part = files::part_of(&options.path);
    let beside = Options {
        path: part.clone(),
        ..options.clone()
    };
    let made = (|| {
        schema::make_private(&part)?;
        let mut connection = connect(&beside, OpenFlags::default())?;
        prepare(&mut connection, vault, &beside, random)?;
        connection.close().map_err(|(_, error)| StoreError::from(error))
    })();
    if let Err(error) = made {
        files::remove(&part);
        return Err(error);
    }
    match files::put_in_place(&part, &options.path) {
        // Another process was faster: its database is as good.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        put => put.map_err(files::failed(&options.path)),
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
