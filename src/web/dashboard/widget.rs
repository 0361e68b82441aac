//! Payments from a store's own web pages: whether, from where, what for, and the lines to paste.

#[cfg(test)]
mod tests;

use crate::web::dashboard::html::html;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::donations::page_key;
use super::flash::Flash;
use super::{Dashboard, Form, Frame, InShop, Mistakes, Room, problem};
use crate::domain::money::Fiat;
use crate::domain::network::Mode;
use crate::domain::widget::{ListedPrice, Widget};
use crate::engine::office::widgets::{self, WidgetError};
use crate::web::text::Language;

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/stores/{store}/widget", get(page).post(set))
        .route("/stores/{store}/widget/prices", post(set_price))
        .route("/stores/{store}/widget/prices/remove", post(remove_price))
        .route("/stores/{store}/widget/key", post(make_key))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// The name of the price that the form begins with.
    edit: String,
}

/// A price in the list.
struct Row {
    name: String,
    label: String,
    price: String,
    edit: String,
}

/// A price in the form.
struct PriceFields {
    name: String,
    label: String,
    amount: String,
    fiat: Fiat,
}

impl Default for PriceFields {
    fn default() -> Self {
        Self {
            name: String::new(),
            label: String::new(),
            amount: String::new(),
            fiat: Fiat::Usd,
        }
    }
}

#[derive(Template)]
#[template(path = "dashboard/widget/page.html")]
struct WidgetPage {
    frame: Frame,
    path: String,
    is_on: bool,
    takes_amounts: bool,
    origins: String,
    /// Origins over plain HTTP, which anybody on the way can change.
    open: Vec<String>,
    rows: Vec<Row>,
    price: PriceFields,
    snippet: String,
    key: Option<String>,
    is_key_needed: bool,
    mistakes: Mistakes,
}

impl WidgetPage {
    fn html(&self) -> Response {
        html(self)
    }

    fn wrong(self, mistakes: Mistakes) -> Response {
        let page = Self { mistakes, ..self };
        (StatusCode::UNPROCESSABLE_ENTITY, page.html()).into_response()
    }
}

async fn make(d: &Dashboard, place: &InShop, key: Option<String>) -> Result<WidgetPage, Response> {
    let t = place.visit.t;
    let read = d.office.widget(place.shop.id).await;
    let (widget, prices) = read.map_err(|error| problem::failed(t, &error))?;
    let path = place.path("widget");
    let row = |price: &ListedPrice| Row {
        name: price.name.clone(),
        label: price.label.clone(),
        price: t.price(price.price),
        edit: format!("{path}?edit={}#price", price.name),
    };
    Ok(WidgetPage {
        frame: place.visit.frame(t.say("nav-widget"), Room::Widget),
        is_on: widget.is_enabled,
        takes_amounts: widget.takes_amounts,
        open: widgets::open_to_tampering(&widget.origins),
        rows: prices.iter().map(row).collect(),
        price: PriceFields::default(),
        snippet: snippet(d, &widget, &prices, key.as_deref()),
        key,
        is_key_needed: !place.shop.dialect.proves_a_secret(),
        origins: widget.origins.join("\n"),
        mistakes: Mistakes::default(),
        path,
    })
}

/// What stands in a shop's page.
fn snippet(d: &Dashboard, widget: &Widget, prices: &[ListedPrice], key: Option<&str>) -> String {
    let base = d.settings.public_url.as_str();
    widgets::snippet(base, widget, prices, key.unwrap_or("YOUR_WEB_PAGE_KEY"))
}

async fn page(State(d): State<Dashboard>, place: InShop, Query(asked): Query<Asked>) -> Response {
    let mut page = match make(&d, &place, None).await {
        Ok(page) => page,
        Err(failed) => return failed,
    };
    if ListedPrice::is_name(&asked.edit) {
        match d.office.widget(place.shop.id).await {
            Ok((_, prices)) => match prices.into_iter().find(|price| price.name == asked.edit) {
                Some(price) => {
                    page.price = PriceFields {
                        amount: price.price.amount(),
                        fiat: price.price.currency,
                        name: price.name,
                        label: price.label,
                    }
                }
                None => return problem::not_found(&place.visit),
            },
            Err(error) => return problem::failed(place.visit.t, &error),
        }
    }
    page.html()
}

