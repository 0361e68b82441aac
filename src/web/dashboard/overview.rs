//! A store's figures.

use askama::Template;
use axum::Router;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;

use super::{Dashboard, Frame, InShop, Room, Visit};

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/", get(first))
        .route("/stores/{store}/overview", get(page))
}

/// The first store that somebody sees.
async fn first(visit: Visit) -> Response {
    let to = match visit.shops.first() {
        Some(shop) => format!("/stores/{}/overview", shop.id),
        None => "/stores".to_owned(),
    };
    Redirect::to(&to).into_response()
}

#[derive(Template)]
#[template(path = "dashboard/overview/page.html")]
struct OverviewPage {
    frame: Frame,
}

async fn page(place: InShop) -> Html<String> {
    let t = place.visit.t;
    let page = OverviewPage {
        frame: place.visit.frame(t.say("nav-overview"), Room::Overview),
    };
    Html(page.render().unwrap_or_default())
}
