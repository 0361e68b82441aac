//! One of those who may sign in: role and stores, password, second factor, sessions.

use std::collections::BTreeSet;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::account::SessionRow;
use super::users::{HOME, MadePage, Rights, chosen, mistake, password_of, sign_in_url};
use crate::domain::ids::UserId;
use crate::domain::user::{Role, Shops, User};
use crate::engine::office::second_factor::SecondFactorError;
use crate::engine::office::users::{UserChange, UserError};
use crate::web::dashboard::again::Again;
use crate::web::dashboard::flash::Flash;
use crate::web::dashboard::html::{html, html_with};
use crate::web::dashboard::moment::Moment;
use crate::web::dashboard::{Dashboard, Form, Frame, Mistakes, Room, Visit, problem};

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/users/{user}", get(page).post(change_rights))
        .route("/users/{user}/disable", post(disable))
        .route("/users/{user}/enable", post(enable))
        .route("/users/{user}/password", post(new_password))
        .route("/users/{user}/second-factor-off", post(second_factor_off))
        .route("/users/{user}/sign-out", post(sign_out))
}

#[derive(Template)]
#[template(path = "dashboard/people/user.html")]
struct UserPage {
    frame: Frame,
    id: UserId,
    is_self: bool,
    is_disabled: bool,
    has_totp: bool,
    created: Moment,
    is_typed: bool,
    rights: Rights,
    sessions: Vec<SessionRow>,
    mistakes: Mistakes,
}

/// Somebody's page, by the number in its path.
async fn find(dashboard: &Dashboard, visit: &Visit, id: &str) -> Result<User, Box<Response>> {
    let Ok(id) = id.parse() else {
        return Err(Box::new(problem::not_found(visit)));
    };
    match dashboard.office.user(UserId::new(id)).await {
        Ok(Some(user)) => Ok(user),
        Ok(None) => Err(Box::new(problem::not_found(visit))),
        Err(error) => Err(Box::new(problem::failed(visit.t, &error))),
    }
}

/// As [`find`], and whoever is signed in says their own password again, in this field: where not, the page says so there.
async fn find_once_known(
    dashboard: &Dashboard,
    visit: &Visit,
    again: Again,
    id: &str,
    form: &Form,
    field: &'static str,
) -> Result<User, Box<Response>> {
    let user = find(dashboard, visit, id).await?;
    match again.knows(dashboard, visit, form.raw(field)).await {
        Ok(()) => Ok(user),
        Err(doubt) => {
            let mistake = Mistakes::one(field, doubt.text.clone());
            Err(Box::new(
                doubt.on(render(dashboard, visit, &user, Some(form), mistake).await),
            ))
        }
    }
}

async fn page(State(dashboard): State<Dashboard>, visit: Visit, Path(id): Path<String>) -> Response {
    match find(&dashboard, &visit, &id).await {
        Ok(user) => render(&dashboard, &visit, &user, None, Mistakes::default()).await,
        Err(response) => *response,
    }
}

