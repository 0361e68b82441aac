//! PayHook's refusals: the two shapes of its page, and which of the engine's refusals takes which.

use std::collections::BTreeMap;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
#[cfg(test)]
use utoipa::ToSchema;

use crate::domain::shop::NotAdmitted;
use crate::engine::gateway::GatewayError;
use crate::web::answer;
use crate::web::api::body::BodyError;
use crate::web::api::refusal::{INTERNAL, RETRY_BUSY_SECONDS, RETRY_HELD_SECONDS};
use crate::web::limits::TooMany;

/// The name under which the page's shape reports what belongs to no field.
pub(super) const NO_FIELD: &str = "non_field_errors";

/// What is wrong with the fields of a request: every field at once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ToSchema))]
pub struct FieldErrors {
    /// Messages by field; `non_field_errors` holds what belongs to none.
    #[cfg_attr(test, schema(example = json!({"amount_usd_cents": ["This field is required."]})))]
    pub errors: BTreeMap<&'static str, Vec<String>>,
}

impl FieldErrors {
    /// One message for one field.
    pub(super) fn one(field: &'static str, message: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.add(field, message);
        errors
    }

    pub(super) fn add(&mut self, field: &'static str, message: impl Into<String>) {
        self.errors.entry(field).or_default().push(message.into());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }
}

/// A refusal with a word for machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ToSchema))]
pub struct ServiceError {
    /// For people.
    pub error: String,
    /// For machines.
    #[cfg_attr(test, schema(value_type = String))]
    pub code: &'static str,
}

/// A refusal that its HTTP status says enough about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ToSchema))]
pub struct Detail {
    /// For people.
    #[cfg_attr(test, schema(value_type = String))]
    pub detail: &'static str,
}

/// Any refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiError {
    /// 400, by field.
    Fields(FieldErrors),
    /// A status, a message and a code.
    Service {
        /// The HTTP status.
        status: StatusCode,
        /// The body.
        body: ServiceError,
        /// Seconds to wait before a retry, where one makes sense.
        retry_after_seconds: Option<u16>,
    },
    /// 401.
    Unauthorized(&'static str),
    /// 404: no such thing, or another merchant's.
    NotFound,
}

impl ApiError {
    pub(super) fn service(status: StatusCode, code: &'static str, error: impl Into<String>) -> Self {
        Self::Service {
            status,
            body: ServiceError {
                error: error.into(),
                code,
            },
            retry_after_seconds: None,
        }
    }

    fn retry_after(mut self, seconds: u16) -> Self {
        if let Self::Service {
            retry_after_seconds, ..
        } = &mut self
        {
            *retry_after_seconds = Some(seconds);
        }
        self
    }

    /// Something failed that the caller has no part in. The cause is logged here and nowhere else; the request's
    /// span puts the request id beside it.
    pub(super) fn internal(cause: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error = %Chain(cause), "request failed");
        Self::service(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", INTERNAL)
    }
}

impl From<FieldErrors> for ApiError {
    fn from(errors: FieldErrors) -> Self {
        Self::Fields(errors)
    }
}

impl From<NotAdmitted> for ApiError {
    fn from(reason: NotAdmitted) -> Self {
        let code = match reason {
            NotAdmitted::Disabled => "store_disabled",
            NotAdmitted::TestModeOnly => "store_in_test_mode",
        };
        Self::service(StatusCode::FORBIDDEN, code, reason.to_string())
    }
}

impl From<BodyError> for ApiError {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLong { .. } => Self::service(
                StatusCode::PAYLOAD_TOO_LARGE,
                "body_too_large",
                format!("{error}; send less metadata"),
            ),
            BodyError::Broken => FieldErrors::one(NO_FIELD, error.to_string()).into(),
        }
    }
}

impl From<TooMany> for ApiError {
    fn from(refused: TooMany) -> Self {
        let seconds = refused.seconds();
        let error = format!(
            "too many calls with a wrong key came from this address; check the key and retry in {seconds} seconds"
        );
        Self::service(StatusCode::TOO_MANY_REQUESTS, "rate_limited", error).retry_after(seconds)
    }
}

