//! The first step: who owns this payd. Whoever has the link that was printed at the start.

use crate::web::dashboard::html::html_with;
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use super::{Step, StepFrame};
use crate::engine::office::passwords::{Password, PasswordError};
use crate::engine::office::sessions::Browser;
use crate::engine::office::setup::SetupError;
use crate::engine::office::users::UserError;
use crate::web::dashboard::guard::keep_session;
use crate::web::dashboard::{Dashboard, Form, Mistakes, Stranger, problem};
use crate::web::limits::{ClientAddress, Kind};
use crate::web::text::Language;

pub(super) fn router() -> Router<Dashboard> {
    Router::new().route("/setup/{token}", get(page).post(make))
}

#[derive(Template)]
#[template(path = "dashboard/start/owner.html")]
struct OwnerPage {
    frame: StepFrame,
    path: String,
    name: String,
    mistakes: Mistakes,
}

fn render(t: &'static Language, token: &str, name: &str, mistakes: Mistakes) -> Response {
    let page = OwnerPage {
        frame: StepFrame::new(t, Step::Owner),
        path: format!("/setup/{token}"),
        name: name.to_owned(),
        mistakes,
    };
    html_with(page.mistakes.status(), &page)
}

async fn page(
    State(dashboard): State<Dashboard>,
    stranger: Stranger,
    client: ClientAddress,
    Path(token): Path<String>,
) -> Response {
    if let Err(refusal) = check(&dashboard, &stranger, client, &token).await {
        return *refusal;
    }
    render(stranger.t, &token, "", Mistakes::default())
}

/// Whether the link is good. Who guesses links is slowed down.
async fn check(
    dashboard: &Dashboard,
    stranger: &Stranger,
    client: ClientAddress,
    token: &str,
) -> Result<(), Box<Response>> {
    let t = stranger.t;
    let attempt = dashboard.limits.attempt_of(Kind::SignIn, client, None);
    let attempt = attempt.map_err(|too_many| Box::new(problem::too_many(t, too_many)))?;
    match dashboard.office.is_setup_link(token).await {
        Ok(true) => {
            attempt.worked();
            Ok(())
        }
        Ok(false) => {
            attempt.failed();
            Err(Box::new(problem::link_gone(t)))
        }
        Err(error) => {
            attempt.undecided();
            Err(Box::new(problem::failed(t, &error)))
        }
    }
}

async fn make(
    State(dashboard): State<Dashboard>,
    stranger: Stranger,
    client: ClientAddress,
    Path(token): Path<String>,
    form: Form,
) -> Response {
    if let Err(refusal) = check(&dashboard, &stranger, client, &token).await {
        return *refusal;
    }
    let t = stranger.t;
    let name = form.get("name");
    let browser = Browser {
        address: client.to_string(),
        agent: stranger.agent.clone(),
    };
    let password = Password::new(form.raw("password"));
    match dashboard
        .office
        .make_first_owner(&token, name, &password, browser)
        .await
    {
        Ok(signed_in) => {
            let settings = &dashboard.settings;
            let cookie = keep_session(
                settings.is_secure(),
                &signed_in.token,
                settings.sessions.absolute.as_secs(),
            );
            ([(SET_COOKIE, cookie)], Redirect::to("/start/store")).into_response()
        }
        Err(SetupError::User(UserError::Name)) => {
            let mistakes = Mistakes::one("name", t.say("user-name-mistake"));
            render(t, &token, name, mistakes)
        }
        Err(SetupError::User(UserError::Password(error))) => match password_mistake(t, error) {
            Some(text) => render(t, &token, name, Mistakes::one("password", text)),
            None => problem::failed(t, &error),
        },
        Err(SetupError::LinkGone) => problem::link_gone(t),
        Err(error) => problem::failed(t, &error),
    }
}

/// What is wrong with a password, for who typed it; `None` when that is payd's own fault.
pub(in crate::web::dashboard) fn password_mistake(t: &Language, error: PasswordError) -> Option<String> {
    use crate::domain::user::PASSWORD_LENGTH_MIN;
    match error {
        PasswordError::TooShort => {
            let least = u32::try_from(PASSWORD_LENGTH_MIN).unwrap_or(u32::MAX);
            Some(t.say_with("password-short", &[("least", least.into())]))
        }
        PasswordError::TooLong => Some(t.say("password-long")),
        PasswordError::TooPlain => Some(t.say("password-plain")),
        PasswordError::NoRandomness(_) | PasswordError::NotHashed => None,
    }
}
