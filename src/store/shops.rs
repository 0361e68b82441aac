//! Table `stores`.

use rusqlite::{OptionalExtension as _, Row, named_params};

use super::Txn;
use super::error::StoreError;
use super::{brandings, values};
use crate::domain::ids::ShopId;
use crate::domain::network::Mode;
use crate::domain::shop::{Dialect, Rules, Shop};
use crate::domain::time::UnixMillis;

const COLUMNS: &str = "id, name, dialect, website, window_ms, cool_down_ms, tolerance_bps, late_policy, markup_bps, mode, disabled_ms, \
     language, fiat, created_ms, \
     colour, logo_hash, logo_type, tagline, help_text, help_url";

/// A store with its looks, where it has some.
const TABLES: &str = "stores LEFT JOIN brandings ON brandings.store_id = stores.id";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Shop> {
    Ok(Shop {
        id: ShopId::new(row.get("id")?),
        name: row.get("name")?,
        dialect: values::parsed(row, "dialect")?,
        website: row.get("website")?,
        rules: Rules {
            window: values::span(row, "window_ms")?,
            cool_down: values::span(row, "cool_down_ms")?,
            tolerance_bps: values::unsigned(row, "tolerance_bps")?,
            late: values::parsed(row, "late_policy")?,
            markup_bps: row.get("markup_bps")?,
        },
        mode: values::parsed(row, "mode")?,
        disabled_at: values::optional_time(row, "disabled_ms")?,
        language: row.get("language")?,
        fiat: values::parsed(row, "fiat")?,
        brand: brandings::from_row(row)?,
        created_at: values::time(row, "created_ms")?,
    })
}

/// Adds a shop. One of an API with a test mode starts in it; the merchant reckons in dollars until [`update`] says otherwise.
///
/// # Errors
/// [`StoreError::Duplicate`] when the name or the web site is taken.
pub fn insert(
    txn: &Txn<'_>,
    name: &str,
    dialect: Dialect,
    website: Option<&str>,
    rules: &Rules,
    now: UnixMillis,
) -> Result<ShopId, StoreError> {
    let sql =
        "INSERT INTO stores (name, dialect, website, window_ms, cool_down_ms, tolerance_bps, late_policy,
                   markup_bps, mode, created_ms)
               VALUES (:name, :dialect, :website, :window_ms, :cool_down_ms, :tolerance_bps, :late_policy,
                   :markup_bps, :mode, :created_ms)";
    let mode = match dialect {
        Dialect::CryptoPay => Mode::Test,
        Dialect::Payhook | Dialect::Soko | Dialect::UsdtPayments | Dialect::Cryptopayment => Mode::Live,
    };
    let inserted = txn.connection.prepare_cached(sql)?.insert(named_params! {
        ":name": name,
        ":dialect": dialect.word(),
        ":website": website,
        ":window_ms": values::millis(rules.window),
        ":cool_down_ms": values::millis(rules.cool_down),
        ":tolerance_bps": rules.tolerance_bps,
        ":late_policy": rules.late.word(),
        ":markup_bps": rules.markup_bps,
        ":mode": mode.word(),
        ":created_ms": now.get(),
    });
    inserted.map(ShopId::new).map_err(|error| taken(error, name))
}

/// Changes what can be set of a shop: all but its API.
///
/// # Errors
/// [`StoreError::Duplicate`] when the name or the web site is another shop's.
pub fn update(txn: &Txn<'_>, shop: &Shop) -> Result<(), StoreError> {
    let sql = "UPDATE stores SET name = :name, website = :website, window_ms = :window_ms, cool_down_ms = :cool_down_ms,
                   tolerance_bps = :tolerance_bps, late_policy = :late_policy, markup_bps = :markup_bps,
                   mode = :mode, disabled_ms = :disabled_ms, language = :language, fiat = :fiat
               WHERE id = :id";
    let updated = txn.connection.prepare_cached(sql)?.execute(named_params! {
        ":id": shop.id.get(),
        ":name": shop.name,
        ":website": shop.website,
        ":window_ms": values::millis(shop.rules.window),
        ":cool_down_ms": values::millis(shop.rules.cool_down),
        ":tolerance_bps": shop.rules.tolerance_bps,
        ":late_policy": shop.rules.late.word(),
        ":markup_bps": shop.rules.markup_bps,
        ":mode": shop.mode.word(),
        ":disabled_ms": shop.disabled_at.map(UnixMillis::get),
        ":language": shop.language,
        ":fiat": shop.fiat.word(),
    });
    updated.map(|_| ()).map_err(|error| taken(error, &shop.name))
}

fn taken(error: rusqlite::Error, name: &str) -> StoreError {
    if StoreError::is_unique_violation(&error) {
        StoreError::Duplicate {
            what: format!("a store with the name or the website of `{name}`"),
        }
    } else {
        error.into()
    }
}

/// The shop of this row number.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn by_id(txn: &Txn<'_>, id: ShopId) -> Result<Option<Shop>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM {TABLES} WHERE id = ?1");
    Ok(txn
        .connection
        .prepare_cached(&sql)?
        .query_row([id.get()], from_row)
        .optional()?)
}

/// The shop of this name.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn by_name(txn: &Txn<'_>, name: &str) -> Result<Option<Shop>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM {TABLES} WHERE name = ?1");
    Ok(txn
        .connection
        .prepare_cached(&sql)?
        .query_row([name], from_row)
        .optional()?)
}

/// All shops, by age. There are never many.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn all(txn: &Txn<'_>) -> Result<Vec<Shop>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM {TABLES} ORDER BY id");
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let shops = statement.query_map([], from_row)?.collect::<Result<_, _>>()?;
    Ok(shops)
}
