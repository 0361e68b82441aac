//! The last step: a test payment on a simulated chain, from the order to paid.

use crate::web::dashboard::html::html;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::{Step, StepFrame};
use crate::domain::ids::PaymentNumber;
use crate::domain::money::{Fiat, FiatAmount};
use crate::domain::network::Mode;
use crate::domain::status::Status;
use crate::engine::gateway::{
    Caller, CreateRequest, GatewayError, PayWith, PaymentView, PublicName, Scenario, ShopName,
};
use crate::engine::office::networks::NetworkSource;
use crate::web::dashboard::{Dashboard, Form, InShop, problem};

/// What the test order costs, in whole units of the store's currency.
const PRICE: u64 = 10;

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/start/{store}/test", get(page).post(make))
        .route("/start/{store}/test/pay", post(pay))
}

#[derive(Template)]
#[template(path = "dashboard/start/test.html")]
struct TestPage {
    frame: StepFrame,
    path: String,
    price: String,
    payment: Option<Shown>,
    /// What kept the payment from being made.
    refused: Option<String>,
    overview: String,
}

/// The test payment.
struct Shown {
    number: String,
    amount: String,
    checkout: String,
    is_paid: bool,
    is_seen: bool,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    payment: String,
    /// There when simulated money was sent to it: until that is seen, the page looks again.
    #[serde(default)]
    sent: String,
}

fn price(fiat: Fiat) -> FiatAmount {
    let minor = (0..fiat.digits()).fold(PRICE, |minor, _| minor.saturating_mul(10));
    FiatAmount {
        currency: fiat,
        minor,
    }
}

fn caller(place: &InShop) -> Caller {
    Caller {
        shop: std::sync::Arc::new(place.shop.clone()),
        mode: Mode::Test,
        key: None,
    }
}

/// `is_sent` when simulated money is on its way to the payment.
fn render(
    dashboard: &Dashboard,
    place: &InShop,
    view: Option<&PaymentView>,
    refused: Option<String>,
    is_sent: bool,
) -> Response {
    let paid = view.and_then(|view| view.payment.price.fiat());
    let base = dashboard.settings.public_url.as_str().trim_end_matches('/');
    let payment = view.map(|view| Shown {
        number: view.payment.number.as_str().to_owned(),
        amount: view.asked().map_or_else(String::new, |chosen| {
            let asset = &chosen.means.asset;
            format!("{} {}", asset.show(chosen.ask.due), asset.symbol)
        }),
        checkout: format!("{base}/pay/{}", view.payment.token.as_str()),
        is_paid: view.payment.status == Status::Paid,
        is_seen: view.payment.status == Status::Confirming,
    });
    let payment = payment.map(|payment| Shown {
        is_seen: !payment.is_paid && (payment.is_seen || is_sent),
        ..payment
    });
    let mut frame = StepFrame::of(&place.visit, Step::Test);
    frame.looks_again = payment.as_ref().and_then(|payment| payment.is_seen.then_some(1));
    let page = TestPage {
        frame,
        path: format!("/start/{}", place.shop.id),
        price: place
            .visit
            .t
            .price(paid.unwrap_or_else(|| price(place.shop.fiat))),
        payment,
        refused,
        overview: place.path("overview"),
    };
    html(&page)
}

async fn page(State(dashboard): State<Dashboard>, place: InShop, Query(asked): Query<Asked>) -> Response {
    if asked.payment.is_empty() {
        return render(&dashboard, &place, None, None, false);
    }
    match found(&dashboard, &place, &asked.payment).await {
        Ok(view) => render(&dashboard, &place, Some(&view), None, !asked.sent.is_empty()),
        Err(refusal) => *refusal,
    }
}

/// A test payment of this store.
async fn found(dashboard: &Dashboard, place: &InShop, number: &str) -> Result<PaymentView, Box<Response>> {
    let Some(number) = PaymentNumber::parse(number) else {
        return Err(Box::new(problem::not_found(&place.visit)));
    };
    let view = dashboard
        .gateway
        .payment(&caller(place), ShopName::Number(number))
        .await;
    match view {
        Ok(view) if view.payment.mode == Mode::Test => Ok(view),
        Ok(_) | Err(GatewayError::NotFound) => Err(Box::new(problem::not_found(&place.visit))),
        Err(error) => Err(Box::new(problem::failed(place.visit.t, &error))),
    }
}

/// What the test is paid with: the first coin of the first network that was switched on, else what most have.
fn means(dashboard: &Dashboard) -> PayWith {
    let networks = dashboard.office.networks();
    let chosen = networks.iter().find(|state| state.source != NetworkSource::Off);
    match chosen.and_then(|state| Some((state, state.assets.first()?))) {
        Some((state, first)) => {
            let stable = state.assets.iter().find(|asset| &*asset.asset.symbol == "USDT");
            let asset = stable.unwrap_or(first);
            PayWith::asset(state.network.slug.to_string(), asset.asset.currency.as_str())
        }
        None => PayWith::asset("bsc", "usdt"),
    }
}

async fn make(State(dashboard): State<Dashboard>, place: InShop) -> Response {
    let create = async |fiat| {
        let mut request = CreateRequest::new(price(fiat), means(&dashboard));
        request.order.external_id = place.visit.t.say("start-test-order");
        dashboard.gateway.create(&caller(&place), request).await
    };
    let mut created = create(place.shop.fiat).await;
    if matches!(created, Err(GatewayError::NoRate { .. })) {
        // On a fresh payd the sources of rates may not have answered yet; in dollars there is always one for tests.
        created = create(Fiat::Usd).await;
    }
    match created {
        Ok(created) => {
            let number = created.view.payment.number.as_str();
            Redirect::to(&format!("/start/{}/test?payment={number}", place.shop.id)).into_response()
        }
        Err(error @ GatewayError::Internal(_)) => problem::failed(place.visit.t, &error),
        Err(error) => render(&dashboard, &place, None, Some(error.to_string()), false),
    }
}

async fn pay(State(dashboard): State<Dashboard>, place: InShop, form: Form) -> Response {
    let number = form.get("payment");
    let view = match found(&dashboard, &place, number).await {
        Ok(view) => view,
        Err(refusal) => return *refusal,
    };
    let name = PublicName::Token(view.payment.token.clone());
    match dashboard.gateway.simulate(name, Scenario::Exact).await {
        Ok(()) => {
            Redirect::to(&format!("/start/{}/test?payment={number}&sent=1", place.shop.id)).into_response()
        }
        Err(error @ GatewayError::Internal(_)) => problem::failed(place.visit.t, &error),
        Err(error) => render(&dashboard, &place, Some(&view), Some(error.to_string()), false),
    }
}
