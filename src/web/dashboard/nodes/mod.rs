//! The networks and their nodes: how they are doing, and switching them on and off.

mod board;
mod change;
mod choice;
#[cfg(test)]
mod tests;

use crate::web::dashboard::html::html;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;

use self::board::Board;
use super::{Dashboard, Flash, Frame, Room, Visit, problem};

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/nodes", get(page))
        .route("/nodes/board", get(board))
        .route("/nodes/applying", get(applying))
        .route(
            "/nodes/networks/{network}",
            get(change::page).post(change::posted),
        )
        .route(
            "/nodes/networks/{network}/off",
            get(change::off_page).post(change::off),
        )
}

#[derive(Template)]
#[template(path = "dashboard/nodes/page.html")]
struct NodesPage {
    frame: Frame,
    board: Board,
    failure: Option<String>,
    style: String,
    script: String,
}

async fn page(State(dashboard): State<Dashboard>, visit: Visit) -> Response {
    let board = match Board::of(&dashboard.office, &visit).await {
        Ok(board) => board,
        Err(error) => return problem::failed(visit.t, &error),
    };
    let frame = visit.frame(visit.t.say("nav-nodes"), Room::Nodes);
    let page = NodesPage {
        style: frame.asset("nodes.css"),
        script: frame.asset("nodes.js"),
        frame,
        board,
        failure: dashboard.office.networks_failure(),
    };
    html(&page)
}

/// The part of the page that changes by itself.
async fn board(State(dashboard): State<Dashboard>, visit: Visit) -> Response {
    match Board::of(&dashboard.office, &visit).await {
        Ok(board) => html(&board),
        Err(error) => problem::failed(visit.t, &error),
    }
}

#[derive(Template)]
#[template(path = "dashboard/nodes/applying.html")]
struct ApplyingPage {
    frame: Frame,
    again: String,
}

/// The run of payd that was asked to change.
#[derive(Deserialize)]
struct Asked {
    run: Option<i64>,
}

/// Waits until the next run of payd answers, without a script: the page asks for itself again and again.
async fn applying(
    State(dashboard): State<Dashboard>,
    visit: Visit,
    Query(Asked { run }): Query<Asked>,
) -> Response {
    let office = &dashboard.office;
    let key = match (run, office.networks_failure()) {
        (_, Some(_)) => "nodes-done-refused",
        (Some(run), None) if run == office.run() => {
            let page = ApplyingPage {
                frame: visit.frame(visit.t.say("nodes-applying-title"), Room::Nodes),
                again: format!("/nodes/applying?run={run}"),
            };
            return html(&page);
        }
        (_, None) => "nodes-done-changed",
    };
    Flash::new(key, "/nodes").into_response()
}

/// The network of a path, by its name in configuration and APIs.
type OfNetwork = Path<String>;
