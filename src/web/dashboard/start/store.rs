//! The second step: the store.

use crate::web::dashboard::html::html_with;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use super::{Step, StepFrame};
use crate::domain::money::Fiat;
use crate::domain::shop::{Dialect, Rules};
use crate::engine::office::shops::{NewShop, ShopError};
use crate::web::dashboard::{Dashboard, Form, Mistakes, Visit, problem};

pub(super) fn router() -> Router<Dashboard> {
    Router::new().route("/start/store", get(page).post(make))
}

#[derive(Template)]
#[template(path = "dashboard/start/store.html")]
struct StorePage {
    frame: StepFrame,
    name: String,
    website: String,
    /// Each currency, and whether it is the one.
    fiats: Vec<(&'static str, bool)>,
    /// Each API by its word and what it is called, and whether it is the one.
    dialects: Vec<(&'static str, String, bool)>,
    mistakes: Mistakes,
}

struct Typed {
    name: String,
    website: String,
    fiat: Fiat,
    dialect: Dialect,
}

fn render(visit: &Visit, typed: Typed, mistakes: Mistakes) -> Response {
    let t = visit.t;
    let status = mistakes.status();
    let dialects = Dialect::ALL.iter();
    let page = StorePage {
        frame: StepFrame::of(visit, Step::Store),
        name: typed.name,
        website: typed.website,
        fiats: Fiat::ALL
            .iter()
            .map(|fiat| (fiat.word(), *fiat == typed.fiat))
            .collect(),
        dialects: dialects
            .map(|dialect| {
                let name = t.say(&format!("start-api-{dialect}"));
                (dialect.word(), name, *dialect == typed.dialect)
            })
            .collect(),
        mistakes,
    };
    html_with(status, &page)
}

async fn page(visit: Visit) -> Response {
    let typed = Typed {
        name: String::new(),
        website: String::new(),
        fiat: Fiat::Usd,
        dialect: Dialect::Payhook,
    };
    render(&visit, typed, Mistakes::default())
}

async fn make(State(dashboard): State<Dashboard>, visit: Visit, form: Form) -> Response {
    let typed = Typed {
        name: form.get("name").to_owned(),
        website: form.get("website").to_owned(),
        fiat: form.get("fiat").parse().unwrap_or(Fiat::Usd),
        dialect: form.get("dialect").parse().unwrap_or(Dialect::Payhook),
    };
    let new = NewShop {
        name: typed.name.clone(),
        dialect: typed.dialect,
        website: (!typed.website.is_empty()).then(|| typed.website.clone()),
        fiat: typed.fiat,
        rules: Rules::default(),
    };
    let t = visit.t;
    let by = visit.by(&dashboard.office);
    let mistakes = match dashboard.office.add_shop(by, new).await {
        Ok(shop) => return Redirect::to(&format!("/start/{}/coins", shop.id)).into_response(),
        Err(ShopError::Name | ShopError::NameLikeOption) => {
            Mistakes::one("name", t.say("start-store-name-mistake"))
        }
        Err(ShopError::NameTaken(_)) => Mistakes::one("name", t.say("start-store-name-taken")),
        Err(ShopError::Website(_)) => Mistakes::one("website", t.say("start-website-mistake")),
        Err(ShopError::SiteTaken { .. }) => Mistakes::one("website", t.say("start-website-taken")),
        Err(error) => return problem::failed(t, &error),
    };
    render(&visit, typed, mistakes)
}
