//! The handlers: parse, one call, render.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, FromRequestParts, Path, Query};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::page::{self, Shown};
use super::problem::{self, Problem};
use super::view::Snapshot;
use super::{CheckoutState, base_path, events as streams};
use crate::domain::ids::{PaymentToken, PaymentUuid};
use crate::engine::gateway::{GatewayError, PaymentView, PublicName, Scenario};
use crate::web::text::{self, Language};

/// What every request to a payment's page says.
pub(super) struct Visit {
    state: CheckoutState,
    name: Option<PublicName>,
    language: &'static Language,
    /// The language, when the URL names it: kept in links.
    asked_language: Option<&'static str>,
}

/// The query of every URL here.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    lang: Option<String>,
}

/// The form of the test panel.
#[derive(Debug, Deserialize)]
pub(super) struct Simulation {
    scenario: String,
}

impl FromRequestParts<CheckoutState> for Visit {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &CheckoutState) -> Result<Self, Self::Rejection> {
        let path = Path::<String>::from_request_parts(parts, state).await.ok();
        let asked = Query::<Asked>::try_from_uri(&parts.uri)
            .unwrap_or_default()
            .0
            .lang;
        let accepted = parts.headers.get(header::ACCEPT_LANGUAGE);
        let accepted = accepted.and_then(|value| value.to_str().ok());
        let language = text::choose(asked.as_deref(), accepted, None);
        Ok(Self {
            state: state.clone(),
            name: path.and_then(|Path(name)| public_name(&name)),
            language,
            asked_language: asked.as_deref().and_then(text::named).map(Language::code),
        })
    }
}

/// The payment that a path names: by its token or by its UUID.
fn public_name(text: &str) -> Option<PublicName> {
    let token = PaymentToken::parse(text).map(PublicName::Token);
    token.or_else(|| PaymentUuid::parse(text).map(PublicName::Uuid))
}

impl Visit {
    async fn payment(&self) -> Result<PaymentView, GatewayError> {
        let name = self.name.as_ref().ok_or(GatewayError::NotFound)?;
        self.state.payments.by_public_name(name).await
    }

    fn refused(&self, error: &GatewayError) -> Response {
        self.problem(Problem::of(error))
    }

    fn problem(&self, problem: Problem) -> Response {
        problem::page(problem, self.language, base_path(&self.state.public_url))
    }

    fn shown<'a>(&'a self, notice: Option<&'a str>) -> Shown<'a> {
        Shown {
            language: self.language,
            asked_language: self.asked_language,
            now: self.state.clock.now(),
            public_url: &self.state.public_url,
            notice,
        }
    }

    fn to_page(&self, name: &PublicName) -> Redirect {
        let base = base_path(&self.state.public_url);
        let query = page::language_query(self.asked_language);
        let name = match name {
            PublicName::Token(token) => token.as_str().to_owned(),
            PublicName::Uuid(uuid) => uuid.as_str().to_owned(),
            PublicName::Code(code) => return Redirect::to(&format!("{base}/pay/?id={code}")),
        };
        Redirect::to(&format!("{base}/pay/{name}{query}"))
    }
}

/// `GET /pay/{token}`
pub(super) async fn page(visit: Visit) -> Response {
    match visit.payment().await {
        Ok(view) => page::page(&view, &visit.shown(None)).into_response(),
        Err(error) => visit.refused(&error),
    }
}

/// `GET /pay/{token}/status`
pub(super) async fn status(visit: Visit) -> Response {
    match visit.payment().await {
        Ok(view) => {
            let snapshot = Snapshot::of(&view, visit.state.clock.now());
            ([(header::CONTENT_TYPE, "application/json")], snapshot.to_json()).into_response()
        }
        Err(error) => problem::json(Problem::of(&error)),
    }
}

/// `GET /pay/{token}/events`
pub(super) async fn events(visit: Visit) -> Response {
    let changes = visit.state.payments.changes();
    match visit.payment().await {
        Ok(view) => streams::open(visit.state.clone(), changes, &view),
        Err(error) => problem::json(Problem::of(&error)),
    }
}

/// `GET /pay/{token}/qr.svg`: only while the payment asks for money.
pub(super) async fn qr(visit: Visit) -> Response {
    match visit.payment().await {
        Ok(view) => match page::qr(&view, visit.state.clock.now()) {
            Some(svg) => ([(header::CONTENT_TYPE, "image/svg+xml")], svg).into_response(),
            None => StatusCode::GONE.into_response(),
        },
        Err(error) => problem::json(Problem::of(&error)),
    }
}

/// `POST /pay/{token}/simulate`
pub(super) async fn simulate(visit: Visit, form: Result<Form<Simulation>, FormRejection>) -> Response {
    let scenario = form
        .ok()
        .and_then(|Form(form)| form.scenario.parse::<Scenario>().ok());
    let (Some(name), Some(scenario)) = (&visit.name, scenario) else {
        return visit.problem(match visit.name {
            None => Problem::NotFound,
            Some(_) => Problem::NotUnderstood,
        });
    };
    match visit.state.payments.simulate(name, scenario).await {
        Ok(()) => visit.to_page(name).into_response(),
        Err(GatewayError::NotNow(reason)) => not_now(&visit, &reason).await,
        Err(error) => visit.refused(&error),
    }
}

/// `GET /pay/{token}/simulate`: a reload of the reply to the form.
pub(super) async fn back_to_page(visit: Visit) -> Response {
    match &visit.name {
        Some(name) => visit.to_page(name).into_response(),
        None => visit.problem(Problem::NotFound),
    }
}

async fn not_now(visit: &Visit, reason: &str) -> Response {
    match visit.payment().await {
        Ok(view) => (
            StatusCode::CONFLICT,
            page::page(&view, &visit.shown(Some(reason))),
        )
            .into_response(),
        Err(error) => visit.refused(&error),
    }
}
