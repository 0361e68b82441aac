//! Tables `notice_channels` and `notices`: how the merchant is reached, and what is said there. Where to and with what
//! credentials is sealed.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension as _, Row, named_params, params};
use zeroize::Zeroizing;

use super::Txn;
use super::error::StoreError;
use super::values;
use crate::ambient::Random;
use crate::domain::event::EventKind;
use crate::domain::ids::{ChannelId, EventId, NoticeId, PaymentId, ShopId, TransferId};
use crate::domain::notice::{Channel, Destination, Notice, NoticeState, QuietHours, Topic};
use crate::domain::time::UnixMillis;

const CHANNEL_COLUMNS: &str = "id, kind, name, topics, store_id, quiet_from, quiet_to, utc_offset, language, created_ms, \
     disabled_ms";
const COLUMNS: &str = "id, channel_id, topic, subject, facts, state, attempts, error, made_ms";
const PLACE: &str = "notice_channels";

fn channel_from_row(row: &Row<'_>) -> rusqlite::Result<Channel> {
    let topics: String = row.get("topics")?;
    let parsed: Result<Vec<Topic>, _> = topics.split_ascii_whitespace().map(str::parse).collect();
    let quiet: (Option<u16>, Option<u16>) = (row.get("quiet_from")?, row.get("quiet_to")?);
    let utc_offset = row.get("utc_offset")?;
    Ok(Channel {
        id: ChannelId::new(row.get("id")?),
        kind: values::parsed(row, "kind")?,
        name: row.get("name")?,
        topics: parsed.map_err(|_| values::bad("topics", topics))?,
        shop: row.get::<_, Option<i64>>("store_id")?.map(ShopId::new),
        quiet: quiet
            .0
            .zip(quiet.1)
            .map(|(from, to)| QuietHours { from, to, utc_offset }),
        language: row.get("language")?,
        created_at: values::time(row, "created_ms")?,
        disabled_at: values::optional_time(row, "disabled_ms")?,
    })
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Notice> {
    let facts: String = row.get("facts")?;
    Ok(Notice {
        id: NoticeId::new(row.get("id")?),
        channel: ChannelId::new(row.get("channel_id")?),
        topic: values::parsed(row, "topic")?,
        subject: row.get("subject")?,
        facts: serde_json::from_str(&facts).map_err(|_| values::bad("facts", facts))?,
        state: values::parsed(row, "state")?,
        attempts: values::unsigned(row, "attempts")?,
        error: row.get("error")?,
        made_at: values::time(row, "made_ms")?,
    })
}

/// Adds a channel, which is told of what happens from now on. Its row number is the store's to give.
///
/// # Errors
/// [`StoreError`].
pub fn insert_channel(
    txn: &Txn<'_>,
    channel: &Channel,
    destination: &Destination,
    random: &dyn Random,
) -> Result<ChannelId, StoreError> {
    let sql = "INSERT INTO notice_channels (kind, name, settings_sealed, topics, store_id, last_event, last_transfer, created_ms)
               VALUES (:kind, :name, :settings, '', :store_id, (SELECT COALESCE(MAX(id), 0) FROM events),
                   (SELECT COALESCE(MAX(id), 0) FROM transfers), :created_ms)";
    let id = txn.connection.prepare_cached(sql)?.insert(named_params! {
        ":kind": channel.kind.word(),
        ":name": channel.name,
        ":settings": sealed(txn, destination, random)?,
        ":store_id": channel.shop.map(ShopId::get),
        ":created_ms": channel.created_at.get(),
    })?;
    let id = ChannelId::new(id);
    let channel = Channel {
        id,
        ..channel.clone()
    };
    update_channel(txn, &channel)?;
    Ok(id)
}

/// Writes all of a channel but where it leads.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn update_channel(txn: &Txn<'_>, channel: &Channel) -> Result<(), StoreError> {
    let topics: Vec<&str> = channel.topics.iter().map(|topic| topic.word()).collect();
    let sql = "UPDATE notice_channels SET name = :name, topics = :topics, store_id = :store_id, quiet_from = :quiet_from,
                   quiet_to = :quiet_to, utc_offset = :utc_offset, language = :language, disabled_ms = :disabled_ms
               WHERE id = :id";
    txn.connection.prepare_cached(sql)?.execute(named_params! {
        ":id": channel.id.get(),
        ":name": channel.name,
        ":topics": topics.join(" "),
        ":store_id": channel.shop.map(ShopId::get),
        ":quiet_from": channel.quiet.map(|quiet| quiet.from),
        ":quiet_to": channel.quiet.map(|quiet| quiet.to),
        ":utc_offset": channel.quiet.map_or(0, |quiet| quiet.utc_offset),
        ":language": channel.language,
        ":disabled_ms": channel.disabled_at.map(UnixMillis::get),
    })?;
    Ok(())
}

