//! CryptoPayment's refusals: `{"success":false,"error":"..."}`, with `errors` by field where fields are wrong, and which of
//! the engine's refusals takes which status. The page names no status; they are those its kind of API commonly has.

use std::collections::BTreeMap;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::domain::shop::NotAdmitted;
use crate::engine::gateway::GatewayError;
use crate::outbox::format::PostError;
use crate::web::answer;
use crate::web::api::body::BodyError;
use crate::web::api::refusal::{INTERNAL, RETRY_BUSY_SECONDS, RETRY_HELD_SECONDS};
use crate::web::limits::TooMany;

/// What RFC 9110 wants beside a 401 (the scheme: RFC 6750).
const CHALLENGE: HeaderValue = HeaderValue::from_static("Bearer realm=\"payd\"");

/// Any refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ApiError {
    pub(super) status: StatusCode,
    pub(super) error: String,
    pub(super) fields: FieldErrors,
    /// Seconds to wait before a retry, where one makes sense.
    pub(super) retry_after_seconds: Option<u16>,
}

/// What is wrong with the fields of a request: messages by field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(super) struct FieldErrors(BTreeMap<&'static str, Vec<String>>);

impl FieldErrors {
    /// One message for one field.
    pub(super) fn one(field: &'static str, message: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.add(field, message);
        errors
    }

    pub(super) fn add(&mut self, field: &'static str, message: impl Into<String>) {
        self.0.entry(field).or_default().push(message.into());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The body of a refusal.
#[derive(Serialize)]
struct Body<'a> {
    success: bool,
    error: &'a str,
    #[serde(skip_serializing_if = "FieldErrors::is_empty")]
    errors: &'a FieldErrors,
}

impl ApiError {
    pub(super) fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self {
            status,
            error: error.into(),
            fields: FieldErrors::default(),
            retry_after_seconds: None,
        }
    }

    /// The key is not known, or the secret is not its own: which of the two is not said.
    pub(super) fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "Invalid API credentials: send Authorization: Bearer {api_key}:{api_secret}",
        )
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Invoice not found")
    }

    fn unavailable(error: String, retry_after_seconds: u16) -> Self {
        Self {
            retry_after_seconds: Some(retry_after_seconds),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, error)
        }
    }

    /// Something failed that the caller has no part in. The cause is logged here and nowhere else; the request's span puts
    /// the request id beside it.
    fn internal(cause: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error = cause, "request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, INTERNAL)
    }
}

impl From<FieldErrors> for ApiError {
    /// 422, with the first message as the one for people.
    fn from(fields: FieldErrors) -> Self {
        let first = fields
            .0
            .iter()
            .find_map(|(field, messages)| Some((field, messages.first()?)));
        let error = first.map_or_else(String::new, |(field, message)| format!("{field}: {message}"));
        Self {
            fields,
            ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, error)
        }
    }
}

impl From<NotAdmitted> for ApiError {
    fn from(reason: NotAdmitted) -> Self {
        let error = match reason {
            NotAdmitted::Disabled => "The store is disabled".to_owned(),
            NotAdmitted::TestModeOnly => reason.to_string(),
        };
        Self::new(StatusCode::FORBIDDEN, error)
    }
}

impl From<BodyError> for ApiError {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLong { .. } => Self::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("{error}; send less metadata"),
            ),
            BodyError::Broken => Self::new(StatusCode::BAD_REQUEST, error.to_string()),
        }
    }
}

impl From<TooMany> for ApiError {
    fn from(refused: TooMany) -> Self {
        let seconds = refused.seconds();
        let error = format!(
            "Too many calls with wrong credentials came from this address; check them and retry in {seconds} seconds"
        );
        Self {
            retry_after_seconds: Some(seconds),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, error)
        }
    }
}

impl From<PostError> for ApiError {
    /// What is stored of a payment cannot be told.
    fn from(error: PostError) -> Self {
        Self::internal(&error)
    }
}