async fn set(State(d): State<Dashboard>, place: InShop, form: Form) -> Response {
    let typed = form.raw("origins");
    let origins: Vec<String> = typed.split_whitespace().map(str::to_owned).collect();
    let (is_on, takes_amounts) = (form.has("on"), form.has("amounts"));
    let by = place.visit.by(&d.office);
    let set = d
        .office
        .set_widget(by, &place.shop, is_on, takes_amounts, &origins);
    let mistake = match set.await {
        Ok(_) => return Flash::new("widget-saved", place.path("widget")).into_response(),
        Err(WidgetError::Origin(error)) => {
            let arguments = [("why", error.to_string().into())];
            place.visit.t.say_with("widget-origin-wrong", &arguments)
        }
        Err(WidgetError::TooManyOrigins) => place.visit.t.say("widget-origins-many"),
        Err(error) => return problem::failed(place.visit.t, &error),
    };
    match make(&d, &place, None).await {
        Ok(page) => {
            let page = WidgetPage {
                is_on,
                takes_amounts,
                origins: typed.to_owned(),
                ..page
            };
            page.wrong(Mistakes::one("origins", mistake))
        }
        Err(failed) => failed,
    }
}

async fn set_price(State(d): State<Dashboard>, place: InShop, form: Form) -> Response {
    let fields = PriceFields {
        name: form.get("name").to_owned(),
        label: form.get("label").to_owned(),
        amount: form.get("amount").to_owned(),
        fiat: form.get("fiat").parse().unwrap_or(Fiat::Usd),
    };
    let price = widgets::price(fields.name.clone(), &fields.amount, fields.fiat, &fields.label);
    let set = match price {
        Ok(price) => {
            let by = place.visit.by(&d.office);
            d.office.set_listed_price(by, &place.shop, price).await
        }
        Err(error) => Err(error),
    };
    match set {
        Ok(()) => Flash::new("widget-price-saved", place.path("widget")).into_response(),
        Err(WidgetError::Store(error)) => problem::failed(place.visit.t, &error),
        Err(error) => match make(&d, &place, None).await {
            Ok(page) => {
                let page = WidgetPage {
                    price: fields,
                    ..page
                };
                page.wrong(price_mistakes(place.visit.t, &error))
            }
            Err(failed) => failed,
        },
    }
}

fn price_mistakes(t: &Language, error: &WidgetError) -> Mistakes {
    let (field, key) = match error {
        WidgetError::Name => ("name", "widget-name-wrong"),
        WidgetError::Label => ("label", "widget-label-wrong"),
        WidgetError::TooManyPrices => ("name", "widget-prices-many"),
        WidgetError::Amount { .. }
        | WidgetError::OutOfThisWorld
        | WidgetError::Store(_)
        | WidgetError::Origin(_)
        | WidgetError::TooManyOrigins
        | WidgetError::NoPrice(_) => ("amount", "widget-amount-wrong"),
    };
    Mistakes::one(field, t.say(key))
}

async fn remove_price(State(d): State<Dashboard>, place: InShop, form: Form) -> Response {
    let by = place.visit.by(&d.office);
    let removed = d.office.remove_listed_price(by, &place.shop, form.get("name"));
    match removed.await {
        Ok(()) => Flash::new("widget-price-removed", place.path("widget")).into_response(),
        Err(WidgetError::NoPrice(_)) => problem::not_found(&place.visit),
        Err(error) => problem::failed(place.visit.t, &error),
    }
}

async fn make_key(State(d): State<Dashboard>, place: InShop, form: Form) -> Response {
    let mode = if form.get("mode") == "test" {
        Mode::Test
    } else {
        Mode::Live
    };
    let by = place.visit.by(&d.office);
    match d.office.add_key(by, place.shop.id, page_key(mode)).await {
        Ok(made) => match make(&d, &place, Some(made.text.to_string())).await {
            Ok(page) => page.html(),
            Err(failed) => failed,
        },
        Err(error) => problem::failed(place.visit.t, &error),
    }
}