impl From<GatewayError> for ApiError {
    fn from(error: GatewayError) -> Self {
        let message = error.to_string();
        match error {
            GatewayError::Unauthorized => Self::Unauthorized("Missing or invalid X-API-Key."),
            GatewayError::NotFound => Self::NotFound,
            GatewayError::UnknownNetwork { .. } => FieldErrors::one("network", message).into(),
            GatewayError::UnknownCurrency { .. } => FieldErrors::one("currency", message).into(),
            GatewayError::AmountTooLarge => FieldErrors::one("amount_usd_cents", message).into(),
            // On both, the merchant has not set up what receives the money.
            GatewayError::NoAddress { .. } | GatewayError::NotWatched { .. } => {
                Self::service(StatusCode::BAD_REQUEST, "NoAddressConfiguredError", message)
            }
            // PayHook's calls name the currency.
            GatewayError::NothingAccepted | GatewayError::NotAccepted { .. } => {
                Self::service(StatusCode::BAD_REQUEST, "NoAddressConfiguredError", message)
            }
            GatewayError::Disabled => NotAdmitted::Disabled.into(),
            // They are not signed either: a key that everybody can read proves nothing.
            GatewayError::NotOpen(_) => Self::service(StatusCode::FORBIDDEN, "key_is_public", message),
            GatewayError::SignatureUsed => Self::service(StatusCode::CONFLICT, "signature_used", message),
            GatewayError::AllAddressesHeld => {
                Self::service(StatusCode::SERVICE_UNAVAILABLE, "all_addresses_held", message)
                    .retry_after(RETRY_HELD_SECONDS)
            }
            GatewayError::NoRate { .. } => {
                Self::service(StatusCode::SERVICE_UNAVAILABLE, "rate_unavailable", message)
            }
            GatewayError::NotReadYet { .. } => {
                Self::service(StatusCode::SERVICE_UNAVAILABLE, "network_unavailable", message)
                    .retry_after(RETRY_HELD_SECONDS)
            }
            GatewayError::Busy => Self::service(StatusCode::SERVICE_UNAVAILABLE, "busy", message)
                .retry_after(RETRY_BUSY_SECONDS),
            GatewayError::NotRecorded => {
                Self::service(StatusCode::SERVICE_UNAVAILABLE, "storage_unavailable", message)
                    .retry_after(RETRY_HELD_SECONDS)
            }
            GatewayError::IdempotencyConflict => {
                Self::service(StatusCode::CONFLICT, "idempotency_conflict", message)
            }
            GatewayError::NotCancellable { .. } => {
                Self::service(StatusCode::CONFLICT, "not_cancellable", message)
            }
            // No call of this API simulates anything; were one to, the caller would be the one to change.
            GatewayError::NotATestPayment | GatewayError::NotNow(_) => {
                Self::service(StatusCode::CONFLICT, "not_simulable", message)
            }
            GatewayError::Internal(cause) => Self::internal(&*cause),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match self {
            Self::Fields(errors) => answer::json(StatusCode::BAD_REQUEST, &errors),
            Self::Service {
                status,
                body,
                retry_after_seconds,
            } => {
                let mut response = answer::json(status, &body);
                if let Some(seconds) = retry_after_seconds {
                    let wait = HeaderValue::from(seconds);
                    response.headers_mut().insert(header::RETRY_AFTER, wait);
                }
                response
            }
            Self::Unauthorized(detail) => {
                let mut response = answer::json(StatusCode::UNAUTHORIZED, &Detail { detail });
                response.headers_mut().insert(header::WWW_AUTHENTICATE, CHALLENGE);
                response
            }
            Self::NotFound => answer::json(StatusCode::NOT_FOUND, &Detail { detail: "Not found." }),
        }
    }
}

/// What RFC 9110 wants beside a 401.
const CHALLENGE: HeaderValue = HeaderValue::from_static("X-API-Key realm=\"payd\"");

/// The header that carries the key.
pub(super) const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// An error with what caused it, on one line.
struct Chain<'a>(&'a (dyn std::error::Error + 'static));

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
