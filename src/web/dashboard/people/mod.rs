//! People and safety: one's own account, all users, what was done by whom, the copy of everything, what this payd is.

mod about;
mod account;
mod agent;
mod audit_log;
mod backup;
mod second_factor;
#[cfg(test)]
mod tests;
mod user;
mod users;

use axum::Router;

use super::Dashboard;

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .merge(about::router())
        .merge(account::router())
        .merge(audit_log::router())
        .merge(backup::router())
        .merge(second_factor::router())
        .merge(user::router())
        .merge(users::router())
}
