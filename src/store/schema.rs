//! Migrations, the copy made before them, and the check that key file and database belong together.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension as _, params};

use super::error::StoreError;
use super::vault::Vault;
use super::{Options, files};
use crate::ambient::Random;

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// Brings the schema up to date. An existing database is copied beside itself first.
///
/// # Errors
/// [`StoreError::NewerSchema`], [`StoreError::Migration`]; the database is then as it was.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let runner = embedded::migrations::runner();
    let known = runner
        .get_migrations()
        .iter()
        .map(|migration| i64::from(migration.version()))
        .max()
        .unwrap_or(0);
    let found = version(connection)?;
    if found > known {
        return Err(StoreError::NewerSchema { found, known });
    }
    if found == known {
        return Ok(());
    }
    if found > 0 {
        let copy = path.with_extension(format!("before-schema-{known}.sqlite"));
        // One that is there is of a migration that was broken off, or from before a return to an older payd.
        if copy.exists() {
            let older = path.with_extension(format!("before-schema-{known}.older.sqlite"));
            std::fs::rename(&copy, &older).map_err(files::failed(&copy))?;
        }
        back_up(connection, &copy)?;
        sort_beside(connection, path)?;
        tracing::info!(copy = %copy.display(), "copied the database before changing its schema");
    }
    // A table can only be rebuilt while nothing holds on to its rows; what refers to what is checked afterwards.
    connection.pragma_update(None, "foreign_keys", false)?;
    let report = runner.set_grouped(true).run(connection);
    connection.pragma_update(None, "foreign_keys", true)?;
    report.map_err(|error| StoreError::Migration(error.to_string()))?;
    let dangling = connection.prepare("PRAGMA foreign_key_check")?.exists([])?;
    if dangling {
        let reason = "rows refer to others that are not there; put the copy back and report this";
        return Err(StoreError::Migration(reason.to_owned()));
    }
    Ok(())
}

/// Has what is sorted for new indexes go to files beside the database, where there is room for a copy of it: there may be more
/// than there is memory for, and less room where others put such files.
fn sort_beside(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let directory = path.parent().and_then(Path::to_str).unwrap_or_default();
    connection.pragma_update(None, "temp_store_directory", directory)?;
    Ok(connection.pragma_update(None, "temp_store", "FILE")?)
}

/// The schema version of an open database; 0 when it is empty.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub(super) fn version(connection: &Connection) -> Result<i64, StoreError> {
    let is_there = connection
        .query_row(
            "SELECT 1 FROM sqlite_schema WHERE name = 'refinery_schema_history'",
            [],
            |_| Ok(()),
        )
        .optional()?;
    if is_there.is_none() {
        return Ok(0);
    }
    Ok(connection.query_row(
        "SELECT COALESCE(MAX(version), 0) FROM refinery_schema_history",
        [],
        |row| row.get(0),
    )?)
}

/// Copies an open database, as it is at this moment, into a new file, which is there whole or not at all.
///
/// # Errors
/// [`StoreError::File`] when `copy` exists already or cannot be put there, [`StoreError::Sqlite`] or
/// [`StoreError::Hindered`] when it cannot be written.
pub(super) fn back_up(connection: &Connection, copy: &Path) -> Result<(), StoreError> {
    let failed = files::failed(copy);
    if copy.exists() {
        return Err(failed(already_there()));
    }
    let part = files::part_of(copy);
    let Some(text) = part.to_str() else {
        return Err(failed(std::io::Error::new(
            std::io::ErrorKind::InvalidFilename,
            "is not UTF-8",
        )));
    };
    // SQLite writes into an empty file that is there: so it is closed to others from its first byte on, and no link that
    // somebody laid there leads it elsewhere.
    let written =
        make_new(&part).and_then(|()| Ok(connection.execute("VACUUM INTO ?1", params![text]).map(|_| ())?));
    if let Err(error) = written {
        files::remove(&part);
        return Err(error);
    }
    files::put_in_place(&part, copy).map_err(failed)
}

fn already_there() -> std::io::Error {
    std::io::Error::new(
        std::io::ErrorKind::AlreadyExists,
        "is there already; move it away",
    )
}

fn make_new(path: &Path) -> Result<(), StoreError> {
    write_private(path, &[]).map_err(files::failed(path))
}

/// Makes the database file, when it is not there, and closes it to others, with the side files that a stop in disorder
/// has left: a new one gets the mode of the database from SQLite.
pub(super) fn make_private(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let made = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)
        .and_then(|_| restrict(path))
        .and_then(|()| {
            let besides = ["-wal", "-shm"].map(|end| {
                let mut name = path.as_os_str().to_owned();
                name.push(end);
                PathBuf::from(name)
            });
            besides
                .iter()
                .filter(|side| side.exists())
                .try_for_each(|side| restrict(side))
        });
    made.map_err(|source| StoreError::File {
        path: path.to_owned(),
        source,
    })
}

fn restrict(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
}

/// Copies the database of `options` and its key file into `directory`, while a daemon may be writing to it. The database
/// comes last: where it is, the copy is whole.
///
/// # Errors
/// As for opening the database, and [`StoreError::File`] when a file is there already or cannot be written.
pub fn back_up_to(options: &Options, directory: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let connection = super::connect(options, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    files::make_directory(directory).map_err(files::failed(directory))?;
    let place = |path: &Path| directory.join(path.file_name().unwrap_or_default());
    let (copy, key_copy) = (place(&options.path), place(&options.key_file));
    if copy.exists() {
        return Err(files::failed(&copy)(already_there()));
    }
    copy_new(&options.key_file, &key_copy)?;
    back_up(&connection, &copy)?;
    Ok(vec![copy, key_copy])
}

/// Copies a key file. The same one is there already where a former copy was broken off.
fn copy_new(from: &Path, to: &Path) -> Result<(), StoreError> {
    let bytes = std::fs::read(from).map(zeroize::Zeroizing::new);
    let bytes = bytes.map_err(files::failed(from))?;
    if std::fs::read(to)
        .map(zeroize::Zeroizing::new)
        .is_ok_and(|there| *there == *bytes)
    {
        return Ok(());
    }
    let part = files::part_of(to);
    write_private(&part, &bytes).map_err(files::failed(&part))?;
    files::put_in_place(&part, to).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => files::failed(to)(already_there()),
        _ => files::failed(to)(error),
    })
}

/// Writes a new file that only this user may read.
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

const KEY_CHECK: &str = "key_check";
const KEY_CHECK_TEXT: &[u8] = b"payd";

/// Seals a known word on the first start and opens it on every other: another key does not open it.
pub(super) fn check_key(
    connection: &Connection,
    vault: &Vault,
    options: &Options,
    random: &dyn Random,
) -> Result<(), StoreError> {
    let sealed: Option<Vec<u8>> = connection
        .query_row("SELECT value FROM meta WHERE name = ?1", [KEY_CHECK], |row| {
            row.get("value")
        })
        .optional()?;
    let Some(sealed) = sealed else {
        let sealed = vault.seal("meta", KEY_CHECK_TEXT, random)?;
        connection.execute(
            "INSERT INTO meta (name, value) VALUES (?1, ?2)",
            params![KEY_CHECK, sealed],
        )?;
        return Ok(());
    };
    match vault.open_sealed("meta", &sealed) {
        Ok(word) if word.as_slice() == KEY_CHECK_TEXT => Ok(()),
        _ => Err(StoreError::WrongKey {
            path: options.key_file.clone(),
        }),
    }
}

#[cfg(test)]
mod tests;
