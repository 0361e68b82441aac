//! Rates that a store fixes for itself.

use crate::web::dashboard::html::html_with;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::{Choice, Dashboard, Flash, Form, Frame, InShop, Mistakes, Tab, currencies, frame, problem, tabs};
use crate::domain::fiat::Fiat;
use crate::engine::office::rates::{RateError, symbols};
use crate::web::dashboard::payments::decimal;

#[derive(Template)]
#[template(path = "dashboard/stores/rates.html")]
struct RatesPage {
    frame: Frame,
    tabs: Vec<Tab>,
    rates: Vec<(String, Fiat, String)>,
    symbols: Vec<Choice>,
    currencies: Vec<Choice>,
    rate: String,
    remove_path: String,
    mistakes: Mistakes,
}

async fn render(dashboard: &Dashboard, place: &InShop, form: &Form, mistakes: Mistakes) -> Response {
    let rates = match dashboard.office.fixed_rates(place.shop.id).await {
        Ok(rates) => rates,
        Err(error) => return problem::failed(place.visit.t, &error),
    };
    let chosen = form.get("symbol");
    let symbol = |symbol: &str| Choice {
        value: symbol.to_owned(),
        label: symbol.to_owned(),
        is_chosen: symbol == chosen,
    };
    let status = mistakes.status();
    let fiat = match form.get("currency") {
        "" => place.shop.fiat.word(),
        typed => typed,
    };
    let page = RatesPage {
        frame: frame(place),
        tabs: tabs(place, "settings/rates"),
        rates,
        symbols: symbols(dashboard.office.registry())
            .into_iter()
            .map(symbol)
            .collect(),
        currencies: currencies(fiat),
        rate: form.get("rate").to_owned(),
        remove_path: place.path("settings/rates/remove"),
        mistakes,
    };
    html_with(status, &page)
}

pub(super) async fn page(State(dashboard): State<Dashboard>, place: InShop) -> Response {
    render(&dashboard, &place, &Form::default(), Mistakes::default()).await
}

pub(super) async fn save(State(dashboard): State<Dashboard>, place: InShop, form: Form) -> Response {
    let t = place.visit.t;
    let mistaken = |field, key| Mistakes::one(field, t.say(key));
    let Ok(fiat) = form.get("currency").parse::<Fiat>() else {
        let mistakes = mistaken("currency", "stores-error-choice");
        return render(&dashboard, &place, &form, mistakes).await;
    };
    let by = place.visit.by(&dashboard.office);
    let symbol = form.get("symbol");
    // What may be thousands or a fraction is refused with what is no number.
    let rate = decimal(form.get("rate")).unwrap_or_default();
    let fixed = dashboard.office.fix_rate(by, place.shop.id, symbol, fiat, &rate);
    let mistakes = match fixed.await {
        Ok(()) => return Flash::new("rates-fixed", place.path("settings/rates")).into_response(),
        Err(RateError::Symbol(_)) => mistaken("symbol", "stores-error-choice"),
        Err(RateError::Form { .. }) => mistaken("rate", "rates-error-rate"),
        Err(error) => return problem::failed(t, &error),
    };
    render(&dashboard, &place, &form, mistakes).await
}

pub(super) async fn remove(State(dashboard): State<Dashboard>, place: InShop, form: Form) -> Response {
    let Ok(fiat) = form.get("currency").parse::<Fiat>() else {
        return problem::not_found(&place.visit);
    };
    let by = place.visit.by(&dashboard.office);
    let removed = dashboard
        .office
        .unfix_rate(by, place.shop.id, form.get("symbol"), fiat)
        .await;
    match removed {
        Ok(()) => Flash::new("rates-removed", place.path("settings/rates")).into_response(),
        Err(RateError::NotFixed { .. }) => problem::not_found(&place.visit),
        Err(error) => problem::failed(place.visit.t, &error),
    }
}
