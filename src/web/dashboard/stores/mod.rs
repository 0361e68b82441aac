//! Stores: the list of all, and the settings of each.

mod branding;
mod coins;
mod confirmations;
mod general;
mod list;
mod payments;
mod rates;
#[cfg(test)]
mod tests;
mod wording;

use axum::Router;
use axum::routing::{get, post};

use super::{Dashboard, Flash, Form, Frame, InShop, Mistakes, Room, Visit, problem};
use crate::domain::fiat::Fiat;

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/stores", get(list::page).post(list::add))
        .route("/stores/{store}/settings", get(general::page).post(general::save))
        .route("/stores/{store}/settings/open", post(general::open))
        .route(
            "/stores/{store}/settings/payments",
            get(payments::page).post(payments::save),
        )
        .route(
            "/stores/{store}/settings/coins",
            get(coins::page).post(coins::save),
        )
        .route(
            "/stores/{store}/settings/confirmations",
            get(confirmations::page).post(confirmations::save),
        )
        .route(
            "/stores/{store}/settings/rates",
            get(rates::page).post(rates::save),
        )
        .route("/stores/{store}/settings/rates/remove", post(rates::remove))
        .route(
            "/stores/{store}/settings/branding",
            get(branding::page).post(branding::save),
        )
        .route(
            "/stores/{store}/settings/branding/preview",
            get(branding::preview).post(branding::preview_of),
        )
        .route("/stores/{store}/settings/branding/{look}", get(branding::style))
}

/// A page of the settings, beside the others.
struct Tab {
    label: String,
    href: String,
    is_here: bool,
}

/// The pages of a store's settings, by the end of their path and the key of their name.
const TABS: [(&str, &str); 6] = [
    ("settings", "stores-tab-general"),
    ("settings/payments", "stores-tab-payments"),
    ("settings/coins", "stores-tab-coins"),
    ("settings/confirmations", "stores-tab-confirmations"),
    ("settings/rates", "stores-tab-rates"),
    ("settings/branding", "stores-tab-branding"),
];

fn tabs(place: &InShop, here: &str) -> Vec<Tab> {
    let tab = |(path, key): (&str, &str)| Tab {
        label: place.visit.t.say(key),
        href: place.path(path),
        is_here: path == here,
    };
    TABS.into_iter().map(tab).collect()
}

fn frame(place: &InShop) -> Frame {
    let title = place.visit.t.say("nav-settings");
    place.visit.frame(title, Room::Settings)
}

/// An entry of a list to choose from.
struct Choice {
    value: String,
    label: String,
    is_chosen: bool,
}

/// The currencies that a merchant can reckon in.
fn currencies(chosen: &str) -> Vec<Choice> {
    let choice = |fiat: &Fiat| Choice {
        value: fiat.to_string(),
        label: fiat.to_string(),
        is_chosen: fiat.word() == chosen,
    };
    Fiat::ALL.iter().map(choice).collect()
}
