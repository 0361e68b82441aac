//! The fourth step: where the store receives on each network: addresses of its owner, or an account's public key.

use crate::web::dashboard::html::html_with;
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use super::{Step, StepFrame};
use crate::engine::office::addresses::AddError;
use crate::engine::office::networks::NetworkSource;
use crate::engine::office::receivers::Receiver;
use crate::engine::office::wallets::WalletChoice;
use crate::web::assets;
use crate::web::dashboard::again::Again;
use crate::web::dashboard::{Dashboard, Form, InShop, Mistakes, problem};
use crate::web::text::Language;

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/start/{store}/addresses", get(page).post(keep))
        .route("/start/{store}/check/{network}", post(check))
}

const ACCOUNT_ALONE: &str = "an account's key stands alone, without other keys or addresses";

/// A network, what was typed for it, and what that is.
struct Row {
    slug: String,
    name: String,
    typed: String,
    /// What it is, when it is good.
    good: String,
    /// What is wrong with it.
    mistake: String,
}

#[derive(Template)]
#[template(path = "dashboard/start/addresses.html")]
struct AddressesPage {
    frame: StepFrame,
    path: String,
    script: String,
    networks: Vec<Row>,
    mistakes: Mistakes,
}

/// The networks that are read, or will be in a moment.
fn rows(dashboard: &Dashboard) -> Vec<Row> {
    let networks = dashboard.office.networks().into_iter();
    networks
        .filter(|state| state.source != NetworkSource::Off)
        .map(|state| Row {
            slug: state.network.slug.to_string(),
            name: state.network.name.to_string(),
            typed: String::new(),
            good: String::new(),
            mistake: String::new(),
        })
        .collect()
}

