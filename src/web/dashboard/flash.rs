//! What is said once at the top of the next page: that something was done, or why not.

use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::guard::cookie;

const COOKIE: &str = "payd_flash";

/// Seconds in which the next page has to be asked for.
const AGE_MAX_S: u32 = 30;

/// Leads to another page, which says what was done: the key of a text without arguments.
#[derive(Debug, Clone)]
pub(super) struct Flash {
    key: &'static str,
    path: String,
}

impl Flash {
    /// `key` is said on the page at `path`.
    pub(super) fn new(key: &'static str, path: impl Into<String>) -> Self {
        Self {
            key,
            path: path.into(),
        }
    }

    /// The key that the last request left for this one.
    pub(super) fn of(headers: &HeaderMap) -> Option<String> {
        let key = cookie(headers, COOKIE)?;
        let is_key = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        (!key.is_empty() && key.len() <= 64 && is_key(key)).then(|| key.to_owned())
    }

    /// Forgets it.
    pub(super) fn forget(headers: &mut HeaderMap) {
        let over = HeaderValue::from_static("payd_flash=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
        headers.append(SET_COOKIE, over);
    }
}

impl IntoResponse for Flash {
    fn into_response(self) -> Response {
        let cookie = format!(
            "{COOKIE}={}; Path=/; Max-Age={AGE_MAX_S}; HttpOnly; SameSite=Strict",
            self.key
        );
        (
            StatusCode::SEE_OTHER,
            [(LOCATION, self.path), (SET_COOKIE, cookie)],
        )
            .into_response()
    }
}
