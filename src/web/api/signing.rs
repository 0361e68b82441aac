//! What the webhook formats and the signed APIs share: the MAC over the bytes that are sent, and the ways to write a time.
//! Knows no format.

use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use serde_json::value::RawValue;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

use crate::domain::time::UnixMillis;
use crate::outbox::format::{PostError, TEST_EVENT};

/// `2026-05-14T12:34:56Z`
pub(in crate::web) const TIME_Z: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");

/// `2026-05-14T12:34:56+00:00`
pub(super) const TIME_OFFSET: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]+00:00");

/// `2026-05-14 12:34:56`
pub(super) const TIME_PLAIN: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");

/// HMAC-SHA256 over the parts, one after the other.
///
/// # Errors
/// [`PostError::Secret`]; HMAC takes keys of every length, so this does not happen.
pub(in crate::web) fn mac(key: &[u8], parts: &[&[u8]]) -> Result<[u8; 32], PostError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|_| PostError::Secret("unusable length"))?;
    for part in parts {
        mac.update(part);
    }
    Ok(mac.finalize().into_bytes().into())
}

/// Whether a request's signature is the MAC of its parts, compared in constant time: 64 hexadecimal digits, small or capital.
/// The bytes of the MAC, for whoever has to remember that it was used.
pub(super) fn verify(secret: &[u8], parts: &[&[u8]], signature: &str) -> Option<[u8; 32]> {
    let mut sent = [0; 32];
    hex::decode_to_slice(signature, &mut sent).ok()?;
    let expected = mac(secret, parts).ok()?;
    bool::from(expected.ct_eq(&sent)).then_some(expected)
}

/// A time in UTC, written as `format`.
///
/// # Errors
/// [`PostError::Body`] for a time outside the years that can be written.
pub(in crate::web) fn write_time(
    at: UnixMillis,
    format: &[BorrowedFormatItem<'_>],
) -> Result<String, PostError> {
    let utc = at
        .utc()
        .ok_or_else(|| PostError::Body("a time is out of range".into()))?;
    utc.format(&format)
        .map_err(|error| PostError::Body(Box::new(error)))
}

/// A merchant's metadata, to be put into a body byte for byte; an empty object when none was given.
///
/// # Errors
/// [`PostError::Body`] when it is not JSON.
pub(super) fn metadata(text: &str) -> Result<&RawValue, PostError> {
    let text = if text.is_empty() { "{}" } else { text };
    serde_json::from_str(text).map_err(|error| PostError::Body(Box::new(error)))
}

/// The body of a test post: nothing in it can be taken for a payment.
#[derive(Serialize)]
struct TestBody {
    event: &'static str,
    test: bool,
    message: &'static str,
    sent_at: String,
}

/// The bytes of a test post.
///
/// # Errors
/// [`PostError::Body`] for a time outside the years that can be written.
pub(super) fn test_body(sent_at: UnixMillis) -> Result<Vec<u8>, PostError> {
    json(&TestBody {
        event: TEST_EVENT,
        test: true,
        message: "a test sent by the operator; no payment has changed",
        sent_at: write_time(sent_at, TIME_Z)?,
    })
}

/// The bytes of a body.
///
/// # Errors
/// [`PostError::Body`].
pub(super) fn json(body: &impl Serialize) -> Result<Vec<u8>, PostError> {
    serde_json::to_vec(body).map_err(|error| PostError::Body(Box::new(error)))
}
