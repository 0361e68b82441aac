//! What was given to a store, and the page on which it is given.

mod list;
mod page;
#[cfg(test)]
mod tests;

use axum::Router;

pub(super) use self::page::page_key;
use super::Dashboard;

pub(super) fn router() -> Router<Dashboard> {
    list::router().merge(page::router())
}