/// Has a channel lead elsewhere.
///
/// # Errors
/// [`StoreError`].
pub fn set_destination(
    txn: &Txn<'_>,
    id: ChannelId,
    destination: &Destination,
    random: &dyn Random,
) -> Result<(), StoreError> {
    let sealed = sealed(txn, destination, random)?;
    let sql = "UPDATE notice_channels SET settings_sealed = ?2 WHERE id = ?1";
    txn.connection
        .prepare_cached(sql)?
        .execute(params![id.get(), sealed])?;
    Ok(())
}

fn sealed(txn: &Txn<'_>, destination: &Destination, random: &dyn Random) -> Result<Vec<u8>, StoreError> {
    let fields: BTreeMap<&str, String> = destination.fields().into_iter().collect();
    let text =
        Zeroizing::new(serde_json::to_vec(&fields).map_err(|_| StoreError::Unsealable { table: PLACE })?);
    txn.vault.seal(PLACE, &text, random)
}

/// Where a channel leads and with what credentials.
///
/// # Errors
/// [`StoreError::Unsealable`] when it was altered.
pub fn destination(txn: &Txn<'_>, channel: &Channel) -> Result<Destination, StoreError> {
    let sql = "SELECT settings_sealed FROM notice_channels WHERE id = ?1";
    let sealed: Vec<u8> = txn
        .connection
        .prepare_cached(sql)?
        .query_row([channel.id.get()], |row| row.get(0))?;
    let bytes = txn.vault.open_sealed(PLACE, &sealed)?;
    let unreadable = StoreError::Unsealable { table: PLACE };
    let Ok(fields) = serde_json::from_slice::<BTreeMap<String, String>>(&bytes) else {
        return Err(unreadable);
    };
    Destination::read(channel.kind, |name| fields.get(name).map_or("", String::as_str))
        .map_err(|_| unreadable)
}

/// Deletes a channel and what it was to say.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn delete_channel(txn: &Txn<'_>, id: ChannelId) -> Result<bool, StoreError> {
    txn.connection
        .prepare_cached("DELETE FROM notices WHERE channel_id = ?1")?
        .execute([id.get()])?;
    let sql = "DELETE FROM notice_channels WHERE id = ?1";
    Ok(txn.connection.prepare_cached(sql)?.execute([id.get()])? == 1)
}

/// All channels, by age. There are never many.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn channels(txn: &Txn<'_>) -> Result<Vec<Channel>, StoreError> {
    let sql = format!("SELECT {CHANNEL_COLUMNS} FROM notice_channels ORDER BY id");
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let channels = statement
        .query_map([], channel_from_row)?
        .collect::<Result<_, _>>()?;
    Ok(channels)
}

/// One channel.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn channel(txn: &Txn<'_>, id: ChannelId) -> Result<Option<Channel>, StoreError> {
    let sql = format!("SELECT {CHANNEL_COLUMNS} FROM notice_channels WHERE id = ?1");
    Ok(txn
        .connection
        .prepare_cached(&sql)?
        .query_row([id.get()], channel_from_row)
        .optional()?)
}

