//! Who asks for a page, as the guard found out; what handlers take as arguments.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;

use super::frame::{Frame, Room};
use super::problem;
use crate::domain::shop::Shop;
use crate::domain::user::{Role, Session, User};
use crate::engine::office::{By, Office};
use crate::web::text::Language;

/// Somebody signed in who asks for a page.
#[derive(Clone)]
pub(super) struct Visit {
    /// Who.
    pub(super) user: Arc<User>,
    /// Their session.
    pub(super) session: Arc<Session>,
    /// The language they read.
    pub(super) t: &'static Language,
    /// What proves that a form is one of ours.
    pub(super) csrf: String,
    /// The stores that they see, by age.
    pub(super) shops: Arc<[Shop]>,
    /// The store of the path.
    pub(super) shop: Option<Shop>,
    /// Entries of the inbox that wait for somebody, of the store that the navigation shows; counted no further than it says.
    pub(super) waiting: u32,
    /// What the last request left to be said.
    pub(super) flash: Option<String>,
}

impl Visit {
    /// What stands around a page. `title` in the reader's language.
    pub(super) fn frame(&self, title: impl Into<String>, room: Room) -> Frame {
        Frame::new(self, title.into(), room)
    }

    /// Whether they may do what takes this role: for what is shown. What is done, the guard lets through or not.
    pub(super) fn may(&self, needed: Role) -> bool {
        self.user.role.may(needed)
    }

    /// Whether they are an owner: for what is shown.
    pub(super) fn is_owner(&self) -> bool {
        self.may(Role::Owner)
    }

    /// Them, now, for the audit log.
    pub(super) fn by(&self, office: &Office) -> By {
        office.by(format!("user:{}", self.user.name))
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let visit = parts.extensions.get::<Self>().cloned();
        visit.ok_or_else(problem::without_visit)
    }
}

/// Somebody signed in who asks for a page of a store that they see.
#[derive(Clone)]
pub(super) struct InShop {
    /// Who.
    pub(super) visit: Visit,
    /// The store.
    pub(super) shop: Shop,
}

impl InShop {
    /// The path of a page of the store: `payments` becomes `/stores/1/payments`.
    pub(super) fn path(&self, page: &str) -> String {
        format!("/stores/{}/{page}", self.shop.id)
    }
}

impl<S: Sync> FromRequestParts<S> for InShop {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, state).await?;
        match visit.shop.clone() {
            Some(shop) => Ok(Self { visit, shop }),
            None => Err(problem::not_found(&visit)),
        }
    }
}

/// Somebody who is not signed in, at a page for such.
#[derive(Clone)]
pub(super) struct Stranger {
    /// The language they read.
    pub(super) t: &'static Language,
    /// Their browser, as it says.
    pub(super) agent: String,
}

impl<S: Sync> FromRequestParts<S> for Stranger {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let stranger = parts.extensions.get::<Self>().cloned();
        stranger.ok_or_else(problem::without_visit)
    }
}
