//! Who may use the dashboard. There is always an owner who can sign in.

use std::sync::Arc;

use super::passwords::{self, Password, PasswordError};
use super::{By, Office};
use crate::domain::ids::{SessionId, UserId};
use crate::domain::user::{NAME_LENGTH_MAX, Role, Shops, User};
use crate::store::{StoreError, Txn, sessions, users};

/// Why a user was not added or changed. Nothing was.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The password is not taken.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// Not a name.
    #[error(
        "a user's name has 1 to {NAME_LENGTH_MAX} letters, digits and .-_@, and begins with a letter or digit"
    )]
    Name,
    /// There is somebody of this name.
    #[error("there is a user `{0}` already")]
    Taken(String),
    /// There is nobody like that.
    #[error("there is no user `{0}`: see `payd user list`")]
    Unknown(String),
    /// Nobody could undo it.
    #[error("this is the last owner who can sign in: make somebody else an owner first")]
    LastOwner,
    /// Owners see all stores.
    #[error("an owner sees every store: take another role to keep somebody to some")]
    OwnerOfSome,
}

/// What is to be changed of a user; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct UserChange {
    /// The role.
    pub role: Option<Role>,
    /// The stores.
    pub shops: Option<Shops>,
    /// Whether they may not sign in.
    pub is_disabled: Option<bool>,
    /// The hash of a new password. Ends all their sessions.
    pub password_hash: Option<String>,
    /// The session that goes on with a new password: that of somebody who changes their own.
    pub kept_session: Option<SessionId>,
    /// The language; `Some(None)` for the browser's.
    pub language: Option<Option<String>>,
}

/// Whether this can be a user's name.
///
/// # Errors
/// [`UserError::Name`].
pub fn check_name(name: &str) -> Result<(), UserError> {
    let is_part = |char: char| char.is_alphanumeric() || ".-_@".contains(char);
    let length = name.chars().count();
    let starts_well = name.chars().next().is_some_and(char::is_alphanumeric);
    if starts_well && length <= NAME_LENGTH_MAX && name.chars().all(is_part) {
        Ok(())
    } else {
        Err(UserError::Name)
    }
}

/// Adds a user with the hash of a password that was checked.
///
/// # Errors
/// [`UserError`].
pub fn add(
    txn: &Txn<'_>,
    by: &By,
    name: &str,
    role: Role,
    shops: Shops,
    password_hash: &str,
) -> Result<User, UserError> {
    check_name(name)?;
    check_shops(role, &shops)?;
    let user = User {
        id: UserId::new(0),
        name: name.to_owned(),
        role,
        shops,
        has_totp: false,
        language: None,
        created_at: by.at,
        disabled_at: None,
    };
    let id = users::insert(txn, &user, password_hash).map_err(|error| match error {
        StoreError::Duplicate { .. } => UserError::Taken(name.to_owned()),
        other => other.into(),
    })?;
    by.write_down(txn, "user.add", name, role.word())?;
    Ok(User { id, ..user })
}

/// Changes a user. Who is disabled or gets a new password is signed out everywhere.
///
/// # Errors
/// [`UserError`].
pub fn change(txn: &Txn<'_>, by: &By, id: UserId, change: UserChange) -> Result<User, UserError> {
    let (mut user, mut hash) = users::by_id(txn, id)?.ok_or_else(|| UserError::Unknown(id.to_string()))?;
    let was_owner = is_owner(&user);
    let mut done = Vec::new();
    if let Some(role) = change.role.filter(|role| *role != user.role) {
        done.push(format!("role {role}"));
        user.role = role;
    }
    if let Some(shops) = change.shops.filter(|shops| *shops != user.shops) {
        done.push(stores_text(&shops));
        user.shops = shops;
    }
    if let Some(is_disabled) = change.is_disabled
        && is_disabled != user.disabled_at.is_some()
    {
        done.push(if is_disabled { "disabled" } else { "enabled" }.to_owned());
        user.disabled_at = is_disabled.then_some(by.at);
    }
    let signs_out = change.password_hash.is_some() || user.disabled_at.is_some();
    if let Some(new) = change.password_hash {
        done.push("new password".to_owned());
        hash = new;
    }
    if let Some(language) = change.language {
        user.language = language;
    }
    check_shops(user.role, &user.shops)?;
    users::update(txn, &user, &hash)?;
    if was_owner && !is_owner(&user) {
        check_an_owner_is_left(txn)?;
    }
    if signs_out {
        sessions::end_others(txn, id, change.kept_session, by.at)?;
    }
    if !done.is_empty() {
        by.write_down(txn, "user.set", &user.name, &done.join(", "))?;
    }
    Ok(user)
}

