//! What is sold over the counter: the owner's list of names and prices.

use crate::web::dashboard::html::html_with;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use crate::domain::ids::CounterItemId;
use crate::domain::money::FiatAmount;
use crate::engine::office::counter::{ItemError, LABEL_MAX};
use crate::web::dashboard::flash::Flash;
use crate::web::dashboard::payments::money;
use crate::web::dashboard::{Dashboard, Form, Frame, InShop, Mistakes, Room, problem};

/// An item in the list.
struct Line {
    id: i64,
    label: String,
    amount: String,
    price: String,
}

#[derive(Template)]
#[template(path = "dashboard/counter/items.html")]
struct ItemsPage {
    frame: Frame,
    path: String,
    counter: String,
    fiat: &'static str,
    label_max: usize,
    lines: Vec<Line>,
    label: String,
    amount: String,
    may_edit: bool,
    mistakes: Mistakes,
}

pub(super) async fn page(State(dashboard): State<Dashboard>, place: InShop) -> Response {
    render(&dashboard, &place, &Form::default(), Mistakes::default()).await
}

async fn render(dashboard: &Dashboard, place: &InShop, form: &Form, mistakes: Mistakes) -> Response {
    let t = place.visit.t;
    let items = match dashboard.office.counter_items(place.shop.id).await {
        Ok(items) => items,
        Err(error) => return problem::failed(t, &error),
    };
    let status = mistakes.status();
    let page = ItemsPage {
        frame: place.visit.frame(t.say("counter-items-title"), Room::Counter),
        path: place.path("counter-items"),
        counter: place.path("counter"),
        fiat: place.shop.fiat.word(),
        label_max: LABEL_MAX,
        lines: items
            .into_iter()
            .map(|item| Line {
                id: item.id.get(),
                amount: item.price.amount(),
                price: item.price.to_string(),
                label: item.label,
            })
            .collect(),
        label: form.get("label").to_owned(),
        amount: form.get("amount").to_owned(),
        may_edit: place.visit.is_owner(),
        mistakes,
    };
    html_with(status, &page)
}

/// The price of a form, in the store's currency; nothing where it is none.
fn priced(place: &InShop, form: &Form) -> FiatAmount {
    let currency = place.shop.fiat;
    money(form.get("amount"), currency).unwrap_or(FiatAmount { currency, minor: 0 })
}

async fn answer(
    dashboard: &Dashboard,
    place: &InShop,
    form: &Form,
    done: Result<(), ItemError>,
    key: &'static str,
) -> Response {
    let t = place.visit.t;
    let mistakes = match done {
        Ok(()) => return Flash::new(key, place.path("counter-items")).into_response(),
        Err(ItemError::NotFound) => return problem::not_found(&place.visit),
        Err(error @ ItemError::Store(_)) => return problem::failed(t, &error),
        Err(ItemError::Label) => Mistakes::one("label", t.say("counter-label-wrong")),
        Err(ItemError::Price) => Mistakes::one("amount", t.say("payments-amount-wrong")),
        Err(ItemError::TooMany) => Mistakes::one("label", t.say("counter-too-many")),
    };
    render(dashboard, place, form, mistakes).await
}

pub(super) async fn add(State(dashboard): State<Dashboard>, place: InShop, form: Form) -> Response {
    let office = &dashboard.office;
    let (by, price) = (place.visit.by(office), priced(&place, &form));
    let done = office
        .add_counter_item(by, place.shop.id, form.get("label"), price)
        .await;
    answer(&dashboard, &place, &form, done, "counter-done-added").await
}

pub(super) async fn change(
    State(dashboard): State<Dashboard>,
    place: InShop,
    Path((_, item)): Path<(String, String)>,
    form: Form,
) -> Response {
    let office = &dashboard.office;
    let (by, shop) = (place.visit.by(office), place.shop.id);
    let Ok(id) = item.parse().map(CounterItemId::new) else {
        return problem::not_found(&place.visit);
    };
    if form.has("remove") {
        let done = office.remove_counter_item(by, shop, id).await;
        return answer(&dashboard, &place, &form, done, "counter-done-removed").await;
    }
    let price = priced(&place, &form);
    let done = office
        .change_counter_item(by, shop, id, form.get("label"), price)
        .await;
    answer(&dashboard, &place, &form, done, "counter-done-changed").await
}
