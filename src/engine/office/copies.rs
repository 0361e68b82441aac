//! Copies of everything: the database as it is at one moment, and the key file that opens the secrets in it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use zeroize::Zeroizing;

use super::{By, Office, OfficeError};
pub use crate::store::copies::{Copy, Files};
use crate::store::{Options, StoreError, schema};

/// Copies that are made and sent at a time: each takes as much room as the database.
const AT_ONCE: usize = 1;

/// The place of a copy that is being made or sent; the next one begins when it is dropped.
pub struct CopyPlace(#[expect(dead_code, reason = "held, not read")] OwnedSemaphorePermit);

/// Where copies wait for each other.
#[derive(Clone)]
pub struct CopyPlaces(Arc<Semaphore>);

impl Default for CopyPlaces {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl CopyPlaces {
    /// A place; `None` while another copy is made or sent.
    #[must_use]
    pub fn take(&self) -> Option<CopyPlace> {
        let permit = Arc::clone(&self.0).try_acquire_owned();
        permit.ok().map(CopyPlace)
    }
}

/// Copies database and key file into a directory, also while a daemon writes; what is there already is not touched.
///
/// # Errors
/// [`StoreError::File`] when a file is there already or cannot be written.
pub fn into_directory(options: &Options, directory: &Path) -> Result<Vec<PathBuf>, StoreError> {
    schema::back_up_to(options, directory)
}

impl Office {
    /// What lies on the disk.
    ///
    /// # Errors
    /// [`OfficeError::Store`].
    pub async fn files(&self) -> Result<Files, OfficeError> {
        Ok(self.engine.database.files().await?)
    }

    /// Writes down that somebody takes a copy away, and gives the key file's text.
    ///
    /// # Errors
    /// [`OfficeError::Store`].
    pub async fn begin_copy(&self, by: By) -> Result<Zeroizing<Vec<u8>>, OfficeError> {
        let text = self.engine.database.key_file_text().await?;
        let written = self
            .engine
            .database
            .write(move |txn| by.write_down(txn, "backup.download", "database and key file", ""));
        written.await?;
        Ok(text)
    }

    /// The database as it is now.
    ///
    /// # Errors
    /// [`OfficeError::Store`].
    pub async fn copy_database(&self) -> Result<Copy, OfficeError> {
        Ok(self.engine.database.copy().await?)
    }
}
