//! Table `endpoints`: where webhooks go. The signing secret is sealed.

use rusqlite::{OptionalExtension as _, Row, named_params, params};
use zeroize::Zeroizing;

use super::Txn;
use super::error::StoreError;
use super::values::{self, bad};
use crate::ambient::Random;
use crate::domain::event::EventKind;
use crate::domain::ids::{EndpointId, KeyId, ShopId};
use crate::domain::shop::{Endpoint, Format};
use crate::domain::time::UnixMillis;

const COLUMNS: &str = "id, store_id, url, format, key_id, events, created_ms, disabled_ms";
const PLACE: &str = "endpoints";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Endpoint> {
    let events: String = row.get("events")?;
    let events = events
        .split_whitespace()
        .map(|word| word.parse().map_err(|_| bad("events", word)));
    Ok(Endpoint {
        id: EndpointId::new(row.get("id")?),
        shop: ShopId::new(row.get("store_id")?),
        url: row.get("url")?,
        format: values::parsed(row, "format")?,
        key: row.get::<_, Option<i64>>("key_id")?.map(KeyId::new),
        events: events.collect::<Result<_, _>>()?,
        created_at: values::time(row, "created_ms")?,
        disabled_at: values::optional_time(row, "disabled_ms")?,
    })
}

/// What a new endpoint is made of.
#[derive(Clone)]
pub struct NewEndpoint<'a> {
    /// The shop whose events it gets.
    pub shop: ShopId,
    /// Where to post.
    pub url: &'a str,
    /// How a post looks.
    pub format: Format,
    /// The API key whose payments alone it is told of.
    pub key: Option<KeyId>,
    /// The events it gets.
    pub events: &'a [EventKind],
    /// The signing secret, as it is shown to the merchant.
    pub secret: &'a str,
}

/// Adds an endpoint.
///
/// # Errors
/// [`StoreError`].
pub fn insert(
    txn: &Txn<'_>,
    new: &NewEndpoint<'_>,
    now: UnixMillis,
    random: &dyn Random,
) -> Result<EndpointId, StoreError> {
    let sql = "INSERT INTO endpoints (store_id, url, format, key_id, events, secret_sealed, created_ms)
               VALUES (:store_id, :url, :format, :key_id, :events, :secret_sealed, :created_ms)";
    let events: Vec<&str> = new.events.iter().map(|kind| kind.word()).collect();
    let id = txn.connection.prepare_cached(sql)?.insert(named_params! {
        ":store_id": new.shop.get(),
        ":url": new.url,
        ":format": new.format.word(),
        ":key_id": new.key.map(KeyId::get),
        ":events": events.join(" "),
        ":secret_sealed": txn.vault.seal(PLACE, new.secret.as_bytes(), random)?,
        ":created_ms": now.get(),
    })?;
    Ok(EndpointId::new(id))
}

/// The signing secret of an endpoint.
///
/// # Errors
/// [`StoreError::Unsealable`] when it was altered.
pub fn secret(txn: &Txn<'_>, id: EndpointId) -> Result<Zeroizing<String>, StoreError> {
    let sql = "SELECT secret_sealed FROM endpoints WHERE id = ?1";
    let sealed: Vec<u8> = txn
        .connection
        .prepare_cached(sql)?
        .query_row([id.get()], |row| row.get("secret_sealed"))?;
    let secret = txn.vault.open_sealed(PLACE, &sealed)?;
    let secret = std::str::from_utf8(&secret).map_err(|_| StoreError::Unsealable { table: PLACE })?;
    Ok(Zeroizing::new(secret.to_owned()))
}

/// The endpoint of this row number.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn by_id(txn: &Txn<'_>, id: EndpointId) -> Result<Option<Endpoint>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM endpoints WHERE id = ?1");
    Ok(txn
        .connection
        .prepare_cached(&sql)?
        .query_row([id.get()], from_row)
        .optional()?)
}

/// A shop's endpoints that are switched on.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn active_of_shop(txn: &Txn<'_>, shop: ShopId) -> Result<Vec<Endpoint>, StoreError> {
    many(
        txn,
        "WHERE store_id = ?1 AND disabled_ms IS NULL ORDER BY id",
        params![shop.get()],
    )
}

/// All endpoints of one shop, or of all.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn all(txn: &Txn<'_>, shop: Option<ShopId>) -> Result<Vec<Endpoint>, StoreError> {
    many(
        txn,
        "WHERE ?1 IS NULL OR store_id = ?1 ORDER BY id",
        params![shop.map(ShopId::get)],
    )
}

fn many(txn: &Txn<'_>, rest: &str, values: impl rusqlite::Params) -> Result<Vec<Endpoint>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM endpoints {rest}");
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let endpoints = statement.query_map(values, from_row)?.collect::<Result<_, _>>()?;
    Ok(endpoints)
}

/// Switches an endpoint off. False when there is none or it was off.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn disable(txn: &Txn<'_>, id: EndpointId, now: UnixMillis) -> Result<bool, StoreError> {
    let sql = "UPDATE endpoints SET disabled_ms = ?2 WHERE id = ?1 AND disabled_ms IS NULL";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .execute(params![id.get(), now.get()])?
        > 0)
}

/// Has an endpoint told of these events.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn set_events(txn: &Txn<'_>, id: EndpointId, events: &[EventKind]) -> Result<(), StoreError> {
    let words: Vec<&str> = events.iter().map(|kind| kind.word()).collect();
    let sql = "UPDATE endpoints SET events = ?2 WHERE id = ?1";
    txn.connection
        .prepare_cached(sql)?
        .execute(params![id.get(), words.join(" ")])?;
    Ok(())
}

/// Has posts to an endpoint signed with this secret.
///
/// # Errors
/// [`StoreError`].
pub fn set_secret(
    txn: &Txn<'_>,
    id: EndpointId,
    secret: &str,
    random: &dyn Random,
) -> Result<(), StoreError> {
    let sealed = txn.vault.seal(PLACE, secret.as_bytes(), random)?;
    let sql = "UPDATE endpoints SET secret_sealed = ?2 WHERE id = ?1";
    txn.connection
        .prepare_cached(sql)?
        .execute(params![id.get(), sealed])?;
    Ok(())
}