impl From<GatewayError> for ApiError {
    fn from(error: GatewayError) -> Self {
        let message = error.to_string();
        match error {
            GatewayError::Unauthorized => Self::unauthorized(),
            GatewayError::NotFound => Self::not_found(),
            GatewayError::UnknownNetwork { .. }
            | GatewayError::UnknownCurrency { .. }
            | GatewayError::NotAccepted { .. } => FieldErrors::one("network", message).into(),
            GatewayError::AmountTooLarge => FieldErrors::one("amount_usd", message).into(),
            // On all, the merchant has not set up what receives the money.
            GatewayError::NoAddress { .. }
            | GatewayError::NotWatched { .. }
            | GatewayError::NothingAccepted => Self::new(StatusCode::BAD_REQUEST, message),
            GatewayError::NotOpen(_) => Self::new(StatusCode::FORBIDDEN, message),
            GatewayError::Disabled => NotAdmitted::Disabled.into(),
            GatewayError::AllAddressesHeld | GatewayError::NotReadYet { .. } | GatewayError::NotRecorded => {
                Self::unavailable(message, RETRY_HELD_SECONDS)
            }
            GatewayError::NoRate { .. } | GatewayError::Busy => {
                Self::unavailable(message, RETRY_BUSY_SECONDS)
            }
            // No call of this API is signed, repeated, cancels or simulates; were one to, the caller would be the one to
            // change something.
            GatewayError::SignatureUsed
            | GatewayError::IdempotencyConflict
            | GatewayError::NotCancellable { .. }
            | GatewayError::NotATestPayment
            | GatewayError::NotNow(_) => Self::new(StatusCode::CONFLICT, message),
            GatewayError::Internal(cause) => Self::internal(&*cause),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = Body {
            success: false,
            error: &self.error,
            errors: &self.fields,
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A row for each of the engine's refusals; the match above says that there are no others.
    #[test]
    fn every_refusal_of_the_engine_has_its_status_and_its_wait() {
        let text = || "x".to_owned();
        let internal = || GatewayError::Internal(Box::new(std::io::Error::other("disk")));
        let (network, currency) = (text(), text());
        for (error, status, wait) in [
            (GatewayError::Unauthorized, 401, None),
            (GatewayError::NotOpen(text()), 403, None),
            (GatewayError::NotFound, 404, None),
            (GatewayError::UnknownNetwork { known: text() }, 422, None),
            (
                GatewayError::UnknownCurrency {
                    network: text(),
                    known: text(),
                },
                422,
                None,
            ),
            (GatewayError::NotAccepted { known: text() }, 422, None),
            (GatewayError::AmountTooLarge, 422, None),
            (
                GatewayError::NoAddress {
                    network: text(),
                    currency: text(),
                },
                400,
                None,
            ),
            (GatewayError::NotWatched { network, currency }, 400, None),
            (GatewayError::NothingAccepted, 400, None),
            (GatewayError::AllAddressesHeld, 503, Some("30")),
            (GatewayError::NotReadYet { network: text() }, 503, Some("30")),
            (
                GatewayError::NoRate {
                    symbol: text(),
                    fiat: text(),
                    reason: text(),
                },
                503,
                Some("1"),
            ),
            (GatewayError::Busy, 503, Some("1")),
            (GatewayError::NotRecorded, 503, Some("30")),
            (GatewayError::SignatureUsed, 409, None),
            (GatewayError::IdempotencyConflict, 409, None),
            (GatewayError::NotCancellable { status: text() }, 409, None),
            (GatewayError::NotATestPayment, 409, None),
            (GatewayError::NotNow(text()), 409, None),
            (internal(), 500, None),
        ] {
            let what = format!("{error:?}");
            let response = ApiError::from(error).into_response();
            let header = |name| {
                response
                    .headers()
                    .get(name)
                    .and_then(|value: &HeaderValue| value.to_str().ok())
            };
            assert_eq!(response.status().as_u16(), status, "{what}");
            assert_eq!(header(header::RETRY_AFTER), wait, "{what}");
            assert_eq!(
                header(header::WWW_AUTHENTICATE).is_some(),
                status == 401,
                "{what}"
            );
        }
    }

    #[test]
    fn what_failed_inside_payd_is_not_told_to_callers() {
        let cause = std::io::Error::other("/var/lib/payd is full");
        let refusal = ApiError::from(GatewayError::Internal(Box::new(cause)));
        assert!(!refusal.error.contains("payd is full"), "{}", refusal.error);
    }

    #[test]
    fn wrong_fields_are_told_each_and_the_first_of_them_in_words() {
        let mut fields = FieldErrors::one("network", "unknown");
        fields.add("amount_usd", "too small");
        let refusal = ApiError::from(fields);
        let body = Body {
            success: false,
            error: &refusal.error,
            errors: &refusal.fields,
        };
        assert_eq!(
            serde_json::to_string(&body).unwrap(),
            concat!(
                r#"{"success":false,"error":"amount_usd: too small","#,
                r#""errors":{"amount_usd":["too small"],"network":["unknown"]}}"#
            )
        );
        let plain = ApiError::not_found();
        let body = Body {
            success: false,
            error: &plain.error,
            errors: &plain.fields,
        };
        assert_eq!(
            serde_json::to_string(&body).unwrap(),
            r#"{"success":false,"error":"Invoice not found"}"#
        );
    }
}
