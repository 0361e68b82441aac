//! The refusals: one shape, the pages' exact texts, and which of payd's own refusals takes which.
//!
//! The pages leave the HTTP status open: 401 for key and signature, 403 for a store that takes no such call, 404 for an
//! unknown payment, 422 for a request that is wrong, 400 where the merchant has yet to set something up, 503 to retry.

use std::borrow::Cow;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::domain::shop::NotAdmitted;
use crate::domain::website::NoWebsite;
use crate::engine::gateway::GatewayError;
use crate::outbox::format::PostError;
use crate::web::answer;
use crate::web::api::body::BodyError;
use crate::web::api::refusal::{INTERNAL, RETRY_BUSY_SECONDS, RETRY_HELD_SECONDS};
use crate::web::limits::TooMany;

/// The pages' texts.
pub(super) const INVALID_KEY: &str = "Invalid API key";
pub(super) const INVALID_SIGNATURE: &str = "Invalid signature";
pub(super) const NO_WEBSITE: &str = "Project website is not configured.";
pub(super) const SUCCESS_URL_ELSEWHERE: &str = "Success URL domain does not match project website.";
pub(super) const FAIL_URL_ELSEWHERE: &str = "Fail URL domain does not match project website.";
pub(super) const TEST_MODE: &str =
    "Project is currently in Test mode. Use test API credentials or switch project to Live mode.";
pub(super) const DISABLED: &str = "Project is disabled.";
pub(super) const AMOUNT_NOT_POSITIVE: &str = "Amount must be greater than zero";

/// What RFC 9110 wants beside a 401.
const CHALLENGE: HeaderValue = HeaderValue::from_static("X-API-Key realm=\"payd\"");

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    status: StatusCode,
    error: Cow<'static, str>,
    /// A header that says what to do about it.
    header: Option<(header::HeaderName, HeaderValue)>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, error: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            error: error.into(),
            header: None,
        }
    }

    /// Whether it is for want of a key or a signature.
    pub(super) fn is_of_authentication(&self) -> bool {
        self.status == StatusCode::UNAUTHORIZED
    }

    /// Something in the request is wrong.
    pub(super) fn unprocessable(error: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, error)
    }

    /// The signature is missing or not that of the body.
    pub(super) fn signature() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, INVALID_SIGNATURE).with(header::WWW_AUTHENTICATE, CHALLENGE)
    }

    /// The path takes other methods.
    pub(super) fn method(allowed: &'static str) -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            format!("This address takes {allowed} requests only."),
        )
        .with(header::ALLOW, HeaderValue::from_static(allowed))
    }

    fn busy(error: String, retry_after_seconds: u16) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, error)
            .with(header::RETRY_AFTER, HeaderValue::from(retry_after_seconds))
    }

    /// Something failed that the caller has no part in. The cause is logged here and nowhere else; the request's span puts
    /// the request id beside it.
    fn internal(cause: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error = cause, "request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, INTERNAL)
    }

    fn with(mut self, name: header::HeaderName, value: HeaderValue) -> Self {
        self.header = Some((name, value));
        self
    }
}

impl From<NotAdmitted> for Refusal {
    fn from(reason: NotAdmitted) -> Self {
        let error = match reason {
            NotAdmitted::Disabled => DISABLED,
            NotAdmitted::TestModeOnly => TEST_MODE,
        };
        Self::new(StatusCode::FORBIDDEN, error)
    }
}

impl From<TooMany> for Refusal {
    fn from(refused: TooMany) -> Self {
        let seconds = refused.seconds();
        let error = format!(
            "Too many calls with a wrong key or signature came from this address; check both and retry in {seconds} seconds"
        );
        Self::new(StatusCode::TOO_MANY_REQUESTS, error).with(header::RETRY_AFTER, HeaderValue::from(seconds))
    }
}

impl From<NoWebsite> for Refusal {
    fn from(_: NoWebsite) -> Self {
        Self::unprocessable(NO_WEBSITE)
    }
}

impl From<BodyError> for Refusal {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLong { .. } => Self::new(StatusCode::PAYLOAD_TOO_LARGE, error.to_string()),
            BodyError::Broken => Self::new(StatusCode::BAD_REQUEST, error.to_string()),
        }
    }
}

impl From<PostError> for Refusal {
    /// What is stored of a payment cannot be told.
    fn from(error: PostError) -> Self {
        Self::internal(&error)
    }
}

impl From<GatewayError> for Refusal {
    fn from(error: GatewayError) -> Self {
        let message = error.to_string();
        match error {
            GatewayError::Unauthorized => {
                Self::new(StatusCode::UNAUTHORIZED, INVALID_KEY).with(header::WWW_AUTHENTICATE, CHALLENGE)
            }
            GatewayError::NotFound => Self::new(StatusCode::NOT_FOUND, "Payment not found"),
            GatewayError::AmountTooLarge => Self::unprocessable("Amount is too large"),
            GatewayError::Disabled => NotAdmitted::Disabled.into(),
            // On all of these, the merchant has not set up what receives the money.
            GatewayError::UnknownNetwork { .. }
            | GatewayError::UnknownCurrency { .. }
            | GatewayError::NotWatched { .. }
            | GatewayError::NoAddress { .. }
            | GatewayError::NothingAccepted
            | GatewayError::NotAccepted { .. }
            | GatewayError::NotOpen(_) => Self::new(StatusCode::BAD_REQUEST, message),
            GatewayError::AllAddressesHeld
            | GatewayError::NotReadYet { .. }
            | GatewayError::NotRecorded
            | GatewayError::NoRate { .. } => Self::busy(message, RETRY_HELD_SECONDS),
            GatewayError::Busy => Self::busy(message, RETRY_BUSY_SECONDS),
            // No call of this API is marked so, cancels or simulates; were one to, it would be the one to change.
            GatewayError::SignatureUsed
            | GatewayError::IdempotencyConflict
            | GatewayError::NotCancellable { .. }
            | GatewayError::NotATestPayment
            | GatewayError::NotNow(_) => Self::new(StatusCode::CONFLICT, message),
            GatewayError::Internal(cause) => Self::internal(&*cause),
        }
    }
}

/// The shape of a refusal.
#[derive(Serialize)]
struct Body<'a> {
    ok: bool,
    error: &'a str,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = Body {
            ok: false,
            error: &self.error,
        };
        let mut response = answer::json(self.status, &body);
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        response
    }
}
