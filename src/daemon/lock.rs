//! One daemon per data directory.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;

/// Held while a daemon works on a data directory; the system lets go of it however the process ends.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "held, not used: its lock ends with it")] File);

impl Lock {
    /// Takes the lock of `directory`.
    ///
    /// # Errors
    /// When another daemon has it.
    pub fn take(directory: &Path) -> anyhow::Result<Self> {
        let path = directory.join("payd.lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&path);
        let file = file.with_context(|| format!("cannot open {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_daemon_on_the_same_directory_is_refused_until_the_first_is_gone() {
        let directory = tempfile::tempdir().unwrap();
        let first = Lock::take(directory.path()).unwrap();
        assert!(Lock::take(directory.path()).is_err());
        drop(first);
        assert!(Lock::take(directory.path()).is_ok());
    }
}