fn render(place: &InShop, networks: Vec<Row>, mistakes: Mistakes) -> Response {
    let status = if networks.iter().all(|row| row.mistake.is_empty()) {
        mistakes.status()
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = AddressesPage {
        frame: StepFrame::of(&place.visit, Step::Addresses),
        path: format!("/start/{}", place.shop.id),
        script: assets::path("dashboard/start.js"),
        networks,
        mistakes,
    };
    html_with(status, &page)
}

async fn page(State(dashboard): State<Dashboard>, place: InShop) -> Response {
    render(&place, rows(&dashboard), Mistakes::default())
}

/// What was typed for a network, line by line.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// Why what was typed is not taken.
struct Mistake {
    text: String,
    /// It can spend, and is not shown again.
    is_secret: bool,
}

impl From<String> for Mistake {
    fn from(text: String) -> Self {
        Self {
            text,
            is_secret: false,
        }
    }
}

/// What a text is, in words.
fn verdict(t: &Language, dashboard: &Dashboard, network: &str, text: &str) -> Result<String, Mistake> {
    let mut found = String::new();
    let mut count: u32 = 0;
    for line in lines(text) {
        let receiver = dashboard.office.check_receiver(network, line);
        found = match receiver.map_err(|_| t.say("office-not-found-text"))? {
            Receiver::Address(address) => address,
            // Of more than one, one would be received with and the rest passed over.
            Receiver::Account(_) if lines(text).count() > 1 => {
                return Err(t
                    .say_with("start-bad-address", &[("reason", ACCOUNT_ALONE.into())])
                    .into());
            }
            Receiver::Account(account) => {
                let first = account.first.first().cloned().unwrap_or_default();
                t.say_with("start-account-good", &[("address", first.into())])
            }
            Receiver::Secret => {
                return Err(Mistake {
                    text: t.say("start-secret"),
                    is_secret: true,
                });
            }
            Receiver::OtherNetwork { wanted, found } => {
                let arguments = [("found", found.into()), ("wanted", wanted.into())];
                return Err(t.say_with("start-other-network", &arguments).into());
            }
            Receiver::BadAddress(error) => {
                return Err(t
                    .say_with("start-bad-address", &[("reason", error.to_string().into())])
                    .into());
            }
            Receiver::BadAccount(error) => {
                return Err(t
                    .say_with("start-bad-address", &[("reason", error.to_string().into())])
                    .into());
            }
            Receiver::Nonsense { wanted } => {
                return Err(t
                    .say_with("start-no-address", &[("wanted", wanted.into())])
                    .into());
            }
        };
        count = count.saturating_add(1);
    }
    Ok(match count {
        0 => String::new(),
        1 => t.say_with("start-address-good", &[("found", found.into())]),
        more => t.say_with("start-addresses-good", &[("count", more.into())]),
    })
}

/// `POST /start/{store}/check/{network}`: what is typed, before it is kept. The text goes nowhere.
async fn check(
    State(dashboard): State<Dashboard>,
    place: InShop,
    Path((_, network)): Path<(String, String)>,
    form: Form,
) -> Response {
    let (class, text) = match verdict(place.visit.t, &dashboard, &network, form.get("text")) {
        Ok(text) => ("good", text),
        Err(mistake) => ("bad", mistake.text),
    };
    let body = serde_json::json!({ "class": class, "text": text });
    crate::web::answer::json(StatusCode::OK, &body)
}

async fn keep(State(dashboard): State<Dashboard>, place: InShop, again: Again, form: Form) -> Response {
    let t = place.visit.t;
    let mut networks = rows(&dashboard);
    for row in &mut networks {
        let typed = form.get(&row.slug);
        match verdict(t, &dashboard, &row.slug, typed) {
            Ok(good) => row.good = good,
            Err(mistake) => {
                row.mistake = mistake.text;
                if mistake.is_secret {
                    continue;
                }
            }
        }
        row.typed = typed.to_owned();
    }
    if networks.iter().any(|row| !row.mistake.is_empty()) {
        return render(&place, networks, Mistakes::default());
    }
    // The first run's pages stay open to owners for ever: here, too, an open session alone moves no money.
    let is_any = networks.iter().any(|row| !row.typed.is_empty());
    if is_any && let Err(doubt) = again.check(&dashboard, &place.visit, &form).await {
        let mistakes = Mistakes::one("again", doubt.text.clone());
        return doubt.on(render(&place, networks, mistakes));
    }
    for row in &mut networks {
        if row.typed.is_empty() {
            continue;
        }
        match keep_one(&dashboard, &place, &row.slug, &row.typed).await {
            // Kept, and not to be kept again when another is mended.
            Ok(()) => {
                row.typed.clear();
                row.good.push_str(" ✓");
            }
            Err(Refused::Failed(error)) => return problem::failed(t, &*error),
            Err(Refused::Said(reason)) => {
                row.mistake = t.say_with("start-bad-address", &[("reason", reason.into())]);
                row.good.clear();
            }
        }
    }
    if networks.iter().any(|row| !row.mistake.is_empty()) {
        return render(&place, networks, Mistakes::default());
    }
    Redirect::to(&format!("/start/{}/webhook", place.shop.id)).into_response()
}

/// Why something was not kept.
enum Refused {
    /// By payd's own fault.
    Failed(Box<dyn std::error::Error + Send + Sync>),
    /// For a reason that the owner can do something about.
    Said(String),
}

async fn keep_one(dashboard: &Dashboard, place: &InShop, network: &str, typed: &str) -> Result<(), Refused> {
    let office = &dashboard.office;
    let by = place.visit.by(office);
    let account = match lines(typed)
        .next()
        .map(|line| office.check_receiver(network, line))
    {
        Some(Ok(Receiver::Account(account))) => Some(account.canonical),
        _ => None,
    };
    if let Some(account) = account {
        let choice = WalletChoice::Xpub {
            account,
            next_index: None,
        };
        let set = office.set_wallet(by, place.shop.clone(), network, &choice).await;
        return set.map(|_| ()).map_err(|error| Refused::Said(error.to_string()));
    }
    match office
        .add_addresses(by, place.shop.clone(), network, typed, false)
        .await
    {
        // The very same addresses a second time: the owner went back a page.
        Ok(_) => Ok(()),
        Err(AddError::Store(error)) => Err(Refused::Failed(Box::new(error))),
        Err(error) => Err(Refused::Said(error.to_string())),
    }
}
