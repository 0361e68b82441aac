//! A store's name, site, currency, language and switches.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::wording::shop_mistake;
use super::{Choice, Dashboard, Flash, Form, Frame, InShop, Mistakes, Tab, currencies, frame, problem, tabs};
use crate::domain::network::Mode;
use crate::domain::shop::Dialect;
use crate::engine::office::shops::{LANGUAGES, ShopChange};
use crate::web::dashboard::html::html_with;
use crate::web::text;

#[derive(Template)]
#[template(path = "dashboard/stores/general.html")]
struct GeneralPage {
    frame: Frame,
    tabs: Vec<Tab>,
    dialect: String,
    name: String,
    website: String,
    currencies: Vec<Choice>,
    languages: Vec<Choice>,
    /// None where the API has no such switch.
    modes: Vec<Choice>,
    is_disabled: bool,
    /// Without a site, the API refuses payments.
    lacks_site: bool,
    open_path: String,
    mistakes: Mistakes,
}

fn render(place: &InShop, form: Option<&Form>, mistakes: Mistakes) -> Response {
    let (t, shop) = (place.visit.t, &place.shop);
    let typed = |name: &str, known: &str| form.map_or(known, |form| form.get(name)).to_owned();
    let language = typed("language", shop.language.as_deref().unwrap_or_default());
    let own_language = |code: &str| Choice {
        value: code.to_owned(),
        label: text::named(code)
            .map(|language| language.name().to_owned())
            .unwrap_or_default(),
        is_chosen: code == language,
    };
    let mode = typed("mode", shop.mode.word());
    let mode = |one: &Mode| Choice {
        value: one.to_string(),
        label: t.say(&format!("stores-mode-{one}")),
        is_chosen: one.word() == mode,
    };
    let modes = match shop.dialect {
        Dialect::CryptoPay => Mode::ALL.iter().map(mode).collect(),
        Dialect::Payhook | Dialect::Soko | Dialect::UsdtPayments | Dialect::Cryptopayment => Vec::new(),
    };
    let page = GeneralPage {
        frame: frame(place),
        tabs: tabs(place, "settings"),
        dialect: t.say(&format!("dialect-{}", shop.dialect)),
        name: typed("name", &shop.name),
        website: typed("website", shop.website.as_deref().unwrap_or_default()),
        currencies: currencies(&typed("currency", shop.fiat.word())),
        languages: LANGUAGES.into_iter().map(own_language).collect(),
        modes,
        is_disabled: shop.is_disabled(),
        lacks_site: shop.required_site().is_err(),
        open_path: place.path("settings/open"),
        mistakes,
    };
    html_with(page.mistakes.status(), &page)
}

pub(super) async fn page(place: InShop) -> Response {
    render(&place, None, Mistakes::default())
}

pub(super) async fn save(State(dashboard): State<Dashboard>, place: InShop, form: Form) -> Response {
    let t = place.visit.t;
    let mut mistakes = Mistakes::default();
    let fiat = form.get("currency").parse();
    if fiat.is_err() {
        mistakes.add("currency", t.say("stores-error-choice"));
    }
    let mode = match form.get("mode") {
        "" => Ok(None),
        word => word.parse().map(Some),
    };
    if mode.is_err() {
        mistakes.add("mode", t.say("stores-error-choice"));
    }
    let (Ok(fiat), Ok(mode)) = (fiat, mode) else {
        return render(&place, Some(&form), mistakes);
    };
    let language = form.get("language");
    let what = ShopChange {
        name: Some(form.get("name").to_owned()),
        website: Some(form.get("website").to_owned()),
        mode,
        language: Some((!language.is_empty()).then(|| language.to_owned())),
        fiat: Some(fiat),
        ..ShopChange::default()
    };
    let by = place.visit.by(&dashboard.office);
    match dashboard.office.change_shop(by, place.shop.id, what).await {
        Ok(_) => Flash::new("stores-saved", place.path("settings")).into_response(),
        Err(error) => match shop_mistake(t, &error) {
            Some(mistakes) => render(&place, Some(&form), mistakes),
            None => problem::failed(t, &error),
        },
    }
}

/// Closes the store, or opens it again.
pub(super) async fn open(State(dashboard): State<Dashboard>, place: InShop, form: Form) -> Response {
    let is_disabled = form.get("open") == "no";
    let what = ShopChange {
        is_disabled: Some(is_disabled),
        ..ShopChange::default()
    };
    let by = place.visit.by(&dashboard.office);
    match dashboard.office.change_shop(by, place.shop.id, what).await {
        Ok(_) => {
            let done = if is_disabled {
                "stores-closed"
            } else {
                "stores-opened"
            };
            Flash::new(done, place.path("settings")).into_response()
        }
        Err(error) => problem::failed(place.visit.t, &error),
    }
}
