//! What stands behind the question mark of soko's list and of its rates. An empty parameter counts as not given, one that
//! is not named here is ignored, one given twice is refused.

use std::collections::BTreeMap;
use std::time::Duration;

use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime};
use url::form_urlencoded;

use super::error::ApiError;
use super::wire;
use crate::domain::time::UnixMillis;
use crate::engine::gateway::ListRequest;

const DATE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

const DATE_BYTES: usize = "2025-01-15".len();

const PER_PAGE_MAX: u32 = 100;
const PER_PAGE: u32 = 20;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const SECOND: Duration = Duration::from_secs(1);

/// The parameters of a query that have a name and a value.
pub(super) struct Parameters(BTreeMap<&'static str, String>);

impl Parameters {
    /// Reads those of `known`.
    ///
    /// # Errors
    /// 400 when one is given twice.
    pub(super) fn read(query: &str, known: &[&'static str]) -> Result<Self, ApiError> {
        let mut parameters = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let Some(name) = known.iter().copied().find(|known| *known == name.as_ref()) else {
                continue;
            };
            if parameters.insert(name, value.into_owned()).is_some() {
                return Err(ApiError::bad_request(format!("{name} is given more than once")));
            }
        }
        parameters.retain(|_, value| !value.is_empty());
        Ok(Self(parameters))
    }

    /// The value of one, when it was given.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    fn number(&self, name: &'static str, unless_given: u32, max: u32) -> Result<u32, ApiError> {
        let Some(text) = self.get(name) else {
            return Ok(unless_given);
        };
        let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text
            .parse()
            .ok()
            .filter(|number| is_plain && (1..=max).contains(number));
        number.ok_or_else(|| ApiError::bad_request(format!("{name} must be a whole number from 1 to {max}")))
    }

    fn span(&self, name: &'static str) -> Result<Option<(UnixMillis, Duration)>, ApiError> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        moment(text).map(Some).ok_or_else(|| {
            ApiError::bad_request(format!(
                "{name} must be a date such as 2025-01-15, a time such as 2025-01-15T12:30:00Z, or a Unix time in seconds"
            ))
        })
    }
}

/// Reads the list's parameters. `from` and `to` are both part of what is listed, a `to` that is a date to its last moment.
///
/// # Errors
/// 400 for whatever is none of the values there are.
pub(super) fn list(query: &str) -> Result<ListRequest, ApiError> {
    let known = ["page", "per_page", "status", "currency", "from", "to"];
    let parameters = Parameters::read(query, &known)?;
    let (statuses, is_overpaid) = match parameters.get("status") {
        None => (Vec::new(), None),
        Some(word) => wire::statuses(word).ok_or_else(|| {
            ApiError::bad_request(format!(
                "status is unknown; use one of: {}",
                wire::STATUS_WORDS.join(", ")
            ))
        })?,
    };
    let from = parameters.span("from")?.map(|(start, _)| start);
    let before = parameters.span("to")?.map(|(start, length)| start.plus(length));
    if let (Some(from), Some(before)) = (from, before)
        && from >= before
    {
        return Err(ApiError::bad_request("from is later than to"));
    }
    Ok(ListRequest {
        statuses,
        is_overpaid,
        asset_code: parameters.get("currency").map(str::to_owned),
        from,
        before,
        page: parameters.number("page", 1, u32::MAX)?.into(),
        per_page: parameters.number("per_page", PER_PAGE, PER_PAGE_MAX)?,
    })
}

/// A date, a time (RFC 3339) or a Unix time in seconds: its first moment, and how long it lasts.
fn moment(text: &str) -> Option<(UnixMillis, Duration)> {
    if (9..=11).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some((UnixMillis::from_seconds(text.parse().ok()?), SECOND));
    }
    // Years of another length are not meant.
    if text.len() == DATE_BYTES
        && let Ok(date) = Date::parse(text, &DATE)
    {
        let start = date.midnight().assume_utc().unix_timestamp();
        return Some((UnixMillis::from_seconds(start), DAY));
    }
    // The plus sign of an offset arrives as a space when the client did not escape it.
    let time = OffsetDateTime::parse(&text.replace(' ', "+"), &Rfc3339).ok()?;
    Some((UnixMillis::from_seconds(time.unix_timestamp()), SECOND))
}
