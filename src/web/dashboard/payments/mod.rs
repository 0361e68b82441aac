//! A store's payments: the list, one payment with all that happened to it, a new one, and what changes while a page is open.

mod acts;
mod create;
mod export;
mod filter;
mod link;
mod list;
pub(super) mod live;
pub(super) mod shown;
mod story;
#[cfg(test)]
mod tests;
mod timeline;

use axum::Router;
use axum::routing::{get, post};

pub(super) use self::create::{Asked, Choice, choices, refusal};
pub(super) use self::filter::{decimal, money};
pub(super) use self::shown::{amount, price};
pub(super) use self::story::{checkout_url, find};
use super::Dashboard;

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/stores/{store}/payments", get(list::page))
        .route("/stores/{store}/payments.csv", get(export::csv))
        .route("/stores/{store}/payments.json", get(export::json))
        .route(
            "/stores/{store}/payments/new",
            get(create::page).post(create::create),
        )
        .route("/stores/{store}/payments/{number}", get(story::page))
        .route("/stores/{store}/payments/{number}/link", get(link::page))
        .route("/stores/{store}/payments/{number}/cancel", post(acts::cancel))
        .route("/stores/{store}/payments/{number}/accept", post(acts::accept))
        .route("/stores/{store}/payments/{number}/note", post(acts::note))
        .route("/stores/{store}/payments/{number}/replay", post(acts::replay))
        .route("/stores/{store}/payments/{number}/simulate", post(acts::simulate))
        .route("/stores/{store}/live", get(live::stream))
}
