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
    pub(super) fn new(t: &Language, at: UnixMillis) -> Self {
        Self {
            iso: at.rfc3339(),
            text: t.moment(at),
        }
    }
}
