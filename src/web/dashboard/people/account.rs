//! One's own account: password, language, second factor, and where one is signed in.

use crate::web::dashboard::html::html_with;
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::agent;
use crate::domain::ids::SessionId;
use crate::domain::user::{PASSWORD_LENGTH_MIN, Session};
use crate::engine::office::passwords::{Password, PasswordError};
use crate::engine::office::users::{UserChange, UserError};
use crate::web::dashboard::again::Again;
use crate::web::dashboard::flash::Flash;
use crate::web::dashboard::moment::Moment;
use crate::web::dashboard::{Dashboard, Form, Frame, Mistakes, Room, Visit, problem};
use crate::web::text::{self, Language};

const HOME: &str = "/account";

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route(HOME, get(page))
        .route("/account/password", post(change_password))
        .route("/account/language", post(change_language))
        .route("/account/sessions/end", post(end_others))
        .route("/account/sessions/{session}/end", post(end_one))
}

/// A session in a list.
pub(super) struct SessionRow {
    pub(super) id: SessionId,
    pub(super) browser: String,
    pub(super) address: String,
    pub(super) created: Moment,
    pub(super) seen: Moment,
    pub(super) is_this: bool,
}

impl SessionRow {
    pub(super) fn new(t: &'static Language, session: Session, own: SessionId) -> Self {
        Self {
            id: session.id,
            browser: agent::named(&session.agent),
            address: session.address,
            created: Moment::new(t, session.created_at),
            seen: Moment::new(t, session.seen_at),
            is_this: session.id == own,
        }
    }
}

#[derive(Template)]
#[template(path = "dashboard/people/account.html")]
struct AccountPage {
    frame: Frame,
    name: String,
    role: String,
    has_totp: bool,
    codes_left: String,
    /// By code and own name, and whether it is the user's.
    languages: Vec<(&'static str, &'static str, bool)>,
    has_own_language: bool,
    sessions: Vec<SessionRow>,
    mistakes: Mistakes,
}

async fn page(State(dashboard): State<Dashboard>, visit: Visit) -> Response {
    render(&dashboard, &visit, Mistakes::default()).await
}

async fn render(dashboard: &Dashboard, visit: &Visit, mistakes: Mistakes) -> Response {
    let (t, user) = (visit.t, &visit.user);
    let office = &dashboard.office;
    let sessions = match office.sessions(user.id, dashboard.settings.sessions).await {
        Ok(sessions) => sessions,
        Err(error) => return problem::failed(t, &error),
    };
    let codes_left = match office.recovery_codes_left(user.id).await {
        Ok(left) => left,
        Err(error) => return problem::failed(t, &error),
    };
    let own = user.language.as_deref().and_then(text::named);
    let is_own = |language: &Language| own.is_some_and(|own| own.code() == language.code());
    let page = AccountPage {
        frame: visit.frame(t.say("account-title"), Room::Account),
        name: user.name.clone(),
        role: t.say(&format!("role-{}", user.role)),
        has_totp: user.has_totp,
        codes_left: t.say_with("recovery-left", &[("count", codes_left.into())]),
        languages: text::languages()
            .map(|language| (language.code(), language.name(), is_own(language)))
            .collect(),
        has_own_language: own.is_some(),
        sessions: sessions
            .into_iter()
            .map(|session| SessionRow::new(t, session, visit.session.id))
            .collect(),
        mistakes,
    };
    let status = if page.mistakes.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    html_with(status, &page)
}

/// What is said of a password that is not taken.
pub(super) fn password_text(t: &'static Language, error: PasswordError) -> Option<String> {
    match error {
        PasswordError::TooShort => {
            Some(t.say_with("password-too-short", &[("length", PASSWORD_LENGTH_MIN.into())]))
        }
        PasswordError::TooLong => Some(t.say("password-too-long")),
        PasswordError::TooPlain => Some(t.say("password-too-plain")),
        PasswordError::NoRandomness(_) | PasswordError::NotHashed => None,
    }
}

async fn change_password(
    State(dashboard): State<Dashboard>,
    visit: Visit,
    again: Again,
    form: Form,
) -> Response {
    let t = visit.t;
    let (new, repeated) = (form.raw("new"), form.raw("again"));
    let mut mistakes = Mistakes::default();
    let password = Password::new(new);
    if let Err(error) = password.check(&visit.user.name)
        && let Some(text) = password_text(t, error)
    {
        mistakes.add("new", text);
    }
    if new != repeated {
        mistakes.add("again", t.say("password-not-same"));
    }
    if let Err(doubt) = again.knows(&dashboard, &visit, form.raw("old")).await {
        mistakes.add("old", doubt.text);
    }
    if !mistakes.is_empty() {
        return render(&dashboard, &visit, mistakes).await;
    }
    let by = visit.by(&dashboard.office);
    let kept = Some(visit.session.id);
    match dashboard
        .office
        .set_password(by, &visit.user, &password, kept)
        .await
    {
        Ok(_) => Flash::new("account-password-done", HOME).into_response(),
        Err(error) => failed(&visit, &error),
    }
}

fn failed(visit: &Visit, error: &UserError) -> Response {
    problem::failed(visit.t, error)
}

async fn change_language(State(dashboard): State<Dashboard>, visit: Visit, form: Form) -> Response {
    let chosen = form.get("language");
    // Of the languages there are: what is posted besides is taken for the browser's choice.
    let language = text::languages().find(|language| language.code() == chosen);
    let change = UserChange {
        language: Some(language.map(|language| language.code().to_owned())),
        ..UserChange::default()
    };
    let by = visit.by(&dashboard.office);
    match dashboard.office.change_user(by, visit.user.id, change).await {
        Ok(_) => Flash::new("account-language-done", HOME).into_response(),
        Err(error) => failed(&visit, &error),
    }
}

async fn end_one(State(dashboard): State<Dashboard>, visit: Visit, Path(session): Path<String>) -> Response {
    let Ok(id) = session.parse() else {
        return problem::not_found(&visit);
    };
    let by = visit.by(&dashboard.office);
    match dashboard
        .office
        .end_session(by, &visit.user, SessionId::new(id))
        .await
    {
        Ok(true) => Flash::new("account-session-done", HOME).into_response(),
        Ok(false) => problem::not_found(&visit),
        Err(error) => problem::failed(visit.t, &error),
    }
}

async fn end_others(State(dashboard): State<Dashboard>, visit: Visit) -> Response {
    let by = visit.by(&dashboard.office);
    let kept = Some(visit.session.id);
    match dashboard.office.end_sessions(by, &visit.user, kept).await {
        Ok(_) => Flash::new("account-sessions-done", HOME).into_response(),
        Err(error) => problem::failed(visit.t, &error),
    }
}
