//! `payd user`: who may sign in to the dashboard. Also the way back in for an owner who forgot the password.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::bail;
use serde_json::{Value, json};

use super::actor::actor;
use super::args::user::{PasswordOptions, UserCommand, UserSetOptions};
use super::output::{self, Output, Rows};
use super::password::given;
use super::session::{Session, shop_named};
use crate::domain::user::{Role, Shops, User};
use crate::engine::office::second_factor::{self, SecondFactorError};
use crate::engine::office::setup::new_link;
use crate::engine::office::users::{self, UserChange};
use crate::engine::office::{By, sessions};
use crate::store::{Txn, shops, users as rows};

/// Runs the command.
///
/// # Errors
/// A text for the person who called it.
pub async fn run(session: &Session, command: UserCommand) -> anyhow::Result<Output> {
    match command {
        UserCommand::Add {
            name,
            role,
            store,
            password,
        } => add(session, name, role, store, &password).await,
        UserCommand::List => list(session).await,
        UserCommand::Set(options) => set(session, options).await,
        UserCommand::Password { name, password } => new_password(session, name, &password).await,
        UserCommand::SecondFactor { name, off: _ } => second_factor_off(session, name).await,
        UserCommand::SignOut { name } => sign_out(session, name).await,
    }
}

fn by(session: &Session) -> By {
    By {
        actor: actor(),
        at: session.now(),
    }
}

async fn add(
    session: &Session,
    name: String,
    role: Role,
    stores: Vec<String>,
    password: &PasswordOptions,
) -> anyhow::Result<Output> {
    users::check_name(&name)?;
    let given = given(password, &name, session.random.as_ref())?;
    given.password.check(&name)?;
    let hash = given.password.hash(session.random.as_ref()).await?;
    let by = by(session);
    let added = session.write(move |txn| {
        let shops = named(txn, stores)?;
        let user = users::add(txn, &by, &name, role, shops, &hash)?;
        let stores = store_names(txn, &user)?;
        Ok((user, stores))
    });
    let (user, stores) = added.await?;
    let mut text = format!(
        "{} `{}` may sign in to the dashboard.",
        role_title(user.role),
        user.name
    );
    if let Some(made) = &given.made {
        text.push_str(&format!("\nPassword: {made}\nIt is not shown again."));
    }
    let mut value = as_json(&user, &stores);
    if let (Some(made), Value::Object(fields)) = (given.made, &mut value) {
        fields.insert("password".to_owned(), made.into());
    }
    Ok(Output::new(text, value))
}

async fn list(session: &Session) -> anyhow::Result<Output> {
    let all = session.read(|txn| {
        let all = rows::all(txn)?;
        let with_stores = all.into_iter().map(|user| {
            let stores = store_names(txn, &user)?;
            Ok((user, stores))
        });
        with_stores.collect::<anyhow::Result<Vec<_>>>()
    });
    let all = all.await?;
    let mut table = Rows::new(&["name", "role", "stores", "second step", "added", "may sign in"]);
    for (user, stores) in &all {
        table.push([
            user.name.clone(),
            user.role.to_string(),
            stores.as_ref().map_or("all".to_owned(), |names| names.join(", ")),
            yes_or_no(user.has_totp),
            output::time(user.created_at),
            yes_or_no(user.disabled_at.is_none()),
        ]);
    }
    let text = table.or("Nobody may sign in yet: `payd user add NAME --role owner`, or `payd setup-link`.");
    let users: Vec<Value> = all.iter().map(|(user, stores)| as_json(user, stores)).collect();
    Ok(Output::new(text, json!({ "users": users })))
}

fn yes_or_no(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}

async fn set(session: &Session, options: UserSetOptions) -> anyhow::Result<Output> {
    let by = by(session);
    let changed = session.write(move |txn| {
        let user = users::named(txn, &options.name)?;
        let shops = match (options.all_stores, options.store.is_empty()) {
            (true, _) => Some(Shops::All),
            (false, true) => None,
            (false, false) => Some(named(txn, options.store)?),
        };
        // Owners see every store: to become one takes no more than to say so.
        let becomes_owner = options.role == Some(Role::Owner) && shops.is_none();
        let change = UserChange {
            role: options.role,
            shops: shops.or(becomes_owner.then_some(Shops::All)),
            is_disabled: (options.enable || options.disable).then_some(options.disable),
            ..UserChange::default()
        };
        let user = users::change(txn, &by, user.id, change)?;
        let stores = store_names(txn, &user)?;
        Ok((user, stores))
    });
    let (user, stores) = changed.await?;
    let text = format!(
        "{} `{}` {} sign in; stores: {}.",
        role_title(user.role),
        user.name,
        if user.disabled_at.is_none() {
            "may"
        } else {
            "may not"
        },
        stores.as_ref().map_or("all".to_owned(), |names| names.join(", ")),
    );
    Ok(Output::new(text, as_json(&user, &stores)))
}

