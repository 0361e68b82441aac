//! Between columns and domain values. Bad stored data is an error, never a default.

use std::str::FromStr;
use std::time::Duration;

use rusqlite::Row;
use rusqlite::types::Type;

use crate::domain::asset::Currency;
use crate::domain::money::BaseUnits;
use crate::domain::network::NetworkId;
use crate::domain::time::UnixMillis;

/// What is wrong with a stored value.
#[derive(Debug, thiserror::Error)]
#[error("column {column} holds {value:?}, which is not valid there")]
struct BadValue {
    column: &'static str,
    value: String,
}

pub(super) fn bad(column: &'static str, value: impl Into<String>) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(
        0,
        Type::Text,
        Box::new(BadValue {
            column,
            value: value.into(),
        }),
    )
}

/// A text column read by a type's own parser.
pub(super) fn parsed<T: FromStr>(row: &Row<'_>, column: &'static str) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    text.parse().map_err(|_| bad(column, text))
}

pub(super) fn units(row: &Row<'_>, column: &'static str) -> rusqlite::Result<BaseUnits> {
    parsed(row, column)
}

pub(super) fn network(row: &Row<'_>, column: &'static str) -> rusqlite::Result<NetworkId> {
    let text: String = row.get(column)?;
    NetworkId::parse(&text).ok_or_else(|| bad(column, text))
}

pub(super) fn currency(row: &Row<'_>, column: &'static str) -> rusqlite::Result<Currency> {
    let text: String = row.get(column)?;
    Currency::parse(&text).ok_or_else(|| bad(column, text))
}

pub(super) fn time(row: &Row<'_>, column: &'static str) -> rusqlite::Result<UnixMillis> {
    row.get(column).map(UnixMillis::new)
}

pub(super) fn optional_time(row: &Row<'_>, column: &'static str) -> rusqlite::Result<Option<UnixMillis>> {
    row.get::<_, Option<i64>>(column)
        .map(|millis| millis.map(UnixMillis::new))
}

pub(super) fn span(row: &Row<'_>, column: &'static str) -> rusqlite::Result<Duration> {
    unsigned(row, column).map(Duration::from_millis)
}

/// A whole number that is never negative: a height, a count.
pub(super) fn unsigned<T: TryFrom<i64>>(row: &Row<'_>, column: &'static str) -> rusqlite::Result<T> {
    let value: i64 = row.get(column)?;
    T::try_from(value).map_err(|_| bad(column, value.to_string()))
}

/// A whole number that is never negative, where there is one.
pub(super) fn optional_unsigned<T: TryFrom<i64>>(
    row: &Row<'_>,
    column: &'static str,
) -> rusqlite::Result<Option<T>> {
    let value: Option<i64> = row.get(column)?;
    let read = |value: i64| T::try_from(value).map_err(|_| bad(column, value.to_string()));
    value.map(read).transpose()
}

/// A height as SQLite holds it; a height beyond 2^63 is clamped and never reached.
pub(super) fn height(height: u64) -> i64 {
    i64::try_from(height).unwrap_or(i64::MAX)
}

/// A span in milliseconds as SQLite holds it.
pub(super) fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}
