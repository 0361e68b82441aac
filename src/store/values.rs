//! Between columns and domain values. Bad stored data is an error, never a default.

use std::str::FromStr;
use std::time::Duration;

use rusqlite::Row;
use rusqlite::types::{FromSql, Type};

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

/// What tells a column of a row: its name, which is looked for in each row, or its name with its place.
pub(super) trait Column: Copy {
    /// What it is called.
    fn name(self) -> &'static str;

    /// Where it is in the row.
    fn place(self, row: &Row<'_>) -> rusqlite::Result<usize>;
}

impl Column for &'static str {
    fn name(self) -> &'static str {
        self
    }

    fn place(self, row: &Row<'_>) -> rusqlite::Result<usize> {
        row.as_ref().column_index(self)
    }
}

/// A column of a list that a query selects as it stands. To look for forty names in each row would take longer than to read
/// the row.
#[derive(Clone, Copy)]
pub(super) struct Placed {
    name: &'static str,
    place: usize,
}

impl Placed {
    /// The column `name` of `columns`, which are divided by a comma and a space. Made for constants: a name that is not
    /// among them does not compile.
    #[expect(
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        reason = "runs in the compiler, which refuses what goes wrong"
    )]
    pub(super) const fn among(columns: &str, name: &'static str) -> Self {
        let (columns, wanted) = (columns.as_bytes(), name.as_bytes());
        let (mut at, mut place) = (0, 0);
        while at < columns.len() {
            let mut length = 0;
            let mut is_same = true;
            while at + length < columns.len() && columns[at + length] != b',' {
                is_same = is_same && length < wanted.len() && columns[at + length] == wanted[length];
                length += 1;
            }
            if is_same && length == wanted.len() {
                return Self { name, place };
            }
            at += length + 2;
            place += 1;
        }
        panic!("no such column")
    }
}

impl Column for Placed {
    fn name(self) -> &'static str {
        self.name
    }

    fn place(self, _: &Row<'_>) -> rusqlite::Result<usize> {
        Ok(self.place)
    }
}

/// A column as it is.
pub(super) fn get<T: FromSql>(row: &Row<'_>, column: impl Column) -> rusqlite::Result<T> {
    row.get(column.place(row)?)
}

/// Whether a text column holds one.
pub(super) fn is_there(row: &Row<'_>, column: impl Column) -> rusqlite::Result<bool> {
    Ok(row.get_ref(column.place(row)?)?.as_str_or_null()?.is_some())
}

/// A text column read by a type's own parser.
pub(super) fn parsed<T: FromStr>(row: &Row<'_>, column: impl Column) -> rusqlite::Result<T> {
    let text: String = get(row, column)?;
    text.parse().map_err(|_| bad(column.name(), text))
}

pub(super) fn units(row: &Row<'_>, column: impl Column) -> rusqlite::Result<BaseUnits> {
    parsed(row, column)
}

pub(super) fn network(row: &Row<'_>, column: impl Column) -> rusqlite::Result<NetworkId> {
    let text: String = get(row, column)?;
    NetworkId::parse(&text).ok_or_else(|| bad(column.name(), text))
}

pub(super) fn currency(row: &Row<'_>, column: impl Column) -> rusqlite::Result<Currency> {
    let text: String = get(row, column)?;
    Currency::parse(&text).ok_or_else(|| bad(column.name(), text))
}

pub(super) fn time(row: &Row<'_>, column: impl Column) -> rusqlite::Result<UnixMillis> {
    get(row, column).map(UnixMillis::new)
}

pub(super) fn optional_time(row: &Row<'_>, column: impl Column) -> rusqlite::Result<Option<UnixMillis>> {
    get::<Option<i64>>(row, column).map(|millis| millis.map(UnixMillis::new))
}

pub(super) fn span(row: &Row<'_>, column: impl Column) -> rusqlite::Result<Duration> {
    unsigned(row, column).map(Duration::from_millis)
}

/// A whole number that is never negative: a height, a count.
pub(super) fn unsigned<T: TryFrom<i64>>(row: &Row<'_>, column: impl Column) -> rusqlite::Result<T> {
    let value: i64 = get(row, column)?;
    T::try_from(value).map_err(|_| bad(column.name(), value.to_string()))
}

/// A whole number that is never negative, where there is one.
pub(super) fn optional_unsigned<T: TryFrom<i64>>(
    row: &Row<'_>,
    column: impl Column,
) -> rusqlite::Result<Option<T>> {
    let value: Option<i64> = get(row, column)?;
    let read = |value: i64| T::try_from(value).map_err(|_| bad(column.name(), value.to_string()));
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
