//! The third step: which networks. What is switched on here is asked of public nodes, until the owner names others.

use crate::web::dashboard::html::html_with;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use super::{Step, StepFrame};
use crate::engine::office::networks::{
    NetworkChange, NetworkError, NetworkSource, NetworkState, ProviderChoice, ProviderEntry,
};
use crate::web::dashboard::{Dashboard, Form, InShop, Mistakes, problem};

pub(super) fn router() -> Router<Dashboard> {
    Router::new().route("/start/{store}/coins", get(page).post(switch))
}

/// A network to choose.
struct Row {
    slug: String,
    name: String,
    coins: String,
    is_chosen: bool,
    /// Whether it is set elsewhere, so that it cannot be changed here.
    is_fixed: bool,
}

impl Row {
    fn of(state: &NetworkState, chosen: &dyn Fn(&str) -> bool) -> Self {
        let coins: Vec<&str> = state.assets.iter().map(|asset| &*asset.asset.symbol).collect();
        Self {
            slug: state.network.slug.to_string(),
            name: state.network.name.to_string(),
            coins: coins.join(", "),
            is_chosen: state.source != NetworkSource::Off || chosen(&state.network.slug),
            is_fixed: state.source == NetworkSource::File,
        }
    }
}

#[derive(Template)]
#[template(path = "dashboard/start/coins.html")]
struct CoinsPage {
    frame: StepFrame,
    path: String,
    networks: Vec<Row>,
    mistakes: Mistakes,
}

fn render(
    dashboard: &Dashboard,
    place: &InShop,
    chosen: &dyn Fn(&str) -> bool,
    mistakes: Mistakes,
) -> Response {
    let status = mistakes.status();
    let networks = dashboard.office.networks();
    let page = CoinsPage {
        frame: StepFrame::of(&place.visit, Step::Coins),
        path: format!("/start/{}", place.shop.id),
        networks: networks.iter().map(|state| Row::of(state, chosen)).collect(),
        mistakes,
    };
    html_with(status, &page)
}

async fn page(State(dashboard): State<Dashboard>, place: InShop) -> Response {
    render(&dashboard, &place, &|_| false, Mistakes::default())
}

async fn switch(State(dashboard): State<Dashboard>, place: InShop, form: Form) -> Response {
    let wanted: Vec<&str> = form.all("network").collect();
    let is_wanted = |slug: &str| wanted.contains(&slug);
    let states = dashboard.office.networks();
    let changes: Vec<NetworkChange> = states
        .iter()
        .filter_map(|state| change(state, &is_wanted))
        .collect();
    let next = format!("/start/{}/addresses", place.shop.id);
    if changes.is_empty() {
        return Redirect::to(&next).into_response();
    }
    let t = place.visit.t;
    let by = place.visit.by(&dashboard.office);
    match dashboard.office.set_networks(by, changes).await {
        Ok(()) => Redirect::to(&next).into_response(),
        Err(error @ (NetworkError::Store(_) | NetworkError::Unwritten(_))) => problem::failed(t, &error),
        Err(error) => {
            let text = t.say_with("start-coins-refused", &[("reason", error.to_string().into())]);
            render(&dashboard, &place, &is_wanted, Mistakes::one("network", text))
        }
    }
}

/// What has to be done so that a network is read, or not, as wanted.
fn change(state: &NetworkState, is_wanted: &dyn Fn(&str) -> bool) -> Option<NetworkChange> {
    let network = state.network.slug.to_string();
    match (state.source, is_wanted(&network)) {
        (NetworkSource::Off, true) => {
            let recommended = state.proposal.iter().filter(|proposal| proposal.is_recommended);
            let entry = |url: &str, kind: &str| {
                ProviderChoice::New(ProviderEntry {
                    url: url.to_owned(),
                    kind: kind.to_owned(),
                    headers: Vec::new(),
                })
            };
            Some(NetworkChange::On {
                network,
                providers: recommended
                    .map(|proposal| entry(proposal.url, proposal.kind))
                    .collect(),
                confirmations: String::new(),
                tokens_off: Vec::new(),
            })
        }
        (NetworkSource::Dashboard, false) => Some(NetworkChange::Off { network }),
        (NetworkSource::Off, false) | (NetworkSource::Dashboard, true) | (NetworkSource::File, _) => None,
    }
}
