//! What was done by hand, for those who want to know.

use super::{Office, OfficeError};
use crate::domain::ids::AuditId;
pub use crate::store::audit_log::{AuditEntry, AuditFilter};
use crate::store::{StoreError, audit_log};

/// More names than a list to choose from may have.
const WORDS_MAX: u32 = 200;

/// Who did something and what kinds of things were done, to choose from.
#[derive(Debug, Clone, Default)]
pub struct AuditWords {
    /// Who, by name.
    pub actors: Vec<String>,
    /// What, by name.
    pub actions: Vec<String>,
}

impl Office {
    /// What was done before entry `before`, the latest first, at most `limit`.
    ///
    /// # Errors
    /// [`OfficeError::Store`].
    pub async fn audit_log(
        &self,
        filter: AuditFilter,
        before: AuditId,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, OfficeError> {
        let page = self
            .engine
            .database
            .read(move |txn| audit_log::narrowed(txn, &filter, before, limit));
        Ok(page.await?)
    }

    /// What the audit log may be narrowed down to.
    ///
    /// # Errors
    /// [`OfficeError::Store`].
    pub async fn audit_words(&self) -> Result<AuditWords, OfficeError> {
        let words = self.engine.database.read(|txn| {
            Ok::<_, StoreError>(AuditWords {
                actors: audit_log::actors(txn, WORDS_MAX)?,
                actions: audit_log::actions(txn, WORDS_MAX)?,
            })
        });
        Ok(words.await?)
    }
}
