//! All stores, and a new one.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::wording::shop_mistake;
use super::{Choice, Dashboard, Flash, Form, Frame, Mistakes, Room, Visit, currencies, problem};
use crate::domain::fiat::Fiat;
use crate::domain::network::Mode;
use crate::domain::shop::{Dialect, Shop};
use crate::engine::office::shops::NewShop;
use crate::web::dashboard::html::html_with;

#[derive(Template)]
#[template(path = "dashboard/stores/list.html")]
struct ListPage<'a> {
    frame: Frame,
    shops: &'a [Shop],
    is_owner: bool,
    name: &'a str,
    website: &'a str,
    dialects: Vec<Choice>,
    currencies: Vec<Choice>,
    mistakes: Mistakes,
}

fn render(visit: &Visit, form: &Form, mistakes: Mistakes) -> Response {
    let t = visit.t;
    let chosen = form.get("dialect");
    let dialect = |dialect: &Dialect| Choice {
        value: dialect.to_string(),
        label: t.say(&format!("dialect-{dialect}")),
        is_chosen: dialect.word() == chosen || chosen.is_empty() && *dialect == Dialect::Payhook,
    };
    let fiat = match form.get("currency") {
        "" => Fiat::Usd.word(),
        typed => typed,
    };
    let page = ListPage {
        frame: visit.frame(t.say("nav-stores"), Room::Stores),
        shops: &visit.shops,
        is_owner: visit.is_owner(),
        name: form.get("name"),
        website: form.get("website"),
        dialects: Dialect::ALL.iter().map(dialect).collect(),
        currencies: currencies(fiat),
        mistakes,
    };
    html_with(page.mistakes.status(), &page)
}

pub(super) async fn page(visit: Visit) -> Response {
    render(&visit, &Form::default(), Mistakes::default())
}

pub(super) async fn add(State(dashboard): State<Dashboard>, visit: Visit, form: Form) -> Response {
    let t = visit.t;
    let mut mistakes = Mistakes::default();
    let dialect = form.get("dialect").parse::<Dialect>();
    if dialect.is_err() {
        mistakes.add("dialect", t.say("stores-error-choice"));
    }
    let fiat = form.get("currency").parse::<Fiat>();
    if fiat.is_err() {
        mistakes.add("currency", t.say("stores-error-choice"));
    }
    let (Ok(dialect), Ok(fiat)) = (dialect, fiat) else {
        return render(&visit, &form, mistakes);
    };
    let new = NewShop {
        name: form.get("name").to_owned(),
        dialect,
        website: Some(form.get("website").to_owned()),
        fiat,
        rules: dashboard.settings.shop_rules.clone(),
    };
    let by = visit.by(&dashboard.office);
    match dashboard.office.add_shop(by, new).await {
        Ok(shop) => Flash::new("stores-added", format!("/stores/{}/settings", shop.id)).into_response(),
        Err(error) => match shop_mistake(t, &error) {
            Some(mistakes) => render(&visit, &form, mistakes),
            None => problem::failed(t, &error),
        },
    }
}
