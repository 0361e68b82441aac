//! The rules of a store's new payments.

use crate::web::dashboard::html::{html, html_with};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::wording::{hundredths, read_hundredths, read_span, shop_mistake, span};
use super::{Dashboard, Flash, Form, Frame, InShop, Mistakes, Tab, frame, problem, tabs};
use crate::domain::shop::LatePolicy;
use crate::engine::office::shops::{RuleChange, ShopChange};

const MINUTE_S: u64 = 60;
const HOUR_S: u64 = 3600;

#[derive(Template)]
#[template(path = "dashboard/stores/payments.html")]
struct PaymentsPage {
    frame: Frame,
    tabs: Vec<Tab>,
    window: String,
    cool_down: String,
    tolerance: String,
    markup: String,
    accepts_late: bool,
    mistakes: Mistakes,
}

fn known(place: &InShop) -> PaymentsPage {
    let rules = &place.shop.rules;
    PaymentsPage {
        frame: frame(place),
        tabs: tabs(place, "settings/payments"),
        window: span(rules.window, MINUTE_S),
        cool_down: span(rules.cool_down, HOUR_S),
        tolerance: hundredths(rules.tolerance_bps.into()),
        markup: hundredths(rules.markup_bps.into()),
        accepts_late: rules.late == LatePolicy::Accept,
        mistakes: Mistakes::default(),
    }
}

pub(super) async fn page(place: InShop) -> Response {
    html(&known(&place))
}

pub(super) async fn save(State(dashboard): State<Dashboard>, place: InShop, form: Form) -> Response {
    let (t, known) = (place.visit.t, known(&place));
    let mut mistakes = Mistakes::default();
    // What was not touched is not rounded to what was shown of it.
    let touched = |name: &str, shown: &str| (form.get(name) != shown).then(|| form.get(name).to_owned());
    let mut wrong = |field: &'static str, key: &str| mistakes.add(field, t.say(key));
    let mut rules = RuleChange::default();
    if let Some(text) = touched("window", &known.window) {
        rules.window = read_span(&text, MINUTE_S);
        if rules.window.is_none() {
            wrong("window", "stores-error-window");
        }
    }
    if let Some(text) = touched("cool_down", &known.cool_down) {
        rules.cool_down = read_span(&text, HOUR_S);
        if rules.cool_down.is_none() {
            wrong("cool_down", "stores-error-cool-down");
        }
    }
    if let Some(text) = touched("tolerance", &known.tolerance) {
        rules.tolerance_bps = read_hundredths(&text).and_then(|bps| u16::try_from(bps).ok());
        if rules.tolerance_bps.is_none() {
            wrong("tolerance", "stores-error-tolerance");
        }
    }
    if let Some(text) = touched("markup", &known.markup) {
        rules.markup_bps = read_hundredths(&text).and_then(|bps| i32::try_from(bps).ok());
        if rules.markup_bps.is_none() {
            wrong("markup", "stores-error-markup");
        }
    }
    match form.get("late").parse() {
        Ok(late) => rules.late = Some(late),
        Err(_) => wrong("late", "stores-error-choice"),
    }
    if !mistakes.is_empty() {
        return mistaken(known, &form, mistakes);
    }
    let what = ShopChange {
        rules,
        ..ShopChange::default()
    };
    let by = place.visit.by(&dashboard.office);
    match dashboard.office.change_shop(by, place.shop.id, what).await {
        Ok(_) => Flash::new("stores-saved", place.path("settings/payments")).into_response(),
        Err(error) => match shop_mistake(t, &error) {
            Some(mistakes) => mistaken(known, &form, mistakes),
            None => problem::failed(t, &error),
        },
    }
}

fn mistaken(known: PaymentsPage, form: &Form, mistakes: Mistakes) -> Response {
    let typed = |name: &str| form.get(name).to_owned();
    let page = PaymentsPage {
        window: typed("window"),
        cool_down: typed("cool_down"),
        tolerance: typed("tolerance"),
        markup: typed("markup"),
        accepts_late: form.get("late") == LatePolicy::Accept.word(),
        mistakes,
        ..known
    };
    html_with(page.mistakes.status(), &page)
}
