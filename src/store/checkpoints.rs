//! Carries what is committed over from the write-ahead log into the database file, on a thread of its own: nobody's commit
//! waits for it.
//!
//! The log starts over with the next commit once all of it was carried over. A second connection gets nearly there while the
//! writer goes on; the writer itself then carries the short rest over.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use rusqlite::hooks::Wal;
use rusqlite::{Connection, OpenFlags};

use super::error::StoreError;
use super::{Options, connect};

/// How often the second connection goes over what was written meanwhile, before it leaves the rest for later.
const PASSES_MAX: u32 = 4;

/// How long the log may become, in pages of 4 KiB.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// That wait in it before they are carried over.
    pub(super) due: u32,
    /// That the writer carries over while its callers wait.
    pub(super) rest_max: u32,
    /// In the log from which on callers wait for the disk, which is slower than what is written to it.
    pub(super) max: u32,
}

impl Default for Limits {
    /// 32 MiB, of which the writer carries over 4 MiB; 256 MiB at the most.
    fn default() -> Self {
        Self {
            due: 8192,
            rest_max: 1024,
            max: 65_536,
        }
    }
}

/// The writer's side.
pub(super) struct Checkpoints {
    log: Arc<Log>,
    limits: Limits,
    wake: SyncSender<()>,
    thread: JoinHandle<()>,
}

/// How far the log is carried over, in pages since it last started over.
#[derive(Default)]
struct Log {
    /// In the log after the last commit.
    pages: AtomicU32,
    /// Of which were carried over.
    carried: AtomicU32,
    /// Whether what is left is for the writer.
    is_nearly_done: AtomicBool,
}

impl Checkpoints {
    /// Starts the thread, for the commits of `writing`.
    ///
    /// # Errors
    /// [`StoreError::File`] when the system gives no thread, [`StoreError::Sqlite`].
    pub(super) fn start(
        writing: &mut Connection,
        options: &Options,
        limits: Limits,
    ) -> Result<Self, StoreError> {
        let log = Arc::new(Log::default());
        let counted = Arc::clone(&log);
        // In the place of SQLite's own, which works inside of the commit that makes it due.
        writing.wal_hook(Some(move |_: &mut Wal, pages| {
            counted
                .pages
                .store(u32::try_from(pages).unwrap_or(u32::MAX), Ordering::Relaxed);
            Ok(())
        }))?;
        // One is enough: who is woken looks at all there is.
        let (wake, due) = sync_channel(1);
        let (followed, options) = (Arc::clone(&log), options.clone());
        let thread = std::thread::Builder::new()
            .name("payd-checkpoint".to_owned())
            .spawn(move || followed.follow(&due, &options, limits.rest_max))
            .map_err(|source| StoreError::File {
                path: "checkpoint thread".into(),
                source,
            })?;
        Ok(Self {
            log,
            limits,
            wake,
            thread,
        })
    }

    /// To be called between two commits.
    pub(super) fn after_commit(&self, writing: &Connection) {
        let pages = self.log.pages.load(Ordering::Relaxed);
        if pages < self.log.carried.load(Ordering::Relaxed) {
            // It has started over.
            self.log.carried.store(0, Ordering::Relaxed);
        }
        let waiting = pages.saturating_sub(self.log.carried.load(Ordering::Relaxed));
        let is_too_long = pages >= self.limits.max && waiting >= self.limits.rest_max;
        if self.log.is_nearly_done.swap(false, Ordering::Relaxed) || is_too_long {
            self.log.carry_over(writing);
        } else if waiting >= self.limits.due
            && let Err(TrySendError::Disconnected(())) = self.wake.try_send(())
        {
            // Without the thread it is done here, as SQLite would.
            self.log.carry_over(writing);
        }
    }

    /// Waits until the thread is done.
    pub(super) fn end(self) {
        drop(self.wake);
        if self.thread.join().is_err() {
            tracing::error!("the thread that carries the log over broke down");
        }
    }
}

impl Log {
    fn follow(&self, due: &Receiver<()>, options: &Options, rest_max: u32) {
        // Most commands never write so much.
        if due.recv().is_err() {
            return;
        }
        let copying = match connect(options, OpenFlags::default()) {
            Ok(copying) => copying,
            Err(error) => {
                tracing::warn!(%error, "no second connection to carry the log over: the writer has to");
                return;
            }
        };
        loop {
            for _ in 0..PASSES_MAX {
                if self.carry_over(&copying) <= rest_max {
                    self.is_nearly_done.store(true, Ordering::Relaxed);
                    break;
                }
            }
            if due.recv().is_err() {
                return;
            }
        }
    }

    /// Carries over what can be without waiting for anybody. How many pages are then left, as far as is known.
    fn carry_over(&self, connection: &Connection) -> u32 {
        let row = connection
            .prepare_cached("PRAGMA wal_checkpoint(PASSIVE)")
            .and_then(|mut checkpoint| checkpoint.query_row([], |row| row.get::<_, i64>(2)));
        match row {
            // -1 where somebody else is at it.
            Ok(carried) => {
                if let Ok(carried) = u32::try_from(carried) {
                    self.carried.store(carried, Ordering::Relaxed);
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the log was not carried over into the database file; will retry");
            }
        }
        let carried = self.carried.load(Ordering::Relaxed);
        self.pages.load(Ordering::Relaxed).saturating_sub(carried)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_that_has_grown_is_carried_over_and_starts_over() {
        let directory = tempfile::tempdir().unwrap();
        let options = Options::in_directory(directory.path());
        let mut writing = connect(&options, OpenFlags::default()).unwrap();
        let limits = Limits {
            due: 100,
            rest_max: 20,
            max: 1000,
        };
        let checkpoints = Checkpoints::start(&mut writing, &options, limits).unwrap();
        writing
            .execute_batch("CREATE TABLE ballast (id INTEGER PRIMARY KEY, bytes BLOB) STRICT")
            .unwrap();
        // Some pages each, five times as many as there may be.
        for _ in 0..500 {
            writing
                .execute("INSERT INTO ballast (bytes) VALUES (zeroblob(32768))", [])
                .unwrap();
            checkpoints.after_commit(&writing);
        }
        checkpoints.end();
        let pages = std::fs::metadata(directory.path().join("payd.sqlite-wal"))
            .unwrap()
            .len()
            / 4096;
        assert!(pages < 1100, "the log has {pages} pages");
        let check = writing.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0));
        assert_eq!(check.unwrap(), "ok");
        let rows = writing.query_row("SELECT count(*) FROM ballast", [], |row| row.get::<_, i64>(0));
        assert_eq!(rows.unwrap(), 500);
    }
}
