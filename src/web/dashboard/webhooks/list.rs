//! A store's endpoints, and adding one.

use crate::web::dashboard::html::{html, html_with};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;

use super::refused;
use super::words::{event_name, format_name, host};
use crate::domain::event::EventKind;
use crate::domain::ids::KeyId;
use crate::domain::shop::{ApiKey, Format};
use crate::engine::office::endpoints::{EndpointError, EndpointOrder, Shown, WAITING_MAX};
use crate::web::dashboard::moment::Moment;
use crate::web::dashboard::{Dashboard, Form, Frame, InShop, Mistakes, Room, problem};
use crate::web::text::Language;

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/stores/{store}/webhooks", get(list).post(add))
        .route("/stores/{store}/webhooks/new", get(new))
}

struct Row {
    path: String,
    name: String,
    format: &'static str,
    is_on: bool,
    waiting: String,
    received: Option<Moment>,
    failed: Option<Moment>,
}

fn row(place: &InShop, shown: Shown) -> Row {
    let (t, endpoint) = (place.visit.t, shown.endpoint);
    Row {
        path: place.path(&format!("webhooks/{}", endpoint.id)),
        name: if place.visit.is_owner() {
            endpoint.url
        } else {
            host(&endpoint.url)
        },
        format: format_name(endpoint.format),
        is_on: endpoint.disabled_at.is_none(),
        waiting: waiting(t, shown.waiting),
        received: shown.received_at.map(|at| Moment::new(t, at)),
        failed: shown.failed_at.map(|at| Moment::new(t, at)),
    }
}

/// How many wait; from some number on, that there are more.
pub(super) fn waiting(t: &Language, count: u32) -> String {
    let shown = t.number(&count.to_string());
    if count < WAITING_MAX {
        shown
    } else {
        format!("{shown}+")
    }
}

#[derive(Template)]
#[template(path = "dashboard/webhooks/list.html")]
struct ListPage {
    frame: Frame,
    is_owner: bool,
    path: String,
    rows: Vec<Row>,
}

async fn list(State(d): State<Dashboard>, place: InShop) -> Response {
    let endpoints = match d.office.endpoints(place.shop.id).await {
        Ok(endpoints) => endpoints,
        Err(error) => return refused(&place, error),
    };
    html(&ListPage {
        frame: place
            .visit
            .frame(place.visit.t.say("nav-webhooks"), Room::Webhooks),
        is_owner: place.visit.is_owner(),
        path: place.path("webhooks"),
        rows: endpoints.into_iter().map(|shown| row(&place, shown)).collect(),
    })
}

/// A box to tick.
pub(super) struct Choice {
    pub(super) word: String,
    pub(super) name: String,
    pub(super) is_chosen: bool,
}

/// The events there are, those of `chosen` ticked.
pub(super) fn event_choices(t: &Language, chosen: &[EventKind]) -> Vec<Choice> {
    let all = EventKind::ALL.iter().copied();
    all.map(|kind| Choice {
        word: kind.word().to_owned(),
        name: event_name(t, kind),
        is_chosen: chosen.contains(&kind),
    })
    .collect()
}

/// The events that were ticked; what is none was not ticked.
pub(super) fn events_of(form: &Form) -> Vec<EventKind> {
    form.all("events").filter_map(|word| word.parse().ok()).collect()
}

fn format_choices(chosen: Format) -> Vec<Choice> {
    let all = Format::ALL.iter().copied();
    all.map(|format| Choice {
        word: format.word().to_owned(),
        name: format_name(format).to_owned(),
        is_chosen: format == chosen,
    })
    .collect()
}

fn key_choices(keys: &[ApiKey], chosen: &str) -> Vec<Choice> {
    let working = keys.iter().filter(|key| key.revoked_at.is_none());
    working
        .map(|key| Choice {
            word: key.id.to_string(),
            name: format!("{} · {}… ({})", key.id, key.hint, key.mode),
            is_chosen: key.id.to_string() == chosen,
        })
        .collect()
}

#[derive(Template)]
#[template(path = "dashboard/webhooks/new.html")]
struct NewPage {
    frame: Frame,
    path: String,
    url: String,
    formats: Vec<Choice>,
    keys: Vec<Choice>,
    events: Vec<Choice>,
    mistakes: Mistakes,
}

async fn new_page(
    d: &Dashboard,
    place: &InShop,
    form: &Form,
    mistakes: Mistakes,
) -> Result<NewPage, Response> {
    let t = place.visit.t;
    let keys = match d.office.endpoint_keys(place.shop.id).await {
        Ok(keys) => keys,
        Err(error) => return Err(problem::failed(t, &error)),
    };
    let format = form.get("format").parse();
    Ok(NewPage {
        frame: place.visit.frame(t.say("hooks-new-title"), Room::Webhooks),
        path: place.path("webhooks"),
        url: form.get("url").to_owned(),
        formats: format_choices(format.unwrap_or_else(|_| Format::from(place.shop.dialect))),
        keys: key_choices(&keys, form.get("key")),
        events: event_choices(t, &events_of(form)),
        mistakes,
    })
}

async fn new(State(d): State<Dashboard>, place: InShop, form: Form) -> Response {
    match new_page(&d, &place, &form, Mistakes::default()).await {
        Ok(page) => html(&page),
        Err(failed) => failed,
    }
}

/// A secret that is shown this once.
#[derive(Template)]
#[template(path = "dashboard/webhooks/secret.html")]
pub(super) struct SecretPage {
    pub(super) frame: Frame,
    pub(super) path: String,
    pub(super) text: String,
    /// None where posts are signed with the secrets of API keys.
    pub(super) secret: String,
}

async fn add(State(d): State<Dashboard>, place: InShop, form: Form) -> Response {
    let (t, visit) = (place.visit.t, &place.visit);
    let order = EndpointOrder {
        url: form.get("url").to_owned(),
        format: form.get("format").parse().ok(),
        key: form.get("key").parse().ok().map(KeyId::new),
        events: events_of(&form),
    };
    let made = d
        .office
        .add_endpoint(visit.by(&d.office), &place.shop, order)
        .await;
    let mistakes = match made {
        Ok(made) => {
            let text = match made.secret {
                Some(_) => t.say("hooks-added-text"),
                None => t.say("hooks-added-by-key-text"),
            };
            return html(&SecretPage {
                frame: visit.frame(t.say("hooks-added-title"), Room::Webhooks),
                path: place.path(&format!("webhooks/{}", made.endpoint.id)),
                text,
                secret: made
                    .secret
                    .map(|secret| secret.as_str().to_owned())
                    .unwrap_or_default(),
            });
        }
        Err(EndpointError::Url(why)) => {
            Mistakes::one("url", t.say_with("hooks-url-refused", &[("why", why.into())]))
        }
        Err(EndpointError::NoKey { .. } | EndpointError::KeyRevoked { .. }) => {
            Mistakes::one("key", t.say("hooks-key-gone"))
        }
        Err(error) => return refused(&place, error),
    };
    match new_page(&d, &place, &form, mistakes).await {
        Ok(page) => html_with(StatusCode::UNPROCESSABLE_ENTITY, &page),
        Err(failed) => failed,
    }
}
