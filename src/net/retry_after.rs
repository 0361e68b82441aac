//! The `Retry-After` header (RFC 9110, 10.2.3): a number of seconds, or a date.

use std::time::{Duration, UNIX_EPOCH};

use crate::domain::time::UnixMillis;

/// How long the header's `value` asks to wait, seen from `now`; zero for a date that has passed. Not bounded: whoever
/// obeys it knows how long is too long.
#[must_use]
pub fn read(value: &str, now: UnixMillis) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    let since_epoch = date.duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(since_epoch.as_secs()).ok()?;
    Some(UnixMillis::from_seconds(seconds).since(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_all_three_forms_of_a_date_are_read() {
        // 1994-11-06 08:49:37
        let now = UnixMillis::from_seconds(784_111_777);
        for (value, wait_s) in [
            ("0", Some(0)),
            (" 120 ", Some(120)),
            ("Sun, 06 Nov 1994 08:50:07 GMT", Some(30)),
            ("Sunday, 06-Nov-94 08:50:07 GMT", Some(30)),
            ("Sun Nov  6 08:50:07 1994", Some(30)),
            ("Sun, 06 Nov 1994 08:49:00 GMT", Some(0)),
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
            ("1.5", None),
            ("99999999999999999999999", None),
            ("", None),
        ] {
            assert_eq!(read(value, now), wait_s.map(Duration::from_secs), "{value}");
        }
    }
}
