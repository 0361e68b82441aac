//! PayHook's API: create, retrieve and cancel a payment, and the description of all three.
//!
//! Each handler is parse, one engine call, render; PayHook's words live in `wire` and `error` only. The key is
//! checked before anything else of a request is looked at, and of a client that tries keys not even that.

mod error;
mod fields;
pub mod notify;
mod request;
mod schema;
#[cfg(test)]
mod tests;
mod wire;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};

use self::error::ApiError;
#[cfg(test)]
use self::error::{Detail, ServiceError};
use self::request::CreateBody;
pub use self::wire::PaymentBody;
pub(crate) use self::wire::payment_body;
use super::{Payments, body, header};
use crate::domain::ids::PaymentNumber;
use crate::domain::money::{Fiat, FiatAmount};
use crate::domain::payment::Order;
use crate::engine::gateway::{
    Caller, CreateRequest, GatewayError, Idempotency, PayWith, PaymentView, ShopName,
};
use crate::web::answer;
use crate::web::limits::{ClientAddress, Limits};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Tells a client that its idempotency key was known and that nothing was made.
const IDEMPOTENT_REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// What the handlers need. Cheap to clone.
#[derive(Clone)]
struct Api {
    payments: Arc<dyn Payments>,
    limits: Arc<Limits>,
    /// Where customers find payd, without the closing slash.
    public_url: Arc<str>,
    body_bytes_max: usize,
}

/// The calls of PayHook's API, with and without the closing slash. `public_url` is where customers find payd.
pub fn router(
    payments: Arc<dyn Payments>,
    limits: Arc<Limits>,
    public_url: &str,
    body_bytes_max: usize,
) -> Router {
    let public_url: Arc<str> = public_url.trim_end_matches('/').into();
    let api = Api {
        payments,
        limits,
        public_url: Arc::clone(&public_url),
        body_bytes_max,
    };
    Router::new()
        .route("/api/v1/payments", post(create))
        .route("/api/v1/payments/", post(create))
        .route("/api/v1/payments/{payment_number}", get(retrieve))
        .route("/api/v1/payments/{payment_number}/", get(retrieve))
        .route("/api/v1/payments/{payment_number}/cancel", post(cancel))
        .route("/api/v1/payments/{payment_number}/cancel/", post(cancel))
        .with_state(api)
        .merge(schema::router(&public_url))
}