async fn new_password(session: &Session, name: String, password: &PasswordOptions) -> anyhow::Result<Output> {
    let known = session.read(move |txn| Ok(users::named(txn, &name)?));
    let user = known.await?;
    let given = given(password, &user.name, session.random.as_ref())?;
    given.password.check(&user.name)?;
    let hash = given.password.hash(session.random.as_ref()).await?;
    let by = by(session);
    let id = user.id;
    session
        .write(move |txn| {
            let change = UserChange {
                password_hash: Some(hash),
                ..UserChange::default()
            };
            Ok(users::change(txn, &by, id, change)?)
        })
        .await?;
    let mut text = format!("`{}` has a new password and is signed out everywhere.", user.name);
    let mut value = json!({ "name": user.name });
    if let (Some(made), Value::Object(fields)) = (given.made, &mut value) {
        text.push_str(&format!("\nPassword: {made}\nIt is not shown again."));
        fields.insert("password".to_owned(), made.into());
    }
    let output = Output::new(text, value);
    Ok(if user.has_totp {
        output.warn("they still need their second step: `payd user second-factor NAME --off` if it is lost")
    } else {
        output
    })
}

async fn second_factor_off(session: &Session, name: String) -> anyhow::Result<Output> {
    let (by, random) = (by(session), Arc::clone(&session.random));
    let done = session.write(move |txn| {
        let user = users::named(txn, &name)?;
        match second_factor::switch_off(txn, &by, user.id, random.as_ref()) {
            Ok(_) => Ok((user, true)),
            Err(SecondFactorError::NotSo) => Ok((user, false)),
            Err(error) => Err(error.into()),
        }
    });
    let (user, was_on) = done.await?;
    let text = if was_on {
        format!(
            "The second step of `{}` is off: the password alone lets them in.",
            user.name
        )
    } else {
        format!(
            "The second step of `{}` was off already; nothing was changed.",
            user.name
        )
    };
    Ok(Output::new(text, json!({ "name": user.name, "was_on": was_on })))
}

async fn sign_out(session: &Session, name: String) -> anyhow::Result<Output> {
    let by = by(session);
    let done = session.write(move |txn| {
        let user = users::named(txn, &name)?;
        let ended = sessions::end_all(txn, &by, user.id, &user.name, None)?;
        Ok((user, ended))
    });
    let (user, ended) = done.await?;
    let text = format!(
        "`{}` is signed out everywhere (sessions ended: {ended}).",
        user.name
    );
    Ok(Output::new(text, json!({ "name": user.name, "ended": ended })))
}

/// Runs `payd setup-link`.
///
/// # Errors
/// When there is a user already, or the dashboard is switched off.
pub async fn setup_link(session: &Session) -> anyhow::Result<Output> {
    let dashboard = &session.settings.dashboard;
    let Some(listen) = dashboard.listen else {
        bail!("the dashboard is switched off: set `listen` in the section [dashboard]");
    };
    let token = new_link(&session.database, session.random.as_ref(), session.now()).await?;
    let Some(token) = token else {
        bail!("there is a user already: `payd user password NAME` gives a new password to who forgot theirs");
    };
    let url = format!("{}/setup/{token}", dashboard.public_url(listen));
    let text =
        format!("Set payd up in the browser; this link is good once, and no other is any more:\n\n  {url}");
    Ok(Output::new(text, json!({ "url": url })))
}

/// The stores of these names; all when there is none.
fn named(txn: &Txn<'_>, names: Vec<String>) -> anyhow::Result<Shops> {
    if names.is_empty() {
        return Ok(Shops::All);
    }
    let shops: anyhow::Result<BTreeSet<_>> = names.iter().map(|name| Ok(shop_named(txn, name)?.id)).collect();
    Ok(Shops::Only(shops?))
}

/// The names of the stores that somebody is kept to; `None` for all.
fn store_names(txn: &Txn<'_>, user: &User) -> anyhow::Result<Option<Vec<String>>> {
    let Shops::Only(only) = &user.shops else {
        return Ok(None);
    };
    let all = shops::all(txn)?;
    let seen = all.into_iter().filter(|shop| only.contains(&shop.id));
    Ok(Some(seen.map(|shop| shop.name).collect()))
}

const fn role_title(role: Role) -> &'static str {
    match role {
        Role::Owner => "Owner",
        Role::Staff => "Staff member",
        Role::ReadOnly => "Reader",
    }
}

fn as_json(user: &User, stores: &Option<Vec<String>>) -> Value {
    json!({
        "id": user.id.get(),
        "name": user.name,
        "role": user.role.word(),
        "stores": stores,
        "has_second_factor": user.has_totp,
        "created_at": output::json_time(user.created_at),
        "disabled_at": output::json_time_or_null(user.disabled_at),
    })
}
