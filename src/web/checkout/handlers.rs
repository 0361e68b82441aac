//! The handlers of a payment's page: parse, one call, render.

use axum::extract::Form;
use axum::extract::rejection::FormRejection;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::events as streams;
use super::page;
use super::problem::Problem;
use super::view::{Snapshot, Stage};
use super::visit::{Found, Visit};
use crate::domain::ids::PaymentToken;
use crate::engine::gateway::{GatewayError, PublicName, Scenario};

/// The form of the test panel.
#[derive(Debug, Deserialize)]
pub(super) struct Simulation {
    scenario: String,
}

/// `GET /pay/{token or uuid}`, `GET /pay/?id={code}`
pub(super) async fn page(visit: Visit) -> Response {
    match visit.find().await {
        Ok(found) if Stage::of(&found.view, visit.state.clock.now()) == Stage::Selecting => {
            visit.to_choice(&found)
        }
        Ok(found) => found.framed(page::page(&found.view, &visit.shown(&found, None))),
        Err(refusal) => refusal,
    }
}

/// `GET /pay/{token}/status`
pub(super) async fn status(visit: Visit) -> Response {
    match visit.find_for_script().await {
        Ok(view) => {
            let snapshot = Snapshot::of(&view, visit.state.clock.now());
            ([(header::CONTENT_TYPE, "application/json")], snapshot.to_json()).into_response()
        }
        Err(refusal) => refusal,
    }
}

/// `GET /pay/{token}/events`
pub(super) async fn events(visit: Visit) -> Response {
    let changes = visit.state.payments.changes();
    match visit.find_for_script().await {
        Ok(view) => streams::open(visit.state.clone(), changes, &view, visit.client),
        Err(refusal) => refusal,
    }
}

/// `GET /pay/{token}/qr.svg`: only while the payment asks for money.
pub(super) async fn qr(visit: Visit) -> Response {
    match visit.find_for_script().await {
        Ok(view) => match page::qr(&view, visit.state.clock.now()) {
            Some(svg) => ([(header::CONTENT_TYPE, "image/svg+xml")], svg).into_response(),
            None => StatusCode::GONE.into_response(),
        },
        Err(refusal) => refusal,
    }
}

/// `POST /pay/{token}/simulate`
pub(super) async fn simulate(visit: Visit, form: Result<Form<Simulation>, FormRejection>) -> Response {
    let found = match visit.find().await {
        Ok(found) => found,
        Err(refusal) => return refusal,
    };
    let scenario = form
        .ok()
        .and_then(|Form(form)| form.scenario.parse::<Scenario>().ok());
    let Some(scenario) = scenario else {
        return found.framed(visit.problem(Problem::NotUnderstood));
    };
    let name = token(&found);
    match visit.state.payments.simulate(&name, scenario).await {
        Ok(()) => visit.to_page(&found),
        Err(GatewayError::NotNow(reason)) => not_now(&visit, &reason).await,
        Err(error) => found.framed(visit.problem(Problem::of(&error))),
    }
}

/// `GET /pay/{token}/simulate`: a reload of the reply to the form.
pub(super) async fn back_to_page(visit: Visit) -> Response {
    match visit.find().await {
        Ok(found) => visit.to_page(&found),
        Err(refusal) => refusal,
    }
}

/// The name by which the engine is asked about a payment that was found.
pub(super) fn token(found: &Found) -> PublicName {
    let token: &PaymentToken = &found.view.payment.token;
    PublicName::Token(token.clone())
}

async fn not_now(visit: &Visit, reason: &str) -> Response {
    match visit.find().await {
        Ok(found) => {
            let page = page::page(&found.view, &visit.shown(&found, Some(reason)));
            found.framed((StatusCode::CONFLICT, page))
        }
        Err(refusal) => refusal,
    }
}
