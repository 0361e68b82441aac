//! Table `settings_version`: tells whether what was read of stores, their keys and what they accept is still so. Triggers of
//! the database move it on with every change, in the transaction of the change.

use super::Txn;
use super::error::StoreError;

/// Which settings: the same at two times when nothing was changed between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettingsVersion(i64);

/// The version of the settings that this transaction sees.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn current(txn: &Txn<'_>) -> Result<SettingsVersion, StoreError> {
    let sql = "SELECT version FROM settings_version WHERE id = 1";
    let version = txn
        .connection
        .prepare_cached(sql)?
        .query_row([], |row| row.get(0))?;
    Ok(SettingsVersion(version))
}
