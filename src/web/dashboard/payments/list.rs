//! The list.

use crate::web::dashboard::html::html;
use askama::Template;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;

use super::filter::Filter;
use super::shown::Row;
use crate::domain::network::Mode;
use crate::domain::payment::Origin;
use crate::domain::user::Role;
use crate::engine::office::payments::At;
use crate::web::dashboard::{Dashboard, Frame, InShop, Room, problem};

/// Payments of a page.
const PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "dashboard/payments/list.html")]
struct ListPage {
    frame: Frame,
    /// Where the store's pages begin.
    base: String,
    filter: Filter,
    /// By word, name, and whether it is ticked.
    statuses: Vec<(&'static str, String, bool)>,
    modes: Vec<(&'static str, String, bool)>,
    origins: Vec<(&'static str, String, bool)>,
    assets: Vec<(String, bool)>,
    fiat: &'static str,
    is_open: bool,
    rows: Vec<Row>,
    earlier: Option<String>,
    later: Option<String>,
    first: Option<String>,
    is_cut: bool,
    is_too_many: bool,
    export: String,
    may_make: bool,
}

pub(super) async fn page(State(dashboard): State<Dashboard>, place: InShop, uri: Uri) -> Response {
    let t = place.visit.t;
    let office = &dashboard.office;
    let registry = office.registry();
    let filter = Filter::read(uri.query());
    let query = filter.query(registry, place.shop.fiat);
    let found = match office
        .payments(place.shop.id, query, filter.at.clone(), PAGE)
        .await
    {
        Ok(found) => found,
        Err(error) => return problem::failed(t, &error),
    };
    let base = format!("/stores/{}", place.shop.id);
    let to = |place: Option<(&str, &str)>| format!("{base}/payments{}", filter.to_query(place));
    let rows = found.payments.iter();
    let page = ListPage {
        rows: rows
            .map(|payment| Row::new(t, registry, &base, payment))
            .collect(),
        earlier: found.earlier.map(|number| to(Some(("before", number.as_str())))),
        later: found.later.map(|number| to(Some(("after", number.as_str())))),
        first: (filter.at != At::Newest).then(|| to(None)),
        is_cut: found.is_cut,
        is_too_many: found.is_too_many,
        export: filter.to_query(None),
        statuses: filter.status_boxes(t),
        modes: Mode::ALL
            .iter()
            .map(|mode| {
                let label = t.say(&format!("payments-mode-{mode}"));
                (mode.word(), label, filter.mode == Some(*mode))
            })
            .collect(),
        origins: Origin::ALL
            .iter()
            .map(|origin| {
                let label = t.say(&format!("payments-origin-{origin}"));
                (origin.word(), label, filter.origin == Some(*origin))
            })
            .collect(),
        assets: asset_codes(&dashboard)
            .into_iter()
            .map(|code| {
                let is_chosen = code == filter.asset;
                (code, is_chosen)
            })
            .collect(),
        fiat: place.shop.fiat.word(),
        is_open: filter.narrows(),
        may_make: place.visit.may(Role::Staff),
        frame: place.visit.frame(t.say("nav-payments"), Room::Payments),
        base,
        filter,
    };
    html(&page)
}

/// The codes of all assets, each once.
fn asset_codes(dashboard: &Dashboard) -> Vec<String> {
    let registry = dashboard.office.registry();
    let networks = registry.networks().filter(|network| network.mode == Mode::Live);
    networks
        .flat_map(|network| registry.assets_of(&network.id))
        .map(|asset| registry.code(asset))
        .collect()
}