/// The user of this name, whatever its capitals.
///
/// # Errors
/// [`UserError::Unknown`].
pub fn named(txn: &Txn<'_>, name: &str) -> Result<User, UserError> {
    let found = users::by_name(txn, name.trim())?;
    found
        .map(|(user, _)| user)
        .ok_or_else(|| UserError::Unknown(name.to_owned()))
}

fn stores_text(shops: &Shops) -> String {
    match shops {
        Shops::All => "all stores".to_owned(),
        Shops::Only(shops) => {
            let rows: Vec<String> = shops.iter().map(ToString::to_string).collect();
            format!("stores {}", rows.join(" "))
        }
    }
}

fn check_shops(role: Role, shops: &Shops) -> Result<(), UserError> {
    match (role, shops) {
        (Role::Owner, Shops::Only(_)) => Err(UserError::OwnerOfSome),
        (Role::Owner, Shops::All) | (Role::Staff | Role::ReadOnly, _) => Ok(()),
    }
}

/// Whether somebody can sign in as an owner.
fn is_owner(user: &User) -> bool {
    user.role == Role::Owner && user.disabled_at.is_none()
}

fn check_an_owner_is_left(txn: &Txn<'_>) -> Result<(), UserError> {
    if users::all(txn)?.iter().any(is_owner) {
        Ok(())
    } else {
        Err(UserError::LastOwner)
    }
}

impl Office {
    /// All users, by age.
    ///
    /// # Errors
    /// [`UserError::Store`].
    pub async fn users(&self) -> Result<Vec<User>, UserError> {
        Ok(self.engine.database.read(users::all).await?)
    }

    /// Adds a user.
    ///
    /// # Errors
    /// [`UserError`].
    pub async fn add_user(
        &self,
        by: By,
        name: &str,
        role: Role,
        shops: Shops,
        password: &Password,
    ) -> Result<User, UserError> {
        check_name(name)?;
        password.check(name)?;
        let hash = password.hash(self.engine.random.as_ref()).await?;
        let name = name.to_owned();
        let added = self
            .engine
            .database
            .write(move |txn| add(txn, &by, &name, role, shops, &hash));
        added.await
    }

    /// A user; `None` when there is nobody like that.
    ///
    /// # Errors
    /// [`UserError::Store`].
    pub async fn user(&self, id: UserId) -> Result<Option<User>, UserError> {
        let found = self
            .engine
            .database
            .read(move |txn| users::by_id(txn, id))
            .await?;
        Ok(found.map(|(user, _)| user))
    }

    /// Gives a user another password and ends their sessions but `kept`.
    ///
    /// # Errors
    /// [`UserError`].
    pub async fn set_password(
        &self,
        by: By,
        user: &User,
        password: &Password,
        kept: Option<SessionId>,
    ) -> Result<User, UserError> {
        password.check(&user.name)?;
        let change = UserChange {
            password_hash: Some(password.hash(self.engine.random.as_ref()).await?),
            kept_session: kept,
            ..UserChange::default()
        };
        self.change_user(by, user.id, change).await
    }

    /// A password that nobody guesses, to be shown once.
    ///
    /// # Errors
    /// [`UserError::Password`].
    pub fn made_password(&self) -> Result<String, UserError> {
        Ok(passwords::make(self.engine.random.as_ref()).map_err(PasswordError::from)?)
    }

    /// Changes a user.
    ///
    /// # Errors
    /// [`UserError`].
    pub async fn change_user(&self, by: By, id: UserId, what: UserChange) -> Result<User, UserError> {
        self.engine
            .database
            .write(move |txn| change(txn, &by, id, what))
            .await
    }

    /// Chance, for what is made outside a transaction.
    pub(super) fn random(&self) -> Arc<dyn crate::ambient::Random> {
        Arc::clone(&self.engine.random)
    }
}
