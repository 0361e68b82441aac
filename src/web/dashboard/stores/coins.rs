//! What a store accepts, in the order in which customers are offered it.

use crate::web::dashboard::html::html;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::{Dashboard, Flash, Form, Frame, InShop, Tab, frame, problem, tabs};
use crate::engine::office::accepted::{AcceptError, Acceptable};

#[derive(Template)]
#[template(path = "dashboard/stores/coins.html")]
struct CoinsPage {
    frame: Frame,
    tabs: Vec<Tab>,
    coins: Vec<Acceptable>,
    /// Whether nothing is named, so that everything is accepted.
    accepts_all: bool,
    addresses: String,
}

pub(super) async fn page(State(dashboard): State<Dashboard>, place: InShop) -> Response {
    let coins = match dashboard.office.acceptable(place.shop.id).await {
        Ok(coins) => coins,
        Err(error) => return problem::failed(place.visit.t, &error),
    };
    let page = CoinsPage {
        frame: frame(&place),
        tabs: tabs(&place, "settings/coins"),
        accepts_all: coins.iter().all(|coin| coin.place.is_none()),
        coins,
        addresses: place.path("addresses"),
    };
    html(&page)
}

pub(super) async fn save(State(dashboard): State<Dashboard>, place: InShop, form: Form) -> Response {
    let mut ticked: Vec<(u32, String)> = form
        .all("code")
        .map(|code| {
            let place = form.get(&format!("place-{code}"));
            (place.parse().unwrap_or(u32::MAX), code.to_owned())
        })
        .collect();
    // In the order of the page where two have the same place.
    ticked.sort_by_key(|(place, _)| *place);
    let codes: Vec<String> = ticked.into_iter().map(|(_, code)| code).collect();
    let by = place.visit.by(&dashboard.office);
    match dashboard.office.accept(by, place.shop.id, &codes).await {
        Ok(()) => Flash::new("stores-saved", place.path("settings/coins")).into_response(),
        // Only a page that is older than the configuration names such; it is shown anew.
        Err(AcceptError::Unknown { .. } | AcceptError::Twice(_)) => {
            Flash::new("coins-stale", place.path("settings/coins")).into_response()
        }
        Err(error) => problem::failed(place.visit.t, &error),
    }
}
