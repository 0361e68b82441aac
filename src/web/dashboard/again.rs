//! Who is signed in shows once more that it is them, before what nobody may do at a desk that somebody left: where money goes,
//! who may come in, and what carries everything away.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;

use super::{Dashboard, Form, Visit, entry};
use crate::engine::office::passwords::Password;
use crate::web::limits::ClientAddress;

/// The field with the password, where money is moved.
const FIELD: &str = "again";

/// Why somebody was not believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NotSure {
    /// What the answer's status is.
    pub(super) status: StatusCode,
    /// What the page says beside the field, in the reader's language.
    pub(super) text: String,
}

impl NotSure {
    /// The page that says so, with the status that goes with it.
    pub(super) fn on(&self, mut page: Response) -> Response {
        *page.status_mut() = self.status;
        page
    }
}

/// Asks for a password, in a handler whose form has a field for it.
pub(super) struct Again(ClientAddress);

impl Again {
    /// Whether the password in the form's field `again` is that of who is signed in, where it decides on money.
    ///
    /// # Errors
    /// [`NotSure`], for the page to say.
    pub(super) async fn check(
        self,
        dashboard: &Dashboard,
        visit: &Visit,
        form: &Form,
    ) -> Result<(), NotSure> {
        let typed = form.raw(FIELD);
        if typed.is_empty() {
            return Err(NotSure {
                status: StatusCode::UNPROCESSABLE_ENTITY,
                text: visit.t.say("again-missing"),
            });
        }
        self.compare(dashboard, visit, typed, "again-wrong").await
    }

    /// Whether what was typed is the password of who is signed in.
    ///
    /// # Errors
    /// [`NotSure`], for the page to say.
    pub(super) async fn knows(
        self,
        dashboard: &Dashboard,
        visit: &Visit,
        typed: &str,
    ) -> Result<(), NotSure> {
        self.compare(dashboard, visit, typed, "own-password-wrong").await
    }

    /// Who fails too often has to wait.
    async fn compare(
        self,
        dashboard: &Dashboard,
        visit: &Visit,
        typed: &str,
        wrong: &'static str,
    ) -> Result<(), NotSure> {
        let t = visit.t;
        let refused = |status, text| Err(NotSure { status, text });
        // By session: who holds one that was stolen tries in it alone, and keeps nobody out.
        let count = format!("session {}", visit.session.id);
        let attempt = match dashboard.limits.sign_in(self.0, &count, Some(&count)) {
            Ok(attempt) => attempt,
            Err(too_many) => {
                return refused(StatusCode::TOO_MANY_REQUESTS, entry::wait_text(t, too_many));
            }
        };
        let password = Password::new(typed);
        match dashboard.office.knows_password(visit.user.id, &password).await {
            Ok(true) => {
                attempt.passed();
                Ok(())
            }
            Ok(false) => {
                attempt.failed();
                refused(StatusCode::UNPROCESSABLE_ENTITY, t.say(wrong))
            }
            Err(error) => {
                attempt.passed();
                tracing::error!(%error, "a password could not be compared");
                refused(StatusCode::INTERNAL_SERVER_ERROR, t.say("office-failed-text"))
            }
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Again {
    type Rejection = <ClientAddress as FromRequestParts<S>>::Rejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        ClientAddress::from_request_parts(parts, state).await.map(Self)
    }
}
