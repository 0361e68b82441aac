//! soko's API: create a payment, its status, the list of payments, the merchant's balance, and public exchange rates.
//!
//! Each handler is parse, one engine call, render; soko's words live in `wire`, `error` and `notify` only. Who calls is
//! checked in `auth`, in one place, before anything else of a request is looked at.

mod auth;
mod error;
pub mod notify;
mod query;
mod rates;
mod request;
#[cfg(test)]
mod tests;
mod wire;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, Method, Request, StatusCode, Uri, header};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Serialize;

use self::error::ApiError;
use self::request::CreateBody;
use self::wire::{BalanceBody, RatesBody, Success};
use crate::ambient::Clock;
use crate::domain::ids::PaymentUuid;
use crate::engine::gateway::{CreateRequest, Gateway, GatewayError, ShopName};
use crate::web::answer;
use crate::web::cors::open_to_all_sites;
use crate::web::limits::{ClientAddress, Kind, Limits};

/// What the handlers need. Cheap to clone.
#[derive(Clone)]
struct Api {
    gateway: Gateway,
    clock: Arc<dyn Clock>,
    limits: Arc<Limits>,
    board: Arc<rates::Board>,
    /// Where customers find payd, without the closing slash.
    public_url: Arc<str>,
    body_bytes_max: usize,
}

/// The calls of soko's API. `public_url` is where customers find payd; by `clock`, timestamps are told fresh from stale.
pub fn router(
    gateway: Gateway,
    clock: Arc<dyn Clock>,
    limits: Arc<Limits>,
    public_url: &str,
    body_bytes_max: usize,
) -> Router {
    let api = Api {
        gateway,
        board: Arc::new(rates::Board::new(Arc::clone(&clock))),
        clock,
        limits,
        public_url: public_url.trim_end_matches('/').into(),
        body_bytes_max,
    };
    Router::new()
        .route("/api/v1/payment/create", post(create).fallback(other_method))
        .route(
            "/api/v1/payment/{payment_id}",
            get(retrieve).fallback(other_method),
        )
        // Shared with PayHook, which takes POST.
        .route("/api/v1/payments", get(list))
        .route("/api/v1/merchant/balance", get(balance).fallback(other_method))
        .route("/api/v1/rates", open_to_all_sites(get(rates)))
        .with_state(api)
}

/// `POST /api/v1/payment/create`
async fn create(State(api): State<Api>, request: Request<Body>) -> Result<Response, ApiError> {
    let signed = api.signed(request).await?;
    let body = CreateBody::read(&signed.body)?;
    let accepted = api.gateway.accepted(&signed.caller).await?;
    let request = CreateRequest {
        signature: Some(signed.mac),
        ..body.into_request(&accepted)?
    };
    let created = api.gateway.create(&signed.caller, request).await?;
    rendered(wire::created(&created.view, &accepted, &api.public_url))
}

/// `GET /api/v1/payment/{payment_id}`
async fn retrieve(
    State(api): State<Api>,
    path: Result<Path<String>, PathRejection>,
    request: Request<Body>,
) -> Result<Response, ApiError> {
    let signed = api.signed(request).await?;
    let uuid = path.ok().and_then(|Path(text)| PaymentUuid::parse(&text));
    let name = ShopName::Uuid(uuid.ok_or(GatewayError::NotFound)?);
    let view = api.gateway.payment(&signed.caller, name).await?;
    rendered(wire::payment(&view))
}

/// `GET /api/v1/payments`
async fn list(State(api): State<Api>, request: Request<Body>) -> Result<Response, ApiError> {
    let signed = api.signed(request).await?;
    let request = query::list(&signed.query)?;
    let (page, per_page) = (request.page, request.per_page);
    let found = api.gateway.list(&signed.caller, request).await?;
    rendered(wire::list(&found, page, per_page))
}

/// `GET /api/v1/merchant/balance`
async fn balance(State(api): State<Api>, request: Request<Body>) -> Result<Response, ApiError> {
    let signed = api.signed(request).await?;
    let balances = api.gateway.balances(&signed.caller).await?;
    Ok(success(&BalanceBody(&balances)))
}

/// `GET /api/v1/rates`: open to all.
async fn rates(State(api): State<Api>, client: ClientAddress, uri: Uri) -> Result<Response, ApiError> {
    api.limits
        .check(Kind::Read, client, None)
        .map_err(|refused| ApiError::too_many(&refused, "too many questions for rates"))?;
    let converted = rates::converted(uri.query().unwrap_or_default(), &api.gateway)?;
    let shown = api.board.table(|fiats| api.gateway.rates(fiats));
    let mut response = success(&RatesBody {
        rates: &shown.table,
        converted,
    });
    let kept = HeaderValue::from_str(&format!(
        "public, max-age={}",
        shown.kept_seconds(api.clock.now())
    ));
    if let Ok(kept) = kept {
        response.headers_mut().insert(header::CACHE_CONTROL, kept);
    }
    Ok(response)
}

async fn other_method(method: Method) -> ApiError {
    ApiError::method_not_allowed(format!("this address does not take {method}"))
}

fn success(data: &impl Serialize) -> Response {
    answer::json(StatusCode::OK, &Success::new(data))
}

/// An answer, unless what is stored cannot be told.
fn rendered<E>(body: Result<impl Serialize, E>) -> Result<Response, ApiError>
where
    E: std::error::Error + 'static,
{
    match body {
        Ok(body) => Ok(success(&body)),
        Err(error) => Err(ApiError::internal(&error)),
    }
}