/// The page, with what was posted where that was refused.
async fn render(
    dashboard: &Dashboard,
    visit: &Visit,
    user: &User,
    posted: Option<&Form>,
    mistakes: Mistakes,
) -> Response {
    let t = visit.t;
    let limits = dashboard.settings.sessions;
    let sessions = match dashboard.office.sessions(user.id, limits).await {
        Ok(sessions) => sessions,
        Err(error) => return problem::failed(t, &error),
    };
    let typed = posted
        .filter(|form| form.has("role"))
        .map(|form| chosen(form, &visit.shops));
    let (role, shops) = match typed {
        Some((role, shops)) => (role.unwrap_or(user.role), shops),
        None => (user.role, user.shops.clone()),
    };
    let page = UserPage {
        frame: visit.frame(&user.name, Room::Users),
        id: user.id,
        is_self: user.id == visit.user.id,
        is_disabled: user.disabled_at.is_some(),
        has_totp: user.has_totp,
        created: Moment::new(t, user.created_at),
        is_typed: posted.is_some_and(|form| form.get("how") == "typed"),
        rights: Rights::new(t, role, &shops, &visit.shops),
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

fn home(user: &User) -> String {
    format!("{HOME}/{}", user.id)
}

/// A refused change, told at its field on the user's page.
async fn refused(
    dashboard: &Dashboard,
    visit: &Visit,
    user: &User,
    form: &Form,
    error: &UserError,
) -> Response {
    match mistake(visit.t, error) {
        Some((field, text)) => render(dashboard, visit, user, Some(form), Mistakes::one(field, text)).await,
        None => problem::failed(visit.t, error),
    }
}

async fn change_rights(
    State(dashboard): State<Dashboard>,
    visit: Visit,
    again: Again,
    Path(id): Path<String>,
    form: Form,
) -> Response {
    let t = visit.t;
    let user = match find(&dashboard, &visit, &id).await {
        Ok(user) => user,
        Err(response) => return *response,
    };
    let (Some(role), shops) = chosen(&form, &visit.shops) else {
        let mistake = Mistakes::one("role", t.say("user-role-missing"));
        return render(&dashboard, &visit, &user, Some(&form), mistake).await;
    };
    if shops == Shops::Only(BTreeSet::new()) {
        let mistake = Mistakes::one("store", t.say("user-store-missing"));
        return render(&dashboard, &visit, &user, Some(&form), mistake).await;
    }
    if role == Role::Owner
        && user.role != Role::Owner
        && let Err(doubt) = again.knows(&dashboard, &visit, form.raw("own")).await
    {
        let mistake = Mistakes::one("own", doubt.text.clone());
        return doubt.on(render(&dashboard, &visit, &user, Some(&form), mistake).await);
    }
    let change = UserChange {
        role: Some(role),
        shops: Some(shops),
        ..UserChange::default()
    };
    let by = visit.by(&dashboard.office);
    match dashboard.office.change_user(by, user.id, change).await {
        // Who gave up being an owner sees this page no more.
        Ok(changed) if changed.id == visit.user.id && changed.role != Role::Owner => {
            Flash::new("user-change-done", "/").into_response()
        }
        Ok(_) => Flash::new("user-change-done", home(&user)).into_response(),
        Err(error) => refused(&dashboard, &visit, &user, &form, &error).await,
    }
}

async fn disable(
    State(dashboard): State<Dashboard>,
    visit: Visit,
    Path(id): Path<String>,
    form: Form,
) -> Response {
    match find(&dashboard, &visit, &id).await {
        Ok(user) => set_disabled(&dashboard, &visit, &user, &form, true).await,
        Err(response) => *response,
    }
}

/// Who was shut out and is let in again comes back with all their rights, so it takes what making a user takes.
async fn enable(
    State(dashboard): State<Dashboard>,
    visit: Visit,
    again: Again,
    Path(id): Path<String>,
    form: Form,
) -> Response {
    match find_once_known(&dashboard, &visit, again, &id, &form, "own-enable").await {
        Ok(user) => set_disabled(&dashboard, &visit, &user, &form, false).await,
        Err(response) => *response,
    }
}

async fn set_disabled(
    dashboard: &Dashboard,
    visit: &Visit,
    user: &User,
    form: &Form,
    is_disabled: bool,
) -> Response {
    let change = UserChange {
        is_disabled: Some(is_disabled),
        ..UserChange::default()
    };
    let by = visit.by(&dashboard.office);
    match dashboard.office.change_user(by, user.id, change).await {
        Ok(_) if is_disabled => Flash::new("user-disable-done", home(user)).into_response(),
        Ok(_) => Flash::new("user-enable-done", home(user)).into_response(),
        Err(error) => refused(dashboard, visit, user, form, &error).await,
    }
}

async fn new_password(
    State(dashboard): State<Dashboard>,
    visit: Visit,
    again: Again,
    Path(id): Path<String>,
    form: Form,
) -> Response {
    let t = visit.t;
    let user = match find_once_known(&dashboard, &visit, again, &id, &form, "own-password").await {
        Ok(user) => user,
        Err(response) => return *response,
    };
    let (password, made) = match password_of(&dashboard, &form) {
        Ok(password) => password,
        Err(error) => return problem::failed(t, &error),
    };
    let by = visit.by(&dashboard.office);
    // One's own is changed under one's account; here, too, it ends nothing that is needed to go on.
    let kept = (user.id == visit.user.id).then_some(visit.session.id);
    match (
        dashboard.office.set_password(by, &user, &password, kept).await,
        made,
    ) {
        (Ok(user), Some(made)) => {
            let page = MadePage {
                frame: visit.frame(&user.name, Room::Users),
                said: t.say("user-password-done"),
                name: user.name,
                password: made,
                url: sign_in_url(&dashboard),
            };
            html(&page)
        }
        (Ok(user), None) => Flash::new("user-password-done", home(&user)).into_response(),
        (Err(error), _) => refused(&dashboard, &visit, &user, &form, &error).await,
    }
}

async fn second_factor_off(
    State(dashboard): State<Dashboard>,
    visit: Visit,
    again: Again,
    Path(id): Path<String>,
    form: Form,
) -> Response {
    let user = match find_once_known(&dashboard, &visit, again, &id, &form, "own-factor").await {
        Ok(user) => user,
        Err(response) => return *response,
    };
    // One's own takes a code besides, under one's account.
    if user.id == visit.user.id {
        return axum::response::Redirect::to("/account/second-factor").into_response();
    }
    let by = visit.by(&dashboard.office);
    match dashboard.office.switch_off_second_factor(by, user.id).await {
        Ok(_) | Err(SecondFactorError::NotSo) => {
            Flash::new("user-second-factor-done", home(&user)).into_response()
        }
        Err(error) => problem::failed(visit.t, &error),
    }
}

async fn sign_out(State(dashboard): State<Dashboard>, visit: Visit, Path(id): Path<String>) -> Response {
    let user = match find(&dashboard, &visit, &id).await {
        Ok(user) => user,
        Err(response) => return *response,
    };
    let by = visit.by(&dashboard.office);
    let kept = (user.id == visit.user.id).then_some(visit.session.id);
    match dashboard.office.end_sessions(by, &user, kept).await {
        Ok(_) => Flash::new("user-sign-out-done", home(&user)).into_response(),
        Err(error) => problem::failed(visit.t, &error),
    }
}
