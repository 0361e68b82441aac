//! Signing in and out. A session ends by itself when it was not used for long, and at the latest after its longest time.

use std::time::Duration;

use super::passwords::Password;
use super::{By, Office, OfficeError};
use crate::ambient::{NoRandomness, random_bytes};
use crate::domain::ids::{SessionId, UserId};
use crate::domain::user::{Session, User};
use crate::store::{StoreError, sessions, users};

/// Characters that are kept of where and with what somebody signed in.
const LABEL_LENGTH_MAX: usize = 200;

/// A session's last use is noted no more often than this.
const TOUCHED_EVERY: Duration = Duration::from_secs(60);

/// How long sessions live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    /// Without being used.
    pub idle: Duration,
    /// At most.
    pub absolute: Duration,
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No randomness.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The name, the password, or that the user is disabled: not said which.
    #[error("name or password is wrong")]
    Wrong,
}

/// What somebody signs in with and from where, as it says itself.
#[derive(Debug, Clone, Default)]
pub struct Browser {
    /// The address.
    pub address: String,
    /// What it is.
    pub agent: String,
}

/// Somebody who has just signed in.
pub struct SignedIn {
    /// What the browser keeps: nobody else is ever told.
    pub token: String,
    /// Who.
    pub user: User,
    /// Whether they may go on: false while the second factor is missing.
    pub is_whole: bool,
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Known {
    /// Who.
    pub user: User,
    /// Where.
    pub session: Session,
}

impl Office {
    /// Signs somebody in who knows the password. Who has a second factor has yet to show it.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn sign_in(
        &self,
        name: &str,
        password: &Password,
        browser: Browser,
    ) -> Result<SignedIn, SignInError> {
        let name = name.trim().to_owned();
        let found = self
            .engine
            .database
            .read(move |txn| users::by_name(txn, &name))
            .await?;
        let (user, hash) = found.unzip();
        let is_right = password.is_of(hash).await;
        let Some(user) = user.filter(|user| is_right && user.disabled_at.is_none()) else {
            return Err(SignInError::Wrong);
        };
        let is_whole = !user.has_totp;
        let token = self.begin_session(&user, browser, is_whole).await?;
        Ok(SignedIn {
            token,
            user,
            is_whole,
        })
    }

    /// Begins a session of somebody who has shown who they are, and gives its token.
    pub(super) async fn begin_session(
        &self,
        user: &User,
        browser: Browser,
        is_whole: bool,
    ) -> Result<String, SignInError> {
        let token = hex::encode(random_bytes::<32>(self.engine.random.as_ref())?);
        let by = self.by(format!("user:{}", user.name));
        let shortened = |text: String| text.chars().take(LABEL_LENGTH_MAX).collect::<String>();
        let session = Session {
            id: SessionId::new(0),
            user: user.id,
            is_whole,
            created_at: by.at,
            seen_at: by.at,
            address: shortened(browser.address),
            agent: shortened(browser.agent),
        };
        let (kept, name) = (token.clone(), user.name.clone());
        let begun = self.engine.database.write(move |txn| {
            sessions::insert(txn, &session, &kept)?;
            if session.is_whole {
                by.write_down(txn, "session.begin", &name, &session.address)?;
            }
            Ok::<_, StoreError>(())
        });
        begun.await?;
        Ok(token)
    }

    /// Who holds this token; `None` when nobody does, or no longer. Who has yet to show a second factor is known, too.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn known(&self, token: &str, limits: SessionLimits) -> Result<Option<Known>, OfficeError> {
        let token = token.to_owned();
        let found = self.engine.database.read(move |txn| {
            let Some(session) = sessions::by_token(txn, &token)? else {
                return Ok(None);
            };
            let user = users::by_id(txn, session.user)?.map(|(user, _)| user);
            Ok::<_, StoreError>(user.map(|user| Known { user, session }))
        });
        let now = self.now();
        let lives = |known: &Known| {
            let session = &known.session;
            known.user.disabled_at.is_none()
                && now.since(session.seen_at) < limits.idle
                && now.since(session.created_at) < limits.absolute
        };
        let Some(known) = found.await?.filter(lives) else {
            return Ok(None);
        };
        if now.since(known.session.seen_at) >= TOUCHED_EVERY {
            let id = known.session.id;
            let touched = self
                .engine
                .database
                .write(move |txn| sessions::touch(txn, id, now))
                .await;
            if let Err(error) = touched {
                // Reading goes on where nothing can be written.
                tracing::warn!(%error, "the use of a session was not noted");
            }
        }
        Ok(Some(known))
    }

    /// Signs somebody out.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn sign_out(&self, by: By, session: SessionId) -> Result<(), OfficeError> {
        let ended = self
            .engine
            .database
            .write(move |txn| sessions::end(txn, session, by.at));
        ended.await?;
        Ok(())
    }

    /// A user's sessions that are still good, the latest first.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn sessions(&self, user: UserId, limits: SessionLimits) -> Result<Vec<Session>, OfficeError> {
        let now = self.now();
        let mut all = self
            .engine
            .database
            .read(move |txn| sessions::of_user(txn, user))
            .await?;
        all.retain(|session| {
            session.is_whole
                && now.since(session.seen_at) < limits.idle
                && now.since(session.created_at) < limits.absolute
        });
        Ok(all)
    }
}
