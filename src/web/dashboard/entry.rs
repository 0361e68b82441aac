//! Signing in and out: the password, then the second factor of who has one.

use crate::web::dashboard::html::html;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::header::{RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use super::frame::Door;
use super::guard::{SECOND_FACTOR, browser_cookie, cookie, keep, keep_session, session_cookie};
use super::{Dashboard, Form, Mistakes, Stranger, Visit, problem};
use crate::engine::office::passwords::Password;
use crate::engine::office::sessions::{Browser, SignInError, SignedIn};
use crate::web::limits::{ClientAddress, TooMany};
use crate::web::text::Language;

/// How long a browser is known in which somebody has signed in.
const BROWSER_KEPT_S: u64 = 365 * 24 * 60 * 60;

/// The longest path that somebody is led back to.
const NEXT_BYTES_MAX: usize = 2000;

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/sign-in", get(page).post(sign_in))
        .route(SECOND_FACTOR, get(second_page).post(show_second))
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

fn render(t: &'static Language, name: &str, next: String, mistakes: Mistakes) -> Response {
    let page = SignInPage {
        door: Door::new(t, t.say("entry-sign-in-title")),
        name: name.to_owned(),
        next,
        mistakes,
    };
    html(&page)
}

async fn page(stranger: Stranger, uri: Uri) -> Response {
    render(stranger.t, "", next_of(&uri), Mistakes::default()).into_response()
}

/// Where the query says to go on.
fn next_of(uri: &Uri) -> String {
    let query = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let next = query.into_iter().find(|(name, _)| name == "next");
    own_path(&next.map(|(_, value)| value.into_owned()).unwrap_or_default())
}

/// A path of this site, or the first page: nobody is led elsewhere by a link to the sign-in page.
fn own_path(next: &str) -> String {
    let is_own = next.starts_with('/')
        && !next.starts_with("//")
        && next.len() <= NEXT_BYTES_MAX
        && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_own { next.to_owned() } else { "/".to_owned() }
}

/// What is said to who has to wait.
pub(super) fn wait_text(t: &'static Language, too_many: TooMany) -> String {
    t.say_with("entry-too-many", &[("seconds", too_many.seconds().into())])
}

async fn sign_in(
    State(dashboard): State<Dashboard>,
    stranger: Stranger,
    client: ClientAddress,
    headers: HeaderMap,
    form: Form,
) -> Response {
    let (name, next) = (form.get("name"), own_path(form.get("next")));
    let t = stranger.t;
    let office = &dashboard.office;
    let is_secure = dashboard.settings.is_secure();
    let mark = match known_mark(&dashboard, &headers, name).await {
        Ok(mark) => mark,
        Err(error) => return problem::failed(t, &error),
    };
    let attempt = match dashboard.limits.sign_in(client, name, mark) {
        Ok(attempt) => attempt,
        Err(too_many) => {
            let page = render(t, name, next, Mistakes::one("password", wait_text(t, too_many)));
            let headers = [(RETRY_AFTER, too_many.header())];
            return (StatusCode::TOO_MANY_REQUESTS, headers, page).into_response();
        }
    };
    let browser = Browser {
        address: client.to_string(),
        agent: stranger.agent.clone(),
    };
    let password = Password::new(form.raw("password"));
    match office.sign_in(name, &password, browser).await {
        Ok(signed_in) => {
            attempt.passed();
            // Who was signed in here before is so no longer.
            if let Some(token) = cookie(&headers, session_cookie(is_secure))
                && let Err(error) = office.forget_token(token).await
            {
                tracing::warn!(%error, "the session that a browser had before was not ended");
            }
            let to = if signed_in.is_whole {
                next
            } else {
                let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
                format!("{SECOND_FACTOR}?next={next}")
            };
            enter(&dashboard, t, &signed_in, &to).await
        }
        Err(SignInError::Wrong) => {
            attempt.failed();
            let page = render(t, name, next, Mistakes::one("password", t.say("entry-wrong")));
            (StatusCode::UNAUTHORIZED, page).into_response()
        }
        Err(error) => {
            attempt.passed();
            problem::failed(t, &error)
        }
    }
}

/// What the browser holds when somebody of this name has signed in with it before.
async fn known_mark<'h>(
    dashboard: &Dashboard,
    headers: &'h HeaderMap,
    name: &str,
) -> Result<Option<&'h str>, SignInError> {
    let Some(mark) = cookie(headers, browser_cookie(dashboard.settings.is_secure())) else {
        return Ok(None);
    };
    let is_known = dashboard.office.is_browser_of(name, mark).await?;
    Ok(is_known.then_some(mark))
}

