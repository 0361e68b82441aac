//! Pages for what went wrong: not there, not allowed, not signed in, not one of our forms, failed.

use crate::web::dashboard::html::html_with;
use askama::Template;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};

use super::Visit;
use super::frame::Door;
use crate::domain::user::Role;
use crate::web::limits::TooMany;
use crate::web::text::Language;

#[derive(Template)]
#[template(path = "dashboard/problem.html")]
struct ProblemPage {
    door: Door,
    text: String,
}

fn page(t: &'static Language, status: StatusCode, title: &str, text: String) -> Response {
    let page = ProblemPage {
        door: Door::new(t, t.say(title)),
        text,
    };
    html_with(status, &page)
}

/// There is no such page, or it is another store's.
pub(super) fn not_found(visit: &Visit) -> Response {
    let t = visit.t;
    page(
        t,
        StatusCode::NOT_FOUND,
        "office-not-found-title",
        t.say("office-not-found-text"),
    )
}

/// The role does not reach.
pub(super) fn forbidden(visit: &Visit, needed: Role) -> Response {
    let t = visit.t;
    let needed = t.say(&format!("role-{needed}"));
    let text = t.say_with("office-forbidden-text", &[("role", needed.into())]);
    page(t, StatusCode::FORBIDDEN, "office-forbidden-title", text)
}

/// A form that was not posted from one of these pages, or from one that was open too long.
pub(super) fn foreign_form(t: &'static Language) -> Response {
    page(
        t,
        StatusCode::FORBIDDEN,
        "office-foreign-title",
        t.say("office-foreign-text"),
    )
}

/// Asked for by a name that is not the dashboard's.
pub(super) fn foreign_host(t: &'static Language) -> Response {
    page(
        t,
        StatusCode::MISDIRECTED_REQUEST,
        "entry-host-title",
        t.say("entry-host-text"),
    )
}

/// Nobody is signed in.
pub(super) fn not_signed_in(t: &'static Language) -> Response {
    page(
        t,
        StatusCode::UNAUTHORIZED,
        "office-signed-out-title",
        t.say("office-signed-out-text"),
    )
}

/// The set-up link is not good any more.
pub(super) fn link_gone(t: &'static Language) -> Response {
    page(
        t,
        StatusCode::NOT_FOUND,
        "office-link-gone-title",
        t.say("office-link-gone-text"),
    )
}

/// Too many failed before.
pub(super) fn too_many(t: &'static Language, too_many: TooMany) -> Response {
    let text = t.say_with("entry-too-many", &[("seconds", too_many.seconds().into())]);
    let mut response = page(t, StatusCode::TOO_MANY_REQUESTS, "office-too-many-title", text);
    response.headers_mut().insert(RETRY_AFTER, too_many.header());
    response
}

/// What was posted could not be read.
pub(super) fn unread(t: &'static Language, status: StatusCode) -> Response {
    page(t, status, "office-unread-title", t.say("office-unread-text"))
}

/// payd's own fault, which the log tells of.
pub(super) fn failed(t: &'static Language, error: &(dyn std::error::Error + 'static)) -> Response {
    tracing::error!(error, "a page of the dashboard could not be made");
    page(
        t,
        StatusCode::INTERNAL_SERVER_ERROR,
        "office-failed-title",
        t.say("office-failed-text"),
    )
}

/// A route that the guard does not stand before: a fault in the wiring.
pub(super) fn without_visit() -> Response {
    tracing::error!("a page of the dashboard was asked for without its guard");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
