//! One daemon per data directory, and per database: a data directory may lead to the database of another by a link.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// Held while a daemon works on a data directory; the system lets go of it however the process ends.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "held, not used: the locks end with it")] Vec<File>);

impl Lock {
    /// Takes the lock of `directory`, and that of the directory where `database` really lies.
    ///
    /// # Errors
    /// When another daemon has one of them.
    pub fn take(directory: &Path, database: &Path) -> anyhow::Result<Self> {
        let mut directories = vec![real(directory)];
        let really = real(database).parent().map(PathBuf::from);
        directories.extend(really.filter(|really| !directories.contains(really)));
        let files = directories.iter().map(|directory| lock(directory));
        Ok(Self(files.collect::<anyhow::Result<_>>()?))
    }
}

/// The path without links; as it is where there is nothing yet.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn lock(directory: &Path) -> anyhow::Result<File> {
    let path = directory.join("payd.lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(&path);
    let file = file.with_context(|| format!("cannot open {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            anyhow::bail!(
                "another payd runs on {}: stop it, or use another --data-dir",
                directory.display()
            )
        }
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", path.display()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_daemon_on_the_same_directory_is_refused_until_the_first_is_gone() {
        let directory = tempfile::tempdir().unwrap();
        let database = directory.path().join("payd.sqlite");
        let first = Lock::take(directory.path(), &database).unwrap();
        assert!(Lock::take(directory.path(), &database).is_err());
        drop(first);
        assert!(Lock::take(directory.path(), &database).is_ok());
    }

    #[test]
    fn a_link_to_another_daemons_database_is_refused_while_that_one_runs() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let database = here.path().join("payd.sqlite");
        std::fs::write(&database, "").unwrap();
        let link = there.path().join("payd.sqlite");
        std::os::unix::fs::symlink(&database, &link).unwrap();
        let first = Lock::take(here.path(), &database).unwrap();
        let refused = Lock::take(there.path(), &link).unwrap_err().to_string();
        assert!(refused.contains("another payd runs"), "{refused}");
        drop(first);
        let second = Lock::take(there.path(), &link).unwrap();
        assert!(Lock::take(here.path(), &database).is_err());
        drop(second);
    }
}
