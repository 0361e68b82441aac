//! Table `pinned_certificates`: the certificates that TLS servers showed at first.

use rusqlite::{OptionalExtension as _, named_params, params};

use super::Txn;
use super::error::StoreError;
use crate::domain::time::UnixMillis;

/// The fingerprint that is kept for `host`.
///
/// # Errors
/// [`StoreError::Sqlite`], also for one that has not 32 bytes.
pub fn get(txn: &Txn<'_>, host: &str) -> Result<Option<[u8; 32]>, StoreError> {
    let sql = "SELECT fingerprint FROM pinned_certificates WHERE host = ?1";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .query_row(params![host], |row| row.get("fingerprint"))
        .optional()?)
}

/// Keeps the fingerprint of `host`, unless there is one: that takes [`forget`].
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn set(txn: &Txn<'_>, host: &str, fingerprint: [u8; 32], now: UnixMillis) -> Result<(), StoreError> {
    let sql = "INSERT INTO pinned_certificates (host, fingerprint, pinned_ms)
               VALUES (:host, :fingerprint, :pinned_ms)
               ON CONFLICT (host) DO NOTHING";
    txn.connection.prepare_cached(sql)?.execute(named_params! {
        ":host": host,
        ":fingerprint": fingerprint,
        ":pinned_ms": now.get(),
    })?;
    Ok(())
}

/// Forgets the fingerprint of `host`: the next certificate that it shows is taken. False when there was none.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn forget(txn: &Txn<'_>, host: &str) -> Result<bool, StoreError> {
    let sql = "DELETE FROM pinned_certificates WHERE host = ?1";
    Ok(txn.connection.prepare_cached(sql)?.execute(params![host])? > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ambient::SystemRandom;
    use crate::store::{Database, Options};

    #[tokio::test]
    async fn a_pinned_certificate_stays_until_it_is_forgotten() {
        let directory = tempfile::tempdir().unwrap();
        let database = Database::open(&Options::in_directory(directory.path()), &SystemRandom).unwrap();
        let known = database
            .write(|txn| {
                let now = UnixMillis::new(7);
                let before = get(txn, "a.example:50002")?;
                set(txn, "a.example:50002", [1; 32], now)?;
                set(txn, "a.example:50002", [2; 32], now)?;
                let kept = get(txn, "a.example:50002")?;
                let forgotten = (forget(txn, "a.example:50002")?, forget(txn, "a.example:50002")?);
                Ok::<_, StoreError>((before, kept, forgotten, get(txn, "a.example:50002")?))
            })
            .await
            .unwrap();
        assert_eq!(known, (None, Some([1; 32]), (true, false), None));
    }
}
