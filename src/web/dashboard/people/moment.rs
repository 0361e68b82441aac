//! A time on a page: for people, and for programs.

use crate::domain::time::UnixMillis;
use crate::web::text::Language;

/// What a `<time>` shows.
pub(super) struct Moment {
    /// `2026-05-24T12:05:00Z`.
    pub(super) iso: String,
    /// In the reader's language.
    pub(super) text: String,
}

impl Moment {
    pub(super) fn new(t: &'static Language, at: UnixMillis) -> Self {
        Self {
            iso: iso(at),
            text: t.moment(at),
        }
    }
}

/// RFC 3339, to the second; empty for what no calendar holds.
pub(super) fn iso(at: UnixMillis) -> String {
    at.utc().map_or_else(String::new, |at| {
        let (date, (hour, minute, second)) = (at.date(), at.time().as_hms());
        format!("{date}T{hour:02}:{minute:02}:{second:02}Z")
    })
}
