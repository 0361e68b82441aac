//! Who is signed in shows once more that it is them, before what nobody may do at a desk that somebody left: where money goes,
//! and who may come in.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;

use super::{Dashboard, Form, Visit};
use crate::engine::office::passwords::Password;
use crate::web::limits::{ClientAddress, Kind};

/// The field with the password.
pub(super) const FIELD: &str = "again";

/// Why somebody was not believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NotSure {
    /// What the answer's status is.
    pub(super) status: StatusCode,
    /// What the page says beside the field, in the reader's language.
    pub(super) text: String,
}

/// Asks for a password; as an extractor, for a handler whose form has [`FIELD`].
pub(super) struct Again(ClientAddress);

impl Again {
    /// Whether the password that was typed into the form is that of who is signed in. Who fails too often has to wait.
    ///
    /// # Errors
    /// [`NotSure`], for the page to say.
    pub(super) async fn check(
        self,
        dashboard: &Dashboard,
        visit: &Visit,
        form: &Form,
    ) -> Result<(), NotSure> {
        let t = visit.t;
        let typed = form.raw(FIELD);
        let refused = |status, text| Err(NotSure { status, text });
        if typed.is_empty() {
            return refused(StatusCode::UNPROCESSABLE_ENTITY, t.say("again-missing"));
        }
        // Without a name: one that worked at this desk before would be let through however often it fails.
        let attempt = dashboard.limits.attempt_of(Kind::SignIn, self.0, None);
        let attempt = match attempt {
            Ok(attempt) => attempt,
            Err(too_many) => {
                let text = t.say_with("entry-too-many", &[("seconds", too_many.seconds().into())]);
                return refused(StatusCode::TOO_MANY_REQUESTS, text);
            }
        };
        let password = Password::new(typed);
        let known = dashboard.office.knows_password(visit.user.id, &password);
        match known.await {
            Ok(true) => {
                attempt.worked();
                Ok(())
            }
            Ok(false) => {
                attempt.failed();
                refused(StatusCode::UNPROCESSABLE_ENTITY, t.say("again-wrong"))
            }
            Err(error) => {
                attempt.undecided();
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
