//! Table `users`. A row carries a MAC over what decides who may do what: one that was put in or changed from outside
//! signs nobody in.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension as _, Row, named_params, params};
use zeroize::Zeroizing;

use super::Txn;
use super::error::StoreError;
use super::values;
use crate::ambient::Random;
use crate::domain::ids::{ShopId, UserId};
use crate::domain::time::UnixMillis;
use crate::domain::user::{Shops, User};

const COLUMNS: &str =
    "id, name, role, stores, password_hash, mac, totp_sealed, language, created_ms, disabled_ms";
const PLACE: &str = "users";

/// How all stores are written.
const ALL: &str = "*";

/// A row of the table.
struct Stored {
    user: User,
    stores: String,
    password_hash: String,
    /// Empty when there is none.
    totp_sealed: Vec<u8>,
    mac: Vec<u8>,
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Stored> {
    let stores: String = row.get("stores")?;
    let totp_sealed: Option<Vec<u8>> = row.get("totp_sealed")?;
    Ok(Stored {
        user: User {
            id: UserId::new(row.get("id")?),
            name: row.get("name")?,
            role: values::parsed(row, "role")?,
            shops: read_shops(&stores).ok_or_else(|| values::bad("stores", stores.clone()))?,
            has_totp: totp_sealed.is_some(),
            language: row.get("language")?,
            created_at: values::time(row, "created_ms")?,
            disabled_at: values::optional_time(row, "disabled_ms")?,
        },
        stores,
        password_hash: row.get("password_hash")?,
        totp_sealed: totp_sealed.unwrap_or_default(),
        mac: row.get("mac")?,
    })
}

fn read_shops(text: &str) -> Option<Shops> {
    if text == ALL {
        return Some(Shops::All);
    }
    let rows = text.split_ascii_whitespace().map(str::parse::<i64>);
    let shops: Result<BTreeSet<ShopId>, _> = rows.map(|row| row.map(ShopId::new)).collect();
    shops.ok().map(Shops::Only)
}

fn write_shops(shops: &Shops) -> String {
    match shops {
        Shops::All => ALL.to_owned(),
        Shops::Only(shops) => {
            let rows: Vec<String> = shops.iter().map(ToString::to_string).collect();
            rows.join(" ")
        }
    }
}

impl Stored {
    /// With all that the authenticator binds.
    fn bound<T>(&self, work: impl FnOnce(i64, [&[u8]; 6]) -> T) -> T {
        let disabled = self.user.disabled_at.map(|at| at.get().to_string());
        let rest = [
            self.user.name.as_bytes(),
            self.user.role.word().as_bytes(),
            self.stores.as_bytes(),
            self.password_hash.as_bytes(),
            &self.totp_sealed,
            disabled.as_deref().unwrap_or_default().as_bytes(),
        ];
        work(self.user.id.get(), rest)
    }

    fn checked(self, txn: &Txn<'_>) -> Result<(User, String), StoreError> {
        if self.bound(|id, rest| txn.vault.is_authentic_user(id, rest, &self.mac)) {
            Ok((self.user, self.password_hash))
        } else {
            Err(StoreError::Altered {
                what: format!("the user `{}`", self.user.name),
            })
        }
    }
}

/// Adds a user, whose row number and times are the store's to give.
///
/// # Errors
/// [`StoreError::Duplicate`] when the name is taken.
pub fn insert(txn: &Txn<'_>, user: &User, password_hash: &str) -> Result<UserId, StoreError> {
    let sql = "INSERT INTO users (name, role, stores, password_hash, mac, language, created_ms)
               VALUES (:name, :role, :stores, :password_hash, x'', :language, :created_ms)";
    let inserted = txn.connection.prepare_cached(sql)?.insert(named_params! {
        ":name": user.name,
        ":role": user.role.word(),
        ":stores": write_shops(&user.shops),
        ":password_hash": password_hash,
        ":language": user.language,
        ":created_ms": user.created_at.get(),
    });
    let id = inserted
        .map(UserId::new)
        .map_err(|error| taken(error, &user.name))?;
    let user = User { id, ..user.clone() };
    update(txn, &user, password_hash)?;
    Ok(id)
}

/// Writes the authenticator of a row that was just written, and was authentic before.
fn authenticate(txn: &Txn<'_>, id: UserId) -> Result<(), StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE id = ?1");
    let stored = txn
        .connection
        .prepare_cached(&sql)?
        .query_row([id.get()], from_row)?;
    let mac = stored.bound(|id, rest| txn.vault.user_mac(id, rest));
    txn.connection
        .prepare_cached("UPDATE users SET mac = ?2 WHERE id = ?1")?
        .execute(params![id.get(), mac])?;
    Ok(())
}

/// Writes all of a user but the second factor; the row was read, and so found authentic, in the same transaction.
///
/// # Errors
/// [`StoreError::Duplicate`] when the name is taken.
pub fn update(txn: &Txn<'_>, user: &User, password_hash: &str) -> Result<(), StoreError> {
    let sql = "UPDATE users SET name = :name, role = :role, stores = :stores, password_hash = :password_hash,
                   language = :language, disabled_ms = :disabled_ms
               WHERE id = :id";
    let updated = txn.connection.prepare_cached(sql)?.execute(named_params! {
        ":id": user.id.get(),
        ":name": user.name,
        ":role": user.role.word(),
        ":stores": write_shops(&user.shops),
        ":password_hash": password_hash,
        ":language": user.language,
        ":disabled_ms": user.disabled_at.map(UnixMillis::get),
    });
    updated.map_err(|error| taken(error, &user.name))?;
    authenticate(txn, user.id)
}

fn taken(error: rusqlite::Error, name: &str) -> StoreError {
    if StoreError::is_unique_violation(&error) {
        StoreError::Duplicate {
            what: format!("a user called `{name}`"),
        }
    } else {
        error.into()
    }
}

/// A user with the hash of the password.
///
/// # Errors
/// [`StoreError::Altered`] when the row was changed from outside.
pub fn by_id(txn: &Txn<'_>, id: UserId) -> Result<Option<(User, String)>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE id = ?1");
    let found = txn
        .connection
        .prepare_cached(&sql)?
        .query_row([id.get()], from_row)
        .optional()?;
    found.map(|found| found.checked(txn)).transpose()
}

/// The user of this name, whatever its capitals, with the hash of the password.
///
/// # Errors
/// [`StoreError::Altered`] when the row was changed from outside.
pub fn by_name(txn: &Txn<'_>, name: &str) -> Result<Option<(User, String)>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE name = ?1");
    let found = txn
        .connection
        .prepare_cached(&sql)?
        .query_row([name], from_row)
        .optional()?;
    found.map(|found| found.checked(txn)).transpose()
}

/// All users, by age. There are never many.
///
/// # Errors
/// [`StoreError::Altered`] when a row was changed from outside.
pub fn all(txn: &Txn<'_>) -> Result<Vec<User>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM users ORDER BY id");
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let rows: Vec<Stored> = statement.query_map([], from_row)?.collect::<Result<_, _>>()?;
    rows.into_iter()
        .map(|row| row.checked(txn).map(|(user, _)| user))
        .collect()
}

/// Whether there is anybody.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn is_any(txn: &Txn<'_>) -> Result<bool, StoreError> {
    Ok(txn.connection.prepare_cached("SELECT 1 FROM users")?.exists([])?)
}

