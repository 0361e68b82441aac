//! One delivery: each sending of it with the request and the reply.

use crate::web::dashboard::html::html;
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};

use super::endpoint::{Row, delivery_row};
use super::words::host;
use super::{delivery_refused, endpoint_of};
use crate::domain::ids::DeliveryId;
use crate::domain::user::Role;
use crate::engine::office::deliveries::{Attempt, DeliveryError, DeliveryState};
use crate::engine::office::endpoints::EndpointError;
use crate::engine::office::posts::Request;
use crate::web::dashboard::flash::Flash;
use crate::web::dashboard::moment::Moment;
use crate::web::dashboard::{Dashboard, Form, Frame, InShop, Room, problem};
use crate::web::text::Language;

pub(super) fn router() -> Router<Dashboard> {
    const DELIVERY: &str = "/stores/{store}/webhooks/{endpoint}/deliveries/{delivery}";
    Router::new()
        .route(DELIVERY, get(page))
        .route(&format!("{DELIVERY}/replay"), post(replay))
}

/// One sending.
struct Sending {
    at: Moment,
    status: Option<u16>,
    is_good: bool,
    error: String,
    latency_ms: String,
    reply: String,
    headers: Vec<(String, String)>,
    body: String,
    has_request: bool,
}

fn sending(t: &Language, attempt: Attempt, request: Option<Request>) -> Sending {
    let (headers, body, has_request) = match request {
        Some(request) => (request.headers, shown_body(&request.body), true),
        None => (Vec::new(), String::new(), false),
    };
    Sending {
        at: Moment::new(t, attempt.at),
        status: attempt.status,
        is_good: attempt.status.is_some_and(|status| (200..300).contains(&status)),
        error: attempt.error.unwrap_or_default(),
        latency_ms: t.number(&attempt.latency_ms.to_string()),
        reply: String::from_utf8_lossy(&attempt.reply).into_owned(),
        headers,
        body,
        has_request,
    }
}

/// The longest body that is shown, in characters: a merchant's metadata can be long.
const BODY_LENGTH_MAX: usize = 20_000;

fn shown_body(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    text.chars().take(BODY_LENGTH_MAX).collect()
}

#[derive(Template)]
#[template(path = "dashboard/webhooks/delivery.html")]
struct DeliveryPage {
    frame: Frame,
    endpoint: String,
    host: String,
    row: Row,
    replay_of: Option<(String, String)>,
    next_at: Option<Moment>,
    sendings: Vec<Sending>,
    /// Which sendings are no longer kept.
    gone: String,
    may_replay: bool,
    token: String,
}

async fn page(
    State(d): State<Dashboard>,
    place: InShop,
    Path((_, endpoint, id)): Path<(String, String, String)>,
) -> Response {
    match make(&d, &place, &endpoint, &id).await {
        Ok(page) => html(&page),
        Err(failed) => failed,
    }
}

async fn make(d: &Dashboard, place: &InShop, endpoint: &str, id: &str) -> Result<DeliveryPage, Response> {
    let endpoint = endpoint_of(d, place, endpoint).await?.endpoint;
    let Ok(id) = id.parse().map(DeliveryId::new) else {
        return Err(problem::not_found(&place.visit));
    };
    let t = place.visit.t;
    // Who holds a signed request can send it again to the shop: that is for those who may do so here.
    let is_staff = place.visit.may(Role::Staff);
    let (shop, of) = (place.shop.id, endpoint.id);
    let found = match d.office.sent_in_full(shop, of, id, is_staff).await {
        // A request that cannot be put together again takes nothing from the rest.
        Err(DeliveryError::Posts(error)) => {
            tracing::warn!(%id, %error, "a request cannot be shown");
            d.office.sent_in_full(shop, of, id, false).await
        }
        found => found,
    };
    let found = found.map_err(|error| delivery_refused(place, error))?;
    let is_any_missing = usize::try_from(found.sent.attempts).is_ok_and(|made| made > found.attempts.len());
    let (before, _) = d
        .office
        .sent_pruned_before()
        .await
        .map_err(|error| problem::failed(t, &error))?;
    let gone = before.filter(|before| is_any_missing && found.sent.created_at < *before);
    let gone = gone.map(|before| t.say_with("hooks-gone-attempts", &[("before", t.moment(before).into())]));
    let token = d.office.replay_token();
    let token = token.map_err(|error| problem::failed(t, &error))?;
    let path = place.path(&format!("webhooks/{of}"));
    let sent = found.sent;
    let is_waiting = sent.state == DeliveryState::Pending;
    let number = [("id", sent.id.to_string().into())];
    Ok(DeliveryPage {
        frame: place
            .visit
            .frame(t.say_with("hooks-delivery-title", &number), Room::Webhooks),
        host: host(&endpoint.url),
        replay_of: sent
            .replay_of
            .map(|id| (format!("{path}/deliveries/{id}"), id.to_string())),
        next_at: (is_waiting && endpoint.disabled_at.is_none()).then(|| Moment::new(t, sent.next_at)),
        sendings: found
            .attempts
            .into_iter()
            .rev()
            .map(|(attempt, request)| sending(t, attempt, request))
            .collect(),
        gone: gone.unwrap_or_default(),
        may_replay: is_staff && !is_waiting && endpoint.disabled_at.is_none(),
        row: delivery_row(place, &path, sent),
        endpoint: path,
        token,
    })
}

async fn replay(
    State(d): State<Dashboard>,
    place: InShop,
    Path((_, endpoint, id)): Path<(String, String, String)>,
    form: Form,
) -> Response {
    let shown = match endpoint_of(&d, &place, &endpoint).await {
        Ok(shown) => shown,
        Err(failed) => return failed,
    };
    let Ok(id) = id.parse().map(DeliveryId::new) else {
        return problem::not_found(&place.visit);
    };
    let (by, of) = (place.visit.by(&d.office), shown.endpoint.id);
    let made = d
        .office
        .replay(by, place.shop.id, of, id, form.get("token"))
        .await;
    let path = place.path(&format!("webhooks/{of}"));
    match made {
        Ok(Some(made)) => Flash::new("hooks-replayed", format!("{path}/deliveries/{made}")).into_response(),
        Ok(None) => Flash::new("hooks-replayed-before", path).into_response(),
        Err(DeliveryError::Endpoint(EndpointError::Off(_))) => {
            Flash::new("hooks-is-off", path).into_response()
        }
        Err(DeliveryError::ForeignToken) => problem::foreign_form(place.visit.t),
        Err(error) => delivery_refused(&place, error),
    }
}
