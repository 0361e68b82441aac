//! What happened at a store lately, and where that was delivered.

use crate::web::dashboard::html::html;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::words::{Badge, event_name};
use crate::domain::ids::EventId;
use crate::engine::office::deliveries::Told;
use crate::web::dashboard::moment::Moment;
use crate::web::dashboard::{Dashboard, Frame, InShop, Room, problem};

/// Events of a page.
const PAGE: usize = 50;

pub(super) fn router() -> Router<Dashboard> {
    Router::new().route("/stores/{store}/webhooks/events", get(page))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    before: String,
}

struct Row {
    event: String,
    at: Moment,
    payment: String,
    payment_path: String,
    /// Where it was delivered: the way to the delivery, and how that stands.
    deliveries: Vec<(String, Badge)>,
}

fn row(place: &InShop, told: Told) -> Row {
    let t = place.visit.t;
    let delivery = |(id, endpoint, state)| {
        let path = place.path(&format!("webhooks/{endpoint}/deliveries/{id}"));
        (path, Badge::new(t, state))
    };
    Row {
        event: event_name(t, told.kind),
        at: Moment::new(t, told.at),
        payment_path: place.path(&format!("payments/{}", told.payment)),
        payment: told.payment.to_string(),
        deliveries: told.deliveries.into_iter().map(delivery).collect(),
    }
}

#[derive(Template)]
#[template(path = "dashboard/webhooks/events.html")]
struct EventsPage {
    frame: Frame,
    path: String,
    rows: Vec<Row>,
    next: Option<String>,
}

async fn page(State(d): State<Dashboard>, place: InShop, Query(asked): Query<Asked>) -> Response {
    let before = asked.before.parse().map_or(i64::MAX, |before: i64| before);
    let told = d.office.told(place.shop.id, EventId::new(before), PAGE).await;
    let told = match told {
        Ok(told) => told,
        Err(error) => return problem::failed(place.visit.t, &error),
    };
    let path = place.path("webhooks");
    html(&EventsPage {
        frame: place
            .visit
            .frame(place.visit.t.say("hooks-events-title"), Room::Webhooks),
        next: told.before.map(|before| format!("{path}/events?before={before}")),
        path,
        rows: told.events.into_iter().map(|told| row(&place, told)).collect(),
    })
}
