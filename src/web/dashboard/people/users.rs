//! All who may sign in, and a new one.

use crate::web::dashboard::html::{html, html_with};
use std::collections::BTreeSet;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::account::password_text;
use crate::domain::ids::ShopId;
use crate::domain::shop::Shop;
use crate::domain::user::{Role, Shops, User};
use crate::engine::office::passwords::Password;
use crate::engine::office::users::UserError;
use crate::web::dashboard::again::Again;
use crate::web::dashboard::flash::Flash;
use crate::web::dashboard::{Dashboard, Form, Frame, Mistakes, Room, Visit, problem};
use crate::web::text::Language;

pub(super) const HOME: &str = "/users";

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route(HOME, get(page).post(add))
        .route("/users/new", get(new_page))
}

struct UserRow {
    id: i64,
    name: String,
    role: String,
    stores: String,
    has_totp: bool,
    is_disabled: bool,
    is_self: bool,
}

#[derive(Template)]
#[template(path = "dashboard/people/users.html")]
struct UsersPage {
    frame: Frame,
    users: Vec<UserRow>,
}

async fn page(State(dashboard): State<Dashboard>, visit: Visit) -> Response {
    let t = visit.t;
    let users = match dashboard.office.users().await {
        Ok(users) => users,
        Err(error) => return problem::failed(t, &error),
    };
    let row = |user: User| UserRow {
        id: user.id.get(),
        role: t.say(&format!("role-{}", user.role)),
        stores: stores_text(t, &user.shops, &visit.shops),
        has_totp: user.has_totp,
        is_disabled: user.disabled_at.is_some(),
        is_self: user.id == visit.user.id,
        name: user.name,
    };
    let page = UsersPage {
        frame: visit.frame(t.say("nav-users"), Room::Users),
        users: users.into_iter().map(row).collect(),
    };
    html(&page)
}

/// The names of somebody's stores.
fn stores_text(t: &'static Language, seen: &Shops, all: &[Shop]) -> String {
    match seen {
        Shops::All => t.say("user-all-stores"),
        Shops::Only(_) => {
            let names = all.iter().filter(|shop| seen.has(shop.id));
            let names: Vec<&str> = names.map(|shop| shop.name.as_str()).collect();
            names.join(", ")
        }
    }
}