/// Gives a user a second factor, or takes it away.
///
/// # Errors
/// [`StoreError::Altered`] when the row was changed from outside.
pub fn set_totp(
    txn: &Txn<'_>,
    id: UserId,
    secret: Option<&[u8]>,
    random: &dyn Random,
) -> Result<(), StoreError> {
    if by_id(txn, id)?.is_none() {
        return Ok(());
    }
    let sealed = secret
        .map(|secret| txn.vault.seal(PLACE, secret, random))
        .transpose()?;
    let sql = "UPDATE users SET totp_sealed = ?2, totp_step = 0 WHERE id = ?1";
    txn.connection
        .prepare_cached(sql)?
        .execute(params![id.get(), sealed])?;
    authenticate(txn, id)
}

/// The secret of a user's second factor, if there is one.
///
/// # Errors
/// [`StoreError::Unsealable`] when it was altered.
pub fn totp(txn: &Txn<'_>, id: UserId) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
    let sql = "SELECT totp_sealed FROM users WHERE id = ?1";
    let sealed: Option<Option<Vec<u8>>> = txn
        .connection
        .prepare_cached(sql)?
        .query_row([id.get()], |row| row.get(0))
        .optional()?;
    let sealed = sealed.flatten();
    sealed
        .map(|sealed| txn.vault.open_sealed(PLACE, &sealed))
        .transpose()
}

/// Takes the code of a time step: false when one of this step or a later one was taken before.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn take_totp_step(txn: &Txn<'_>, id: UserId, step: i64) -> Result<bool, StoreError> {
    let sql = "UPDATE users SET totp_step = ?2 WHERE id = ?1 AND totp_step < ?2";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .execute(params![id.get(), step])?
        == 1)
}

/// Replaces a user's recovery codes.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn set_recovery_codes(txn: &Txn<'_>, id: UserId, codes: &[String]) -> Result<(), StoreError> {
    txn.connection
        .prepare_cached("DELETE FROM recovery_codes WHERE user_id = ?1")?
        .execute([id.get()])?;
    let sql = "INSERT INTO recovery_codes (user_id, code_hash) VALUES (?1, ?2)";
    let mut insert = txn.connection.prepare_cached(sql)?;
    for code in codes {
        insert.execute(params![id.get(), recovery_hash(txn, id, code)])?;
    }
    Ok(())
}

/// Of one user: a code is no good in another's row.
fn recovery_hash(txn: &Txn<'_>, id: UserId, code: &str) -> Vec<u8> {
    txn.vault.token_hash("recovery code", &format!("{id} {code}"))
}

/// Uses a recovery code up: false when it is none of the user's, or was used before.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn use_recovery_code(txn: &Txn<'_>, id: UserId, code: &str, now: UnixMillis) -> Result<bool, StoreError> {
    let sql =
        "UPDATE recovery_codes SET used_ms = ?3 WHERE user_id = ?1 AND code_hash = ?2 AND used_ms IS NULL";
    let hash = recovery_hash(txn, id, code);
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .execute(params![id.get(), hash, now.get()])?
        == 1)
}

/// How many recovery codes are left.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn recovery_codes_left(txn: &Txn<'_>, id: UserId) -> Result<u32, StoreError> {
    let sql = "SELECT COUNT(*) FROM recovery_codes WHERE user_id = ?1 AND used_ms IS NULL";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .query_row([id.get()], |row| row.get(0))?)
}
