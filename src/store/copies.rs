//! Copies of the open database that are read once and leave nothing behind, and what the files weigh.

use std::fs::File;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::error::StoreError;
use super::files::failed;
use super::{Database, Options, connect, schema};

/// The end of the name of a copy that is being made.
const SUFFIX: &str = ".copy.tmp";

/// What lies on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// The directory of the database.
    pub directory: PathBuf,
    /// The name of the database file.
    pub database: String,
    /// The name of the key file.
    pub key_file: String,
    /// What database and write-ahead log take.
    pub bytes: u64,
    /// The version of the schema.
    pub schema_version: i64,
}

/// An open copy of the database, whose file has no name any more: it is gone when this is dropped.
pub struct Copy {
    /// To be read from its start.
    pub file: File,
    /// How long it is.
    pub bytes: u64,
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

impl Database {
    /// What lies on the disk.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub async fn files(&self) -> Result<Files, StoreError> {
        let options = std::sync::Arc::clone(&self.options);
        self.read(move |txn| {
            let size = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
            let mut log = options.path.clone().into_os_string();
            log.push("-wal");
            Ok(Files {
                directory: options.path.parent().unwrap_or(Path::new("")).to_owned(),
                database: name_of(&options.path),
                key_file: name_of(&options.key_file),
                bytes: size(&options.path).saturating_add(size(Path::new(&log))),
                schema_version: schema::version(txn.connection)?,
            })
        })
        .await
    }

    /// The text of the key file.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub async fn key_file_text(&self) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let options = std::sync::Arc::clone(&self.options);
        let read = tokio::task::spawn_blocking(move || {
            let path = &options.key_file;
            std::fs::read(path).map(Zeroizing::new).map_err(failed(path))
        });
        read.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Copies the database as it is now, while it is written to. One at a time: a second one takes the first one's place.
    ///
    /// # Errors
    /// [`StoreError::File`] when there is no room.
    pub async fn copy(&self) -> Result<Copy, StoreError> {
        let options = std::sync::Arc::clone(&self.options);
        let copied = tokio::task::spawn_blocking(move || copy(&options));
        copied.await.unwrap_or(Err(StoreError::Closed))
    }
}

fn copy(options: &Options) -> Result<Copy, StoreError> {
    let mut path = options.path.clone().into_os_string();
    path.push(SUFFIX);
    let path = PathBuf::from(path);
    // What is left of one that was broken off.
    let _ = std::fs::remove_file(&path);
    // A connection of its own: none of those that pages are read with is away for as long.
    let connection = connect(options, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let opened = schema::back_up(&connection, &path).and_then(|()| File::open(&path).map_err(failed(&path)));
    let removed = std::fs::remove_file(&path);
    let file = opened?;
    removed.map_err(failed(&path))?;
    let bytes = file.metadata().map_err(failed(&path))?.len();
    Ok(Copy { file, bytes })
}
