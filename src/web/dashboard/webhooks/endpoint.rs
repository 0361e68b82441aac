//! One endpoint: what it is told, what it was sent, a test post, another secret, switching it off.

use crate::web::dashboard::html::{html, html_with};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::list::{Choice, SecretPage, event_choices, events_of, waiting};
use super::words::{Badge, Told, event_name, format_name, host};
use super::{delivery_refused, endpoint_of, refused};
use crate::domain::ids::DeliveryId;
use crate::domain::user::Role;
use crate::engine::office::deliveries::{DeliveryState, Sent};
use crate::engine::office::endpoints::{EndpointError, Shown, Signs};
use crate::engine::office::posts::PostsError;
use crate::web::dashboard::flash::Flash;
use crate::web::dashboard::moment::Moment;
use crate::web::dashboard::{Dashboard, Form, Frame, InShop, Mistakes, Room, problem};

/// Deliveries of a page.
const PAGE: u32 = 50;

pub(super) fn router() -> Router<Dashboard> {
    const ENDPOINT: &str = "/stores/{store}/webhooks/{endpoint}";
    let below = |name: &str| format!("{ENDPOINT}/{name}");
    Router::new()
        .route(ENDPOINT, get(page))
        .route(&below("events"), post(set_events))
        .route(&below("remove"), get(confirm_remove).post(remove))
        .route(&below("rotate"), get(confirm_rotate).post(rotate))
        .route(&below("secret"), post(show_secret))
        .route(&below("test"), post(test))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    state: String,
    before: String,
}

pub(super) struct Row {
    pub(super) path: String,
    pub(super) event: String,
    pub(super) payment: String,
    pub(super) payment_path: String,
    pub(super) at: Moment,
    pub(super) badge: Badge,
    pub(super) attempts: u32,
    pub(super) is_replay: bool,
}

pub(super) fn delivery_row(place: &InShop, path: &str, sent: Sent) -> Row {
    let t = place.visit.t;
    Row {
        path: format!("{path}/deliveries/{}", sent.id),
        event: event_name(t, sent.kind),
        payment_path: place.path(&format!("payments/{}", sent.payment)),
        payment: sent.payment.to_string(),
        at: Moment::new(t, sent.created_at),
        badge: Badge::new(t, sent.state),
        attempts: sent.attempts,
        is_replay: sent.replay_of.is_some(),
    }
}

/// A way to the deliveries of one state, or all.
struct Tab {
    href: String,
    name: String,
    is_here: bool,
}

#[derive(Template)]
#[template(path = "dashboard/webhooks/endpoint.html")]
struct EndpointPage {
    frame: Frame,
    is_owner: bool,
    is_staff: bool,
    list: String,
    path: String,
    name: String,
    format: &'static str,
    key: Option<String>,
    is_on: bool,
    has_secret: bool,
    has_app_key: bool,
    waiting: String,
    received: Option<Moment>,
    failed: Option<Moment>,
    told_of: String,
    events: Vec<Choice>,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    first: Option<String>,
    next: Option<String>,
    /// What is no longer kept, at the end of the list.
    gone: String,
    unfinished: Option<Unfinished>,
    told: Option<Told>,
    mistakes: Mistakes,
}

/// A request to send things once more that was interrupted.
struct Unfinished {
    token: String,
    first: String,
    last: String,
    only_failed: bool,
    text: String,
}