/// Create a payment
///
/// Picks an address from your pool, locks it for the lifetime of the payment and watches the chain for a transfer
/// of `expected_crypto_amount`. Fields that are not listed are ignored; `null` and `""` in an optional field mean
/// that it was not given.
#[cfg_attr(test, utoipa::path(
    post, path = "/api/v1/payments/", operation_id = "createPayment", tag = "payments",
    security(("ApiKey" = [])),
    params(("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255,
        description = "Makes retries safe: the same key within 24 hours returns the original payment, with its \
            live status and 200. 1 to 255 visible ASCII characters. Spaces, the order of keys and ignored fields \
            of the body make no difference; another request under the same key is refused with 409.")),
    request_body(content = CreateBody, content_type = "application/json"),
    responses(
        (status = 201, description = "The payment was made.", body = PaymentBody),
        (status = 200, description = "The payment that the same Idempotency-Key made before; the header \
            `Idempotent-Replayed: true` says so.", body = PaymentBody),
        (status = 400, body = schema::described::BadRequest, description = "A field is wrong, or no address is set up \
            for this network and currency (`NoAddressConfiguredError`)."),
        (status = 401, body = Detail, description = "Missing or invalid X-API-Key."),
        (status = 403, body = ServiceError, description = "The store is disabled: `store_disabled`; it is in \
            test mode and the key is live: `store_in_test_mode`; or its keys stand in web pages: `key_is_public`."),
        (status = 409, body = ServiceError, description = "The key was used for another request: \
            `idempotency_conflict`."),
        (status = 413, body = ServiceError, description = "The body is too large: `body_too_large`."),
        (status = 429, body = ServiceError, headers(("Retry-After" = i64, description = "Seconds to wait.")),
            description = "Too many calls with a wrong key came from this address: `rate_limited`."),
        (status = 500, body = ServiceError, description = "payd failed: `internal_error`. Its log has the \
            cause under the x-request-id of this answer."),
        (status = 503, body = ServiceError, headers(("Retry-After" = i64, description = "Seconds to wait.")),
            description = "Retry later: `all_addresses_held`, `rate_unavailable`, `storage_unavailable`, `busy` or `timeout`."),
    )
))]
async fn create(
    State(api): State<Api>,
    client: ClientAddress,
    request: Request<Body>,
) -> Result<Response, ApiError> {
    let (head, body) = request.into_parts();
    let caller = api.caller(client, &head.headers).await?;
    let key = idempotency_key(&head.headers)?;
    let bytes = body::read(body, api.body_bytes_max).await?;
    let read = CreateBody::read(&bytes, |network, currency| {
        api.check_asset(&caller, network, currency)
    })?;

    let idempotency = key.map(|key| Idempotency {
        key,
        body_hash: read.hash(),
    });
    let created = api
        .payments
        .create(&caller, create_request(read, idempotency))
        .await?;

    if !created.replayed {
        return Ok(api.render(StatusCode::CREATED, &created.view));
    }
    let mut response = api.render(StatusCode::OK, &created.view);
    response
        .headers_mut()
        .insert(IDEMPOTENT_REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

/// Retrieve a payment
///
/// The latest state of a payment. A payment of another merchant looks like one that does not exist.
#[cfg_attr(test, utoipa::path(
    get, path = "/api/v1/payments/{payment_number}/", operation_id = "retrievePayment", tag = "payments",
    security(("ApiKey" = [])),
    params(("payment_number" = String, Path, example = "PAY-2026-000123", description = "The number from create.")),
    responses(
        (status = 200, description = "The payment.", body = PaymentBody),
        (status = 401, body = Detail, description = "Missing or invalid X-API-Key."),
        (status = 403, body = ServiceError, description = "The store is disabled: `store_disabled`; it is in \
            test mode and the key is live: `store_in_test_mode`; or its keys stand in web pages: `key_is_public`."),
        (status = 404, body = Detail, description = "No such payment, or another merchant's."),
        (status = 429, body = ServiceError, headers(("Retry-After" = i64, description = "Seconds to wait.")),
            description = "Too many calls with a wrong key came from this address: `rate_limited`."),
        (status = 500, body = ServiceError, description = "payd failed: `internal_error`. Its log has the \
            cause under the x-request-id of this answer."),
        (status = 503, body = ServiceError, headers(("Retry-After" = i64, description = "Seconds to wait.")),
            description = "Retry later: `busy` or `timeout`."),
    )
))]
async fn retrieve(
    State(api): State<Api>,
    client: ClientAddress,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let caller = api.caller(client, &headers).await?;
    let view = api.payments.payment(&caller, &name(path)?).await?;
    Ok(api.render(StatusCode::OK, &view))
}

/// Cancel a payment
///
/// Possible until money was received. The address rests before it is given out again.
#[cfg_attr(test, utoipa::path(
    post, path = "/api/v1/payments/{payment_number}/cancel/", operation_id = "cancelPayment", tag = "payments",
    security(("ApiKey" = [])),
    params(("payment_number" = String, Path, example = "PAY-2026-000123", description = "The number from create.")),
    responses(
        (status = 200, description = "The payment, cancelled.", body = PaymentBody),
        (status = 401, body = Detail, description = "Missing or invalid X-API-Key."),
        (status = 403, body = ServiceError, description = "The store is disabled: `store_disabled`; it is in \
            test mode and the key is live: `store_in_test_mode`; or its keys stand in web pages: `key_is_public`."),
        (status = 404, body = Detail, description = "No such payment, or another merchant's."),
        (status = 409, body = ServiceError, description = "Money was received or the payment has ended: \
            `not_cancellable`."),
        (status = 429, body = ServiceError, headers(("Retry-After" = i64, description = "Seconds to wait.")),
            description = "Too many calls with a wrong key came from this address: `rate_limited`."),
        (status = 500, body = ServiceError, description = "payd failed: `internal_error`. Its log has the \
            cause under the x-request-id of this answer."),
        (status = 503, body = ServiceError, headers(("Retry-After" = i64, description = "Seconds to wait.")),
            description = "Retry later: `busy` or `timeout`."),
    )
))]
async fn cancel(
    State(api): State<Api>,
    client: ClientAddress,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let caller = api.caller(client, &headers).await?;
    let view = api.payments.cancel(&caller, &name(path)?).await?;
    Ok(api.render(StatusCode::OK, &view))
}

