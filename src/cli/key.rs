//! `payd key`: add, list, rotate, revoke. A key and its secret are shown once, when they are made.

use std::sync::Arc;

use anyhow::bail;
use serde_json::{Value, json};

use super::args::KeyCommand;
use super::output::{self, Output, Rows};
use super::session::{Session, shop_named};
use crate::domain::ids::KeyId;
use crate::domain::network::Mode;
use crate::domain::shop::ApiKey;
use crate::engine::office::keys::{self as office, Draft, KeyChange, KeyError, Made, NewKey};
use crate::store::{keys, shops};

/// Runs the command.
///
/// # Errors
/// A text for the person who called it.
pub async fn run(session: &Session, command: KeyCommand) -> anyhow::Result<Output> {
    match command {
        KeyCommand::Add {
            store,
            mode,
            public,
            label,
            allow,
        } => {
            let new = NewKey {
                mode,
                is_public: public,
                label,
                allowed: allow.unwrap_or_default(),
            };
            add(session, store, new).await
        }
        KeyCommand::Set { id, label, allow } => {
            let allowed = allow;
            set(session, KeyId::new(id), KeyChange { label, allowed }).await
        }
        KeyCommand::List { store } => list(session, store).await,
        KeyCommand::Rotate { id } => rotate(session, KeyId::new(id)).await,
        KeyCommand::Revoke { id } => revoke(session, KeyId::new(id)).await,
    }
}

async fn add(session: &Session, store: String, new: NewKey) -> anyhow::Result<Output> {
    let (draft, by) = (Draft::new(Arc::clone(&session.random))?, session.by());
    let made = session.write(move |txn| {
        let shop = shop_named(txn, &store)?;
        Ok(office::add(txn, &by, &draft, shop.id, &new)?)
    });
    let made = made.await?;
    let text = format!(
        "{} key {} of store `{}`. {}\n{}",
        capitalised(made.key.mode),
        made.key.id,
        made.shop.name,
        keep(&made),
        shown_once(&made)
    );
    Ok(Output::new(text, made_json(&made)))
}

async fn rotate(session: &Session, old: KeyId) -> anyhow::Result<Output> {
    let (draft, by) = (Draft::new(Arc::clone(&session.random))?, session.by());
    let made = session.write(move |txn| match office::rotate(txn, &by, &draft, None, old) {
        Err(KeyError::Revoked { id, at }) => bail!(
            "key {id} was revoked on {} already; make a new one with `payd key add`",
            output::time(at)
        ),
        made => Ok(made?),
    });
    let made = made.await?;
    let text = format!(
        "Key {old} is revoked. {} key {} of store `{}` takes its place.\n\
         {}\n{}",
        capitalised(made.key.mode),
        made.key.id,
        made.shop.name,
        keep(&made),
        shown_once(&made)
    );
    let mut json = made_json(&made);
    if let Some(fields) = json.as_object_mut() {
        fields.insert("revoked_key_id".to_owned(), json!(old.get()));
    }
    Ok(Output::new(text, json))
}

async fn set(session: &Session, id: KeyId, what: KeyChange) -> anyhow::Result<Output> {
    if what.label.is_none() && what.allowed.is_none() {
        bail!("nothing to set; see `payd key set --help`");
    }
    let by = session.by();
    let key = session.write(move |txn| match office::change(txn, &by, None, id, &what) {
        Err(KeyError::Revoked { id, at }) => bail!("key {id} was revoked on {} already", output::time(at)),
        key => Ok(key?),
    });
    let key = key.await?;
    let text = match key.allowed.is_everywhere() {
        true => format!("Key {id} ({}...) may be used from everywhere.", key.hint),
        false => format!(
            "Key {id} ({}...) may be used from {} alone; from elsewhere it is refused as a wrong key is.",
            key.hint, key.allowed
        ),
    };
    Ok(Output::new(text, as_json(&key, None)))
}

async fn revoke(session: &Session, id: KeyId) -> anyhow::Result<Output> {
    let by = session.by();
    let key = session.write(move |txn| match office::revoke(txn, &by, None, id) {
        Err(KeyError::Revoked { id, at }) => bail!("key {id} was revoked on {} already", output::time(at)),
        key => Ok(key?),
    });
    let key = key.await?;
    let text = format!(
        "Key {id} ({}...) is revoked: calls with it are refused from now on.",
        key.hint
    );
    Ok(Output::new(text, as_json(&key, None)))
}

async fn list(session: &Session, store: Option<String>) -> anyhow::Result<Output> {
    let found = session.read(move |txn| {
        let of = match store {
            Some(name) => vec![shop_named(txn, &name)?],
            None => shops::all(txn)?,
        };
        let mut found = Vec::new();
        for shop in of {
            for key in keys::of_shop(txn, shop.id)? {
                found.push((shop.name.clone(), key));
            }
        }
        Ok(found)
    });
    let found = found.await?;
    let mut rows = Rows::new(&["id", "store", "mode", "key", "label", "from", "made", "revoked"]);
    for (shop, key) in &found {
        rows.push([
            key.id.to_string(),
            shop.clone(),
            format!(
                "{}{}",
                key.mode,
                if key.is_public { ", for web pages" } else { "" }
            ),
            format!("{}...", key.hint),
            key.label.clone(),
            key.allowed.to_string(),
            output::time(key.created_at),
            key.revoked_at.map(output::time).unwrap_or_default(),
        ]);
    }
    let json: Vec<Value> = found.iter().map(|(shop, key)| as_json(key, Some(shop))).collect();
    let text = rows.or("No keys yet. Make one with `payd key add --store NAME --mode test`.");
    Ok(Output::new(text, json!({ "keys": json })))
}

fn capitalised(mode: Mode) -> &'static str {
    match mode {
        Mode::Test => "Test",
        Mode::Live => "Live",
    }
}

const fn keep(made: &Made) -> &'static str {
    match made.secret {
        Some(_) => "Keep both on your server; they are not shown again.",
        None => {
            "It is for your web pages: the donation page and the widget take it, and nothing else does. It is not shown again."
        }
    }
}

fn shown_once(made: &Made) -> String {
    output::pairs(&[
        ("  API key", made.text.to_string()),
        (
            "  API secret",
            made.secret
                .as_ref()
                .map(|secret| secret.to_string())
                .unwrap_or_default(),
        ),
    ])
}

fn made_json(made: &Made) -> Value {
    json!({
        "api_key": *made.text,
        "api_secret": made.secret.as_ref().map(|secret| secret.as_str()),
        "key_id": made.key.id.get(),
        "label": made.key.label,
        "allowed": made.key.allowed.to_string(),
        "is_public": made.secret.is_none(),
        "mode": made.key.mode.word(),
        "store": made.shop.name,
    })
}

fn as_json(key: &ApiKey, shop: Option<&str>) -> Value {
    json!({
        "key_id": key.id.get(),
        "store_id": key.shop.get(),
        "store": shop,
        "mode": key.mode.word(),
        "is_public": key.is_public,
        "hint": key.hint,
        "label": key.label,
        "allowed": key.allowed.to_string(),
        "created_at": output::json_time(key.created_at),
        "revoked_at": output::json_time_or_null(key.revoked_at),
    })
}
