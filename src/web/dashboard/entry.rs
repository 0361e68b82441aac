//! Signing in and out.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::header::{RETRY_AFTER, SET_COOKIE};
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use super::frame::Door;
use super::guard::{SECOND_FACTOR, keep_session};
use super::{Dashboard, Form, Mistakes, Stranger, Visit, problem};
use crate::engine::office::passwords::Password;
use crate::engine::office::sessions::{Browser, SignInError};
use crate::web::limits::{ClientAddress, Kind};

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/sign-in", get(page).post(sign_in))
        .route("/sign-out", post(sign_out))
}

#[derive(Template)]
#[template(path = "dashboard/entry/sign-in.html")]
struct SignInPage {
    door: Door,
    name: String,
    /// Where to go on.
    next: String,
    mistakes: Mistakes,
}

fn render(stranger: &Stranger, name: &str, next: String, mistakes: Mistakes) -> Html<String> {
    let t = stranger.t;
    let page = SignInPage {
        door: Door::new(t, t.say("entry-sign-in-title")),
        name: name.to_owned(),
        next,
        mistakes,
    };
    Html(page.render().unwrap_or_default())
}

async fn page(stranger: Stranger, uri: Uri) -> Response {
    let query = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let next = query.into_iter().find(|(name, _)| name == "next");
    let next = next.map(|(_, value)| value.into_owned()).unwrap_or_default();
    render(&stranger, "", own_path(&next), Mistakes::default()).into_response()
}

/// A path of this site, or the first page: nobody is led elsewhere by a link to the sign-in page.
fn own_path(next: &str) -> String {
    let is_own = next.starts_with('/')
        && !next.starts_with("//")
        && !next.chars().any(|char| char == '\\' || char.is_control());
    if is_own { next.to_owned() } else { "/".to_owned() }
}

async fn sign_in(
    State(dashboard): State<Dashboard>,
    stranger: Stranger,
    client: ClientAddress,
    form: Form,
) -> Response {
    let (name, next) = (form.get("name"), own_path(form.get("next")));
    let t = stranger.t;
    let attempt = match dashboard.limits.attempt_of(Kind::SignIn, client, Some(name)) {
        Ok(attempt) => attempt,
        Err(too_many) => {
            let text = t.say_with("entry-too-many", &[("seconds", too_many.seconds().into())]);
            let page = render(&stranger, name, next, Mistakes::one("password", text));
            let headers = [(RETRY_AFTER, too_many.header())];
            return (StatusCode::TOO_MANY_REQUESTS, headers, page).into_response();
        }
    };
    let browser = Browser {
        address: client.to_string(),
        agent: stranger.agent.clone(),
    };
    let password = Password::new(form.raw("password"));
    let signed_in = dashboard.office.sign_in(name, &password, browser).await;
    attempt.settle(&signed_in, |error| matches!(error, SignInError::Wrong));
    match signed_in {
        Ok(signed_in) => {
            let settings = &dashboard.settings;
            let age_max_s = settings.sessions.absolute.as_secs();
            let cookie = keep_session(settings.is_secure(), &signed_in.token, age_max_s);
            let to = if signed_in.is_whole { &next } else { SECOND_FACTOR };
            ([(SET_COOKIE, cookie)], Redirect::to(to)).into_response()
        }
        Err(SignInError::Wrong) => {
            let page = render(
                &stranger,
                name,
                next,
                Mistakes::one("password", t.say("entry-wrong")),
            );
            (StatusCode::UNAUTHORIZED, page).into_response()
        }
        Err(error) => problem::failed(t, &error),
    }
}

async fn sign_out(State(dashboard): State<Dashboard>, visit: Visit) -> Response {
    let by = visit.by(&dashboard.office);
    if let Err(error) = dashboard.office.sign_out(by, visit.session.id).await {
        return problem::failed(visit.t, &error);
    }
    let cookie = keep_session(dashboard.settings.is_secure(), "", 0);
    ([(SET_COOKIE, cookie)], Redirect::to("/sign-in")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_signs_in_goes_on_to_a_page_of_this_site_only() {
        for (next, path) in [
            ("/stores/1/payments?q=a%20b", "/stores/1/payments?q=a%20b"),
            ("", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example/", "/"),
            ("/\n/evil", "/"),
        ] {
            assert_eq!(own_path(next), path, "{next}");
        }
    }
}
