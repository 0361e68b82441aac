//! Where a store receives: its ways, its addresses, and the room they leave for payments.
//!
//! Whoever changes where money goes shows once more that it is them ([`super::again`]).

mod add;
mod address;
mod cards;
mod export;
mod network;
#[cfg(test)]
mod tests;
mod way;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};

use super::{Dashboard, InShop, problem};
use crate::domain::network::{Mode, Network};

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/stores/{store}/addresses", get(cards::page))
        .route("/stores/{store}/addresses/{network}", get(network::page))
        .route(
            "/stores/{store}/addresses/{network}/add",
            get(add::page).post(add::add),
        )
        .route("/stores/{store}/addresses/{network}/check", post(add::check))
        .route("/stores/{store}/addresses/{network}/export", get(export::csv))
        .route(
            "/stores/{store}/addresses/{network}/way",
            get(way::page).post(way::choose),
        )
        .route(
            "/stores/{store}/addresses/{network}/{address}",
            get(address::page),
        )
        .route(
            "/stores/{store}/addresses/{network}/{address}/retire",
            post(address::retire),
        )
        .route(
            "/stores/{store}/addresses/{network}/{address}/restore",
            post(address::restore),
        )
        .route(
            "/stores/{store}/addresses/{network}/{address}/prove",
            post(address::prove),
        )
}

/// The network of a path, or a page that says that it is not there.
fn network_of(d: &Dashboard, place: &InShop, word: &str) -> Result<Arc<Network>, Box<Response>> {
    let network = d.office.network_named(word);
    network
        .map(Arc::clone)
        .ok_or_else(|| Box::new(problem::not_found(&place.visit)))
}

/// The word for a network in paths: its slug, or the full name of a simulated one.
fn word(network: &Network) -> &str {
    match network.mode {
        Mode::Live => &network.slug,
        Mode::Test => network.id.as_str(),
    }
}

/// The path of a page of a network.
fn path(place: &InShop, network: &Network, rest: &str) -> String {
    place.path(&format!("addresses/{}{rest}", word(network)))
}
