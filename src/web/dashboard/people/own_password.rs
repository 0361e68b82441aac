//! Who changes what could lock others out, or carry everything away, types their own password again: an open session is
//! not enough.

use axum::response::Response;

use crate::engine::office::passwords::Password;
use crate::web::dashboard::{Dashboard, Visit, entry, problem};
use crate::web::limits::ClientAddress;

/// Why somebody is not believed to be who is signed in.
pub(super) enum Doubt {
    /// What is to be said next to the field.
    Said(String),
    /// payd's own fault.
    Failed(Box<Response>),
}

/// Whether the password is that of who is signed in. What fails counts.
pub(super) async fn check(
    dashboard: &Dashboard,
    visit: &Visit,
    client: ClientAddress,
    typed: &str,
) -> Result<(), Doubt> {
    let t = visit.t;
    // By session: who holds one that was stolen tries in it alone, and keeps nobody out.
    let count = format!("session {}", visit.session.id);
    let attempt = dashboard
        .limits
        .sign_in(client, &count, Some(&count))
        .map_err(|too_many| Doubt::Said(entry::wait_text(t, too_many)))?;
    let password = Password::new(typed);
    match dashboard.office.is_own_password(visit.user.id, &password).await {
        Ok(true) => {
            attempt.passed();
            Ok(())
        }
        Ok(false) => {
            attempt.failed();
            Err(Doubt::Said(t.say("own-password-wrong")))
        }
        Err(error) => Err(Doubt::Failed(Box::new(problem::failed(t, &error)))),
    }
}