impl Api {
    /// Whose key the request came with. A client that has sent too many wrong ones is not heard.
    async fn caller(&self, client: ClientAddress, headers: &HeaderMap) -> Result<Caller, ApiError> {
        let key = header::api_key(headers, error::API_KEY);
        let attempt = self.limits.attempt(client, key)?;
        let caller = match key {
            Some(key) => self.payments.authenticate(key, client.ip()).await,
            None => Err(GatewayError::Unauthorized),
        };
        attempt.settle(&caller, |error| matches!(error, GatewayError::Unauthorized));
        let caller = caller?;
        caller.shop.admit(caller.mode)?;
        Ok(caller)
    }

    /// Which of the two words the engine does not know, as a field and a message.
    fn check_asset(
        &self,
        caller: &Caller,
        network: &str,
        currency: &str,
    ) -> Result<(), (&'static str, String)> {
        match self.payments.check_asset(caller, network, currency) {
            Ok(()) => Ok(()),
            Err(error @ GatewayError::UnknownNetwork { .. }) => Err(("network", error.to_string())),
            Err(error @ GatewayError::UnknownCurrency { .. }) => Err(("currency", error.to_string())),
            // Whatever else is in the way, the create call itself will meet and report.
            Err(_) => Ok(()),
        }
    }

    fn render(&self, status: StatusCode, view: &PaymentView) -> Response {
        answer::json(status, &payment_body(view, &self.public_url))
    }
}

fn create_request(body: CreateBody, idempotency: Option<Idempotency>) -> CreateRequest {
    let price = FiatAmount {
        currency: Fiat::Usd,
        minor: body.amount_usd_cents,
    };
    let pay_with = PayWith::Asset {
        network: body.network,
        currency: body.currency,
    };
    CreateRequest {
        order: Order {
            external_id: body.external_order_id,
            customer_email: body.customer_email,
            redirect_url: body.redirect_url,
            metadata: body.metadata.text,
            ..Order::default()
        },
        idempotency,
        ..CreateRequest::new(price, pay_with)
    }
}

/// The merchant's idempotency key, when one was sent.
fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let mut keys = headers.get_all(IDEMPOTENCY_KEY).iter();
    let key = match (keys.next(), keys.next()) {
        (None, _) => return Ok(None),
        (Some(key), None) => key.to_str().ok(),
        (Some(_), Some(_)) => None,
    };
    let visible = |key: &&str| (1..=255).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
    key.filter(visible)
        .map(|key| Some(key.to_owned()))
        .ok_or_else(|| {
            ApiError::service(
                StatusCode::BAD_REQUEST,
                "invalid_idempotency_key",
                "send one Idempotency-Key of 1 to 255 visible ASCII characters, such as a UUID",
            )
        })
}

/// The payment number in a path. What has not its form is no payment's.
fn name(path: Result<Path<String>, PathRejection>) -> Result<ShopName, ApiError> {
    let Path(text) = path.map_err(|_| ApiError::NotFound)?;
    let number = PaymentNumber::parse(&text).ok_or(ApiError::NotFound)?;
    Ok(ShopName::Number(number))
}
