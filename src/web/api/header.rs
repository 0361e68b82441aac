//! Reading a request's headers, where no API has words of its own for what is wrong with them.

use axum::http::HeaderMap;
use axum::http::header::AsHeaderName;

/// Longer than any API key, short enough to look up.
pub(in crate::web) const API_KEY_BYTES_MAX: usize = 256;

/// The text of a header that was sent once: which of two is meant is not for payd to guess.
pub(super) fn only(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        (Some(_), Some(_)) | (None, _) => None,
    }
}

/// As [`only`], for a header that holds an API key; `None` also when no key looks like that.
pub(super) fn api_key(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&str> {
    only(headers, name).filter(|key| (1..=API_KEY_BYTES_MAX).contains(&key.len()))
}
