//! The API of Crypto Pay and of USDT Payments, which is the same without test mode and without web sites: create a payment,
//! ask for its status.
//!
//! Each handler is parse, one engine call, render; the pages' words live in `wire` and `error` only. The key is checked
//! before the body is read, the signature before the body is understood; and of a client that tries keys not even those.

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
use super::{body, header, signing};
use crate::domain::ids::PaymentCode;
use crate::engine::gateway::{Caller, Credentials, Gateway, GatewayError, PaymentView, ShopName};
use crate::web::answer;
use crate::web::limits::{ClientAddress, Limits};

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const SIGNATURE: HeaderName = HeaderName::from_static("x-signature");

/// What the handlers need. Cheap to clone.
#[derive(Clone)]
struct Api {
    gateway: Gateway,
    limits: Arc<Limits>,
    /// Where customers find payd, without the closing slash.
    public_url: Arc<str>,
    body_bytes_max: usize,
}

/// The two calls. `public_url` is where customers find payd.
pub fn router(gateway: Gateway, limits: Arc<Limits>, public_url: &str, body_bytes_max: usize) -> Router {
    let api = Api {
        gateway,
        limits,
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

async fn create(
    State(api): State<Api>,
    client: ClientAddress,
    request: Request<Body>,
) -> Result<Response, Refusal> {
    let (caller, bytes) = api.signed(client, request).await?;
    let sent = Sent::read(&bytes)?;
    let wanted = request::create_request(&sent, &caller, &api.gateway)?;
    let created = api.gateway.create(&caller, wanted).await?;
    api.render(&created.view)
}

async fn status(
    State(api): State<Api>,
    client: ClientAddress,
    RawQuery(query): RawQuery,
    request: Request<Body>,
) -> Result<Response, Refusal> {
    let (caller, _) = api.signed(client, request).await?;
    let name = payment_id(query.as_deref())?;
    let view = api.gateway.payment(&caller, name).await?;
    api.render(&view)
}

impl Api {
    /// Whose call it is, and its body, once both are shown to belong together and the store takes the call. A client that
    /// has sent too many wrong keys or signatures is not heard.
    async fn signed(
        &self,
        client: ClientAddress,
        request: Request<Body>,
    ) -> Result<(Caller, Vec<u8>), Refusal> {
        let (head, body) = request.into_parts();
        let key = header::api_key(&head.headers, &API_KEY);
        let attempt = self.limits.attempt(client, key)?;
        let proven = self.proven(key, client, &head.headers, body).await;
        attempt.settle(&proven, Refusal::is_of_authentication);
        let (caller, bytes) = proven?;
        caller.shop.admit(caller.mode)?;
        Ok((caller, bytes))
    }

    /// Whose key it is, and the body that its secret has signed.
    async fn proven(
        &self,
        key: Option<&str>,
        client: ClientAddress,
        headers: &HeaderMap,
        body: Body,
    ) -> Result<(Caller, Vec<u8>), Refusal> {
        let key = key.ok_or(GatewayError::Unauthorized)?;
        let Credentials { caller, secret } = self.gateway.credentials(key, client.ip()).await?;
        let bytes = body::read(body, self.body_bytes_max).await?;
        check_signature(&secret, &bytes, headers)?;
        Ok((caller, bytes))
    }

    fn render(&self, view: &PaymentView) -> Result<Response, Refusal> {
        let body = wire::reply(view, &self.public_url)?;
        Ok(answer::json(StatusCode::OK, &body))
    }
}

/// Checks the signature of the raw body; where there is none, that of no bytes at all.
fn check_signature(secret: &Zeroizing<Vec<u8>>, body: &[u8], headers: &HeaderMap) -> Result<(), Refusal> {
    header::only(headers, &SIGNATURE)
        .and_then(|signature| signing::verify(secret, &[body], signature))
        .map(|_| ())
        .ok_or_else(Refusal::signature)
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
