//! The till: somebody at the counter types an amount, the customer scans it, and both see when it is paid.

mod items;
mod pay;
#[cfg(test)]
mod tests;

use crate::web::dashboard::html::html_with;
use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use super::payments::{Asked, Choice, choices, refusal};
use super::{Dashboard, Form, Frame, InShop, Mistakes, Room, problem};
use crate::domain::ids::CounterItemId;
use crate::domain::network::Mode;
use crate::domain::payment::Payment;
use crate::engine::office::counter::CounterItem;

/// A button is pressed twice within this.
const PRESSED_TWICE_WITHIN: Duration = Duration::from_secs(10);

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/stores/{store}/counter", get(page).post(charge))
        .route("/stores/{store}/counter/{number}", get(pay::page))
        .route("/stores/{store}/counter/{number}/cancel", post(pay::cancel))
        .route("/stores/{store}/counter-items", get(items::page).post(items::add))
        .route("/stores/{store}/counter-items/{item}", post(items::change))
}

/// An item, to be tapped.
struct Tap {
    id: i64,
    label: String,
    price: String,
    /// In whole units, as the amount is typed.
    amount: String,
}

#[derive(Template)]
#[template(path = "dashboard/counter/page.html")]
struct CounterPage {
    frame: Frame,
    path: String,
    items_path: String,
    fiat: &'static str,
    /// Of the currency's smallest unit, after the point.
    digits: usize,
    amount: String,
    description: String,
    items: Vec<Tap>,
    choices: Vec<Choice>,
    is_any: bool,
    has_test: bool,
    is_test: bool,
    once: String,
    may_edit: bool,
    mistakes: Mistakes,
}

async fn page(State(dashboard): State<Dashboard>, place: InShop) -> Response {
    render(&dashboard, &place, &Form::default(), Mistakes::default()).await
}

/// The items that are priced in the store's own currency: the others would be added up wrongly.
async fn items_of(
    dashboard: &Dashboard,
    place: &InShop,
) -> Result<Vec<CounterItem>, crate::engine::office::OfficeError> {
    let mut items = dashboard.office.counter_items(place.shop.id).await?;
    items.retain(|item| item.price.currency == place.shop.fiat);
    Ok(items)
}

async fn render(dashboard: &Dashboard, place: &InShop, form: &Form, mistakes: Mistakes) -> Response {
    let t = place.visit.t;
    let items = match items_of(dashboard, place).await {
        Ok(items) => items,
        Err(error) => return problem::failed(t, &error),
    };
    let choices = match choices(dashboard, place, form.get("pay_with")).await {
        Ok(choices) => choices,
        Err(error) => return problem::failed(t, &error),
    };
    let status = mistakes.status();
    let has_live = place.shop.admit(Mode::Live).is_ok();
    let page = CounterPage {
        frame: place.visit.frame(t.say("nav-counter"), Room::Counter),
        path: place.path("counter"),
        items_path: place.path("counter-items"),
        fiat: place.shop.fiat.word(),
        digits: usize::from(place.shop.fiat.digits()),
        amount: form.get("amount").to_owned(),
        description: form.get("description").to_owned(),
        items: items
            .into_iter()
            .map(|item| Tap {
                id: item.id.get(),
                price: t.price(item.price),
                amount: item.price.amount(),
                label: item.label,
            })
            .collect(),
        is_any: choices.iter().all(|choice| !choice.is_chosen),
        choices,
        has_test: has_live,
        is_test: !has_live || form.get("mode") == Mode::Test.word(),
        once: format!(
            "counter-{}-{}",
            place.visit.session.id,
            dashboard.office.now().get()
        ),
        may_edit: place.visit.is_owner(),
        mistakes,
    };
    html_with(status, &page)
}

/// Whether a payment is older than a button that is pressed twice.
fn is_old(dashboard: &Dashboard, payment: &Payment) -> bool {
    dashboard.office.now().since(payment.created_at) > PRESSED_TWICE_WITHIN
}

/// Without a script, an item's button charges that item alone.
async fn with_item(dashboard: &Dashboard, place: &InShop, form: Form) -> Form {
    let Ok(id) = form.get("item").parse().map(CounterItemId::new) else {
        return form;
    };
    let items = items_of(dashboard, place).await.unwrap_or_default();
    match items.into_iter().find(|item| item.id == id) {
        Some(item) => form.with(&[("amount", &item.price.amount()), ("description", &item.label)]),
        None => form,
    }
}

async fn charge(State(dashboard): State<Dashboard>, place: InShop, form: Form) -> Response {
    let t = place.visit.t;
    let form = with_item(&dashboard, &place, form).await;
    let is_test = form.get("mode") == Mode::Test.word() || place.shop.admit(Mode::Live).is_err();
    let mode = if is_test { Mode::Test } else { Mode::Live };
    let form = form.with(&[("currency", place.shop.fiat.word()), ("mode", mode.word())]);
    let asked = match Asked::read(&dashboard, &place, &form) {
        Ok(asked) => asked,
        Err(mistakes) => return render(&dashboard, &place, &form, mistakes).await,
    };
    match asked.make(&dashboard, &place).await {
        // A page that was gone back to: the next customer must not be shown what another one paid.
        Ok(created) if created.replayed && is_old(&dashboard, &created.view.payment) => {
            let mistakes = Mistakes::one("amount", t.say("counter-charged-already"));
            render(&dashboard, &place, &form, mistakes).await
        }
        Ok(created) => {
            let path = place.path(&format!("counter/{}", created.view.payment.number));
            Redirect::to(&path).into_response()
        }
        Err(error) => match refusal(t, error) {
            Ok(text) => render(&dashboard, &place, &form, Mistakes::one("amount", text)).await,
            Err(error) => problem::failed(t, &error),
        },
    }
}
