//! `payd user`: who may sign in to the dashboard. Also the way back in for an owner who forgot the password.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::actor::actor;
use super::args::user::{PasswordOptions, UserCommand};
use super::output::Output;
use super::password::given;
use super::session::{Session, shop_named};
use crate::domain::user::{Role, Shops, User};
use crate::engine::office::{By, users};
use crate::store::{Txn, shops};

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
    })
}
