//! A store's API keys.

use crate::web::dashboard::html::{html, html_with};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::{Dashboard, Flash, Form, Frame, InShop, Mistakes, Room, problem};
use crate::domain::allowed::{AllowedError, AllowedNetworks};
use crate::domain::ids::KeyId;
use crate::domain::network::Mode;
use crate::domain::shop::ApiKey;
use crate::engine::office::keys::{KeyChange, KeyError, Made, NewKey};
use crate::web::text::Language;

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/stores/{store}/keys", get(list).post(add))
        .route("/stores/{store}/keys/{key}", get(page).post(save))
        .route("/stores/{store}/keys/{key}/rotate", post(rotate))
        .route("/stores/{store}/keys/{key}/revoke", post(revoke))
}

fn frame(place: &InShop) -> Frame {
    place.visit.frame(place.visit.t.say("nav-keys"), Room::Keys)
}

/// A time, for programs that read the page.
/// A key, as it is shown.
struct Row {
    href: String,
    hint: String,
    label: String,
    mode: String,
    is_live: bool,
    is_public: bool,
    allowed: String,
    made: String,
    made_iso: String,
    /// Since when it is refused.
    revoked: Option<String>,
}

impl Row {
    fn of(place: &InShop, key: &ApiKey) -> Self {
        let t = place.visit.t;
        Self {
            href: place.path(&format!("keys/{}", key.id)),
            hint: key.hint.clone(),
            label: key.label.clone(),
            mode: t.say(&format!("keys-mode-{}", key.mode)),
            is_live: key.mode == Mode::Live,
            is_public: key.is_public,
            allowed: key.allowed.to_string(),
            made: t.moment(key.created_at),
            made_iso: key.created_at.rfc3339(),
            revoked: key.revoked_at.map(|at| t.moment(at)),
        }
    }
}

#[derive(Template)]
#[template(path = "dashboard/keys/list.html")]
struct ListPage {
    frame: Frame,
    working: Vec<Row>,
    revoked: Vec<Row>,
    is_live: bool,
    is_public: bool,
    /// A live key of a store in test mode is refused.
    is_test_store: bool,
    label: String,
    allowed: String,
    mistakes: Mistakes,
}

async fn render(dashboard: &Dashboard, place: &InShop, form: &Form, mistakes: Mistakes) -> Response {
    let keys = match dashboard.office.keys(place.shop.id).await {
        Ok(keys) => keys,
        Err(error) => return problem::failed(place.visit.t, &error),
    };
    let (working, revoked): (Vec<&ApiKey>, Vec<&ApiKey>) =
        keys.iter().partition(|key| key.revoked_at.is_none());
    let rows = |keys: Vec<&ApiKey>| keys.into_iter().map(|key| Row::of(place, key)).collect();
    let status = mistakes.status();
    let page = ListPage {
        frame: frame(place),
        working: rows(working),
        revoked: rows(revoked),
        is_live: form.get("mode") == Mode::Live.word(),
        is_public: form.has("public"),
        is_test_store: place.shop.mode == Mode::Test,
        label: form.get("label").to_owned(),
        allowed: form.get("allowed").to_owned(),
        mistakes,
    };
    html_with(status, &page)
}

async fn list(State(dashboard): State<Dashboard>, place: InShop) -> Response {
    render(&dashboard, &place, &Form::default(), Mistakes::default()).await
}

/// What is wrong with what was typed; `None` for what is nobody's mistake.
fn mistake(t: &Language, error: &KeyError) -> Option<Mistakes> {
    match error {
        KeyError::Label => Some(Mistakes::one("label", t.say("keys-error-label"))),
        KeyError::Allowed(AllowedError::Form(part)) => {
            let part = [("part", part.as_str().into())];
            Some(Mistakes::one("allowed", t.say_with("keys-error-allowed", &part)))
        }
        KeyError::Allowed(AllowedError::TooMany) => {
            Some(Mistakes::one("allowed", t.say("keys-error-allowed-many")))
        }
        KeyError::PublicAndKept => Some(Mistakes::one("allowed", t.say("keys-error-public"))),
        KeyError::Store(_)
        | KeyError::Chance(_)
        | KeyError::UnknownShop(_)
        | KeyError::Unknown(_)
        | KeyError::Revoked { .. } => None,
    }
}

fn allowed_of(form: &Form) -> Result<AllowedNetworks, KeyError> {
    Ok(form.get("allowed").parse()?)
}

