//! CryptoPayment's API: invoices and balances. Withdrawals are refused in words: payd holds no keys.
//!
//! Each handler is parse, one engine call, render; CryptoPayment's words live in `wire` and `error` only. Key and secret are
//! checked before anything else of a request is looked at, and of a client that tries keys not even those.
//!
//! The page promises an address of its own to each invoice, which stores with a pool or an account give. One that receives at
//! a shared address may have to let an invoice wait for its turn: it has no address until then, and its checkout page says so.

mod auth;
mod error;
pub mod notify;
mod request;
#[cfg(test)]
mod tests;
mod wire;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};

use self::auth::Bearer;
use self::error::ApiError;
use self::request::CreateBody;
use self::wire::{BalancesBody, CreatedBody, Invoice, InvoiceBody, ListBody};
use super::body;
use crate::domain::asset::Means;
use crate::domain::ids::PaymentUuid;
use crate::domain::money::{Fiat, FiatAmount};
use crate::domain::payment::Order;
use crate::engine::gateway::{Caller, CreateRequest, Gateway, GatewayError, ListRequest, PayWith, ShopName};
use crate::web::answer;
use crate::web::limits::{ClientAddress, Limits};

/// Said where a withdrawal is asked for.
const NO_WITHDRAWALS: &str = "payd cannot withdraw: it holds no keys, and what your customers paid is at your own addresses \
     already; send it from there with your wallet (requests for withdrawals come with a later version)";

/// What the handlers need. Cheap to clone.
#[derive(Clone)]
struct Api {
    gateway: Gateway,
    limits: Arc<Limits>,
    /// Where customers find payd, without the closing slash.
    public_url: Arc<str>,
    body_bytes_max: usize,
}

/// The calls of CryptoPayment's API. `public_url` is where customers find payd.
pub fn router(gateway: Gateway, limits: Arc<Limits>, public_url: &str, body_bytes_max: usize) -> Router {
    let api = Api {
        gateway,
        limits,
        public_url: public_url.trim_end_matches('/').into(),
        body_bytes_max,
    };
    Router::new()
        .route("/api/v1/invoices", post(create).get(list))
        .route("/api/v1/invoices/", post(create).get(list))
        .route("/api/v1/invoices/{id}", get(retrieve))
        .route("/api/v1/invoices/{id}/", get(retrieve))
        .route("/api/v1/balances", get(balances))
        .route("/api/v1/balances/", get(balances))
        .route("/api/v1/withdrawals", post(withdraw).get(withdraw))
        .route("/api/v1/withdrawals/", post(withdraw).get(withdraw))
        .route("/api/v1/withdrawals/{id}", get(withdraw))
        .route("/api/v1/withdrawals/{id}/", get(withdraw))
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(api)
}

async fn create(
    State(api): State<Api>,
    client: ClientAddress,
    request: Request<Body>,
) -> Result<Response, ApiError> {
    let (head, body) = request.into_parts();
    let caller = api.caller(client, &head.headers).await?;
    let bytes = body::read(body, api.body_bytes_max).await?;
    let read = CreateBody::read(&bytes, |network| api.means(&caller, network).is_some())?;
    let means = api.means(&caller, &read.network);
    let means = means.ok_or_else(|| GatewayError::UnknownNetwork {
        known: wire::known_networks(),
    })?;

    let created = api.gateway.create(&caller, create_request(read, &means)).await?;
    let view = &created.view;
    let answer = CreatedBody {
        success: true,
        invoice: Invoice::of(view)?,
        checkout_url: format!("{}/pay/{}", api.public_url, view.payment.uuid.as_str()),
    };
    Ok(answer::json(StatusCode::CREATED, &answer))
}

async fn retrieve(
    State(api): State<Api>,
    client: ClientAddress,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let caller = api.caller(client, &headers).await?;
    let Path(id) = path.map_err(|_| ApiError::not_found())?;
    let uuid = PaymentUuid::parse(&id).ok_or_else(ApiError::not_found)?;
    let view = api.gateway.payment(&caller, ShopName::Uuid(uuid)).await?;
    let answer = InvoiceBody {
        success: true,
        invoice: Invoice::of(&view)?,
    };
    Ok(answer::json(StatusCode::OK, &answer))
}

async fn list(
    State(api): State<Api>,
    client: ClientAddress,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let caller = api.caller(client, &headers).await?;
    let page = request::page(query.as_deref())?;
    let asked = ListRequest {
        page,
        per_page: wire::PER_PAGE,
        ..ListRequest::default()
    };
    let list = api.gateway.list(&caller, asked).await?;
    Ok(answer::json(StatusCode::OK, &ListBody::of(&list, page)?))
}

async fn balances(
    State(api): State<Api>,
    client: ClientAddress,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let caller = api.caller(client, &headers).await?;
    let balances = api.gateway.balances(&caller).await?;
    Ok(answer::json(StatusCode::OK, &BalancesBody::of(&balances)))
}

async fn withdraw(
    State(api): State<Api>,
    client: ClientAddress,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    api.caller(client, &headers).await?;
    Err(ApiError::new(StatusCode::NOT_IMPLEMENTED, NO_WITHDRAWALS))
}

async fn method_not_allowed(method: Method) -> ApiError {
    ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        format!("This address does not take {method} requests"),
    )
}

impl Api {
    /// Whose key and secret the request came with. A client that has sent too many wrong ones is not heard.
    async fn caller(&self, client: ClientAddress, headers: &HeaderMap) -> Result<Caller, ApiError> {
        let bearer = Bearer::read(headers);
        let attempt = self
            .limits
            .attempt(client, bearer.as_ref().map(Bearer::as_sent))?;
        let caller = match bearer {
            Some(bearer) => self.known(&bearer, client).await,
            None => Err(GatewayError::Unauthorized),
        };
        attempt.settle(&caller, |error| matches!(error, GatewayError::Unauthorized));
        let caller = caller?;
        caller.shop.admit(caller.mode)?;
        Ok(caller)
    }

    /// Whose key it is, if the secret is the key's.
    async fn known(&self, bearer: &Bearer<'_>, client: ClientAddress) -> Result<Caller, GatewayError> {
        let credentials = self.gateway.credentials(bearer.key, client.ip()).await?;
        if bearer.knows(&credentials.secret) {
            Ok(credentials.caller)
        } else {
            Err(GatewayError::Unauthorized)
        }
    }

    /// What is paid with, by the caller's word for a network.
    fn means(&self, caller: &Caller, network: &str) -> Option<Means> {
        self.gateway.means_by_code(caller.mode, &wire::code_of(network))
    }
}

fn create_request(body: CreateBody, means: &Means) -> CreateRequest {
    let price = FiatAmount {
        currency: Fiat::Usd,
        minor: body.usd_cents,
    };
    let pay_with = PayWith::Asset {
        network: means.network.slug.to_string(),
        currency: means.asset.currency.to_string(),
    };
    CreateRequest {
        order: Order {
            external_id: body.order_id,
            metadata: body.metadata,
            ..Order::default()
        },
        // The page promises an address with every invoice.
        may_wait: false,
        ..CreateRequest::new(price, pay_with)
    }
}
