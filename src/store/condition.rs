//! Whether the database can be written, and if not, why and what a person does about it. Learnt from the answers of SQLite;
//! forgotten when there is room for a good deal again, except that a damaged database is not written any more.

use std::cell::Cell;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{ErrorCode, ffi};

/// Why the database takes no writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hindrance {
    /// There is no room.
    Full,
    /// The file system does not let it be written.
    ReadOnly,
    /// The disk fails, or a limit on the size of files is reached.
    Failing,
    /// What is in the file cannot be right.
    Damaged,
}

thread_local! {
    /// What the last error on this thread told of: between SQLite's answer and the end of the transaction lies code of callers
    /// with errors of their own.
    static SEEN: Cell<Option<Hindrance>> = const { Cell::new(None) };
}

impl Hindrance {
    /// What an error of SQLite tells of, if it does.
    #[must_use]
    pub fn of(error: &rusqlite::Error) -> Option<Self> {
        let rusqlite::Error::SqliteFailure(failure, _) = error else {
            return None;
        };
        match failure.code {
            ErrorCode::DiskFull => Some(Self::Full),
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Some(Self::ReadOnly),
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Some(Self::Damaged),
            // The file ends before a page that it should have.
            ErrorCode::SystemIoFailure if failure.extended_code == ffi::SQLITE_IOERR_SHORT_READ => {
                Some(Self::Damaged)
            }
            ErrorCode::SystemIoFailure | ErrorCode::CannotOpen => Some(Self::Failing),
            _ => None,
        }
    }

    /// One word for metrics and logs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::ReadOnly => "read-only",
            Self::Failing => "failing",
            Self::Damaged => "damaged",
        }
    }

    /// Whether payd goes on by itself once it is mended.
    #[must_use]
    pub const fn may_pass(self) -> bool {
        match self {
            Self::Full | Self::ReadOnly | Self::Failing => true,
            Self::Damaged => false,
        }
    }

    /// Keeps it for [`take_seen`].
    pub(super) fn note(self) {
        SEEN.set(Some(self));
    }
}

impl std::fmt::Display for Hindrance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Full => {
                "the disk is full: nothing can be recorded; make room where the data directory is, payd goes on by itself"
            }
            Self::ReadOnly => {
                "the database may not be written: nothing can be recorded; see to the permissions and the mount of the data \
                 directory, payd goes on by itself"
            }
            Self::Failing => {
                "the disk does not take what is written: nothing can be recorded; see whether it fails, is full or a limit on \
                 the size of files is reached, payd goes on by itself"
            }
            Self::Damaged => {
                "the database file is damaged: it is not written any more; stop payd, keep a copy of the data directory, and \
                 put the last backup in its place (see \"Upgrade and back up\" in the README)"
            }
        })
    }
}

/// What the last error on this thread told of, once.
pub(super) fn take_seen() -> Option<Hindrance> {
    SEEN.take()
}

/// How the database is. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Condition(Arc<Mutex<Option<Hindrance>>>);

impl Condition {
    /// What keeps it from being written; nothing when all is well.
    #[must_use]
    pub fn hindrance(&self) -> Option<Hindrance> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A write or a look into it failed for this reason.
    pub(super) fn failed(&self, why: Hindrance) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *now == Some(Hindrance::Damaged) || *now == Some(why) {
            return;
        }
        tracing::error!(condition = why.word(), "{why}");
        metrics::gauge!("payd_store_writable").set(0);
        *now = Some(why);
    }

    /// A good deal was written.
    pub(super) fn passed(&self) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match *now {
            None | Some(Hindrance::Damaged) => {}
            Some(before) => {
                tracing::warn!(before = before.word(), "the database can be written again");
                metrics::gauge!("payd_store_writable").set(1);
                *now = None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ambient::SystemRandom;
    use crate::store::{Database, Options, StoreError};

    fn failure(code: i32) -> rusqlite::Error {
        rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)
    }

    #[test]
    fn only_what_a_person_has_to_mend_hinders() {
        for (code, expected) in [
            (ffi::SQLITE_FULL, Some(Hindrance::Full)),
            (ffi::SQLITE_READONLY, Some(Hindrance::ReadOnly)),
            (ffi::SQLITE_READONLY_DBMOVED, Some(Hindrance::ReadOnly)),
            (ffi::SQLITE_CORRUPT, Some(Hindrance::Damaged)),
            (ffi::SQLITE_CORRUPT_INDEX, Some(Hindrance::Damaged)),
            (ffi::SQLITE_NOTADB, Some(Hindrance::Damaged)),
            (ffi::SQLITE_IOERR_SHORT_READ, Some(Hindrance::Damaged)),
            (ffi::SQLITE_IOERR_WRITE, Some(Hindrance::Failing)),
            (ffi::SQLITE_IOERR_FSYNC, Some(Hindrance::Failing)),
            (ffi::SQLITE_CONSTRAINT_UNIQUE, None),
            (ffi::SQLITE_BUSY, None),
            (ffi::SQLITE_ERROR, None),
        ] {
            assert_eq!(Hindrance::of(&failure(code)), expected, "{code}");
        }
    }

    #[test]
    fn what_passes_is_forgotten_once_it_has_and_damage_never() {
        let condition = Condition::default();
        assert_eq!(condition.hindrance(), None);
        condition.failed(Hindrance::Full);
        condition.failed(Hindrance::Failing);
        assert_eq!(condition.hindrance(), Some(Hindrance::Failing));
        condition.passed();
        assert_eq!(condition.hindrance(), None);
        condition.failed(Hindrance::Damaged);
        condition.failed(Hindrance::Full);
        condition.passed();
        assert_eq!(condition.hindrance(), Some(Hindrance::Damaged));
    }

    #[tokio::test]
    async fn a_full_database_tells_everybody_who_waits_keeps_nothing_of_theirs_and_goes_on_when_there_is_room()
     {
        let directory = tempfile::tempdir().unwrap();
        let database = Database::open(&Options::in_directory(directory.path()), &SystemRandom).unwrap();
        let limit = |pages: u32| {
            let sql = format!("PRAGMA max_page_count = {pages}");
            database.write(move |txn| txn.run_sql(&sql))
        };
        let put = |bytes: u32| {
            let sql =
                format!("INSERT INTO meta (name, value) VALUES (hex(randomblob(8)), zeroblob({bytes}))");
            database.write(move |txn| txn.run_sql(&sql))
        };
        let rows = || {
            database.read(|txn| {
                Ok::<_, StoreError>(
                    txn.raw()
                        .query_row("SELECT count(*) FROM meta", [], |row| row.get::<_, i64>(0))?,
                )
            })
        };
        let before = rows().await.unwrap();
        limit(1).await.unwrap();
        // One group: the one that finds no room, and those before and behind it.
        let all = tokio::join!(put(1), put(4_000_000), put(1));
        for refused in [all.0, all.1, all.2] {
            assert!(
                matches!(refused, Err(StoreError::Hindered(Hindrance::Full)) | Ok(())),
                "{refused:?}"
            );
        }
        assert_eq!(database.hindrance(), Some(Hindrance::Full));
        assert!(database.try_again().await.is_err());
        assert!(rows().await.unwrap() <= before + 2);
        limit(1 << 30).await.unwrap();
        assert_eq!(
            database.hindrance(),
            Some(Hindrance::Full),
            "nothing was tried yet"
        );
        database.try_again().await.unwrap();
        assert_eq!(database.hindrance(), None);
        put(4_000_000).await.unwrap();
    }
}