async fn add(State(dashboard): State<Dashboard>, place: InShop, form: Form) -> Response {
    let t = place.visit.t;
    let Ok(mode) = form.get("mode").parse::<Mode>() else {
        let mistakes = Mistakes::one("mode", t.say("stores-error-choice"));
        return render(&dashboard, &place, &form, mistakes).await;
    };
    let made = match allowed_of(&form) {
        Ok(allowed) => {
            let new = NewKey {
                mode,
                is_public: form.has("public"),
                label: form.get("label").to_owned(),
                allowed,
            };
            let by = place.visit.by(&dashboard.office);
            dashboard.office.add_key(by, place.shop.id, new).await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok(made) => shown_once(&dashboard, &place, &made, false),
        Err(error) => match mistake(t, &error) {
            Some(mistakes) => render(&dashboard, &place, &form, mistakes).await,
            None => problem::failed(t, &error),
        },
    }
}

#[derive(Template)]
#[template(path = "dashboard/keys/made.html")]
struct MadePage<'a> {
    frame: Frame,
    made: &'a Made,
    is_rotated: bool,
    base_url: String,
    list_path: String,
}

/// The only page that ever shows a key's texts: in the answer to the form, kept in no cache.
fn shown_once(dashboard: &Dashboard, place: &InShop, made: &Made, is_rotated: bool) -> Response {
    let page = MadePage {
        frame: frame(place),
        made,
        is_rotated,
        base_url: dashboard
            .settings
            .public_url
            .as_str()
            .trim_end_matches('/')
            .to_owned(),
        list_path: place.path("keys"),
    };
    html(&page)
}

#[derive(Template)]
#[template(path = "dashboard/keys/key.html")]
struct KeyPage {
    frame: Frame,
    row: Row,
    label: String,
    allowed: String,
    list_path: String,
    mistakes: Mistakes,
}

fn key_page(place: &InShop, key: &ApiKey, form: Option<&Form>, mistakes: Mistakes) -> Response {
    let typed = |name: &str, known: &str| form.map_or(known, |form| form.get(name)).to_owned();
    let status = mistakes.status();
    let page = KeyPage {
        frame: frame(place),
        row: Row::of(place, key),
        label: typed("label", &key.label),
        allowed: typed("allowed", &key.allowed.to_string()),
        list_path: place.path("keys"),
        mistakes,
    };
    html_with(status, &page)
}

/// The key that a path names; the answer to give where it is none of the store's.
async fn found(dashboard: &Dashboard, place: &InShop, id: &str) -> Result<ApiKey, Box<Response>> {
    let id = id.parse().map(KeyId::new).unwrap_or(KeyId::new(0));
    let found = dashboard.office.key(place.shop.id, id).await;
    found.map_err(|error| Box::new(failed(place, &error)))
}

fn failed(place: &InShop, error: &KeyError) -> Response {
    match error {
        KeyError::Unknown(_) => problem::not_found(&place.visit),
        KeyError::Revoked { .. } => Flash::new("keys-revoked-before", place.path("keys")).into_response(),
        error => problem::failed(place.visit.t, error),
    }
}

async fn page(
    State(dashboard): State<Dashboard>,
    place: InShop,
    Path((_, id)): Path<(String, String)>,
) -> Response {
    match found(&dashboard, &place, &id).await {
        Ok(key) => key_page(&place, &key, None, Mistakes::default()),
        Err(refusal) => *refusal,
    }
}

async fn save(
    State(dashboard): State<Dashboard>,
    place: InShop,
    Path((_, id)): Path<(String, String)>,
    form: Form,
) -> Response {
    let key = match found(&dashboard, &place, &id).await {
        Ok(key) => key,
        Err(refusal) => return *refusal,
    };
    let changed = match allowed_of(&form) {
        Ok(allowed) => {
            let what = KeyChange {
                label: Some(form.get("label").to_owned()),
                allowed: Some(allowed),
            };
            let by = place.visit.by(&dashboard.office);
            dashboard.office.change_key(by, place.shop.id, key.id, what).await
        }
        Err(error) => Err(error),
    };
    match changed {
        Ok(()) => Flash::new("keys-saved", place.path("keys")).into_response(),
        Err(error) => match mistake(place.visit.t, &error) {
            Some(mistakes) => key_page(&place, &key, Some(&form), mistakes),
            None => failed(&place, &error),
        },
    }
}

async fn rotate(
    State(dashboard): State<Dashboard>,
    place: InShop,
    Path((_, id)): Path<(String, String)>,
) -> Response {
    let key = match found(&dashboard, &place, &id).await {
        Ok(key) => key,
        Err(refusal) => return *refusal,
    };
    let by = place.visit.by(&dashboard.office);
    match dashboard.office.rotate_key(by, place.shop.id, key.id).await {
        Ok(made) => shown_once(&dashboard, &place, &made, true),
        Err(error) => failed(&place, &error),
    }
}

async fn revoke(
    State(dashboard): State<Dashboard>,
    place: InShop,
    Path((_, id)): Path<(String, String)>,
) -> Response {
    let key = match found(&dashboard, &place, &id).await {
        Ok(key) => key,
        Err(refusal) => return *refusal,
    };
    let by = place.visit.by(&dashboard.office);
    match dashboard.office.revoke_key(by, place.shop.id, key.id).await {
        Ok(()) => Flash::new("keys-revoked", place.path("keys")).into_response(),
        Err(error) => failed(&place, &error),
    }
}

#[cfg(test)]
mod tests;
