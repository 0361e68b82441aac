//! Table `sessions`: who is signed in, and where. Of the token that a browser holds only a keyed hash is kept.

use rusqlite::{OptionalExtension as _, Row, named_params, params};

use super::Txn;
use super::error::StoreError;
use super::values;
use crate::domain::ids::{SessionId, UserId};
use crate::domain::time::UnixMillis;
use crate::domain::user::Session;

const COLUMNS: &str = "id, mac, user_id, is_whole, created_ms, seen_ms, address, agent";
const KIND: &str = "session";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Session> {
    Ok(Session {
        id: SessionId::new(row.get("id")?),
        user: UserId::new(row.get("user_id")?),
        is_whole: row.get("is_whole")?,
        created_at: values::time(row, "created_ms")?,
        seen_at: values::time(row, "seen_ms")?,
        address: row.get("address")?,
        agent: row.get("agent")?,
    })
}

/// Begins a session; its row number in `session` is not looked at.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn insert(txn: &Txn<'_>, session: &Session, token: &str) -> Result<SessionId, StoreError> {
    let sql = "INSERT INTO sessions (user_id, token_hash, is_whole, mac, created_ms, seen_ms, address, agent)
               VALUES (:user_id, :token_hash, :is_whole, :mac, :created_ms, :created_ms, :address, :agent)";
    let hash = txn.vault.token_hash(KIND, token);
    let mac = txn.vault.session_mac(
        &hash,
        session.user.get(),
        session.is_whole,
        session.created_at.get(),
    );
    let id = txn.connection.prepare_cached(sql)?.insert(named_params! {
        ":user_id": session.user.get(),
        ":token_hash": hash,
        ":is_whole": session.is_whole,
        ":mac": mac,
        ":created_ms": session.created_at.get(),
        ":address": session.address,
        ":agent": session.agent,
    })?;
    Ok(SessionId::new(id))
}

/// The session of a token, unless it was ended.
///
/// # Errors
/// [`StoreError::Altered`] when the row was changed from outside.
pub fn by_token(txn: &Txn<'_>, token: &str) -> Result<Option<Session>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM sessions WHERE token_hash = ?1 AND ended_ms IS NULL");
    let hash = txn.vault.token_hash(KIND, token);
    let found = txn
        .connection
        .prepare_cached(&sql)?
        .query_row([&hash], |row| Ok((from_row(row)?, row.get::<_, Vec<u8>>("mac")?)))
        .optional()?;
    let Some((session, mac)) = found else {
        return Ok(None);
    };
    let (user, created_ms) = (session.user.get(), session.created_at.get());
    if txn
        .vault
        .is_authentic_session(&hash, user, session.is_whole, created_ms, &mac)
    {
        Ok(Some(session))
    } else {
        Err(StoreError::Altered {
            what: format!("the session {}", session.id),
        })
    }
}

/// A user's sessions that were not ended, the latest first.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn of_user(txn: &Txn<'_>, user: UserId) -> Result<Vec<Session>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM sessions WHERE user_id = ?1 AND ended_ms IS NULL ORDER BY id DESC");
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let sessions = statement
        .query_map([user.get()], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(sessions)
}

impl Txn<'_> {
    /// What stands behind a browser's mark: nobody without the key file can make one up.
    #[must_use]
    pub fn browser_hash(&self, text: &str) -> Vec<u8> {
        self.vault.token_hash("browser", text)
    }
}

/// Notes that a session was used.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn touch(txn: &Txn<'_>, id: SessionId, now: UnixMillis) -> Result<(), StoreError> {
    let sql = "UPDATE sessions SET seen_ms = max(seen_ms, ?2) WHERE id = ?1";
    txn.connection
        .prepare_cached(sql)?
        .execute(params![id.get(), now.get()])?;
    Ok(())
}

/// Ends a session: false when it had ended.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn end(txn: &Txn<'_>, id: SessionId, now: UnixMillis) -> Result<bool, StoreError> {
    let sql = "UPDATE sessions SET ended_ms = ?2 WHERE id = ?1 AND ended_ms IS NULL";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .execute(params![id.get(), now.get()])?
        == 1)
}

/// Ends a session of a user: false when it had ended, or is another's.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn end_of(txn: &Txn<'_>, user: UserId, id: SessionId, now: UnixMillis) -> Result<bool, StoreError> {
    let sql = "UPDATE sessions SET ended_ms = ?3 WHERE id = ?1 AND user_id = ?2 AND ended_ms IS NULL";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .execute(params![id.get(), user.get(), now.get()])?
        == 1)
}

/// Ends all sessions of a user but one, and says how many.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn end_others(
    txn: &Txn<'_>,
    user: UserId,
    kept: Option<SessionId>,
    now: UnixMillis,
) -> Result<usize, StoreError> {
    let sql = "UPDATE sessions SET ended_ms = ?3 WHERE user_id = ?1 AND ended_ms IS NULL AND id IS NOT ?2";
    Ok(txn.connection.prepare_cached(sql)?.execute(params![
        user.get(),
        kept.map(SessionId::get),
        now.get()
    ])?)
}

/// Deletes at most `limit` sessions that were used last before `before`, and says how many.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn forget_before(txn: &Txn<'_>, before: UnixMillis, limit: u32) -> Result<usize, StoreError> {
    let sql = "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE seen_ms < ?1 LIMIT ?2)";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .execute(params![before.get(), limit])?)
}