/// An event that the merchant may want to be told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// Its row.
    pub event: EventId,
    /// The payment it happened to.
    pub payment: PaymentId,
    /// What happened.
    pub kind: EventKind,
}

/// The events after the last that a channel was told of, at most `limit` of them: of real payments, of these kinds. Gives
/// how far it looked besides.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn events_for(
    txn: &Txn<'_>,
    channel: &Channel,
    limit: u32,
) -> Result<(Vec<Happening>, Option<EventId>), StoreError> {
    let sql = "SELECT events.id, payment_id, kind, mode = 'live' AND (:store IS NULL OR store_id = :store) AS is_wanted
               FROM events JOIN payments ON payments.id = payment_id
               WHERE events.id > (SELECT last_event FROM notice_channels WHERE id = :channel)
               ORDER BY events.id LIMIT :limit";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let mut rows = statement.query(named_params! {
        ":channel": channel.id.get(),
        ":store": channel.shop.map(ShopId::get),
        ":limit": limit,
    })?;
    let (mut found, mut last) = (Vec::new(), None);
    while let Some(row) = rows.next()? {
        let event = EventId::new(row.get("id")?);
        last = Some(event);
        if row.get("is_wanted")? {
            found.push(Happening {
                event,
                payment: PaymentId::new(row.get("payment_id")?),
                kind: values::parsed(row, "kind")?,
            });
        }
    }
    Ok((found, last))
}

/// The transfers after the last that a channel was told of that belong to no payment, at most `limit` looked at. Gives how
/// far it looked besides.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn unmatched_for(
    txn: &Txn<'_>,
    channel: &Channel,
    limit: u32,
) -> Result<(Vec<TransferId>, Option<TransferId>), StoreError> {
    let sql = "SELECT id, judgement = 'unmatched' AND orphaned = 0 AND network NOT LIKE 'test-%'
                   AND (:store IS NULL OR store_id = :store) AS is_wanted
               FROM transfers WHERE id > (SELECT last_transfer FROM notice_channels WHERE id = :channel)
               ORDER BY id LIMIT :limit";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let mut rows = statement.query(named_params! {
        ":channel": channel.id.get(),
        ":store": channel.shop.map(ShopId::get),
        ":limit": limit,
    })?;
    let (mut found, mut last) = (Vec::new(), None);
    while let Some(row) = rows.next()? {
        let id = TransferId::new(row.get("id")?);
        last = Some(id);
        if row.get("is_wanted")? {
            found.push(id);
        }
    }
    Ok((found, last))
}

/// Notes how far a channel was told.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn advance(
    txn: &Txn<'_>,
    id: ChannelId,
    event: Option<EventId>,
    transfer: Option<TransferId>,
) -> Result<(), StoreError> {
    let sql = "UPDATE notice_channels SET last_event = COALESCE(?2, last_event), last_transfer = COALESCE(?3, last_transfer)
               WHERE id = ?1";
    txn.connection.prepare_cached(sql)?.execute(params![
        id.get(),
        event.map(EventId::get),
        transfer.map(TransferId::get)
    ])?;
    Ok(())
}

/// Has a channel be told of what happens from now on alone.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn skip_to_now(txn: &Txn<'_>, id: ChannelId) -> Result<(), StoreError> {
    let sql = "UPDATE notice_channels SET last_event = (SELECT COALESCE(MAX(id), 0) FROM events),
                   last_transfer = (SELECT COALESCE(MAX(id), 0) FROM transfers) WHERE id = ?1";
    txn.connection.prepare_cached(sql)?.execute([id.get()])?;
    Ok(())
}

