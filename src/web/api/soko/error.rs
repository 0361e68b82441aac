//! soko's refusals: the one shape of its page, and which of the engine's refusals takes which HTTP status.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::domain::shop::NotAdmitted;
use crate::engine::gateway::GatewayError;
use crate::web::answer;
use crate::web::api::body::BodyError;
use crate::web::api::refusal::{INTERNAL, RETRY_BUSY_SECONDS, RETRY_HELD_SECONDS};
use crate::web::limits::TooMany;

/// What RFC 9110 wants beside a 401.
const CHALLENGE: HeaderValue = HeaderValue::from_static("X-Api-Key realm=\"payd\"");

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// The HTTP status.
    status: StatusCode,
    /// For people.
    message: String,
    /// Seconds to wait before a retry, where one makes sense.
    retry_after_seconds: Option<u16>,
}

/// Its body.
#[derive(Serialize)]
struct Body<'a> {
    success: bool,
    error: &'a str,
}

impl ApiError {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            retry_after_seconds: None,
        }
    }

    /// The request is wrong.
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// The headers of a signed request are missing, malformed or too old.
    pub(super) fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, message)
    }

    /// They are there, and do not open the door.
    pub(super) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, message)
    }

    /// Whether it says that the key or the signature is wrong.
    pub(super) fn is_of_credentials(&self) -> bool {
        matches!(self.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
    }

    /// The path does not take such requests.
    pub(super) fn method_not_allowed(message: impl Into<String>) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, message)
    }

    /// It may work later.
    pub(super) fn unavailable(message: impl Into<String>, retry_after_seconds: u16) -> Self {
        Self {
            retry_after_seconds: Some(retry_after_seconds),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, message)
        }
    }

    /// It comes too soon after too many others; `what` says of which.
    pub(super) fn too_many(refused: &TooMany, what: &str) -> Self {
        let seconds = refused.seconds();
        Self {
            retry_after_seconds: Some(seconds),
            ..Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                format!("{what} came from this address; retry in {seconds} seconds"),
            )
        }
    }

    /// No rate is known for what was asked.
    pub(super) fn no_rate(message: impl Into<String>) -> Self {
        Self::unavailable(message, RETRY_HELD_SECONDS)
    }

    /// Something failed that the caller has no part in. The cause is logged here and nowhere else; the request's span puts
    /// the request id beside it.
    pub(super) fn internal(cause: &(dyn std::error::Error + 'static)) -> Self {
        let mut causes = cause.to_string();
        let mut next = cause.source();
        while let Some(error) = next {
            causes.push_str(": ");
            causes.push_str(&error.to_string());
            next = error.source();
        }
        tracing::error!(error = causes, "request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, INTERNAL)
    }
}

impl From<NotAdmitted> for ApiError {
    fn from(reason: NotAdmitted) -> Self {
        Self::forbidden(match reason {
            NotAdmitted::Disabled => {
                "this store is suspended: it takes no calls until its operator switches it on again"
                    .to_owned()
            }
            NotAdmitted::TestModeOnly => reason.to_string(),
        })
    }
}

impl From<BodyError> for ApiError {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLong { .. } => Self::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("{error}; send less metadata"),
            ),
            BodyError::Broken => Self::bad_request(error.to_string()),
        }
    }
}

impl From<GatewayError> for ApiError {
    fn from(error: GatewayError) -> Self {
        let message = error.to_string();
        match error {
            GatewayError::Unauthorized => Self::unauthorized(message),
            // The page has it beside the wrong signature.
            GatewayError::SignatureUsed | GatewayError::NotOpen(_) => Self::forbidden(message),
            GatewayError::Disabled => NotAdmitted::Disabled.into(),
            GatewayError::NotFound => Self::new(StatusCode::NOT_FOUND, message),
            GatewayError::UnknownNetwork { .. }
            | GatewayError::UnknownCurrency { .. }
            | GatewayError::NotWatched { .. }
            | GatewayError::NoAddress { .. }
            | GatewayError::NothingAccepted
            | GatewayError::NotAccepted { .. }
            | GatewayError::AmountTooLarge => Self::bad_request(message),
            // No call of this API repeats, cancels or simulates anything; were one to, the caller would be the one to change.
            GatewayError::IdempotencyConflict
            | GatewayError::NotCancellable { .. }
            | GatewayError::NotATestPayment
            | GatewayError::NotNow(_) => Self::bad_request(message),
            GatewayError::AllAddressesHeld | GatewayError::NotReadYet { .. } | GatewayError::NotRecorded => {
                Self::unavailable(message, RETRY_HELD_SECONDS)
            }
            GatewayError::NoRate { .. } => Self::no_rate(message),
            GatewayError::Busy => Self::unavailable(message, RETRY_BUSY_SECONDS),
            GatewayError::Internal(cause) => Self::internal(&*cause),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = Body {
            success: false,
            error: &self.message,
        };
        let mut response = answer::json(self.status, &body);
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, CHALLENGE);
        }
        response
    }
}
