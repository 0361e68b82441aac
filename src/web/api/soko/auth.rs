//! Who calls: the three headers of the page's "Authentication", checked against the request as it was sent.
//!
//! The page leaves open whether the path that is signed has its query string: both are taken.

use std::time::Duration;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Request, Uri};

use super::Api;
use super::error::ApiError;
use crate::domain::time::UnixMillis;
use crate::engine::gateway::{Caller, Credentials};
use crate::web::api::header::API_KEY_BYTES_MAX;
use crate::web::api::{body, signing};
use crate::web::limits::ClientAddress;

const API_KEY: &str = "X-Api-Key";
const TIMESTAMP: &str = "X-Timestamp";
const SIGNATURE: &str = "X-Signature";

/// How far a timestamp may be from payd's clock, either way. What is remembered of used signatures lasts longer than twice
/// this.
const WINDOW: Duration = Duration::from_secs(5 * 60);

/// Digits that a timestamp in seconds can have.
const TIMESTAMP_DIGITS_MAX: usize = 12;

/// A request whose signature is right.
pub(super) struct Signed {
    /// Who sent it.
    pub caller: Caller,
    /// The part after the question mark, as it was sent.
    pub query: String,
    /// The body; what was signed is exactly this.
    pub body: Vec<u8>,
    /// The signature's bytes.
    pub mac: [u8; 32],
}

impl Api {
    /// Reads a signed request. Nothing of the body is read before the key is known and the time is right, and no key is
    /// looked up for a client that tries keys.
    ///
    /// # Errors
    /// 401 when a header is missing, malformed or too old, or the key is none; 403 when the signature is wrong or the store
    /// is suspended; 429 after too many of these.
    pub(super) async fn signed(&self, request: Request<Body>) -> Result<Signed, ApiError> {
        let (head, body) = request.into_parts();
        let presented = Presented::read(&head.headers)?;
        presented.refuse_stale(self.clock.now())?;
        let client = head.extensions.get().copied().unwrap_or(ClientAddress::UNKNOWN);
        let attempt = self.limits.attempt(client, Some(presented.api_key));
        let attempt = attempt.map_err(|refused| {
            ApiError::too_many(&refused, "too many calls with a wrong key or signature")
        })?;
        let signed = self.verified(&presented, client, &head, body).await;
        attempt.settle(&signed, ApiError::is_of_credentials);
        let signed = signed?;
        // Only to who holds the secret: others are not told which stores are suspended.
        signed.caller.shop.admit(signed.caller.mode)?;
        Ok(signed)
    }

    async fn verified(
        &self,
        presented: &Presented<'_>,
        client: ClientAddress,
        head: &Parts,
        body: Body,
    ) -> Result<Signed, ApiError> {
        let credentials = self.gateway.credentials(presented.api_key, client.ip()).await?;
        let body = body::read(body, self.body_bytes_max).await?;
        let mac = presented.verify(&credentials, head.method.as_str(), &head.uri, &body)?;
        Ok(Signed {
            caller: credentials.caller,
            query: head.uri.query().unwrap_or_default().to_owned(),
            body,
            mac,
        })
    }
}

/// What the headers say.
struct Presented<'a> {
    api_key: &'a str,
    /// As it was sent: what was signed is this text.
    timestamp: &'a str,
    sent_at: UnixMillis,
    signature: &'a str,
}

impl<'a> Presented<'a> {
    fn read(headers: &'a HeaderMap) -> Result<Self, ApiError> {
        let api_key = only(headers, API_KEY)?;
        let timestamp = only(headers, TIMESTAMP)?;
        let signature = only(headers, SIGNATURE)?;
        if api_key.len() > API_KEY_BYTES_MAX {
            return Err(ApiError::unauthorized("the API key is missing or invalid"));
        }
        let is_number =
            timestamp.len() <= TIMESTAMP_DIGITS_MAX && timestamp.bytes().all(|byte| byte.is_ascii_digit());
        let seconds = timestamp.parse().ok().filter(|_| is_number);
        let seconds = seconds.ok_or_else(|| {
            ApiError::unauthorized(
                "X-Timestamp must be the current Unix time in whole seconds, such as 1700000000",
            )
        })?;
        Ok(Self {
            api_key,
            timestamp,
            sent_at: UnixMillis::from_seconds(seconds),
            signature,
        })
    }

    fn refuse_stale(&self, now: UnixMillis) -> Result<(), ApiError> {
        let now = UnixMillis::from_seconds(now.seconds());
        if now.since(self.sent_at) > WINDOW || self.sent_at.since(now) > WINDOW {
            return Err(ApiError::unauthorized(format!(
                "X-Timestamp is more than 5 minutes off: it is {} here; sign every request with the time of sending, in \
                 seconds, and set the clock of the machine that sends",
                now.seconds()
            )));
        }
        Ok(())
    }

    /// The MAC's bytes, when the signature is the one of this request.
    fn verify(
        &self,
        credentials: &Credentials,
        method: &str,
        uri: &Uri,
        body: &[u8],
    ) -> Result<[u8; 32], ApiError> {
        let is_right = |path: &str| {
            let parts = [
                self.timestamp.as_bytes(),
                method.as_bytes(),
                path.as_bytes(),
                body,
            ];
            signing::verify(&credentials.secret, &parts, self.signature)
        };
        let with_query = || uri.path_and_query().and_then(|path| is_right(path.as_str()));
        is_right(uri.path()).or_else(with_query).ok_or_else(|| {
            ApiError::forbidden(
                "invalid signature: X-Signature is the hex HMAC-SHA256 of timestamp + method + path + body under the secret \
                 of this API key, over the path and the body byte for byte as they are sent",
            )
        })
    }
}

/// The value of a header that has to be there once.
fn only<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<&'a str, ApiError> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => {
            let text = value.to_str().ok().filter(|text| !text.is_empty());
            text.ok_or_else(|| ApiError::unauthorized(format!("{name} is empty or no text")))
        }
        // Which of two is meant is not for payd to guess.
        (Some(_), Some(_)) => Err(ApiError::unauthorized(format!("{name} was sent more than once"))),
        (None, _) => Err(ApiError::unauthorized(format!(
            "{name} is missing: send X-Api-Key, X-Timestamp and X-Signature with every request"
        ))),
    }
}
