//! Where a store's backend is told, and what it was told: endpoints, deliveries, test posts, sending once more.

mod deliveries;
mod endpoint;
mod events;
mod list;
mod replay;
#[cfg(test)]
mod tests;
mod verify;
mod words;

use axum::Router;
use axum::response::Response;

use super::{Dashboard, InShop, problem};
use crate::domain::ids::EndpointId;
use crate::engine::office::deliveries::DeliveryError;
use crate::engine::office::endpoints::{EndpointError, Shown};

pub(super) fn router() -> Router<Dashboard> {
    list::router()
        .merge(endpoint::router())
        .merge(deliveries::router())
        .merge(replay::router())
        .merge(verify::router())
        .merge(events::router())
}

/// The endpoint of a path, if it is the store's.
async fn endpoint_of(d: &Dashboard, place: &InShop, id: &str) -> Result<Shown, Response> {
    let Ok(id) = id.parse().map(EndpointId::new) else {
        return Err(problem::not_found(&place.visit));
    };
    let found = d.office.endpoint(place.shop.id, id).await;
    found.map_err(|error| refused(place, error))
}

/// What is not there is a page that says so; all else is payd's fault.
fn refused(place: &InShop, error: EndpointError) -> Response {
    match error {
        EndpointError::Unknown(_) => problem::not_found(&place.visit),
        error => problem::failed(place.visit.t, &error),
    }
}

fn delivery_refused(place: &InShop, error: DeliveryError) -> Response {
    match error {
        DeliveryError::Endpoint(error) => refused(place, error),
        DeliveryError::Unknown(_) => problem::not_found(&place.visit),
        error => problem::failed(place.visit.t, &error),
    }
}