/// Makes a notice that is sent from `due` on.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn insert(
    txn: &Txn<'_>,
    channel: ChannelId,
    (topic, subject): (Topic, &str),
    facts: &[(String, String)],
    due: UnixMillis,
    now: UnixMillis,
) -> Result<NoticeId, StoreError> {
    let sql = "INSERT INTO notices (channel_id, topic, subject, facts, state, next_ms, made_ms)
               VALUES (:channel, :topic, :subject, :facts, 'pending', :next, :made)";
    let facts = serde_json::to_string(facts).unwrap_or_else(|_| "[]".to_owned());
    let id = txn.connection.prepare_cached(sql)?.insert(named_params! {
        ":channel": channel.get(),
        ":topic": topic.word(),
        ":subject": subject,
        ":facts": facts,
        ":next": due.get(),
        ":made": now.get(),
    })?;
    Ok(NoticeId::new(id))
}

/// When a channel was last told of a topic's subject.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn last_told(
    txn: &Txn<'_>,
    channel: ChannelId,
    topic: Topic,
    subject: &str,
) -> Result<Option<UnixMillis>, StoreError> {
    let sql = "SELECT made_ms FROM notices WHERE channel_id = ?1 AND subject = ?2 AND topic = ?3 ORDER BY id DESC LIMIT 1";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .query_row(params![channel.get(), subject, topic.word()], |row| {
            row.get(0).map(UnixMillis::new)
        })
        .optional()?)
}

/// What is due, the longest waiting first, at most `limit`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn due(txn: &Txn<'_>, now: UnixMillis, limit: u32) -> Result<Vec<Notice>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM notices WHERE state = 'pending' AND next_ms <= ?1 ORDER BY next_ms, id LIMIT ?2"
    );
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let notices = statement
        .query_map(params![now.get(), limit], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(notices)
}

/// Notes how a try went: sent, to be tried again at `next`, or given up.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn record_try(
    txn: &Txn<'_>,
    id: NoticeId,
    state: NoticeState,
    error: Option<&str>,
    next: UnixMillis,
) -> Result<(), StoreError> {
    let sql =
        "UPDATE notices SET state = ?2, error = ?3, next_ms = ?4, attempts = attempts + 1 WHERE id = ?1";
    txn.connection
        .prepare_cached(sql)?
        .execute(params![id.get(), state.word(), error, next.get()])?;
    Ok(())
}

/// A channel's latest notices.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn latest(txn: &Txn<'_>, channel: ChannelId, limit: u32) -> Result<Vec<Notice>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM notices WHERE channel_id = ?1 ORDER BY id DESC LIMIT ?2");
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let notices = statement
        .query_map(params![channel.get(), limit], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(notices)
}

/// Deletes at most `limit` notices that are over and were made before `before`, and says how many.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn forget_before(txn: &Txn<'_>, before: UnixMillis, limit: u32) -> Result<usize, StoreError> {
    let sql = "DELETE FROM notices WHERE id IN
                   (SELECT id FROM notices WHERE state <> 'pending' AND made_ms < ?1 ORDER BY id LIMIT ?2)";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .execute(params![before.get(), limit])?)
}

/// Endpoints of real payments whose deliveries were given up, or wait since before `since`: row number, shop, URL and how
/// many, at most `limit` endpoints.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn failing_endpoints(
    txn: &Txn<'_>,
    since: UnixMillis,
    limit: u32,
) -> Result<Vec<(i64, ShopId, String)>, StoreError> {
    let sql = "SELECT id, store_id, url FROM endpoints WHERE disabled_ms IS NULL AND EXISTS (
                   SELECT 1 FROM deliveries WHERE endpoint_id = endpoints.id AND state = 'pending' AND attempts > 0
                       AND created_ms < ?1 LIMIT 1)
               ORDER BY id LIMIT ?2";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let found = statement
        .query_map(params![since.get(), limit], |row| {
            Ok((row.get(0)?, ShopId::new(row.get(1)?), row.get(2)?))
        })?
        .collect::<Result<_, _>>()?;
    Ok(found)
}