/// Leads on with the token of a new session; who is in wholly is known by this browser from now on.
async fn enter(dashboard: &Dashboard, t: &'static Language, entered: &SignedIn, to: &str) -> Response {
    let settings = &dashboard.settings;
    let is_secure = settings.is_secure();
    let age_max_s = settings.sessions.absolute.as_secs();
    let mut response = Redirect::to(to).into_response();
    let mut cookies = vec![keep_session(is_secure, &entered.token, age_max_s)];
    if entered.is_whole {
        match dashboard.office.browser_mark(&entered.user.name).await {
            Ok(mark) => cookies.push(keep(browser_cookie(is_secure), is_secure, &mark, BROWSER_KEPT_S)),
            Err(error) => return problem::failed(t, &error),
        }
    }
    for cookie in cookies {
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
    }
    response
}

#[derive(Template)]
#[template(path = "dashboard/entry/second-factor.html")]
struct SecondFactorPage {
    door: Door,
    csrf: String,
    next: String,
    mistakes: Mistakes,
}

fn render_second(visit: &Visit, next: String, mistakes: Mistakes) -> Response {
    let t = visit.t;
    let page = SecondFactorPage {
        door: Door::new(t, t.say("entry-second-title")),
        csrf: visit.csrf.clone(),
        next,
        mistakes,
    };
    html(&page)
}

async fn second_page(visit: Visit, uri: Uri) -> Response {
    let next = next_of(&uri);
    if visit.session.is_whole {
        return Redirect::to(&next).into_response();
    }
    render_second(&visit, next, Mistakes::default()).into_response()
}

async fn show_second(
    State(dashboard): State<Dashboard>,
    visit: Visit,
    client: ClientAddress,
    headers: HeaderMap,
    form: Form,
) -> Response {
    let next = own_path(form.get("next"));
    if visit.session.is_whole {
        return Redirect::to(&next).into_response();
    }
    let t = visit.t;
    // Apart from the passwords of the same name: who guesses those keeps nobody from showing a code.
    let count = format!("code of {}", visit.user.id);
    let mark = match known_mark(&dashboard, &headers, &visit.user.name).await {
        Ok(mark) => mark,
        Err(error) => return problem::failed(t, &error),
    };
    let attempt = match dashboard.limits.sign_in(client, &count, mark) {
        Ok(attempt) => attempt,
        Err(too_many) => {
            let page = render_second(&visit, next, Mistakes::one("code", wait_text(t, too_many)));
            let headers = [(RETRY_AFTER, too_many.header())];
            return (StatusCode::TOO_MANY_REQUESTS, headers, page).into_response();
        }
    };
    let from = Browser {
        address: client.to_string(),
        agent: visit.session.agent.clone(),
    };
    let shown = dashboard
        .office
        .show_second_factor(&visit.session, &visit.user, form.get("code"), from)
        .await;
    match shown {
        Ok(entered) => {
            attempt.passed();
            enter(&dashboard, t, &entered, &next).await
        }
        Err(SignInError::Wrong) => {
            attempt.failed();
            let page = render_second(&visit, next, Mistakes::one("code", t.say("entry-second-wrong")));
            (StatusCode::UNAUTHORIZED, page).into_response()
        }
        Err(error) => {
            attempt.passed();
            problem::failed(t, &error)
        }
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
        let long = format!("/{}", "a".repeat(NEXT_BYTES_MAX));
        for (next, path) in [
            ("/stores/1/payments?q=a%20b", "/stores/1/payments?q=a%20b"),
            ("", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example/", "/"),
            ("/\n/evil", "/"),
            ("/\t/evil.example", "/"),
            ("/\u{e9}", "/"),
            ("/a\r\nset-cookie: b", "/"),
            (&long, "/"),
        ] {
            assert_eq!(own_path(next), path, "{next}");
        }
    }
}
