//! Whether the database file can be what payd left: looked at before it is worked with, so that nothing is added to what is
//! damaged and nobody begins anew unawares.

mod log;

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::error::StoreError;
use super::{Options, Txn, files};

/// Findings of SQLite that are told.
const FINDINGS_MAX: usize = 20;

fn damaged(finding: impl Into<String>) -> StoreError {
    StoreError::Damaged {
        finding: finding.into(),
    }
}

fn log_of(path: &Path) -> PathBuf {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    PathBuf::from(log)
}

fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |file| file.len())
}

/// Refuses to make a database where the log of another lies: what is in it would be read into the new one.
pub(super) fn no_log_without_database(path: &Path) -> Result<(), StoreError> {
    let log = log_of(path);
    if size(&log) > 0 {
        return Err(damaged(format!(
            "{} is missing and its log {} is there",
            path.display(),
            log.display()
        )));
    }
    Ok(())
}

/// Refuses an empty file, which payd never leaves, and a damaged log.
pub(super) fn before_opening(options: &Options) -> Result<(), StoreError> {
    let path = &options.path;
    let file = std::fs::metadata(path).map_err(files::failed(path))?;
    if file.len() == 0 {
        return Err(damaged(format!(
            "{} is empty; if there never was anything in it, delete it",
            path.display()
        )));
    }
    if options.is_durable && options.examined_bytes_max > 0 {
        whole_log(&log_of(path))?;
    }
    Ok(())
}

/// Refuses a log that SQLite would cut off in the middle.
fn whole_log(log: &Path) -> Result<(), StoreError> {
    let look = || log::damaged_frame(log).map_err(files::failed(log));
    let Some(frame) = look()? else {
        return Ok(());
    };
    // Another command may have been writing to it during the look.
    if look()? != Some(frame) {
        return Ok(());
    }
    Err(damaged(format!(
        "its log {} is wrong at frame {frame}",
        log.display()
    )))
}

/// Refuses a file in which SQLite finds something wrong, where it is small enough to be read through. A file that is shorter
/// than it says SQLite refuses by itself.
pub(super) fn opened(connection: &Connection, options: &Options) -> Result<(), StoreError> {
    let on_disk = size(&options.path);
    if on_disk > options.examined_bytes_max {
        return Ok(());
    }
    match findings(connection, "PRAGMA integrity_check(20)")?
        .into_iter()
        .next()
    {
        Some(finding) => Err(damaged(
            finding
                .replace("*** in database main ***", "")
                .replace('\n', " ")
                .trim(),
        )),
        None => Ok(()),
    }
}

/// Has SQLite examine the whole database file: what it found wrong, nothing when all is well. At most 20 findings.
///
/// # Errors
/// [`StoreError::Sqlite`] or [`StoreError::Hindered`] when it cannot be read at all.
pub fn examine(txn: &Txn<'_>) -> Result<Vec<String>, StoreError> {
    findings(txn.connection, "PRAGMA quick_check(20)")
}

fn findings(connection: &Connection, pragma: &str) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare(pragma)?;
    let all: Vec<String> = statement
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let wrong = all.into_iter().filter(|finding| finding != "ok");
    Ok(wrong.take(FINDINGS_MAX).collect())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::ambient::SystemRandom;
    use crate::store::Database;

    async fn made(directory: &tempfile::TempDir) -> Options {
        let options = Options {
            examined_bytes_max: 1 << 20,
            ..Options::in_directory(directory.path())
        };
        Database::open(&options, &SystemRandom).unwrap().close().await;
        options
    }

    fn refusal(options: &Options) -> String {
        match Database::open(options, &SystemRandom) {
            Err(error @ (StoreError::Damaged { .. } | StoreError::Hindered(_))) => error.to_string(),
            Err(error) => panic!("{error}"),
            Ok(_) => panic!("it was opened"),
        }
    }

    #[tokio::test]
    async fn what_cannot_be_the_database_as_payd_left_it_is_refused_and_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let options = made(&directory).await;
        let good = fs::read(&options.path).unwrap();
        let flipped = |at: usize| {
            let mut bytes = good.clone();
            bytes.iter_mut().skip(at).take(64).for_each(|byte| *byte ^= 0xA5);
            bytes
        };
        let half = good.len() / 2;
        for bad in [
            Vec::new(),
            good[..100].to_vec(),
            good[..half].to_vec(),
            flipped(0),
            flipped(4096),
            flipped(8192),
        ] {
            fs::write(&options.path, &bad).unwrap();
            let text = refusal(&options);
            assert!(text.contains("damaged") && text.contains("backup"), "{text}");
            assert_eq!(fs::read(&options.path).unwrap(), bad, "{text}");
        }
        fs::write(&options.path, &good).unwrap();
        Database::open(&options, &SystemRandom).unwrap().close().await;
    }

    #[tokio::test]
    async fn a_truncated_file_is_refused_however_large_it_is() {
        let directory = tempfile::tempdir().unwrap();
        let options = Options {
            examined_bytes_max: 0,
            ..made(&directory).await
        };
        let good = fs::read(&options.path).unwrap();
        fs::write(&options.path, &good[..good.len() - 4096]).unwrap();
        assert!(refusal(&options).contains("damaged"));
        fs::write(&options.path, &good).unwrap();
        Database::open(&options, &SystemRandom).unwrap().close().await;
    }

    #[tokio::test]
    async fn a_lost_database_is_not_begun_anew_over_its_log() {
        let directory = tempfile::tempdir().unwrap();
        let options = made(&directory).await;
        fs::remove_file(&options.path).unwrap();
        fs::write(log_of(&options.path), "frames").unwrap();
        assert!(refusal(&options).contains("-wal"));
        assert!(!options.path.exists());
    }
}