/// What is chosen of role and stores, as it stands in the form.
pub(super) struct Rights {
    /// The role by its word, its name, what it may do, and whether it is chosen.
    pub(super) roles: Vec<(&'static str, String, String, bool)>,
    pub(super) sees_all: bool,
    /// By row number and name, and whether it is chosen.
    pub(super) stores: Vec<(i64, String, bool)>,
}

impl Rights {
    pub(super) fn new(t: &'static Language, role: Role, seen: &Shops, all: &[Shop]) -> Self {
        let of_role = |known: &Role| {
            let word = known.word();
            let name = t.say(&format!("role-{word}"));
            (word, name, t.say(&format!("role-may-{word}")), *known == role)
        };
        Self {
            roles: Role::ALL.iter().map(of_role).collect(),
            sees_all: *seen == Shops::All,
            stores: all
                .iter()
                .map(|shop| {
                    let is_chosen = matches!(seen, Shops::Only(only) if only.contains(&shop.id));
                    (shop.id.get(), shop.name.clone(), is_chosen)
                })
                .collect(),
        }
    }
}

/// Role and stores as a form has them; a store that is none of payd's is left out. Owners see all.
pub(super) fn chosen(form: &Form, all: &[Shop]) -> (Option<Role>, Shops) {
    let role = form.get("role").parse().ok();
    if form.get("scope") != "some" || role == Some(Role::Owner) {
        return (role, Shops::All);
    }
    let ids = form
        .all("store")
        .filter_map(|id| id.parse().ok())
        .map(ShopId::new);
    let known: BTreeSet<ShopId> = ids.filter(|id| all.iter().any(|shop| shop.id == *id)).collect();
    (role, Shops::Only(known))
}

#[derive(Template)]
#[template(path = "dashboard/people/user-new.html")]
struct NewPage {
    frame: Frame,
    name: String,
    is_typed: bool,
    rights: Rights,
    mistakes: Mistakes,
}

/// A password that payd made, shown this once.
#[derive(Template)]
#[template(path = "dashboard/people/user-made.html")]
pub(super) struct MadePage {
    pub(super) frame: Frame,
    pub(super) said: String,
    pub(super) name: String,
    pub(super) password: String,
    /// Where they sign in.
    pub(super) url: String,
}

fn render_new(visit: &Visit, form: &Form, mistakes: Mistakes) -> Response {
    let t = visit.t;
    let (role, shops) = chosen(form, &visit.shops);
    let page = NewPage {
        frame: visit.frame(t.say("user-new-title"), Room::Users),
        name: form.get("name").to_owned(),
        is_typed: form.get("how") == "typed",
        rights: Rights::new(t, role.unwrap_or(Role::Staff), &shops, &visit.shops),
        mistakes,
    };
    let status = if page.mistakes.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    html_with(status, &page)
}

async fn new_page(visit: Visit, form: Form) -> Response {
    render_new(&visit, &form, Mistakes::default())
}

/// What is said of a user that cannot be so, and at which field; `None` when it is payd's own fault.
pub(super) fn mistake(t: &'static Language, error: &UserError) -> Option<(&'static str, String)> {
    match error {
        UserError::Name => Some(("name", t.say("user-name-wrong"))),
        UserError::Taken(_) => Some(("name", t.say("user-name-taken"))),
        UserError::Password(error) => Some(("password", password_text(t, *error)?)),
        UserError::LastOwner => Some(("role", t.say("user-last-owner"))),
        UserError::OwnerOfSome => Some(("role", t.say("user-owner-sees-all"))),
        UserError::Store(_) | UserError::Unknown(_) => None,
    }
}

/// A password as typed, or made; with its text in that case.
pub(super) fn password_of(
    dashboard: &Dashboard,
    form: &Form,
) -> Result<(Password, Option<String>), UserError> {
    if form.get("how") == "typed" {
        return Ok((Password::new(form.raw("password")), None));
    }
    let made = dashboard.office.made_password()?;
    Ok((Password::new(made.clone()), Some(made)))
}

async fn add(State(dashboard): State<Dashboard>, visit: Visit, again: Again, form: Form) -> Response {
    let t = visit.t;
    let (Some(role), shops) = chosen(&form, &visit.shops) else {
        return render_new(&visit, &form, Mistakes::one("role", t.say("user-role-missing")));
    };
    if shops == Shops::Only(BTreeSet::new()) {
        return render_new(&visit, &form, Mistakes::one("store", t.say("user-store-missing")));
    }
    if role == Role::Owner
        && let Err(doubt) = again.knows(&dashboard, &visit, form.raw("own")).await
    {
        return doubt.on(render_new(
            &visit,
            &form,
            Mistakes::one("own", doubt.text.clone()),
        ));
    }
    let (password, made) = match password_of(&dashboard, &form) {
        Ok(password) => password,
        Err(error) => return problem::failed(t, &error),
    };
    let (by, name) = (visit.by(&dashboard.office), form.get("name"));
    let added = dashboard.office.add_user(by, name, role, shops, &password).await;
    match (added, made) {
        (Ok(user), Some(made)) => {
            let page = MadePage {
                frame: visit.frame(t.say("user-new-title"), Room::Users),
                said: t.say("user-add-done"),
                name: user.name,
                password: made,
                url: sign_in_url(&dashboard),
            };
            html(&page)
        }
        (Ok(_), None) => Flash::new("user-add-done", HOME).into_response(),
        (Err(error), _) => match mistake(t, &error) {
            Some((field, text)) => render_new(&visit, &form, Mistakes::one(field, text)),
            None => problem::failed(t, &error),
        },
    }
}

/// Where people sign in.
pub(super) fn sign_in_url(dashboard: &Dashboard) -> String {
    let own = dashboard.settings.own_url.as_str();
    format!("{}/sign-in", own.trim_end_matches('/'))
}
