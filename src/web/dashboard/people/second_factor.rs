//! One's own second factor: switched on with an app, proved by a code; switched off with password and code.

use crate::web::dashboard::html::{html, html_with};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use crate::engine::office::second_factor::{RecoveryCodes, SecondFactorError, Shared};
use crate::web::checkout::qr;
use crate::web::dashboard::again::Again;
use crate::web::dashboard::flash::Flash;
use crate::web::dashboard::{Dashboard, Form, Frame, Mistakes, Room, Visit, problem};
use crate::web::limits::ClientAddress;

const HOME: &str = "/account/second-factor";

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route(HOME, get(page).post(switch_on))
        .route("/account/second-factor/off", post(switch_off))
        .route("/account/second-factor/codes", post(new_codes))
}

/// For who has none: what the app is to read.
#[derive(Template)]
#[template(path = "dashboard/people/second-factor-on.html")]
struct OnPage {
    frame: Frame,
    secret: String,
    /// The same in groups of four, to be typed.
    shown: String,
    uri: String,
    qr: String,
    mistakes: Mistakes,
}

/// For who has one: how to be rid of it.
#[derive(Template)]
#[template(path = "dashboard/people/second-factor-off.html")]
struct OffPage {
    frame: Frame,
    mistakes: Mistakes,
}

#[derive(Template)]
#[template(path = "dashboard/people/recovery-codes.html")]
struct CodesPage {
    frame: Frame,
    name: String,
    place: String,
    codes: RecoveryCodes,
}

/// Where the dashboard is, for people with more than one.
fn place(dashboard: &Dashboard) -> String {
    let url = &dashboard.settings.own_url;
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}", url.host_str().unwrap_or_default())
}

fn render_on(dashboard: &Dashboard, visit: &Visit, shared: &Shared, mistakes: Mistakes) -> Response {
    let t = visit.t;
    let secret = shared.text();
    let letters: Vec<char> = secret.chars().collect();
    let groups = letters.chunks(4).map(|group| group.iter().collect::<String>());
    let uri = shared.uri(&visit.user.name, &place(dashboard));
    let page = OnPage {
        frame: visit.frame(t.say("second-factor-title"), Room::Account),
        shown: groups.collect::<Vec<_>>().join(" "),
        qr: qr::svg(&uri).unwrap_or_default(),
        uri,
        secret,
        mistakes,
    };
    html_with(page.mistakes.status(), &page)
}

fn render_off(visit: &Visit, mistakes: Mistakes) -> Response {
    let page = OffPage {
        frame: visit.frame(visit.t.say("second-factor-title"), Room::Account),
        mistakes,
    };
    html_with(page.mistakes.status(), &page)
}

fn render_codes(dashboard: &Dashboard, visit: &Visit, codes: RecoveryCodes) -> Response {
    let page = CodesPage {
        frame: visit.frame(visit.t.say("recovery-title"), Room::Account),
        name: visit.user.name.clone(),
        place: place(dashboard),
        codes,
    };
    html(&page)
}

async fn page(State(dashboard): State<Dashboard>, visit: Visit) -> Response {
    if visit.user.has_totp {
        return render_off(&visit, Mistakes::default());
    }
    match dashboard.office.new_shared() {
        Ok(shared) => render_on(&dashboard, &visit, &shared, Mistakes::default()),
        Err(error) => problem::failed(visit.t, &error),
    }
}

async fn switch_on(State(dashboard): State<Dashboard>, visit: Visit, again: Again, form: Form) -> Response {
    let t = visit.t;
    if visit.user.has_totp {
        return Redirect::to(HOME).into_response();
    }
    // What the page showed comes back with the code that the app made of it.
    let Some(shared) = Shared::parse(form.get("secret")) else {
        return Redirect::to(HOME).into_response();
    };
    if let Err(doubt) = again.knows(&dashboard, &visit, form.raw("own")).await {
        return doubt.on(render_on(
            &dashboard,
            &visit,
            &shared,
            Mistakes::one("own", doubt.text.clone()),
        ));
    }
    let by = visit.by(&dashboard.office);
    let done = dashboard
        .office
        .switch_on_second_factor(by, &visit.session, shared.clone(), form.get("code"))
        .await;
    match done {
        Ok(codes) => render_codes(&dashboard, &visit, codes),
        Err(SecondFactorError::WrongCode) => {
            let mistake = Mistakes::one("code", t.say("second-factor-wrong-on"));
            render_on(&dashboard, &visit, &shared, mistake)
        }
        Err(SecondFactorError::NotSo) => Redirect::to(HOME).into_response(),
        Err(error) => problem::failed(t, &error),
    }
}

async fn switch_off(
    State(dashboard): State<Dashboard>,
    visit: Visit,
    client: ClientAddress,
    again: Again,
    form: Form,
) -> Response {
    let t = visit.t;
    if let Err(doubt) = again.knows(&dashboard, &visit, form.raw("own")).await {
        return doubt.on(render_off(&visit, Mistakes::one("own", doubt.text.clone())));
    }
    let count = format!("code in session {}", visit.session.id);
    let attempt = match dashboard.limits.sign_in(client, &count, Some(&count)) {
        Ok(attempt) => attempt,
        Err(too_many) => {
            let text = crate::web::dashboard::entry::wait_text(t, too_many);
            return render_off(&visit, Mistakes::one("code", text));
        }
    };
    let by = visit.by(&dashboard.office);
    let done = dashboard
        .office
        .switch_off_own_second_factor(by, visit.user.id, form.get("code"))
        .await;
    match done {
        Ok(()) => {
            attempt.passed();
            Flash::new("second-factor-off-done", "/account").into_response()
        }
        Err(SecondFactorError::WrongCode) => {
            attempt.failed();
            render_off(&visit, Mistakes::one("code", t.say("entry-second-wrong")))
        }
        Err(SecondFactorError::NotSo) => Redirect::to(HOME).into_response(),
        Err(error) => problem::failed(t, &error),
    }
}

async fn new_codes(State(dashboard): State<Dashboard>, visit: Visit, again: Again, form: Form) -> Response {
    if let Err(doubt) = again.knows(&dashboard, &visit, form.raw("own-codes")).await {
        return doubt.on(render_off(&visit, Mistakes::one("own-codes", doubt.text.clone())));
    }
    let by = visit.by(&dashboard.office);
    match dashboard.office.new_recovery_codes(by, visit.user.id).await {
        Ok(codes) => render_codes(&dashboard, &visit, codes),
        Err(SecondFactorError::NotSo) => Redirect::to(HOME).into_response(),
        Err(error) => problem::failed(visit.t, &error),
    }
}
