//! Why the database could not do what was asked.

use std::path::PathBuf;

use super::condition::Hindrance;

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The writer's queue is full; nothing was done.
    #[error("the database has too much to do; retry shortly")]
    Busy,
    /// The database was closed, or its writer has stopped.
    #[error("the database is closed")]
    Closed,
    /// SQLite refused or failed. Nothing of the transaction was kept.
    #[error("database error")]
    Sqlite(#[source] rusqlite::Error),
    /// The database takes no writes, or cannot be read. Nothing of the transaction was kept.
    #[error("{0}")]
    Hindered(Hindrance),
    /// A payment asks for nothing yet, where only one that does can be written.
    #[error(transparent)]
    NotChosen(#[from] crate::domain::payment::NotChosen),
    /// The transaction this belonged to could not be committed. Nothing of it was kept.
    #[error("could not commit: {0}")]
    Commit(String),
    /// The row is there already.
    #[error("{what} is there already")]
    Duplicate {
        /// What the row is.
        what: String,
    },
    /// There are payments in a database that only a fresh one will do for.
    #[error("there are payments in this database: only a fresh one is filled")]
    NotEmpty,
    /// The database was made by a newer payd.
    #[error("the database has schema {found}, this payd knows up to {known}: install the newer payd again")]
    NewerSchema {
        /// The schema version in the database.
        found: i64,
        /// The newest version this payd knows.
        known: i64,
    },
    /// What lies there cannot be the database as payd left it.
    #[error(
        "the database is damaged: {finding}; keep a copy of the data directory and put the last backup in its place (see \
         \"Upgrade and back up\" in the README)"
    )]
    Damaged {
        /// What is wrong.
        finding: String,
    },
    /// A migration failed; the database is as it was, and a copy from before lies beside it.
    #[error("migration failed: {0}")]
    Migration(String),
    /// The key file cannot be used.
    #[error("key file {path}: {reason}")]
    KeyFile {
        /// Where it is.
        path: PathBuf,
        /// What is wrong and what to do.
        reason: String,
    },
    /// The key file belongs to another database.
    #[error("the key file {path} does not belong to this database: restore the one that was beside it")]
    WrongKey {
        /// Where it is.
        path: PathBuf,
    },
    /// A sealed secret does not open under this key: it was altered or moved.
    #[error("a sealed secret in table {table} was altered")]
    Unsealable {
        /// The table it is in.
        table: &'static str,
    },
    /// A row was changed by somebody who does not have the key file.
    #[error("{what} was altered in the database from outside")]
    Altered {
        /// What the row is of.
        what: String,
    },
    /// The machine gave no randomness.
    #[error(transparent)]
    NoRandomness(#[from] crate::ambient::NoRandomness),
    /// A file beside the database could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match Hindrance::of(&error) {
            Some(hindrance) => {
                tracing::debug!(%error, "SQLite refused");
                hindrance.note();
                Self::Hindered(hindrance)
            }
            None => Self::Sqlite(error),
        }
    }
}

impl StoreError {
    /// Whether what a row says cannot be read, while the database works: asking again gives the same.
    #[must_use]
    pub const fn is_of_one_row(&self) -> bool {
        matches!(
            self,
            Self::Unsealable { .. }
                | Self::Altered { .. }
                | Self::Sqlite(
                    rusqlite::Error::FromSqlConversionFailure(..)
                        | rusqlite::Error::IntegralValueOutOfRange(..)
                        | rusqlite::Error::InvalidColumnType(..)
                        | rusqlite::Error::Utf8Error(..)
                        | rusqlite::Error::QueryReturnedNoRows
                )
        )
    }

    /// Whether a UNIQUE or PRIMARY KEY constraint was hit.
    #[must_use]
    pub fn is_unique_violation(error: &rusqlite::Error) -> bool {
        matches!(
            error.sqlite_error_code(),
            Some(rusqlite::ErrorCode::ConstraintViolation)
        )
    }
}
