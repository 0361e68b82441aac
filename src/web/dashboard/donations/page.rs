//! How a store's donation page is set up, and how to lead people to it.

use crate::web::dashboard::html::html;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};

use crate::domain::allowed::AllowedNetworks;
use crate::domain::donation::DonationPage;
use crate::domain::money::{Fiat, FiatAmount};
use crate::domain::network::Mode;
use crate::engine::office::donations::{PageChange, PageError, What};
use crate::engine::office::keys::NewKey;
use crate::web::checkout::qr;
use crate::web::dashboard::flash::Flash;
use crate::web::dashboard::{Dashboard, Form, Frame, InShop, Mistakes, Room, problem};
use crate::web::text::Language;

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/stores/{store}/donations/page", get(page).post(set))
        .route("/stores/{store}/donations/key", post(make_key))
}

/// What stands in place of a key that nobody knows any more.
const NO_KEY: &str = "YOUR_WEB_PAGE_KEY";

/// The fields of the form, as they are or as they were typed.
struct Fields {
    is_open: bool,
    title: String,
    text: String,
    fiat: Fiat,
    amounts: String,
    colour: String,
    goal: String,
    sends_webhooks: bool,
}

impl Fields {
    fn of(page: &DonationPage) -> Self {
        let amount = |minor: u64| {
            let currency = page.fiat;
            FiatAmount { currency, minor }.amount()
        };
        let amounts: Vec<String> = page.presets.iter().map(|minor| amount(*minor)).collect();
        Self {
            is_open: page.is_enabled,
            title: page.title.clone(),
            text: page.text.clone(),
            fiat: page.fiat,
            amounts: amounts.join(", "),
            colour: page.colour.clone(),
            goal: page.goal_minor.map(amount).unwrap_or_default(),
            sends_webhooks: page.sends_webhooks,
        }
    }

    fn typed(form: &Form) -> Self {
        Self {
            is_open: form.has("open"),
            title: form.get("title").to_owned(),
            text: form.raw("text").to_owned(),
            fiat: form.get("fiat").parse().unwrap_or(Fiat::Usd),
            amounts: form.get("amounts").to_owned(),
            colour: form.get("colour").to_owned(),
            goal: form.get("goal").to_owned(),
            sends_webhooks: form.has("webhooks"),
        }
    }

    fn change(&self) -> PageChange {
        let or_none = |text: &str| Some(if text.is_empty() { "none" } else { text }.to_owned());
        PageChange {
            is_enabled: Some(self.is_open),
            title: Some(self.title.clone()),
            text: Some(self.text.clone()),
            fiat: Some(self.fiat),
            amounts: Some(self.amounts.clone()),
            colour: or_none(&self.colour),
            goal: or_none(&self.goal),
            sends_webhooks: Some(self.sends_webhooks),
        }
    }
}

/// A piece of a web page, to be copied.
struct Snippet {
    id: &'static str,
    name: String,
    text: String,
}

/// How people get to the page, by a key.
struct Ways {
    url: String,
    /// Only for a key that was just made.
    qr: Option<String>,
    is_new: bool,
    snippets: Vec<Snippet>,
}

impl Ways {
    fn by(d: &Dashboard, t: &Language, key: Option<&str>) -> Self {
        let base = d.settings.public_url.as_str().trim_end_matches('/').to_owned();
        let shown = key.unwrap_or(NO_KEY);
        let url = format!("{base}/donate/{shown}");
        let snippet = |id, name: &str, mode: &str, before: &str| Snippet {
            id,
            name: t.say(name),
            text: format!(
                "{before}<script src=\"{base}/donate-widget.js\" data-store-key=\"{shown}\"{mode}></script>"
            ),
        };
        Self {
            qr: key.and_then(|_| qr::svg(&url)),
            is_new: key.is_some(),
            snippets: vec![
                snippet("snippet-floating", "gifts-floating", "", ""),
                snippet("snippet-topbar", "gifts-topbar", " data-mode=\"topbar\"", ""),
                snippet(
                    "snippet-inline",
                    "gifts-inline",
                    " data-mode=\"inline\" data-target=\"donate\"",
                    "<div id=\"donate\"></div>\n",
                ),
            ],
            url,
        }
    }
}

#[derive(Template)]
#[template(path = "dashboard/donations/page.html")]
struct SettingsPage {
    frame: Frame,
    path: String,
    shop: String,
    fields: Fields,
    mistakes: Mistakes,
    ways: Ways,
}

impl SettingsPage {
    fn new(d: &Dashboard, place: &InShop, fields: Fields, key: Option<&str>) -> Self {
        let t = place.visit.t;
        Self {
            frame: place.visit.frame(t.say("gifts-page-title"), Room::Donations),
            path: place.path("donations"),
            shop: place.shop.name.clone(),
            fields,
            mistakes: Mistakes::default(),
            ways: Ways::by(d, t, key),
        }
    }

    fn html(&self) -> Response {
        html(self)
    }
}

async fn page(State(d): State<Dashboard>, place: InShop) -> Response {
    shown(&d, &place, None).await
}

async fn shown(d: &Dashboard, place: &InShop, key: Option<&str>) -> Response {
    match d.office.donation_page(place.shop.id).await {
        Ok((page, _)) => SettingsPage::new(d, place, Fields::of(&page), key).html(),
        Err(error) => problem::failed(place.visit.t, &error),
    }
}

async fn set(State(d): State<Dashboard>, place: InShop, form: Form) -> Response {
    let fields = Fields::typed(&form);
    let by = place.visit.by(&d.office);
    let set = d.office.set_donation_page(by, &place.shop, fields.change());
    match set.await {
        Ok(_) => Flash::new("gifts-saved", place.path("donations/page")).into_response(),
        Err(PageError::Store(error)) => problem::failed(place.visit.t, &error),
        Err(error) => {
            let page = SettingsPage {
                mistakes: mistakes(place.visit.t, &error),
                ..SettingsPage::new(&d, &place, fields, None)
            };
            (StatusCode::UNPROCESSABLE_ENTITY, page.html()).into_response()
        }
    }
}

fn mistakes(t: &Language, error: &PageError) -> Mistakes {
    let (field, key) = match error {
        PageError::TooLong {
            what: What::Title, ..
        }
        | PageError::Control(What::Title) => ("title", "gifts-title-wrong"),
        PageError::TooLong { what: What::Text, .. } | PageError::Control(What::Text) => {
            ("text", "gifts-text-wrong")
        }
        PageError::Colour => ("colour", "gifts-colour-wrong"),
        PageError::Goal(_) => ("goal", "gifts-goal-wrong"),
        PageError::TooMany => ("amounts", "gifts-amounts-many"),
        PageError::Amount(_)
        | PageError::TooMuch { .. }
        | PageError::OtherCurrency { .. }
        | PageError::Store(_) => ("amounts", "gifts-amounts-wrong"),
    };
    Mistakes::one(field, t.say(key))
}

/// A key for web pages.
pub(in crate::web::dashboard) fn page_key(mode: Mode) -> NewKey {
    NewKey {
        mode,
        is_public: true,
        label: String::new(),
        allowed: AllowedNetworks::default(),
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
        Ok(made) => shown(&d, &place, Some(&made.text)).await,
        Err(error) => problem::failed(place.visit.t, &error),
    }
}
