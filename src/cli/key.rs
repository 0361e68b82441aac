//! `payd key`: add, list, rotate, revoke. A key and its secret are shown once, when they are made.

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use super::args::KeyCommand;
use super::output::{self, Output, Rows};
use super::session::{Session, shop_named, write_down};
use crate::domain::ids::KeyId;
use crate::domain::network::Mode;
use crate::domain::shop::{ApiKey, Dialect, Shop};
use crate::store::{Txn, keys, shops};

/// Runs the command.
///
/// # Errors
/// A text for the person who called it.
pub async fn run(session: &Session, command: KeyCommand) -> anyhow::Result<Output> {
    match command {
        KeyCommand::Add { store, mode, public } => add(session, store, mode, public).await,
        KeyCommand::List { store } => list(session, store).await,
        KeyCommand::Rotate { id } => rotate(session, KeyId::new(id)).await,
        KeyCommand::Revoke { id } => revoke(session, KeyId::new(id)).await,
    }
}

/// The texts of a new key and its secret, in the form its API's page shows: Crypto Pay tells test keys apart.
#[must_use]
pub fn texts(dialect: Dialect, mode: Mode, key_hex: &str, secret_hex: &str) -> (String, String) {
    let infix = match (dialect, mode) {
        (Dialect::CryptoPay, Mode::Test) => "test_",
        (Dialect::CryptoPay, Mode::Live)
        | (Dialect::Payhook | Dialect::Soko | Dialect::UsdtPayments | Dialect::Cryptopayment, _) => "",
    };
    (format!("pk_{infix}{key_hex}"), format!("sk_{infix}{secret_hex}"))
}

/// A key that was just made; the only time that its texts are known.
struct Made {
    shop: Shop,
    id: KeyId,
    mode: Mode,
    key: String,
    /// None of a key for web pages: it opens nothing more.
    secret: Option<String>,
}

/// Makes a key inside a transaction, from chance that was drawn before.
struct Maker {
    key_hex: String,
    secret_hex: String,
    random: std::sync::Arc<dyn crate::ambient::Random>,
    now: crate::domain::time::UnixMillis,
}

impl Maker {
    fn new(session: &Session) -> anyhow::Result<Self> {
        Ok(Self {
            key_hex: session.random_hex()?,
            secret_hex: session.random_hex()?,
            random: std::sync::Arc::clone(&session.random),
            now: session.now(),
        })
    }

    fn insert(&self, txn: &Txn<'_>, shop: Shop, mode: Mode, is_public: bool) -> anyhow::Result<Made> {
        let (key, secret) = if is_public {
            (format!("pk_web_{}", self.key_hex), self.secret_hex.clone())
        } else {
            texts(shop.dialect, mode, &self.key_hex, &self.secret_hex)
        };
        let id = keys::insert(txn, shop.id, mode, &key, &secret, self.now, self.random.as_ref())?;
        if is_public {
            keys::publish(txn, id)?;
        }
        Ok(Made {
            shop,
            id,
            mode,
            key,
            secret: (!is_public).then_some(secret),
        })
    }
}

async fn add(session: &Session, store: String, mode: Mode, is_public: bool) -> anyhow::Result<Output> {
    let maker = Maker::new(session)?;
    let now = session.now();
    let made = session.write(move |txn| {
        let shop = shop_named(txn, &store)?;
        let made = maker.insert(txn, shop, mode, is_public)?;
        let kind = if is_public { "public " } else { "" };
        let detail = format!("{kind}{mode} key {}", made.id);
        write_down(txn, now, "key.add", &made.shop.name, &detail)?;
        Ok(made)
    });
    let made = made.await?;
    let text = format!(
        "{} key {} of store `{}`. {}\n{}",
        capitalised(made.mode),
        made.id,
        made.shop.name,
        keep(&made),
        shown_once(&made)
    );
    Ok(Output::new(text, made_json(&made)))
}

async fn rotate(session: &Session, old: KeyId) -> anyhow::Result<Output> {
    let maker = Maker::new(session)?;
    let now = session.now();
    let made = session.write(move |txn| {
        let key = keys::by_id(txn, old)?.with_context(|| unknown(old))?;
        if let Some(revoked) = key.revoked_at {
            bail!(
                "key {old} was revoked on {} already; make a new one with `payd key add`",
                output::time(revoked)
            );
        }
        let shop = shops::by_id(txn, key.shop)?.context("the key's store is not there")?;
        keys::revoke(txn, old, now)?;
        let made = maker.insert(txn, shop, key.mode, key.is_public)?;
        keys::succeed(txn, old, made.id)?;
        let detail = format!("{} key {old} became {}", made.mode, made.id);
        write_down(txn, now, "key.rotate", &made.shop.name, &detail)?;
        Ok(made)
    });
    let made = made.await?;
    let text = format!(
        "Key {old} is revoked. {} key {} of store `{}` takes its place.\n\
         {}\n{}",
        capitalised(made.mode),
        made.id,
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

async fn revoke(session: &Session, id: KeyId) -> anyhow::Result<Output> {
    let now = session.now();
    let key = session.write(move |txn| {
        let key = keys::by_id(txn, id)?.with_context(|| unknown(id))?;
        if let Some(revoked) = key.revoked_at {
            bail!("key {id} was revoked on {} already", output::time(revoked));
        }
        keys::revoke(txn, id, now)?;
        let shop = shops::by_id(txn, key.shop)?
            .map(|shop| shop.name)
            .unwrap_or_default();
        write_down(txn, now, "key.revoke", &shop, &format!("{} key {id}", key.mode))?;
        Ok(ApiKey {
            revoked_at: Some(now),
            ..key
        })
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
    let mut rows = Rows::new(&["id", "store", "mode", "key", "made", "revoked"]);
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
            output::time(key.created_at),
            key.revoked_at.map(output::time).unwrap_or_default(),
        ]);
    }
    let json: Vec<Value> = found.iter().map(|(shop, key)| as_json(key, Some(shop))).collect();
    let text = rows.or("No keys yet. Make one with `payd key add --store NAME --mode test`.");
    Ok(Output::new(text, json!({ "keys": json })))
}

fn unknown(id: KeyId) -> String {
    format!("there is no key {id}; see `payd key list`")
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
        ("  API key", made.key.clone()),
        ("  API secret", made.secret.clone().unwrap_or_default()),
    ])
}

fn made_json(made: &Made) -> Value {
    json!({
        "api_key": made.key,
        "api_secret": made.secret,
        "key_id": made.id.get(),
        "is_public": made.secret.is_none(),
        "mode": made.mode.word(),
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
        "created_at": output::json_time(key.created_at),
        "revoked_at": output::json_time_or_null(key.revoked_at),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_crypto_pays_test_keys_say_that_they_are() {
        for dialect in Dialect::ALL.iter().copied() {
            for mode in Mode::ALL.iter().copied() {
                let (key, secret) = texts(dialect, mode, "00", "ff");
                let is_marked = dialect == Dialect::CryptoPay && mode == Mode::Test;
                assert_eq!(key, if is_marked { "pk_test_00" } else { "pk_00" });
                assert_eq!(secret, if is_marked { "sk_test_ff" } else { "sk_ff" });
            }
        }
    }
}
