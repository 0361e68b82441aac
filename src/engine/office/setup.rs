//! The first run: a link that is good once, with which the first owner sets payd up.

use super::passwords::Password;
use super::sessions::{Browser, SignInError, SignedIn};
use super::users::{self, UserError};
use super::{By, Office, OfficeError};
use crate::ambient::{Random, random_bytes};
use crate::domain::time::UnixMillis;
use crate::domain::user::{Role, Shops};
use crate::store::{Database, StoreError, setup_link, users as rows};

/// Why the first owner was not made.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The user cannot be.
    #[error(transparent)]
    User(#[from] UserError),
    /// The owner was made and could not be signed in: the sign-in page will do.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// The link was used, was replaced by a newer one, or is none.
    #[error(
        "this set-up link is not good any more: `payd setup-link` prints a new one while there is no owner"
    )]
    LinkGone,
}

impl From<StoreError> for SetupError {
    fn from(error: StoreError) -> Self {
        Self::User(error.into())
    }
}

impl From<OfficeError> for SetupError {
    fn from(error: OfficeError) -> Self {
        match error {
            OfficeError::Store(error) => error.into(),
            OfficeError::NotFound => Self::LinkGone,
        }
    }
}

/// Makes a new set-up link while there is no user, and gives its token. Any link before is void.
///
/// # Errors
/// [`StoreError`].
pub async fn new_link(
    database: &Database,
    random: &dyn Random,
    now: UnixMillis,
) -> Result<Option<String>, StoreError> {
    let token = hex::encode(random_bytes::<24>(random)?);
    let made = database.write(move |txn| {
        if rows::is_any(txn)? {
            return Ok(None);
        }
        setup_link::replace(txn, &token, now)?;
        Ok(Some(token))
    });
    made.await
}

impl Office {
    /// Whether the first owner is still to be made.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn is_fresh(&self) -> Result<bool, OfficeError> {
        let is_any = self.engine.database.read(rows::is_any).await?;
        Ok(!is_any)
    }

    /// Whether a set-up link is good.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn is_setup_link(&self, token: &str) -> Result<bool, OfficeError> {
        let token = token.to_owned();
        let found = self.engine.database.read(move |txn| {
            Ok::<_, StoreError>(setup_link::made_at(txn, &token)?.is_some() && !rows::is_any(txn)?)
        });
        Ok(found.await?)
    }

    /// Makes the first owner, uses the link up in the same transaction (of two who try, one is the owner), and signs the
    /// owner in.
    ///
    /// # Errors
    /// [`SetupError`].
    pub async fn make_first_owner(
        &self,
        token: &str,
        name: &str,
        password: &Password,
        browser: Browser,
    ) -> Result<SignedIn, SetupError> {
        users::check_name(name)?;
        password.check(name).map_err(UserError::from)?;
        if !self.is_setup_link(token).await? {
            return Err(SetupError::LinkGone);
        }
        let hash = password
            .hash(self.random().as_ref())
            .await
            .map_err(UserError::from)?;
        let (token, name) = (token.to_owned(), name.to_owned());
        let by = By {
            actor: format!("user:{name}"),
            at: self.now(),
        };
        let made = self.engine.database.write(move |txn| {
            if setup_link::made_at(txn, &token)?.is_none() || rows::is_any(txn)? {
                return Err(SetupError::LinkGone);
            }
            setup_link::delete(txn)?;
            Ok::<_, SetupError>(users::add(txn, &by, &name, Role::Owner, Shops::All, &hash)?)
        });
        let user = made.await?;
        let token = self.begin_session(&user, browser, true).await?;
        Ok(SignedIn {
            token,
            user,
            is_whole: true,
        })
    }
}