async fn page(
    State(d): State<Dashboard>,
    place: InShop,
    Path((_, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Response {
    match make(&d, &place, &id, asked).await {
        Ok(page) => html(&page),
        Err(failed) => failed,
    }
}

async fn make(d: &Dashboard, place: &InShop, id: &str, asked: Asked) -> Result<EndpointPage, Response> {
    let shown = endpoint_of(d, place, id).await?;
    let (shop, endpoint) = (place.shop.id, shown.endpoint.id);
    let state: Option<DeliveryState> = asked.state.parse().ok();
    let before = asked.before.parse().map_or(i64::MAX, |before: i64| before);
    let before = DeliveryId::new(before);
    let refused = |error| delivery_refused(place, error);
    let one_more = PAGE.saturating_add(1);
    let found = d.office.sent(shop, endpoint, state, before, one_more);
    let mut sent = found.await.map_err(refused)?;
    let is_more = sent.len() > PAGE as usize;
    sent.truncate(PAGE as usize);
    let path = place.path(&format!("webhooks/{endpoint}"));
    let query = state.map_or_else(String::new, |state| format!("state={state}&"));
    let last = sent.last().map(|sent| sent.id).filter(|_| is_more);
    let unfinished = d
        .office
        .unfinished_replay(shop, endpoint)
        .await
        .map_err(refused)?;
    let t = place.visit.t;
    let unfinished = unfinished.map(|replay| Unfinished {
        text: t.say_with("hooks-unfinished", &[("count", replay.count.into())]),
        token: replay.token,
        first: replay.first.to_string(),
        last: replay.last.to_string(),
        only_failed: replay.only_failed,
    });
    Ok(EndpointPage {
        rows: sent
            .into_iter()
            .map(|sent| delivery_row(place, &path, sent))
            .collect(),
        first: (!asked.before.is_empty()).then(|| format!("{path}?{query}")),
        gone: match last {
            Some(_) => String::new(),
            None => gone(d, place).await?,
        },
        next: last.map(|last| format!("{path}?{query}before={last}")),
        unfinished,
        ..of(place, shown, path, state)
    })
}

/// From when on webhooks are kept, in words; nothing where all are.
async fn gone(d: &Dashboard, place: &InShop) -> Result<String, Response> {
    let t = place.visit.t;
    let (_, deliveries) = d
        .office
        .sent_pruned_before()
        .await
        .map_err(|error| problem::failed(t, &error))?;
    let said = deliveries.map(|before| t.say_with("hooks-gone", &[("before", t.moment(before).into())]));
    Ok(said.unwrap_or_default())
}

fn of(place: &InShop, shown: Shown, path: String, state: Option<DeliveryState>) -> EndpointPage {
    let (t, endpoint) = (place.visit.t, &shown.endpoint);
    let is_owner = place.visit.is_owner();
    let tab = |tab: Option<DeliveryState>| Tab {
        href: tab.map_or_else(|| path.clone(), |state| format!("{path}?state={state}")),
        name: match tab {
            Some(state) => t.say(&format!("hooks-state-{state}")),
            None => t.say("hooks-all"),
        },
        is_here: tab == state,
    };
    let states = DeliveryState::ALL.iter().copied().map(Some);
    let signs = Signs::from(endpoint.format);
    let names: Vec<String> = endpoint.events.iter().map(|kind| event_name(t, *kind)).collect();
    EndpointPage {
        frame: place.visit.frame(host(&endpoint.url), Room::Webhooks),
        is_owner,
        is_staff: place.visit.may(Role::Staff),
        list: place.path("webhooks"),
        name: if is_owner {
            endpoint.url.clone()
        } else {
            host(&endpoint.url)
        },
        format: format_name(endpoint.format),
        key: endpoint.key.map(|key| key.to_string()),
        is_on: endpoint.disabled_at.is_none(),
        has_secret: signs != Signs::ApiSecret,
        has_app_key: signs == Signs::AppKey,
        waiting: waiting(t, shown.waiting),
        received: shown.received_at.map(|at| Moment::new(t, at)),
        failed: shown.failed_at.map(|at| Moment::new(t, at)),
        told_of: names.join(", "),
        events: event_choices(t, &endpoint.events),
        tabs: std::iter::once(None).chain(states).map(tab).collect(),
        rows: Vec::new(),
        first: None,
        next: None,
        gone: String::new(),
        unfinished: None,
        told: None,
        mistakes: Mistakes::default(),
        path,
    }
}

async fn set_events(
    State(d): State<Dashboard>,
    place: InShop,
    Path((_, id)): Path<(String, String)>,
    form: Form,
) -> Response {
    let shown = match endpoint_of(&d, &place, &id).await {
        Ok(shown) => shown,
        Err(failed) => return failed,
    };
    let (by, endpoint) = (place.visit.by(&d.office), shown.endpoint.id);
    let set = d
        .office
        .set_endpoint_events(by, place.shop.id, endpoint, events_of(&form));
    match set.await {
        Ok(()) => {
            let path = place.path(&format!("webhooks/{endpoint}"));
            Flash::new("hooks-events-done", path).into_response()
        }
        Err(EndpointError::NoEvents) => match make(&d, &place, &id, Asked::default()).await {
            Ok(page) => {
                let events = event_choices(place.visit.t, &[]);
                let mistakes = Mistakes::one("events", place.visit.t.say("hooks-events-none"));
                let page = EndpointPage {
                    events,
                    mistakes,
                    ..page
                };
                html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
            }
            Err(failed) => failed,
        },
        Err(EndpointError::Off(_)) => Flash::new("hooks-is-off", place.path("webhooks")).into_response(),
        Err(error) => refused(&place, error),
    }
}

#[derive(Template)]
#[template(path = "dashboard/webhooks/confirm.html")]
struct ConfirmPage {
    frame: Frame,
    text: String,
    action: String,
    button: String,
    back: String,
}

async fn confirm(
    d: &Dashboard,
    place: &InShop,
    id: &str,
    action: &str,
    (title, text, button): (&str, &str, &str),
) -> Response {
    let shown = match endpoint_of(d, place, id).await {
        Ok(shown) => shown,
        Err(failed) => return failed,
    };
    let (t, endpoint) = (place.visit.t, shown.endpoint);
    let back = place.path(&format!("webhooks/{}", endpoint.id));
    html(&ConfirmPage {
        frame: place.visit.frame(t.say(title), Room::Webhooks),
        text: t.say_with(text, &[("host", host(&endpoint.url).into())]),
        action: format!("{back}/{action}"),
        button: t.say(button),
        back,
    })
}

async fn confirm_remove(
    State(d): State<Dashboard>,
    place: InShop,
    Path((_, id)): Path<(String, String)>,
) -> Response {
    let words = ("hooks-remove-title", "hooks-remove-text", "hooks-remove");
    confirm(&d, &place, &id, "remove", words).await
}

async fn confirm_rotate(
    State(d): State<Dashboard>,
    place: InShop,
    Path((_, id)): Path<(String, String)>,
) -> Response {
    let words = ("hooks-rotate-title", "hooks-rotate-text", "hooks-rotate");
    confirm(&d, &place, &id, "rotate", words).await
}

async fn remove(
    State(d): State<Dashboard>,
    place: InShop,
    Path((_, id)): Path<(String, String)>,
) -> Response {
    let shown = match endpoint_of(&d, &place, &id).await {
        Ok(shown) => shown,
        Err(failed) => return failed,
    };
    let by = place.visit.by(&d.office);
    let removed = d
        .office
        .remove_endpoint(by, place.shop.id, shown.endpoint.id)
        .await;
    match removed {
        Ok(()) | Err(EndpointError::OffAlready { .. }) => {
            Flash::new("hooks-removed", place.path("webhooks")).into_response()
        }
        Err(error) => refused(&place, error),
    }
}

async fn rotate(
    State(d): State<Dashboard>,
    place: InShop,
    Path((_, id)): Path<(String, String)>,
) -> Response {
    let shown = match endpoint_of(&d, &place, &id).await {
        Ok(shown) => shown,
        Err(failed) => return failed,
    };
    let (by, endpoint) = (place.visit.by(&d.office), shown.endpoint.id);
    let path = place.path(&format!("webhooks/{endpoint}"));
    match d.office.rotate_endpoint(by, place.shop.id, endpoint).await {
        Ok(secret) => secret_page(&place, path, "hooks-rotated-title", "hooks-rotated-text", &secret),
        Err(EndpointError::Off(_) | EndpointError::SignedByKey(_)) => {
            Flash::new("hooks-is-off", path).into_response()
        }
        Err(error) => refused(&place, error),
    }
}

async fn show_secret(
    State(d): State<Dashboard>,
    place: InShop,
    Path((_, id)): Path<(String, String)>,
) -> Response {
    let shown = match endpoint_of(&d, &place, &id).await {
        Ok(shown) => shown,
        Err(failed) => return failed,
    };
    let (by, endpoint) = (place.visit.by(&d.office), shown.endpoint.id);
    let path = place.path(&format!("webhooks/{endpoint}"));
    match d.office.endpoint_secret(by, place.shop.id, endpoint).await {
        Ok(secret) => secret_page(&place, path, "hooks-app-key-title", "hooks-app-key-text", &secret),
        Err(EndpointError::ShownOnce(_) | EndpointError::SignedByKey(_)) => problem::not_found(&place.visit),
        Err(error) => refused(&place, error),
    }
}

fn secret_page(place: &InShop, path: String, title: &str, text: &str, secret: &str) -> Response {
    let t = place.visit.t;
    html(&SecretPage {
        frame: place.visit.frame(t.say(title), Room::Webhooks),
        path,
        text: t.say(text),
        secret: secret.to_owned(),
    })
}

async fn test(State(d): State<Dashboard>, place: InShop, Path((_, id)): Path<(String, String)>) -> Response {
    let page = match make(&d, &place, &id, Asked::default()).await {
        Ok(page) => page,
        Err(failed) => return failed,
    };
    let t = place.visit.t;
    let endpoint = id.parse().map_or(0, |id: i64| id);
    let endpoint = crate::domain::ids::EndpointId::new(endpoint);
    let by = place.visit.by(&d.office);
    let told = match d.office.test_fire(by, place.shop.id, endpoint).await {
        Ok(fired) => Told::new(t, &fired),
        Err(EndpointError::Off(_)) => not_sent(t.say("hooks-is-off")),
        Err(EndpointError::Posts(PostsError::NothingSigns)) => not_sent(t.say("hooks-nothing-signs")),
        Err(error) => return refused(&place, error),
    };
    html(&EndpointPage {
        told: Some(told),
        ..page
    })
}

fn not_sent(text: String) -> Told {
    Told {
        is_received: false,
        text,
        advice: String::new(),
        detail: String::new(),
    }
}
