//! The API of Crypto Pay and of USDT Payments, which is the same without test mode and without web sites: create a payment,
//! ask for its status.
//!
//! Each handler is parse, one engine call, render; the pages' words live in `wire` and `error` only. The key is checked
//! before the body is read, the signature before the body is understood.

mod error;
pub mod notify;
mod request;
#[cfg(test)]
mod tests;
mod wire;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderName, Request, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use zeroize::Zeroizing;

use self::error::Refusal;
use self::request::Sent;
use super::{body, signing};
use crate::domain::ids::PaymentCode;
use crate::engine::gateway::{Caller, Credentials, Gateway, GatewayError, PaymentView, ShopName};
use crate::web::answer;

/// Longer than any key, short enough to look up.
const API_KEY_BYTES_MAX: usize = 256;

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const SIGNATURE: HeaderName = HeaderName::from_static("x-signature");

/// What the handlers need. Cheap to clone.
#[derive(Clone)]
struct Api {
    gateway: Gateway,
    /// Where customers find payd, without the closing slash.
    public_url: Arc<str>,
    body_bytes_max: usize,
}

/// The two calls. `public_url` is where customers find payd.
pub fn router(gateway: Gateway, public_url: &str, body_bytes_max: usize) -> Router {
    let api = Api {
        gateway,
        public_url: public_url.trim_end_matches('/').into(),
        body_bytes_max,
    };
    let wrong_method = |allowed| async move || Refusal::method(allowed);
    Router::new()
        .route(
            "/api/create-payment.php",
            post(create).fallback(wrong_method("POST")),
        )
        .route(
            "/api/payment-status.php",
            get(status).fallback(wrong_method("GET, HEAD")),
        )
        .with_state(api)
}

async fn create(State(api): State<Api>, request: Request<Body>) -> Result<Response, Refusal> {
    let (caller, bytes) = api.signed(request).await?;
    let sent = Sent::read(&bytes)?;
    let wanted = request::create_request(&sent, &caller, &api.gateway)?;
    let created = api.gateway.create(&caller, wanted).await?;
    api.render(&created.view)
}

async fn status(
    State(api): State<Api>,
    RawQuery(query): RawQuery,
    request: Request<Body>,
) -> Result<Response, Refusal> {
    let (caller, _) = api.signed(request).await?;
    let name = payment_id(query.as_deref())?;
    let view = api.gateway.payment(&caller, name).await?;
    api.render(&view)
}

impl Api {
    /// Whose call it is, and its body, once both are shown to belong together and the store takes the call.
    async fn signed(&self, request: Request<Body>) -> Result<(Caller, Vec<u8>), Refusal> {
        let (head, body) = request.into_parts();
        let Credentials { caller, secret } = self.credentials(&head.headers).await?;
        let bytes = body::read(body, self.body_bytes_max).await?;
        check_signature(&secret, &bytes, &head.headers)?;
        caller.shop.admit(caller.mode)?;
        Ok((caller, bytes))
    }

    /// Whose key the request came with.
    async fn credentials(&self, headers: &HeaderMap) -> Result<Credentials, Refusal> {
        let key = only(headers, &API_KEY).filter(|key| (1..=API_KEY_BYTES_MAX).contains(&key.len()));
        let key = key.ok_or(GatewayError::Unauthorized)?;
        Ok(self.gateway.credentials(key).await?)
    }

    fn render(&self, view: &PaymentView) -> Result<Response, Refusal> {
        let body = wire::reply(view, &self.public_url)?;
        Ok(answer::json(StatusCode::OK, &body))
    }
}

/// Checks the signature of the raw body; where there is none, that of no bytes at all.
fn check_signature(secret: &Zeroizing<Vec<u8>>, body: &[u8], headers: &HeaderMap) -> Result<(), Refusal> {
    only(headers, &SIGNATURE)
        .and_then(|signature| signing::verify(secret, &[body], signature))
        .map(|_| ())
        .ok_or_else(Refusal::signature)
}

/// The value of a header that was sent once: which of two is meant is not for payd to guess.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        (Some(_), Some(_)) | (None, _) => None,
    }
}

/// The payment that a query asks for. What has not its form is no payment's.
fn payment_id(query: Option<&str>) -> Result<ShopName, Refusal> {
    let pairs = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let mut ids = pairs.filter(|(name, _)| name == "payment_id").map(|(_, id)| id);
    match (ids.next(), ids.next()) {
        (Some(id), None) if !id.is_empty() => {
            let code = PaymentCode::parse(&id).ok_or(GatewayError::NotFound)?;
            Ok(ShopName::Code(code))
        }
        _ => Err(Refusal::unprocessable(
            "payment_id is required: /api/payment-status.php?payment_id=123",
        )),
    }
}
