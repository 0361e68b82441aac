//! What the customer is shown at the counter: a code to scan, and a big tick once it is paid.

use crate::web::dashboard::html::html;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use crate::domain::network::Mode;
use crate::domain::status::Status;
use crate::engine::gateway::{GatewayError, Scenario};
use crate::engine::office::payments::{ActError, Story};
use crate::web::checkout::{qr, uri};
use crate::web::dashboard::payments::{amount, checkout_url, find, price};
use crate::web::dashboard::{Dashboard, Frame, InShop, Room, problem};

/// Why a payment was cancelled here, in the audit log.
const CANCELLED: &str = "cancelled at the counter";

#[derive(Template)]
#[template(path = "dashboard/counter/pay.html")]
struct PayPage {
    frame: Frame,
    base: String,
    number: String,
    price: String,
    /// `ask`, `wait`, `paid` or `over`.
    stage: &'static str,
    text: String,
    /// What to send; empty where the customer chooses.
    due: String,
    network: String,
    address: String,
    qr: String,
    progress: String,
    may_cancel: bool,
    /// Whether no real money is in play, which is said at every stage.
    is_test: bool,
    may_simulate: bool,
    scenario: &'static str,
    notice: String,
}

pub(super) async fn page(
    State(dashboard): State<Dashboard>,
    place: InShop,
    Path((_, number)): Path<(String, String)>,
) -> Response {
    match find(&dashboard, &place, &number).await {
        Ok(story) => render(&dashboard, &place, &story, String::new()).into_response(),
        Err(refusal) => *refusal,
    }
}

fn render(dashboard: &Dashboard, place: &InShop, story: &Story, notice: String) -> Response {
    let t = place.visit.t;
    let (registry, payment) = (dashboard.office.registry(), &story.payment);
    let (stage, text) = match payment.status {
        Status::Selecting => ("ask", "counter-scan-to-choose"),
        Status::Queued => ("wait", "counter-queued"),
        Status::Pending if payment.progress.seen.is_zero() => ("ask", "counter-scan-to-pay"),
        Status::Pending => ("ask", "counter-more"),
        Status::Confirming => ("wait", "counter-confirming"),
        Status::Paid => ("paid", "counter-paid"),
        Status::Underpaid => ("over", "counter-underpaid"),
        Status::Expired => ("over", "counter-expired"),
        Status::Cancelled => ("over", "counter-cancelled"),
        Status::Failed => ("over", "counter-failed"),
    };
    let asked = payment.asked();
    let missing = asked.map(|ask| ask.due.saturating_sub(payment.progress.seen));
    let code = match (stage, asked, missing, &story.means) {
        ("ask", Some(ask), Some(missing), Some(means)) => {
            uri::payment_uri(&means.network, &means.asset, &ask.address, missing).text
        }
        ("ask", None, ..) => checkout_url(dashboard, payment),
        _ => String::new(),
    };
    let confirmations = story
        .transfers
        .iter()
        .filter(|transfer| !transfer.orphaned)
        .map(|transfer| {
            story.tip.map_or(0, |tip| {
                crate::domain::network::Network::confirmations_at(transfer.seen.block.height, tip)
            })
        })
        .min();
    let progress = match (payment.status, asked) {
        (Status::Confirming, Some(ask)) => {
            let reached = confirmations.unwrap_or(0).min(ask.confirmations);
            let arguments = [
                ("reached", reached.into()),
                ("required", ask.confirmations.into()),
            ];
            t.say_with("counter-confirmations", &arguments)
        }
        _ => String::new(),
    };
    let is_open = stage == "ask" || stage == "wait";
    let page = PayPage {
        frame: place.visit.frame(t.say("nav-counter"), Room::Counter),
        base: format!("/stores/{}", place.shop.id),
        number: payment.number.to_string(),
        price: price(t, registry, &payment.price),
        stage,
        text: t.say(text),
        due: match (asked, missing) {
            (Some(ask), Some(missing)) if stage == "ask" => amount(registry, ask, missing),
            _ => String::new(),
        },
        network: asked
            .and_then(|ask| registry.network(&ask.network))
            .map(|network| network.name.to_string())
            .unwrap_or_default(),
        address: asked
            .filter(|_| stage == "ask")
            .map(|ask| ask.address.to_string())
            .unwrap_or_default(),
        qr: if code.is_empty() {
            String::new()
        } else {
            qr::svg(&code).unwrap_or_default()
        },
        progress,
        may_cancel: is_open && payment.status.is_live() && payment.progress.seen.is_zero(),
        is_test: payment.mode == Mode::Test,
        may_simulate: payment.mode == Mode::Test && stage == "ask" && asked.is_some(),
        scenario: Scenario::Exact.word(),
        notice,
    };
    html(&page)
}

/// Ends a payment that the customer does not want to make after all.
pub(super) async fn cancel(
    State(dashboard): State<Dashboard>,
    place: InShop,
    Path((_, number)): Path<(String, String)>,
) -> Response {
    let t = place.visit.t;
    let story = match find(&dashboard, &place, &number).await {
        Ok(story) => story,
        Err(refusal) => return *refusal,
    };
    let office = &dashboard.office;
    let (by, number) = (place.visit.by(office), &story.payment.number);
    match office.cancel_payment(by, place.shop.id, number, CANCELLED).await {
        Ok(()) => Redirect::to(&place.path("counter")).into_response(),
        Err(ActError::Gateway(GatewayError::NotCancellable { .. })) => {
            // The money was faster.
            let page = render(&dashboard, &place, &story, t.say("payments-not-cancellable"));
            (StatusCode::CONFLICT, page).into_response()
        }
        Err(error) => problem::failed(t, &error),
    }
}
